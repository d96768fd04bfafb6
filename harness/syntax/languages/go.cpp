#include "harness/syntax/language.h"

extern "C" const TSLanguage* tree_sitter_go();

namespace exitgate::syntax {

const Language& go() {
  static const Language record = {
      .name = "Go",
      .grammar = tree_sitter_go,
      .statement_lists = {Kind::source_file, Kind::block, Kind::import_spec_list,
                          Kind::field_declaration_list, Kind::var_declaration, Kind::var_spec_list,
                          Kind::const_declaration, Kind::type_declaration, Kind::if_statement,
                          Kind::for_statement, Kind::expression_switch_statement, Kind::expression_case,
                          Kind::default_case, Kind::type_switch_statement, Kind::type_case,
                          Kind::select_statement, Kind::communication_case},
      .endings = {"go"},
  };
  return record;
}

}  // namespace exitgate::syntax
