#include "harness/suites/test_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <set>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/check/query_validation.h"
#include "harness/config/reader.h"
#include "harness/facts/facts.h"
#include "harness/gate/gate_files.h"
#include "harness/verdict/verdict.h"

namespace exitgate::suites {

namespace {

namespace fs = std::filesystem;
using config::Key;
using config::Reader;
using namespace config::shapes;

constexpr std::string_view kExpectedText =
    R"({"anyOf": [{"$ref": "#/$defs/text"}, {"$ref": "#/$defs/contains"}]})";

constexpr std::array kTestFileKeys = {
    Key{"tests", "the tests", R"({"type": "array", "minItems": 1, "items": {"$ref": "#/$defs/gate-test"}})",
        true},
};
constexpr std::array kGateTestKeys = {
    Key{"gate", "the gate's name, as EG-ACME1.named-jobs", kText, true},
    Key{"name", "what is tested, in one line", kText, true},
    Key{"facts", "SQL that changes the facts: of `files`, else empty ones", kText},
    Key{"files", "the files of a repository that the collectors read: content by path",
        R"({"type": "object", "additionalProperties": {"type": "string"}})"},
    Key{"verdict", "what the gate must say", R"({"enum": ["pass", "fail", "skip", "error"]})", true},
    Key{"examined", "how many subjects it must have examined", R"({"type": "integer", "minimum": 0})"},
    Key{"reason", "why it skips or cannot decide", kExpectedText},
    Key{"findings", "all findings that it must have, in any order",
        R"({"type": "array", "items": {"anyOf": [{"$ref": "#/$defs/text"}, {"$ref": "#/$defs/expected-finding"}]}})"},
};
constexpr std::array kExpectedFindingKeys = {
    Key{"file", "the finding's file", kText},
    Key{"line", "its line", R"({"type": "integer", "minimum": 0})"},
    Key{"message", "its message, or {contains: a part of it}", kExpectedText},
    Key{"hint", "its hint, or {contains: a part of it}", kExpectedText},
};
constexpr std::array kContainsKeys = {
    Key{"contains", "a part of the text", kText, true},
};

class TestReader {
 public:
  explicit TestReader(const std::vector<std::string>& gates)
      : gates_(gates), declared_(facts::Facts::declared()) {}

  GateTests result;

  void file(const fs::path& path) {
    const Reader read(path.string());
    attempt([&] {
      const auto document = read.parse(read_file(path));
      read.mapping(document, kTestFile);
      const auto& tests = read.list(read.required(document, kTestFile.what, "tests"), "'tests'");
      if (tests.empty()) read.fail(document, "'tests' is empty");
      for (const auto& node : tests) attempt([&] { test(read, node); });
    });
  }

 private:
  template <typename Action>
  void attempt(Action action) {
    try {
      action();
    } catch (const Error& error) {
      result.mistakes.push_back({error.what(), error.hint(), {}});
    }
  }

  void test(const Reader& read, const yaml::Node& node) {
    read.mapping(node, kGateTest);
    GateTest test;
    const auto& gate = read.required(node, kGateTest.what, "gate");
    test.where = read.where(node);
    test.gate = read.string(gate, "'gate'");
    if (std::find(gates_.begin(), gates_.end(), test.gate) == gates_.end())
      read.fail(gate, fmt::format("unknown gate '{}'{}", test.gate, did_you_mean(test.gate, gates_)),
                fmt::format("the suite's gates are {}", join(gates_, ", ")));
    const auto& name = read.required(node, kGateTest.what, "name");
    test.name = read.string(name, "'name'");
    if (!names_.insert(test.gate + " " + test.name).second)
      read.fail(name, fmt::format("gate '{}' has a test '{}' already", test.gate, test.name));
    const auto& verdict = read.required(node, kGateTest.what, "verdict");
    test.verdict = read.string(verdict, "'verdict'");
    if (!verdict::status_of(test.verdict))
      read.fail(verdict, fmt::format("unknown verdict '{}'", test.verdict),
                "write pass, fail, skip or error");
    given(read, node, test);
    if (const auto* examined = node.find("examined"))
      test.examined = read.integer(*examined, "'examined'", 0, 1'000'000'000);
    if (const auto* reason = node.find("reason")) {
      test.reason = expected(read, *reason, "'reason'");
      if (test.verdict != "skip" && test.verdict != "error")
        read.fail(*reason, "'reason' belongs to the verdicts skip and error");
    }
    if (const auto* list = node.find("findings")) {
      test.findings.emplace();
      for (const auto& one : read.list(*list, "'findings'")) test.findings->push_back(finding(read, one));
    }
    result.tests.push_back(std::move(test));
  }

  void given(const Reader& read, const yaml::Node& node, GateTest& test) {
    const auto* facts = node.find("facts");
    const auto* files = node.find("files");
    if (facts == nullptr && files == nullptr)
      read.fail(node, "a test needs `facts` or `files`",
                "write SQL that changes empty facts (`exitgate tables` prints the tables), or the files of a "
                "repository");
    if (files != nullptr) {
      if (!files->is_mapping()) read.fail(*files, "'files' must be a mapping from paths to their content");
      for (const auto& [path, content] : files->entries) {
        if (path.text.empty() || path.text.starts_with('/') || path.text.find("..") != std::string::npos ||
            path.text.ends_with('/') || path.text == ".git" || path.text.starts_with(".git/"))
          read.fail(path, fmt::format("'{}' is not a path of a repository's file", path.text));
        if (!content.is_scalar())
          read.fail(content, fmt::format("the content of '{}' must be a string", path.text));
        test.files.emplace(path.text, content.text);
      }
      if (test.files.empty()) read.fail(*files, "'files' is empty");
    }
    if (facts == nullptr) return;
    test.facts = read.string(*facts, "'facts'");
    test.where_facts = read.where(*facts);
    try {
      declared_.check_statements(test.facts);
    } catch (const UsageError& error) {
      const auto explained = check::explained_mistake(error.what(), test.facts);
      // The words of a counterexample, which is the same kind of statement.
      std::string message = explained.message;
      constexpr std::string_view kOther = "the counterexample";
      if (message.starts_with(kOther)) message.replace(0, kOther.size(), "'facts'");
      read.fail(*facts, message, explained.hint.empty() ? error.hint() : explained.hint);
    }
  }

  static Expected expected(const Reader& read, const yaml::Node& node, std::string_view what) {
    if (!node.is_mapping()) return {read.string(node, what), false};
    read.mapping(node, kContains);
    return {read.string(read.required(node, what, "contains"), "'contains'"), true};
  }

  static ExpectedFinding finding(const Reader& read, const yaml::Node& node) {
    ExpectedFinding one;
    if (node.is_scalar()) {
      one.message = Expected{read.string(node, "a finding"), false};
    } else {
      read.mapping(node, kExpectedFinding);
      if (node.entries.empty()) read.fail(node, "a finding that says nothing would match every finding");
      if (const auto* file = node.find("file")) one.file = file->text;
      if (const auto* line = node.find("line")) one.line = read.integer(*line, "'line'", 0, 1'000'000'000);
      if (const auto* message = node.find("message")) one.message = expected(read, *message, "'message'");
      if (const auto* hint = node.find("hint")) one.hint = expected(read, *hint, "'hint'");
    }
    std::string place = one.file.value_or("");
    if (one.line) place += fmt::format(":{}", *one.line);
    const auto text = [](const Expected& all) { return all.part ? "…" + all.text + "…" : all.text; };
    one.shown = place;
    if (one.message) one.shown += (place.empty() ? "" : ": ") + text(*one.message);
    if (one.hint) one.shown += " -> " + text(*one.hint);
    return one;
  }

  const std::vector<std::string>& gates_;
  facts::Facts declared_;
  std::set<std::string> names_;
};

}  // namespace

const config::Mapping kTestFile{"test-file", "a file of tests", kTestFileKeys};
const config::Mapping kGateTest{"gate-test", "a test", kGateTestKeys};
const config::Mapping kExpectedFinding{"expected-finding", "a finding", kExpectedFindingKeys};
const config::Mapping kContains{"contains", "a text", kContainsKeys};

bool Expected::matches(const std::string& actual) const {
  return part ? actual.find(text) != std::string::npos : actual == text;
}

std::vector<fs::path> test_files(const fs::path& suite) {
  std::vector<fs::path> files;
  if (fs::is_directory(suite)) {
    for (const auto& entry : fs::directory_iterator(suite)) {
      if (gate::is_test_file(entry.path().filename().string())) files.push_back(entry.path());
    }
  } else {
    for (const char* const ending : {".test.yaml", ".test.yml"}) {
      auto beside = suite.parent_path() / (suite.stem().string() + ending);
      if (fs::exists(beside)) files.push_back(std::move(beside));
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

GateTests read_tests(const std::vector<fs::path>& files, const std::vector<std::string>& gates) {
  TestReader reader(gates);
  for (const auto& path : files) reader.file(path);
  return std::move(reader.result);
}

}  // namespace exitgate::suites
