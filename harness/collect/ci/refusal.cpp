#include "harness/collect/ci/refusal.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

#include "harness/base/text.h"
#include "harness/collect/ci/cron.h"
#include "harness/collect/ci/permissions.h"
#include "harness/collect/ci/schema.h"
#include "harness/expression/condition.h"

namespace exitgate::collect::ci {

namespace {

constexpr std::size_t kLongestTemplate = 21'000;  // of a text with expressions
constexpr std::size_t kLongestId = 100;

struct Refused {
  int line;
  std::string reason;
};

[[noreturn]] void refuse_at(int line, std::string reason) {
  throw Refused{line, std::move(reason)};
}

const expression::Syntax& syntax_of(unsigned names) {
  constexpr unsigned kAll = kHashFiles << 1U;
  thread_local std::unordered_map<unsigned, expression::Syntax> all;
  const auto [at, is_new] = all.try_emplace(names % kAll);
  if (is_new) {
    for (std::size_t i = 0; i < std::size(kContextNames); ++i) {
      if ((names & (1U << i)) != 0) at->second.names.emplace_back(kContextNames[i]);
    }
    at->second.status_functions = (names & (kStatus | kHashFiles)) != 0;
  }
  return at->second;
}

// The first function that is called where GitHub has none of that name, "" for none.
std::string_view misplaced_function(const expression::Node& node, unsigned names) {
  if (node.kind == expression::NodeKind::call) {
    const bool status =
        node.text == "success" || node.text == "failure" || node.text == "always" || node.text == "cancelled";
    if (status && (names & kStatus) == 0) return node.text;
    if (node.text == "hashfiles" && (names & kHashFiles) == 0) return "hashFiles";
  }
  for (const auto& child : node.children) {
    if (const auto name = misplaced_function(child, names); !name.empty()) return name;
  }
  return {};
}

class Schema {
 public:
  explicit Schema(std::vector<Remark>& remarks) : remarks_(remarks) {}

  void check(const yaml::Node& node, const Shape& shape, unsigned inherited) {
    if (shape.elsewhere) return;
    const unsigned names = shape.names != 0 ? shape.names : inherited;
    if (node.is_mapping()) {
      if (!shape.mapping && !shape.anything) refuse_kind(node, shape);
      return check_mapping(node, shape, names);
    }
    if (node.is_sequence()) {
      if (shape.items == nullptr && !shape.anything) refuse_kind(node, shape);
      if (shape.filled_list && node.items.empty())
        refuse_at(node.line, fmt::format("{} without a value", shape.what));
      for (const auto& item : node.items) check(item, shape.anything ? shape : *shape.items, names);
      return;
    }
    check_scalar(node, shape, names);
  }

 private:
  [[noreturn]] static void refuse_kind(const yaml::Node& node, const Shape& shape) {
    refuse_at(node.line, fmt::format("a {} where {} is expected", yaml::kind_name(node.kind), shape.what));
  }

  void check_mapping(const yaml::Node& node, const Shape& shape, unsigned names) {
    if (shape.anything) {
      for (const auto& entry : node.entries) {
        check_expressions(entry.key, names);
        check(entry.value, shape, names);
      }
      return;
    }
    for (const auto& entry : node.entries) {
      key_line_ = entry.key.line;
      const auto known = std::find_if(shape.keys.begin(), shape.keys.end(),
                                      [&](const Key& key) { return key.name == entry.key.text; });
      if (known != shape.keys.end()) {
        check(entry.value, *known->value, names);
      } else if (expression::has_expression(entry.key.text)) {
        // What `${{ insert }}` adds is known only when the job runs.
        if (names == 0 || bare(entry.key.text) != "insert") check_expressions(entry.key, names);
      } else if (shape.others != nullptr) {
        check(entry.value, *shape.others, names);
      } else {
        remark_unknown(entry.key, shape);
      }
    }
    for (const Key& key : shape.keys) {
      if (!key.required || node.find(key.name) != nullptr) continue;
      const int line = node.entries.empty() ? node.line : node.entries.front().key.line;
      std::string reason = fmt::format("{} without '{}'", shape.what, key.name);
      if (!key.remark) refuse_at(line, std::move(reason));
      remarks_.push_back({line, reason + ": GitHub refuses the whole workflow"});
    }
  }

