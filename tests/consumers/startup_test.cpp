// What a start of the program costs, before it does anything.
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>

#include "harness/base/text.h"
#include "tests/consumers/consumer.h"

namespace exitgate::testing_program {
namespace {

using testing::HasSubstr;
using testing::Not;

double milliseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

// Processor time, which other programs on the machine lengthen less than they do the time on the clock.
double cost_of(const char* option) {
  const pid_t child = ::fork();
  if (child == 0) {
    if (std::freopen("/dev/null", "w", stdout) == nullptr) ::_exit(126);
    ::execl(EXITGATE_PROGRAM, EXITGATE_PROGRAM, option, nullptr);
    ::_exit(127);
  }
  int status = 0;
  rusage used{};
  EXPECT_EQ(::wait4(child, &status, 0, &used), child);
  EXPECT_EQ(status, 0);
  return milliseconds(used.ru_utime) + milliseconds(used.ru_stime);
}

TEST(Startup, TakesLessThanTenMilliseconds) {
#if defined(EXITGATE_SANITIZED)
  GTEST_SKIP() << "a sanitizer's start takes longer";
#endif
  for (const char* const option : {"--version", "--help"}) {
    double least = 1e9;
    for (int time = 0; time < 20; ++time) least = std::min(least, cost_of(option));
    EXPECT_LT(least, 10.0) << option;
  }
}

// libpq and the twenty libraries below it are the largest part: they are loaded when a database is spoken to.
TEST(Startup, LoadsNoLibpq) {
  const auto read = run({.arguments = {"readelf", "--dynamic", EXITGATE_PROGRAM}});
  ASSERT_TRUE(read.ok()) << read.error;
  EXPECT_THAT(read.output, HasSubstr("libsqlite3"));
  EXPECT_THAT(read.output, Not(HasSubstr("libpq.so")));
}

}  // namespace
}  // namespace exitgate::testing_program
