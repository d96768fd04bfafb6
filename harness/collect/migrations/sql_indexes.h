// Which indexes a migration creates: what a DROP INDEX takes away is not written in the statement itself.
//
// An index is a Statement of one of three kinds that are no facts (dropped_indexes.h reads them and leaves them out):
//
//   "create-index", "create-unique-index"   object: its name; text: its table and definition
//   "rename-index"                          object: its new name; columns: the old one
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/migrations/statement.h"

namespace exitgate::collect {

inline constexpr std::string_view kCreateIndex = "create-index";
inline constexpr std::string_view kCreateUniqueIndex = "create-unique-index";
inline constexpr std::string_view kRenameIndex = "rename-index";
// A DROP INDEX of which it is not yet decided whether the index is unique.
inline constexpr std::string_view kDropUniqueIndex = "drop-unique-index";

inline bool is_index_change(const Statement& statement) {
  return statement.kind == kCreateIndex || statement.kind == kCreateUniqueIndex ||
         statement.kind == kRenameIndex;
}

// Every CREATE INDEX, ALTER INDEX … RENAME and ADD … UNIQUE of a text, in its order; those in strings too, since a program may run them,
// but none in comments. An index without a name has the one that PostgreSQL gives it. Never throws for what the text
// holds.
std::vector<Statement> index_changes(std::string_view sql);

Statement created_index(std::string name, bool unique, std::string definition = "");
Statement renamed_index(std::string from, std::string to);
// A DROP INDEX, by the name as it is written.
Statement dropped_index(std::string name);

}  // namespace exitgate::collect
