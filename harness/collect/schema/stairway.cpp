#include "harness/collect/schema/stairway.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/collect/schema/plan.h"
#include "harness/collect/schema/round_trip.h"
#include "harness/collect/schema/snapshot.h"

namespace exitgate::collect::schema {

namespace {

Snapshot snapshot_of(database::Cluster& cluster) {
  return take_snapshot(*cluster.connect(database::kDatabaseName, database::Cluster::administrator(), true));
}

// Depth first over what stands on what, without the call stack: a branch is walked to its end before the next.
std::vector<const collect::Revision*> in_order(const collect::Environment& history) {
  std::map<std::string, std::vector<const collect::Revision*>> followers;
  std::map<std::string, std::size_t> missing;
  std::vector<const collect::Revision*> ready;
  for (const auto& revision : history.revisions) {
    for (const auto* list : {&revision.down, &revision.depends}) {
      for (const auto& parent : *list) followers[parent].push_back(&revision);
    }
    missing[revision.id] = revision.down.size() + revision.depends.size();
    if (missing[revision.id] == 0) ready.push_back(&revision);
  }
  std::reverse(ready.begin(), ready.end());
  std::vector<const collect::Revision*> order;
  while (!ready.empty()) {
    const auto* const next = ready.back();
    ready.pop_back();
    order.push_back(next);
    const auto& behind = followers[next->id];
    for (auto one = behind.rbegin(); one != behind.rend(); ++one) {
      if (--missing[(*one)->id] == 0) ready.push_back(*one);
    }
  }
  return order;
}

std::string filled(std::string text, const Stair& stair) {
  for (const auto& [mark, value] :
       {std::pair("{revision}", &stair.revision), std::pair("{parent}", &stair.parent)}) {
    const std::string_view placeholder = mark;
    for (std::size_t at = 0; (at = text.find(placeholder, at)) != std::string::npos; at += value->size())
      text.replace(at, placeholder.size(), *value);
  }
  return text;
}

Undecided no_commands() {
  return Undecided(
      "no stairway: no step runs a migration tool that can go to one revision, and no commands are declared",
      "write `stairway: {up: ..., down: ..., base: ...}`");
}

// The three commands: as declared, else those of the tool that a step runs.
config::Stairs commands_of(const config::Database& declared, config::Step& step) {
  if (!declared.stairs.up.empty()) return declared.stairs;
  const auto command = tool_command_of(declared);
  if (!command) throw no_commands();
  step = command->step;
  const std::string& program = command->step.run;
  const auto& driver = *command->tool->driver;
  return {program + " " + driver.up, program + " " + driver.down, program + " " + driver.base};
}

// The declared steps before the one that migrates may be needed by it: a configuration that is written.
std::vector<config::Step> steps_before(const config::Database& declared) {
  std::vector<config::Step> before;
  if (!declared.stairs.up.empty()) return before;
  for (const auto& step : declared.steps) {
    config::Database one;
    one.steps = {step};
    if (tool_command_of(one)) break;
    before.push_back(step);
  }
  return before;
}

class Walk {
 public:
  Walk(database::Cluster& cluster, const database::Provisioning& provisioning,
       const config::Database& declared)
      : cluster_(cluster), provisioning_(provisioning), limit_(declared.timeout_seconds) {
    commands_ = commands_of(declared, step_);
  }

  std::vector<StairResult> all(const std::vector<Stair>& stairs) {
    std::vector<StairResult> results;
    before_ = snapshot_of(cluster_);
    for (const auto& stair : stairs) {
      results.push_back(one(stair));
      if (!stands(results.back())) break;
    }
    return results;
  }

 private:
  StairResult one(const Stair& stair) {
    StairResult result;
    result.stair = stair;
    if (!go(result, "up", commands_.up)) return result;
    Snapshot up = snapshot_of(cluster_);
    if (!stair.not_tried.empty()) {
      result.outcome = "not tried";
      result.reason = stair.not_tried;
    } else {
      if (!go(result, "down", stair.parent.empty() ? commands_.base : commands_.down)) return result;
      result.differences = compare(before_.objects, snapshot_of(cluster_).objects).differences;
      leave_out_version_tables(result.differences);
      if (differs(result)) return result;
      if (!go(result, "up again", commands_.up)) return result;
      result.differences = compare(up.objects, snapshot_of(cluster_).objects).differences;
      if (differs(result)) return result;
    }
    before_ = std::move(up);
    return result;
  }

