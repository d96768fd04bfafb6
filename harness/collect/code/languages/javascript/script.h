// What the collectors of JavaScript and TypeScript share.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/collect/code/facts.h"
#include "harness/collect/code/language.h"
#include "harness/collect/code/script_names.h"

namespace exitgate::collect::code::javascript {

using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Tree;

struct Script {
  std::string_view path;
  const Tree& tree;
  const ScriptNames& names;
};

// "get" of `a.b.get`, "get" of `get`; "" for anything else.
std::string_view last_name(const Tree& tree, Id expression);
// The name that a pair, a method or a shorthand gives; "" for a computed one.
std::string_view key_of(const Script& script, Id member);
// The value of that key in an object, or kNoNode. A method counts as its own value.
Id member_of(const Script& script, Id object, std::string_view key);
// The function whose body the node stands in, or kNoNode at the top of the file.
Id function_around(const Tree& tree, Id node);
bool is_function(const Tree& tree, Id expression);
// `undefined`, `null`, `false`, "" or an empty list.
bool is_nothing(const Script& script, Id value);
// "DATABASE_URL", as variables of the environment are written.
bool is_variable_name(std::string_view text);
// Where a value stands without the brackets and type assertions around it: the outermost of them.
Id outermost(const Tree& tree, Id expression);
// The arguments of a call.
std::vector<Id> arguments_of(const Tree& tree, Id call);

}  // namespace exitgate::collect::code::javascript
