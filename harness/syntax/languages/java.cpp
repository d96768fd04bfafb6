#include "harness/syntax/language.h"

extern "C" const TSLanguage* tree_sitter_java();

namespace exitgate::syntax {

const Language& java() {
  static const Language record = {
      .name = "Java",
      .grammar = tree_sitter_java,
      .statement_lists = {Kind::program, Kind::block, Kind::class_body, Kind::interface_body, Kind::enum_body,
                          Kind::enum_body_declarations, Kind::constructor_body, Kind::if_statement,
                          Kind::for_statement, Kind::enhanced_for_statement, Kind::while_statement,
                          Kind::do_statement, Kind::switch_block, Kind::switch_block_statement_group,
                          Kind::try_statement, Kind::try_with_resources_statement, Kind::catch_clause,
                          Kind::finally_clause},
      .endings = {"java"},
  };
  return record;
}

}  // namespace exitgate::syntax
