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
  // Of the names of its files, without the dot: "py".
  std::vector<std::string_view> endings = {};
};

// Each language that there is a record of, sorted by the file names of the records.
const std::vector<const Language*>& languages();
// "python" and "Python" are both Python; nullptr for a language that there is no record of.
const Language* language_named(std::string_view name);
// By the ending of its name; nullptr when no record has it.
const Language* language_of_file(std::string_view path);

const Language& python();
const Language& ruby();
// Also JSX.
const Language& javascript();
// Without JSX.
const Language& typescript();
// With it.
const Language& tsx();
const Language& go();
const Language& java();

}  // namespace exitgate::syntax
