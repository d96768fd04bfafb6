// What ctest is told where the suite or the target cannot be read: a failing test that every selection meets.
#include <fmt/core.h>
#include <gmock/gmock.h>

#include "tests/cli/program.h"

namespace exitgate::testing_program {
namespace {

using testing::HasSubstr;

class Discover : public testing::Test {
 protected:
  Discover() {
    std::filesystem::create_directories(repository());
    shell(repository(),
          "git init -q --initial-branch=main . && git config user.email a@example.org && "
          "git config user.name A && git commit -q --allow-empty -m first");
  }
  std::filesystem::path repository() const { return folder_.path() / "repository"; }
  std::filesystem::path build() const { return folder_.path() / "build"; }

  // What `ctest -L LABEL` of the build folder ends with and says; with another option, what that selects.
  ProcessResult ctest(const std::string& label, const std::string& option = "-L") const {
    Command command;
    command.arguments = {"ctest", "--test-dir", build().string(), "--output-on-failure", option, label};
    command.merge_error = true;
    return run(command);
  }

  TemporaryDirectory folder_{"discover-test"};
};

TEST_F(Discover, ATargetThatCannotBeReadIsMetByEveryLabel) {
  write_file(repository() / "exitgate.yaml",
             "gates:\n  - exit-gate: EG-OURS1\n    title: Ours\n    gates:\n      - id: own\n"
             "        labels: [nightly]\nunknown-key: 1\n");
  commit_all(repository(), "a configuration with a slip");
  const auto discovered =
      exitgate({"discover", "--build", build().string(), "--repo", repository().string()});
  ASSERT_EQ(discovered.exit_code, 0);
  const std::string tests = read_file(discovered.output);
  EXPECT_THAT(tests, HasSubstr("exitgate.suite"));
  write_file(build() / "CTestTestfile.cmake", "include(" + discovered.output + ")\n");
  for (const char* const label : {"^EG-DB1$", "^EG-CG2$", "^hygiene$", "^EG-OURS1$", "^nightly$"}) {
    const auto finished = ctest(label);
    EXPECT_NE(finished.exit_code, 0) << label << finished.output;
    EXPECT_THAT(finished.output, HasSubstr("unknown key 'unknown-key'")) << label;
  }
}

TEST_F(Discover, ACommitThatIsNotThereIsMetByEveryLabel) {
  const auto discovered = exitgate({"discover", "--build", build().string(), "--repo", repository().string(),
                                    "--commit", "no-such-commit"});
  ASSERT_EQ(discovered.exit_code, 0);
  write_file(build() / "CTestTestfile.cmake", "include(" + discovered.output + ")\n");
  const auto finished = ctest("^EG-DB1$");
  EXPECT_NE(finished.exit_code, 0) << finished.output;
  EXPECT_THAT(finished.output, HasSubstr("unknown commit 'no-such-commit'"));
  const auto by_name = ctest("retention", "-R");
  EXPECT_NE(by_name.exit_code, 0) << by_name.output;
  EXPECT_THAT(by_name.output, HasSubstr("unknown commit 'no-such-commit'"));
}

// Here no program says which labels there are: the module reads them from the gate files.
TEST_F(Discover, AProgramThatIsNotBuiltIsMetByEveryLabel) {
  write_file(folder_.path() / "project/own/EG-OURS1.yaml",
             "exit-gate: EG-OURS1\ngates:\n  - id: own\n    labels:\n      - nightly\n");
  write_file(repository() / "exitgate.yaml", "gates:\n  - exit-gate: EG-OURS2\n");
  write_file(folder_.path() / "project/CMakeLists.txt",
             fmt::format("cmake_minimum_required(VERSION 3.22)\nproject(Using LANGUAGES NONE)\n"
                         "enable_testing()\ninclude({})\n"
                         "exitgate_add_gates(PROGRAM /nonexistent/exitgate REPO {} SUITE {}/own)\n",
                         GATES_MODULE, repository().string(), (folder_.path() / "project").string()));
  shell(folder_.path(), "cmake -S project -B build");
  for (const char* const label :
       {"^EG-DB1$", "^EG-CG1$", "^hygiene$", "^static$", "^EG-OURS1$", "^nightly$", "^EG-OURS2$"}) {
    const auto finished = ctest(label);
    EXPECT_NE(finished.exit_code, 0) << label << finished.output;
    EXPECT_THAT(finished.output, HasSubstr("/nonexistent/exitgate is not built yet")) << label;
  }
  for (const char* const name : {"retention", "^EG-CG1.retention$", "^EG-OURS1.own$", "^EG-DB1"}) {
    const auto finished = ctest(name, "-R");
    EXPECT_NE(finished.exit_code, 0) << name << finished.output;
    EXPECT_THAT(finished.output, HasSubstr("/nonexistent/exitgate is not built yet")) << name;
  }
}

}  // namespace
}  // namespace exitgate::testing_program
