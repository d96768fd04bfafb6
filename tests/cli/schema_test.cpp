// The JSON Schema of gate files and exitgate.yaml says what the readers say.

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "harness/config/config.h"
#include "harness/config/reader.h"
#include "harness/gate/schema_document.h"
#include "harness/gate/suite.h"
#include "tests/cli/json_schema.h"
#include "tests/cli/program.h"

namespace exitgate::testing_program {
namespace {

namespace fs = std::filesystem;

Json json_of(const yaml::Node& node) {
  switch (node.kind) {
    case yaml::Kind::null:
      return nullptr;
    case yaml::Kind::boolean:
      return node.boolean;
    case yaml::Kind::integer:
      return node.integer;
    case yaml::Kind::real:
      return node.real;
    case yaml::Kind::string:
      return node.text;
    default:
      break;
  }
  Json value = node.is_mapping() ? Json::object() : Json::array();
  for (const auto& item : node.items) value.push_back(json_of(item));
  for (const auto& [key, one] : node.entries) value[key.text] = json_of(one);
  return value;
}

Json json_of(const std::string& text) {
  return json_of(config::Reader("text").parse(text));
}

const Json& gates() {
  static const Json schema = gate::gate_file_schema();
  return schema;
}

const Json& configuration() {
  static const Json schema = gate::configuration_schema(gate::load_suite({GATES_DIRECTORY}, {}).gates);
  return schema;
}

TEST(Schema, IsKeptAsItIsGenerated) {
  for (const auto& [name, schema] : {std::pair("gates", &gates()), std::pair("config", &configuration())}) {
    const auto kept = fs::path(SCHEMA_DIRECTORY) / (std::string(name) + ".json");
    EXPECT_TRUE(read_file(kept) == schema->dump(2) + "\n")
        << kept << " differs: write it anew with `exitgate schema " << name << " > " << kept.string() << "`";
    EXPECT_EQ(exitgate({"schema", name}).output, schema->dump(2) + "\n");
  }
}

TEST(Schema, AcceptsEveryGateFileOfOurs) {
  std::size_t files = 0;
  for (const auto& entry : fs::directory_iterator(GATES_DIRECTORY)) {
    if (entry.path().extension() != ".yaml") continue;
    EXPECT_EQ(violation(gates(), json_of(read_file(entry.path()))), std::nullopt) << entry.path();
    ++files;
  }
  EXPECT_GE(files, 6U);
  EXPECT_EQ(violation(configuration(), json_of(read_file(SAMPLE_CONFIGURATION))), std::nullopt);
  EXPECT_EQ(violation(configuration(), json_of("# nothing\n")), std::nullopt);
}

// The pages' examples are whole documents where they begin with the key of one.
TEST(Schema, AcceptsTheExamplesOfTheDocumentation) {
  std::size_t examples = 0;
  for (const auto& entry : fs::directory_iterator(DOCS_DIRECTORY)) {
    if (entry.path().extension() != ".md") continue;
    const auto page = read_file(entry.path());
    constexpr std::string_view kBegin = "```yaml\nexit-gate:";
    for (auto at = page.find(kBegin); at != std::string::npos; at = page.find(kBegin, at + 1)) {
      const auto begin = at + std::string_view("```yaml\n").size();
      const auto text = page.substr(begin, page.find("\n```", begin) - begin + 1);
      EXPECT_EQ(violation(gates(), json_of(text)), std::nullopt) << entry.path() << "\n" << text;
      ++examples;
    }
  }
  EXPECT_GE(examples, 3U);
}

constexpr const char* kGate = "exit-gate: EG-A1\ntitle: Ours\ngates:\n- ";
constexpr const char* kSql =
    "id: a\n  title: T\n  check: sql\n  with: {query: \"SELECT id AS message FROM ci.job\"}\n  ";
constexpr const char* kProof = "counterexample: UPDATE ci.job SET id = 'x'\n";

struct Slip {
  std::string name;
  std::string text;
};

std::string gate(const std::string& more) {
  return std::string(kGate) + kSql + more;
}

// Mistakes that a schema can see: the readers refuse each of them, and so does the schema.
std::vector<Slip> slips_of_gate_files() {
  const std::string rest =
      "check: sql\n  with: {query: SELECT 1 AS message}\n  counterexample: UPDATE ci.job SET id = 1\n";
  return {
      {"no exit gate", "title: T\ngates: []\n"},
      {"a name with a dot", "exit-gate: EG.1\ntitle: T\ngates:\n- id: a\n  title: T\n  " + rest},
      {"no gates", "exit-gate: EG-A1\ntitle: T\n"},
      {"an empty list", "exit-gate: EG-A1\ntitle: T\ngates: []\n"},
      {"gates as a mapping", "exit-gate: EG-A1\ntitle: T\ngates: {id: a}\n"},
      {"an unknown key of the file", gate(kProof) + "gate: x\n"},
      {"an unknown key of a gate", gate(std::string(kProof) + "  label: [x]\n")},
      {"no id", std::string(kGate) + "title: T\n  " + rest},
      {"no title", std::string(kGate) + "id: a\n  " + rest},
      {"a blank title", std::string(kGate) + "id: a\n  title: ' '\n  " + rest},
      {"an id with a space", std::string(kGate) + "id: a b\n  title: T\n  " + rest},
      {"an unknown check", std::string(kGate) + "id: a\n  title: T\n  check: slq\n  counterexample: x\n"},
      {"no check", std::string(kGate) + "id: a\n  title: T\n  counterexample: x\n"},
      {"an unknown severity", gate(std::string(kProof) + "  severity: fatal\n")},
      {"labels as a string", gate(std::string(kProof) + "  labels: ci\n")},
      {"a label with a space", gate(std::string(kProof) + "  labels: [a b]\n")},
      {"core as a word", gate(std::string(kProof) + "  core: maybe\n")},
      {"no counterexample", gate("why: W\n")},
      {"no reason for none", gate("counterexample: {none: ''}\n")},
      {"an unknown parameter",
       std::string(kGate) + "id: a\n  title: T\n  check: artifact-retention\n  with: {min-day: 3}\n  " +
           kProof},
      {"a parameter of another type",
       std::string(kGate) + "id: a\n  title: T\n  check: artifact-retention\n  with: {min-days: many}\n  " +
           kProof},
      {"a parameter that must be given", std::string(kGate) + "id: a\n  title: T\n  check: sql\n  " + kProof},
      {"with as a list",
       std::string(kGate) + "id: a\n  title: T\n  check: artifact-retention\n  with: [30]\n  " + kProof},
  };
}

std::vector<Slip> slips_of_configuration() {
  return {
      {"an unknown key", "databse: none\n"},
      {"no steps", "database: {owner: x}\n"},
      {"empty steps", "database: {steps: []}\n"},
      {"a step without run", "database: {steps: [{timeout: 3}]}\n"},
      {"a timeout of zero", "database: {steps: [a], timeout: 0}\n"},
      {"a timeout beyond a day", "database: {steps: [a], timeout: 86401}\n"},
      {"a server before the first", "database: {steps: [a], version: 9}\n"},
      {"little memory", "database: {steps: [a], memory: 1}\n"},
      {"a relative server", "database: {steps: [a], server: bin}\n"},
      {"a download from elsewhere", "database: {steps: [a], download: pip}\n"},
      {"a folder outside", "database: {steps: [{run: a, directory: ../x}]}\n"},
      {"an unknown key of a role", "database: {steps: [a], roles: [{name: x, admin: true}]}\n"},
      {"half a stairway", "database: {steps: [a], stairway: {up: x}}\n"},
      {"accept-partial as a word", "accept-partial: perhaps\n"},
      {"logs as a string", "tests: {logs: a.log}\n"},
      {"a report without path", "tests: {brought: [{commit: abc}]}\n"},
      {"a waiver without reason", "waivers: [{gate: A.b, finding: x, expires: 2027-01-31}]\n"},
      {"a waiver for ever", "waivers: [{gate: A.b, finding: x, reason: y, expires: never}]\n"},
      {"parameters as a list", "parameters: [a]\n"},
      {"labels as a string", "labels: {EG-CG1.retention: audit}\n"},
      {"a parameter that a gate does not take", "parameters: {EG-CG1.retention: {min-day: 3}}\n"},
  };
}

TEST(Schema, FlagsWhatTheReaderOfGateFilesRefuses) {
  const TemporaryDirectory folder("schema-test");
  const auto read = [&](const std::string& text) {
    const auto file = folder.path() / "gate.yaml";
    write_file(file, text);
    return gate::load_suite({file}, {}).mistakes;
  };
  const auto right = gate(kProof);
  ASSERT_TRUE(read(right).empty()) << read(right).front().message;
  ASSERT_EQ(violation(gates(), json_of(right)), std::nullopt);
  for (const auto& [name, text] : slips_of_gate_files()) {
    EXPECT_FALSE(read(text).empty()) << name;
    EXPECT_NE(violation(gates(), json_of(text)), std::nullopt) << name;
  }
}

TEST(Schema, FlagsWhatTheReaderOfTheConfigurationRefuses) {
  const auto refused = [](const std::string& text) {
    try {
      return !gate::load_suite({GATES_DIRECTORY}, config::parse(text, "exitgate.yaml")).mistakes.empty();
    } catch (const UsageError&) {
      return true;
    }
  };
  ASSERT_FALSE(refused("database: {steps: [a], timeout: 86400, version: 18}\n"));
  ASSERT_EQ(violation(configuration(), json_of("database: {steps: [a], timeout: 86400, version: 18}\n")),
            std::nullopt);
  for (const auto& [name, text] : slips_of_configuration()) {
    EXPECT_TRUE(refused(text)) << name;
    EXPECT_NE(violation(configuration(), json_of(text)), std::nullopt) << name;
  }
}

}  // namespace
}  // namespace exitgate::testing_program
