#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "harness/base/text.h"
#include "harness/collect/ci/actions/job_report.h"
#include "harness/collect/ci/actions/outcomes.h"
#include "harness/collect/ci/actions/scenario.h"

namespace exitgate::collect::ci::actions {

namespace {

using expression::Value;
using facts::ci::FailureIgnored;
using JobOutcomeRuns = decltype(facts::ci::JobOutcome::runs);
using Reports = facts::ci::JobOutcomeReports;
using Result = facts::ci::JobOutcomeResult;

constexpr std::size_t kMostWorlds = 16;

constexpr Result kResults[] = {Result::success, Result::failure, Result::cancelled, Result::skipped,
                               Result::run_cancelled};

bool speaks_of_needs(const std::optional<std::string>& text) {
  if (!text) return false;
  for (const std::string_view name : {"needs", "NEEDS", "Needs"}) {
    if (text->find(name) != std::string::npos) return true;
  }
  return false;
}

// The jobs of one workflow as it is started or called once.
class Call {
 public:
  Call(RunFacts& facts, const Expansion& expansion, Conditions& conditions, script::Interpretations& scripts)
      : facts_(facts), expansion_(expansion), conditions_(conditions), scripts_(scripts) {}

  // In the order in which they can run.
  void add(std::size_t index) {
    const ExpandedJob& job = expansion_.jobs[index];
    if (jobs_.empty() || jobs_.back().expanded->job->id != job.job->id) {
      const auto known = std::find_if(jobs_.begin(), jobs_.end(),
                                      [&](const One& one) { return one.expanded->job->id == job.job->id; });
      if (known != jobs_.end()) {
        known->instances.push_back(index);
        return;
      }
      jobs_.push_back({.expanded = &job, .instances = {}, .ancestors = {}});
      for (const std::string& id : job.job->needs) {
        jobs_.back().ancestors.insert(id);
        const One* need = find(id);
        if (need != nullptr) jobs_.back().ancestors.insert(need->ancestors.begin(), need->ancestors.end());
      }
    }
    jobs_.back().instances.push_back(index);
  }

  void write(const std::vector<std::vector<std::size_t>>& called) {
    called_ = &called;
    const bool any =
        std::any_of(jobs_.begin(), jobs_.end(), [](const One& one) { return !one.ancestors.empty(); });
    if (!any) return;
    for (One& one : jobs_) {
      one.baseline = own(*one.expanded, *one.expanded->condition_contexts);
      one.looks = one.baseline != Truth::yes || looks(one);
    }
    for (const One& cause : jobs_) {
      const bool waited_for = std::any_of(jobs_.begin(), jobs_.end(), [&](const One& one) {
        return one.ancestors.contains(cause.expanded->job->id);
      });
      if (!waited_for) continue;
      for (const Result result : kResults) write(cause, result);
    }
  }

 private:
  struct One {
    const ExpandedJob* expanded = nullptr;  // its first combination
    std::vector<std::size_t> instances;
    std::set<std::string> ancestors;
    Truth baseline = Truth::yes;  // whether it runs where nothing fails
    bool looks = true;            // whether its steps can look at results
    std::map<std::string, JobReport> reports = {};
  };

  One* find(const std::string& id) {
    const auto found =
        std::find_if(jobs_.begin(), jobs_.end(), [&](const One& one) { return one.expanded->job->id == id; });
    return found == jobs_.end() ? nullptr : &*found;
  }

  Truth own(const ExpandedJob& job, const PartialContexts& contexts) {
    const expression::Condition* condition = conditions_.read(job.job->condition);
    return condition == nullptr ? Truth::unknown : holds(*condition, contexts);
  }

  bool looks(const One& one) const {
    const Job& job = *one.expanded->job;
    if (job.uses) return true;
    if (const yaml::Node* env = job.node->find("env"); env != nullptr && env->is_mapping()) {
      for (const auto& entry : env->entries) {
        if (speaks_of_needs(ci::text_of(&entry.value))) return true;
      }
    }
    return std::any_of(job.steps.begin(), job.steps.end(), [](const Step& step) {
      return speaks_of_needs(step.run) || speaks_of_needs(step.condition) || speaks_of_needs(step.inputs) ||
             speaks_of_needs(step.environment);
    });
  }

