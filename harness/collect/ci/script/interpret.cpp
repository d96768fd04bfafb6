#include "harness/collect/ci/script/interpret.h"

#include "harness/collect/ci/script/interpreter.h"

namespace exitgate::collect::ci::script {

Ended interpret(std::string_view text, const Start& start) {
  Ended result;
  try {
    const shell::Script script = shell::parse(text);
    if (!script.problem.empty()) throw NotDecided("the script cannot be read: " + script.problem);
    State first;
    first.variables = start.environment;
    first.stops_at_errors = start.stops_at_errors;
    first.pipefail = start.pipefail;
    const States ended = Interpreter().run(script.list, std::move(first), false);
    bool can_succeed = false;
    bool can_fail = false;
    for (const State& one : ended) {
      (one.status == 0 ? can_succeed : can_fail) = true;
      if (result.because.empty()) result.because = plain(one.why);
    }
    result.end = can_succeed && can_fail ? End::undecided : can_fail ? End::failure : End::success;
    if (result.end != End::undecided) result.because.clear();
    const auto written = [&](const std::string& file) {
      std::string all;
      bool same = true;
      for (const State& one : ended) {
        const auto found = one.files.find(file);
        const std::string now = found == one.files.end() ? "" : found->second;
        if (&one == &ended[0]) all = now;
        same = same && now == all;
      }
      return same ? all : std::string(1, kUnknown);
    };
    if (!ended.empty()) {
      result.outputs = written("GITHUB_OUTPUT");
      result.variables = written("GITHUB_ENV");
    }
  } catch (const NotDecided& why) {
    result = {End::undecided, why.what(), std::string(1, kUnknown), std::string(1, kUnknown)};
  }
  return result;
}

const Ended& Interpretations::of(const std::string& text, const Start& start) {
  const auto [found, is_new] =
      known_.try_emplace({text, start.environment, start.stops_at_errors, start.pipefail});
  if (is_new) found->second = interpret(text, start);
  return found->second;
}

}  // namespace exitgate::collect::ci::script
