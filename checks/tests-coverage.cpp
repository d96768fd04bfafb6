#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "harness/base/text.h"
#include "harness/check/test_reports.h"

namespace exitgate::check {
namespace {

struct Covered {
  std::int64_t lines = 0;
  std::int64_t hit = 0;
};

std::string percent(const Covered& covered) {
  if (covered.lines == 0) return "no lines";
  const auto tenths = covered.hit * 1000 / covered.lines;
  return fmt::format("{}.{} % ({} of {} lines)", tenths / 10, tenths % 10, covered.hit, covered.lines);
}

bool below(const Covered& covered, std::int64_t least) {
  return covered.hit * 100 < least * covered.lines;
}

// By file, of those that the globs name: what one report missed another may have covered.
std::map<std::string, Covered> files_of(const Facts& facts, const char* of,
                                        const std::vector<std::string>& globs, std::int64_t* untracked) {
  std::map<std::string, Covered> files;
  for (const Row& row :
       facts.query("SELECT c.file AS file, c.tracked AS tracked, c.lines AS lines, c.lines_hit AS hit FROM "
                   "tests.coverage c JOIN tests.report r ON r.id = c.report WHERE r.of = ?1",
                   {of})) {
    const auto file = row.text("file");
    const bool named =
        std::any_of(globs.begin(), globs.end(), [&](const auto& glob) { return glob_match(glob, file); });
    if (!named) continue;
    // The base may have had files that this commit has not.
    if (untracked != nullptr && !row.boolean("tracked")) {
      ++*untracked;
      continue;
    }
    auto& known = files[file];
    known.lines = std::max(known.lines, row.integer("lines"));
    known.hit = std::max(known.hit, row.integer("hit"));
  }
  return files;
}

Covered sum(const std::map<std::string, Covered>& files) {
  Covered all;
  for (const auto& [file, covered] : files) {
    all.lines += covered.lines;
    all.hit += covered.hit;
  }
  return all;
}

// Reports of coverage, undecided for one that is not whole.
std::size_t reports_of(const Facts& facts, const char* of, Report& verdict) {
  std::size_t count = 0;
  for (const tests::Report& report : facts.rows<tests::Report>("WHERE of = ?1 ORDER BY id", {of})) {
    if (!tells_of_coverage(report)) continue;
    ++count;
    if (report.problem)
      verdict.undecided({report.path, report.file, report.line,
                         fmt::format("{}: {}", shown(report), *report.problem),
                         "let the tests write it anew, to the end"});
    if (report.source == tests::ReportSource::brought) verdict.note(shown(report));
  }
  return count;
}

void run(const Facts& facts, const Parameters& with, Report& verdict) {
  const auto least = with.integer("at-least");
  const auto each = with.integer("each-file-at-least");
  const auto globs = with.strings("files");
  const bool base =
      facts
          .integer(
              "SELECT count(*) FROM tests.report WHERE of = 'base' AND format IN ('cobertura', 'lcov', "
              "'jacoco')")
          .value_or(0) > 0;
  if (least == 0 && each == 0 && !base) {
    return verdict.skip("no coverage is asked for",
                        "write `parameters: {EG-TS1.coverage: {at-least: 80}}`, or bring the base's report: "
                        "`tests: {base: [...]}`");
  }
  if (reports_of(facts, "commit", verdict) == 0) {
    verdict.examined();
    return verdict.fail(
        {"coverage", "", 0, "no coverage report is there",
         "write `tests: {coverage: [coverage.xml]}` in exitgate.yaml, and let the tests write it"});
  }
  std::int64_t untracked = 0;
  const auto files = files_of(facts, "commit", globs, &untracked);
  const auto all = sum(files);
  verdict.examined(static_cast<std::int64_t>(files.size()));
  if (untracked > 0)
    verdict.note(fmt::format("not of the commit, and not counted: {}",
                             count_of(static_cast<std::size_t>(untracked), "file")));
  if (all.lines == 0) {
    verdict.examined();
    return verdict.undecided({"coverage", "", 0, "the coverage reports name no line of a file of the commit",
                              "see tests.coverage: the report's paths are not those of the repository"});
  }
  if (below(all, least))
    verdict.fail({"coverage", "", 0, fmt::format("{} covered, {} % are asked for", percent(all), least),
                  "write tests for what is not covered"});
  for (const auto& [file, covered] : files) {
    if (covered.lines > 0 && below(covered, each))
      verdict.fail({file, file, 0, fmt::format("{} covered, {} % are asked for", percent(covered), each),
                    "write tests for what is not covered"});
  }
  if (base) {
    reports_of(facts, "base", verdict);
    const auto before = sum(files_of(facts, "base", globs, nullptr));
    const auto drop = with.integer("may-drop");
    // hit / lines < hit' / lines' - drop / 100
    if (before.lines > 0 &&
        all.hit * before.lines * 100 < (before.hit * 100 - drop * before.lines) * all.lines)
      verdict.fail({"base", "", 0, fmt::format("{} covered, of the base {}", percent(all), percent(before)),
                    "write tests for what is new"});
    if (before.lines == 0) verdict.undecided({"base", "", 0, "the base's coverage reports name no line", ""});
  }
  verdict.note(fmt::format("{} covered in {}", percent(all), count_of(files.size(), "file")));
}

const Check check{
    .name = "tests-coverage",
    .title = "Tests cover as much as is asked for, and no less than at the base",
    .why = "What no test runs, no test guards; and what was covered once is uncovered unseen.",
    .domains = {"tests"},
    .parts = Parts{"tests"},
    .parameters = {{"at-least", Parameter::integer, "0",
                    "percent of the lines of all files together; 0 asks nothing"},
                   {"each-file-at-least", Parameter::integer, "0",
                    "percent of the lines of each file; 0 asks nothing"},
                   {"files", Parameter::strings, "[\"*\"]", "globs of the files that count"},
                   {"may-drop", Parameter::integer, "0", "by how many points it may be below the base's"}},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
