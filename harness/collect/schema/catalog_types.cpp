// Types: enums, domains, composite, range and base types. Row types and array types come with what they belong to.
#include <fmt/core.h>

#include <memory>

#include "harness/base/text.h"
#include "harness/collect/schema/catalog.h"

namespace exitgate::collect::schema {

namespace {

struct Parts {
  std::unordered_map<Oid, std::vector<std::string>> labels;      // of enums, in order
  std::unordered_map<Oid, std::vector<std::string>> attributes;  // of composite types, by their relation
  std::unordered_map<Oid, std::string> ranges;
};

void ask_for_parts(Reader& reader, const std::shared_ptr<Parts>& parts) {
  reader.ask("pg_enum",
             "SELECT enumtypid, enumlabel FROM pg_catalog.pg_enum ORDER BY enumtypid, enumsortorder",
             [parts](const CatalogRow& row) { parts->labels[row.oid(0)].push_back(literal(row.view(1))); });
  reader.ask(
      "pg_attribute of types",
      "SELECT a.attrelid, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), co.collname, "
      "cn.nspname, a.attnum FROM pg_catalog.pg_class c JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid "
      "AND a.attnum > 0 AND NOT a.attisdropped JOIN pg_catalog.pg_type t ON t.oid = a.atttypid "
      "LEFT JOIN pg_catalog.pg_collation co ON co.oid = a.attcollation AND a.attcollation <> t.typcollation "
      "LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace "
      "WHERE c.relkind = 'c' ORDER BY a.attrelid, a.attnum",
      [&reader, parts](const CatalogRow& row) {
        std::string attribute = fmt::format("{} {}", quoted(row.view(1)), row.view(2));
        if (!row.null(3))
          attribute += fmt::format(" COLLATE {}.{}", quoted(row.view(4)), quoted(row.view(3)));
        parts->attributes[row.oid(0)].push_back(attribute);
        const auto type = reader.relations.find(row.oid(0));
        if (type != reader.relations.end()) {
          reader.describe(kClass, row.oid(0), static_cast<int>(row.integer(5)), "attribute",
                          fmt::format("{}.{}", type->second.qualified, quoted(row.view(1))));
        }
      });
  // The name of the multirange (since 14) where it is not the one that PostgreSQL makes.
  reader.ask(
      "pg_range",
      fmt::format(
          "SELECT r.rngtypid, pg_catalog.format_type(r.rngsubtype, NULL), oc.opcname, oc.opcdefault, "
          "CASE WHEN r.rngcollation <> t.typcollation THEN r.rngcollation::pg_catalog.regcollation END, "
          "nullif(r.rngcanonical, 0), nullif(r.rngsubdiff, 0), {} FROM pg_catalog.pg_range r "
          "JOIN pg_catalog.pg_opclass oc ON oc.oid = r.rngsubopc "
          "JOIN pg_catalog.pg_type t ON t.oid = r.rngsubtype WHERE r.rngtypid >= 16384",
          reader.server_version() >= 140000
              ? "(SELECT pg_catalog.format_type(m.oid, NULL) FROM pg_catalog.pg_type m, pg_catalog.pg_type o "
                "WHERE m.oid = r.rngmultitypid AND o.oid = r.rngtypid AND (m.typnamespace <> o.typnamespace "
                "OR m.typname <> CASE WHEN pg_catalog.strpos(o.typname, 'range') > 0 THEN "
                "pg_catalog.regexp_replace(o.typname, 'range', 'multirange') "
                "ELSE pg_catalog.left(o.typname, 52) || '_multirange' END))"
              : "NULL"),
      [parts](const CatalogRow& row) {
        std::string text = "SUBTYPE = " + row.text(1);
        if (!row.boolean(3)) text += ", SUBTYPE_OPCLASS = " + row.text(2);
        if (!row.null(4)) text += ", COLLATION = " + row.text(4);
        if (!row.null(5)) text += ", CANONICAL = " + row.text(5);
        if (!row.null(6)) text += ", SUBTYPE_DIFF = " + row.text(6);
        if (!row.null(7)) text += ", MULTIRANGE_TYPE_NAME = " + row.text(7);
        parts->ranges[row.oid(0)] = text;
      });
}

std::string base_type(const CatalogRow& row) {
  std::string text = fmt::format(
      "INPUT = {}, OUTPUT = {}, RECEIVE = {}, SEND = {}, TYPMOD_IN = {}, TYPMOD_OUT = {}, ANALYZE = {}, "
      "LENGTH = {}, BY VALUE = {}, ALIGNMENT = {}, STORAGE = {}, CATEGORY = {}, PREFERRED = {}, "
      "DELIMITER = {}",
      row.view(14), row.view(15), row.view(16), row.view(17), row.view(18), row.view(19), row.view(20),
      row.view(21), row.view(22), row.view(23), row.view(24), row.view(25), row.view(26), row.view(27));
  if (!row.null(28)) text += fmt::format(", DEFAULT = {}", literal(row.view(28)));
  if (!row.null(29)) text += fmt::format(", ELEMENT = {}", row.view(29));
  if (!row.null(30)) text += fmt::format(", SUBSCRIPT = {}", row.view(30));
  if (row.boolean(31)) text += ", COLLATABLE = true";
  return text;
}

}  // namespace

void ask_for_types(Reader& reader) {
  const auto parts = std::make_shared<Parts>();
  ask_for_parts(reader, parts);
  const bool subscript = reader.server_version() >= 140000;
  reader.ask(
      "pg_type",
      fmt::format(
          "SELECT t.oid, t.typname, t.typnamespace, t.typtype, t.typowner, t.typrelid, t.typacl::text, "
          "CASE WHEN t.typacl IS NOT NULL THEN pg_catalog.acldefault('T', t.typowner)::text END, "
          "CASE WHEN t.typtype = 'd' THEN pg_catalog.format_type(t.typbasetype, t.typtypmod) END, "
          "t.typnotnull, "
          "CASE WHEN t.typtype = 'd' THEN coalesce(pg_catalog.pg_get_expr(t.typdefaultbin, 0), t.typdefault) "
          "END, co.collname, cn.nspname, t.typisdefined, t.typinput, t.typoutput, t.typreceive, t.typsend, "
          "t.typmodin, "
          "t.typmodout, t.typanalyze, t.typlen, t.typbyval, t.typalign, t.typstorage, t.typcategory, "
          "t.typispreferred, t.typdelim, t.typdefault, CASE WHEN t.typelem <> 0 "
          "THEN pg_catalog.format_type(t.typelem, NULL) END, {}, t.typcollation <> 0 "
          "FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace "
          "LEFT JOIN pg_catalog.pg_type base ON base.oid = t.typbasetype AND t.typtype = 'd' "
          "LEFT JOIN pg_catalog.pg_collation co ON co.oid = t.typcollation AND t.typtype = 'd' "
          "AND t.typcollation <> base.typcollation LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = "
          "co.collnamespace "
          "WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND (t.typtype IN ('b', 'c', 'd', "
          "'e', 'r') "
          "OR NOT t.typisdefined) "
          "AND (t.typtype <> 'c' OR EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = t.typrelid "
          "AND c.relkind = 'c')) "
          "AND NOT EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.oid = t.typelem AND e.typarray = t.oid)",
          subscript ? "nullif(t.typsubscript, 0)" : "NULL"),
      [&reader, parts](const CatalogRow& row) {
        const Oid oid = row.oid(0);
        if (reader.is_member(kType, oid)) return;
        const std::string identity = reader.in_namespace(row.oid(2), row.view(1));
        const std::string namespace_name = reader.namespace_of(row.oid(2));
        const std::string_view type = row.view(3);
        std::string kind = "type";
        std::string definition;
        if (type == "e") {
          kind = "enum";
          definition = fmt::format("CREATE TYPE {} AS ENUM ({})", identity, join(parts->labels[oid], ", "));
        } else if (type == "c") {
          definition =
              fmt::format("CREATE TYPE {} AS ({})", identity, join(parts->attributes[row.oid(5)], ", "));
          reader.describe(kClass, row.oid(5), 0, kind, identity);
        } else if (type == "r") {
          kind = "range";
          definition = fmt::format("CREATE TYPE {} AS RANGE ({})", identity, parts->ranges[oid]);
        } else if (type == "d") {
          kind = "domain";
          definition = fmt::format("CREATE DOMAIN {} AS {}", identity, row.view(8));
          if (!row.null(11))
            definition += fmt::format(" COLLATE {}.{}", quoted(row.view(12)), quoted(row.view(11)));
          if (row.boolean(9)) definition += " NOT NULL";
          if (!row.null(10)) definition += " DEFAULT " + normal_expression(row.view(10));
        } else if (!row.boolean(13)) {
          definition = fmt::format("CREATE TYPE {}", identity);  // a shell
        } else {
          definition = fmt::format("CREATE TYPE {} ({})", identity, base_type(row));
        }
        reader.add({kind, namespace_name, row.text(1), identity, definition, ""}, kType, oid);
        reader.add_owner(kind, identity, namespace_name, row.view(1), row.oid(4));
        reader.add_grants(kind, identity, namespace_name, row.view(1), row.oid(4), row.view(6), row.view(7));
      });
}

}  // namespace exitgate::collect::schema
