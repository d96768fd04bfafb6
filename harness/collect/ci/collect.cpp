#include "harness/collect/ci/collect.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <functional>
#include <thread>

#include "harness/base/text.h"
#include "harness/collect/ci/blobs.h"
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

// Calls `work` with each number below `count`, on as many threads as there are cores. It must not throw.
void in_parallel(std::size_t count, const std::function<void(std::size_t)>& work) {
  constexpr std::size_t kWorthAThread = 8;
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  const std::size_t threads = std::min({cores, count / kWorthAThread + 1, std::size_t{8}});
  std::atomic<std::size_t> next = 0;
  const auto run = [&] {
    for (std::size_t i = next++; i < count; i = next++) work(i);
  };
  std::vector<std::jthread> others;
  for (std::size_t i = 1; i < threads; ++i) others.emplace_back(run);
  run();
}

struct Reading {
  const git::TreeEntry* entry = nullptr;
  ci::File* file = nullptr;
  bool workflow = false;
};

void read_one(const Reading& reading, ci::Blob blob) {
  ci::File& file = *reading.file;
  if (!blob.problem.empty()) {
    file.problem = std::move(blob.problem);
    return;
  }
  try {
    if (reading.workflow) {
      ci::read_workflow(blob.content, static_cast<ci::Workflow&>(file));
    } else {
      ci::read_action(blob.content, static_cast<ci::Action&>(file));
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
  std::vector<ci::Blob> blobs = ci::read_blobs(checkout.repository, ids, kMostBytes);
  in_parallel(readings.size(), [&](std::size_t i) { read_one(readings[i], std::move(blobs[i])); });
}

// "owner/name" as the clone's remotes tell it: what origin says, else what all others agree on.
std::optional<std::string> repository_name(const git::Repository& repository) {
  const Finished listed = repository.run({"config", "--get-regexp", "^remote\\..*\\.url$"});
  std::optional<std::string> agreed;
  bool agree = true;
  for (const std::string& line : split(listed.output, '\n')) {
    const auto name = ci::repository_of(line);
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
    ci::Blob blob = std::move(ci::read_blobs(checkout.repository, {entry->oid}, kMostBytes)[0]);
    if (!blob.problem.empty()) return std::nullopt;
    return std::move(blob.content);
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
