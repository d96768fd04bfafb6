// What the facts say about the target's migration tools, for the words of findings and hints.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/facts/facts.h"

namespace exitgate::check {

// A command is "" where the tool has none that could be written down for any project.
struct MigrationTool {
  std::string up;                            // "alembic upgrade head"
  std::string down;                          // "alembic downgrade base"
  std::string state;                         // query for the revisions that a database is at
  std::string create;                        // writes a first migration
  std::string join;                          // what to do about two heads
  std::string models;                        // compares the models with the migrations: "alembic check"
  std::string up_part = "the up migration";  // of a migration: "upgrade()"
  std::string down_part = "the down migration";
};

// Of the history `environment` (migrations.environment.id); of all histories for "". Where those are of several
// tools, or of none, it is what holds for any.
MigrationTool migration_tool(const facts::Facts& facts, const std::string& environment = "");

// Commands that migrate, of every tool that is known: patterns for matches() in shell.h.
std::vector<std::string> migration_commands(const facts::Facts& facts);

// The tables that migration tools keep about themselves: nobody's migration makes them, and none can change them.
class ToolTables {
 public:
  // Of the tools of the target's histories.
  explicit ToolTables(const facts::Facts& facts);
  // Those in the schemas, and those of the names in whatever schema, as the catalog has them.
  ToolTables(std::set<std::string> schemas, std::set<std::string> names)
      : schemas_(std::move(schemas)), names_(std::move(names)) {}

  // Whether the table, as schema.object has its identity ('public."SequelizeMeta"'), is one of them.
  bool has(std::string_view identity) const;
  // Whether an object of any kind, a schema itself among them, is in a schema of theirs.
  bool has_schema_of(std::string_view identity) const;

 private:
  std::set<std::string> schemas_;
  std::set<std::string> names_;      // in whatever schema
  std::set<std::string> qualified_;  // 'audit.schema_migrations'
};

}  // namespace exitgate::check
