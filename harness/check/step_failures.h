// What becomes of a step when a command of its script fails, by the shell that reads it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "harness/check/job_steps.h"
#include "harness/check/providers.h"
#include "harness/check/step_commands.h"
#include "harness/commands/exit_status.h"

namespace exitgate::check {

class StepFailures {
 public:
  StepFailures(const Facts& facts, const Providers& providers);  // of the store `ci`; `providers` is kept

  // The shell of the step in a job, as written: its own, else that of the job; "" where none is named.
  std::string shell_of(const std::string& file, const std::string& job, const JobStep& step) const;

  // Of a command of the step, as it is written there. `counts` for a step without a script, `unknown` where the script
  // is in no shell that is read, and where the command is not found in it.
  commands::Failure of(const std::string& file, const std::string& job, const JobStep& step,
                       const std::string& written) const;

  // Whether the step surely succeeds although all its tests fail.
  bool goes_on(const std::string& file, const std::string& job, const JobStep& step,
               const std::vector<StepCommand>& commands) const;

 private:
  std::optional<commands::ShellOptions> options(const std::string& file, const std::string& job,
                                                const JobStep& step) const;

  const Providers& providers_;
  std::map<std::tuple<std::string, std::string, std::int64_t>, std::string> shells_;
  std::map<std::pair<std::string, std::string>, std::pair<std::string, bool>> jobs_;  // shell, on Windows
};

}  // namespace exitgate::check
