#include "harness/asked/syntax_question.h"
#include "harness/check/check.h"

namespace exitgate::check {
namespace {

void run(const Facts& facts, const Parameters& with, Report& report) {
  asked::judge_occurrences(facts, with, "what the query asks for", report);
}

void validate(const Parameters& with) {
  const asked::SyntaxQuestion question(with);
}

std::string counterexample(const Parameters& with, const Json& example) {
  return asked::occurrence_counterexample(with, example, asked::files_of_language(with));
}

const Check check{
    .name = "syntax",
    .title = "What a tree-sitter query asks for occurs in the source as often as it may",
    .why = "A rule of one's own about code, which knows calls from comments and strings, without a rebuild.",
    .domains = {"asked"},
    .parameters = asked::syntax_parameters(),
    .run = run,
    .validate = validate,
    .counterexample = counterexample};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
