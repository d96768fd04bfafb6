#include "harness/check/sql_tokens.h"

#include <algorithm>
#include <array>

#include "harness/base/text.h"

namespace exitgate::check {

namespace {

bool is_word_byte(char byte) {
  const auto code = static_cast<unsigned char>(byte);
  return code >= 0x80U || byte == '_' || byte == '$' || (byte >= '0' && byte <= '9') ||
         (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

class Reader {
 public:
  explicit Reader(std::string_view sql) : sql_(sql) {}

  std::vector<SqlToken> read() {
    while (at_ < sql_.size()) {
      if (!skip()) take();
    }
    return std::move(tokens_);
  }

 private:
  bool starts(std::string_view with) const { return sql_.substr(at_).starts_with(with); }

  // Blanks and comments.
  bool skip() {
    const std::size_t before = at_;
    if (std::string_view(" \t\r\n\f\v").find(sql_[at_]) != std::string_view::npos) ++at_;
    if (starts("--")) at_ = std::min(sql_.find('\n', at_), sql_.size());
    if (starts("/*")) {
      const std::size_t end = sql_.find("*/", at_ + 2);
      at_ = end == std::string_view::npos ? sql_.size() : end + 2;
    }
    return at_ != before;
  }

  void take() {
    const char first = sql_[at_];
    if (first == '\'') return quoted(SqlToken::string, '\'', true);
    if (first == '"' || first == '`') return quoted(SqlToken::name, first, true);
    if (first == '[') return quoted(SqlToken::name, ']', false);
    if (is_word_byte(first)) {
      const bool is_number = first >= '0' && first <= '9';
      std::size_t end = at_;
      while (end < sql_.size() && (is_word_byte(sql_[end]) || (is_number && sql_[end] == '.'))) ++end;
      return add(is_number ? SqlToken::number : SqlToken::word, end, lower(sql_.substr(at_, end - at_)));
    }
    static constexpr std::array<std::string_view, 10> kLong = {
        "<>", "!=", "==", "<=", ">=", "||", "<<", ">>", "->>", "->"};
    std::size_t length = 1;
    for (const std::string_view sign : kLong) {
      if (starts(sign)) length = std::max(length, sign.size());
    }
    add(SqlToken::sign, at_ + length, std::string(sql_.substr(at_, length)));
  }

  // A quote within is written twice, where `doubled`.
  void quoted(SqlToken::Kind kind, char quote, bool doubled) {
    std::string text;
    std::size_t end = at_ + 1;
    while (end < sql_.size()) {
      if (sql_[end] == quote) {
        if (!doubled || end + 1 >= sql_.size() || sql_[end + 1] != quote) break;
        ++end;
      }
      text += sql_[end++];
    }
    add(kind, std::min(end + 1, sql_.size()), std::move(text));
  }

  void add(SqlToken::Kind kind, std::size_t end, std::string text) {
    tokens_.push_back({kind, std::move(text), at_, end});
    at_ = end;
  }

  std::string_view sql_;
  std::size_t at_ = 0;
  std::vector<SqlToken> tokens_;
};

}  // namespace

std::vector<SqlToken> sql_tokens(std::string_view sql) {
  return Reader(sql).read();
}

}  // namespace exitgate::check
