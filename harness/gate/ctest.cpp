#include "harness/gate/ctest.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "harness/base/text.h"
#include "harness/check/database_parts.h"
#include "harness/gate/own_checks.h"
#include "harness/json/json.h"

namespace exitgate::gate {

namespace {

constexpr const char* kRunFixture = "exitgate.run";
constexpr const char* kCommandCheck = "command";

// A bracket argument: nothing inside it is read by CMake.
std::string bracketed(std::string_view text) {
  std::string level = "=";
  while (text.find("]" + level + "]") != std::string_view::npos) level += '=';
  return fmt::format("[{0}[{1}]{0}]", level, text);
}

std::string command(const std::vector<std::string>& arguments) {
  std::string text;
  for (const auto& argument : arguments) text += " " + bracketed(argument);
  return text;
}

std::vector<std::string> program_command(const CTestOptions& options, std::vector<std::string> arguments,
                                         int timeout_seconds = 0) {
  arguments.insert(arguments.begin(), options.program.string());
  arguments.insert(arguments.end(), {"--run", options.run.string()});
  if (timeout_seconds > 0) arguments.insert(arguments.end(), {"--timeout", std::to_string(timeout_seconds)});
  arguments.insert(arguments.end(), options.target.begin(), options.target.end());
  return arguments;
}

// Ours ends first, and names the reason.
int timeout_of_ctest(int own_seconds) {
  return own_seconds + 15;
}

// A name that CTest knows: of a test, or of a fixture.
std::string in_suite(const CTestOptions& options, std::string_view name) {
  return options.name.empty() ? std::string(name) : fmt::format("{}.{}", options.name, name);
}

std::vector<std::string> in_suite(const CTestOptions& options, std::vector<std::string> names) {
  for (auto& name : names) name = in_suite(options, name);
  return names;
}

std::string test(const CTestOptions& options, std::string_view name,
                 const std::vector<std::string>& arguments, const std::string& properties) {
  std::string text = fmt::format("add_test({0}{1})\nset_tests_properties({0} PROPERTIES {2}",
                                 bracketed(in_suite(options, name)), command(arguments), properties);
  // What the environment says is about one target: with a name, the arguments alone say which it is.
  if (!options.name.empty()) {
    text += fmt::format(
        " ENVIRONMENT EXITGATE_DATABASE_VARIABLE={} ENVIRONMENT_MODIFICATION "
        "[=[EXITGATE_CONFIG=unset:;EXITGATE_SUITE=unset:;EXITGATE_PROFILE=unset:;EXITGATE_CHECKS=unset:]=]",
        database_variable(options.name));
  }
  return text + ")\n";
}

// The labels of a test, as a list of CMake's.
std::string labels_of(const CTestOptions& options, std::vector<std::string> labels) {
  if (!options.name.empty()) labels.push_back(options.name);
  return bracketed(join(labels, ";"));
}

// Of a check that nobody knows, what the gate itself names.
std::set<std::string> domains_of(const verdict::Gate& gate) {
  const auto* check = check::find_check(gate.check);
  const auto domains = check != nullptr ? verdict::domains_of(gate, *check) : gate.about_domains;
  return {domains.begin(), domains.end()};
}

// Whether the gate's check reads what the database stage collects where it is collected, and does without else.
bool may_read_database(const verdict::Gate& gate) {
  const auto* check = check::find_check(gate.check);
  return check != nullptr && std::any_of(check->optional_domains.begin(), check->optional_domains.end(),
                                         check::is_of_database_stage);
}

std::string fixture_of(std::string_view stage) {
  if (stage.starts_with(kNeeds)) return std::string(stage);
  if (stage == kDatabase) return "exitgate.schema";
  if (stage == kCommands) return "exitgate.commands";
  return stage == kSecrets ? "exitgate.bundle" : "exitgate.facts";
}

std::string fixtures_of(const CTestOptions& options, const verdict::Gate& gate) {
  std::vector<std::string> fixtures = {kRunFixture};
  for (const auto& stage : stages_of(gate)) fixtures.push_back(fixture_of(stage));
  return bracketed(join(in_suite(options, std::move(fixtures)), ";"));
}

// What costs next to nothing is done whenever the stage runs.
bool is_asked_for(std::string_view part) {
  return part != "live" && part != "test-logs";
}

// The parts that gates of the suite ask for, in the order of running.
std::vector<std::string> asked_parts(const Suite& suite) {
  check::Parts parts;
  for (const auto& gate : suite.gates) {
    std::copy_if(gate.parts.begin(), gate.parts.end(), std::back_inserter(parts), is_asked_for);
  }
  return check::in_order(parts);
}

// A test that does nothing but leave its mark: exitgate.needs.stairway.
std::string mark_test(const CTestOptions& options, const std::string& test_name, const std::string& run) {
  const auto stage = test_name.substr(std::string_view("exitgate.").size());
  return test(options, test_name,
              {options.program.string(), "stage", stage, "--run", options.run.string(), "--timeout",
               std::to_string(kNeedsTimeout)},
              fmt::format("FIXTURES_REQUIRED {} FIXTURES_SETUP {} COST 2000 SKIP_RETURN_CODE {} TIMEOUT {}",
                          run, in_suite(options, test_name), exit_code(verdict::Status::skip),
                          timeout_of_ctest(kNeedsTimeout)));
}

// The stage of the commands, behind the marks of the gates whose commands are to be run; "" where no gate has one.
std::string commands_test(const Suite& suite, const CTestOptions& options, const std::string& run) {
  std::string text;
  std::vector<std::string> needs;
  int seconds = kCommandsTimeout;
  for (const auto& gate : suite.gates) {
    if (gate.check != kCommandCheck) continue;
    needs.push_back(kNeedsCommand + gate.name);
    text += mark_test(options, needs.back(), run);
    const auto* check = check::find_check(gate.check);
    if (check == nullptr) continue;
    const check::Parameters with(check->parameters, Json::parse(gate.with), gate.name);
    seconds += static_cast<int>(with.integer("timeout"));
  }
  const bool read = std::any_of(suite.gates.begin(), suite.gates.end(), [](const verdict::Gate& gate) {
    return domains_of(gate).contains("commands");
  });
  if (!read) return "";
  const auto behind = needs.empty() ? "" : " DEPENDS " + bracketed(join(in_suite(options, needs), ";"));
  text += test(options, kCommands, program_command(options, {"stage", "commands"}, seconds),
               fmt::format("FIXTURES_REQUIRED {} FIXTURES_SETUP {}{} COST 900 SKIP_RETURN_CODE {} TIMEOUT {}",
                           run, in_suite(options, fixture_of(kCommands)), behind,
                           exit_code(verdict::Status::skip), timeout_of_ctest(seconds)));
  return text;
}

}  // namespace

std::vector<std::string> stages_of(const verdict::Gate& gate) {
  std::vector<std::string> stages;
  const auto domains = domains_of(gate);
  const auto of_database = std::count_if(domains.begin(), domains.end(), check::is_of_database_stage);
  const auto own = of_database + static_cast<std::ptrdiff_t>(domains.contains("bundle")) +
                   static_cast<std::ptrdiff_t>(domains.contains("commands"));
  if (of_database > 0) {
    for (const auto& part : gate.parts) {
      if (is_asked_for(part)) stages.push_back(kNeeds + part);
    }
    stages.emplace_back(kDatabase);
  }
  if (domains.contains("commands")) {
    if (gate.check == kCommandCheck) stages.push_back(kNeedsCommand + gate.name);
    stages.emplace_back(kCommands);
  }
  if (domains.contains("bundle")) stages.emplace_back(kSecrets);
  if (static_cast<std::ptrdiff_t>(domains.size()) > own) stages.emplace_back(kCollect);
  return stages;
}

std::string database_variable(const std::string& name) {
  if (name.empty()) return "EXITGATE_DATABASE";
  std::string variable = "EXITGATE_DATABASE_" + name;
  std::replace(variable.begin(), variable.end(), '-', '_');  // which a shell's variable cannot hold
  return variable;
}

std::string ctest_file(const Suite& suite, const CTestOptions& options) {
  std::string text =
      "# Written by exitgate at each run of ctest from the gate files; changes here are lost.\n";
  if (!suite.mistakes.empty()) {
    Labels labels;
    for (const auto& gate : suite.gates) labels.insert(gate.labels.begin(), gate.labels.end());
    for (const auto& mistake : suite.mistakes) labels.insert(mistake.labels.begin(), mistake.labels.end());
    const std::vector<std::string> all(labels.begin(), labels.end());
    text += test(options, kSuite, program_command(options, {"suite"}),
                 fmt::format("LABELS {} TIMEOUT 60", labels_of(options, all)));
  }
  const auto run = in_suite(options, kRunFixture);
  const auto facts = in_suite(options, fixture_of(kCollect));
  const int database_timeout = options.database_timeout_seconds;
  const auto skips = fmt::format("SKIP_RETURN_CODE {}", exit_code(verdict::Status::skip));
  text += test(options, kBegin, program_command(options, {"begin"}, kBeginTimeout),
               fmt::format("FIXTURES_SETUP {} TIMEOUT {}", run, timeout_of_ctest(kBeginTimeout)));
  text += test(options, kCollect, program_command(options, {"stage", "repository"}, kCollectTimeout),
               fmt::format("FIXTURES_REQUIRED {} FIXTURES_SETUP {} {} TIMEOUT {}", run, facts, skips,
                           timeout_of_ctest(kCollectTimeout)));
  std::vector<std::string> needs;
  for (const auto& part : asked_parts(suite)) {
    needs.push_back(kNeeds + part);
    text += mark_test(options, needs.back(), run);
  }
  // The longest test first: the cost tells CTest before it has a history. Behind what asks for its parts.
  const auto behind = needs.empty() ? "" : " DEPENDS " + bracketed(join(in_suite(options, needs), ";"));
  text += test(options, kDatabase, program_command(options, {"stage", "database"}, database_timeout),
               fmt::format("FIXTURES_REQUIRED {} FIXTURES_SETUP {}{} COST 1000 {} TIMEOUT {}", run,
                           in_suite(options, fixture_of(kDatabase)), behind, skips,
                           timeout_of_ctest(database_timeout)));
  text += commands_test(suite, options, run);
  // Behind all that it looks at, as far as that is run: DEPENDS orders, and asks for nothing.
  std::vector<std::string> before = {kDatabase, kCommands};
  for (const auto& gate : suite.gates) {
    if (!domains_of(gate).contains("bundle")) before.push_back(gate.name);
  }
  text += test(options, kSecrets, program_command(options, {"stage", "secrets"}, kSecretsTimeout),
               fmt::format("FIXTURES_REQUIRED {} FIXTURES_SETUP {} DEPENDS {} {} TIMEOUT {}",
                           bracketed(run + ";" + facts), in_suite(options, fixture_of(kSecrets)),
                           bracketed(join(in_suite(options, std::move(before)), ";")), skips,
                           timeout_of_ctest(kSecretsTimeout)));
  for (const auto& gate : suite.gates) {
    std::vector<std::string> check = {executable_of(gate.check, options.checks).string(),
                                      "--run",
                                      options.run.string(),
                                      "--gate",
                                      gate.name,
                                      "--timeout",
                                      std::to_string(kGateTimeout)};
    for (const auto& stage : stages_of(gate)) check.insert(check.end(), {"--after", stage});
    // DEPENDS orders, and asks for nothing.
    const auto later = may_read_database(gate) ? " DEPENDS " + bracketed(in_suite(options, kDatabase)) : "";
    text +=
        test(options, gate.name, check,
             fmt::format("LABELS {} FIXTURES_REQUIRED {}{} {} TIMEOUT {}", labels_of(options, gate.labels),
                         fixtures_of(options, gate), later, skips, timeout_of_ctest(kGateTimeout)));
  }
  text += test(options, kSeal,
               {options.program.string(), "finish", "--run", options.run.string(), "--archives",
                options.archives.string(), "--test"},
               fmt::format("FIXTURES_CLEANUP {} TIMEOUT {}", run, timeout_of_ctest(kSealTimeout)));
  return text;
}

std::string ctest_custom_file(const CTestOptions& options) {
  // CTest splits the command at ';' and reads it as a shell would: each argument is quoted for that.
  std::string command =
      fmt::format("\\\"{}\\\" finish --run \\\"{}\\\" --archives \\\"{}\\\"", options.program.string(),
                  options.run.string(), options.archives.string());
  // Included by a CTestCustom.cmake of others: what theirs says stays, and ours is added. First, since CTest ends at a
  // post-test command that fails. In a copy of the build folder nothing is done, for the paths are those of the first.
  return fmt::format(
      "# Written by exitgate; changes here are lost.\n"
      "cmake_policy(PUSH)\n"  // whoever includes this keeps its own
      "if(POLICY CMP0152)\n"
      "  cmake_policy(SET CMP0152 NEW)\n"
      "endif()\n"
      "file(REAL_PATH \"${{CMAKE_CURRENT_LIST_DIR}}\" exitgate_here)\n"
      "file(REAL_PATH {} exitgate_written)\n"
      "cmake_policy(POP)\n"
      "if(exitgate_here STREQUAL exitgate_written)\n"
      "  foreach(exitgate_kind PASSED FAILED)\n"
      "    if(NOT CTEST_CUSTOM_MAXIMUM_${{exitgate_kind}}_TEST_OUTPUT_SIZE GREATER 1048576)\n"
      "      set(CTEST_CUSTOM_MAXIMUM_${{exitgate_kind}}_TEST_OUTPUT_SIZE 1048576)\n"
      "    endif()\n"
      "  endforeach()\n"
      "  list(PREPEND CTEST_CUSTOM_POST_TEST \"{}\")\n"
      "endif()\n",
      bracketed(options.build.string()), command);
}

}  // namespace exitgate::gate
