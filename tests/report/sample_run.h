// A small run directory with every kind of verdict, written through the rooms that write real ones.
#pragma once

#include <string>
#include <vector>

#include "harness/base/file.h"
#include "harness/facts/store.h"
#include "harness/json/json.h"
#include "harness/record/run_directory.h"
#include "harness/verdict/verdict.h"

namespace exitgate::test {

class SampleRun {
 public:
  SampleRun() : folder_("exitgate-run"), run_{folder_.path()} {
    record_ = {
        {"id", "shop-0123456789ab"},
        {"repository", "shop"},
        {"commit", "0123456789abcdef0123456789abcdef01234567"},
        {"tree", "89abcdef0123456789abcdef0123456789abcdef"},
        {"config", "exitgate.yaml"},
        {"database", "embedded"},
        {"started_at", "2026-11-23T10:00:00Z"},
        {"finished_at", "2026-11-23T10:00:02Z"},
        {"suite",
         {{{"exit-gate", "EG-A1"}, {"title", "Artifacts"}}, {{"exit-gate", "EG-B2"}, {"title", "Base"}}}},
        {"gates", Json::array()},
        {"selected", Json::array()},
        {"not_run", Json::array()},
        {"versions", {{"exitgate", "0.1.0"}}}};
  }

  const std::filesystem::path& root() const { return folder_.path(); }
  const record::RunDirectory& run() const { return run_; }

  static Verdict verdict(const std::string& name, Status status, std::vector<Judged> findings = {}) {
    Verdict verdict;
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
  static Judged finding(const std::string& file, std::int64_t line, const std::string& message,
                        const std::string& hint = "") {
    Judged judged;
    judged.id = "0000000000000001";
    judged.finding = {"", file, line, message, hint};
    return judged;
  }

  void add(const Verdict& verdict) {
    add_gate(verdict);
    record_["selected"].push_back(verdict.gate);
    write_file(run_.verdict(verdict.gate), to_json(verdict).dump(2));
  }
  // Selected, and no verdict was left.
  void add_missing(const std::string& name) {
    add_gate(verdict(name, Status::error));
    record_["selected"].push_back(name);
  }
  void add_not_run(const std::string& name) {
    add_gate(verdict(name, Status::error));
    record_["not_run"].push_back(name);
  }
  void set(const std::string& name, const Json& value) { record_[name] = value; }
  void write() const { write_file(run_.run(), record_.dump(2)); }

  facts::Store store(const std::string& domain) const { return facts::Store(run_.facts(), domain); }

 private:
  void add_gate(const Verdict& verdict) {
    Gate gate;
    gate.name = verdict.gate;
    gate.exit_gate = verdict.exit_gate;
    gate.title = verdict.title;
    gate.check = verdict.check;
    gate.with = "{}";
    gate.labels = verdict.labels;
    gate.where = "gates/" + verdict.exit_gate + ".yaml:6";
    record_["gates"].push_back(verdict.gate);
    write_file(run_.gate(verdict.gate), to_json(gate).dump(2));
  }

  TemporaryDirectory folder_;
  record::RunDirectory run_;
  Json record_;
};

}  // namespace exitgate::test
