#include "harness/collect/schema/snapshot.h"

#include <gtest/gtest.h>

#include "harness/database/cluster.h"

namespace exitgate::schema {
namespace {

TEST(Snapshot, OfAnEmptyDatabaseIsThePublicSchema) {
  const database::Cluster cluster(database::find_server_programs());
  const auto connection = cluster.connect("postgres", "postgres", true);
  const Snapshot snapshot = take_snapshot(*connection);
  std::string listed;
  for (const auto& object : snapshot.objects) {
    listed += object.kind + " " + object.identity + " = " + object.definition + "\n";
  }
  EXPECT_EQ(listed,
            "extension plpgsql = CREATE EXTENSION plpgsql SCHEMA pg_catalog\n"
            "owner schema public = pg_database_owner\n"
            "schema public = CREATE SCHEMA public\n");
}

}  // namespace
}  // namespace exitgate::schema
