#include "harness/collect/ci/script/jq.h"

#include <algorithm>
#include <functional>
#include <utility>

#include "harness/base/characters.h"
#include "harness/collect/ci/script/shell.h"

namespace exitgate::collect::ci::script {

namespace {

using expression::Array;
using expression::Object;
using expression::Value;
using expression::ValueKind;
using Values = std::vector<Value>;
using Filter = std::function<Values(const Value&)>;

constexpr std::size_t kMostValues = 2000;
constexpr int kDeepest = 60;

[[noreturn]] void give_up() {
  throw NotDecided("the script asks jq what is not followed here");
}

// jq's own: false and null are not, all else is.
bool truthy(const Value& value) {
  return !(value.is_null() || (value.kind() == ValueKind::boolean && !value.boolean()));
}

Value member(const Value& value, const std::string& key) {
  if (value.is_null()) return {};
  if (value.kind() != ValueKind::object) give_up();
  for (const auto& [name, one] : value.object().members) {
    if (name == key) return one;
  }
  return {};
}

Values items(const Value& value) {
  if (value.kind() == ValueKind::array) return value.array().items;
  if (value.kind() != ValueKind::object) give_up();
  Values all;
  for (const auto& [name, one] : value.object().members) all.push_back(one);
  return all;
}

bool same(const Value& one, const Value& other) {
  return one.kind() == other.kind() && expression::to_json(one) == expression::to_json(other);
}

Value array_of(Values values) {
  return Value(Array{std::move(values), false});
}

bool holds(const Value& in, const Value& what) {
  if (in.kind() == ValueKind::string && what.kind() == ValueKind::string) {
    return in.text().find(what.text()) != std::string::npos;
  }
  if (in.kind() != ValueKind::array || what.kind() != ValueKind::array) give_up();
  return std::all_of(what.array().items.begin(), what.array().items.end(), [&](const Value& wanted) {
    return std::any_of(in.array().items.begin(), in.array().items.end(), [&](const Value& one) {
      return one.kind() == ValueKind::string && wanted.kind() == ValueKind::string ? holds(one, wanted)
                                                                                   : same(one, wanted);
    });
  });
}

class Parser {
 public:
  explicit Parser(std::string_view text) : text_(text) {}

  Filter all() {
    Filter filter = pipe();
    skip();
    if (at_ != text_.size()) give_up();
    return filter;
  }

 private:
  void skip() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\t')) ++at_;
  }
  bool take(std::string_view what) {
    skip();
    if (!text_.substr(at_).starts_with(what)) return false;
    at_ += what.size();
    return true;
  }
  bool take_word(std::string_view word) {
    skip();
    if (!text_.substr(at_).starts_with(word)) return false;
    if (at_ + word.size() < text_.size() && is_word_char(text_[at_ + word.size()])) return false;
    at_ += word.size();
    return true;
  }
  std::string name() {
    std::string text;
    while (at_ < text_.size() && is_word_char(text_[at_])) text += text_[at_++];
    return text;
  }

  Filter pipe() {
    if (++depth_ > kDeepest) give_up();
    Filter left = comma();
    while (true) {
      skip();
      if (text_.substr(at_).starts_with("|=") || !take("|")) break;
      Filter right = comma();
      left = [left, right](const Value& value) {
        Values out;
        for (const Value& one : left(value)) {
          for (Value& each : right(one)) out.push_back(std::move(each));
          if (out.size() > kMostValues) give_up();
        }
        return out;
      };
    }
    --depth_;
    return left;
  }

  Filter comma() {
    Filter left = disjunction();
    while (take(",")) {
      Filter right = disjunction();
      left = [left, right](const Value& value) {
        Values out = left(value);
        for (Value& one : right(value)) out.push_back(std::move(one));
        if (out.size() > kMostValues) give_up();
        return out;
      };
    }
    return left;
  }

  static Filter binary(Filter left, Filter right, std::function<Value(const Value&, const Value&)> apply) {
    return [left = std::move(left), right = std::move(right), apply = std::move(apply)](const Value& value) {
      Values out;
      for (const Value& other : right(value)) {
        for (const Value& one : left(value)) out.push_back(apply(one, other));
        if (out.size() > kMostValues) give_up();
      }
      return out;
    };
  }

  Filter disjunction() {
    Filter left = conjunction();
    while (take_word("or")) {
      left = binary(left, conjunction(),
                    [](const Value& one, const Value& other) { return Value(truthy(one) || truthy(other)); });
    }
    return left;
  }

  Filter conjunction() {
    Filter left = comparison();
    while (take_word("and")) {
      left = binary(left, comparison(),
                    [](const Value& one, const Value& other) { return Value(truthy(one) && truthy(other)); });
    }
    return left;
  }

