// A small run directory with every kind of verdict, written through the rooms that write real ones.
#pragma once

#include <string>
#include <vector>

#include "harness/base/file.h"
#include "harness/facts/store.h"
#include "harness/json/json.h"
#include "harness/record/run_record.h"
#include "harness/record/suite_digest.h"
#include "harness/verdict/verdict.h"

namespace exitgate::test {

class SampleRun {
 public:
  SampleRun() : folder_("exitgate-run"), run_{folder_.path()} {
    record_.id = "shop-0123456789ab";
    record_.repository = "shop";
    record_.commit = "0123456789abcdef0123456789abcdef01234567";
    record_.tree = "89abcdef0123456789abcdef0123456789abcdef";
    record_.config = "exitgate.yaml";
    record_.database = "embedded";
    record_.started_at = "2026-11-23T10:00:00Z";
    record_.suite = {{"EG-A1", "Artifacts"}, {"EG-B2", "Base"}};
    record_.versions = {{"exitgate", "0.1.0"}};
    record_.result.emplace().finished_at = "2026-11-23T10:00:02Z";
  }

  const std::filesystem::path& root() const { return folder_.path(); }
  const record::RunDirectory& run() const { return run_; }

  static verdict::Verdict verdict(const std::string& name, verdict::Status status,
                                  std::vector<verdict::Judged> findings = {}) {
    verdict::Verdict verdict;
    verdict.gate = name;
    verdict.exit_gate = name.substr(0, name.find('.'));
    verdict.title = "The title of " + name;
    verdict.check = "a-check";
    verdict.labels = {verdict.exit_gate, "ci"};
    verdict.status = status;
    verdict.examined = 3;
    verdict.findings = std::move(findings);
    verdict.counterexample = "DELETE FROM ci.artifact";
    verdict.turned_red = true;
    verdict.started_at = "2026-11-23T10:00:01Z";
    verdict.duration_ms = 4;
    return verdict;
  }
  static verdict::Judged finding(const std::string& file, std::int64_t line, const std::string& message,
                                 const std::string& hint = "") {
    verdict::Judged judged;
    judged.id = "0000000000000001";
    judged.finding = {"", file, line, message, hint};
    return judged;
  }

  void add(const verdict::Verdict& verdict) {
    add_gate(verdict);
    if (record_.result) record_.result->selected.push_back(verdict.gate);
    verdicts_[verdict.gate] = {verdict.status, verdict.waived};
    write_file(run_.verdict(verdict.gate), to_json(verdict).dump(2));
  }
  // Selected, and no verdict was left.
  void add_missing(const std::string& name) {
    add_gate(verdict(name, verdict::Status::error));
    if (record_.result) record_.result->selected.push_back(name);
  }
  void add_not_run(const std::string& name) {
    add_gate(verdict(name, verdict::Status::error));
    record_.result->not_run.push_back(name);
  }
  record::RunRecord& record() { return record_; }
  void write() const {
    auto record = record_;
    record.suite_digest = record::suite_digest(root());
    if (record.result) record.result->outcome = outcome_of(record, verdicts_, record.result->incomplete);
    record::write_record(run_, record);
  }

  facts::Store store(const std::string& domain) const { return facts::Store(run_.facts(), domain); }

 private:
  void add_gate(const verdict::Verdict& verdict) {
    verdict::Gate gate;
    gate.name = verdict.gate;
    gate.exit_gate = verdict.exit_gate;
    gate.title = verdict.title;
    gate.check = verdict.check;
    gate.with = "{}";
    gate.labels = verdict.labels;
    gate.where = "gates/" + verdict.exit_gate + ".yaml:6";
    record_.gates.push_back(verdict.gate);
    write_file(run_.gate(verdict.gate), to_json(gate).dump(2));
  }

  TemporaryDirectory folder_;
  record::RunDirectory run_;
  record::RunRecord record_;
  record::Verdicts verdicts_;
};

}  // namespace exitgate::test
