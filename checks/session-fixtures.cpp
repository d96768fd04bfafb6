#include <fmt/core.h>

#include "harness/base/text.h"
#include "harness/check/test_frameworks.h"

namespace exitgate::check {
namespace {

// pytest's by pytest_asyncio as well.
constexpr const char* kOfFramework =
    "WHERE framework = ?1 OR framework LIKE ?1 || '\\_%' ESCAPE '\\' ORDER BY file, line";

void ask(const Facts& facts, const UsedFramework& used, std::int64_t least, Report& report) {
  const auto& name = used.offers.name;
  std::int64_t found = 0;
  std::int64_t computed = 0;
  for (const code::Fixture& fixture : facts.rows<code::Fixture>(kOfFramework, {name})) {
    report.examined();
    if (!fixture.scope) ++computed;
    if (fixture.scope != code::FixtureScope::session) continue;
    ++found;
    report.note(fmt::format("{}:{}: {} ({})", fixture.file, fixture.line, fixture.name.value_or(""),
                            fixture.framework));
  }
  if (found >= least) return;
  bool unknown = report_unread_code(facts, used, report,
                                    fmt::format("it may hold the fixture of {} that is missing", name));
  if (computed > 0) {
    unknown = true;
    report.undecided(
        {"computed", used.place, used.line,
         fmt::format(
             "{}: {} a scope that only the run knows: whether one is for the session cannot be told", name,
             count_of(static_cast<std::size_t>(computed), "fixture") + (computed == 1 ? " has" : " have")),
         fmt::format("write `{}`", *used.offers.session_fixture)});
  }
  if (unknown) return;
  report.fail(
      {"session-fixtures", used.place, used.line,
       fmt::format("{}: {} session-scoped fixture{}, {} needed: nothing can prepare, or record, what all "
                   "tests share",
                   name, found == 0 ? "no" : std::to_string(found), found == 1 ? "" : "s", least),
       hint_at(used, used.offers.fixture_hint.value_or(""))});
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  const auto least = with.integer("at-least");
  std::vector<std::string> without;
  bool asked = false;
  for (const auto& used : used_frameworks(facts)) {
    if (used.offers.session_fixture) {
      ask(facts, used, least, report);
      asked = true;
    } else {
      without.push_back(
          fmt::format("{}: {}", used.offers.name, used.offers.remark.value_or("no fixtures of a session")));
    }
  }
  if (!asked) {
    skip_without_tests(facts, without, report);
    return;
  }
  for (auto& one : without) report.note(std::move(one));
  for (auto& one : unread_tests(facts)) report.note(std::move(one));
}

const Check check{.name = "session-fixtures",
                  .title = "Session-scoped fixtures exist",
                  .why =
                      "Evidence about a whole test session needs a place that is set up once, before the "
                      "first test, and torn down after the last.",
                  .domains = {"code"},
                  .parameters = {{"at-least", Parameter::integer, "1",
                                  "how many there must be, of each framework that has such fixtures"}},
                  .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
