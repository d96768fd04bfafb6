#include <fmt/core.h>

#include "harness/check/python_tests.h"
#include "harness/facts/tables/code.h"

namespace exitgate::check {
namespace {

std::string hint_for(const std::string& hook) {
  if (hook == "pytest_sessionstart") return "write `def pytest_sessionstart(session):` there";
  if (hook == "pytest_sessionfinish") return "write `def pytest_sessionfinish(session, exitstatus):` there";
  return fmt::format("write `def {}(...):` there", hook);
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  std::vector<std::string> missing;
  for (const auto& hook : with.strings("hooks")) {
    bool found = false;
    for (const code::Hook& one : facts.rows<code::Hook>("WHERE name = ? ORDER BY file, line", {hook})) {
      found = true;
      report.note(fmt::format("{}:{}: {}", one.file, one.line, hook));
    }
    if (found) {
      report.examined();
    } else {
      missing.push_back(hook);
    }
  }
  if (missing.empty()) return;
  if (report_unread_code(facts, report, "it may hold the hook that is missing")) return;
  if (report.examined_count() == 0 && !has_python_tests(facts)) {
    report.skip("no tests in Python, and those of other languages are not read");
    return;
  }
  const auto file = test_configuration(facts);
  for (const auto& hook : missing) {
    report.examined();
    report.fail(
        {hook, file, 0,
         fmt::format(
             "no {} hook: evidence of a test session has no place to begin or to end, whatever the tests "
             "in it do",
             hook),
         file.empty() ? "add a conftest.py beside the tests: " + hint_for(hook) : hint_for(hook)});
  }
}

const Check check{
    .name = "session-hooks",
    .title = "Hooks at the start and the end of a test session exist",
    .why =
        "pytest_sessionstart and pytest_sessionfinish run once per session, also when no test was collected "
        "or all "
        "failed: the one place where evidence of the session can surely be written.",
    .domains = {"code"},
    .parameters = {{"hooks", Parameter::strings, R"(["pytest_sessionstart", "pytest_sessionfinish"])",
                    "names of the hooks that must exist"}},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
