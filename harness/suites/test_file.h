// The tests of a suite, as data: facts in, verdict out. In *.test.yaml beside the gate files:
//
//   tests:
//     - gate: EG-ACME1.named-jobs
//       name: a job without a name is found
//       facts: |                                # SQL that changes empty facts
//         INSERT INTO ci.job (file, id, line, on_pull_request) VALUES ('ci.yml', 'test', 3, 'yes')
//       verdict: fail                           # pass, fail, skip or error
//       findings:
//         - {file: ci.yml, line: 3, message: {contains: has no name}}
//     - gate: EG-ACME1.named-jobs
//       name: a job with a name is not
//       files:                                  # a repository of these files, which the collectors read
//         .github/workflows/ci.yml: |
//           …
//       verdict: pass
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/config/keys.h"
#include "harness/gate/included.h"

namespace exitgate::suites {

// A text as it must be, or a part of it.
struct Expected {
  std::string text;
  bool part = false;
  bool matches(const std::string& actual) const;
};

struct ExpectedFinding {
  std::optional<std::string> file;  // what is not given is not compared
  std::optional<std::int64_t> line;
  std::optional<Expected> message;
  std::optional<Expected> hint;
  std::string shown;  // as it is told when it is missing: "ci.yml:3: …has no name…"
};

struct GateTest {
  std::string gate;
  std::string name;
  std::string where;  // "ci.test.yaml:2"
  std::string facts;  // SQL; "" for none
  std::string where_facts;
  std::map<std::string, std::string> files;  // content by path
  std::string verdict;
  std::optional<std::int64_t> examined;
  std::optional<Expected> reason;
  std::optional<std::vector<ExpectedFinding>> findings;  // nullopt: not compared
};

struct GateTests {
  std::vector<GateTest> tests;
  std::vector<gate::Mistake> mistakes;
};

// The test files of a gate file ("ci.yaml": "ci.test.yaml") or of a folder, sorted.
std::vector<std::filesystem::path> test_files(const std::filesystem::path& suite);

// `gates`: the names that there are. Every mistake is collected, those of the SQL among them.
GateTests read_tests(const std::vector<std::filesystem::path>& files, const std::vector<std::string>& gates);

extern const config::Mapping kTestFile;
extern const config::Mapping kGateTest;
extern const config::Mapping kExpectedFinding;
extern const config::Mapping kContains;

}  // namespace exitgate::suites
