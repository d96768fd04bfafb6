#include "harness/collect/ci/script/javascript.h"

#include <optional>
#include <string>

#include "harness/base/text.h"
#include "harness/collect/ci/script/text.h"
#include "harness/expression/evaluate.h"
#include "harness/expression/syntax.h"

namespace exitgate::collect::ci::script {

namespace {

// The condition as the language of GitHub's expressions has it, where both say the same of texts.
std::optional<bool> condition(std::string_view text) {
  std::string expression;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string_view rest = text.substr(i);
    if (rest.starts_with("===") || rest.starts_with("!==")) {
      expression += rest.substr(0, 2);
      i += 2;
    } else if (text[i] == '"' || text[i] == '\'' || text[i] == '`') {
      const auto close = text.find(text[i], i + 1);
      if (close == std::string_view::npos) return std::nullopt;
      const std::string_view inner = text.substr(i + 1, close - i - 1);
      if (inner.find_first_of("\\'$") != std::string_view::npos) return std::nullopt;
      expression += '\'' + std::string(inner) + '\'';
      i = close;
    } else {
      expression += text[i];
    }
  }
  expression::Syntax syntax{{"none"}, false};
  try {
    return expression::evaluate(expression::parse(expression, syntax), {}).truthy();
  } catch (const std::runtime_error&) {
    return std::nullopt;
  }
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  // Whether it fails; nullopt: not decided.
  std::optional<bool> all() {
    while (true) {
      skip();
      if (at_ >= text_.size()) return failed_;
      const std::size_t before = at_;
      if (!statement(true) || at_ == before) return std::nullopt;
      if (left_) return failed_;
    }
  }

 private:
  void skip() {
    while (at_ < text_.size()) {
      if (std::string_view(" \t\r\n;").find(text_[at_]) != std::string_view::npos) {
        ++at_;
      } else if (text_.substr(at_).starts_with("//")) {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else {
        return;
      }
    }
  }

  bool word(std::string_view wanted) {
    const std::string_view rest = text_.substr(at_);
    if (!rest.starts_with(wanted)) return false;
    if (rest.size() > wanted.size() && (std::isalnum(static_cast<unsigned char>(rest[wanted.size()])) != 0))
      return false;
    at_ += wanted.size();
    return true;
  }

  // From an opening bracket to its closing one, without them.
  std::optional<std::string_view> bracketed() {
    skip();
    if (at_ >= text_.size() || (text_[at_] != '(' && text_[at_] != '{')) return std::nullopt;
    const std::size_t begin = ++at_;
    int open = 1;
    char quote = '\0';
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (quote != '\0') {
        if (c == '\\')
          ++at_;
        else if (c == quote)
          quote = '\0';
      } else if (c == '"' || c == '\'' || c == '`') {
        quote = c;
      } else if (c == '(' || c == '{' || c == '[') {
        ++open;
      } else if ((c == ')' || c == '}' || c == ']') && --open == 0) {
        return text_.substr(begin, at_++ - begin);
      }
    }
    return std::nullopt;
  }

  // False where it is not decided. `runs`: it is passed over where not.
  bool statement(bool runs) {
    if (++depth_ > 40) return false;
    skip();
    if (word("if")) return choice(runs);
    if (at_ < text_.size() && text_[at_] == '{') {
      const auto body = bracketed();
      if (!body) return false;
      return !runs || block(*body);
    }
    std::string said;
    int open = 0;
    char quote = '\0';
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (quote == '\0' && open == 0 && (c == ';' || c == '\n' || c == '}')) break;
      if (quote != '\0') {
        if (c == quote) quote = '\0';
      } else if (c == '"' || c == '\'' || c == '`') {
        quote = c;
      } else if (c == '(' || c == '{' || c == '[') {
        ++open;
      } else if (c == ')' || c == ']') {
        --open;
      }
      said += c;
    }
    return !runs || simple(std::string(trim(said)));
  }

  bool block(std::string_view body) {
    Reader inner(body);
    inner.depth_ = depth_;
    const auto failed = inner.all();
    if (!failed) return false;
    failed_ = failed_ || *failed;
    left_ = left_ || inner.left_;
    return true;
  }

  bool simple(const std::string& said) {
    if (said.starts_with("core.setFailed(")) {
      failed_ = true;
    } else if (said.starts_with("throw ")) {
      failed_ = true;
      left_ = true;
    } else if (said.starts_with("process.exit(")) {
      failed_ = failed_ || !said.starts_with("process.exit(0");
      left_ = true;
    } else if (said == "return") {
      left_ = true;
    } else if (!said.starts_with("console.") && !said.starts_with("core.")) {
      return said.find(kLooked) == std::string::npos && said.find("=>") == std::string::npos &&
             !said.starts_with("for") && !said.starts_with("const") && !said.starts_with("let");
    }
    return true;
  }

  bool choice(bool runs) {
    const auto asked = bracketed();
    if (!asked) return false;
    const bool unknown = asked->find(kUnknown) != std::string_view::npos;
    const auto holds = unknown ? std::nullopt : condition(plain(*asked));
    if (runs && !holds) return false;
    const bool yes = holds.value_or(false);
    if (!statement(runs && yes)) return false;
    const std::size_t here = at_;
    skip();
    if (!word("else")) {
      at_ = here;
      return true;
    }
    return left_ || statement(runs && !yes);
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  bool failed_ = false;
  bool left_ = false;
};

}  // namespace

Ended interpret_javascript(std::string_view text) {
  const auto failed = Reader(text).all();
  if (!failed)
    return {End::undecided, "what the JavaScript does with the results is not followed here", "", ""};
  return {*failed ? End::failure : End::success, "", "", ""};
}

}  // namespace exitgate::collect::ci::script