  // Whether the database is at the stair's revision, or comes there once more, so that the next can be tried.
  bool stands(const StairResult& result) {
    if (result.outcome == "ok" || result.outcome == "not tried") return true;
    StairResult again;
    again.stair = result.stair;
    const bool there = result.outcome == "different" && result.step == "up again";
    if (!there && (result.step != "down" || !go(again, "up again", commands_.up))) return false;
    before_ = snapshot_of(cluster_);
    return true;
  }

  static bool differs(StairResult& result) {
    if (result.differences.empty()) return false;
    result.outcome = "different";
    return true;
  }

  bool go(StairResult& result, const char* step, const std::string& command) {
    step_.run = filled(command, result.stair);
    const auto answer = provisioning_.ask(step_, std::chrono::seconds(limit_));
    result.step = step;
    result.command = step_.run;
    result.outcome = answer.step.outcome;
    if (answer.step.ok()) return true;
    result.reason = error_line(answer.step.output);
    result.file = answer.step.file;
    result.line = answer.step.line;
    return false;
  }

  database::Cluster& cluster_;
  const database::Provisioning& provisioning_;
  int limit_;
  config::Step step_;
  config::Stairs commands_;
  Snapshot before_;
};

}  // namespace

std::vector<Stair> stairs_of(const collect::Environment& history) {
  const auto graph = collect::analyze_graph(history);
  if (!history.complete || !history.problems.empty() || !graph.problems.empty()) {
    const auto& problems = history.problems.empty() ? graph.problems : history.problems;
    throw Undecided(fmt::format("no stairway: the history {} is not wholly known{}", history.id,
                                problems.empty() ? "" : ": " + problems.front().reason),
                    "see EG-CG2.one-head");
  }
  std::vector<Stair> stairs;
  std::set<std::string> followed;
  for (const auto* const revision : in_order(history)) {
    Stair stair;
    stair.revision = revision->id;
    stair.file = revision->script.empty() ? revision->file : revision->script;
    stair.line = revision->script.empty() ? revision->line : 1;
    if (!revision->down.empty()) stair.parent = revision->down.front();
    if (revision->down.size() > 1) {
      stair.not_tried = "it joins branches";
    } else if (!followed.insert(stair.parent).second) {
      stair.not_tried = "it begins a branch beside another, which the way down would take as well";
    }
    for (const auto& parent : revision->down) followed.insert(parent);
    stairs.push_back(std::move(stair));
  }
  return stairs;
}

const collect::Environment& history_of(const config::Database& declared,
                                       const std::vector<collect::Environment>& histories) {
  const auto command = tool_command_of(declared);
  const bool own = !declared.stairs.up.empty();
  if (!own && !command) throw no_commands();
  std::vector<const collect::Environment*> found;
  for (const auto& history : histories) {
    if (own || history.tool == command->tool->name) found.push_back(&history);
  }
  if (found.size() > 1 && !own) {
    // `alembic -c db/alembic.ini`
    const auto& words = command->step.run;
    std::erase_if(found, [&](const auto* history) {
      return !history->config || (" " + words + " ").find(" " + *history->config + " ") == std::string::npos;
    });
  }
  if (found.size() == 1) return *found.front();
  throw Undecided(found.empty() ? "no stairway: the commit has no history that it could walk"
                                : fmt::format("no stairway: the commit has {} histories", found.size()),
                  "see the table migrations.environment");
}

std::vector<StairResult> walk_stairway(database::Cluster& cluster, const database::Provisioning& provisioning,
                                       const config::Database& declared, const std::vector<Stair>& stairs) {
  Walk walk(cluster, provisioning, declared);
  const auto before = provisioning.run_all(steps_before(declared));
  if (!before.empty() && !before.back().ok()) {
    throw Undecided(fmt::format("no stairway: `{}`: {}", before.back().command, before.back().outcome));
  }
  return walk.all(stairs);
}

}  // namespace exitgate::collect::schema
