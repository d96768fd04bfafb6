// Definitions that read otherwise and become the same after one dump and restore, and those that do not.
#include "harness/collect/schema/restored.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "harness/base/process.h"
#include "harness/collect/schema/compare.h"
#include "harness/collect/schema/restorations.h"
#include "harness/database/cluster.h"
#include "harness/database/provision.h"

namespace exitgate::collect::schema {
namespace {

class RestoredDefinitions : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto administrator = cluster_.connect("postgres", "postgres", false);
    administrator->query(fmt::format("CREATE DATABASE {}", database::kDatabaseName));
    administrator->query("CREATE DATABASE live");
  }
  void change(const char* name, const std::string& sql) {
    cluster_.connect(name, "postgres", false)->query(sql);
  }
  Snapshot snapshot(const char* name) { return take_snapshot(*cluster_.connect(name, "postgres", true)); }
  // The live database becomes the migrated one, dumped and restored.
  void restore_live() {
    const std::string where = fmt::format("-h {} -U postgres", cluster_.socket_folder().string());
    const ProcessResult done = run(
        {.arguments = {"/bin/sh", "-c",
                       fmt::format("{0}/pg_dump {1} --schema-only {2} | psql -q -v ON_ERROR_STOP=1 {1} live",
                                   programs_.folder.string(), where, database::kDatabaseName)}});
    ASSERT_TRUE(done.ok()) << done.error;
  }
  // The objects that read otherwise, each with whether they are the same once restored.
  std::string told() {
    const Snapshot migrated = snapshot(database::kDatabaseName);
    const Snapshot live = snapshot("live");
    const auto restored = restore_differences(cluster_, {"migrated", migrated}, {"live", live});
    std::string text;
    for (const auto& one : compare(migrated.objects, live.objects).differences) {
      std::optional<std::string> first;
      std::optional<std::string> second;
      std::string problem;
      for (const auto& form : restored) {
        if (form.kind != one.kind || form.identity != one.identity) continue;
        (form.snapshot == "migrated" ? first : second) = form.definition;
        problem += form.problem;
      }
      const bool same =
          (first && (*first == one.after || first == second)) || (second && *second == one.before);
      text += fmt::format("{} {} {}\n", same ? "same" : "other", one.kind, one.identity);
      if (!same) text += problem;
    }
    return text;
  }

  const database::ServerPrograms programs_ = database::find_server_programs();
  database::Cluster cluster_{programs_};
};

// In an AND of an AND, the inner one is written in parentheses; read again, they are one.
constexpr const char* kExpressions = R"sql(
CREATE TABLE public.room (id int PRIMARY KEY, floor int, beds int, kind varchar(9), at date,
  "user" int DEFAULT (CASE WHEN (1 BETWEEN 0 AND 9 AND 2 > 0) THEN 1 ELSE 2 END),
  calm boolean GENERATED ALWAYS AS (floor BETWEEN 0 AND 9 AND beds > 0) STORED,
  CONSTRAINT sane CHECK (floor BETWEEN 0 AND 9 AND beds > 0),
  CONSTRAINT "apart" EXCLUDE USING btree (id WITH =) WHERE (floor BETWEEN 0 AND 9 AND beds > 0));
CREATE INDEX room_low ON public.room (floor) WHERE floor BETWEEN 0 AND 9 AND beds > 0;
CREATE INDEX room_calm ON public.room ((floor BETWEEN 0 AND 9 AND beds > 0)) WITH (fillfactor = 50);
CREATE VIEW public.calm AS SELECT id FROM public.room WHERE floor BETWEEN 0 AND 9 AND beds > 0;
CREATE MATERIALIZED VIEW public.kept AS SELECT id FROM public.room WHERE floor BETWEEN 0 AND 9 AND beds > 0;
ALTER TABLE public.room ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON public.room FOR UPDATE USING (floor BETWEEN 0 AND 9 AND beds > 0)
  WITH CHECK (floor BETWEEN 0 AND 8 AND beds > 0);
CREATE FUNCTION public.t() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER "order" BEFORE UPDATE ON public.room FOR EACH ROW
  WHEN (NEW.floor BETWEEN 0 AND 9 AND NEW.beds > 0) EXECUTE FUNCTION public.t();
ALTER TABLE public.room DISABLE TRIGGER "order";
CREATE RULE quiet AS ON DELETE TO public.room WHERE OLD.floor BETWEEN 0 AND 9 AND OLD.beds > 0 DO INSTEAD NOTHING;
CREATE DOMAIN public.level AS int DEFAULT (CASE WHEN (1 BETWEEN 0 AND 9 AND 2 > 0) THEN 1 ELSE 2 END)
  CONSTRAINT low CHECK (VALUE BETWEEN 0 AND 9 AND VALUE <> 4);
