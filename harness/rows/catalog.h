// What has to be known of tables to put rows into them. Inside this library only.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/database/connection.h"

namespace exitgate::rows {

using Oid = std::uint32_t;

struct Type {
  Oid oid = 0;
  std::string name;       // as SQL has it, with its schema where it is not PostgreSQL's own
  std::string bare;       // pg_type.typname: "int4", "citext"
  char kind = 'b';        // typtype: 'b' base, 'c' composite, 'd' domain, 'e' enum, 'r' range, 'm' multirange
  char category = 'U';    // typcategory
  bool own = false;       // of PostgreSQL itself
  Oid element = 0;        // of an array
  Oid base = 0;           // of a domain
  int modifier = -1;      // of a domain
  bool not_null = false;  // of a domain
  Oid subtype = 0;        // of a range; the range of a multirange
  std::vector<std::string> labels = {};  // of an enum
  std::vector<std::string> checks = {};  // of a domain, over VALUE
  struct Field {
    Oid type = 0;
    int modifier = -1;
  };
  std::vector<Field> fields = {};  // of a composite type
};
using Types = std::map<Oid, Type>;

struct Column {
  int number = 0;
  std::string name;
  std::string quoted;  // as an identifier
  Oid type = 0;
  int modifier = -1;
  std::string type_name;           // with its modifier
  bool not_null = false;           // a domain's NOT NULL included
  std::string default_value = {};  // expression; "" for none
  char identity = ' ';             // 'a' always, 'd' by default, ' ' none
  bool generated = false;
  // Takes its values from a sequence when none is given.
  bool serial() const { return identity != ' ' || default_value.starts_with("nextval("); }
};

struct Check {
  std::vector<int> columns;
  std::string expression;
};

struct ForeignKey {
  std::string name;
  Oid to = 0;
  std::string to_name;  // as Table::name
  std::vector<int> columns;
  std::vector<int> to_columns;
  std::vector<std::string> to_quoted;  // names of to_columns, as identifiers
};

struct Table {
  Oid oid = 0;
  std::string name;  // 'public.orders', quoted where SQL needs it
  char kind = 'r';   // 'r' or 'p'
  bool partition = false;
  Oid root = 0;               // the topmost table that it is a partition of; 0 for none
  std::string bounds = {};    // of a partition: what its rows fulfil; "" for anything
  std::vector<int> key = {};  // columns of the primary key
  std::vector<Column> columns = {};
  std::vector<Check> checks = {};
  std::vector<ForeignKey> keys = {};
  bool triggers = false;  // of its own
  const Column* column(int number) const;
};

struct Catalog {
  Types types;
  std::map<Oid, Table> tables;
};

// Ordinary and partitioned tables of users' schemas that belong to no extension. Names are written with their schemas.
Catalog read_catalog(database::Connection& connection);

// Rows of each table, by OID; of one with inheriting children its own alone. One that cannot be read is among the problems.
std::map<Oid, std::int64_t> count_rows(database::Connection& connection, const Catalog& catalog,
                                       std::map<Oid, std::string>& problems);

// The integers in "{1,2}" or "1 2".
std::vector<int> numbers_of(std::string_view text);

}  // namespace exitgate::rows
