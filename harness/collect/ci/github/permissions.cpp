#include "harness/collect/ci/github/permissions.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>

#include "harness/collect/ci/github/provider.h"

namespace exitgate::collect::ci::github {

namespace {

using actions::Calls;

enum class Level { none, read, write };

// Those that GitHub compares.
constexpr std::string_view kNames[] = {
    "actions",       "artifact-metadata",   "attestations", "checks",          "contents",
    "deployments",   "discussions",         "issues",       "packages",        "pages",
    "pull-requests", "repository-projects", "statuses",     "security-events", "id-token",
    "models",        "vulnerability-alerts"};
constexpr std::size_t kCount = std::size(kNames);
constexpr std::size_t kFirstReadOnly = kCount - 2;  // of these there is nothing more than 'read'

using Levels = std::array<Level, kCount>;

Level level_of(std::string_view text) {
  if (text.starts_with("write")) return Level::write;
  return text.starts_with("read") ? Level::read : Level::none;
}

std::string_view level_name(Level level) {
  if (level == Level::none) return "none";
  return level == Level::read ? "read" : "write";
}

std::optional<Levels> read_levels(const yaml::Node* permissions) {
  if (permissions == nullptr || permissions->is_null()) return std::nullopt;
  Levels levels{};
  if (permissions->is_scalar()) {
    levels.fill(level_of(permissions->text));  // 'read-all', 'write-all'
  } else {
    for (std::size_t i = 0; i < kCount; ++i) {
      if (const yaml::Node* one = permissions->find(kNames[i])) levels[i] = level_of(one->text);
    }
  }
  for (std::size_t i = kFirstReadOnly; i < kCount; ++i) levels[i] = std::min(levels[i], Level::read);
  return levels;
}

class Search {
 public:
  explicit Search(const Calls& calls) : calls_(calls) {}

  // The first call of a workflow that is refused, when nothing calls that workflow.
  std::optional<Problem> of_root(const Workflow& workflow) {
    const Levels* own = levels(workflow.root->find("permissions"));
    for (const Job& job : workflow.jobs) {
      const Workflow* callee = job.uses ? calls_.workflow(job) : nullptr;
      if (callee == nullptr) continue;
      if (auto reason = excess(*callee, levels_of(job, own), 1)) {
        return Problem{job.uses_line, std::move(*reason)};
      }
    }
    return std::nullopt;
  }

 private:
  // GitHub takes ten levels of calls, and far fewer calls than these.
  static constexpr int kDeepest = 20;
  static constexpr std::size_t kMostJobs = 500'000;

  // The same levels at the same address, so that a workflow is looked at once for each.
  const Levels* levels(const yaml::Node* permissions) {
    const auto read = read_levels(permissions);
    return read ? &*known_.insert(*read).first : nullptr;
  }

  const Levels* levels_of(const Job& job, const Levels* otherwise) {
    const Levels* own = levels(job.node->find("permissions"));
    return own == nullptr ? otherwise : own;
  }

  std::optional<std::string> excess(const Workflow& workflow, const Levels* most, int depth) {
    if (depth > kDeepest) return std::nullopt;
    const auto [at, is_new] = found_.try_emplace({&workflow, most});
    if (!is_new) return at->second;
    std::optional<std::string>& reason = at->second;
    const Levels* own = levels(workflow.root->find("permissions"));
    reason = compare(own, most, fmt::format("'{}'", workflow.path));
    for (const Job& job : workflow.jobs) {
      if (reason || ++jobs_ > kMostJobs) break;
      const Levels* of_job = levels(job.node->find("permissions"));
      reason = compare(of_job, most, fmt::format("job '{}' of '{}'", job.id, workflow.path));
      const Workflow* callee = job.uses ? calls_.workflow(job) : nullptr;
      if (reason || callee == nullptr) continue;
      reason = excess(*callee, of_job != nullptr ? of_job : own != nullptr ? own : most, depth + 1);
    }
    return reason;
  }

  static std::optional<std::string> compare(const Levels* wanted, const Levels* most,
                                            const std::string& who) {
    if (wanted == nullptr || most == nullptr) return std::nullopt;
    for (std::size_t i = 0; i < kCount; ++i) {
      if ((*wanted)[i] <= (*most)[i]) continue;
      return fmt::format("{} asks for '{}: {}' and the calling job has '{}: {}'", who, kNames[i],
                         level_name((*wanted)[i]), kNames[i], level_name((*most)[i]));
    }
    return std::nullopt;
  }

  const Calls& calls_;
  std::set<Levels> known_;
  std::map<std::pair<const Workflow*, const Levels*>, std::optional<std::string>> found_;
  std::size_t jobs_ = 0;
};

}  // namespace

std::vector<std::pair<Workflow*, Problem>> find_excessive_permissions(Model& model, const Calls& calls) {
  std::vector<std::pair<Workflow*, Problem>> found;
  Search search(calls);
  for (Workflow& workflow : model.workflows) {
    if (workflow.provider != kName || workflow.problem) continue;
    if (auto excess = search.of_root(workflow)) found.emplace_back(&workflow, std::move(*excess));
  }
  return found;
}

}  // namespace exitgate::collect::ci::github
