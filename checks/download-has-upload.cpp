#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "harness/base/text.h"
#include "harness/check/providers.h"
#include "harness/check/workflows.h"

namespace exitgate::check {
namespace {

// The names under which each run (by its root workflow) uploads: literal, or globs where a part is computed.
std::map<std::string, std::vector<std::string>> uploads_by_run(const Facts& facts) {
  std::map<std::string, std::vector<std::string>> uploads;
  for (const Row& row :
       facts.query(std::string(kRuns) +
                   "SELECT run.root AS root, coalesce(a.artifact_name, a.name, 'artifact') AS name "
                   "FROM run JOIN ci.artifact a "
                   "ON a.file = run.file AND a.direction = 'upload' ORDER BY 1, 2")) {
    auto& names = uploads[row.text("root")];
    const auto pattern = name_pattern(row.text("name"));
    if (names.empty() || names.back() != pattern) names.push_back(pattern);
  }
  return uploads;
}

void run(const Facts& facts, const Parameters& /*with*/, Report& report) {
  const bool unreadable = report_unreadable_workflows(facts, report);
  const auto uploads = uploads_by_run(facts);
  const Providers providers(facts);
  // A workflow that is only ever called is not a run of its own; a repository elsewhere may call it.
  for (const Row& row : facts.query(
           std::string(kRuns) +
           "SELECT a.file AS file, a.line AS line, a.job AS job, a.name AS name, run.root AS root, "
           "       a.uploads AS uploads FROM ci.artifact a JOIN run ON run.file = a.file "
           "WHERE a.direction = 'download' AND a.name IS NOT NULL AND NOT a.other_run AND "
           "  EXISTS (SELECT 1 FROM ci.trigger t WHERE t.file = run.root AND t.event <> 'workflow_call') "
           "ORDER BY a.file, a.line, run.root")) {
    const auto file = row.text("file");
    const ci::Provider& provider = providers.of(file);
    const auto name = row.text("name");
    if (provider.artifacts_by != ci::ProviderArtifactsBy::name || has_expression(name)) continue;
    const auto root = row.text("root");
    report.examined();
    const auto found = uploads.find(root);
    static const std::vector<std::string> kNone;
    const auto& names = found == uploads.end() ? kNone : found->second;
    if (std::any_of(names.begin(), names.end(),
                    [&](const auto& pattern) { return glob_match(pattern, name); }))
      continue;
    Finding finding{.key = fmt::format("{}:{}:{}:{}", file, row.text("job"), name, root),
                    .file = file,
                    .line = row.integer("line"),
                    .message = "",
                    .hint = ""};
    if (row.is_null("uploads")) {
      finding.message = fmt::format(
          "downloads '{}', which no step that can be seen uploads; an action or workflow of another "
          "repository may",
          name);
      finding.hint = provider.upload_hint;
      report.undecided(std::move(finding));
      continue;
    }
    finding.message = fmt::format(
        "downloads '{}', which no step of a run of {} uploads{}: the step fails each time it runs", name,
        root,
        names.empty() ? std::string(" (it uploads nothing)")
                      : fmt::format(" (it uploads {})", shortened_list(names)));
    if (const auto near = nearest(name, names)) {
      finding.hint = fmt::format("write `name: {}`, or upload '{}' before", *near, name);
    } else {
      finding.hint = fmt::format("upload '{}' in a job that this one `needs`", name);
      if (provider.other_run_hint)
        finding.hint += fmt::format(", or {} when it comes from another run", *provider.other_run_hint);
    }
    report.fail(std::move(finding));
  }
  if (report.examined_count() == 0 && !unreadable)
    report.skip("no step downloads an artifact of its own run by a literal name");
}

const Check check{.name = "download-has-upload",
                  .title = "Each artifact that is downloaded by a literal name is uploaded in the same run",
                  .why =
                      "A download that cannot find its upload fails, or, with `continue-on-error`, hands on "
                      "nothing where evidence was expected.",
                  .domains = {"ci"},
                  .parameters = {},
                  .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