  void remark_unknown(const yaml::Node& key, const Shape& shape) {
    std::vector<std::string> known;
    for (const Key& one : shape.keys) known.emplace_back(one.name);
    remarks_.push_back({key.line, fmt::format("unknown key '{}' of {}{}: GitHub refuses the whole workflow",
                                              key.text, shape.what, did_you_mean(key.text, known))});
  }

  void check_scalar(const yaml::Node& node, const Shape& shape, unsigned names) {
    if (shape.scalar == Scalar::condition) return check_condition(node, names);
    if (expression::has_expression(node.text)) return check_expressions(node, names);
    if (shape.anything) return;
    bool fits = false;
    switch (shape.scalar) {
      case Scalar::none:
        break;
      case Scalar::text:
      case Scalar::condition:
        fits = true;
        break;
      case Scalar::filled:
        fits = !node.is_null() && !node.text.empty();
        break;
      case Scalar::boolean:
        fits = node.kind == yaml::Kind::boolean;
        break;
      case Scalar::number:
        fits = node.kind == yaml::Kind::integer || node.kind == yaml::Kind::real;
        break;
      case Scalar::null:
        fits = node.is_null();
        break;
    }
    if (fits && !shape.words.empty()) {
      fits = std::find(shape.words.begin(), shape.words.end(), node.text) != shape.words.end();
    }
    if (fits) return;
    // What is not there is at its key, not where the next thing begins.
    if (node.is_null() || node.text.empty())
      refuse_at(node.is_null() ? key_line_ : node.line,
                fmt::format("nothing where {} is expected", shape.what));
    refuse_at(node.line, fmt::format("'{}' where {} is expected", shortened(node.text), shape.what));
  }

  static std::string shortened(const std::string& text) {
    constexpr std::size_t kMost = 40;
    return text.size() <= kMost ? text : valid_utf8(text.substr(0, kMost)) + "…";
  }

  static void check_condition(const yaml::Node& node, unsigned names) {
    refuse_empty_expression(node);
    try {
      check_functions(node.line, expression::read_condition(node.text, syntax_of(names)).tree, names);
    } catch (const expression::SyntaxError& error) {
      refuse_at(node.line, fmt::format("'if' cannot be read: {}", error.what()));
    }
  }

  // What stands in `${{ … }}`, when that is the whole text; else the text.
  static std::string_view bare(std::string_view text) {
    text = trim(text);
    if (text.size() < 5 || !text.starts_with("${{") || !text.ends_with("}}")) return text;
    return trim(text.substr(3, text.size() - 5));
  }

  static void refuse_empty_expression(const yaml::Node& node) {
    constexpr std::string_view kOpen = "${{";
    for (auto at = node.text.find(kOpen); at != std::string::npos; at = node.text.find(kOpen, at + 1)) {
      const auto next = node.text.find_first_not_of(" \t\n", at + kOpen.size());
      if (next != std::string::npos && node.text.compare(next, 2, "}}") == 0)
        refuse_at(node.line, "an empty expression '${{ }}'");
    }
  }

  static void check_expressions(const yaml::Node& node, unsigned names) {
    if (!expression::has_expression(node.text)) return;
    refuse_empty_expression(node);
    if (node.text.size() > kLongestTemplate) {
      refuse_at(node.line, fmt::format("a text with expressions of {} characters: GitHub takes {}",
                                       node.text.size(), kLongestTemplate));
    }
    try {
      const expression::Node tree = expression::read_template(node.text, syntax_of(names));
      // `${{ 'text' }}` is a text.
      if (names == 0 && tree.kind != expression::NodeKind::literal) {
        refuse_at(node.line, "an expression where GitHub takes none");
      }
      check_functions(node.line, tree, names);
    } catch (const expression::SyntaxError& error) {
      refuse_at(node.line, fmt::format("an expression cannot be read: {}", error.what()));
    }
  }

  static void check_functions(int line, const expression::Node& tree, unsigned names) {
    if (const auto name = misplaced_function(tree, names); !name.empty()) {
      refuse_at(line, fmt::format("function '{}' where GitHub has none of that name", name));
    }
  }

