// The YAML test suite, where it is there: ../shared/conformance/yaml beside the source folder.
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "harness/base/file.h"
#include "harness/yaml/yaml.h"

namespace exitgate::yaml {
namespace {

using Json = nlohmann::json;

std::filesystem::path suite() {
  return std::filesystem::path(__FILE__).parent_path() / "../../../shared/conformance/yaml/src";
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

TEST(YamlConformance, ReadsTheSuite) {
  if (!std::filesystem::exists(suite())) GTEST_SKIP() << "no YAML test suite at " << suite();
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(suite())) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  int cases = 0;
  int to_refuse = 0;
  std::map<std::string, int> outcome;
  for (const auto& file : files) {
    const Node list = parse(read_file(file));
    std::string yaml;
    std::string json;
    bool has_json = false;
    int number = 0;
    for (const Node& one : list.items) {
      const std::string id = fmt::format("{}/{}", file.stem().string(), number++);
      const auto given = [&](const char* key) { const Node* node = one.find(key); return node == nullptr ? std::string() : node->text; };
      if (one.find("yaml") != nullptr) yaml = unwrap(given("yaml"));
      if (const Node* node = one.find("json")) {
        json = node->text;
        has_json = !node->is_null();
      }
      const bool fails = one.find("fail") != nullptr;
      ++cases;
      to_refuse += fails ? 1 : 0;
      std::string problem;
      Node root;
      try {
        root = parse(yaml);
      } catch (const Problem& refused) {
        problem = fmt::format("{}:{} {}", refused.line, refused.column, refused.what());
      }
      std::string verdict = "ok";
      if (fails) {
        verdict = problem.empty() ? "ACCEPTED" : "ok refused";
      } else if (!problem.empty()) {
        verdict = "REFUSED";
      } else if (has_json) {
        const Json wanted = Json::parse(json, nullptr, false);
        if (wanted.is_discarded()) {
          verdict = "ok multi json";
        } else if (value_of(root) != wanted) {
          verdict = "DIFFERENT";
        }
      }
      ++outcome[verdict];
      if (!verdict.starts_with("ok")) fmt::print("{} {} tags={} {}\n", verdict, id, list.items[0].find("tags") ? list.items[0].find("tags")->text : "", problem);
    }
  }
  for (const auto& [name, count] : outcome) fmt::print("{} {}\n", name, count);
  EXPECT_EQ(cases, 402);
  EXPECT_EQ(to_refuse, 94);
}

}  // namespace
}  // namespace exitgate::yaml
