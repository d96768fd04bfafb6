// The table: a line for each tool and what makes it test, migrate or dump. docs/commands.md describes it for users.
#include "harness/commands/tools.h"

namespace exitgate::commands {

namespace {

using enum Words;
using enum Kind;

constexpr Tool kTools[] = {
    // Python
    {"pytest|py.test|pytest-3|ptw|pytest-watch|pytest-watcher", none, "",
     "--collect-only|--co|--fixtures|--fixtures-per-test|--markers|--setup-plan|--cache-show*", test},
    {"unittest|unittest2|trial|nosetests|nose2|green|stestr|testr|ward|xdoctest|doctest|test.regrtest|behave|"
     "robot|"
     "pabot|mutmut|zope-testrunner|avocado",
     none, "", "--list|--list-tests|--dryrun|--dry-run|list|results", test},
    {"schemathesis|st", first, "run", "", test},
    {"molecule", first, "test|verify", "", test},
    {"ansible-test", first, "units|integration|sanity|network-integration", "--list*", test},
    {"manage.py|django-admin|django", first, "test", "", test},
    {"manage.py|django-admin|django", first, "migrate|migrate_schemas|syncdb", "--check|--plan", migrate},
    {"tox", none, "",
     "-l|-a|--listenvs|--listenvs-all|--notest|-n|--devenv|--showconfig|list|l|config|c|devenv|d|depends|de",
     test},
    {"nox", none, "", "-l|--list|--list-sessions|--install-only|--no-run", test},
    {"hatch", first, "test|run test*|run cov*|run *:test*|run *:cov*", "--show", test},
    {"spin", first, "test|coverage", "", test},
    {"setup.py", any, "test|pytest|nosetests", "", test},
    {"alembic", first, "upgrade", "--sql", migrate},
    {"flask|quart", first, "db upgrade", "--sql", migrate},
    {"aerich", first, "upgrade|init-db", "", migrate},
    {"yoyo", first, "apply|develop|reapply", "", migrate},
    {"piccolo", first, "migrations forwards", "--preview", migrate},

    // JavaScript and TypeScript
    {"vitest", first, "list|bench|init", "", other},
    {"jest|vitest|ava|tape|tap|uvu|jasmine|jasmine-browser-runner|qunit|karma|testcafe|nightwatch|cucumber-"
     "js|wtr|"
     "web-test-runner|test-storybook|testem|newman|mocha|_mocha|mochapack|ts-mocha|electron-mocha|poku|borp|"
     "tsd|tstyche|"
     "codeceptjs|vscode-test|testplane",
     none, "",
     "--listTests|--list-tests|--showConfig|--init|init|--clearCache|--list|--dry-run|--list-files|install",
     test},
    {"stryker", first, "run", "", test},
    {"cypress", first, "run|run-ct", "", test},
    {"playwright", first, "test|test-ct", "--list", test},
    {"wdio", none, "", "config|install|repl|setup", test},
    {"ng", first, "test|e2e|run *:test*|run *:e2e*", "", test},
    {"ember", first, "test|exam|try*", "", test},
    {"react-scripts|react-app-rewired|craco|tsdx|umi|umi-test|aegir|hardhat|truffle|forge|anchor|rstest",
     first, "test", "--no-test", test},
    {"wp-scripts", first, "test-unit-js|test-e2e|test-playwright", "", test},
    {"vue-cli-service", first, "test:*", "", test},
    {"detox|maestro", first, "test", "", test},
    {"node|tsx|ts-node", any, "--test|--test=*", "", test},
    {"deno", first, "test", "--no-run", test},
    {"bun", first, "test", "", test},
    {"prisma", first, "migrate deploy|migrate dev|migrate reset|db push", "--create-only", migrate},
    {"drizzle-kit", first, "migrate|push|push:*", "", migrate},
    {"knex", any, "migrate:latest|migrate:up", "", migrate},
    {"sequelize|sequelize-cli", any, "db:migrate", "", migrate},
    {"typeorm|typeorm-ts-node-commonjs|typeorm-ts-node-esm|cli.js", any, "migration:run|schema:sync", "",
     migrate},
    {"mikro-orm|mikro-orm-esm", any, "migration:up|migration:fresh|schema:update|schema:create|schema:fresh",
     "", migrate},
    {"node-pg-migrate|db-migrate|graphile-migrate|migrate-mongo|kysely", first,
     "up|migrate|migrate:latest|migrate latest|migrate up|reset", "", migrate},

    // Go
    {"go|go1.*|gotip|richgo", first, "test",
     "-c|-list|--list|-run=nope|-run=NONE|-run=none|-run=XXX|-run=^$|-run ^$|-run NONE|-run XXX", test},
    {"gotestsum|ginkgo|go-acc|gotest", none, "", "generate|bootstrap|build|help|version|outline|labels",
     test},
    {"goose|sql-migrate|dbmate|migrate|soda", any, "up|up-to|up-by-one|migrate|goto", "", migrate},
    {"tern", first, "migrate", "", migrate},
    {"buffalo", first, "test", "", test},
    {"buffalo", first, "pop migrate", "", migrate},
    {"atlas", first, "migrate apply|schema apply", "--dry-run", migrate},

    // Rust
    {"cargo|cross", first,
     "test|t|nextest run|nextest r|nextest|tarpaulin|llvm-cov|insta test|mutants|hack test|hack nextest run|"
     "careful test|careful nextest run|miri test|miri nextest run|all-features test",
     "--no-run|list|archive|show-env|report|clean|--show-env|self|show-config", test},
    {"cargo-nextest", first, "nextest run|run", "--no-run", test},
    {"cargo-tarpaulin", none, "", "--no-run", test},
    {"wasm-pack", first, "test", "", test},
    {"diesel", first, "migration run|setup|database setup|database reset", "", migrate},
    {"sqlx", first, "migrate run|database setup|database reset|db setup|db reset", "--dry-run", migrate},
    {"cargo", first,
     "sqlx migrate run|sqlx database setup|sqlx database reset|sqlx db setup|sqlx db reset|diesel migration "
     "run",
     "", migrate},
    {"sea-orm-cli", first, "migrate|migrate up|migrate fresh|migrate refresh", "", migrate},
    {"refinery", first, "migrate", "", migrate},

    // Ruby
    {"rspec|parallel_rspec|parallel_test|turbo_tests|minitest|cucumber|knapsack_pro", none, "",
     "--dry-run|--init|--list", test},
    {"rails", first, "test|test:*|spec|spec:*", "test:prepare", test},
    {"rails|rake", any, "parallel:test|parallel:spec|parallel:features", "", test},
    {"rake", any, "test|test:*|spec|spec:*|cucumber|features|*:test|*:spec|minitest",
     "-T|--tasks|-P|-n|--dry-run", test},
    {"rails|rake", any,
     "db:migrate|db:migrate:*|db:setup|db:prepare|db:schema:load|db:schema:load:*|db:structure:load|db:reset|"
     "db:test:prepare|db:test:load*|test:prepare|parallel:setup|parallel:migrate|parallel:prepare|parallel:"
     "load_schema",
     "db:migrate:status", migrate},
    {"rails|rake", any, "db:schema:dump|db:schema:dump:*|db:structure:dump", "", dump},
    {"sequel", any, "-m", "", migrate},
    {"hanami", first, "db migrate|db prepare", "", migrate},

    // Java, Kotlin, Scala, Clojure. `build` of Gradle and the phases of Maven from `test` on run the tests.
    {"gradle|gradlew", any, "*flywayMigrate|*liquibaseUpdate|*:update", "", migrate},
    {"gradle|gradlew", any,
     "test|check|build|*:test|*:check|*:build|*Test|*Tests|allTests|*:allTests|connectedCheck|ciCheck|pitest|"
     "koverXmlReport|koverVerify|koverHtmlReport|test*UnitTest*",
     "-x test|--exclude-task test|-xtest|-x check|-x *:test|--dry-run|-m", test},
    {"mvn|mvnw|mvnd", any, "flyway:migrate|*:flyway-maven-plugin*:migrate|liquibase:update", "", migrate},
    {"mvn|mvnw|mvnd", any,
     "test|verify|package|install|deploy|integration-test|prepare-package|post-integration-test|surefire:"
     "test|"
     "failsafe:integration-test|*:maven-surefire-plugin*:test",
     "-DskipTests|-DskipTests=true|-Dmaven.test.skip|-Dmaven.test.skip=true", test},
    {"sbt|sbtn|sbtx", any,
     "test|*/test|*:test|testOnly*|*/testOnly*|testQuick*|+test|+*/test|scripted*|validate*|*;test*|*; test*",
     "", test},
    {"mill|millw", any, "*.test|*.test.*|__.test|test|*.testForked|*.testCached|*.testOnly", "", test},
    {"scala-cli", first, "test", "", test},
    {"lein", any, "test|test-*|midje|kaocha|eftest|cloverage", "", test},
    {"clojure|clj|bb", any, "-M:*test*|-X:*test*|-T:*test*|test|test:*", "", test},
    {"ant", any, "test|tests|check|junit|test-*|*-test|*-tests", "", test},
    {"kotest", none, "", "", test},

    // .NET
    {"dotnet", first, "test|vstest|stryker", "--list-tests|-t", test},
    {"dotnet", first, "ef database update", "", migrate},
    {"dotnet-ef", first, "database update", "", migrate},
    {"vstest.console|nunit3-console|nunit-console|xunit.console|dotnet-stryker", none, "",
     "/ListTests|--explore", test},
    {"msbuild", any, "/t:*Test*|-t:*Test*|/target:*Test*|-target:*Test*", "", test},

    // PHP
    {"phpunit|phpunit-*|phpunit*.phar|simple-phpunit|paratest|phpspec|behat|kahlan|infection|atoum", none, "",
     "--list-*|--migrate-configuration|--generate-configuration|install|--init", test},
    {"pest", none, "", "--list-*|--init", test},
    {"codecept|codecept.phar", first, "run|run:*", "", test},
    {"artisan", first, "test|dusk|pest*", "", test},
    {"artisan", first, "migrate|migrate:fresh|migrate:refresh", "--pretend", migrate},
    {"artisan", first, "schema:dump", "", dump},
    {"console|doctrine|doctrine-migrations|doctrine.php", any,
     "doctrine:migrations:migrate|d:m:m|doctrine:schema:create|doctrine:schema:update|migrations:migrate|"
     "migrate|"
     "orm:schema-tool:create|orm:schema-tool:update",
     "--dry-run", migrate},
    {"phinx", first, "migrate", "--dry-run", migrate},

    // C, C++, Swift, and build systems
    {"ctest|ctest3", none, "", "-N|--show-only|--show-only=*|--print-labels", test},
    {"cmake", any, "--target test|--target check|--target RUN_TESTS|-t test|-t check", "", test},
    {"cmake", any, "--workflow", "", unknown},
    {"ninja|ninja-build|samu", any, "test|tests|check|check-*|test-*|*-tests", "-n|-t", test},
    {"meson", first, "test", "--list", test},
    {"bazel|bazelisk|buck|buck2|pants|please|plz|aspect", first, "test|coverage", "", test},
    {"pants", any, "test", "", test},
    {"swift", first, "test", "list|--list-tests|-l", test},
    {"xcodebuild", any, "test|test-without-building", "", test},
    {"fastlane", any, "scan|run_tests|test|tests|*_test|*_tests", "", test},
    {"zig", any, "test", "", test},
    {"xmake", first, "test", "", test},
    {"conan", first, "test|create", "", test},
    {"b2|scons|waf", any, "test|tests|check", "", test},
    {"lit|llvm-lit|kyua|bats|shellspec|zunit|roundup|prove|yath", none, "",
     "--show-tests|--list|list|--count", test},

    // Elixir, Erlang, Haskell, OCaml, Dart, R, Julia, Lua, Emacs Lisp, and others
    {"mix", any, "test|test.*|coveralls|coveralls.*|espec", "", test},
    {"mix", any, "ecto.migrate|ecto.setup|ecto.reset|ecto.load|ash.setup|ash_postgres.migrate", "", migrate},
    {"mix", any, "ecto.dump", "", dump},
    {"rebar3|rebar", any, "eunit|ct|proper|as test", "", test},
    {"cabal", first, "test|v2-test|new-test|run test*|run *test|run *tests", "", test},
    {"stack", any, "test|--test", "--no-run-tests", test},
    {"dune", first, "test|runtest|build @runtest", "", test},
    {"opam", any, "--with-test", "--deps-only", test},
    {"flutter|dart", first, "test|drive|run test", "", test},
    {"melos", first, "test|run test*", "", test},
    {"gleam|spago|pulp|alr|fpm|lake|nimble|dub|raku|zef|janet|raco|bal|aiken|snforge|scarb|moon|roc|"
     "terraform|tofu|"
     "opa|shards|elm-app|jpm",
     first, "test|test *", "--no-test|--no-test-module", test},
    {"crystal", first, "spec", "", test},
    {"v", first, "test|test-*", "", test},
    {"elm-test|elm-test-rs|busted|vusted|themis|ert-runner", none, "", "init|install", test},
    {"conftest|helm", first, "verify|unittest|test", "", test},
    {"eask|eldev|cask", any, "test|ert|buttercup|ert-runner", "", test},
    {"emacs", any, "*ert-run-tests*", "", test},
    {"R", any, "check", "", test},
    {"R|Rscript", any, "*testthat*|*devtools::test*|*rcmdcheck*|*tinytest*|*test_check*", "*install*", test},
    {"R|Rscript", any, "*install.packages*|*remotes::install*|*install_deps*|*pak::*", "", other},
    {"julia", any, "*Pkg.test*|*runtests.jl", "", test},
    {"pg_prove|pg_regress", none, "", "", test},
    {"kuttl", first, "test", "", test},
    {"chainsaw", first, "test", "", test},
    {"k6", first, "run", "", test},
    {"hurl", any, "--test", "", test},
    {"invoke-pester", none, "", "", test},

    // Databases
    {"flyway", any, "migrate", "", migrate},
    {"liquibase", any, "update", "", migrate},
    {"sqitch", any, "deploy|rebase|checkout", "--log-only", migrate},
    {"hasura", first, "migrate apply|deploy", "", migrate},
    {"supabase", first, "db push|db reset|migration up", "", migrate},
    {"supabase", first, "db dump", "", dump},
    {"supabase", first, "test db", "", test},
    {"pgroll", first, "start|complete|migrate", "", migrate},
    {"skeema", first, "push", "--dry-run", migrate},
    {"psqldef|mysqldef|sqlite3def", none, "", "--dry-run|--export", migrate},
    {"dbmate", any, "dump", "", dump},
    {"diesel", first, "print-schema", "", dump},
    {"pg_dump|pg_dumpall|mysqldump|mariadb-dump|mongodump|mydumper", none, "", "", dump},
    {"sqlite3", any, ".dump|.schema|.dump *|.schema *", "", dump},
};

}  // namespace

std::span<const Tool> tools() {
  return kTools;
}

}  // namespace exitgate::commands
