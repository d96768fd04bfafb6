// Times as they are written into evidence: UTC, to the second, "2026-11-23T13:05:09Z". By the proleptic Gregorian
// calendar of std::chrono: no time zone of the machine and no table of leap seconds is involved.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace exitgate {

// The current time.
std::string utc_now();

// Seconds since 1970-01-01T00:00:00Z as a time; nullopt beyond the years that std::chrono knows (±32767).
std::optional<std::string> utc_time(std::int64_t seconds);

// The seconds of a time in exactly that form, with a date that the calendar has; else nullopt.
std::optional<std::int64_t> seconds_of_utc(std::string_view time);

// Whether a string is a day that the calendar has, as "2027-01-31".
bool is_date(std::string_view text);

}  // namespace exitgate