  // Whether a failure of the job counts as success: of all its combinations, and of all that it calls.
  Truth ignored(const std::vector<std::size_t>& instances) const {
    std::optional<Truth> all;
    for (const std::size_t index : instances) {
      const FailureIgnored fact = facts_.jobs[expansion_.jobs[index].row].failure_ignored;
      Truth one = fact == FailureIgnored::yes  ? Truth::yes
                  : fact == FailureIgnored::no ? Truth::no
                                               : Truth::unknown;
      if (expansion_.jobs[index].job->uses && one == Truth::no && !(*called_)[index].empty()) {
        one = ignored((*called_)[index]);
      }
      // One that counts is enough for a failure to show.
      if (!all || one == Truth::no || (one == Truth::unknown && *all == Truth::yes)) all = one;
    }
    return all.value_or(Truth::no);
  }

  Possible result_of(const One& cause, Result result) const {
    switch (result) {
      case Result::success:
        return Value("success");
      case Result::skipped:
        return Value("skipped");
      case Result::cancelled:
      case Result::run_cancelled:
        return Value("cancelled");
      case Result::failure:
        break;
    }
    const Truth hidden = ignored(cause.instances);
    if (hidden == Truth::yes) return Value("success");
    return hidden == Truth::no ? Possible(Value("failure"))
                               : Possible::one_of({Value("failure"), Value("success")});
  }

  void write(const One& cause, Result result) {
    NeedsScenario scenario;
    scenario.run_cancelled = result == Result::run_cancelled;
    for (One& one : jobs_) {
      const std::string& id = one.expanded->job->id;
      if (&one == &cause) {
        scenario.results.emplace(id, result_of(cause, result));
      } else if (!one.ancestors.contains(cause.expanded->job->id)) {
        scenario.results.emplace(id, Value(one.baseline == Truth::no ? "skipped" : "success"));
      } else {
        scenario.results.emplace(id, outcome(one, cause, result, scenario));
      }
    }
  }

  // Writes the row, and says with which result the job ends.
  Possible outcome(One& one, const One& cause, Result result, const NeedsScenario& scenario) {
    const Job& job = *one.expanded->job;
    const PartialContexts contexts =
        after_needs(job, one.ancestors, scenario, *one.expanded->condition_contexts);
    const Truth runs = own(*one.expanded, contexts);
    facts::ci::JobOutcome row{};
    row.instance = static_cast<std::int64_t>(one.expanded->row + 1);
    row.needs = cause.expanded->job->id;
    row.result = result;
    row.runs = runs == Truth::yes  ? JobOutcomeRuns::yes
               : runs == Truth::no ? JobOutcomeRuns::no
                                   : JobOutcomeRuns::maybe;
    const std::string written =
        job.condition ? fmt::format("`if: {}`", trim(*job.condition)) : std::string("no `if:`");
    if (runs == Truth::no) {
      row.reports = Reports::skipped;
      row.line = job.condition ? job.condition_line : job.line;
      row.because = fmt::format("it has {}", written);
      facts_.job_outcomes.push_back(std::move(row));
      return Value("skipped");
    }
    const JobReport report = report_in_all(one, scenario);
    const bool hidden = result == Result::failure && ignored(cause.instances) == Truth::yes;
    if (hidden)
      row.because = fmt::format("`continue-on-error` makes the result of '{}' 'success'", row.needs);
    if (report.line > 0) row.line = report.line;
    if (!report.because.empty() && !hidden) row.because = report.because;
    Possible ends = Value("success");
    switch (report.result) {
      case JobReport::Result::success:
        row.reports = Reports::success;
        if (!row.because)
          row.because = report.line > 0 ? "what looks at the results lets it pass" : "nothing looks at it";
        break;
      case JobReport::Result::failure:
        row.reports = Reports::failure;
        if (!row.because) row.because = "the step fails";
        ends = Value(ignored(one.instances) == Truth::yes ? "success" : "failure");
        break;
      case JobReport::Result::undecided:
        row.reports = Reports::undecided;
        ends = Possible::one_of({Value("success"), Value("failure")});
        break;
    }
    if (runs == Truth::unknown) {
      ends = expression::join(ends, Value("skipped"));
      // That it may not run for what the event is has nothing to do with how others ended.
      const bool of_needs = speaks_of_needs(job.condition) || one.baseline != Truth::unknown;
      if (report.result == JobReport::Result::failure && of_needs) {
        row.reports = Reports::undecided;
        row.line = job.condition ? job.condition_line : job.line;
        row.because = fmt::format("whether it runs with {} depends on values known only to the run", written);
      }
    }
    facts_.job_outcomes.push_back(std::move(row));
    return ends;
  }

