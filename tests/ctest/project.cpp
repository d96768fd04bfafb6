#include "tests/ctest/project.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>

#include "harness/base/text.h"
#include "tests/cli/program.h"

namespace exitgate::testing_ctest {

namespace {

// A gate on the repository's facts alone. `red`: it fails where the target holds a file of that name.
std::string gate(const std::string& id, const std::string& query,
                 const std::string& more = "examined: SELECT 1") {
  return fmt::format(
      "  - id: {0}\n    title: Gate {0}\n    check: sql\n    labels: [static]\n"
      "    with: {{domains: [repo], query: \"{1}\", {2}}}\n    counterexample: DELETE FROM repo.checkout\n",
      id, query, more);
}

const std::string kNoCommit = "SELECT 'no commit' AS message WHERE NOT EXISTS (SELECT 1 FROM repo.checkout)";
// Beside the counterexample's finding, one where the target holds a file `red`.
const std::string kRed =
    kNoCommit + " UNION ALL SELECT 'is red' AS message FROM repo.file WHERE path = 'red'";
// Runs until it is killed.
const std::string kEndless =
    "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT 'no' AS message FROM n WHERE i < "
    "0";

}  // namespace

std::vector<std::string> versions() {
  return {"", "3.29.3", "3.31.0", "4.0.2", "4.1.1", "4.3.1"};
}

std::optional<std::filesystem::path> programs_of(const std::string& version) {
  if (version.empty()) return std::filesystem::path(CMAKE).parent_path();
  const char* folder = std::getenv("EXITGATE_CMAKES");
  if (folder == nullptr || *folder == '\0') return std::nullopt;
  const auto programs = std::filesystem::path(folder) / version / "bin";
  if (!std::filesystem::exists(programs / "ctest")) return std::nullopt;
  return programs;
}

Project::Project(const std::string& version, const std::string& generator)
    : programs_(*programs_of(version)) {
  write_targets();
  write_project();
  const auto configured = run({"cmake", "-S", ".", "-B", "build", "-G", generator}, false);
  EXPECT_TRUE(configured.ok()) << configured.output;
  const auto built = run({"cmake", "--build", "build"}, false);
  EXPECT_TRUE(built.ok()) << built.output;
}

void Project::write_targets() const {
  for (const bool red : {false, true}) {
    write_file(target(red) / "README.md", "A service.\n");
    if (red) write_file(target(red) / "red", "");
    testing_program::shell(target(red), "git init -q -b main");
    testing_program::commit_all(target(red), "one");
  }
}

void Project::write_project() const {
  write_file(folder() / "suite/EG-T1.yaml",
             "exit-gate: EG-T1\ntitle: One\ngates:\n" + gate("good", kNoCommit) + gate("judged", kRed));
  write_file(folder() / "suite/EG-T2.yaml",
             "exit-gate: EG-T2\ntitle: Two\ngates:\n" +
                 gate("skipped", kNoCommit, "examined: SELECT 0, skip-when-empty: true"));
  write_file(folder() / "slow/EG-T3.yaml",
             "exit-gate: EG-T3\ntitle: Three\ngates:\n" + gate("slow", kEndless));
  write_file(
      source() / "CMakeLists.txt",
      fmt::format("cmake_minimum_required(VERSION 3.25)\nproject(Table LANGUAGES NONE)\nenable_testing()\n"
                  "include(\"{}\")\nexitgate_add_gates(PROGRAM \"{}\" REPO \"{}\" SUITE \"{}\")\n",
                  GATES_MODULE, EXITGATE_PROGRAM, target(false).string(), (folder() / "suite").string()));
  write_file(source() / "CMakePresets.json", R"({
  "version": 6,
  "configurePresets": [{"name": "gates", "generator": "Ninja", "binaryDir": "${sourceDir}/build"}],
  "testPresets": [{"name": "gates", "configurePreset": "gates", "output": {"outputOnFailure": true},
                   "execution": {"noTestsAction": "error", "jobs": 2}}]
}
)");
  const auto script = [&](const std::string& name, const std::string& tests) {
    write_file(source() / name,
               fmt::format("set(CTEST_SOURCE_DIRECTORY \"{}\")\nset(CTEST_BINARY_DIRECTORY \"{}\")\n"
                           "ctest_start(Experimental)\n{}",
                           source().string(), build().string(), tests));
  };
  script("one.cmake", "ctest_test(INCLUDE_LABEL \"EG-T1\")\n");
  const std::string ask = "if(NOT result EQUAL 0)\n  message(FATAL_ERROR \"red\")\nendif()\n";
  script("asking.cmake", "ctest_test(INCLUDE_LABEL \"EG-T1\" RETURN_VALUE result)\n" + ask);
  script("skipped.cmake", "ctest_test(INCLUDE_LABEL \"EG-T2\" RETURN_VALUE result)\n" + ask);
  script("without-begin.cmake",
         "ctest_test(INCLUDE_LABEL \"EG-T1\")\n"
         "ctest_test(INCLUDE_LABEL \"EG-T1\" EXCLUDE_FIXTURE_SETUP exitgate.run RETURN_VALUE result)\n" +
             ask);
}

