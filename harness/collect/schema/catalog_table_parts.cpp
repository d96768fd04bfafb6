// What hangs on tables: triggers, rules, policies, statistics objects.
#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/collect/schema/catalog.h"
#include "harness/collect/schema/relations.h"
#include "harness/collect/schema/stand_in.h"

namespace exitgate::collect::schema {

namespace {

// An object of a table, when the table is one of the snapshot. Policies are said also of an extension's table, whose
// dump says them.
void add_part(Reader& reader, std::string_view kind, Catalog catalog, Oid oid, Oid relation,
              const std::string& name, const std::string& definition) {
  const auto found = reader.relations.find(relation);
  if (found == reader.relations.end() || reader.is_member(catalog, oid)) return;
  if (!found->second.emitted && catalog != kPolicy) return;
  reader.add(
      {std::string(kind), found->second.namespace_name, name,
       fmt::format("{}.{}", found->second.qualified, quoted(name)), definition, "", found->second.part_of()},
      catalog, oid);
}

// In a sub-select names are qualified: those need their own table.
std::string with_sub_selects(std::string_view tree) {
  return fmt::format(
      "CASE WHEN pg_catalog.strpos({0}::text, '{{SUBLINK ') > 0 THEN '0' || pg_catalog.pg_get_expr({0}, "
      "p.polrelid) "
      "ELSE {1} END",
      tree, stand_in_expression(tree, "p.polrelid", "t.relnatts"));
}

void ask_for_policies(Reader& reader) {
  reader.ask("pg_policy",
             fmt::format("SELECT p.oid, p.polname, p.polrelid, p.polcmd, p.polpermissive, "
                         "p.polroles::pg_catalog.oid[]::text, {}, {} FROM pg_catalog.pg_policy p "
                         "JOIN pg_catalog.pg_class t ON t.oid = p.polrelid",
                         with_sub_selects("p.polqual"), with_sub_selects("p.polwithcheck")),
             [&reader](const CatalogRow& row) {
               const std::string_view command = row.view(3);
               std::vector<std::string> roles;
               for (const auto& oid : array_elements(row.view(5))) {
                 roles.push_back(reader.role(static_cast<Oid>(std::strtoul(oid.c_str(), nullptr, 10))));
               }
               std::sort(roles.begin(), roles.end());
               std::string definition =
                   fmt::format("AS {} FOR {} TO {}", row.boolean(4) ? "PERMISSIVE" : "RESTRICTIVE",
                               command == "r"   ? "SELECT"
                               : command == "a" ? "INSERT"
                               : command == "w" ? "UPDATE"
                               : command == "d" ? "DELETE"
                                                : "ALL",
                               join(roles, ", "));
               const auto expression = [&](int column) {
                 return told_expression(reader, *reader.tables, row.view(column), row.oid(2));
               };
               if (!row.null(6)) definition += fmt::format(" USING ({})", expression(6));
               if (!row.null(7)) definition += fmt::format(" WITH CHECK ({})", expression(7));
               add_part(reader, "policy", kPolicy, row.oid(0), row.oid(2), row.text(1), definition);
             });
}

// A trigger of a partition is the partitioned table's, but may be switched on and off for itself. Before 15 it is marked as
// internal, as those of foreign keys are, which their constraints say.
void ask_for_states_in_partitions(Reader& reader) {
  if (reader.server_version() < 130000) return;
  reader.ask(
      "pg_trigger of partitions",
      "SELECT t.tgname, t.tgrelid, t.tgenabled FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_trigger p "
      "ON p.oid = t.tgparentid LEFT JOIN pg_catalog.pg_constraint f ON f.oid = t.tgconstraint "
      "AND f.contype = 'f' WHERE t.tgparentid <> 0 AND t.tgenabled <> p.tgenabled AND f.oid IS NULL",
      [&reader](const CatalogRow& row) {
        const auto found = reader.relations.find(row.oid(1));
        if (found == reader.relations.end()) return;
        const std::string_view state = firing(row.view(2));
        reader.objects.push_back({"trigger state", found->second.namespace_name, row.text(0),
                                  fmt::format("{}.{}", found->second.qualified, quoted(row.view(0))),
                                  state.empty() ? "ENABLED" : std::string(state.substr(1)), "",
                                  found->second.part_of()});
      });
}

}  // namespace

std::string_view firing(std::string_view enabled) {
  if (enabled == "D") return " DISABLED";
  if (enabled == "R") return " ENABLED FOR REPLICA";
  if (enabled == "A") return " ENABLED ALWAYS";
  return "";
}

void ask_for_table_parts(Reader& reader) {
  reader.ask("pg_trigger",
             fmt::format("SELECT oid, tgname, tgrelid, pg_catalog.pg_get_triggerdef(oid), tgenabled "
                         "FROM pg_catalog.pg_trigger WHERE NOT tgisinternal{}",
                         reader.server_version() >= 130000 ? " AND tgparentid = 0" : ""),
             [&reader](const CatalogRow& row) {
               add_part(reader, "trigger", kTrigger, row.oid(0), row.oid(2), row.text(1),
                        fmt::format("{}{}", normal_expression(row.view(3)), firing(row.view(4))));
             });
  ask_for_states_in_partitions(reader);
  reader.ask(
      "pg_rewrite",
      "SELECT oid, rulename, ev_class, pg_catalog.pg_get_ruledef(oid), ev_enabled FROM pg_catalog.pg_rewrite "
      "WHERE rulename <> '_RETURN'",
      [&reader](const CatalogRow& row) {
        add_part(reader, "rule", kRule, row.oid(0), row.oid(2), row.text(1),
                 fmt::format("{}{}", normal_expression(row.view(3)), firing(row.view(4))));
      });
  ask_for_policies(reader);
  reader.ask(
      "pg_statistic_ext",
      fmt::format("SELECT oid, stxname, stxnamespace, stxowner, pg_catalog.pg_get_statisticsobjdef(oid), "
                  "stxrelid, {} FROM pg_catalog.pg_statistic_ext",
                  reader.server_version() >= 130000 ? "stxstattarget" : "-1"),
      [&reader](const CatalogRow& row) {
        const auto found = reader.relations.find(row.oid(5));
        if (found == reader.relations.end() || !found->second.emitted) return;
        const std::string identity = reader.in_namespace(row.oid(2), row.view(1));
        const std::string namespace_name = reader.namespace_of(row.oid(2));
        std::string definition = row.text(4);
        if (!row.null(6) && row.integer(6) >= 0) definition += fmt::format(" STATISTICS {}", row.view(6));
        reader.add(
            {"statistics", namespace_name, row.text(1), identity, definition, "", found->second.part_of()},
            kStatistics, row.oid(0));
        reader.add_owner("statistics", identity, namespace_name, row.view(1), row.oid(3));
      });
  reader.ask(
      "pg_event_trigger",
      "SELECT e.oid, e.evtname, e.evtevent, e.evtowner, e.evtenabled, e.evttags, p.proname, p.pronamespace "
      "FROM pg_catalog.pg_event_trigger e JOIN pg_catalog.pg_proc p ON p.oid = e.evtfoid",
      [&reader](const CatalogRow& row) {
        if (reader.is_member(kEventTrigger, row.oid(0))) return;
        const std::string identity = quoted(row.view(1));
        std::string definition = fmt::format("ON {}", row.view(2));
        if (!row.null(5)) definition += fmt::format(" WHEN TAG IN ({})", sorted_options(row.view(5)));
        definition += fmt::format(" EXECUTE FUNCTION {}(){}", reader.in_namespace(row.oid(7), row.view(6)),
                                  firing(row.view(4)));
        reader.add({"event trigger", std::nullopt, row.text(1), identity, definition, ""}, kEventTrigger,
                   row.oid(0));
        reader.add_owner("event trigger", identity, std::nullopt, row.view(1), row.oid(3));
      });
}

}  // namespace exitgate::collect::schema
