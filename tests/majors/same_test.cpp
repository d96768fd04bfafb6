// Two ways to one schema are no difference, on each major version.
#include <fmt/core.h>
#include <gmock/gmock.h>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/collect/schema/snapshot.h"
#include "tests/majors/each_major.h"
#include "tests/schema/base_schema.h"
#include "tests/schema/same_cases.h"

namespace exitgate::testing_majors {
namespace {

using collect::schema::Snapshot;
using ::testing::IsEmpty;

class Same : public EachMajor {};

TEST_P(Same, WhateverMakesNoDifference) {
  const database::Cluster cluster(programs());
  const auto server = cluster.connect("postgres", "postgres", false);
  server->query(collect::schema::kBaseRoles);
  const auto snapshot_of = [&](const std::string& sql) {
    server->query("DROP DATABASE IF EXISTS made");
    server->query("CREATE DATABASE made");
    const auto connection = cluster.connect("made", "postgres", false);
    for (const auto& statements : collect::schema::transactions_of(sql)) connection->query(statements);
    return collect::schema::take_snapshot(*cluster.connect("made", "postgres", true));
  };
  for (const auto& [what, one, other] : collect::schema::kSamePairs) {
    SCOPED_TRACE(what);
    try {
      const Snapshot first = snapshot_of(one);
      const Snapshot second = snapshot_of(other);
      EXPECT_THAT(words_of(compare(first.objects, second.objects).differences), IsEmpty());
      EXPECT_EQ(first.fingerprint, second.fingerprint);
    } catch (const Undecided& problem) {
      ADD_FAILURE() << problem.what();
    }
  }
}

INSTANTIATE_TEST_SUITE_P(On, Same, ::testing::ValuesIn(kMajors), name_of_major);

}  // namespace
}  // namespace exitgate::testing_majors
