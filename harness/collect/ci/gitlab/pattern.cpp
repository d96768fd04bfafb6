#include "harness/collect/ci/gitlab/pattern.h"

#include <string>

#include "harness/base/characters.h"

namespace exitgate::collect::ci::gitlab {

namespace {

using Bytes = std::bitset<256>;

constexpr std::size_t kMostInstructions = 5000;
constexpr int kDeepest = 100;

struct Unread {};   // syntax that is not read here
struct Invalid {};  // that RE2 refuses

Bytes range(unsigned char from, unsigned char to) {
  Bytes bytes;
  for (unsigned c = from; c <= to; ++c) bytes.set(c);
  return bytes;
}

Bytes class_of(char letter) {
  switch (letter) {
    case 'd':
      return range('0', '9');
    case 'D':
      return ~range('0', '9');
    case 'w':
      return range('a', 'z') | range('A', 'Z') | range('0', '9') | range('_', '_');
    case 'W':
      return ~class_of('w');
    case 's':
      return range('\t', '\n') | range('\f', '\r') | range(' ', ' ');
    case 'S':
      return ~class_of('s');
    default:
      return {};
  }
}

}  // namespace

// Instructions are made from the end of the pattern to its start: each part is given what follows it.
class PatternReader {
 public:
  PatternReader(Pattern& pattern, std::string_view text, bool ignore_case)
      : pattern_(pattern), text_(text), ignore_case_(ignore_case) {}

  void read() {
    const Part all = alternatives(0);
    if (at_ != text_.size()) throw Invalid{};  // a ')' too many
    pattern_.start_ = emit(all, add({.kind = Pattern::Kind::match}));
  }

 private:
  struct Part {
    enum class Kind { empty, bytes, assertion, sequence, choice, repeat } kind = Kind::empty;
    Bytes bytes = {};
    Pattern::Kind assertion = Pattern::Kind::begin;
    std::vector<Part> parts = {};
    int least = 0;
    int most = -1;  // -1: any number
  };

  Part alternatives(int depth) {
    if (depth > kDeepest) throw Unread{};
    Part choice{.kind = Part::Kind::choice};
    while (true) {
      Part sequence{.kind = Part::Kind::sequence};
      while (at_ < text_.size() && text_[at_] != '|' && text_[at_] != ')')
        sequence.parts.push_back(repeated(depth));
      choice.parts.push_back(std::move(sequence));
      if (at_ >= text_.size() || text_[at_] != '|') return choice;
      ++at_;
    }
  }

  Part repeated(int depth) {
    Part part = atom(depth);
    while (at_ < text_.size()) {
      int least = 0;
      int most = -1;
      if (text_[at_] == '+') {
        least = 1;
      } else if (text_[at_] == '?') {
        most = 1;
      } else if (text_[at_] == '{') {
        if (!counts(least, most)) return part;  // a brace like any other character
        --at_;
      } else if (text_[at_] != '*') {
        return part;
      }
      ++at_;
      if (at_ < text_.size() && text_[at_] == '?') ++at_;  // which match is taken does not matter
      Part repeat{.kind = Part::Kind::repeat, .least = least, .most = most};
      repeat.parts.push_back(std::move(part));
      part = std::move(repeat);
    }
    return part;
  }

  // "{2,5}"; false, with nothing taken, where it is none.
  bool counts(int& least, int& most) {
    std::size_t at = at_ + 1;
    const auto number = [&]() -> int {
      int value = -1;
      while (at < text_.size() && text_[at] >= '0' && text_[at] <= '9' && value < 1001)
        value = (value < 0 ? 0 : value * 10) + (text_[at++] - '0');
      return value;
    };
    least = number();
    if (least < 0) return false;
    most = least;
    if (at < text_.size() && text_[at] == ',') {
      ++at;
      most = number();
    }
    if (at >= text_.size() || text_[at] != '}') return false;
    if (least > 1000 || most > 1000 || (most >= 0 && most < least)) throw Invalid{};
    at_ = at + 1;
    return true;
  }