  std::vector<Remark>& remarks_;
  int key_line_ = 1;  // of the last key
};

void check_id(const std::string& id, int line, const char* of) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  const bool fits = !id.empty() && is_letter(id[0]) && std::all_of(id.begin(), id.end(), [&](char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || c == '-';
  });
  if (!fits) {
    refuse_at(
        line,
        fmt::format("'{}' is no name of a {}: letters, digits, '_' and '-', a letter or '_' first", id, of));
  }
  if (id.starts_with("__"))
    refuse_at(line, fmt::format("'{}': names with '__' in front are GitHub's own", id));
  if (id.size() >= kLongestId)
    refuse_at(line, fmt::format("the name of a {} with {} characters: GitHub takes fewer than {}", of,
                                id.size(), kLongestId));
}

// "owner/name[/path]@ref", "./path", "docker://image".
bool is_action(std::string_view uses) {
  // "./../x" lies beside the workspace, where an earlier step may have put it.
  if (uses.starts_with("docker://") || uses.starts_with("./") || uses.starts_with(".\\") || local_path(uses))
    return true;
  const std::size_t at = uses.find('@');
  if (at == std::string_view::npos || at + 1 == uses.size()) return false;
  const auto parts = split(uses.substr(0, at), '/');
  return parts.size() >= 2 && !parts[0].empty() && !parts[1].empty() && parts[0] != "." && parts[0] != "..";
}

class Check {
 public:
  explicit Check(Workflow& workflow) : workflow_(workflow), schema_(workflow.remarks) {}

  void run() {
    const yaml::Node& root = *workflow_.root;
    schema_.check(root, kWorkflowShape, 0);
    check_events(*root.find("on"));
    const yaml::Node& jobs = *root.find("jobs");
    if (jobs.entries.empty()) refuse_at(jobs.line, "no job");
    for (const auto& entry : jobs.entries) {
      check_id(entry.key.text, entry.key.line, "job");
      check_job(entry.value);
    }
    check_needs();
  }

 private:
  void check_events(const yaml::Node& on) {
    for (const Trigger& trigger : workflow_.triggers) {
      if (!is_event(trigger.event)) {
        if (expression::has_expression(trigger.event)) {
          refuse_at(trigger.line, "an expression where GitHub takes none");
        }
        std::vector<std::string> known;
        for (const std::string_view name : event_names()) known.emplace_back(name);
        workflow_.remarks.push_back(
            {trigger.line, fmt::format("unknown event '{}'{}: GitHub refuses the whole workflow",
                                       trigger.event, did_you_mean(trigger.event, known))});
      }
      if (trigger.filters != nullptr) check_event(trigger);
    }
    if (workflow_.triggers.empty()) refuse_at(on.line, "no event: GitHub does not know when to run it");
  }

  void check_event(const Trigger& trigger) {
    const yaml::Node& filters = *trigger.filters;
    if (trigger.event == "workflow_call") return schema_.check(filters, kWorkflowCallShape, 0);
    if (trigger.event == "workflow_dispatch") return schema_.check(filters, kWorkflowDispatchShape, 0);
    if (trigger.event == "schedule") {
      schema_.check(filters, kScheduleShape, 0);
      return check_schedule(filters);
    }
    schema_.check(filters, kEventShape, 0);
    for (const char* one : {"branches", "tags", "paths"}) {
      const std::string other = std::string(one) + "-ignore";
      const yaml::Node* ignored = filters.find(other);
      if (ignored != nullptr && filters.find(one) != nullptr) {
        refuse_at(ignored->line, fmt::format("'{}' beside '{}': GitHub takes one of them", other, one));
      }
    }
  }

  static void check_schedule(const yaml::Node& schedule) {
    for (const auto& entry : schedule.items) {
      const yaml::Node* cron = entry.find("cron");
      if (cron == nullptr || is_cron(cron->text)) continue;
      refuse_at(cron->line, fmt::format("'{}' is no time of a schedule: minute, hour, day of the month, "
                                        "month and day of the week, as in '30 5 * * 1-5'",
                                        cron->text));
    }
  }

  void check_job(const yaml::Node& job) {
    const bool calls = job.find("uses") != nullptr;
    schema_.check(job, calls ? kCallShape : kJobShape, 0);
    if (calls) return check_call(*job.find("uses"));
    const yaml::Node* steps = job.find("steps");
    if (steps == nullptr) return;
    std::unordered_set<std::string> ids;
    check_steps(*steps, ids);
  }

