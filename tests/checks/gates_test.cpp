// The gate files that come with the program.

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/file.h"
#include "harness/check/check.h"
#include "harness/check/database_parts.h"
#include "harness/collect/ci/write.h"
#include "harness/facts/store.h"
#include "harness/facts/tables.h"
#include "harness/gate/suite.h"
#include "harness/json/json.h"

namespace exitgate {
namespace {

const gate::Suite& shipped() {
  static const gate::Suite suite = gate::load_suite({EXITGATE_GATES_FOLDER}, {});
  return suite;
}

TEST(ShippedGates, HaveNoMistake) {
  for (const auto& mistake : shipped().mistakes) ADD_FAILURE() << mistake.message << "\n  > " << mistake.hint;
  EXPECT_EQ(shipped().exit_gates.size(), 7U);
}

TEST(ShippedGates, UseEveryCheckButThoseForGatesOfOnesOwn) {
  std::set<std::string> used = {"sql", "text", "syntax", "files", "document", "command", "database", "tests"};
  for (const auto& gate : shipped().gates) used.insert(gate.check);
  for (const auto* check : check::registered_checks()) EXPECT_TRUE(used.contains(check->name)) << check->name;
}

// Every entry means a gate, every parameter is one, and what a profile leaves out is known.
TEST(ShippedProfiles, HaveNoMistakeAndSayWhatTheyLeaveOut) {
  const auto folder = std::filesystem::path(EXITGATE_GATES_FOLDER) / "profiles";
  EXPECT_EQ(gate::profile_names(folder),
            (std::vector<std::string>{"database", "evidence", "minimal", "strict"}));
  for (const auto& name : gate::profile_names(folder)) {
    const auto profile = gate::read_profile(folder / (name + ".yaml"));
    const auto suite = gate::load_suite({EXITGATE_GATES_FOLDER}, {}, {}, &profile);
    for (const auto& mistake : suite.mistakes) ADD_FAILURE() << mistake.message << "\n  > " << mistake.hint;
    EXPECT_EQ(suite.gates.size() + suite.left_out.size(), shipped().gates.size()) << name;
    EXPECT_EQ(suite.left_out.empty(), name == "strict") << name;
    EXPECT_EQ(suite.profile, name);
    const auto secrets = std::find_if(suite.gates.begin(), suite.gates.end(), [](const verdict::Gate& gate) {
      return gate.name == "EG-CG4.no-secrets";
    });
    EXPECT_NE(secrets, suite.gates.end()) << name;  // whatever is asked, no archive may hold one
  }
}

// `ctest -L static` must not start a database.
TEST(ShippedGates, AreLabelledStaticWhenTheyNeedNoDatabase) {
  for (const auto& gate : shipped().gates) {
    const auto* check = check::find_check(gate.check);
    ASSERT_NE(check, nullptr) << gate.check;
    const auto domains = verdict::domains_of(gate, *check);
    const bool database = std::any_of(domains.begin(), domains.end(), check::is_of_database_stage);
    const bool labelled = std::find(gate.labels.begin(), gate.labels.end(), "static") != gate.labels.end();
    EXPECT_NE(database, labelled) << gate.name;
  }
}

// The counterexample must not lean on what a repository happens to hold: it turns the gate red on no facts at all.
TEST(ShippedGates, HaveCounterexamplesThatHoldOnEmptyFacts) {
  const TemporaryDirectory folder("gates");
  for (const auto& declared : facts::declarations()) {
    facts::Store store(folder.path(), declared.domain);
    if (declared.domain == "ci") collect::ci::write_providers(store);
    store.close();
  }
  for (const auto& gate : shipped().gates) {
    // Without a declaration in exitgate.yaml these skip, whatever the facts are.
    if (gate.check == "evidence-documents" || gate.check == "test-logs" || gate.check == "tests-required")
      continue;
    // One commit, turned into none.
    if (gate.check == "commit-resolved" || gate.check == "branch-named") continue;
    const auto* check = check::find_check(gate.check);
    ASSERT_NE(check, nullptr);
    std::int64_t changed = 0;
    const facts::Facts facts =
        facts::Facts(folder.path(), check->domains).changed_by(gate.counterexample, changed);
    const check::Parameters with(check->parameters, Json::parse(gate.with));
    check::Report report;
    check->run(facts, with, report);
    EXPECT_GT(changed, 0) << gate.name;
    EXPECT_FALSE(report.findings().empty()) << gate.name;
  }
}

// Written by scripts/new-check, to be replaced.
bool is_skeleton(std::string_view text) {
  return text.find("TODO") != std::string_view::npos;
}

TEST(ShippedChecks, SayWhatTheyHoldAndWhy) {
  for (const auto* check : check::registered_checks()) {
    EXPECT_FALSE(check->title.empty()) << check->name;
    EXPECT_TRUE(check->why.ends_with('.')) << check->name;
    EXPECT_FALSE(is_skeleton(check->title) || is_skeleton(check->why)) << check->name;
    for (const auto& parameter : check->parameters) EXPECT_FALSE(parameter.meaning.empty()) << check->name;
  }
}

TEST(ShippedGates, SayWhatTheyHold) {
  for (const auto& gate : shipped().gates) EXPECT_FALSE(is_skeleton(gate.title)) << gate.name;
  for (const auto& exit_gate : shipped().exit_gates)
    EXPECT_FALSE(is_skeleton(exit_gate.title)) << exit_gate.name;
}

}  // namespace
}  // namespace exitgate
