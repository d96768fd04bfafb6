#include "harness/collect/ci/actions/match.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_set>

#include "harness/base/minimatch.h"
#include "harness/base/text.h"
#include "harness/collect/ci/actions/artifact_step.h"

namespace exitgate::collect::ci::actions {

namespace {

// Comparisons of names, over all runs: a repository of nothing but calls must not take minutes.
constexpr std::size_t kMostComparisons = 2'000'000;

struct Place {
  const File* file;
  const Step* step;
};

// All that one run holds.
struct OneRun {
  std::vector<Place> uploads;
  std::vector<Place> downloads;
  bool complete = true;  // nothing is called that could upload what is not seen here
};

class Collector {
 public:
  Collector(const Calls& calls, const Dialect& dialect) : calls_(calls), dialect_(dialect) {}

  OneRun collect(const Workflow& root) {
    add(root);
    return std::move(run_);
  }

 private:
  void add(const Workflow& workflow) {
    if (!seen_.insert(&workflow).second) return;
    for (const Job& job : workflow.jobs) {
      if (const Workflow* called = calls_.workflow(job)) {
        add(*called);
      } else if (job.uses) {
        run_.complete = false;
      }
      add(workflow, job.steps);
    }
  }

  void add(const File& file, const std::vector<Step>& steps) {
    for (const Step& step : steps) {
      if (step.artifact != nullptr) {
        (step.artifact->is_upload() ? run_.uploads : run_.downloads).push_back({&file, &step});
      }
      const Action* action = step.uses ? calls_.action(step, steps) : nullptr;
      if (action != nullptr && seen_.insert(action).second) add(*action, action->steps);
      if (step.uses && step.artifact == nullptr && is_opaque(step, action)) run_.complete = false;
    }
  }

  // Whether the step may upload something itself: actions of others, or what the workspace holds at a path only then.
  bool is_opaque(const Step& step, const Action* action) const {
    if (action != nullptr) return action->problem || action->kind.value_or("") != "composite";
    return !plain_action(lower(trim(*step.uses)), dialect_).starts_with("actions/");
  }

  const Calls& calls_;
  const Dialect& dialect_;
  OneRun run_;
  std::unordered_set<const File*> seen_;
};

bool is_only_called(const Workflow& workflow) {
  return std::all_of(workflow.triggers.begin(), workflow.triggers.end(),
                     [](const Trigger& trigger) { return trigger.event == "workflow_call"; });
}

}  // namespace

void match_artifacts(Model& model, const Calls& calls, const Dialect& dialect) {
  using Pair = std::tuple<std::string, int, std::string, int>;
  std::set<Pair> found;
  std::unordered_set<const Step*> undecided;
  std::size_t comparisons = 0;
  for (const Workflow& workflow : model.workflows) {
    if (workflow.provider != dialect.provider || workflow.problem || is_only_called(workflow)) continue;
    const OneRun run = Collector(calls, dialect).collect(workflow);
    for (const Place& download : run.downloads) {
      Artifact& wanted = *download.step->artifact;
      if (wanted.other_run || wanted.artifact_ids) continue;
      comparisons += run.uploads.size() + 1;
      if (comparisons > kMostComparisons) {
        undecided.insert(download.step);
        continue;
      }
      // `name:` goes before `pattern:`.
      const auto pattern = !wanted.full_name && wanted.name_pattern && wanted.pattern
                               ? std::optional<MinimatchPattern>(trim(*wanted.pattern))
                               : std::nullopt;
      std::int64_t count = 0;
      for (const Place& upload : run.uploads) {
        const std::string& name = *upload.step->artifact->name_pattern;
        if (pattern ? !pattern->can_match(name) : !globs_meet(wanted.name_pattern.value_or("*"), name))
          continue;
        ++count;
        found.emplace(download.file->path, download.step->uses_line, upload.file->path,
                      upload.step->uses_line);
      }
      if (count == 0 && !run.complete) undecided.insert(download.step);
      wanted.uploads = std::max(wanted.uploads.value_or(0), count);
    }
  }
  for (const Step* step : undecided) {
    if (step->artifact->uploads.value_or(0) == 0) step->artifact->uploads.reset();
  }
  for (const auto& [file, line, upload_file, upload_line] : found) {
    model.matches.push_back({file, line, upload_file, upload_line});
  }
}

}  // namespace exitgate::collect::ci::actions
