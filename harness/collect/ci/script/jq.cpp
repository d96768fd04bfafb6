#include "harness/collect/ci/script/jq.h"

#include <utility>

#include "harness/base/characters.h"
#include "harness/collect/ci/script/jq_filters.h"

namespace exitgate::collect::ci::script {

namespace {

using expression::Value;
using expression::ValueKind;
using jq_filters::array_of;
using jq_filters::binary;
using jq_filters::constant;
using jq_filters::Filter;
using jq_filters::give_up;
using jq_filters::items;
using jq_filters::kMostValues;
using jq_filters::member;
using jq_filters::same;
using jq_filters::truthy;
using jq_filters::Values;

constexpr int kDeepest = 60;

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
      Filter self = [](const Value& value) { return Values{value}; };
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

  Filter function() {
    const std::string called = name();
    std::vector<Filter> arguments;
    if (take("(")) {
      do {
        arguments.push_back(pipe());
      } while (take(";"));
      if (!take(")")) give_up();
    }
    return jq_filters::function(called, arguments);
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
