#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <tuple>

#include "harness/base/text.h"
#include "harness/check/job_steps.h"
#include "harness/check/providers.h"
#include "harness/check/step_commands.h"
#include "harness/check/step_failures.h"
#include "harness/check/upload_outcomes.h"
#include "harness/check/workflows.h"

namespace exitgate::check {
namespace {

struct Upload {
  std::int64_t line;
  std::string name;
  std::string path;
};

// Uploads by the file and position of their step (job '' in a composite action).
using Uploads = std::map<std::pair<std::string, std::int64_t>, Upload>;

bool is_evidence(const std::vector<std::string>& globs, const Upload& upload) {
  return std::any_of(globs.begin(), globs.end(), [&](const auto& glob) {
    return glob_match(glob, lower(upload.name)) || glob_match(glob, lower(upload.path));
  });
}

class Jobs {
 public:
  Jobs(const Facts& facts, const Parameters& with, Report& report)
      : facts_(facts),
        steps_(facts),
        providers_(facts),
        evidence_(with.strings("evidence")),
        commands_(facts, {.test = with.strings("test")}),
        outcomes_(facts, steps_, commands_),
        failures_(facts, providers_),
        report_(report) {
    for (const ci::Step& step : facts.rows<ci::Step>("WHERE id IS NOT NULL"))
      ids_[{step.file, step.job, step.position}] = *step.id;
  }

  void look(const std::string& file, const std::string& job) {
    Uploads uploads;
    for (const ci::Artifact& artifact : facts_.rows<ci::Artifact>(
             "WHERE direction = 'upload' AND (job = '' OR (file = ? AND job = ?))", {file, job})) {
      uploads[{artifact.file, artifact.position}] = {artifact.line, artifact.name.value_or("artifact"),
                                                     artifact.path.value_or("")};
    }
    std::vector<JobStep> tested;
    bool collects = false;
    const auto steps = steps_.of(file, job);
    const auto unknown = commands_.unknown_in(steps);
    if (unknown) unknown_.push_back({job, *unknown});
    bool ignored = false;  // a test whose failure counts for nothing
    bool kept = false;
    for (const auto& step : steps) {
      if (const auto test = commands_.test_in(step)) {
        if (tested.empty() && !ignored) testing_.push_back({file, job, *test});
        if (!step.failure_is_ignored) tested.push_back(step);
        ignored = true;
      }
      collects = collects || collects_artifacts(step);
      const auto found = uploads.find({step.file, step.position});
      if (found == uploads.end() || !is_evidence(evidence_, found->second)) continue;
      if (!tested.empty()) {
        kept = true;
        report_.examined();
        judge(file, job, tested, step, found->second);
      } else if (ignored) {
        // The job goes on as if they had passed, and so does the upload.
        kept = true;
        report_.examined();
      } else if (collects && outcomes_.behind_tests(file, job)) {
        kept = true;
        report_.examined();
        judge_collected(file, job, step, found->second);
      } else if (unknown && speaks_of_tests(job, found->second)) {
        judge_unrecognised(job, step, found->second, *unknown);
      }
    }
    any_kept_ = any_kept_ || kept;
    // One that depends on something else as well is one more where another is uploaded in any case.
    for (auto& [conditional, finding] : unsure_) {
      if (!conditional || !sure_) report_.undecided(std::move(finding));
    }
    unsure_.clear();
    sure_ = false;
  }

  // Where no job keeps anything of its tests.
  void judge_all() {
    if (any_kept_) return;
    for (const auto& [file, job, test] : testing_) {
      report_.fail(
          {fmt::format("{}:{}:nothing", file, job), test.file, test.line,
           "runs tests" + (test.called ? fmt::format(" (`{}`)", test.shown) : "") +
               ", and no job on pull requests uploads evidence after it has tested: when a test fails, "
               "nothing is kept of it",
           fmt::format(
               "upload the tests' log or report in the same job ({}); if it is uploaded under another "
               "name, name that in `evidence:`",
               providers_.of(file).always_hint)});
    }
  }
  bool any_testing() const { return !testing_.empty(); }

  // Jobs that may test, for all that is known.
  void name_unknown() {
    constexpr std::size_t kMost = 10;
    for (std::size_t i = 0; i < unknown_.size() && i < kMost; ++i) {
      const auto& [job, command] = unknown_[i];
      report_.note(
          fmt::format("{}:{}: job '{}': whether `{}` tests is unknown; if it does, name it in `test:`",
                      command.file, command.line, job, command.shown));
    }
    if (unknown_.size() > kMost)
      report_.note(fmt::format("and {} with unknown commands: ci.command has them",
                               count_of(unknown_.size() - kMost, "more job")));
  }

