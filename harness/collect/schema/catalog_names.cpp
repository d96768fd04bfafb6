// Members of extensions, roles and schemas: what every other reader leans on; and comments, which lean on them all.
#include <fmt/core.h>

#include "harness/collect/schema/catalog.h"

namespace exitgate::collect::schema {

void ask_for_names(Reader& reader) {
  reader.ask("pg_description of what",
             "SELECT classoid, objoid, objsubid FROM pg_catalog.pg_description "
             "WHERE objoid >= 16384 UNION ALL SELECT 2615, oid, 0 FROM pg_catalog.pg_namespace WHERE nspname "
             "= 'public' UNION ALL SELECT classoid, objoid, objsubid FROM pg_catalog.pg_seclabel",
             [&](const CatalogRow& row) {
               reader.set_commented(row.oid(0), row.oid(1), static_cast<int>(row.integer(2)));
             });
  reader.ask("pg_depend",  // Also what PostgreSQL makes of its own for a type: constructor functions and
                           // casts of ranges.
             "SELECT classid, objid FROM pg_catalog.pg_depend WHERE refclassid = 3079 AND deptype = 'e' "
             "UNION ALL SELECT classid, objid FROM pg_catalog.pg_depend WHERE classid IN (1255, 2605) "
             "AND deptype = 'i'",
             [&](const CatalogRow& row) { reader.set_member(row.oid(0), row.oid(1)); });
  reader.ask("pg_get_keywords", "SELECT word FROM pg_catalog.pg_get_keywords() WHERE catcode <> 'U'",
             [&](const CatalogRow& row) { reader.key_words.insert(row.text(0)); });
  reader.ask("pg_roles", "SELECT oid, rolname FROM pg_catalog.pg_roles",
             [&](const CatalogRow& row) { reader.roles[row.oid(0)] = row.text(1); });
  // The schema public has grants of its own at first, as its owner's; a dump says what is otherwise.
  reader.ask(
      "pg_namespace",
      fmt::format(
          "SELECT n.oid, n.nspname, n.nspowner, CASE WHEN n.nspname = 'public' THEN coalesce(n.nspacl, "
          "pg_catalog.acldefault('n', n.nspowner)) ELSE n.nspacl END::text, "
          "CASE WHEN n.nspname = 'public' THEN pg_catalog.acldefault('n', n.nspowner) || ('={}/' || "
          "pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(n.nspowner)))::pg_catalog.aclitem ELSE "
          "coalesce((SELECT p.initprivs FROM pg_catalog.pg_init_privs p WHERE p.objoid = n.oid "
          "AND p.classoid = 2615), pg_catalog.acldefault('n', n.nspowner)) END::text, "
          "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' FROM pg_catalog.pg_namespace n",
          reader.server_version() >= 150000 ? "U" : "UC"),
      [&](const CatalogRow& row) {
        const std::string name = row.text(1);
        reader.namespaces[row.oid(0)] = name;
        if (!row.boolean(5) || reader.is_member(kNamespace, row.oid(0))) {
          // Of PostgreSQL or an extension: only grants that they did not give it.
          if (name == "pg_catalog" || reader.is_member(kNamespace, row.oid(0))) {
            reader.add_grants("schema", quoted(name), std::nullopt, name, row.oid(2), row.view(3),
                              row.view(4));
          }
          return;
        }
        const std::string identity = quoted(name);
        reader.add({"schema", std::nullopt, name, identity, "CREATE SCHEMA " + identity, ""}, kNamespace,
                   row.oid(0));
        reader.add_owner("schema", identity, std::nullopt, name, row.oid(2));
        reader.add_grants("schema", identity, std::nullopt, name, row.oid(2), row.view(3), row.view(4));
      });
}

void ask_for_comments(Reader& reader) {
  // Below 16384 is what initdb made; of that, only the schema public is the user's: it has a comment, and having none is
  // a change.
  reader.ask(
      "pg_description",
      "SELECT classoid, objoid, objsubid, description FROM pg_catalog.pg_description d WHERE objoid >= 16384 "
      "AND (classoid <> 2615 OR NOT EXISTS (SELECT FROM pg_catalog.pg_namespace n WHERE n.oid = d.objoid "
      "AND n.nspname = 'public')) UNION ALL SELECT 2615, n.oid, 0, coalesce(d.description, '') "
      "FROM pg_catalog.pg_namespace n LEFT JOIN pg_catalog.pg_description d ON d.classoid = 2615 AND "
      "d.objoid = n.oid AND d.objsubid = 0 WHERE n.nspname = 'public' "
      "AND d.description IS DISTINCT FROM 'standard public schema'",
      [&](const CatalogRow& row) {
        const auto* const described =
            reader.described(row.oid(0), row.oid(1), static_cast<int>(row.integer(2)));
        if (described == nullptr) return;  // of a member of an extension
        reader.objects.push_back({"comment", std::nullopt, described->second,
                                  fmt::format("{} {}", described->first, described->second), row.text(3), "",
                                  fmt::format("{} {}", described->first, described->second)});
      });
  // A member of an extension may have one of its own as well: such an object is named by the server.
  reader.ask("pg_seclabel",
             "SELECT l.classoid, l.objoid, l.objsubid, l.provider, l.label, i.type, i.identity "
             "FROM pg_catalog.pg_seclabel l, LATERAL pg_catalog.pg_identify_object(l.classoid, l.objoid, "
             "l.objsubid) i",
             [&](const CatalogRow& row) {
               const auto* const described =
                   reader.described(row.oid(0), row.oid(1), static_cast<int>(row.integer(2)));
               const std::string of = described == nullptr
                                          ? fmt::format("{} {}", row.view(5), row.view(6))
                                          : fmt::format("{} {}", described->first, described->second);
               reader.objects.push_back({"security label", std::nullopt, of,
                                         fmt::format("{} ({})", of, row.view(3)), row.text(4), "", of});
             });
}

}  // namespace exitgate::collect::schema
