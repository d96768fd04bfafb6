// The fact tables, declared once as documented SQL in harness/facts/tables/<domain>.sql. A store is created from the
// declaration, typed rows are generated from it (harness/facts/generate), and `exitgate tables` prints it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/facts/table_info.h"

namespace exitgate::facts {

struct Declaration {
  std::string domain;
  std::string sql;
};

struct ColumnValue {
  std::string text;
  std::string meaning;
};

struct Column {
  std::string name;
  std::string type;  // "TEXT", "INTEGER", with NOT NULL where it is
  std::string meaning;
  std::vector<ColumnValue> values;  // all that it can hold, where that is a closed set
};

struct Table {
  std::string domain;
  std::string name;
  std::string meaning;
  std::vector<Column> columns;
};

// One for each domain, sorted by name.
const std::vector<Declaration>& declarations();

// Throws UsageError for an unknown domain.
const Declaration& declaration(std::string_view domain);

// All tables of all domains, in the order of their declaration.
std::vector<Table> tables();
std::vector<const TableInfo*> table_infos();

}  // namespace exitgate::facts
