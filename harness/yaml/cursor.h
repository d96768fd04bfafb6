// A place in the text that moves forward, and what YAML calls white space, comments and line breaks there.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "harness/yaml/yaml.h"

namespace exitgate::yaml {

inline bool is_blank(char c) {
  return c == ' ' || c == '\t';
}
// The end of the text is '\0': parse() has refused it everywhere else.
inline bool is_break_or_end(char c) {
  return c == '\n' || c == '\0';
}
inline bool is_space_or_end(char c) {
  return is_blank(c) || is_break_or_end(c);
}
inline bool is_flow_indicator(char c) {
  return c == ',' || c == '[' || c == ']' || c == '{' || c == '}';
}

// Counts from 1, columns in bytes.
struct Place {
  int line = 1;
  int column = 1;
};

// What stood between two tokens.
struct Gap {
  bool newline = false;  // the token after it is the first of its line
  bool tab = false;      // there is a tab before that token, on its line
  bool blank = false;    // there is white space before that token, on its line
  int indent = 0;        // the spaces that its line begins with, when newline
};

// A copy is a place to go back to.
class Cursor {
 public:
  // `text` has no '\0' and no '\r', and outlives the cursor.
  explicit Cursor(std::string_view text, bool lenient = false) : text_(text), lenient_(lenient) {}

  bool lenient() const { return lenient_; }  // Limits::lenient

  char peek(std::size_t ahead = 0) const { return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0'; }
  char before() const { return at_ == 0 ? '\n' : text_[at_ - 1]; }
  bool at_end() const { return at_ >= text_.size(); }
  std::size_t offset() const { return at_; }
  int column() const { return static_cast<int>(at_ - line_start_); }  // counts from 0, as indentation does
  Place place() const { return Place{line_, column() + 1}; }
  std::string_view since(std::size_t offset) const { return text_.substr(offset, at_ - offset); }
  std::string_view rest() const { return text_.substr(at_); }

  void advance(std::size_t count = 1) { at_ += count; }  // within a line
  void next_line();                                      // from a line break to behind it
  void skip_line();                                      // to the line break, or the end of the text

  // Passes white space, comments and line breaks. Throws at a comment that no white space stands before.
  Gap skip_gap();
  // Passes blanks on this line.
  void skip_blanks();
  // Whether white space or the end of the line follows the character here: what makes `-`, `?` and `:` an indicator.
  bool indicates(char c) const { return peek() == c && is_space_or_end(peek(1)); }
  // Whether `---` or `...` stands here, at the start of a line.
  bool at_document_marker() const;

  [[noreturn]] void fail(const std::string& message) const { fail(place(), message); }
  [[noreturn]] static void fail(const Place& place, const std::string& message) {
    throw Problem(message, place.line, place.column);
  }

 private:
  std::string_view text_;
  bool lenient_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  int line_ = 1;
};

}  // namespace exitgate::yaml
