#include <fmt/core.h>

#include "harness/check/python_tests.h"
#include "harness/facts/tables/code.h"

namespace exitgate::check {
namespace {

void run(const Facts& facts, const Parameters& with, Report& report) {
  const auto least = with.integer("at-least");
  std::int64_t found = 0;
  std::int64_t computed = 0;
  for (const code::Fixture& fixture : facts.rows<code::Fixture>("ORDER BY file, line")) {
    report.examined();
    if (!fixture.scope) ++computed;
    if (fixture.scope != code::FixtureScope::session) continue;
    ++found;
    report.note(fmt::format("{}:{}: {} ({})", fixture.file, fixture.line, fixture.name.value_or(""),
                            fixture.framework));
  }
  if (found >= least) return;
  bool unknown = report_unread_code(facts, report, "it may hold the fixture that is missing");
  if (computed > 0) {
    unknown = true;
    report.undecided(
        {"computed", test_configuration(facts), 0,
         fmt::format("{} fixture{} a scope that only the run knows: whether one is for the session cannot "
                     "be told",
                     computed, computed == 1 ? " has" : "s have"),
         "write `scope=\"session\"`"});
  }
  if (unknown) return;
  if (!has_python_tests(facts)) {
    report.skip("no tests in Python, and those of other languages are not read");
    return;
  }
  report.fail(
      {"session-fixtures", test_configuration(facts), 0,
       fmt::format(
           "{} session-scoped fixture{}, {} needed: nothing can prepare, or record, what all tests share",
           found == 0 ? "no" : std::to_string(found), found == 1 ? "" : "s", least),
       "write `@pytest.fixture(scope=\"session\")` above the fixture that makes the database engine"});
}

const Check check{.name = "session-fixtures",
                  .title = "Session-scoped fixtures exist",
                  .why =
                      "Evidence about a whole test session needs a place that is set up once, before the "
                      "first test, and torn down after the last.",
                  .domains = {"code"},
                  .parameters = {{"at-least", Parameter::integer, "1", "how many there must be"}},
                  .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
