#include "harness/rows/values.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>

#include "harness/base/text.h"

namespace exitgate::rows {
namespace {

// 2021-01-01 and so many days on, in months of 28 days, so that every day there is exists.
std::string date_of(unsigned salt, int variant) {
  const unsigned day = salt % 600 + 29U * static_cast<unsigned>(variant);
  return fmt::format("{}-{:02}-{:02}", 2019 + day / 336, day % 336 / 28 + 1, day % 28 + 1);
}

std::string time_of(unsigned salt, int variant) {
  const unsigned second = (salt + 1013U * static_cast<unsigned>(variant)) % 86400;
  return fmt::format("{:02}:{:02}:{:02}.{:06}", second / 3600, second / 60 % 60, second % 60,
                     123457 + salt % 1000);
}

std::string uuid_of(unsigned salt, int variant) {
  return fmt::format("{:08x}-{:04x}-4000-8000-{:012x}", salt, variant,
                     salt * 7919U + static_cast<unsigned>(variant));
}

std::string bits_of(unsigned salt, int variant, int length) {
  std::string bits;
  const unsigned number = salt * 31U + static_cast<unsigned>(variant);
  for (int at = 0; at < length; ++at)
    bits += (number >> (static_cast<unsigned>(length - 1 - at) % 24U)) % 2 == 0 ? '0' : '1';
  return bits;
}

std::string numeric_of(const Wanted& wanted) {
  const auto small = wanted.salt % 90 + 1 + static_cast<unsigned>(wanted.variant);
  if (wanted.modifier < 4)
    return wanted.variant == 0 ? fmt::format("{}.678901", 1234567 + wanted.salt % 1000)
                               : fmt::format("{}.5", small);
  const int precision = ((wanted.modifier - 4) >> 16) & 0xffff;
  const int scale = (((wanted.modifier - 4) & 0x7ff) ^ 1024) - 1024;
  const int digits = std::max(precision - scale, 0);
  // A digit of room for arithmetic where there are three or more.
  const int used = std::min(digits > 2 ? digits - 1 : digits, 12);
  std::string whole;
  if (wanted.variant == 0 && used > 0) {
    for (int at = 0; at < used; ++at)
      whole += static_cast<char>('1' + (wanted.salt + static_cast<unsigned>(at)) % 9);
  } else if (digits > 0) {
    whole = digits < 3 ? std::to_string(small % 9 + 1) : std::to_string(small);
  } else {
    whole = "0";
  }
  std::string fraction;
  const int zeros = std::max(-digits, scale - precision);
  for (int at = 0; at < std::min(scale, 20); ++at) {
    fraction += at < zeros
                    ? '0'
                    : static_cast<char>('1' + (wanted.salt + static_cast<unsigned>(at + wanted.variant)) % 9);
  }
  return fraction.empty() ? whole : whole + "." + fraction;
}

std::string integer_of(const Wanted& wanted, unsigned large, unsigned spread) {
  if (wanted.variant == 0) return std::to_string(large + wanted.salt % spread);
  return std::to_string(wanted.salt % 90 + 1 + static_cast<unsigned>(wanted.variant));
}

// In an array or a composite value, where anything may stand between double quotes.
std::string element_of(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + '"';
}

std::string geometric_of(std::string_view type, unsigned a) {
  const unsigned b = a + 3;
  if (type == "point") return fmt::format("({},{})", a, b);
  if (type == "line") return fmt::format("{{{},-1,{}}}", a, b);
  if (type == "lseg" || type == "path") return fmt::format("[({},{}),({},{})]", a, b, b, a);
  if (type == "box") return fmt::format("({},{}),({},{})", b, b, a, a);
  if (type == "polygon") return fmt::format("(({},{}),({},{}),({},{}))", a, a, a, b, b, b);
  return fmt::format("<({},{}),{}>", a, b, 2);  // circle
}

using Maker = std::string (*)(const Wanted&);

unsigned small_of(const Wanted& wanted) {
  return wanted.salt % 200 + static_cast<unsigned>(wanted.variant);
}

const std::map<std::string_view, Maker>& makers() {
  static const std::map<std::string_view, Maker> all = {
      {"bool",
       [](const Wanted& w) {
         return std::string((w.salt + static_cast<unsigned>(w.variant)) % 2 == 0 ? "t" : "f");
       }},
      {"int2", [](const Wanted& w) { return integer_of(w, 200, 120); }},
      {"int4", [](const Wanted& w) { return integer_of(w, 2'000'000, 100'000); }},
      {"int8",
       [](const Wanted& w) {
         return w.variant == 0 ? std::to_string(3'000'000'000LL + w.salt % 1'000'000) : integer_of(w, 0, 1);
       }},
      {"oid", [](const Wanted& w) { return integer_of(w, 100'000, 100'000); }},
      {"xid", [](const Wanted& w) { return integer_of(w, 1000, 1000); }},
      {"cid", [](const Wanted& w) { return integer_of(w, 1000, 1000); }},
      {"xid8", [](const Wanted& w) { return integer_of(w, 1000, 1000); }},
      {"tid", [](const Wanted& w) { return fmt::format("({},1)", small_of(w)); }},
      {"numeric", numeric_of},
      {"float4",
       [](const Wanted& w) {
         return fmt::format("{}.5", w.variant == 0 ? 12345 + w.salt % 1000 : small_of(w) + 1);
       }},
      {"float8",
       [](const Wanted& w) {
         return w.variant == 0 ? fmt::format("{}.123457", 12'345'678 + w.salt % 1000)
                               : fmt::format("{}.25", small_of(w) + 1);
       }},
      {"money",
       [](const Wanted& w) {
         return fmt::format("{}.25", w.variant == 0 ? 1234 + w.salt % 100 : small_of(w) + 1);
       }},
      {"bytea", [](const Wanted& w) { return fmt::format("\\xfe{:08x}{:04x}", w.salt, w.variant); }},
      {"date", [](const Wanted& w) { return date_of(w.salt, w.variant); }},
      {"timestamp",
       [](const Wanted& w) { return date_of(w.salt, w.variant) + " " + time_of(w.salt, w.variant); }},
      {"timestamptz",
       [](const Wanted& w) { return date_of(w.salt, w.variant) + " " + time_of(w.salt, w.variant) + "+00"; }},
      {"time", [](const Wanted& w) { return time_of(w.salt, w.variant); }},
      {"timetz", [](const Wanted& w) { return time_of(w.salt, w.variant) + "+02"; }},
      {"interval", [](const Wanted& w) { return fmt::format("{} days 04:05:06.789", small_of(w) + 1); }},
      {"uuid", [](const Wanted& w) { return uuid_of(w.salt, w.variant); }},
      {"json",
       [](const Wanted& w) {
         return fmt::format(R"({{"n": {}, "é": ["a", null]}})", w.salt + static_cast<unsigned>(w.variant));
       }},
      {"jsonb",
       [](const Wanted& w) {
         return fmt::format(R"({{"n": {}, "é": ["a", null]}})", w.salt + static_cast<unsigned>(w.variant));
       }},
      {"jsonpath", [](const Wanted& w) { return fmt::format("$.a{}", small_of(w)); }},
      {"xml", [](const Wanted& w) { return fmt::format("<a>{}</a>", small_of(w)); }},
      {"inet",
       [](const Wanted& w) { return fmt::format("192.0.{}.{}/24", small_of(w) % 250, w.variant % 250 + 1); }},
      {"cidr", [](const Wanted& w) { return fmt::format("10.{}.{}.0/24", w.salt % 250, w.variant % 250); }},
      {"macaddr",
       [](const Wanted& w) {
         return fmt::format("08:00:2b:01:{:02x}:{:02x}", w.salt % 256, w.variant % 256);
       }},
      {"macaddr8",
       [](const Wanted& w) {
         return fmt::format("08:00:2b:01:02:03:{:02x}:{:02x}", w.salt % 256, w.variant % 256);
       }},
      {"bit", [](const Wanted& w) { return bits_of(w.salt, w.variant, w.modifier < 1 ? 1 : w.modifier); }},
      {"varbit",
       [](const Wanted& w) { return bits_of(w.salt, w.variant, w.modifier < 1 ? 12 : w.modifier); }},
      {"tsvector", [](const Wanted& w) { return fmt::format("'word{}':1A 'größe':2", small_of(w)); }},
      {"tsquery", [](const Wanted& w) { return fmt::format("'word{}' & 'other'", small_of(w)); }},
      {"pg_lsn", [](const Wanted& w) { return fmt::format("16/B374D8{:02X}", small_of(w) % 256); }},
      {"txid_snapshot",
       [](const Wanted& w) { return fmt::format("{}:{}:", small_of(w) + 1, small_of(w) + 9); }},
      {"pg_snapshot",
       [](const Wanted& w) { return fmt::format("{}:{}:", small_of(w) + 1, small_of(w) + 9); }},
      {"name", [](const Wanted& w) { return text_value(w.name, w.salt, w.variant + 1, 60); }},
      {"char", [](const Wanted& w) { return std::string(1, static_cast<char>('a' + small_of(w) % 26)); }},
      {"text", [](const Wanted& w) { return text_value(w.name, w.salt, w.variant, -1); }},
      {"varchar",
       [](const Wanted& w) {
         return text_value(w.name, w.salt, w.variant, w.modifier < 4 ? -1 : w.modifier - 4);
       }},
      {"bpchar",
       [](const Wanted& w) {
         return text_value(w.name, w.salt, w.variant, w.modifier < 4 ? -1 : w.modifier - 4);
       }},
      {"regclass", [](const Wanted&) { return std::string("pg_catalog.pg_class"); }},
      {"regtype", [](const Wanted& w) { return std::string(w.variant % 2 == 0 ? "text" : "integer"); }},
      {"regproc", [](const Wanted&) { return std::string("pg_catalog.now"); }},
      {"regprocedure", [](const Wanted&) { return std::string("pg_catalog.now()"); }},
      {"regrole", [](const Wanted&) { return std::string("postgres"); }},
      {"regnamespace", [](const Wanted&) { return std::string("pg_catalog"); }},
      {"regconfig", [](const Wanted&) { return std::string("pg_catalog.simple"); }},
      {"regdictionary", [](const Wanted&) { return std::string("pg_catalog.simple"); }},
      {"regcollation", [](const Wanted&) { return std::string("pg_catalog.\"C\""); }},
      {"regoper", [](const Wanted&) { return std::string("pg_catalog.||/"); }},
      {"regoperator", [](const Wanted&) { return std::string("pg_catalog.+(integer,integer)"); }},
  };
  return all;
}

}  // namespace

unsigned salt_of(std::string_view name) {
  unsigned hash = 2166136261U;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619U;
  return hash % 1'000'003U;
}

const Type* Values::type(Oid oid) const {
  const auto found = types_.find(oid);
  return found == types_.end() ? nullptr : &found->second;
}

const Type* Values::base_of(Oid oid, int& modifier) const {
  const Type* found = type(oid);
  while (found != nullptr && found->kind == 'd') {
    if (found->modifier >= 0) modifier = found->modifier;
    found = type(found->base);
  }
  return found;
}

std::optional<std::string> Values::of_range(const Type& range, const Wanted& wanted) const {
  int modifier = -1;
  const Type* const subtype = base_of(range.subtype, modifier);
  if (subtype == nullptr) return std::nullopt;
  const auto number = static_cast<unsigned>(wanted.variant) * 1000 + wanted.salt % 500;
  const std::string_view bare = subtype->bare;
  // Ranges of two variants never overlap.
  if (subtype->category == 'N') return fmt::format("[{},{})", number, number + 100);
  if (subtype->category == 'D' && bare != "time" && bare != "timetz") {
    const auto year = 2001 + wanted.variant % 90;
    return fmt::format("[{0}-{1:02}-02,{0}-{1:02}-20)", year, wanted.salt % 12 + 1);
  }
  if (bare == "time") return fmt::format("[{0:02}:00,{0:02}:30)", wanted.variant % 24);
  const auto low = of({range.subtype, modifier, wanted.name, wanted.salt, wanted.variant + 1});
  if (!low) return std::nullopt;
  return fmt::format("[{0},{0}]", element_of(*low));
}

std::optional<std::string> Values::of_extension(const Type& type, const Wanted& wanted) const {
  const std::string_view bare = type.bare;
  const unsigned number = small_of(wanted);
  if (bare == "citext") return text_value(wanted.name, wanted.salt, wanted.variant, -1);
  if (bare == "hstore") return fmt::format("\"a\"=>\"{}\", \"b\"=>NULL", number);
  if (bare == "ltree") return fmt::format("top.n{}", number);
  if (bare == "lquery") return fmt::format("top.n{}.*", number);
  if (bare == "ltxtquery") return fmt::format("n{}", number);
  if (bare == "cube") return fmt::format("({},2,3)", number);
  if (bare == "seg") return fmt::format("{} .. {}", number, number + 5);
  if (bare == "vector" || bare == "halfvec") {
    const int dimensions = wanted.modifier > 0 ? wanted.modifier : 3;
    std::string all = "[" + std::to_string(number);
    for (int at = 1; at < dimensions; ++at) all += at % 2 == 0 ? ",0.5" : ",0.25";
    return all + "]";
  }
  if (bare == "sparsevec")
    return fmt::format("{{1:{}}}/{}", number + 1, wanted.modifier > 0 ? wanted.modifier : 3);
  if (bare == "geometry" || bare == "geography") {
    static constexpr std::array<std::string_view, 8> kShapes = {
        "POINT({0} {1})",
        "POINT({0} {1})",
        "LINESTRING({0} {1},{1} {0})",
        "POLYGON(({0} {0},{0} {1},{1} {1},{0} {0}))",
        "MULTIPOINT({0} {1})",
        "MULTILINESTRING(({0} {1},{1} {0}))",
        "MULTIPOLYGON((({0} {0},{0} {1},{1} {1},{0} {0})))",
        "GEOMETRYCOLLECTION(POINT({0} {1}))"};
    // PostGIS's modifier: bits 2 to 7 the shape, 8 to 28 the reference system.
    const auto shape = wanted.modifier < 0 ? 0U : (static_cast<unsigned>(wanted.modifier) >> 2U) & 0x3fU;
    const auto system = wanted.modifier < 0 ? 0U : (static_cast<unsigned>(wanted.modifier) >> 8U) & 0x1fffffU;
    const std::string text = fmt::format(fmt::runtime(kShapes.at(shape < kShapes.size() ? shape : 0)),
                                         number % 80, number % 80 + 5);
    return system == 0 ? text : fmt::format("SRID={};{}", system, text);
  }
  return std::nullopt;
}

std::optional<std::string> Values::of_base(const Type& type, const Wanted& wanted) const {
  static constexpr std::array<std::string_view, 7> kGeometric = {"point", "line",    "lseg",  "path",
                                                                 "box",   "polygon", "circle"};
  if (!type.own) return of_extension(type, wanted);
  if (std::find(kGeometric.begin(), kGeometric.end(), type.bare) != kGeometric.end())
    return geometric_of(type.bare, small_of(wanted) + 1);
  if (type.bare == "int2vector" || type.bare == "oidvector") return fmt::format("{} 2", small_of(wanted));
  const auto maker = makers().find(type.bare);
  if (maker == makers().end()) return std::nullopt;
  return maker->second(wanted);
}

std::optional<std::string> Values::of(const Wanted& wanted) const {
  Wanted below = wanted;
  const Type* const base = base_of(wanted.type, below.modifier);
  if (base == nullptr) return std::nullopt;
  below.type = base->oid;
  if (base->kind == 'e') {
    if (base->labels.empty()) return std::nullopt;
    return base->labels[(static_cast<std::size_t>(wanted.variant) + wanted.salt) % base->labels.size()];
  }
  if (base->kind == 'r') return of_range(*base, below);
  if (base->kind == 'm') {
    const Type* const range = type(base->subtype);
    const auto one = range == nullptr ? std::nullopt : of_range(*range, below);
    return one ? std::optional("{" + *one + "}") : std::nullopt;
  }
  if (base->kind == 'c') {
    std::string all;
    for (std::size_t at = 0; at < base->fields.size(); ++at) {
      const auto field = of({base->fields[at].type,
                             base->fields[at].modifier,
                             {},
                             wanted.salt + static_cast<unsigned>(at),
                             wanted.variant});
      if (!field) return std::nullopt;
      all += (at == 0 ? "" : ",") + element_of(*field);
    }
    return "(" + all + ")";
  }
  if (base->category == 'A' && base->element != 0 && base->bare != "int2vector" &&
      base->bare != "oidvector") {
    // box[] is the one type whose elements are not separated by a comma.
    const Type* const element = type(base->element);
    const char separator = element != nullptr && element->bare == "box" ? ';' : ',';
    std::string all;
    for (int at = 0; at < 2; ++at) {
      const auto one = of({base->element, below.modifier, wanted.name, wanted.salt, wanted.variant + 1 + at});
      if (!one) return std::nullopt;
      if (at != 0) all += separator;
      all += element_of(*one);
    }
    return "{" + all + "}";
  }
  return of_base(*base, below);
}

const std::vector<std::string>& Values::guesses() {
  static const std::vector<std::string> all = {"1",
                                               "a",
                                               "{}",
                                               "(1,2)",
                                               "[1,2,3]",
                                               "1.5",
                                               "2021-03-04",
                                               "00000000-0000-4000-8000-000000000001",
                                               "a=>1",
                                               "t",
                                               "<a/>",
                                               "192.0.2.1",
                                               "{1,2}",
                                               "[1,2)",
                                               "POINT(1 2)",
                                               "user@example.org",
                                               "{\"a\":1}",
                                               "12:34:56",
                                               "1 day",
                                               "https://example.org/",
                                               "978-0-393-04002-9",
                                               "1436-4522",
                                               "0000-0000",
                                               "979-0-2600-0043-8",
                                               "220500896036",
                                               "USD",
                                               "en",
                                               "1/1",
                                               "",
                                               "+4930123456",
                                               "10101",
                                               "CCO",
                                               "{\"ops\":[]}",
                                               "a.b",
                                               "%1",
                                               "1 .. 2"};
  return all;
}

}  // namespace exitgate::rows
