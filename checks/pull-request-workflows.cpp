#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/check/providers.h"
#include "harness/check/trigger_filters.h"
#include "harness/check/workflows.h"

namespace exitgate::check {
namespace {

struct Workflow {
  std::string file;
  std::int64_t line = 0;  // of the event's name
  std::string name;
  std::int64_t jobs = 0;  // that a pull request runs
  std::vector<TriggerFilters> triggers;

  bool on_type(std::string_view type) const {
    return std::any_of(triggers.begin(), triggers.end(), [&](const auto& one) { return one.on_type(type); });
  }
  // Whether it looks at what is going to be merged, and not only at what was, or at a label.
  bool before_merge() const { return on_type("opened") || on_type("synchronize"); }
  bool covers(std::string_view path) const {
    return std::any_of(triggers.begin(), triggers.end(), [&](const auto& one) { return one.covers(path); });
  }
};

std::vector<Workflow> pull_request_workflows(const Facts& facts, Report& report) {
  std::vector<Workflow> workflows;
  for (const Row& row : facts.query(
           std::string(kRuns) +
           "SELECT w.file AS file, coalesce(w.name, w.file) AS name, p.line AS line, "
           "  (SELECT count(*) FROM ci.job j JOIN part ON part.file = j.file "
           "    WHERE part.root = w.file AND j.on_pull_request IN ('yes', 'maybe', 'failure')) AS jobs "
           "FROM ci.workflow w LEFT JOIN pull_request p ON p.file = w.file ORDER BY 1")) {
    report.examined();
    if (row.is_null("line")) continue;
    Workflow workflow{row.text("file"), row.integer("line"), row.text("name"), row.integer("jobs"), {}};
    for (const Row& trigger :
         facts.query("SELECT filters FROM ci.trigger WHERE file = ? AND event IN ('pull_request', "
                     "'pull_request_target', 'merge_request', 'merge_request_event') ORDER BY line",
                     {workflow.file})) {
      workflow.triggers.push_back(read_trigger_filters(trigger.text("filters")));
    }
    workflows.push_back(std::move(workflow));
  }
  return workflows;
}

// Files of the commit; none where the facts do not have them.
std::vector<std::string> files_of(const Facts& facts) {
  std::vector<std::string> files;
  for (const Row& row : facts.query("SELECT path FROM repo.file ORDER BY path"))
    files.push_back(row.text("path"));
  return files;
}

// What keeps pull requests from starting it: ", only for …".
std::string limits(const Workflow& workflow, const std::vector<std::string>& files) {
  std::string text;
  const auto every = [&](const auto& has) {
    return std::all_of(workflow.triggers.begin(), workflow.triggers.end(), has);
  };
  const auto& first = workflow.triggers.front();
  if (!workflow.on_type("opened") || !workflow.on_type("synchronize")) {
    const auto types = first.types;
    text += fmt::format(", only when one is {}", shortened_list(types, 8));
  }
  if (every([](const auto& one) { return !one.branches.empty() || !one.branches_ignore.empty(); })) {
    text += first.branches.empty() ? fmt::format(", only for those that are not for {} (`branches-ignore:`)",
                                                 shortened_list(first.branches_ignore))
                                   : fmt::format(", only for those that are for {} (`branches:`)",
                                                 shortened_list(first.branches));
  }
  if (every([](const auto& one) { return one.filters_paths(); })) {
    const auto covered =
        std::count_if(files.begin(), files.end(), [&](const auto& file) { return workflow.covers(file); });
    text += fmt::format(", only for changes to {} of the {} files (`paths:`)", covered, files.size());
  }
  return text;
}

// Files whose change alone starts none of the workflows.
std::vector<std::string> uncovered(const std::vector<Workflow>& workflows,
                                   const std::vector<std::string>& files) {
  std::vector<std::string> left;
  for (const auto& file : files) {
    if (std::none_of(workflows.begin(), workflows.end(), [&](const auto& workflow) {
          return workflow.jobs > 0 && workflow.before_merge() && workflow.covers(file);
        })) {
      left.push_back(file);
    }
  }
  return left;
}

void look_at_files(const std::vector<std::string>& left, std::size_t all,
                   const std::vector<std::string>& must, const Workflow& filtering, Report& report) {
  if (left.empty()) return;
  report.note(fmt::format(
      "{} of the {} files are in no workflow's `paths:`: a pull request that changes nothing else starts "
      "none ({})",
      left.size(), all, shortened_list(left)));
  std::vector<std::string> missed;
  for (const auto& file : left) {
    if (std::any_of(must.begin(), must.end(), [&](const auto& glob) { return filter_matches(glob, file); }))
      missed.push_back(file);
  }
  if (missed.empty()) return;
  report.fail(
      {.key = "uncovered",
       .file = filtering.file,
       .line = filtering.line,
       .message = fmt::format("a pull request that changes only {} starts no workflow: no `paths:` has {}",
                              shortened_list(missed), missed.size() == 1 ? "it" : "them"),
       .hint =
           "add them to `paths:` of the workflow that runs the tests, or take them out of `must-cover:`"});
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  const bool unreadable = report_unreadable_workflows(facts, report);
  const auto least = with.integer("at-least");
  const auto workflows = pull_request_workflows(facts, report);
  // Only filters of workflows that pull requests start are compared with files.
  const auto files = workflows.empty() ? std::vector<std::string>{} : files_of(facts);
  std::int64_t running = 0;
  bool on_new_commits = false;
  const Workflow* other_types = nullptr;  // runs jobs, and at other times only
  const Workflow* last = nullptr;         // runs jobs when a pull request is opened
  for (const auto& workflow : workflows) {
    report.note(fmt::format("{}:{}: '{}' runs on pull requests, {} of its jobs {}{}", workflow.file,
                            workflow.line, workflow.name, workflow.jobs, workflow.jobs == 1 ? "does" : "do",
                            limits(workflow, files)));
    if (workflow.jobs == 0) continue;
    if (!workflow.before_merge()) {
      if (other_types == nullptr) other_types = &workflow;
      continue;
    }
    ++running;
    last = &workflow;
    on_new_commits = on_new_commits || workflow.on_type("synchronize");
  }
  if (running > 0)
    look_at_files(uncovered(workflows, files), files.size(), with.strings("must-cover"), *last, report);
  if (unreadable) return;
  if (running >= least && running > 0 && !on_new_commits) {
    report.fail({.key = "new-commits",
                 .file = last->file,
                 .line = last->line,
                 .message = fmt::format(
                     "'{}' starts when a pull request is opened, and nothing starts when commits are "
                     "pushed to it: what is merged need not be what was looked at",
                     last->name),
                 .hint = "write `types: [opened, synchronize, reopened]`, or no `types:`"});
  }
  if (running >= least) return;
  report.fail(
      {.key = "pull-request-workflows",
       .file = "",
       .line = 0,
       .message = fmt::format(
           "{} run{} a job on pull requests (of {}), {} asked for: nothing looks at a change before "
           "it is merged{}",
           running == 0 ? std::string("no workflow")
                        : count_of(static_cast<std::size_t>(running), "workflow"),
           running <= 1 ? "s" : "", report.examined_count(),
           least == 1 ? "1 is" : fmt::format("{} are", least),
           other_types == nullptr
               ? ""
               : fmt::format(" ({}:{} starts only when one is {})", other_types->file, other_types->line,
                             shortened_list(other_types->triggers.front().types, 8))),
       .hint = other_types == nullptr ? Providers(facts).of_most().pull_request_hint
                                      : "write `types: [opened, synchronize, reopened]`, or no `types:`"});
}

const Check check{
    .name = "pull-request-workflows",
    .title = "Workflows run on pull requests",
    .why =
        "Without a workflow that a pull request starts there is no run whose evidence could be "
        "kept. The notes list the workflows that there are, and what keeps a pull request from starting "
        "them.",
    .domains = {"ci", "repo"},
    .parameters = {{"at-least", Parameter::integer, "1",
                    "how many workflows must run a job on pull requests"},
                   {"must-cover", Parameter::strings, "[]",
                    "files whose change must start a workflow, as patterns of `paths:`: [\"src/**\"]"}},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
