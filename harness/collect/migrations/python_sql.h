// SQL strings as Python code writes them, with gaps where something is filled in.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/syntax/names.h"
#include "harness/syntax/tree.h"

namespace exitgate::collect {

struct SqlText {
  std::string text;               // each gap is "exitgate_gap_N_", a name to a parser
  int line = 1;                   // of its first character
  std::vector<std::string> gaps;  // what fills them, as the source writes it, without the braces

  // The text with what the source writes in each gap: "{table}".
  std::string shown(std::string text) const;
};

// The strings that an expression may be: a literal, several with `+` or nothing between them, an f-string,
// `"…" % x`, `"…".format(x)`, `text("…")`, a name that stands for one of these, or for each of a literal list
// of them in a `for`. Nullopt for all else.
std::optional<std::vector<SqlText>> sql_texts(const syntax::Tree& tree, const syntax::Names& names,
                                              syntax::Id expression);

}  // namespace exitgate::collect
