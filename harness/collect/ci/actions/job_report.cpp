#include "harness/collect/ci/actions/job_report.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "harness/base/text.h"
#include "harness/collect/ci/actions/job_contexts.h"
#include "harness/collect/ci/actions/known_actions.h"
#include "harness/collect/ci/actions/scenario.h"
#include "harness/collect/ci/script/text.h"

namespace exitgate::collect::ci::actions {

namespace {

using expression::Object;
using expression::Value;
using script::End;
using script::Ended;
using script::kLooked;
using script::kUnknown;

// Whether the text may speak of how jobs or steps ended, or of what was made of that.
bool speaks_of_results(std::string_view text) {
  const std::string small = lower(text);
  for (const std::string_view name :
       {"needs", "steps", "env.", "inputs", "job.status", "failure()", "success()"}) {
    if (small.find(name) != std::string::npos) return true;
  }
  return false;
}

// The value of `needs` as an object, ids as they are written: what is not known of outputs is left out.
Value concrete(const Job& job, const Possible& needs) {
  Object object;
  for (const std::string& id : job.needs) {
    const auto found = needs.members().members.find(expression::upper(id));
    if (found == needs.members().members.end() || found->second.kind() != Possible::Kind::object) continue;
    Object one;
    const Possible& result = found->second.members().find("result");
    one.members.emplace_back("result", result.known() != nullptr ? *result.known() : Value());
    Object outputs;
    const Possible& given = found->second.members().find("outputs");
    if (given.kind() == Possible::Kind::object) {
      for (const auto& [key, output] : given.members().members) {
        if (output.known() != nullptr) outputs.members.emplace_back(key, *output.known());
      }
    }
    one.members.emplace_back("outputs", Value(std::move(outputs)));
    object.members.emplace_back(id, Value(std::move(one)));
  }
  return Value(std::move(object));
}

// `name=value` of each line.
std::vector<std::pair<std::string, std::string>> assignments(const std::string& text) {
  std::vector<std::pair<std::string, std::string>> all;
  for (const std::string& line : split(text, '\n')) {
    const auto equals = line.find('=');
    if (equals != std::string::npos)
      all.emplace_back(script::plain(line.substr(0, equals)), line.substr(equals + 1));
  }
  return all;
}

// Names and values as they are written.
using Written = std::vector<std::pair<std::string, std::string>>;

Written written(const yaml::Node* node) {
  Written all;
  if (node == nullptr || !node->is_mapping()) return all;
  for (const auto& entry : node->entries) {
    if (const auto text = ci::text_of(&entry.value)) all.emplace_back(entry.key.text, *text);
  }
  return all;
}

// Of a step, whose own tree is not kept.
Written written(const std::optional<std::string>& json) {
  Written all;
  const auto value = json ? expression::from_json(*json) : std::nullopt;
  if (!value || value->kind() != expression::ValueKind::object) return all;
  for (const auto& [name, one] : value->object().members) {
    if (one.is_primitive()) all.emplace_back(name, one.as_text());
  }
  return all;
}

class Reporter {
 public:
  Reporter(const ExpandedJob& job, const Possible& needs, Conditions& conditions,
           script::Interpretations& scripts)
      : job_(job),
        needs_(needs),
        conditions_(conditions),
        scripts_(scripts),
        job_env_(written(job.job->node->find("env"))) {}

  JobReport all() {
    Scope scope;
    std::size_t at = 0;
    run(at, std::nullopt, Truth::yes, scope);
    return report_;
  }

 private:
  struct Scope {
    PartialStatus status;
    PartialObject steps = {{}, Possible()};
    std::optional<Possible> inputs;  // of a composite action, where they may come from results
    PartialObject env;               // what a call or a script before changed in it
  };

  struct Effect {
    Ended ended;
    bool looks = false;
  };

