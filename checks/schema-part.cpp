#include <fmt/core.h>

#include "harness/check/check.h"
#include "harness/check/provisioning.h"
#include "harness/facts/tables/schema.h"

namespace exitgate::check {
namespace {

void look(const Facts& facts, const std::string& name, bool repeated, Report& report) {
  bool any = false;
  for (const schema::Part& part : facts.rows<schema::Part>("WHERE name = ? ORDER BY path", {name})) {
    any = true;
    report.examined();
    const auto& path = part.path;
    const auto undecided =
        facts.text("SELECT coalesce(hint, '') FROM schema.problem WHERE snapshot = ? AND reason = ?",
                   {name, part.problem.value_or("")});
    if (part.problem && undecided) {
      report.undecided({fmt::format("{}:{}:problem", name, path), "", 0,
                        fmt::format("{} of the bundle could not be made: {}", name, *part.problem),
                        *undecided});
    } else if (part.problem) {
      report.fail({fmt::format("{}:{}:problem", name, path), "", 0,
                   fmt::format("{} of the bundle is incomplete: {}", name, *part.problem),
                   "see EG-CG2.provisions, or the log of the test exitgate.database"});
    } else if (part.bytes == 0) {
      report.fail({fmt::format("{}:{}:empty", name, path), "", 0,
                   fmt::format("{} of the bundle is empty ({})", name, path),
                   "see EG-CG2.provisions, or the log of the test exitgate.database"});
    } else if (repeated && !part.repeated) {
      report.undecided(
          {fmt::format("{}:{}:repeated", name, path), "", 0,
           fmt::format("{} ({}) was not taken twice: whether it can be reproduced is unknown", name, path),
           "see EG-CG2.provisions, or the log of the test exitgate.database"});
    } else if (repeated && !*part.repeated) {
      report.fail({fmt::format("{}:{}:repeated", name, path), "", 0,
                   fmt::format("{} ({}) is another one each time it is taken: its checksum proves nothing",
                               name, path),
                   "something changes the database while it is read, or pg_dump writes a new key each time"});
    }
  }
  if (any) return;
  report.fail({name + ":missing", "", 0, fmt::format("the bundle has no {}", name),
               "see EG-CG2.provisions, or the log of the test exitgate.database"});
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  const bool migrations = with.boolean("of-migrations");
  if (has_no_plan(facts)) return skip_without_plan(facts, report);
  if (migrations && facts.integer("SELECT count(*) FROM migrations.environment").value_or(0) == 0) {
    report.skip("no migration history");
    return;
  }
  for (const auto& name : with.strings("parts")) look(facts, name, with.boolean("repeated"), report);
}

const Check check{
    .name = "schema-part",
    .title = "The bundle's parts from the database are there and not empty",
    .why =
        "An archive that lacks its schema, or holds an empty file in its place, looks complete until it is "
        "needed.",
    .domains = {"schema", "migrations"},
    .parts = Parts{"migrated", "documents"},
    .parameters = {{"parts", Parameter::strings, std::nullopt, "names of the parts, as in schema.part"},
                   {"repeated", Parameter::boolean, "false", "whether a second one must have been the same"},
                   {"of-migrations", Parameter::boolean, "false",
                    "whether it is for migrations only, and skipped without"}},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
