// Files of a commit, for tests.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "harness/commands/files.h"

namespace exitgate::testing {

class MemoryFiles : public commands::Files {
 public:
  explicit MemoryFiles(std::map<std::string, std::string> files) : files_(std::move(files)) {}

  const std::string* read(const std::string& path) override {
    const auto found = files_.find(path);
    return found == files_.end() ? nullptr : &found->second;
  }
  const std::vector<std::string>& named(std::string_view name) override {
    named_.clear();
    for (const auto& [path, text] : files_) {
      if (path == name || path.ends_with("/" + std::string(name))) named_.push_back(path);
    }
    return named_;
  }

 private:
  std::map<std::string, std::string> files_;
  std::vector<std::string> named_;
};

}  // namespace exitgate::testing
