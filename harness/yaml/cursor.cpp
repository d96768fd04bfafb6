#include "harness/yaml/cursor.h"

#include <algorithm>

namespace exitgate::yaml {

void Cursor::next_line() {
  ++at_;
  ++line_;
  line_start_ = at_;
}

void Cursor::skip_line() {
  at_ = std::min(text_.find('\n', at_), text_.size());
}

void Cursor::skip_blanks() {
  while (is_blank(peek())) ++at_;
}

Gap Cursor::skip_gap() {
  // Whoever looked for the next entry before may have passed the indentation of this line already.
  if (text_.substr(line_start_, at_ - line_start_).find_first_not_of(" \t") == std::string_view::npos) {
    at_ = line_start_;
  }
  Gap gap;
  gap.newline = at_ == line_start_;
  for (;;) {
    const std::size_t begin = at_;
    while (peek() == ' ') ++at_;
    if (begin == line_start_) gap.indent = static_cast<int>(at_ - begin);
    while (is_blank(peek())) {
      if (peek() == '\t') gap.tab = true;
      ++at_;
    }
    gap.blank = gap.blank || at_ != begin;
    if (peek() == '#') {
      if (at_ != line_start_ && !is_blank(before()) && !lenient_)
        fail("a comment without white space before its '#'");
      skip_line();
    }
    if (peek() != '\n') return gap;
    next_line();
    gap = Gap{};
    gap.newline = true;
  }
}

bool Cursor::at_document_marker() const {
  if (at_ != line_start_) return false;
  const std::string_view here = text_.substr(at_, 3);
  return (here == "---" || here == "...") && is_space_or_end(peek(3));
}

}  // namespace exitgate::yaml
