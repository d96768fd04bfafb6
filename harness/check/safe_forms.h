// The known safe form of a schema change, by what a server was seen to do with the statement that was given: one table for
// all checks.
#pragma once

#include <string_view>

#include "harness/check/check.h"
#include "harness/facts/tables/rehearsal.h"

namespace exitgate::check {

// What was seen of a statement.
struct SeenStatement {
  std::string_view command;  // PostgreSQL's tag: 'ALTER TABLE'
  std::string_view text;     // as given, in one line
  std::string_view pass;     // 'rewrite', 'scan' or 'build'; "" for none
  std::string_view reason;   // of the pass, as rehearsal.pass has it; "" for none
};

// What to write instead, as an advice that begins in lower case. Never empty.
std::string_view safe_form(const SeenStatement& seen);

// How to lose nothing of this kind.
std::string_view safe_form(rehearsal::LossKind lost);

}  // namespace exitgate::check
