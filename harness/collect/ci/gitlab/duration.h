// GitLab's way to write how long something lasts.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace exitgate::collect::ci::gitlab {

// Days of "30 days", "1 week", "2 mos 3d", "3600" (seconds), rounded down; nullopt of what is not a duration, as
// "never".
std::optional<std::int64_t> days_of(std::string_view text);

}  // namespace exitgate::collect::ci::gitlab
