// Commands that test, as the checks know them without being told: a JSON list for the default value of their
// parameters, patterns for matches() in shell.h.
#pragma once

namespace exitgate::check {

inline constexpr const char* kTestCommands =
    R"(["pytest", "py.test", "tox", "nox", "unittest", "manage.py test", "go test", "gotestsum", "cargo test",
        "npm test", "npm run test*", "yarn test*", "pnpm test*", "jest", "vitest", "rspec", "rails test",
        "mvn test", "mvn verify", "gradle* test", "phpunit", "ctest", "make test*"])";

}  // namespace exitgate::check
