// Commands that test and commands that migrate, as the checks know them without being told: JSON lists for
// the standard values of their parameters, patterns for does() in shell.h.
#pragma once

namespace exitgate {

inline constexpr const char* kTestCommands =
    R"(["pytest", "py.test", "tox", "nox", "unittest", "manage.py test", "go test", "gotestsum", "cargo test",
        "npm test", "npm run test*", "yarn test*", "pnpm test*", "jest", "vitest", "rspec", "rails test",
        "mvn test", "mvn verify", "gradle* test", "phpunit", "ctest", "make test*"])";

inline constexpr const char* kMigrationCommands =
    R"(["alembic upgrade", "flask db upgrade", "manage.py migrate", "flyway* migrate", "migrate up", "dbmate up",
        "dbmate migrate", "sqitch deploy", "prisma migrate deploy", "rails db:*", "rake db:*", "knex migrate:latest",
        "goose up", "atlas migrate apply", "*migrat*.sh", "make *migrat*"])";

}  // namespace exitgate