  Part atom(int depth) {
    const char c = text_[at_++];
    switch (c) {
      case '(':
        return group(depth);
      case '[':
        return bytes_part(char_class());
      case '.':
        return bytes_part(~range('\n', '\n'));
      case '^':
        return {.kind = Part::Kind::assertion, .assertion = Pattern::Kind::begin};
      case '$':
        return {.kind = Part::Kind::assertion, .assertion = Pattern::Kind::end};
      case '*':
      case '+':
      case '?':
        throw Invalid{};  // nothing to repeat
      case '\\':
        return escape();
      default:
        return bytes_part(range(static_cast<unsigned char>(c), static_cast<unsigned char>(c)));
    }
  }

  Part group(int depth) {
    const bool ignore_case = ignore_case_;
    if (at_ < text_.size() && text_[at_] == '?') {
      const std::string_view rest = text_.substr(at_);
      if (rest.starts_with("?:")) {
        at_ += 2;
      } else if (rest.starts_with("?i)")) {
        at_ += 3;
        ignore_case_ = true;
        return {};
      } else if (rest.starts_with("?=") || rest.starts_with("?!") || rest.starts_with("?<=") ||
                 rest.starts_with("?<!") || rest.starts_with("?>")) {
        throw Invalid{};
      } else {
        throw Unread{};
      }
    }
    Part inner = alternatives(depth + 1);
    if (at_ >= text_.size()) throw Invalid{};
    ++at_;  // ')'
    ignore_case_ = ignore_case;
    return inner;
  }

  Part escape() {
    if (at_ >= text_.size()) throw Invalid{};
    const char c = text_[at_++];
    if (c == 'A') return {.kind = Part::Kind::assertion, .assertion = Pattern::Kind::begin};
    if (c == 'z') return {.kind = Part::Kind::assertion, .assertion = Pattern::Kind::end};
    if (c == 'b') return {.kind = Part::Kind::assertion, .assertion = Pattern::Kind::word_edge};
    if (c == 'B') return {.kind = Part::Kind::assertion, .assertion = Pattern::Kind::no_word_edge};
    if (c >= '1' && c <= '9') throw Invalid{};
    if (const Bytes bytes = class_of(c); bytes.any()) return bytes_part(bytes);
    return bytes_part(one(literal(c)));
  }

  // The character that an escape stands for.
  static char literal(char c) {
    switch (c) {
      case 'n':
        return '\n';
      case 't':
        return '\t';
      case 'r':
        return '\r';
      case 'f':
        return '\f';
      default:
        break;
    }
    if (is_word_char(c)) throw Unread{};
    return c;
  }

  static Bytes one(char c) { return range(static_cast<unsigned char>(c), static_cast<unsigned char>(c)); }

  Bytes char_class() {
    Bytes bytes;
    const bool negated = at_ < text_.size() && text_[at_] == '^';
    if (negated) ++at_;
    bool first = true;
    while (true) {
      if (at_ >= text_.size()) throw Invalid{};
      char c = text_[at_++];
      if (c == ']' && !first) break;
      first = false;
      if (c == '[' && at_ < text_.size() && text_[at_] == ':') throw Unread{};
      if (c == '\\') {
        if (at_ >= text_.size()) throw Invalid{};
        c = text_[at_++];
        if (const Bytes named = class_of(c); named.any()) {
          bytes |= named;
          continue;
        }
        c = literal(c);
      }
      char last = c;
      if (at_ + 1 < text_.size() && text_[at_] == '-' && text_[at_ + 1] != ']') {
        last = text_[at_ + 1];
        at_ += 2;
        if (last == '\\') {
          if (at_ >= text_.size()) throw Invalid{};
          last = literal(text_[at_++]);
        }
        if (static_cast<unsigned char>(last) < static_cast<unsigned char>(c)) throw Invalid{};
      }
      bytes |= range(static_cast<unsigned char>(c), static_cast<unsigned char>(last));
    }
    if (ignore_case_) bytes = folded(bytes);
    return negated ? ~bytes : bytes;
  }

  static Bytes folded(Bytes bytes) {
    for (char c = 'a'; c <= 'z'; ++c) {
      const auto small = static_cast<unsigned char>(c);
      const auto large = static_cast<unsigned char>(c - 'a' + 'A');
      if (bytes[small] || bytes[large]) bytes.set(small).set(large);
    }
    return bytes;
  }

