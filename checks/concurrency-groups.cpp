#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/text.h"
#include "harness/check/providers.h"
#include "harness/check/workflows.h"

namespace exitgate::check {
namespace {

// A group that the run holds, and where it says so.
struct Held {
  std::string name;  // as it is compared; "": it cannot be
  std::string written;
  std::string file;
  std::int64_t line = 0;
};

// A group's name as two of one run can be compared: `github` is the caller's in a called workflow, other contexts may differ
// from place to place. Names of groups ignore case.
std::string comparable(std::string_view written, const std::string& root_name) {
  std::string name;
  while (true) {
    const auto open = written.find("${{");
    name += lower(written.substr(0, open));
    if (open == std::string_view::npos) return name;
    const auto close = written.find("}}", open);
    if (close == std::string_view::npos) return "";
    std::string expression;
    for (const char c : lower(written.substr(open + 3, close - open - 3))) {
      if (c != ' ' && c != '\t' && c != '\n') expression += c;
    }
    for (const std::string_view own :
         {"inputs", "matrix", "needs", "strategy", "github.job", "github.event.inputs"}) {
      if (expression.find(own) != std::string::npos) return "";
    }
    name += expression == "github.workflow" ? lower(root_name) : "${{" + expression + "}}";
    written.remove_prefix(close + 2);
  }
}

class Groups {
 public:
  Groups(const Facts& facts, Report& report) : providers_(facts), report_(report) {
    for (const ci::Concurrency& row : facts.rows<ci::Concurrency>("ORDER BY file, line"))
      groups_[row.file][row.job] = {"", row.group_name, row.file, row.line};
    for (const Row& row :
         facts.query(std::string(kRuns) + "SELECT caller, job, callee FROM call WHERE position IS NULL")) {
      calls_[{row.text("caller"), row.text("job")}] = row.text("callee");
    }
    for (const ci::Job& row : facts.rows<ci::Job>("ORDER BY file, line")) jobs_[row.file].push_back(row.id);
  }

  void look(const std::string& root, const std::string& name) {
    root_name_ = name;
    enter(root, "", {});
  }

 private:
  static constexpr std::size_t kDeepest = 10;  // levels of workflows

  // `caller`: the job that calls the file, "" in the root.
  void enter(const std::string& file, const std::string& caller, std::vector<Held> held) {
    if (held.size() > 2 * kDeepest || std::count(open_.begin(), open_.end(), file) != 0) return;
    open_.push_back(file);
    wait(file, "", caller, held);
    for (const auto& job : jobs_[file]) {
      std::vector<Held> of_job = held;
      wait(file, job, caller, of_job);
      if (const auto callee = calls_.find({file, job}); callee != calls_.end())
        enter(callee->second, job, of_job);
    }
    open_.pop_back();
  }

  // Adds the group of a workflow (job "") or job to those that are held.
  void wait(const std::string& file, const std::string& job, const std::string& caller,
            std::vector<Held>& held) {
    const auto of_file = groups_.find(file);
    if (of_file == groups_.end()) return;
    const auto found = of_file->second.find(job);
    if (found == of_file->second.end()) return;
    Held group = found->second;
    group.name = comparable(group.written, root_name_);
    report_.examined();
    const auto same = std::find_if(held.begin(), held.end(), [&](const Held& one) {
      return !one.name.empty() && one.name == group.name;
    });
    if (same != held.end() && told_.insert({group.file, group.line}).second) {
      const bool called = job.empty();
      report_.fail({fmt::format("{}:{}:{}", file, job, group.written), file, group.line,
                    fmt::format("{} waits for the concurrency group '{}', which {}:{} holds until {} ends: "
                                "{} cancels the run as a deadlock",
                                called ? fmt::format("this workflow, called by job '{}',", caller)
                                       : fmt::format("job '{}'", job),
                                group.written, same->file, same->line, called ? "the call" : "the run",
                                providers_.of(file).title),
                    called ? "give the called workflow a group that begins with a name of its own, or none: "
                             "`github.workflow` is the "
                             "caller's name in it"
                           : "give the job's group a name of its own"});
    }
    held.push_back(std::move(group));
  }

  Providers providers_;
  Report& report_;
  std::map<std::string, std::map<std::string, Held>> groups_;  // by file and job
  std::map<std::pair<std::string, std::string>, std::string> calls_;
  std::map<std::string, std::vector<std::string>> jobs_;
  std::set<std::pair<std::string, std::int64_t>> told_;
  std::vector<std::string> open_;  // files that are being looked at
  std::string root_name_;
};

void run(const Facts& facts, const Parameters& /*with*/, Report& report) {
  const bool unreadable = report_unreadable_workflows(facts, report);
  Groups groups(facts, report);
  for (const Row& row :
       facts.query("SELECT w.file AS file, coalesce(w.name, w.file) AS name FROM ci.workflow w WHERE EXISTS "
                   "(SELECT 1 FROM ci.trigger t WHERE t.file = w.file AND t.event <> 'workflow_call') "
                   "ORDER BY 1")) {
    groups.look(row.text("file"), row.text("name"));
  }
  if (report.examined_count() == 0 && !unreadable)
    report.skip("no workflow or job that is started has a concurrency group");
}

const Check check{.name = "concurrency-groups",
                  .title = "No part of a run waits for a concurrency group that the run itself holds",
                  .why =
                      "A called workflow has the caller's `github.workflow`: with the usual group, "
                      "`${{ github.workflow }}-${{ github.ref }}`, in both, the run waits for itself, and is "
                      "cancelled before "
                      "it has tested anything.",
                  .domains = {"ci"},
                  .parameters = {},
                  .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
