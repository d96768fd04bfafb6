#include "harness/rows/contents.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <utility>

#include "harness/rows/catalog.h"

namespace exitgate::rows {
namespace {

constexpr const char* kTables = R"sql(
SELECT c.oid, quote_ident(n.nspname) || '.' || quote_ident(c.relname), c.relkind,
       CASE WHEN c.relispartition THEN (SELECT i.inhparent FROM pg_inherits i WHERE i.inhrelid = c.oid) END,
       (SELECT i.indkey::text FROM pg_index i WHERE i.indrelid = c.oid AND i.indisunique AND i.indpred IS NULL AND i.indexprs IS NULL
           AND (i.indisprimary OR NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attnum = ANY (i.indkey)
                                                 AND NOT a.attnotnull))
         ORDER BY i.indisprimary DESC, i.indexrelid LIMIT 1),
       (SELECT i.indnkeyatts FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
   AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
 ORDER BY c.oid)sql";

// A domain is followed down to the type that it is made of.
constexpr const char* kColumns = R"sql(
WITH RECURSIVE below (domain, type, modifier, checked) AS (
  SELECT t.oid, t.oid, -1, false FROM pg_type t
  UNION ALL
  SELECT b.domain, t.typbasetype, greatest(b.modifier, t.typtypmod),
         b.checked OR EXISTS (SELECT 1 FROM pg_constraint k WHERE k.contypid = t.oid AND k.contype = 'c')
    FROM below b JOIN pg_type t ON t.oid = b.type AND t.typtype = 'd'),
base AS (SELECT b.* FROM below b JOIN pg_type t ON t.oid = b.type AND t.typtype <> 'd')
SELECT a.attrelid, a.attnum, a.attname, format_type(a.atttypid, a.atttypmod), format_type(b.type, NULL),
       greatest(a.atttypmod, b.modifier), t.typcategory, CASE WHEN t.typtype = 'e' THEN t.oid ELSE 0 END, b.checked
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  JOIN base b ON b.domain = a.atttypid JOIN pg_type t ON t.oid = b.type
 WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
 ORDER BY a.attrelid, a.attnum)sql";

// What nextval() would give; of a sequence that was never used, where it starts.
constexpr const char* kSequences = R"sql(
SELECT c.oid, quote_ident(n.nspname) || '.' || quote_ident(c.relname), s.seqincrement,
       coalesce(d.refobjid, 0), coalesce(d.refobjsubid, 0)
  FROM pg_sequence s JOIN pg_class c ON c.oid = s.seqrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_depend d ON d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.refclassid = 'pg_class'::regclass
                       AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0
 WHERE c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
 ORDER BY c.oid)sql";

std::string row_source(const ContentTable& table) {
  return (table.kind == 'r' ? "ONLY " : "") + table.name;
}

void read_structure(database::Connection& connection, const ReadOptions& options, Contents& contents) {
  const auto tables = connection.query(kTables);
  for (int row = 0; row < tables.rows(); ++row) {
    ContentTable table;
    table.oid = static_cast<Oid>(tables.integer(row, 0));
    table.name = tables.text(row, 1);
    table.kind = tables.text(row, 2).front();
    table.parent = static_cast<Oid>(tables.integer(row, 3));
    table.key = numbers_of(tables.text(row, 4));
    // Behind them stand the columns of INCLUDE.
    if (!tables.is_null(row, 5))
      table.key.resize(std::min(table.key.size(), static_cast<std::size_t>(tables.integer(row, 5))));
    if (options.leave_alone && options.leave_alone(table.name)) continue;
    contents.tables.push_back(std::move(table));
  }
  const auto columns = connection.query(kColumns);
  auto table = contents.tables.begin();
  for (int row = 0; row < columns.rows(); ++row) {
    const auto oid = static_cast<Oid>(columns.integer(row, 0));
    while (table != contents.tables.end() && table->oid < oid) ++table;
    if (table == contents.tables.end() || table->oid != oid) continue;
    ContentColumn column;
    column.number = static_cast<int>(columns.integer(row, 1));
    column.name = columns.text(row, 2);
    column.type = columns.text(row, 3);
    column.base = columns.text(row, 4);
    column.modifier = static_cast<int>(columns.integer(row, 5));
    column.category = columns.text(row, 6).front();
    column.enumeration = static_cast<Oid>(columns.integer(row, 7));
    column.checked = columns.boolean(row, 8);
    table->columns.push_back(std::move(column));
  }
  const auto labels = connection.query("SELECT enumtypid, enumlabel, oid FROM pg_enum");
  for (int row = 0; row < labels.rows(); ++row) {
    contents.enumerations[static_cast<Oid>(labels.integer(row, 0))].emplace(
        labels.text(row, 1), static_cast<Oid>(labels.integer(row, 2)));
  }
}