  void run(std::size_t& at, std::optional<std::size_t> caller, Truth called, Scope& scope) {
    while (at < job_.steps.size() && job_.steps[at].caller == caller) {
      const std::size_t number = at++;
      const ExpandedStep& step = job_.steps[number];
      PartialContexts contexts = contexts_of(step, scope);
      const expression::Condition* condition = conditions_.read(step.step->condition);
      const Truth own = condition == nullptr ? Truth::unknown : holds(*condition, contexts);
      const Truth runs = both(called, own);
      const bool conditional = step.step->condition && speaks_of_results(*step.step->condition);
      Effect effect;
      PartialStatus inner_status;
      if (step.calls_action) {
        Scope inner;
        inner.env = scope.env;
        inner.inputs = inputs_of(step, contexts);
        run(at, number, runs, inner);
        inner_status = inner.status;
      } else if (runs == Truth::no) {
        // Its condition looked, and lets the job pass.
        if (conditional && called != Truth::no && step.ignored != Truth::yes) {
          note(JobReport::Result::success, step, "");
        }
      } else {
        effect = effect_of(step, contexts);
        inner_status = status_of(step, runs, effect, conditional);
      }
      end(step, runs, effect, inner_status, scope);
    }
  }

  PartialContexts contexts_of(const ExpandedStep& step, const Scope& scope) {
    PartialContexts contexts = step.contexts(Possible::object(scope.steps));
    set(contexts.named, "needs", step.caller ? Possible::object({}) : needs_);
    if (step.caller) {
      // A composite action cannot name `needs`.
      set(contexts.named, "needs", Possible());
      if (scope.inputs) set(contexts.named, "inputs", *scope.inputs);
    }
    PartialObject env;
    const Possible& known = contexts.find("env");
    if (known.kind() == Possible::Kind::object) env = known.members();
    add_results(job_env_, contexts, env);
    for (const auto& [name, value] : scope.env.members) set(env, name, value);
    add_results(written(step.step->environment), contexts, env);
    set(contexts.named, "env", Possible::object(std::move(env)));
    contexts.status = scope.status;
    set(contexts.named, "job", job_context(scope.status));
    return contexts;
  }

  // Variables whose text speaks of results, which were read as if nothing failed.
  void add_results(const Written& written, const PartialContexts& contexts, PartialObject& into) {
    for (const auto& [name, text] : written) {
      if (!expression::has_expression(text) || !speaks_of_results(text)) continue;
      set(into, name, possible(text, contexts));
    }
  }

  Possible inputs_of(const ExpandedStep& step, const PartialContexts& contexts) {
    PartialObject inputs;
    // What the action's own steps know of them, and then what was given.
    for (const ExpandedStep& inner : job_.steps) {
      if (!inner.caller || &job_.steps[*inner.caller] != &step) continue;
      const Possible known = inner.scope->contexts.find("inputs");
      if (known.kind() == Possible::Kind::object) inputs = known.members();
      break;
    }
    add_results(written(step.step->inputs), contexts, inputs);
    return Possible::object(std::move(inputs));
  }

  // The text's value; a whole `toJSON(needs)` without what is not known of outputs.
  Possible possible(const std::string& text, const PartialContexts& contexts) {
    try {
      const expression::Node node = expression::read_template(text);
      Possible value = expression::abstract(node, contexts);
      if (value.known() != nullptr || lower(text).find("needs") == std::string::npos ||
          lower(text).find("outputs") != std::string::npos) {
        return as_text(value);
      }
      const Possible& needs = contexts.find("needs");
      if (needs.kind() != Possible::Kind::object || needs.members().members.empty()) return as_text(value);
      PartialContexts known = in_front_of(contexts);
      set(known.named, "needs", concrete(*job_.job, needs));
      return as_text(expression::abstract(node, known));
    } catch (const std::runtime_error&) {
      return Possible::text("");
    }
  }

  // The text with its expressions put in, as script/text.h says of texts.
  std::string rendered(const std::string& text, const PartialContexts& contexts) {
    std::string out;
    std::size_t at = 0;
    while (true) {
      const auto open = text.find("${{", at);
      out += text.substr(at, open - at);
      if (open == std::string::npos) return out;
      auto close = text.find("}}", open);
      if (close == std::string::npos) return out + kUnknown;
      close += 2;
      const std::string expression = text.substr(open, close - open);
      if (speaks_of_results(expression)) out += kLooked;
      const Possible value = possible(expression, contexts);
      if (value.known() != nullptr) {
        out += value.known()->as_text();
      } else {
        out += kUnknown;
      }
      at = close;
    }
  }

