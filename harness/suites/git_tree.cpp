#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/base/verification_error.h"
#include "harness/redact/redactor.h"
#include "harness/suites/tree.h"

namespace exitgate::suites {

namespace {

constexpr std::chrono::seconds kLimit{120};
constexpr std::array<std::string_view, 5> kSchemes = {"https://", "http://", "ssh://", "git://", "file://"};
// Variables that would make git work in another repository than the one that it is started in.
constexpr std::array<std::string_view, 9> kElsewhere = {"GIT_DIR=",
                                                        "GIT_WORK_TREE=",
                                                        "GIT_INDEX_FILE=",
                                                        "GIT_OBJECT_DIRECTORY=",
                                                        "GIT_ALTERNATE_OBJECT_DIRECTORIES=",
                                                        "GIT_PREFIX=",
                                                        "GIT_NAMESPACE=",
                                                        "GIT_COMMON_DIR=",
                                                        "GIT_SHALLOW_FILE="};

// The user's own environment, for their logins and proxies; nothing is asked on a terminal.
std::vector<std::string> environment() {
  std::vector<std::string> all;
  for (char** entry = ::environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const bool elsewhere = std::any_of(kElsewhere.begin(), kElsewhere.end(),
                                       [&](std::string_view name) { return text.starts_with(name); });
    if (!elsewhere && !text.starts_with("LC_ALL=") && !text.starts_with("LANGUAGE=")) all.emplace_back(text);
  }
  all.insert(all.end(), {"GIT_TERMINAL_PROMPT=0", "LC_ALL=C.UTF-8"});
  return all;
}

ProcessResult git(const std::filesystem::path& folder, const std::vector<std::string>& arguments) {
  Command command;
  command.arguments = {"git",
                       "-C",
                       folder.string(),
                       "-c",
                       "core.hooksPath=/dev/null",
                       "-c",
                       "protocol.ext.allow=never",
                       "-c",
                       "gc.auto=0",
                       "-c",
                       "maintenance.auto=false"};
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  command.environment = environment();
  command.limit = kLimit;
  return run(command);
}

std::string reason_of(const ProcessResult& result) {
  const auto said = trim(result.error);
  if (result.timed_out || said.empty()) return result.outcome();
  // The first "fatal:" says it; what stands before are warnings and the words of the remote.
  const auto fatal = said.find("fatal: ");
  const auto line = fatal == std::string_view::npos ? said : said.substr(fatal + 7);
  return redact::Redactor::from_environment().redact(std::string(trim(line.substr(0, line.find('\n')))));
}

struct Entry {
  std::string mode;
  std::string id;
};

class GitTree : public Tree {
 public:
  GitTree(std::string url, std::string commit, ObjectCache cache)
      : url_(std::move(url)), commit_(std::move(commit)), cache_(std::move(cache)) {}

  Kind kind(const std::string& path) override {
    const auto entry = find(path);
    if (!entry) return Kind::nothing;
    if (entry->mode == "40000") return Kind::folder;
    return entry->mode.starts_with("100") ? Kind::file : Kind::other;
  }
  std::string content(const std::string& file) override {
    const auto entry = find(file);
    if (!entry) throw Undecided(fmt::format("{} is not there", shown(file)));
    return object(entry->id, "blob").content;
  }
  std::vector<std::string> names(const std::string& folder) override {
    std::vector<std::string> all;
    if (const auto entry = find(folder)) {
      for (const auto& [name, ignored] : entries(entry->id)) all.push_back(name);
    }
    return all;
  }
  std::string shown(const std::string& path) const override {
    return fmt::format("{}@{}:{}", url_, commit_.substr(0, 12), path);
  }
  std::string origin(const std::string& path) const override {
    return fmt::format("{}@{}:{}", url_, commit_, path);
  }
  std::string sealed(const std::string& path) const override {
    return fmt::format("included/git-{}/{}", commit_, path);
  }

 private:
  // The commit in a repository of its own, fetched when something is asked that was not kept.
  git::Objects& fetched() {
    if (objects_) return *objects_;
    require_online(fmt::format("{}@{}", url_, commit_.substr(0, 12)));
    folder_ = std::make_unique<TemporaryDirectory>("exitgate-suite");
    const std::string format = commit_.size() == 64 ? "sha256" : "sha1";
    const auto made =
        git(folder_->path(), {"init", "--quiet", "--bare", "--template=", "--object-format=" + format});
    if (!made.ok()) throw Undecided(fmt::format("git cannot make a repository: {}", reason_of(made)));
    auto fetch = [&](std::vector<std::string> what) {
      std::vector<std::string> arguments = {"fetch", "--quiet", "--no-tags", "--no-recurse-submodules",
                                            "--no-write-fetch-head"};
      arguments.insert(arguments.end(), what.begin(), what.end());
      return git(folder_->path(), arguments);
    };
    auto result = fetch({"--depth=1", "--", url_, commit_});
    if (!result.ok() && !result.timed_out) {
      // A server that gives out the tips of its branches and tags only.
      const auto all = fetch({"--", url_, "+refs/heads/*:refs/heads/*", "+refs/tags/*:refs/tags/*"});
      const auto there = git(folder_->path(), {"cat-file", "-e", commit_});
      if (all.ok() && !there.ok()) {
        throw Undecided(fmt::format("{} has no commit {}", url_, commit_),
                        "was it pushed, and is the id that of a commit on a branch or a tag?");
      }
      if (all.ok()) result = all;
    }
    if (!result.ok()) {
      throw Undecided(
          fmt::format("cannot fetch {}: {}", url_, reason_of(result)),
          "these are git's words; without a network, the suite must be on this machine from an earlier "
          "run (EXITGATE_CACHE)");
    }
    objects_ = std::make_unique<git::Objects>(git::Repository::open(folder_->path()));
    return *objects_;
  }

