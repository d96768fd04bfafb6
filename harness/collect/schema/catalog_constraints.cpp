// Constraints, and with them the indexes that belong to none. Keys and foreign keys are put into words here,
// as PostgreSQL would; checks and exclusions, which have expressions, it has to say itself.
#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/collect/schema/relations.h"
#include "harness/collect/schema/stand_in.h"

namespace exitgate::collect::schema {

namespace {

// The columns of the query on pg_constraint.
enum Field {
  kOid,
  kName,
  kRelation,
  kDomain,
  kForm,
  kWritten,  // by pg_get_constraintdef; NULL when it is written here
  kIndexOid,
  kOwn,  // not only from a parent
  kParent,
  kDomainName,
  kDomainNamespace,
  kKey,
  kReferenced,
  kReferencedKey,
  kMatch,
  kOnUpdate,
  kOnDelete,
  kDeferrable,
  kDeferred,
  kValidated,
  kExpression,  // of a check, as stand_in_expression() asks for it
  kNoInherit
};

// "a, b" of "{1,2}".
std::string column_names(const Reader& reader, const RelationsWork& work, Oid relation,
                         std::string_view numbers) {
  std::string names;
  for (const auto& number : array_elements(numbers)) {
    const Column* const column =
        work.column(relation, static_cast<int>(std::strtol(number.c_str(), nullptr, 10)));
    if (!names.empty()) names += ", ";
    names += column == nullptr ? "???" : reader.in_sql(column->name);
  }
  return names;
}

std::string_view action(std::string_view letter) {
  if (letter == "r") return "RESTRICT";
  if (letter == "c") return "CASCADE";
  if (letter == "n") return "SET NULL";
  if (letter == "d") return "SET DEFAULT";
  return "";
}

std::string foreign_key(const Reader& reader, const RelationsWork& work, const CatalogRow& row) {
  const auto referenced = reader.relations.find(row.oid(kReferenced));
  std::string definition = fmt::format(
      "FOREIGN KEY ({}) REFERENCES {}({})", column_names(reader, work, row.oid(kRelation), row.view(kKey)),
      referenced == reader.relations.end()
          ? "???"
          : reader.in_sql(referenced->second.namespace_name, referenced->second.name),
      column_names(reader, work, row.oid(kReferenced), row.view(kReferencedKey)));
  if (row.view(kMatch) == "f") definition += " MATCH FULL";
  if (row.view(kMatch) == "p") definition += " MATCH PARTIAL";
  if (!action(row.view(kOnUpdate)).empty())
    definition += fmt::format(" ON UPDATE {}", action(row.view(kOnUpdate)));
  if (!action(row.view(kOnDelete)).empty())
    definition += fmt::format(" ON DELETE {}", action(row.view(kOnDelete)));
  return definition;
}

std::string constraint_definition(const Reader& reader, const RelationsWork& work, const CatalogRow& row,
                                  const Index* index) {
  if (!row.null(kWritten)) return normal_expression(row.view(kWritten));
  std::string definition;
  if (row.view(kForm) == "c") {
    definition =
        fmt::format("CHECK ({})", told_expression(reader, work, row.view(kExpression), row.oid(kRelation)));
    if (row.boolean(kNoInherit)) definition += " NO INHERIT";
  } else if (row.view(kForm) == "f") {
    definition = foreign_key(reader, work, row);
  } else {
    definition = fmt::format(
        "{}{} ({})", row.view(kForm) == "p" ? "PRIMARY KEY" : "UNIQUE",
        row.view(kForm) == "u" && index != nullptr && index->nulls_not_distinct ? " NULLS NOT DISTINCT" : "",
        column_names(reader, work, row.oid(kRelation), row.view(kKey)));
    if (index != nullptr && !index->included.empty()) {
      definition += fmt::format(" INCLUDE ({})", index->included);
    }
  }
  if (row.boolean(kDeferrable)) definition += " DEFERRABLE";
  if (row.boolean(kDeferred)) definition += " INITIALLY DEFERRED";
  if (!row.boolean(kValidated)) definition += " NOT VALID";
  return definition;
}

Index* index_of(RelationsWork& work, const CatalogRow& row) {
  const std::string_view type = row.view(kForm);
  return type == "p" || type == "u" || type == "x" ? work.index(row.oid(kIndexOid)) : nullptr;
}

// The index of a partitioned table that this one of a partition is attached to; nullptr when there is none.
const Index* attached_to(RelationsWork& work, const Index& index) {
  const auto parents = work.parents.find(index.oid);
  return parents == work.parents.end() ? nullptr : work.index(parents->second.front());
}

void take_constraint(Reader& reader, RelationsWork& work, const CatalogRow& row) {
  Index* const index = index_of(work, row);
  if (index != nullptr) index->owned = true;
  if (reader.is_member(kConstraint, row.oid(kOid))) return;
  std::string of;
  std::string parent;
  std::string namespace_name;
  if (row.oid(kRelation) != 0) {
    const auto found = reader.relations.find(row.oid(kRelation));
    if (found == reader.relations.end() || !found->second.emitted) return;
    of = found->second.qualified;
    parent = found->second.part_of();
    namespace_name = found->second.namespace_name;
  } else {
    if (row.null(kDomainName) || reader.is_member(kType, row.oid(kDomain))) return;
    of = reader.in_namespace(row.oid(kDomainNamespace), row.view(kDomainName));
    parent = "domain " + of;
    namespace_name = reader.namespace_of(row.oid(kDomainNamespace));
  }
  const std::string identity = of + "." + quoted(row.view(kName));
  const auto triggers = work.trigger_states.find(row.oid(kOid));
  const std::string states = triggers == work.trigger_states.end() ? "" : triggers->second;
  // What a partition or child has from its parent is said there; here, only what was changed since.
  if (!row.boolean(kOwn) || row.oid(kParent) != 0) {
    const Index* const whole = index == nullptr ? nullptr : attached_to(work, *index);
    if (whole == nullptr || whole->in_key == index->in_key) {
      reader.describe(kConstraint, row.oid(kOid), 0, "constraint", identity);
      if (!states.empty()) {
        reader.objects.push_back({"trigger state", namespace_name, row.text(kName), identity,
                                  std::string(trim(states)), "", parent});
      }
      return;
    }
  }
  std::string definition = constraint_definition(reader, work, row, index);
  if (index != nullptr) {
    definition += index->in_key;
    reader.describe(kClass, index->oid, 0, "index",
                    fmt::format("{}.{}", quoted(namespace_name), quoted(row.view(kName))));
  }
  definition += states;
  reader.add({"constraint", namespace_name, row.text(kName), identity, std::move(definition), "", parent},
             kConstraint, row.oid(kOid));
}

// The indexes that no constraint stands for.
void add_indexes(Reader& reader, RelationsWork& work) {
  for (Index& index : work.indexes) {
    if (index.owned) continue;
    const std::string identity = reader.in_namespace(index.namespace_oid, index.name);
    // One that is attached to the index of a partitioned table is said there, unless it was changed since.
    const bool attached = work.parents.count(index.oid) != 0;
    const Index* const whole = attached_to(work, index);  // nullptr also of a table that is an extension's
    if (attached && index.marks.empty() && (whole == nullptr || whole->rest == index.rest)) {
      reader.describe(kClass, index.oid, 0, "index", identity);
      continue;
    }
    reader.add({"index", reader.namespace_of(index.namespace_oid), index.name, identity,
                std::move(index.definition), "", reader.relations.at(index.relation).part_of()},
               kClass, index.oid);
  }
}

}  // namespace

void ask_for_trigger_states(Reader& reader, const Work& work) {
  // A foreign key whose triggers are off holds nothing, and pg_constraint does not say it.
  reader.ask("pg_trigger of constraints",
             "SELECT tgconstraint, tgrelid, tgenabled FROM pg_catalog.pg_trigger WHERE tgisinternal "
             "AND tgconstraint <> 0 AND tgenabled <> 'O' GROUP BY 1, 2, 3 ORDER BY 1, 2, 3",
             [&reader, work](const CatalogRow& row) {
               const auto table = reader.relations.find(row.oid(1));
               work->trigger_states[row.oid(0)] +=
                   fmt::format(" TRIGGERS ON {}{}",
                               table == reader.relations.end() ? "another table" : table->second.qualified,
                               firing(row.view(2)));
             });
}

void ask_for_constraints(Reader& reader, const Work& work) {
  // Not-null constraints (of domains since 17, of tables since 18) are said by columns and domains, but for what those
  // cannot say. A name is said where it was given: PostgreSQL's own is table_column_not_null.
  const bool of_domains = reader.server_version() >= 170000;
  const bool of_tables = reader.server_version() >= 180000;
  std::string more =
      of_domains
          ? " OR (o.contype = 'n' AND o.contypid <> 0 AND o.conname <> (SELECT t.typname || '_not_null' "
            "FROM pg_catalog.pg_type t WHERE t.oid = o.contypid))"
          : "";
  more +=
      of_tables
          ? " OR (o.contype = 'n' AND o.conrelid <> 0 AND (NOT o.convalidated OR o.connoinherit OR "
            "(o.conislocal "
            "AND o.conname <> (SELECT c.relname || '_' || a.attname || '_not_null' FROM pg_catalog.pg_class "
            "c "
            "JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = o.conkey[1] "
            "WHERE c.oid = o.conrelid))))"
          : "";
  // Checks of tables are told by a stand-in; of domains, they have no columns.
  std::string written = "o.contype = 'x' OR (o.contype = 'c' AND o.conrelid = 0)";
  if (reader.server_version() >= 150000) written += " OR o.confdelsetcols IS NOT NULL";
  if (of_domains) written += " OR o.contype = 'n'";
  if (of_tables) written += " OR o.conperiod OR NOT o.conenforced";
  reader.ask(
      "pg_constraint",
      fmt::format(
          "SELECT o.oid, o.conname, o.conrelid, o.contypid, o.contype, CASE WHEN {} THEN "
          "pg_catalog.pg_get_constraintdef(o.oid) END, o.conindid, o.conislocal OR o.coninhcount = 0, "
          "o.conparentid, CASE WHEN o.contypid <> 0 THEN (SELECT t.typname FROM pg_catalog.pg_type t "
          "WHERE t.oid = o.contypid) END, CASE WHEN o.contypid <> 0 THEN (SELECT t.typnamespace "
          "FROM pg_catalog.pg_type t WHERE t.oid = o.contypid) END, o.conkey, o.confrelid, o.confkey, "
          "o.confmatchtype, o.confupdtype, o.confdeltype, o.condeferrable, o.condeferred, o.convalidated, "
          "{}, "
          "o.connoinherit FROM pg_catalog.pg_constraint o JOIN pg_catalog.pg_namespace n ON n.oid = "
          "o.connamespace LEFT JOIN pg_catalog.pg_class t ON t.oid = o.conrelid AND o.contype = 'c' "
          "WHERE (o.contype IN ('c', 'f', 'p', 'u', 'x'){}) AND {}",
          written, stand_in_expression("o.conbin", "o.conrelid", "t.relnatts"), more, kUserSchemas),
      [&reader, work](const CatalogRow& row) { take_constraint(reader, *work, row); },
      [&reader, work] {
        add_indexes(reader, *work);
        work->indexes.clear();
        work->indexes.shrink_to_fit();
      });
}

}  // namespace exitgate::collect::schema
