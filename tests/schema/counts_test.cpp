// The catalog's own counts agree with what a snapshot lists, also where schemas are odd.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "harness/collect/schema/snapshot.h"
#include "harness/database/cluster.h"
#include "tests/schema/base_schema.h"

namespace exitgate::collect::schema {
namespace {

class Counts : public ::testing::Test {
 protected:
  Counts()
      : cluster_(database::find_server_programs()),
        administrator_(cluster_.connect("postgres", "postgres", false)) {}

  void agree() {
    const auto snapshot = take_snapshot(*administrator_);
    EXPECT_FALSE(snapshot.counts.empty());
    for (const auto& count : snapshot.counts) {
      const auto listed = count.kind.empty()
                              ? snapshot.sequences.size()
                              : static_cast<std::size_t>(std::count_if(
                                    snapshot.objects.begin(), snapshot.objects.end(),
                                    [&](const Object& object) { return object.kind == count.kind; }));
      EXPECT_EQ(listed, count.rows) << (count.kind.empty() ? "sequence" : count.kind);
    }
  }

  database::Cluster cluster_;
  std::unique_ptr<database::Connection> administrator_;
};

TEST_F(Counts, OfASchemaWithAnObjectOfEveryKind) {
  administrator_->query(kBaseRoles);
  administrator_->query(kBaseSchema);
  agree();
}

TEST_F(Counts, OfWhatExtensionsAndSessionsBring) {
  administrator_->query(R"sql(
    CREATE TABLE public.one (id serial, n int GENERATED ALWAYS AS IDENTITY);
    CREATE TABLE public.parted (day date) PARTITION BY RANGE (day);
    CREATE TABLE public.part PARTITION OF public.parted DEFAULT;
    CREATE UNLOGGED TABLE public.unlogged (id int);
    CREATE TEMPORARY TABLE gone (id serial);
    CREATE VIEW public.seen AS SELECT 1 AS one;
    CREATE MATERIALIZED VIEW public.kept AS SELECT 1 AS one;
    CREATE EXTENSION citext SCHEMA public;
    CREATE TABLE public.of_extension (id serial);
    ALTER EXTENSION citext ADD TABLE public.of_extension;
    CREATE SEQUENCE public.sequence_of_extension;
    ALTER EXTENSION citext ADD SEQUENCE public.sequence_of_extension;
    CREATE SCHEMA "pg-like";
    CREATE TABLE "pg-like".two (id int);
  )sql");
  agree();
}

}  // namespace
}  // namespace exitgate::collect::schema
