#include "harness/check/step_failures.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/check/workflows.h"
#include "harness/commands/shell.h"
#include "harness/facts/tables/ci.h"

namespace exitgate::check {

namespace {

using commands::Failure;
using commands::ShellOptions;

// How a shell of this name begins; nullopt for one whose scripts are not read: python, pwsh, cmd.
std::optional<ShellOptions> options_of(const std::string& shell, bool pipefail_by_default) {
  if (shell.empty()) return ShellOptions{true, pipefail_by_default};
  if (shell == "bash") return ShellOptions{true, true};
  if (shell == "sh") return ShellOptions{true, false};
  if (shell.find("{0}") == std::string::npos || has_expression(shell)) return std::nullopt;
  const auto words = split(shell, ' ');
  const auto program = words[0].substr(words[0].rfind('/') + 1);
  if (program != "bash" && program != "sh" && program != "zsh") return std::nullopt;
  ShellOptions options{false, false};
  for (const auto& word : words) {
    if (word == "pipefail") options.pipefail = true;
    if (word == "errexit") options.errexit = true;
    if (word.starts_with('-') && !word.starts_with("--") && word.find('e') != std::string::npos)
      options.errexit = true;
  }
  return options;
}

Failure failure_in(const std::string& script, const ShellOptions& options, const std::string& written) {
  const auto all = commands::parse_shell(script);
  const auto failures = commands::failures(script, options);
  Failure found{Failure::unknown, ""};
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (join(all[i].words, " ") != written) continue;
    found = failures[i];
    if (found.is_lost()) break;
  }
  return found;
}

// Whether the script may end by what it has kept of a status, or ask for it.
bool may_ask(const std::string& script) {
  for (const auto& command : commands::parse_shell(script)) {
    for (const std::string_view asks :
         {"exit", "return", "false", "test", "[", "[[", "trap", "exec", "kill"}) {
      if (command.words[0] == asks) return true;
    }
  }
  for (const auto& line : split(script, '\n')) {
    const auto words = split(line, ' ');
    for (const std::string_view word : {"if", "case", "while", "until", "&&", "||", "[["}) {
      if (std::find(words.begin(), words.end(), word) != words.end()) return true;
    }
  }
  return false;
}

}  // namespace

StepFailures::StepFailures(const Facts& facts, const Providers& providers) : providers_(providers) {
  for (const ci::Step& step : facts.rows<ci::Step>("WHERE shell IS NOT NULL"))
    shells_[{step.file, step.job, step.position}] = *step.shell;
  for (const ci::Job& job : facts.rows<ci::Job>()) {
    jobs_[{job.file, job.id}] = {job.default_shell.value_or(""),
                                 lower(job.runs_on.value_or("")).find("windows") != std::string::npos};
  }
}

std::string StepFailures::shell_of(const std::string& file, const std::string& job,
                                   const JobStep& step) const {
  const auto own = shells_.find({step.file, step.job, step.position});
  if (own != shells_.end() && !own->second.empty()) return own->second;
  const auto found = jobs_.find({file, job});
  return step.job.empty() || found == jobs_.end() ? "" : found->second.first;
}

std::optional<ShellOptions> StepFailures::options(const std::string& file, const std::string& job,
                                                  const JobStep& step) const {
  const std::string shell = shell_of(file, job, step);
  const auto found = jobs_.find({file, job});
  if (shell.empty() && found != jobs_.end() && found->second.second) return std::nullopt;  // PowerShell
  return options_of(shell, providers_.of(step.file).pipefail);
}

Failure StepFailures::of(const std::string& file, const std::string& job, const JobStep& step,
                         const std::string& written) const {
  if (step.run.empty()) return {};
  const auto begun = options(file, job, step);
  if (!begun) return {Failure::unknown, ""};
  return failure_in(step.run, *begun, written);
}

bool StepFailures::goes_on(const std::string& file, const std::string& job, const JobStep& step,
                           const std::vector<StepCommand>& commands) const {
  if (step.run.empty()) return false;
  const auto begun = options(file, job, step);
  if (!begun) return false;
  // `set +e … code=$?; echo "code=$code" >> …` keeps the status for a later step, and succeeds.
  std::string unasked;
  if (!may_ask(step.run)) {
    unasked = step.run;
    for (auto at = unasked.find("$?"); at != std::string::npos; at = unasked.find("$?"))
      unasked.replace(at, 2, "0");
  }
  bool any = false;
  for (const StepCommand& test : commands) {
    if (test.kind != ci::CommandKind::test) continue;
    any = true;
    if (failure_in(step.run, *begun, test.written).is_lost()) continue;
    if (unasked.empty() || !failure_in(unasked, *begun, test.written).is_lost()) return false;
  }
  return any;
}

}  // namespace exitgate::check
