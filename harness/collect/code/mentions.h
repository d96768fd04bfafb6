// Terms of interest in source and documents, each with what it stands in.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/code/facts.h"
#include "harness/collect/code/term_search.h"
#include "harness/facts/mention_terms.h"
#include "harness/syntax/tree.h"

namespace exitgate::collect::code {

using Term = facts::MentionTerm;

// The terms that code.mention is about: what the evidence document reports on.
const std::vector<Term>& terms();

// Where each term stands in one text: index into terms() and byte offset, in text order.
struct Place {
  std::size_t term;
  std::size_t offset;
};

// Whether an occurrence of the term's letters at `offset` counts.
bool counts(const Term& term, std::string_view text, std::size_t offset);

// Mentions in a Python file: the context is what the syntax says. One row for each line and term.
std::vector<Mention> python_mentions(const syntax::Tree& tree, const std::vector<Place>& places);

// Mentions in any other file: 'document' for prose and logs; 'code' for the rest, but 'comment' where a line
// of a language whose comments are known begins as one.
std::vector<Mention> text_mentions(std::string_view path, std::string_view text,
                                   const std::vector<Place>& places);

}  // namespace exitgate::collect::code
