#include "harness/collect/schema/stairway.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/collect/schema/plan.h"

namespace exitgate::collect::schema {

namespace {

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

}  // namespace

Undecided no_stairway_commands() {
  return Undecided(
      "no stairway: no step runs a migration tool that can go to one revision, and no commands are declared",
      "write `stairway: {up: ..., down: ..., base: ...}`");
}

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
  if (!own && !command) throw no_stairway_commands();
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

}  // namespace exitgate::collect::schema
