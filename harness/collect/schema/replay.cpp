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

const std::string& script_of(const Revision& revision) {
  return revision.script.empty() ? revision.file : revision.script;
}

bool is_sql(const Environment& history) {
  const bool all =
      std::all_of(history.revisions.begin(), history.revisions.end(),
                  [](const Revision& revision) { return script_of(revision).ends_with(".sql"); });
  return all && !history.revisions.empty() && history.complete && history.problems.empty();
}

// Each file once, although it may hold several revisions.
std::vector<std::string> texts_of(const std::vector<const Environment*>& silent,
                                  const std::filesystem::path& tree) {
  std::vector<std::string> texts;
  std::string before;
  for (const auto* const history : silent) {
    const Tool* const tool = find_tool(history->tool);
    for (const auto& revision : history->revisions) {
      const std::string& script = script_of(revision);
      if (script == before) continue;
      before = script;
      std::string text = up_part(read_file(tree / script), tool);
      if (tool != nullptr && tool->placeholders) text = fill_placeholders(text, history->placeholders);
      texts.push_back(std::move(text));
    }
  }
  return texts;
}

std::string shown(const Difference& difference) {
  return fmt::format("{} {} is {} in the migrated database", difference.kind, difference.identity,
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
    const bool says = std::any_of(said.begin(), said.end(), [&](const AppliedRevision& applied) {
      return !applied.environment || *applied.environment == history.id;
    });
    if (!says && is_sql(history)) silent.push_back(&history);
  }
  return silent;
}

std::vector<ReplayedHistory> replay(const DatabaseStage& stage, const database::ServerPrograms& programs,
                                    const config::Database& declared,
                                    const std::vector<const Environment*>& silent, const Snapshot& migrated,
                                    const std::filesystem::path& log) {
  Cluster cluster(programs);
  const auto tree = cluster.folder_for("tree");
  export_commit(stage.checkout, {tree});
  // Beside the commit's own files, which a file may include.
  const std::string folder = ".exitgate-replay";
  make_directories(tree / folder);
  const auto texts = texts_of(silent, tree);
  for (std::size_t i = 0; i < texts.size(); ++i)
    write_file(tree / folder / fmt::format("{:06}.sql", i), texts[i]);
  MaskedLog masked(log, stage.redactor);
  database::Provisioning provisioning(cluster, declared, tree, masked.sink());
  std::vector<database::StepResult> results;
  if (auto failed = provisioning.prepare()) {
    results.push_back(std::move(*failed));
  } else {
    config::Step step;
    step.run = fmt::format("for file in '{}'/*.sql; do psql -X -q -v ON_ERROR_STOP=1 -f \"$file\"; done",
                           (tree / folder).string());
    results = provisioning.run_all({step});
  }
  masked.check();
  ReplayedHistory one{.environment = "", .outcome = "same", .files = texts.size()};
  if (results.empty() || !results.back().ok()) {
    one.outcome = "failed";
    one.reason = results.empty() ? "" : error_line(results.back().output);
  } else {
    const auto connection = cluster.connect(database::kDatabaseName, Cluster::administrator(), true);
    Snapshot replayed = take_snapshot(*connection);
    mask(replayed, stage.redactor);
    auto differences = compare(replayed.objects, migrated.objects).differences;
    leave_out_version_tables(differences);
    if (!differences.empty()) {
      one.outcome = "different";
      one.reason = shown(differences.front());
    }
  }
  one.reason = stage.redactor.redact(one.reason);
  std::vector<ReplayedHistory> replayed;
  for (const auto* const history : silent) {
    replayed.push_back(one);
    replayed.back().environment = history->id;
  }
  return replayed;
}

}  // namespace exitgate::collect::schema
