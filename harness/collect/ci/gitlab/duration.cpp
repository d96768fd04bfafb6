#include "harness/collect/ci/gitlab/duration.h"

#include <algorithm>
#include <array>
#include <string>

#include "harness/base/text.h"

namespace exitgate::collect::ci::gitlab {

std::optional<std::int64_t> days_of(std::string_view text) {
  struct Unit {
    std::string_view name;
    double days;
  };
  constexpr std::array<Unit, 19> kUnits = {{{"s", 1 / 86400.0},
                                            {"sec", 1 / 86400.0},
                                            {"second", 1 / 86400.0},
                                            {"m", 1 / 1440.0},
                                            {"min", 1 / 1440.0},
                                            {"minute", 1 / 1440.0},
                                            {"h", 1 / 24.0},
                                            {"hr", 1 / 24.0},
                                            {"hour", 1 / 24.0},
                                            {"d", 1},
                                            {"day", 1},
                                            {"w", 7},
                                            {"wk", 7},
                                            {"week", 7},
                                            {"mo", 30.4375},
                                            {"mos", 30.4375},
                                            {"month", 30.4375},
                                            {"y", 365.25},
                                            {"year", 365.25}}};
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
    auto known =
        std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& one) { return one.name == unit; });
    if (known == kUnits.end() && unit.ends_with('s')) {
      unit.pop_back();
      known = std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& one) { return one.name == unit; });
    }
    if (known == kUnits.end()) return std::nullopt;
    days += number * known->days;
    any = true;
  }
  if (!any) return std::nullopt;
  return static_cast<std::int64_t>(days + 1e-9);
}

}  // namespace exitgate::collect::ci::gitlab
