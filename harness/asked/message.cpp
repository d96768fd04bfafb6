#include "harness/asked/message.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"

namespace exitgate::asked {

namespace {

// Calls `take` with the text between words, and `word` with each word.
template <typename Take, typename Word>
void each_part(std::string_view text, const Take& take, const Word& word) {
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if ((c == '{' || c == '}') && at + 1 < text.size() && text[at + 1] == c) {
      take(text.substr(at, 1));
      at += 2;
      continue;
    }
    const std::size_t end = c == '{' ? text.find('}', at) : std::string_view::npos;
    if (end == std::string_view::npos) {
      take(text.substr(at, 1));
      ++at;
      continue;
    }
    word(text.substr(at + 1, end - at - 1));
    at = end + 1;
  }
}

}  // namespace

void validate_message(const check::Parameters& with, const std::vector<std::string>& known) {
  each_part(
      with.string("message"), [](std::string_view) {},
      [&](std::string_view word) {
        if (std::find(known.begin(), known.end(), word) != known.end()) return;
        throw check::ParameterError("message",
                                    fmt::format("parameter 'message' names '{{{}}}', which there is not{}",
                                                word, did_you_mean(word, known)),
                                    fmt::format("it may name {}; write {{{{ for a brace", join(known, ", ")));
      });
}

std::string filled_message(const check::Parameters& with, const Words& words) {
  std::string filled;
  each_part(
      with.string("message"), [&](std::string_view text) { filled += text; },
      [&](std::string_view name) {
        for (const auto& [word, value] : words) {
          if (word == name) filled += value;
        }
      });
  return filled;
}

}  // namespace exitgate::asked
