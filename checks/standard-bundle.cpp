#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/check/workflows.h"

namespace {

using namespace exitgate;

struct Upload {
  std::string file;
  std::int64_t line;
  std::string job;
  std::string name;
  std::optional<std::string> retention;
  std::optional<std::int64_t> days;
  std::string if_no_files_found;
  std::string condition;
  bool gitlab = false;
};

struct Workflow {
  std::string file;
  std::string name;
  std::int64_t line;  // of its pull_request trigger
  bool gitlab = false;
  std::vector<Upload> uploads;
};

// Workflows that a pull request starts and the uploads that can run then, also in what they call.
std::vector<Workflow> uploading_workflows(const Facts& facts) {
  std::vector<Workflow> workflows;
  for (const Row& row : facts.query(
           std::string(kRuns) +
           "SELECT w.file, coalesce(w.name, w.file), p.line, a.file, a.line, a.job, "
           "coalesce(a.artifact_name, a.name, "
           "'artifact'), "
           "       a.retention, a.retention_days, coalesce(a.if_no_files_found, 'warn'), "
           "coalesce(a.condition, ''), w.provider = 'gitlab' "
           "  FROM pull_request p JOIN ci.workflow w ON w.file = p.file JOIN run ON run.root = w.file "
           "  JOIN ci.artifact a ON a.file = run.file "
           " WHERE a.direction = 'upload' AND a.on_pull_request IN ('yes', 'maybe', 'failure') ORDER BY 1, "
           "4, 5")) {
    if (workflows.empty() || workflows.back().file != row.text(0)) {
      workflows.push_back({row.text(0), row.text(1), row.integer(2), row.boolean(11), {}});
    }
    workflows.back().uploads.push_back({row.text(3), row.integer(4), row.text(5), row.text(6),
                                        row.optional_text(7), row.optional_integer(8), row.text(9),
                                        row.text(10), row.boolean(11)});
  }
  return workflows;
}

class Bundle {
 public:
  Bundle(const Parameters& with, Report& report)
      : name_(with.string("name")), days_(with.integer("min-days")), report_(report) {}

  void look(const Workflow& workflow) {
    report_.examined();
    bool any = false;
    std::vector<std::string> others;
    for (const auto& upload : workflow.uploads) {
      if (glob_match(name_, name_pattern(upload.name))) {
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
         workflow.gitlab
             ? fmt::format("give the job that tests `artifacts: {{name: \"{}\", when: always, expire_in: {} "
                           "days, paths: [evidence/]}}`",
                           example("-$CI_PIPELINE_ID"), days_)
             : fmt::format(
                   "let the job that tests end with a step that has `if: always()` and uploads `name: {}` "
                   "with `retention-days: {}` and `if-no-files-found: error`",
                   example("-${{ github.run_id }}"), days_)});
  }

 private:
  void look(const Upload& upload) {
    const auto key = fmt::format("{}:{}:{}", upload.file, upload.job, upload.name);
    if (!runs_always(upload.condition)) {
      report_.fail(
          {key + ":if", upload.file, upload.line,
           fmt::format("the evidence bundle '{}' {}", upload.name,
                       upload.gitlab ? lost_on_gitlab(upload.condition) : lost_when(upload.condition)),
           upload.gitlab ? "write `when: always` under `artifacts:`" : "write `if: always()`"});
    }
    // GitLab's jobs cannot be told to fail without the files.
    if (!upload.gitlab && upload.if_no_files_found != "error") {
      report_.fail(
          {key + ":if-no-files-found", upload.file, upload.line,
           fmt::format("the evidence bundle '{}' may be missing without a sign: `if-no-files-found` is '{}'",
                       upload.name, upload.if_no_files_found),
           "write `if-no-files-found: error` under `with:`"});
    }
    const auto hint = upload.gitlab ? fmt::format("write `expire_in: {} days` under `artifacts:`", days_)
                                    : fmt::format("write `retention-days: {}` under `with:`", days_);
    if (upload.gitlab && upload.retention == "never") return;
    if (upload.days && *upload.days >= days_) return;
    if (upload.days && (*upload.days > 0 || upload.gitlab)) {
      report_.fail({key + ":retention", upload.file, upload.line,
                    fmt::format("the evidence bundle '{}' is kept for {} instead of {}", upload.name,
                                count_of(static_cast<std::size_t>(*upload.days), "day"), days_),
                    hint});
    } else if (upload.days || !upload.retention) {
      report_.fail(
          {key + ":retention", upload.file, upload.line,
           fmt::format(
               "the evidence bundle '{}' is kept for as long as the repository's settings happen to say",
               upload.name),
           hint});
    } else {
      report_.undecided(
          {key + ":retention", upload.file, upload.line,
           fmt::format("the evidence bundle '{}' is kept for `{}`{}, a value that only the run knows",
                       upload.name, *upload.retention, upload.gitlab ? "" : " days"),
           hint});
    }
  }

  static std::string lost_when(const std::string& condition) {
    if (condition.empty())
      return "has no `if:`: when a test fails, the step is skipped and there is no evidence of it";
    const auto expression = lower(bare_expression(condition));
    std::string when = "when a test fails, the step is skipped and there is no evidence of it";
    if (expression.find("cancelled()") != std::string::npos) {
      when = "a job that reaches its time limit is cancelled, and leaves no evidence";
    } else if (expression.find("failure()") != std::string::npos) {
      when = "a run that passes leaves no evidence";
    } else if (expression.find("always()") != std::string::npos) {
      when = "whether it is uploaded depends on more than `always()`";
    }
    return fmt::format("has `if: {}`: {}", condition, when);
  }

  static std::string lost_on_gitlab(const std::string& when) {
    if (when == "on_failure") return "has `when: on_failure`: a run that passes leaves no evidence";
    return fmt::format("{}: when a test fails, nothing is uploaded and there is no evidence of it",
                       when.empty() ? std::string("has no `when:`") : fmt::format("has `when: {}`", when));
  }

  // A name that the pattern takes, unique in a repository's runs by what is put for the star.
  std::string example(std::string_view part) const {
    std::string name = name_;
    const auto star = name.find('*');
    if (star != std::string::npos) name.replace(star, 1, part);
    return name;
  }

  std::string name_;
  std::int64_t days_;
  Report& report_;
};

void run(const Facts& facts, const Parameters& with, Report& report) {
  const bool unreadable = report_unreadable_workflows(facts, report);
  Bundle bundle(with, report);
  for (const auto& workflow : uploading_workflows(facts)) bundle.look(workflow);
  if (report.examined_count() > 0 || unreadable) return;
  report.skip("no workflow that runs on pull requests uploads an artifact");
}

const Check check{
    .name = "standard-bundle",
    .title = "Each pull-request workflow that uploads anything uploads one standard evidence bundle",
    .why =
        "Evidence that every workflow names, keeps and loses in its own way cannot be found by a reviewer, "
        "nor by a "
        "program.",
    .domains = {"ci"},
    .parameters = {{"name", Parameter::string, "\"evidence-bundle*\"", "glob that the bundle's name matches"},
                   {"min-days", Parameter::integer, "30", "the fewest days that the bundle must be kept"}},
    .run = run};
const Registered registered(check);

}  // namespace