  Object object(const std::string& id, std::string_view type) {
    auto known = cache_.object(id);
    if (!known) {
      auto read = fetched().read(id);
      if (!read) throw Undecided(fmt::format("{} has no object {}", url_, id));
      known = Object{std::move(read->type), std::move(read->content)};
      cache_.keep_object(id, *known);
    }
    if (known->type != type) {
      throw UsageError(
          fmt::format("{} is a {} of {}, not a {}", id, known->type, url_, type),
          known->type == "tag" ? "give the commit that it names: git rev-parse TAG^{commit}" : "");
    }
    return std::move(*known);
  }

  const std::map<std::string, Entry>& entries(const std::string& tree) {
    const auto [at, fresh] = trees_.try_emplace(tree);
    if (!fresh) return at->second;
    const auto content = object(tree, "tree").content;
    const std::size_t bytes = commit_.size() / 2;
    for (std::size_t from = 0; from < content.size();) {
      const auto space = content.find(' ', from);
      const auto zero = content.find('\0', from);
      if (space == std::string::npos || zero == std::string::npos || space > zero ||
          content.size() - zero - 1 < bytes)
        throw VerificationError(fmt::format("{} is not a tree", tree));
      Entry entry{content.substr(from, space - from), ""};
      for (const unsigned char byte : content.substr(zero + 1, bytes))
        entry.id += fmt::format("{:02x}", byte);
      at->second.emplace(content.substr(space + 1, zero - space - 1), std::move(entry));
      from = zero + 1 + bytes;
    }
    return at->second;
  }

  std::optional<Entry> find(const std::string& path) {
    if (root_.empty()) {
      const auto text = object(commit_, "commit").content;
      root_ = text.substr(5, commit_.size());  // "tree <id>\n"
      if (!text.starts_with("tree ") || !is_object_id(root_))
        throw VerificationError(fmt::format("{} is not a commit", commit_));
    }
    Entry at{"40000", root_};
    for (const auto& part : split(path, '/')) {
      if (part.empty()) continue;
      if (at.mode != "40000") return std::nullopt;
      const auto& all = entries(at.id);
      const auto found = all.find(part);
      if (found == all.end()) return std::nullopt;
      at = found->second;
    }
    return at;
  }

  std::string url_;
  std::string commit_;
  ObjectCache cache_;
  std::string root_;
  std::map<std::string, std::map<std::string, Entry>> trees_;
  std::unique_ptr<TemporaryDirectory> folder_;
  std::unique_ptr<git::Objects> objects_;
};

}  // namespace

std::string git_url_problem(std::string_view url) {
  if (url.find_first_of(" \t\n\r\\") != std::string_view::npos)
    return "a git URL has no blanks or backslashes";
  for (const auto scheme : kSchemes) {
    if (!url.starts_with(scheme)) continue;
    const auto rest = url.substr(scheme.size());
    const auto user = rest.substr(0, rest.find('/'));
    const auto at = user.rfind('@');
    const bool web = scheme.starts_with("http");
    if (at != std::string_view::npos && (web || user.substr(0, at).find(':') != std::string_view::npos))
      return "the URL must not hold a login";
    if (rest.empty()) return "the URL names nothing";
    return "";
  }
  if (url.starts_with('/')) return "";
  if (url.starts_with('-') || url.find("::") != std::string_view::npos ||
      url.find("://") != std::string_view::npos)
    return "git URLs begin with https://, ssh://, git://, http:// or file://";
  const auto colon = url.find(':');
  if (colon == std::string_view::npos || colon == 0 ||
      url.substr(0, colon).find('/') != std::string_view::npos)
    return "git URLs begin with https://, ssh://, git://, http:// or file://, or are HOST:PATH or an "
           "absolute path";
  return "";
}

std::unique_ptr<Tree> git_tree(std::string url, std::string commit, ObjectCache cache) {
  return std::make_unique<GitTree>(std::move(url), std::move(commit), std::move(cache));
}

}  // namespace exitgate::suites
