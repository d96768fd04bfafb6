#include "harness/collect/rehearsal/way_back.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <set>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/collect/migrations/tool.h"
#include "harness/collect/schema/stair_commands.h"

namespace exitgate::collect::rehearsal {

namespace {

using schema::Stair;

struct New {
  const Environment& history;
  const std::vector<std::size_t>& fresh;
};

// The only history that has new revisions. Throws Undecided.
New only_new(const HistoriesSinceBase& since) {
  std::optional<std::size_t> found;
  for (std::size_t at = 0; at < since.histories.size(); ++at) {
    if (since.fresh[at].empty()) continue;
    if (found) throw Undecided("several histories have new revisions");
    found = at;
  }
  if (!found) throw Undecided("no history has a new revision");
  return {since.histories[*found], since.fresh[*found]};
}

// The new revisions as one chain behind something that is not new: its first one, with what it follows. Throws Undecided.
Stair first_of_chain(const New& all) {
  std::set<std::string> names;
  for (const std::size_t at : all.fresh) names.insert(all.history.revisions[at].id);
  std::optional<Stair> first;
  std::set<std::string> followed;
  for (const auto& stair : schema::stairs_of(all.history)) {
    if (!names.contains(stair.revision)) continue;
    if (!stair.not_tried.empty()) throw Undecided(fmt::format("{}: {}", stair.revision, stair.not_tried));
    if (!names.contains(stair.parent)) {
      if (first) throw Undecided("the new revisions follow several old ones");
      first = stair;
    } else if (!followed.insert(stair.parent).second) {
      throw Undecided("the new revisions are several branches");
    }
  }
  if (!first) throw Undecided("the new revisions have no beginning");
  return *first;
}

void replace_all(std::string& text, std::string_view mark, std::string_view value) {
  for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos; at += value.size())
    text.replace(at, mark.size(), value);
}

// The step with the tool's word for migrating replaced; nullopt when it does not run the tool so.
std::optional<std::string> turned(const std::string& command, const WayBack& tool) {
  auto words = split(command, ' ');
  const auto is_program = [&](const std::string& word) {
    return std::any_of(tool.programs.begin(), tool.programs.end(), [&](const std::string& program) {
      return word == program || word.ends_with("/" + program);
    });
  };
  static const std::set<std::string> kBetweenCommands = {"&&", "||", ";", "|"};
  bool begun = false;
  for (auto& word : words) {
    if (begun && word == tool.migrate) {
      word = tool.back;
      return join(words, " ");
    }
    begun = is_program(word) || (begun && !kBetweenCommands.contains(word));
  }
  return std::nullopt;
}

// "orders" and "0002_note" of "orders.0002_note"; "zero" stands for nothing, as Django takes it. Throws Undecided.
std::pair<std::string, std::string> application_and_name(const New& all, const Stair& first) {
  const auto application = [](const std::string& id) { return id.substr(0, id.find('.')); };
  const std::string only = application(first.revision);
  for (const std::size_t at : all.fresh) {
    if (application(all.history.revisions[at].id) != only)
      throw Undecided("the new revisions are of several applications");
  }
  const std::size_t dot = first.parent.find('.');
  const bool within = dot != std::string::npos && application(first.parent) == only;
  return {only, within ? first.parent.substr(dot + 1) : "zero"};
}

std::vector<config::Step> turned_steps(const config::Database& declared, const New& all,
                                       const WayBack& tool) {
  for (const auto& step : declared.steps) {
    auto command = turned(step.run, tool);
    if (!command) continue;
    if (tool.back.find("{application}") != std::string::npos) {
      const auto [application, name] = application_and_name(all, first_of_chain(all));
      replace_all(*command, "{application}", application);
      replace_all(*command, "{name}", name);
    }
    replace_all(*command, "{count}", std::to_string(all.fresh.size()));
    config::Step back = step;
    back.run = *command;
    return std::vector<config::Step>(tool.each ? all.fresh.size() : 1, back);
  }
  return {};
}

}  // namespace

std::vector<config::Step> way_back_of(const config::Database& declared, const HistoriesSinceBase& since) {
  const auto all = only_new(since);
  const Tool* const tool = find_tool(all.history.tool);
  if (declared.stairs.up.empty() && tool != nullptr && tool->back) {
    if (auto steps = turned_steps(declared, all, *tool->back); !steps.empty()) return steps;
  }
  config::Step step;
  const auto commands = schema::commands_of(declared, step);
  const auto first = first_of_chain(all);
  step.run = schema::filled(first.parent.empty() ? commands.base : commands.down, first);
  return {step};
}

}  // namespace exitgate::collect::rehearsal
