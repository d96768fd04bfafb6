// Exitgate as a part of another project, which keeps its own settings and gets none of Exitgate's tests.
#include <gmock/gmock.h>

#include "tests/consumers/consumer.h"

namespace exitgate::testing_program {
namespace {

using testing::HasSubstr;
using testing::Not;

class Part : public testing::TestWithParam<const char*> {};

TEST_P(Part, LeavesTheProjectAsItIs) {
  const TemporaryDirectory folder{"part"};
  make_sample(folder.path() / "service");
  const Consumer project("part");
  const auto configured = project.configure({"EXITGATE=" SOURCE_TREE, std::string("FETCH=") + GetParam(),
                                             "SERVICE=" + (folder.path() / "service").string(),
                                             "CMAKE_EXPORT_COMPILE_COMMANDS=ON"});
  ASSERT_TRUE(configured.ok()) << configured.output;
  EXPECT_FALSE(std::filesystem::exists(project.build() / "CPackConfig.cmake"));

  // What is our own is compiled as C++20 all the same, and what is theirs as they say.
  const auto commands = read_file(project.build() / "compile_commands.json");
  EXPECT_THAT(commands, HasSubstr("check.cpp"));
  EXPECT_THAT(commands, HasSubstr("-std=c++20"));
  EXPECT_THAT(commands, Not(HasSubstr("ccache")));
  EXPECT_THAT(commands, Not(HasSubstr("/tests/gate/")));
  const auto at = commands.find("own.cpp.o -c");
  ASSERT_NE(at, std::string::npos);
  const auto from = commands.rfind("\"command\"", at);
  EXPECT_THAT(commands.substr(from, at - from), Not(HasSubstr("-std=")));

  // Nothing is built yet: every gate of the suite says so.
  const auto finished = project.ctest({});
  EXPECT_NE(finished.exit_code, 0);
  EXPECT_THAT(finished.output, HasSubstr("is not built yet"));
  EXPECT_THAT(finished.output, HasSubstr("EG-OURS1.named"));
}

INSTANTIATE_TEST_SUITE_P(By, Part, testing::Values("ON", "OFF"), [](const auto& by) {
  return std::string(by.param) == "ON" ? "FetchContent" : "AddSubdirectory";
});

}  // namespace
}  // namespace exitgate::testing_program
