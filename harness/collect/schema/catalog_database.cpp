// What belongs to the database as a whole: extensions and languages, default privileges, foreign servers.
#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/collect/schema/catalog.h"

namespace exitgate::collect::schema {

namespace {

// Options of a foreign server or user mapping without what gives access: the name stays, the value does not.
std::string harmless_options(std::string_view array) {
  auto options = array_elements(array);
  for (auto& option : options) {
    const std::size_t equals = option.find('=');
    const std::string name = lower(option.substr(0, equals));
    for (const std::string_view secret : {"pass", "secret", "token", "key", "credential"}) {
      if (name.find(secret) != std::string::npos) option = option.substr(0, equals) + "=***";
    }
  }
  std::sort(options.begin(), options.end());
  return join(options, ", ");
}

void ask_for_extensions(Reader& reader) {
  // The version is the server's packages' and not the schema's, and a dump does not carry it.
  reader.ask("pg_extension", "SELECT oid, extname, extnamespace, extversion FROM pg_catalog.pg_extension",
             [&reader](const CatalogRow& row) {
               const std::string identity = quoted(row.view(1));
               reader.add({"extension", std::nullopt, row.text(1), identity,
                           fmt::format("CREATE EXTENSION {} SCHEMA {}", identity,
                                       quoted(reader.namespace_of(row.oid(2)))),
                           ""},
                          kExtension, row.oid(0));
               reader.server_objects.push_back({"extension version", identity, row.text(3)});
             });
  // What an extension has is its version's; something may have been added to it or dropped from it since.
  reader.ask(
      "pg_depend of extensions",
      "SELECT i.type, i.identity, e.extname FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e "
      "ON e.oid = d.refobjid, LATERAL pg_catalog.pg_identify_object(d.classid, d.objid, 0) i "
      "WHERE d.refclassid = 3079 AND d.deptype = 'e'",
      [&reader](const CatalogRow& row) {
        reader.server_objects.push_back({"extension member", fmt::format("{} {}", row.view(0), row.view(1)),
                                         "of " + quoted(row.view(2))});
      });
  // ALTER … DEPENDS ON EXTENSION: it is dropped with the extension.
  reader.ask(
      "pg_depend on extensions",
      "SELECT i.type, i.identity, e.extname FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_extension e "
      "ON e.oid = d.refobjid, LATERAL pg_catalog.pg_identify_object(d.classid, d.objid, 0) i "
      "WHERE d.refclassid = 3079 AND d.deptype = 'x'",
      [&reader](const CatalogRow& row) {
        const auto identity = fmt::format("{} {} on {}", row.view(0), row.view(1), quoted(row.view(2)));
        reader.objects.push_back({"extension dependency", std::nullopt, row.text(2), identity,
                                  "DEPENDS ON EXTENSION " + quoted(row.view(2)), "", ""});
      });
  reader.ask(
      "pg_language",
      "SELECT oid, lanname, lanowner, lanpltrusted, nullif(lanplcallfoid, 0)::pg_catalog.regprocedure, "
      "nullif(laninline, 0)::pg_catalog.regprocedure, nullif(lanvalidator, 0)::pg_catalog.regprocedure, "
      "lanacl::text, CASE WHEN lanacl IS NOT NULL THEN pg_catalog.acldefault('l', lanowner)::text END "
      "FROM pg_catalog.pg_language WHERE oid >= 16384 OR lanacl IS NOT NULL",
      [&reader](const CatalogRow& row) {
        const std::string identity = quoted(row.view(1));
        if (!reader.is_member(kLanguage, row.oid(0)) && row.oid(0) >= 16384) {
          reader.add({"language", std::nullopt, row.text(1), identity,
                      fmt::format("TRUSTED {} HANDLER {} INLINE {} VALIDATOR {}", row.view(3), row.view(4),
                                  row.view(5), row.view(6)),
                      ""},
                     kLanguage, row.oid(0));
          reader.add_owner("language", identity, std::nullopt, row.view(1), row.oid(2));
        }
        reader.add_grants("language", identity, std::nullopt, row.view(1), row.oid(2), row.view(7),
                          row.view(8));
      });
}

void ask_for_default_privileges(Reader& reader) {
  reader.ask("pg_default_acl",
             "SELECT defaclrole, defaclnamespace, defaclobjtype, defaclacl::text, CASE WHEN defaclnamespace "
             "= 0 THEN "
             "pg_catalog.acldefault(CASE defaclobjtype WHEN 'S' THEN 's' ELSE defaclobjtype END::\"char\", "
             "defaclrole)"
             "::text ELSE '{}' END FROM pg_catalog.pg_default_acl",
             [&reader](const CatalogRow& row) {
               const std::string_view type = row.view(2);
               std::string identity = fmt::format("for {}", reader.role(row.oid(0)));
               std::optional<std::string> namespace_name;
               if (row.oid(1) != 0) {
                 namespace_name = reader.namespace_of(row.oid(1));
                 identity += fmt::format(" in schema {}", quoted(*namespace_name));
               }
               identity += fmt::format(" on {}", type == "r"   ? "tables"
                                                 : type == "S" ? "sequences"
                                                 : type == "f" ? "functions"
                                                 : type == "T" ? "types"
                                                 : type == "n" ? "schemas"
                                                               : "large objects");
               // Said as grants are, and then made a kind of its own: it is not a grant on an object.
               const std::size_t before = reader.objects.size();
               reader.add_grants("", identity, namespace_name, identity, row.oid(0), row.view(3),
                                 row.view(4));
               for (std::size_t at = before; at < reader.objects.size(); ++at) {
                 reader.objects[at].kind = "default privilege";
                 reader.objects[at].parent.clear();
                 reader.objects[at].identity = std::string(trim(reader.objects[at].identity));
               }
             });
}

void ask_for_foreign(Reader& reader) {
  reader.ask("pg_foreign_data_wrapper",
             "SELECT oid, fdwname, fdwowner, nullif(fdwhandler, 0)::pg_catalog.regprocedure, "
             "nullif(fdwvalidator, 0)::pg_catalog.regprocedure, fdwoptions::text, fdwacl::text, "
             "CASE WHEN fdwacl IS NOT NULL THEN pg_catalog.acldefault('F', fdwowner)::text END "
             "FROM pg_catalog.pg_foreign_data_wrapper",
             [&reader](const CatalogRow& row) {
               if (reader.is_member(kForeignDataWrapper, row.oid(0))) return;
               const std::string identity = quoted(row.view(1));
               std::string definition = "CREATE FOREIGN DATA WRAPPER " + identity;
               if (!row.null(3)) definition += " HANDLER " + row.text(3);
               if (!row.null(4)) definition += " VALIDATOR " + row.text(4);
               if (!row.null(5)) definition += fmt::format(" OPTIONS ({})", harmless_options(row.view(5)));
               reader.add({"foreign data wrapper", std::nullopt, row.text(1), identity, definition, ""},
                          kForeignDataWrapper, row.oid(0));
               reader.add_owner("foreign data wrapper", identity, std::nullopt, row.view(1), row.oid(2));
               reader.add_grants("foreign data wrapper", identity, std::nullopt, row.view(1), row.oid(2),
                                 row.view(6), row.view(7));
             });
  reader.ask(
      "pg_foreign_server",
      "SELECT s.oid, s.srvname, s.srvowner, w.fdwname, s.srvtype, s.srvversion, s.srvoptions::text, "
      "s.srvacl::text, CASE WHEN s.srvacl IS NOT NULL THEN pg_catalog.acldefault('S', s.srvowner)::text END "
      "FROM pg_catalog.pg_foreign_server s JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw",
      [&reader](const CatalogRow& row) {
        if (reader.is_member(kForeignServer, row.oid(0))) return;
        const std::string identity = quoted(row.view(1));
        std::string definition = fmt::format("FOREIGN DATA WRAPPER {}", quoted(row.view(3)));
        if (!row.null(4)) definition += " TYPE " + literal(row.view(4));
        if (!row.null(5)) definition += " VERSION " + literal(row.view(5));
        if (!row.null(6)) definition += fmt::format(" OPTIONS ({})", harmless_options(row.view(6)));
        reader.add({"foreign server", std::nullopt, row.text(1), identity, definition, ""}, kForeignServer,
                   row.oid(0));
        reader.add_owner("foreign server", identity, std::nullopt, row.view(1), row.oid(2));
        reader.add_grants("foreign server", identity, std::nullopt, row.view(1), row.oid(2), row.view(7),
                          row.view(8));
      });
  // The view, since the catalog itself is the superuser's. Options that the role may not see read NULL there,
  // as if there were none; the last column is the view's own condition.
  reader.ask(
      "pg_user_mappings",
      "SELECT u.umid, u.srvname, u.umuser, u.usename, u.umoptions::text, "
      "(SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = CURRENT_USER) OR "
      "CASE WHEN u.umuser = 0 THEN pg_catalog.pg_has_role(s.srvowner, 'USAGE') "
      "ELSE u.usename = CURRENT_USER AND (pg_catalog.pg_has_role(s.srvowner, 'USAGE') OR "
      "pg_catalog.has_server_privilege(s.oid, 'USAGE')) END "
      "FROM pg_catalog.pg_user_mappings u JOIN pg_catalog.pg_foreign_server s ON s.oid = u.srvid",
      [&reader](const CatalogRow& row) {
        if (reader.is_member(kUserMapping, row.oid(0))) return;
        const std::string identity =
            fmt::format("{} on {}", row.oid(2) == 0 ? "PUBLIC" : quoted(row.view(3)), quoted(row.view(1)));
        if (!row.boolean(5)) {
          reader.hide("user mapping", identity, "its options are not shown to the role of this connection");
        }
        reader.add({"user mapping", std::nullopt, identity, identity,
                    row.boolean(5) ? fmt::format("OPTIONS ({})", harmless_options(row.view(4)))
                                   : "OPTIONS that are not shown to the role of this connection",
                    ""},
                   kUserMapping, row.oid(0));
      });
}

}  // namespace

void ask_for_database_wide(Reader& reader) {
  ask_for_extensions(reader);
  ask_for_default_privileges(reader);
  ask_for_foreign(reader);
  reader.ask(
      "pg_transform",
      "SELECT oid, pg_catalog.format_type(trftype, NULL), (SELECT lanname FROM pg_catalog.pg_language l "
      "WHERE l.oid = trflang), nullif(trffromsql, 0)::pg_catalog.regprocedure, "
      "nullif(trftosql, 0)::pg_catalog.regprocedure FROM pg_catalog.pg_transform",
      [&reader](const CatalogRow& row) {
        if (reader.is_member(kTransform, row.oid(0))) return;
        const std::string identity = fmt::format("for {} language {}", row.view(1), row.view(2));
        reader.add({"transform", std::nullopt, identity, identity,
                    fmt::format("FROM SQL {} TO SQL {}", row.view(3), row.view(4)), ""},
                   kTransform, row.oid(0));
      });
}

}  // namespace exitgate::collect::schema
