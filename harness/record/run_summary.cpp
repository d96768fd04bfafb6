#include "harness/record/run_summary.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/base/file.h"
#include "harness/digest/digest.h"
#include "harness/digest/manifest.h"
#include "harness/facts/facts.h"
#include "harness/json/json.h"
#include "harness/json/strict.h"
#include "harness/record/run_directory.h"

namespace exitgate::record {

namespace {

namespace fs = std::filesystem;

std::string text_of(const Json& object, const char* key) {
  const auto found = object.find(key);
  return found != nullptr && found->is_string() ? found->text() : "";
}

std::vector<fs::path> files_under(const fs::path& folder) {
  std::vector<fs::path> files;
  std::error_code none;
  for (fs::recursive_directory_iterator at(folder, none), end; !none && at != end; at.increment(none)) {
    if (at->is_regular_file(none)) files.push_back(at->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

void read_facts(const RunDirectory& run, RunSummary& summary) {
  if (fs::exists(run.facts() / "repo.db")) {
    const facts::Facts facts(run.facts(), {"repo"});
    for (const auto& row : facts.query("SELECT oid, tree, branch FROM repo.checkout")) {
      summary.commit = row.text("oid");
      summary.tree = row.text("tree");
      summary.branch = row.text("branch");
    }
    summary.remote =
        facts.text("SELECT url FROM repo.remote ORDER BY name <> 'origin', name LIMIT 1").value_or("");
  }
  if (fs::exists(run.facts() / "schema.db")) {
    const facts::Facts facts(run.facts(), {"schema"});
    for (const auto& row : facts.query("SELECT name, fingerprint FROM schema.snapshot ORDER BY name")) {
      summary.fingerprints.emplace_back(row.text("name"), row.text("fingerprint"));
    }
  }
}

}  // namespace

std::size_t RunSummary::count(std::string_view status) const {
  return static_cast<std::size_t>(std::count_if(
      gates.begin(), gates.end(), [&](const GateResult& gate) { return gate.status == status; }));
}

std::string suite_digest(const fs::path& suite) {
  std::vector<ManifestEntry> files;
  for (const auto& file : files_under(suite)) {
    files.push_back({"suite/" + fs::relative(file, suite).generic_string(), 0, sha256_file(file)});
  }
  return files.empty() ? "" : sha256_hex(render_manifest(std::move(files)));
}

RunSummary summarize(const fs::path& root) {
  const RunDirectory run{root};
  RunSummary summary;
  if (fs::exists(run.run())) {
    const auto record = parse_strict(read_file(run.run()), "run.json");
    summary.id = text_of(record, "id");
    summary.repository = text_of(record, "repository");
    summary.commit = text_of(record, "commit");
    summary.tree = text_of(record, "tree");
    summary.started_at = text_of(record, "started_at");
    summary.outcome = text_of(record, "outcome");
  }
  for (const auto& file : files_under(run.gates())) {
    if (file.extension() != ".json") continue;
    GateResult result;
    result.gate = file.stem().string();
    const auto verdict_file = run.verdict(result.gate);
    if (fs::exists(verdict_file)) {
      const auto verdict =
          parse_strict(read_file(verdict_file), "verdicts/" + verdict_file.filename().string());
      result.status = text_of(verdict, "status");
      const auto waived = verdict.find("waived");
      result.waived = waived != nullptr && waived->is_boolean() && waived->boolean();
    }
    summary.gates.push_back(std::move(result));
  }
  summary.suite_digest = suite_digest(run.suite());
  read_facts(run, summary);
  return summary;
}

}  // namespace exitgate::record