CREATE FUNCTION public.calm(f int) RETURNS boolean LANGUAGE sql BEGIN ATOMIC SELECT f BETWEEN 0 AND 9 AND f > 0; END;
CREATE STATISTICS public.stats ON (floor BETWEEN 0 AND 9 AND beds > 0), beds FROM public.room;
CREATE TABLE public.dealt (a int, b int) PARTITION BY LIST ((a BETWEEN 0 AND 9 AND b > 0));
CREATE PUBLICATION changes FOR TABLE public.room WHERE (id BETWEEN 0 AND 9 AND id > 0);
)sql";

TEST_F(RestoredDefinitions, OfEveryKindAreTheSame) {
  change(database::kDatabaseName, kExpressions);
  restore_live();
  EXPECT_EQ(told(),
            "same column public.room.calm\n"
            "same column public.room.user\n"
            "same constraint public.level.low\n"
            "same constraint public.room.apart\n"
            "same constraint public.room.sane\n"
            "same domain public.level\n"
            "same function public.calm(f integer)\n"
            "same index public.room_calm\n"
            "same index public.room_low\n"
            "same materialized view public.kept\n"
            "same policy public.room.own\n"
            "same publication changes\n"
            "same rule public.room.quiet\n"
            "same table public.dealt\n"
            "same trigger public.room.order\n"
            "same view public.calm\n");
  // Nothing is left in the migrated database.
  const Snapshot before = snapshot(database::kDatabaseName);
  told();
  EXPECT_EQ(snapshot(database::kDatabaseName).fingerprint, before.fingerprint);
}

TEST_F(RestoredDefinitions, ThatMeanSomethingElseAreNot) {
  change(database::kDatabaseName, kExpressions);
  restore_live();
  change("live", R"sql(
ALTER TABLE public.room DROP CONSTRAINT sane, ADD CONSTRAINT sane CHECK (floor >= 0 AND floor <= 9 AND beds >= 0);
DROP INDEX public.room_low;
CREATE INDEX room_low ON public.room (floor) WHERE floor >= 0 AND floor <= 9 AND beds > 1;
CREATE OR REPLACE VIEW public.calm AS SELECT id FROM public.room WHERE floor >= 0 AND floor <= 9 AND beds > 1;
ALTER POLICY own ON public.room USING (floor >= 0 AND floor <= 9 AND beds > 1);
ALTER TABLE public.room ENABLE TRIGGER "order";
CREATE OR REPLACE FUNCTION public.calm(f int) RETURNS boolean LANGUAGE sql
  BEGIN ATOMIC SELECT f >= 0 AND f <= 9 AND f > 1; END;
ALTER TABLE public.room ALTER "user" SET DEFAULT 3;
)sql");
  const std::string found = told();
  for (const char* const one :
       {"constraint public.room.sane", "index public.room_low", "view public.calm", "policy public.room.own",
        "trigger public.room.order", "function public.calm(f integer)", "column public.room.user"}) {
    EXPECT_NE(found.find(fmt::format("other {}\n", one)), std::string::npos) << one << "\n" << found;
  }
  EXPECT_NE(found.find("same rule public.room.quiet\n"), std::string::npos) << found;
}

// A definition that names what the migrated schema does not have cannot be restored, and differs.
TEST_F(RestoredDefinitions, OfWhatIsMissingAreNot) {
  change(database::kDatabaseName,
         "CREATE TABLE public.a (x int); CREATE VIEW public.v AS SELECT x FROM public.a");
  change("live", "CREATE TABLE public.a (x int, y int); CREATE VIEW public.v AS SELECT y AS x FROM public.a");
  const std::string found = told();
  EXPECT_NE(found.find("other view public.v\n"), std::string::npos) << found;
  EXPECT_NE(found.find("column a.y does not exist"), std::string::npos) << found;
}

TEST(AlwaysQuoted, EveryPart) {
  EXPECT_EQ(always_quoted("public.order"), R"("public"."order")");
  EXPECT_EQ(always_quoted(R"("Back Office"."Odd ""Table""")"), R"("Back Office"."Odd ""Table""")");
  EXPECT_EQ(always_quoted(R"(a."b.c")"), R"("a"."b.c")");
}

}  // namespace
}  // namespace exitgate::collect::schema