  // Of everything that the jobs that it needs can come to.
  JobReport report_in_all(One& one, const NeedsScenario& scenario) {
    const Job& job = *one.expanded->job;
    if (!one.looks) return {};
    if (job.uses) return report_of_call(job);
    std::vector<NeedsScenario> worlds = {{{}, scenario.run_cancelled}};
    for (const std::string& id : job.needs) {
      const auto found = scenario.results.find(id);
      if (found == scenario.results.end()) continue;
      std::vector<NeedsScenario> next;
      for (const NeedsScenario& world : worlds) {
        for (const Value& value : found->second.values()) {
          next.push_back(world);
          next.back().results.emplace(id, value);
        }
      }
      if (next.size() > kMostWorlds) {
        return {JobReport::Result::undecided, 0,
                "whether the jobs between run depends on too much that is not known"};
      }
      worlds = std::move(next);
    }
    std::optional<JobReport> all;
    for (const NeedsScenario& world : worlds) {
      const JobReport& report = report_in(one, world);
      if (!all) {
        all = report;
      } else if (all->result != report.result) {
        JobReport both = report.result == JobReport::Result::undecided ? report : *all;
        both.result = JobReport::Result::undecided;
        if (both.because.empty()) both.because = differing(job, scenario);
        all = both;
      }
    }
    return *all;
  }

  static std::string differing(const Job& job, const NeedsScenario& scenario) {
    for (const std::string& id : job.needs) {
      const auto found = scenario.results.find(id);
      if (found != scenario.results.end() && found->second.values().size() > 1) {
        return fmt::format("the result of '{}' is then known only to the run", id);
      }
    }
    return "it depends on values known only to the run";
  }

  const JobReport& report_in(One& one, const NeedsScenario& world) {
    std::string key;
    for (const auto& [id, result] : world.results) key += id + '=' + result.values()[0].as_text() + ';';
    const auto [found, is_new] = one.reports.try_emplace(key);
    if (is_new) {
      const Possible needs = needs_context(*one.expanded->job, world, *one.expanded->condition_contexts);
      found->second = report_of(*one.expanded, needs, conditions_, scripts_);
    }
    return found->second;
  }

  // What is called may look at what it is given.
  static JobReport report_of_call(const Job& job) {
    const yaml::Node* with = job.node->find("with");
    if (with == nullptr || !with->is_mapping()) return {};
    for (const auto& entry : with->entries) {
      const auto text = ci::text_of(&entry.value);
      if (!speaks_of_needs(text)) continue;
      const std::string small = lower(*text);
      if (small.find("result") == std::string::npos && small.find("tojson(needs") == std::string::npos)
        continue;
      return {JobReport::Result::undecided, job.uses_line,
              fmt::format("what `{}` does with the results is not known", *job.uses)};
    }
    return {};
  }

  RunFacts& facts_;
  const Expansion& expansion_;
  Conditions& conditions_;
  script::Interpretations& scripts_;
  const std::vector<std::vector<std::size_t>>* called_ = nullptr;
  std::vector<One> jobs_;
};

}  // namespace

void add_job_outcomes(Model& model, const Expansion& expansion) {
  RunFacts& facts = model.run;
  Conditions conditions;
  script::Interpretations scripts;
  std::vector<std::vector<std::size_t>> called(expansion.jobs.size());
  using CallKey = std::tuple<std::string, std::string, std::optional<std::size_t>>;
  std::map<CallKey, std::vector<std::size_t>> calls;
  for (std::size_t i = 0; i < expansion.jobs.size(); ++i) {
    const ExpandedJob& job = expansion.jobs[i];
    if (job.caller) called[*job.caller].push_back(i);
    calls[{facts.jobs[job.row].root, facts.jobs[job.row].event, job.caller}].push_back(i);
  }
  for (const auto& [key, jobs] : calls) {
    Call call(facts, expansion, conditions, scripts);
    for (const std::size_t index : jobs) call.add(index);
    call.write(called);
  }
}

}  // namespace exitgate::collect::ci::actions
