// Pairs as PostgreSQL 18 and 13 say them of one definition.
#include "harness/schema/sql_syntax.h"

#include <gtest/gtest.h>

namespace exitgate::schema {
namespace {

TEST(SqlSyntax, AsTheCallsThatEarlierServersWrite) {
  const std::pair<const char*, const char*> cases[] = {
      {"timestamp with time zone DEFAULT (now() AT TIME ZONE 'UTC'::text)",
       "timestamp with time zone DEFAULT timezone('UTC'::text, now())"},
      {"CREATE INDEX i ON public.t USING btree (EXTRACT(year FROM (at AT TIME ZONE 'UTC'::text)))",
       "CREATE INDEX i ON public.t USING btree (date_part('year'::text, timezone('UTC'::text, at)))"},
      {"SELECT POSITION(('x'::text) IN (t.note)) AS place",
       "SELECT \"position\"(t.note, 'x'::text) AS place"},
      {"SUBSTRING(t.note FROM 2 FOR 3), SUBSTRING(t.note FROM 'a.b'::text)",
       "\"substring\"(t.note, 2, 3), \"substring\"(t.note, 'a.b'::text)"},
      {"TRIM(BOTH 'x'::text FROM t.note), TRIM(LEADING FROM note), TRIM(TRAILING 'y'::text FROM lower(note))",
       "btrim(t.note, 'x'::text), ltrim(note), rtrim(lower(note), 'y'::text)"},
      {"OVERLAY(t.note PLACING 'y'::text FROM 2 FOR 1), OVERLAY(a PLACING b FROM 3)",
       "\"overlay\"(t.note, 'y'::text, 2, 1), \"overlay\"(a, b, 3)"},
      {"CHECK ((EXTRACT(dow FROM (a AT TIME ZONE (b || '('::text))) < (6)::numeric))",
       "CHECK ((date_part('dow'::text, timezone((b || '('::text), a)) < (6)::numeric))"},
      // As they are.
      {"CHECK ((a = ' AT TIME ZONE '::text) AND (\"x (\" = 1))",
       "CHECK ((a = ' AT TIME ZONE '::text) AND (\"x (\" = 1))"},
      {"my_extract(a FROM b), position(a), (a, b", "my_extract(a FROM b), position(a), (a, b"},
  };
  for (const auto& [later, earlier] : cases) EXPECT_EQ(with_calls(later), earlier);
}

}  // namespace
}  // namespace exitgate::schema
