#include <fmt/core.h>

#include <algorithm>

#include "harness/check/check.h"
#include "harness/check/provisioning.h"
#include "harness/check/target_commands.h"
#include "harness/facts/tables/migrations.h"
#include "harness/facts/tables/schema.h"

namespace exitgate::check {
namespace {

constexpr const char* kAsWell = "and on the base's own schema as well";

struct Meaning {
  const char* message;
  const char* hint;
};

Meaning meaning_of(schema::Combination combination) {
  if (combination == schema::Combination::base_code_on_new_schema) {
    return {
        "the tests of the base commit fail on this commit's schema: instances that still run the old code "
        "fail "
        "as soon as the migrations have run",
        "release in two steps: first add what the new code needs and keep what the old code uses, and take "
        "that "
        "away when nothing uses it any more"};
  }
  return {
      "the tests of this commit fail on the base's schema: instances of the new code fail until the "
      "migrations "
      "have run",
      "run the migrations before the new code is deployed, or let it work with both schemas"};
}

class Release {
 public:
  Release(const Facts& facts, const Parameters& with, Report& report)
      : facts_(facts), required_(with.strings("required")), report_(report) {}

  void look(const schema::TestRun& test) {
    const auto name = std::string(to_text(test.combination));
    const bool required = std::find(required_.begin(), required_.end(), name) != required_.end();
    if (required) report_.examined();
    if (test.outcome == "ok") return;
    const auto said = last_lines(test.tail.value_or(""));
    const auto what =
        fmt::format("`{}` ({}): {}{}", test.command, name, test.outcome, said.empty() ? "" : ": " + said);
    if (!required) return report_.note(fmt::format("{}; see {}", what, test.log));
    Finding finding{.key = fmt::format("{}:{}", name, test.command),
                    .file = test.file,
                    .line = test.line,
                    .message = what,
                    .hint = test.log.empty() ? "" : fmt::format("all that it said is in {}", test.log)};
    if (was_not_begun(test.outcome) || could_not_run(test.exit_code))
      return report_.undecided(std::move(finding));
    if (test.outcome.ends_with(kAsWell) || fails_on_its_own(test)) {
      finding.message =
          fmt::format("it fails on its own schema, too, and says nothing about the release: {}", what);
      return report_.undecided(std::move(finding));
    }
    const auto meaning = meaning_of(test.combination);
    finding.message = fmt::format("{}: {}", meaning.message, what);
    finding.hint = fmt::format("{}; all that it said is in {}", meaning.hint, test.log);
    report_.fail(std::move(finding));
  }

  // Why nothing was run.
  void explain(bool asked) {
    if (has_no_plan(facts_)) return skip_without_plan(facts_, report_);
    if (!asked) {
      return report_.skip("it is not asked for whether old and new code work on each other's schema",
                          "write `tests: {run: [...], compatibility: true}` in exitgate.yaml");
    }
    if (facts_.integer("SELECT count(*) FROM schema.test_run").value_or(0) == 0)
      return report_.skip("no test command is declared", "write `tests: {run: [...]}` in exitgate.yaml");
    const auto comparison = facts_.row<migrations::Comparison>();
    if (comparison && comparison->problem) {
      return report_.undecided(
          {"base", "", 0,
           fmt::format("what the base of this commit is cannot be told: {}", *comparison->problem),
           "write `base: origin/main` in exitgate.yaml, and let the clone have it"});
    }
    const auto count = [&](const char* which) {
      return facts_.integer(fmt::format("SELECT count(*) FROM migrations.revision {}", which)).value_or(0);
    };
    const auto fresh = count("WHERE new = 1");
    if (fresh == 0) return report_.skip("no migration is new since the base");
    if (fresh == count("")) return report_.skip("the base has no migrations: nothing is in use yet");
    report_.undecided({"not run", "", 0, "the tests were not run across the release",
                       "see EG-CG2.provisions, or the log of the test exitgate.database"});
  }

 private:
  // The new tests on their own schema.
  bool fails_on_its_own(const schema::TestRun& test) const {
    if (test.combination != schema::Combination::new_code_on_base_schema) return false;
    return facts_
               .integer(
                   "SELECT count(*) FROM schema.test_run WHERE combination = 'head' AND outcome <> 'ok' AND "
                   "position = ?1",
                   {std::to_string(test.position)})
               .value_or(0) > 0;
  }

  const Facts& facts_;
  std::vector<std::string> required_;
  Report& report_;
};

void run(const Facts& facts, const Parameters& with, Report& report) {
  Release release(facts, with, report);
  bool any = false;
  for (const schema::TestRun& test :
       facts.rows<schema::TestRun>("WHERE combination <> 'head' ORDER BY combination, position")) {
    any = true;
    release.look(test);
  }
  if (!any) release.explain(with.boolean("compatibility"));
}

const Check check{
    .name = "release-compatible",
    .title = "Old code works on the new schema",
    .why =
        "While a release is rolled out, and after it is rolled back, code of one version runs on the schema "
        "of "
        "another. What breaks then was never tested.",
    .domains = {"schema", "migrations"},
    .parts = Parts{"tests"},
    .parameters = {{"compatibility", Parameter::boolean, "false",
                    "whether it is asked for; exitgate.yaml's `tests: {compatibility: true}` fills it in"},
                   {"required", Parameter::strings, "[\"base code on new schema\"]",
                    "the combinations that must work; of others a failure is noted"}},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
