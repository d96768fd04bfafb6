// Sealing that is cut short: the final name holds a whole archive or what it held before.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "harness/base/file.h"
#include "harness/evidence/bag.h"
#include "harness/evidence/seal.h"
#include "tests/evidence/sample_run.h"

namespace exitgate::evidence {
namespace {

namespace fs = std::filesystem;

// More rounds than a quick run has time for: EXITGATE_TEST_ROUNDS=500.
int rounds(int standard) {
  const char* given = std::getenv("EXITGATE_TEST_ROUNDS");
  return given != nullptr ? std::atoi(given) : standard;
}

class Interrupted : public testing::Test {
 protected:
  Interrupted()
      : folder_("exitgate-interrupted"),
        run_(folder_.path() / "run"),
        archive_(folder_.path() / "out" / "a.tar.zst") {
    write_sample_run(run_);
    std::string log;
    for (int line = 0; line < 4000; ++line) log += fmt::format("line {} {}\n", line, line * 2654435761U);
    write_file(run_ / "logs" / "long.log", log);
  }
  std::size_t left_over() const {
    std::size_t count = 0;
    for (const auto& entry : fs::directory_iterator(archive_.parent_path())) {
      count += entry.path().filename().string().starts_with(".") ? 1 : 0;
    }
    return count;
  }
  TemporaryDirectory folder_;
  fs::path run_;
  fs::path archive_;
};

TEST_F(Interrupted, AKillAtAnyMomentLeavesAWholeArchiveOrNone) {
  std::uint64_t state = 20261123;
  int killed = 0;
  int whole = 0;
  const int all = rounds(40);
  for (int round = 0; round < all; ++round) {
    const pid_t child = ::fork();
    if (child == 0) {
      for (int number = 0;; ++number) {
        write_file(run_ / "logs" / "number.log", fmt::format("{}\n", number));
        seal({.run = run_, .archive = archive_});
      }
    }
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    ::usleep(static_cast<useconds_t>((state >> 33) % 120'000));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "sealing failed by itself";
    ++killed;
    if (!fs::exists(archive_)) continue;
    const Bag bag = read_bag(archive_);
    EXPECT_TRUE(bag.checksum_problems.empty() && bag.completeness_problems.empty());
    ++whole;
  }
  EXPECT_EQ(killed, all);
  EXPECT_GT(whole, 0);
  // What killed ones left goes with the next that is not.
  seal({.run = run_, .archive = archive_});
  EXPECT_EQ(left_over(), 0U);
}

TEST_F(Interrupted, AFullDiskAtAnySizeLeavesWhatWasThere) {
  seal({.run = run_, .archive = archive_});
  const std::string before = read_file(archive_);
  write_file(run_ / "logs" / "more.log", "more\n");
  constexpr int kSizes = 100;
  for (int part = 0; part < kSizes; ++part) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::signal(SIGXFSZ, SIG_IGN);
      const rlim_t limit = before.size() * static_cast<rlim_t>(part) / kSizes;
      const struct rlimit size { limit, limit };
      ::setrlimit(RLIMIT_FSIZE, &size);
      int code = 1;
      try {
        seal({.run = run_, .archive = archive_});
      } catch (const Undecided& error) {
        code = std::string(error.what()).starts_with("cannot write") ? 42 : 2;
      }
      ::_exit(code);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFEXITED(status));
    ASSERT_EQ(WEXITSTATUS(status), 42) << part;
  }
  EXPECT_TRUE(before == read_file(archive_));
  EXPECT_EQ(left_over(), 0U);
}

}  // namespace
}  // namespace exitgate::evidence
