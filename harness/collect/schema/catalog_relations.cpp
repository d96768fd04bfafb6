// Tables, views and sequences; their columns, indexes and constraints are read in files of their own.
#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/collect/schema/catalog.h"
#include "harness/collect/schema/relations.h"

namespace exitgate::collect::schema {

namespace {

void ask_for_inheritance(Reader& reader, const Work& work) {
  reader.ask("pg_inherits",
             "SELECT inhrelid, inhparent FROM pg_catalog.pg_inherits ORDER BY inhrelid, inhseqno",
             [work](const CatalogRow& row) { work->parents[row.oid(0)].push_back(row.oid(1)); });
}

void ask_for_tables_and_views(Reader& reader, const Work& work) {
  reader.ask(
      "pg_class",
      fmt::format(
          "SELECT c.oid, c.relname, c.relnamespace, c.relkind, c.relpersistence, c.relowner, c.relacl::text, "
          "CASE WHEN c.relacl IS NOT NULL THEN pg_catalog.acldefault(CASE c.relkind WHEN 'S' THEN 's' ELSE "
          "'r' END ::\"char\", c.relowner)::text END, c.reloptions, c.relrowsecurity, c.relforcerowsecurity, "
          "CASE WHEN c.relispartition THEN pg_catalog.pg_get_expr(c.relpartbound, 0) END, "
          "CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END, "
          "CASE WHEN c.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(c.oid) END, "
          "am.amname, t.spcname, CASE WHEN c.reloftype <> 0 THEN pg_catalog.format_type(c.reloftype, NULL) "
          "END, c.relreplident, toast.reloptions, s.srvname, f.ftoptions::text "
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
        relation.owner = row.oid(5);
        relation.emitted = !reader.is_member(kClass, oid);
        const char kind = relation.kind;
        reader.relations[oid] = relation;
        if (!relation.emitted && row.boolean(9)) {  // a dump says it also of an extension's table
          reader.objects.push_back({"row level security", relation.namespace_name, relation.name,
                                    relation.qualified, row.boolean(10) ? "ENABLE FORCE" : "ENABLE", "", ""});
        }
        // Types and sequences are read elsewhere.
        if (!relation.emitted || kind == 'c' || kind == 'S') return;

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
        // Of a partitioned table (since 17) it is what its partitions get, and none is usual.
        if (!row.null(14) && (kind == 'p' || row.view(14) != "heap"))
          definition += "\nUSING " + quoted(row.view(14));
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
      object.sha256.clear();
      object.definition.insert(
          line == std::string::npos ? object.definition.size() : line,
          fmt::format("\n{} {}", partition ? "PARTITION OF" : "INHERITS", found->second));
    }
  });
}

// The columns of the query on pg_sequence.
enum SequenceField {
  kOid,
  kType,
  kStart,
  kIncrement,
  kMinimum,
  kMaximum,
  kCache,
  kCycles,
  kOwner,
  kAccess,
  kDefaultAccess,
  kPersistence
};

void take_sequence(Reader& reader, RelationsWork& work, const CatalogRow& row) {
  const auto found = reader.relations.find(row.oid(kOid));
  if (found == reader.relations.end() || !found->second.emitted) return;
  const Relation& sequence = found->second;
  Sequence read;
  read.oid = found->first;
  read.identity = sequence.qualified;
  read.type = row.text(kType);
  read.start = row.integer(kStart);
  read.increment = row.integer(kIncrement);
  read.minimum = row.integer(kMinimum);
  read.maximum = row.integer(kMaximum);
  read.cycles = row.boolean(kCycles);
  reader.sequences.push_back(std::move(read));
  std::string definition =
      fmt::format("AS {} START {} INCREMENT {} MINVALUE {} MAXVALUE {} CACHE {}{}", row.view(kType),
                  row.view(kStart), row.view(kIncrement), row.view(kMinimum), row.view(kMaximum),
                  row.view(kCache), row.boolean(kCycles) ? " CYCLE" : "");
  if (row.view(kPersistence) == "u") definition += " UNLOGGED";
  const auto owned = work.owned.find(found->first);
  const bool is_owned = owned != work.owned.end();
  if (is_owned && owned->second.by == "i") {
    // Part of its column, and nothing of its own; but it may have grants.
    work.identity_sequences[{owned->second.table, owned->second.column}] =
        fmt::format("SEQUENCE {} {}", sequence.qualified, definition);
    reader.describe(kClass, found->first, 0, "sequence", sequence.qualified);
  } else {
    work.sequences.push_back({found->first, is_owned ? owned->second.table : 0,
                              is_owned ? owned->second.column : 0,
                              fmt::format("CREATE SEQUENCE {} {}", sequence.qualified, definition)});
    reader.add_owner("sequence", sequence.qualified, sequence.namespace_name, sequence.name, row.oid(kOwner));
  }
  reader.add_grants("sequence", sequence.qualified, sequence.namespace_name, sequence.name, row.oid(kOwner),
                    row.view(kAccess), row.view(kDefaultAccess));
}

void ask_for_sequences(Reader& reader, const Work& work) {
  reader.ask("pg_depend of sequences",
             "SELECT d.objid, d.deptype, d.refobjid, d.refobjsubid FROM pg_catalog.pg_depend d "
             "JOIN pg_catalog.pg_sequence s ON s.seqrelid = d.objid WHERE d.classid = 1259 "
             "AND d.refclassid = 1259 AND d.objsubid = 0 AND d.deptype IN ('a', 'i')",
             [work](const CatalogRow& row) {
               work->owned[row.oid(0)] = {row.text(1), row.oid(2), static_cast<int>(row.integer(3))};
             });
  reader.ask(
      "pg_sequence",
      "SELECT s.seqrelid, pg_catalog.format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, "
      "s.seqmax, s.seqcache, s.seqcycle, c.relowner, c.relacl::text, CASE WHEN c.relacl IS NOT NULL "
      "THEN pg_catalog.acldefault('s', c.relowner)::text END, c.relpersistence "
      "FROM pg_catalog.pg_sequence s JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid",
      [&reader, work](const CatalogRow& row) { take_sequence(reader, *work, row); });
}

}  // namespace

// Once the columns are known, which own them.
void add_sequences(Reader& reader, const RelationsWork& work) {
  for (const auto& one : work.sequences) {
    const Relation& sequence = reader.relations.at(one.oid);
    std::string definition = one.definition;
    std::string parent;
    const auto table = reader.relations.find(one.table);
    const Column* const column = work.column(one.table, one.column);
    if (table != reader.relations.end() && column != nullptr) {
      const std::string owner = fmt::format("{}.{}", table->second.qualified, quoted(column->name));
      definition += " OWNED BY " + owner;
      parent = "column " + owner;
    }
    reader.add({"sequence", sequence.namespace_name, sequence.name, sequence.qualified, std::move(definition),
                "", parent},
               kClass, one.oid);
  }
}

void ask_for_relations(Reader& reader) {
  const auto work = std::make_shared<RelationsWork>();
  reader.tables = work;
  ask_for_inheritance(reader, work);
  ask_for_tables_and_views(reader, work);
  ask_for_sequences(reader, work);
  ask_for_columns(reader, work);
  ask_for_indexes(reader, work);
  ask_for_trigger_states(reader, work);
  ask_for_constraints(reader, work);
}

}  // namespace exitgate::collect::schema
