// A migration history as a tool's reader finds it, before heads and bases are worked out and rows are written.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/collect/migrations/statement.h"

namespace exitgate::collect {

struct Revision {
  std::string id;
  std::string file;
  int line = 1;
  std::optional<std::string> title;
  std::vector<std::string> labels;
  std::vector<std::string> down;     // ids that it follows; none: a base
  std::vector<std::string> depends;  // ids that must be there as well
  std::vector<std::string> outside;  // of other histories, by the names that the tool gives them
  std::string script = {};           // that goes up, where it is not `file` itself
  std::string part = {};             // of the file, where it holds several revisions
  std::string version = {};          // as the tool's table has it, where Tool::version does not tell
  std::vector<std::string> stands_for =
      {};  // ids that the tool's table may hold in its place: of a squashed one
  // Run again whenever it changes, after all others, as Flyway's R__views.sql: no place in the order.
  bool repeatable = false;
  // False: what it follows cannot be read, so it is neither base nor head of anything.
  bool down_known = true;
  std::vector<Statement> statements = {};  // the destructive ones on the way up
};

// The file that goes up.
inline const std::string& script_of(const Revision& revision) {
  return revision.script.empty() ? revision.file : revision.script;
}

struct MigrationProblem {
  std::optional<std::string> file;
  std::optional<int> line;
  std::string reason;
  bool unread = false;  // the file may hold migrations, and nobody has read what they do
};

struct Environment {
  std::string id;
  std::string tool;
  std::optional<std::string> config;
  std::string location;
  std::vector<Revision> revisions;
  std::vector<MigrationProblem> problems;
  bool complete = true;  // false: there is a revision that could not be read, and it may follow any other
  // Where they differ from what the tool's record says (Tool::state_table, Tool::state). The table may be qualified by
  // its schema, and names are written as the catalog has them: "Audit.schema_migrations".
  std::string version_table = {};
  std::string state = {};
  std::map<std::string, std::string> placeholders = {};  // what `${name}` stands for, by name
};

// The name of the table in which the history's tool keeps what was applied, and the query for it with {table} in it; both
// may be "".
std::string version_table_of(const Environment& environment);
std::string state_template_of(const Environment& environment);

// What follows from the edges.
struct Graph {
  std::vector<std::string> heads;  // sorted
  std::vector<std::string> bases;  // sorted
  std::vector<MigrationProblem> problems;
};

// Heads are what no other revision follows, whether or not something depends on them (as `alembic heads`
// counts). Duplicate ids, links to revisions that are not there and cycles are problems. Nothing is a head or
// a base of a graph whose edges are not all known, as far as the unknown ones could change it.
Graph analyze_graph(const Environment& environment);

}  // namespace exitgate::collect