  Filter comparison() {
    Filter left = term();
    for (const std::string_view operation : {"==", "!=", ">=", "<=", ">", "<"}) {
      if (!take(operation)) continue;
      return binary(left, term(), [operation](const Value& one, const Value& other) {
        if (operation == "==") return Value(same(one, other));
        if (operation == "!=") return Value(!same(one, other));
        if (one.kind() != ValueKind::number || other.kind() != ValueKind::number) give_up();
        if (operation == ">") return Value(one.number() > other.number());
        if (operation == "<") return Value(one.number() < other.number());
        if (operation == ">=") return Value(one.number() >= other.number());
        return Value(one.number() <= other.number());
      });
    }
    return left;
  }

  Filter term() {
    Filter filter = primary();
    while (true) {
      if (at_ < text_.size() && text_[at_] == '?') {
        ++at_;
      } else if (at_ < text_.size() && text_[at_] == '[') {
        filter = indexed(std::move(filter));
      } else if (at_ < text_.size() && text_[at_] == '.') {
        ++at_;
        if (at_ < text_.size() && text_[at_] == '[') continue;
        filter = key(std::move(filter));
      } else {
        return filter;
      }
    }
  }

  Filter key(Filter of) {
    std::string wanted;
    if (at_ < text_.size() && text_[at_] == '"') {
      wanted = string();
    } else {
      wanted = name();
    }
    if (wanted.empty()) give_up();
    return [of = std::move(of), wanted](const Value& value) {
      Values out;
      for (const Value& one : of(value)) out.push_back(member(one, wanted));
      return out;
    };
  }

  Filter indexed(Filter of) {
    ++at_;
    skip();
    if (take("]")) {
      return [of = std::move(of)](const Value& value) {
        Values out;
        for (const Value& one : of(value)) {
          for (Value& each : items(one)) out.push_back(std::move(each));
        }
        return out;
      };
    }
    if (at_ >= text_.size() || text_[at_] != '"') give_up();
    const std::string wanted = string();
    if (!take("]")) give_up();
    return [of = std::move(of), wanted](const Value& value) {
      Values out;
      for (const Value& one : of(value)) out.push_back(member(one, wanted));
      return out;
    };
  }

