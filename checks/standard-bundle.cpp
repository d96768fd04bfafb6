#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/text.h"
#include "harness/check/job_instances.h"
#include "harness/check/job_steps.h"
#include "harness/check/kept.h"
#include "harness/check/providers.h"
#include "harness/check/step_commands.h"
#include "harness/check/upload_outcomes.h"
#include "harness/check/workflows.h"

namespace exitgate::check {
namespace {

struct Upload {
  std::string file;
  std::int64_t line;
  std::string job;
  std::string name;
  std::optional<std::string> retention;
  std::optional<std::int64_t> days;
  std::string if_no_files_found;
  std::string condition;
  bool merges = false;  // it merges artifacts, and fails by itself when there are none
  std::int64_t position = 0;
  bool after_failure = false;  // it runs only after something failed
};

struct Workflow {
  std::string file;
  std::string name;
  std::int64_t line;  // of its pull_request trigger
  std::vector<Upload> uploads;
};

// Workflows that a pull request starts and the uploads that can run then, also in what they call.
std::vector<Workflow> uploading_workflows(const Facts& facts) {
  std::vector<Workflow> workflows;
  for (const Row& row : facts.query(
           std::string(kRuns) +
           "SELECT w.file AS root, coalesce(w.name, w.file) AS workflow, p.line AS trigger, a.file AS file, "
           "  a.line AS line, a.job AS job, coalesce(a.artifact_name, a.name, 'artifact') AS name, "
           "  a.retention AS retention, a.retention_days AS days, "
           "  coalesce(a.if_no_files_found, 'warn') AS missing, coalesce(a.condition, '') AS condition, "
           "  a.action LIKE '%/merge' AS merges, a.position AS position, a.on_pull_request = 'failure' AS "
           "after_failure "
           "  FROM pull_request p JOIN ci.workflow w ON w.file = p.file JOIN run ON run.root = w.file "
           "  JOIN ci.artifact a ON a.file = run.file "
           " WHERE a.direction = 'upload' AND a.on_pull_request IN ('yes', 'maybe', 'failure') ORDER BY 1, "
           "4, 5")) {
    const auto root = row.text("root");
    if (workflows.empty() || workflows.back().file != root) {
      workflows.push_back({root, row.text("workflow"), row.integer("trigger"), {}});
    }
    workflows.back().uploads.push_back({row.text("file"), row.integer("line"), row.text("job"),
                                        row.text("name"), row.optional_text("retention"),
                                        row.optional_integer("days"), row.text("missing"),
                                        row.text("condition"), row.boolean("merges"), row.integer("position"),
                                        row.boolean("after_failure")});
  }
  return workflows;
}

class Bundle {
 public:
  Bundle(const Facts& facts, const Parameters& with, Report& report)
      : providers_(facts),
        steps_(facts),
        commands_(facts),
        outcomes_(facts, steps_, commands_),
        kept_(facts),
        instances_(facts),
        name_(with.string("name")),
        days_(with.integer("min-days")),
        report_(report) {
    for (const Row& row :
         facts.query("SELECT DISTINCT s.file AS file, s.step AS step, j.file AS job_file, j.job AS job "
                     "FROM ci.artifact_instance a JOIN ci.step_instance s ON s.id = a.step "
                     "JOIN ci.job_instance j ON j.id = a.instance WHERE a.direction = 'upload'")) {
      jobs_[{row.text("file"), row.integer("step")}].insert({row.text("job_file"), row.text("job")});
    }
    for (const Row& row : facts.query("SELECT DISTINCT file, line, coalesce(name, name_pattern) AS name "
                                      "FROM ci.artifact_instance WHERE direction = 'upload' AND "
                                      "coalesce(name, name_pattern) IS NOT NULL")) {
      names_[{row.text("file"), row.integer("line")}].push_back(row.text("name"));
    }
  }

