// Finds any of a few words in a text in one pass (Wu-Manber): the prefilter that keeps large repositories cheap.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace exitgate::collect::code {

class TermSearch {
 public:
  // Words of at least four ASCII characters; found in any case.
  explicit TermSearch(std::vector<std::string> words);

  // Calls `found` with the word's index and the byte offset of each occurrence, overlapping ones too, in text order.
  void each(std::string_view text, const std::function<void(std::size_t, std::size_t)>& found) const;

 private:
  std::vector<std::string> words_;              // lower case
  std::size_t window_ = 0;                      // length of the shortest word
  std::vector<std::uint8_t> shift_;             // by the window's last two bytes: how far to move on
  std::vector<std::vector<std::size_t>> ends_;  // by the same, hashed to a byte: words whose window ends so
};

}  // namespace exitgate::collect::code
