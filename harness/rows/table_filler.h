// Rows for one table. Inside this library only.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/database/connection.h"
#include "harness/rows/candidates.h"
#include "harness/rows/catalog.h"
#include "harness/rows/components.h"
#include "harness/rows/fill.h"
#include "harness/rows/outcome.h"

namespace exitgate::rows {

// A foreign key that could not be heeded when the rows were made.
struct OpenKey {
  const Table* table;
  const ForeignKey* key;
};

// What is known while tables are filled one behind the other.
struct Progress {
  std::map<Oid, std::int64_t> rows;  // of the tables that are done
  std::map<Oid, std::map<int, std::string>>
      forced;                      // values that the first row of a table must have, by column
  std::vector<OpenKey> to_point;   // NULL so far: to be set when all tables have their rows
  std::vector<OpenKey> to_verify;  // that point at rows to come
};

class TableFiller {
 public:
  TableFiller(database::Connection& connection, const Catalog& catalog, Candidates& candidates,
              const Options& options, Progress& progress, int depth = 0)
      : connection_(connection),
        catalog_(catalog),
        candidates_(candidates),
        options_(options),
        progress_(progress),
        depth_(depth) {}

  // Fills in rows, reason and note.
  void fill(const Table& table, int wanted, Filled& filled);

 private:
  // A row that is to be tried: the given columns and their literals; "DEFAULT" is left out.
  struct Row {
    std::map<int, Literal> values;
    std::string problem;  // why it cannot even be tried
  };
  // A row more in a table that is referred to, where those that it has do not fit the conditions here: a list of accounts of
  // one kind, which must be accounts of that kind.
  bool add_referenced_row(const Solving& solving, const Component& component);
  bool sort_keys(const Table& table, Filled& filled);
  void find_free(const Table& table);
  Row row_of(const Table& table, int row, int attempt, int wanted);
  void add_independent(const Table& table, const Column& column, Row& made, int variant, bool nulls,
                       bool defaults);
  void choose(const Table& table, const Component& component, std::size_t at, Row& made, int row, int attempt,
              bool nulls);
  void point_at_itself(const Table& table, Row& made);
  std::string next_of(const Table& table, const Column& column);
  std::string insert_of(const Table& table, const Row& row) const;
  Outcome try_row(const Table& table, const std::string& insert, Outcome first, bool last, Filled& filled);

  database::Connection& connection_;
  const Catalog& catalog_;
  Candidates& candidates_;
  const Options& options_;
  Progress& progress_;
  int depth_;  // of tables that wait for this one to have one row more

  // Of the table at hand.
  std::vector<Component> components_;
  std::set<int> in_component_;
  std::map<int, std::vector<std::string>> accepted_;                // of columns whose type does not say all
  std::vector<int> free_;                                           // columns that the server fills
  std::vector<const ForeignKey*> itself_;                           // that must point at the row's own table
  std::vector<const ForeignKey*> ahead_;                            // that must point at rows to come
  std::set<int> left_null_;                                         // columns of keys that are left open
  std::map<std::size_t, std::vector<std::set<std::string>>> used_;  // values, by component and column
};

}  // namespace exitgate::rows
