#include <fmt/core.h>

#include <map>
#include <set>

#include "harness/base/text.h"
#include "harness/check/check.h"
#include "harness/check/migration_tools.h"
#include "harness/check/provisioning.h"
#include "harness/check/target_commands.h"
#include "harness/facts/tables/schema.h"

namespace exitgate::check {
namespace {

constexpr const char* kProvisioned = "exitgate";

// "public" of "public.orders"
std::string namespace_of(const std::string& identity) {
  bool quoted = false;
  for (std::size_t at = 0; at < identity.size(); ++at) {
    if (identity[at] == '"') quoted = !quoted;
    if (identity[at] == '.' && !quoted) return identity.substr(0, at);
  }
  return "";
}

std::string name_of(const std::string& identity) {
  const auto space = namespace_of(identity);
  return space.empty() ? identity : identity.substr(space.size() + 1);
}

bool makes_or_takes(const std::string& command) {
  return command.starts_with("CREATE ") || command == "SELECT INTO" || command.starts_with("DROP ");
}

// The tests of the commit, and what they did to schemas.
class Changes {
 public:
  Changes(const Facts& facts, const Parameters& with, Report& report)
      : tools_(facts), own_databases_(with.boolean("own-databases")), report_(report) {
    for (const Row& row :
         facts.query("SELECT identity FROM schema.object WHERE snapshot = 'migrated' AND kind = "
                     "'table'")) {
      tables_.insert(name_of(row.text("identity")));
    }
    plain_sql_ =
        facts.integer("SELECT count(*) FROM migrations.environment WHERE tool = 'sql'").value_or(0) > 0;
    for (const schema::TestRun& test :
         facts.rows<schema::TestRun>("WHERE combination = 'head' ORDER BY position")) {
      if (!first_) first_ = test;
      commands_.push_back(fmt::format("`{}`", test.command));
      if (was_not_begun(test.outcome)) continue;
      report_.examined();
    }
    for (const schema::TestChange& change :
         facts.rows<schema::TestChange>("WHERE combination = 'head' AND temporary = 0 ORDER BY position")) {
      changes_.push_back(change);
      const bool space = change.command == "CREATE SCHEMA" && !change.left_behind;
      if (space && change.identity) own_schemas_.insert({change.database, *change.identity});
      if (change.command.starts_with("CREATE") && change.identity && tools_.has(*change.identity))
        migrated_.insert({change.database, place_in(change)});
    }
  }

  bool any_declared() const { return first_.has_value(); }

  void look() {
    for (const auto& change : changes_) {
      if (change.left_behind) {
        left_behind(change);
      } else if (change.database != kProvisioned || is_own_schema(change)) {
        in_a_place_of_its_own(change);
      } else if (change.committed && !*change.committed) {
        ++rolled_back_;
      } else if (makes_or_takes(change.command)) {
        in_the_migrated_database(change);
      } else {
        ++restored_;
      }
    }
    report_places();
    note(rolled_back_, "schema change was rolled back", "schema changes were rolled back");
    note(restored_, "schema change was undone by the tests", "schema changes were undone by the tests");
    note(other_tables_, "table that no migration makes was made in a database or schema of the tests' own",
         "tables that no migration makes were made in databases or schemas of the tests' own");
  }

  // That no session of the tests reached the server.
  void report_unused(const schema::Problem& problem) {
    report_.fail(finding("unused", problem.reason, problem.hint.value_or("")));
  }

 private:
  struct Place {
    std::set<std::string> tables;
    std::string text;  // of the first statement
  };

  // "" for the database as a whole, else a schema that the tests made.
  std::string place_in(const schema::TestChange& change) const {
    const auto space = namespace_of(change.identity.value_or(""));
    return own_schemas_.contains({change.database, space}) ? space : "";
  }
  bool is_own_schema(const schema::TestChange& change) const {
    return own_schemas_.contains({change.database, change.identity.value_or("")}) ||
           !place_in(change).empty();
  }

  Finding finding(const std::string& key, const std::string& message, const std::string& hint) const {
    return {key, first_->file, first_->line, message, hint};
  }
  std::string by() const { return join(commands_, " or "); }

  static std::string what(const schema::TestChange& change) {
    return change.identity ? fmt::format("{} {}", change.kind.value_or("object"), *change.identity)
                           : change.command;
  }

