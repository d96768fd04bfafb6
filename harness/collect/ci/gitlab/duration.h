// GitLab's way to write how long something lasts.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace exitgate::collect::ci::gitlab {

// Days of "30 days", "1 week", "2 mos 3d", "3600" (seconds), rounded down; nullopt of what is not a duration, as
// "never".
std::optional<std::int64_t> days_of(std::string_view text);

// Whether GitLab takes a text for a duration, and for one of at most so many seconds. What it may take (numbers in
// words) fits.
enum class Duration { fits, none, too_long };
Duration duration_of(std::string_view text, std::int64_t most_seconds);

}  // namespace exitgate::collect::ci::gitlab
