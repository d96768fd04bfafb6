// exitgate_add_gates in a project of others that found an installed Exitgate.
#include <fmt/core.h>
#include <gmock/gmock.h>

#include "tests/consumers/consumer.h"

namespace exitgate::testing_program {
namespace {

using testing::HasSubstr;
using testing::Not;

class Gates : public testing::Test {
 protected:
  Gates() { make_sample(service()); }
  std::filesystem::path service() const { return folder_.path() / "service"; }
  // The sample with a finding of EG-CG1.retention.
  std::filesystem::path red_service() const {
    const auto red = folder_.path() / "red";
    if (!std::filesystem::exists(red)) {
      make_sample(red);
      replace_in(red / ".github/workflows/ci.yml", "retention-days: 90", "retention-days: 1");
      commit_all(red, "keep artifacts for a day");
    }
    return red;
  }

  TemporaryDirectory folder_{"consumer-service"};
};

TEST_F(Gates, AProjectKeepsItsOwnTestsAndCTestCustom) {
  const Consumer project("find-package");
  project.make({"SERVICE=" + service().string()});
  const auto finished = project.ctest({"-R", "^own$|^left-out$|^EG-CG5", "-j", "2"});
  EXPECT_EQ(finished.exit_code, 0) << finished.output;
  EXPECT_THAT(finished.output, HasSubstr(" own "));
  EXPECT_THAT(finished.output, Not(HasSubstr("left-out")));
  EXPECT_TRUE(std::filesystem::exists(project.build() / "own-post-test"));
  EXPECT_EQ(archives(project.build() / "exit-gates/archives").size(), 1U) << finished.output;
  EXPECT_EQ(verdict(project.build() / "exit-gates/run", "EG-CG5.programs"), "pass");
}

TEST_F(Gates, ConfiguringAgainAddsNothingTwice) {
  const Consumer project("find-package");
  for (int time = 0; time < 2; ++time) {
    const auto configured = project.configure({"SERVICE=" + service().string()});
    ASSERT_TRUE(configured.ok()) << configured.output;
  }
  EXPECT_EQ(read_file(project.build() / "CTestCustom.cmake"),
            fmt::format("set(CTEST_CUSTOM_TESTS_IGNORE left-out)\n"
                        "set(CTEST_CUSTOM_MAXIMUM_PASSED_TEST_OUTPUT_SIZE 2000000)\n"
                        "set(CTEST_CUSTOM_POST_TEST \"\\\"{}\\\" -E touch \\\"{}/own-post-test\\\"\")\n"
                        "include(\"${{CMAKE_CURRENT_LIST_DIR}}/exit-gates/exitgate-custom.cmake\" OPTIONAL)  "
                        "# exitgate: do not remove\n",
                        CMAKE, project.build().string()));
}

TEST_F(Gates, ACTestCustomThatWasReplacedAfterwardsIsARedTest) {
  const Consumer project("find-package");
  project.make({"SERVICE=" + service().string()});
  write_file(project.build() / "CTestCustom.cmake", "set(CTEST_CUSTOM_TESTS_IGNORE left-out)\n");
  for (const char* const label : {"^EG-CG5$", "^hygiene$"}) {
    const auto finished = project.ctest({"-L", label});
    EXPECT_NE(finished.exit_code, 0) << finished.output;
    EXPECT_THAT(finished.output, HasSubstr("CTestCustom.cmake was replaced after the configuration"));
  }
}

TEST_F(Gates, ACallInASubdirectoryIsSealedWhereverCTestStarts) {
  const Consumer project("subdirectory");
  project.make({"SERVICES=" + service().string()});
  const auto sealed = project.build() / "quality/exit-gates/archives";
  const auto top = project.ctest({"-L", "EG-CG5"});
  EXPECT_EQ(top.exit_code, 0) << top.output;
  EXPECT_EQ(archives(sealed).size(), 1U) << top.output;
  std::filesystem::remove_all(sealed);
  const auto below = Consumer::ctest_in(project.build() / "quality", {"-L", "EG-CG5"});
  EXPECT_EQ(below.exit_code, 0) << below.output;
  EXPECT_EQ(archives(sealed).size(), 1U) << below.output;
}

TEST_F(Gates, ASecondCallNeedsANameOfItsOwn) {
  const Consumer project("subdirectory");
  const auto configured =
      project.configure({fmt::format("SERVICES={};{}", service().string(), red_service().string())});
  EXPECT_NE(configured.exit_code, 0);
  EXPECT_THAT(configured.output, HasSubstr("Give each call a NAME of its own"));
}

TEST_F(Gates, TwoRepositoriesOfOneBuildAreSealedEachByItself) {
  const Consumer project("subdirectory");
  project.make({fmt::format("SERVICES=one={};two={}", service().string(), red_service().string())});
  const auto one = project.build() / "quality/exit-gates-one";
  const auto two = project.build() / "quality/exit-gates-two";

  const auto both = project.ctest({"-L", "^EG-CG1$", "-j", "2"});
  EXPECT_NE(both.exit_code, 0) << both.output;
  EXPECT_THAT(both.output, HasSubstr("one.EG-CG1.retention"));
  EXPECT_EQ(verdict(one / "run", "EG-CG1.retention"), "pass");
  EXPECT_EQ(verdict(two / "run", "EG-CG1.retention"), "fail");
  EXPECT_EQ(archives(one / "archives").size(), 1U) << both.output;
  EXPECT_EQ(archives(two / "archives").size(), 1U) << both.output;

  // The environment's target is not that of both, and a name is a label.
  std::filesystem::remove_all(one / "archives");
  const auto green = Consumer::ctest_in(project.build(), {"-L", "^EG-CG1$", "-L", "^one$"},
                                        {"EXITGATE_REPO=" + red_service().string()});
  EXPECT_EQ(green.exit_code, 0) << green.output;
  EXPECT_THAT(green.output, Not(HasSubstr("two.")));
  EXPECT_EQ(archives(one / "archives").size(), 1U) << green.output;
  EXPECT_EQ(archives(two / "archives").size(), 1U);
}

TEST_F(Gates, TheMinimumOfCMakeIsStatedOnceAndAsked) {
  const auto text = read_file(SOURCE_TREE "/CMakeLists.txt");
  ASSERT_THAT(text, testing::StartsWith("cmake_minimum_required(VERSION 3.25)\n"));
  EXPECT_THAT(read_file(SOURCE_TREE "/CMakePresets.json"), Not(HasSubstr("cmakeMinimumRequired")));
  const Consumer project("subdirectory");
  const auto configured = project.configure({"SERVICES=" + service().string(), "PRETENDED_VERSION=3.24.4"});
  EXPECT_NE(configured.exit_code, 0);
  EXPECT_THAT(configured.output, HasSubstr("Exitgate needs CMake 3.25 or newer; this is 3.24.4"));
}

TEST_F(Gates, WithoutTestingThereAreNoTestsAndSoNoConfiguration) {
  const Consumer project("subdirectory");
  const auto configured = project.configure({"SERVICES=" + service().string(), "WITHOUT_TESTING=ON"});
  EXPECT_NE(configured.exit_code, 0);
  EXPECT_THAT(configured.output, HasSubstr("Call enable_testing() in the top-level"));
}

TEST_F(Gates, AnotherVersionIsNotAccepted) {
  const Consumer project("old-version");
  const auto configured = project.configure({});
  EXPECT_NE(configured.exit_code, 0);
  EXPECT_THAT(configured.output, HasSubstr("compatible with requested version \"0.1\""));
  EXPECT_THAT(configured.output, HasSubstr("version: 0.2.0"));
}

TEST_F(Gates, ACopyOfTheBuildFolderSaysSoAndTouchesNothingOfTheFirst) {
  const Consumer project("find-package");
  project.make({"SERVICE=" + service().string()});
  const auto copy = project.folder() / "copy";
  std::filesystem::copy(project.build(), copy, std::filesystem::copy_options::recursive);
  const auto listed = [&] { return shell(project.build(), "find exit-gates -printf '%p %T@\\n' | sort"); };
  const auto before = listed();
  for (const char* const label : {"EG-CG5", "EG-DB1"}) {
    const auto finished = Consumer::ctest_in(copy, {"-L", label});
    EXPECT_NE(finished.exit_code, 0) << finished.output;
    EXPECT_THAT(finished.output,
                HasSubstr("this build folder is a copy: it was configured as " + project.build().string()));
  }
  EXPECT_EQ(listed(), before);
  EXPECT_TRUE(archives(project.build() / "exit-gates/archives").empty());
}

}  // namespace
}  // namespace exitgate::testing_program
