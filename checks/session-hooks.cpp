#include <fmt/core.h>

#include <algorithm>

#include "harness/check/test_frameworks.h"

namespace exitgate::check {
namespace {

constexpr std::string_view kPytest = "pytest";

// One of a framework's own: what it is called, and what it would take.
struct Wanted {
  std::string key;
  std::string name;
  std::string hint;
  std::string condition;  // of the rows of code.hook that are it, after WHERE
};

std::string quoted(const std::string& text) {
  std::string all = "'";
  for (const char c : text) all += c == '\'' ? "''" : std::string(1, c);
  return all + "'";
}

bool is_of_pytest(const std::string& hook) {
  return hook.starts_with("pytest_");
}

std::string hint_for(const std::string& hook, const code::KnownFramework& pytest) {
  if (hook == pytest.session_start) return pytest.start_hint.value_or("");
  if (hook == pytest.session_end) return pytest.end_hint.value_or("");
  return fmt::format("write `def {}(...):` there", hook);
}

std::vector<Wanted> wanted_of(const code::KnownFramework& known, const std::vector<std::string>& hooks) {
  std::vector<Wanted> all;
  if (known.name == kPytest) {
    for (const auto& hook : hooks) {
      if (is_of_pytest(hook)) all.push_back({hook, hook, hint_for(hook, known), "name = " + quoted(hook)});
    }
    return all;
  }
  const auto add = [&](const std::optional<std::string>& name, const std::optional<std::string>& hint,
                       const char* moment) {
    if (!name) return;
    all.push_back(
        {known.name + ":" + *name, *name, hint.value_or(""),
         fmt::format("framework = {} AND moment IN ('{}', 'session')", quoted(known.name), moment)});
  };
  add(known.session_start, known.start_hint, "session-start");
  add(known.session_end, known.end_hint, "session-end");
  return all;
}

bool is_there(const Facts& facts, const Wanted& wanted, Report& report) {
  bool found = false;
  for (const code::Hook& one : facts.rows<code::Hook>("WHERE " + wanted.condition + " ORDER BY file, line")) {
    found = true;
    report.note(fmt::format("{}:{}: {} ({})", one.file, one.line, one.name, one.framework));
  }
  return found;
}

void ask(const Facts& facts, const UsedFramework& used, const std::vector<std::string>& hooks,
         Report& report) {
  std::vector<Wanted> missing;
  for (auto& wanted : wanted_of(used.offers, hooks)) {
    if (is_there(facts, wanted, report)) {
      report.examined();
    } else if (missing.empty() || missing.back().name != wanted.name) {
      // One hook may be of both ends: TestMain.
      missing.push_back(std::move(wanted));
    }
  }
  if (missing.empty() ||
      report_unread_code(facts, used, report,
                         fmt::format("it may hold the hook of {} that is missing", used.offers.name)))
    return;
  for (const auto& wanted : missing) {
    report.examined();
    report.fail(
        {wanted.key, used.place, used.line,
         fmt::format(
             "{}: no {}: evidence of a test session has no place to begin or to end, whatever the tests "
             "in it do",
             used.offers.name, wanted.name),
         hint_at(used, wanted.hint)});
  }
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  const auto hooks = with.strings("hooks");
  const auto frameworks = used_frameworks(facts);
  std::vector<std::string> without;
  for (const auto& used : frameworks) {
    if (!used.offers.session_start && !used.offers.session_end) {
      without.push_back(
          fmt::format("{}: {}", used.offers.name, used.offers.remark.value_or("no hooks of a session")));
    } else {
      ask(facts, used, hooks, report);
    }
  }
  // Hooks by other names than pytest's are asked of whatever framework there is.
  for (const auto& hook : hooks) {
    if (is_of_pytest(hook)) continue;
    report.examined();
    if (is_there(facts, {hook, hook, "", "name = " + quoted(hook)}, report)) continue;
    report.fail({hook, "", 0, fmt::format("no hook of the name {} in any test framework", hook),
                 "write it, or leave it out of `hooks:`"});
  }
  if (report.examined_count() == 0 && report.undecided_findings().empty()) {
    skip_without_tests(facts, without, report);
    return;
  }
  for (auto& one : without) report.note(std::move(one));
  for (auto& one : unread_tests(facts)) report.note(std::move(one));
}

const Check check{
    .name = "session-hooks",
    .title = "Hooks at the start and the end of a test session exist",
    .why =
        "What a test framework calls once before the first test and once behind the last "
        "(pytest_sessionstart, "
        "globalSetup, before(:suite)) runs also when no test was collected or all failed: the one place "
        "where "
        "evidence of the session can surely be written.",
    .domains = {"code"},
    .parameters = {{"hooks", Parameter::strings, R"(["pytest_sessionstart", "pytest_sessionfinish"])",
                    "names of the hooks of pytest that must exist, where pytest is used; other frameworks "
                    "are asked for "
                    "those that they have"}},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
