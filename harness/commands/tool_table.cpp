// The table. A line for each tool and what makes it test, migrate or dump; docs/commands.md describes it.
#include "harness/commands/tools.h"

namespace exitgate::commands {

namespace {

using enum Words;
using enum Kind;

constexpr std::string_view kShown = "--version|--help|-h|-V";

constexpr Tool kTools[] = {
    // Asking a program about itself is nothing else, whatever the program.
    {"*", first, "help|version", "", other},

    // Python
    {"pytest|py.test|pytest-3|pytest?|pytest-?.*|ptw|pytest-watch", none, "",
     "--collect-only|--co|--fixtures|--markers|--setup-plan|--cache-show*", test},
    {"unittest|unittest2|trial|nosetests|nose2|green|stestr|testr|ward|zope-testrunner|xdoctest|doctest|test."
     "regrtest|"
     "behave|robot|pybot|pabot|mamba|slash|lettuce|tavern-ci|hypofuzz|mutmut|cosmic-ray|testslide|avocado|"
     "ptr|runtests|sst|"
     "karma-pytest|schemathesis|st|molecule-test",
     none, "", "--list|--list-tests|--dryrun|--dry-run|-d", test},
    {"molecule|ansible-test", first, "test|verify|converge|units|integration|sanity", "--list*", test},
    {"manage.py|django-admin|django|manage", first, "test|harvest|jenkins", "", test},
    {"manage.py|django-admin|django|manage", first, "migrate|syncdb|migrate_schemas",
     "--check|--plan|--fake*", migrate},
    {"tox", none, "",
     "-l|-a|--listenvs|--listenvs-all|--notest|-n|--devenv|--showconfig|list|l|config|c|devenv|d|depends|de|"
     "schema|"
     "quickstart|q",
     test},
    {"nox", none, "", "-l|--list|--list-sessions|--install-only|--no-run|--json", test},
    {"setup.py", any, "test|pytest|nosetests|ptr", "", test},
    {"alembic|flask|quart|flask_migrate", first, "upgrade|db upgrade|stamp-upgrade", "--sql", migrate},
    {"aerich|yoyo|piccolo|pyway|caribou|migra-apply|pw_migrate|pem|nomad|agnostic", first,
     "upgrade|apply|develop|migrations forwards *|migrations forwards|migrate|migration run", "", migrate},

    // JavaScript and TypeScript
    {"jest|jest-cli", none, "", "--listTests|--showConfig|--init|--clearCache", test},
    {"vitest", first, "list|bench|init|typecheck", "", other},
    {"vitest|ava|tape|tap|uvu|lab|jasmine|qunit|karma|testcafe|nightwatch|cucumber-js|cucumber|wtr|"
     "web-test-runner|test-storybook|tst-reflect|baretest|zora|japa|testem|newman|backstop|jest-cucumber|"
     "mocha|_mocha|mochapack|mocha-headless-chrome|electron-mocha|stryker|codeceptjs|tsd|tstyche|vscode-test|"
     "jest-vscode|aegir-test|poku|borp|tapes|tap-spec-run|jesta|ts-mocha|cypress-parallel|start-storybook-"
     "test|"
     "htmltest|bats|shellspec|shunit2|zunit|roundup|busted|luaunit|lust|prove|testthat|ginkgo|"
     "gotestsum|richgo-test|rtest|tasty|dart_test|minitest|m|rspec|parallel_rspec|parallel_test|"
     "parallel_tests|parallel_cucumber|turbo_tests|flatware|knapsack|phpunit|simple-phpunit|pest|paratest|"
     "codecept|"
     "phpspec|behat|kahlan|atoum|infection|phpt|xctest|swift-testing|unittest_main|"
     "vstest.console.exe|vstest.console|nunit3-console|nunit-console|xunit.console|mspec|"
     "ctest|ctest3|kyua|atf-run|lit|llvm-lit|FileCheck-run|pgtap|pg_prove|pg_regress|utPLSQL|"
     "GdUnit|gut|kuttl|chainsaw|terratest|conftest-verify|bdd|clojure-test|eunit|ct_run|scalatest|"
     "specs2|hspec|tasty-discover|cabal-test|expect-test|rustest|trybuild|xcodebuild-test|fixie|expecto|"
     "gauge",
     none, "",
     "--list|--list-tests|--listTests|--list-tests=*|--list-suites|--list-groups|--list-files|--dry-run|--"
     "showConfig|"
     "--show-only|-N|--show-only=*|--generate-configuration|--migrate-configuration|--init|init|-L|--count|"
     "--version-only|generate|bootstrap|build|install",
     test},
    {"cypress", first, "run|run-ct", "", test},
    {"playwright|playwright-core|playwright-test", first, "test|test-ct", "--list", test},
    {"wdio", none, "", "config|install|repl|setup", test},
    {"ng|nx-ng|ember|react-scripts|react-app-rewired|craco|vue-cli-service|hardhat|truffle|forge|anchor|"
     "aegir|"
     "detox|maestro|preconstruct|web-ext-test|wp-scripts|tsdx|dts|razzle|umi|umi-test|father|modern|rstest|"
     "testcontainers|aiken|snforge|scarb|sui|aptos|starknet|dfx|clarinet|near|brownie|ape|foundry|lb|dart-"
     "pub",
     first,
     "test|e2e|test:unit|test:e2e|test-unit|test-unit-js|test-e2e|test-playwright|move test|exam|snforge "
     "test|run|"
     "coverage",
     "--list|--no-test|--build", test},
    {"node|tsx|ts-node|nodemon|esr|swc-node|bun-node", any, "--test|--test=*", "", test},
    {"deno", first, "test", "--no-run", test},
    {"bun", first, "test", "", test},
    {"prisma", first, "migrate deploy|migrate dev|migrate reset|db push", "--create-only", migrate},
    {"drizzle-kit", first, "migrate|push|push:pg|push:mysql|push:sqlite|up|up:pg", "", migrate},
    {"knex", any, "migrate:latest|migrate:up", "", migrate},
    {"sequelize|sequelize-cli", any, "db:migrate|db:migrate:schema*", "", migrate},
    {"typeorm|typeorm-ts-node-commonjs|typeorm-ts-node-esm|cli.js|cli", any, "migration:run|schema:sync", "",
     migrate},
    {"mikro-orm|mikro-orm-esm", any, "migration:up|migration:fresh|schema:update|schema:create|schema:fresh",
     "", migrate},
    {"node-pg-migrate|db-migrate|kysely|umzug|graphile-migrate|postgres-migrations|pg-migrate|migrate-mongo|"
     "sql-migrate|kanel-migrate|geni",
     first, "up|migrate|migrate:latest|migrate latest|migrate up|reset|latest", "", migrate},

    // Go
    {"go|go1.*|gotip|richgo|gocov|tinygo", first, "test", "-c|-list|--list", test},
    {"gocover|courtney|gosec-test|go-acc|overalls|gotest|gocheck|go-junit-test|gomutesting", none, "", "",
     test},
    {"goose|migrate|tern|dbmate|sqlx|sea-orm-cli|refinery|atlas|sqitch|flyway|liquibase|evolve|grate|soda|"
     "buffalo|"
     "hasura|supabase|skeema|shmig|mybatis|migrations|pop|pgroll|bytebase|rel|ley|nomad|dbmigrate|gormigrate|"
     "sqldef|diesel|sea-orm|movine|barrel|butane|squash|pgmigrate|pg_migrate|movin",
     any,
     "up|up-to|up-by-one|migrate|migrate run|migration run|database setup|database "
     "reset|goto|deploy|update|upgrade|"
     "migrate apply|schema apply|pop migrate|db push|db reset|migration up|fresh|refresh|push|start|complete",
     "--dry-run|--create-only|validate|info", migrate},

    // Rust
    {"cargo|cross|cargo-*|wasm-pack|maturin|just-cargo", first,
     "test|t|nextest run|nextest r|nextest|tarpaulin|llvm-cov|llvm-cov test|llvm-cov nextest|insta "
     "test|mutants|hack test|"
     "hack nextest run|careful test|miri test|miri nextest run|insta "
     "review-test|xtest|ndk-test|difftests|leptos test|"
     "leptos end-to-end|test-all-features|rail test|kani|fuzz "
     "run|fuzz-test|embassy-test|espflash-test|contract test|"
     "make test|valgrind test|criterion-test|all-features test|wasi test|component test",
     "--no-run|--list|--show-env|show-env|report|clean|install", test},

    // Ruby
    {"rails|spring|bin/rails", any,
     "test|test:*|spec|spec:*|parallel:test|parallel:spec|parallel:features|cucumber|runner-test",
     "test:prepare", test},
    {"rails|rake|spring", any,
     "db:migrate|db:migrate:*|db:setup|db:prepare|db:schema:load|db:structure:load|db:reset|db:test:prepare|"
     "db:schema:load:*|parallel:setup|parallel:migrate|parallel:prepare|parallel:load_schema|db:test:load*|"
     "test:prepare",
     "", migrate},
    {"rails|rake", any, "db:schema:dump|db:structure:dump|db:schema:dump:*", "", dump},
    {"rake|drake", any,
     "test|test:*|spec|spec:*|parallel:test|parallel:spec|cucumber|features|*:test|*:spec|minitest|test_all|"
     "spec_all|ci",
     "-T|--tasks|-P|-n|--dry-run", test},
    {"hanami|sequel|rom|lotus", first, "db migrate|db prepare|-m", "", migrate},

    // Java, Kotlin, Scala, Clojure
    {"gradle|gradlew", any,
     "*flywayMigrate|*liquibaseUpdate|*flywayClean*|*:flywayMigrate|*migrateDb|*updateSchema", "", migrate},
    {"gradle|gradlew", any,
     "test|check|build|*:test|*:check|*:build|*Test|*Tests|*UnitTest|*test|allTests|*:allTests|*TestCoverage*"
     "|"
     "connectedCheck|connected*Test|ciCheck|*IntegrationTest|jacoco*Report|koverXmlReport|koverVerify|"
     "koverHtmlReport|"
     "buildPlugin-test|runIdeForUiTests|verifyPaparazzi*|buildAndTest|nativeTest|testAll|pitest|jvmTest",
     "-x test|--exclude-task test|-xtest|-x check|--dry-run|-m|-PskipTests|-DskipTests|-x *:test", test},
    {"mvn|mvnw|mvnd", any, "flyway:migrate|*:flyway-maven-plugin*:migrate|liquibase:update", "", migrate},
    {"mvn|mvnw|mvnd", any,
     "test|verify|package|install|deploy|integration-test|post-integration-test|prepare-package|surefire:"
     "test|"
     "failsafe:integration-test|failsafe:verify|*:surefire*:test|jacoco:report*|org.pitest:*|site-deploy",
     "-DskipTests|-DskipTests=true|-Dmaven.test.skip|-Dmaven.test.skip=true|-Dskip.tests|-DskipUTs|-Dtest."
     "skip=true",
     test},
    {"sbt|sbtn|sbtx", any,
     "test|*test|*/test|*:test|testOnly*|*testOnly*|testQuick*|+test|validate*|coverage*test*|scripted|"
     "it:test|*test;*|*;test*|ci-test|*coverageReport*",
     "Test/compile|test:compile", test},
    {"mill|millw", any, "*test|*.test|*test.*|__.test|_.test|*.testForked|*.testCached|__.testCached", "",
     test},
    {"lein|boot|clj|clojure|bb", any,
     "test|:test|midje|kaocha|eftest|-M:test|-X:test|-M:*test*|-X:*test*|cloverage|test:*", "", test},
    {"ant", any, "test|tests|check|junit|test-*|*-test|*-tests|*.test|run-tests", "", test},
    {"kotlinc-test|scala-cli|scala", first, "test", "", test},

    // .NET
    {"dotnet", first, "test|vstest|coverlet|dotcover *|stryker|fsi *test*", "--list-tests|-t", test},
    {"dotnet|dotnet-ef", first, "ef database update|database update|evolve|grate", "", migrate},
    {"coverlet|dotnet-coverage|OpenCover|dotcover|msbuild-test", none, "", "", test},
    {"msbuild|MSBuild.exe", any, "/t:Test|-t:Test|/t:*Test*|-t:*Test*|/target:Test*", "", test},

    // PHP
    {"artisan", first, "test|dusk|pest*", "", test},
    {"artisan", first, "migrate|migrate:fresh|migrate:refresh|tenants:migrate", "--pretend", migrate},
    {"artisan", first, "schema:dump", "", dump},
    {"console|doctrine|doctrine-migrations|phinx|propel|cake|typo3|spark", any,
     "doctrine:migrations:migrate|d:m:m|doctrine:schema:create|doctrine:schema:update|migrations:migrate|"
     "migrate|"
     "orm:schema-tool:create|orm:schema-tool:update|migrations migrate|migration:migrate",
     "--dry-run", migrate},
    {"phpunit-*|phpunit*.phar", none, "", "--list-*", test},

    // C, C++, Swift, and build systems
    {"cmake", any, "--target test|--target check|--target RUN_TESTS|-t test|-t check|--workflow", "", test},
    {"ninja|ninja-build|samu", any, "test|check|test-*|check-*|*-test|*-check|tests|runtests", "-n|-t", test},
    {"meson", first, "test", "--list", test},
    {"bazel|bazelisk|buck|buck2|pants|please|plz|aspect|blaze", first, "test|coverage|* test",
     "--build_tests_only=x", test},
    {"swift", first, "test", "list|--list-tests|-l", test},
    {"xcodebuild|xctool|scan", any, "test|test-without-building|build-for-testing-and-run", "", test},
    {"fastlane", any, "scan|run_tests|test|tests|*test*|ios test|android test", "", test},
    {"zig", first, "test|build test|build test-*|build *-test", "", test},
    {"xmake", first, "test", "", test},
    {"conan", first, "test|create", "--test-folder=None", test},
    {"b2|bjam|waf|scons", any, "test|tests|check|test_*|*-test", "", test},

    // Elixir, Erlang, Haskell, OCaml, Dart, Perl, R, Julia, Nim, Crystal, and others
    {"mix", any, "test|test.*|coveralls|coveralls.*|espec|check|ci|wallaby.test|test.all", "", test},
    {"mix", any, "ecto.migrate|ecto.setup|ecto.reset|ash.setup|ash_postgres.migrate|ecto.load", "", migrate},
    {"mix", any, "ecto.dump", "", dump},
    {"rebar3|rebar", any, "eunit|ct|proper|test|check|cover", "", test},
    {"gleam|shards|crystal|nimble|dub|alr|roc|pony|v|moon|elm-test|fpm|ponyc|raku|zef|mojo|lake|idris2|stack|"
     "cabal|"
     "opam|flutter|dart|melos|spago|pulp|purs|elm-app|crystalline|haxelib|nimrod|sui|leo|cairo-test|tact|"
     "blueprint|"
     "terraform|tofu|helm|opa|conftest|cue|spin|wasmcloud|wrangler|sam|pulumi|packer|devspace|chalice|"
     "serverless|"
     "elm-verify|jpm|janet|racket|raco|ballerina|bal|gcloud-test|fission|ko-test|dagger-test|dapr-test|"
     "kubectl-kuttl",
     first, "test|spec|tests|unittest|run test|run tests|exec test|v|unittest *|test *",
     "--no-run-tests|--no-run|-n", test},
    {"dune|esy|jbuilder", first, "test|runtest|build @runtest|build @check-test|x dune test|x dune runtest",
     "", test},
    {"elm-test|elm-test-rs|perl-test|yath|roctest|rackunit|hunit|pulp-test|kunit.py|kselftest|vim-themis|"
     "themis|"
     "plenary|vusted|nvim-test|buttercup|ert-runner|eask-test|promptfoo-test",
     none, "", "", test},
    {"R|Rscript", any,
     "CMD check*|*testthat*|*devtools::test*|*rcmdcheck*|*tinytest*|*covr::*|check|*R CMD "
     "check*|*test_check*",
     "", test},
    {"julia", any, "*Pkg.test*|*test/runtests.jl*|*runtests.jl", "", test},
    {"eask|cask|eldev", any, "test|ert|test *|buttercup|exec ert-runner", "", test},
    {"emacs", any, "*ert-run-tests*|ert-run-tests-batch-and-exit", "", test},
    {"make-test|verilator-test|vunit|cocotb|sv-unit", none, "", "", test},
    {"cloudquery|hurl", any, "--test", "", test},
    {"k6", first, "run", "", test},
    {"act-test|tape-run|testplane|hermione|karate|citrus|postman", none, "", "", test},
    {"pre-commit|prek|lefthook|trunk", none, "", "", other},

    // Databases
    {"pg_dump|pg_dumpall|pgdump|mysqldump|mariadb-dump|mongodump|cockroach-dump|mydumper", none, "", "",
     dump},
    {"sqlite3", any, ".dump|.schema|.dump *|.schema *", "", dump},
    {"supabase", first, "db dump", "", dump},
    {"dbmate", any, "dump", "", dump},
    {"diesel", first, "print-schema", "", dump},
};

constexpr std::string_view kOther[] = {
    // The shell's own, and files
    ":|.|source|[|[[|test|true|false|cd|pushd|popd|echo|printf|export|unset|set|shopt|read|exit|return|break|"
    "continue|"
    "shift|trap|wait|sleep|kill|pkill|killall|declare|typeset|local|readonly|alias|unalias|umask|ulimit|hash|"
    "type|which|"
    "where|whereis|let|jobs|fg|bg|disown|getopts|mapfile|readarray|pwd|ls|dir|cat|head|tail|tac|wc|sort|uniq|"
    "cut|tr|"
    "sed|awk|gawk|mawk|grep|egrep|fgrep|rg|ag|find|fd|xargs-none|tee|touch|cp|copy|mv|move|rm|del|rmdir|"
    "mkdir|md|ln|"
    "install|chmod|chown|chgrp|stat|file|du|df|diff|cmp|comm|patch|basename|dirname|realpath|readlink|seq|"
    "date|cal|"
    "expr|bc|numfmt|column|paste|fold|fmt|rev|od|xxd|hexdump|strings|base64|md5sum|sha1sum|sha256sum|"
    "sha512sum|"
    "shasum|cksum|b2sum|split|csplit|mktemp|yes|uname|hostname|whoami|id|groups|users|who|env|printenv|"
    "locale|"
    "localedef|locale-gen|tput|stty|clear|reset|free|top|ps|lsof|netstat|ss|ip|ifconfig|ping|host|dig|"
    "nslookup|nc|"
    "ncat|telnet|getent|sysctl|ldconfig|ldd|lscpu|lspci|lsb_release|nproc|sync|swapon|swapoff|fallocate|"
    "mount|"
    "umount|losetup|modprobe|insmod|dmesg|journalctl|systemctl|service|update-alternatives|useradd|usermod|"
    "userdel|"
    "groupadd|groupmod|adduser|addgroup|passwd|chpasswd|visudo|tree|less|more|vi|vim|nano|envsubst|chkconfig|"
    "timedatectl|loginctl|udevadm|logger|time|times|history|sw_vers|xcode-select|xcrun|defaults|security|"
    "codesign|"
    "softwareupdate|launchctl|diskutil|hdiutil|networksetup|spctl|csrutil|pkgutil|installer|lipo|otool|nm|"
    "objdump|"
    "size|strip|ar|ranlib|readelf|install_name_tool|patchelf|pkgbuild|productbuild|notarytool|dsymutil|"
    "plutil|fsutil",
    // Archives and the network
    "tar|bsdtar|gtar|zip|unzip|7z|7za|gzip|gunzip|pigz|bzip2|bunzip2|xz|unxz|zstd|unzstd|lz4|brotli|cpio|rar|"
    "unrar|"
    "curl|wget|wget2|aria2c|httpie|http|xh|rsync|scp|sftp|ftp|ssh-keyscan|ssh-keygen|ssh-add|ssh-agent|eval-"
    "none|gpg|"
    "gpg2|openssl|cosign|syft|grype|trivy|slsa-verifier|minisign|age|sops|vault|step|mkcert|certbot|keytool|"
    "jarsigner|certutil|jq|yq|xq|xmllint|xmlstarlet|tidy|dasel|gron|jo|fx|csvtool|miller|mlr|dos2unix|"
    "unix2dos",
    // Packages and versions
    "apt|apt-get|aptitude|apt-key|add-apt-repository|apt-mark|apt-cache|dpkg|dpkg-reconfigure|dpkg-deb|"
    "debconf-set-"
    "selections|yum|dnf|microdnf|rpm|rpmbuild|zypper|pacman|yay|apk|snap|flatpak|brew|port|choco|scoop|"
    "winget|"
    "vcpkg|pip|pip3|pip3.*|pip-compile|pip-sync|pip-tools|pip-audit|pip-licenses|ensurepip|virtualenv|venv|"
    "conda|"
    "mamba|micromamba|poetry|pdm|uv|uvx|pipenv|pipx|rye|hatch|pixi|flit|twine|build|wheel|setuptools|"
    "cibuildwheel|"
    "auditwheel|delocate-wheel|easy_install|pyenv|npm|npx|pnpm|pnpx|yarn|yarnpkg|bunx|corepack|nvm|fnm|volta|"
    "n|"
    "nodenv|ncu|npm-check-updates|gem|bundle|bundler|rbenv|rvm|asdf|mise|cargo-binstall|rustup|rustup-init|"
    "rustup.sh|rustc|rustfmt|composer|pecl|pear|phpize|phpenv|docker-php-ext-install|docker-php-ext-enable|"
    "phive|"
    "nuget|paket|sdk|sdkmanager|avdmanager|sdkman|jenv|coursier|cs|cabal-install|ghcup|opam-install|cpan|"
    "cpanm|cpanp|"
    "carton|plenv|perlbrew|luarocks|hererocks|nix|nix-env|nix-channel|nix-build|nix-store|nix-instantiate|"
    "nixpkgs-fmt|alejandra|cachix|attic|guix|devbox|direnv|go-install|goenv|gvm|helm-docs|tfenv|tofuenv|"
    "conan-install|spack|easybuild|module|Install-Module|Import-Module|Set-PSRepository|Install-Package|mint|"
    "pod|"
    "carthage|xcodes|bundle-install|chruby|uv-build|maturin-build|pipdeptree|safety",
    // git and its servers, images, clusters, clouds
    "git|git-lfs|git-crypt|git-cliff|hub|gh|glab|tea|fj|svn|hg|bzr|cvs|gitleaks|gitlint|commitlint|cocogitto|"
    "cog|"
    "convco|semantic-release|release-please|changeset|changesets|changelog|standard-version|release-it|"
    "bumpversion|"
    "bump2version|bump-my-version|towncrier|scriv|reno|goreleaser|nfpm|auto|np|lerna-version|cz|gitversion|"
    "GitVersion|docker|docker-compose|podman|podman-compose|buildah|skopeo|crane|oras|regctl|nerdctl|ctr|"
    "crictl|"
    "kaniko|hadolint|dive|dockle|docker-slim|kubectl|helm|helmfile|kustomize|kind|minikube|k3d|k3s|k9s|"
    "kubeconform|"
    "kubeval|kube-linter|kube-score|skaffold|tilt|argocd|flux|istioctl|linkerd|oc|velero|aws|aws-vault|"
    "gcloud|gsutil|"
    "bq|az|azd|doctl|hcloud|flyctl|fly|heroku|vercel|netlify|now|surge|firebase|wrangler|railway|render|"
    "ibmcloud|oci|"
    "linode-cli|terragrunt|terraform|tofu|terraform-docs|tflint|tfsec|checkov|infracost|cdk|cdktf|pulumi|"
    "serverless|sls|"
    "sst|sam|ansible|ansible-playbook|ansible-galaxy|ansible-lint|packer|vagrant|codecov|codecov.sh|"
    "coveralls|"
    "codeclimate-test-reporter|cc-test-reporter|test-reporter|sonar-scanner|sonarqube|bencher|buildkite-"
    "agent|"
    "circleci|codecovcli|uploader|datadog-ci|sentry-cli|newrelic|rover|spectral|redocly|openapi-generator|"
    "openapi-generator-cli|swagger-cli|buf|protoc|protolint|flatc|thrift|grpcurl|act|actionlint|zizmor|"
    "editorconfig-"
    "checker|ec|super-linter|mega-linter|mdl|markdownlint|markdownlint-cli2|remark|vale|alex|write-good|"
    "cspell|typos|"
    "codespell|misspell|lychee|muffet|linkinator|markdown-link-check|proselint|textlint|reuse|licensee|"
    "addlicense|"
    "license-eye|license-checker|fossa|scancode|snyk|semgrep|codeql|bandit|dependency-check|osv-scanner|"
    "retire|"
    "audit-ci|better-npm-audit|nancy|scorecard|gosec|govulncheck|cargo-audit|cargo-deny|bundle-audit|bundler-"
    "audit|brakeman",
    // Compilers, builders, linters, formatters, documentation
    "gcc|g++|gcc-*|g++-*|cc|c++|clang|clang++|clang-?*|ld|lld|mold|as|nasm|yasm|cmake|ccmake|cpack|configure|"
    "autoconf|automake|autoreconf|autogen.sh|autogen|bootstrap|libtoolize|aclocal|pkg-config|meson|ninja|"
    "qmake|"
    "qmake6|ccache|sccache|distcc|cl|cl.exe|link|lib|nmake|msbuild|MSBuild.exe|devenv|devenv.com|vswhere|"
    "vcvarsall.bat|"
    "rc|makensis|iscc|wix|candle|light|signtool|cppcheck|cpplint|include-what-you-use|iwyu_tool.py|run-clang-"
    "tidy|"
    "clang-tidy|clang-format|git-clang-format|gcov|gcovr|lcov|genhtml|llvm-cov|llvm-profdata|kcov-merge|"
    "doxygen|"
    "sphinx-build|sphinx-apidoc|sphinx-autobuild|mkdocs|mike|pdoc|pydoc-markdown|jupyter-book|nbconvert|"
    "quarto|"
    "pandoc|asciidoctor|asciidoc|hugo|jekyll|gatsby|docusaurus|vuepress|vitepress|storybook|build-storybook|"
    "typedoc|"
    "jsdoc|documentation|esdoc|rustdoc|mdbook|zola|cobalt|antora|latexmk|pdflatex|xelatex|lualatex|tectonic|"
    "typst|"
    "python-build|javac|java-none|jar|kotlinc|ktlint|detekt|scalac|scalafmt|scalafix|groovy|checkstyle|pmd|"
    "spotbugs|"
    "google-java-format|javadoc|jlink|jpackage|native-image|ghc|hlint|ormolu|fourmolu|stylish-haskell|cabal|"
    "stack|"
    "ocamlformat|dune|opam|rescript|bsb|elm|elm-format|elm-review|purs|spago|swiftc|swiftlint|swiftformat|"
    "swift-format|"
    "xcodegen|tuist|xcpretty|xcbeautify|periphery|jazzy|dartfmt|dart|flutter|pub|fvm|nim|crystal|ameba|dmd|"
    "ldc2|gdc|"
    "gnatmake|gprbuild|fpc|lazbuild|gfortran|flang|ifort|ifx|nvcc|hipcc|mpicc|mpifort|erlc|elixirc|iex|gleam|"
    "tsc|vue-tsc|tsup|tsc-alias|swc|esbuild|rollup|webpack|webpack-cli|vite|vite-node-none|parcel|turbo-none|"
    "next|"
    "nuxt|nuxi|astro|svelte-kit|svelte-check|remix|gulp-none|grunt-none|babel|browserify|microbundle|unbuild|"
    "ncc|"
    "pkg|nexe|electron-builder|electron-forge|electron-packager|tauri|expo|eas|react-native|cap|capacitor|"
    "ionic|"
    "cordova|ng-packagr|api-extractor|size-limit|bundlewatch|bundlesize|source-map-explorer|lighthouse|lhci|"
    "pa11y|"
    "pa11y-ci|axe|chromatic|percy|loki|reg-suit|eslint|eslint_d|tslint|jshint|jslint|standard|xo|biome|rome|"
    "oxlint|"
    "oxfmt|dprint|prettier|stylelint|sasslint|sass-lint|htmlhint|html-validate|graphql-codegen|graphql-"
    "inspector|"
    "knip|depcheck|madge|dependency-cruiser|depcruise|syncpack|manypkg|publint|attw|type-coverage|ls-lint|"
    "sort-"
    "package-json|patch-package|rimraf|mkdirp|cpy|copyfiles|ncp|shx|del-cli|husky|lint-staged|is-ci|wait-on|"
    "wait-port|kill-port|http-server|serve|live-server|json-server|verdaccio|pm2|nodemon-none|postcss|"
    "tailwindcss|"
    "unocss|sass|node-sass|lessc|svgo|imagemin|ruff|flake8|pylint|pyflakes|pycodestyle|pydocstyle|mypy|dmypy|"
    "pyright|"
    "basedpyright|pytype|pyre|ty|pyrefly|black|isort|yapf|autopep8|autoflake|pyupgrade|add-trailing-comma|"
    "vulture|"
    "radon|xenon|interrogate|darglint|docformatter|doc8|rstcheck|check-manifest|check-wheel-contents|pyroma|"
    "vermin|"
    "deptry|creosote|import-linter|lint-imports|bandit|dodgy|prospector|pylama|curlylint|djlint|djhtml|"
    "sqlfluff|"
    "sqlfmt|nbqa|nbstripout|pybabel|msgfmt|msgmerge|xgettext|makemessages|coverage|coverage3|py-spy|cython|"
    "cythonize|"
    "pyinstaller|nuitka|briefcase|cx_freeze|shiv|pex|zipapp|compileall|py_compile|pre-commit|yamllint|"
    "yamlfix|"
    "yamlfmt|taplo|toml-sort|jsonlint|check-jsonschema|ajv|xmlformat|shellcheck|shfmt|bashate|checkbashisms|"
    "gofmt|"
    "goimports|gofumpt|gci|golint|golangci-lint|staticcheck|revive|ineffassign|errcheck|nilaway|deadcode|"
    "unparam|gocyclo|"
    "goconst|mockgen|mockery|stringer|wire|swag|oapi-codegen|sqlc|gqlgen|ent|bufbuild|gox|garble|ko|gomobile|"
    "xgo|"
    "go-licenses|go-junit-report|gocov-xml|gcov2lcov|goveralls|benchstat|godoc|gopls|gotext|templ|air|wails|"
    "fyne|"
    "rubocop|standardrb|reek|rubycritic|fasterer|erblint|erb_lint|haml-lint|slim-lint|herb|i18n-tasks|sorbet|"
    "srb|"
    "steep|rbs|tapioca|yard|rdoc|solargraph|overcommit|danger|pronto|annotate|puma|unicorn|sidekiq|foreman|"
    "overmind|"
    "hivemind|phpcs|phpcbf|php-cs-fixer|phpstan|psalm|phan|phpmd|phpmetrics|rector|pint|ecs|parallel-lint|"
    "php-parallel-"
    "lint|phplint|phploc|phpcpd|deptrac|composer-normalize|composer-unused|composer-require-checker|twig-cs-"
    "fixer|"
    "box|phpdoc|churn|grumphp|credo|dialyzer|sobelow|iex|stylua|luacheck|selene|lua-language-server|"
    "perlcritic|"
    "perltidy|buildifier|gazelle|ibazel|verilator|iverilog|yosys|nextpnr|openscad|blender|godot|godot4|unity-"
    "editor|"
    "butler|steamcmd|arduino-cli|platformio|pio|esptool.py|idf.py|west|avr-gcc|arm-none-eabi-gcc|xelatex|"
    "convert|"
    "magick|identify|ffmpeg|ffprobe|inkscape|rsvg-convert|gs|qpdf|pdftotext|exiftool|optipng|pngquant|dot|"
    "plantuml|mmdc|d2",
    // Servers and databases, when they are only started, stopped or asked
    "psql|createdb|dropdb|createuser|dropuser|initdb|pg_ctl|pg_ctlcluster|pg_createcluster|pg_lsclusters|pg_"
    "isready|"
    "pg_restore|pg_config|postgres|mysql|mysqladmin|mysqld|mariadb|mariadb-admin|sqlite3|redis-cli|redis-"
    "server|mongo|"
    "mongosh|mongod|mongorestore|cockroach|clickhouse|clickhouse-client|cqlsh|rabbitmqctl|rabbitmq-plugins|"
    "kafka-"
    "topics|kafka-topics.sh|nats|nats-server|etcd|etcdctl|consul|nomad|minio|mc|elasticsearch|opensearch|"
    "nginx|caddy|"
    "apache2ctl|a2enmod|php-fpm|sqlcmd|bcp|sqlplus|duckdb|influx|temporal|wait-for-it|wait-for-it.sh|wait-"
    "for|"
    "wait-for.sh|dockerize|Xvfb|xvfb|x11vnc|fluxbox|openbox|xrandr|pulseaudio|dbus-daemon|adb|emulator|"
    "simctl|"
    "chromedriver|geckodriver|selenium-standalone|webdriver-manager|safaridriver|google-chrome|chromium|"
    "firefox",
    // PowerShell and cmd
    "write-host|write-output|write-error|write-warning|get-childitem|gci|get-item|get-content|gc|set-content|"
    "add-content|out-file|new-item|ni|copy-item|move-item|remove-item|ri|rename-item|test-path|join-path|"
    "split-path|"
    "resolve-path|set-location|push-location|pop-location|get-location|expand-archive|compress-archive|"
    "invoke-webrequest|iwr|invoke-restmethod|irm|invoke-expression-none|start-process|stop-process|get-"
    "process|"
    "start-service|stop-service|get-service|start-sleep|set-executionpolicy|get-command|get-variable|set-"
    "variable|"
    "set-item|where-object|foreach-object|select-object|sort-object|select-string|measure-object|convertto-"
    "json|"
    "convertfrom-json|format-table|format-list|out-null|out-string|tee-object|get-date|new-object|add-type|"
    "throw|"
    "param|function|try|catch|finally|foreach|switch|xcopy|robocopy|setlocal|endlocal|call-none|rem|goto|"
    "setx|reg|"
    "certutil|sc|net|netsh|schtasks|wmic|tasklist|taskkill|ver|vol|attrib|icacls|takeown|refreshenv|mklink|"
    "pause|title",
};

constexpr Options kOptions[] = {
    {"npm|pnpm|yarn|yarnpkg|bun|npx|bunx|pnpx",
     "--prefix|-C|--dir|--cwd|-w|--workspace|--filter|-F|--filter-prod|-p|--package|--loglevel|--registry|--"
     "cache|"
     "--userconfig|--workspace-concurrency|--network-timeout|--reporter|--include|--from|-j|--jobs|--call"},
    {"make|gmake|gnumake|mingw32-make|nmake|just|task|go-task",
     "-C|--directory|-f|--file|--makefile|-j|-l|-I|-o|-W|-d|--dir|-t|--taskfile|--justfile|--working-"
     "directory|--set|"
     "--shell|--load-average"},
    {"cargo|cross",
     "--color|--config|-Z|--manifest-path|-p|--package|--features|-F|--target|--target-dir|--profile|-j|--"
     "jobs|-C|"
     "--bin|--test|--example|--exclude|--message-format"},
    {"go", "-C"},
    {"git", "-C|-c|--git-dir|--work-tree"},
    {"gradle|gradlew",
     "-p|--project-dir|-b|--build-file|-c|--settings-file|-I|--init-script|-g|--gradle-user-home|--console|"
     "--max-workers|--warning-mode|-x|--exclude-task|--include-build|--tests|--priority|-t-none"},
    {"mvn|mvnw|mvnd",
     "-f|--file|-pl|--projects|-P|--activate-profiles|-s|--settings|-gs|-T|--threads|-rf|-l|-t|-D"},
    {"tox|nox",
     "-e|-c|-f|-s|-k|-t|-p|--session|--sessions|--envlist|--workdir|--conf|--result-json|--parallel"},
    {"manage.py|django-admin", "--settings|--pythonpath|-v|--verbosity"},
    {"flask|quart", "--app|-A|-e|--env-file"},
    {"alembic", "-c|--config|-n|--name|-x"},
    {"poetry|pdm|uv|hatch|rye|pixi|pipenv|conda|mamba|micromamba",
     "-C|-P|--directory|--project|-p|--python|--with|--extra|--group|--only-group|--with-requirements|--env-"
     "file|"
     "--index-url|--config-file|-e|--environment|--manifest-path|-n|--name|--prefix|--cwd|--package|--no-"
     "group|--index|"
     "--resolution|--env|--with-editable|--cache-dir|--color|--no-extra|-v-none"},
    {"docker|docker-compose|podman|podman-compose|nerdctl",
     "-f|--file|-p|--project-name|--profile|--env-file|--project-directory|-e|--env|-v|--volume|-w|--workdir|"
     "-u|--user|"
     "--name|--network|--net|--entrypoint|--platform|--mount|-m|--memory|--cpus|--shm-size|-p|--publish|-h|--"
     "hostname|"
     "--add-host|--cap-add|--cap-drop|--security-opt|--label|-l|--link|--ulimit|--device|--gpus|--tmpfs|--"
     "pull|--ipc|"
     "--pid|--restart|--log-driver|--volumes-from|--index|--context|-c|--log-level|--userns|--privileged-"
     "none|--dns|"
     "--expose|--group-add|--cidfile|--health-cmd|--annotation"},
    {"kubectl", "-n|--namespace|-c|--container|--context|--kubeconfig|-f|--filename"},
    {"dotnet",
     "--framework|-f|-c|--configuration|--project|-p|--logger|-l|--filter|--settings|-s|--runtime|-r|-v"},
    {"mix|rebar3", "--include|--exclude|--only"},
    {"rake|rails", "-f|--rakefile|-C|--directory|-j|-I|-r|--env|-e"},
    {"bazel|bazelisk", "--bazelrc|--output_base|--output_user_root"},
    {"stack", "--resolver|--stack-yaml|--work-dir|--compiler|-j|--docker-image"},
    {"cabal", "--project-file|-w|--with-compiler|--builddir|--config-file|-j-none"},
    {"goose|migrate|dbmate|tern|sqlx|flyway|liquibase|sea-orm-cli|atlas|diesel|sql-migrate",
     "-dir|-d|-path|-database|-source|--dir|--url|-u|-e|--env|--migrations-dir|-s|--migrations-path|-table|--"
     "config|-c|"
     "--source|--database|--database-url|-D|--env-file|--schema|--manifest-path"},
    {"turbo|nx|lerna|ng|rush",
     "--filter|-F|--scope|--ignore|--concurrency|--cache-dir|-p|--projects|-c|--configuration|-o"},
    {"deno", "-c|--config|-f|--filter|--import-map|--cwd|--lock"},
    {"composer", "-d|--working-dir"},
    {"artisan", "--env|--database|--path"},
    {"node|tsx|ts-node",
     "-r|--require|--import|--loader|--experimental-loader|--env-file|-P|--project|--test-reporter"},
    {"swift|zig|meson|xcodebuild|fastlane",
     "--package-path|-c|--configuration|-C|--scratch-path|-scheme|-destination|-project|"
     "-workspace|-sdk|-configuration|-derivedDataPath|-resultBundlePath|--build-path|-Xswiftc|-Xcc|--triple"},
    {"cmake", "--preset|--config|-B|-S|-G|-j|--parallel"},
    {"ninja", "-C|-f|-j|-k|-l|-d"},
};

}  // namespace

std::span<const Tool> tools() {
  return kTools;
}
std::span<const std::string_view> other_programs() {
  return kOther;
}
std::span<const Options> options() {
  return kOptions;
}

}  // namespace exitgate::commands