 private:
  struct Testing {
    std::string file;
    std::string job;
    StepCommand test;  // its first
  };
  struct Unknown {
    std::string job;
    StepCommand command;
  };

  static bool speaks_of_tests(const std::string& job, const Upload& upload) {
    return lower(job + " " + upload.name + " " + upload.path).find("test") != std::string::npos;
  }

  static bool calls_status(const std::string& condition) {
    const std::string small = lower(condition);
    return small.find("success(") != std::string::npos || small.find("failure(") != std::string::npos ||
           small.find("cancelled(") != std::string::npos || small.find("always(") != std::string::npos;
  }

  static bool collects_artifacts(const JobStep& step) {
    const std::string uses = lower(step.uses);
    return uses.find("download-artifact") != std::string::npos ||
           uses.find("upload-artifact/merge") != std::string::npos;
  }

  // It is made of what other jobs tested, and is lost when its own job is skipped.
  void judge_collected(const std::string& file, const std::string& job, const JobStep& step,
                       const Upload& upload) {
    const auto skipped = outcomes_.skipped_with(file, job, ci::JobOutcomeResult::failure);
    if (!skipped) return;
    const std::string condition = skipped->condition.empty()
                                      ? std::string("has no `if:`")
                                      : fmt::format("has `if: {}`", std::string(trim(skipped->condition)));
    Finding finding{
        fmt::format("{}:{}:{}", step.file, job, upload.name), step.file, upload.line,
        fmt::format("'{}' is not uploaded when a test of job '{}' fails, just when somebody needs it: job "
                    "'{}' {} and is then skipped",
                    upload.name, skipped->tests, skipped->job, condition),
        fmt::format("write `if: always()` in job '{}'", skipped->job)};
    if (!skipped->maybe) return report_.fail(std::move(finding));
    finding.message = fmt::format(
        "whether '{}' is uploaded when a test of job '{}' fails depends on values known only to "
        "the run: job '{}' {}",
        upload.name, skipped->tests, skipped->job, condition);
    report_.undecided(std::move(finding));
  }

  // It may come before the tests, or there may be none: only an upload that runs in any case is right either way.
  void judge_unrecognised(const std::string& job, const JobStep& step, const Upload& upload,
                          const StepCommand& unknown) {
    const ci::Provider& provider = providers_.of(step.file);
    const bool runs_anyway =
        std::all_of(step.conditions.begin(), step.conditions.end(),
                    [&](const std::string& condition) { return runs_after_failure(provider, condition); });
    if (runs_anyway) {
      report_.examined();
      any_kept_ = true;
      return;
    }
    report_.undecided(
        {fmt::format("{}:{}:{}", step.file, job, upload.name), step.file, upload.line,
         fmt::format(
             "job '{}' uploads '{}', and none of its commands is recognised as a test; what `{}` does is "
             "unknown, and so is whether the evidence of a failed test is uploaded",
             job, upload.name, unknown.shown),
         "name the command in exitgate.yaml: `parameters: {EG-CG1.survives-failure: {test: [...]}}`"});
  }

  // When the tests of a step fail.
  Fate fate_after(const std::string& file, const std::string& job, const JobStep& test,
                  const JobStep& upload) const {
    if (!failures_.goes_on(file, job, test, commands_.of(test)))
      return outcomes_.after(file, job, test, upload, ci::StepOutcomeScenario::failure);
    // Its script succeeds all the same, and the job goes on as if they had passed.
    if (upload.on_pull_request == ci::OnPullRequest::failure) return Fate::lost;
    Fate fate = outcomes_.may_not_run(file, job, upload) ? Fate::maybe : Fate::kept;
    // A step that asks for its outcome may turn the job red before the upload comes.
    const auto id = ids_.find({test.file, test.job, test.position});
    if (id == ids_.end()) return fate;
    for (const JobStep& between : steps_.of(file, job)) {
      if (between.texts.find("steps." + id->second + ".") != std::string::npos)
        fate = std::max(fate, outcomes_.after(file, job, between, upload, ci::StepOutcomeScenario::failure));
    }
    return fate;
  }

  // Of the conditions of an upload the one that asks for more than how the job stands.
  static std::string deciding(const JobStep& step) {
    std::string any;
    for (const std::string& condition : step.conditions) {
      if (condition.find('.') != std::string::npos || condition.find('[') != std::string::npos)
        return std::string(trim(condition));
      if (any.empty()) any = trim(condition);
    }
    return any;
  }

