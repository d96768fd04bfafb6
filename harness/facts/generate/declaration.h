// The fact tables of one domain as harness/facts/tables/<domain>.sql declares them. The grammar is the part of SQLite's
// that the typed rows know how to read and write; anything else is a mistake with file and line, so that nothing in a
// declaration is silently without effect:
//
//   -- What a row is: one or more lines of comment, directly above.
//   CREATE TABLE artifact (
//     line INTEGER NOT NULL,                             -- what the column holds; may go on
//                                                        -- in lines of its own
//     pin TEXT NOT NULL CHECK (pin IN ('sha', 'ref')),   -- how the action is named
//                                                        -- 'sha': by a commit's id
//                                                        -- 'ref': by a branch or a tag
//     other_run INTEGER NOT NULL CHECK (other_run IN (0, 1)),
//     name TEXT                                          -- without NOT NULL: NULL when it is not known
//   ) STRICT;
//
// Types are TEXT and INTEGER. Behind the type may stand NOT NULL, PRIMARY KEY (only with NOT NULL), DEFAULT (only with
// NOT NULL) and CHECK, in any order. CHECK lists the values of the column itself: 0 and 1 of an INTEGER make it a bool,
// strings make it an enum class, and each of these is explained by a comment "'value': meaning". A later column of the same
// name with the same values may leave the explanations out. Behind the table stands STRICT, and perhaps WITHOUT ROWID.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/facts/generate/lexer.h"

namespace exitgate::facts::generate {

enum class Type { text, integer, boolean };

// One value of a closed set.
struct Value {
  std::string text;
  std::string meaning;
};

struct Column {
  std::string name;
  Type type = Type::text;
  bool nullable = true;
  std::string declared;                      // "TEXT NOT NULL", for readers
  std::string meaning;                       // "" when the name says it
  std::vector<Value> values;                 // of a string with a closed set; else empty
  std::optional<std::string> default_value;  // DEFAULT: a number as written, or a string without quotes
  int line = 0;
};

struct Table {
  std::string name;
  std::string meaning;
  std::vector<Column> columns;
  int line = 0;
};

struct Domain {
  std::string name;  // "ci"
  std::string file;  // as messages name it: "harness/facts/tables/ci.sql"
  std::string sql;
  std::vector<Table> tables;
};

// Throws Mistake.
Domain parse(std::string name, std::string file, std::string sql);

}  // namespace exitgate::facts::generate
