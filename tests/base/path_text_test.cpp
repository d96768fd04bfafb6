#include "harness/base/path_text.h"

#include <gtest/gtest.h>

namespace exitgate {
namespace {

TEST(PathText, IsThePathItselfWhereItIsText) {
  for (const char* path :
       {"d/a.txt", "d/\u00e9.txt", "a\\b", "a\\\\b", "a\\12", "a\\177", "a\\400", "a\nb", ""}) {
    EXPECT_EQ(path_text(path), path);
    EXPECT_EQ(path_bytes(path), path);
  }
}

TEST(PathText, TwoPathsAreNeverOneText) {
  EXPECT_EQ(path_text("d/a\xE9.txt"), "d/a\\351.txt");
  EXPECT_EQ(path_text("d/a\xE8.txt"), "d/a\\350.txt");
  EXPECT_EQ(path_text("d/a\\351.txt"), "d/a\\\\351.txt") << "a name that looks like it";
  EXPECT_EQ(path_text("d/a\\\\351.txt"), "d/a\\\\\\\\351.txt");
  EXPECT_EQ(path_text("\xFF\\\u00e9\xC3"), "\\377\\\\\u00e9\\303");
}

TEST(PathText, ComesBack) {
  for (const char* path :
       {"d/a\xE9.txt", "d/a\\351.txt", "d/a\\\\351.txt", "\xFF\\\u00e9\xC3", "\\\xFF", "\xC3\\\\", "\\3510"})
    EXPECT_EQ(path_bytes(path_text(path)), path);
}

}  // namespace
}  // namespace exitgate
