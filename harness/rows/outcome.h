// Statements that may fail, each in a savepoint of its own, for one round trip. Inside this library only.
#pragma once

#include <string>
#include <vector>

#include "harness/database/connection.h"

namespace exitgate::rows {

struct Outcome {
  std::string state;  // SQLSTATE; "" when it went well
  std::string constraint = {};
  std::string column = {};
  std::string message = {};
  std::string context = {};
  std::string value = {};  // of try_values(); of try_statements() the number of rows
  bool ok() const { return state.empty(); }
};

// Runs each; what succeeds is committed, deferred constraints included. `without_triggers`: as a replica would, so that
// neither triggers nor foreign keys are asked. Throws Undecided when the server did not carry them out at all.
std::vector<Outcome> try_statements(database::Connection& connection,
                                    const std::vector<std::string>& statements,
                                    bool without_triggers = false);

// What each expression of a value is as text, or why it is none.
std::vector<Outcome> try_values(database::Connection& connection,
                                const std::vector<std::string>& expressions);

}  // namespace exitgate::rows
