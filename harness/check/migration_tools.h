// What the facts say about the target's migration tools, for the words of findings and hints.
#pragma once

#include <string>
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
  std::string up_part = "the up migration";  // of a migration: "upgrade()"
  std::string down_part = "the down migration";
};

// Of the history `environment` (migrations.environment.id); of all histories for "". Where those are of several
// tools, or of none, it is what holds for any.
MigrationTool migration_tool(const facts::Facts& facts, const std::string& environment = "");

// Commands that migrate, of every tool that is known: patterns for matches() in shell.h.
std::vector<std::string> migration_commands(const facts::Facts& facts);

}  // namespace exitgate::check
