// The program as a user calls it, on real repositories made for the test.
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "harness/base/file.h"
#include "harness/base/process.h"

namespace exitgate::testing_program {

// Runs `exitgate ARGUMENTS` with variables added to our environment.
ProcessResult exitgate(std::vector<std::string> arguments, std::vector<std::string> variables = {},
                       const std::string& input = "");

// Runs a shell command in a folder; fails the test when it fails.
std::string shell(const std::filesystem::path& directory, const std::string& command);

// The sample repository, as scripts/make-sample makes it.
void make_sample(const std::filesystem::path& directory);

// Commits every change in a work tree.
void commit_all(const std::filesystem::path& directory, const std::string& message);

// Replaces the first `from` in a file; fails the test when there is none.
void replace_in(const std::filesystem::path& file, const std::string& from, const std::string& to);

// A gate's "pass", "fail", "skip", "error", or "" without a verdict.
std::string verdict(const std::filesystem::path& run, const std::string& gate);

// Sealed archives in a folder.
std::vector<std::filesystem::path> archives(const std::filesystem::path& folder);

}  // namespace exitgate::testing_program
