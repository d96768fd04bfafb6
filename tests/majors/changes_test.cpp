// Each single change is named, on each major version: those of all versions, and those of what came with one.
#include <fmt/core.h>
#include <gmock/gmock.h>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/collect/schema/snapshot.h"
#include "tests/majors/each_major.h"
#include "tests/majors/version_cases.h"
#include "tests/schema/base_schema.h"
#include "tests/schema/change_cases.h"

namespace exitgate::testing_majors {
namespace {

using collect::schema::compare;
using collect::schema::read_snapshot;
using collect::schema::Snapshot;
using collect::schema::take_snapshot;
using ::testing::UnorderedElementsAreArray;

class Changes : public EachMajor {
 protected:
  void SetUp() override {
    EachMajor::SetUp();
    if (IsSkipped()) return;
    cluster_.emplace(programs());
    connection_ = cluster_->connect("postgres", "postgres", false);
    connection_->query(collect::schema::kBaseRoles);
    connection_->query(collect::schema::kBaseSchema);
    connection_->query("SET search_path = ''");
  }
  Snapshot now() const {
    connection_->query("SET LOCAL search_path = ''");
    return read_snapshot(*connection_);
  }

  std::optional<database::Cluster> cluster_;
  std::unique_ptr<database::Connection> connection_;
};

TEST_P(Changes, OfAllVersionsAreNamed) {
  const Snapshot before = take_snapshot(*connection_);
  for (const auto& [sql, expected, since, until] : collect::schema::kChangeCases) {
    if (major() < since || major() > until) continue;
    SCOPED_TRACE(sql);
    connection_->query("BEGIN");
    try {
      connection_->query(sql);
      const Snapshot after = now();
      EXPECT_THAT(words_of(compare(before.objects, after.objects).differences),
                  UnorderedElementsAreArray(list_of(expected)));
      EXPECT_EQ(after.fingerprint != before.fingerprint, *expected != '\0');
    } catch (const Undecided& problem) {
      ADD_FAILURE() << problem.what();
    }
    connection_->query("ROLLBACK");
  }
  EXPECT_EQ(take_snapshot(*connection_).fingerprint, before.fingerprint);
}

TEST_P(Changes, OfWhatCameWithAVersionAreNamed) {
  for (const auto& [setup, sql, expected, since, until] : kVersionCases) {
    if (major() < since || major() > until) continue;
    SCOPED_TRACE(sql);
    connection_->query("BEGIN");
    try {
      connection_->query("SET LOCAL search_path = public");
      connection_->query(setup);
      const Snapshot before = now();
      connection_->query("SET LOCAL search_path = public");
      connection_->query(sql);
      EXPECT_THAT(words_of(compare(before.objects, now().objects).differences),
                  UnorderedElementsAreArray(list_of(expected)));
    } catch (const Undecided& problem) {
      ADD_FAILURE() << problem.what();
    }
    connection_->query("ROLLBACK");
  }
}

INSTANTIATE_TEST_SUITE_P(On, Changes, ::testing::ValuesIn(kMajors), name_of_major);

}  // namespace
}  // namespace exitgate::testing_majors
