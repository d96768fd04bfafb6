#include "harness/yaml/scalars.h"

namespace exitgate::yaml {

namespace {

bool goes_on(char c, bool in_flow) {
  return !is_space_or_end(c) && !(in_flow && is_flow_indicator(c));
}

}  // namespace

bool begins_plain(const Cursor& cursor, bool in_flow) {
  const char c = cursor.peek();
  if (c == '-' || c == '?' || c == ':') return goes_on(cursor.peek(1), in_flow);
  return !is_space_or_end(c) && std::string_view(",[]{}#&*!|>'\"%@`").find(c) == std::string_view::npos;
}

std::string read_plain_line(Cursor& cursor, bool in_flow) {
  const std::size_t begin = cursor.offset();
  const std::string_view rest = cursor.rest();
  std::size_t end = 0;  // behind the last character that is not a blank
  for (std::size_t i = 0; i < rest.size() && rest[i] != '\n'; ++i) {
    const char c = rest[i];
    if (is_blank(c)) continue;
    if (c == ':' && !goes_on(i + 1 < rest.size() ? rest[i + 1] : '\0', in_flow)) break;
    if (c == '#' && i > 0 && is_blank(rest[i - 1])) break;
    if (in_flow && is_flow_indicator(c)) break;
    end = i + 1;
  }
  cursor.advance(end);
  return std::string(cursor.since(begin));
}

void read_plain_rest(Cursor& cursor, int parent, bool in_flow, std::string& text) {
  for (;;) {
    // What does not go on with the scalar is left for whoever reads on.
    const Cursor end = cursor;
    cursor.skip_blanks();
    std::size_t breaks = 0;
    int indent = 0;
    while (cursor.peek() == '\n') {
      ++breaks;
      cursor.next_line();
      while (cursor.peek() == ' ') cursor.advance();
      indent = cursor.column();
      cursor.skip_blanks();
    }
    const char c = cursor.peek();
    const bool ends = breaks == 0 || c == '\0' || c == '#' || indent <= parent ||
                      cursor.at_document_marker() || (c == ':' && !goes_on(cursor.peek(1), in_flow)) ||
                      (in_flow && is_flow_indicator(c));
    if (ends) {
      cursor = end;
      return;
    }
    if (breaks == 1) {
      text += ' ';
    } else {
      text.append(breaks - 1, '\n');
    }
    text += read_plain_line(cursor, in_flow);
  }
}

}  // namespace exitgate::yaml
