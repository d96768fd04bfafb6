#include "harness/collect/code/term_search.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace exitgate::collect::code {

namespace {

char lowered(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}
char uppered(char c) {
  return c >= 'a' && c <= 'z' ? static_cast<char>(c - ('a' - 'A')) : c;
}

std::size_t pair_of(char first, char second) {
  return static_cast<std::size_t>(static_cast<unsigned char>(first)) << 8U |
         static_cast<std::size_t>(static_cast<unsigned char>(second));
}

// A last pair, whatever its case, as an index into ends_.
std::size_t bucket(char first, char second) {
  return (static_cast<unsigned char>(lowered(first)) * 31U + static_cast<unsigned char>(lowered(second))) &
         0xFFU;
}

bool same(std::string_view word, const char* text) {
  return std::all_of(word.begin(), word.end(), [&text](char c) { return lowered(*text++) == c; });
}

}  // namespace

TermSearch::TermSearch(std::vector<std::string> words) : words_(std::move(words)), ends_(256) {
  if (words_.empty()) throw Undecided("internal fault: nothing to search for");
  window_ = 255;
  for (auto& word : words_) {
    word = lower(word);
    window_ = std::min(window_, word.size());
  }
  if (window_ < 4) throw Undecided("internal fault: too short a word to search for");
  shift_.assign(std::size_t{1} << 16U, static_cast<std::uint8_t>(window_ - 1));
  for (std::size_t index = 0; index < words_.size(); ++index) {
    const std::string& word = words_[index];
    for (std::size_t at = 1; at < window_; ++at) {
      const auto move = static_cast<std::uint8_t>(window_ - 1 - at);
      for (const char first : {word[at - 1], uppered(word[at - 1])}) {
        for (const char second : {word[at], uppered(word[at])}) {
          auto& known = shift_[pair_of(first, second)];
          known = std::min(known, move);
        }
      }
    }
    ends_[bucket(word[window_ - 2], word[window_ - 1])].push_back(index);
  }
}

void TermSearch::each(std::string_view text,
                      const std::function<void(std::size_t, std::size_t)>& found) const {
  for (std::size_t last = window_ - 1; last < text.size();) {
    const std::uint8_t move = shift_[pair_of(text[last - 1], text[last])];
    if (move != 0) {
      last += move;
      continue;
    }
    const std::size_t start = last + 1 - window_;
    for (const std::size_t index : ends_[bucket(text[last - 1], text[last])]) {
      const std::string& word = words_[index];
      if (start + word.size() <= text.size() && same(word, text.data() + start)) found(index, start);
    }
    ++last;
  }
}

}  // namespace exitgate::collect::code
