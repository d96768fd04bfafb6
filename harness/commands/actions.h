// Actions that test, or run a command that one of their inputs names.
#pragma once

#include <string_view>

#include "harness/commands/tools.h"

namespace exitgate::commands {

struct ActionUse {
  Kind kind = Kind::unknown;
  std::string_view input = {};    // that is a script, or the words behind `program`; "" for none
  std::string_view program = {};  // "gradle" of `arguments: test`
};

// By the action's name without its ref: "cypress-io/github-action".
ActionUse classify_action(std::string_view action);

}  // namespace exitgate::commands
