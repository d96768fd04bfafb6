#include "harness/gate/suite.h"

#include <gmock/gmock.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/gate/ctest.h"
#include "harness/json/json.h"

namespace exitgate::gate {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

void no_run(const facts::Facts&, const check::Parameters&, check::Report&) {}
const check::Check kRetention{.name = "artifact-retention",
                              .title = "Artifacts are kept",
                              .why = "",
                              .domains = {"ci"},
                              .parameters = {{"min-days", check::Parameter::integer, "30", "days"}},
                              .run = no_run};
const check::Check kDrift{
    .name = "schema-drift", .title = "", .why = "", .domains = {"schema"}, .parameters = {}, .run = no_run};
// One whose counterexample is made of an example: {need: x}, or of the parameter.
void validate_names(const check::Parameters& with) {
  if (with.string("name") == "x") throw check::ParameterError("name", "'x' is not a name", "use another one");
}
std::string example_of_need(const check::Parameters& with, const Json& example) {
  if (example.is_null()) return with.string("name").empty() ? "" : "DELETE FROM ci.need -- " + with.gate();
  if (!example.contains("need")) throw UsageError("an example has a 'need'", "write {need: build}");
  return "INSERT INTO ci.need VALUES ('a', 'b', '" + example.at("need").text() + "')";
}
const check::Check kNeeds{.name = "needs",
                          .title = "",
                          .why = "",
                          .domains = {"ci"},
                          .parameters = {{"name", check::Parameter::string, "\"\"", "a name"},
                                         {"any", check::Parameter::json, "null", "a value"}},
                          .run = no_run,
                          .validate = validate_names,
                          .counterexample = example_of_need};
const check::Registered kRegistered[] = {check::Registered(kRetention), check::Registered(kDrift),
                                         check::Registered(kNeeds)};

constexpr const char* kGood = R"(exit-gate: EG-A1
title: Artifacts
gates:
  - id: retention
    title: Artifacts are kept long enough
    check: artifact-retention
    with: {min-days: 30}
    labels: [ci]
    counterexample: UPDATE ci.artifact SET retention_days = 1
  - id: drift
    title: No drift
    check: schema-drift
    counterexample: DELETE FROM schema.object
)";

class SuiteTest : public testing::Test {
 protected:
  Suite load(const std::string& text, const std::string& config = "") {
    write_file(folder_.path() / "EG-A1.yaml", text);
    return load_suite({folder_.path()}, config::parse(config, "exitgate.yaml"));
  }
  // The only mistake, without the folder's name.
  std::string mistake(const std::string& text, const std::string& config = "") {
    const auto suite = load(text, config);
    EXPECT_EQ(suite.mistakes.size(), 1U);
    if (suite.mistakes.empty()) return "";
    std::string message = suite.mistakes[0].message;
    const auto prefix = folder_.path().string() + "/";
    if (const auto at = message.find(prefix); at != std::string::npos) message.erase(at, prefix.size());
    return message;
  }

  TemporaryDirectory folder_{"suite-test"};
};

