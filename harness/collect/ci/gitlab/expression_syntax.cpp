#include "harness/collect/ci/gitlab/expression_syntax.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/characters.h"
#include "harness/collect/ci/gitlab/pattern.h"

namespace exitgate::collect::ci::gitlab {

namespace {

constexpr std::size_t kMostTokens = 99;

enum class Kind { value, binary, unary, open, close };

struct Token {
  Kind kind = Kind::value;
  int precedence = 0;  // the least binds closest
};

class Lexer {
 public:
  explicit Lexer(std::string_view text) : rest_(text) {}

  // nullopt: it has what is not part of an expression.
  std::optional<std::vector<Token>> tokens() {
    std::vector<Token> all;
    while (true) {
      while (!rest_.empty() && (rest_[0] == ' ' || (rest_[0] >= '\t' && rest_[0] <= '\r')))
        rest_.remove_prefix(1);
      if (rest_.empty()) return all;
      const auto token = next();
      if (!token || all.size() == kMostTokens) return std::nullopt;
      all.push_back(*token);
    }
  }

 private:
  // In the order in which GitLab tries them.
  std::optional<Token> next() {
    if (take("(")) return Token{Kind::open, 901};
    if (take(")")) return Token{Kind::close, 900};
    if (variable() || string() || pattern() || take("null") || boolean()) return Token{};
    if (take("==") || take("=~") || take("!=") || take("!~")) return Token{Kind::binary, 10};
    if (take("&&")) return Token{Kind::binary, 11};
    if (take("||")) return Token{Kind::binary, 12};
    if (take("!")) return Token{Kind::unary, 1};
    return std::nullopt;
  }

  bool take(std::string_view token) {
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }

  bool variable() {
    if (rest_.starts_with("$[[")) {
      const std::size_t end = rest_.find("]]");
      if (end == std::string_view::npos) return false;
      rest_.remove_prefix(end + 2);
      return true;
    }
    std::size_t end = 1;
    while (end < rest_.size() && is_word_char(rest_[end])) ++end;
    if (rest_[0] != '$' || end == 1) return false;
    rest_.remove_prefix(end);
    return true;
  }

  bool string() {
    if (rest_[0] != '"' && rest_[0] != '\'') return false;
    const std::size_t end = rest_.find(rest_[0], 1);
    if (end == std::string_view::npos || rest_.substr(0, end).find('\n') != std::string_view::npos)
      return false;
    rest_.remove_prefix(end + 1);
    return true;
  }

  // `/…/` with at least two characters, the last of them no backslash, and a regular expression in it.
  bool pattern() {
    if (rest_[0] != '/') return false;
    std::size_t end = 1;
    while (end < rest_.size() && (rest_[end] != '/' || rest_[end - 1] == '\\')) ++end;
    if (end == rest_.size() || end < 3) return false;
    std::string body(rest_.substr(1, end - 1));
    for (std::size_t at = body.find("\\/"); at != std::string::npos; at = body.find("\\/", at))
      body.erase(at, 1);
    if (!Pattern(body).valid()) return false;
    ++end;
    while (end < rest_.size() && std::string_view("ismU").find(rest_[end]) != std::string_view::npos) ++end;
    rest_.remove_prefix(end);
    return true;
  }

  bool boolean() {
    for (const std::string_view word : {"true", "false"}) {
      const bool ends =
          rest_.size() == word.size() || (rest_.size() > word.size() && !is_word_char(rest_[word.size()]));
      if (ends && take(word)) return true;
    }
    return false;
  }

  std::string_view rest_;
};

}  // namespace

// As GitLab does it: into reverse Polish notation, of which exactly one value must be left in the end.
bool is_expression(std::string_view text) {
  const auto tokens = Lexer(text).tokens();
  if (!tokens) return false;
  std::size_t values = 0;
  std::vector<Token> operators;
  bool complete = true;
  const auto apply = [&](const Token& token) {
    const std::size_t operands = token.kind == Kind::unary ? 1 : 2;
    complete = complete && token.kind != Kind::open && values >= operands;
    if (complete) values -= operands - 1;
  };
  const auto apply_while_closer = [&](int precedence) {
    while (!operators.empty() && precedence >= operators.back().precedence) {
      apply(operators.back());
      operators.pop_back();
    }
  };
  for (const Token& token : *tokens) {
    switch (token.kind) {
      case Kind::value:
        ++values;
        break;
      case Kind::binary:
        apply_while_closer(token.precedence);
        operators.push_back(token);
        break;
      case Kind::unary:
      case Kind::open:
        operators.push_back(token);
        break;
      case Kind::close:
        apply_while_closer(token.precedence);
        if (operators.empty()) return false;
        operators.pop_back();
        break;
    }
  }
  for (; !operators.empty(); operators.pop_back()) apply(operators.back());
  return complete && values == 1;
}

}  // namespace exitgate::collect::ci::gitlab
