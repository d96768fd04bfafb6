// What `exitgate run` prints, and in which order.

#include <gmock/gmock.h>

#include "tests/cli/program.h"

namespace exitgate::testing_program {
namespace {
using testing::HasSubstr;
using testing::Not;

TEST(RunOutput, ClosesWithTheSummaryAndNotWithCTestsWords) {
  const TemporaryDirectory folder("run-output");
  make_sample(folder.path() / "service");
  // Both streams into one pipe, as in a CI job.
  const auto finished =
      run({.arguments = {EXITGATE_PROGRAM, "run", "--repo", (folder.path() / "service").string(), "--out",
                         (folder.path() / "out").string(), "--label", "EG-CG3"},
           .limit = std::chrono::seconds(120),
           .merge_error = true});
  EXPECT_EQ(finished.exit_code, 0) << finished.output;
  EXPECT_THAT(finished.output, HasSubstr("EG-CG3.session-hooks ....")) << "progress is shown";
  for (const char* noise : {"Errors while running CTest", "tests passed", "The following tests",
                            "Internal ctest", "Output from these tests", "--rerun-failed", "Total Test time"})
    EXPECT_THAT(finished.output, Not(HasSubstr(noise)));
  EXPECT_THAT(finished.output, testing::EndsWith("Outcome: pass\n"));
}

}  // namespace
}  // namespace exitgate::testing_program
