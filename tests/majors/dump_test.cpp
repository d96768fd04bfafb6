// All that pg_dump knows, as single changes one after the other: each is named once, as what it is.
#include <fmt/core.h>
#include <gmock/gmock.h>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/collect/schema/snapshot.h"
#include "tests/majors/dump_cases.h"
#include "tests/majors/each_major.h"

namespace exitgate::testing_majors {
namespace {

using collect::schema::compare;
using collect::schema::Snapshot;
using collect::schema::take_snapshot;
using ::testing::UnorderedElementsAreArray;

class DumpedKinds : public EachMajor {};

TEST_P(DumpedKinds, AreNamedOnce) {
  const database::Cluster cluster(programs());
  const auto connection = cluster.connect("postgres", "postgres", false);
  connection->query("CREATE ROLE app_owner; CREATE ROLE app_reader; CREATE ROLE postgres2 SUPERUSER");
  Snapshot before = take_snapshot(*connection);
  for (const auto& [change, expected, since] : kDumpCases) {
    if (major() < since) continue;
    SCOPED_TRACE(change);
    try {
      connection->query("SET client_min_messages = error");
      connection->query(change);
    } catch (const Undecided& problem) {
      ADD_FAILURE() << problem.what();
      continue;
    }
    Snapshot after = take_snapshot(*connection);
    EXPECT_THAT(words_of(compare(before.objects, after.objects).differences),
                UnorderedElementsAreArray(list_of(expected)));
    before = std::move(after);
  }
}

INSTANTIATE_TEST_SUITE_P(On, DumpedKinds, ::testing::ValuesIn(kMajors), name_of_major);

}  // namespace
}  // namespace exitgate::testing_majors
