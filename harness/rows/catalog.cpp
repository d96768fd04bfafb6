#include "harness/rows/catalog.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace exitgate::rows {
namespace {

constexpr const char* kTables = R"sql(
SELECT c.oid, quote_ident(n.nspname) || '.' || quote_ident(c.relname), c.relkind, c.relispartition,
       CASE WHEN c.relispartition THEN pg_partition_root(c.oid)::oid END,
       CASE WHEN c.relispartition THEN pg_get_partition_constraintdef(c.oid) END,
       (SELECT i.indkey::text FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary),
       EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgenabled <> 'D')
  FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
 WHERE c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
   AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
 ORDER BY c.oid)sql";

constexpr const char* kColumns = R"sql(
SELECT a.attrelid, a.attnum, a.attname, quote_ident(a.attname), a.atttypid, a.atttypmod, format_type(a.atttypid, a.atttypmod),
       a.attnotnull, a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid)
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
 WHERE c.relkind IN ('r', 'p') AND a.attnum > 0 AND NOT a.attisdropped AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
 ORDER BY a.attrelid, a.attnum)sql";

constexpr const char* kTypes = R"sql(
SELECT t.oid, format_type(t.oid, NULL), t.typname, t.typtype, t.typcategory, n.nspname = 'pg_catalog',
       CASE WHEN t.typcategory = 'A' THEN t.typelem ELSE 0 END, t.typbasetype, t.typtypmod, t.typnotnull,
       coalesce(r.rngsubtype, 0), t.typrelid
  FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace LEFT JOIN pg_range r ON r.rngtypid = t.oid
 WHERE t.typtype <> 'p')sql";

constexpr const char* kConstraints = R"sql(
SELECT k.conrelid, k.contype, k.conname, k.conkey::text, k.confrelid, k.confkey::text,
       CASE WHEN k.contype = 'c' THEN pg_get_expr(k.conbin, k.conrelid) END, k.confrelid::regclass::text,
       (SELECT string_agg(quote_ident(a.attname), E'\n' ORDER BY key.place) FROM unnest(k.confkey) WITH ORDINALITY key (number, place)
          JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = key.number)
  FROM pg_constraint k LEFT JOIN pg_constraint above ON above.oid = k.conparentid
 WHERE k.contype IN ('c', 'f') AND k.conrelid <> 0 AND (above.oid IS NULL OR above.conrelid <> k.conrelid)
 ORDER BY k.conrelid, k.conname, k.oid)sql";

constexpr const char* kDomainChecks = R"sql(
SELECT contypid, pg_get_constraintdef(oid) FROM pg_constraint WHERE contypid <> 0 AND contype = 'c' ORDER BY contypid, conname)sql";

constexpr const char* kFields = R"sql(
SELECT t.oid, a.atttypid, a.atttypmod FROM pg_type t JOIN pg_attribute a ON a.attrelid = t.typrelid
 JOIN pg_namespace n ON n.oid = t.typnamespace
 WHERE t.typtype = 'c' AND a.attnum > 0 AND NOT a.attisdropped AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
 ORDER BY t.oid, a.attnum)sql";

void read_types(database::Connection& connection, Types& types) {
  const auto all = connection.query(kTypes);
  for (int row = 0; row < all.rows(); ++row) {
    Type type;
    type.oid = static_cast<Oid>(all.integer(row, 0));
    type.name = all.text(row, 1);
    type.bare = all.text(row, 2);
    type.kind = all.text(row, 3).front();
    type.category = all.text(row, 4).front();
    type.own = all.boolean(row, 5);
    type.element = static_cast<Oid>(all.integer(row, 6));
    type.base = static_cast<Oid>(all.integer(row, 7));
    type.modifier = static_cast<int>(all.integer(row, 8));
    type.not_null = all.boolean(row, 9);
    type.subtype = static_cast<Oid>(all.integer(row, 10));
    types.emplace(type.oid, std::move(type));
  }
  const auto add = [&](const char* query, const auto& each) {
    const auto found = connection.query(query);
    for (int row = 0; row < found.rows(); ++row) {
      if (const auto type = types.find(static_cast<Oid>(found.integer(row, 0))); type != types.end())
        each(type->second, found, row);
    }
  };
  add("SELECT enumtypid, enumlabel FROM pg_enum ORDER BY enumtypid, enumsortorder",
      [](Type& type, const database::Result& found, int row) {
        type.labels.emplace_back(found.text(row, 1));
      });
  add(kDomainChecks, [](Type& type, const database::Result& found, int row) {
    type.checks.emplace_back(found.text(row, 1));
  });
  add(kFields, [](Type& type, const database::Result& found, int row) {
    type.fields.push_back({static_cast<Oid>(found.integer(row, 1)), static_cast<int>(found.integer(row, 2))});
  });
  if (connection.server_version() >= 140000) {
    add("SELECT rngmultitypid, rngtypid FROM pg_range WHERE rngmultitypid <> 0",
        [](Type& type, const database::Result& found, int row) {
          type.subtype = static_cast<Oid>(found.integer(row, 1));
        });
  }
}

}  // namespace

