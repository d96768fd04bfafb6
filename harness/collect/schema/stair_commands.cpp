#include "harness/collect/schema/stair_commands.h"

#include "harness/collect/schema/plan.h"

namespace exitgate::collect::schema {

std::string filled(std::string text, const Stair& stair) {
  for (const auto& [mark, value] :
       {std::pair("{revision}", &stair.revision), std::pair("{parent}", &stair.parent)}) {
    const std::string_view placeholder = mark;
    for (std::size_t at = 0; (at = text.find(placeholder, at)) != std::string::npos; at += value->size())
      text.replace(at, placeholder.size(), *value);
  }
  return text;
}

config::Stairs commands_of(const config::Database& declared, config::Step& step) {
  if (!declared.stairs.up.empty()) return declared.stairs;
  const auto command = tool_command_of(declared);
  if (!command) throw no_stairway_commands();
  step = command->step;
  const std::string& program = command->step.run;
  const auto& driver = *command->tool->driver;
  return {program + " " + driver.up, program + " " + driver.down, program + " " + driver.base};
}

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

}  // namespace exitgate::collect::schema
