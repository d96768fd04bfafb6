// The catalogs' own counts of what a snapshot lists: one query that shares nothing with those that read the objects.
#include "harness/collect/schema/snapshot.h"

namespace exitgate::collect::schema {

std::vector<Count> read_counts(database::Connection& connection) {
  constexpr const char* kQuery =
      "SELECT CASE c.relkind WHEN 'S' THEN '' WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' "
      "WHEN 'f' THEN 'foreign table' ELSE 'table' END AS kind, count(*) FROM pg_catalog.pg_class c "
      "WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND c.relnamespace NOT IN (SELECT oid FROM "
      "pg_catalog.pg_namespace WHERE left(nspname, 3) = 'pg_' OR nspname = 'information_schema') "
      "AND c.oid NOT IN (SELECT d.objid FROM pg_catalog.pg_depend d WHERE d.refclassid = "
      "'pg_catalog.pg_extension'::pg_catalog.regclass AND d.classid = "
      "'pg_catalog.pg_class'::pg_catalog.regclass "
      "AND d.deptype = 'e') GROUP BY 1 ORDER BY 1";
  std::vector<Count> counts;
  const auto rows = connection.query_single(kQuery);
  for (int row = 0; row < rows.rows(); ++row) {
    counts.push_back(
        {std::string(rows.text(row, 0)), std::stoull(std::string(rows.text(row, 1))), "pg_class"});
  }
  return counts;
}

}  // namespace exitgate::collect::schema
