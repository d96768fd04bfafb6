// What a declaration says, as constants beside the rows that are generated from it: for the statements that read and
// write them, and for `exitgate tables`. Only generated code makes these.
#pragma once

#include <cstddef>
#include <string_view>

namespace exitgate::facts {

struct ValueInfo {
  std::string_view text;
  std::string_view meaning;
};

struct ColumnInfo {
  std::string_view name;
  std::string_view type;  // "TEXT NOT NULL"
  std::string_view meaning;
  const ValueInfo* values;  // of a closed set; else nullptr
  std::size_t value_count;
};

struct TableInfo {
  std::string_view domain;
  std::string_view name;
  std::string_view meaning;
  const ColumnInfo* columns;
  std::size_t column_count;
  std::size_t number;  // of the table in its domain, from 0
  // All columns in their order, from the store attached as `domain`; ends with a space.
  std::string_view select;
  std::string_view insert;  // of all columns in their order
};

}  // namespace exitgate::facts
