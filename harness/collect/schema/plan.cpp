#include "harness/collect/schema/plan.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"

namespace exitgate::schema {

Plan plan_of(const config::Config& config, const collect::Checkout& checkout) {
  if (config.database && !config.database->steps.empty()) {
    return {config.file, fmt::format("{} says how the database is provisioned", config.file),
            config.database};
  }
  const bool alembic = std::any_of(checkout.tree.begin(), checkout.tree.end(),
                                   [](const auto& entry) { return entry.path == "alembic.ini"; });
  if (alembic) {
    config::Database database = config.database.value_or(config::Database{});
    config::Step step;
    step.run = "alembic upgrade head";
    database.steps = {step};
    return {"alembic.ini", "there is an alembic.ini at the root, and no configuration that names steps",
            database};
  }
  return {"none",
          "no configuration says how the database is provisioned, and there is no alembic.ini at the root",
          std::nullopt};
}

std::optional<AlembicCommand> alembic_of(const config::Database& database) {
  for (const auto& step : database.steps) {
    for (const auto& line : split(step.run, '\n')) {
      const auto words = split(trim(line), ' ');
      const auto upgrade = std::find(words.begin(), words.end(), "upgrade");
      const auto program = std::find_if(words.begin(), upgrade, [](const std::string& word) {
        return word == "alembic" || (word.size() > 8 && word.ends_with("/alembic"));
      });
      if (upgrade == words.end() || program == upgrade) continue;
      AlembicCommand command;
      command.step = step;
      // Whatever leads to it stays: "cd backend && poetry run alembic -c x.ini".
      command.step.run = join(std::vector<std::string>(words.begin(), upgrade), " ");
      return command;
    }
  }
  return std::nullopt;
}

}  // namespace exitgate::schema
