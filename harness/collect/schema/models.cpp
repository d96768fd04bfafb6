#include "harness/collect/schema/models.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "harness/base/text.h"
#include "harness/collect/schema/compare.h"
#include "harness/collect/schema/masked_log.h"
#include "harness/collect/schema/working_copy.h"
#include "harness/record/run_directory.h"

namespace exitgate::collect::schema {

namespace {

namespace fs = std::filesystem;

constexpr const char* kLog = "logs/models.log";
constexpr std::size_t kMostNamed = 3;

// "a, b, c and 4 more"
std::string shortened(const std::vector<std::string>& names) {
  if (names.size() <= kMostNamed) return join(names, ", ");
  return fmt::format("{} and {} more", join(std::vector(names.begin(), names.begin() + kMostNamed), ", "),
                     names.size() - kMostNamed);
}

// The files of the tree that are migrations by the folder that they lie in, each with what changes when it is written.
class MigrationFiles {
 public:
  MigrationFiles(fs::path tree, const std::vector<Environment>& histories) : tree_(std::move(tree)) {
    for (const auto& history : histories) {
      for (const auto& revision : history.revisions)
        folders_.insert(fs::path(revision.file).parent_path().string());
    }
    now_ = read();
  }

  // What was written since the last call.
  std::vector<std::string> written() {
    auto before = std::exchange(now_, read());
    std::vector<std::string> paths;
    for (const auto& [path, state] : now_) {
      const auto found = before.find(path);
      if (found == before.end() || found->second != state) paths.push_back(path);
    }
    return paths;
  }

 private:
  using State = std::pair<fs::file_time_type, std::uintmax_t>;

  bool is_place(const fs::path& folder) const {
    if (folders_.contains(folder.string())) return true;
    return std::any_of(folder.begin(), folder.end(), [](const fs::path& name) {
      return name == "migrations" || name == "migrate" || name == "versions";
    });
  }

  std::map<std::string, State> read() const {
    static const std::set<std::string> others = {"node_modules", ".git",   "__pycache__", ".venv",
                                                 "venv",         "vendor", "target",      "build"};
    std::map<std::string, State> files;
    std::error_code failed;
    fs::recursive_directory_iterator at(tree_, fs::directory_options::skip_permission_denied, failed);
    for (const fs::recursive_directory_iterator end; !failed && at != end; at.increment(failed)) {
      std::error_code ignored;
      if (at->is_directory(ignored)) {
        if (at->is_symlink(ignored) || others.contains(at->path().filename().string()))
          at.disable_recursion_pending();
        continue;
      }
      const auto path = at->path().lexically_relative(tree_);
      if (!at->is_regular_file(ignored) || !is_place(path.parent_path())) continue;
      files[path.string()] = {at->last_write_time(ignored), at->file_size(ignored)};
    }
    return files;
  }

  fs::path tree_;
  std::set<std::string> folders_;
  std::map<std::string, State> now_;
};

}  // namespace

void check_models(const DatabaseStage& stage, const config::Database& declared, const Server& server,
                  const std::vector<Environment>& histories, Findings& findings) {
  MaskedLog log(stage.run / kLog, stage.redactor);
  const database::Provisioning provisioning(*server.cluster, declared, server.tree, log.sink());
  auto objects = objects_now(*server.cluster, stage.redactor);
  MigrationFiles files(server.tree, histories);
  for (auto& check : findings.model_checks) {
    stage.say(fmt::format("models: {}", check.step.run));
    const int seconds =
        check.step.timeout_seconds > 0 ? check.step.timeout_seconds : declared.timeout_seconds;
    check.result = provisioning.ask(check.step, std::chrono::seconds(seconds)).step;
    auto after = objects_now(*server.cluster, stage.redactor);
    const auto changed = compare(objects, after).differences;
    objects = std::move(after);
    const auto written = files.written();
    if (!check.result.ok()) continue;
    if (!changed.empty()) {
      check.result.outcome = fmt::format("exit code 0, but it changed the database: {}", in_words(changed));
    } else if (!written.empty()) {
      check.result.outcome = fmt::format("exit code 0, but it wrote {}", shortened(written));
    }
  }
  log.check();
  findings.parts.push_back({.name = "model-log", .path = kLog, .snapshot = "migrated"});
}

}  // namespace exitgate::collect::schema
