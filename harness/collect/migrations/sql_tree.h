// What PostgreSQL's parser says of a statement, out of the JSON that libpg_query writes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/migrations/statement.h"
#include "harness/json/json.h"

namespace exitgate::collect {

// Kind, object, relation and columns of each; the rest is for the caller to fill in.
std::vector<Statement> destructive_statements(const Json& tree);
std::vector<CreatedObject> created_objects(const Json& tree);

struct DoBlock {
  std::string body;
  std::string language;  // "plpgsql" when none is named
};
std::optional<DoBlock> do_block(const Json& tree);

// The statements in a PL/pgSQL body, of the JSON of its parser.
struct RoutineQuery {
  std::string text;      // of an EXECUTE: the expression that it carries out
  bool dynamic = false;  // EXECUTE
  int line = 1;          // in the body
};
std::vector<RoutineQuery> queries_of_routine(const Json& tree);

// What an expression makes: of `SELECT 'text'`, `SELECT 'text' || x` and `SELECT format('text %I', x)`, with
// the name kGap in each gap; nullopt for all else.
inline constexpr std::string_view kGap = "exitgate_gap";
struct ExpressionText {
  std::string text;
  bool gaps = false;
};
std::optional<ExpressionText> text_of_expression(const Json& tree);

}  // namespace exitgate::collect