  Effect effect_of(const ExpandedStep& step, const PartialContexts& contexts) {
    Effect effect;
    if (step.step->run) return script_effect(step, contexts);
    if (!step.step->uses) return effect;
    Object inputs;
    for (const auto& [name, value] : written(step.step->inputs)) {
      inputs.members.emplace_back(name, Value(rendered(value, contexts)));
    }
    effect.looks = std::any_of(inputs.members.begin(), inputs.members.end(), [](const auto& member) {
      return member.second.text().find(kLooked) != std::string::npos;
    });
    if (const auto ended = run_known_action(*step.step->uses, inputs)) {
      effect.ended = *ended;
    } else if (effect.looks && !tells_somebody(*step.step->uses)) {
      effect.ended = {End::undecided,
                      fmt::format("what `{}` does with the results is not known", *step.step->uses), "", ""};
    }
    return effect;
  }

  // By its name: it writes what became of the run to people.
  static bool tells_somebody(const std::string& uses) {
    const std::string name = lower(uses);
    for (const std::string_view part :
         {"slack", "notif", "discord", "comment", "teams", "mail", "telegram", "mattermost",
          "upload-artifact", "codecov", "webhook", "dispatch", "badge", "gist"}) {
      if (name.find(part) != std::string::npos) return true;
    }
    return false;
  }

  Effect script_effect(const ExpandedStep& step, const PartialContexts& contexts) {
    Effect effect;
    const std::string text = rendered(*step.step->run, contexts);
    script::Start start;
    const Possible& env = contexts.find("env");
    if (env.kind() == Possible::Kind::object) {
      for (const auto& [name, value] : env.members().members) {
        const std::string known =
            value.known() != nullptr ? value.known()->as_text() : std::string(1, kUnknown);
        const bool looked = from_results(name) || scope_changed_.contains(name);
        start.environment[name] = looked ? kLooked + known : known;
      }
    }
    // What the step itself sets; and names keep their case in a script, where the context has them in upper case.
    const Written own = written(step.step->environment);
    for (const auto& [name, value] : own)
      start.environment[expression::upper(name)] = rendered(value, contexts);
    for (const Written& one : {written(job_.workflow->root->find("env")), job_env_, own}) {
      for (const auto& [name, value] : one) {
        const auto found = start.environment.find(expression::upper(name));
        if (found != start.environment.end()) start.environment[name] = found->second;
      }
    }
    effect.looks = text.find(kLooked) != std::string::npos;
    for (const auto& [name, value] : start.environment) {
      effect.looks =
          effect.looks || (value.find(kLooked) != std::string::npos && text.find(name) != std::string::npos);
    }
    const std::string shell = lower(step.step->shell.value_or(default_shell()));
    const bool by_bash = shell.empty() || shell.starts_with("bash") || shell.starts_with("sh") ||
                         shell.starts_with("/bin/bash") || shell.starts_with("/bin/sh");
    if (!by_bash) {
      if (effect.looks) {
        effect.ended = {End::undecided, fmt::format("a script of `shell: {}` is not followed here", shell),
                        "", ""};
      }
      return effect;
    }
    start.stops_at_errors = shell.find('{') == std::string::npos || shell.find(" -e") != std::string::npos;
    start.pipefail = shell == "bash" || shell.find("pipefail") != std::string::npos;
    effect.ended = scripts_.of(text, start);
    return effect;
  }

  std::string default_shell() const {
    for (const yaml::Node* node :
         {job_.job->node, static_cast<const yaml::Node*>(job_.workflow->root.get())}) {
      const yaml::Node* defaults = node->find("defaults");
      const yaml::Node* run =
          defaults == nullptr || !defaults->is_mapping() ? nullptr : defaults->find("run");
      if (run == nullptr || !run->is_mapping()) continue;
      if (const auto shell = ci::text_of(run->find("shell"))) return *shell;
    }
    return "";
  }

  bool from_results(const std::string& name) const {
    return std::any_of(job_env_.begin(), job_env_.end(), [&](const auto& one) {
      return expression::upper(one.first) == name && speaks_of_results(one.second);
    });
  }

