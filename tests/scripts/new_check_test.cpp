// scripts/new-check, in a copy of the folders that it writes to. tests/scripts/CMakeLists.txt had it write the check
// brand-new there, which is linked into this program.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/check/check.h"
#include "harness/gate/suite.h"
#include "harness/json/json.h"

namespace exitgate {
namespace {

namespace fs = std::filesystem;

class NewCheck : public ::testing::Test {
 protected:
  NewCheck() { fs::copy(COPY_WITH_SKELETON, root_, fs::copy_options::recursive); }

  // The script's exit code and what it says on standard error.
  std::string run(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), (root_ / "scripts/new-check").string());
    const auto result = exitgate::run({.arguments = std::move(arguments)});
    return std::to_string(result.exit_code) + "\n" + result.error;
  }
  gate::Suite suite() const { return gate::load_suite({root_ / "gates"}, {}); }

  TemporaryDirectory folder_;
  fs::path root_ = folder_.path() / "copy";
};

const verdict::Gate* find_gate(const gate::Suite& suite, const std::string& name) {
  const auto found =
      std::find_if(suite.gates.begin(), suite.gates.end(), [&](const auto& one) { return one.name == name; });
  return found == suite.gates.end() ? nullptr : &*found;
}

TEST_F(NewCheck, WritesAGateThatItsCounterexampleTurnsRed) {
  const auto suite = this->suite();
  for (const auto& mistake : suite.mistakes) ADD_FAILURE() << mistake.message;
  const auto* gate = find_gate(suite, "EG-CG1.brand-new");
  ASSERT_NE(gate, nullptr);
  const auto* check = check::find_check(gate->check);
  ASSERT_NE(check, nullptr);
  std::int64_t changed = 0;
  const facts::Facts facts = facts::Facts::declared().changed_by(gate->counterexample, changed);
  check::Report report;
  check->run(facts, check::Parameters(check->parameters, Json::parse(gate->with)), report);
  EXPECT_EQ(report.findings().size(), 1U);
}

TEST_F(NewCheck, AddsToTheGatesOfAFileAndLeavesTheRest) {
  const auto file = root_ / "gates/EG-ACME1.yaml";
  const std::string gates =
      "exit-gate: EG-ACME1\ntitle: Ours\ngates:\n  - id: first\n    title: T\n    check: brand-new\n"
      "    counterexample: UPDATE ci.job SET name = NULL\n";
  const std::string rest = "\n# What a run must leave.\nbundle: [junit.xml]\n";
  write_file(file, gates + rest);
  const auto before = suite();
  EXPECT_EQ(run({"second-one", "--gate", "EG-ACME1.second"}), "0\n");
  auto text = read_file(file);
  EXPECT_TRUE(text.starts_with(gates + "\n  - id: second\n")) << text;
  EXPECT_TRUE(text.ends_with(", 'nameless', 1, 'yes')\n" + rest)) << text;

  // This program does not know the check second-one.
  const std::string unknown = "check: second-one";
  const auto place = text.find(unknown);
  ASSERT_NE(place, std::string::npos);
  write_file(file, text.replace(place, unknown.size(), "check: brand-new"));
  const auto after = suite();
  for (const auto& mistake : after.mistakes) ADD_FAILURE() << mistake.message;
  EXPECT_NE(find_gate(after, "EG-ACME1.first"), nullptr);
  EXPECT_NE(find_gate(after, "EG-ACME1.second"), nullptr);
  EXPECT_EQ(after.bundle.size(), before.bundle.size());
}

TEST_F(NewCheck, MakesAGateFileThatIsMissing) {
  EXPECT_EQ(run({"second-one", "--gate", "EG-ACME1.second"}), "0\n");
  EXPECT_EQ(read_file(root_ / "gates/EG-ACME1.yaml").rfind("exit-gate: EG-ACME1\ntitle: \"TODO", 0), 0U);
}

TEST_F(NewCheck, WritesNothingForANameThatIsTakenOrInvalid) {
  const auto gates = read_file(root_ / "gates/EG-CG1.yaml");
  EXPECT_EQ(run({"brand-new"}),
            "2\nnew-check: checks/brand-new.cpp already exists\n  > choose another name\n");
  for (const std::string name :
       {"Upper", "two--dashes", "-option", "9th", "under_score", "a b", "ends-", "a/b"}) {
    EXPECT_EQ(run({name}).substr(0, 12), "2\nnew-check:") << name;
  }
  EXPECT_EQ(run({"another", "--gate", "EG-CG1.retention"}),
            "2\nnew-check: gate EG-CG1.retention already exists in gates/EG-CG1.yaml\n"
            "  > choose another id with --gate\n");
  EXPECT_EQ(run({"another", "--gate", "retention"}),
            "2\nnew-check: 'retention' is not a valid gate name\n  > write EXIT-GATE.ID: EG-CG1.retention\n");
  EXPECT_EQ(run({"another", "--gate", "EG-CG2.x", "--file", (root_ / "gates/EG-CG1.yaml").string()}),
            "2\nnew-check: gates/EG-CG1.yaml does not declare exit gate EG-CG2\n"
            "  > name the gate file of that exit gate with --file\n");
  EXPECT_FALSE(fs::exists(root_ / "checks/another.cpp"));
  EXPECT_EQ(read_file(root_ / "gates/EG-CG1.yaml"), gates);
}

}  // namespace
}  // namespace exitgate
