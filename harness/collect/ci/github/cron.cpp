#include "harness/collect/ci/github/cron.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "harness/base/text.h"

namespace exitgate::collect::ci::github {

namespace {

constexpr std::string_view kMonths[] = {"jan", "feb", "mar", "apr", "may", "jun",
                                        "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::string_view kDays[] = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};

struct Field {
  int least;
  int most;
  std::span<const std::string_view> names = {};
};

constexpr Field kFields[] = {{0, 59}, {0, 23}, {1, 31}, {1, 12, kMonths}, {0, 6, kDays}};

std::optional<int> number(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || text.starts_with('-')) return std::nullopt;
  return value;
}

bool is_value(const Field& field, std::string_view text) {
  if (const auto value = number(text)) return *value >= field.least && *value <= field.most;
  return std::find(field.names.begin(), field.names.end(), lower(text)) != field.names.end();
}

// '*', '5', '5-9', each with '/2' behind it.
bool is_part(const Field& field, std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash != std::string_view::npos) {
    const auto step = number(text.substr(slash + 1));
    if (!step || *step == 0) return false;
    text = text.substr(0, slash);
  }
  if (text == "*") return true;
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return is_value(field, text);
  return is_value(field, text.substr(0, dash)) && is_value(field, text.substr(dash + 1));
}

}  // namespace

bool is_cron(std::string_view text) {
  std::vector<std::string> fields;
  for (std::string& field : split(trim(text), ' ')) {
    if (!field.empty()) fields.push_back(std::move(field));
  }
  if (fields.size() != std::size(kFields)) return false;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    for (const std::string& part : split(fields[i], ',')) {
      if (!is_part(kFields[i], part)) return false;
    }
  }
  return true;
}

}  // namespace exitgate::collect::ci::github
