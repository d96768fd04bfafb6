#include <gtest/gtest.h>

#include <vector>

#include "tests/checks/table.h"

namespace exitgate::testing {
namespace {

class CodeChecks : public CheckTable {};
TEST_P(CodeChecks, SayExactly) {
  holds();
}

const std::string kTests =
    "INSERT INTO code.file (file, language, parsed) VALUES ('app/db.py', 'python', 0), ('tests/conftest.py', "
    "'python', 1), "
    "('tests/deep/conftest.py', 'python', 1), ('tests/test_a.py', 'python', 1);"
    "INSERT INTO code.framework (name, language, file, evidence) VALUES ('pytest', 'python', "
    "'tests/deep/conftest.py', "
    "'configuration'), ('pytest', 'python', 'tests/conftest.py', 'configuration'), ('pytest', 'python', "
    "'pytest.ini', "
    "'configuration'), ('pytest', 'python', 'tests/test_a.py', 'test');"
    "INSERT INTO code.test_file (file, language, framework) VALUES ('tests/test_a.py', 'python', 'pytest');";
const std::string kApp = "INSERT INTO code.file (file, language, parsed) VALUES ('app/db.py', 'python', 1);";
const std::string kUnread =
    "INSERT INTO code.problem (file, language, reason) VALUES ('tests/conftest.py', 'python', 'line 4: no "
    "Python "
    "3');";

std::string call(const std::string& file, const std::string& callee, const std::string& kind) {
  return "INSERT INTO code.schema_call (file, line, callee, kind) VALUES ('" + file + "', 12, '" + callee +
         "', '" + kind + "');";
}
std::string read(const std::string& file, const std::string& required,
                 const std::string& variable = "DATABASE_URL") {
  return "INSERT INTO code.environment_read (file, line, variable, required) VALUES ('" + file + "', 7, '" +
         variable + "', " + required + ");";
}
std::string fixture(const std::string& scope) {
  return "INSERT INTO code.fixture (file, line, name, scope, framework) VALUES ('tests/conftest.py', 30, "
         "'engine', " +
         scope + ", 'pytest');";
}
std::string hook(const std::string& name) {
  return "INSERT INTO code.hook (file, line, name, framework) VALUES ('tests/conftest.py', 18, '" + name +
         "', 'pytest');";
}

std::string at(const std::string& name, const std::string& framework, const std::string& moment) {
  return "INSERT INTO code.hook (file, line, name, framework, moment) VALUES ('setup.ts', 5, '" + name +
         "', '" + framework + "', '" + moment + "');";
}
std::string uses(const std::string& framework, const std::string& language, const std::string& file,
                 const std::string& evidence) {
  return "INSERT INTO code.framework (name, language, file, line, evidence) VALUES ('" + framework + "', '" +
         language + "', '" + file + "', 3, '" + evidence + "');";
}

const std::vector<CheckCase> kCalls = {
    {"NoCall", "no-create-all", "{}", kTests, R"(4 examined
)"},
    {"Makes", "no-create-all", "{}", kTests + call("app/db.py", "Base.metadata.create_all", "create_all"),
     R"(5 examined
FAIL app/db.py:12: `Base.metadata.create_all` makes tables past the migrations: what runs on them was not tested on the schema that is deployed
  > run the migrations instead: `alembic upgrade head` against DATABASE_URL, before the tests
)"},
    {"Drops", "no-create-all", "{}", kTests + call("tests/conftest.py", "metadata.drop_all", "drop_all"),
     R"(5 examined
FAIL tests/conftest.py:12: `metadata.drop_all` drops tables past the migrations: what runs on them was not tested on the schema that is deployed
  > drop the database instead, or roll each test's work back
)"},
    {"MayMake", "no-create-all", "{}", kTests + call("app/db.py", "db.create_tables", "unknown"),
     R"(5 examined
?    app/db.py:12: `db.create_tables` may make or drop tables: what it is called on cannot be told
  > import the object from where it is made, or name the file under `except:`
)"},
    {"OfALibrary", "no-create-all", "{}",
     kTests + call("src/db.ts", "synchronize: true", "create_all") +
         call("test/db.ts", "ds.dropSchema", "unknown") +
         "UPDATE code.schema_call SET library = 'TypeORM', instead = 'run the migrations: `typeorm "
         "migration:run`', "
         "in_tests = file = 'test/db.ts';",
     R"(6 examined
FAIL src/db.ts:12: `synchronize: true` (TypeORM, in the application) makes tables past the migrations: what runs on them was not tested on the schema that is deployed
  > run the migrations: `typeorm migration:run`
?    test/db.ts:12: `ds.dropSchema` (TypeORM, in the tests) may make or drop tables: its value, or the object that it is called on, cannot be told
  > run the migrations: `typeorm migration:run`, or name the file under `except:`
)"},
    {"Excepted", "no-create-all", R"({"except": ["scripts/*"]})",
     kTests + call("scripts/demo.py", "create_all", "create_all"), R"(4 examined
)"},
    {"Unread", "no-create-all", "{}", kTests + kUnread, R"(4 examined
?    tests/conftest.py: cannot be read (line 4: no Python 3): whether it makes tables is unknown
  > fix the file, or name it under `except:`
)"},
    {"UnreadDocument", "no-create-all", "{}",
     kTests + "INSERT INTO code.problem (file, reason) VALUES ('README.md', 'its blob is missing');",
     R"(4 examined
)"},
    {"NoCode", "no-create-all", "{}", "", R"(0 examined
skip: no source code of a language in which such calls are looked for
)"},
};
INSTANTIATE_TEST_SUITE_P(NoCreateAll, CodeChecks, ::testing::ValuesIn(kCalls), case_name);

const std::vector<CheckCase> kReads = {
    {"Required", "database-url-required", "{}", kTests + read("tests/conftest.py", "1"), R"(2 examined
)"},
    {"Default", "database-url-required", "{}", kTests + read("tests/conftest.py", "0"), R"(2 examined
FAIL tests/conftest.py:7: DATABASE_URL has a default here: without it the tests quietly run on another database than the one that was provisioned
  > write `os.environ["DATABASE_URL"]`, which fails when it is not set
)"},
    {"DefaultOfPytest", "database-url-required", "{}",
     kTests + read("tests/conftest.py", "1") + read("pytest.ini", "0"), R"(2 examined
FAIL pytest.ini:7: DATABASE_URL has a default here: without it the tests quietly run on another database than the one that was provisioned
  > leave DATABASE_URL out of this file
)"},
    {"RequiredAndDefault", "database-url-required", "{}",
     kTests + read("tests/conftest.py", "1") + read("tests/deep/conftest.py", "0"), R"(2 examined
FAIL tests/deep/conftest.py:7: DATABASE_URL has a default here: without it the tests quietly run on another database than the one that was provisioned
  > write `os.environ["DATABASE_URL"]`, which fails when it is not set
)"},
    {"Unclear", "database-url-required", "{}", kTests + read("tests/conftest.py", "NULL"), R"(2 examined
?    tests/conftest.py: reads DATABASE_URL, but whether the tests go on without it cannot be told
  > write `os.environ["DATABASE_URL"]`
note: tests/conftest.py:7: reads DATABASE_URL in a way that does not tell whether it is required
)"},
    {"UnclearButRequiredToo", "database-url-required", "{}",
     kTests + read("tests/conftest.py", "NULL") + read("tests/conftest.py", "1"), R"(2 examined
note: tests/conftest.py:7: reads DATABASE_URL in a way that does not tell whether it is required
)"},
    {"OnlyUnderACondition", "database-url-required", "{}",
     kTests + read("tests/conftest.py", "1") +
         "UPDATE code.environment_read SET condition = 'os.getenv(\"CI\")';",
     R"(2 examined
FAIL tests/conftest.py: DATABASE_URL is required only under a condition (os.getenv("CI")): elsewhere the tests may run on any database
  > require it always: `DATABASE_URL = os.environ["DATABASE_URL"]` at the top
note: tests/conftest.py:7: requires DATABASE_URL under a condition: os.getenv("CI")
)"},
    {"OnlyInTheApplication", "database-url-required", "{}", kTests + read("app/db.py", "1"), R"(2 examined
FAIL tests/conftest.py: no test configuration requires DATABASE_URL: the tests may run on any database, or on none
  > write `DATABASE_URL = os.environ["DATABASE_URL"]` at the top
)"},
    {"InAnImportedModule", "database-url-required", "{}",
     kTests + read("app/db.py", "1") + "UPDATE code.environment_read SET imported_by = 'tests/conftest.py';",
     R"(2 examined
note: app/db.py:7: requires DATABASE_URL, and tests/conftest.py imports it
)"},
    {"DefaultInAnImportedModule", "database-url-required", "{}",
     kTests + read("app/db.py", "0") + "UPDATE code.environment_read SET imported_by = 'tests/conftest.py';",
     R"(2 examined
FAIL tests/conftest.py: no test configuration requires DATABASE_URL: the tests may run on any database, or on none
  > write `DATABASE_URL = os.environ["DATABASE_URL"]` at the top
note: app/db.py:7: goes on without DATABASE_URL, and tests/conftest.py imports it
)"},
    {"GivenByAFile", "database-url-required", "{}",
     kTests + read("tests/conftest.py", "1") + read("tests/conftest.py", "0") +
         "UPDATE code.environment_read SET given_by = '.env:3', sets = 1 WHERE required = 0;",
     R"(2 examined
FAIL tests/conftest.py:7: DATABASE_URL has a value in .env:3, which is loaded here: without it the tests quietly run on another database than the one that was provisioned
  > leave DATABASE_URL out of .env
)"},
    {"PerhapsGivenByAFile", "database-url-required", "{}",
     kTests + read("tests/conftest.py", "1") + read("tests/deep/conftest.py", "NULL") +
         "UPDATE code.environment_read SET given_by = '.env:3', sets = 1 WHERE required IS NULL;",
     R"(2 examined
?    tests/deep/conftest.py:7: DATABASE_URL has a value in .env:3, and whether that is loaded here cannot be told
  > leave DATABASE_URL out of .env
)"},
    {"GivenAValue", "database-url-required", "{}",
     kTests + read("tests/conftest.py", "1") + read("tests/deep/conftest.py", "0") +
         "UPDATE code.environment_read SET sets = 1 WHERE required = 0;",
     R"(2 examined
FAIL tests/deep/conftest.py:7: DATABASE_URL is given a value here: without it the tests quietly run on another database than the one that was provisioned
  > write `os.environ["DATABASE_URL"]`, which fails when it is not set
)"},
    {"GivenAnUnknownValue", "database-url-required", "{}",
     kTests + read("tests/conftest.py", "1") + read("tests/deep/conftest.py", "NULL") +
         "UPDATE code.environment_read SET sets = 1 WHERE required IS NULL;",
     R"(2 examined
?    tests/deep/conftest.py:7: DATABASE_URL is given a value here that cannot be told: the tests may run on another database than the one that was provisioned
  > take the value from `os.environ["DATABASE_URL"]`
)"},
    {"VariablesThatCannotBeTold", "database-url-required", "{}",
     kTests + read("tests/conftest.py", "1") + read("conftest.py", "NULL") +
         "UPDATE code.environment_read SET sets = 1, variable = NULL WHERE required IS NULL;",
     R"(2 examined
?    conftest.py:7: variables are given values here, and which ones cannot be told: DATABASE_URL may be one of them
  > name the variables
)"},
    {"VariablesThatCannotBeToldBesideTheDemand", "database-url-required", "{}",
     kTests + read("tests/conftest.py", "1") + read("tests/conftest.py", "NULL") +
         "UPDATE code.environment_read SET sets = 1, variable = NULL WHERE required IS NULL;",
     R"(2 examined
)"},
    {"StartedByACommandWithAValue", "database-url-required", "{}",
     kTests + read("tests/conftest.py", "1") + read("Makefile", "NULL") +
         "UPDATE code.environment_read SET sets = 1 WHERE required IS NULL;",
     R"(2 examined
?    Makefile:7: DATABASE_URL is given a value here: whether the tests are started by it, and so run on another database than the one that was provisioned, cannot be told
  > hand on the DATABASE_URL that is set
)"},
    {"GivenByTox", "database-url-required", "{}",
     kTests + read("tests/conftest.py", "1") + read("noxfile.py", "0") +
         "UPDATE code.environment_read SET sets = 1 WHERE required = 0;",
     R"(2 examined
FAIL noxfile.py:7: DATABASE_URL is given a value here: without it the tests quietly run on another database than the one that was provisioned
  > leave DATABASE_URL out of this file
)"},
    {"OnlyAnUnknownValue", "database-url-required", "{}",
     kTests + read("tests/conftest.py", "NULL") + "UPDATE code.environment_read SET sets = 1;",
     R"(2 examined
FAIL tests/conftest.py: no test configuration requires DATABASE_URL: the tests may run on any database, or on none
  > write `DATABASE_URL = os.environ["DATABASE_URL"]` at the top
?    tests/conftest.py:7: DATABASE_URL is given a value here that cannot be told: the tests may run on another database than the one that was provisioned
  > take the value from `os.environ["DATABASE_URL"]`
)"},
    {"SetByAnImportedModule", "database-url-required", "{}",
     kTests + read("tests/conftest.py", "1") + read("app/db.py", "0") +
         "UPDATE code.environment_read SET imported_by = 'tests/conftest.py', sets = 1, given_by = '.env:3' "
         "WHERE required = 0;",
     R"(2 examined
FAIL app/db.py:7: DATABASE_URL has a value in .env:3, which is loaded here: without it the tests quietly run on another database than the one that was provisioned
  > leave DATABASE_URL out of .env
)"},
    {"SettingsOfDjango", "database-url-required", "{}",
     kApp + read("app/settings.py", "1") + "UPDATE code.environment_read SET imported_by = 'pytest.ini';",
     R"(1 examined
note: app/settings.py:7: requires DATABASE_URL, and pytest.ini imports it
)"},
    {"SettingsOfDjangoWithADefault", "database-url-required", "{}",
     kApp + read("app/settings.py", "0") + "UPDATE code.environment_read SET imported_by = 'pytest.ini';",
     R"(1 examined
FAIL pytest.ini: no test configuration requires DATABASE_URL: the tests may run on any database, or on none
  > write `DATABASE_URL = os.environ["DATABASE_URL"]` at the top
note: app/settings.py:7: goes on without DATABASE_URL, and pytest.ini imports it
)"},
    {"OfAnotherLanguage", "database-url-required", "{}",
     kTests + read("tests/conftest.py", "1") + read("src/db.ts", "0") +
         "UPDATE code.environment_read SET reader = 'process.env' WHERE required = 0;",
     R"(2 examined
)"},
    {"AnotherVariable", "database-url-required", R"({"variable": "TEST_DSN"})",
     kTests + read("tests/conftest.py", "1"), R"(2 examined
FAIL tests/conftest.py: no test configuration requires TEST_DSN: the tests may run on any database, or on none
  > write `TEST_DSN = os.environ["TEST_DSN"]` at the top
)"},
    {"AnotherFile", "database-url-required", R"({"files": ["app/*.py"]})", kTests + read("app/db.py", "1"),
     R"(1 examined
)"},
    {"Unread", "database-url-required", "{}", kTests + read("tests/deep/conftest.py", "1") + kUnread,
     R"(2 examined
?    tests/conftest.py: cannot be read (line 4: no Python 3): whether it requires DATABASE_URL is unknown
  > fix the file
)"},
    {"NoConfiguration", "database-url-required", "{}", kApp, R"(0 examined
skip: no configuration of pytest (conftest.py), which is what is read
)"},
};
INSTANTIATE_TEST_SUITE_P(DatabaseUrlRequired, CodeChecks, ::testing::ValuesIn(kReads), case_name);

const std::vector<CheckCase> kFixtures = {
    {"Session", "session-fixtures", "{}", kTests + fixture("'session'") + fixture("'function'"), R"(2 examined
note: tests/conftest.py:30: engine (pytest)
)"},
    {"OnlyFunction", "session-fixtures", "{}", kTests + fixture("'function'"), R"(1 examined
FAIL tests/conftest.py: pytest: no session-scoped fixtures, 1 needed: nothing can prepare, or record, what all tests share
  > write `@pytest.fixture(scope="session")` above the fixture that makes the database engine
)"},
    {"Computed", "session-fixtures", "{}", kTests + fixture("NULL"), R"(1 examined
?    tests/conftest.py: pytest: 1 fixture has a scope that only the run knows: whether one is for the session cannot be told
  > write `scope="session"`
)"},
    {"SessionAndUnread", "session-fixtures", "{}", kTests + fixture("'session'") + kUnread, R"(1 examined
note: tests/conftest.py:30: engine (pytest)
)"},
    {"OnlyFunctionAndUnread", "session-fixtures", "{}", kTests + fixture("'function'") + kUnread,
     R"(1 examined
?    tests/conftest.py: cannot be read (line 4: no Python 3): it may hold the fixture of pytest that is missing
  > fix the file
)"},
    {"TooFew", "session-fixtures", R"({"at-least": 2})", kTests + fixture("'session'"), R"(1 examined
FAIL tests/conftest.py: pytest: 1 session-scoped fixture, 2 needed: nothing can prepare, or record, what all tests share
  > write `@pytest.fixture(scope="session")` above the fixture that makes the database engine
note: tests/conftest.py:30: engine (pytest)
)"},
    {"NoFixture", "session-fixtures", "{}", kTests, R"(0 examined
FAIL tests/conftest.py: pytest: no session-scoped fixtures, 1 needed: nothing can prepare, or record, what all tests share
  > write `@pytest.fixture(scope="session")` above the fixture that makes the database engine
)"},
    {"NoTests", "session-fixtures", "{}", kApp, R"(0 examined
skip: there are no tests
)"},
    {"OfNoFrameworkInUse", "session-fixtures", "{}",
     uses("Jest", "javascript", "jest.config.js", "configuration") +
         uses("pytest", "python", "setup.py", "dependency"),
     R"(0 examined
skip: Jest: no fixtures of a session: what all tests share is made by globalSetup
)"},
    {"OfOneOfTwoFrameworks", "session-fixtures", "{}",
     kTests + fixture("'session'") + uses("Playwright", "javascript", "e2e/a.spec.ts", "test"),
     R"(1 examined
note: tests/conftest.py:30: engine (pytest)
note: Playwright: fixtures are of a test or of a worker: what all tests share is made by globalSetup or by a project that the others depend on
)"},
    {"OfAWorker", "session-fixtures", "{}", kTests + fixture("'worker'"), R"(1 examined
FAIL tests/conftest.py: pytest: no session-scoped fixtures, 1 needed: nothing can prepare, or record, what all tests share
  > write `@pytest.fixture(scope="session")` above the fixture that makes the database engine
)"},
};
INSTANTIATE_TEST_SUITE_P(SessionFixtures, CodeChecks, ::testing::ValuesIn(kFixtures), case_name);

const std::vector<CheckCase> kHooks = {
    {"Both", "session-hooks", "{}", kTests + hook("pytest_sessionstart") + hook("pytest_sessionfinish"),
     R"(2 examined
note: tests/conftest.py:18: pytest_sessionstart (pytest)
note: tests/conftest.py:18: pytest_sessionfinish (pytest)
)"},
    {"OnlyStart", "session-hooks", "{}", kTests + hook("pytest_sessionstart"), R"(2 examined
FAIL tests/conftest.py: pytest: no pytest_sessionfinish: evidence of a test session has no place to begin or to end, whatever the tests in it do
  > write `def pytest_sessionfinish(session, exitstatus):` there
note: tests/conftest.py:18: pytest_sessionstart (pytest)
)"},
    {"None", "session-hooks", "{}", kTests, R"(2 examined
FAIL tests/conftest.py: pytest: no pytest_sessionstart: evidence of a test session has no place to begin or to end, whatever the tests in it do
  > write `def pytest_sessionstart(session):` there
FAIL tests/conftest.py: pytest: no pytest_sessionfinish: evidence of a test session has no place to begin or to end, whatever the tests in it do
  > write `def pytest_sessionfinish(session, exitstatus):` there
)"},
    {"NoneAndNoConfiguration", "session-hooks", "{}", uses("pytest", "python", "tests/test_a.py", "test"),
     R"(2 examined
FAIL pytest: no pytest_sessionstart: evidence of a test session has no place to begin or to end, whatever the tests in it do
  > add a conftest.py beside the tests: write `def pytest_sessionstart(session):` there
FAIL pytest: no pytest_sessionfinish: evidence of a test session has no place to begin or to end, whatever the tests in it do
  > add a conftest.py beside the tests: write `def pytest_sessionfinish(session, exitstatus):` there
)"},
    {"MissingAndUnread", "session-hooks", "{}", kTests + hook("pytest_sessionstart") + kUnread, R"(1 examined
?    tests/conftest.py: cannot be read (line 4: no Python 3): it may hold the hook of pytest that is missing
  > fix the file
note: tests/conftest.py:18: pytest_sessionstart (pytest)
)"},
    {"BothAndUnread", "session-hooks", "{}",
     kTests + hook("pytest_sessionstart") + hook("pytest_sessionfinish") + kUnread, R"(2 examined
note: tests/conftest.py:18: pytest_sessionstart (pytest)
note: tests/conftest.py:18: pytest_sessionfinish (pytest)
)"},
    {"Another", "session-hooks", R"({"hooks": ["pytest_configure"]})", kTests, R"(1 examined
FAIL tests/conftest.py: pytest: no pytest_configure: evidence of a test session has no place to begin or to end, whatever the tests in it do
  > write `def pytest_configure(...):` there
)"},
    {"NoTests", "session-hooks", "{}", kApp, R"(0 examined
skip: there are no tests
)"},
    {"OfJest", "session-hooks", "{}",
     uses("Jest", "javascript", "package.json", "configuration") + at("globalSetup", "Jest", "session-start"),
     R"(2 examined
FAIL package.json:3: Jest: no globalTeardown: evidence of a test session has no place to begin or to end, whatever the tests in it do
  > write `globalTeardown: "<rootDir>/test/global-teardown.js"` there, and in that file `module.exports = async () => { … }`
note: setup.ts:5: globalSetup (Jest)
)"},
    {"OfAnotherFramework", "session-hooks", "{}",
     uses("Jest", "javascript", "a.test.js", "test") + at("globalSetup", "Vitest", "session"), R"(2 examined
FAIL Jest: no globalSetup: evidence of a test session has no place to begin or to end, whatever the tests in it do
  > in jest.config.js: write `globalSetup: "<rootDir>/test/global-setup.js"` there, and in that file `module.exports = async () => { … }`
FAIL Jest: no globalTeardown: evidence of a test session has no place to begin or to end, whatever the tests in it do
  > in jest.config.js: write `globalTeardown: "<rootDir>/test/global-teardown.js"` there, and in that file `module.exports = async () => { … }`
)"},
    {"AroundTheSession", "session-hooks", "{}",
     uses("Django", "python", "app/tests.py", "test") + at("run_suite", "Django", "session"), R"(2 examined
note: setup.ts:5: run_suite (Django)
note: setup.ts:5: run_suite (Django)
)"},
    {"OfOneNameForBothEnds", "session-hooks", "{}", uses("JUnit 5", "java", "ATest.java", "test"),
     R"(1 examined
FAIL JUnit 5: no LauncherSessionListener: evidence of a test session has no place to begin or to end, whatever the tests in it do
  > in src/test/resources/META-INF/services/org.junit.platform.launcher.LauncherSessionListener: name a class with `implements LauncherSessionListener`: `launcherSessionOpened` begins the evidence, `launcherSessionClosed` ends it
)"},
    {"OfOneEndOnly", "session-hooks", "{}",
     uses("JUnit 5", "java", "ATest.java", "test") + at("BeforeAllCallback", "JUnit 5", "session-start"),
     R"(2 examined
FAIL JUnit 5: no LauncherSessionListener: evidence of a test session has no place to begin or to end, whatever the tests in it do
  > in src/test/resources/META-INF/services/org.junit.platform.launcher.LauncherSessionListener: write `launcherSessionClosed` in that class
note: setup.ts:5: BeforeAllCallback (JUnit 5)
)"},
    {"OfEachFramework", "session-hooks", "{}",
     kTests + hook("pytest_sessionstart") + hook("pytest_sessionfinish") +
         uses("Vitest", "javascript", "vitest.config.ts", "configuration") +
         at("globalSetup", "Vitest", "session-start"),
     R"(4 examined
FAIL vitest.config.ts:3: Vitest: no teardown: evidence of a test session has no place to begin or to end, whatever the tests in it do
  > write `export async function teardown() { … }` in the file that globalSetup names
note: setup.ts:5: globalSetup (Vitest)
note: tests/conftest.py:18: pytest_sessionstart (pytest)
note: tests/conftest.py:18: pytest_sessionfinish (pytest)
)"},
    {"OfADependencyAlone", "session-hooks", "{}", uses("Jest", "javascript", "package.json", "dependency"),
     R"(0 examined
skip: there are no tests
)"},
    {"OfUnittestUnderPytest", "session-hooks", "{}",
     kTests + hook("pytest_sessionstart") + hook("pytest_sessionfinish") +
         uses("unittest", "python", "tests/test_b.py", "test"),
     R"(2 examined
note: tests/conftest.py:18: pytest_sessionstart (pytest)
note: tests/conftest.py:18: pytest_sessionfinish (pytest)
)"},
    {"OfUnittestAlone", "session-hooks", "{}",
     uses("unittest", "python", "tests/test_b.py", "test") + at("startTestRun", "unittest", "session-start"),
     R"(2 examined
FAIL unittest: no stopTestRun: evidence of a test session has no place to begin or to end, whatever the tests in it do
  > write `def stopTestRun(self):` in the runner's result class
note: setup.ts:5: startTestRun (unittest)
)"},
    {"OfAFrameworkWithoutAny", "session-hooks", "{}", uses("node:test", "javascript", "a.test.mjs", "test"),
     R"(0 examined
skip: node:test: each file runs in a process of its own: no hooks or fixtures of a whole session but `--test-global-setup` of Node.js 24
)"},
    {"OfGo", "session-hooks", "{}",
     uses("Go testing", "go", "a_test.go", "test") + at("TestMain", "Go testing", "session"), R"(0 examined
skip: Go testing: no hooks of a whole session: each package is a test program of its own, and TestMain is of one package
)"},
    {"OfALanguageThatIsNotRead", "session-hooks", "{}",
     "INSERT INTO code.test_file (file, language) VALUES ('tests/ATest.php', 'PHP'), ('tests/BTest.php', "
     "'PHP'), "
     "('test/a.js', 'javascript');",
     R"(0 examined
skip: tests in PHP (2 files, tests/ATest.php) are not read; the framework of the javascript tests in 1 file (test/a.js) is not known
)"},
    {"MissingAndUnreadInAnotherLanguage", "session-hooks", "{}",
     kUnread + uses("Jest", "javascript", "package.json", "configuration") +
         at("globalSetup", "Jest", "session-start"),
     R"(2 examined
FAIL package.json:3: Jest: no globalTeardown: evidence of a test session has no place to begin or to end, whatever the tests in it do
  > write `globalTeardown: "<rootDir>/test/global-teardown.js"` there, and in that file `module.exports = async () => { … }`
note: setup.ts:5: globalSetup (Jest)
)"},
    {"ByAnotherName", "session-hooks", R"({"hooks": ["beforeAll"]})", kTests, R"(1 examined
FAIL no hook of the name beforeAll in any test framework
  > write it, or leave it out of `hooks:`
)"},
};
INSTANTIATE_TEST_SUITE_P(SessionHooks, CodeChecks, ::testing::ValuesIn(kHooks), case_name);

}  // namespace
}  // namespace exitgate::testing
