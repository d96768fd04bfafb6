#include "harness/base/time.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace exitgate {
namespace {

TEST(Time, IsWrittenInUtc) {
  const std::vector<std::pair<std::int64_t, std::string>> cases = {{0, "1970-01-01T00:00:00Z"},
                                                                   {-1, "1969-12-31T23:59:59Z"},
                                                                   {951782399, "2000-02-28T23:59:59Z"},
                                                                   {951782400, "2000-02-29T00:00:00Z"},
                                                                   {951868800, "2000-03-01T00:00:00Z"},
                                                                   {1795428000, "2026-11-23T10:00:00Z"},
                                                                   {4107542400, "2100-03-01T00:00:00Z"},
                                                                   {253402300799, "9999-12-31T23:59:59Z"},
                                                                   {253402300800, "10000-01-01T00:00:00Z"}};
  for (const auto& [seconds, text] : cases) {
    EXPECT_EQ(utc_time(seconds), text);
    if (text.size() == 20) {
      EXPECT_EQ(seconds_of_utc(text), seconds);
    }
  }
  EXPECT_EQ(utc_time(std::numeric_limits<std::int64_t>::max()), std::nullopt);
  EXPECT_EQ(utc_time(std::numeric_limits<std::int64_t>::min()), std::nullopt);
  EXPECT_EQ(utc_time(1'000'000'000'000'000), std::nullopt);
}

TEST(Time, EveryDayOfFourCenturiesThereAndBack) {
  for (std::int64_t day = -100'000; day < 150'000; ++day) {
    const std::int64_t seconds = day * 86'400 + (day * 7919 % 86'400 + 86'400) % 86'400;
    const auto text = utc_time(seconds);
    ASSERT_TRUE(text);
    ASSERT_EQ(seconds_of_utc(*text), seconds) << *text;
  }
}

TEST(Time, OnlyTheOneFormIsRead) {
  for (const char* text :
       {"", "2026-11-23", "2026-11-23T10:00:00", "2026-11-23 10:00:00Z", "2026-11-23T10:00:00z",
        "2026-02-29T10:00:00Z", "2026-11-31T10:00:00Z", "2026-11-23T24:00:00Z", "2026-11-23T10:60:00Z",
        "2026-11-23T10:00:60Z", "2026-11-23T10:00:0+Z", "+026-11-23T10:00:00Z", "2026-11-23T10:00:00Z ",
        "2026-00-23T10:00:00Z"})
    EXPECT_EQ(seconds_of_utc(text), std::nullopt) << text;
}

TEST(Time, NowIsAfterThisWasWritten) {
  const auto now = seconds_of_utc(utc_now());
  ASSERT_TRUE(now);
  EXPECT_GT(*now, 1'700'000'000);
}

TEST(Time, ADateIsADayThatTheCalendarHas) {
  for (const char* text : {"2027-01-31", "2028-02-29", "2000-02-29", "0000-12-31"})
    EXPECT_TRUE(is_date(text)) << text;
  for (const char* text :
       {"2027-02-29", "2100-02-29", "2027-13-01", "2027-00-10", "2027-01-00", "2027-04-31", "2027-1-31",
        "27-01-31", "2027/01/31", "-027-01-31", "2027-+1-31", "2027-01-3x", ""})
    EXPECT_FALSE(is_date(text)) << text;
}

}  // namespace
}  // namespace exitgate
