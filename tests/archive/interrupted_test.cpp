// Sealing that is cut short: the final name holds a whole archive or what it held before.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>

#include "harness/archive/bag.h"
#include "harness/archive/seal.h"
#include "harness/base/file.h"
#include "tests/archive/chance.h"
#include "tests/archive/sample_run.h"

namespace exitgate::archive {
namespace {

namespace fs = std::filesystem;

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
  // As long as one takes on this machine, and half as long again, so that some are through.
  const auto started = std::chrono::steady_clock::now();
  seal({.run = run_, .archive = folder_.path() / "first" / "a.tar.zst"});
  const auto once =
      std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - started);
  const auto longest = static_cast<std::uint64_t>(once.count()) * 3 / 2 + 10'000;
  Chance random;
  int killed = 0;
  int whole = 0;
  constexpr int all = 500;
  for (int round = 0; round < all; ++round) {
    const pid_t child = ::fork();
    if (child == 0) {
      for (int number = 0;; ++number) {
        write_file(run_ / "logs" / "number.log", fmt::format("{}\n", number));
        seal({.run = run_, .archive = archive_});
      }
    }
    ::usleep(static_cast<useconds_t>(random(longest)));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status)) << "sealing failed by itself";
    ++killed;
    if (!fs::exists(archive_)) continue;
    const Bag bag = archive::read_bag(archive_);
    EXPECT_TRUE(bag.checksum_problems.empty() && bag.completeness_problems.empty());
    ++whole;
  }
  EXPECT_EQ(killed, all);
  EXPECT_GT(whole, 0);
  // What killed ones left goes with the next that is not.
  seal({.run = run_, .archive = archive_});
  EXPECT_EQ(left_over(), 0U);
}

// A file system of `bytes` at `folder`, seen by this process alone. Needs root, or a kernel that lets
// everybody have namespaces.
bool mount_small(const fs::path& folder, std::uint64_t bytes) {
  if (::unshare(CLONE_NEWNS) != 0 && ::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) return false;
  if (::mount("none", "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) return false;
  return ::mount("small", folder.c_str(), "tmpfs", 0, fmt::format("size={}", bytes).c_str()) == 0;
}

TEST_F(Interrupted, ADiskThatFillsUpHoldsAWholeArchiveOrNone) {
  seal({.run = run_, .archive = archive_});
  const std::uint64_t needed = fs::file_size(archive_);
  const fs::path small = folder_.path() / "small";
  fs::create_directories(small);
  Chance random;
  int full = 0;
  int whole = 0;
  constexpr int kSizes = 100;
  for (int round = 0; round < kSizes; ++round) {
    const std::uint64_t bytes = 4096 + random(needed + needed / 2);
    const pid_t child = ::fork();
    if (child == 0) {
      if (!mount_small(small, bytes)) ::_exit(77);
      const fs::path there = small / "a.tar.zst";
      int code = 0;
      try {
        seal({.run = run_, .archive = there});
      } catch (const Undecided& error) {
        const std::string said = fmt::format("{} {}", error.what(), error.hint());
        code = said.find("cannot write") != std::string::npos &&
                       said.find("the disk is full") != std::string::npos
                   ? 42
                   : 2;
      }
      if (fs::exists(there)) {
        const Bag bag = archive::read_bag(there);
        if (!bag.checksum_problems.empty() || !bag.completeness_problems.empty()) code = 3;
      } else if (code == 0) {
        code = 4;
      }
      for (const auto& entry : fs::directory_iterator(small)) {
        if (entry.path().filename().string().starts_with(".")) code = 5;
      }
      ::_exit(code);
    }
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFEXITED(status)) << bytes;
    if (WEXITSTATUS(status) == 77) GTEST_SKIP() << "no file system of its own may be mounted here";
    ASSERT_TRUE(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 42)
        << "code " << WEXITSTATUS(status) << " on a disk of " << bytes << " bytes";
    (WEXITSTATUS(status) == 0 ? whole : full) += 1;
  }
  EXPECT_GT(full, 20);
  EXPECT_GT(whole, 5);
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
}  // namespace exitgate::archive
