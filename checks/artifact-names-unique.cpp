#include <fmt/core.h>

#include <map>

#include "harness/check/providers.h"
#include "harness/check/workflows.h"
#include "harness/json/json.h"

namespace exitgate::check {
namespace {

struct Upload {
  std::string file;
  std::int64_t line;
  std::string job;
  bool surely;  // runs on each pull request
  std::optional<ci::SecondUpload> second;
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

// What becomes of a second upload; nullopt where the facts do not say.
using Second = std::optional<ci::SecondUpload>;

// Whether one of two uploads of a name is lost, for all that is known.
bool is_lost(const Second& second) {
  return !second || second == ci::SecondUpload::fails || second == ci::SecondUpload::replaces;
}

// The words for it.
std::string loss(const Second& second, std::string fails, std::string replaces) {
  if (!second) return "only one of them may be kept";
  return second == ci::SecondUpload::fails ? std::move(fails) : std::move(replaces);
}

void look_in_matrices(const Facts& facts, Report& report) {
  for (const Row& row : facts.query(
           "SELECT a.file AS file, a.line AS line, a.job AS job, j.matrix AS matrix, a.collides AS collides, "
           "  coalesce(a.artifact_name, a.name, 'artifact') AS name, a.second_upload AS second_upload "
           "FROM ci.artifact a JOIN ci.job j ON j.file = a.file AND j.id = a.job "
           "WHERE a.direction = 'upload' AND j.matrix IS NOT NULL AND "
           "  lower(coalesce(a.overwrite, '')) <> 'true' ORDER BY a.file, a.line")) {
    const auto second = ci::second_upload_from(row.text("second_upload"));
    const bool decided = !row.is_null("collides");
    if (!is_lost(second) || (decided && !row.boolean("collides"))) continue;
    const auto file = row.text("file");
    const auto name = row.text("name");
    const auto jobs = combinations(row.text("matrix"));
    if (!decided && jobs == 0) {
      report.note(fmt::format("{}:{}: '{}' is one name for a matrix whose size only the run knows", file,
                              row.integer("line"), name));
      continue;
    }
    // An expression may tell the jobs apart, and the collector could not say whether it does.
    if (!decided && (jobs == 1 || has_expression(name))) continue;
    // A name with a part of the matrix in it is one for some of the jobs.
    const bool all = jobs > 1 && name.find("matrix.") == std::string::npos;
    report.fail(
        {fmt::format("{}:{}:{}", file, row.text("job"), name), file, row.integer("line"),
         fmt::format("{} upload '{}' under one name: {}",
                     all ? fmt::format("the {} jobs of the matrix", jobs) : std::string("jobs of the matrix"),
                     name,
                     loss(second, "the first one wins, the others fail (409 Conflict)",
                          "the last one wins, the others are lost")),
         fmt::format("put {} into the name: `name: {}-${{{{ matrix.<key> }}}}`",
                     all ? "the matrix" : "every axis of the matrix", name)});
  }
}

void look_across_jobs(const Facts& facts, Report& report) {
  std::map<std::pair<std::string, std::string>, std::vector<Upload>> by_name;
  for (const Row& row : facts.query(
           std::string(kRuns) +
           "SELECT p.file AS root, coalesce(a.artifact_name, a.name, 'artifact') AS name, a.file AS file, "
           "  a.line AS line, a.job AS job, a.on_pull_request = 'yes' AS surely, a.second_upload AS "
           "second_upload "
           "FROM pull_request p JOIN run ON run.root = p.file JOIN ci.artifact a ON a.file = run.file "
           "WHERE a.direction = 'upload' AND a.on_pull_request IN ('yes', 'maybe', 'failure') AND "
           "  a.action LIKE '%upload-artifact' AND lower(coalesce(a.overwrite, '')) <> 'true' "
           "ORDER BY 1, 2, 3, 4")) {
    const auto second = ci::second_upload_from(row.text("second_upload"));
    if (second == ci::SecondUpload::separate) continue;
    report.examined();
    const auto name = row.text("name");
    if (!is_lost(second) || has_expression(name)) continue;
    by_name[{row.text("root"), name}].push_back(
        {row.text("file"), row.integer("line"), row.text("job"), row.boolean("surely"), second});
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
                   fmt::format("'{}' is uploaded at {}:{}, too: {}", key.second, first->file, first->line,
                               loss(upload.second, "the second of them fails (409 Conflict)",
                                    "the second of them takes the place of the first")),
                   "give each upload of a run a name of its own"});
    }
  }
}

void run(const Facts& facts, const Parameters& /*with*/, Report& report) {
  const bool unreadable = report_unreadable_workflows(facts, report);
  look_across_jobs(facts, report);
  look_in_matrices(facts, report);
  if (report.examined_count() == 0 && !unreadable)
    report.skip("no pull request uploads an artifact whose name must be unique");
}

const Check check{.name = "artifact-names-unique",
                  .title = "No two uploads of a run have the same name",
                  .why =
                      "Since v4 an artifact cannot be written twice: of two uploads with one name only the "
                      "first is kept, and the evidence of the other job is lost.",
                  .domains = {"ci"},
                  .parameters = {},
                  .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