  void look(const Workflow& workflow) {
    report_.examined();
    const ci::Provider& provider = providers_.of(workflow.file);
    bool any = false;
    std::vector<std::string> others;
    for (const auto& upload : workflow.uploads) {
      if (is_bundle(upload)) {
        any = true;
        look(upload);
      } else if (std::find(others.begin(), others.end(), upload.name) == others.end()) {
        others.push_back(upload.name);
      }
    }
    if (any) return;
    report_.fail(
        {fmt::format("{}:missing", workflow.file), workflow.file, workflow.line,
         fmt::format(
             "'{}' runs on pull requests and uploads {}, but no evidence bundle named '{}': who looks "
             "for its evidence must know the workflow by heart",
             workflow.name, shortened_list(others), name_),
         bundle_hint(provider, workflow.file)});
  }

 private:
  // With a name that no two jobs of a run share, whichever of them follow it.
  std::string bundle_hint(const ci::Provider& provider, const std::string& root) const {
    bool in_matrix = false;
    bool called_again = false;
    std::size_t jobs = 0;
    for (const auto& [job, count] : instances_.of_run(root)) {
      const auto steps = steps_.of(job.first, job.second);
      if (std::none_of(steps.begin(), steps.end(),
                       [&](const JobStep& step) { return commands_.test_in(step).has_value(); }))
        continue;
      ++jobs;
      in_matrix = in_matrix || count.in_matrix;
      called_again = called_again || count.called_again;
    }
    const bool several = jobs > 1 || in_matrix || called_again;
    std::string part = "-" + provider.run_id;
    std::string more;
    if (provider.job_part) {
      part += "-" + *provider.job_part;
      if (in_matrix && provider.matrix_part) part += "-" + *provider.matrix_part;
      if (in_matrix && !provider.matrix_part) more += "; put each axis of the matrix into the name, too";
      if (called_again) {
        more +=
            "; give the workflow that is called several times an input that differs from call to call, and "
            "put "
            "it into the name, too";
      }
      if (several && name_.find('*') == std::string::npos) {
        more =
            "; a run takes one name only once: let each job upload its part under another name, and one job "
            "that needs them all upload the parts as this bundle";
      }
    }
    return fill(provider.bundle_hint, {{"name", example(part)}, {"days", std::to_string(days_)}}) + more;
  }

  // By its name as written, or as it comes to in a run.
  bool is_bundle(const Upload& upload) const {
    if (glob_match(name_, name_pattern(upload.name))) return true;
    const auto names = names_.find({upload.file, upload.line});
    return names != names_.end() && std::any_of(names->second.begin(), names->second.end(),
                                                [&](const auto& name) { return glob_match(name_, name); });
  }

  void look(const Upload& upload) {
    const ci::Provider& provider = providers_.of(upload.file);
    const auto key = fmt::format("{}:{}:{}", upload.file, upload.job, upload.name);
    const std::string lost = lost_by(provider, upload);
    if (!lost.empty()) {
      report_.fail({key + ":if", upload.file, upload.line,
                    fmt::format("the evidence bundle '{}' {}", upload.name, lost), provider.always_hint});
    }
    if (provider.missing_files_hint && !upload.merges && upload.if_no_files_found != "error") {
      report_.fail(
          {key + ":if-no-files-found", upload.file, upload.line,
           fmt::format("the evidence bundle '{}' may be missing without a sign: `if-no-files-found` is '{}'",
                       upload.name, upload.if_no_files_found),
           *provider.missing_files_hint});
    }
    look_at_retention(provider, upload, key + ":retention");
  }

