#include "harness/collect/ci/collect.h"

#include <fmt/format.h>

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>

#include "harness/base/text.h"
#include "harness/collect/ci/calls.h"
#include "harness/collect/ci/collision.h"
#include "harness/collect/ci/context.h"
#include "harness/collect/ci/gitlab.h"
#include "harness/collect/ci/match.h"
#include "harness/collect/ci/model.h"
#include "harness/collect/ci/reachability.h"
#include "harness/collect/ci/reader.h"
#include "harness/collect/ci/refusal.h"
#include "harness/collect/ci/write.h"
#include "harness/git/batch.h"

namespace exitgate::collect {

namespace {

constexpr std::string_view kWorkflows = ".github/workflows/";
constexpr std::size_t kMostBytes = 1U << 20;  // of a file; GitHub takes no larger one either

// GitHub reads workflows directly in the folder only, and by these two endings.
bool is_workflow(std::string_view path) {
  if (!path.starts_with(kWorkflows)) return false;
  const std::string_view name = path.substr(kWorkflows.size());
  return name.find('/') == std::string_view::npos && (name.ends_with(".yml") || name.ends_with(".yaml"));
}

bool is_action(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? path : path.substr(slash + 1);
  return (name == "action.yml" || name == "action.yaml") && !is_workflow(path);
}

// Why the entry is not read at all, or "".
std::string not_a_file(const git::TreeEntry& entry) {
  if (entry.mode == "120000") return "a symbolic link, which is not followed";
  return entry.type == "blob" ? "" : "a submodule, not a file";
}

// Files that git has handed out and nobody has read yet. Threads take them while git goes on; so that a
// repository of thousands of files is never in memory as a whole, who puts one in where many wait reads one.
class Waiting {
 public:
  Waiting(std::size_t count, const std::function<void(std::size_t, const git::Blob&)>& work) : work_(work) {
    constexpr std::size_t kWorthAThread = 8;
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    const std::size_t threads = std::min({cores, count / kWorthAThread + 1, std::size_t{8}});
    for (std::size_t i = 1; i < threads; ++i) {
      others_.emplace_back([this] {
        while (take_one(true)) {
        }
      });
    }
  }

  void add(std::size_t number, git::Blob blob) {
    bool many = false;
    {
      const std::lock_guard lock(mutex_);
      waiting_.emplace_back(number, std::move(blob));
      many = waiting_.size() > kMany || others_.empty();
    }
    added_.notify_one();
    if (many) take_one(false);
  }

  // Returns when all are read.
  void finish() {
    {
      const std::lock_guard lock(mutex_);
      ended_ = true;
    }
    added_.notify_all();
    while (take_one(false)) {
    }
    others_.clear();
  }

  ~Waiting() { finish(); }
  Waiting(const Waiting&) = delete;
  Waiting& operator=(const Waiting&) = delete;

 private:
  static constexpr std::size_t kMany = 32;

  // False when there is none and, where it waits for more, none will come.
  bool take_one(bool wait) {
    std::pair<std::size_t, git::Blob> one;
    {
      std::unique_lock lock(mutex_);
      if (wait) added_.wait(lock, [&] { return ended_ || !waiting_.empty(); });
      if (waiting_.empty()) return false;
      one = std::move(waiting_.front());
      waiting_.pop_front();
    }
    work_(one.first, one.second);
    return true;
  }

