#include "harness/record/name_key.h"

#include <algorithm>
#include <cstdint>
#include <iterator>

namespace exitgate::record {

namespace {

struct Decomposition {
  char32_t composed;
  char32_t first;
  char32_t second;  // 0: one code point takes the place of another
};

constexpr Decomposition kDecompositions[] = {
#include "harness/record/decompositions.inc"
};

void decompose(char32_t c, std::u32string& into) {
  constexpr char32_t kHangul = 0xAC00;
  constexpr char32_t kHangulEnd = 0xD7A4;
  constexpr char32_t kVowels = 21;
  constexpr char32_t kTails = 28;
  if (c >= kHangul && c < kHangulEnd) {
    const char32_t index = c - kHangul;
    into += 0x1100 + index / (kVowels * kTails);
    into += 0x1161 + index / kTails % kVowels;
    if (index % kTails != 0) into += 0x11A7 + index % kTails;
    return;
  }
  const auto* const found =
      std::lower_bound(std::begin(kDecompositions), std::end(kDecompositions), c,
                       [](const Decomposition& one, char32_t wanted) { return one.composed < wanted; });
  if (found == std::end(kDecompositions) || found->composed != c) {
    into += c;
    return;
  }
  decompose(found->first, into);
  if (found->second != 0) decompose(found->second, into);
}

// The code points of valid UTF-8.
std::u32string code_points(std::string_view text) {
  std::u32string points;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1U : lead < 0xE0 ? 2U : lead < 0xF0 ? 3U : 4U;
    char32_t point = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (std::size_t k = 1; k < length && i + k < text.size(); ++k)
      point = point << 6U | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
    points += point;
    i += length;
  }
  return points;
}

char32_t without_case(char32_t c) {
  if (c >= 'A' && c <= 'Z') return c + 32;
  if (c == 0xC6 || c == 0xD0 || c == 0xD8 || c == 0xDE) return c + 32;  // those that have no decomposition
  if (c >= 0x391 && c <= 0x3A9) return c + 32;
  if (c == 0x3C2) return 0x3C3;  // a sigma at the end of a word
  if (c >= 0x410 && c <= 0x42F) return c + 32;
  if (c >= 0x400 && c <= 0x40F) return c + 80;
  if (c >= 0x100 && c <= 0x17F && c != 0x130 && c != 0x131 && c != 0x138 && c != 0x149 && c != 0x17F) {
    const bool odd_is_upper = (c >= 0x139 && c <= 0x148) || (c >= 0x179 && c <= 0x17E);
    if ((c % 2 == 1) == odd_is_upper) return c + 1;
  }
  return c;
}

std::string bytes_of(const std::u32string& points) {
  // Only compared: each code point in four bytes.
  return {reinterpret_cast<const char*>(points.data()), points.size() * sizeof(char32_t)};
}

}  // namespace

bool is_mark(char32_t c) {
  return (c >= 0x300 && c <= 0x36F) || (c >= 0x1AB0 && c <= 0x1AFF) || (c >= 0x1DC0 && c <= 0x1DFF) ||
         (c >= 0x20D0 && c <= 0x20FF) || (c >= 0xFE20 && c <= 0xFE2F) || c == 0x3099 || c == 0x309A;
}

std::u32string decomposed(std::string_view name) {
  std::u32string points;
  for (const char32_t c : code_points(name)) decompose(c, points);
  for (auto at = points.begin(); at != points.end();) {
    at = std::find_if(at, points.end(), is_mark);
    const auto end = std::find_if_not(at, points.end(), is_mark);
    std::sort(at, end);
    at = end;
  }
  return points;
}

std::string normalized_key(std::string_view name) {
  return bytes_of(decomposed(name));
}

std::string caseless_key(std::string_view name) {
  auto points = decomposed(name);
  std::transform(points.begin(), points.end(), points.begin(), without_case);
  return bytes_of(points);
}

}  // namespace exitgate::record
