#include <fmt/core.h>

#include "harness/base/text.h"
#include "harness/check/test_reports.h"

namespace exitgate::check {
namespace {

struct Times {
  std::string oid;
  std::string committed_at;
  std::string read_at;  // when this run read the machine's clock
};

Times times_of(const Facts& facts) {
  Times times;
  for (const Row& row : facts.query("SELECT oid, committed_at FROM repo.checkout"))
    times = {row.text("oid"), row.text("committed_at"), ""};
  times.read_at = facts.text("SELECT read_at FROM environment.clock").value_or("");
  return times;
}

// Whether a time is more than so many seconds before another; false where one of them is none.
bool before(const Facts& facts, const std::string& time, const std::string& other, std::int64_t seconds) {
  return facts
             .integer(
                 "SELECT CASE WHEN strftime('%s', ?1) IS NULL OR strftime('%s', ?2) IS NULL THEN 0 ELSE "
                 "strftime('%s', ?1) + ?3 < strftime('%s', ?2) + 0 END",
                 {time, other, seconds})
             .value_or(0) != 0;
}

// The earliest time of a suite that names no zone: it may be 14 hours off.
std::string earliest_local(const Facts& facts, const tests::Report& report) {
  return facts
      .text(
          "SELECT min(begun_at) FROM tests.suite WHERE report = ?1 AND begun_at NOT LIKE '%Z' AND begun_at > "
          "'1971'",
          {report.id})
      .value_or("");
}

class Judge {
 public:
  Judge(const Facts& facts, Report& verdict)
      : facts_(facts),
        verdict_(verdict),
        times_(times_of(facts)),
        reused_(facts.integer("SELECT count(*) FROM schema.work WHERE part = 'tests' AND reused IS NOT NULL")
                    .value_or(0) > 0) {}

  void look(const tests::Report& report) {
    verdict_.examined();
    if (report.source == tests::ReportSource::run) {
      made_now(report);
    } else {
      brought(report);
    }
  }

 private:
  static Finding finding(const tests::Report& report, const std::string& what, std::string hint) {
    return {report.path, report.file, report.line, fmt::format("{}: {}", shown(report), what),
            std::move(hint)};
  }

  // A command wrote the file now. What is in it may be old all the same.
  void made_now(const tests::Report& report) {
    if (reused_) return;  // it is of an earlier run of the same files, as the run says
    constexpr std::int64_t kTolerance = 3600;
    const auto local = earliest_local(facts_, report);
    if (report.begun_at && before(facts_, *report.begun_at, times_.read_at, kTolerance)) {
      verdict_.fail(finding(
          report, fmt::format("its tests began at {}, and this run at {}", *report.begun_at, times_.read_at),
          "let the command run the tests, and not copy an old report"));
    } else if (!report.begun_at && before(facts_, local, times_.read_at, 86400)) {
      verdict_.fail(finding(report,
                            fmt::format("its tests began at {}, and this run at {}", local, times_.read_at),
                            "let the command run the tests, and not copy an old report"));
    }
  }

  void brought(const tests::Report& report) {
    const std::string hint =
        "let CI bring the report of this very commit: its own words (a property `git.commit`), or `{path: …, "
        "commit: HEAD}`";
    if (report.tracked) {
      return verdict_.fail(finding(
          report, "it is a file of the commit: it was there before the commit was, and cannot be of it",
          "bring the report that the tests of this commit wrote"));
    }
    if (report.revision && !times_.oid.starts_with(*report.revision) &&
        !report.revision->starts_with(times_.oid)) {
      return verdict_.fail(finding(
          report, fmt::format("it is of commit {}, and this is {}", *report.revision, times_.oid), hint));
    }
    const auto local = earliest_local(facts_, report);
    const auto old = [&](const std::string& time, std::int64_t tolerance) {
      return !time.empty() && before(facts_, time, times_.committed_at, tolerance);
    };
    for (const auto& [time, tolerance, what] :
         {std::tuple(report.begun_at.value_or(""), std::int64_t{0}, "its tests began"),
          std::tuple(local, std::int64_t{86400}, "its tests began"),
          std::tuple(report.written_at.value_or(""), std::int64_t{0}, "it was last changed")}) {
      if (!old(time, tolerance)) continue;
      return verdict_.fail(finding(
          report, fmt::format("{} at {}, before the commit was made at {}", what, time, times_.committed_at),
          hint));
    }
    if (!report.revision) {
      return verdict_.undecided(
          finding(report, "neither it nor the configuration says which commit it is of", hint));
    }
    verdict_.note(fmt::format("{}: of {}, {}", shown(report), report.revision->substr(0, 12),
                              report.step ? "made by " + *report.step : "made by nobody knows whom"));
  }

  const Facts& facts_;
  Report& verdict_;
  Times times_;
  bool reused_;
};

void run(const Facts& facts, const Parameters& /*with*/, Report& verdict) {
  const auto any = facts.integer("SELECT count(*) FROM tests.report WHERE of = 'commit'").value_or(0);
  if (any == 0) {
    if (skip_without_test_reports(facts, verdict)) return;
    return verdict.skip("there is no report: EG-TS1.ran says which are missing");
  }
  Judge judge(facts, verdict);
  for (const tests::Report& report : facts.rows<tests::Report>("WHERE of = 'commit' ORDER BY id"))
    judge.look(report);
}

const Check check{.name = "tests-current",
                  .title = "The reports are of this commit, and no older than it",
                  .why = "The report of last year's green run proves nothing about today's code.",
                  .domains = {"tests", "repo", "environment", "schema"},
                  .optional_domains = {"code"},
                  .parts = Parts{"tests"},
                  .parameters = {},
                  .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