  // What the step makes of its scope. Notes what decides.
  PartialStatus status_of(const ExpandedStep& step, Truth runs, const Effect& effect, bool conditional) {
    const bool looks = effect.looks || conditional;
    const bool counts = step.ignored != Truth::yes;
    if (effect.ended.end == End::success) {
      if (effect.looks && counts) note(JobReport::Result::success, step, "");
      return {};
    }
    // What fails for other reasons than the results is taken not to fail.
    if (effect.ended.end == End::undecided && !looks) return {};
    if (runs == Truth::unknown && !looks) return {};
    if (!counts) return failed_status(effect.ended.end);
    if (effect.ended.end == End::failure && runs == Truth::yes && step.ignored == Truth::no) {
      note(JobReport::Result::failure, step, "");
      return failed_status(End::failure);
    }
    std::string why = effect.ended.because;
    if (why.empty()) {
      why = runs == Truth::unknown ? fmt::format(
                                         "whether the step with `if: {}` runs depends on values known only "
                                         "to the run",
                                         std::string(trim(step.step->condition.value_or("(its caller's)"))))
                                   : "whether its failure is ignored is known only to the run";
    }
    note(JobReport::Result::undecided, step, why);
    return failed_status(End::undecided);
  }

  static PartialStatus failed_status(End end) {
    if (end == End::success) return {};
    const PartialStatus failed = status_after(Mishap::failure, Truth::no);
    return end == End::failure ? failed : actions::either(failed, PartialStatus{});
  }

  void note(JobReport::Result result, const ExpandedStep& step, std::string because) {
    // A step that surely fails decides, whatever others do.
    if (report_.result == JobReport::Result::failure) return;
    const bool decides = result != JobReport::Result::success || report_.result == JobReport::Result::success;
    if (!decides || (report_.result == JobReport::Result::undecided && result == report_.result)) return;
    report_.result = result;
    const ExpandedStep* outer = &step;
    while (outer->caller) outer = &job_.steps[*outer->caller];
    report_.line = outer->step->line;
    report_.because = std::move(because);
  }

  void end(const ExpandedStep& step, Truth runs, const Effect& effect, const PartialStatus& status,
           Scope& scope) {
    const bool red = status.success != Truth::yes;
    Possible outcome = runs == Truth::yes  ? Possible(Value("success"))
                       : runs == Truth::no ? Possible(Value("skipped"))
                                           : Possible::one_of({Value("success"), Value("skipped")});
    if (red) {
      outcome = status.success == Truth::no ? Possible(Value("failure"))
                                            : Possible::one_of({Value("failure"), Value("success")});
    }
    const Possible conclusion =
        red && step.ignored != Truth::no ? Possible::one_of({Value("success")}) : outcome;
    if (red && step.ignored == Truth::no) {
      scope.status = scope.status.success == Truth::no ? scope.status : status;
    }
    for (const auto& [name, value] : assignments(effect.ended.variables)) {
      if (value.find(kLooked) != std::string::npos) scope_changed_.insert(expression::upper(name));
      set(scope.env, name, known(value));
    }
    if (!step.step->id) return;
    PartialObject context;
    context.others = Possible();
    set(context, "outcome", outcome);
    set(context, "conclusion", conclusion);
    PartialObject outputs;
    if (runs == Truth::no) {
      outputs.others = Possible();
    } else if (step.step->run && effect.ended.outputs.find(kUnknown) == std::string::npos) {
      outputs.others = Possible();
      for (const auto& [name, value] : assignments(effect.ended.outputs)) set(outputs, name, known(value));
    }
    set(context, "outputs", Possible::object(std::move(outputs)));
    set(scope.steps, *step.step->id, Possible::object(std::move(context)));
  }

  static Possible known(const std::string& value) {
    if (value.find(kUnknown) != std::string::npos) return Possible::text("");
    return Value(script::plain(value));
  }

  const ExpandedJob& job_;
  const Possible& needs_;
  Conditions& conditions_;
  script::Interpretations& scripts_;
  Written job_env_;
  std::set<std::string> scope_changed_;
  JobReport report_;
};

}  // namespace

JobReport report_of(const ExpandedJob& job, const Possible& needs, Conditions& conditions,
                    script::Interpretations& scripts) {
  return Reporter(job, needs, conditions, scripts).all();
}

}  // namespace exitgate::collect::ci::actions
