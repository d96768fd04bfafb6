// What the steps of CI run in the end (ci.command), for checks that ask which of them test, migrate or dump.
//
//   const StepCommands commands(facts, {.test = with.strings("test")});
//   if (const auto test = commands.test_in(step)) { … test->shown, test->file, test->line … }
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/check/check.h"
#include "harness/check/job_steps.h"
#include "harness/facts/tables/ci.h"

namespace exitgate::check {

struct StepCommand {
  ci::CommandKind kind = ci::CommandKind::unknown;
  std::string file;       // where it is called: the workflow or composite action
  std::int64_t line = 0;  // of the command there
  std::string written;    // as it stands there: "npm test"
  std::string command;    // what runs in the end: "vitest run"
  bool called = false;    // by way of scripts or targets
  std::string shown;      // all of it: "npm test → package.json:12 → vitest run"
};

// Commands that a gate's parameters name, beside those that are known (docs/commands.md): patterns for matches() in
// shell.h, tried on what is written and on what runs in the end. One that begins with '!' takes a command out.
struct CommandPatterns {
  std::vector<std::string> test = {};
  std::vector<std::string> migrate = {};
};

class StepCommands {
 public:
  explicit StepCommands(const Facts& facts, CommandPatterns patterns = {});  // of the store `ci`

  // All of a step, in their order. A step without rows in ci.command is read by its text alone.
  std::vector<StepCommand> of(const JobStep& step) const;

  // The first that tests.
  std::optional<StepCommand> test_in(const JobStep& step) const;

  // The first of these steps of which it is not known what it does (a program or action that the table does not
  // have, a script that is not in the commit); nullopt when one of them tests, or when all is known.
  std::optional<StepCommand> unknown_in(const std::vector<JobStep>& steps) const;

 private:
  using Key = std::pair<std::string, std::pair<std::string, std::int64_t>>;  // file, job, position

  StepCommand judged(StepCommand command) const;

  std::map<Key, std::vector<StepCommand>> commands_;
  CommandPatterns patterns_;
};

}  // namespace exitgate::check
