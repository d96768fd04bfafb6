#include "harness/collect/rehearsal/upgrade_plan.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "harness/base/error.h"
#include "harness/collect/migrations/collect.h"
#include "harness/collect/migrations/tool.h"
#include "harness/collect/rehearsal/way_back.h"
#include "harness/collect/schema/stairway.h"

namespace exitgate::collect::rehearsal {

namespace {

Revision described(const Environment& history, const collect::Revision& revision, const Checkout& checkout) {
  const Tool* const tool = find_tool(history.tool);
  Revision result;
  result.id = revision.id;
  result.version = revision.version;
  if (result.version.empty())
    result.version = tool != nullptr && tool->version != nullptr ? tool->version(revision.id) : revision.id;
  result.version_table = version_table_of(history);
  result.file = revision.script.empty() ? revision.file : revision.script;
  result.text = git::read_file_at(checkout.repository, checkout.commit, result.file).value_or("");
  return result;
}

// The revisions of a history in the order in which each stands behind what it needs; of one whose graph is not known, as
// they were read.
std::vector<std::size_t> in_order(const Environment& history, std::vector<std::size_t> fresh) {
  try {
    std::map<std::string, std::size_t> order;
    for (const auto& stair : schema::stairs_of(history)) order.emplace(stair.revision, order.size());
    std::stable_sort(fresh.begin(), fresh.end(), [&](std::size_t one, std::size_t other) {
      return order.at(history.revisions[one].id) < order.at(history.revisions[other].id);
    });
  } catch (const std::exception&) {
    // What is wrong with the graph is told by the gates about it.
  }
  return fresh;
}

bool has_migrations(const Checkout& checkout, const std::string& commit) {
  const Checkout base{checkout.repository, commit, checkout.repository.tree(commit), ""};
  const auto histories = read_histories(base);
  return std::any_of(histories.begin(), histories.end(),
                     [](const auto& history) { return !history.revisions.empty(); });
}

void plan_way_back(const DatabaseStage& stage, const config::Database& declared,
                   const HistoriesSinceBase& since, UpgradePlan& result) {
  try {
    result.way_back = way_back_of(declared, since);
  } catch (const Undecided& problem) {
    std::string reason = problem.what();
    if (const std::string_view begin = "no stairway: "; reason.starts_with(begin))
      reason.erase(0, begin.size());
    result.no_way_back = reason;
    result.no_way_back_hint = fmt::format("write `stairway: {{up: ..., down: ..., base: ...}}` in {}",
                                          stage.config.file.empty() ? "exitgate.yaml" : stage.config.file);
  }
}

}  // namespace

UpgradePlan plan_upgrade(const DatabaseStage& stage, const schema::Plan& plan) {
  UpgradePlan result;
  if (!plan.database) {
    result.not_possible = plan.reason;
    return result;
  }
  if (!plan.database->rehearsal) {
    result.not_possible = fmt::format("{} says `rehearsal: false`", stage.config.file);
    return result;
  }
  const auto since = read_histories_since_base(stage.checkout);
  result.reference = since.comparison.reference.value_or("");
  result.base = since.comparison.merge_base.value_or("");
  if (since.comparison.problem || result.base.empty()) {
    result.not_possible = since.comparison.problem.value_or("the commit has no base");
    result.hint = "write `base: origin/main` in exitgate.yaml, and let the clone have it (fetch-depth: 0)";
    return result;
  }
  if (since.histories.empty()) {
    result.not_possible = "no migration history is recognised, so that what is new cannot be told";
    return result;
  }
  bool any_old = false;
  for (std::size_t at = 0; at < since.histories.size(); ++at) {
    const auto& history = since.histories[at];
    any_old = any_old || history.revisions.size() > since.fresh[at].size();
    for (const std::size_t one : in_order(history, since.fresh[at]))
      result.revisions.push_back(described(history, history.revisions[one], stage.checkout));
  }
  if (result.revisions.empty()) {
    result.nothing_new = fmt::format("no migration is new since {}", result.base.substr(0, 12));
    return result;
  }
  result.from_nothing = !any_old && !has_migrations(stage.checkout, result.base);
  plan_way_back(stage, *plan.database, since, result);
  return result;
}

}  // namespace exitgate::collect::rehearsal
