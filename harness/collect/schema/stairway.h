// Each revision up, down and up again: the first one whose way down does not undo it is named.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/collect/migrations/environment.h"
#include "harness/collect/schema/compare.h"
#include "harness/config/config.h"

namespace exitgate::collect::schema {

// One revision of the history, in the order of the walk.
struct Stair {
  std::string revision;
  std::string parent;  // "" for a base
  std::string file;
  int line = 0;
  std::string not_tried;  // why its way down is not walked: it joins branches, or begins one beside another
};

struct StairResult {
  Stair stair;
  std::string step;  // that it ended with: "up", "down", "up again"
  std::string command;
  std::string outcome;  // "ok", "different", "not tried", or why the command failed
  std::string reason;   // the error in one line, or why it was not tried
  std::string file;     // where a command failed, when it says so
  int line = 0;
  std::vector<Difference> differences;
};

// The revisions so that each comes behind what it stands on, branch by branch. Throws Undecided when the
// history is not wholly known.
std::vector<Stair> stairs_of(const collect::Environment& history);

// The history that the stairway walks: of the tool that a step runs, by the configuration that the command
// names when there are several; with commands of its own, the only history. Throws Undecided when there is none, or more than one.
const collect::Environment& history_of(const config::Database& declared,
                                       const std::vector<collect::Environment>& histories);

// What to say where no commands for a stairway are known.
Undecided no_stairway_commands();

}  // namespace exitgate::collect::schema
