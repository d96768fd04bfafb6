#include "tests/evidence/sample_run.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "harness/base/file.h"
#include "harness/check/run_directory.h"
#include "harness/check/verdict.h"
#include "harness/digest/digest.h"
#include "harness/facts/store.h"

namespace exitgate::evidence {

namespace {

Gate gate(const std::string& name, const std::string& check, const std::string& counterexample) {
  Gate one;
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

}  // namespace

void write_sample_run(const std::filesystem::path& root) {
  const RunDirectory run{root};
  {
    facts::Store store(run.facts(), "repo");
    store.inserter("checkout", {"oid", "tree", "branch", "committed_at", "subject", "dirty", "shallow"})(
        kCommit, kTree, "main", "2026-11-20T08:00:00Z", "A commit", false, false);
    store.inserter("remote", {"name", "url", "contains_commit"})("origin", "https://github.com/o/r.git",
                                                                 true);
    store.close();
  }
  {
    facts::Store store(run.facts(), "ci");
    auto workflow = store.inserter("workflow", {"file", "name", "provider", "problem"});
    workflow(".github/workflows/ci.yml", "CI", "github", nullptr);
    workflow(".github/workflows/docs.yml", "Docs", "github", nullptr);
    store.close();
  }
  const std::string dump = "CREATE TABLE public.users (id bigint NOT NULL);\n";
  write_file(run.schema() / "schema.sql", dump);
  {
    facts::Store store(run.facts(), "schema");
    store.inserter("snapshot", {"name", "database", "server_version", "fingerprint", "taken_at"})(
        "migrated", "db", "15.18", std::string(64, 'a'), "2026-11-23T10:00:00Z");
    store.inserter("part", {"name", "path", "bytes", "sha256", "repeated", "problem"})(
        "schema-dump", "schema/schema.sql", dump.size(), sha256_hex(dump), true, nullptr);
    store.close();
  }
  write_file(run.run(), nlohmann::json{{"id", "sample-1"},
                                       {"repository", "sample"},
                                       {"commit", kCommit},
                                       {"tree", kTree},
                                       {"started_at", "2026-11-23T10:00:00Z"},
                                       {"outcome", "fail"}}
                                .dump(2) +
                            "\n");
  write_file(root / "EVIDENCE.md", "# Evidence\n\nAll of it.\n");
  write_file(root / "junit.xml", "<testsuites/>\n");
  write_file(run.suite() / "EG-CG1.yaml", "exit-gate: EG-CG1\n");
  const struct {
    const char* name;
    const char* check;
    Status status;
  } gates[] = {{"EG-CG1.readable", "workflows-readable", Status::pass},
               {"EG-CG1.docs", "sample-docs", Status::fail},
               {"EG-CG2.head", "sample-skip", Status::skip}};
  for (const auto& [name, check, status] : gates) {
    const Gate one = gate(name, check, "DELETE FROM ci.workflow");
    write_file(run.gate(name), to_json(one).dump(2) + "\n");
    Verdict verdict;
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
}

}  // namespace exitgate::evidence
