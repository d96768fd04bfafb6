#include <algorithm>

#include "harness/yaml/scalars.h"

namespace exitgate::yaml {

namespace {

struct Header {
  bool folded = false;
  char chomping = ' ';  // '-' strip, '+' keep, ' ' clip
  int indent = 0;       // as given; 0: to be found
};

Header read_header(Cursor& cursor) {
  Header header;
  header.folded = cursor.peek() == '>';
  cursor.advance();
  for (int i = 0; i < 2; ++i) {
    const char c = cursor.peek();
    if ((c == '-' || c == '+') && header.chomping == ' ') {
      header.chomping = c;
    } else if (c >= '1' && c <= '9' && header.indent == 0) {
      header.indent = c - '0';
    } else {
      break;
    }
    cursor.advance();
  }
  const bool blank = is_blank(cursor.peek());
  cursor.skip_blanks();
  if (cursor.peek() == '#' && blank) cursor.skip_line();
  if (!is_break_or_end(cursor.peek())) cursor.fail("text behind the '|' or '>' of a block scalar");
  if (!cursor.at_end()) cursor.next_line();
  return header;
}

// The indentation of the first line that is not empty. Lines before it must not be indented further.
int find_indent(Cursor cursor, int least) {
  int deepest = 0;
  Place at_deepest;
  for (;;) {
    while (cursor.peek() == ' ') cursor.advance();
    const int column = cursor.column();
    if (cursor.peek() == '\n') {
      if (column > deepest) {
        deepest = column;
        at_deepest = cursor.place();
      }
      cursor.next_line();
      continue;
    }
    if (cursor.at_end()) return std::max({least, deepest, column});
    if (column < least) return std::max(least, deepest);
    if (deepest > column) {
      Cursor::fail(at_deepest, "an empty line indented further than the text of its block scalar");
    }
    return column;
  }
}

}  // namespace

std::string read_block_scalar(Cursor& cursor, int parent) {
  const Header header = read_header(cursor);
  const int base = std::max(parent, 0);
  const int indent = header.indent > 0 ? base + header.indent : find_indent(cursor, parent + 1);
  std::string text;
  std::size_t breaks = 0;      // since the last line with text
  bool began = false;          // there was a line with text
  bool spaced_before = false;  // the last line with text began with white space, which is not folded
  while (!cursor.at_end()) {
    if (cursor.at_document_marker()) break;
    const Cursor line = cursor;
    while (cursor.peek() == ' ' && cursor.column() < indent) cursor.advance();
    if (cursor.peek() == '\n') {
      ++breaks;
      cursor.next_line();
      continue;
    }
    if (cursor.at_end()) {
      // Spaces without a line break at the very end are one more empty line.
      if (cursor.column() > 0) ++breaks;
      break;
    }
    if (cursor.column() < indent) {
      if (cursor.peek() == '\t') cursor.fail("a tab where spaces must indent");
      cursor = line;
      break;
    }
    const bool spaced = is_blank(cursor.peek());
    if (began && header.folded && !spaced && !spaced_before) {
      if (breaks == 1) {
        text += ' ';
      } else {
        text.append(breaks - 1, '\n');
      }
    } else {
      text.append(breaks, '\n');
    }
    const std::size_t begin = cursor.offset();
    cursor.skip_line();
    text += cursor.since(begin);
    began = true;
    spaced_before = spaced;
    // White space without a line break at the very end is a line all the same.
    breaks =
        cursor.at_end() && cursor.since(begin).find_first_not_of(" \t") == std::string_view::npos ? 1 : 0;
    if (!cursor.at_end()) {
      breaks = 1;
      cursor.next_line();
    }
  }
  if (header.chomping == '+') {
    text.append(breaks, '\n');
  } else if (header.chomping == ' ' && began && breaks > 0) {
    text += '\n';
  }
  return text;
}

}  // namespace exitgate::yaml
