#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <set>

#include "harness/base/text.h"
#include "harness/check/attacker_text.h"
#include "harness/check/job_steps.h"
#include "harness/check/providers.h"
#include "harness/check/workflows.h"
#include "harness/json/json.h"

namespace exitgate::check {
namespace {

using Place = std::pair<std::string, std::string>;  // file and job

std::string input(const Json& inputs, std::string_view name) {
  if (!inputs.is_object()) return "";
  for (const auto& [key, value] : inputs.members()) {
    if (lower(key) == name && value.is_string()) return value.text();
  }
  return "";
}

bool mentions_any(std::string_view text, std::initializer_list<std::string_view> what) {
  return std::any_of(what.begin(), what.end(),
                     [&](auto one) { return text.find(one) != std::string_view::npos; });
}

// Since v7 actions/checkout refuses a fork's code under pull_request_target, unless it is told otherwise.
bool refuses_forks(std::string_view uses, const Json& inputs) {
  if (lower(input(inputs, "allow-unsafe-pr-checkout")) == "true") return false;
  const auto at = uses.find("@v");
  int major = 0;
  return at != std::string_view::npos &&
         std::from_chars(uses.data() + at + 2, uses.data() + uses.size(), major).ec == std::errc() &&
         major >= 7;
}

class Jobs {
 public:
  Jobs(const Facts& facts, const Parameters& with, Report& report)
      : providers_(facts),
        steps_(facts),
        write_(with.strings("write")),
        pin_(with.boolean("pin-third-party")),
        report_(report) {
    for (const ci::Artifact& row : facts.rows<ci::Artifact>("WHERE direction = 'upload'"))
      uploads_.insert({row.file, row.job, row.position});
    for (const ci::Step& row : facts.rows<ci::Step>())
      written_[{row.file, row.job, row.position}] = {
          Json::try_parse(row.inputs.value_or("")).value_or(Json()), row.environment.value_or("")};
    for (const ci::ActionUse& row : facts.rows<ci::ActionUse>("WHERE position IS NOT NULL"))
      uses_.insert_or_assign({row.file, row.job, *row.position}, row);
    for (const Row& row :
         facts.query(std::string(kRuns) +
                     "SELECT DISTINCT run.file AS file FROM ci.trigger t JOIN run ON run.root = t.file "
                     "WHERE t.event = 'pull_request_target'")) {
      targets_.insert(row.text("file"));
    }
    // Of a workflow with several events, jobs that this one skips.
    for (const Row& row :
         facts.query("SELECT file, job FROM ci.job_instance WHERE event = 'pull_request_target' "
                     "GROUP BY file, job HAVING max(runs <> 'no') = 0")) {
      skipped_.insert({row.text("file"), row.text("job")});
    }
  }

  void look(const ci::Job& job) {
    const auto steps = steps_.of(job.file, job.id);
    if (std::none_of(steps.begin(), steps.end(), [&](const JobStep& step) {
          return uploads_.contains({step.file, step.job, step.position});
        })) {
      return;
    }
    report_.examined();
    job_ = &job;
    for (const auto& step : steps) {
      if (step.on_pull_request == ci::OnPullRequest::no) continue;
      look_at_script(step);
      look_at_pin(step);
    }
    if (targets_.contains(job.file) && !skipped_.contains({job.file, job.id})) look_at_target(steps);
    look_at_permissions();
  }

  void say_what_is_left() {
    if (!unpinned_.empty() && !pin_)
      report_.note(fmt::format(
          "jobs that upload use actions of others that are not pinned to a commit: {}; `pin-third-party: "
          "true` makes that red",
          shortened_list({unpinned_.begin(), unpinned_.end()})));
    if (report_.examined_count() > 0)
      report_.note("looked at are the jobs that upload; zizmor audits the security of workflows as a whole");
  }

 private:
  void fail(const std::string& file, std::int64_t line, const std::string& what, std::string message,
            std::string hint) {
    if (!told_.insert({file, line, what}).second) return;  // a composite action that several jobs call
    report_.fail(
        {fmt::format("{}:{}:{}", file, job_->id, what), file, line, std::move(message), std::move(hint)});
  }

  void look_at_script(const JobStep& step) {
    const auto& written = written_.at({step.file, step.job, step.position});
    const bool by_action = lower(step.uses).find("actions/github-script") != std::string::npos;
    const auto script = by_action ? input(written.inputs, "script") : step.run;
    const auto contexts = attacker_contexts(script, {written.environment, job_->environment.value_or("")});
    if (contexts.empty()) return;
    fail(step.file, step.line, "injection:" + join(contexts, ","),
         fmt::format("job '{}' uploads evidence, and this step puts {} into its script before it runs: "
                     "whoever opens a pull "
                     "request can run commands there, and so write the evidence",
                     job_->id, shortened_list(contexts)),
         "give it to the script by a variable: `env: {TITLE: ${{ … }}}` and `\"$TITLE\"` in the script");
  }

