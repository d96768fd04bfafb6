// Small text helpers that more than one library needs.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace exitgate {

// The candidate with the least edit distance to `word`, or nullopt when none is near enough to be a slip of
// the pen (more than a third of the word's length, at least 2).
std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates);

// " (did you mean 'x'?)" or "".
std::string did_you_mean(std::string_view word, std::span<const std::string> candidates);

std::vector<std::string> split(std::string_view text, char separator);
std::string join(std::span<const std::string> parts, std::string_view separator);
std::string_view trim(std::string_view text);
std::string lower(std::string_view text);  // ASCII only

// "1 file", "3 files".
std::string count_of(std::size_t count, std::string_view noun);

// Byte offset of the first byte that is not part of valid UTF-8, or nullopt.
std::optional<std::size_t> invalid_utf8(std::string_view text);

// The text with every invalid byte replaced by U+FFFD.
std::string valid_utf8(std::string_view text);

// Text that nobody vouches for (a name in an archive, a line of a hostile repository), so that it can be shown
// on a terminal without steering it: every control character becomes `?`, invalid UTF-8 becomes U+FFFD.
std::string printable(std::string_view text);

// So much of such a name as a message has room for: its first 200 bytes, printable.
std::string printable_name(std::string_view name);

// 16 hexadecimal digits of FNV-1a: for ids that need to be short and stable, never for evidence.
std::string short_hash(std::string_view text);

// Shell-like glob over the whole text: `*` any run, `?` one character. `*` also crosses '/'.
bool glob_match(std::string_view pattern, std::string_view text);

// Whether a text can fit both globs, of which `*` is any run of characters and nothing else is a sign.
bool globs_meet(std::string_view one, std::string_view other);

}  // namespace exitgate
