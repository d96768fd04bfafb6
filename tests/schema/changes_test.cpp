// Each change that a user would call a change: the fingerprint differs, and the comparison names the object
// that was changed and nothing else.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/collect/schema/compare.h"
#include "harness/collect/schema/snapshot.h"
#include "harness/database/cluster.h"
#include "tests/schema/base_schema.h"
#include "tests/schema/change_cases.h"

namespace exitgate::collect::schema {
namespace {

std::string summary(const std::vector<Difference>& differences) {
  std::vector<std::string> words;
  for (const auto& difference : differences) {
    words.push_back(
        fmt::format("{} {} {}", to_text(difference.change), difference.kind, difference.identity));
  }
  return join(words, "; ");
}

class Changes : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    cluster_ = new database::Cluster(database::find_server_programs());
    connection_ = cluster_->connect("postgres", "postgres", false).release();
    connection_->query(kBaseRoles);
    connection_->query(kBaseSchema);
    connection_->query("SET search_path = ''");
  }
  static void TearDownTestSuite() {
    delete connection_;
    delete cluster_;
  }
  static database::Cluster* cluster_;
  static database::Connection* connection_;
};
database::Cluster* Changes::cluster_ = nullptr;
database::Connection* Changes::connection_ = nullptr;

TEST_F(Changes, AreNamedAndNothingElseIs) {
  const Snapshot before = take_snapshot(*connection_);
  const int major = connection_->server_version() / 10'000;
  std::size_t changes = 0;
  for (const auto& [sql, expected, since, until] : kChangeCases) {
    if (major < since || major > until) continue;
    SCOPED_TRACE(sql);
    connection_->query("BEGIN");
    try {
      connection_->query(sql);
      connection_->query("SET LOCAL search_path = ''");
      const Snapshot after = read_snapshot(*connection_);
      auto wanted = split(expected, ';');
      auto found = split(summary(compare(before.objects, after.objects).differences), ';');
      for (auto* const list : {&wanted, &found}) {
        for (auto& word : *list) word = std::string(trim(word));
        std::sort(list->begin(), list->end());
      }
      EXPECT_EQ(join(found, "\n"), join(wanted, "\n"));
      EXPECT_EQ(after.fingerprint != before.fingerprint, *expected != '\0');
      changes += *expected != '\0' ? 1 : 0;
    } catch (const Undecided& problem) {
      ADD_FAILURE() << problem.what();
    }
    connection_->query("ROLLBACK");
  }
  EXPECT_GE(changes, 150U);
  EXPECT_EQ(take_snapshot(*connection_).fingerprint, before.fingerprint);
}

TEST_F(Changes, NoSecretIsInASnapshot) {
  for (const auto& object : take_snapshot(*connection_).objects) {
    EXPECT_THAT(object.definition, ::testing::Not(::testing::HasSubstr("geheim-4711"))) << object.identity;
  }
}

TEST_F(Changes, IdentitiesAreUnique) {
  const Snapshot snapshot = take_snapshot(*connection_);
  for (std::size_t at = 1; at < snapshot.objects.size(); ++at) {
    const auto& one = snapshot.objects[at - 1];
    const auto& other = snapshot.objects[at];
    EXPECT_FALSE(one.kind == other.kind && one.identity == other.identity) << one.kind << " " << one.identity;
  }
}

}  // namespace
}  // namespace exitgate::collect::schema
