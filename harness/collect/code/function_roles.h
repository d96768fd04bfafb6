// When a function of a test configuration runs.
#pragma once

#include <cstdint>

#include "harness/syntax/names.h"
#include "harness/syntax/tree.h"

namespace exitgate::collect::code {

enum class Role : std::uint8_t {
  module,   // no function: when the module is imported
  session,  // a hook, a fixture of the session or package, or one that every test uses
  test,     // a fixture that some tests ask for
  unknown,  // whoever calls it
};

// Of the functions around the node.
Role role_of(const syntax::Tree& tree, const syntax::Names& names, syntax::Id node);

}  // namespace exitgate::collect::code
