#include "harness/database/cluster.h"

#include <gtest/gtest.h>

namespace exitgate::database {
namespace {

TEST(Cluster, AnswersAndLeavesNothing) {
  std::filesystem::path folder;
  {
    const Cluster cluster(find_server_programs());
    folder = cluster.socket_folder();
    const auto connection = cluster.connect("postgres", "postgres", false);
    EXPECT_EQ(connection->query("SELECT 1 + 1").text(0, 0), "2");
    EXPECT_EQ(connection->query("SHOW listen_addresses").text(0, 0), "");
  }
  EXPECT_FALSE(std::filesystem::exists(folder));
}

}  // namespace
}  // namespace exitgate::database
