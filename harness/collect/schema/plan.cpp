#include "harness/collect/schema/plan.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"

namespace exitgate::collect::schema {

namespace {

// "alembic.ini": what a tool is known by that needs no configuration of ours.
std::string default_configs() {
  std::vector<std::string> names;
  for (const auto& tool : collect::all_tools()) {
    if (!tool.default_config.empty()) names.push_back(tool.default_config);
  }
  return join(names, " or ");
}

}  // namespace

Plan plan_of(const config::Config& config, const collect::Checkout& checkout) {
  if (config.no_database > 0) {
    const auto where = fmt::format("{}:{}", config.file, config.no_database);
    return {"none", fmt::format("{} says `database: none`", where), std::nullopt, where};
  }
  if (config.database && !config.database->steps.empty()) {
    return {config.file, fmt::format("{} says how the database is provisioned", config.file),
            config.database};
  }
  for (const auto& tool : collect::all_tools()) {
    if (tool.default_config.empty()) continue;
    const bool there = std::any_of(checkout.tree.begin(), checkout.tree.end(),
                                   [&](const auto& entry) { return entry.path == tool.default_config; });
    if (!there) continue;
    config::Database database = config.database.value_or(config::Database{});
    config::Step step;
    step.run = tool.up;
    database.steps = {step};
    return {
        tool.default_config,
        fmt::format("there is an {} at the root, and no configuration that names steps", tool.default_config),
        database};
  }
  return {"none",
          fmt::format("no configuration says how the database is provisioned, and there is no {} at the root",
                      default_configs()),
          std::nullopt};
}

namespace {

// The words of a command line up to the subcommand that migrates; none when it does not run the tool so.
std::optional<std::string> command_up_to(const std::string& line, const collect::Driver& driver) {
  const auto words = split(trim(line), ' ');
  const auto migrate = std::find(words.begin(), words.end(), driver.migrate);
  const auto program = std::find_if(words.begin(), migrate, [&](const std::string& word) {
    return word == driver.program || word.ends_with("/" + driver.program);
  });
  if (migrate == words.end() || program == migrate) return std::nullopt;
  // Whatever leads to it stays: "cd backend && poetry run alembic -c x.ini".
  return join(std::vector<std::string>(words.begin(), migrate), " ");
}

}  // namespace

std::optional<ToolCommand> tool_command_of(const config::Database& database) {
  for (const auto& step : database.steps) {
    for (const auto& line : split(step.run, '\n')) {
      for (const auto& tool : collect::all_tools()) {
        if (!tool.driver) continue;
        const auto words = command_up_to(line, *tool.driver);
        if (!words) continue;
        ToolCommand command{&tool, step};
        command.step.run = *words;
        return command;
      }
    }
  }
  return std::nullopt;
}

}  // namespace exitgate::collect::schema
