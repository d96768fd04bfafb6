// The arguments of a call in Python, by position and by name.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "harness/syntax/names.h"
#include "harness/syntax/tree.h"

namespace exitgate::collect {

class Arguments {
 public:
  Arguments(const syntax::Tree& tree, const syntax::Names& names, syntax::Id call)
      : tree_(tree), names_(names) {
    for (const syntax::Id argument : tree.children(tree.child(call, syntax::Field::arguments))) {
      if (tree.is(argument, syntax::Kind::keyword_argument)) {
        named_[std::string(tree.text(tree.child(argument, syntax::Field::name)))] =
            tree.child(argument, syntax::Field::value);
      } else {
        plain_.push_back(argument);
      }
    }
  }

  syntax::Id at(std::size_t position, const std::string& name) const {
    if (position < plain_.size()) return plain_[position];
    const auto found = named_.find(name);
    return found == named_.end() ? syntax::kNoNode : found->second;
  }
  syntax::Id named(const std::string& name) const { return at(SIZE_MAX, name); }
  // As a name: a literal's text, or the source in braces; "" when it is not given. op.f("x") is "x", of a batch too.
  std::string text(std::size_t position, const std::string& name) const {
    syntax::Id value = syntax::inner(tree_, at(position, name));
    if (value == syntax::kNoNode) return "";
    const syntax::Id wrapped =
        tree_.is(value, syntax::Kind::call) ? tree_.child(value, syntax::Field::function) : syntax::kNoNode;
    const bool of_batch = wrapped != syntax::kNoNode && tree_.is(wrapped, syntax::Kind::attribute) &&
                          tree_.text(tree_.child(wrapped, syntax::Field::attribute)) == "f";
    if (wrapped != syntax::kNoNode && (of_batch || names_.stands_for(wrapped, "alembic.op.f"))) {
      const auto given = tree_.children(tree_.child(value, syntax::Field::arguments));
      if (!given.empty()) value = given[0];
    }
    const auto constant = names_.constant(value);
    return constant ? *constant : "{" + tree_.flat_text(value, 60) + "}";
  }

 private:
  const syntax::Tree& tree_;
  const syntax::Names& names_;
  std::vector<syntax::Id> plain_;
  std::map<std::string, syntax::Id> named_;
};

}  // namespace exitgate::collect
