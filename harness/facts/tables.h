// The fact tables, declared once as documented SQL in harness/facts/tables/<domain>.sql. A store is created
// from the declaration, and `exitgate tables` prints it: a comment above CREATE TABLE says what a row is, a
// comment behind a column what it holds.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace exitgate::facts {

struct Declaration {
  std::string domain;
  std::string sql;
};

struct Column {
  std::string name;
  std::string type;  // "TEXT", "INTEGER", with NOT NULL where it is
  std::string meaning;
};

struct Table {
  std::string domain;
  std::string name;
  std::string meaning;
  std::vector<Column> columns;
};

// One for each domain, sorted by name.
const std::vector<Declaration>& declarations();

// Throws Undecided for an unknown domain.
const Declaration& declaration(std::string_view domain);

// All tables of all domains, read from the declarations.
std::vector<Table> tables();

}  // namespace exitgate::facts