  void look_at_pin(const JobStep& step) {
    const auto found = uses_.find({step.file, step.job, step.position});
    if (found == uses_.end()) return;
    const ci::ActionUse& use = found->second;
    if (use.pin != ci::Pin::ref && use.pin != ci::Pin::none) return;
    if (is_own_action(providers_.of(step.file), use.action)) return;
    const auto shown = use.ref ? use.action + "@" + *use.ref : use.action;
    unpinned_.insert(shown);
    if (!pin_) return;
    fail(step.file, use.line, "pin:" + use.action,
         fmt::format("job '{}' uploads evidence and runs `{}`, which is not pinned to a commit: whoever can "
                     "move that tag or "
                     "branch can write the evidence",
                     job_->id, shown),
         fmt::format("write the commit: `uses: {}@<40 digits>  # {}`", use.action, use.ref.value_or("")));
  }

  // Whether a condition asks whose pull request it is; what it lets through is not judged.
  bool asks_who(const JobStep& checkout) const {
    return mentions_any(job_->condition.value_or("") + " " + join(checkout.conditions, " "),
                        {".head.repo.", "author_association", "github.actor", "github.triggering_actor",
                         ".user.login", ".sender.login", "labels", "label.name"});
  }

  void look_at_target(const std::vector<JobStep>& steps) {
    const JobStep* checkout = nullptr;
    for (const auto& step : steps) {
      const auto& inputs = written_.at({step.file, step.job, step.position}).inputs;
      const bool runs = !step.run.empty() || step.uses.starts_with("./");
      if (checkout != nullptr && runs) {
        if (asks_who(*checkout)) {
          report_.note(fmt::format(
              "{}:{}: job '{}' runs the head's code on pull_request_target; whose, is up to its condition",
              checkout->file, checkout->line, job_->id));
          return;
        }
        fail(checkout->file, checkout->line, "pull_request_target",
             fmt::format("job '{}' runs on pull_request_target, with the repository's own token and secrets, "
                         "checks out the "
                         "pull request's code and runs commands on it ({}:{}): it can write any evidence, of "
                         "other runs too",
                         job_->id, step.file, step.line),
             "run it on `pull_request`, or do not check out the head");
        return;
      }
      const auto from = input(inputs, "ref") + " " + input(inputs, "repository");
      const bool head = mentions_any(from, {"github.event.pull_request.head", "github.head_ref", "refs/pull/",
                                            "github.event.pull_request.merge_commit_sha"});
      if (lower(step.uses).find("actions/checkout") != std::string::npos && head &&
          !refuses_forks(step.uses, inputs))
        checkout = &step;
      if (mentions_any(step.run, {"gh pr checkout"})) checkout = &step;
    }
  }

  void look_at_permissions() {
    const auto permissions = Json::try_parse(job_->permissions.value_or(""));
    if (!permissions) return;
    std::vector<std::string> found;
    if (permissions->is_string() && permissions->text() == "write-all") found = write_;
    if (permissions->is_object()) {
      for (const auto& name : write_) {
        if (input(*permissions, name) == "write") found.push_back(name);
      }
    }
    if (found.empty()) return;
    fail(job_->file, job_->line, "permissions",
         fmt::format("job '{}' uploads evidence and runs with write access to {}: what it runs can change "
                     "evidence of other runs",
                     job_->id, shortened_list(found)),
         "write `permissions: {contents: read}` in the job, and do what needs more in another");
  }

  struct Written {
    Json inputs;
    std::string environment;
  };
  using Step = std::tuple<std::string, std::string, std::int64_t>;  // file, job, position

  Providers providers_;
  JobSteps steps_;
  std::vector<std::string> write_;
  bool pin_;
  Report& report_;
  std::set<Step> uploads_;
  std::map<Step, Written> written_;
  std::map<Step, ci::ActionUse> uses_;
  std::set<std::string> targets_;  // files that a pull_request_target runs
  std::set<Place> skipped_;
  std::set<std::string> unpinned_;
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
  jobs.say_what_is_left();
  if (report.examined_count() == 0 && !unreadable) report.skip("no job on pull requests uploads an artifact");
}

const Check check{
    .name = "evidence-unforgeable",
    .title = "Whoever opens a pull request cannot write the evidence by its text",
    .why =
        "A title or a branch's name that is pasted into a script runs as commands, and pull_request_target "
        "runs a stranger's "
        "code with the repository's own rights: what such a job uploads proves nothing. Only jobs that "
        "upload are looked at; "
        "zizmor audits workflows as a whole.",
    .domains = {"ci"},
    .parameters =
        {{"write", Parameter::strings, R"(["actions"])",
          "permissions that a job which uploads must not have as `write`; by `actions` artifacts "
          "are deleted"},
         {"pin-third-party", Parameter::boolean, "false",
          "whether such a job's actions of others than the CI provider must be pinned to a commit"}},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
