// A real repository with one commit, and the facts that are collected from it.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/collect/ci/collect.h"
#include "harness/facts/facts.h"

namespace exitgate::collect {

class TestRepository {
 public:
  explicit TestRepository(const std::map<std::string, std::string>& files) {
    for (const auto& [path, content] : files) {
      std::filesystem::create_directories((root() / path).parent_path());
      write_file(root() / path, content);
    }
    git({"init", "-q", "-b", "main"});
    git({"add", "-A"});
    git({"-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-q", "-m", "x"});
  }

  std::filesystem::path root() const { return folder_.path() / "repo"; }
  std::filesystem::path out() const { return folder_.path() / "facts"; }

  void git(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"git", "-C", root().string()});
    const ProcessResult finished = run(Command{.arguments = std::move(arguments)});
    ASSERT_TRUE(finished.ok()) << finished.error;
  }

  facts::Facts collect() const {
    auto repository = git::Repository::open(root());
    const std::string commit = repository.resolve_commit("HEAD");
    auto tree = repository.tree(commit);
    collect_ci(Checkout{repository, commit, std::move(tree)}, out());
    return facts::Facts(out(), {"ci"});
  }

 private:
  TemporaryDirectory folder_;
};

using Rows = std::vector<std::string>;

// All rows of a query, each with its columns joined by '|', NULL as '-'.
inline Rows rows(const facts::Facts& facts, std::string_view sql) {
  Rows all;
  for (const facts::Row& row : facts.query(sql)) {
    std::string line;
    for (const auto& cell : row.cells()) line += cell.value_or("-") + '|';
    line.pop_back();
    all.push_back(std::move(line));
  }
  return all;
}

}  // namespace exitgate::collect
