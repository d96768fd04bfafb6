// What the names of a Python file stand for, by its imports and simple assignments: `fx` is "pytest.fixture"
// after `from pytest import fixture as fx`. Scopes are Python's own: a name bound in a function hides the module's.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/syntax/tree.h"

namespace exitgate::syntax {

class Names {
 public:
  explicit Names(const Tree& tree);

  // Dotted paths that the expression may stand for; several where a name is bound more than once (an import
  // in `try` and another in `except ImportError`), none when it is anything else than a name, an attribute or
  // an alias of one.
  std::vector<std::string> paths(Id expression) const;
  bool stands_for(Id expression, std::string_view path) const;

  // As `paths`, of a name that only imports bind, or of an attribute of one: empty when it may be anything else.
  std::vector<std::string> imported(Id expression) const;

  // The expressions assigned to the name where it is used; the caller decides whether one of them settles anything.
  std::vector<Id> values(Id identifier) const;

  // The text of a string literal, or of a name that is assigned one string literal and nothing else.
  std::optional<std::string> constant(Id expression) const;

 private:
  struct Binding {
    std::string path;    // of an import
    Id value = kNoNode;  // of an assignment
    // neither: bound to something of no interest
  };
  void bind(Id at, std::string_view name, Binding binding);
  void bind_targets(Id target);
  void bind_import(Id statement);
  Id scope_of(Id node) const { return scopes_[node]; }
  const std::vector<Binding>* lookup(Id identifier, bool& unbound) const;
  void collect_paths(Id expression, int depth, int& steps, std::vector<std::string>& found) const;

  const Tree& tree_;
  std::map<std::pair<Id, std::string_view>, std::vector<Binding>> bindings_;
  std::vector<Id> scopes_;  // of each node: the function, lambda, class or module whose names it sees first
  std::vector<std::string> stars_;  // modules of `from module import *`
};

// The text of a string literal without anything computed in it (escapes other than the plain ones make it nullopt).
std::optional<std::string> literal(const Tree& tree, Id expression);

// `(x)` → `x`, however deep.
Id inner(const Tree& tree, Id expression);

}  // namespace exitgate::syntax
