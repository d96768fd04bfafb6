// What the statements conclude from the gates of a run.

#include <gtest/gtest.h>

#include <ostream>

#include "harness/attest/attestation.h"
#include "harness/attest/verification_summary.h"
#include "harness/json/json.h"

namespace exitgate::archive {

using namespace attest;
namespace {

struct Case {
  const char* name;
  std::vector<record::GateResult> gates;
  bool complete;
  const char* result;
  const char* summary;
  const char* levels;  // as JSON
};

void PrintTo(const Case& one, std::ostream* out) {
  *out << one.name;
}

class Statement : public testing::TestWithParam<Case> {};

TEST_P(Statement, Concludes) {
  record::RunSummary run;
  run.gates = GetParam().gates;
  run.record.emplace().result.emplace();
  for (const auto& gate : run.gates) run.record->result->selected.push_back(gate.gate);
  run.set_incomplete(GetParam().complete ? std::vector<std::string>()
                                         : std::vector<std::string>{"a is missing"});
  const auto result = Json::parse(attest::render_statement(run, "a.tar.zst", "00"));
  EXPECT_EQ(result["predicate"]["result"], GetParam().result);
  const auto summary = Json::parse(attest::render_summary_statement(run, "exitgate", "a.tar.zst", "00"));
  EXPECT_EQ(summary["predicate"]["verificationResult"], GetParam().summary);
  EXPECT_EQ(summary["predicate"]["verifiedLevels"].dump(), GetParam().levels);
}

INSTANTIATE_TEST_SUITE_P(
    All, Statement,
    testing::Values(Case{"NoGate", {}, true, "FAILED", "FAILED", "[]"},
                    Case{"EachSkipped",
                         {{"A.a", verdict::Status::skip, false}, {"A.b", verdict::Status::skip, false}},
                         true,
                         "FAILED",
                         "FAILED",
                         "[]"},
                    Case{"OnePassed",
                         {{"A.a", verdict::Status::skip, false},
                          {"A.b", verdict::Status::pass, false},
                          {"B.a", verdict::Status::skip, false}},
                         true,
                         "PASSED",
                         "PASSED",
                         R"(["EXITGATE_A"])"},
                    Case{"PassedByAWaiver",
                         {{"A.a", verdict::Status::pass, true}},
                         true,
                         "WARNED",
                         "PASSED",
                         R"(["EXITGATE_A"])"},
                    Case{"OneFailed",
                         {{"A.a", verdict::Status::pass, false},
                          {"A.b", verdict::Status::fail, false},
                          {"B.a", verdict::Status::pass, false}},
                         true,
                         "FAILED",
                         "FAILED",
                         R"(["EXITGATE_B"])"},
                    Case{"OneUndecided",
                         {{"A.a", verdict::Status::pass, false}, {"A.b", verdict::Status::error, false}},
                         true,
                         "FAILED",
                         "FAILED",
                         "[]"},
                    Case{"NotComplete",
                         {{"A.a", verdict::Status::pass, false}},
                         false,
                         "FAILED",
                         "FAILED",
                         R"(["EXITGATE_A"])"}),
    [](const auto& each) { return each.param.name; });

}  // namespace
}  // namespace exitgate::archive
