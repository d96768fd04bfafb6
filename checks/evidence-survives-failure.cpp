#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/base/text.h"
#include "harness/check/job_steps.h"
#include "harness/check/shell.h"
#include "harness/check/test_commands.h"
#include "harness/check/workflows.h"

namespace {

using namespace exitgate;

struct Upload {
  std::int64_t line;
  std::string name;
  std::string path;
  bool gitlab = false;
};

// Uploads by the file and position of their step (job '' in a composite action).
using Uploads = std::map<std::pair<std::string, std::int64_t>, Upload>;

bool is_evidence(const std::vector<std::string>& globs, const Upload& upload) {
  return std::any_of(globs.begin(), globs.end(), [&](const auto& glob) {
    return glob_match(glob, lower(upload.name)) || glob_match(glob, lower(upload.path));
  });
}

// Whether a step with this condition can run after a failed step: GitHub puts success() before every
// condition that calls none of the four status functions.
bool survives(const std::string& condition) {
  const auto text = lower(condition);
  if (text == "always" || text == "on_failure") return true;  // GitLab's `artifacts: when:`
  for (const std::string_view function : {"always()", "failure()", "cancelled()"}) {
    if (text.find(function) != std::string::npos) return true;
  }
  return false;
}

bool tests(const JobStep& step, const std::vector<std::string>& patterns) {
  for (const auto& command : shell_commands(step.run)) {
    if (std::any_of(patterns.begin(), patterns.end(),
                    [&](const auto& pattern) { return does(command, pattern); })) {
      return true;
    }
  }
  return false;
}

class Jobs {
 public:
  Jobs(const Facts& facts, const Parameters& with, Report& report)
      : facts_(facts),
        steps_(facts),
        evidence_(with.strings("evidence")),
        test_(with.strings("test")),
        report_(report) {}

  void look(const std::string& file, const std::string& job) {
    Uploads uploads;
    for (const Row& row : facts_.query(
             "SELECT file, position, line, coalesce(name, 'artifact'), coalesce(path, ''), "
             "  file IN " +
                 kGitLabFiles +
                 " "
                 "FROM ci.artifact WHERE direction = 'upload' AND (job = '' OR (file = ? AND job = ?))",
             {file, job})) {
      uploads[{row.text(0), row.integer(1)}] = {row.integer(2), row.text(3), row.text(4), row.boolean(5)};
    }
    if (uploads.empty()) return;
    bool tested = false;
    for (const auto& step : steps_.of(file, job)) {
      if (tests(step, test_)) tested = tested || !step.failure_is_ignored;
      const auto found = uploads.find({step.file, step.position});
      if (!tested || found == uploads.end() || !is_evidence(evidence_, found->second)) continue;
      report_.examined();
      judge(job, step, found->second);
    }
  }

 private:
  void judge(const std::string& job, const JobStep& step, const Upload& upload) {
    // A composite action is skipped as a whole when the step that calls it is.
    const auto lost = std::find_if(step.conditions.begin(), step.conditions.end(),
                                   [](const std::string& condition) { return !survives(condition); });
    if (lost == step.conditions.end()) return;
    if (upload.gitlab) return judge_gitlab(job, step, upload, *lost);
    const bool calling = lost + 1 != step.conditions.end();
    report_.fail(
        {fmt::format("{}:{}:{}", step.file, job, upload.name), step.file, upload.line,
         fmt::format(
             "'{}' is not uploaded when a test of job '{}' fails, just when somebody needs it: the step {}{}",
             upload.name, job, calling ? "that calls this action " : "",
             lost->empty() ? std::string("has no `if:`, which means `if: success()`")
                           : fmt::format("has `if: {}`, before which GitHub puts `success() &&`", *lost)),
         calling ? "write `if: always()` on that step, too" : "write `if: always()`"});
  }

  void judge_gitlab(const std::string& job, const JobStep& step, const Upload& upload,
                    const std::string& when) {
    report_.fail(
        {fmt::format("{}:{}:{}", step.file, job, upload.name), step.file, upload.line,
         fmt::format("the artifacts of job '{}' are not kept when a test of it fails, just when somebody "
                     "needs them: {}",
                     job,
                     when.empty() ? std::string("they have no `when:`, which means `when: on_success`")
                                  : fmt::format("they have `when: {}`", when)),
         "write `when: always` under `artifacts:`"});
  }

  const Facts& facts_;
  JobSteps steps_;
  std::vector<std::string> evidence_;
  std::vector<std::string> test_;
  Report& report_;
};

void run(const Facts& facts, const Parameters& with, Report& report) {
  const bool unreadable = report_unreadable_workflows(facts, report);
  Jobs jobs(facts, with, report);
  for (const Row& row :
       facts.query("SELECT file, id FROM ci.job WHERE on_pull_request IN ('yes', 'maybe', 'failure') "
                   "ORDER BY file, line")) {
    jobs.look(row.text(0), row.text(1));
  }
  if (report.examined_count() == 0 && !unreadable)
    report.skip("no job on pull requests uploads evidence after it has tested");
}

const Check check{
    .name = "evidence-survives-failure",
    .title = "Evidence of tests is uploaded when they fail, too",
    .why =
        "The run that failed is the one whose logs are asked for. A step without `if: always()` is skipped "
        "after a "
        "failed one.",
    .domains = {"ci"},
    .parameters =
        {{"evidence", Parameter::strings,
          R"(["*evidence*", "*test*", "*report*", "*coverage*", "*log*", "*junit*", "*result*", "*screenshot*", "*trace*"])",
          "globs of names and paths of artifacts that are evidence, in small letters"},
         {"test", Parameter::strings, kTestCommands, "commands that test"}},
    .run = run};
const Registered registered(check);

}  // namespace
