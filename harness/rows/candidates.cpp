#include "harness/rows/candidates.h"

#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "harness/base/text.h"
#include "harness/rows/outcome.h"

namespace exitgate::rows {
namespace {

constexpr std::size_t kMost = 90;  // of one column
constexpr int kHashed = 400;       // for a partition by hash

// Expressions over literals, each once and in order.
class List {
 public:
  explicit List(database::Connection& connection, const std::string& type)
      : connection_(connection), type_(type) {}
  void literal(std::string_view text) {
    add(fmt::format("{}::{}", connection_.literal(text), type_), std::string(text));
  }
  void add(const std::string& expression, std::optional<std::string> text = std::nullopt) {
    if (seen_.insert(expression).second) all_.push_back({expression, std::move(text)});
  }
  std::vector<Candidates::Expression>& all() { return all_; }

 private:
  database::Connection& connection_;
  const std::string& type_;
  std::set<std::string> seen_;
  std::vector<Candidates::Expression> all_;
};

double number_of(const std::string& text) {
  double number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

std::string plain_number(double number) {
  return number == static_cast<double>(static_cast<long long>(number))
             ? std::to_string(static_cast<long long>(number))
             : fmt::format("{}", number);
}

// About each number that is named, and between each two of them.
void add_numbers(List& list, const ExpressionParts& said) {
  for (std::size_t at = 0; at < said.numbers.size() && at < 12; ++at) {
    const double number = number_of(said.numbers[at]);
    list.literal(said.numbers[at]);
    for (const double near :
         {number + 1, number - 1, number + 2, number - 2, -number, number / 2, number * 2, number + 0.5})
      list.literal(plain_number(near));
    if (at > 0) {
      const double other = number_of(said.numbers[at - 1]);
      list.literal(plain_number((number + other) / 2));
      list.literal(plain_number(static_cast<double>(static_cast<long long>((number + other) / 2))));
    }
  }
}

void add_texts(List& list, const ExpressionParts& said, std::string_view name, unsigned salt) {
  for (const auto& one : said.patterns) list.literal(one);
  for (const auto& one : said.strings) list.literal(one);
  const bool of_length = said.words.contains("length") || said.words.contains("char_length") ||
                         said.words.contains("character_length") || said.words.contains("octet_length");
  if (of_length) {
    for (const auto& one : said.numbers) {
      const int length = static_cast<int>(std::min(number_of(one), 3000.0));
      for (const int near : {length, length + 1, length - 1}) {
        if (near < 0) continue;
        for (int variant = 1; variant < 4; ++variant) {
          std::string text = text_value({}, salt, variant, std::min(near, 11));
          text.resize(static_cast<std::size_t>(near), 'x');
          list.literal(text);
        }
        list.literal(std::string(static_cast<std::size_t>(near), '7'));
        list.literal(std::string(static_cast<std::size_t>(near), 'a'));
      }
    }
  }
  for (const auto& one : said.numbers) list.literal(one);
  for (int variant = 1; variant < 5; ++variant) {
    const std::string text = text_value(name, salt, variant, 3);
    list.literal(text);
    list.literal("AB" + std::to_string(variant));
    list.literal(std::to_string(12345 + variant));
  }
  for (const char* const one :
       {"user@example.org", "other@example.org", "https://example.org/", "en", "EUR", "a-b", "a_b", "#aabbcc",
        "2021-03", "+493012345", "127.0.0.1", "/a/b", "a.b", "{}", "UTC", ""}) {
    list.literal(one);
  }
}

void add_documents(List& list, const ExpressionParts& said, database::Connection& connection) {
  for (const char* const one : {"{}", "[]", "\"a\"", "1", "true", "[\"a\"]", "[{}]", "{\"a\": 1}"})
    list.literal(one);
  std::string with_texts;
  std::string with_numbers;
  std::string with_objects;
  std::string names;
  for (const auto& one : said.strings) {
    const std::string name = connection.literal(one) + "::text";
    with_texts += (with_texts.empty() ? "" : ", ") + name + ", 'a'::text";
    with_numbers += (with_numbers.empty() ? "" : ", ") + name + ", 1";
    with_objects += (with_objects.empty() ? "" : ", ") + name + ", '{}'::json";
    names += (names.empty() ? "" : ", ") + name;
    list.add(fmt::format("json_build_array({})::text", name));
    list.add(fmt::format("to_json({})::text", name));
  }
  if (names.empty()) return;
  list.add(fmt::format("json_build_object({})::text", with_texts));
  list.add(fmt::format("json_build_object({})::text", with_numbers));
  list.add(fmt::format("json_build_object({})::text", with_objects));
}

}  // namespace

unsigned salt_of(const Table& table, const Column& column) {
  return salt_of(table.name + "." + column.name);
}

bool Candidates::is_plain(const Column& column) const {
  for (const Type* type = values_.type(column.type); type != nullptr && type->kind == 'd';
       type = values_.type(type->base)) {
    if (!type->checks.empty()) return false;
  }
  return values_.of({column.type, column.modifier, column.name, 1, 1}).has_value();
}

bool Candidates::has_few(const Column& column) const {
  int modifier = column.modifier;
  const Type* const base = values_.base_of(column.type, modifier);
  return base != nullptr && (base->kind == 'e' || base->category == 'B');
}

std::optional<std::string> Candidates::plain(const Column& column, const Table& table, int variant) const {
  return values_.of({column.type, column.modifier, column.name, salt_of(table, column), variant});
}

std::vector<Candidates::Expression> Candidates::expressions_of(
    const Column& column, const Table& table, const std::vector<ExpressionParts>& said) const {
  List made(connection_, column.type_name);
  List read(connection_, column.type_name);
  const unsigned salt = salt_of(table, column);
  int modifier = column.modifier;
  const Type* const base = values_.base_of(column.type, modifier);
  const char category = base == nullptr ? 'U' : base->category;
  for (int variant = 0; variant < 6; ++variant) {
    if (const auto one = values_.of({column.type, column.modifier, column.name, salt, variant}))
      made.literal(*one);
  }
  // One of so many partitions takes a value by its hash.
  const bool by_hash = std::any_of(said.begin(), said.end(), [](const auto& one) {
    return one.words.contains("satisfies_hash_partition");
  });
  for (int variant = 6; by_hash && variant < kHashed; ++variant) {
    if (const auto one = values_.of({column.type, column.modifier, column.name, salt, variant}))
      made.literal(*one);
  }
  // What two columns may have in common.
  for (int variant = 0; variant < 2 && !said.empty(); ++variant) {
    if (const auto one = values_.of({column.type, column.modifier, "same", 0, variant})) made.literal(*one);
  }
  std::vector<ExpressionParts> all = said;
  for (const Type* type = values_.type(column.type); type != nullptr && type->kind == 'd';
       type = values_.type(type->base)) {
    for (const auto& check : type->checks) all.push_back(parts_of_expression(check));
  }
  for (const auto& one : all) {
    if (category == 'N') {
      for (const auto& text : one.strings) read.literal(text);
      add_numbers(read, one);
    } else if (category == 'S') {
      add_texts(read, one, column.name, salt);
    } else if (category == 'D') {
      for (const auto& text : one.strings) {
        read.literal(text);
        const std::string literal = connection_.literal(text);
        for (const char* const step : {"1 day", "-1 day", "1 hour", "40 days"})
          read.add(fmt::format("({}::{} + '{}'::interval)::{}", literal, column.type_name, step,
                               column.type_name));
      }
      for (const char* const text : {"2024-01-01", "2023-07-03", "2023-12-31"}) read.literal(text);
    } else if (category == 'E' && base != nullptr) {
      for (const auto& label : base->labels) read.literal(label);
    } else if (category == 'B') {
      read.literal("t");
      read.literal("f");
    } else if (base != nullptr && base->bare == "bytea") {
      for (const auto& text : one.numbers) {
        const auto length = static_cast<std::size_t>(std::clamp(number_of(text), 0.0, 3000.0));
        for (unsigned variant = 0; variant < 4; ++variant) {
          std::string bytes = "\\x";
          for (std::size_t at = 0; at < length; ++at)
            bytes += fmt::format("{:02x}", (salt + variant + at * 7) % 256);
          read.literal(bytes);
        }
      }
    } else if (category == 'A') {
      read.literal("{}");
      for (const auto& text : one.numbers) {
        const double length = number_of(text);
        if (base == nullptr || length < 1 || length > 100) continue;
        std::string elements;
        for (int at = 0; at < static_cast<int>(length); ++at) {
          const auto element = values_.of({base->element, modifier, column.name, salt, at + 1});
          if (element) elements += (elements.empty() ? "" : ", ") + connection_.literal(*element);
        }
        if (!elements.empty()) read.add(fmt::format("ARRAY[{}]::{}", elements, column.type_name));
      }
      for (const auto& text : one.strings) {
        read.literal(text);
        read.add(fmt::format("ARRAY[{}]::{}", connection_.literal(text), column.type_name));
      }
      for (const auto& text : one.numbers) read.literal("{" + text + "}");
    } else if (base != nullptr && (base->bare == "json" || base->bare == "jsonb")) {
      add_documents(read, one, connection_);
    } else {
      for (const auto& text : one.strings) read.literal(text);
      for (const auto& text : one.numbers) read.literal(text);
    }
  }
  if (made.all().empty()) {
    for (const auto& text : Values::guesses()) read.literal(text);
  }
  // By turns, so that both are among the first.
  std::vector<Expression> both;
  for (std::size_t at = 0; at < std::max(made.all().size(), read.all().size()); ++at) {
    if (at < made.all().size()) both.push_back(made.all()[at]);
    if (at < read.all().size()) both.push_back(read.all()[at]);
  }
  if (both.size() > kMost && !by_hash) both.resize(kMost);
  return both;
}

// What the server would say of a number or a text, where no question is needed: true and false; nullopt where it is.
std::optional<bool> is_read(const Type& type, int modifier, const std::string& text) {
  if (type.kind != 'b' || !type.own) return std::nullopt;
  if (type.bare == "text" || type.bare == "varchar") return true;
  const bool is_number = !text.empty() && text.find('-', 1) == std::string::npos &&
                         text.find('.') == text.rfind('.') &&
                         text.find_first_not_of("-.0123456789") == std::string::npos;
  if (type.category != 'N' || !is_number) return std::nullopt;
  const double number = std::abs(number_of(text));
  if (type.bare == "int2" || type.bare == "int4" || type.bare == "int8") {
    const double most = type.bare == "int2" ? 32767 : type.bare == "int4" ? 2147483647.0 : 9e18;
    return text.find('.') == std::string::npos && number <= most;
  }
  if (type.bare != "numeric" || modifier < 4)
    return type.bare == "numeric" ? std::optional(true) : std::nullopt;
  const int precision = ((modifier - 4) >> 16) & 0xffff;
  const int scale = (((modifier - 4) & 0x7ff) ^ 1024) - 1024;
  return number + 1 < std::pow(10.0, precision - scale);
}

std::vector<std::string> Candidates::accepted(const Column& column, const Table& table,
                                              const std::vector<ExpressionParts>& said) {
  const auto expressions = expressions_of(column, table, said);
  std::string key = column.type_name;
  for (const auto& one : expressions) key += "\n" + one.expression;
  if (const auto known = accepted_.find(key); known != accepted_.end()) return known->second;
  const Type* const type = values_.type(column.type);
  std::vector<std::string> asked;
  std::vector<std::optional<std::string>> read(expressions.size());
  std::vector<std::size_t> places;
  for (std::size_t at = 0; at < expressions.size(); ++at) {
    const auto& [expression, text] = expressions[at];
    const auto known = text && type != nullptr ? is_read(*type, column.modifier, *text) : std::nullopt;
    if (known) {
      if (*known) read[at] = *text;
    } else {
      asked.push_back(fmt::format("({})::{}", expression, column.type_name));
      places.push_back(at);
    }
  }
  const auto outcomes = try_values(connection_, asked);
  for (std::size_t at = 0; at < outcomes.size(); ++at) {
    if (outcomes[at].ok()) read[places[at]] = outcomes[at].value;
  }
  std::vector<std::string> texts;
  std::set<std::string> seen;
  for (auto& one : read) {
    if (one && seen.insert(*one).second) texts.push_back(std::move(*one));
  }
  return accepted_.emplace(key, std::move(texts)).first->second;
}

}  // namespace exitgate::rows
