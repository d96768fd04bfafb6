#include "harness/database/roles.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "harness/database/cluster.h"

namespace exitgate::database {
namespace {

TEST(RolesOf, AServer) {
  const Cluster cluster(find_server_programs());
  const auto administrator = cluster.connect("postgres", Cluster::administrator(), false);
  administrator->query(
      "CREATE ROLE app LOGIN; CREATE ROLE ops NOINHERIT CREATEROLE CREATEDB; "
      "CREATE ROLE \"Big boss\" SUPERUSER BYPASSRLS REPLICATION; GRANT ops TO app WITH ADMIN OPTION; "
      "GRANT \"Big boss\" TO ops; GRANT pg_monitor TO app");
  administrator->query("CREATE DATABASE shop OWNER ops");
  // As anybody: no catalog is needed that only an administrator may read.
  const auto roles = read_roles(*cluster.connect("shop", "app", true));
  const auto words = [&](const std::string& name) {
    const auto found = std::find_if(roles.roles.begin(), roles.roles.end(),
                                    [&](const auto& role) { return role.name == name; });
    if (found == roles.roles.end()) return std::string("none");
    std::string text;
    const auto say = [&](bool is, const char* word) { text += is ? word : ""; };
    say(found->login, "login ");
    say(found->superuser, "superuser ");
    say(found->createdb, "createdb ");
    say(found->createrole, "createrole ");
    say(found->replication, "replication ");
    say(found->bypassrls, "bypassrls ");
    say(found->owns_database, "owns_database ");
    return text;
  };
  EXPECT_EQ(words("app"), "login ");
  EXPECT_EQ(words("ops"), "createdb createrole owns_database ");
  EXPECT_EQ(words("Big boss"), "superuser replication bypassrls ");
  EXPECT_EQ(words("postgres"), "login superuser createdb createrole replication bypassrls ");
  EXPECT_EQ(words("pg_monitor"), "");
  std::vector<std::string> members;
  for (const auto& one : roles.memberships) {
    if (one.member.rfind("pg_", 0) == 0) continue;
    members.push_back(one.member + " in " + one.role + (one.inherits ? " inherits" : "") +
                      (one.can_set ? " set" : "") + (one.admin ? " admin" : ""));
  }
  EXPECT_THAT(members, ::testing::ElementsAre("app in ops inherits set admin",
                                              "app in pg_monitor inherits set", "ops in Big boss set"));
}

}  // namespace
}  // namespace exitgate::database
