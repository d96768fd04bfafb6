#include "harness/gate/ctest.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "harness/base/text.h"
#include "harness/json/json.h"

namespace exitgate::gate {

namespace {

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

std::vector<std::string> program_command(const CTestOptions& options, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), options.program.string());
  arguments.insert(arguments.end(), {"--run", options.run.string()});
  arguments.insert(arguments.end(), options.target.begin(), options.target.end());
  return arguments;
}

std::string test(const std::string& name, const std::vector<std::string>& arguments,
                 const std::string& properties) {
  return fmt::format("add_test({0}{1})\nset_tests_properties({0} PROPERTIES {2})\n", bracketed(name),
                     command(arguments), properties);
}

// A fact domain is named by the check, and for a check that takes them as a parameter, by the gate.
std::set<std::string> domains_of(const verdict::Gate& gate) {
  std::set<std::string> domains;
  if (const auto* check = check::find_check(gate.check))
    domains.insert(check->domains.begin(), check->domains.end());
  const auto with = Json::parse(gate.with);
  if (const auto given = with.find("domains"); given != nullptr && given->is_array()) {
    for (const auto& domain : *given) domains.insert(domain.text());
  }
  return domains;
}

std::string fixtures_of(const verdict::Gate& gate) {
  std::vector<std::string> fixtures = {"exitgate.run"};
  const auto domains = domains_of(gate);
  const auto own = domains.contains("schema") + domains.contains("bundle");
  if (domains.contains("schema")) fixtures.emplace_back("exitgate.schema");
  if (domains.contains("bundle")) fixtures.emplace_back("exitgate.bundle");
  if (domains.size() > static_cast<std::size_t>(own)) fixtures.emplace_back("exitgate.facts");
  return join(fixtures, ";");
}

}  // namespace

std::string ctest_file(const Suite& suite, const CTestOptions& options) {
  std::string text =
      "# Written by exitgate at each run of ctest from the gate files; changes here are lost.\n";
  if (!suite.mistakes.empty()) {
    Labels labels;
    for (const auto& gate : suite.gates) labels.insert(gate.labels.begin(), gate.labels.end());
    for (const auto& mistake : suite.mistakes) labels.insert(mistake.labels.begin(), mistake.labels.end());
    const std::vector<std::string> all(labels.begin(), labels.end());
    text += test(kSuite, program_command(options, {"suite"}),
                 fmt::format("LABELS {} TIMEOUT 60", bracketed(join(all, ";"))));
  }
  text += test(kBegin, program_command(options, {"begin"}), "FIXTURES_SETUP exitgate.run TIMEOUT 60");
  text += test(kCollect, program_command(options, {"stage", "repository"}),
               "FIXTURES_REQUIRED exitgate.run FIXTURES_SETUP exitgate.facts TIMEOUT 600");
  // The longest test first: the cost tells CTest before it has a history.
  text +=
      test(kDatabase, program_command(options, {"stage", "database"}),
           fmt::format("FIXTURES_REQUIRED exitgate.run FIXTURES_SETUP exitgate.schema COST 1000 TIMEOUT {}",
                       options.database_timeout_seconds));
  // Behind all that it looks at, as far as that is run: DEPENDS orders, and asks for nothing.
  std::vector<std::string> before = {kDatabase};
  for (const auto& gate : suite.gates) {
    if (!domains_of(gate).contains("bundle")) before.push_back(gate.name);
  }
  text += test(kSecrets, program_command(options, {"stage", "secrets"}),
               fmt::format("FIXTURES_REQUIRED [=[exitgate.run;exitgate.facts]=] FIXTURES_SETUP "
                           "exitgate.bundle DEPENDS {} TIMEOUT 600",
                           bracketed(join(before, ";"))));
  for (const auto& gate : suite.gates) {
    text += test(gate.name,
                 {(options.checks / gate.check).string(), "--run", options.run.string(), "--gate", gate.name},
                 fmt::format("LABELS {} FIXTURES_REQUIRED {} SKIP_RETURN_CODE 77 TIMEOUT 120",
                             bracketed(join(gate.labels, ";")), bracketed(fixtures_of(gate))));
  }
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
      "file(REAL_PATH \"${{CMAKE_CURRENT_LIST_DIR}}\" exitgate_here)\n"
      "file(REAL_PATH {} exitgate_written)\n"
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
