// A ctest that is ended, a check that is ended or takes too long, and two ctests at once in one folder.

#include <gmock/gmock.h>

#include <algorithm>
#include <csignal>

#include "harness/base/text.h"
#include "harness/marks/mark.h"
#include "harness/marks/owner.h"
#include "tests/ctest/each_version.h"

namespace exitgate::testing_ctest {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

constexpr bool kGreen = false;
constexpr bool kRed = true;
constexpr bool kNoReplay = false;  // of the gate that has no end
const std::string kSlow = "EG-T3.slow";

bool is_gone(pid_t pid) {
  const auto stat = std::filesystem::path("/proc") / std::to_string(pid) / "stat";
  if (!std::filesystem::exists(stat)) return true;
  try {
    const auto text = read_file(stat);
    return text.find(") Z ") != std::string::npos;
  } catch (const std::exception&) {
    return true;
  }
}

// The process that leaves the mark of the endless gate, and its child, which evaluates it.
struct Slow {
  pid_t check = 0;
  pid_t child = 0;
};

class Interrupted : public EachVersion {
 protected:
  // ctest on the endless gate, as a suite that the environment names.
  Command slow_ctest(std::vector<std::string> arguments = {"-L", "EG-T3"}) const {
    auto command = project().command(project().ctest_arguments(std::move(arguments)), kGreen);
    command.environment->push_back("EXITGATE_SUITE=" + (project().folder() / "slow").string());
    return command;
  }
  // Waits until the gate is being evaluated.
  std::optional<Slow> slow() const {
    Slow slow;
    const auto file = project().run_directory().marks() / (kSlow + ".1.json");
    const auto began = [&] {
      if (!std::filesystem::exists(file)) return false;
      const auto mark = Json::try_parse(read_file(file));
      if (!mark) return false;
      slow.check = static_cast<pid_t>(mark->integer_or("process", 0));
      const auto children = std::filesystem::path("/proc") / std::to_string(slow.check) / "task" /
                            std::to_string(slow.check) / "children";
      if (!std::filesystem::exists(children)) return false;
      const auto text = read_file(children);
      slow.child = static_cast<pid_t>(std::atoi(text.c_str()));
      return slow.child > 0;
    };
    if (!eventually(began)) return std::nullopt;
    return slow;
  }
  std::string reason() const {
    return Json::parse(read_file(project().run_directory().verdict(kSlow))).text_or("reason");
  }
  // A run in the same folder afterwards is not held up, and is its own.
  void expect_a_good_run() const {
    const auto finished = project().ctest({"-L", "EG-T1"}, kGreen);
    EXPECT_EQ(finished.exit_code, 0) << finished.output;
    const auto archives = project().take_archives();
    ASSERT_THAT(archives, SizeIs(1));
    EXPECT_EQ(archives[0].outcome, "pass");
    EXPECT_THAT(archives[0].selected, ElementsAre("EG-T1.good", "EG-T1.judged"));
    EXPECT_EQ(archives[0].verify, 0);
  }
};

TEST_P(Interrupted, ASignalToCTestLeavesNoArchiveAndNothingThatRunsOn) {
  for (const int signal : {SIGINT, SIGTERM, SIGKILL}) {
    SCOPED_TRACE(::strsignal(signal));
    Started ctest(slow_ctest());
    const auto running = slow();
    ASSERT_TRUE(running) << ctest.output();
    ctest.signal(signal);
    EXPECT_NE(ctest.wait(), 0) << ctest.output();
    EXPECT_TRUE(eventually([&] { return is_gone(running->check) && is_gone(running->child); }));
    EXPECT_THAT(project().take_archives(), IsEmpty());
    expect_a_good_run();
  }
}

TEST_P(Interrupted, ACheckThatIsKilledSaysSo) {
  Started ctest(slow_ctest());
  const auto running = slow();
  ASSERT_TRUE(running) << ctest.output();
  ::kill(running->child, SIGABRT);
  EXPECT_EQ(ctest.wait(), 8) << ctest.output();
  EXPECT_EQ(reason(), "the check was killed by signal 6 (Aborted)");
  const auto archives = project().take_archives(kNoReplay);
  ASSERT_THAT(archives, SizeIs(1));
  EXPECT_EQ(archives[0].outcome, "error");
  EXPECT_EQ(archives[0].verify, 0);
}

TEST_P(Interrupted, ACheckThatIsKilledWithWhatWatchesOverItSaysSo) {
  Started ctest(slow_ctest());
  const auto running = slow();
  ASSERT_TRUE(running) << ctest.output();
  ::kill(running->check, SIGKILL);
  EXPECT_EQ(ctest.wait(), 8) << ctest.output();
  EXPECT_TRUE(eventually([&] { return is_gone(running->child); }));
  EXPECT_EQ(reason(), "the check was killed before it ended");
  const auto archives = project().take_archives(kNoReplay);
  ASSERT_THAT(archives, SizeIs(1));
  EXPECT_EQ(archives[0].outcome, "error");
}

TEST_P(Interrupted, TheSecondOfTwoIsRejectedByName) {
  Started first(slow_ctest());
  const auto running = slow();
  ASSERT_TRUE(running) << first.output();
  const auto second = project().ctest({"-L", "EG-T1"}, kRed);
  EXPECT_EQ(second.exit_code, 8) << second.output;
  EXPECT_THAT(second.output,
              HasSubstr("exitgate: another ctest (pid " + std::to_string(first.pid()) + ", since "));
  EXPECT_THAT(second.output, HasSubstr("wait for it, or use another build folder"));
  EXPECT_THAT(project().take_archives(), IsEmpty());
  // Listing is no run.
  EXPECT_EQ(project().ctest({"-N"}, kRed).exit_code, 0);
  // The first goes on as if nothing had been.
  ::kill(running->child, SIGABRT);
  EXPECT_EQ(first.wait(), 8);
  const auto archives = project().take_archives(kNoReplay);
  ASSERT_THAT(archives, SizeIs(1));
  EXPECT_THAT(archives[0].selected, ElementsAre(kSlow));
}

// Whichever comes first: an archive and an exit code are always of the same target, and red never ends with 0.
TEST_P(Interrupted, TwoAtOnceAreNeverMixed) {
  for (int round = 0; round < 4; ++round) {
    const auto arguments = project().ctest_arguments({"--preset", "gates"});
    Started green(project().command(arguments, kGreen));
    Started red(project().command(arguments, kRed));
    const int green_code = green.wait();
    const int red_code = red.wait();
    const bool green_ran = green.output().find("another ctest (pid") == std::string::npos;
    const bool red_ran = red.output().find("another ctest (pid") == std::string::npos;
    EXPECT_TRUE(green_ran || red_ran);
    EXPECT_EQ(green_code, green_ran ? 0 : 8) << green.output();
    EXPECT_EQ(red_code, 8) << red.output();
    EXPECT_EQ(green.output().find("EG-T1.judged (Failed)"), std::string::npos) << green.output();
    const auto archives = project().take_archives();
    EXPECT_THAT(archives, SizeIs(std::size_t{green_ran} + std::size_t{red_ran}))
        << green.output() << red.output();
    for (const auto& archive : archives) {
      const bool is_red = archive.commit == project().commit(kRed);
      EXPECT_TRUE(is_red ? red_ran : green_ran);
      EXPECT_EQ(archive.outcome, is_red ? "fail" : "pass");
      EXPECT_EQ(archive.verify, 0);
    }
  }
}

TEST_P(Interrupted, ACheckThatTakesTooLongIsEndedAndSaysSo) {
  const auto out = project().source() / "out";
  auto command = project().command({EXITGATE_PROGRAM, "run", "--out", "out", "--suite",
                                    (project().folder() / "suite").string(), "--label", "EG-T1"},
                                   kGreen);
  ASSERT_EQ(run(command).exit_code, 0);
  // The same tests with the endless gate in them, and a limit of a second.
  std::string tests = read_file(out / ".ctest/CTestTestfile.cmake");
  const std::string limit = "[=[--timeout]=] [=[120]=]";
  for (auto at = tests.find(limit); at != std::string::npos; at = tests.find(limit))
    tests.replace(at, limit.size(), "[=[--timeout]=] [=[1]=]");
  for (const std::string suite = (project().folder() / "suite").string();
       tests.find(suite) != std::string::npos;)
    tests.replace(tests.find(suite), suite.size(), (project().folder() / "slow").string());
  for (const std::string good = "EG-T1.good"; tests.find(good) != std::string::npos;)
    tests.replace(tests.find(good), good.size(), kSlow);
  write_file(out / ".ctest/CTestTestfile.cmake", tests);
  const auto finished = project().run({"ctest", "--test-dir", "out/.ctest", "-R", kSlow}, kGreen);
  EXPECT_EQ(finished.exit_code, 8) << finished.output;
  const auto verdict = Json::parse(read_file(out / "verdicts" / (kSlow + ".json")));
  EXPECT_EQ(verdict.text_or("status"), "error");
  EXPECT_EQ(verdict.text_or("reason"), "the check timed out after 1 s");
}

INSTANTIATE_TEST_SUITE_P(CMake, Interrupted, testing::ValuesIn(versions()), name_of_version);

}  // namespace
}  // namespace exitgate::testing_ctest
