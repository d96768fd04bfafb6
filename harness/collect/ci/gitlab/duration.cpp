#include "harness/collect/ci/gitlab/duration.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string>

#include "harness/base/text.h"

namespace exitgate::collect::ci::gitlab {

namespace {

struct Unit {
  std::string_view name;
  double days;
};
constexpr std::array<Unit, 21> kUnits = {{{"s", 1 / 86400.0},
                                          {"sec", 1 / 86400.0},
                                          {"second", 1 / 86400.0},
                                          {"m", 1 / 1440.0},
                                          {"min", 1 / 1440.0},
                                          {"minute", 1 / 1440.0},
                                          {"h", 1 / 24.0},
                                          {"hr", 1 / 24.0},
                                          {"hour", 1 / 24.0},
                                          {"d", 1},
                                          {"dy", 1},
                                          {"day", 1},
                                          {"w", 7},
                                          {"wk", 7},
                                          {"week", 7},
                                          {"mo", 30.4375},
                                          {"mos", 30.4375},
                                          {"month", 30.4375},
                                          {"y", 365.25},
                                          {"yr", 365.25},
                                          {"year", 365.25}}};

const Unit* unit_of(std::string_view name) {
  const auto named = [&] {
    return std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& one) { return one.name == name; });
  };
  auto known = named();
  if (known == kUnits.end() && name.ends_with('s')) {
    name.remove_suffix(1);
    known = named();
  }
  return known == kUnits.end() ? nullptr : &*known;
}

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Numbers may be written in words.
bool is_number_word(std::string_view word) {
  for (const std::string_view part :
       {"one",      "two",    "three",   "four",  "five",  "six",   "seven",  "eight", "nine",
        "ten",      "eleven", "twelve",  "teen",  "twent", "thirt", "fort",   "fift",  "hundred",
        "thousand", "half",   "quarter", "third", "first", "zero",  "million"}) {
    if (word.find(part) != std::string_view::npos) return true;
  }
  return word == "a" || word == "an";
}

}  // namespace

Duration duration_of(std::string_view text, std::int64_t most_seconds) {
  const std::string low = lower(text);
  text = low;
  double seconds = 0;
  bool any = false;
  bool sure = true;
  double number = 1;  // "day" is one day
  bool has_number = false;
  std::size_t at = 0;
  while (at < text.size()) {
    if (is_digit(text[at]) || (text[at] == '.' && at + 1 < text.size() && is_digit(text[at + 1]))) {
      const std::size_t begin = at;
      while (at < text.size() && (is_digit(text[at]) || text[at] == '.') && at - begin < 15) ++at;
      if (has_number) seconds += number;
      number = std::strtod(std::string(text.substr(begin, at - begin)).c_str(), nullptr);
      has_number = true;
      any = true;
    } else if (is_letter(text[at])) {
      const std::size_t begin = at;
      while (at < text.size() && is_letter(text[at])) ++at;
      const std::string_view word = text.substr(begin, at - begin);
      if (const Unit* unit = unit_of(word)) {
        if (has_number || !any) seconds += number * unit->days * 86400;
        any = true;
        has_number = false;
        number = 1;
      } else if (is_number_word(word)) {
        sure = false;
      } else if (word != "and" && word != "with" && word != "plus") {
        return Duration::none;
      }
    } else if (text[at] == ' ' || text[at] == '\t' || text[at] == ',') {
      ++at;
    } else {
      if (text[at] != ':' && text[at] != '-') return Duration::none;
      sure = false;
      ++at;
    }
  }
  if (has_number) seconds += number;
  if (!sure) return Duration::fits;
  if (!any || seconds <= 0) return Duration::none;
  // A month is a little longer by another count.
  return seconds > static_cast<double>(most_seconds) * 1.005 ? Duration::too_long : Duration::fits;
}

std::optional<std::int64_t> days_of(std::string_view text) {
  double days = 0;
  std::size_t at = 0;
  const auto skip = [&] {
    while (at < text.size() && (text[at] == ' ' || text[at] == ',')) ++at;
  };
  bool any = false;
  for (skip(); at < text.size(); skip()) {
    double number = 0;
    const std::size_t digits = at;
    while (at < text.size() && text[at] >= '0' && text[at] <= '9' && at - digits < 9)
      number = number * 10 + (text[at++] - '0');
    if (at == digits) {
      if (!text.substr(at).starts_with("and ")) return std::nullopt;
      at += 4;
      continue;
    }
    skip();
    const std::size_t begin = at;
    while (at < text.size() && ((text[at] >= 'a' && text[at] <= 'z') || (text[at] >= 'A' && text[at] <= 'Z')))
      ++at;
    std::string unit = lower(text.substr(begin, at - begin));
    if (unit.empty()) unit = "s";
    const Unit* known = unit_of(unit);
    if (known == nullptr) return std::nullopt;
    days += number * known->days;
    any = true;
  }
  if (!any) return std::nullopt;
  return static_cast<std::int64_t>(days + 1e-9);
}

}  // namespace exitgate::collect::ci::gitlab
