#include "harness/syntax/language.h"

extern "C" const TSLanguage* tree_sitter_ruby();

namespace exitgate::syntax {

const Language& ruby() {
  static const Language record = {
      .name = "Ruby",
      .grammar = tree_sitter_ruby,
      .statement_lists = {Kind::program, Kind::body_statement, Kind::block_body, Kind::begin, Kind::then,
                          Kind::else_, Kind::ensure, Kind::rescue, Kind::case_, Kind::when, Kind::do_,
                          Kind::if_, Kind::unless, Kind::while_, Kind::until, Kind::for_},
      .endings = {"rb", "rake", "gemspec", "ru"},
  };
  return record;
}

}  // namespace exitgate::syntax
