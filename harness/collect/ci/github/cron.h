// The times of `on: schedule`.
#pragma once

#include <string_view>

namespace exitgate::collect::ci::github {

// Whether GitHub takes the text for a time, as far as is known: five fields, as POSIX has them, with names of
// months and of days of the week and with steps. A file with any other is refused ("invalid `cron`
// attribute"), and nothing in it runs. What it is not known to refuse (steps past the end of a field, ranges
// that run backwards) is taken.
bool is_cron(std::string_view text);

}  // namespace exitgate::collect::ci::github