  const std::function<void(std::size_t, const git::Blob&)>& work_;  // must not throw
  std::mutex mutex_;
  std::condition_variable added_;
  std::deque<std::pair<std::size_t, git::Blob>> waiting_;
  bool ended_ = false;
  std::vector<std::jthread> others_;
};

struct Reading {
  const git::TreeEntry* entry = nullptr;
  ci::File* file = nullptr;
  bool workflow = false;
};

void read_one(const Reading& reading, const git::Blob& blob) {
  ci::File& file = *reading.file;
  if (!blob.content) {
    file.problem = blob.missing ? fmt::format("blob {} is missing from the clone", file.oid)
                                : fmt::format("{} bytes: larger than the limit of {}", blob.size, kMostBytes);
    return;
  }
  try {
    if (reading.workflow) {
      ci::read_workflow(*blob.content, static_cast<ci::Workflow&>(file));
    } else {
      ci::read_action(*blob.content, static_cast<ci::Action&>(file));
    }
  } catch (const std::exception& error) {
    file.problem = fmt::format("cannot be read: {}", error.what());
  }
}

void read_files(const Checkout& checkout, ci::Model& model) {
  std::vector<const git::TreeEntry*> workflows;
  std::vector<const git::TreeEntry*> actions;
  for (const git::TreeEntry& entry : checkout.tree) {
    if (is_workflow(entry.path)) {
      workflows.push_back(&entry);
    } else if (is_action(entry.path)) {
      actions.push_back(&entry);
    }
  }
  model.workflows.resize(workflows.size());
  model.actions.resize(actions.size());
  std::vector<Reading> readings;
  std::vector<std::string> ids;
  const auto add = [&](const git::TreeEntry& entry, ci::File& file, bool workflow) {
    file.path = entry.path;
    file.oid = entry.oid;
    if (std::string reason = not_a_file(entry); !reason.empty()) {
      file.problem = std::move(reason);
      return;
    }
    readings.push_back({&entry, &file, workflow});
    ids.push_back(entry.oid);
  };
  for (std::size_t i = 0; i < workflows.size(); ++i) add(*workflows[i], model.workflows[i], true);
  for (std::size_t i = 0; i < actions.size(); ++i) add(*actions[i], model.actions[i], false);
  const std::function<void(std::size_t, const git::Blob&)> read = [&](std::size_t i, const git::Blob& blob) {
    read_one(readings[i], blob);
  };
  Waiting waiting(readings.size(), read);
  git::read_blobs(checkout.repository, ids, kMostBytes,
                  [&](std::size_t i, git::Blob blob) { waiting.add(i, std::move(blob)); });
  waiting.finish();
}

// "owner/name" as the clone's remotes tell it: what origin says, else what all others agree on.
std::optional<std::string> repository_name(const git::Repository& repository) {
  const Finished listed = repository.run({"config", "--get-regexp", "^remote\\..*\\.url$"});
  std::optional<std::string> agreed;
  bool agree = true;
  for (const std::string& line : split(listed.output, '\n')) {
    auto name = ci::repository_of(line);
    if (!name) continue;
    if (line.starts_with("remote.origin.url ")) return name;
    agree = agree && (!agreed || lower(*agreed) == lower(*name));
    agreed = name;
  }
  return agree ? agreed : std::nullopt;
}

void add_gitlab_files(const Checkout& checkout, ci::Model& model, ci::Ways& ways,
                      std::vector<std::unique_ptr<yaml::Node>>& kept) {
  const auto entry_of = [&](std::string_view path) -> const git::TreeEntry* {
    const auto found = std::find_if(checkout.tree.begin(), checkout.tree.end(),
                                    [&](const git::TreeEntry& entry) { return entry.path == path; });
    return found == checkout.tree.end() || !not_a_file(*found).empty() ? nullptr : &*found;
  };
  if (entry_of(ci::kGitlabFile) == nullptr) return;
  const auto read = [&](const std::string& path) -> std::optional<std::string> {
    const git::TreeEntry* entry = entry_of(path);
    if (entry == nullptr) return std::nullopt;
    std::optional<std::string> content;
    git::read_blobs(checkout.repository, {entry->oid}, kMostBytes,
                    [&](std::size_t, git::Blob blob) { content = std::move(blob.content); });
    return content;
  };
  const auto find = [&](const std::string& glob) {
    std::vector<std::string> files;
    for (const git::TreeEntry& entry : checkout.tree) {
      if (glob_match(glob, entry.path)) files.push_back(entry.path);
    }
    return files;
  };
  ci::add_gitlab(model, ways, read, find, kept);
}

}  // namespace

void collect_ci(const Checkout& checkout, const std::filesystem::path& out) {
  ci::Model model;
  read_files(checkout, model);
  // Before anything looks at the workflows by their place: these are added to them.
  ci::Ways gitlab_ways;
  std::vector<std::unique_ptr<yaml::Node>> kept;
  add_gitlab_files(checkout, model, gitlab_ways, kept);
  const ci::Calls calls(model);
  ci::refuse_calls(model, calls);
  ci::Ways ways = calls.ways();
  ways.merge(gitlab_ways);
  ci::reach(model, calls, ways, repository_name(checkout.repository));
  ci::find_collisions(model);
  const std::vector<ci::Match> matches = ci::match_artifacts(model, calls);
  ci::write(model, ways, matches, out);
}

}  // namespace exitgate::collect