  void judge(const std::string& file, const std::string& job, const std::vector<JobStep>& tests,
             const JobStep& step, const Upload& upload) {
    const ci::Provider& provider = providers_.of(step.file);
    Fate fate = Fate::unknown;
    for (const JobStep& test : tests) fate = std::max(fate, fate_after(file, job, test, step));
    if (fate == Fate::kept) sure_ = true;
    if (fate == Fate::kept) return;
    // A composite action is skipped as a whole when the step that calls it is.
    auto lost =
        std::find_if(step.conditions.begin(), step.conditions.end(),
                     [&](const std::string& condition) { return !runs_after_failure(provider, condition); });
    if (fate == Fate::unknown && lost == step.conditions.end()) return;  // as far as the text tells
    if (lost == step.conditions.end()) --lost;
    const std::string condition(trim(*lost));
    if (fate == Fate::maybe) {
      const std::string asks = deciding(step);
      unsure_.push_back(
          {outcomes_.may_not_run(file, job, step),
           {fmt::format("{}:{}:{}", step.file, job, upload.name), step.file, upload.line,
            fmt::format("whether '{}' is uploaded when a test of job '{}' fails depends on values known only "
                        "to the run: {} {}",
                        upload.name, job, provider.upload_subject,
                        asks.empty() ? fmt::format("has no `{}:`", provider.condition_key)
                                     : fmt::format("has `{}: {}`", provider.condition_key, asks)),
            provider.always_hint}});
      return;
    }
    const bool calling = lost + 1 != step.conditions.end();
    const auto& key = provider.condition_key;
    const bool guarded = provider.conditions == ci::ProviderConditions::expression;
    report_.fail(
        {fmt::format("{}:{}:{}", step.file, job, upload.name), step.file, upload.line,
         fmt::format(
             "'{}' is not uploaded when a test of job '{}' fails, just when somebody needs it: {} "
             "{}{}",
             upload.name, job, provider.upload_subject, calling ? "that calls this action " : "",
             condition.empty()
                 ? fmt::format("has no `{}:`, which means `{}: {}`", key, key, provider.condition_default)
                 : fmt::format("has `{}: {}`{}", key, condition,
                               guarded && !calls_status(condition)
                                   ? fmt::format(", before which {} puts `success() &&`", provider.title)
                                   : "")),
         provider.always_hint + (calling ? " on that step, too" : "")});
  }

  const Facts& facts_;
  JobSteps steps_;
  Providers providers_;
  std::vector<std::string> evidence_;
  StepCommands commands_;
  UploadOutcomes outcomes_;
  StepFailures failures_;
  std::map<std::tuple<std::string, std::string, std::int64_t>, std::string> ids_;  // of steps that have one
  std::vector<Testing> testing_;
  std::vector<Unknown> unknown_;
  bool any_kept_ = false;
  std::vector<std::pair<bool, Finding>> unsure_;  // of this job
  bool sure_ = false;
  Report& report_;
};

void run(const Facts& facts, const Parameters& with, Report& report) {
  const bool unreadable = report_unreadable_workflows(facts, report);
  Jobs jobs(facts, with, report);
  for (const Row& row :
       facts.query("SELECT file, id FROM ci.job WHERE on_pull_request IN ('yes', 'maybe', 'failure') "
                   "ORDER BY file, line")) {
    jobs.look(row.text("file"), row.text("id"));
  }
  jobs.judge_all();
  jobs.name_unknown();
  if (report.examined_count() > 0 || jobs.any_testing() || unreadable || !report.undecided_findings().empty())
    return;
  report.skip("no command of a job on pull requests is recognised as a test",
              "name it in exitgate.yaml: `parameters: {EG-CG1.survives-failure: {test: [...]}}`");
}

const Check check{
    .name = "evidence-survives-failure",
    .title = "Test evidence is uploaded even when tests fail",
    .why =
        "The run that failed is the one whose logs are asked for. What does not say that it runs "
        "always is skipped after something failed.",
    .domains = {"ci"},
    .parameters =
        {{"evidence", Parameter::strings,
          R"(["*evidence*", "*test*", "*report*", "*coverage*", "*log*", "*junit*", "*result*", "*screenshot*", "*trace*"])",
          "globs of names and paths of artifacts that are evidence, in small letters"},
         {"test", Parameter::strings, "[]", "commands that test, beside those that are known"}},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
