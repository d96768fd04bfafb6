#include "tests/cli/program.h"

#include <gtest/gtest.h>

#include "harness/base/text.h"
#include "harness/json/json.h"

namespace exitgate::testing_program {

namespace {

std::vector<std::string> environment(const std::vector<std::string>& added) {
  std::vector<std::string> all;
  for (char** entry = ::environ; *entry != nullptr; ++entry) {
    const std::string text(*entry);
    // What the caller of the tests may have set must not steer them.
    if (text.starts_with("EXITGATE_") || text.starts_with("PG")) continue;
    all.push_back(text);
  }
  all.insert(all.end(), added.begin(), added.end());
  return all;
}

}  // namespace

ProcessResult exitgate(std::vector<std::string> arguments, std::vector<std::string> variables,
                       const std::string& input) {
  arguments.insert(arguments.begin(), EXITGATE_PROGRAM);
  return run({.arguments = std::move(arguments),
              .environment = environment(variables),
              .input = input,
              .limit = std::chrono::seconds(200)});
}

std::string shell(const std::filesystem::path& directory, const std::string& command) {
  const auto finished = run({.arguments = {"/bin/sh", "-ec", command},
                             .directory = directory,
                             .environment = environment({"GIT_CONFIG_GLOBAL=/dev/null", "GIT_AUTHOR_NAME=T",
                                                         "GIT_AUTHOR_EMAIL=t@invalid", "GIT_COMMITTER_NAME=T",
                                                         "GIT_COMMITTER_EMAIL=t@invalid"}),
                             .limit = std::chrono::seconds(60)});
  EXPECT_TRUE(finished.ok()) << command << "\n" << finished.output << finished.error;
  return finished.output;
}

void make_sample(const std::filesystem::path& directory) {
  const auto finished = run({.arguments = {SAMPLE_SCRIPT, directory.string()}});
  ASSERT_TRUE(finished.ok()) << finished.error;
}

void commit_all(const std::filesystem::path& directory, const std::string& message) {
  shell(directory, "git add -A && git commit -q -m '" + message + "'");
}

void replace_in(const std::filesystem::path& file, const std::string& from, const std::string& to) {
  std::string text = read_file(file);
  const auto at = text.find(from);
  ASSERT_NE(at, std::string::npos) << file << " has no '" << from << "'";
  write_file(file, text.replace(at, from.size(), to));
}

std::string verdict(const std::filesystem::path& run, const std::string& gate) {
  const auto file = run / "verdicts" / (gate + ".json");
  if (!std::filesystem::exists(file)) return "";
  return Json::parse(read_file(file)).at("status").text();
}

std::vector<std::filesystem::path> archives(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> found;
  if (!std::filesystem::exists(folder)) return found;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() == ".zst") found.push_back(entry.path());
  }
  return found;
}

}  // namespace exitgate::testing_program