  Part bytes_part(Bytes bytes) const {
    return {.kind = Part::Kind::bytes, .bytes = ignore_case_ ? folded(bytes) : bytes};
  }

  std::size_t add(Pattern::Instruction instruction) {
    if (pattern_.program_.size() >= kMostInstructions) throw Unread{};
    pattern_.program_.push_back(instruction);
    return pattern_.program_.size() - 1;
  }

  // The first instruction of the part, behind which `next` comes.
  std::size_t emit(const Part& part, std::size_t next) {
    switch (part.kind) {
      case Part::Kind::empty:
        return next;
      case Part::Kind::bytes:
        pattern_.sets_.push_back(part.bytes);
        return add({.kind = Pattern::Kind::bytes, .bytes = pattern_.sets_.size() - 1, .next = next});
      case Part::Kind::assertion:
        return add({.kind = part.assertion, .next = next});
      case Part::Kind::sequence:
        for (auto one = part.parts.rbegin(); one != part.parts.rend(); ++one) next = emit(*one, next);
        return next;
      case Part::Kind::choice: {
        std::size_t first = emit(part.parts.back(), next);
        for (auto one = part.parts.rbegin() + 1; one != part.parts.rend(); ++one)
          first = add({.kind = Pattern::Kind::split, .next = emit(*one, next), .other = first});
        return first;
      }
      case Part::Kind::repeat:
        return emit_repeat(part, next);
    }
    return next;
  }

  std::size_t emit_repeat(const Part& part, std::size_t next) {
    std::size_t first = next;
    if (part.most < 0) {
      const std::size_t loop = add({.kind = Pattern::Kind::split, .other = next});
      const std::size_t body = emit(part.parts.front(), loop);
      pattern_.program_[loop].next = body;
      first = loop;
    } else {
      for (int i = part.least; i < part.most; ++i)
        first = add({.kind = Pattern::Kind::split, .next = emit(part.parts.front(), first), .other = next});
    }
    for (int i = 0; i < part.least; ++i) first = emit(part.parts.front(), first);
    return first;
  }

  Pattern& pattern_;
  std::string_view text_;
  bool ignore_case_;
  std::size_t at_ = 0;
};

Pattern::Pattern(std::string_view regex, bool ignore_case) {
  try {
    PatternReader(*this, regex, ignore_case).read();
  } catch (const Invalid&) {
    valid_ = false;
  } catch (const Unread&) {
    read_ = false;
  }
}

expression::Truth Pattern::matches(std::string_view text) const {
  if (!valid_ || !read_ || text.size() > 10'000) return expression::Truth::unknown;
  std::vector<std::size_t> now;
  std::vector<std::size_t> later;
  std::vector<std::size_t> seen(program_.size(), 0);  // at which position an instruction was reached, from 1
  std::vector<std::size_t> open;
  bool matched = false;
  for (std::size_t at = 0; at <= text.size() && !matched; ++at) {
    const bool before = at > 0 && is_word_char(text[at - 1]);
    const bool behind = at < text.size() && is_word_char(text[at]);
    later.clear();
    open.assign(now.rbegin(), now.rend());
    open.insert(open.begin(), start_);
    while (!open.empty() && !matched) {
      const std::size_t i = open.back();
      open.pop_back();
      if (seen[i] == at + 1) continue;
      seen[i] = at + 1;
      const Instruction& instruction = program_[i];
      bool goes_on = false;
      switch (instruction.kind) {
        case Kind::match:
          matched = true;
          break;
        case Kind::split:
          open.push_back(instruction.other);
          goes_on = true;
          break;
        case Kind::begin:
          goes_on = at == 0;
          break;
        case Kind::end:
          goes_on = at == text.size();
          break;
        case Kind::word_edge:
          goes_on = before != behind;
          break;
        case Kind::no_word_edge:
          goes_on = before == behind;
          break;
        case Kind::bytes:
          if (at < text.size() && sets_[instruction.bytes][static_cast<unsigned char>(text[at])])
            later.push_back(instruction.next);
          break;
      }
      if (goes_on) open.push_back(instruction.next);
    }
    now.swap(later);
  }
  return expression::truth_of(matched);
}

}  // namespace exitgate::collect::ci::gitlab
