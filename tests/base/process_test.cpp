#include "harness/base/process.h"

#include <gmock/gmock.h>

#include <csignal>

#include "harness/base/error.h"
#include "harness/base/file.h"

namespace exitgate {
namespace {

using namespace std::chrono_literals;

TEST(Run, KeepsOutputErrorAndExitCodeApart) {
  const auto finished = run({.arguments = {"sh", "-c", "echo out; echo err >&2; exit 3"}});
  EXPECT_EQ(finished.output, "out\n");
  EXPECT_EQ(finished.error, "err\n");
  EXPECT_EQ(finished.exit_code, 3);
  EXPECT_EQ(finished.outcome(), "exit code 3");
}

TEST(Run, FeedsInputLargerThanAPipe) {
  const std::string input(1 << 20, 'x');
  EXPECT_EQ(run({.arguments = {"wc", "-c"}, .input = input}).output, "1048576\n");
}

TEST(Run, GivesTheEnvironmentAndFolderItIsTold) {
  const TemporaryDirectory folder("process-test");
  const auto finished =
      run({.arguments = {"/bin/sh", "-c", "pwd; env | grep -v '^_=\\|^PWD=\\|^SHLVL=\\|^OLDPWD='"},
           .directory = folder.path(),
           .environment = std::vector<std::string>{"ONLY=this"}});
  EXPECT_EQ(finished.output, std::filesystem::canonical(folder.path()).string() + "\nONLY=this\n");
}

TEST(Run, EndsTheWholeGroupAtTheLimit) {
  const TemporaryDirectory folder("process-test");
  const auto finished = run({.arguments = {"sh", "-c", "sleep 600 & echo $! > child; wait"},
                             .directory = folder.path(),
                             .limit = 300ms});
  EXPECT_TRUE(finished.timed_out);
  EXPECT_EQ(finished.exit_code, -1);
  EXPECT_THAT(finished.outcome(), testing::StartsWith("no end within 0.3"));
  const pid_t child = std::stoi(read_file(folder.path() / "child"));
  // Killed with the group: gone, or a zombie that its new parent has yet to reap.
  const auto state = run({.arguments = {"ps", "-o", "stat=", "-p", std::to_string(child)}}).output;
  EXPECT_TRUE(state.empty() || state[0] == 'Z') << state;
}

TEST(Run, DoesNotWaitForADaemonThatKeepsThePipe) {
  const auto finished = run({.arguments = {"sh", "-c", "sleep 600 & echo done"}, .limit = 30s});
  EXPECT_EQ(finished.output, "done\n");
  EXPECT_EQ(finished.exit_code, 0);
}

TEST(Run, SaysWhatCannotBeRun) {
  try {
    run({.arguments = {"no-such-program-here"}});
    FAIL() << "nothing was thrown";
  } catch (const Undecided& error) {
    EXPECT_STREQ(error.what(), "cannot run 'no-such-program-here': not found on PATH");
    EXPECT_EQ(error.hint(), "install it, or put it on PATH");
  }
}

TEST(Run, NamesTheSignal) {
  EXPECT_EQ(run({.arguments = {"sh", "-c", "kill -9 $$"}}).outcome(), "killed by signal 9 (Killed)");
}

TEST(Talk, ReadsLinesAndExactBytes) {
  Process cat({.arguments = {"cat"}});
  cat.write("one\n12345678");
  EXPECT_EQ(cat.read_line(), "one");
  EXPECT_EQ(cat.read_exactly(8), "12345678");
}

TEST(Talk, SaysWhenTheProgramHasGone) {
  Process gone({.arguments = {"true"}});
  EXPECT_THROW(gone.read_line(), Undecided);
}

}  // namespace
}  // namespace exitgate