  // Why there may be no bundle, "" when there always is one.
  std::string lost_by(const ci::Provider& provider, const Upload& upload) const {
    const auto jobs = jobs_.find({upload.file, upload.position});
    if (jobs == jobs_.end()) {
      return runs_always(provider, upload.condition) ? "" : lost_when(provider, upload.condition);
    }
    const std::string has = upload.condition.empty() ? fmt::format("has no `{}:`", provider.condition_key)
                                                     : fmt::format("has `{}: {}`", provider.condition_key,
                                                                   std::string(trim(upload.condition)));
    // What becomes of a canceled job's artifacts at GitLab is nothing that a job can say.
    const bool says_when_cancelled = provider.conditions == ci::ProviderConditions::expression;
    for (const auto& [file, job] : jobs->second) {
      auto [failure, cancelled] = fates(file, job, upload);
      if (!says_when_cancelled) cancelled = Fate::unknown;
      if (failure == Fate::unknown && cancelled == Fate::unknown && !upload.after_failure) {
        if (std::string skipped = skipped_by(provider, file, job); !skipped.empty()) return skipped;
        continue;
      }
      if (upload.after_failure) return has + ": a run that passes leaves no evidence";
      if (failure == Fate::lost)
        return has + ": when a test fails, nothing is uploaded and there is no evidence of it";
      if (cancelled == Fate::lost)
        return has + ": a job that reaches its time limit is cancelled, and leaves no evidence";
      if (failure == Fate::maybe || cancelled == Fate::maybe) {
        return has + ": whether it is uploaded depends on more than `always()`";
      }
      if (std::string skipped = skipped_by(provider, file, job); !skipped.empty()) return skipped;
    }
    return "";
  }

  // When the tests of its job fail, or are cancelled; of commands that may test where none is known to.
  std::pair<Fate, Fate> fates(const std::string& file, const std::string& job, const Upload& upload) const {
    std::pair<Fate, Fate> worst;
    const auto steps = steps_.of(file, job);
    const bool any = std::any_of(steps.begin(), steps.end(),
                                 [&](const JobStep& step) { return commands_.test_in(step).has_value(); });
    const auto own = std::find_if(steps.begin(), steps.end(), [&](const JobStep& step) {
      return step.file == upload.file && step.position == upload.position;
    });
    if (own == steps.end()) return worst;
    for (auto step = steps.begin(); step != own; ++step) {
      const bool tests = any ? commands_.test_in(*step).has_value() && !step->failure_is_ignored
                             : commands_.unknown_in({*step}).has_value();
      if (!tests) continue;
      worst.first =
          std::max(worst.first, outcomes_.after(file, job, *step, *own, ci::StepOutcomeScenario::failure));
      worst.second =
          std::max(worst.second, outcomes_.after(file, job, *step, *own, ci::StepOutcomeScenario::cancelled));
    }
    return worst;
  }

  // Of a job that makes the bundle of what others tested.
  std::string skipped_by(const ci::Provider& provider, const std::string& file,
                         const std::string& job) const {
    const auto steps = steps_.of(file, job);
    if (std::any_of(steps.begin(), steps.end(),
                    [&](const JobStep& step) { return commands_.test_in(step).has_value(); })) {
      return "";
    }
    for (const auto result : {ci::JobOutcomeResult::failure, ci::JobOutcomeResult::cancelled}) {
      const auto skipped = outcomes_.skipped_with(file, job, result);
      if (!skipped) continue;
      if (provider.conditions == ci::ProviderConditions::keyword) {
        if (result != ci::JobOutcomeResult::failure) continue;
        return fmt::format(
            "is not uploaded when a test of job '{}' fails: job '{}' has no `when: always`, and {} skipped",
            skipped->tests, skipped->job, skipped->maybe ? "may then be" : "is then");
      }
      return fmt::format(
          "is not uploaded when {} job '{}' {}: job '{}' {} and {} skipped",
          result == ci::JobOutcomeResult::failure ? "a test of" : "the", skipped->tests,
          result == ci::JobOutcomeResult::failure ? "fails" : "reaches its time limit", skipped->job,
          skipped->condition.empty() ? std::string("has no `if:`")
                                     : fmt::format("has `if: {}`", std::string(trim(skipped->condition))),
          skipped->maybe ? "may then be" : "is then");
    }
    return "";
  }

