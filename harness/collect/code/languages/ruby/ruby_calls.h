// Calls, literals and blocks in a Ruby tree.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/syntax/tree.h"

namespace exitgate::collect::code::ruby {

// "fetch" of `ENV.fetch("X")`, "raise" of `raise` and of `raise "x"`; "" for what is no call.
std::string_view method_of(const syntax::Tree& tree, syntax::Id call);
// The text of a call's receiver; "" when it has none.
std::string_view receiver_of(const syntax::Tree& tree, syntax::Id call);
std::vector<syntax::Id> arguments(const syntax::Tree& tree, syntax::Id call);
// The text of a string or a symbol without anything computed in it.
std::optional<std::string> literal(const syntax::Tree& tree, syntax::Id expression);
// `(x)` → `x`.
syntax::Id inner(const syntax::Tree& tree, syntax::Id expression);
// The statements of a `then`, an `else`, the body of a block or a method; of anything else, itself.
std::vector<syntax::Id> statements(const syntax::Tree& tree, syntax::Id body);
// Whether a statement of the body leaves by an exception or ends the program.
bool ends(const syntax::Tree& tree, syntax::Id body);

}  // namespace exitgate::collect::code::ruby
