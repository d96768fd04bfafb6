// Every gate that docs/own-gates.md shows is one that works as written: green on one repository, red on another, and red under its
// counterexample. A new example gets an entry of kSettings; of a check whose facts another collector makes, an empty one, and its own test
// beside that collector.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/gate/suite.h"
#include "tests/asked/try_gate.h"

namespace exitgate::asked {
namespace {

struct Setting {
  Files good;
  Files bad;
};

// By the name of the exit gate.
const std::map<std::string, Setting>& settings() {
  static const std::map<std::string, Setting> all = {
      {"EG-ACME1", {{{"a.py", "log(1)  # print(1)\n"}}, {{"a.py", "print(1)\n"}}}},
      {"EG-ACME2", {{{"a.py", "x = 1  # TODO ABC-12 later\ny = 'TODO'\n"}}, {{"a.js", "let x; // TODO\n"}}}},
      {"EG-ACME5",
       {{{"web/package.json", R"({"engines": {"node": "^20.1"}})"}},
        {{"package.json", R"({"engines": {"node": "16"}})"}}}},
      {"EG-ACME3", {{{"a.py", "evaluate(x)  # eval(x)\n"}}, {{"a.py", "exec(x)\n"}}}},
      {"EG-ACME4",
       {{{"CODEOWNERS", "* @acme/all\nmigrations/ @acme/dba\n"}, {"migrations/1.sql", ""}},
        {{".github/CODEOWNERS", "* @acme/all\n"}, {"migrations/1.sql", ""}}}},
  };
  return all;
}

// Blocks of YAML that are gate files.
std::vector<std::string> examples() {
  const std::string page = read_file(std::string(EXITGATE_DOCS) + "/own-gates.md");
  std::vector<std::string> all;
  constexpr std::string_view kOpen = "```yaml\n";
  for (std::size_t at = page.find(kOpen); at != std::string::npos; at = page.find(kOpen, at)) {
    at += kOpen.size();
    auto block = page.substr(at, page.find("```", at) - at);
    if (block.starts_with("exit-gate:")) all.push_back(std::move(block));
  }
  return all;
}

std::string name_of(const std::string& example) {
  return std::string(trim(std::string_view(example).substr(10, example.find('\n') - 10)));
}

// A reader may take them all.
TEST(OwnGatesPage, ShowsGatesOfOneSuite) {
  const TemporaryDirectory folder;
  int number = 0;
  for (const auto& example : examples())
    write_file(folder.path() / ("own" + std::to_string(++number) + ".yaml"), example);
  const auto suite = gate::load_suite({folder.path()}, {});
  for (const auto& mistake : suite.mistakes) ADD_FAILURE() << mistake.message;
  EXPECT_EQ(suite.gates.size(), examples().size());
}

TEST(OwnGatesPage, ShowsGatesThatWorkAsWritten) {
  const auto all = examples();
  ASSERT_GE(all.size(), 5U);
  for (const auto& example : all) {
    SCOPED_TRACE(example);
    const auto setting = settings().find(name_of(example));
    if (setting == settings().end()) {
      EXPECT_EQ(mistakes(example), "");
      continue;
    }
    const auto gate = example.find("  - id:");
    EXPECT_LE(std::count(example.begin() + static_cast<std::ptrdiff_t>(gate), example.end(), '\n'), 12);
    for (const auto& tried : try_gates(example, setting->second.good)) {
      EXPECT_EQ(tried.verdict.status, verdict::Status::pass) << tried.said;
      EXPECT_EQ(tried.verdict.turned_red, true) << tried.said;
    }
    for (const auto& tried : try_gates(example, setting->second.bad)) {
      EXPECT_EQ(tried.verdict.status, verdict::Status::fail) << tried.said;
      EXPECT_FALSE(tried.verdict.findings.empty());
    }
  }
  for (const auto& setting : settings()) {
    const std::string& name = setting.first;
    EXPECT_TRUE(std::any_of(all.begin(), all.end(), [&](const std::string& one) {
      return name_of(one) == name;
    })) << name;
  }
}

}  // namespace
}  // namespace exitgate::asked
