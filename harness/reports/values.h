// Numbers, durations and times as reports write them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace exitgate::reports {

// "12", also with blanks around it; nullopt for anything else.
std::optional<std::int64_t> whole_number(std::string_view text);

// A duration in milliseconds: "1.25" (seconds), "1,234.5", "0,012", "1e-05", "00:01:02.5", "12ms", "3s"; nullopt for anything else.
std::optional<std::int64_t> milliseconds_of(std::string_view text);

// An ISO 8601 time with a zone as "2026-11-27T15:03:44Z"; nullopt for one without a zone, and for anything else.
std::optional<std::string> utc_of(std::string_view text);

// Milliseconds since 1970 as such a time.
std::optional<std::string> utc_of_milliseconds(std::int64_t milliseconds);

// Whether a name is one by which reports say which commit they are of ("git.commit", "GITHUB_SHA"), and whether a value
// can be one.
bool names_a_commit(std::string_view name);
bool is_commit(std::string_view value);

// So much of a text as a message has room for, without blanks around it.
std::string as_message(std::string_view text);

}  // namespace exitgate::reports
