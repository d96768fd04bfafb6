// GitHub's own cases for its expression language, where they are there: no package holds them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/expression/evaluate.h"
#include "harness/json/json.h"

namespace exitgate::expression {
namespace {

std::filesystem::path cases_folder() {
  const char* named = std::getenv("EXITGATE_EXPRESSION_CASES");
  return named != nullptr ? std::filesystem::path(named)
                          : std::filesystem::path(EXITGATE_SOURCE_DIR) / "../shared/conformance/expressions";
}

std::string kind_text(const Value& value) {
  constexpr const char* kNames[] = {"Null", "Boolean", "Number", "String", "Array", "Object"};
  return kNames[static_cast<int>(value.kind())];
}

// Why the case fails, or "".
std::string failure_of(const Json& one) {
  const std::string expression = one.at("expr").text();
  Contexts contexts;
  Syntax syntax{{"none"}, false};
  if (one.contains("contexts")) {
    contexts.named = from_json(one.at("contexts").dump())->object();
    for (const auto& [name, value] : contexts.named.members) syntax.names.push_back(lower(name));
  }
  std::string error;
  Value value;
  try {
    value = evaluate(parse(expression, syntax), contexts);
  } catch (const std::runtime_error& refused) {
    error = refused.what();
  }
  if (one.contains("err")) {
    const std::string wanted = one.at("err").at("value").text();
    return error.starts_with(wanted) ? "" : "error '" + error + "' instead of '" + wanted + "'";
  }
  if (!error.empty()) return error;
  const Json& result = one.at("result");
  if (kind_text(value) != result.at("kind").text()) return "is of kind " + kind_text(value);
  const Value wanted = *from_json(result.at("value").dump());
  return to_json(value) == to_json(wanted) ? "" : "is " + to_json(value);
}

TEST(ExpressionConformance, GitHubsOwnCases) {
  if (!std::filesystem::exists(cases_folder())) {
    GTEST_SKIP()
        << "GitHub's 1,020 cases for expressions were not tried: set EXITGATE_EXPRESSION_CASES to the folder "
           "expressions/testdata of a checkout of github.com/actions/languageservices (looked in "
        << cases_folder().string() << ")";
  }
  int cases = 0;
  for (const auto& file : std::filesystem::directory_iterator(cases_folder())) {
    if (file.path().extension() != ".json") continue;
    const Json groups = Json::parse(read_file(file.path()));
    for (const auto& [name, list] : groups.members()) {
      for (const auto& one : list) {
        ++cases;
        EXPECT_EQ(failure_of(one), "")
            << file.path().filename() << " " << name << ": " << one.at("expr").text();
      }
    }
  }
  EXPECT_EQ(cases, 1020);
}

}  // namespace
}  // namespace exitgate::expression
