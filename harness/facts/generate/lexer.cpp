#include "harness/facts/generate/lexer.h"

namespace exitgate::facts::generate {

namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace

std::vector<Token> tokens(std::string_view file, std::string_view sql) {
  std::vector<Token> all;
  int line = 1;
  std::size_t at = 0;
  const auto rest_of_line = [&](std::size_t from) {
    const std::size_t newline = sql.find('\n', from);
    return sql.substr(from, newline == std::string_view::npos ? newline : newline - from);
  };
  while (at < sql.size()) {
    const char c = sql[at];
    if (c == '\n') {
      ++line;
      ++at;
    } else if (is_space(c)) {
      ++at;
    } else if (sql.substr(at, 2) == "--") {
      const std::string_view text = rest_of_line(at + 2);
      all.push_back({Token::comment, std::string(trimmed(text)), line});
      at += 2 + text.size();
    } else if (c == '\'' || c == '"') {
      const std::string_view text = rest_of_line(at + 1);
      const std::size_t close = text.find(c);
      if (close == std::string_view::npos) throw Mistake(file, line, "a quote is not closed in its line");
      if (close + 1 < text.size() && text[close + 1] == c) {
        throw Mistake(file, line, "a quote inside a name or a value is not supported");
      }
      const bool name = c == '"';
      all.push_back({name ? Token::word : Token::string, std::string(text.substr(0, close)), line, name});
      at += close + 2;
    } else if (c == '(' || c == ')' || c == ',' || c == ';') {
      all.push_back({Token::mark, std::string(1, c), line});
      ++at;
    } else if (is_word(c)) {
      std::size_t stop = at;
      while (stop < sql.size() && is_word(sql[stop]) && sql.substr(stop, 2) != "--") ++stop;
      all.push_back({Token::word, std::string(sql.substr(at, stop - at)), line});
      at = stop;
    } else {
      throw Mistake(file, line, std::string("unexpected character '") + c + "'");
    }
  }
  all.push_back({Token::end, "", line});
  return all;
}

}  // namespace exitgate::facts::generate
