// The sections of EVIDENCE.md, in the order of the document that an engineer once gathered by hand. Each
// writes what the facts say and the commands with which a reader sees the same for himself.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/report/page.h"
#include "harness/report/report.h"

namespace exitgate::report {

void write_custody(Page& page, const RunView& run);
void write_workflows(Page& page, const RunView& run);
void write_artifacts(Page& page, const RunView& run);
void write_provisioning(Page& page, const RunView& run);
void write_upgrade(Page& page, const RunView& run);
void write_target_runs(Page& page, const RunView& run);
void write_test_reports(Page& page, const RunView& run);
void write_hooks(Page& page, const RunView& run);
void write_snapshots(Page& page, const RunView& run);
void write_tooling(Page& page, const RunView& run);
void write_bundle(Page& page, const RunView& run);
bool has_own_gates(const RunView& run);
void write_own_gates(Page& page, const RunView& run);
void write_census(Page& page, const RunView& run);
void write_gaps(Page& page, const RunView& run);

struct Section {
  const char* title;
  void (*write)(Page&, const RunView&);
  // Whether the run has anything for it; nullptr: it is always there, and says what is absent.
  bool (*has_content)(const RunView&) = nullptr;
};
// In the seed document's order, those that the run has something for.
std::vector<Section> sections(const RunView& run);

// Writes the section without its title. A store of another version ends it with a sentence that says so.
void write_section(Page& page, const Section& section, const RunView& run);

// Says that a domain is absent, and why. True when it is there.
bool collected(Page& page, const RunView& run, std::string_view domain);

// "sqlite3 facts/ci.db 'SELECT …'", with quotes as a shell needs them.
std::string sqlite_command(std::string_view domain, std::string_view sql);
// "SELECT … in facts/ci.db": where the rest of a long table is.
Inline in_store(std::string_view domain, std::string_view sql);

// Rows of a query, each as Markdown cells made by `cells`.
template <typename Cells>
std::vector<std::vector<std::string>> rows_of(const RunView& run, std::string_view sql, Cells cells) {
  std::vector<std::vector<std::string>> rows;
  auto query = run.facts->query(sql);
  for (const auto& row : query) rows.push_back(cells(row));
  return rows;
}

}  // namespace exitgate::report
