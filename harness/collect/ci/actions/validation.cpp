#include "harness/collect/ci/actions/validation.h"

#include <fmt/core.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "harness/base/text.h"
#include "harness/collect/ci/actions/invalid.h"
#include "harness/collect/ci/actions/schema_check.h"
#include "harness/expression/condition.h"

namespace exitgate::collect::ci::actions {

namespace {

void check_id(const std::string& id, int line, const char* of, const Dialect& dialect) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const bool fits = !id.empty() && is_letter(id[0]) && std::all_of(id.begin(), id.end(), [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-';
  });
  if (!fits) {
    invalid(line,
            fmt::format("'{}' is not a valid {} name: letters, digits, '_' and '-', a letter or '_' first",
                        id, of));
  }
  if (dialect.schema->reserved_ids && id.starts_with("__"))
    invalid(line, fmt::format("'{}': names with '__' in front are {}'s own", id, dialect.title));
  const std::size_t longest = dialect.schema->longest_id;
  if (longest != 0 && id.size() > longest)
    invalid(line, fmt::format("the name of a {} with {} characters: {} takes fewer than {}", of, id.size(),
                              dialect.title, longest + 1));
}

// "owner/name[/path]@ref", "./path", "docker://image", and where they are taken "https://host/owner/name@ref".
bool is_action(std::string_view uses, const Dialect& dialect) {
  // "./../x" lies beside the workspace, where an earlier step may have put it.
  if (uses.starts_with("docker://") || uses.starts_with("./") || uses.starts_with(".\\") || local_path(uses))
    return true;
  uses = plain_action(uses, dialect);
  const std::size_t at = uses.find('@');
  if (at == std::string_view::npos || at + 1 == uses.size()) return false;
  const auto parts = split(uses.substr(0, at), '/');
  return parts.size() >= 2 && !parts[0].empty() && !parts[1].empty() && parts[0] != "." && parts[0] != "..";
}

class Check {
 public:
  Check(Workflow& workflow, const Dialect& dialect)
      : workflow_(workflow), dialect_(dialect), schema_(*dialect.schema) {}

  void run() {
    const yaml::Node& root = *workflow_.root;
    check(root, *schema_.workflow);
    check_events(*root.find("on"));
    const yaml::Node& jobs = *root.find("jobs");
    if (jobs.entries.empty()) invalid(jobs.line, "no job");
    for (const auto& entry : jobs.entries) {
      check_id(entry.key.text, entry.key.line, "job", dialect_);
      check_job(entry.value);
    }
    check_needs();
  }

 private:
  void check_events(const yaml::Node& on) {
    for (const Trigger& trigger : workflow_.triggers) {
      if (!is_event(trigger.event)) {
        if (expression::has_expression(trigger.event)) {
          invalid(trigger.line, fmt::format("an expression where {} takes none", dialect_.title));
        }
        std::vector<std::string> known;
        for (const std::string_view name : schema_.events) known.emplace_back(name);
        workflow_.problems.push_back(
            {trigger.line, fmt::format("unknown event '{}'{}: {}", trigger.event,
                                       did_you_mean(trigger.event, known), dialect_.unknown_event)});
      }
      if (trigger.filters != nullptr) check_event(trigger);
    }
    if (workflow_.triggers.empty())
      invalid(on.line, fmt::format("no event: {} does not know when to run it", dialect_.title));
  }

  void check_event(const Trigger& trigger) {
    const yaml::Node& filters = *trigger.filters;
    if (trigger.event == "workflow_call") return check(filters, *schema_.workflow_call);
    if (trigger.event == "workflow_dispatch") return check(filters, *schema_.workflow_dispatch);
    if (trigger.event == "schedule") {
      check(filters, *schema_.schedule);
      return check_schedule(filters);
    }
    check(filters, *schema_.event);
    if (!schema_.exclusive_filters) return;
    for (const char* one : {"branches", "tags", "paths"}) {
      const std::string other = std::string(one) + "-ignore";
      const yaml::Node* ignored = filters.find(other);
      if (ignored != nullptr && filters.find(one) != nullptr) {
        invalid(ignored->line,
                fmt::format("'{}' beside '{}': {} takes one of them", other, one, dialect_.title));
      }
    }
  }

  void check_schedule(const yaml::Node& schedule) const {
    for (const auto& entry : schedule.items) {
      const yaml::Node* cron = entry.find("cron");
      if (cron == nullptr || schema_.is_cron(cron->text)) continue;
      invalid(cron->line, fmt::format("'{}' is not a valid schedule: minute, hour, day of the month, "
                                      "month and day of the week, as in '30 5 * * 1-5'",
                                      cron->text));
    }
  }

  void check_job(const yaml::Node& job) {
    const bool calls = job.find("uses") != nullptr;
    check(job, calls ? *schema_.call : *schema_.job);
    if (calls) return check_call(*job.find("uses"));
    const yaml::Node* steps = job.find("steps");
    if (steps == nullptr) return;
    std::unordered_set<std::string> ids;
    check_steps(*steps, ids);
  }

