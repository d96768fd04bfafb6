// What belongs to the database as a whole: extensions, default privileges, replication, foreign servers, and
// the kinds that few schemas have.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <memory>

#include "harness/base/text.h"
#include "harness/collect/schema/catalog.h"

namespace exitgate::collect::schema {

namespace {

constexpr std::string_view kUserSchemas = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

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
  // The version is left out: it is the server's packages' and not the schema's, and a dump does not carry it.
  reader.ask("pg_extension", "SELECT oid, extname, extnamespace FROM pg_catalog.pg_extension",
             [&reader](const CatalogRow& row) {
               const std::string identity = quoted(row.view(1));
               reader.add({"extension", std::nullopt, row.text(1), identity,
                           fmt::format("CREATE EXTENSION {} SCHEMA {}", identity,
                                       quoted(reader.namespace_of(row.oid(2)))),
                           ""},
                          kExtension, row.oid(0));
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
               // Said as grants are, and then made a kind of its own: it is no grant on any object.
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

void ask_for_publications(Reader& reader) {
  const int version = reader.server_version();
  const auto contents = std::make_shared<std::unordered_map<Oid, std::vector<std::string>>>();
  reader.ask(
      "pg_publication_rel",
      version >= 150000
          ? "SELECT r.prpubid, r.prrelid, pg_catalog.pg_get_expr(r.prqual, r.prrelid), (SELECT "
            "pg_catalog.string_agg(pg_catalog.quote_ident(a.attname), ', ' ORDER BY a.attnum) FROM "
            "pg_catalog.pg_attribute a WHERE a.attrelid = r.prrelid AND a.attnum = ANY (r.prattrs::int2[])) "
            "FROM pg_catalog.pg_publication_rel r"
          : "SELECT prpubid, prrelid, NULL, NULL FROM pg_catalog.pg_publication_rel",
      [&reader, contents](const CatalogRow& row) {
        const auto found = reader.relations.find(row.oid(1));
        std::string text = "TABLE " + (found == reader.relations.end() ? "?" : found->second.qualified);
        if (!row.null(3)) text += fmt::format(" ({})", row.view(3));
        if (!row.null(2)) text += fmt::format(" WHERE {}", normal_expression(row.view(2)));
        (*contents)[row.oid(0)].push_back(text);
      });
  if (version >= 150000) {
    reader.ask(
        "pg_publication_namespace", "SELECT pnpubid, pnnspid FROM pg_catalog.pg_publication_namespace",
        [&reader, contents](const CatalogRow& row) {
          (*contents)[row.oid(0)].push_back("TABLES IN SCHEMA " + quoted(reader.namespace_of(row.oid(1))));
        });
  }
  reader.ask(
      "pg_publication",
      fmt::format(
          "SELECT oid, pubname, pubowner, puballtables, pubinsert, pubupdate, pubdelete, pubtruncate, {} "
          "FROM pg_catalog.pg_publication",
          version >= 130000 ? "pubviaroot" : "false"),
      [&reader, contents](const CatalogRow& row) {
        const std::string identity = quoted(row.view(1));
        auto& tables = (*contents)[row.oid(0)];
        std::sort(tables.begin(), tables.end());
        std::string definition = row.boolean(3) ? "FOR ALL TABLES" : "FOR " + join(tables, ", ");
        std::vector<std::string> publishes;
        const std::array<const char*, 4> words = {"insert", "update", "delete", "truncate"};
        for (int at = 0; at < 4; ++at) {
          if (row.boolean(4 + at)) publishes.emplace_back(words[static_cast<std::size_t>(at)]);
        }
        definition += fmt::format(" WITH (publish = '{}'{})", join(publishes, ", "),
                                  row.boolean(8) ? ", publish_via_partition_root" : "");
        reader.add({"publication", std::nullopt, row.text(1), identity, definition, ""}, kPublication,
                   row.oid(0));
        reader.add_owner("publication", identity, std::nullopt, row.view(1), row.oid(2));
      });
  // Without the connection string, which holds a password.
  reader.ask("pg_subscription",
             "SELECT oid, subname, subowner, subenabled, subslotname, subsynccommit, subpublications::text "
             "FROM pg_catalog.pg_subscription WHERE subdbid = (SELECT oid FROM pg_catalog.pg_database "
             "WHERE datname = pg_catalog.current_database())",
             [&reader](const CatalogRow& row) {
               const std::string identity = quoted(row.view(1));
               auto publications = array_elements(row.view(6));
               std::sort(publications.begin(), publications.end());
               reader.add(
                   {"subscription", std::nullopt, row.text(1), identity,
                    fmt::format("PUBLICATION {} WITH (enabled = {}, slot_name = {}, synchronous_commit = {})",
                                join(publications, ", "), row.view(3), row.null(4) ? "NONE" : row.view(4),
                                row.view(5)),
                    ""},
                   kSubscription, row.oid(0));
               reader.add_owner("subscription", identity, std::nullopt, row.view(1), row.oid(2));
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
  reader.ask("pg_user_mappings",
             "SELECT u.umid, u.srvname, u.umuser, u.usename, u.umoptions::text, "
             "(SELECT r.rolsuper FROM pg_catalog.pg_roles r WHERE r.rolname = CURRENT_USER) OR "
             "CASE WHEN u.umuser = 0 THEN pg_catalog.pg_has_role(s.srvowner, 'USAGE') "
             "ELSE u.usename = CURRENT_USER AND (pg_catalog.pg_has_role(s.srvowner, 'USAGE') OR "
             "pg_catalog.has_server_privilege(s.oid, 'USAGE')) END "
             "FROM pg_catalog.pg_user_mappings u JOIN pg_catalog.pg_foreign_server s ON s.oid = u.srvid",
             [&reader](const CatalogRow& row) {
               if (reader.is_member(kUserMapping, row.oid(0))) return;
               const std::string identity = fmt::format(
                   "{} on {}", row.oid(2) == 0 ? "PUBLIC" : quoted(row.view(3)), quoted(row.view(1)));
               std::vector<std::string> names;
               for (const auto& option : array_elements(row.view(4)))
                 names.push_back(option.substr(0, option.find('=')));
               std::sort(names.begin(), names.end());
               reader.add({"user mapping", std::nullopt, identity, identity,
                           row.boolean(5) ? fmt::format("OPTIONS ({})", join(names, ", "))
                                          : "OPTIONS that are not shown to the role of this connection",
                           ""},
                          kUserMapping, row.oid(0));
             });
}

void ask_for_operator_classes(Reader& reader) {
  const auto members = std::make_shared<std::unordered_map<Oid, std::vector<std::string>>>();
  reader.ask(
      "pg_amop",
      "SELECT amopfamily, amopstrategy, amopopr::pg_catalog.regoperator, amoppurpose, f.opfname "
      "FROM pg_catalog.pg_amop LEFT JOIN pg_catalog.pg_opfamily f ON f.oid = amopsortfamily "
      "WHERE amopfamily >= 16384",
      [members](const CatalogRow& row) {
        (*members)[row.oid(0)].push_back(fmt::format("OPERATOR {} {}{}", row.view(1), row.view(2),
                                                     row.null(4) ? "" : " FOR ORDER BY " + row.text(4)));
      });
  reader.ask("pg_amproc",
             "SELECT amprocfamily, amprocnum, pg_catalog.format_type(amproclefttype, NULL), "
             "pg_catalog.format_type(amprocrighttype, NULL), amproc::pg_catalog.regprocedure "
             "FROM pg_catalog.pg_amproc WHERE amprocfamily >= 16384",
             [members](const CatalogRow& row) {
               (*members)[row.oid(0)].push_back(fmt::format("FUNCTION {} ({}, {}) {}", row.view(1),
                                                            row.view(2), row.view(3), row.view(4)));
             });
  reader.ask(
      "pg_opfamily",
      fmt::format(
          "SELECT f.oid, f.opfname, f.opfnamespace, f.opfowner, am.amname FROM pg_catalog.pg_opfamily f "
          "JOIN pg_catalog.pg_am am ON am.oid = f.opfmethod JOIN pg_catalog.pg_namespace n "
          "ON n.oid = f.opfnamespace WHERE {}",
          kUserSchemas),
      [&reader, members](const CatalogRow& row) {
        if (reader.is_member(kOperatorFamily, row.oid(0))) return;
        const std::string identity =
            fmt::format("{} USING {}", reader.in_namespace(row.oid(2), row.view(1)), quoted(row.view(4)));
        auto& parts = (*members)[row.oid(0)];
        std::sort(parts.begin(), parts.end());
        reader.add(
            {"operator family", reader.namespace_of(row.oid(2)), row.text(1), identity,
             "CREATE OPERATOR FAMILY " + identity + (parts.empty() ? "" : " AS ") + join(parts, ", "), ""},
            kOperatorFamily, row.oid(0));
        reader.add_owner("operator family", identity, reader.namespace_of(row.oid(2)), row.view(1),
                         row.oid(3));
      });
  reader.ask(
      "pg_opclass",
      fmt::format(
          "SELECT o.oid, o.opcname, o.opcnamespace, o.opcowner, am.amname, o.opcdefault, "
          "pg_catalog.format_type(o.opcintype, NULL), pg_catalog.format_type(nullif(o.opckeytype, 0), "
          "NULL), f.opfname FROM pg_catalog.pg_opclass o JOIN pg_catalog.pg_am am ON am.oid = o.opcmethod "
          "JOIN pg_catalog.pg_opfamily f ON f.oid = o.opcfamily JOIN pg_catalog.pg_namespace n "
          "ON n.oid = o.opcnamespace WHERE {}",
          kUserSchemas),
      [&reader](const CatalogRow& row) {
        if (reader.is_member(kOperatorClass, row.oid(0))) return;
        const std::string identity =
            fmt::format("{} USING {}", reader.in_namespace(row.oid(2), row.view(1)), quoted(row.view(4)));
        std::string definition = fmt::format("{}FOR TYPE {} FAMILY {}", row.boolean(5) ? "DEFAULT " : "",
                                             row.view(6), quoted(row.view(8)));
        if (!row.null(7)) definition += " STORAGE " + row.text(7);
        reader.add({"operator class", reader.namespace_of(row.oid(2)), row.text(1), identity, definition, ""},
                   kOperatorClass, row.oid(0));
        reader.add_owner("operator class", identity, reader.namespace_of(row.oid(2)), row.view(1),
                         row.oid(3));
      });
  reader.ask(
      "pg_am",
      "SELECT oid, amname, amtype, amhandler::pg_catalog.regprocedure FROM pg_catalog.pg_am WHERE oid >= "
      "16384",
      [&reader](const CatalogRow& row) {
        if (reader.is_member(kAccessMethod, row.oid(0))) return;
        reader.add(
            {"access method", std::nullopt, row.text(1), quoted(row.view(1)),
             fmt::format("TYPE {} HANDLER {}", row.view(2) == "i" ? "INDEX" : "TABLE", row.view(3)), ""},
            kAccessMethod, row.oid(0));
      });
}

void ask_for_collations(Reader& reader) {
  const int version = reader.server_version();
  const std::string locale = version >= 170000   ? "c.colllocale"
                             : version >= 150000 ? "c.colliculocale"
                                                 : "NULL";
  reader.ask(
      "pg_collation",
      fmt::format("SELECT c.oid, c.collname, c.collnamespace, c.collowner, c.collprovider, c.collcollate, "
                  "c.collctype, {}, c.collisdeterministic FROM pg_catalog.pg_collation c "
                  "JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace WHERE {}",
                  locale, kUserSchemas),
      [&reader](const CatalogRow& row) {
        if (reader.is_member(kCollation, row.oid(0))) return;
        const std::string identity = reader.in_namespace(row.oid(2), row.view(1));
        std::string definition = fmt::format("PROVIDER = {}", row.view(4));
        if (!row.null(5)) definition += fmt::format(", LC_COLLATE = {}", literal(row.view(5)));
        if (!row.null(6)) definition += fmt::format(", LC_CTYPE = {}", literal(row.view(6)));
        if (!row.null(7)) definition += fmt::format(", LOCALE = {}", literal(row.view(7)));
        if (!row.boolean(8)) definition += ", DETERMINISTIC = false";
        reader.add({"collation", reader.namespace_of(row.oid(2)), row.text(1), identity, definition, ""},
                   kCollation, row.oid(0));
        reader.add_owner("collation", identity, reader.namespace_of(row.oid(2)), row.view(1), row.oid(3));
      });
  reader.ask(
      "pg_conversion",
      fmt::format("SELECT c.oid, c.conname, c.connamespace, c.conowner, "
                  "pg_catalog.pg_encoding_to_char(c.conforencoding), "
                  "pg_catalog.pg_encoding_to_char(c.contoencoding), c.conproc, c.condefault "
                  "FROM pg_catalog.pg_conversion c JOIN pg_catalog.pg_namespace n ON n.oid = c.connamespace "
                  "WHERE {}",
                  kUserSchemas),
      [&reader](const CatalogRow& row) {
        if (reader.is_member(kConversion, row.oid(0))) return;
        const std::string identity = reader.in_namespace(row.oid(2), row.view(1));
        reader.add({"conversion", reader.namespace_of(row.oid(2)), row.text(1), identity,
                    fmt::format("{}FOR {} TO {} FROM {}", row.boolean(7) ? "DEFAULT " : "", row.view(4),
                                row.view(5), row.view(6)),
                    ""},
                   kConversion, row.oid(0));
        reader.add_owner("conversion", identity, reader.namespace_of(row.oid(2)), row.view(1), row.oid(3));
      });
}

void ask_for_text_search(Reader& reader) {
  const auto mappings = std::make_shared<std::unordered_map<Oid, std::vector<std::string>>>();
  reader.ask("pg_ts_config_map",
             "SELECT m.mapcfg, (SELECT t.alias FROM pg_catalog.ts_token_type(c.cfgparser) t WHERE t.tokid = "
             "m.maptokentype), m.mapdict::pg_catalog.regdictionary FROM pg_catalog.pg_ts_config_map m "
             "JOIN pg_catalog.pg_ts_config c ON c.oid = m.mapcfg WHERE m.mapcfg >= 16384 "
             "ORDER BY m.mapcfg, m.maptokentype, m.mapseqno",
             [mappings](const CatalogRow& row) {
               (*mappings)[row.oid(0)].push_back(fmt::format("{} WITH {}", row.view(1), row.view(2)));
             });
  reader.ask(
      "pg_ts_config",
      fmt::format(
          "SELECT c.oid, c.cfgname, c.cfgnamespace, c.cfgowner, p.prsname FROM pg_catalog.pg_ts_config c "
          "JOIN pg_catalog.pg_namespace n ON n.oid = c.cfgnamespace "
          "JOIN pg_catalog.pg_ts_parser p ON p.oid = c.cfgparser WHERE {}",
          kUserSchemas),
      [&reader, mappings](const CatalogRow& row) {
        if (reader.is_member(kTextConfiguration, row.oid(0))) return;
        const std::string identity = reader.in_namespace(row.oid(2), row.view(1));
        reader.add(
            {"text search configuration", reader.namespace_of(row.oid(2)), row.text(1), identity,
             fmt::format("PARSER = {}; {}", quoted(row.view(4)), join((*mappings)[row.oid(0)], "; ")), ""},
            kTextConfiguration, row.oid(0));
        reader.add_owner("text search configuration", identity, reader.namespace_of(row.oid(2)), row.view(1),
                         row.oid(3));
      });
  reader.ask(
      "pg_ts_dict",
      fmt::format("SELECT d.oid, d.dictname, d.dictnamespace, d.dictowner, t.tmplname, d.dictinitoption "
                  "FROM pg_catalog.pg_ts_dict d JOIN pg_catalog.pg_namespace n ON n.oid = d.dictnamespace "
                  "JOIN pg_catalog.pg_ts_template t ON t.oid = d.dicttemplate WHERE {}",
                  kUserSchemas),
      [&reader](const CatalogRow& row) {
        if (reader.is_member(kTextDictionary, row.oid(0))) return;
        const std::string identity = reader.in_namespace(row.oid(2), row.view(1));
        reader.add(
            {"text search dictionary", reader.namespace_of(row.oid(2)), row.text(1), identity,
             fmt::format("TEMPLATE = {}{}", quoted(row.view(4)), row.null(5) ? "" : ", " + row.text(5)), ""},
            kTextDictionary, row.oid(0));
        reader.add_owner("text search dictionary", identity, reader.namespace_of(row.oid(2)), row.view(1),
                         row.oid(3));
      });
  reader.ask(
      "pg_ts_parser",
      fmt::format("SELECT p.oid, p.prsname, p.prsnamespace, p.prsstart, p.prstoken, p.prsend, p.prsheadline, "
                  "p.prslextype FROM pg_catalog.pg_ts_parser p JOIN pg_catalog.pg_namespace n "
                  "ON n.oid = p.prsnamespace WHERE {}",
                  kUserSchemas),
      [&reader](const CatalogRow& row) {
        if (reader.is_member(kTextParser, row.oid(0))) return;
        reader.add({"text search parser", reader.namespace_of(row.oid(2)), row.text(1),
                    reader.in_namespace(row.oid(2), row.view(1)),
                    fmt::format("START = {}, GETTOKEN = {}, END = {}, HEADLINE = {}, LEXTYPES = {}",
                                row.view(3), row.view(4), row.view(5), row.view(6), row.view(7)),
                    ""},
                   kTextParser, row.oid(0));
      });
  reader.ask(
      "pg_ts_template",
      fmt::format(
          "SELECT t.oid, t.tmplname, t.tmplnamespace, t.tmplinit, t.tmpllexize FROM "
          "pg_catalog.pg_ts_template t JOIN pg_catalog.pg_namespace n ON n.oid = t.tmplnamespace WHERE {}",
          kUserSchemas),
      [&reader](const CatalogRow& row) {
        if (reader.is_member(kTextTemplate, row.oid(0))) return;
        reader.add({"text search template", reader.namespace_of(row.oid(2)), row.text(1),
                    reader.in_namespace(row.oid(2), row.view(1)),
                    fmt::format("INIT = {}, LEXIZE = {}", row.view(3), row.view(4)), ""},
                   kTextTemplate, row.oid(0));
      });
}

}  // namespace

void ask_for_others(Reader& reader) {
  ask_for_extensions(reader);
  ask_for_default_privileges(reader);
  ask_for_publications(reader);
  ask_for_foreign(reader);
  ask_for_operator_classes(reader);
  ask_for_collations(reader);
  ask_for_text_search(reader);
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
