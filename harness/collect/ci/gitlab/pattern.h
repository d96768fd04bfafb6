// Regular expressions of GitLab's (RE2 syntax), matched in time linear in the text.
#pragma once

#include <bitset>
#include <cstdint>
#include <string_view>
#include <vector>

#include "harness/expression/possible.h"

namespace exitgate::collect::ci::gitlab {

class Pattern {
 public:
  explicit Pattern(std::string_view regex, bool ignore_case = false);

  // False for what RE2 does not take: unbalanced brackets, look-around, references to groups.
  bool valid() const { return valid_; }

  // Whether it matches somewhere in the text; unknown for what is not read here, or is too large.
  expression::Truth matches(std::string_view text) const;

 private:
  friend class PatternReader;

  enum class Kind : std::uint8_t { bytes, split, begin, end, word_edge, no_word_edge, match };
  struct Instruction {
    Kind kind = Kind::match;
    std::size_t bytes = 0;  // into sets_
    std::size_t next = 0;
    std::size_t other = 0;  // of split
  };

  std::vector<Instruction> program_;
  std::vector<std::bitset<256>> sets_;
  std::size_t start_ = 0;
  bool valid_ = true;
  bool read_ = true;
};

}  // namespace exitgate::collect::ci::gitlab
