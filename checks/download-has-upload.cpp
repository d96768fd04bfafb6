#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/base/text.h"
#include "harness/check/workflows.h"

namespace {

using namespace exitgate;

// The names under which each run (by its root workflow) uploads: literal, or globs where a part is computed.
std::map<std::string, std::vector<std::string>> uploads_by_run(const Facts& facts) {
  std::map<std::string, std::vector<std::string>> uploads;
  for (const Row& row : facts.query(
           std::string(kRuns) +
           "SELECT run.root, coalesce(a.artifact_name, a.name, 'artifact') FROM run JOIN ci.artifact a "
           "ON a.file = run.file AND a.direction = 'upload' ORDER BY 1, 2")) {
    auto& names = uploads[row.text(0)];
    const auto pattern = name_pattern(row.text(1));
    if (names.empty() || names.back() != pattern) names.push_back(pattern);
  }
  return uploads;
}

void run(const Facts& facts, const Parameters& /*with*/, Report& report) {
  const bool unreadable = report_unreadable_workflows(facts, report);
  const auto uploads = uploads_by_run(facts);
  // A workflow that is only ever called is no run of its own; a repository elsewhere may call it.
  for (const Row& row : facts.query(
           std::string(kRuns) +
           "SELECT a.file, a.line, a.job, a.name, run.root, a.uploads FROM ci.artifact a "
           "JOIN run ON run.file = a.file "
           "WHERE a.direction = 'download' AND a.name IS NOT NULL AND NOT a.other_run AND "
           "  a.file NOT IN " +
           kGitLabFiles +
           " AND "
           "  EXISTS (SELECT 1 FROM ci.trigger t WHERE t.file = run.root AND t.event <> 'workflow_call') "
           "ORDER BY a.file, a.line, run.root")) {
    const auto name = row.text(3);
    if (has_expression(name)) continue;
    const auto root = row.text(4);
    report.examined();
    const auto found = uploads.find(root);
    static const std::vector<std::string> kNone;
    const auto& names = found == uploads.end() ? kNone : found->second;
    if (std::any_of(names.begin(), names.end(),
                    [&](const auto& pattern) { return glob_match(pattern, name); }))
      continue;
    const auto key = fmt::format("{}:{}:{}:{}", row.text(0), row.text(2), name, root);
    if (row.is_null(5)) {
      report.undecided(
          {key, row.text(0), row.integer(1),
           fmt::format(
               "downloads '{}', which no step that can be seen uploads; an action or workflow of another "
               "repository may",
               name),
           "upload it by actions/upload-artifact in the workflow itself"});
      continue;
    }
    const auto near = nearest(name, names);
    report.fail(
        {key, row.text(0), row.integer(1),
         fmt::format(
             "downloads '{}', which no step of a run of {} uploads{}: the step fails each time it runs", name,
             root,
             names.empty() ? std::string(" (it uploads nothing)")
                           : fmt::format(" (it uploads {})", shortened_list(names))),
         near ? fmt::format("write `name: {}`, or upload '{}' before", *near, name)
              : fmt::format(
                    "upload '{}' in a job that this one `needs`, or give `run-id:` and `github-token:` "
                    "when it comes from another run",
                    name)});
  }
  if (report.examined_count() == 0 && !unreadable)
    report.skip("no step downloads an artifact of its own run by a literal name");
}

const Check check{.name = "download-has-upload",
                  .title = "Each artifact that is downloaded by a literal name is uploaded in the same run",
                  .why =
                      "A download that cannot find its upload fails, or, with `continue-on-error`, hands on "
                      "nothing where evidence "
                      "was expected.",
                  .domains = {"ci"},
                  .parameters = {},
                  .run = run};
const Registered registered(check);

}  // namespace
