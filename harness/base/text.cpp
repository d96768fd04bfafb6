#include "harness/base/text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <cstring>

namespace exitgate {

namespace {

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

// Length of the valid UTF-8 sequence at the start of `text`, 0 when there is none (RFC 3629: no surrogates,
// nothing over-long, nothing above U+10FFFF).
std::size_t sequence_length(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const auto follows = [&](std::size_t i, unsigned char low = 0x80, unsigned char high = 0xBF) {
    return i < text.size() && byte(i) >= low && byte(i) <= high;
  };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead <= 0xDF) return follows(1) ? 2 : 0;
  if (lead >= 0xE0 && lead <= 0xEF) {
    const unsigned char low = lead == 0xE0 ? 0xA0 : 0x80;
    const unsigned char high = lead == 0xED ? 0x9F : 0xBF;
    return follows(1, low, high) && follows(2) ? 3 : 0;
  }
  if (lead >= 0xF0 && lead <= 0xF4) {
    const unsigned char low = lead == 0xF0 ? 0x90 : 0x80;
    const unsigned char high = lead == 0xF4 ? 0x8F : 0xBF;
    return follows(1, low, high) && follows(2) && follows(3) ? 4 : 0;
  }
  return 0;
}

// Length of the ASCII at the beginning, which most texts are to their end: eight bytes at a time.
std::size_t ascii_length(std::string_view text) {
  std::size_t length = 0;
  for (std::uint64_t eight = 0; length + sizeof eight <= text.size(); length += sizeof eight) {
    std::memcpy(&eight, text.data() + length, sizeof eight);
    if ((eight & 0x8080808080808080U) != 0) break;
  }
  while (length < text.size() && static_cast<unsigned char>(text[length]) < 0x80) ++length;
  return length;
}

// Each ends a line somewhere, or leaves it: U+0085, U+2028 and U+2029 do so in JavaScript and in some terminals.
bool is_line_break(std::string_view character) {
  return character == "\n" || character == "\r" || character == "\t" || character == "\v" ||
         character == "\f" || character == "\xC2\x85" || character == "\xE2\x80\xA8" ||
         character == "\xE2\x80\xA9";
}

// Whether a terminal obeys it or shows what stands around it in another order.
bool steers(std::string_view character) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(character[i]); };
  // U+0080 to U+009F are control characters as well: a terminal may take U+009B for the start of a command.
  if (character.size() == 1) return byte(0) < 0x20 || byte(0) == 0x7F;
  if (character.size() == 2) return byte(0) == 0xC2 && byte(1) < 0xA0;
  // U+202A to U+202E and U+2066 to U+2069 turn the direction of what follows.
  return character.size() == 3 && byte(0) == 0xE2 &&
         ((byte(1) == 0x80 && byte(2) >= 0xAA && byte(2) <= 0xAE) ||
          (byte(1) == 0x81 && byte(2) >= 0xA6 && byte(2) <= 0xA9));
}

// Of "##[error]", "##vso[task.setvariable …]" and "##teamcity[…]", which runners look for anywhere in a line: how many bytes
// the marks before the name are; else 0.
std::size_t command_marks(std::string_view text) {
  if (!text.starts_with("##")) return 0;
  const std::size_t end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", 2);
  return end != std::string_view::npos && text[end] == '[' ? 2 : 0;
}

}  // namespace

std::optional<std::string> nearest(std::string_view word, std::span<const std::string> candidates) {
  std::size_t best = std::max<std::size_t>(2, word.size() / 3) + 1;
  std::optional<std::string> found;
  for (const auto& candidate : candidates) {
    const std::size_t distance = edit_distance(word, candidate);
    if (distance < best) {
      best = distance;
      found = candidate;
    }
  }
  return found;
}

