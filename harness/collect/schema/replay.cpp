#include "harness/collect/schema/replay.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/collect/migrations/sql_file.h"
#include "harness/collect/migrations/tool.h"
#include "harness/collect/schema/compare.h"
#include "harness/collect/schema/export.h"
#include "harness/collect/schema/masked_log.h"
#include "harness/collect/schema/round_trip.h"

namespace exitgate::collect::schema {

namespace {

using database::Cluster;

bool is_sql(const Environment& history) {
  const bool all =
      std::all_of(history.revisions.begin(), history.revisions.end(),
                  [](const Revision& revision) { return script_of(revision).ends_with(".sql"); });
  return all && !history.revisions.empty() && history.complete && history.problems.empty();
}

// A file to run, with what goes up in it.
struct UpFile {
  std::string name;
  std::string text;
  bool last = false;  // of its history
};

// Each file once, although it may hold several revisions.
std::vector<UpFile> files_of(const std::vector<const Environment*>& silent,
                             const std::filesystem::path& tree) {
  std::vector<UpFile> files;
  for (const auto* const history : silent) {
    const Tool* const tool = find_tool(history->tool);
    for (const auto& revision : history->revisions) {
      const std::string& script = script_of(revision);
      if (!files.empty() && script == files.back().name) continue;
      std::string text = up_part(read_file(tree / script), tool);
      if (tool != nullptr && tool->placeholders) text = fill_placeholders(text, history->placeholders);
      files.push_back({script, std::move(text)});
    }
    if (!files.empty()) files.back().last = true;
  }
  return files;
}

std::string shown(const Difference& difference) {
  return fmt::format(
      "its files, run in their order, make another schema: {} {} is {} in the migrated database",
      difference.kind, difference.identity,
      difference.change == Change::added     ? "only"
      : difference.change == Change::removed ? "not"
                                             : "another");
}

}  // namespace

std::vector<const Environment*> silent_histories(const Snapshot& migrated,
                                                 const std::vector<Environment>& histories) {
  const auto& said = migrated.state.revisions;
  std::vector<const Environment*> silent;
  for (const auto& history : histories) {
    const auto& asked = migrated.state.asked;
    const bool says = std::find(asked.begin(), asked.end(), history.id) != asked.end() ||
                      std::any_of(said.begin(), said.end(), [&](const AppliedRevision& applied) {
                        return !applied.environment || *applied.environment == history.id;
                      });
    if (!says && is_sql(history)) silent.push_back(&history);
  }
  return silent;
}

namespace {

// Runs files in a server of its own.
class Replay {
 public:
  Replay(const DatabaseStage& stage, const database::ServerPrograms& programs,
         const config::Database& declared, MaskedLog& masked)
      : stage_(stage),
        cluster_(programs, declared.limits),
        tree_(cluster_.folder_for("tree")),
        provisioning_(cluster_, declared, tree_, masked.sink()) {
    export_commit(stage.checkout, {tree_});
    // Beside the commit's own files, which a file may include.
    make_directories(tree_ / kFolder);
  }

  ReplayedHistory run(const std::vector<const Environment*>& silent, const Snapshot& migrated) {
    const auto files = files_of(silent, tree_);
    ReplayedHistory one{.environment = "", .outcome = "same", .files = files.size()};
    if (const auto failed = provisioning_.prepare()) return fail(one, failed->tail.value_or(failed->outcome));
    std::vector<Object> before;
    std::size_t number = 0;
    for (const auto& file : files) {
      if (file.last) before = snapshot().objects;
      config::Step step;
      const auto path = tree_ / kFolder / fmt::format("{:06}.sql", number++);
      write_file(path, file.text);
      step.run = fmt::format("psql -X -q -v ON_ERROR_STOP=1 -f '{}'", path.string());
      const auto results = provisioning_.run_all({step});
      if (results.empty() || !results.back().ok())
        return fail(one, results.empty() ? "" : error_line(results.back().output));
      if (file.last && compare(before, snapshot().objects).differences.empty()) {
        one.outcome = "different";
        one.reason =
            fmt::format("its last file, {}, changes no schema: whether it was run cannot be told", file.name);
        return one;
      }
    }
    auto differences = compare(snapshot().objects, migrated.objects).differences;
    leave_out_version_tables(differences);
    if (differences.empty()) return one;
    one.outcome = "different";
    one.reason = shown(differences.front());
    return one;
  }

 private:
  static constexpr const char* kFolder = ".exitgate-replay";

  static ReplayedHistory fail(ReplayedHistory one, const std::string& error) {
    one.outcome = "failed";
    one.reason = fmt::format("its files do not run in their order: {}", error);
    return one;
  }

  Snapshot snapshot() const {
    Snapshot taken =
        take_snapshot(*cluster_.connect(database::kDatabaseName, Cluster::administrator(), true));
    mask(taken, stage_.redactor);
    return taken;
  }

  const DatabaseStage& stage_;
  Cluster cluster_;
  std::filesystem::path tree_;
  database::Provisioning provisioning_;
};

ReplayedHistory replay_together(const DatabaseStage& stage, const database::ServerPrograms& programs,
                                const config::Database& declared,
                                const std::vector<const Environment*>& silent, const Snapshot& migrated,
                                MaskedLog& masked) {
  auto one = Replay(stage, programs, declared, masked).run(silent, migrated);
  masked.check();
  one.reason = stage.redactor.redact(one.reason);
  return one;
}

constexpr std::size_t kMostAlone = 4;  // histories that get a server each

}  // namespace

std::vector<ReplayedHistory> replay(const DatabaseStage& stage, const database::ServerPrograms& programs,
                                    const config::Database& declared,
                                    const std::vector<const Environment*>& silent, const Snapshot& migrated,
                                    const std::filesystem::path& log) {
  MaskedLog masked(log, stage.redactor);
  const auto together = replay_together(stage, programs, declared, silent, migrated, masked);
  std::vector<ReplayedHistory> replayed;
  for (const auto* const history : silent) {
    // Of several, some may be of other databases.
    const bool alone = together.outcome != "same" && silent.size() > 1 && replayed.size() < kMostAlone;
    replayed.push_back(alone ? replay_together(stage, programs, declared, {history}, migrated, masked)
                             : together);
    replayed.back().environment = history->id;
  }
  return replayed;
}

}  // namespace exitgate::collect::schema
