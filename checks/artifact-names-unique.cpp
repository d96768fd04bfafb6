#include <fmt/format.h>

#include <map>

#include "harness/check/workflows.h"
#include "harness/json/json.h"

namespace {

using namespace exitgate;

struct Upload {
  std::string file;
  std::int64_t line;
  std::string job;
  bool surely;  // runs on each pull request
};

// How many jobs a matrix makes, or 0 when only the run knows.
std::size_t combinations(const std::string& text) {
  const auto matrix = Json::try_parse(text).value_or(Json());
  if (!matrix.is_object()) return 0;
  std::size_t count = 1;
  bool axes = false;
  for (const auto& [key, value] : matrix.members()) {
    if (key == "include" || key == "exclude") continue;
    if (!value.is_array()) return 0;
    axes = true;
    count *= value.size();
  }
  const auto include = matrix.find("include");
  if (!axes) return include != matrix.end() && include->is_array() ? include->size() : 0;
  // `exclude` takes combinations away: how many are left is not worth the counting.
  return matrix.contains("exclude") ? 0 : count;
}

void look_in_matrices(const Facts& facts, Report& report) {
  for (const Row& row :
       facts.query("SELECT a.file, a.line, a.job, coalesce(a.artifact_name, a.name, 'artifact'), j.matrix, "
                   "a.collides FROM ci.artifact a "
                   "JOIN ci.job j ON j.file = a.file AND j.id = a.job "
                   "WHERE a.direction = 'upload' AND j.matrix IS NOT NULL AND "
                   "  a.file NOT IN " +
                   kGitLabFiles +
                   " AND "
                   "  lower(coalesce(a.overwrite, '')) <> 'true' ORDER BY a.file, a.line")) {
    const bool decided = !row.is_null(5);
    if (decided && !row.boolean(5)) continue;
    const auto name = row.text(3);
    const auto jobs = combinations(row.text(4));
    if (!decided && jobs == 0) {
      report.note(fmt::format("{}:{}: '{}' is one name for a matrix whose size only the run knows",
                              row.text(0), row.integer(1), name));
      continue;
    }
    // An expression may tell the jobs apart, and the collector could not say whether it does.
    if (!decided && (jobs == 1 || has_expression(name))) continue;
    // A name with a part of the matrix in it is one for some of the jobs.
    const bool all = jobs > 1 && name.find("matrix.") == std::string::npos;
    report.fail(
        {fmt::format("{}:{}:{}", row.text(0), row.text(2), name), row.text(0), row.integer(1),
         fmt::format("{} upload '{}' under one name: the first one wins, the others fail (409 Conflict)",
                     all ? fmt::format("the {} jobs of the matrix", jobs) : std::string("jobs of the matrix"),
                     name),
         fmt::format("put {} into the name: `name: {}-${{{{ matrix.<key> }}}}`",
                     all ? "the matrix" : "every axis of the matrix", name)});
  }
}

void look_across_jobs(const Facts& facts, Report& report) {
  std::map<std::pair<std::string, std::string>, std::vector<Upload>> by_name;
  for (const Row& row : facts.query(
           std::string(kRuns) +
           "SELECT p.file, coalesce(a.artifact_name, a.name, 'artifact'), a.file, a.line, a.job, "
           "a.on_pull_request = 'yes' "
           "FROM pull_request p JOIN run ON run.root = p.file JOIN ci.artifact a ON a.file = run.file "
           "WHERE a.direction = 'upload' AND a.on_pull_request IN ('yes', 'maybe', 'failure') AND "
           "  a.file NOT IN " +
           kGitLabFiles +
           " AND "
           "  a.action LIKE '%upload-artifact' AND lower(coalesce(a.overwrite, '')) <> 'true' "
           "ORDER BY 1, 2, 3, 4")) {
    report.examined();
    if (has_expression(row.text(1))) continue;
    by_name[{row.text(0), row.text(1)}].push_back({row.text(2), row.integer(3), row.text(4), row.boolean(5)});
  }
  for (const auto& [key, uploads] : by_name) {
    const Upload* first = nullptr;
    for (const auto& upload : uploads) {
      if (!upload.surely) continue;  // conditions may rule each other out
      if (first == nullptr) {
        first = &upload;
        continue;
      }
      report.fail({fmt::format("{}:{}:{}", key.first, upload.job, key.second), upload.file, upload.line,
                   fmt::format("'{}' is uploaded at {}:{}, too: the second of them fails (409 Conflict)",
                               key.second, first->file, first->line),
                   "give each upload of a run a name of its own"});
    }
  }
}

void run(const Facts& facts, const Parameters& /*with*/, Report& report) {
  const bool unreadable = report_unreadable_workflows(facts, report);
  look_across_jobs(facts, report);
  look_in_matrices(facts, report);
  if (report.examined_count() == 0 && !unreadable) report.skip("no pull request uploads an artifact");
}

const Check check{.name = "artifact-names-unique",
                  .title = "No two uploads of a run have the same name",
                  .why =
                      "Since v4 an artifact cannot be written twice: of two uploads with one name only the "
                      "first is kept, and the "
                      "evidence of the other job is lost.",
                  .domains = {"ci"},
                  .parameters = {},
                  .run = run};
const Registered registered(check);

}  // namespace
