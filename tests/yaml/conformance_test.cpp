// The YAML test suite, where it is there: ../shared/conformance/yaml beside the source folder.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "harness/base/file.h"
#include "harness/json/json.h"
#include "harness/yaml/yaml.h"

namespace exitgate::yaml {
namespace {

std::filesystem::path suite() {
  return std::filesystem::path(EXITGATE_SOURCE_DIR) / "../shared/conformance/yaml/src";
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
  for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
}

// The suite writes white space that would not be seen with signs of its own.
std::string unwrap(std::string text) {
  replace_all(text, "␣", " ");
  for (const std::string_view tab : {"————»", "———»", "——»", "—»", "»"}) replace_all(text, tab, "\t");
  replace_all(text, "←", "\r");
  replace_all(text, "⇔", "\xEF\xBB\xBF");
  replace_all(text, "↵", "");
  if (const std::size_t at = text.find("∎\n"); at != std::string::npos) text.erase(at);
  return text;
}

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

// Where we read otherwise than the suite, and why.
const std::map<std::string, std::string>& known_differences() {
  static const std::map<std::string, std::string> known = {
      // "%YAML 1.1#...": valid by the grammar alone, and skipped by the suite itself as "not at all usefully
      // valid"; a like one, H7TQ, must be refused.
      {"ZYU8/2", "refused"},
  };
  return known;
}

// "", or how the case is not read as the suite says: "refused", "accepted", "different".
std::string outcome_of(const std::string& text, bool to_refuse, const Node* json, const std::string& tree) {
  Node root;
  try {
    root = parse(text);
  } catch (const Problem& problem) {
    return to_refuse || refused_as_github_does(problem.what(), tree) ? "" : "refused";
  }
  if (to_refuse) return "accepted";
  if (json == nullptr || json->is_null()) return "";
  const auto wanted = Json::try_parse(json->text);
  return !wanted || value_of(root) == *wanted ? "" : "different";
}

TEST(YamlConformance, ReadsTheSuite) {
  if (!std::filesystem::exists(suite())) GTEST_SKIP() << "no YAML test suite at " << suite();
  int cases = 0;
  int to_refuse = 0;
  for (const auto& file : std::filesystem::directory_iterator(suite())) {
    const Node list = parse(read_file(file.path()));
    std::string text;
    std::string tree;
    const Node* json = nullptr;
    for (std::size_t i = 0; i < list.items.size(); ++i) {
      // What a case does not say is as in the one before it.
      const Node& one = list.items[i];
      if (const Node* node = one.find("yaml")) text = unwrap(node->text);
      if (const Node* node = one.find("tree")) tree = node->text;
      if (const Node* node = one.find("json")) json = node;
      if (one.find("skip") != nullptr) continue;
      const bool fails = one.find("fail") != nullptr;
      ++cases;
      to_refuse += fails ? 1 : 0;
      const std::string id = fmt::format("{}/{}", file.path().stem().string(), i);
      const auto known = known_differences().find(id);
      EXPECT_EQ(outcome_of(text, fails, json, tree), known == known_differences().end() ? "" : known->second)
          << id;
    }
  }
  EXPECT_GE(cases, 402);
  EXPECT_EQ(to_refuse, 94);
}

}  // namespace
}  // namespace exitgate::yaml
