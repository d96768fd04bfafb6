// Indexes. Those of plain columns, nearly all of them, are put into words here, as PostgreSQL would.
#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/collect/schema/relations.h"
#include "harness/collect/schema/stand_in.h"

namespace exitgate::collect::schema {

namespace {

// The columns of the query on pg_index.
enum Field {
  kOid,
  kName,
  kNamespaceOid,
  kRelation,
  kWritten,  // by pg_get_indexdef, for its access method; NULL when it is written here
  kValid,
  kReady,
  kClustered,
  kReplicaIdentity,
  kTablespace,
  kMethod,
  kOptions,
  kKey,
  kClasses,
  kCollations,
  kDirections,
  kKeyColumns,
  kUnique,
  kNullsNotDistinct,
  kKind
};

Oid number_of(const std::string& text) {
  return static_cast<Oid>(std::strtoul(text.c_str(), nullptr, 10));
}

std::string column_name(const Reader& reader, const RelationsWork& work, Oid relation, int number) {
  const Column* const column = work.column(relation, number);
  // A system column has no row among the columns.
  return column == nullptr ? fmt::format("(column {})", number) : reader.in_sql(column->name);
}

// An operator class is left out where it is the usual one of its column's type.
bool is_usual(const OperatorClass& used, Oid type) {
  constexpr Oid kText = 25;
  constexpr Oid kVarchar = 1043;
  return used.standard && (used.type == type || used.any_type || (used.type == kText && type == kVarchar));
}

// What the head of a tree says of a plain call, "({FUNCEXPR :funcid 870 :funcresulttype 25 … :funccollid 100 …".
struct Call {
  Oid type = 0;
  Oid collation = 0;
};

Call call_of(std::string_view head) {
  const auto value = [&](std::string_view name) {
    const std::size_t at = head.find(name);
    return at == std::string_view::npos ? Oid{0} : number_of(std::string(head.substr(at + name.size(), 12)));
  };
  return {value(":funcresulttype "), value(":funccollid ")};
}

// The key of an index of plain columns or with one plain call, as pg_get_indexdef would write it; only 40 times as fast.
std::string plain_key(const Reader& reader, const RelationsWork& work, const CatalogRow& row,
                      const RelationsWork::IndexExpressions& expressions) {
  const Oid relation = row.oid(kRelation);
  const auto numbers = split(row.view(kKey), ' ');
  const auto classes = split(row.view(kClasses), ' ');
  const auto collations = split(row.view(kCollations), ' ');
  const auto directions = split(row.view(kDirections), ' ');
  const auto key_columns = static_cast<std::size_t>(row.integer(kKeyColumns));
  std::string key;
  for (std::size_t at = 0; at < numbers.size(); ++at) {
    const int number = static_cast<int>(number_of(numbers[at]));
    const Column* const column = work.column(relation, number);
    if (at > 0) key += at == key_columns ? ") INCLUDE (" : ", ";
    Oid type = column == nullptr ? 0 : column->type;
    Oid own_collation = column == nullptr ? 0 : column->collation;
    if (number == 0) {
      const Call call = call_of(expressions.head);
      type = call.type;
      own_collation = call.collation;
      key += expressions.expression;
    } else {
      key += column_name(reader, work, relation, number);
    }
    if (at >= key_columns || (column == nullptr && number != 0)) continue;
    const Oid collation = number_of(collations[at]);
    if (collation != 0 && collation != own_collation) {
      const auto named = work.collations.find(collation);
      if (named == work.collations.end()) {
        key += " COLLATE ?";
      } else if (named->second.namespace_name == "pg_catalog") {
        key += " COLLATE " + reader.in_sql(named->second.name);
      } else {
        key += " COLLATE " + reader.in_sql(named->second.namespace_name, named->second.name);
      }
    }
    const auto used = work.operator_classes.find(number_of(classes[at]));
    if (used == work.operator_classes.end()) {
      key += " ?";
    } else if (!is_usual(used->second, type)) {
      key += " " + used->second.name;
    }
    const Oid direction = number_of(directions[at]);
    if ((direction & 1U) != 0) {
      key += (direction & 2U) != 0 ? " DESC" : " DESC NULLS LAST";
    } else if ((direction & 2U) != 0) {
      key += " NULLS FIRST";
    }
  }
  return key;
}

std::string included_columns(const Reader& reader, const RelationsWork& work, const CatalogRow& row) {
  const auto numbers = split(row.view(kKey), ' ');
  std::vector<std::string> names;
  for (auto at = static_cast<std::size_t>(row.integer(kKeyColumns)); at < numbers.size(); ++at) {
    names.push_back(column_name(reader, work, row.oid(kRelation), static_cast<int>(number_of(numbers[at]))));
  }
  return join(names, ", ");
}

// What was set on its columns, which have no definition of their own.
std::string column_statistics(const RelationsWork& work, const CatalogRow& row) {
  std::string text;
  for (int column = 1; column <= row.integer(kKeyColumns); ++column) {
    const auto target = work.index_statistics.find(RelationsWork::key(row.oid(kOid), column));
    if (target == work.index_statistics.end()) continue;
    text += fmt::format(" ALTER COLUMN {} SET STATISTICS {}", column, target->second);
  }
  return text;
}

void write_definition(const Reader& reader, const RelationsWork& work, const CatalogRow& row,
                      const Relation& relation, Index& index) {
  const std::string head = fmt::format("CREATE {}INDEX {} ON {}{}", row.boolean(kUnique) ? "UNIQUE " : "",
                                       reader.in_sql(row.view(kName)), row.view(kKind) == "I" ? "ONLY " : "",
                                       reader.in_sql(relation.namespace_name, relation.name));
  static const RelationsWork::IndexExpressions kNone;
  const auto found = work.index_expressions.find(index.oid);
  const auto& expressions = found == work.index_expressions.end() ? kNone : found->second;
  if (!row.null(kWritten) || !expressions.written.empty()) {
    index.rest =
        normal_expression(row.null(kWritten) ? std::string_view(expressions.written) : row.view(kWritten));
    if (index.rest.starts_with(head)) index.rest.erase(0, head.size());
  } else {
    index.rest = fmt::format(" USING {} ({})", row.view(kMethod), plain_key(reader, work, row, expressions));
    if (row.boolean(kNullsNotDistinct)) index.rest += " NULLS NOT DISTINCT";
    if (!row.null(kOptions)) index.rest += fmt::format(" WITH ({})", sorted_options(row.view(kOptions)));
    if (!expressions.predicate.empty()) index.rest += " WHERE " + expressions.predicate;
  }
  if (!row.null(kTablespace)) index.rest += " TABLESPACE " + quoted(row.view(kTablespace));
  index.rest += column_statistics(work, row);
  if (!row.boolean(kValid)) index.marks += " INVALID";
  if (!row.boolean(kReady)) index.marks += " NOT READY";
  if (row.boolean(kClustered)) index.marks += " CLUSTER";
  if (row.boolean(kReplicaIdentity)) index.marks += " REPLICA IDENTITY";
  index.definition = (index.rest.starts_with("CREATE ") ? "" : head) + index.rest + index.marks;
}

void take_index(const Reader& reader, RelationsWork& work, const CatalogRow& row) {
  const auto found = reader.relations.find(row.oid(kRelation));
  if (found == reader.relations.end() || !found->second.emitted) return;
  Index index;
  index.oid = row.oid(kOid);
  index.relation = found->first;
  index.namespace_oid = row.oid(kNamespaceOid);
  index.nulls_not_distinct = row.boolean(kNullsNotDistinct);
  index.name = row.text(kName);
  write_definition(reader, work, row, found->second, index);
  index.included = included_columns(reader, work, row);
  if (!row.null(kOptions)) index.in_key += fmt::format(" WITH ({})", sorted_options(row.view(kOptions)));
  if (!row.null(kTablespace)) index.in_key += " USING INDEX TABLESPACE " + quoted(row.view(kTablespace));
  index.in_key += column_statistics(work, row);
  if (row.boolean(kClustered)) index.in_key += " CLUSTER";
  if (row.boolean(kReplicaIdentity)) index.in_key += " REPLICA IDENTITY";
  work.indexes.push_back(std::move(index));
}

// Of expressions, only one that is a plain call is written here: of the others, some stand in parentheses.
void ask_for_index_expressions(Reader& reader, const Work& work) {
  reader.ask(
      "pg_index with expressions",
      fmt::format(
          "SELECT x.indexrelid, x.indrelid, CASE WHEN x.indexprs IS NOT NULL AND NOT x.ours AND x.plain THEN "
          "pg_catalog.pg_get_indexdef(x.indexrelid) END, CASE WHEN x.ours THEN "
          "pg_catalog.left(x.indexprs::text, "
          "200) END, CASE WHEN x.ours THEN {} END, CASE WHEN x.plain THEN {} END FROM ("
          "SELECT y.indexrelid, y.indrelid, y.indexprs, y.indpred, t.relnatts, am.amname IN ('btree', "
          "'hash') AS "
          "plain, y.indexprs::text LIKE '({{FUNCEXPR %' AND "
          "pg_catalog.strpos(pg_catalog.left(y.indexprs::text, "
          "160), ':funcformat 0 ') > 0 AND pg_catalog.array_length(pg_catalog.array_positions("
          "pg_catalog.string_to_array(y.indkey::text, ' '), '0'), 1) = 1 AND am.amname IN ('btree', 'hash') "
          "AS ours "
          "FROM pg_catalog.pg_index y JOIN pg_catalog.pg_class t ON t.oid = y.indrelid JOIN "
          "pg_catalog.pg_class i "
          "ON i.oid = y.indexrelid JOIN pg_catalog.pg_am am ON am.oid = i.relam WHERE y.indexprs IS NOT NULL "
          "OR y.indpred IS NOT NULL OFFSET 0) x",
          stand_in_expression("x.indexprs", "x.indrelid", "x.relnatts"),
          stand_in_expression("x.indpred", "x.indrelid", "x.relnatts")),
      [&reader, work](const CatalogRow& row) {
        work->index_expressions[row.oid(0)] = {row.text(2), row.text(3),
                                               told_expression(reader, *work, row.view(4), row.oid(1)),
                                               told_expression(reader, *work, row.view(5), row.oid(1))};
      });
}

}  // namespace

Index* RelationsWork::index(Oid oid) {
  const auto found = std::lower_bound(indexes.begin(), indexes.end(), oid,
                                      [](const Index& one, Oid wanted) { return one.oid < wanted; });
  return found == indexes.end() || found->oid != oid ? nullptr : &*found;
}

void ask_for_indexes(Reader& reader, const Work& work) {
  reader.ask(
      "pg_opclass of indexes",
      "SELECT o.oid, CASE WHEN n.nspname = 'pg_catalog' THEN '' ELSE n.nspname END, o.opcname, o.opcdefault, "
      "o.opcintype, t.typtype = 'p' FROM pg_catalog.pg_opclass o "
      "JOIN pg_catalog.pg_namespace n ON n.oid = o.opcnamespace JOIN pg_catalog.pg_type t ON t.oid = "
      "o.opcintype",
      [&reader, work](const CatalogRow& row) {
        work->operator_classes[row.oid(0)] = {
            row.view(1).empty() ? reader.in_sql(row.view(2)) : reader.in_sql(row.view(1), row.view(2)),
            row.boolean(3), row.oid(4), row.boolean(5)};
      });
  ask_for_index_expressions(reader, work);
  // Only btree and hash are written here: operator classes of the others may have options of their own.
  reader.ask(
      "pg_index",
      fmt::format(
          "SELECT i.oid, i.relname, i.relnamespace, x.indrelid, CASE WHEN am.amname NOT IN ('btree', 'hash') "
          "THEN pg_catalog.pg_get_indexdef(i.oid) END, "
          "x.indisvalid, x.indisready, x.indisclustered, x.indisreplident, ts.spcname, am.amname, "
          "i.reloptions, x.indkey, x.indclass, x.indcollation, x.indoption, "
          "x.indnkeyatts, x.indisunique, {}, i.relkind "
          "FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid "
          "JOIN pg_catalog.pg_namespace n ON n.oid = i.relnamespace JOIN pg_catalog.pg_am am ON "
          "am.oid = i.relam "
          "LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = i.reltablespace WHERE {}",
          reader.server_version() >= 150000 ? "x.indnullsnotdistinct" : "false", kUserSchemas),
      [&reader, work](const CatalogRow& row) { take_index(reader, *work, row); },
      [work] {
        std::sort(work->indexes.begin(), work->indexes.end(),
                  [](const Index& left, const Index& right) { return left.oid < right.oid; });
      });
}

}  // namespace exitgate::collect::schema
