// What a run says to people and to tools. Every rendering is a function of the run directory alone: the same
// directory gives the same text, at any time and on any machine.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "harness/facts/facts.h"
#include "harness/record/outcome.h"
#include "harness/verdict/verdict.h"

namespace exitgate::report {

// One gate of the suite and what became of it.
struct GateView {
  std::string name;  // "EG-CG1.retention"
  std::string exit_gate;
  std::string title;
  std::vector<std::string> labels;
  std::string where;  // "gates/EG-CG1.yaml:6"; "" when unknown
  bool selected = true;
  // nullopt: not selected, or selected and its verdict is missing or unreadable, which `problem` says.
  std::optional<verdict::Verdict> verdict;
  std::string problem;
};

struct ExitGateView {
  std::string name;
  std::string title;
  std::vector<GateView> gates;  // sorted by name
  record::ExitGateState state = record::ExitGateState::not_run;
};

// A gate that is in the suite and was not asked.
struct LeftOutView {
  std::string gate;
  std::string title;
  std::string by;  // "profile minimal", "exitgate.yaml:4"
};

// A gate file that came from elsewhere.
struct IncludedView {
  std::string file;    // below suite/
  std::string origin;  // "https://host/team/gates@<commit>:ci.yaml"
  std::string sha256;
};

// A run directory, read once.
struct RunView {
  std::filesystem::path root;
  std::string id;
  std::string repository;
  std::string commit;
  std::string tree;
  std::string config;        // name of the configuration's file; "" when there was none
  std::string shown_at;      // a file of the commit for findings about the whole repository; "" when unknown
  std::string database;      // 'embedded' or 'live'
  std::string started_at;    // ISO 8601 UTC
  std::string finished_at;   // "" while the run goes on
  std::string suite_digest;  // see record/suite_digest.h
  std::vector<std::pair<std::string, std::string>> versions;  // program and version
  record::Outcome outcome = record::Outcome::unfinished;
  std::vector<std::string> incomplete;        // what is wrong with the evidence, a line each
  std::vector<std::string> partly_evaluated;  // why exit gates are only partly evaluated, a line each
  bool accepts_partial = false;               // whether such a run exits with 0
  std::vector<ExitGateView> exit_gates;       // in the suite's order
  std::string profile;                        // "" when there is none
  std::vector<LeftOutView> left_out;          // sorted by gate
  std::vector<IncludedView> included;
  std::shared_ptr<const facts::Facts> facts;             // the stores that are there
  std::map<std::string, std::string> unreadable_stores;  // domain and why

  bool has(std::string_view domain) const { return facts && facts->has(domain); }
};

// Reads run.json, suite/gates, verdicts and facts. What is missing or unreadable besides run.json is said in
// the view, never passed over. `incomplete`: what an archive says of its evidence beyond run.json (incomplete_of()).
// Throws Undecided when there is no readable run.json.
RunView load_run(const std::filesystem::path& root, const std::vector<std::string>& incomplete = {});

// Why the run is not a pass although no gate is red: its evidence is incomplete, nothing was judged, or it did not reach
// its end. A line each; empty when the gates say it all.
std::vector<std::string> reasons_beside_gates(const RunView& run);

struct SummaryOptions {
  std::string archive = {};  // path of the sealed archive; "" when nothing was sealed
  // Nullopt: when standard output is a terminal and NO_COLOR is not set.
  std::optional<bool> color = std::nullopt;
  std::size_t places = 5;     // file:line shown of one finding that occurs in many places
  std::size_t findings = 20;  // shown of one gate; report.html and the verdict hold all
};

// For the terminal: one line for each exit gate, then what is red with file:line and what to do.
std::string render_summary(const RunView& run, const SummaryOptions& options = {});

// JUnit XML: a testsuite for each exit gate, a testcase for each gate. Gates that were not selected are
// skipped and say so; a selected gate without a verdict is an error. A run that is not a pass although no gate is red gets
// a testcase of its own that says why: a CI service counts testcases only.
std::string render_junit(const RunView& run);

// EVIDENCE.md: the facts with file:line and the command with which each can be seen, the verdicts, and the
// gaps by exit gate.
std::string render_markdown(const RunView& run);

// One HTML file without scripts: what is red first, every gate, and the evidence folded away.
std::string render_html(const RunView& run);

// SARIF 2.1.0: each gate a rule, each finding a result, waived ones suppressed; a gate that could not be
// decided is a result too.
std::string render_sarif(const RunView& run);

// Workflow commands that a GitHub runner turns into annotations, to be printed by a step.
std::string render_github(const RunView& run);

}  // namespace exitgate::report
