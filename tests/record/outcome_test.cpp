#include "harness/record/outcome.h"

#include <gtest/gtest.h>

#include "harness/record/run_record.h"

namespace exitgate::record {
namespace {

struct Case {
  const char* name;
  std::vector<std::string> selected;
  Verdicts verdicts;
  std::vector<std::string> incomplete;
  Outcome outcome;
};

TEST(Outcome, EachRule) {
  const std::vector<std::string> none;
  const std::vector<std::string> part = {"logs/a.log is missing"};
  const GateVerdict pass{verdict::Status::pass};
  const GateVerdict waived{verdict::Status::pass, true};
  const GateVerdict fail{verdict::Status::fail};
  const GateVerdict skip{verdict::Status::skip};
  const GateVerdict error{verdict::Status::error};
  const Case cases[] = {
      {"all pass", {"a", "b"}, {{"a", pass}, {"b", pass}}, none, Outcome::pass},
      {"one passes, one does not apply", {"a", "b"}, {{"a", pass}, {"b", skip}}, none, Outcome::pass},
      {"by waivers only", {"a"}, {{"a", waived}}, none, Outcome::pass},
      {"one fails", {"a", "b"}, {{"a", pass}, {"b", fail}}, none, Outcome::fail},
      {"one is undecided", {"a", "b"}, {{"a", pass}, {"b", error}}, none, Outcome::error},
      {"one without verdict", {"a", "b"}, {{"a", pass}}, none, Outcome::error},
      {"a failure says more than an error", {"a", "b"}, {{"a", error}, {"b", fail}}, none, Outcome::fail},
      {"a part is missing", {"a"}, {{"a", pass}}, part, Outcome::fail},
      {"a part is missing because of an error", {"a"}, {{"a", error}}, part, Outcome::error},
      {"a part is missing and nothing was judged", {"a"}, {{"a", skip}}, part, Outcome::fail},
      {"each skipped", {"a", "b"}, {{"a", skip}, {"b", skip}}, none, Outcome::skip},
      {"no gate", {}, {}, none, Outcome::skip},
      {"a verdict of a gate that was not selected", {}, {{"a", pass}}, none, Outcome::skip},
  };
  for (const auto& one : cases) {
    RunRecord run;
    run.result.emplace().selected = one.selected;
    EXPECT_EQ(outcome_of(run, one.verdicts, one.incomplete), one.outcome) << one.name;
    run.result.reset();
    EXPECT_EQ(outcome_of(run, one.verdicts, one.incomplete), Outcome::unfinished) << one.name;
  }
}

TEST(Outcome, OfAVerdictThatTheArchiveWithholdsIsWhatTheRunSaw) {
  RunRecord run;
  run.result.emplace().selected = {"a", "b"};
  const std::vector<std::string> incomplete = {withheld("verdicts/b.json: line 3: password")};
  EXPECT_TRUE(is_withheld(incomplete, "verdicts/b.json"));
  EXPECT_FALSE(is_withheld(incomplete, "verdicts/b"));
  for (const auto& [seen, outcome] : {std::pair{Outcome::error, Outcome::error},
                                      {Outcome::fail, Outcome::fail},
                                      {Outcome::pass, Outcome::fail},
                                      {Outcome::skip, Outcome::fail}}) {
    run.result->outcome = seen;
    EXPECT_EQ(outcome_of(run, {{"a", {verdict::Status::pass}}}, incomplete), outcome) << outcome_name(seen);
  }
}

TEST(Outcome, NamesAndExitCodes) {
  const std::pair<Outcome, Exit> all[] = {{Outcome::pass, Exit::good},
                                          {Outcome::fail, Exit::failed},
                                          {Outcome::error, Exit::undecided},
                                          {Outcome::skip, Exit::undecided},
                                          {Outcome::unfinished, Exit::undecided}};
  for (const auto& [outcome, exit] : all) {
    EXPECT_EQ(exit_of(outcome), exit);
    EXPECT_EQ(outcome_named(outcome_name(outcome)), outcome);
  }
  EXPECT_FALSE(outcome_named("PASS"));
}

}  // namespace
}  // namespace exitgate::record
