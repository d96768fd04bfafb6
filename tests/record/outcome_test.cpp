#include "harness/record/outcome.h"

#include <gmock/gmock.h>

#include <map>

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

// "P.core" and "P.other" are gates of the exit gate P, "P.core" its core gate; Q has none; R has "R.core" and "R.second".
struct ExitGateCase {
  const char* name;
  Verdicts verdicts;  // of the gates that were selected
  std::map<std::string, ExitGateState> states;
  Outcome outcome;
};

TEST(Outcome, OfExitGatesWithCoreGates) {
  using State = ExitGateState;
  const GateVerdict pass{verdict::Status::pass};
  const GateVerdict waived{verdict::Status::pass, true};
  const GateVerdict fail{verdict::Status::fail};
  const GateVerdict skip{verdict::Status::skip};
  const GateVerdict absent{verdict::Status::skip, false, true};
  const GateVerdict error{verdict::Status::error};
  const ExitGateCase cases[] = {
      {"the core gate passed", {{"P.core", pass}, {"P.other", skip}}, {{"P", State::green}}, Outcome::pass},
      {"it passed by waivers", {{"P.core", waived}}, {{"P", State::green}}, Outcome::pass},
      {"it was skipped", {{"P.core", skip}, {"P.other", pass}}, {{"P", State::partial}}, Outcome::partial},
      {"one passed and twelve were skipped",
       {{"P.core", skip}, {"P.other", pass}, {"P.a", skip}, {"P.b", skip}},
       {{"P", State::partial}},
       Outcome::partial},
      {"all were skipped",
       {{"P.core", skip}, {"P.other", skip}},
       {{"P", State::not_evaluated}},
       Outcome::skip},
      {"it does not apply",
       {{"P.core", absent}, {"P.other", pass}},
       {{"P", State::not_applicable}},
       Outcome::skip},
      {"it does not apply, and another exit gate is green",
       {{"P.core", absent}, {"P.other", pass}, {"Q.a", pass}},
       {{"P", State::not_applicable}, {"Q", State::green}},
       Outcome::pass},
      {"an exit gate was not evaluated, and another is green",
       {{"P.core", skip}, {"Q.a", pass}},
       {{"P", State::not_evaluated}, {"Q", State::green}},
       Outcome::partial},
      {"one core gate passed, and the other does not apply",
       {{"R.core", pass}, {"R.second", absent}},
       {{"R", State::green}},
       Outcome::pass},
      {"one core gate passed, and the other was skipped",
       {{"R.core", pass}, {"R.second", skip}},
       {{"R", State::partial}},
       Outcome::partial},
      {"one core gate was skipped, and the other does not apply",
       {{"R.core", skip}, {"R.second", absent}, {"R.other", pass}},
       {{"R", State::partial}},
       Outcome::partial},
      {"only others were selected",
       {{"P.other", pass}},
       {{"P", State::green}, {"R", State::not_run}},
       Outcome::pass},
      {"without core gates as ever", {{"Q.a", pass}, {"Q.b", skip}}, {{"Q", State::green}}, Outcome::pass},
      {"without core gates, all skipped", {{"Q.a", skip}}, {{"Q", State::not_evaluated}}, Outcome::skip},
      {"without core gates, none applies", {{"Q.a", absent}}, {{"Q", State::not_applicable}}, Outcome::skip},
      {"a gate failed although the core gate does not apply",
       {{"P.core", absent}, {"P.other", fail}},
       {{"P", State::red}},
       Outcome::fail},
      {"a gate is undecided",
       {{"P.core", pass}, {"P.other", error}},
       {{"P", State::undecided}},
       Outcome::error},
      {"red and partly evaluated",
       {{"P.core", skip}, {"P.other", pass}, {"Q.a", fail}},
       {{"P", State::partial}, {"Q", State::red}},
       Outcome::fail},
  };
  for (const auto& one : cases) {
    RunRecord run;
    run.core = {"P.core", "R.core", "R.second"};
    run.result.emplace();
    for (const auto& [gate, verdict] : one.verdicts) run.result->selected.push_back(gate);
    EXPECT_EQ(outcome_of(run, one.verdicts, {}), one.outcome) << one.name;
    for (const auto& [exit_gate, state] : one.states)
      EXPECT_EQ(state_of(exit_gate, run, one.verdicts), state) << one.name << ": " << exit_gate;
    if (one.outcome == Outcome::partial) {
      EXPECT_EQ(outcome_of(run, one.verdicts, {"a part is missing"}), Outcome::fail) << one.name;
    }
  }
}

TEST(Outcome, PartlyEvaluatedSaysWhichGatesWereSkipped) {
  RunRecord run;
  run.core = {"P.core", "P.second"};
  run.result.emplace().selected = {"P.core", "P.second", "P.other"};
  Verdicts verdicts = {{"P.core", {verdict::Status::skip}},
                       {"P.second", {verdict::Status::skip}},
                       {"P.other", {verdict::Status::pass}}};
  EXPECT_THAT(partly_evaluated(run, verdicts),
              testing::ElementsAre(
                  "P is only partly evaluated: P.core, P.second were skipped, and it is not shown that "
                  "there is nothing to evaluate."));
  verdicts["P.core"].not_applicable = true;
  verdicts["P.other"] = {verdict::Status::skip};
  EXPECT_THAT(partly_evaluated(run, verdicts),
              testing::ElementsAre(
                  "P is not evaluated: P.second was skipped, and it is not shown that there is nothing "
                  "to evaluate."));
}

TEST(Outcome, APartlyEvaluatedRunExitsWithZeroOnlyWhereThatIsAccepted) {
  EXPECT_EQ(exit_of(Outcome::partial, true), Exit::good);
  for (const Outcome outcome : {Outcome::fail, Outcome::error, Outcome::skip, Outcome::unfinished})
    EXPECT_EQ(exit_of(outcome, true), exit_of(outcome)) << outcome_name(outcome);
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
  const std::pair<Outcome, Exit> all[] = {
      {Outcome::pass, Exit::good},      {Outcome::partial, Exit::undecided},
      {Outcome::fail, Exit::failed},    {Outcome::error, Exit::undecided},
      {Outcome::skip, Exit::undecided}, {Outcome::unfinished, Exit::undecided}};
  for (const auto& [outcome, exit] : all) {
    EXPECT_EQ(exit_of(outcome), exit);
    EXPECT_EQ(outcome_named(outcome_name(outcome)), outcome);
  }
  EXPECT_FALSE(outcome_named("PASS"));
}

}  // namespace
}  // namespace exitgate::record
