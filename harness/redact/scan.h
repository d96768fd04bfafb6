// What the matchers of recognised forms share: each is called where one of its anchors stands in the text.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "harness/redact/recognise.h"

namespace exitgate::redact {

struct Scan {
  std::string_view text;
  std::vector<Place> places = {};

  char at(std::size_t i) const { return i < text.size() ? text[i] : '\0'; }
  void add(std::size_t begin, std::size_t end, std::string_view kind) {
    if (end > begin) places.push_back({begin, end, kind});
  }
  // One past the run of bytes from `begin` that `belongs` takes, at most `limit` of them.
  template <typename Belongs>
  std::size_t run(std::size_t begin, Belongs belongs, std::size_t limit = 4096) const {
    std::size_t end = begin;
    while (end < text.size() && end - begin < limit && belongs(text[end])) ++end;
    return end;
  }
};

inline bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
inline bool is_lower(char c) {
  return c >= 'a' && c <= 'z';
}
inline bool is_upper(char c) {
  return c >= 'A' && c <= 'Z';
}
inline bool is_alnum(char c) {
  return is_digit(c) || is_lower(c) || is_upper(c);
}
inline bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

// An anchor in lower case (compared without regard to case) and what is called where it stands.
struct Anchor {
  std::string_view text;
  void (*match)(Scan&, std::size_t at);
};

const std::vector<Anchor>& token_anchors();       // tokens.cpp
const std::vector<Anchor>& assignment_anchors();  // assignments.cpp
const std::vector<Anchor>& block_anchors();       // blocks.cpp: URLs, headers, private keys, COPY
const std::vector<Anchor>& command_anchors();     // commands.cpp

}  // namespace exitgate::redact
