#include "harness/redact/recognise.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>

#include "harness/base/text.h"
#include "harness/redact/scan.h"

namespace exitgate::redact {

namespace {

constexpr std::array<unsigned char, 256> fold_table() {
  std::array<unsigned char, 256> table{};
  for (std::size_t i = 0; i < table.size(); ++i) {
    table[i] = static_cast<unsigned char>(i >= 'A' && i <= 'Z' ? i + 32 : i);
  }
  return table;
}
constexpr std::array<unsigned char, 256> kFold = fold_table();

constexpr std::size_t bucket_of(std::uint32_t three) {
  return (three * 0x9E3779B1U) >> 18;
}

// Anchors by the hash of their first three bytes: most positions of a text cost one look into a table.
class Index {
 public:
  static constexpr std::uint8_t kStart = 1;
  static constexpr std::uint8_t kBehind = 2;

  Index() {
    for (const auto* list : {&token_anchors(), &assignment_anchors(), &block_anchors(), &command_anchors()}) {
      for (const auto& anchor : *list) {
        std::uint32_t three = 0;
        for (std::size_t i = 0; i < 3; ++i) three = three << 8 | static_cast<unsigned char>(anchor.text[i]);
        auto& slot = first_[bucket_of(three)];
        if (slot == 0) {
          buckets_.emplace_back();
          slot = static_cast<std::uint16_t>(buckets_.size());
        }
        buckets_[slot - 1U].push_back(&anchor);
        note_pair(anchor.text[0], anchor.text[1], kStart);
        note_pair(anchor.text[1], anchor.text[2], kBehind);
      }
    }
  }
  // kStart where the two bytes are the first two of an anchor, kBehind where they are the second and third.
  unsigned pair_at(const char* text) const {
    return pairs_[static_cast<unsigned>(static_cast<unsigned char>(text[0])) << 8U |
                  static_cast<unsigned char>(text[1])];
  }
  const std::vector<const Anchor*>* at(std::uint32_t three) const {
    const auto slot = first_[bucket_of(three)];
    return slot == 0 ? nullptr : &buckets_[slot - 1U];
  }

 private:
  void note_pair(char first, char second, std::uint8_t what) {
    const auto upper = [](char c) { return is_lower(c) ? static_cast<char>(c - 32) : c; };
    for (const char a : {first, upper(first)}) {
      for (const char b : {second, upper(second)}) {
        pairs_[static_cast<unsigned>(static_cast<unsigned char>(a)) << 8U | static_cast<unsigned char>(b)] |=
            what;
      }
    }
  }

  std::array<std::uint8_t, 1 << 16> pairs_{};
  std::array<std::uint16_t, 1 << 14> first_{};
  std::vector<std::vector<const Anchor*>> buckets_;
};

bool stands_at(std::string_view text, std::size_t at, std::string_view anchor) {
  if (text.size() - at < anchor.size()) return false;
  for (std::size_t i = 0; i < anchor.size(); ++i) {
    if (kFold[static_cast<unsigned char>(text[at + i])] != static_cast<unsigned char>(anchor[i]))
      return false;
  }
  return true;
}

}  // namespace

std::vector<Place> recognise(std::string_view text) {
  static const Index index;
  Scan scan{text};
  const auto byte = [&](std::size_t at) { return static_cast<unsigned char>(text[at]); };
  const auto look = [&](std::size_t at) {
    if (at + 3 > text.size()) return;
    const std::uint32_t three = static_cast<std::uint32_t>(kFold[byte(at)]) << 16U |
                                static_cast<std::uint32_t>(kFold[byte(at + 1)]) << 8U | kFold[byte(at + 2)];
    const auto* anchors = index.at(three);
    if (anchors == nullptr) return;
    for (const auto* anchor : *anchors) {
      if (stands_at(text, at, anchor->text)) anchor->match(scan, at);
    }
  };
  // An anchor has three bytes at least: looking at every second pair of bytes meets each, by its first two
  // bytes or by the two behind the first.
  for (std::size_t at = 0; at + 1 < text.size(); at += 2) {
    const unsigned pair = index.pair_at(text.data() + at);
    if (pair == 0) continue;
    if ((pair & Index::kBehind) != 0 && at > 0) look(at - 1);
    if ((pair & Index::kStart) != 0) look(at);
  }
  std::sort(scan.places.begin(), scan.places.end(), [](const Place& a, const Place& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
  });
  return std::move(scan.places);
}

bool is_placeholder(std::string_view value) {
  if (value.empty()) return true;
  // "***" as Markdown, URLs and JSON escape it.
  for (const std::string_view mask :
       {"\\*\\*\\*", "%2A%2A%2A", "%2a%2a%2a", "\\u002a\\u002a\\u002a", "&#42;&#42;&#42;"}) {
    if (value.starts_with(mask)) return true;
  }
  const char first = value.front();
  if (first == '$' || first == '{' || first == '<' || value.substr(0, 3) == "***" ||
      value.substr(0, 3) == "...") {
    return true;
  }
  if (first == '%' && value.size() > 1) {
    const auto hex = [](char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); };
    return !(value.size() > 2 && hex(value[1]) && hex(value[2]));
  }
  if (value.size() > 4 && value.substr(0, 4) == "&lt;") return true;
  static const std::vector<std::string> kWords = {"none", "null", "nil", "true", "false", "undefined"};
  const std::string word = lower(value.substr(0, 16));
  if (std::find(kWords.begin(), kWords.end(), word) != kWords.end()) return true;
  return value.find_first_not_of("xX*.-_") == std::string_view::npos;
}

}  // namespace exitgate::redact
