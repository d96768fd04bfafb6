#include "harness/rows/fill.h"

#include <gtest/gtest.h>

#include "harness/database/cluster.h"

namespace exitgate::rows {
namespace {

TEST(Fill, PutsRowsIntoATable) {
  const database::Cluster cluster(database::find_server_programs());
  const auto connection = cluster.connect("postgres", "postgres", false);
  connection->query("CREATE TABLE public.a (id serial PRIMARY KEY, name varchar(20) NOT NULL, note text)");
  const auto filled = fill(*connection);
  ASSERT_EQ(filled.size(), 1U);
  EXPECT_EQ(filled[0].relation, "public.a");
  EXPECT_EQ(filled[0].rows, 3);
}

}  // namespace
}  // namespace exitgate::rows
