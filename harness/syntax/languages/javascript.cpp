#include "harness/syntax/language.h"

extern "C" const TSLanguage* tree_sitter_javascript();

namespace exitgate::syntax {

const Language& javascript() {
  static const Language record = {
      .name = "JavaScript",
      .grammar = tree_sitter_javascript,
      .statement_lists = {Kind::program, Kind::statement_block, Kind::class_body, Kind::if_statement,
                          Kind::else_clause, Kind::for_statement, Kind::for_in_statement,
                          Kind::while_statement, Kind::do_statement, Kind::switch_case, Kind::switch_default,
                          Kind::try_statement, Kind::catch_clause, Kind::finally_clause},
      .endings = {"js", "jsx", "mjs", "cjs"},
  };
  return record;
}

}  // namespace exitgate::syntax
