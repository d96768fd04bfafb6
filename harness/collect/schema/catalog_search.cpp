// How values are compared and searched: operator families and classes, collations, text search.
#include <fmt/core.h>

#include <algorithm>
#include <memory>

#include "harness/base/text.h"
#include "harness/collect/schema/catalog.h"

namespace exitgate::collect::schema {

namespace {

constexpr std::string_view kUserSchemas = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

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

std::string_view provider_name(std::string_view letter) {
  if (letter == "b") return "builtin";
  if (letter == "c") return "libc";
  if (letter == "i") return "icu";
  return "default";
}

void ask_for_collations(Reader& reader) {
  const int version = reader.server_version();
  // Before 15 ICU's locale stands where libc's do.
  const bool own_locale = version >= 150000;
  reader.ask(
      "pg_collation",
      fmt::format("SELECT c.oid, c.collname, c.collnamespace, c.collowner, c.collprovider, {0}, {1}, {2}, "
                  "c.collisdeterministic, {3} FROM pg_catalog.pg_collation c "
                  "JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace WHERE {4}",
                  own_locale ? "c.collcollate" : "CASE WHEN c.collprovider <> 'i' THEN c.collcollate END",
                  own_locale ? "c.collctype" : "CASE WHEN c.collprovider <> 'i' THEN c.collctype END",
                  version >= 170000 ? "c.colllocale"
                  : own_locale      ? "c.colliculocale"
                                    : "CASE WHEN c.collprovider = 'i' THEN c.collcollate END",
                  version >= 160000 ? "c.collicurules" : "NULL", kUserSchemas),
      [&reader](const CatalogRow& row) {
        if (reader.is_member(kCollation, row.oid(0))) return;
        const std::string identity = reader.in_namespace(row.oid(2), row.view(1));
        std::string definition = fmt::format("PROVIDER = {}", provider_name(row.view(4)));
        if (!row.null(5)) definition += fmt::format(", LC_COLLATE = {}", literal(row.view(5)));
        if (!row.null(6)) definition += fmt::format(", LC_CTYPE = {}", literal(row.view(6)));
        if (!row.null(7)) definition += fmt::format(", LOCALE = {}", literal(row.view(7)));
        if (!row.boolean(8)) definition += ", DETERMINISTIC = false";
        if (!row.null(9)) definition += ", RULES = " + literal(row.view(9));
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

void ask_for_search(Reader& reader) {
  ask_for_operator_classes(reader);
  ask_for_collations(reader);
  ask_for_text_search(reader);
}

}  // namespace exitgate::collect::schema