std::string Project::commit(bool red) const {
  return std::string(trim(testing_program::shell(target(red), "git rev-parse HEAD")));
}

std::vector<Archived> Project::take_archives(bool replay) const {
  return take_archives(build() / "exit-gates" / "archives", replay);
}

std::vector<Archived> Project::take_archives(const std::filesystem::path& folder, bool replay) const {
  std::vector<Archived> taken;
  for (const auto& path : testing_program::archives(folder)) {
    Archived archived;
    std::vector<std::string> verify = {"verify", path.string(), "--json"};
    if (replay) verify.emplace_back("--replay");
    const auto verified = testing_program::exitgate(verify);
    archived.verify = verified.exit_code;
    const auto document = Json::try_parse(verified.output).value_or(Json::object());
    for (const auto& line : document["info"]) {
      if (line.text_or("label") == "Exitgate-Outcome") archived.outcome = line.text_or("value");
    }
    const auto record =
        Json::parse(testing_program::shell(folder, "tar --zstd --to-stdout --wildcards -xf '" +
                                                       path.filename().string() + "' '*/data/run.json'"));
    archived.commit = record.text_or("commit");
    archived.selected = record.at("selected").strings();
    taken.push_back(std::move(archived));
    std::filesystem::remove(path);
  }
  return taken;
}

Command Project::command(std::vector<std::string> arguments, bool red) const {
  std::vector<std::string> environment;
  for (char** entry = ::environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    if (!text.starts_with("EXITGATE_") && !text.starts_with("PG") && !text.starts_with("PATH="))
      environment.emplace_back(text);
  }
  const char* path = std::getenv("PATH");
  environment.push_back(fmt::format("PATH={}:{}", programs_.string(), path != nullptr ? path : "/usr/bin"));
  environment.push_back("EXITGATE_REPO=" + target(red).string());
  return {.arguments = std::move(arguments),
          .directory = source(),
          .environment = std::move(environment),
          .limit = std::chrono::seconds(100),
          .merge_error = true};
}

ProcessResult Project::run(std::vector<std::string> arguments, bool red) const {
  return exitgate::run(command(std::move(arguments), red));
}

std::vector<std::string> Project::ctest_arguments(std::vector<std::string> arguments) const {
  const bool has_folder = !arguments.empty() && (arguments[0] == "--preset" || arguments[0] == "-S");
  if (!has_folder) arguments.insert(arguments.begin(), {"--test-dir", build().string()});
  arguments.insert(arguments.begin(), {"ctest"});
  return arguments;
}

ProcessResult Project::ctest(std::vector<std::string> arguments, bool red) const {
  return run(ctest_arguments(std::move(arguments)), red);
}

Started::Started(const Command& command) {
  std::vector<char*> arguments;
  for (const auto& argument : command.arguments) arguments.push_back(const_cast<char*>(argument.c_str()));
  arguments.push_back(nullptr);
  std::vector<char*> environment;
  for (const auto& entry : *command.environment) environment.push_back(const_cast<char*>(entry.c_str()));
  environment.push_back(nullptr);
  const auto file = folder_.path() / "output";
  pid_ = ::fork();
  if (pid_ == 0) {
    const int output = ::open(file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(output, 1);
    ::dup2(output, 2);
    if (::chdir(command.directory.c_str()) == 0)
      ::execvpe(arguments[0], arguments.data(), environment.data());
    ::_exit(127);
  }
}

Started::~Started() {
  if (!ended_) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
}

void Started::signal(int number) const {
  ::kill(pid_, number);
}

int Started::wait() {
  int status = 0;
  if (!ended_ && eventually([&] { return ::waitpid(pid_, &status, WNOHANG) == pid_; }))
    ended_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ended_.value_or(-1);
}

std::string Started::output() const {
  const auto file = folder_.path() / "output";
  return std::filesystem::exists(file) ? read_file(file) : "";
}

}  // namespace exitgate::testing_ctest
