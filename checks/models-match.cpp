#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/check/check.h"
#include "harness/check/migration_tools.h"
#include "harness/check/provisioning.h"
#include "harness/check/target_commands.h"
#include "harness/facts/tables/schema.h"

namespace exitgate::check {
namespace {

constexpr const char* kLog = "logs/models.log";

std::string hint_of(const MigrationTool& tool) {
  return tool.create.empty()
             ? fmt::format("write the migration that is missing; all that it said is in {}", kLog)
             : fmt::format(
                   "write the migration that is missing (`{}`), or take the model back; "
                   "all that it said is in {}",
                   tool.create, kLog);
}

void look(const schema::ModelCheck& check, const MigrationTool& tool, Report& report) {
  report.examined();
  if (check.outcome == "ok") return;
  const auto tail = check.tail.value_or("");
  const auto said = last_lines(tail);
  Finding finding{
      .key = check.command,
      .file = check.file,
      .line = check.line,
      .message = fmt::format("`{}`: {}{}", check.command, check.outcome, said.empty() ? "" : ": " + said),
      .hint = fmt::format("run it by hand on a migrated database; all that it said is in {}", kLog)};
  if (was_not_begun(check.outcome)) {
    finding.hint = "see EG-CG2.provisions, or the log of the test exitgate.database";
    return report.undecided(std::move(finding));
  }
  // Alembic before 1.9.
  if (tail.find("invalid choice: 'check'") != std::string::npos) {
    finding.hint =
        "this Alembic is older than 1.9 and has no `check`: take the script of docs/tests.md, "
        "which does the same";
    return report.undecided(std::move(finding));
  }
  if (could_not_run(check.exit_code)) return report.undecided(std::move(finding));
  if (check.exit_code == 0) {
    finding.hint = "a command that compares must change nothing: ask it for a dry run";
    return report.fail(std::move(finding));
  }
  finding.message = fmt::format("the models are not what the migrations make: {}", finding.message);
  finding.hint = hint_of(tool);
  report.fail(std::move(finding));
}

void run(const Facts& facts, const Parameters& /*with*/, Report& report) {
  const auto tool = migration_tool(facts);
  for (const schema::ModelCheck& check : facts.rows<schema::ModelCheck>("ORDER BY position"))
    look(check, tool, report);
  if (report.examined_count() > 0) return;
  if (has_no_plan(facts)) return skip_without_plan(facts, report);
  report.skip("no command is declared that compares the models with the migrations",
              fmt::format("write `database: {{models: ['{}']}}` in exitgate.yaml",
                          tool.models.empty() ? "..." : tool.models));
}

const Check check{
    .name = "models-match",
    .title = "The models of the code are what the migrations make",
    .why =
        "A column that the code knows and no migration makes is missing on the day of the release, "
        "and no test on a database made from the models shows it.",
    .domains = {"schema", "migrations"},
    .parts = Parts{"models"},
    .parameters = {},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