std::vector<int> numbers_of(std::string_view text) {
  std::vector<int> numbers;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    int number = 0;
    const auto [next, error] = std::from_chars(at, end, number);
    if (error == std::errc()) {
      numbers.push_back(number);
      at = next;
    } else {
      ++at;
    }
  }
  return numbers;
}

const Column* Table::column(int number) const {
  const auto found =
      std::find_if(columns.begin(), columns.end(), [&](const Column& one) { return one.number == number; });
  return found == columns.end() ? nullptr : &*found;
}

Catalog read_catalog(database::Connection& connection) {
  Catalog catalog;
  connection.query("SET search_path = ''");
  read_types(connection, catalog.types);
  const auto tables = connection.query(kTables);
  for (int row = 0; row < tables.rows(); ++row) {
    Table table;
    table.oid = static_cast<Oid>(tables.integer(row, 0));
    table.name = tables.text(row, 1);
    table.kind = tables.text(row, 2).front();
    table.partition = tables.boolean(row, 3);
    table.root = static_cast<Oid>(tables.integer(row, 4));
    table.bounds = tables.text(row, 5);
    table.key = numbers_of(tables.text(row, 6));
    table.triggers = tables.boolean(row, 7);
    catalog.tables.emplace(table.oid, std::move(table));
  }
  const auto columns = connection.query(kColumns);
  for (int row = 0; row < columns.rows(); ++row) {
    const auto table = catalog.tables.find(static_cast<Oid>(columns.integer(row, 0)));
    if (table == catalog.tables.end()) continue;
    Column column;
    column.number = static_cast<int>(columns.integer(row, 1));
    column.name = columns.text(row, 2);
    column.quoted = columns.text(row, 3);
    column.type = static_cast<Oid>(columns.integer(row, 4));
    column.modifier = static_cast<int>(columns.integer(row, 5));
    column.type_name = columns.text(row, 6);
    column.not_null = columns.boolean(row, 7);
    for (auto type = catalog.types.find(column.type); type != catalog.types.end() && type->second.kind == 'd';
         type = catalog.types.find(type->second.base)) {
      column.not_null = column.not_null || type->second.not_null;
    }
    if (!columns.text(row, 8).empty()) column.identity = columns.text(row, 8).front();
    column.generated = !columns.text(row, 9).empty();
    column.default_value = columns.text(row, 10);
    table->second.columns.push_back(std::move(column));
  }
  const auto constraints = connection.query(kConstraints);
  for (int row = 0; row < constraints.rows(); ++row) {
    const auto table = catalog.tables.find(static_cast<Oid>(constraints.integer(row, 0)));
    if (table == catalog.tables.end()) continue;
    if (constraints.text(row, 1) == "c") {
      table->second.checks.push_back(
          {numbers_of(constraints.text(row, 3)), std::string(constraints.text(row, 6))});
    } else {
      table->second.keys.push_back(
          {std::string(constraints.text(row, 2)), static_cast<Oid>(constraints.integer(row, 4)),
           std::string(constraints.text(row, 7)), numbers_of(constraints.text(row, 3)),
           numbers_of(constraints.text(row, 5)), split(constraints.text(row, 8), '\n')});
    }
  }
  connection.query("RESET search_path");
  return catalog;
}

std::map<Oid, std::int64_t> count_rows(database::Connection& connection, const Catalog& catalog,
                                       std::map<Oid, std::string>& problems) {
  constexpr std::size_t kAtOnce = 200;
  std::map<Oid, std::int64_t> counts;
  std::vector<const Table*> asked;
  const auto ask = [&](const std::vector<const Table*>& tables) {
    std::string sql;
    for (const auto* const table : tables) {
      sql += fmt::format("{}SELECT {}::oid, count(*) FROM {}{}", sql.empty() ? "" : " UNION ALL ", table->oid,
                         table->kind == 'r' ? "ONLY " : "", table->name);
    }
    if (sql.empty()) return;
    const auto found = connection.query(sql);
    for (int row = 0; row < found.rows(); ++row)
      counts[static_cast<Oid>(found.integer(row, 0))] = found.integer(row, 1);
  };
  const auto ask_all = [&] {
    try {
      ask(asked);
    } catch (const Undecided&) {
      // One of them cannot be read (its index is of an operator class that does not work): each by itself.
      std::size_t failed = 0;
      for (const auto* const one : asked) {
        try {
          ask({one});
        } catch (const Undecided& error) {
          counts[one->oid] = 0;
          problems[one->oid] = error.what();
          // A server that is gone fails them all.
          if (++failed == asked.size() && failed > 1) throw;
        }
      }
    }
    asked.clear();
  };
  for (const auto& [oid, table] : catalog.tables) {
    asked.push_back(&table);
    if (asked.size() == kAtOnce) ask_all();
  }
  ask_all();
  return counts;
}

}  // namespace exitgate::rows
