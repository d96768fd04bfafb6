#include "harness/base/percent.h"

#include <gtest/gtest.h>

namespace exitgate {
namespace {

TEST(PercentEncoding, LeavesWhatIsUnreserved) {
  EXPECT_EQ(percent_encoded("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percent_encoded(""), "");
}

TEST(PercentEncoding, WritesEveryOtherByteInTheDigitsAskedFor) {
  EXPECT_EQ(percent_encoded("a b/c%2F"), "a%20b%2Fc%252F");
  EXPECT_EQ(percent_encoded("\xC3\xBC\n"), "%C3%BC%0A");
  EXPECT_EQ(percent_encoded("\xC3\xBC/", "", HexDigits::lower), "%c3%bc%2f");
}

TEST(PercentEncoding, KeepsWhatItIsToldTo) {
  EXPECT_EQ(percent_encoded("/a b?", "/"), "/a%20b%3F");
}

}  // namespace
}  // namespace exitgate
