// What a condition says of whether a variable is set.
#pragma once

#include <string>

#include "harness/collect/code/environment_accesses.h"

namespace exitgate::collect::code {

class Presence {
 public:
  // All must outlive it.
  Presence(const syntax::Tree& tree, const syntax::Names& names, const AccessReader& accesses)
      : tree_(tree), names_(names), accesses_(accesses) {}

  // What the truth of a condition says of a variable's presence: present when true (1), absent when true (-1),
  // nothing (0).
  int of(syntax::Id condition, const std::string& variable) const { return of(condition, variable, kDepth); }

 private:
  static constexpr int kDepth = 50;  // of conditions in conditions

  int of(syntax::Id condition, const std::string& variable, int depth) const;
  bool reads(syntax::Id expression, const std::string& variable, int depth = 4) const;

  const syntax::Tree& tree_;
  const syntax::Names& names_;
  const AccessReader& accesses_;
};

}  // namespace exitgate::collect::code
