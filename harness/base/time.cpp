#include "harness/base/time.h"

#include <fmt/core.h>

#include <charconv>
#include <chrono>
#include <ctime>

namespace exitgate {

namespace {

using std::chrono::day;
using std::chrono::days;
using std::chrono::hh_mm_ss;
using std::chrono::month;
using std::chrono::seconds;
using std::chrono::sys_days;
using std::chrono::year;
using std::chrono::year_month_day;

// The digits that `text` consists of, as a number; nullopt for anything else.
std::optional<unsigned> number(std::string_view text) {
  unsigned value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  if (read.ec != std::errc() || read.ptr != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<year_month_day> date_of(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  const auto y = number(text.substr(0, 4));
  const auto m = number(text.substr(5, 2));
  const auto d = number(text.substr(8, 2));
  if (!y || !m || !d) return std::nullopt;
  const year_month_day date(year(static_cast<int>(*y)), month(*m), day(*d));
  return date.ok() ? std::optional(date) : std::nullopt;
}

}  // namespace

std::optional<std::string> utc_time(std::int64_t since_epoch) {
  const auto time = std::chrono::sys_seconds(seconds(since_epoch));
  const auto midnight = std::chrono::floor<days>(time);
  if (midnight < sys_days(year::min() / 1 / 1) || midnight > sys_days(year::max() / 12 / 31))
    return std::nullopt;
  const year_month_day date(midnight);
  const hh_mm_ss clock(time - midnight);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count());
}

std::string utc_now() {
  return *utc_time(std::time(nullptr));
}

std::optional<std::int64_t> seconds_of_utc(std::string_view time) {
  if (time.size() != 20 || time[10] != 'T' || time[13] != ':' || time[16] != ':' || time[19] != 'Z')
    return std::nullopt;
  const auto date = date_of(time.substr(0, 10));
  const auto hour = number(time.substr(11, 2));
  const auto minute = number(time.substr(14, 2));
  const auto second = number(time.substr(17, 2));
  if (!date || !hour || !minute || !second || *hour > 23 || *minute > 59 || *second > 59) return std::nullopt;
  const seconds clock = std::chrono::hours(*hour) + std::chrono::minutes(*minute) + seconds(*second);
  return (sys_days(*date) + clock).time_since_epoch().count();
}

bool is_date(std::string_view text) {
  return date_of(text).has_value();
}

}  // namespace exitgate
