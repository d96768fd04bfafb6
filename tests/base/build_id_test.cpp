#include "harness/base/build_id.h"

#include <gmock/gmock.h>

#include "harness/base/process.h"

namespace exitgate {
namespace {

TEST(BuildId, IsWhatReadelfSaysOfTheProgram) {
  const auto id = build_id();
  EXPECT_THAT(id, testing::MatchesRegex("([0-9a-f][0-9a-f])+"));
  if (!find_program("readelf")) GTEST_SKIP() << "readelf is not installed";
  const auto said = run({.arguments = {"readelf", "-n", "/proc/self/exe"}});
  const auto mine = run({.arguments = {"sh", "-c", "readelf -n /proc/$PPID/exe"}});
  EXPECT_THAT(mine.output, testing::HasSubstr("Build ID: " + id));
  EXPECT_THAT(said.output, testing::Not(testing::HasSubstr(id)));  // of readelf itself
}

}  // namespace
}  // namespace exitgate
