// Code in SQL: DO blocks, routines that a migration defines and calls, and the statements in their bodies. Out of the JSON
// that libpg_query writes.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/json/json.h"

namespace exitgate::collect {

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

// CREATE FUNCTION and CREATE PROCEDURE.
struct DefinedRoutine {
  std::string name;      // without its schema
  std::string language;  // "sql" when none is named
  std::string body;      // "" of BEGIN ATOMIC
};
std::optional<DefinedRoutine> defined_routine(const Json& tree);

// The functions and procedures that a statement calls, without their schemas; not those in what it only defines.
std::vector<std::string> called_routines(const Json& tree);
// Whether a function's name says that it drops, deletes or truncates, and it is none of PostgreSQL's own that only give a
// value: "drop_chunks", "DropGeometryColumn".
bool name_takes_away(std::string_view routine);

}  // namespace exitgate::collect
