// A real git repository in a temporary folder, made by the git program, whatever the machine's own configuration says.
#pragma once

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/text.h"

namespace exitgate::test {

class ScratchRepository {
 public:
  explicit ScratchRepository(const std::vector<std::string>& init = {}) : folder_("exitgate-scratch") {
    std::filesystem::create_directories(root());
    std::vector<std::string> arguments = {"init", "--quiet", "--initial-branch=main"};
    arguments.insert(arguments.end(), init.begin(), init.end());
    git(arguments);
  }

  std::filesystem::path root() const { return folder_.path() / "repo"; }
  // A folder beside the repository, for clones and worktrees.
  std::filesystem::path beside(const std::string& name) const { return folder_.path() / name; }

  void write(const std::string& path, const std::string& content) const {
    write_file(root() / path, content);
  }

  // Adds everything and commits; returns the commit's id.
  std::string commit(const std::string& message = "a commit") const {
    git({"add", "--all"});
    git({"commit", "--quiet", "--allow-empty", "-m", message});
    return git({"rev-parse", "HEAD"});
  }

  // Standard output without the last newline; a failure fails the test.
  std::string git(const std::vector<std::string>& arguments) const { return git_in(root(), arguments); }
  static std::string git_in(const std::filesystem::path& folder, const std::vector<std::string>& arguments,
                            const std::string& input = "") {
    Command command;
    command.arguments = {"git",
                         "-C",
                         folder.string(),
                         "-c",
                         "user.name=A",
                         "-c",
                         "user.email=a@example.org",
                         "-c",
                         "protocol.file.allow=always"};
    command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
    const char* path = std::getenv("PATH");
    command.environment =
        std::vector<std::string>{fmt::format("PATH={}", path != nullptr ? path : "/usr/bin:/bin"),
                                 "HOME=/nonexistent",
                                 "GIT_CONFIG_GLOBAL=/dev/null",
                                 "GIT_CONFIG_SYSTEM=/dev/null",
                                 "GIT_AUTHOR_DATE=2026-01-14T09:51:24-0600",
                                 "GIT_COMMITTER_DATE=2026-01-14T09:51:24-0600"};
    command.input = input;
    const auto finished = run(command);
    EXPECT_TRUE(finished.ok()) << "git " << join(arguments, " ") << ": " << finished.error;
    return std::string(trim(finished.output));
  }

 private:
  TemporaryDirectory folder_;
};

}  // namespace exitgate::test
