// The table of what CTest can be asked for: for each row the exit code, an archive or none, and what `exitgate verify`
// says of it, under each version of CMake. All rows of a version share one build folder, so each one stands on what
// the row before left there.

#include <gmock/gmock.h>

#include "tests/ctest/each_version.h"

namespace exitgate::testing_ctest {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr bool kGreen = false;
constexpr bool kRed = true;
const std::string kGood = "EG-T1.good";
const std::string kJudged = "EG-T1.judged";
const std::string kSkipped = "EG-T2.skipped";

struct Row {
  std::vector<std::string> arguments;
  bool target;
  int exit_code;
  std::string outcome;                // of the one archive; "" for none
  std::vector<std::string> selected;  // of the archive
};

const std::vector<Row> kRows = {
    {{}, kGreen, 0, "pass", {kGood, kJudged, kSkipped}},
    {{}, kRed, 8, "fail", {kGood, kJudged, kSkipped}},
    {{"--preset", "gates"}, kGreen, 0, "pass", {kGood, kJudged, kSkipped}},
    {{"--preset", "gates", "-L", "EG-T1"}, kRed, 8, "fail", {kGood, kJudged}},
    // Nothing was judged: ctest fails although no test of a gate did.
    {{"-L", "EG-T2"}, kGreen, 8, "skip", {kSkipped}},
    {{"-L", "EG-T1"}, kGreen, 0, "pass", {kGood, kJudged}},
    {{"-L", "EG-T1"}, kRed, 8, "fail", {kGood, kJudged}},
    {{"-LE", "EG-T1"}, kRed, 8, "skip", {kSkipped}},
    {{"-R", "judged"}, kRed, 8, "fail", {kJudged}},
    {{"-R", "good"}, kRed, 0, "pass", {kGood}},
    {{"-R", "EG-T", "-E", "judged"}, kRed, 0, "pass", {kGood, kSkipped}},
    // By number: the gates are the fifth and those behind it.
    {{"-I", "5,5"}, kRed, 0, "pass", {kGood}},
    {{"-I", "6,6"}, kRed, 8, "fail", {kJudged}},
    // Fixtures left out: never a word on facts of the run before.
    {{"-R", "good", "-FA", ".*"}, kGreen, 8, "", {}},
    {{"-R", "good", "-FS", "exitgate.run"}, kGreen, 8, "", {}},
    {{"-R", "good", "-FA", "exitgate.facts"}, kGreen, 8, "error", {kGood}},
    {{"-R", "good", "-FS", "exitgate.facts"}, kGreen, 8, "error", {kGood}},
    {{"-R", "good", "-FC", "exitgate.run"}, kGreen, 0, "pass", {kGood}},
    {{"-R", "judged", "-FC", "exitgate.run"}, kRed, 8, "fail", {kJudged}},
    // Listing makes no run, nor does a selection that meets nothing.
    {{"-N"}, kRed, 0, "", {}},
    {{"-L", "EG-T1", "-N"}, kRed, 0, "", {}},
    {{"-L", "no-such-label"}, kRed, 0, "", {}},
    {{"-L", "no-such-label", "--no-tests=error"}, kRed, 8, "", {}},
    {{"-L", "EG-T1", "--stop-on-failure", "-j", "1"}, kRed, 8, "fail", {kGood, kJudged}},
    {{"--rerun-failed"}, kRed, 8, "fail", {kJudged}},
    {{"--rerun-failed"}, kGreen, 0, "pass", {kJudged}},
    {{"-L", "EG-T1", "--repeat", "until-pass:2"}, kRed, 8, "fail", {kGood, kJudged}},
    {{"-L", "EG-T1", "--repeat", "until-fail:2"}, kGreen, 0, "pass", {kGood, kJudged}},
    {{"-L", "EG-T1", "--repeat", "after-timeout:2"}, kGreen, 0, "pass", {kGood, kJudged}},
    {{"-L", "EG-T1", "--schedule-random", "-j", "4"}, kRed, 8, "fail", {kGood, kJudged}},
    {{"-L", "EG-T1", "--timeout", "50", "--output-junit", "junit.xml"}, kGreen, 0, "pass", {kGood, kJudged}},
    {{"-T", "Test"}, kGreen, 0, "pass", {kGood, kJudged, kSkipped}},
    {{"-T", "Test", "-L", "EG-T1"}, kRed, 8, "fail", {kGood, kJudged}},
    {{"-T", "Test", "-L", "EG-T2"}, kGreen, 8, "skip", {kSkipped}},
    {{"-S", "one.cmake"}, kGreen, 0, "pass", {kGood, kJudged}},
    // `ctest -S` ends with what the script makes of RETURN_VALUE, and with 0 when it does not ask.
    {{"-S", "one.cmake"}, kRed, 0, "fail", {kGood, kJudged}},
    {{"-S", "asking.cmake"}, kGreen, 0, "pass", {kGood, kJudged}},
    {{"-S", "asking.cmake"}, kRed, 255, "fail", {kGood, kJudged}},
    {{"-S", "skipped.cmake"}, kGreen, 255, "skip", {kSkipped}},
    // Two runs of one ctest: the second is its own, and does not take over the first one's.
    {{"-S", "without-begin.cmake"}, kGreen, 255, "pass", {kGood, kJudged}},
};

class Table : public EachVersion {};

TEST_P(Table, EachRowEndsAsItShould) {
  for (const auto& row : kRows) {
    std::string name = row.target == kRed ? "red: ctest" : "green: ctest";
    for (const auto& argument : row.arguments) name += " " + argument;
    SCOPED_TRACE(name);
    const auto finished = project().ctest(row.arguments, row.target);
    EXPECT_EQ(finished.exit_code, row.exit_code) << finished.output;
    const auto archives = project().take_archives();
    if (row.outcome.empty()) {
      EXPECT_THAT(archives, IsEmpty()) << finished.output;
      continue;
    }
    ASSERT_THAT(archives, SizeIs(1)) << finished.output;
    EXPECT_EQ(archives[0].outcome, row.outcome) << finished.output;
    EXPECT_EQ(archives[0].commit, project().commit(row.target));
    EXPECT_THAT(archives[0].selected, ElementsAreArray(row.selected)) << finished.output;
    EXPECT_EQ(archives[0].verify, 0);
  }
}

TEST_P(Table, TheProgramsOwnRunEndsAsItShould) {
  const auto evaluate = [&](const std::vector<std::string>& labels, bool red) {
    std::vector<std::string> arguments = {
        EXITGATE_PROGRAM, "run", "--out", "out", "--suite", (project().folder() / "suite").string()};
    for (const auto& label : labels) arguments.insert(arguments.end(), {"--label", label});
    const auto finished = project().run(arguments, red);
    const auto archives = project().take_archives(project().source() / "out");
    return std::make_pair(finished, archives);
  };
  const auto [green, of_green] = evaluate({"EG-T1"}, kGreen);
  EXPECT_EQ(green.exit_code, 0) << green.output;
  ASSERT_THAT(of_green, SizeIs(1));
  EXPECT_EQ(of_green[0].outcome, "pass");
  // Either label, not both.
  const auto [red, of_red] = evaluate({"EG-T1", "EG-T2"}, kRed);
  EXPECT_EQ(red.exit_code, 1) << red.output;
  ASSERT_THAT(of_red, SizeIs(1));
  EXPECT_THAT(of_red[0].selected, ElementsAre(kGood, kJudged, kSkipped));
  const auto [skipped, of_skipped] = evaluate({"EG-T2"}, kGreen);
  EXPECT_EQ(skipped.exit_code, 3) << skipped.output;
  ASSERT_THAT(of_skipped, SizeIs(1));
}

TEST_P(Table, EachGeneratorRunsTheGates) {
  for (const char* const generator : {"Unix Makefiles", "Ninja Multi-Config"}) {
    SCOPED_TRACE(generator);
    const Project other(GetParam(), generator);
    const auto finished = other.ctest({"-C", "Debug", "-L", "EG-T1"}, kRed);
    EXPECT_EQ(finished.exit_code, 8) << finished.output;
    const auto archives = other.take_archives();
    ASSERT_THAT(archives, SizeIs(1)) << finished.output;
    EXPECT_EQ(archives[0].outcome, "fail");
    EXPECT_EQ(archives[0].verify, 0);
  }
}

INSTANTIATE_TEST_SUITE_P(CMake, Table, testing::ValuesIn(versions()), name_of_version);

}  // namespace
}  // namespace exitgate::testing_ctest
