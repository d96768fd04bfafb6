#include <charconv>

#include "harness/base/characters.h"
#include "harness/collect/ci/script/machine.h"

namespace exitgate::collect::ci::script {

namespace {

using Number = std::optional<long long>;

std::optional<long long> number_of(std::string_view text) {
  const std::string bare = plain(text);
  if (text.find(kUnknown) != std::string_view::npos) return std::nullopt;
  if (bare.empty()) return 0;
  long long number = 0;
  const auto [end, error] = std::from_chars(bare.data(), bare.data() + bare.size(), number);
  if (error != std::errc() || end != bare.data() + bare.size()) return std::nullopt;
  return number;
}

class Calculator {
 public:
  Calculator(std::string_view text, State& state) : text_(plain(text)), state_(state) {
    unknown_ = text.find(kUnknown) != std::string_view::npos;
  }

  Number all() {
    if (unknown_) return std::nullopt;
    const Number value = either();
    skip();
    return at_ == text_.size() ? value : std::nullopt;
  }

 private:
  void skip() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n')) ++at_;
  }
  bool take(std::string_view what) {
    skip();
    if (!std::string_view(text_).substr(at_).starts_with(what)) return false;
    at_ += what.size();
    return true;
  }

  Number either() {
    Number left = both();
    while (take("||")) {
      const Number right = both();
      if (!left || !right) {
        left = std::nullopt;
      } else {
        left = *left != 0 || *right != 0 ? 1 : 0;
      }
    }
    return left;
  }

  Number both() {
    Number left = compared();
    while (take("&&")) {
      const Number right = compared();
      if (!left || !right) {
        left = std::nullopt;
      } else {
        left = *left != 0 && *right != 0 ? 1 : 0;
      }
    }
    return left;
  }

  Number compared() {
    const Number left = sum();
    for (const std::string_view operation : {"==", "!=", "<=", ">=", "<", ">"}) {
      if (!take(operation)) continue;
      const Number right = sum();
      if (!left || !right) return std::nullopt;
      bool holds = *left > *right;
      if (operation == "==") holds = *left == *right;
      if (operation == "!=") holds = *left != *right;
      if (operation == "<=") holds = *left <= *right;
      if (operation == ">=") holds = *left >= *right;
      if (operation == "<") holds = *left < *right;
      return holds ? 1 : 0;
    }
    return left;
  }

  Number sum() {
    Number left = product();
    while (true) {
      skip();
      if (std::string_view(text_).substr(at_).starts_with("++") || at_ >= text_.size()) return left;
      const char sign = text_[at_];
      if (sign != '+' && sign != '-') return left;
      ++at_;
      const Number right = product();
      long long result = 0;
      if (!left || !right ||
          (sign == '+' ? __builtin_add_overflow(*left, *right, &result)
                       : __builtin_sub_overflow(*left, *right, &result))) {
        left = std::nullopt;
      } else {
        left = result;
      }
    }
  }

  Number product() {
    Number left = atom();
    while (take("*")) {
      const Number right = atom();
      long long result = 0;
      if (!left || !right || __builtin_mul_overflow(*left, *right, &result)) {
        left = std::nullopt;
      } else {
        left = result;
      }
    }
    return left;
  }

  Number atom() {
    if (++depth_ > kDeepest) return std::nullopt;
    skip();
    if (take("(")) {
      const Number value = either();
      return take(")") ? value : std::nullopt;
    }
    if (at_ < text_.size() && text_[at_] == '!' && !std::string_view(text_).substr(at_).starts_with("!=")) {
      ++at_;
      const Number value = atom();
      return value ? Number(*value == 0 ? 1 : 0) : std::nullopt;
    }
    if (take("$")) take("{");
    std::string name;
    while (at_ < text_.size() && is_word_char(text_[at_])) name += text_[at_++];
    take("}");
    if (name.empty()) return std::nullopt;
    if (name[0] >= '0' && name[0] <= '9') return number_of(name);
    const auto found = state_.variables.find(name);
    const Number value = found == state_.variables.end() ? Number(0) : number_of(found->second);
    return assigned(name, value);
  }

  Number assigned(const std::string& name, const Number& value) {
    const auto set = [&](const Number& to) {
      state_.variables[name] = to ? std::to_string(*to) : std::string(1, kUnknown);
      return to;
    };
    const auto added = [&](long long by) {
      long long result = 0;
      return value && !__builtin_add_overflow(*value, by, &result) ? Number(result) : std::nullopt;
    };
    if (take("++")) {
      set(added(1));
      return value;
    }
    if (take("+=")) {
      const Number by = sum();
      return set(by ? added(*by) : std::nullopt);
    }
    skip();
    const std::string_view rest = std::string_view(text_).substr(at_);
    if (rest.starts_with('=') && !rest.starts_with("==")) {
      ++at_;
      return set(sum());
    }
    return value;
  }

  static constexpr int kDeepest = 100;
  std::string text_;
  State& state_;
  std::size_t at_ = 0;
  int depth_ = 0;
  bool unknown_ = false;
};

}  // namespace

std::optional<long long> calculate(std::string_view text, State& state) {
  return Calculator(text, state).all();
}

}  // namespace exitgate::collect::ci::script
