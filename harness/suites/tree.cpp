#include "harness/suites/tree.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <map>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"

namespace exitgate::suites {

namespace {

namespace fs = std::filesystem;

class DiskTree : public Tree {
 public:
  Kind kind(const std::string& path) override {
    std::error_code none;
    const auto status = fs::status(path, none);
    if (fs::is_directory(status)) return Kind::folder;
    if (fs::is_regular_file(status)) return Kind::file;
    return fs::exists(status) ? Kind::other : Kind::nothing;
  }
  std::string content(const std::string& file) override { return read_file(file); }
  std::vector<std::string> names(const std::string& folder) override {
    std::vector<std::string> all;
    for (const auto& entry : fs::directory_iterator(folder)) all.push_back(entry.path().filename().string());
    return all;
  }
  std::string shown(const std::string& path) const override { return path; }
  std::string origin(const std::string& path) const override { return path; }
  // A folder of this machine has no name that means anything elsewhere: they are counted.
  std::string sealed(const std::string& path) const override {
    const auto folder = fs::weakly_canonical(path).parent_path().string();
    const auto number = folders_.try_emplace(folder, folders_.size() + 1).first->second;
    return fmt::format("included/local-{}/{}", number, fs::path(path).filename().string());
  }
  std::string resolved(const std::string& file, const std::string& given,
                       std::string& /*problem*/) const override {
    return (fs::path(file).parent_path() / given).lexically_normal().string();
  }

 private:
  mutable std::map<std::string, std::size_t> folders_;
};

class CommitTree : public Tree {
 public:
  CommitTree(const git::Repository& repository, std::string commit)
      : repository_(repository), commit_(std::move(commit)) {}

  Kind kind(const std::string& path) override {
    if (path.empty()) return Kind::folder;
    const auto listed = repository_.output({"ls-tree", "-z", "--full-tree", commit_, path});
    if (listed.empty()) return Kind::nothing;
    if (listed.starts_with("040000 ")) return Kind::folder;
    return listed.starts_with("100") ? Kind::file : Kind::other;
  }
  std::string content(const std::string& file) override {
    auto text = git::read_file_at(repository_, commit_, file);
    if (!text) throw Undecided(fmt::format("{} is not in the commit", file));
    return std::move(*text);
  }
  std::vector<std::string> names(const std::string& folder) override {
    std::vector<std::string> arguments = {"ls-tree", "-z", "--full-tree", "--name-only", commit_};
    if (!folder.empty()) arguments.push_back(folder + "/");
    std::vector<std::string> all;
    for (const auto& path : split(repository_.output(std::move(arguments)), '\0')) {
      if (!path.empty()) all.push_back(path.substr(path.rfind('/') + 1));
    }
    return all;
  }
  std::string shown(const std::string& path) const override { return path; }
  std::string origin(const std::string& path) const override {
    return fmt::format("the commit {}: {}", commit_, path);
  }
  std::string sealed(const std::string& path) const override { return "included/repository/" + path; }

 private:
  const git::Repository& repository_;
  std::string commit_;
};

}  // namespace

std::string Tree::resolved(const std::string& file, const std::string& given, std::string& problem) const {
  if (given.starts_with('/')) {
    problem = "it must be relative to the file that names it";
    return "";
  }
  std::vector<std::string> parts = split(file, '/');
  parts.pop_back();
  for (const auto& part : split(given, '/')) {
    if (part.empty() || part == ".") continue;
    if (part != "..") {
      parts.push_back(part);
    } else if (parts.empty()) {
      problem = "it leads out of the repository";
      return "";
    } else {
      parts.pop_back();
    }
  }
  return join(parts, "/");
}

std::unique_ptr<Tree> disk_tree() {
  return std::make_unique<DiskTree>();
}

std::unique_ptr<Tree> commit_tree(const git::Repository& repository, std::string commit) {
  return std::make_unique<CommitTree>(repository, std::move(commit));
}

void require_online(const std::string& what) {
  const char* const offline = std::getenv("EXITGATE_OFFLINE");
  if (offline == nullptr || *offline == '\0' || std::string_view(offline) == "0") return;
  throw Undecided(
      fmt::format("{} is not on this machine, and EXITGATE_OFFLINE forbids to fetch it", what),
      "run `exitgate gates` once without EXITGATE_OFFLINE, or bring the folder that EXITGATE_CACHE "
      "names from a machine that has it");
}

}  // namespace exitgate::suites
