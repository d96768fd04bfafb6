#include "harness/rows/type_comparison.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "harness/base/text.h"
#include "harness/json/json.h"

namespace exitgate::rows {
namespace {

struct Shape {
  std::string base;
  int modifier = -1;
};

bool is_bounded_text(std::string_view base) {
  return base == "character varying" || base == "character" || base == "bpchar";
}

bool is_text(std::string_view base) {
  return base == "text" || is_bounded_text(base) || base.ends_with("citext");
}

// Decimal digits of an integer type; 0 for another one.
int digits_of(std::string_view base) {
  if (base == "smallint") return 5;
  if (base == "integer") return 10;
  if (base == "bigint") return 19;
  return 0;
}

struct Scale {
  int whole = 0;  // digits before the point
  int fraction = 0;
};

// nullopt for one without bounds.
std::optional<Scale> scale_of(const Shape& numeric) {
  if (numeric.modifier < 4) return std::nullopt;
  const int precision = ((numeric.modifier - 4) >> 16) & 0xffff;
  const int scale = (((numeric.modifier - 4) & 0x7ff) ^ 1024) - 1024;
  return Scale{precision - scale, scale};
}

// The longest text of a type's values; 0 for no bound that is known.
int longest_text(std::string_view base) {
  if (base == "boolean") return 5;
  if (base == "smallint") return 6;
  if (base == "integer") return 11;
  if (base == "bigint") return 20;
  if (base == "uuid") return 36;
  if (base == "date") return 13;
  return 0;
}

bool fits_number(const Shape& from, const Shape& to) {
  const int from_digits = digits_of(from.base);
  const int to_digits = digits_of(to.base);
  if (from_digits != 0 && to_digits != 0) return from_digits <= to_digits;
  if (to.base == "numeric") {
    const auto bounds = scale_of(to);
    if (!bounds) return from_digits != 0 || from.base == "real" || from.base == "double precision";
    return from_digits != 0 && bounds->whole >= from_digits;
  }
  if (to.base == "double precision") {
    if (from.base == "real" || (from_digits != 0 && from_digits <= 10)) return true;
    const auto bounds = from.base == "numeric" ? scale_of(from) : std::nullopt;
    return bounds && bounds->whole + bounds->fraction <= 15;
  }
  if (to.base == "real") return from.base == "smallint";
  if (to_digits != 0 && from.base == "numeric") {
    const auto bounds = scale_of(from);
    return bounds && bounds->fraction <= 0 && bounds->whole < to_digits;
  }
  if (to_digits != 0 && from.base == "boolean") return true;
  return false;
}

bool fits_same_base(const Shape& from, const Shape& to) {
  const std::string_view base = from.base;
  if (to.modifier < 0 || from.modifier == to.modifier) return true;
  if (base == "numeric") {
    const auto one = scale_of(from);
    const auto other = scale_of(to);
    return one && other && other->fraction >= one->fraction && other->whole >= one->whole;
  }
  if (base.starts_with("time")) return to.modifier >= (from.modifier < 0 ? 6 : from.modifier);
  if (is_bounded_text(base) || base.starts_with("bit"))
    return from.modifier >= 0 && to.modifier >= from.modifier;
  return false;
}

bool fits(const Shape& from, const Shape& to) {
  if (from.base.ends_with("[]") && to.base.ends_with("[]")) {
    return fits({from.base.substr(0, from.base.size() - 2), from.modifier},
                {to.base.substr(0, to.base.size() - 2), to.modifier});
  }
  if (from.base == to.base) return fits_same_base(from, to);
  // To a text, each value can be written.
  if (is_text(to.base) && to.modifier < 4) return to.base != "character";
  if (is_text(to.base)) {
    const int room = to.modifier - 4;
    if (is_bounded_text(from.base)) return from.modifier >= 4 && from.modifier - 4 <= room;
    const int longest = longest_text(from.base);
    return longest != 0 && longest <= room;
  }
  if (fits_number(from, to)) return true;
  static constexpr std::string_view kFit[][2] = {
      {"date", "timestamp without time zone"},
      {"date", "timestamp with time zone"},
      {"timestamp without time zone", "timestamp with time zone"},
      {"time without time zone", "time with time zone"},
      {"time without time zone", "interval"},
      {"json", "jsonb"},
      {"jsonb", "json"},
      {"cidr", "inet"},
      {"macaddr", "macaddr8"},
      {"bit", "bit varying"},
      {"name", "text"},
  };
  return std::any_of(std::begin(kFit), std::end(kFit), [&](const auto& pair) {
    return pair[0] == from.base && pair[1] == to.base && (to.modifier < 0 || to.modifier == from.modifier);
  });
}

// "-01.50" as "-1.5".
std::string plain_number(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.find_first_not_of("0123456789.") != std::string_view::npos) {
    char* end = nullptr;
    const std::string copy(text);
    const double number = std::strtod(copy.c_str(), &end);
    if (end == copy.c_str() + copy.size()) return fmt::format("{}{}", negative ? "-" : "", number);
    return (negative ? "-" : "") + copy;
  }
  while (text.size() > 1 && text.front() == '0' && text[1] != '.') text.remove_prefix(1);
  if (text.find('.') != std::string_view::npos) {
    while (text.ends_with('0')) text.remove_suffix(1);
    if (text.ends_with('.')) text.remove_suffix(1);
  }
  if (text == "0") return "0";
  return (negative ? "-" : "") + std::string(text);
}

// "2024-01-01" as "2024-01-01 00:00:00", and that of UTC as one without a zone.
std::string plain_moment(std::string text) {
  if (text.ends_with("+00")) text.resize(text.size() - 3);
  if (text.size() == 10 && text.find(':') == std::string::npos) text += " 00:00:00";
  return text;
}

std::string plain_text(std::string_view text) {
  text = trim(text);
  std::string plain;
  for (const char c : lower(text)) {
    if (c != '{' && c != '}' && c != '-') plain += c;
  }
  return plain;
}

std::string plain_list(const std::string& text) {
  std::string plain;
  for (const char c : text) {
    if (c != '"' && c != ' ') plain += c;
  }
  return plain;
}

}  // namespace