std::string did_you_mean(std::string_view word, std::span<const std::string> candidates) {
  const auto near = nearest(word, candidates);
  return near ? fmt::format(" (did you mean '{}'?)", *near) : "";
}

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> parts;
  for (std::size_t start = 0;;) {
    const std::size_t end = text.find(separator, start);
    parts.emplace_back(text.substr(start, end - start));
    if (end == std::string_view::npos) return parts;
    start = end + 1;
  }
}

std::string join(std::span<const std::string> parts, std::string_view separator) {
  return fmt::format("{}", fmt::join(parts, separator));
}

std::string_view trim(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r\n\f\v";
  const std::size_t first = text.find_first_not_of(kSpace);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kSpace) - first + 1);
}

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return result;
}

std::string count_of(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

std::optional<std::size_t> invalid_utf8(std::string_view text) {
  for (std::size_t i = ascii_length(text); i < text.size(); i += ascii_length(text.substr(i))) {
    const std::size_t length = sequence_length(text.substr(i));
    if (length == 0) return i;
    i += length;
  }
  return std::nullopt;
}

std::string valid_utf8(std::string_view text) {
  if (!invalid_utf8(text)) return std::string(text);
  std::string result;
  result.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t length = sequence_length(text.substr(i));
    if (length == 0) {
      result += "\xEF\xBF\xBD";
      ++i;
    } else {
      result += text.substr(i, length);
      i += length;
    }
  }
  return result;
}

std::string printable(std::string_view text) {
  const std::string clean = valid_utf8(text);
  std::string result;
  result.reserve(clean.size());
  for (std::size_t i = 0; i < clean.size();) {
    const std::string_view rest = std::string_view(clean).substr(i);
    const std::size_t length = sequence_length(rest);
    const std::string_view character = rest.substr(0, length);
    if (is_line_break(character)) {
      result += ' ';
    } else if (steers(character)) {
      result += '?';
    } else {
      result += character;
    }
    if (const std::size_t marks = command_marks(rest); marks > 0) {
      result += "#\\";
      i += marks;
    } else {
      i += length;
    }
  }
  return result;
}

std::string printable_name(std::string_view name) {
  return printable(name.substr(0, 200));
}

std::string short_hash(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 0x100000001b3U;
  }
  return fmt::format("{:016x}", hash);
}

bool glob_match(std::string_view pattern, std::string_view text) {
  std::size_t p = 0;
  std::size_t t = 0;
  std::size_t star = std::string_view::npos;
  std::size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && (pattern[p] == '?' || pattern[p] == text[t]) && pattern[p] != '*') {
      ++p;
      ++t;
    } else if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  while (p < pattern.size() && pattern[p] == '*') ++p;
  return p == pattern.size();
}

bool globs_meet(std::string_view one, std::string_view other) {
  // What stands before the first star and behind the last of both decides most.
  const std::size_t before = std::min({one.find('*'), other.find('*'), one.size(), other.size()});
  if (one.substr(0, before) != other.substr(0, before)) return false;
  const std::size_t behind =
      std::min(one.size() - (one.rfind('*') + 1), other.size() - (other.rfind('*') + 1));
  if (!one.ends_with(other.substr(other.size() - behind))) return false;
  // reached[j]: the part of `one` so far and the first j characters of `other` can be the same text.
  std::vector<bool> reached(other.size() + 1);
  reached[0] = true;
  for (std::size_t j = 0; j < other.size() && other[j] == '*'; ++j) reached[j + 1] = true;
  for (const char c : one) {
    std::vector<bool> next(other.size() + 1);
    next[0] = c == '*' && reached[0];
    for (std::size_t j = 0; j < other.size(); ++j) {
      if (c == '*' || other[j] == '*') {
        next[j + 1] = reached[j + 1] || next[j] || (reached[j] && c == other[j]);
        // A character of one side against the other's star, which may also stand for nothing.
        if (c == '*') next[j + 1] = next[j + 1] || reached[j];
      } else {
        next[j + 1] = reached[j] && c == other[j];
      }
    }
    reached = std::move(next);
  }
  return reached[other.size()];
}

}  // namespace exitgate
