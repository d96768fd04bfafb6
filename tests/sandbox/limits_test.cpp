// What a command may take, and that what it started ends with it.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "contained.h"

namespace exitgate::sandbox {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

// A second for what has been killed to be gone.
bool ends(const std::string& words) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  while (is_running(words) && std::chrono::steady_clock::now() < until) ::usleep(2000);
  return !is_running(words);
}

TEST(SandboxLimits, TimeEndsWhatIgnoresSignals) {
  Contained contained;
  const auto step = contained.run(
      "trap '' TERM INT HUP; (trap '' TERM; setsid sleep 980011 &) ; sleep 980012", std::chrono::seconds(1));
  EXPECT_THAT(step.outcome, StartsWith("no end within 1"));
  EXPECT_TRUE(ends("sleep 980011"));
  EXPECT_TRUE(ends("sleep 980012"));
}

TEST(SandboxLimits, MemoryOfOneProcess) {
  Contained contained({.memory_mb = 256});
  const auto step = contained.run("python3 -c 'import time; a = bytearray(700 << 20); time.sleep(60)'");
  EXPECT_EQ(step.outcome,
            "ended: its processes took more than 256 MB of memory together (`memory: 512` under `database:` "
            "allows more)");
}

TEST(SandboxLimits, MemoryOfManyProcessesTogether) {
  Contained contained({.memory_mb = 256});
  const auto step = contained.run(
      "for i in 1 2 3 4 5 6 7 8; do python3 -c 'import time; a = bytearray(60 << 20); time.sleep(60)' & "
      "done; wait");
  EXPECT_THAT(step.outcome, StartsWith("ended: its processes took more than 256 MB of memory"));
}

TEST(SandboxLimits, MemoryOfFilesInMemory) {
  if (!containment().files) GTEST_SKIP() << containment().reason;
  Contained contained({.memory_mb = 256});
  const auto step = contained.run("head -c 400M /dev/zero > /dev/shm/big; sleep 20");
  EXPECT_THAT(contained.log(), HasSubstr("No space left on device"));
  EXPECT_FALSE(step.ok());
}

TEST(SandboxLimits, MemoryThatIsOnlyReservedIsFree) {
  Contained contained({.memory_mb = 256});
  // As a JVM does.
  const auto step = contained.run(
      "python3 -c 'import ctypes; libc = ctypes.CDLL(None); libc.mmap.restype = ctypes.c_void_p; "
      "print(libc.mmap(None, ctypes.c_size_t(64 << 30), 0, 0x4022, -1, 0) != ctypes.c_void_p(-1).value)'");
  EXPECT_EQ(step.outcome, "ok");
  EXPECT_THAT(contained.log(), HasSubstr("True"));
}

TEST(SandboxLimits, DiskByOneFile) {
  Contained contained({.disk_mb = 300});
  const auto step = contained.run("head -c 3G /dev/zero > big; sleep 60");
  EXPECT_EQ(
      step.outcome,
      "ended: its processes filled more than 300 MB of disk (`disk: 600` under `database:` allows more)");
}

TEST(SandboxLimits, DiskByManyFiles) {
  Contained contained({.disk_mb = 300});
  const auto step = contained.run(
      "python3 -c '\nimport os\nfor i in range(2000000):\n  os.close(os.open(\"f%d\" % i, os.O_CREAT))'");
  EXPECT_THAT(step.outcome, StartsWith("ended: its processes filled more than 300 MB of disk"));
}

TEST(SandboxLimits, DiskBySql) {
  if (!containment().files) GTEST_SKIP() << containment().reason;
  Contained contained({.disk_mb = 300});
  const auto step = contained.run(
      "psql -c \"CREATE TABLE big AS SELECT repeat(md5(n::text), 100) AS t FROM generate_series(1, "
      "100000000) n\"");
  EXPECT_EQ(step.outcome,
            "ended: the processes of the embedded server filled more than 300 MB of disk (`disk: 600` under "
            "`database:` allows more)");
}

TEST(SandboxLimits, Processes) {
  if (!containment().processes) GTEST_SKIP() << containment().reason;
  Contained contained;
  // Each of them makes two, and so on; of some generations, since a sandbox that fails must not take the machine with it.
  const auto step = contained.run(
      "bomb() { if [ $1 -gt 0 ]; then bomb $(($1 - 1)) & bomb $(($1 - 1)) & wait; else exec sleep 980013; "
      "fi; }; "
      "bomb 11; sleep 60");
  EXPECT_THAT(step.outcome, StartsWith("ended: its processes were more than 1024 at a time"));
  EXPECT_TRUE(ends("sleep 980013"));
}

TEST(SandboxLimits, Output) {
  Contained contained;
  const auto step = contained.run("yes nonsense", std::chrono::seconds(2));
  EXPECT_THAT(step.outcome, StartsWith("no end within 2"));
  EXPECT_LT(contained.log().size(), 17U << 20U);
  EXPECT_THAT(contained.log(), HasSubstr("[the rest of the output is left out: more than 16 MiB]"));
}

}  // namespace
}  // namespace exitgate::sandbox
