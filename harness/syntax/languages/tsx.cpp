#include "harness/syntax/language.h"

extern "C" const TSLanguage* tree_sitter_tsx();

namespace exitgate::syntax {

const Language& tsx() {
  static const Language record = {
      .name = "TSX",
      .grammar = tree_sitter_tsx,
      // TypeScript with JSX in it, where `<T>x` is no type assertion.
      .statement_lists = javascript().statement_lists,
      .endings = {"tsx"},
  };
  return record;
}

}  // namespace exitgate::syntax
