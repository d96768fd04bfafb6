// A project that registers gates with one version of CMake, and two targets for them: one green, one with a finding.
#pragma once

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/json/json.h"
#include "harness/record/run_directory.h"

namespace exitgate::testing_ctest {

// Of this machine's CMake and of those that EXITGATE_CMAKES names, FOLDER/VERSION/bin: where the programs of a version
// are; nullopt when it is not there. "" is this machine's.
std::optional<std::filesystem::path> programs_of(const std::string& version);

// The versions that the table is about; the first is this machine's.
std::vector<std::string> versions();

// What is asserted of one run.
struct Archived {
  std::string outcome;  // as bag-info.txt says it
  std::string commit;
  std::vector<std::string> selected;
  int verify = -1;  // exit code of `exitgate verify`
};

class Project {
 public:
  Project(const std::string& version, const std::string& generator = "Ninja");

  std::filesystem::path folder() const { return folder_.path(); }
  std::filesystem::path build() const { return source() / "build"; }
  std::filesystem::path source() const { return folder() / "project"; }
  std::filesystem::path target(bool red) const { return folder() / (red ? "red" : "green"); }
  record::RunDirectory run_directory() const { return {build() / "exit-gates" / "run"}; }
  std::string commit(bool red) const;
  // Reads each archive and removes it. `replay`: each verdict is evaluated again.
  std::vector<Archived> take_archives(bool replay = true) const;
  std::vector<Archived> take_archives(const std::filesystem::path& folder, bool replay = true) const;

  // A command in the source folder with this version's programs first on PATH and a target in the environment.
  Command command(std::vector<std::string> arguments, bool red) const;
  ProcessResult run(std::vector<std::string> arguments, bool red) const;
  ProcessResult ctest(std::vector<std::string> arguments, bool red) const;
  std::vector<std::string> ctest_arguments(std::vector<std::string> arguments) const;

 private:
  void write_targets() const;
  void write_project() const;

  std::filesystem::path programs_;
  TemporaryDirectory folder_{"ctest-table"};
};

// A command in the background.
class Started {
 public:
  explicit Started(const Command& command);
  ~Started();
  Started(const Started&) = delete;
  Started& operator=(const Started&) = delete;

  pid_t pid() const { return pid_; }
  void signal(int number) const;
  // The exit code, 128 and more for a signal; -1 when it did not end in time, and then it is killed.
  int wait();
  std::string output() const;  // both streams, so far

 private:
  TemporaryDirectory folder_{"started"};
  pid_t pid_ = -1;
  std::optional<int> ended_;
};

// Waits for a condition; false when it did not come within a minute.
template <typename Condition>
bool eventually(Condition condition) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::minutes(1);
  while (!condition()) {
    if (std::chrono::steady_clock::now() > deadline) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

}  // namespace exitgate::testing_ctest
