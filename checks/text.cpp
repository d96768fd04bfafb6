#include <fmt/core.h>

#include "harness/asked/text_question.h"
#include "harness/check/check.h"
#include "harness/check/parameter_schema.h"

namespace exitgate::check {
namespace {

void run(const Facts& facts, const Parameters& with, Report& report) {
  asked::judge_occurrences(facts, with, fmt::format("the pattern {}", with.string("pattern")), report);
}

void validate(const Parameters& with) {
  const asked::TextQuestion question(with);
}

std::string counterexample(const Parameters& with, const Json& example) {
  return asked::occurrence_counterexample(with, example, {"*"});
}

const Check check{.name = "text",
                  .title = "A regular expression occurs in the tracked files as often as it may",
                  .why = "A rule of one's own about what stands in files, without a rebuild.",
                  .domains = {"asked"},
                  .parameters = asked::text_parameters(),
                  .run = run,
                  .validate = validate,
                  .counterexample = counterexample};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
