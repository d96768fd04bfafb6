#include "harness/syntax/language.h"

extern "C" const TSLanguage* tree_sitter_python();

namespace exitgate::syntax {

const Language& python() {
  static const Language record = {
      .name = "Python",
      .grammar = tree_sitter_python,
      .statement_lists = {Kind::module, Kind::block, Kind::class_definition, Kind::decorated_definition,
                          Kind::elif_clause, Kind::else_clause, Kind::except_clause,
                          Kind::except_group_clause, Kind::finally_clause, Kind::for_statement,
                          Kind::function_definition, Kind::if_statement, Kind::match_statement,
                          Kind::try_statement, Kind::while_statement, Kind::with_statement},
      .tokens = {Kind::async, Kind::in, Kind::is, Kind::is_not, Kind::not_in, Kind::or_},
      .endings = {"py", "pyi", "pyw"},
  };
  return record;
}

}  // namespace exitgate::syntax
