#include "harness/syntax/language.h"

extern "C" const TSLanguage* tree_sitter_typescript();

namespace exitgate::syntax {

const Language& typescript() {
  static const Language record = {
      .name = "TypeScript",
      .grammar = tree_sitter_typescript,
      // Its grammar is JavaScript's, with types.
      .statement_lists = javascript().statement_lists,
      .endings = {"ts", "mts", "cts"},
  };
  return record;
}

}  // namespace exitgate::syntax
