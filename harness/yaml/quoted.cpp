#include <fmt/core.h>

#include <cstdint>

#include "harness/yaml/scalars.h"

namespace exitgate::yaml {

namespace {

void append_utf8(std::string& text, std::uint32_t code) {
  if (code < 0x80) {
    text += static_cast<char>(code);
  } else if (code < 0x800) {
    text += static_cast<char>(0xC0 | (code >> 6));
    text += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    text += static_cast<char>(0xE0 | (code >> 12));
    text += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    text += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    text += static_cast<char>(0xF0 | (code >> 18));
    text += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
    text += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    text += static_cast<char>(0x80 | (code & 0x3F));
  }
}

// The number that `digits` hexadecimal digits from `ahead` on make.
std::uint32_t read_code(const Cursor& cursor, std::size_t ahead, int digits) {
  std::uint32_t code = 0;
  for (int i = 0; i < digits; ++i) {
    const char c = cursor.peek(ahead + static_cast<std::size_t>(i));
    const char low = static_cast<char>(c | 0x20);
    if (c >= '0' && c <= '9') {
      code = code * 16 + static_cast<std::uint32_t>(c - '0');
    } else if (low >= 'a' && low <= 'f') {
      code = code * 16 + static_cast<std::uint32_t>(low - 'a' + 10);
    } else {
      cursor.fail(fmt::format("'\\{}' needs {} hexadecimal digits", cursor.peek(1), digits));
    }
  }
  return code;
}

bool is_high_surrogate(std::uint32_t code) {
  return code >= 0xD800 && code < 0xDC00;
}
bool is_low_surrogate(std::uint32_t code) {
  return code >= 0xDC00 && code < 0xE000;
}

void read_numbered_escape(Cursor& cursor, int digits, std::string& text) {
  std::uint32_t code = read_code(cursor, 2, digits);
  std::size_t length = 2 + static_cast<std::size_t>(digits);
  // JSON writes characters beyond the first plane as two of its escapes.
  if (is_high_surrogate(code) && cursor.peek(length) == '\\' && cursor.peek(length + 1) == 'u') {
    const std::uint32_t low = read_code(cursor, length + 2, 4);
    if (is_low_surrogate(low)) {
      code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
      length += 6;
    }
  }
  if (is_high_surrogate(code) || is_low_surrogate(code) || code > 0x10FFFF) {
    cursor.fail(fmt::format("'\\{}' names no character", cursor.peek(1)));
  }
  append_utf8(text, code);
  cursor.advance(length);
}

void read_escape(Cursor& cursor, std::string& text) {
  // What each letter stands for, in one list: letter, then code.
  static constexpr struct {
    char letter;
    std::uint32_t code;
  } kEscapes[] = {{'0', 0},   {'a', 7},     {'b', 8},    {'t', 9},    {'\t', 9},     {'n', 10},
                  {'v', 11},  {'f', 12},    {'r', 13},   {'e', 27},   {' ', ' '},    {'"', '"'},
                  {'/', '/'}, {'\\', '\\'}, {'N', 0x85}, {'_', 0xA0}, {'L', 0x2028}, {'P', 0x2029}};
  const char letter = cursor.peek(1);
  if (letter == 'x') return read_numbered_escape(cursor, 2, text);
  if (letter == 'u') return read_numbered_escape(cursor, 4, text);
  if (letter == 'U') return read_numbered_escape(cursor, 8, text);
  for (const auto& escape : kEscapes) {
    if (escape.letter == letter) {
      append_utf8(text, escape.code);
      cursor.advance(2);
      return;
    }
  }
  if (letter == '\0') cursor.fail("a quoted scalar is not closed");
  // The letter may be the first byte of several.
  cursor.fail("unknown escape after '\\' in a double-quoted scalar");
}

// From the end of a line to the first character of the next one with text. Returns the line breaks passed.
std::size_t pass_breaks(Cursor& cursor, int parent, const Place& opened) {
  std::size_t breaks = 0;
  int indent = 0;
  while (cursor.peek() == '\n') {
    ++breaks;
    cursor.next_line();
    if (cursor.at_document_marker()) Cursor::fail(opened, "a quoted scalar is not closed");
    while (cursor.peek() == ' ') cursor.advance();
    indent = cursor.column();
    cursor.skip_blanks();
  }
  if (cursor.at_end()) Cursor::fail(opened, "a quoted scalar is not closed");
  if (indent <= parent && !cursor.lenient())
    cursor.fail("a line of a quoted scalar is not indented far enough");
  return breaks;
}

void trim_blanks(std::string& text, std::size_t from) {
  while (text.size() > from && is_blank(text.back())) text.pop_back();
}

void fold(std::string& text, std::size_t breaks) {
  if (breaks == 1) {
    text += ' ';
  } else {
    text.append(breaks - 1, '\n');
  }
}

}  // namespace

std::string read_single_quoted(Cursor& cursor, int parent) {
  const Place opened = cursor.place();
  cursor.advance();
  std::string text;
  for (;;) {
    const std::string_view rest = cursor.rest();
    const std::size_t run = rest.find_first_of("'\n");
    if (run == std::string_view::npos) Cursor::fail(opened, "a quoted scalar is not closed");
    text += rest.substr(0, run);
    cursor.advance(run);
    if (cursor.peek() == '\n') {
      trim_blanks(text, 0);
      fold(text, pass_breaks(cursor, parent, opened));
    } else if (cursor.peek(1) == '\'') {
      text += '\'';
      cursor.advance(2);
    } else {
      cursor.advance();
      return text;
    }
  }
}

std::string read_double_quoted(Cursor& cursor, int parent) {
  const Place opened = cursor.place();
  cursor.advance();
  std::string text;
  std::size_t kept = 0;  // what comes of escapes is not trimmed at the end of a line
  for (;;) {
    const std::string_view rest = cursor.rest();
    const std::size_t run = rest.find_first_of("\"\\\n");
    if (run == std::string_view::npos) Cursor::fail(opened, "a quoted scalar is not closed");
    text += rest.substr(0, run);
    cursor.advance(run);
    if (cursor.peek() == '\n') {
      trim_blanks(text, kept);
      fold(text, pass_breaks(cursor, parent, opened));
    } else if (cursor.peek() == '"') {
      cursor.advance();
      return text;
    } else if (cursor.peek(1) == '\n') {
      cursor.advance();
      text.append(pass_breaks(cursor, parent, opened) - 1, '\n');
    } else {
      read_escape(cursor, text);
    }
    kept = text.size();
  }
}

}  // namespace exitgate::yaml
