// Python: pytest's hooks and fixtures, unittest, nose2, Django's test runner and behave. What a file must hold to be parsed is
// decided in collect.cpp, for its mentions of terms are told by the same parse.
#include "harness/collect/code/extract.h"
#include "harness/collect/code/function_calls.h"
#include "harness/collect/code/language.h"
#include "harness/collect/code/languages/python/tests.h"
#include "harness/collect/code/module_imports.h"
#include "harness/collect/code/own_functions.h"
#include "harness/collect/code/runner_settings.h"

namespace exitgate::collect::code::languages {

namespace {

void find(const ParsedFile& file, FileFacts& facts) {
  const auto& tree = file.tree;
  const syntax::Names names(tree);
  facts.imports = find_imports(tree, names);
  facts.calls = find_calls(tree, names);
  facts.fixtures = find_fixtures(tree, names);
  facts.hooks = find_hooks(tree, names);
  python::find_runner_hooks(file, facts);
  facts.schema_calls = find_schema_calls(tree, names);
  find_schema_objects(tree, names, facts.schema_calls);
  facts.own_functions = find_own_functions(tree);
  facts.environment_reads = find_environment_reads(tree, names, file.files);
  if (is_conftest(file.path)) facts.stored_variables = find_stored_variables(tree, names, file.files);
  if (is_noxfile(file.path)) find_nox_settings(tree, names, facts.environment_reads);
  find_settings_reads(tree, names, file.files, facts.environment_reads);
}

std::vector<Framework> frameworks() {
  return {
      {.name = "pytest",
       .configuration = {"pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml", "conftest.py"},
       .dependencies = {"pytest"},
       .global = true,
       .session_start = "pytest_sessionstart",
       .start_hint = "write `def pytest_sessionstart(session):` there",
       .session_end = "pytest_sessionfinish",
       .end_hint = "write `def pytest_sessionfinish(session, exitstatus):` there",
       .session_fixture = "scope=\"session\"",
       .fixture_hint =
           "write `@pytest.fixture(scope=\"session\")` above the fixture that makes the database engine",
       .place = "conftest.py"},
      {.name = "unittest",
       .session_start = "startTestRun",
       .start_hint = "write `class EvidenceResult(unittest.TextTestResult):` with `def startTestRun(self):`, "
                     "and run the "
                     "tests by `unittest.TextTestRunner(resultclass=EvidenceResult)`",
       .session_end = "stopTestRun",
       .end_hint = "write `def stopTestRun(self):` in the runner's result class",
       .remark = "no fixtures of a session: setUpModule is of one module",
       .run_by = {"pytest", "nose2", "Django"}},
      {.name = "nose2",
       .configuration = {"nose2.cfg", "unittest.cfg"},
       .dependencies = {"nose2"},
       .session_start = "startTestRun",
       .start_hint =
           "write a plugin: `class Evidence(nose2.events.Plugin):` with `def startTestRun(self, event):`",
       .session_end = "stopTestRun",
       .end_hint = "write `def stopTestRun(self, event):` in a plugin",
       .remark = "no fixtures of a session"},
      {.name = "Django",
       .session_start = "setup_test_environment",
       .start_hint = "write `class EvidenceRunner(DiscoverRunner):` with `def setup_test_environment(self, "
                     "**kwargs):`, and "
                     "name it in the settings: `TEST_RUNNER = \"…\"`",
       .session_end = "teardown_test_environment",
       .end_hint =
           "write `def teardown_test_environment(self, **kwargs):` in the class that TEST_RUNNER names",
       .remark = "no fixtures of a session: setUpTestData is of one class",
       .run_by = {"pytest"}},
      {.name = "behave",
       .configuration = {"behave.ini", ".behaverc"},
       .dependencies = {"behave"},
       .session_start = "before_all",
       .start_hint = "write `def before_all(context):` there",
       .session_end = "after_all",
       .end_hint = "write `def after_all(context):` there",
       .place = "features/environment.py",
       .remark = "fixtures are used by hooks, of which before_all is the session's"},
  };
}

}  // namespace

Language python() {
  return {.name = "python",
          .endings = {{".py", "python", syntax::python}, {".pyw", "python", syntax::python}},
          .find = find,
          .look = python::look,
          .manifests = {"pyproject.toml", "setup.cfg", "tox.ini", "setup.py", "Pipfile", "requirements*.txt",
                        "requirements*.in", "requirements/*.txt", "requirements/*.in", "environment*.yml",
                        "environment*.yaml"},
          .read_manifest = python::read_manifest,
          .frameworks = frameworks()};
}

}  // namespace exitgate::collect::code::languages
