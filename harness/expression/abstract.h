// The value of an expression where contexts are partly known: everything that it can come to.
//
// The invariant: whatever the unknown parts turn out to be, what evaluate() then says is among what abstract() said.
#pragma once

#include "harness/expression/possible.h"
#include "harness/expression/syntax.h"

namespace exitgate::expression {

struct PartialStatus {
  Truth success = Truth::yes;
  Truth failure = Truth::no;
  Truth cancelled = Truth::no;
};

struct PartialContexts {
  PartialObject named;  // 'GITHUB', 'ENV', … in upper case; `others` for a context that is not there
  PartialStatus status = {};
  // Has what `named` does not have, and must live as long; then `named.others` says nothing.
  const PartialContexts* outer = nullptr;

  const Possible& find(std::string_view name) const;
};

// The same contexts, some of which can then be set: nothing is copied.
PartialContexts in_front_of(const PartialContexts& outer);

Possible abstract(const Node& node, const PartialContexts& contexts);

}  // namespace exitgate::expression
