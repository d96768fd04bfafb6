// Tables, views and sequences with their columns, constraints and indexes.
#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "harness/base/text.h"
#include "harness/collect/schema/catalog.h"

namespace exitgate::schema {

namespace {

struct Column {
  Oid relation = 0;
  int number = 0;
  std::string name;
  std::string definition;
  std::string inheritable;  // of the definition: an identity is not inherited
  bool local = true;
};

struct Attribute {
  std::string name;
  Oid type = 0;
  Oid collation = 0;
};

struct OperatorClass {
  std::string name;  // with its schema where it is a user's
  bool standard = false;
  Oid type = 0;
  bool any_type = false;  // of anyarray, anyenum, …
};

// What the readers of relations hand on to one another.
struct Work {
  std::unordered_map<Oid, std::vector<std::pair<int, Attribute>>> attributes;  // by relation
  std::unordered_map<Oid, OperatorClass> operator_classes;
  std::unordered_map<Oid, std::string> collations;
  struct Owned {
    std::string by;  // 'a' or 'i'
    Oid table = 0;
    int column = 0;
    std::string column_name;
  };
  std::unordered_map<Oid, Owned> owned;                           // sequences
  std::unordered_map<Oid, std::vector<Oid>> parents;              // of tables and of indexes, in order
  std::map<std::pair<Oid, int>, std::string> identity_sequences;  // by table and column
  std::vector<Column> columns;
  std::unordered_set<Oid> constraint_indexes;
};

constexpr std::string_view kUserSchemas = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

void ask_for_inheritance(Reader& reader, const std::shared_ptr<Work>& work) {
  reader.ask("pg_inherits",
             "SELECT inhrelid, inhparent FROM pg_catalog.pg_inherits ORDER BY inhrelid, inhseqno",
             [work](const CatalogRow& row) { work->parents[row.oid(0)].push_back(row.oid(1)); });
}

void ask_for_tables_and_views(Reader& reader, const std::shared_ptr<Work>& work) {
  reader.ask(
      "pg_class",
      fmt::format(
          "SELECT c.oid, c.relname, c.relnamespace, c.relkind, c.relpersistence, c.relowner, c.relacl::text, "
          "CASE WHEN c.relacl IS NOT NULL THEN pg_catalog.acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE "
          "'r' END "
          "  ::\"char\", c.relowner)::text END, "
          "c.reloptions, c.relrowsecurity, c.relforcerowsecurity, "
          "CASE WHEN c.relispartition THEN pg_catalog.pg_get_expr(c.relpartbound, c.oid) END, "
          "CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END, "
          "CASE WHEN c.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(c.oid) END, "
          "am.amname, t.spcname, CASE WHEN c.reloftype <> 0 THEN pg_catalog.format_type(c.reloftype, NULL) "
          "END, "
          "c.relreplident, toast.reloptions, s.srvname, f.ftoptions::text "
          "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
          "LEFT JOIN pg_catalog.pg_am am ON am.oid = c.relam LEFT JOIN pg_catalog.pg_tablespace t "
          "ON t.oid = c.reltablespace LEFT JOIN pg_catalog.pg_class toast ON toast.oid = c.reltoastrelid "
          "AND toast.reloptions IS NOT NULL LEFT JOIN pg_catalog.pg_foreign_table f ON f.ftrelid = c.oid "
          "LEFT JOIN pg_catalog.pg_foreign_server s ON s.oid = f.ftserver "
          "WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S', 'c') AND {}",
          kUserSchemas),
      [&reader](const CatalogRow& row) {
        Relation relation;
        const Oid oid = row.oid(0);
        relation.name = row.text(1);
        relation.namespace_name = reader.namespace_of(row.oid(2));
        relation.qualified = reader.in_namespace(row.oid(2), relation.name);
        relation.kind = row.view(3).empty() ? 'r' : row.view(3)[0];
        relation.emitted = !reader.is_member(kClass, oid);
        const char kind = relation.kind;
        reader.relations[oid] = relation;
        if (!relation.emitted || kind == 'c' || kind == 'S')
          return;  // types and sequences are read elsewhere

        std::string definition = "CREATE ";
        if (row.view(4) == "u") definition += "UNLOGGED ";
        definition += fmt::format("{} {}",
                                  kind == 'v'   ? "VIEW"
                                  : kind == 'm' ? "MATERIALIZED VIEW"
                                  : kind == 'f' ? "FOREIGN TABLE"
                                                : "TABLE",
                                  relation.qualified);
        if (!row.null(16)) definition += " OF " + row.text(16);
        if (!row.null(11)) definition += "\n" + normal_expression(row.view(11));
        if (!row.null(12)) definition += "\nPARTITION BY " + row.text(12);
        if (!row.null(19)) definition += "\nSERVER " + quoted(row.view(19));
        if (!row.null(20)) definition += fmt::format("\nOPTIONS ({})", sorted_options(row.view(20)));
        if (!row.null(14) && row.view(14) != "heap") definition += "\nUSING " + quoted(row.view(14));
        if (!row.null(8)) definition += fmt::format("\nWITH ({})", sorted_options(row.view(8)));
        if (!row.null(18)) definition += fmt::format("\nTOAST WITH ({})", sorted_options(row.view(18)));
        if (!row.null(15)) definition += "\nTABLESPACE " + quoted(row.view(15));
        if (row.boolean(9)) definition += "\nENABLE ROW LEVEL SECURITY";
        if (row.boolean(10)) definition += "\nFORCE ROW LEVEL SECURITY";
        if (row.view(17) == "f") definition += "\nREPLICA IDENTITY FULL";
        if (row.view(17) == "n" && (kind == 'r' || kind == 'p')) definition += "\nREPLICA IDENTITY NOTHING";
        if (!row.null(13)) definition += "\nAS\n" + normal_expression(row.view(13));

        const std::string_view named = relation_kind(kind);
        reader.add(
            {std::string(named), relation.namespace_name, relation.name, relation.qualified, definition, ""},
            kClass, oid);
        reader.add_owner(named, relation.qualified, relation.namespace_name, relation.name, row.oid(5));
        reader.add_grants(named, relation.qualified, relation.namespace_name, relation.name, row.oid(5),
                          row.view(6), row.view(7));
      });
  // Parents are named once all relations are known.
  reader.afterwards([&reader, work] {
    std::unordered_map<std::string, std::string> inherits;  // by the child's name
    for (const auto& [child, parents] : work->parents) {
      const auto found = reader.relations.find(child);
      if (found == reader.relations.end()) continue;
      std::vector<std::string> names;
      for (const Oid parent : parents) {
        const auto named = reader.relations.find(parent);
        names.push_back(named == reader.relations.end() ? "(of another schema)" : named->second.qualified);
      }
      inherits[found->second.qualified] = join(names, ", ");
    }
    for (auto& object : reader.objects) {
      if (object.kind != "table" && object.kind != "foreign table") continue;
      const auto found = inherits.find(object.identity);
      if (found == inherits.end()) continue;
      const bool partition = object.definition.find("\nFOR VALUES") != std::string::npos ||
                             object.definition.find("\nDEFAULT") != std::string::npos;
      const std::size_t line = object.definition.find('\n');
      object.definition.insert(
          line == std::string::npos ? object.definition.size() : line,
          fmt::format("\n{} {}", partition ? "PARTITION OF" : "INHERITS", found->second));
    }
  });
}

void ask_for_sequences(Reader& reader, const std::shared_ptr<Work>& work) {
  reader.ask(
      "pg_depend of sequences",
      "SELECT d.objid, d.deptype, d.refobjid, d.refobjsubid, a.attname FROM pg_catalog.pg_depend d "
      "JOIN pg_catalog.pg_sequence s ON s.seqrelid = d.objid LEFT JOIN pg_catalog.pg_attribute a "
      "ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid WHERE d.classid = 1259 "
      "AND d.refclassid = 1259 AND d.objsubid = 0 AND d.deptype IN ('a', 'i')",
      [work](const CatalogRow& row) {
        work->owned[row.oid(0)] = {row.text(1), row.oid(2), static_cast<int>(row.integer(3)), row.text(4)};
      });
  reader.ask(
      "pg_sequence",
      "SELECT s.seqrelid, pg_catalog.format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, "
      "s.seqmax, s.seqcache, s.seqcycle, c.relowner, c.relacl::text, CASE WHEN c.relacl IS NOT NULL "
      "THEN pg_catalog.acldefault('s', c.relowner)::text END, c.relpersistence "
      "FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid",
      [&reader, work](const CatalogRow& row) {
        const auto found = reader.relations.find(row.oid(0));
        if (found == reader.relations.end() || !found->second.emitted) return;
        const Relation& sequence = found->second;
        std::string definition = fmt::format("AS {} START {} INCREMENT {} MINVALUE {} MAXVALUE {} CACHE {}{}",
                                             row.view(1), row.view(2), row.view(3), row.view(4), row.view(5),
                                             row.view(6), row.boolean(7) ? " CYCLE" : "");
        if (row.view(11) == "u") definition += " UNLOGGED";
        const auto owned = work->owned.find(row.oid(0));
        const bool is_owned = owned != work->owned.end();
        if (is_owned && owned->second.by == "i") {
          // Part of its column, and nothing of its own; but it may have grants.
          work->identity_sequences[{owned->second.table, owned->second.column}] =
              fmt::format("SEQUENCE {} {}", sequence.qualified, definition);
          reader.describe(kClass, row.oid(0), 0, "sequence", sequence.qualified);
        } else {
          std::string parent;
          if (is_owned) {
            const auto table = reader.relations.find(owned->second.table);
            if (table != reader.relations.end()) {
              const std::string owner =
                  fmt::format("{}.{}", table->second.qualified, quoted(owned->second.column_name));
              definition += " OWNED BY " + owner;
              parent = "column " + owner;
            }
          }
          reader.add({"sequence", sequence.namespace_name, sequence.name, sequence.qualified,
                      fmt::format("CREATE SEQUENCE {} {}", sequence.qualified, definition), "", parent},
                     kClass, row.oid(0));
          reader.add_owner("sequence", sequence.qualified, sequence.namespace_name, sequence.name,
                           row.oid(8));
        }
        reader.add_grants("sequence", sequence.qualified, sequence.namespace_name, sequence.name, row.oid(8),
                          row.view(9), row.view(10));
      });
}

std::string column_definition(const Work& work, const CatalogRow& row, bool with_identity = true) {
  std::string definition = row.text(4);
  if (!row.null(5)) definition += fmt::format(" COLLATE {}.{}", quoted(row.view(6)), quoted(row.view(5)));
  if (row.boolean(7)) definition += " NOT NULL";
  const std::string_view generated = row.view(10);
  if (!row.null(8)) {
    const std::string expression = normal_expression(row.view(8));
    if (generated.empty()) definition += " DEFAULT " + expression;
    if (generated == "s") definition += fmt::format(" GENERATED ALWAYS AS ({}) STORED", expression);
    if (generated == "v") definition += fmt::format(" GENERATED ALWAYS AS ({}) VIRTUAL", expression);
  }
  const std::string_view identity = row.view(9);
  if (!identity.empty() && with_identity) {
    const auto sequence = work.identity_sequences.find({row.oid(0), static_cast<int>(row.integer(1))});
    definition += fmt::format(" GENERATED {} AS IDENTITY ({})", identity == "a" ? "ALWAYS" : "BY DEFAULT",
                              sequence == work.identity_sequences.end() ? "" : sequence->second);
  }
  if (!row.null(11)) {
    const std::string_view storage = row.view(11);
    definition += fmt::format(" STORAGE {}", storage == "p"   ? "PLAIN"
                                             : storage == "e" ? "EXTERNAL"
                                             : storage == "m" ? "MAIN"
                                                              : "EXTENDED");
  }
  if (!row.view(12).empty())
    definition += fmt::format(" COMPRESSION {}", row.view(12) == "p" ? "pglz" : "lz4");
  if (!row.null(13) && row.integer(13) >= 0) definition += fmt::format(" STATISTICS {}", row.view(13));
  if (!row.null(14)) definition += fmt::format(" WITH ({})", sorted_options(row.view(14)));
  if (!row.null(15)) definition += fmt::format(" OPTIONS ({})", sorted_options(row.view(15)));
  return definition;
}

// Columns as their tables have them. What a child only has from its parent, unchanged, is not said again; and
// the order of a table's columns is an object of its own, so that a new column does not change the others.
void add_columns(Reader& reader, const Work& work) {
  std::unordered_map<Oid, std::unordered_map<std::string_view, const Column*>> by_relation;
  for (const auto& column : work.columns) by_relation[column.relation][column.name] = &column;
  const auto is_inherited = [&](const Column& column) {
    if (column.local) return false;
    const auto parents = work.parents.find(column.relation);
    if (parents == work.parents.end()) return false;
    const auto parent = by_relation.find(parents->second.front());
    if (parent == by_relation.end()) return false;
    const auto same = parent->second.find(column.name);
    return same != parent->second.end() && same->second->inheritable == column.definition;
  };
  for (std::size_t at = 0; at < work.columns.size();) {
    const Oid oid = work.columns[at].relation;
    const Relation& relation = reader.relations.at(oid);
    std::vector<std::string> order;
    bool all_inherited = true;
    for (; at < work.columns.size() && work.columns[at].relation == oid; ++at) {
      const Column& column = work.columns[at];
      order.push_back(quoted(column.name));
      const std::string identity = fmt::format("{}.{}", relation.qualified, quoted(column.name));
      if (is_inherited(column)) {
        reader.describe(kClass, oid, column.number, "column", identity);
        continue;
      }
      all_inherited = false;
      reader.add({"column", relation.namespace_name, column.name, identity, column.definition, "",
                  relation.part_of()},
                 kClass, oid, column.number);
    }
    if (order.size() > 1 && !all_inherited) {
      reader.objects.push_back({"column order", relation.namespace_name, relation.name, relation.qualified,
                                join(order, ", "), "", relation.part_of()});
    }
  }
}

void ask_for_columns(Reader& reader, const std::shared_ptr<Work>& work) {
  const bool compression = reader.server_version() >= 140000;
  reader.ask(
      "pg_attribute",
      fmt::format(
          "SELECT a.attrelid, a.attnum, a.attname, a.attislocal, pg_catalog.format_type(a.atttypid, "
          "a.atttypmod), "
          "co.collname, cn.nspname, a.attnotnull, pg_catalog.pg_get_expr(d.adbin, d.adrelid), a.attidentity, "
          "a.attgenerated, CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END, {}, "
          "a.attstattarget, "
          "a.attoptions, a.attfdwoptions::text, a.attacl::text, c.relowner, a.atttypid, a.attcollation "
          "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
          "JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
          "JOIN pg_catalog.pg_type t ON t.oid = a.atttypid "
          "LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum "
          "LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation AND a.attcollation <> "
          "t.typcollation "
          "LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace "
          "WHERE c.relkind IN ('r', 'p', 'f', 'v', 'm') AND {}",
          compression ? "a.attcompression" : "''", kUserSchemas),
      [&reader, work](const CatalogRow& row) {
        const auto found = reader.relations.find(row.oid(0));
        if (found == reader.relations.end() || !found->second.emitted) return;
        const Relation& relation = found->second;
        const int number = static_cast<int>(row.integer(1));
        work->attributes[row.oid(0)].emplace_back(number, Attribute{row.text(2), row.oid(18), row.oid(19)});
        const std::string identity = fmt::format("{}.{}", relation.qualified, quoted(row.view(2)));
        reader.add_grants("column", identity, relation.namespace_name, row.view(2), row.oid(17), row.view(16),
                          "{}");
        if (relation.kind == 'v' || relation.kind == 'm') {
          // Their query says what they are; only what was set on the column itself is left to say.
          reader.describe(kClass, row.oid(0), number, "column", identity);
          if (!row.null(8) || !row.null(14)) {
            reader.add({"column", relation.namespace_name, row.text(2), identity,
                        column_definition(*work, row), "", relation.part_of()},
                       kClass, row.oid(0), number);
          }
          return;
        }
        Column column{row.oid(0), number, row.text(2), column_definition(*work, row), "", row.boolean(3)};
        column.inheritable = row.view(9).empty() ? column.definition : column_definition(*work, row, false);
        work->columns.push_back(std::move(column));
      });
  // Before comments are read, which refer to columns.
  reader.ask("columns", "SELECT 1", [&reader, work](const CatalogRow&) {
    // Cheaper here than on the server, which would carry whole rows about.
    std::sort(work->columns.begin(), work->columns.end(), [](const Column& left, const Column& right) {
      return std::tie(left.relation, left.number) < std::tie(right.relation, right.number);
    });
    add_columns(reader, *work);
  });
}

void ask_for_constraints(Reader& reader, const std::shared_ptr<Work>& work) {
  // What a partition or child has from its parent is left out; not-null constraints (18 and later) are said
  // by columns.
  reader.ask(
      "pg_constraint",
      "SELECT o.oid, o.conname, o.conrelid, o.contypid, o.contype, pg_catalog.pg_get_constraintdef(o.oid), "
      "o.conindid, o.conislocal OR o.coninhcount = 0, o.conparentid, ty.typname, ty.typnamespace, "
      "i.reloptions, ts.spcname, x.indisclustered, x.indisreplident "
      "FROM pg_catalog.pg_constraint o JOIN pg_catalog.pg_namespace n ON n.oid = o.connamespace "
      "LEFT JOIN pg_catalog.pg_type ty ON ty.oid = o.contypid AND o.contypid <> 0 "
      "LEFT JOIN pg_catalog.pg_class i ON i.oid = o.conindid AND o.contype IN ('p', 'u', 'x') "
      "LEFT JOIN pg_catalog.pg_index x ON x.indexrelid = i.oid "
      "LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = i.reltablespace "
      "WHERE o.contype IN ('c', 'f', 'p', 'u', 'x') AND n.nspname !~ '^pg_' "
      "AND n.nspname <> 'information_schema'",
      [&reader, work](const CatalogRow& row) {
        const std::string_view type = row.view(4);
        const bool has_index = type == "p" || type == "u" || type == "x";
        if (has_index) work->constraint_indexes.insert(row.oid(6));
        if (reader.is_member(kConstraint, row.oid(0))) return;
        std::string of;
        std::string parent;
        std::string namespace_name;
        if (row.oid(2) != 0) {
          const auto found = reader.relations.find(row.oid(2));
          if (found == reader.relations.end() || !found->second.emitted) return;
          of = found->second.qualified;
          parent = found->second.part_of();
          namespace_name = found->second.namespace_name;
        } else {
          if (row.null(9) || reader.is_member(kType, row.oid(3))) return;
          of = reader.in_namespace(row.oid(10), row.view(9));
          parent = "domain " + of;
          namespace_name = reader.namespace_of(row.oid(10));
        }
        const std::string identity = fmt::format("{}.{}", of, quoted(row.view(1)));
        if (!row.boolean(7) || row.oid(8) != 0) {
          reader.describe(kConstraint, row.oid(0), 0, "constraint", identity);
          return;
        }
        std::string definition = normal_expression(row.view(5));
        if (!row.null(11)) definition += fmt::format(" WITH ({})", sorted_options(row.view(11)));
        if (!row.null(12)) definition += " USING INDEX TABLESPACE " + quoted(row.view(12));
        if (row.boolean(13)) definition += " CLUSTER";
        if (row.boolean(14)) definition += " REPLICA IDENTITY";
        reader.add({"constraint", namespace_name, row.text(1), identity, definition, "", parent}, kConstraint,
                   row.oid(0));
        if (has_index) {
          reader.describe(kClass, row.oid(6), 0, "index",
                          fmt::format("{}.{}", quoted(namespace_name), quoted(row.view(1))));
        }
      });
}

// The key of an index of plain columns, as pg_get_indexdef would write it; only 40 times as fast, which
// counts, since half of the time for a large schema goes into indexes. An operator class is left out where it
// is the usual one of its column's type.
std::string plain_key(const Work& work, const std::vector<std::pair<int, Attribute>>& attributes,
                      const CatalogRow& row) {
  const auto numbers = split(row.view(12), ' ');
  const auto classes = split(row.view(13), ' ');
  const auto collations = split(row.view(14), ' ');
  const auto options = split(row.view(15), ' ');
  const auto key_columns = static_cast<std::size_t>(row.integer(16));
  const auto number_of = [](const std::string& text) {
    return static_cast<Oid>(std::strtoul(text.c_str(), nullptr, 10));
  };
  std::string key;
  for (std::size_t at = 0; at < numbers.size(); ++at) {
    const int number = static_cast<int>(number_of(numbers[at]));
    const auto found = std::find_if(attributes.begin(), attributes.end(),
                                    [&](const auto& attribute) { return attribute.first == number; });
    if (at > 0) key += at == key_columns ? ") INCLUDE (" : ", ";
    // A system column has no row among the columns.
    key += found == attributes.end() ? fmt::format("(column {})", number) : quoted(found->second.name);
    if (at >= key_columns || found == attributes.end()) continue;
    const Oid collation = number_of(collations[at]);
    if (collation != 0 && collation != found->second.collation) {
      const auto named = work.collations.find(collation);
      key += fmt::format(" COLLATE {}", named == work.collations.end() ? "?" : named->second);
    }
    const auto known = work.operator_classes.find(number_of(classes[at]));
    constexpr Oid kText = 25;
    constexpr Oid kVarchar = 1043;
    if (known == work.operator_classes.end()) {
      key += " ?";
    } else {
      const OperatorClass& used = known->second;
      const bool usual = used.standard && (used.type == found->second.type || used.any_type ||
                                           (used.type == kText && found->second.type == kVarchar));
      if (!usual) key += " " + used.name;
    }
    const Oid option = number_of(options[at]);
    if ((option & 1U) != 0) {
      key += (option & 2U) != 0 ? " DESC" : " DESC NULLS LAST";
    } else if ((option & 2U) != 0) {
      key += " NULLS FIRST";
    }
  }
  return key;
}

void ask_for_indexes(Reader& reader, const std::shared_ptr<Work>& work) {
  reader.ask(
      "pg_opclass of indexes",
      "SELECT o.oid, CASE WHEN n.nspname = 'pg_catalog' THEN '' ELSE n.nspname END, o.opcname, o.opcdefault, "
      "o.opcintype, t.typtype = 'p' FROM pg_catalog.pg_opclass o "
      "JOIN pg_catalog.pg_namespace n ON n.oid = o.opcnamespace JOIN pg_catalog.pg_type t ON t.oid = "
      "o.opcintype",
      [work](const CatalogRow& row) {
        work->operator_classes[row.oid(0)] = {
            row.view(1).empty() ? quoted(row.view(2))
                                : fmt::format("{}.{}", quoted(row.view(1)), quoted(row.view(2))),
            row.boolean(3), row.oid(4), row.boolean(5)};
      });
  reader.ask("pg_collation of indexes",
             "SELECT c.oid, c.collname, CASE WHEN n.nspname = 'pg_catalog' THEN '' ELSE n.nspname END "
             "FROM pg_catalog.pg_collation c JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace",
             [work](const CatalogRow& row) {
               work->collations[row.oid(0)] =
                   row.view(2).empty() ? quoted(row.view(1))
                                       : fmt::format("{}.{}", quoted(row.view(2)), quoted(row.view(1)));
             });
  // Only btree and hash are written here: operator classes of the others may have options of their own.
  reader.ask(
      "pg_index",
      fmt::format("SELECT i.oid, i.relname, i.relnamespace, x.indrelid, CASE WHEN x.indexprs IS NOT NULL "
                  "OR am.amname NOT IN ('btree', 'hash') THEN pg_catalog.pg_get_indexdef(i.oid) END, "
                  "x.indisvalid, x.indisready, x.indisclustered, x.indisreplident, ts.spcname, am.amname, "
                  "i.reloptions, "
                  "x.indkey::text, x.indclass::text, x.indcollation::text, x.indoption::text, x.indnkeyatts, "
                  "x.indisunique, "
                  "pg_catalog.pg_get_expr(x.indpred, x.indrelid), {}, i.relkind "
                  "FROM pg_catalog.pg_index x JOIN pg_catalog.pg_class i ON i.oid = x.indexrelid "
                  "JOIN pg_catalog.pg_namespace n ON n.oid = i.relnamespace JOIN pg_catalog.pg_am am ON "
                  "am.oid = i.relam "
                  "LEFT JOIN pg_catalog.pg_tablespace ts ON ts.oid = i.reltablespace WHERE {} "
                  "AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint o WHERE o.conindid = i.oid "
                  "AND o.contype IN ('p', 'u', 'x'))",
                  reader.server_version() >= 150000 ? "x.indnullsnotdistinct" : "false", kUserSchemas),
      [&reader, work](const CatalogRow& row) {
        const auto found = reader.relations.find(row.oid(3));
        if (found == reader.relations.end() || !found->second.emitted) return;
        const std::string identity = reader.in_namespace(row.oid(2), row.view(1));
        if (work->parents.count(row.oid(0)) != 0) {  // attached to the index of a partitioned table
          reader.describe(kClass, row.oid(0), 0, "index", identity);
          return;
        }
        std::string definition;
        if (!row.null(4)) {
          definition = normal_expression(row.view(4));
        } else {
          definition =
              fmt::format("CREATE {}INDEX {} ON {}{} USING {} ({})", row.boolean(17) ? "UNIQUE " : "",
                          quoted(row.view(1)), row.view(20) == "I" ? "ONLY " : "", found->second.qualified,
                          row.view(10), plain_key(*work, work->attributes[row.oid(3)], row));
          if (row.boolean(19)) definition += " NULLS NOT DISTINCT";
          if (!row.null(11)) definition += fmt::format(" WITH ({})", sorted_options(row.view(11)));
          if (!row.null(18)) definition += " WHERE " + normal_expression(row.view(18));
        }
        if (!row.null(9)) definition += " TABLESPACE " + quoted(row.view(9));
        if (!row.boolean(5)) definition += " INVALID";
        if (!row.boolean(6)) definition += " NOT READY";
        if (row.boolean(7)) definition += " CLUSTER";
        if (row.boolean(8)) definition += " REPLICA IDENTITY";
        reader.add({"index", reader.namespace_of(row.oid(2)), row.text(1), identity, definition, "",
                    found->second.part_of()},
                   kClass, row.oid(0));
      });
}

}  // namespace

void ask_for_relations(Reader& reader) {
  const auto work = std::make_shared<Work>();
  ask_for_inheritance(reader, work);
  ask_for_tables_and_views(reader, work);
  ask_for_sequences(reader, work);
  ask_for_columns(reader, work);
  ask_for_constraints(reader, work);
  ask_for_indexes(reader, work);
}

}  // namespace exitgate::schema
