// Patterns of names as the npm package minimatch reads them by default, which actions/download-artifact and
// actions/upload-artifact/merge ask for `pattern:`. Names have no '/'.
//
//   MinimatchPattern("logs-{a,b}-[0-9]*").can_match("logs-a-*")
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace exitgate {

class MinimatchPattern {
 public:
  // Each `${{ … }}` in it stands for any text.
  explicit MinimatchPattern(std::string_view pattern);

  // Whether all of it is known and read, so that what can match does match. Without it more can match than does.
  bool is_exact() const { return exact_; }

  // Whether a name can match that fits the glob, in which '*' is any text and nothing else is a sign. A name without a '*'
  // is one such glob.
  bool can_match(std::string_view glob) const;

 private:
  struct Edge {
    enum Kind {
      empty,
      unless_dot,  // takes nothing, and is there only for names that do not begin with a dot
      unit,        // takes `from`
      any,
      set,  // takes what is in sets_[from]
    };
    Kind kind = empty;
    char16_t from = 0;
    std::size_t to = 0;
  };
  struct Range {
    char16_t first;
    char16_t last;
  };
  struct Set {
    std::vector<Range> ranges;
    bool negated = false;
  };
  class Reader;

  bool takes(const Edge& edge, char16_t unit) const;
  bool can_reach_end(std::u16string_view glob) const;

  std::vector<std::vector<Edge>> states_;  // the first is the one to begin in, the second to end in
  std::vector<Set> sets_;
  bool exact_ = true;
  bool all_ = false;  // it was too much to read: anything can match
  bool negated_ = false;
};

}  // namespace exitgate
