// Changes to a run's facts that ought to matter: what a hole in a collector, or another repository, would look like.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/facts/facts.h"

namespace exitgate::sensitivity {

enum class Kind {
  empty,   // all rows of a table are removed
  remove,  // one row is removed
  alter,  // one column of one row gets another value: another one of a closed set, less of a number, another text
  add,  // a row is added that differs from another one in one text
};
std::string_view name_of(Kind kind);  // "empty", "remove", "alter", "add"

struct Change {
  Kind kind{};
  std::string domain;
  std::string table;
  std::string column;  // that gets another value; "" for Kind::empty and Kind::remove
  std::string file;    // that the row is about; "" when it is about none
  std::int64_t line = 0;
  std::string statement;  // SQL for facts::Facts::change

  std::string table_name() const { return domain + "." + table; }
};

// Whether a table holds facts of the target, rather than what Exitgate itself knows (of CI providers and migration
// tools) or a census, which is what facts are compared with.
bool is_of_target(std::string_view domain, std::string_view table);

// First each table of the target that `reads` names and that has rows, emptied; then, table by table in turn, a change
// to one of its rows, up to `most` in all. The same facts, reads and seed give the same changes in the same order, and
// fewer of them are the first of more. Columns that only say on which line something stands are left alone.
std::vector<Change> planned_changes(const facts::Facts& facts, const facts::Reads& reads,
                                    std::string_view seed, std::size_t most);

}  // namespace exitgate::sensitivity
