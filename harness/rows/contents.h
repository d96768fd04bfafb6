// What is in the tables of a database: read before and after an upgrade, to be compared (losses.h).
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/database/connection.h"

namespace exitgate::rows {

using Oid = std::uint32_t;
using Value = std::optional<std::string>;  // as the server writes it; nullopt for NULL

struct ContentColumn {
  int number = 0;  // pg_attribute.attnum, which stays when the column is renamed
  std::string name;
  std::string type;  // 'character varying(20)'
  // What the type is made of, for telling whether another one holds less.
  std::string base;      // format_type of the type below all domains, without a modifier: 'character varying'
  int modifier = -1;     // atttypmod, or that of the domain
  char category = 'U';   // pg_type.typcategory of the base: 'N', 'S', 'D', …
  Oid enumeration = 0;   // the type's OID when it is an enum
  bool checked = false;  // a domain with checks
  // Of a table too large to be read as rows.
  std::int64_t values = 0;  // that are not NULL
  std::string digest = {};  // of all values, in whatever order; "" when each row was read
};

struct ContentTable {
  Oid oid = 0;
  std::string name;                         // 'public.orders', quoted where SQL needs it
  char kind = 'r';                          // pg_class.relkind: 'r' or 'p'
  Oid parent = 0;                           // of a partition: what it is a partition of
  std::vector<ContentColumn> columns = {};  // by number; none that is dropped
  std::vector<int> key = {};  // numbers of the primary key's columns, else of a unique index's; or none
  std::int64_t count = 0;
  bool complete = true;                       // `rows` has all of them
  std::vector<std::vector<Value>> rows = {};  // values in the order of `columns`
};

struct ContentSequence {
  Oid oid = 0;
  std::string name;
  std::int64_t next = 0;  // that nextval() would give
  std::int64_t increment = 1;
  Oid table = 0;  // that it gives a column of its values; 0: none owns it
  int column = 0;
};

struct Contents {
  std::vector<ContentTable> tables;                        // by OID
  std::vector<ContentSequence> sequences;                  // by OID
  std::map<Oid, std::map<std::string, Oid>> enumerations;  // labels and their OIDs, by type
};

struct ReadOptions {
  std::int64_t rows = 2000;  // of a table with more of them only counts and digests are kept
  std::function<bool(const std::string&)> leave_alone = {};  // as in fill.h
};

// In one transaction of its own, which it begins and ends. Throws Undecided, naming what could not be read.
Contents read_contents(database::Connection& connection, const ReadOptions& options = {});

}  // namespace exitgate::rows
