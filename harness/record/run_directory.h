// Where everything of one run lies. The archive's data/ is this folder as it is.
//
//   run.json                    the run: id, target, commit, start, versions
//   suite/gates/<gate>.json     each gate as resolved        suite/*.yaml   the gate files as read
//   suite/checks/<check>.json   each check of the target's own
//   facts/<domain>.db           verdicts/<gate>.json
//   schema/ migrations/ environment/ logs/                   files for the evidence bundle
//   EVIDENCE.md junit.xml       written at the run's end
//   .exitgate/                  whose run this is and what has run in it; not part of the archive
#pragma once

#include <filesystem>
#include <string>

namespace exitgate::record {

struct RunDirectory {
  std::filesystem::path root;

  std::filesystem::path run() const { return root / "run.json"; }
  std::filesystem::path suite() const { return root / "suite"; }
  std::filesystem::path gates() const { return root / "suite" / "gates"; }
  std::filesystem::path gate(const std::string& name) const { return gates() / (name + ".json"); }
  // The description of a check that is not part of the exitgate program, with the SHA-256 of its executable.
  std::filesystem::path own_check(const std::string& name) const {
    return suite() / "checks" / (name + ".json");
  }
  std::filesystem::path facts() const { return root / "facts"; }
  std::filesystem::path verdicts() const { return root / "verdicts"; }
  std::filesystem::path verdict(const std::string& name) const { return verdicts() / (name + ".json"); }
  std::filesystem::path schema() const { return root / "schema"; }
  std::filesystem::path migrations() const { return root / "migrations"; }
  std::filesystem::path environment() const { return root / "environment"; }
  std::filesystem::path logs() const { return root / "logs"; }
  std::filesystem::path control() const { return root / ".exitgate"; }
  std::filesystem::path marks() const { return root / ".exitgate" / "marks"; }
};

}  // namespace exitgate::record
