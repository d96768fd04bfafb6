// A destructive statement of a migration.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/migrations/sql_routines.h"

namespace exitgate::collect {

// The kinds are those of migrations.statement.kind (harness/facts/tables/migrations.sql).
//
// Not among them: whatever holds no data, is named by no query and keeps nothing out, as an index that is not unique; a
// DELETE or UPDATE by a condition. Among them, but not facts: the indexes that a migration creates (sql_indexes.h).
struct Statement {
  int line = 1;                           // in its file
  std::string kind;                       // "drop-table"
  std::string object;                     // "orders.note", as it is written; "" when it is not said
  std::string relation = {};              // that it is about, where it is about one
  std::vector<std::string> columns = {};  // of the relation, where it is about some
  std::string text = {};                  // the statement in one line, at most 200 bytes
  std::string reason = {};                // why it is undecided, or why it takes nothing away; else ""
  bool harmless = false;

  bool undecided() const { return kind == "undecided"; }
};

// What a statement makes: "table", "column", "view", "function", "type", "constraint", and its name, a
// column's and a constraint's behind their relation's: "orders.note".
struct CreatedObject {
  std::string what;
  std::string name;
};

// A routine that a migration defines, and whose body may take something away when it is called.
struct OwnRoutine {
  DefinedRoutine routine;
  std::string statement;  // CREATE FUNCTION …
  int line = 1;           // of the statement
};

// All that one migration does, in its order.
class Statements {
 public:
  // Of an operation that is not SQL.
  void add(Statement statement);
  void made(std::string what, std::string name);
  // A text of any number of statements, bodies of DO among them. Lines count from `first_line`. What cannot
  // be read is an 'undecided' statement, unless none of the words stands in it that it would take. Never
  // throws for what the text holds.
  // With `whole`, a text that does not parse is undecided whatever its words are: something was filled in.
  void sql(std::string_view text, int first_line = 1, bool whole = false);

  // A text in which nothing is taken away. It is read only when something else is that it may excuse.
  void may_make(std::string text);

  // A routine is read where it is called, once.
  void defines(OwnRoutine routine);
  bool may_call_own_routine(std::string_view statement) const;
  std::optional<OwnRoutine> own_routine(const std::string& name);

  // The statements. Harmless is what concerns only what the same migration has made before (a table, a
  // column), or makes again afterwards (a view, a function, a constraint). A DROP INDEX is decided by the whole
  // history (dropped_indexes.h).
  std::vector<Statement> take();

 private:
  struct Event {
    Statement statement = {};
    CreatedObject made = {};
    bool makes = false;
    std::string unread = {};  // a text that may make something
  };
  void read_what_is_made();
  bool makes_sequence(std::size_t before, const std::string& name) const;
  std::string excuse(std::size_t at) const;
  std::vector<Event> events_;
  std::map<std::string, OwnRoutine> routines_;
};

// The text with a value or a name where a variable stands: SQLAlchemy's `:name`, psycopg's `%s` and
// `%(name)s`, or psql's `:name`, `:'name'` and `:"name"`. Quoted strings and comments stay as they are.
enum class Variables { python, psql };
std::string without_variables(std::string_view sql, Variables of);

// Whether a WHERE with this condition, written in SQL, lets every row through: "1 = 1".
bool holds_always(std::string_view condition);

// All white space as one blank, at most 200 bytes, cut at a character.
std::string in_one_line(std::string_view text);

}  // namespace exitgate::collect
