#include "tests/archive/sample_run.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "harness/base/file.h"
#include "harness/digest/digest.h"
#include "harness/facts/store.h"
#include "harness/facts/tables.h"
#include "harness/json/json.h"
#include "harness/record/run_directory.h"
#include "harness/record/suite_digest.h"
#include "harness/verdict/verdict.h"

namespace exitgate::archive {

namespace {

using namespace record;

verdict::Gate gate(const std::string& name, const std::string& check, const std::string& counterexample) {
  verdict::Gate one;
  one.name = name;
  one.exit_gate = name.substr(0, name.find('.'));
  one.exit_gate_title = "Sample";
  one.title = "A sample gate";
  one.check = check;
  one.with = "{}";
  one.labels = {one.exit_gate};
  one.counterexample = counterexample;
  one.where = "gates/EG-CG1.yaml:4";
  return one;
}

// A row with what the test is about; other columns that must have a value get an empty one.
void insert(facts::Store& store, const std::string& domain, const std::string& table,
            std::map<std::string, std::string> values) {
  std::string names;
  std::string texts;
  for (const auto& one : facts::tables()) {
    if (one.domain != domain || one.name != table) continue;
    for (const auto& column : one.columns) {
      if (!values.contains(column.name) && column.type.find("NOT NULL") != std::string::npos) {
        values[column.name] = column.type.starts_with("INTEGER") ? "0"
                              : column.values.empty()            ? ""
                                                                 : column.values.front().text;
      }
    }
  }
  for (const auto& [name, value] : values) {
    names += fmt::format("{}{}", names.empty() ? "" : ", ", name);
    texts += fmt::format("{}'{}'", texts.empty() ? "" : ", ", value);
  }
  store.execute(fmt::format("INSERT INTO {} ({}) VALUES ({})", table, names, texts));
}

}  // namespace

void write_sample_run(const std::filesystem::path& root) {
  const record::RunDirectory run{root};
  {
    facts::Store store(run.facts(), "repo");
    insert(store, "repo", "checkout",
           {{"oid", kCommit}, {"tree", kTree}, {"branch", "main"}, {"committed_at", "2026-11-20T08:00:00Z"}});
    insert(store, "repo", "remote", {{"name", "origin"}, {"url", "https://github.com/o/r.git"}});
    store.close();
  }
  {
    facts::Store store(run.facts(), "ci");
    insert(store, "ci", "workflow", {{"file", ".github/workflows/ci.yml"}, {"provider", "github"}});
    insert(store, "ci", "workflow", {{"file", ".github/workflows/docs.yml"}, {"provider", "github"}});
    store.close();
  }
  const std::string dump = "CREATE TABLE public.users (id bigint NOT NULL);\n";
  write_file(run.schema() / "schema.sql", dump);
  {
    facts::Store store(run.facts(), "schema");
    insert(store, "schema", "snapshot", {{"name", "migrated"}, {"fingerprint", std::string(64, 'a')}});
    insert(store, "schema", "part",
           {{"name", "schema-dump"},
            {"path", "schema/schema.sql"},
            {"bytes", fmt::format("{}", dump.size())},
            {"sha256", digest::sha256_hex(dump)}});
    store.close();
  }
  write_file(root / "EVIDENCE.md", "# Evidence\n\nAll of it.\n");
  write_file(root / "junit.xml", "<testsuites/>\n");
  write_file(run.suite() / "EG-CG1.yaml", "exit-gate: EG-CG1\n");
  const struct {
    const char* name;
    const char* check;
    verdict::Status status;
  } gates[] = {{"EG-CG1.readable", "workflows-readable", verdict::Status::pass},
               {"EG-CG1.docs", "sample-docs", verdict::Status::fail},
               {"EG-CG2.head", "sample-skip", verdict::Status::skip}};
  for (const auto& [name, check, status] : gates) {
    const verdict::Gate one = gate(name, check, "DELETE FROM ci.workflow");
    write_file(run.gate(name), to_json(one).dump(2) + "\n");
    verdict::Verdict verdict;
    verdict.gate = name;
    verdict.exit_gate = one.exit_gate;
    verdict.title = one.title;
    verdict.check = check;
    verdict.labels = one.labels;
    verdict.status = status;
    verdict.examined = 2;
    verdict.counterexample = one.counterexample;
    verdict.turned_red = true;
    verdict.started_at = "2026-11-23T10:00:01Z";
    write_file(run.verdict(name), to_json(verdict).dump(2) + "\n");
  }
  write_file(run.logs() / "ctest.log", "line one\nline two\n");
  write_file(run.logs() / "empty.log", "");
  write_sample_record(root);
}

void write_sample_record(const std::filesystem::path& root,
                         const std::function<void(record::RunRecord&)>& change) {
  const record::RunDirectory run{root};
  record::RunRecord record;
  record.id = "sample-1";
  record.repository = "sample";
  record.commit = kCommit;
  record.tree = kTree;
  record.database = "embedded";
  record.started_at = "2026-11-23T10:00:00Z";
  record.suite = {{"EG-CG1", "Sample"}, {"EG-CG2", "Sample"}};
  record.suite_digest = record::suite_digest(root);
  record.versions = {{"exitgate", "0.1.0"}};
  record.result.emplace().finished_at = "2026-11-23T10:00:09Z";
  record::Verdicts verdicts;
  for (const auto& entry : std::filesystem::directory_iterator(run.gates())) {
    record.gates.push_back(entry.path().stem().string());
  }
  std::sort(record.gates.begin(), record.gates.end());
  for (const auto& name : record.gates) {
    const bool there = std::filesystem::exists(run.verdict(name));
    (there ? record.result->selected : record.result->not_run).push_back(name);
    if (!there) continue;
    const auto verdict = verdict::verdict_from_json(Json::parse(read_file(run.verdict(name))));
    verdicts[name] = {verdict.status, verdict.waived};
  }
  record.result->outcome = record::outcome_of(record, verdicts, {});
  if (change) change(record);
  record::write_record(run, record);
}

}  // namespace exitgate::archive
