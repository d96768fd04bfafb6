// Expressions that the server tells with the names of another table, as it tells them with their own.
#include "harness/collect/schema/stand_in.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "harness/collect/schema/snapshot.h"
#include "harness/database/cluster.h"

namespace exitgate::collect::schema {
namespace {

TEST(StandIn, NamesAreReplacedWhereTheyAreColumns) {
  const auto name_of = [](int number) { return fmt::format("c{}", number); };
  const std::pair<const char*, const char*> cases[] = {
      {"(seqtypid >= (0)::numeric)", "(c2 >= (0)::numeric)"},
      {"lower(stainherit)", "lower(c3)"},
      {"(seqrelid <> 'seqrelid'::text)", "(c1 <> 'seqrelid'::text)"},
      {"(seqrelid <> E'a\\'seqrelid'::text)", "(c1 <> E'a\\'seqrelid'::text)"},
      {"app.seqmin(seqmin)", "app.seqmin(c6)"},
      {"((seqmin).seqmax > 0)", "((c6).seqmax > 0)"},
      {"app.f(seqmin => seqmax)", "app.f(seqmin => c5)"},
      {"(seqmin)::app.seqmin", "(c6)::app.seqmin"},
      {"XMLELEMENT(NAME seqmin, seqmin)", "XMLELEMENT(NAME seqmin, c6)"},
      {"(\"seqmin\" > 0)", "(\"seqmin\" > 0)"},
      {"seqminimum(1)", "seqminimum(1)"},
  };
  for (const auto& [told, real] : cases) EXPECT_EQ(with_real_names(told, name_of), real);
}

// PostgreSQL's own words, with the real table, are the oracle.
TEST(StandIn, SaysWhatPostgresqlSays) {
  const database::Cluster cluster(database::find_server_programs());
  const auto connection = cluster.connect("postgres", "postgres", false);
  std::string columns;
  for (int at = 1; at <= 40; ++at) columns += fmt::format(", c{} int", at);
  connection->query(
      "CREATE TYPE public.pair AS (seqmin int, seqmax int);"
      "CREATE FUNCTION public.seqmin(seqmax int, stawidth int DEFAULT 2) RETURNS int IMMUTABLE LANGUAGE sql "
      "AS "
      "'SELECT seqmax + stawidth';"
      "CREATE TABLE public.a (id int, \"select\" int, \"Odd name\" text, p public.pair, seqrelid text, j "
      "jsonb, "
      "CONSTRAINT one CHECK (id > 0 AND \"select\" < 5 OR \"Odd name\" LIKE 'seqmin%'),"
      "CONSTRAINT two CHECK ((p).seqmin > public.seqmin(stawidth => id, seqmax => 1) AND seqrelid = "
      "'seqrelid'),"
      "CONSTRAINT three CHECK (a IS NOT NULL), CONSTRAINT four CHECK (tableoid <> 0) NO INHERIT,"
      "CONSTRAINT five CHECK (j ->> 'seqmin' <> '' AND CASE id WHEN 1 THEN true ELSE coalesce(id, 2) = ANY "
      "(ARRAY[1, \"select\"]) END));"
      "CREATE INDEX a_call ON public.a (lower(\"Odd name\")) WHERE seqrelid IS NOT NULL AND \"select\" > 1;"
      "CREATE INDEX a_own ON public.a (id, public.seqmin(id, 3) DESC, \"select\");"
      "CREATE INDEX a_mixed ON public.a ((id + 1), upper(seqrelid));"
      "CREATE INDEX a_like ON public.a (lower(seqrelid) text_pattern_ops, lower(seqrelid) COLLATE \"C\");"
      "CREATE INDEX a_sorted ON public.a (lower(seqrelid) COLLATE \"C\" DESC NULLS LAST);"
      "CREATE TABLE public.wide (id int" +
      columns +
      ", CONSTRAINT last CHECK (c40 > c1));"
      "CREATE TABLE public.middle (a int, b int, c int, d int, e int, f int, g int, h int, i int, j int,"
      "CONSTRAINT ten CHECK (j > i)); CREATE INDEX wide_last ON public.wide (id) WHERE c39 = 1;"
      "CREATE TABLE public.other (id int);"
      "ALTER TABLE public.a ENABLE ROW LEVEL SECURITY;"
      "CREATE POLICY plain ON public.a USING (\"select\" = 1) WITH CHECK (id = 2);"
      "CREATE POLICY nested ON public.a USING (EXISTS (SELECT FROM public.other o WHERE o.id = a.id))");
  const Snapshot snapshot = take_snapshot(*connection);
  const auto definition = [&](std::string_view kind, std::string_view identity) {
    for (const auto& object : snapshot.objects) {
      if (object.kind == kind && object.identity == identity) return object.definition;
    }
    return std::string("(none)");
  };
  connection->query("SET search_path = ''");
  const auto constraints = connection->query(
      "SELECT conrelid::regclass || '.' || conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE "
      "contype = 'c' "
      "AND conrelid <> 0");
  EXPECT_EQ(constraints.rows(), 7);
  for (int row = 0; row < constraints.rows(); ++row) {
    EXPECT_EQ(definition("constraint", constraints.text(row, 0)), constraints.text(row, 1));
  }
  const auto indexes = connection->query(
      "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid >= 16384 "
      "AND "
      "(indexprs IS NOT NULL OR indpred IS NOT NULL)");
  EXPECT_EQ(indexes.rows(), 6);
  for (int row = 0; row < indexes.rows(); ++row) {
    EXPECT_EQ(definition("index", indexes.text(row, 0)), indexes.text(row, 1));
  }
  EXPECT_EQ(definition("policy", "public.a.plain"),
            "AS PERMISSIVE FOR ALL TO PUBLIC USING ((\"select\" = 1)) WITH CHECK ((id = 2))");
  EXPECT_NE(definition("policy", "public.a.nested").find("(o.id = a.id)"), std::string::npos);
}

}  // namespace
}  // namespace exitgate::collect::schema