  void check_call(const yaml::Node& uses) const {
    const std::string_view text = trim(uses.text);
    const bool local = text.starts_with("./") || text.starts_with("$/");
    if (local ? text.find('@') == std::string_view::npos : is_action(text, dialect_)) return;
    invalid(uses.line, fmt::format("'{}' names no workflow: './{}NAME.yml' or 'OWNER/NAME/{}NAME.yml@REF'",
                                   text, schema_.folder, schema_.folder));
  }

  void check_steps(const yaml::Node& steps, std::unordered_set<std::string>& ids) {
    if (!steps.is_sequence()) {
      invalid(steps.line, fmt::format("a {} where a list of steps is expected", yaml::kind_name(steps.kind)));
    }
    for (const auto& step : steps.items) check_step(step, ids);
  }

  void check_step(const yaml::Node& step, std::unordered_set<std::string>& ids) {
    if (!step.is_mapping()) {
      invalid(step.line, fmt::format("a {} where a step is expected", yaml::kind_name(step.kind)));
    }
    const Shape* shape = schema_.step(step);
    if (shape == nullptr) {
      const int line = step.entries.empty() ? step.line : step.entries.front().key.line;
      invalid(line, "a step without 'run' or 'uses'");
    }
    const yaml::Node* uses = step.find("uses");
    if (uses != nullptr && step.find("run") != nullptr) {
      invalid(uses->line, fmt::format("a step with 'run' and 'uses': {} takes one of them", dialect_.title));
    }
    check(step, *shape);
    if (uses != nullptr && !is_action(trim(uses->text), dialect_)) {
      invalid(uses->line, fmt::format("'{}' names no action: 'OWNER/NAME@REF', './PATH' or 'docker://IMAGE'",
                                      uses->text));
    }
    if (const yaml::Node* id = step.find("id")) {
      check_id(id->text, id->line, "step", dialect_);
      if (!ids.insert(lower(id->text)).second && schema_.unique_step_ids) {
        invalid(id->line, fmt::format("the job has two steps with the id '{}'", id->text));
      }
    }
    if (const yaml::Node* block = step.find("parallel")) check_steps(*block, ids);
  }

  // Jobs that wait for one that is not there, or for each other.
  void check_needs() {
    std::unordered_map<std::string, std::size_t> at;
    for (std::size_t i = 0; i < workflow_.jobs.size(); ++i) at.emplace(lower(workflow_.jobs[i].id), i);
    std::vector<std::size_t> waiting(workflow_.jobs.size());
    std::vector<std::vector<std::size_t>> dependents(workflow_.jobs.size());
    for (std::size_t i = 0; i < workflow_.jobs.size(); ++i) {
      const Job& job = workflow_.jobs[i];
      for (const std::string& need : job.needs) {
        const auto found = at.find(lower(need));
        if (found == at.end()) {
          invalid(line_of_need(job, need),
                  fmt::format("job '{}' needs '{}', which is not a job here", job.id, need));
        }
        ++waiting[i];
        dependents[found->second].push_back(i);
      }
    }
    std::vector<std::size_t> ready;
    for (std::size_t i = 0; i < waiting.size(); ++i) {
      if (waiting[i] == 0) ready.push_back(i);
    }
    for (std::size_t next = 0; next < ready.size(); ++next) {
      for (const std::size_t i : dependents[ready[next]]) {
        if (--waiting[i] == 0) ready.push_back(i);
      }
    }
    if (ready.size() == workflow_.jobs.size()) return;
    const auto stuck =
        std::find_if(waiting.begin(), waiting.end(), [](std::size_t count) { return count != 0; });
    const Job& job = workflow_.jobs[static_cast<std::size_t>(stuck - waiting.begin())];
    invalid(job.line, fmt::format("job '{}' waits for itself, by way of its needs", job.id));
  }

  static int line_of_need(const Job& job, const std::string& need) {
    const yaml::Node* needs = job.node->find("needs");
    for (const auto& item : needs->items) {
      if (item.text == need) return item.line;
    }
    return needs->line;
  }

  void check(const yaml::Node& node, const Shape& shape) {
    check_schema(node, shape, dialect_, workflow_.problems);
  }

  bool is_event(std::string_view name) const {
    return std::find(schema_.events.begin(), schema_.events.end(), name) != schema_.events.end();
  }

  Workflow& workflow_;
  const Dialect& dialect_;
  const WorkflowSchema& schema_;
};

}  // namespace

void validate(Workflow& workflow, const Dialect& dialect) {
  try {
    Check(workflow, dialect).run();
  } catch (const Invalid& reason) {
    set_problem(workflow, reason);
  }
}

}  // namespace exitgate::collect::ci::actions
