#include "harness/stages/verdicts.h"

#include <fmt/core.h>

#include <optional>

#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/gate/ctest.h"
#include "harness/json/json.h"
#include "harness/verdict/verdict.h"

namespace exitgate::stages {

namespace {

// What a stage said: the first line of its message, with the hint below it. "exitgate: no PostgreSQL server
// is installed" and "  > apt-get install postgresql" become one line.
std::string message_in(std::string_view output) {
  constexpr std::string_view kPrefix = "exitgate: ";  // of every message of the program
  constexpr std::string_view kHint = "  > ";
  std::string message;
  std::string hint;
  for (const auto& line : split(output, '\n')) {
    if (message.empty() && !trim(line).empty()) {
      message = line.starts_with(kPrefix) ? line.substr(kPrefix.size()) : line;
    } else if (hint.empty() && line.starts_with(kHint)) {
      hint = line.substr(kHint.size());
    }
  }
  if (message.empty()) return "no output";
  return hint.empty() ? message : fmt::format("{} ({})", message, hint);
}

verdict::Verdict missing_verdict(const verdict::Gate& gate, const TestLog& log) {
  verdict::Verdict verdict = verdict::undecided_verdict(gate);
  verdict.reason = "the gate was selected and left no verdict";
  if (const auto own = log.outputs.find(gate.name); own != log.outputs.end()) {
    verdict.reason = fmt::format("the check left no verdict: {}", message_in(own->second));
    return verdict;
  }
  for (const char* stage : {gate::kBegin, gate::kCollect, gate::kDatabase, gate::kSecrets}) {
    const auto failed = log.outputs.find(stage);
    if (failed == log.outputs.end()) continue;
    verdict.reason = fmt::format("not evaluated, because {} failed: {}", stage, message_in(failed->second));
    break;
  }
  return verdict;
}

// An unreadable verdict is as good as none.
std::optional<verdict::Verdict> read_verdict(const record::RunDirectory& run, const std::string& gate) {
  if (!std::filesystem::exists(run.verdict(gate))) return std::nullopt;
  try {
    return verdict::verdict_from_json(Json::parse(read_file(run.verdict(gate))));
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

}  // namespace

CollectedVerdicts collect_verdicts(const record::RunDirectory& run, const TestLog& log,
                                   const std::vector<std::string>& selected) {
  CollectedVerdicts collected;
  for (const auto& name : selected) {
    auto verdict = read_verdict(run, name);
    if (!verdict) {
      verdict = missing_verdict(verdict::gate_from_json(Json::parse(read_file(run.gate(name)))), log);
      write_file(run.verdict(name), to_json(*verdict).dump(2) + "\n");
      collected.missing.push_back(name);
    }
    collected.verdicts[name] = {verdict->status, verdict->waived};
  }
  return collected;
}

}  // namespace exitgate::stages
