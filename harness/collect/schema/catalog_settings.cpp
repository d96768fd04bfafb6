// The database itself, as the head of `pg_dump -C` says it, and what the whole server has, as `pg_dumpall -g` says it.
#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/collect/schema/catalog.h"

namespace exitgate::collect::schema {

namespace {

constexpr std::string_view kThisDatabase =
    "(SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())";

// Of the database that initdb makes.
constexpr std::string_view kCommentOfPostgres = "default administrative connection database";

// The columns of the query on pg_database.
enum Field {
  kOwner,
  kAccess,
  kDefaultAccess,
  kConnectionLimit,
  kTemplate,
  kTablespace,
  kEncoding,
  kProvider,
  kCollate,
  kCtype,
  kLocale,
  kRules,
  kComment
};

void ask_for_database(Reader& reader) {
  const int version = reader.server_version();
  reader.ask(
      "pg_database",
      fmt::format(
          "SELECT d.datdba, d.datacl::text, pg_catalog.acldefault('d', d.datdba)::text, d.datconnlimit, "
          "d.datistemplate, CASE WHEN t.spcname <> 'pg_default' THEN t.spcname END, "
          "pg_catalog.pg_encoding_to_char(d.encoding), {}, d.datcollate, d.datctype, {}, {}, "
          "pg_catalog.shobj_description(d.oid, 'pg_database') FROM pg_catalog.pg_database d "
          "LEFT JOIN pg_catalog.pg_tablespace t ON t.oid = d.dattablespace WHERE d.oid = {}",
          version >= 150000 ? "d.datlocprovider" : "'c'",
          version >= 170000   ? "d.datlocale"
          : version >= 150000 ? "d.daticulocale"
                              : "NULL",
          version >= 160000 ? "d.daticurules" : "NULL", kThisDatabase),
      [&reader](const CatalogRow& row) {
        // Databases have names of their own; this one is spoken of as the database.
        reader.add_owner("database", "", std::nullopt, "", row.oid(kOwner));
        reader.add_grants("database", "", std::nullopt, "", row.oid(kOwner), row.view(kAccess),
                          row.view(kDefaultAccess));
        const auto property = [&](const char* name, std::string value) {
          reader.objects.push_back({"database property", std::nullopt, name, name, std::move(value), "", ""});
        };
        if (row.integer(kConnectionLimit) >= 0) property("connection limit", row.text(kConnectionLimit));
        if (row.boolean(kTemplate)) property("template", "IS_TEMPLATE");
        if (!row.null(kTablespace)) property("tablespace", quoted(row.view(kTablespace)));
        if (!row.null(kComment) && row.view(kComment) != kCommentOfPostgres) {
          reader.objects.push_back(
              {"comment", std::nullopt, "database", "database", row.text(kComment), "", "database"});
        }
        const auto locale = [&](const char* name, int column) {
          if (!row.null(column)) reader.server_objects.push_back({"locale", name, row.text(column)});
        };
        locale("encoding", kEncoding);
        locale("provider", kProvider);
        locale("collate", kCollate);
        locale("ctype", kCtype);
        locale("locale", kLocale);
        locale("rules", kRules);
      });
  reader.ask(
      "pg_shseclabel",
      fmt::format("SELECT provider, label FROM pg_catalog.pg_shseclabel WHERE classoid = {} AND objoid = {}",
                  static_cast<Oid>(kDatabase), kThisDatabase),
      [&reader](const CatalogRow& row) {
        reader.objects.push_back({"security label", std::nullopt, "database",
                                  fmt::format("database ({})", row.view(0)), row.text(1), "", "database"});
      });
}

// "name=value" of pg_db_role_setting, one after the other.
template <typename Each>
void for_each_setting(std::string_view array, const Each& each) {
  for (const auto& one : array_elements(array)) {
    const std::size_t equals = std::min(one.find('='), one.size());
    each(one.substr(0, equals), equals < one.size() ? one.substr(equals + 1) : "");
  }
}

void ask_for_role_settings(Reader& reader) {
  reader.ask(
      "pg_db_role_setting",
      fmt::format("SELECT setrole, setdatabase <> 0, setconfig::text FROM pg_catalog.pg_db_role_setting "
                  "WHERE setdatabase IN (0, {})",
                  kThisDatabase),
      [&reader](const CatalogRow& row) {
        const std::string role = row.oid(0) == 0 ? "" : reader.role(row.oid(0));
        const bool of_database = row.boolean(1);
        for_each_setting(row.view(2), [&](const std::string& name, const std::string& value) {
          const std::string identity = role.empty() ? name : role + "." + name;
          if (!of_database) {
            reader.server_objects.push_back({"role setting", identity, value});
            return;
          }
          reader.objects.push_back({role.empty() ? "database setting" : "role setting", std::nullopt, name,
                                    identity, value, "", ""});
        });
      });
}

}  // namespace

void ask_for_settings(Reader& reader) {
  ask_for_database(reader);
  ask_for_role_settings(reader);
}

void ask_for_server(Reader& reader) {
  reader.ask("pg_tablespace",
             "SELECT spcname, spcowner, spcacl::text, spcoptions::text, pg_catalog.shobj_description(oid, "
             "'pg_tablespace') FROM pg_catalog.pg_tablespace WHERE spcname !~ '^pg_'",
             [&reader](const CatalogRow& row) {
               std::string definition = "OWNER " + reader.role(row.oid(1));
               if (!row.null(3)) definition += fmt::format(" WITH ({})", sorted_options(row.view(3)));
               if (!row.null(2)) definition += " ACCESS " + sorted_options(row.view(2));
               if (!row.null(4)) definition += " COMMENT " + literal(row.view(4));
               reader.server_objects.push_back({"tablespace", quoted(row.view(0)), definition});
             });
  // What schema.role does not have of them.
  reader.ask(
      "pg_roles as dumped",
      "SELECT rolname, rolinherit, rolconnlimit, rolvaliduntil FROM pg_catalog.pg_roles WHERE rolname !~ "
      "'^pg_' AND (NOT rolinherit OR rolconnlimit >= 0 OR rolvaliduntil IS NOT NULL)",
      [&reader](const CatalogRow& row) {
        std::vector<std::string> words;
        if (!row.boolean(1)) words.emplace_back("NOINHERIT");
        if (row.integer(2) >= 0) words.push_back("CONNECTION LIMIT " + row.text(2));
        if (!row.null(3)) words.push_back("VALID UNTIL " + literal(row.view(3)));
        reader.server_objects.push_back({"role attribute", quoted(row.view(0)), join(words, " ")});
      });
  reader.ask("pg_shdescription of roles",
             "SELECT objoid, description FROM pg_catalog.pg_shdescription WHERE classoid = "
             "'pg_catalog.pg_authid'::pg_catalog.regclass",
             [&reader](const CatalogRow& row) {
               reader.server_objects.push_back({"role comment", reader.role(row.oid(0)), row.text(1)});
             });
  reader.ask("pg_shseclabel of roles",
             "SELECT objoid, provider, label FROM pg_catalog.pg_shseclabel WHERE classoid = "
             "'pg_catalog.pg_authid'::pg_catalog.regclass",
             [&reader](const CatalogRow& row) {
               reader.server_objects.push_back({"role security label",
                                                fmt::format("{} ({})", reader.role(row.oid(0)), row.view(1)),
                                                row.text(2)});
             });
  if (reader.server_version() < 150000) return;
  reader.ask("pg_parameter_acl", "SELECT parname, paracl::text FROM pg_catalog.pg_parameter_acl",
             [&reader](const CatalogRow& row) {
               reader.server_objects.push_back({"parameter grant", row.text(0), sorted_options(row.view(1))});
             });
}

}  // namespace exitgate::collect::schema
