#include <algorithm>
#include <cctype>
#include <stdexcept>
#include <string>
#include <string_view>

#include "harness/rows/expressions.h"

namespace exitgate::rows {
namespace {

struct NotUnderstood : std::exception {};

// Writes a text while it reads the pattern: each quantifier takes its least number, `*` and `?` by the variant.
class Sampler {
 public:
  Sampler(std::string_view pattern, unsigned variant) : pattern_(pattern), variant_(variant) {}

  std::string run() {
    std::string text = alternatives();
    if (at_ < pattern_.size()) throw NotUnderstood();
    return text;
  }

 private:
  bool more() const { return at_ < pattern_.size(); }
  char take() {
    if (!more()) throw NotUnderstood();
    return pattern_[at_++];
  }
  bool accept(std::string_view text) {
    if (!pattern_.substr(at_).starts_with(text)) return false;
    at_ += text.size();
    return true;
  }

  std::string alternatives() {
    std::vector<std::string> all = {sequence()};
    while (accept("|")) all.push_back(sequence());
    return all[variant_ % all.size()];
  }

  std::string sequence() {
    std::string text;
    while (more() && pattern_[at_] != '|' && pattern_[at_] != ')') {
      if (accept("^") || accept("$")) continue;
      const std::size_t start = at_;
      std::string one = atom();
      const auto [least, most] = quantifier();
      const std::size_t end = at_;
      const unsigned times = least == 0 ? (variant_ % 2 == 0 ? 0 : most > 0 ? 1U : 0U) : least;
      for (unsigned time = 0; time < times; ++time) {
        if (time > 0) {
          // Again from its start, so that the characters of a class differ.
          at_ = start;
          ++turn_;
          one = atom();
        }
        text += one;
      }
      at_ = end;
      if (text.size() > 2000) throw NotUnderstood();
    }
    return text;
  }

  std::pair<unsigned, unsigned> quantifier() {
    std::pair<unsigned, unsigned> times = {1, 1};
    if (accept("*")) {
      times = {0, 9};
    } else if (accept("+")) {
      times = {1 + variant_ % 2, 9};
    } else if (accept("?")) {
      times = {0, 1};
    } else if (accept("{")) {
      times.first = number();
      times.second = times.first;
      if (accept(",")) times.second = more() && pattern_[at_] != '}' ? number() : 999;
      if (!accept("}")) throw NotUnderstood();
    } else {
      return times;
    }
    accept("?");  // the non-greedy form
    return times;
  }

  unsigned number() {
    unsigned value = 0;
    if (!more() || std::isdigit(static_cast<unsigned char>(pattern_[at_])) == 0) throw NotUnderstood();
    while (more() && std::isdigit(static_cast<unsigned char>(pattern_[at_])) != 0 && value < 5000)
      value = value * 10 + static_cast<unsigned>(take() - '0');
    return value;
  }

  std::string one_of(std::string_view characters) {
    if (characters.empty()) throw NotUnderstood();
    return std::string(1, characters[(variant_ + turn_) % characters.size()]);
  }

  static std::string_view letters() { return "abcdefghijklmnopqrstuvwxyz"; }

  std::string atom() {
    const char c = take();
    if (c == '(') {
      if (accept("?!") || accept("?=") || accept("?<")) throw NotUnderstood();
      accept("?:");
      std::string text = alternatives();
      if (!accept(")")) throw NotUnderstood();
      return text;
    }
    if (c == '[') return one_of(bracket());
    if (c == '.') return one_of(letters());
    if (c == '\\') {
      const std::string escaped = escape(take());
      return escaped.size() == 1 ? escaped : one_of(escaped);
    }
    if (c == '*' || c == '+' || c == '?' || c == '{') throw NotUnderstood();
    return std::string(1, c);
  }

  // The characters that an escape stands for.
  static std::string escape(char c) {
    if (c == 'd') return "1234567890";
    if (c == 'w') return "abcdefghijklmnopqrstuvwxyz0123456789_";
    if (c == 's') return " ";
    if (c == 'S') return std::string(letters());
    if (c == 'D' || c == 'W') return c == 'D' ? std::string(letters()) : "-";
    if (c == 't') return "\t";
    if (c == 'n') return "\n";
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) throw NotUnderstood();
    return std::string(1, c);
  }

  std::string named_class() {
    if (accept("[:alpha:]") || accept("[:lower:]")) return std::string(letters());
    if (accept("[:upper:]")) return "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    if (accept("[:digit:]") || accept("[:xdigit:]")) return "1234567890";
    if (accept("[:alnum:]")) return "abcdefghijklmnopqrstuvwxyz0123456789";
    if (accept("[:space:]") || accept("[:blank:]")) return " ";
    if (accept("[:punct:]")) return "-";
    return {};
  }

  std::string bracket() {
    const bool negated = accept("^");
    std::string characters;
    bool first = true;
    while (more() && (first || pattern_[at_] != ']')) {
      first = false;
      if (const std::string named = named_class(); !named.empty()) {
        characters += named;
        continue;
      }
      const char low = take();
      if (low == '\\') {
        characters += escape(take());
        continue;
      }
      if (more() && pattern_[at_] == '-' && at_ + 1 < pattern_.size() && pattern_[at_ + 1] != ']') {
        ++at_;
        const char high = take();
        for (int one = static_cast<unsigned char>(low); one <= static_cast<unsigned char>(high) && one < 0x7f;
             ++one)
          characters += static_cast<char>(one);
      } else {
        characters += low;
      }
    }
    if (!accept("]")) throw NotUnderstood();
    if (!negated) return characters;
    std::string others;
    for (const char c : std::string_view("abcdefghijklmnopqrstuvwxyz0123456789 -_@.")) {
      if (characters.find(c) == std::string::npos) others += c;
    }
    return others;
  }

  std::string_view pattern_;
  unsigned variant_;
  unsigned turn_ = 0;
  std::size_t at_ = 0;
};

}  // namespace

std::string matching_text(std::string_view pattern, unsigned variant) {
  try {
    return Sampler(pattern, variant).run();
  } catch (const NotUnderstood&) {
    return {};
  }
}

}  // namespace exitgate::rows
