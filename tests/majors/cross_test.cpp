// One schema on two servers of different major versions: what the versions themselves make different is no drift, and what
// was changed is found.
#include <fmt/core.h>
#include <gmock/gmock.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/base/thread_group.h"
#include "harness/check/schema_differences.h"
#include "harness/collect/schema/restored.h"
#include "harness/collect/schema/write.h"
#include "harness/facts/facts.h"
#include "tests/majors/cross_schema.h"
#include "tests/majors/each_major.h"

namespace exitgate::testing_majors {
namespace {

using collect::schema::Reading;
using ::testing::ElementsAre;
using ::testing::ElementsAreArray;

// A server of each version that there is, with the same schema in its database.
class Across : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    servers_ = new std::map<int, std::unique_ptr<database::Cluster>>;
    std::vector<database::ServerPrograms> all;
    for (const int major : kMajors) {
      if (auto programs = programs_of(major)) all.push_back(std::move(*programs));
    }
    for (const auto& programs : all) {
      auto& cluster = (*servers_)[programs.major] = std::make_unique<database::Cluster>(programs);
      const auto server = cluster->connect("postgres", "postgres", false);
      server->query("CREATE ROLE app_owner LOGIN; CREATE ROLE app_reader");
      server->query("CREATE DATABASE exitgate OWNER app_owner");
      cluster->connect("exitgate", "postgres", false)->query(kCrossSchema);
    }
  }
  static void TearDownTestSuite() { delete servers_; }
  void SetUp() override {
    if (servers_->size() < 2) {
      GTEST_SKIP()
          << "servers of two major versions are not there, so it is not tried: scripts/fetch-postgres "
             "gets them, EXITGATE_MAJORS names their folder";
    }
  }

  static Reading read(int major, const std::string& name) {
    Reading reading{.name = name};
    const auto connection = servers_->at(major)->connect("exitgate", "postgres", true);
    reading.snapshot = collect::schema::take_snapshot(*connection);
    reading.roles = database::read_roles(*connection);
    return reading;
  }
  // As the gate compares the migrated database of one version with a live one of another.
  static std::vector<std::string> differences(int migrated_major, int live_major) {
    const TemporaryDirectory out;
    Reading migrated = read(migrated_major, "migrated");
    Reading live = read(live_major, "live");
    const auto restored = collect::schema::restore_differences(
        *servers_->at(migrated_major), {"migrated", *migrated.snapshot}, {"live", *live.snapshot});
    facts::Store store(out.path(), "schema");
    write_snapshot(store, std::move(migrated));
    write_snapshot(store, std::move(live));
    for (const auto& one : restored) {
      store.insert(facts::schema::Restored{.snapshot = one.snapshot,
                                           .kind = one.kind,
                                           .identity = one.identity,
                                           .definition = one.definition});
    }
    collect::schema::index_objects(store);
    store.close();
    const facts::Facts facts(out.path(), {"schema"});
    std::vector<std::string> found;
    for (const auto& one : check::compare_snapshots(facts, "migrated", "live").differences) {
      if (one.is_part) continue;
      found.push_back(fmt::format("{}: {} | {}", one.name(), one.first, one.second));
    }
    return found;
  }

  static std::map<int, std::unique_ptr<database::Cluster>>* servers_;
};
std::map<int, std::unique_ptr<database::Cluster>>* Across::servers_ = nullptr;

TEST_F(Across, TheVersionIsNoDrift) {
  for (const auto& [migrated, ignored] : *servers_) {
    for (const auto& [live, also_ignored] : *servers_) {
      if (migrated == live) continue;
      SCOPED_TRACE(fmt::format("migrated on {}, live on {}", migrated, live));
      std::vector<std::string> expected;
      // A server before 16 cannot say how a later one writes ICU's old names of locales.
      if (migrated < 16 && live >= 16) {
        expected = {
            "collation public.german_too: PROVIDER = icu, LOCALE = 'de@collation=phonebook' | PROVIDER = "
            "icu, "
            "LOCALE = 'de-u-co-phonebk'"};
      }
      EXPECT_THAT(differences(migrated, live), ElementsAreArray(expected));
    }
  }
}

TEST_F(Across, AChangeIsFound) {
  const int oldest = servers_->begin()->first;
  const int newest = servers_->rbegin()->first;
  for (const auto& [migrated, live] : {std::pair(oldest, newest), std::pair(newest, oldest)}) {
    for (const auto& [change, back, expected] : kCrossChanges) {
      SCOPED_TRACE(fmt::format("migrated on {}, live on {}: {}", migrated, live, change));
      const auto connection = servers_->at(live)->connect("exitgate", "postgres", false);
      connection->query(change);
      std::vector<std::string> named;
      for (const auto& one : differences(migrated, live)) {
        if (!one.starts_with("collation ")) named.push_back(one.substr(0, one.find(": ")));
      }
      EXPECT_THAT(named, ElementsAre(expected));
      connection->query(back);
    }
  }
}

}  // namespace
}  // namespace exitgate::testing_majors
