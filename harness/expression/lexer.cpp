#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "harness/expression/syntax.h"

namespace exitgate::expression {

namespace {

// Bytes of the white space at `at`, Unicode's too (a no-break space from a web page); 0 when there is none.
std::size_t space_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return 0;
  const char c = text[at];
  if (c == ' ' || (c >= '\t' && c <= '\r')) return 1;
  if (static_cast<unsigned char>(c) < 0x80) return 0;
  constexpr std::string_view kWide[] = {"\xC2\x85",     "\xC2\xA0",     "\xE1\x9A\x80", "\xE2\x80\x80",
                                        "\xE2\x80\x81", "\xE2\x80\x82", "\xE2\x80\x83", "\xE2\x80\x84",
                                        "\xE2\x80\x85", "\xE2\x80\x86", "\xE2\x80\x87", "\xE2\x80\x88",
                                        "\xE2\x80\x89", "\xE2\x80\x8A", "\xE2\x80\xA8", "\xE2\x80\xA9",
                                        "\xE2\x80\xAF", "\xE2\x81\x9F", "\xE3\x80\x80"};
  for (const std::string_view wide : kWide) {
    if (text.substr(at).starts_with(wide)) return wide.size();
  }
  return 0;
}

std::size_t behind_space(std::string_view text, std::size_t at) {
  while (const std::size_t space = space_at(text, at)) at += space;
  return at;
}

// Where a number or a name ends.
bool is_boundary(std::string_view text, std::size_t at) {
  return space_at(text, at) != 0 || std::string_view("()[],!><=&|").find(text[at]) != std::string_view::npos;
}

bool is_name(std::string_view text) {
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
  return !text.empty() && letter(text[0]) && std::all_of(text.begin(), text.end(), [&](char c) {
    return letter(c) || (c >= '0' && c <= '9') || c == '-';
  });
}

class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  std::vector<Token> read() {
    while (true) {
      at_ = behind_space(text_, at_);
      if (at_ == text_.size()) break;
      read_one();
    }
    tokens_.push_back({TokenKind::end, "", text_.size()});
    return std::move(tokens_);
  }

 private:
  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }

  void take(TokenKind kind, std::size_t length, Value value = {}) {
    tokens_.push_back({kind, std::string(text_.substr(at_, length)), at_, std::move(value)});
    at_ += length;
  }

  [[noreturn]] void fail(std::size_t end) const {
    throw SyntaxError(located("Unexpected symbol", text_.substr(at_, end - at_), at_, text_));
  }

  std::size_t boundary(std::size_t from, bool dot_ends) const {
    std::size_t end = from;
    while (end < text_.size() && !is_boundary(text_, end) && !(dot_ends && text_[end] == '.')) ++end;
    return end;
  }

  bool last_is(std::initializer_list<TokenKind> kinds) const {
    return !tokens_.empty() && std::find(kinds.begin(), kinds.end(), tokens_.back().kind) != kinds.end();
  }

  void read_one() {
    const char c = peek();
    switch (c) {
      case '(':
        return take(last_is({TokenKind::function}) ? TokenKind::open_call : TokenKind::open_group, 1);
      case ')':
        return take(TokenKind::close, 1);
      case '[':
        return take(TokenKind::open_index, 1);
      case ']':
        return take(TokenKind::close_index, 1);
      case ',':
        return take(TokenKind::separator, 1);
      case '*':
        return take(TokenKind::star, 1);
      case '\'':
        return read_string();
      case '!':
      case '<':
      case '>':
        return take(TokenKind::operation, peek(1) == '=' ? 2 : 1);
      case '=':
      case '&':
      case '|':
        if (peek(1) != c) fail(boundary(at_ + 1, false));
        return take(TokenKind::operation, 2);
      default:
        break;
    }
    // A dot begins a number where a value may begin.
    const bool value_may_begin =
        tokens_.empty() || last_is({TokenKind::separator, TokenKind::open_group, TokenKind::open_call,
                                    TokenKind::open_index, TokenKind::operation});
    if (c == '.' && !value_may_begin) return take(TokenKind::dot, 1);
    if (c == '.' || c == '-' || c == '+' || (c >= '0' && c <= '9')) return read_number();
    read_name();
  }

  void read_string() {
    std::string value;
    std::size_t end = at_ + 1;
    while (true) {
      if (end == text_.size()) fail(end);
      if (text_[end] != '\'') {
        value += text_[end++];
      } else if (end + 1 < text_.size() && text_[end + 1] == '\'') {
        value += '\'';
        end += 2;
      } else {
        break;
      }
    }
    take(TokenKind::literal, end + 1 - at_, Value(std::move(value)));
  }

  void read_number() {
    const std::size_t end = boundary(at_, false);
    const double number = parse_number(text_.substr(at_, end - at_));
    if (std::isnan(number)) fail(end);
    take(TokenKind::literal, end - at_, Value(number));
  }

  void read_name() {
    const std::size_t end = boundary(at_, true);
    const std::string_view name = text_.substr(at_, end - at_);
    if (!is_name(name)) fail(end);
    if (last_is({TokenKind::dot})) return take(TokenKind::property, name.size());
    if (name == "null") return take(TokenKind::literal, name.size());
    if (name == "true" || name == "false")
      return take(TokenKind::literal, name.size(), Value(name == "true"));
    if (name == "NaN") return take(TokenKind::literal, name.size(), Value(std::nan("")));
    if (name == "Infinity") return take(TokenKind::literal, name.size(), Value(HUGE_VAL));
    const std::size_t next = behind_space(text_, end);
    const bool is_call = next < text_.size() && text_[next] == '(';
    take(is_call ? TokenKind::function : TokenKind::name, name.size());
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::vector<Token> tokens_;
};

}  // namespace

std::string located(std::string_view what, std::string_view symbol, std::size_t offset,
                    std::string_view expression) {
  std::size_t position = 1;
  for (const char c : expression.substr(0, offset)) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0U) != 0x80U) position += byte >= 0xF0U ? 2 : 1;
  }
  return fmt::format("{}: '{}'. Located at position {} within expression: {}", what, symbol, position,
                     expression);
}

std::vector<Token> tokenize(std::string_view expression) {
  return Lexer(expression).read();
}

}  // namespace exitgate::expression
