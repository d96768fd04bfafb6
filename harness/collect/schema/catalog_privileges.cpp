// Grants on what initdb and extensions made: those that are not the ones that they gave it (pg_init_privs).
// A dump says them too, although the objects themselves come with the server or the extension; but none of
// information_schema.
#include <fmt/core.h>

#include "harness/collect/schema/catalog.h"

namespace exitgate::collect::schema {

namespace {

// The oids of a catalog's objects that are PostgreSQL's own, by their schema, or an extension's. Few, where a condition on
// all objects would look at each of a large schema.
std::string not_ours(std::string_view catalog, std::string_view namespace_column) {
  return fmt::format(
      "(SELECT oid FROM pg_catalog.{0} WHERE {1} = (SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = "
      "'pg_catalog') UNION ALL SELECT objid FROM pg_catalog.pg_depend WHERE classid = "
      "'pg_catalog.{0}'::pg_catalog.regclass AND refclassid = 3079 AND deptype = 'e')",
      catalog, namespace_column);
}

// What initdb or the extension gave it at first: an object of which nothing is written has the usual grants.
std::string initial(std::string_view catalog, std::string_view oid, std::string_view sub) {
  return fmt::format(
      "LEFT JOIN pg_catalog.pg_init_privs i ON i.classoid = 'pg_catalog.{}'::pg_catalog.regclass "
      "AND i.objoid = {} AND i.objsubid = {}",
      catalog, oid, sub);
}

void ask_for_grants_on_relations(Reader& reader) {
  reader.ask(
      "pg_class of others",
      fmt::format("SELECT c.relname, c.relnamespace, c.relkind, c.relowner, coalesce(c.relacl, "
                  "pg_catalog.acldefault(k.letter, c.relowner))::text, coalesce(i.initprivs, "
                  "pg_catalog.acldefault(k.letter, c.relowner))::text FROM pg_catalog.pg_class c {}, "
                  "LATERAL (SELECT CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END ::\"char\") k(letter) "
                  "WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') "
                  "AND c.relacl IS DISTINCT FROM i.initprivs AND c.oid IN {}",
                  initial("pg_class", "c.oid", "0"), not_ours("pg_class", "relnamespace")),
      [&reader](const CatalogRow& row) {
        const std::string identity = reader.in_namespace(row.oid(1), row.view(0));
        reader.add_grants(relation_kind(row.view(2)[0]), identity, reader.namespace_of(row.oid(1)),
                          row.view(0), row.oid(3), row.view(4), row.view(5));
      });
  reader.ask(
      "pg_attribute of others",
      fmt::format("SELECT c.relname, c.relnamespace, c.relowner, a.attname, coalesce(a.attacl::text, "
                  "'{{}}'), coalesce(i.initprivs::text, '{{}}') FROM {1} k JOIN "
                  "pg_catalog.pg_class c ON c.oid = k.oid, LATERAL (SELECT attrelid, attnum, attname, attacl "
                  "FROM pg_catalog.pg_attribute WHERE attrelid = c.oid AND NOT attisdropped OFFSET 0) a {0} "
                  "WHERE a.attacl IS DISTINCT FROM i.initprivs",
                  initial("pg_class", "a.attrelid", "a.attnum"), not_ours("pg_class", "relnamespace")),
      [&reader](const CatalogRow& row) {
        const std::string identity =
            fmt::format("{}.{}", reader.in_namespace(row.oid(1), row.view(0)), quoted(row.view(3)));
        reader.add_grants("column", identity, reader.namespace_of(row.oid(1)), row.view(3), row.oid(2),
                          row.view(4), row.view(5));
      });
}

void ask_for_grants_on_routines(Reader& reader) {
  reader.ask("pg_proc of others",
             fmt::format("SELECT p.proname, p.pronamespace, p.prokind, p.proowner, coalesce(p.proacl, "
                         "pg_catalog.acldefault('f', p.proowner))::text, coalesce(i.initprivs, "
                         "pg_catalog.acldefault('f', p.proowner))::text, "
                         "pg_catalog.pg_get_function_identity_arguments(p.oid) FROM pg_catalog.pg_proc p {} "
                         "WHERE p.proacl IS DISTINCT FROM i.initprivs AND p.oid IN {}",
                         initial("pg_proc", "p.oid", "0"), not_ours("pg_proc", "pronamespace")),
             [&reader](const CatalogRow& row) {
               const std::string_view kind = row.view(2) == "p"   ? "procedure"
                                             : row.view(2) == "a" ? "aggregate"
                                                                  : "function";
               const std::string identity =
                   fmt::format("{}({})", reader.in_namespace(row.oid(1), row.view(0)), row.view(6));
               reader.add_grants(kind, identity, reader.namespace_of(row.oid(1)), row.view(0), row.oid(3),
                                 row.view(4), row.view(5));
             });
}

void ask_for_grants_on_types(Reader& reader) {
  reader.ask(
      "pg_type of others",
      fmt::format("SELECT t.typname, t.typnamespace, t.typowner, coalesce(t.typacl, "
                  "pg_catalog.acldefault('T', t.typowner))::text, coalesce(i.initprivs, "
                  "pg_catalog.acldefault('T', t.typowner))::text, t.typtype FROM pg_catalog.pg_type t {} "
                  "WHERE t.typacl IS DISTINCT FROM i.initprivs AND t.oid IN {}",
                  initial("pg_type", "t.oid", "0"), not_ours("pg_type", "typnamespace")),
      [&reader](const CatalogRow& row) {
        const std::string_view kind = row.view(5) == "e"   ? "enum"
                                      : row.view(5) == "d" ? "domain"
                                      : row.view(5) == "r" ? "range"
                                                           : "type";
        reader.add_grants(kind, reader.in_namespace(row.oid(1), row.view(0)), reader.namespace_of(row.oid(1)),
                          row.view(0), row.oid(2), row.view(3), row.view(4));
      });
}

// A foreign-data wrapper or server of an extension.
void ask_for_grants_on_foreign(Reader& reader, const char* kind, const char* catalog, const char* prefix,
                               const char* letter) {
  reader.ask(fmt::format("{} of others", catalog),
             fmt::format("SELECT o.{1}name, o.{1}owner, coalesce(o.{1}acl, pg_catalog.acldefault('{2}', "
                         "o.{1}owner))::text, coalesce(i.initprivs, pg_catalog.acldefault('{2}', "
                         "o.{1}owner))::text FROM pg_catalog.{0} o {3} WHERE o.{1}acl IS DISTINCT FROM "
                         "i.initprivs AND EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = "
                         "'pg_catalog.{0}'::pg_catalog.regclass AND d.objid = o.oid AND d.deptype = 'e')",
                         catalog, prefix, letter, initial(catalog, "o.oid", "0")),
             [&reader, kind](const CatalogRow& row) {
               reader.add_grants(kind, quoted(row.view(0)), std::nullopt, row.view(0), row.oid(1),
                                 row.view(2), row.view(3));
             });
}

}  // namespace

void ask_for_initial_privileges(Reader& reader) {
  ask_for_grants_on_relations(reader);
  ask_for_grants_on_routines(reader);
  ask_for_grants_on_types(reader);
  ask_for_grants_on_foreign(reader, "foreign data wrapper", "pg_foreign_data_wrapper", "fdw", "F");
  ask_for_grants_on_foreign(reader, "foreign server", "pg_foreign_server", "srv", "S");
}

}  // namespace exitgate::collect::schema
