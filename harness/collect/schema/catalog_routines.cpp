// Functions, procedures, aggregates; operators and casts.
#include <fmt/core.h>

#include "harness/base/text.h"
#include "harness/collect/schema/catalog.h"

namespace exitgate::collect::schema {

namespace {

constexpr std::string_view kUserSchemas = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

// What identifies a routine. A procedure's arguments say IN since 14, and did not before.
std::string identity_arguments(int server_version) {
  constexpr std::string_view kAsked = "pg_catalog.pg_get_function_identity_arguments(p.oid)";
  if (server_version >= 140000) return std::string(kAsked);
  return fmt::format(
      "CASE WHEN p.prokind <> 'p' THEN {} ELSE (SELECT pg_catalog.string_agg(CASE p.proargmodes[n] "
      "WHEN 'b' THEN 'INOUT ' WHEN 'v' THEN 'VARIADIC ' ELSE 'IN ' END || coalesce(pg_catalog.quote_ident("
      "nullif(p.proargnames[n], '')) || ' ', '') || pg_catalog.format_type(a.oid, NULL), ', ' ORDER BY n) "
      "FROM pg_catalog.unnest(coalesce(p.proallargtypes, p.proargtypes::pg_catalog.oid[])) "
      "WITH ORDINALITY a(oid, n)) END",
      kAsked);
}

void ask_for_functions(Reader& reader) {
  reader.ask(
      "pg_proc",
      fmt::format("SELECT p.oid, p.proname, p.pronamespace, p.prokind, p.proowner, p.proacl::text, "
                  "CASE WHEN p.proacl IS NOT NULL THEN pg_catalog.acldefault('f', p.proowner)::text END, "
                  "{}, CASE WHEN p.prokind <> 'a' THEN pg_catalog.pg_get_functiondef(p.oid) END "
                  "FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace "
                  "WHERE {} AND p.prokind <> 'a'",
                  identity_arguments(reader.server_version()), kUserSchemas),
      [&reader](const CatalogRow& row) {
        if (reader.is_member(kProcedure, row.oid(0))) return;
        const std::string kind = row.view(3) == "p" ? "procedure" : "function";
        const std::string identity =
            fmt::format("{}({})", reader.in_namespace(row.oid(2), row.view(1)), row.view(7));
        const std::string namespace_name = reader.namespace_of(row.oid(2));
        reader.add({kind, namespace_name, row.text(1), identity, std::string(trim(row.view(8))), ""},
                   kProcedure, row.oid(0));
        reader.add_owner(kind, identity, namespace_name, row.view(1), row.oid(4));
        reader.add_grants(kind, identity, namespace_name, row.view(1), row.oid(4), row.view(5), row.view(6));
      });
}

void ask_for_aggregates(Reader& reader) {
  reader.ask(
      "pg_aggregate",
      fmt::format("SELECT p.oid, p.proname, p.pronamespace, p.proowner, p.proacl::text, "
                  "CASE WHEN p.proacl IS NOT NULL THEN pg_catalog.acldefault('f', p.proowner)::text END, "
                  "pg_catalog.pg_get_function_identity_arguments(p.oid), "
                  "pg_catalog.pg_get_function_arguments(p.oid), "
                  "a.aggkind, a.aggnumdirectargs, a.aggtransfn, a.aggfinalfn, a.aggcombinefn, a.aggserialfn, "
                  "a.aggdeserialfn, a.aggmtransfn, a.aggminvtransfn, a.aggmfinalfn, a.aggfinalextra, "
                  "a.aggmfinalextra, a.aggfinalmodify, a.aggmfinalmodify, "
                  "CASE WHEN a.aggsortop <> 0 THEN a.aggsortop::pg_catalog.regoperator END, "
                  "pg_catalog.format_type(a.aggtranstype, NULL), a.aggtransspace, "
                  "CASE WHEN a.aggmtranstype <> 0 THEN pg_catalog.format_type(a.aggmtranstype, NULL) END, "
                  "a.aggmtransspace, a.agginitval, a.aggminitval, p.proparallel, "
                  "pg_catalog.format_type(p.prorettype, NULL) "
                  "FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace "
                  "JOIN pg_catalog.pg_aggregate a ON a.aggfnoid = p.oid WHERE {}",
                  kUserSchemas),
      [&reader](const CatalogRow& row) {
        if (reader.is_member(kProcedure, row.oid(0))) return;
        const std::string identity =
            fmt::format("{}({})", reader.in_namespace(row.oid(2), row.view(1)), row.view(6));
        std::string definition =
            fmt::format("CREATE AGGREGATE {} ({}) RETURNS {}", reader.in_namespace(row.oid(2), row.view(1)),
                        row.view(7), row.view(30));
        const auto say = [&](std::string_view word, int column) {
          if (!row.null(column) && row.view(column) != "-" && row.view(column) != "0") {
            definition += fmt::format(", {} = {}", word, row.view(column));
          }
        };
        if (row.view(8) != "n")
          definition += fmt::format(", KIND = {}, DIRECT ARGUMENTS = {}", row.view(8), row.view(9));
        say("SFUNC", 10);
        say("STYPE", 23);
        say("SSPACE", 24);
        say("FINALFUNC", 11);
        definition +=
            fmt::format(", FINALFUNC_EXTRA = {}, FINALFUNC_MODIFY = {}", row.view(18), row.view(20));
        say("COMBINEFUNC", 12);
        say("SERIALFUNC", 13);
        say("DESERIALFUNC", 14);
        say("MSFUNC", 15);
        say("MINVFUNC", 16);
        say("MSTYPE", 25);
        say("MSSPACE", 26);
        say("MFINALFUNC", 17);
        if (!row.null(25)) {
          definition +=
              fmt::format(", MFINALFUNC_EXTRA = {}, MFINALFUNC_MODIFY = {}", row.view(19), row.view(21));
        }
        say("SORTOP", 22);
        if (!row.null(27)) definition += ", INITCOND = " + literal(row.view(27));
        if (!row.null(28)) definition += ", MINITCOND = " + literal(row.view(28));
        definition += fmt::format(", PARALLEL = {}", row.view(29));
        const std::string namespace_name = reader.namespace_of(row.oid(2));
        reader.add({"aggregate", namespace_name, row.text(1), identity, definition, ""}, kProcedure,
                   row.oid(0));
        reader.add_owner("aggregate", identity, namespace_name, row.view(1), row.oid(3));
        reader.add_grants("aggregate", identity, namespace_name, row.view(1), row.oid(3), row.view(4),
                          row.view(5));
      });
}

void ask_for_operators(Reader& reader) {
  reader.ask(
      "pg_operator",
      fmt::format("SELECT o.oid, o.oprname, o.oprnamespace, o.oprowner, "
                  "pg_catalog.format_type(nullif(o.oprleft, 0), NULL), "
                  "pg_catalog.format_type(nullif(o.oprright, 0), NULL), o.oprcode::pg_catalog.regprocedure, "
                  "CASE WHEN o.oprcom <> 0 THEN o.oprcom::pg_catalog.regoperator END, "
                  "CASE WHEN o.oprnegate <> 0 THEN o.oprnegate::pg_catalog.regoperator END, "
                  "o.oprrest, o.oprjoin, o.oprcanhash, o.oprcanmerge "
                  "FROM pg_catalog.pg_operator o JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace "
                  "WHERE {} AND o.oprcode <> 0",
                  kUserSchemas),
      [&reader](const CatalogRow& row) {
        if (reader.is_member(kOperator, row.oid(0))) return;
        const std::string namespace_name = reader.namespace_of(row.oid(2));
        const std::string identity =
            fmt::format("{}.{}({}, {})", quoted(namespace_name), row.view(1),
                        row.null(4) ? "NONE" : row.view(4), row.null(5) ? "NONE" : row.view(5));
        std::string definition = fmt::format("FUNCTION = {}", row.view(6));
        if (!row.null(7)) definition += fmt::format(", COMMUTATOR = {}", row.view(7));
        if (!row.null(8)) definition += fmt::format(", NEGATOR = {}", row.view(8));
        if (row.view(9) != "-") definition += fmt::format(", RESTRICT = {}", row.view(9));
        if (row.view(10) != "-") definition += fmt::format(", JOIN = {}", row.view(10));
        if (row.boolean(11)) definition += ", HASHES";
        if (row.boolean(12)) definition += ", MERGES";
        reader.add({"operator", namespace_name, row.text(1), identity, definition, ""}, kOperator,
                   row.oid(0));
        reader.add_owner("operator", identity, namespace_name, row.view(1), row.oid(3));
      });
  reader.ask(
      "pg_cast",
      "SELECT oid, pg_catalog.format_type(castsource, NULL), pg_catalog.format_type(casttarget, NULL), "
      "CASE WHEN castfunc <> 0 THEN castfunc::pg_catalog.regprocedure END, castcontext, castmethod "
      "FROM pg_catalog.pg_cast WHERE oid >= 16384",
      [&reader](const CatalogRow& row) {
        if (reader.is_member(kCast, row.oid(0))) return;
        const std::string identity = fmt::format("({} AS {})", row.view(1), row.view(2));
        std::string definition = row.view(5) == "i"   ? std::string("WITH INOUT")
                                 : row.view(5) == "b" ? std::string("WITHOUT FUNCTION")
                                                      : fmt::format("WITH FUNCTION {}", row.view(3));
        if (row.view(4) == "a") definition += " AS ASSIGNMENT";
        if (row.view(4) == "i") definition += " AS IMPLICIT";
        reader.add({"cast", std::nullopt, identity, identity, definition, ""}, kCast, row.oid(0));
      });
}

}  // namespace

void ask_for_routines(Reader& reader) {
  ask_for_functions(reader);
  ask_for_aggregates(reader);
  ask_for_operators(reader);
}

}  // namespace exitgate::collect::schema