void read_sequences(database::Connection& connection, Contents& contents) {
  const auto found = connection.query(kSequences);
  std::string sql;
  for (int row = 0; row < found.rows(); ++row) {
    ContentSequence sequence;
    sequence.oid = static_cast<Oid>(found.integer(row, 0));
    sequence.name = found.text(row, 1);
    sequence.increment = found.integer(row, 2);
    sequence.table = static_cast<Oid>(found.integer(row, 3));
    sequence.column = static_cast<int>(found.integer(row, 4));
    // A numeric, since behind the last of a bigint there is no bigint.
    sql += fmt::format("{}SELECT {}, last_value::numeric + CASE WHEN is_called THEN {} ELSE 0 END FROM {}",
                       sql.empty() ? "" : " UNION ALL ", row, sequence.increment, sequence.name);
    contents.sequences.push_back(std::move(sequence));
  }
  if (sql.empty()) return;
  const auto values = connection.query(sql);
  for (int row = 0; row < values.rows(); ++row)
    contents.sequences[static_cast<std::size_t>(values.integer(row, 0))].next = values.integer(row, 1);
}

// Counts and digests of tables that are too large to be kept: a sum of the values' hashes does not depend on their order.
void read_digests(database::Connection& connection, ContentTable& table) {
  std::string selected = "count(*)";
  for (const auto& column : table.columns) {
    const std::string name = connection.identifier(column.name);
    selected += fmt::format(", count({0}), sum(hashtextextended({0}::text COLLATE \"C\", 0)::numeric)", name);
  }
  const auto found = connection.query(fmt::format("SELECT {} FROM {}", selected, row_source(table)));
  table.count = found.integer(0, 0);
  for (std::size_t at = 0; at < table.columns.size(); ++at) {
    table.columns[at].values = found.integer(0, static_cast<int>(1 + 2 * at));
    table.columns[at].digest = found.text(0, static_cast<int>(2 + 2 * at));
    if (table.columns[at].digest.empty()) table.columns[at].digest = "0";
  }
}

}  // namespace

Contents read_contents(database::Connection& connection, const ReadOptions& options) {
  Contents contents;
  connection.query(
      "BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL search_path = ''; SET LOCAL TimeZone = 'UTC'; SET "
      "LOCAL DateStyle = 'ISO, YMD'; "
      "SET LOCAL IntervalStyle = 'postgres'; SET LOCAL extra_float_digits = 1; SET LOCAL bytea_output = "
      "'hex'; "
      "SET LOCAL row_security = off");
  try {
    read_structure(connection, options, contents);
    read_sequences(connection, contents);
    std::vector<std::pair<std::string, std::string>> queries;
    for (const auto& table : contents.tables) {
      std::string selected;
      for (const auto& column : table.columns)
        selected += (selected.empty() ? "" : ", ") + connection.identifier(column.name);
      queries.emplace_back(table.name, fmt::format("SELECT {} FROM {} LIMIT {}", selected, row_source(table),
                                                   options.rows + 1));
    }
    if (!queries.empty())
      connection.stream_all(queries, [&](std::size_t position, const database::StreamedRow& row) {
        auto& table = contents.tables[position];
        std::vector<Value> values;
        if (!table.columns.empty()) {
          values.reserve(table.columns.size());
          for (int column = 0; column < row.columns(); ++column)
            values.push_back(row.is_null(column) ? Value() : Value(std::string(row.text(column))));
        }
        table.rows.push_back(std::move(values));
      });
    for (auto& table : contents.tables) {
      table.count = static_cast<std::int64_t>(table.rows.size());
      for (std::size_t column = 0; column < table.columns.size(); ++column) {
        table.columns[column].values = std::count_if(
            table.rows.begin(), table.rows.end(), [&](const auto& row) { return row[column].has_value(); });
      }
      if (table.count <= options.rows) continue;
      table.complete = false;
      table.rows.clear();
      read_digests(connection, table);
    }
  } catch (...) {
    try {
      connection.query("ROLLBACK");
    } catch (const std::exception&) {  // what went wrong first is told
    }
    throw;
  }
  connection.query("COMMIT");
  return contents;
}

}  // namespace exitgate::rows
