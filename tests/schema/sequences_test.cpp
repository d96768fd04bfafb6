#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/collect/schema/collect.h"
#include "harness/collect/schema/snapshot.h"
#include "harness/database/cluster.h"
#include "harness/facts/facts.h"

namespace exitgate::collect::schema {
namespace {

using ::testing::ElementsAre;

std::string number_or(const std::optional<std::int64_t>& number, const std::string& otherwise) {
  return number ? std::to_string(*number) : otherwise;
}

// "public.s integer 1+1 1..10 at 5; public.t.id integer to 2147483647"
std::vector<std::string> told(const std::vector<Sequence>& sequences) {
  std::vector<std::string> lines;
  for (const auto& one : sequences) {
    std::string line =
        fmt::format("{} {} {}{:+} {}..{}{} {}", one.identity, one.type, one.start, one.increment, one.minimum,
                    one.maximum, one.cycles ? " cycle" : "",
                    one.problem.empty() ? "at " + number_or(one.last_value, "no number yet") : one.problem);
    for (const auto& use : one.uses) {
      line += fmt::format("; {}.{} {} {}..{}", use.relation, use.column, use.type, number_or(use.minimum, ""),
                          number_or(use.maximum, ""));
    }
    lines.push_back(std::move(line));
  }
  return lines;
}

class Sequences : public ::testing::Test {
 protected:
  Sequences()
      : cluster_(database::find_server_programs()),
        administrator_(cluster_.connect("postgres", "postgres", false)) {}
  std::vector<std::string> read(const char* user = "postgres") const {
    return told(take_snapshot(*cluster_.connect("postgres", user, true)).sequences);
  }
  database::Cluster cluster_;
  std::unique_ptr<database::Connection> administrator_;
};

TEST_F(Sequences, OfEachKindWithTheirColumns) {
  administrator_->query(R"sql(
    CREATE TABLE public.serials (id serial, small smallserial, big bigserial);
    INSERT INTO public.serials DEFAULT VALUES;
    INSERT INTO public.serials DEFAULT VALUES;
    CREATE TABLE public.identities ("Id" integer GENERATED ALWAYS AS IDENTITY (START 10), text text);
    CREATE SEQUENCE public.shared CYCLE MAXVALUE 99;
    SELECT setval('public.shared', 42);
    CREATE DOMAIN public.number AS integer;
    CREATE DOMAIN public.order_number AS public.number;
    CREATE TABLE public.one (n bigint DEFAULT nextval('public.shared'));
    CREATE TABLE public.two (n public.order_number DEFAULT nextval('public.shared') + 1,
                             t text DEFAULT 'A' || nextval('public.shared'));
    CREATE SEQUENCE public.down INCREMENT -2;
    CREATE SEQUENCE public."owned by two" OWNED BY public.two.t;
    CREATE EXTENSION citext SCHEMA public;
    CREATE SEQUENCE public.of_extension;
    ALTER EXTENSION citext ADD SEQUENCE public.of_extension;
    CREATE TEMPORARY SEQUENCE gone;
  )sql");
  EXPECT_THAT(
      read(),
      ElementsAre(
          "public.\"identities_Id_seq\" integer 10+1 1..2147483647 at no number yet; "
          "public.identities.\"Id\" integer "
          "-2147483648..2147483647",
          "public.\"owned by two\" bigint 1+1 1..9223372036854775807 at no number yet; public.two.t text ..",
          "public.down bigint -1-2 -9223372036854775808..-1 at no number yet",
          "public.serials_big_seq bigint 1+1 1..9223372036854775807 at 2; public.serials.big bigint "
          "-9223372036854775808..9223372036854775807",
          "public.serials_id_seq integer 1+1 1..2147483647 at 2; public.serials.id integer "
          "-2147483648..2147483647",
          "public.serials_small_seq smallint 1+1 1..32767 at 2; public.serials.small smallint -32768..32767",
          "public.shared bigint 1+1 1..99 cycle at 42; public.one.n bigint "
          "-9223372036854775808..9223372036854775807; public.two.n integer -2147483648..2147483647; "
          "public.two.t text "
          ".."));
}

TEST_F(Sequences, ThatTheRoleMayNotReadSayWhy) {
  administrator_->query(
      "CREATE ROLE app LOGIN; CREATE SEQUENCE public.hidden; CREATE SEQUENCE public.shown;"
      "SELECT nextval('public.hidden'), nextval('public.shown'); GRANT USAGE ON SEQUENCE public.shown TO "
      "app");
  EXPECT_THAT(read("app"),
              ElementsAre("public.hidden bigint 1+1 1..9223372036854775807 the role of this connection has "
                          "neither SELECT nor USAGE on it",
                          "public.shown bigint 1+1 1..9223372036854775807 at 1"));
}

// More than a server would lock in one transaction.
TEST_F(Sequences, InAnyNumber) {
  administrator_->query(
      "DO $$ BEGIN FOR n IN 1..1201 LOOP EXECUTE format('CREATE SEQUENCE public.s%s', n); "
      "PERFORM setval(format('public.s%s', n), n); END LOOP; END $$");
  const auto sequences = take_snapshot(*cluster_.connect("postgres", "postgres", true)).sequences;
  ASSERT_EQ(sequences.size(), 1201U);
  for (const auto& one : sequences) {
    EXPECT_EQ("public.s" + number_or(one.last_value, one.problem), one.identity);
  }
}

TEST_F(Sequences, AreFactsAndNoPartOfTheFingerprint) {
  administrator_->query("CREATE TABLE public.orders (id serial PRIMARY KEY)");
  const TemporaryDirectory out;
  std::string fingerprint;
  for (const char* const expected : {"NULL", "3"}) {
    collect::collect_live(cluster_.url("postgres", "postgres"), "live", out.path());
    const facts::Facts facts(out.path(), {"schema"});
    const auto row = facts.text(
        "SELECT s.snapshot || ' ' || s.identity || ' ' || coalesce(s.last_value, 'NULL') || ' ' || "
        "u.relation || "
        "'.' || u.column_name || ' ' || u.maximum FROM schema.sequence s JOIN schema.sequence_use u "
        "ON u.sequence = s.identity");
    EXPECT_EQ(row, fmt::format("live public.orders_id_seq {} public.orders.id 2147483647", expected));
    const auto found = facts.text("SELECT fingerprint FROM schema.snapshot");
    EXPECT_EQ(found, fingerprint.empty() ? found : fingerprint);
    fingerprint = found.value_or("");
    administrator_->query("SELECT setval('public.orders_id_seq', 3)");
  }
}

}  // namespace
}  // namespace exitgate::collect::schema
