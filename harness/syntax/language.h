// A language whose source can be parsed: one record, in one file of languages/, over a grammar that
// harness/cmake/TreeSitterGrammars.cmake names.
#pragma once

#include <string_view>
#include <vector>

#include "harness/syntax/kinds.h"

// tree-sitter's.
struct TSLanguage;

namespace exitgate::syntax {

struct Language {
  std::string_view name;           // as messages have it: "Python"
  const TSLanguage* (*grammar)();  // of its parser.c
  // Nodes that hold statements or clauses: an error in one of them spoils no other.
  std::vector<Kind> statement_lists;
  // Kinds that are tokens of the grammar rather than nodes with a name of their own: `not in`.
  std::vector<Kind> tokens = {};
};

const Language& python();
const Language& ruby();
// Also JSX.
const Language& javascript();
// Without JSX.
const Language& typescript();
const Language& go();
const Language& java();

}  // namespace exitgate::syntax
