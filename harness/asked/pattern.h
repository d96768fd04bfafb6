// Regular expressions that people write in gates: RE2's syntax, in linear time whatever the text is.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/json/json.h"

namespace re2 {
class RE2;
}  // namespace re2

namespace exitgate::asked {

struct PatternOptions {
  bool ignore_case = false;
  // Whether a match may go over the end of a line. `^` and `$` are the beginning and the end of a line either way.
  bool multiline = false;
};

// A place in a text, as byte offsets [start, end).
struct Span {
  std::size_t start = 0;
  std::size_t end = 0;
};

class Pattern {
 public:
  // `parameter`: whose value it is, for the message. Throws check::ParameterError with RE2's reason.
  Pattern(std::string_view parameter, const std::string& text, PatternOptions options = {});

  const std::string& text() const { return text_; }
  // The names of its groups: "name" of `(?P<name>…)`.
  std::vector<std::string> names() const;

  bool occurs_in(std::string_view text) const;
  bool matches_all_of(std::string_view text) const;
  // The first match that begins at `from` or behind; false when there is none.
  bool find(std::string_view text, std::size_t from, Span& found) const;
  // What the named groups hold of the match that begins at `start`: {"name": "text"}.
  Json captures(std::string_view text, std::size_t start) const;

 private:
  std::string text_;
  std::shared_ptr<const re2::RE2> expression_;
};

}  // namespace exitgate::asked
