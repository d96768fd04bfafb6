// Test frameworks of Python files, and what only the files around one tell.
#include "harness/collect/code/frameworks.h"

#include <gtest/gtest.h>

#include <deque>

#include "harness/collect/code/extract.h"
#include "tests/code/record_lines.h"

namespace exitgate::collect::code {
namespace {

class PythonTests : public testing::TestWithParam<RecordSample> {};

TEST_P(PythonTests, AreOfAFramework) {
  EXPECT_EQ(record_lines(GetParam()), GetParam().lines);
}

const std::vector<RecordSample> kPython = {
    {"Pytest", "tests/test_a.py", "import pytest\ndef test_a(): pass\n", "tests of pytest\n"},
    {"PytestWithoutImports", "tests/test_a.py", "def test_a(): pass\n", "tests of pytest\n"},
    {"Unittest", "tests/test_a.py",
     "import unittest\nclass A(unittest.TestCase):\n    def test_a(self): pass\n", "tests of unittest\n"},
    {"Django", "app/tests.py",
     "from django.test import TestCase\nclass A(TestCase):\n    def test_a(self): pass\n",
     "tests of Django\n"},
    {"UnknownCase", "tests/test_a.py",
     "from .base import BaseTestCase\nclass A(BaseTestCase):\n    def test_a(self): pass\n",
     "tests of NULL\n"},
    {"Behave", "features/steps/a.py", "from behave import given\n@given('a')\ndef step(context): pass\n",
     "tests of behave\n"},
    {"NoTests", "tests/test_data.py", "DATA = 1\n", ""},
    {"Conftest", "tests/conftest.py", "", "0 framework pytest\n"},
    {"Settings", "pyproject.toml",
     "[project]\ndependencies = [\"pytest-mock\"]\n[dependency-groups]\ndev = [\n  "
     "\"pytest>=8\",\n]\n[tool.pytest.ini_options]\n",
     "7 framework pytest\n5 framework pytest\n"},
    {"Requirements", "requirements-dev.txt", "# pytest\npytest-asyncio\nnose2==0.1\n", "3 framework nose2\n"},
    {"OfALanguageThatIsNotRead", "tests/UserTest.php", "<?php\n", "tests of NULL\n"},
    {"RustBesideTheCode", "src/lib.rs", "#[test]\nfn a() {}\n", "tests of NULL\n"},
};
INSTANTIATE_TEST_SUITE_P(Frameworks, PythonTests, testing::ValuesIn(kPython),
                         [](const auto& sample) { return std::string(sample.param.name); });

TEST(PythonHooks, OfRunners) {
  const std::string source = R"py(import unittest
def setUpModule(): pass
class A(unittest.TestCase):
    @classmethod
    def setUpClass(cls): pass
    def tearDownModule(self): pass
class R(unittest.TextTestResult):
    def startTestRun(self): pass
    def stopTestRun(self): pass
class D(DiscoverRunner):
    def setup_databases(self, **kwargs): pass
class Mixin:
    def startTestRun(self): pass
    def tearDownClass(cls): pass
def before_all(context): pass
)py";
  const auto tree = syntax::Tree::parse(source);
  ASSERT_TRUE(tree);
  const auto lines = [&](const char* path) {
    FileFacts facts;
    language_of("any.py")->find({path, *tree, {}}, facts);
    std::string all;
    for (const auto& hook : facts.hooks)
      all += fmt::format("{} {} of {}: {}\n", hook.line, hook.name, hook.framework, moment_name(hook.moment));
    return all;
  };
  const std::string common =
      "2 setUpModule of unittest: file-start\n5 setUpClass of unittest: file-start\n"
      "8 startTestRun of unittest: session-start\n9 stopTestRun of unittest: session-end\n"
      "11 setup_databases of Django: session-start\n14 tearDownClass of unittest: file-end\n";
  EXPECT_EQ(lines("tests/test_a.py"), common);
  EXPECT_EQ(lines("features/environment.py"), common + "15 before_all of behave: session-start\n");
}

class Resolved : public testing::Test {
 protected:
  void add(const std::string& path, const std::string& content) {
    entries_.push_back({});
    entries_.back().path = path;
    FileFacts facts;
    examine_by_records(path, content, facts);
    results_.push_back(std::move(facts));
  }
  void resolve() {
    std::vector<const git::TreeEntry*> files;
    files.reserve(entries_.size());
    for (const auto& entry : entries_) files.push_back(&entry);
    resolve_frameworks(files, results_);
  }
  std::string framework(std::size_t file) const { return results_[file].test_file->framework; }

  std::deque<git::TreeEntry> entries_;
  std::vector<FileFacts> results_;
};

TEST_F(Resolved, ATestIsOfTheNearestManifestsFramework) {
  const std::string tests = "describe('a', () => { beforeAll(f); });\nit('b', f);\n";
  add("package.json", R"({"devDependencies": {"mocha": "1"}})");
  add("a/package.json", R"({"devDependencies": {"jest": "1", "@playwright/test": "1"}})");
  add("b/package.json", R"({"devDependencies": {"jest": "1", "mocha": "1"}})");
  add("c/package.json", R"({"dependencies": {"react": "1"}})");
  add("a/src/a.test.js", tests);
  add("b/src/a.test.js", tests);
  add("c/src/a.test.js", tests);
  add("a/e2e/a.spec.ts", "import { test } from \"../fixtures\";\ntest(\"a\", f);\n");
  resolve();
  EXPECT_EQ(framework(4), "Jest");
  EXPECT_EQ(results_[4].hooks[0].framework, "Jest");
  EXPECT_EQ(framework(5), "") << "two frameworks whose tests look the same";
  EXPECT_EQ(results_[5].hooks[0].framework, "unknown");
  EXPECT_EQ(framework(6), "Mocha");
  EXPECT_EQ(framework(7), "Playwright") << "its test function is the project's own";
}

TEST_F(Resolved, AFileThatGlobalSetupNamesHoldsHooks) {
  add("vitest.config.ts", "export default { test: { globalSetup: './test/global-setup.ts' } };\n");
  add("test/global-setup.ts", "export async function setup() {}\nexport async function teardown() {}\n");
  add("e2e/playwright.config.ts", "export default { globalSetup: require.resolve('./global-setup') };\n");
  add("e2e/global-setup.ts", "export default async function setup() {\n  return async () => {};\n}\n");
  add("other/global-setup.ts", "export function teardown() {}\n");
  resolve();
  const auto hooks = [&](std::size_t file) {
    std::string all;
    for (const auto& hook : results_[file].hooks)
      all += fmt::format("{} {} of {}: {}\n", hook.line, hook.name, hook.framework, moment_name(hook.moment));
    return all;
  };
  EXPECT_EQ(hooks(1), "1 setup of Vitest: session-start\n2 teardown of Vitest: session-end\n");
  EXPECT_EQ(hooks(3), "1 the function that globalSetup returns of Playwright: session-end\n");
  EXPECT_EQ(hooks(4), "");
}

}  // namespace
}  // namespace exitgate::collect::code