  static void check_call(const yaml::Node& uses) {
    const std::string_view text = trim(uses.text);
    const bool local = text.starts_with("./") || text.starts_with("$/");
    if (local ? text.find('@') == std::string_view::npos : is_action(text)) return;
    refuse_at(uses.line, fmt::format("'{}' names no workflow: './.github/workflows/NAME.yml' or "
                                     "'OWNER/NAME/.github/workflows/NAME.yml@REF'",
                                     text));
  }

  void check_steps(const yaml::Node& steps, std::unordered_set<std::string>& ids) {
    if (!steps.is_sequence()) {
      refuse_at(steps.line,
                fmt::format("a {} where a list of steps is expected", yaml::kind_name(steps.kind)));
    }
    for (const auto& step : steps.items) check_step(step, ids);
  }

  void check_step(const yaml::Node& step, std::unordered_set<std::string>& ids) {
    if (!step.is_mapping()) {
      refuse_at(step.line, fmt::format("a {} where a step is expected", yaml::kind_name(step.kind)));
    }
    const Shape* shape = step_shape(step);
    if (shape == nullptr) {
      const int line = step.entries.empty() ? step.line : step.entries.front().key.line;
      refuse_at(line, "a step without 'run' or 'uses'");
    }
    const yaml::Node* uses = step.find("uses");
    if (uses != nullptr && step.find("run") != nullptr) {
      refuse_at(uses->line, "a step with 'run' and 'uses': GitHub takes one of them");
    }
    schema_.check(step, *shape, 0);
    if (uses != nullptr && !is_action(trim(uses->text))) {
      refuse_at(
          uses->line,
          fmt::format("'{}' names no action: 'OWNER/NAME@REF', './PATH' or 'docker://IMAGE'", uses->text));
    }
    if (const yaml::Node* id = step.find("id")) {
      check_id(id->text, id->line, "step");
      if (!ids.insert(lower(id->text)).second) {
        refuse_at(id->line, fmt::format("the job has two steps with the id '{}'", id->text));
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
          refuse_at(line_of_need(job, need),
                    fmt::format("job '{}' needs '{}', which is no job here", job.id, need));
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
    refuse_at(job.line, fmt::format("job '{}' waits for itself, by way of its needs", job.id));
  }

  static int line_of_need(const Job& job, const std::string& need) {
    const yaml::Node* needs = job.node->find("needs");
    for (const auto& item : needs->items) {
      if (item.text == need) return item.line;
    }
    return needs->line;
  }

  Workflow& workflow_;
  Schema schema_;
};

// What a call gives, against what the called workflow takes.
void check_given(const Job& job, const Workflow& callee) {
  const Trigger& call = *callee.trigger("workflow_call");
  const auto declared = [&](const char* what) {
    return call.filters == nullptr ? nullptr : call.filters->find(what);
  };
  const auto is_required = [](const yaml::Node& one) {
    const yaml::Node* required = one.find("required");
    return required != nullptr && required->boolean;
  };
  const auto check = [&](const yaml::Node* taken, const yaml::Node* given, const char* what) {
    static const yaml::Node kNothing;
    if (taken == nullptr) taken = &kNothing;
    if (given == nullptr) given = &kNothing;
    std::unordered_set<std::string> names;  // regardless of case
    for (const auto& entry : given->entries) {
      if (expression::has_expression(entry.key.text)) return;
      names.insert(lower(entry.key.text));
    }
    std::unordered_set<std::string> known;
    for (const auto& entry : taken->entries) {
      known.insert(lower(entry.key.text));
      if (is_required(entry.value) && !names.contains(lower(entry.key.text))) {
        refuse_at(job.uses_line, fmt::format("'{}' requires '{}' among its {}, which is not given", *job.uses,
                                             entry.key.text, what));
      }
    }
    for (const auto& entry : given->entries) {
      if (known.contains(lower(entry.key.text))) continue;
      refuse_at(entry.key.line,
                fmt::format("'{}' has no '{}' among its {}", *job.uses, entry.key.text, what));
    }
  };
  check(declared("inputs"), job.node->find("with"), "inputs");
  const yaml::Node* secrets = job.node->find("secrets");
  // `inherit` gives all that there are.
  if (secrets == nullptr || secrets->is_mapping()) check(declared("secrets"), secrets, "secrets");
}

// A text is no number and no boolean, whatever it reads like.
void check_types(const Job& job, const Workflow& callee) {
  const yaml::Node* with = job.node->find("with");
  if (with == nullptr) return;
  for (const auto& entry : with->entries) {
    const yaml::Node& value = entry.value;
    if (!value.is_scalar() || expression::has_expression(value.text)) continue;
    const auto input = std::find_if(callee.inputs.begin(), callee.inputs.end(), [&](const Input& one) {
      return lower(one.name) == lower(entry.key.text);
    });
    if (input == callee.inputs.end()) continue;
    const bool number = value.kind == yaml::Kind::integer || value.kind == yaml::Kind::real;
    if ((input->type == "boolean" && value.kind != yaml::Kind::boolean) ||
        (input->type == "number" && !number)) {
      refuse_at(value.line, fmt::format("'{}' for the input '{}', which is a {}", value.text, entry.key.text,
                                        input->type));
    }
  }
}

void set_problem(Workflow& workflow, const Refused& refused) {
  workflow.problem = fmt::format("line {}: {}", refused.line, refused.reason);
  workflow.refused = true;
}

}  // namespace

void refuse(Workflow& workflow) {
  try {
    Check(workflow).run();
  } catch (const Refused& refused) {
    set_problem(workflow, refused);
  }
}

namespace {

using Callers = std::unordered_map<const Workflow*, std::vector<std::pair<Workflow*, const Job*>>>;

// Workflows that call themselves, by way of others too.
void refuse_circles(Model& model, const Calls& calls, const Callers& callers) {
  std::unordered_map<const Workflow*, std::size_t> open;  // calls that are not known to come to an end
  for (const auto& [callee, by] : callers) {
    for (const auto& [caller, job] : by) ++open[caller];
  }
  std::vector<const Workflow*> ended;
  for (const Workflow& workflow : model.workflows) {
    if (!open.contains(&workflow)) ended.push_back(&workflow);
  }
  for (std::size_t next = 0; next < ended.size(); ++next) {
    const auto found = callers.find(ended[next]);
    if (found == callers.end()) continue;
    for (const auto& [caller, job] : found->second) {
      if (--open[caller] == 0) ended.push_back(caller);
    }
  }
  // In the order of the files, so that the same commit gives the same rows.
  for (Workflow& workflow : model.workflows) {
    for (const Job& job : workflow.jobs) {
      const Workflow* callee = calls.named(job);
      if (workflow.problem || callee == nullptr || open[&workflow] == 0 || open[callee] == 0) continue;
      set_problem(workflow,
                  {job.uses_line, fmt::format("'{}' calls itself, by way of its calls", *job.uses)});
    }
  }
}

}  // namespace

void refuse_calls(Model& model, const Calls& calls) {
  Callers callers;
  for (Workflow& workflow : model.workflows) {
    if (workflow.provider != "github") continue;
    for (const Job& job : workflow.jobs) {
      if (workflow.problem || !job.uses || !local_path(*job.uses)) continue;
      const Workflow* callee = calls.named(job);
      try {
        if (callee == nullptr || (callee->trigger("workflow_call") == nullptr && !callee->problem)) {
          refuse_at(job.uses_line,
                    fmt::format("'{}' is no workflow of this commit that can be called", *job.uses));
        }
        callers[callee].emplace_back(&workflow, &job);
        if (callee->problem) continue;
        check_given(job, *callee);
        check_types(job, *callee);
      } catch (const Refused& reason) {
        set_problem(workflow, reason);
      }
    }
  }
  refuse_circles(model, calls, callers);
  for (auto& [workflow, at] : find_excessive_permissions(model, calls)) {
    set_problem(*workflow, {at.line, std::move(at.reason)});
  }
  std::vector<const Workflow*> refused;
  for (const Workflow& workflow : model.workflows) {
    if (workflow.problem) refused.push_back(&workflow);
  }
  // Who calls what is refused is refused.
  for (std::size_t next = 0; next < refused.size(); ++next) {
    for (const auto& [caller, job] : callers[refused[next]]) {
      if (caller->problem) continue;
      set_problem(*caller, {job->uses_line, fmt::format("it calls '{}', which GitHub refuses", *job->uses)});
      refused.push_back(caller);
    }
  }
}

}  // namespace exitgate::collect::ci