  void look_at_retention(const ci::Provider& provider, const Upload& upload, const std::string& key) {
    Finding finding{.key = key,
                    .file = upload.file,
                    .line = upload.line,
                    .message = "",
                    .hint = fill(provider.retention_hint, {{"days", std::to_string(days_)}})};
    const Kept kept =
        kept_.worst(provider, upload.file, upload.line, {upload.retention, upload.days, std::nullopt}, days_);
    switch (retention_of(provider, kept.retention, kept.days, days_)) {
      case Retention::long_enough:
        break;
      case Retention::too_short:
        finding.message = fmt::format("the evidence bundle '{}' is kept for {} instead of {}", upload.name,
                                      count_of(static_cast<std::size_t>(*kept.days), "day"), days_);
        report_.fail(std::move(finding));
        break;
      case Retention::by_settings:
        finding.message = fmt::format(
            "the evidence bundle '{}' is kept for as long as the repository's settings happen to say",
            upload.name);
        report_.fail(std::move(finding));
        break;
      case Retention::not_known:
        finding.message =
            fmt::format("the evidence bundle '{}' is kept for `{}`{}, a value that only the run knows",
                        upload.name, upload.retention.value_or(*kept.retention), provider.retention_unit);
        report_.undecided(std::move(finding));
        break;
    }
  }

  static std::string lost_when(const ci::Provider& provider, const std::string& condition) {
    const std::string skipped = "when a test fails, nothing is uploaded and there is no evidence of it";
    if (condition.empty()) return fmt::format("has no `{}:`: {}", provider.condition_key, skipped);
    const auto expression = lower(bare_expression(condition));
    std::string when = skipped;
    if (provider.conditions == ci::ProviderConditions::keyword) {
      if (condition == "on_failure") when = "a run that passes leaves no evidence";
    } else if (expression.find("cancelled()") != std::string::npos) {
      when = "a job that reaches its time limit is cancelled, and leaves no evidence";
    } else if (expression.find("failure()") != std::string::npos) {
      when = "a run that passes leaves no evidence";
    } else if (expression.find("always()") != std::string::npos) {
      when = "whether it is uploaded depends on more than `always()`";
    }
    return fmt::format("has `{}: {}`: {}", provider.condition_key, condition, when);
  }

  // A name that the pattern takes, unique by what is put for the star: "-1-test".
  std::string example(std::string_view part) const {
    std::string name = name_;
    const auto star = name.find('*');
    if (star == 0) part.remove_prefix(1);
    if (star != std::string::npos) name.replace(star, 1, part);
    return name;
  }

  Providers providers_;
  JobSteps steps_;
  StepCommands commands_;
  UploadOutcomes outcomes_;
  KeptInRuns kept_;
  JobInstances instances_;
  // Of each upload, by its step's file and position, the jobs in which it stands.
  std::map<std::pair<std::string, std::int64_t>, std::set<std::pair<std::string, std::string>>> jobs_;
  std::map<std::pair<std::string, std::int64_t>, std::vector<std::string>> names_;  // of uploads in a run
  std::string name_;
  std::int64_t days_;
  Report& report_;
};

void run(const Facts& facts, const Parameters& with, Report& report) {
  const bool unreadable = report_unreadable_workflows(facts, report);
  Bundle bundle(facts, with, report);
  for (const auto& workflow : uploading_workflows(facts)) bundle.look(workflow);
  if (report.examined_count() > 0 || unreadable) return;
  report.skip("no workflow that runs on pull requests uploads an artifact");
}

const Check check{
    .name = "standard-bundle",
    .title = "Each pull-request workflow that uploads anything uploads one standard evidence bundle",
    .why =
        "Evidence that every workflow names, keeps and loses in its own way cannot be found by a reviewer, "
        "nor by a program.",
    .domains = {"ci"},
    .parameters = {{"name", Parameter::string, "\"evidence-bundle*\"", "glob that the bundle's name matches"},
                   {"min-days", Parameter::integer, "30", "the fewest days that the bundle must be kept"}},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
