// The YAML test suite: what YAML 1.2 says of 402 texts.
#include <gtest/gtest.h>

#include <string>

#include "harness/json/json.h"
#include "harness/yaml/yaml.h"
#include "tests/yaml/yaml_test_suite.h"

namespace exitgate::yaml {
namespace {

Json value_of(const Node& node) {
  switch (node.kind) {
    case Kind::null:
      return nullptr;
    case Kind::boolean:
      return node.boolean;
    case Kind::integer:
      return node.integer;
    case Kind::real:
      return node.real;
    case Kind::string:
      return node.text;
    case Kind::sequence: {
      Json list = Json::array();
      for (const Node& item : node.items) list.push_back(value_of(item));
      return list;
    }
    case Kind::mapping: {
      Json object = Json::object();
      for (const Entry& entry : node.entries) object[entry.key.text] = value_of(entry.value);
      return object;
    }
  }
  return nullptr;
}

// What GitHub refuses although YAML allows it, by the message that says so.
bool refused_as_github_does(const std::string& problem, const std::string& tree) {
  const auto says = [&](std::string_view what) { return problem.find(what) != std::string::npos; };
  const std::size_t document = tree.find("+DOC");
  const bool several = document != std::string::npos && tree.find("+DOC", document + 1) != std::string::npos;
  return says("unknown tag") || says("a list or a mapping as a key") || says("duplicate key") ||
         (several && says("a file holds one document"));
}

// "", or how the case is not read as the suite says: "refused", "accepted", "different".
std::string outcome_of(const SuiteCase& one) {
  Node root;
  try {
    root = parse(one.text);
  } catch (const Problem& problem) {
    return one.fails || refused_as_github_does(problem.what(), one.tree) ? "" : "refused";
  }
  if (one.fails) return "accepted";
  // Without JSON the case says nothing of values; JSON of several documents is not JSON.
  const auto wanted = Json::try_parse(one.json);
  return !wanted || value_of(root) == *wanted ? "" : "different";
}

TEST(YamlConformance, ReadsTheSuite) {
  const auto cases = suite_cases();
  if (cases.empty()) GTEST_SKIP() << missing_suite();
  int to_refuse = 0;
  for (const SuiteCase& one : cases) {
    to_refuse += one.fails ? 1 : 0;
    EXPECT_EQ(outcome_of(one), "") << one.id;
  }
  EXPECT_EQ(cases.size(), 402U);
  EXPECT_EQ(to_refuse, 94);
}

}  // namespace
}  // namespace exitgate::yaml
