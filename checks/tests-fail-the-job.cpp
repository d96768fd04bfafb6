#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/text.h"
#include "harness/check/job_steps.h"
#include "harness/check/providers.h"
#include "harness/check/step_commands.h"
#include "harness/check/step_failures.h"
#include "harness/check/workflows.h"
#include "harness/commands/exit_status.h"
#include "harness/commands/shell.h"

namespace exitgate::check {
namespace {

using commands::Failure;

// The reports and logs that a command names: "junit.xml" of `--junitxml=out/junit.xml`.
std::vector<std::string> reports_in(const std::string& text) {
  std::vector<std::string> files;
  for (const auto& word : split(text, ' ')) {
    const auto name = word.substr(word.find_last_of("/=:") + 1);
    const auto dot = name.rfind('.');
    if (dot == std::string::npos || dot == 0) continue;
    for (const std::string_view end :
         {"xml", "json", "jsonl", "log", "txt", "tap", "trx", "out", "html", "csv"}) {
      if (std::string_view(name).substr(dot + 1) == end) files.push_back(name);
    }
  }
  return files;
}

// A command of a script that reads the file for more than to keep or show it.
bool script_reads(const std::string& script, const std::string& file) {
  const auto all = commands::parse_shell(script);
  return std::any_of(all.begin(), all.end(), [&](const auto& command) {
    for (const std::string_view keeps : {"cp", "mv", "rm", "cat", "tee", "tail", "head", "echo", "printf",
                                         "ls", "tar", "zip", "gzip", "sha256sum", "mkdir", "touch"}) {
      if (command.words[0] == keeps) return false;
    }
    return std::any_of(command.words.begin(), command.words.end(),
                       [&](const auto& word) { return word.find(file) != std::string::npos; });
  });
}

// What only keeps or shows a file, and judges nothing by it.
bool only_keeps(const std::string& uses) {
  const auto action = lower(uses);
  for (const std::string_view name : {"upload-artifact", "/cache", "codecov/", "coveralls", "upload-pages"}) {
    if (action.find(name) != std::string::npos) return true;
  }
  return false;
}

class Jobs {
 public:
  Jobs(const Facts& facts, const Parameters& with, Report& report)
      : steps_(facts),
        commands_(facts, {.test = with.strings("test")}),
        providers_(facts),
        failures_(facts, providers_),
        allowed_(with.strings("allow")),
        report_(report) {
    for (const ci::Step& step : facts.rows<ci::Step>()) {
      ids_[{step.file, step.job, step.position}] = step.id.value_or("");
    }
    // Expressions of `continue-on-error`, as they come to in every run of a pull request.
    for (const Row& row :
         facts.query("SELECT file, job FROM ci.job_instance WHERE runs <> 'no' GROUP BY file, job "
                     "HAVING min(failure_ignored = 'yes')")) {
      ignored_jobs_.insert({row.text("file"), row.text("job")});
    }
    for (const Row& row : facts.query("SELECT file, job, step FROM ci.step_instance WHERE runs <> 'no' "
                                      "GROUP BY file, job, step HAVING min(failure_ignored = 'yes')")) {
      ignored_steps_.insert({row.text("file"), row.text("job"), row.integer("step")});
    }
  }

  void look(const ci::Job& job) {
    const bool allowed = std::any_of(allowed_.begin(), allowed_.end(),
                                     [&](const auto& glob) { return glob_match(glob, job.id); });
    job_ = &job;
    const auto steps = steps_.of(job.file, job.id);
    bool tests = false;
    for (std::size_t i = 0; i < steps.size(); ++i) {
      const JobStep& step = steps[i];
      if (step.on_pull_request == ci::OnPullRequest::no) continue;
      const auto test = commands_.test_in(step);
      if (!test) continue;
      tests = true;
      report_.examined();
      if (allowed) continue;
      if (is_ignored(step)) {
        look_at_ignored(step, *test, steps, i);
      } else if (!step.run.empty()) {
        look_at_script(step, steps, i);
      }
    }
    if (tests && !allowed &&
        (lower(job.continue_on_error.value_or("")) == "true" ||
         (job.continue_on_error && ignored_jobs_.contains({job.file, job.id})))) {
      const std::string& key = providers_.of(job.file).ignore_key;
      fail(job.file, job.line, key,
           fmt::format("job '{}' tests, and has `{}: {}`: the run is green although a test fails", job.id,
                       key, *job.continue_on_error),
           fmt::format("take `{}` off; a job that may fail is named in `allow:`", key));
    }
  }

 private:
  bool is_ignored(const JobStep& step) const {
    return step.failure_is_ignored || ignored_steps_.contains({step.file, step.job, step.position});
  }

  void fail(const std::string& file, std::int64_t line, const std::string& what, std::string message,
            std::string hint) {
    if (!told_.insert({file, line, what}).second) return;  // a composite action that several jobs call
    report_.fail(
        {fmt::format("{}:{}:{}", file, job_->id, what), file, line, std::move(message), std::move(hint)});
  }

  // A later step that asks for the outcome of this one, or reads what it wrote. nullptr: none.
  const JobStep* judged_by(const JobStep& step, const std::vector<std::string>& files,
                           const std::vector<JobStep>& steps, std::size_t place) const {
    const auto& id = ids_.at({step.file, step.job, step.position});
    for (std::size_t i = place + 1; i < steps.size(); ++i) {
      const JobStep& later = steps[i];
      if (!id.empty() && later.texts.find("steps." + id + ".") != std::string::npos) return &later;
      if (only_keeps(later.uses)) continue;
      for (const auto& file : files) {
        if (later.run.empty() ? later.texts.find(file) != std::string::npos : script_reads(later.run, file))
          return &later;
      }
      // Reports of tests, wherever they are.
      const auto uses = lower(later.uses);
      for (const std::string_view name :
           {"junit", "test-report", "test-result", "test-summary", "test-reporter"}) {
        if (uses.find(name) != std::string::npos) return &later;
      }
    }
    return nullptr;
  }

