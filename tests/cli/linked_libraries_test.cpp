// What the dynamic loader brings in at a check's start is most of what the start costs: docs/architecture.md.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/process.h"
#include "harness/base/text.h"

namespace exitgate {
namespace {

using ::testing::Contains;

// The language's own, which a sanitizer asks for more of, and what a check is made of.
const std::vector<std::string> kAllowed = {"libstdc++",       "libgcc_s",   "libc",  "libm",
                                           "ld-linux-x86-64", "libdl",      "librt", "libpthread",
                                           "libresolv",       "libsqlite3", "libfmt"};

TEST(LinkedLibraries, ACheckNeedsSQLiteAndFmtAlone) {
#if defined(EXITGATE_SANITIZED)
  GTEST_SKIP() << "a sanitizer brings libraries of its own";
#endif
  const auto checks = std::filesystem::path(EXITGATE_PROGRAM).parent_path() / "checks";
  int seen = 0;
  for (const auto& check : std::filesystem::directory_iterator(checks)) {
    const auto read = run({.arguments = {"readelf", "--dynamic", check.path().string()}});
    ASSERT_TRUE(read.ok()) << read.error;
    std::vector<std::string> needed;
    for (const auto& line : split(read.output, '\n')) {
      const auto from = line.find("Shared library: [");
      if (from == std::string::npos) continue;
      const auto name = line.substr(line.find('[') + 1);
      needed.push_back(name.substr(0, name.find(".so")));
    }
    EXPECT_THAT(needed, Contains("libsqlite3")) << check.path();
    for (const auto& library : needed) EXPECT_THAT(kAllowed, Contains(library)) << check.path();
    ++seen;
  }
  EXPECT_GT(seen, 40);
}

}  // namespace
}  // namespace exitgate