std::string with(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

// A gate file with one gate, of the check whose counterexamples are examples.
std::string gate_of_needs(const std::string& rest) {
  return "exit-gate: EG-A1\ntitle: A\ngates:\n  - id: n\n    title: N\n    check: needs\n" + rest;
}

TEST_F(SuiteTest, AnExampleBecomesTheCounterexample) {
  const auto one = [&](const std::string& rest, const std::string& config = "") {
    const auto suite = load(gate_of_needs(rest), config);
    EXPECT_THAT(suite.mistakes, testing::IsEmpty());
    return suite.gates.at(0);
  };
  const auto given = one("    counterexample: {need: build}\n    with: {any: [1, {a: b}]}\n");
  EXPECT_EQ(given.counterexample, "INSERT INTO ci.need VALUES ('a', 'b', 'build')");
  EXPECT_EQ(given.example, R"({"need":"build"})");
  EXPECT_EQ(given.with, R"({"any":[1,{"a":"b"}]})");
  EXPECT_EQ(one("    with: {name: y}\n").counterexample, "DELETE FROM ci.need -- EG-A1.n");
  EXPECT_EQ(one("    with: {name: y}\n").example, "");
  // What exitgate.yaml lays over the parameters counts.
  EXPECT_EQ(one("    counterexample: {need: build}\n", "parameters: {EG-A1.n: {name: z}}").with,
            R"({"name":"z"})");
  const auto sql = one("    counterexample: DELETE FROM ci.job\n");
  EXPECT_EQ(sql.counterexample, "DELETE FROM ci.job");
  EXPECT_EQ(sql.example, "");
}

TEST_F(SuiteTest, AGateMaySayWhyThereIsNoCounterexample) {
  const auto suite =
      load(gate_of_needs("    why: It breaks.\n    hint: Mend it.\n    severity: warning\n    "
                         "counterexample: {none: the network is down}\n"));
  EXPECT_THAT(suite.mistakes, testing::IsEmpty());
  const auto& gate = suite.gates.at(0);
  EXPECT_EQ(gate.unproven, "the network is down");
  EXPECT_EQ(gate.counterexample, "");
  EXPECT_EQ(gate.why, "It breaks.");
  EXPECT_EQ(gate.hint, "Mend it.");
  EXPECT_EQ(gate.severity, verdict::Severity::warning);
  const auto again = verdict::gate_from_json(verdict::to_json(gate));
  EXPECT_EQ(verdict::to_json(again), verdict::to_json(gate));
}

TEST_F(SuiteTest, NamesTheMistakeInAnExample) {
  EXPECT_EQ(mistake(gate_of_needs("    counterexample: {nede: build}\n")),
            "EG-A1.yaml:7: 'counterexample': an example has a 'need'");
  EXPECT_EQ(mistake(gate_of_needs("    counterexample: {none: ' '}\n")),
            "EG-A1.yaml:7: 'none' must not be empty");
  EXPECT_EQ(mistake(gate_of_needs("    labels: [a]\n")),
            "EG-A1.yaml:4: gate 'EG-A1.n' has no counterexample: nothing would prove that it can fail");
  EXPECT_EQ(mistake(gate_of_needs("    counterexample: {need: \"'\"}\n")).substr(0, 13), "EG-A1.yaml:7:");
  EXPECT_EQ(mistake(gate_of_needs("    with:\n      name: x\n")),
            "EG-A1.yaml:8: check 'needs': 'x' is not a name");
  EXPECT_EQ(mistake(gate_of_needs("    severity: high\n")), "EG-A1.yaml:7: unknown severity 'high'");
  EXPECT_EQ(mistake(with(kGood, "counterexample: DELETE FROM schema.object", "counterexample: {a: b}")),
            "EG-A1.yaml:13: the counterexample of check 'schema-drift' must be SQL");
}

TEST_F(SuiteTest, ResolvesGates) {
  const auto suite = load(kGood);
  EXPECT_THAT(suite.mistakes, testing::IsEmpty());
  ASSERT_EQ(suite.gates.size(), 2U);
  EXPECT_EQ(suite.gates[0].name, "EG-A1.retention");
  EXPECT_EQ(suite.gates[0].with, R"({"min-days":30})");
  EXPECT_THAT(suite.gates[0].labels, ElementsAre("EG-A1", "ci"));
  EXPECT_EQ(suite.gates[0].where, (folder_.path() / "EG-A1.yaml").string() + ":4");
  EXPECT_EQ(suite.exit_gates.at(0).title, "Artifacts");
}

TEST_F(SuiteTest, AGateSaysWhatItIsAboutAndWhetherItIsACoreGate) {
  const auto suite =
      load(with(kGood, "    labels: [ci]\n",
                "    labels: [ci]\n    core: true\n    about: SELECT f.path FROM repo.file f JOIN "
                "ci.workflow w ON w.file = f.path\n"));
  EXPECT_THAT(suite.mistakes, testing::IsEmpty());
  EXPECT_TRUE(suite.gates.at(0).core);
  EXPECT_THAT(suite.gates[0].about_domains, testing::UnorderedElementsAre("ci", "repo"));
  EXPECT_FALSE(suite.gates.at(1).core);
  EXPECT_EQ(suite.gates[1].about, "");
  // A gate whose check needs no database, and whose subject does, waits for it.
  const auto needs = load(with(kGood, "    labels: [ci]\n", "    about: schema.object\n"));
  EXPECT_EQ(needs.gates.at(0).about, "SELECT 'a row of schema.object' AS what, * FROM schema.object");
  const auto file = ctest_file(needs, {"/e", "/c", "/r", "/a", {}});
  EXPECT_THAT(file, HasSubstr("[=[EG-A1.retention]=] PROPERTIES LABELS [=[EG-A1]=] FIXTURES_REQUIRED "
                              "[=[exitgate.run;exitgate.needs.migrated;exitgate.needs.migrated-again;"
                              "exitgate.needs.committed;exitgate.schema;exitgate.facts]=]"));
}

struct Slip {
  const char* from;
  const char* to;
  const char* message;
};

class SlipTest : public SuiteTest, public testing::WithParamInterface<Slip> {};

TEST_P(SlipTest, IsNamedWithItsLine) {
  EXPECT_EQ(mistake(with(kGood, GetParam().from, GetParam().to)), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Files, SlipTest,
    testing::Values(
        Slip{"    check: artifact-retention", "    check: artifact-retentoin",
             "EG-A1.yaml:6: unknown check 'artifact-retentoin' (did you mean 'artifact-retention'?)"},
        Slip{"    labels: [ci]", "    lables: [ci]",
             "EG-A1.yaml:8: unknown key 'lables' in a gate (did you mean 'labels'?)"},
        Slip{"{min-days: 30}", "{min-day: 30}",
             "EG-A1.yaml:7: check 'artifact-retention': unknown parameter 'min-day' (did you mean "
             "'min-days'?)"},
        Slip{"{min-days: 30}", "{min-days: soon}",
             "EG-A1.yaml:7: check 'artifact-retention': parameter 'min-days' must be an integer"},
        Slip{"{min-days: 30}", "\n      min-days: 30\n      min-day: 30",
             "EG-A1.yaml:9: check 'artifact-retention': unknown parameter 'min-day' (did you mean "
             "'min-days'?)"},
        Slip{"    counterexample: UPDATE ci.artifact SET retention_days = 1\n", "",
             "EG-A1.yaml:4: gate 'EG-A1.retention' has no counterexample: nothing would prove that it can "
             "fail"},
        Slip{"ci.artifact SET", "ci.artefact SET",
             "EG-A1.yaml:9: the counterexample has a mistake: no such table: ci.artefact"},
        Slip{"    labels: [ci]", "    about: ci.artefact",
             "EG-A1.yaml:8: 'about' has a mistake: no such table: ci.artefact"},
        Slip{"    labels: [ci]", "    about: SELECT filename FROM ci.artifact",
             "EG-A1.yaml:8: 'about' has a mistake: no such column: filename"},
        Slip{"    labels: [ci]", "    about: DELETE FROM ci.artifact",
             "EG-A1.yaml:8: 'about' has a mistake: it must be one SELECT"},
        Slip{"    labels: [ci]", "    about: SELECT * FROM ci.artifact; SELECT 1",
             "EG-A1.yaml:8: 'about' has a mistake: it must be one SELECT"},
        Slip{"    labels: [ci]", "    about: SELECT 1", "EG-A1.yaml:8: 'about' names no table of facts"},
        Slip{"    labels: [ci]", "    core: sometimes", "EG-A1.yaml:8: 'core' must be true or false"},
        Slip{"title: Artifacts\n", "", "EG-A1.yaml:1: missing key 'title' in a gate file"},
        Slip{"[ci]", "['a;b']", "EG-A1.yaml:8: 'a;b' is not a valid label"},
        Slip{"exit-gate: EG-A1", "exit-gate: 'EG A1'",
             "EG-A1.yaml:1: 'EG A1' is not a valid exit gate name"}),
    [](const auto& slip) { return "slip" + std::to_string(slip.index); });

TEST_F(SuiteTest, NamesBothPlacesOfADuplicate) {
  const auto path = (folder_.path() / "EG-A1.yaml").string();
  EXPECT_EQ(load(with(kGood, "id: drift", "id: retention")).mistakes.at(0).message,
            path + ":10: gate 'EG-A1.retention' is already declared at " + path + ":4");
}

TEST_F(SuiteTest, KeepsTheGatesThatHaveNoMistake) {
  const auto suite = load(with(kGood, "check: schema-drift", "check: schema-draft"));
  EXPECT_EQ(suite.mistakes.size(), 1U);
  ASSERT_EQ(suite.gates.size(), 1U);
  EXPECT_EQ(suite.gates[0].name, "EG-A1.retention");
}

TEST_F(SuiteTest, RejectsTextThatIsNotYaml) {
  EXPECT_THAT(mistake("exit-gate: [\n"), testing::StartsWith("EG-A1.yaml:"));
}

TEST_F(SuiteTest, AnEmptyFolderIsNoSuite) {
  const auto suite = load_suite({folder_.path()}, {});
  ASSERT_EQ(suite.mistakes.size(), 1U);
  EXPECT_THAT(suite.mistakes[0].message, HasSubstr("the folder contains no gate files (*.yaml)"));
}

TEST_F(SuiteTest, TheTargetsConfigurationIsLaidOver) {
  const auto suite = load(kGood, R"(
parameters:
  EG-A1.retention: {min-days: 90}
labels:
  EG-A1.drift: [audit]
waivers:
  - {gate: EG-A1.drift, finding: "public.*", reason: known, expires: 2027-01-31}
gates:
  - exit-gate: EG-B1
    title: Ours
    gates:
      - {id: own, title: Own, check: artifact-retention, counterexample: DELETE FROM ci.artifact}
)");
  EXPECT_THAT(suite.mistakes, testing::IsEmpty());
  EXPECT_EQ(suite.gates.at(0).with, R"({"min-days":90})");
  EXPECT_THAT(suite.gates.at(1).labels, ElementsAre("EG-A1", "audit"));
  ASSERT_EQ(suite.gates.at(1).waivers.size(), 1U);
  EXPECT_EQ(suite.gates[1].waivers[0].where, "exitgate.yaml:7");
  EXPECT_EQ(suite.gates.at(2).name, "EG-B1.own");
}

TEST_F(SuiteTest, TheConfigurationCannotNameAGateThatIsNot) {
  EXPECT_EQ(mistake(kGood, "parameters:\n  EG-A1.retentoin: {min-days: 90}\n"),
            "exitgate.yaml:2: parameters: unknown gate 'EG-A1.retentoin' (did you mean 'EG-A1.retention'?)");
  EXPECT_EQ(mistake(kGood, "labels:\n  EG-A1.drfit: [x]\n"),
            "exitgate.yaml:2: labels: unknown gate 'EG-A1.drfit' (did you mean 'EG-A1.drift'?)");
}

TEST_F(SuiteTest, CTestIsToldEachGateWithItsFixtures) {
  const auto suite = load(kGood);
  const auto text = ctest_file(suite, {"/x/exitgate", "/x/checks", "/r", "/a", {"--repo", "/t"}});
  EXPECT_THAT(
      text,
      HasSubstr("add_test([=[EG-A1.retention]=] [=[/x/checks/artifact-retention]=] [=[--run]=] [=[/r]=] "
                "[=[--gate]=] [=[EG-A1.retention]=] [=[--timeout]=] [=[120]=] [=[--after]=] "
                "[=[exitgate.collect]=])\n"
                "set_tests_properties([=[EG-A1.retention]=] PROPERTIES LABELS [=[EG-A1;ci]=] "
                "FIXTURES_REQUIRED [=[exitgate.run;exitgate.facts]=] SKIP_RETURN_CODE 77 TIMEOUT 135)\n"));
  EXPECT_THAT(
      text, HasSubstr("add_test([=[exitgate.seal]=] [=[/x/exitgate]=] [=[finish]=] [=[--run]=] [=[/r]=] "
                      "[=[--archives]=] [=[/a]=] [=[--test]=])\n"
                      "set_tests_properties([=[exitgate.seal]=] PROPERTIES FIXTURES_CLEANUP exitgate.run "));
  // Its check declares no parts of the database stage, and needs all that fill the domain that it reads.
  EXPECT_THAT(
      text,
      HasSubstr("FIXTURES_REQUIRED [=[exitgate.run;exitgate.needs.migrated;exitgate.needs.migrated-again;"
                "exitgate.needs.round-trip;exitgate.needs.stairway;exitgate.needs.committed;"
                "exitgate.needs.documents;exitgate.needs.models;exitgate.needs.tests;exitgate.schema]=]"));
  EXPECT_THAT(text, testing::Not(HasSubstr("exitgate.suite")));
}

// The labels of the test that fails for the mistakes.
std::vector<std::string> labels_of_the_suite_test(const std::string& ctest) {
  constexpr std::string_view kBegin = "set_tests_properties([=[exitgate.suite]=] PROPERTIES LABELS [=[";
  const auto begin = ctest.find(kBegin);
  if (begin == std::string::npos) return {};
  const auto end = ctest.find("]=]", begin + kBegin.size());
  return split(std::string_view(ctest).substr(begin + kBegin.size(), end - begin - kBegin.size()), ';');
}

TEST_F(SuiteTest, AMistakeIsATestThatAnySelectionMeets) {
  const auto suite = load(with(kGood, "check: artifact-retention", "check: nothing-like-it"));
  const auto text = ctest_file(suite, {"/x/exitgate", "/x/checks", "/r", "/a", {}});
  EXPECT_THAT(text, HasSubstr("add_test([=[exitgate.suite]=] [=[/x/exitgate]=] [=[suite]=]"));
  EXPECT_THAT(labels_of_the_suite_test(text), testing::IsSupersetOf({"EG-A1", "ci"}));
}

TEST_F(SuiteTest, AMistakeInATargetsOwnGateKeepsItsLabels) {
  const auto suite = load(kGood, R"(
gates:
  - exit-gate: EG-B1
    title: Ours
    gates:
      - id: own
        title: Own
        check: nothing-like-it
        labels:
          - nightly
          - audit
        counterexample: DELETE FROM ci.artifact
      - {id: other, title: Other, check: artifact-retention, lables: [slip], counterexample: DELETE FROM ci.artifact}
labels:
  EG-C1.lost: [weekly]
waivers:
  - {gate: EG-D1.lost, finding: "*", reason: known, expires: 2027-01-31}
)");
  EXPECT_EQ(suite.mistakes.size(), 4U);
  EXPECT_THAT(labels_of_the_suite_test(ctest_file(suite, {"/x/exitgate", "/x/checks", "/r", "/a", {}})),
              testing::IsSupersetOf({"EG-B1", "nightly", "audit", "slip", "EG-C1", "weekly", "EG-D1"}));
}

TEST_F(SuiteTest, AFileThatIsNotYamlIsMetByEachOfItsWords) {
  const auto suite = load("exit-gate: EG-A1\nlabels:\n  - audit\n  - [night: ly;\n");
  EXPECT_THAT(labels_of_the_suite_test(ctest_file(suite, {"/x/exitgate", "/x/checks", "/r", "/a", {}})),
              testing::IsSupersetOf({"EG-A1", "audit", "night", "ly"}));
}

}  // namespace
}  // namespace exitgate::gate