  bool is_judged(const JobStep& step, const std::string& command, const std::string& files,
                 const std::vector<JobStep>& steps, std::size_t place) {
    const JobStep* later = judged_by(step, reports_in(files), steps, place);
    if (later == nullptr) return false;
    report_.note(
        fmt::format("{}:{}: a failure of `{}` does not end its step; whether it counts is up to {}:{}",
                    step.file, step.line, command, later->file, later->line));
    return true;
  }

  void look_at_ignored(const JobStep& step, const StepCommand& test, const std::vector<JobStep>& steps,
                       std::size_t place) {
    if (is_judged(step, test.shown, test.written, steps, place)) return;
    // Where no step of its own can say so, it is what GitLab runs behind the script.
    if (providers_.of(step.file).conditions == ci::ProviderConditions::keyword) {
      return fail(step.file, step.line, "after_script:" + test.written,
                  fmt::format("a failure of `{}` leaves job '{}' green: it stands in `after_script:`, whose "
                              "failures do not count",
                              test.shown, job_->id),
                  "test in `script:`");
    }
    fail(step.file, step.line, "continue-on-error:" + test.written,
         fmt::format("a failure of `{}` counts as success in job '{}' (`continue-on-error`), and no later "
                     "step asks for its "
                     "outcome: the job is green although a test fails",
                     test.shown, job_->id),
         "take `continue-on-error` off; what must run afterwards gets `if: always()`");
  }

  void look_at_script(const JobStep& step, const std::vector<JobStep>& steps, std::size_t place) {
    for (const StepCommand& test : commands_.of(step)) {
      if (test.kind != ci::CommandKind::test) continue;
      const Failure failure = failures_.of(job_->file, job_->id, step, test.written);
      if (!failure.is_lost()) continue;
      if (is_judged(step, test.shown, test.written + " " + failure.by, steps, place)) continue;
      fail(test.file, test.line, test.written,
           fmt::format("a failure of `{}` leaves job '{}' green: {}", test.shown, job_->id,
                       why(failure, failures_.shell_of(job_->file, job_->id, step))),
           hint(failure));
    }
  }

  std::string why(const Failure& failure, const std::string& shell) const {
    switch (failure.kind) {
      case Failure::pipe:
        return fmt::format(
            "it is piped into `{}`, and without pipefail only the last command of a pipeline counts{}",
            failure.by, shell.empty() ? " (the default shell is `bash -e`)" : "");
      case Failure::fallback:
        return fmt::format("`{}` stands behind it", failure.by);
      case Failure::and_list:
        return fmt::format("what stands before `&&` does not end the script, which goes on to `{}`",
                           failure.by);
      case Failure::no_errexit:
        return fmt::format("without `set -e` the script goes on, and only its last command counts (`{}`)",
                           failure.by);
      case Failure::condition:
        return "an `if` asks for it, and none of its branches fails";
      default:
        return "";
    }
  }

  static std::string hint(const Failure& failure) {
    switch (failure.kind) {
      case Failure::pipe:
        return "write `shell: bash`, which sets pipefail, or `set -o pipefail` as the first line of the "
               "script";
      case Failure::fallback:
        return fmt::format("take `{}` away; what must run afterwards is a step with `if: always()`",
                           failure.by);
      case Failure::condition:
        return "let the branch for failure end with `exit 1`";
      default:
        return "write each command on a line of its own, under `set -e`";
    }
  }

  JobSteps steps_;
  StepCommands commands_;
  Providers providers_;
  StepFailures failures_;
  std::vector<std::string> allowed_;
  Report& report_;
  std::map<std::tuple<std::string, std::string, std::int64_t>, std::string> ids_;  // of the steps
  std::set<std::pair<std::string, std::string>> ignored_jobs_;
  std::set<std::tuple<std::string, std::string, std::int64_t>> ignored_steps_;
  std::set<std::tuple<std::string, std::int64_t, std::string>> told_;
  const ci::Job* job_ = nullptr;  // looked at just now
};

void run(const Facts& facts, const Parameters& with, Report& report) {
  const bool unreadable = report_unreadable_workflows(facts, report);
  Jobs jobs(facts, with, report);
  for (const ci::Job& job :
       facts.rows<ci::Job>("WHERE on_pull_request IN ('yes', 'maybe', 'failure') ORDER BY file, line")) {
    jobs.look(job);
  }
  if (report.examined_count() == 0 && !unreadable)
    report.skip("no command of a job on pull requests is recognised as a test",
                "name it in exitgate.yaml: `parameters: {EG-CG1.tests-fail-the-job: {test: [...]}}`");
}

const Check check{
    .name = "tests-fail-the-job",
    .title = "No step throws the failure of its tests away",
    .why =
        "A pipe without pipefail, `|| true`, `set +e` and `continue-on-error` leave a job green although its "
        "tests fail: who "
        "reads the run, or waits for it, sees a pass that is none.",
    .domains = {"ci"},
    .parameters = {{"test", Parameter::strings, "[]", "commands that test, beside those that are known"},
                   {"allow", Parameter::strings, "[]", "globs of jobs whose tests may fail: [\"nightly*\"]"}},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
