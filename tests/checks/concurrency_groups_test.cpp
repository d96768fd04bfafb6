// Runs that wait for a concurrency group that they hold themselves.

#include <gtest/gtest.h>

#include <vector>

#include "tests/checks/table.h"
#include "tests/checks/workflow_facts.h"

namespace exitgate::testing {
namespace {

class ConcurrencyGroups : public CheckTable {};
TEST_P(ConcurrencyGroups, SayExactly) {
  holds();
}

const std::string kCi = ".github/workflows/ci.yml";
const std::string kBuild = ".github/workflows/build.yml";
const std::string kUsual = "${{ github.workflow }}-${{ github.ref }}";

std::string group(const std::string& file, const std::string& job, int line, const std::string& name) {
  return fmt::format("INSERT INTO ci.concurrency (file, job, line, group_name) VALUES ({}, {}, {}, {});",
                     quoted(file), quoted(job), line, quoted(name));
}
const std::string kOne = workflow(kCi, "CI", "pull_request") + job(kCi, "test");
const std::string kTwo = kOne + workflow(kBuild, "Build", "workflow_call") + job(kBuild, "make") +
                         local_call(kCi, "test", "NULL", "./" + kBuild);

const std::vector<CheckCase> kCases = {
    {"WorkflowAndJob", "concurrency-groups", "{}",
     kOne + group(kCi, "", 4, "Tests") + group(kCi, "test", 7, "tests"),
     R"(2 examined
FAIL .github/workflows/ci.yml:7: job 'test' waits for the concurrency group 'tests', which .github/workflows/ci.yml:4 holds until the run ends: GitHub cancels the run as a deadlock
  > give the job's group a name of its own
)"},
    {"CallerAndCalled", "concurrency-groups", "{}",
     kTwo + group(kCi, "", 4, kUsual) + group(kBuild, "", 5, "${{github.workflow}}-${{ github.ref }}"),
     R"(2 examined
FAIL .github/workflows/build.yml:5: this workflow, called by job 'test', waits for the concurrency group '${{github.workflow}}-${{ github.ref }}', which .github/workflows/ci.yml:4 holds until the call ends: GitHub cancels the run as a deadlock
  > give the called workflow a group that begins with a name of its own, or none: `github.workflow` is the caller's name in it
)"},
    {"CallingJobAndCalled", "concurrency-groups", "{}",
     kTwo + group(kCi, "test", 7, "e2e") + group(kBuild, "", 5, "e2e"),
     R"(2 examined
FAIL .github/workflows/build.yml:5: this workflow, called by job 'test', waits for the concurrency group 'e2e', which .github/workflows/ci.yml:7 holds until the call ends: GitHub cancels the run as a deadlock
  > give the called workflow a group that begins with a name of its own, or none: `github.workflow` is the caller's name in it
)"},
    {"CallerAndJobOfTheCalled", "concurrency-groups", "{}",
     kTwo + group(kCi, "", 4, "ci-x") + group(kBuild, "make", 9, "ci-x"),
     R"(2 examined
FAIL .github/workflows/build.yml:9: job 'make' waits for the concurrency group 'ci-x', which .github/workflows/ci.yml:4 holds until the run ends: GitHub cancels the run as a deadlock
  > give the job's group a name of its own
)"},
    {"NameOfTheCallerWrittenOut", "concurrency-groups", "{}",
     kTwo + group(kCi, "", 4, "ci-${{ github.ref }}") + group(kBuild, "", 5, kUsual), R"(2 examined
FAIL .github/workflows/build.yml:5: this workflow, called by job 'test', waits for the concurrency group '${{ github.workflow }}-${{ github.ref }}', which .github/workflows/ci.yml:4 holds until the call ends: GitHub cancels the run as a deadlock
  > give the called workflow a group that begins with a name of its own, or none: `github.workflow` is the caller's name in it
)"},
    {"NamesOfTheirOwn", "concurrency-groups", "{}",
     kTwo + group(kCi, "", 4, kUsual) + group(kBuild, "", 5, "build-${{ github.ref }}"), "2 examined\n"},
    {"OneInputEach", "concurrency-groups", "{}",
     kTwo + group(kCi, "", 4, "x-${{ inputs.a }}") + group(kBuild, "", 5, "x-${{ inputs.a }}"),
     "2 examined\n"},
    {"TwoJobsOfOneGroup", "concurrency-groups", "{}",
     kOne + job(kCi, "lint") + group(kCi, "test", 7, "x") + group(kCi, "lint", 9, "x"), "2 examined\n"},
    {"CalledByNobodyWithAGroup", "concurrency-groups", "{}", kTwo + group(kBuild, "", 5, kUsual),
     "1 examined\n"},
    {"None", "concurrency-groups", "{}", kTwo, R"(0 examined
skip: no workflow or job that is started has a concurrency group
)"},
    {"Unreadable", "concurrency-groups", "{}", unreadable(".github/workflows/broken.yml", "line 3: a tab"),
     R"(0 examined
?    .github/workflows/broken.yml: cannot be read (line 3: a tab), so what it does is unknown
  > fix the file; EG-CG1.workflows-readable shows each such file
)"},
};
INSTANTIATE_TEST_SUITE_P(All, ConcurrencyGroups, ::testing::ValuesIn(kCases), case_name);

}  // namespace
}  // namespace exitgate::testing