bool holds_less(const ContentColumn& before, const ContentColumn& after, const Enumerations& labels_before,
                const Enumerations& labels_after) {
  if (before.enumeration != 0) {
    const auto had = labels_before.find(before.enumeration);
    if (had == labels_before.end()) return false;
    if (after.enumeration != 0) {
      const auto has = labels_after.find(after.enumeration);
      if (before.enumeration == after.enumeration || has == labels_after.end()) return false;
      return std::any_of(had->second.begin(), had->second.end(),
                         [&](const auto& label) { return !has->second.contains(label.first); });
    }
    if (!is_text(after.base)) return true;
    std::size_t longest = 0;
    for (const auto& [label, oid] : had->second) longest = std::max(longest, label.size());
    return after.modifier >= 4 && static_cast<std::size_t>(after.modifier - 4) < longest;
  }
  if (after.checked && before.type != after.type) return true;
  if (before.type == after.type && before.modifier == after.modifier) return false;
  return !fits({before.base, before.modifier}, {after.base, after.modifier});
}

Comparable::Comparable(const ContentColumn& one, const ContentColumn& other) {
  const auto either = [&](std::string_view base) { return one.base == base || other.base == base; };
  const auto both = [&](char category) { return one.category == category && other.category == category; };
  const auto has = [&](char category) { return one.category == category || other.category == category; };
  if (one.base == other.base && one.modifier == other.modifier) return;
  if (both('N') && either("real")) {
    form_ = Form::single;
  } else if (both('N') && either("double precision")) {
    form_ = Form::real;
  } else if (either("json") || either("jsonb")) {
    form_ = Form::document;
  } else if (either("boolean")) {
    form_ = Form::boolean;
  } else if (both('A')) {
    form_ = Form::list;
  } else if (either("uuid")) {
    form_ = Form::plain;
  } else if (has('N')) {
    form_ = Form::number;
  } else if (has('D')) {
    form_ = Form::moment;
  }
}

std::string Comparable::operator()(const std::string& text) const {
  switch (form_) {
    case Form::number:
      return plain_number(text);
    case Form::real:
      return fmt::format("{}", std::strtod(text.c_str(), nullptr));
    case Form::single:
      return fmt::format("{}", std::strtof(text.c_str(), nullptr));
    case Form::moment:
      return plain_moment(text);
    case Form::document: {
      const auto document = Json::try_parse(text);
      if (!document) return text;
      // Members in the order of their names.
      const auto sorted = [](const auto& self, const Json& value) -> std::string {
        if (value.kind() == Json::Kind::object) {
          std::map<std::string, std::string> members;
          for (const auto& [name, member] : value.members()) members[name] = self(self, member);
          std::string all = "{";
          for (const auto& [name, member] : members)
            all.append(Json(name).dump()).append(":").append(member).append(",");
          return all + "}";
        }
        if (value.kind() == Json::Kind::array) {
          std::string all = "[";
          for (const auto& item : value) all.append(self(self, item)).append(",");
          return all + "]";
        }
        return value.dump();
      };
      return sorted(sorted, *document);
    }
    case Form::boolean:
      if (text == "t" || text == "true" || text == "1") return "t";
      if (text == "f" || text == "false" || text == "0") return "f";
      return text;
    case Form::plain:
      return plain_text(text);
    case Form::list:
      return plain_list(text);
    case Form::exact:
      break;
  }
  // The blanks that fill up a char(n) are no part of it; a host alone may be written with its mask.
  std::string_view plain = text;
  while (plain.ends_with(' ')) plain.remove_suffix(1);
  if (plain.ends_with("/32") && plain.find('.') != std::string_view::npos) plain.remove_suffix(3);
  return std::string(plain);
}

}  // namespace exitgate::rows