  // A string with what `\(…)` puts into it.
  Filter text() {
    Filter all = constant(Value(""));
    const auto append = [&](Filter part) {
      all = binary(std::move(all), std::move(part), [](const Value& one, const Value& other) {
        return Value(one.text() +
                     (other.kind() == ValueKind::string ? other.text() : expression::to_json(other)));
      });
    };
    std::string plain_text;
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] != '\\') {
        plain_text += text_[at_];
        continue;
      }
      if (++at_ >= text_.size()) give_up();
      if (text_[at_] == '(') {
        append(constant(Value(std::exchange(plain_text, ""))));
        ++at_;
        append(pipe());
        skip();
        if (at_ >= text_.size() || text_[at_] != ')') give_up();
      } else if (text_[at_] == 'n' || text_[at_] == 't') {
        plain_text += text_[at_] == 'n' ? '\n' : '\t';
      } else if (text_[at_] == '"' || text_[at_] == '\\' || text_[at_] == '/') {
        plain_text += text_[at_];
      } else {
        give_up();
      }
    }
    if (at_ >= text_.size()) give_up();
    ++at_;
    append(constant(Value(plain_text)));
    return all;
  }

  std::string string() {
    std::string text;
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      if (text_[at_] == '\\') give_up();
      text += text_[at_];
    }
    if (at_ >= text_.size()) give_up();
    ++at_;
    return text;
  }

  Filter primary() {
    skip();
    if (at_ >= text_.size()) give_up();
    const char c = text_[at_];
    if (c == '.') {
      ++at_;
      const Filter self = [](const Value& value) { return Values{value}; };
      if (at_ < text_.size() && (is_word_char(text_[at_]) || text_[at_] == '"')) return key(self);
      return self;
    }
    if (c == '"') return text();
    if (c >= '0' && c <= '9') return constant(Value(expression::parse_number(name())));
    if (take("(")) {
      Filter inner = pipe();
      if (!take(")")) give_up();
      return inner;
    }
    if (take("[")) {
      if (take("]")) return constant(array_of({}));
      Filter inner = pipe();
      if (!take("]")) give_up();
      return [inner](const Value& value) { return Values{array_of(inner(value))}; };
    }
    return function();
  }

  static Filter constant(Value value) {
    return [value = std::move(value)](const Value&) { return Values{value}; };
  }

  Filter function() {
    const std::string called = name();
    std::vector<Filter> arguments;
    if (take("(")) {
      do {
        arguments.push_back(pipe());
      } while (take(";"));
      if (!take(")")) give_up();
    }
    if (called == "true" || called == "false") return constant(Value(called == "true"));
    if (called == "null") return constant(Value());
    return arguments.empty() ? without_arguments(called) : with_arguments(called, arguments);
  }

  static Filter without_arguments(const std::string& called) {
    if (called == "empty") return [](const Value&) { return Values{}; };
    if (called == "not") return [](const Value& value) { return Values{Value(!truthy(value))}; };
    if (called == "all" || called == "any")
      return quantified(called == "all", [](const Value& value) { return Values{value}; });
    if (called == "length") {
      return [](const Value& value) {
        if (value.kind() == ValueKind::string) return Values{Value(static_cast<double>(value.text().size()))};
        return Values{Value(static_cast<double>(items(value).size()))};
      };
    }
    if (called == "keys" || called == "to_entries") {
      const bool entries = called == "to_entries";
      return [entries](const Value& value) {
        if (value.kind() != ValueKind::object) give_up();
        Values out;
        for (const auto& [key, one] : value.object().members) {
          out.push_back(entries ? Value(Object{{{"key", Value(key)}, {"value", one}}}) : Value(key));
        }
        return Values{array_of(std::move(out))};
      };
    }
    if (called == "unique" || called == "sort") {
      const bool unique = called == "unique";
      return [unique](const Value& value) {
        Values all = items(value);
        for (const Value& one : all) {
          if (one.kind() != ValueKind::string) give_up();
        }
        std::sort(all.begin(), all.end(),
                  [](const Value& one, const Value& other) { return one.text() < other.text(); });
        if (unique) all.erase(std::unique(all.begin(), all.end(), same), all.end());
        return Values{array_of(std::move(all))};
      };
    }
    give_up();
  }

  static Filter quantified(bool all, Filter test) {
    return [all, test = std::move(test)](const Value& value) {
      for (const Value& one : items(value)) {
        for (const Value& answer : test(one)) {
          if (truthy(answer) != all) return Values{Value(!all)};
        }
      }
      return Values{Value(all)};
    };
  }

  static Filter with_arguments(const std::string& called, std::vector<Filter> arguments) {
    const Filter first = arguments[0];
    if ((called == "all" || called == "any") && arguments.size() == 1)
      return quantified(called == "all", first);
    if ((called == "all" || called == "any") && arguments.size() == 2) {
      const Filter quantifier = quantified(called == "all", arguments[1]);
      return [first, quantifier](const Value& value) { return quantifier(array_of(first(value))); };
    }
    if (arguments.size() != 1) give_up();
    if (called == "select") {
      return [first](const Value& value) {
        Values out;
        for (const Value& answer : first(value)) {
          if (truthy(answer)) out.push_back(value);
        }
        return out;
      };
    }
    if (called == "map" || called == "map_values") {
      if (called == "map_values") give_up();
      return [first](const Value& value) {
        Values out;
        for (const Value& one : items(value)) {
          for (Value& each : first(one)) out.push_back(std::move(each));
        }
        return Values{array_of(std::move(out))};
      };
    }
    if (called == "join") {
      return [first](const Value& value) {
        const Values separator = first(value);
        if (separator.size() != 1 || separator[0].kind() != ValueKind::string) give_up();
        std::string text;
        bool any = false;
        for (const Value& one : items(value)) {
          if (any) text += separator[0].text();
          any = true;
          text += one.as_text();
        }
        return Values{Value(text)};
      };
    }
    if (called == "contains" || called == "inside" || called == "index" || called == "has") {
      if (called == "has" || called == "index") give_up();
      const bool inside = called == "inside";
      return [first, inside](const Value& value) {
        Values out;
        for (const Value& one : first(value))
          out.emplace_back(inside ? holds(one, value) : holds(value, one));
        return out;
      };
    }
    if (called == "IN") {
      return [first](const Value& value) {
        const Values all = first(value);
        return Values{
            Value(std::any_of(all.begin(), all.end(), [&](const Value& one) { return same(one, value); }))};
      };
    }
    if (called == "test" || called == "startswith") {
      const bool whole = called == "startswith";
      return [first, whole](const Value& value) {
        const Values wanted = first(value);
        if (wanted.size() != 1 || wanted[0].kind() != ValueKind::string || value.kind() != ValueKind::string)
          give_up();
        const std::string& text = wanted[0].text();
        if (text.find_first_of(".*+?()[]{}|^$\\") != std::string::npos) give_up();
        return Values{
            Value(whole ? value.text().starts_with(text) : value.text().find(text) != std::string::npos)};
      };
    }
    give_up();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

std::vector<expression::Value> jq(std::string_view filter, const expression::Value& value) {
  return Parser(filter).all()(value);
}

}  // namespace exitgate::collect::ci::script
