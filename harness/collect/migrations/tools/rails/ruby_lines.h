// The logical lines of a Ruby text, as far as a migration needs them: without comments, with continuations joined,
// statements that `;` keeps apart, and the text of each heredoc beside its line.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace exitgate::collect {

struct RubyLine {
  std::string text;
  int line = 1;
  std::vector<std::string> heredocs = {};  // bodies, in the order of their marks
  int heredoc_line = 0;                    // of the first body
};

std::vector<RubyLine> ruby_lines(std::string_view text);

// The arguments of a call, cut at the commas outside brackets and strings: `:a, "b", c: [1, 2]`.
std::vector<std::string> ruby_arguments(std::string_view text);

// "orders" for `:orders`, `"orders"` and `'orders'`, also before a modifier (`:orders if …`); "{x}" for anything else, and
// "" for "".
std::string ruby_name(std::string_view argument);

}  // namespace exitgate::collect
