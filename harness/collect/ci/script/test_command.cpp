#include <charconv>

#include "harness/collect/ci/script/machine.h"

namespace exitgate::collect::ci::script {

namespace {

using Answer = std::optional<bool>;

class Test {
 public:
  Test(const std::vector<std::string>& words, bool patterns) : words_(words), patterns_(patterns) {}

  Answer all(std::string& why) {
    if (words_.empty()) return false;
    const Answer answer = either();
    if (at_ != words_.size()) throw NotDecided("a comparison of the script cannot be read");
    if (!answer) why = unknown_;
    return answer;
  }

 private:
  std::string bare(std::size_t ahead = 0) const {
    return at_ + ahead < words_.size() ? plain(words_[at_ + ahead]) : "";
  }
  bool more(std::size_t count) const { return at_ + count <= words_.size(); }
  bool take(std::string_view word) {
    if (!more(1) || words_[at_] != word) return false;
    ++at_;
    return true;
  }

  Answer either() {
    Answer left = both();
    while (take("||") || take("-o")) {
      const Answer right = both();
      if ((left && *left) || (right && *right)) {
        left = true;
      } else if (!left || !right) {
        left = std::nullopt;
      }
    }
    return left;
  }

  Answer both() {
    Answer left = negated();
    while (take("&&") || take("-a")) {
      const Answer right = negated();
      if ((left && !*left) || (right && !*right)) {
        left = false;
      } else if (!left || !right) {
        left = std::nullopt;
      }
    }
    return left;
  }

  Answer negated() {
    if (++depth_ > kDeepest) throw NotDecided("a comparison of the script is nested too deeply");
    if (more(2) && take("!")) {
      const Answer one = negated();
      return one ? Answer(!*one) : std::nullopt;
    }
    return one();
  }

  Answer one() {
    if (more(3) && bare(1) != "&&" && bare(1) != "||" && is_comparison(bare(1))) return compared();
    if (take("(")) {
      const Answer inner = either();
      if (!take(")")) throw NotDecided("a comparison of the script cannot be read");
      return inner;
    }
    if (more(2) && bare().size() == 2 && bare()[0] == '-' && bare() != "-a" && bare() != "-o") {
      const std::string operation = bare();
      const std::string& operand = words_[at_ + 1];
      at_ += 2;
      if (operation == "-z" || operation == "-n") {
        if (plain(operand).empty() && is_unknown(operand)) return unknown(operand);
        return plain(operand).empty() == (operation == "-z");
      }
      return unknown(operand);  // of files
    }
    if (!more(1)) throw NotDecided("a comparison of the script cannot be read");
    const std::string& operand = words_[at_++];
    if (plain(operand).empty() && is_unknown(operand)) return unknown(operand);
    return !plain(operand).empty();
  }

  static bool is_comparison(const std::string& word) {
    for (const std::string_view one :
         {"=", "==", "!=", "=~", "-eq", "-ne", "-gt", "-lt", "-ge", "-le", "<", ">"}) {
      if (word == one) return true;
    }
    return false;
  }

  Answer compared() {
    const std::string left = words_[at_];
    const std::string operation = bare(1);
    const std::string right = words_[at_ + 2];
    at_ += 3;
    if (operation[0] == '-') return numbers(left, operation, right);
    Answer answer;
    if (operation == "=~") {
      answer = finds(left, right, false, true);
    } else if (operation == "<" || operation == ">") {
      answer = std::nullopt;
    } else if (patterns_) {
      answer = matches_pattern(left, right);
    } else if (!is_unknown(left) && !is_unknown(right)) {
      answer = plain(left) == plain(right);
    }
    if (!answer) return unknown(left + right);
    return operation == "!=" ? !*answer : *answer;
  }

  Answer numbers(const std::string& left, const std::string& operation, const std::string& right) {
    const auto number = [](const std::string& text) -> std::optional<long long> {
      const std::string digits = plain(text);
      long long value = 0;
      const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
      if (is_unknown(text) || error != std::errc() || end != digits.data() + digits.size())
        return std::nullopt;
      return value;
    };
    const auto one = number(left);
    const auto other = number(right);
    if (!one || !other) return unknown(left + right);
    if (operation == "-eq") return *one == *other;
    if (operation == "-ne") return *one != *other;
    if (operation == "-gt") return *one > *other;
    if (operation == "-lt") return *one < *other;
    if (operation == "-ge") return *one >= *other;
    return *one <= *other;
  }

  Answer unknown(const std::string& operand) {
    if (unknown_.empty()) {
      unknown_ = "a comparison of the script depends on values known only to the run";
      if (is_looked(operand)) unknown_ = kLooked + unknown_;
    }
    return std::nullopt;
  }

  static constexpr int kDeepest = 50;
  const std::vector<std::string>& words_;
  bool patterns_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::string unknown_;
};

}  // namespace

std::optional<bool> run_test(const std::vector<std::string>& words, bool patterns, std::string& why) {
  return Test(words, patterns).all(why);
}

}  // namespace exitgate::collect::ci::script
