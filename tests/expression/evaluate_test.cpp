#include "harness/expression/evaluate.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace exitgate::expression {
namespace {

// The value as JSON, or the error's message.
std::string result(std::string_view expression) {
  Contexts contexts;
  contexts.named =
      from_json(
          R"({"github": {"event_name": "pull_request", "event": {"labels": [{"name": "a"}, {"name": "B"}]}}, "n": 3})")
          ->object();
  try {
    return to_json(evaluate(parse(expression), contexts));
  } catch (const std::runtime_error& error) {
    return error.what();
  }
}

TEST(Expression, Evaluates) {
  const std::vector<std::pair<std::string_view, std::string_view>> cases = {
      {"", "null"},
      {"github.EVENT_NAME == 'PULL_REQUEST'", "true"},
      {"github['event'].labels.*.name", "[\n  \"a\",\n  \"B\"\n]"},
      {"contains(github.event.labels.*.name, 'b')", "true"},
      {"n > 2 && 'big' || 'small'", "\"big\""},
      {"n < 2 && 'big' || 'small'", "\"small\""},
      {"success() && !cancelled()", "true"},
      {"failure() || always()", "true"},
      {"missing.member.other", "null"},
      {"'it''s'", "\"it's\""},
      {"format('{0}-{1}', n, true)", "\"3-true\""},
      {"1 == '1' && '' == null && 'A' == 'a'", "true"},
      {"case(n == 1, 'one', n == 3, 'three', 'other')", "\"three\""},
      {"0x1f + 1", "Unexpected symbol: '+'. Located at position 6 within expression: 0x1f + 1"},
      {"a b", "Unexpected symbol: 'b'. Located at position 3 within expression: a b"},
      {"fromJSON('[')", "Error parsing fromJson: not JSON: ["},
      {"contains('a')",
       "Too few parameters supplied: 'contains'. Located at position 1 within expression: contains('a')"},
      {"nothing()", "Unrecognized function: 'nothing'. Located at position 1 within expression: nothing()"},
  };
  for (const auto& [expression, wanted] : cases) EXPECT_EQ(result(expression), wanted) << expression;
}

TEST(Expression, RejectsWhatWouldExhaustTheStack) {
  EXPECT_EQ(result(std::string(10000, '(')), "Exceeded max expression depth 50");
  EXPECT_EQ(result(std::string(10000, '!')), "Exceeded max expression depth 50");
  EXPECT_EQ(result(std::string(30000, ' ')), "Exceeded max expression length 21000");
  std::string calls;
  for (int i = 0; i < 2000; ++i) calls += "toJSON(";
  EXPECT_EQ(result(calls), "Exceeded max expression depth 50");
  std::string array = "fromJSON('" + std::string(5000, '[') + std::string(5000, ']') + "')";
  EXPECT_EQ(result(array).substr(0, 34), "Error parsing fromJson: not JSON: ");
}

TEST(Expression, KnowsWhetherSuccessIsImplied) {
  EXPECT_TRUE(calls_status(parse("a && (b || !Failure())")));
  EXPECT_FALSE(calls_status(parse("contains('always()', x) || hashFiles('a') == ''")));
}

}  // namespace
}  // namespace exitgate::expression
