#include "harness/reports/values.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <vector>

#include "harness/base/text.h"
#include "harness/base/time.h"
#include "harness/reports/report.h"

namespace exitgate::reports {

namespace {

std::optional<double> decimal(std::string_view text) {
  double value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failed != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) return std::nullopt;
  return value;
}

// With the signs of another country: "1,234.5", "0,012", "1,234".
std::string plain_decimal(std::string_view text) {
  std::string plain(text);
  const std::size_t comma = plain.find(',');
  if (comma == std::string::npos) return plain;
  const bool thousands = plain.find('.') != std::string::npos ||
                         plain.find(',', comma + 1) != std::string::npos ||
                         (plain.size() - comma == 4 && comma > 0 && plain.substr(0, comma) != "0");
  if (thousands) {
    std::erase(plain, ',');
  } else {
    plain[comma] = '.';
  }
  return plain;
}

bool digits_at(std::string_view text, std::size_t at, std::size_t count) {
  if (text.size() < at + count) return false;
  return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(at),
                     text.begin() + static_cast<std::ptrdiff_t>(at + count),
                     [](char c) { return c >= '0' && c <= '9'; });
}

int number_at(std::string_view text, std::size_t at, std::size_t count) {
  int value = 0;
  for (std::size_t i = at; i < at + count; ++i) value = value * 10 + (text[i] - '0');
  return value;
}

}  // namespace

std::optional<std::int64_t> whole_number(std::string_view text) {
  text = trim(text);
  std::int64_t value = 0;
  const auto [end, failed] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || failed != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<std::int64_t> milliseconds_of(std::string_view text) {
  text = trim(text);
  double scale = 1000;
  if (text.ends_with("ms")) {
    scale = 1;
    text.remove_suffix(2);
  } else if (text.ends_with('s')) {
    text.remove_suffix(1);
  }
  double seconds = 0;
  for (const auto& part : split(trim(text), ':')) {
    const auto value = decimal(plain_decimal(part));
    if (!value || *value < 0) return std::nullopt;
    seconds = seconds * 60 + *value;
  }
  const double milliseconds = seconds * scale;
  if (milliseconds > 1e15) return std::nullopt;
  return static_cast<std::int64_t>(std::llround(milliseconds));
}

std::optional<std::string> utc_of(std::string_view text) {
  text = trim(text);
  // 2026-11-27T15:03:44
  if (!digits_at(text, 0, 4) || !digits_at(text, 5, 2) || !digits_at(text, 8, 2) || !digits_at(text, 11, 2) ||
      !digits_at(text, 14, 2) || !digits_at(text, 17, 2))
    return std::nullopt;
  if (text[4] != '-' || text[7] != '-' || (text[10] != 'T' && text[10] != ' ') || text[13] != ':' ||
      text[16] != ':')
    return std::nullopt;
  const auto local = seconds_of_utc(fmt::format("{}T{}Z", text.substr(0, 10), text.substr(11, 8)));
  if (!local) return std::nullopt;
  std::size_t at = 19;
  if (at < text.size() && (text[at] == '.' || text[at] == ',')) {
    ++at;
    while (digits_at(text, at, 1)) ++at;
  }
  const auto zone = trim(text.substr(std::min(at, text.size())));
  if (zone == "Z" || zone == "z") return utc_time(*local);
  if (zone.empty() || (zone[0] != '+' && zone[0] != '-') || !digits_at(zone, 1, 2)) return std::nullopt;
  const std::size_t minutes_at = zone.size() > 3 && zone[3] == ':' ? 4 : 3;
  int offset = number_at(zone, 1, 2) * 3600;
  if (zone.size() > 3) {
    if (!digits_at(zone, minutes_at, 2) || zone.size() != minutes_at + 2) return std::nullopt;
    offset += number_at(zone, minutes_at, 2) * 60;
  }
  return utc_time(*local - (zone[0] == '-' ? -offset : offset));
}

std::optional<std::string> utc_of_milliseconds(std::int64_t milliseconds) {
  if (milliseconds <= 0) return std::nullopt;
  return utc_time(milliseconds / 1000);
}

bool names_a_commit(std::string_view name) {
  std::string plain;
  for (const char c : lower(name)) plain += c == '.' || c == '-' || c == ' ' ? '_' : c;
  static constexpr std::array<std::string_view, 17> kNames = {
      "commit",         "commit_id",  "commit_sha",    "commit_hash", "git_commit",      "git_commit_id",
      "git_commit_sha", "git_sha",    "git_revision",  "git_rev",     "revision",        "scm_revision",
      "vcs_revision",   "github_sha", "ci_commit_sha", "ci_commit",   "build_vcs_number"};
  return std::find(kNames.begin(), kNames.end(), plain) != kNames.end();
}

bool is_commit(std::string_view value) {
  return value.size() >= 7 && value.size() <= 64 && std::all_of(value.begin(), value.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
         });
}

std::string as_message(std::string_view text) {
  text = trim(text);
  if (text.size() <= kLongestMessage) return valid_utf8(text);
  // Not through the middle of a character.
  std::size_t end = kLongestMessage - 3;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
  return valid_utf8(text.substr(0, end)) + "…";
}

}  // namespace exitgate::reports
