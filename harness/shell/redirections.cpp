#include <algorithm>
#include <utility>

#include "harness/base/characters.h"
#include "harness/base/text.h"
#include "harness/shell/parser.h"

namespace exitgate::shell {

// False when none is here.
bool Parser::redirection(std::vector<Redirection>& into) {
  skip_blanks();
  std::size_t behind = at_;
  int descriptor = -1;
  if (peek() == '{' && is_word_char(peek(1))) {  // {name}>file
    ++behind;
    while (behind < text_.size() && is_word_char(text_[behind])) ++behind;
    if (behind >= text_.size() || text_[behind] != '}') return false;
    ++behind;
    descriptor = 10;
  } else {
    constexpr std::size_t kLongest = 5;  // of a descriptor's number
    int number = 0;
    while (behind < text_.size() && text_[behind] >= '0' && text_[behind] <= '9' && behind - at_ < kLongest)
      number = 10 * number + (text_[behind++] - '0');
    if (behind > at_) descriptor = number;
  }
  const std::string_view rest = text_.substr(behind);
  if (rest.empty() || (rest[0] != '<' && rest[0] != '>' && rest[0] != '&')) return false;
  if (rest.starts_with("<(") || rest.starts_with(">(")) return false;
  Redirection one;
  one.descriptor = descriptor;
  for (const std::string_view operation :
       {"&>>", "&>", "<<<", "<<", "<&", "<>", "<", ">>", ">&", ">|", ">"}) {
    if (!rest.starts_with(operation)) continue;
    if (operation[0] == '&' && (powershell_ || behind != at_)) continue;
    one.operation = operation;
    at_ = behind + operation.size();
    if (operation == "<<") {
      here_document(one);
    } else {
      skip_blanks();
      const std::size_t before = at_;
      one.target = word();
      one.line = line_here();
      if (at_ == before) problem("a redirection has no target");
    }
    into.push_back(std::move(one));
    return true;
  }
  return false;
}

// Its text stands behind the line.
void Parser::here_document(Redirection& one) {
  OpenDocument open{"", take("-"), false, std::make_shared<HereDocument>()};
  skip_blanks();
  char quote = '\0';
  while (!at_end()) {
    const char c = peek();
    if (quote == '\0' && std::string_view(" \t\r\n;&|()<>").find(c) != std::string_view::npos) break;
    ++at_;
    if (quote != '\0' ? c == quote : c == '\'' || c == '"') {
      quote = quote == '\0' ? c : '\0';
      open.is_literal = true;
    } else if (c == '\\') {
      open.is_literal = true;
    } else {
      open.end += c;
    }
  }
  one.document = open.document;
  documents_.push_back(std::move(open));
}

// At the beginning of the first line behind the one that has begun them.
void Parser::read_documents() {
  for (OpenDocument& open : std::exchange(documents_, {})) {
    open.document->line = line_here();
    // In a script within YAML its end may be indented further than its shell would allow, which counts where
    // there is no other.
    std::size_t loose_end = std::string_view::npos;
    std::size_t loose_behind = 0;
    const std::size_t begin = at_;
    std::size_t end = text_.size();
    std::size_t behind = text_.size();
    for (std::size_t from = at_; from < text_.size();) {
      const std::size_t stop = std::min(text_.find('\n', from), text_.size());
      std::string_view line = text_.substr(from, stop - from);
      const std::size_t next = std::min(stop + 1, text_.size());
      if (line.ends_with('\r')) line.remove_suffix(1);
      if (loose_end == std::string_view::npos && trim(line) == open.end) {
        loose_end = from;
        loose_behind = next;
      }
      while (open.strip_tabs && line.starts_with('\t')) line.remove_prefix(1);
      if (line == open.end) {
        end = from;
        behind = next;
        break;
      }
      from = next;
    }
    if (end == text_.size() && loose_end != std::string_view::npos) {
      end = loose_end;
      behind = loose_behind;
    }
    std::string stripped;
    std::string_view body = text_.substr(begin, end - begin);
    if (open.strip_tabs || body.find('\r') != std::string_view::npos) {
      for (std::size_t from = 0; from < body.size();) {
        const std::size_t stop = std::min(body.find('\n', from), body.size());
        std::string_view line = body.substr(from, stop - from);
        if (line.ends_with('\r')) line.remove_suffix(1);
        while (open.strip_tabs && line.starts_with('\t')) line.remove_prefix(1);
        stripped += line;
        if (stop < body.size()) stripped += '\n';
        from = stop + 1;
      }
      body = stripped;
    }
    if (open.is_literal) {
      literal(open.document->text, body, true);
    } else {
      const Dialect dialect = powershell_ ? Dialect::powershell : Dialect::posix;
      open.document->text = Parser(body, dialect, script_, open.document->line, depth_ + 1).document();
    }
    at_ = behind;
  }
}

Word Parser::document() {
  Word all;
  const Nesting nesting(*this);
  while (!at_end()) {
    const char c = peek();
    if (c == '\\' && std::string_view("$`\\\n").find(peek(1)) != std::string_view::npos && peek(1) != '\0') {
      if (peek(1) != '\n') literal(all, text_.substr(at_ + 1, 1), true);
      at_ += 2;
    } else if (c == '$') {
      dollar(all, true);
    } else if (c == '`') {
      backquoted(all, true);
    } else {
      const auto end = std::min(text_.find_first_of("\\$`", at_ + 1), text_.size());
      literal(all, text_.substr(at_, end - at_), true);
      at_ = end;
    }
  }
  return all;
}

}  // namespace exitgate::shell
