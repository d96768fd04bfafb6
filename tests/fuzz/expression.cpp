// Any text is an expression or a SyntaxError, and what it comes to is among what was said to be possible.
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "harness/expression/abstract.h"
#include "harness/expression/condition.h"
#include "harness/expression/evaluate.h"

using exitgate::expression::Value;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(reinterpret_cast<const char*>(data), size);
  static const Value kGithub = *exitgate::expression::from_json(
      R"({"event_name": "pull_request", "ref": "refs/pull/1/merge", "n": [1, "a", null]})");
  exitgate::expression::Contexts contexts;
  contexts.named.members.emplace_back("github", kGithub);
  exitgate::expression::PartialContexts known;
  known.named.others = Value();
  known.named.members["GITHUB"] = kGithub;
  exitgate::expression::PartialContexts unknown;
  try {
    const auto condition = exitgate::expression::read_condition(std::optional(text));
    const auto truth = exitgate::expression::abstract(condition.tree, known).truth();
    const auto vague = exitgate::expression::abstract(condition.tree, unknown).truth();
    const bool is = exitgate::expression::evaluate(condition.tree, contexts).truthy();
    using exitgate::expression::Truth;
    if (truth == (is ? Truth::no : Truth::yes) || vague == (is ? Truth::no : Truth::yes)) __builtin_trap();
  } catch (const exitgate::expression::SyntaxError&) {
  } catch (const exitgate::expression::EvaluationError&) {
  }
  return 0;
}