  void left_behind(const schema::TestChange& change) {
    const auto key = fmt::format("left:{}:{}", change.command, change.identity.value_or(""));
    if (!told_.insert(key).second) return;
    report_.fail(finding(
        key, fmt::format("{} leaves the migrated schema changed: {}: {}", by(), what(change), change.text),
        "write a migration for it if the application needs it, else let the tests undo what they do"));
  }

  void in_the_migrated_database(const schema::TestChange& change) {
    const auto key = fmt::format("made:{}:{}", change.command, change.identity.value_or(""));
    if (!told_.insert(key).second) return;
    const bool drops = change.command.starts_with("DROP ");
    report_.fail(finding(key,
                         fmt::format("{} {} {} in the migrated database, past the migrations: {}", by(),
                                     drops ? "drops" : "makes", what(change), change.text),
                         "run the tests on the tables that the migrations made; what a test needs for itself "
                         "goes into a temporary "
                         "table, a transaction that is rolled back, or a database of its own"));
  }

  void in_a_place_of_its_own(const schema::TestChange& change) {
    const bool table = change.kind == "table" && change.identity && !change.command.starts_with("DROP");
    if (!table || (change.committed && !*change.committed)) return;
    const auto space = place_in(change);
    if (migrated_.contains({change.database, space})) return;
    if (!tables_.contains(name_of(*change.identity))) {
      ++other_tables_;
      return;
    }
    auto& place = places_[{change.database, space}];
    if (place.tables.empty()) place.text = change.text;
    place.tables.insert(*change.identity);
  }

  void report_places() {
    for (const auto& [where, place] : places_) {
      const auto& [database, space] = where;
      const auto named = space.empty() ? fmt::format("database {}", database)
                                       : fmt::format("schema {} of database {}", space, database);
      const auto message = fmt::format(
          "{} makes {} in the {} of its own, past the migrations: {}", by(),
          place.tables.size() == 1 ? "table " + *place.tables.begin()
                                   : fmt::format("{} tables of the migrated schema", place.tables.size()),
          named, place.text);
      // The files of a history without a tool leave no table that tells of them.
      if (!own_databases_ || plain_sql_) {
        report_.note(message);
        continue;
      }
      report_.fail(
          finding(fmt::format("own:{}", *place.tables.begin()), message,
                  "let the tests migrate it, copy it from the migrated one (`CREATE DATABASE … TEMPLATE`), "
                  "or run on DATABASE_URL as it is; `own-databases: false` allows it"));
    }
  }

  void note(std::size_t count, const char* one, const char* several) {
    if (count > 0) report_.note(fmt::format("{} {}", count, count == 1 ? one : several));
  }

  ToolTables tools_;
  bool own_databases_;
  bool plain_sql_ = false;
  Report& report_;
  std::optional<schema::TestRun> first_;
  std::vector<std::string> commands_;
  std::vector<schema::TestChange> changes_;
  std::set<std::string> tables_;                               // of the migrations, by name
  std::set<std::pair<std::string, std::string>> own_schemas_;  // that tests made, with their database
  std::set<std::pair<std::string, std::string>> migrated_;     // places in which tests ran the migration tool
  std::map<std::pair<std::string, std::string>, Place> places_;
  std::set<std::string> told_;
  std::size_t rolled_back_ = 0;
  std::size_t restored_ = 0;
  std::size_t other_tables_ = 0;
};

void run(const Facts& facts, const Parameters& with, Report& report) {
  if (has_no_plan(facts)) return skip_without_plan(facts, report);
  Changes changes(facts, with, report);
  if (!changes.any_declared()) {
    return report.skip("no test command is declared", "write `tests: {run: [pytest -q]}` in exitgate.yaml");
  }
  if (report.examined_count() == 0) {
    return report.undecided({"not run", "", 0, "the tests were not run: there is no migrated database",
                             "see EG-CG2.provisions, or the log of the test exitgate.database"});
  }
  for (const schema::Problem& problem : facts.rows<schema::Problem>("WHERE snapshot = 'tests'"))
    changes.report_unused(problem);
  changes.look();
}

const Check check{
    .name = "tests-keep-schema",
    .title = "Tests run on the migrated schema and leave it as it was",
    .why =
        "Tests that make their tables themselves pass on a schema that no deployment has; tests that leave "
        "some "
        "behind make the next ones pass.",
    .domains = {"schema", "migrations"},
    .parts = Parts{"migrated", "tests"},
    .parameters =
        {{"own-databases", Parameter::boolean, "true",
          "whether tables of the migrations that tests make by other means, in a database or schema of "
          "their own, are a finding"}},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
