// What PostgreSQL's documentation says that a statement locks and goes through, for those that no event trigger sees, or of
// whose locks nothing is left when it does: the page "Explicit Locking", and the page of each command.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace exitgate::observe {

struct Target {
  std::string schema;           // as written, "" when it is not
  std::string name;             // of a table, view or index
  std::string mode;             // 'AccessExclusiveLock'; "" for none
  std::string pass = {};        // 'rewrite', 'scan', 'build'; "" for none
  std::string reason = {};      // of the pass
  bool table_of_index = false;  // `name` is an index: what is meant is the table that it is on
  bool all_indexes = false;     // of the table `name`, not itself
  bool cascades = false;        // and the tables with foreign keys to it
};

// Empty for a statement that is none of those, or that cannot be read (of a newer PostgreSQL than the parser).
std::vector<Target> targets_of(std::string_view statement);

// Whether something is inserted, updated or deleted in a SELECT, COPY or EXPLAIN ANALYZE.
bool writes_inside(std::string_view tag, std::string_view statement);

}  // namespace exitgate::observe
