// Columns: read as they stand in pg_attribute, and put into words here. PostgreSQL is asked only for what it
// alone can say, once for each type and for each default: of a large schema, columns are the most by far.
#include <fmt/core.h>

#include <algorithm>
#include <tuple>

#include "harness/base/text.h"
#include "harness/collect/schema/relations.h"

namespace exitgate::collect::schema {

namespace {

std::string_view storage_name(char storage) {
  switch (storage) {
    case 'p':
      return "PLAIN";
    case 'e':
      return "EXTERNAL";
    case 'm':
      return "MAIN";
    default:
      return "EXTENDED";
  }
}

// The columns of the query on pg_attribute.
enum Field {
  kRelation,
  kNumber,
  kName,
  kLocal,
  kTypeOid,
  kModifier,
  kCollationOid,
  kNotNull,
  kIdentity,
  kGenerated,
  kStorage,
  kCompression,
  kStatisticsTarget,
  kOptions,
  kForeignOptions,
  kAccess,
  kRelationKind
};

// Whether its storage, compression or statistics target were set, as those of a materialized view can be.
bool is_tuned(const RelationsWork& work, const CatalogRow& row) {
  const auto type = work.types.find(RelationsWork::key(row.oid(kTypeOid), row.integer(kModifier)));
  const bool stored_otherwise = type != work.types.end() && !row.view(kStorage).empty() &&
                                row.view(kStorage)[0] != type->second.storage;
  return stored_otherwise || !row.view(kCompression).empty() ||
         (!row.null(kStatisticsTarget) && row.integer(kStatisticsTarget) >= 0);
}

std::string column_definition(const RelationsWork& work, const CatalogRow& row, bool with_identity = true) {
  const auto type = work.types.find(RelationsWork::key(row.oid(kTypeOid), row.integer(kModifier)));
  const bool known = type != work.types.end();
  std::string definition = known ? type->second.name : "???";
  const Oid collation = row.oid(kCollationOid);
  if (known && collation != type->second.collation) {
    const auto named = work.collations.find(collation);
    if (named != work.collations.end()) {
      definition +=
          fmt::format(" COLLATE {}.{}", quoted(named->second.namespace_name), quoted(named->second.name));
    }
  }
  if (row.boolean(kNotNull)) definition += " NOT NULL";
  const auto expression = work.defaults.find(RelationsWork::key(row.oid(kRelation), row.integer(kNumber)));
  if (expression != work.defaults.end()) {
    const std::string_view generated = row.view(kGenerated);
    if (generated.empty()) definition += " DEFAULT " + expression->second;
    if (generated == "s") definition += fmt::format(" GENERATED ALWAYS AS ({}) STORED", expression->second);
    if (generated == "v") definition += fmt::format(" GENERATED ALWAYS AS ({}) VIRTUAL", expression->second);
  }
  const std::string_view identity = row.view(kIdentity);
  if (!identity.empty() && with_identity) {
    const auto sequence =
        work.identity_sequences.find({row.oid(kRelation), static_cast<int>(row.integer(kNumber))});
    definition += fmt::format(" GENERATED {} AS IDENTITY ({})", identity == "a" ? "ALWAYS" : "BY DEFAULT",
                              sequence == work.identity_sequences.end() ? "" : sequence->second);
  }
  if (known && !row.view(kStorage).empty() && row.view(kStorage)[0] != type->second.storage) {
    definition += fmt::format(" STORAGE {}", storage_name(row.view(kStorage)[0]));
  }
  if (!row.view(kCompression).empty()) {
    definition += fmt::format(" COMPRESSION {}", row.view(kCompression) == "p" ? "pglz" : "lz4");
  }
  if (!row.null(kStatisticsTarget) && row.integer(kStatisticsTarget) >= 0) {
    definition += fmt::format(" STATISTICS {}", row.view(kStatisticsTarget));
  }
  if (!row.null(kOptions)) definition += fmt::format(" WITH ({})", sorted_options(row.view(kOptions)));
  if (!row.null(kForeignOptions)) {
    definition += fmt::format(" OPTIONS ({})", sorted_options(row.view(kForeignOptions)));
  }
  return definition;
}

// Whether a column is as its table has it from its (first) parent, unchanged.
bool is_inherited(const RelationsWork& work, const Column& column) {
  if (column.local) return false;
  const auto parents = work.parents.find(column.relation);
  if (parents == work.parents.end()) return false;
  const Oid parent = parents->second.front();
  auto same = std::lower_bound(work.columns.begin(), work.columns.end(), parent,
                               [](const Column& one, Oid oid) { return one.relation < oid; });
  while (same != work.columns.end() && same->relation == parent && same->name != column.name) ++same;
  if (same == work.columns.end() || same->relation != parent) return false;
  const auto plain = work.without_identity.find(RelationsWork::key(same->relation, same->number));
  return (plain == work.without_identity.end() ? same->definition : plain->second) == column.definition;
}

// Columns as their tables have them. What a child only has from its parent, unchanged, is not said again; and
// the order of a table's columns is an object of its own, so that a new column does not change the others.
void add_columns(Reader& reader, RelationsWork& work) {
  // Room for about all there will be: growing step by step would hold everything twice in between.
  reader.objects.reserve(reader.objects.size() + work.columns.size() + 8 * reader.relations.size());
  std::vector<bool> inherited(work.columns.size());
  for (std::size_t at = 0; at < work.columns.size(); ++at) {
    inherited[at] = is_inherited(work, work.columns[at]);
  }
  for (std::size_t at = 0; at < work.columns.size();) {
    const Oid oid = work.columns[at].relation;
    const Relation& relation = reader.relations.at(oid);
    const std::string part_of = relation.part_of();
    const bool told = relation.emitted && relation.kind != 'v' && relation.kind != 'm';
    std::string order;
    int count = 0;
    bool all_inherited = true;
    for (; at < work.columns.size() && work.columns[at].relation == oid; ++at) {
      if (!told) continue;
      Column& column = work.columns[at];
      const std::string name = quoted(column.name);
      if (count++ > 0) order += ", ";
      order += name;
      std::string identity = relation.qualified + "." + name;
      if (inherited[at]) {
        reader.describe(kClass, oid, column.number, "column", identity);
        continue;
      }
      all_inherited = false;
      reader.add({"column", relation.namespace_name, column.name, std::move(identity),
                  std::move(column.definition), "", part_of},
                 kClass, oid, column.number);
    }
    if (count > 1 && !all_inherited) {
      reader.objects.push_back({"column order", relation.namespace_name, relation.name, relation.qualified,
                                std::move(order), "", part_of});
    }
  }
}

void take_column(Reader& reader, RelationsWork& work, const CatalogRow& row) {
  if (row.view(kRelationKind) == "i" || row.view(kRelationKind) == "I") {
    work.index_statistics[RelationsWork::key(row.oid(kRelation), row.integer(kNumber))] =
        row.text(kStatisticsTarget);
    return;
  }
  const auto found = reader.relations.find(row.oid(kRelation));
  if (found == reader.relations.end()) return;
  const Relation& relation = found->second;
  Column column;
  column.relation = found->first;
  column.type = row.oid(kTypeOid);
  column.collation = row.oid(kCollationOid);
  column.number = static_cast<int>(row.integer(kNumber));
  column.local = row.boolean(kLocal);
  column.name = row.text(kName);
  const bool of_view = relation.kind == 'v' || relation.kind == 'm';
  if (relation.emitted && (of_view || !row.null(kAccess))) {
    const std::string identity = relation.qualified + "." + quoted(column.name);
    reader.add_grants("column", identity, relation.namespace_name, column.name, relation.owner,
                      row.view(kAccess), "{}");
    if (of_view) {
      // Their query says what they are; only what was set on the column itself is left to say.
      reader.describe(kClass, column.relation, column.number, "column", identity);
      if (work.defaults.count(RelationsWork::key(column.relation, column.number)) != 0 ||
          !row.null(kOptions) || (relation.kind == 'm' && is_tuned(work, row))) {
        reader.add({"column", relation.namespace_name, column.name, identity, column_definition(work, row),
                    "", relation.part_of()},
                   kClass, column.relation, column.number);
      }
    }
  }
  if (!of_view) {  // also of an extension's table, which others may have columns from
    column.definition = column_definition(work, row);
    if (!row.view(kIdentity).empty()) {
      work.without_identity[RelationsWork::key(column.relation, column.number)] =
          column_definition(work, row, false);
    }
  }
  work.columns.push_back(std::move(column));
}

void ask_for_types_and_defaults(Reader& reader, const Work& work) {
  reader.ask("pg_type of columns",
             "SELECT x.atttypid, x.atttypmod, pg_catalog.format_type(x.atttypid, x.atttypmod), t.typstorage, "
             "t.typcollation, pg_catalog.format_type(x.atttypid, NULL) FROM (SELECT DISTINCT atttypid, "
             "atttypmod FROM pg_catalog.pg_attribute "
             "WHERE attnum > 0 AND NOT attisdropped) x JOIN pg_catalog.pg_type t ON t.oid = x.atttypid",
             [work](const CatalogRow& row) {
               work->types[RelationsWork::key(row.oid(0), row.integer(1))] = {
                   row.text(2), row.view(3).empty() ? 'p' : row.view(3)[0], row.oid(4)};
               work->type_names[row.oid(0)] = row.text(5);
             });
  reader.ask("pg_collation of columns",
             "SELECT c.oid, n.nspname, c.collname FROM pg_catalog.pg_collation c "
             "JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace",
             [work](const CatalogRow& row) {
               work->collations[row.oid(0)] = {row.text(1), row.text(2)};
             });
  // Only what is generated refers to other columns. Saying of which table those are costs the server the
  // opening of that table, ten times as much as all the rest.
  reader.ask("pg_attrdef",
             "SELECT d.adrelid, d.adnum, pg_catalog.pg_get_expr(d.adbin, CASE WHEN pg_catalog.strpos("
             "d.adbin::text, '{VAR ') > 0 THEN d.adrelid ELSE 0 END) FROM pg_catalog.pg_attrdef d",
             [work](const CatalogRow& row) {
               if (row.null(2)) return;
               work->defaults[RelationsWork::key(row.oid(0), row.integer(1))] =
                   normal_expression(row.view(2));
             });
}

}  // namespace

const Column* RelationsWork::column(Oid relation, int number) const {
  const auto found = std::lower_bound(columns.begin(), columns.end(), std::pair(relation, number),
                                      [](const Column& one, const std::pair<Oid, int>& wanted) {
                                        return std::pair(one.relation, one.number) < wanted;
                                      });
  if (found == columns.end() || found->relation != relation || found->number != number) return nullptr;
  return &*found;
}

void ask_for_columns(Reader& reader, const Work& work) {
  ask_for_types_and_defaults(reader, work);
  reader.ask(
      "pg_attribute",
      fmt::format("SELECT a.attrelid, a.attnum, a.attname, a.attislocal, a.atttypid, a.atttypmod, "
                  "a.attcollation, a.attnotnull, a.attidentity, a.attgenerated, a.attstorage, {}, "
                  "a.attstattarget, a.attoptions, a.attfdwoptions::text, a.attacl::text, c.relkind "
                  "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
                  "JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 "
                  "AND NOT a.attisdropped WHERE (c.relkind IN ('r', 'p', 'f', 'v', 'm') "
                  "OR (c.relkind IN ('i', 'I') AND a.attstattarget >= 0)) AND {}",
                  reader.server_version() >= 140000 ? "a.attcompression" : "NULL", kUserSchemas),
      [&reader, work](const CatalogRow& row) { take_column(reader, *work, row); },
      [&reader, work] {
        // Cheaper here than on the server, which would carry whole rows about. Before comments are read,
        // which refer to columns.
        std::sort(work->columns.begin(), work->columns.end(), [](const Column& left, const Column& right) {
          return std::tie(left.relation, left.number) < std::tie(right.relation, right.number);
        });
        add_columns(reader, *work);
        add_sequences(reader, *work);
      });
}

}  // namespace exitgate::collect::schema
