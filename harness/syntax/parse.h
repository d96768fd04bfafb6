// The parse tree as tree-sitter has it, for who asks it in tree-sitter's own terms (queries). All others read a Tree.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "harness/syntax/language.h"

// tree-sitter's.
struct TSTree;

namespace exitgate::syntax {

struct TreeEnd {
  void operator()(TSTree* tree) const;
};

// Nullptr when parsing takes longer than the limit, or the source is nested more deeply than tree-sitter can stand.
std::unique_ptr<TSTree, TreeEnd> parse_source(std::string_view source, const Language& language,
                                              std::uint64_t limit_microseconds = 5'000'000);

}  // namespace exitgate::syntax
