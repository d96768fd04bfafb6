#include "harness/archive/diff.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>

#include "harness/archive/run_source.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/facts/facts.h"
#include "harness/json/json.h"
#include "harness/json/strict.h"
#include "harness/record/run_directory.h"
#include "harness/record/run_summary.h"
#include "harness/schema/column_order.h"
#include "harness/verdict/verdict.h"

namespace exitgate::archive {

namespace {

namespace fs = std::filesystem;

// What a side has: thing → how it is there.
using Things = std::map<std::string, std::string>;

// Two things of one name are two: the second is told apart by its number.
void put(Things& things, const std::string& what, const std::string& state) {
  std::string key = what;
  for (int number = 2; things.contains(key); ++number) key = fmt::format("{} ({})", what, number);
  things.emplace(std::move(key), state);
}

std::vector<Change> compare(const Things& a, const Things& b) {
  std::vector<Change> changes;
  for (const auto& [what, before] : a) {
    const auto after = b.find(what);
    if (after == b.end()) {
      changes.push_back({what, before, ""});
    } else if (after->second != before) {
      changes.push_back({what, before, after->second});
    }
  }
  for (const auto& [what, after] : b) {
    if (!a.contains(what)) changes.push_back({what, "", after});
  }
  std::sort(changes.begin(), changes.end(), [](const Change& x, const Change& y) { return x.what < y.what; });
  return changes;
}

Things gates(const fs::path& run) {
  Things things;
  for (const auto& gate : record::summarize(run).gates) {
    put(things, gate.gate,
        !gate.status  ? "not evaluated"
        : gate.waived ? "pass on waivers"
                      : std::string(verdict::status_name(*gate.status)));
  }
  return things;
}

Things findings(const fs::path& root) {
  const record::RunDirectory run{root};
  Things things;
  std::vector<fs::path> files;
  if (fs::exists(run.verdicts())) {
    for (const auto& entry : fs::directory_iterator(run.verdicts())) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    const verdict::Verdict verdict =
        verdict::verdict_from_json(parse_strict(read_file(file), "verdicts/" + file.filename().string()));
    for (const auto& one : verdict.findings) {
      // By id alone: a finding whose line moved is the same finding.
      const std::string where = one.finding.file.empty() ? ""
                                : one.finding.line > 0
                                    ? fmt::format("{}:{}: ", one.finding.file, one.finding.line)
                                    : fmt::format("{}: ", one.finding.file);
      put(things, fmt::format("{} {}", verdict.gate, one.id), where + one.finding.message);
    }
  }
  return things;
}

// A finding that is there in both is not a change, wherever its line is now.
std::vector<Change> compare_findings(const Things& a, const Things& b) {
  std::vector<Change> changes = compare(a, b);
  std::erase_if(changes,
                [](const Change& change) { return !change.before.empty() && !change.after.empty(); });
  return changes;
}

// A column that came or went is named as such; that it stands in no order any more says nothing new.
bool changes_no_order(const Change& change) {
  std::string_view what = change.what;
  const auto snapshot = what.find(": ");
  if (snapshot != std::string_view::npos && what.substr(0, snapshot) == "live")
    what.remove_prefix(snapshot + 2);
  if (!what.starts_with(schema::kColumnOrder)) return false;
  return change.before.empty() || change.after.empty() ||
         schema::same_column_order(change.before, change.after);
}

// One row each: what, how.
struct Question {
  const char* name;
  const char* title;
  const char* domain;
  const char* sql;
};

constexpr Question kQuestions[] = {
    {"schema", "Schema", "schema",
     "SELECT CASE snapshot WHEN 'migrated' THEN '' ELSE snapshot || ': ' END || kind || ' ' || identity AS "
     "what, "
     // An order is compared by what it says: see changes_no_order.
     "CASE kind WHEN 'column order' THEN definition ELSE substr(sha256, 1, 12) END AS how "
     "FROM schema.object WHERE snapshot <> 'migrated-again' ORDER BY 1, 2"},
    {"migrations", "Migration heads", "migrations",
     "SELECT environment || ' ' || id AS what, 'head' AS how FROM migrations.head ORDER BY 1"},
    {"workflows", "Workflows", "ci",
     "SELECT file AS what, coalesce('unreadable: ' || problem, name, 'unnamed') AS how FROM ci.workflow "
     "ORDER BY 1"},
    {"artifacts", "Artifacts", "ci",
     "SELECT file || ' ' || job || ' ' || direction || ' ' || coalesce(name, '(no name)') AS what, action || "
     "coalesce('@' || ref, '') || "
     "', retention ' || coalesce(retention, 'not given') || ', if-no-files-found ' || "
     "coalesce(if_no_files_found, 'not given') || "
     "', on pull requests ' || on_pull_request AS how FROM ci.artifact ORDER BY 1, position"},
    {"tools", "Tools", "environment",
     "SELECT name AS what, "
     "coalesce(version, CASE WHEN path IS NULL THEN 'not installed' ELSE 'unknown version' END) AS how "
     "FROM environment.tool ORDER BY 1, 2"},
    {"packages", "Packages", "environment",
     "SELECT manager || ' ' || name AS what, coalesce(version, 'unknown version') AS how "
     "FROM environment.package ORDER BY 1, 2"},
    {"variables", "Environment variables", "environment",
     "SELECT name AS what, value AS how FROM environment.variable ORDER BY 1, 2"},
};

Things answer(const fs::path& run, const Question& question) {
  const facts::Facts facts(record::RunDirectory{run}.facts(), {question.domain});
  Things things;
  for (const auto& row : facts.query(question.sql)) put(things, row.text("what"), row.text("how"));
  return things;
}

bool has_store(const fs::path& run, const char* domain) {
  return fs::exists(record::RunDirectory{run}.facts() / (std::string(domain) + ".db"));
}

DiffSection ask(const fs::path& a, const fs::path& b, const Question& question) {
  DiffSection section{question.name, question.title, {}, ""};
  const bool in_a = has_store(a, question.domain);
  const bool in_b = has_store(b, question.domain);
  if (!in_a && !in_b) return section;
  if (in_a != in_b) {
    section.problem = fmt::format("only the {} run has {} facts", in_a ? "first" : "second", question.domain);
    return section;
  }
  try {
    section.changes = compare(answer(a, question), answer(b, question));
    if (section.name == "schema") std::erase_if(section.changes, changes_no_order);
  } catch (const Error& error) {
    section.problem = error.what();
  }
  return section;
}

Diff::Side side(const RunSource& source) {
  const record::RunSummary summary = record::summarize(source.folder());
  return {source.name(), summary.id(), summary.commit};
}

std::string line_of(const Change& change, const std::string& arrow) {
  const std::string what = printable(change.what);
  if (change.before.empty()) return fmt::format("+ {}: {}", what, printable(change.after));
  if (change.after.empty()) return fmt::format("- {}: {}", what, printable(change.before));
  return fmt::format("~ {}: {} {} {}", what, printable(change.before), arrow, printable(change.after));
}

// A cell of a table: text of a repository must not end it.
std::string cell(const std::string& text) {
  std::string safe;
  for (const char c : printable(text)) {
    if (c == '|' || c == '\\' || c == '`' || c == '<') safe += '\\';
    safe += c;
  }
  return safe;
}

}  // namespace

bool Diff::same() const {
  return std::all_of(sections.begin(), sections.end(),
                     [](const DiffSection& one) { return one.changes.empty() && one.problem.empty(); });
}

bool Diff::worse() const {
  for (const auto& section : sections) {
    if (section.name != "gates") continue;
    for (const auto& change : section.changes) {
      if (change.before.starts_with("pass") && !change.after.starts_with("pass")) return true;
    }
  }
  return false;
}

Diff diff(const fs::path& a, const fs::path& b) {
  const RunSource first(a);
  const RunSource second(b);
  Diff result;
  result.a = side(first);
  result.b = side(second);
  result.sections.push_back({"gates", "Gates", compare(gates(first.folder()), gates(second.folder())), ""});
  result.sections.push_back(
      {"findings", "Findings", compare_findings(findings(first.folder()), findings(second.folder())), ""});
  for (const auto& question : kQuestions)
    result.sections.push_back(ask(first.folder(), second.folder(), question));
  return result;
}

std::string render_text(const Diff& diff) {
  std::string text = fmt::format("from {}, commit {}\nto   {}, commit {}\n", printable(diff.a.name),
                                 printable(diff.a.commit.substr(0, 12)), printable(diff.b.name),
                                 diff.b.commit.substr(0, 12));
  for (const auto& section : diff.sections) {
    if (section.changes.empty() && section.problem.empty()) continue;
    text += fmt::format("\n{}\n", section.title);
    if (!section.problem.empty()) text += fmt::format("  not compared: {}\n", printable(section.problem));
    for (const auto& change : section.changes) text += fmt::format("  {}\n", line_of(change, "->"));
  }
  if (diff.same()) text += "\nNothing differs.\n";
  return text;
}

std::string render_markdown(const Diff& diff) {
  std::string text =
      fmt::format("# {} → {}\n\n| | from | to |\n|---|---|---|\n| run | {} | {} |\n| commit | {} | {} |\n",
                  cell(diff.a.name), cell(diff.b.name), cell(diff.a.id), cell(diff.b.id), cell(diff.a.commit),
                  cell(diff.b.commit));
  for (const auto& section : diff.sections) {
    if (section.changes.empty() && section.problem.empty()) continue;
    text += fmt::format("\n## {}\n\n", section.title);
    if (!section.problem.empty()) text += fmt::format("Not compared: {}\n", cell(section.problem));
    if (section.changes.empty()) continue;
    text += "| | before | after |\n|---|---|---|\n";
    for (const auto& change : section.changes) {
      text += fmt::format("| {} | {} | {} |\n", cell(change.what), cell(change.before), cell(change.after));
    }
  }
  if (diff.same()) text += "\nNothing differs.\n";
  return text;
}

std::string render_json(const Diff& diff) {
  const auto side_json = [](const Diff::Side& one) {
    return Json{{"name", one.name}, {"id", one.id}, {"commit", one.commit}};
  };
  Json sections = Json::array();
  for (const auto& section : diff.sections) {
    Json changes = Json::array();
    for (const auto& change : section.changes) {
      changes.push_back({{"what", change.what},
                         {"before", change.before.empty() ? Json(nullptr) : Json(change.before)},
                         {"after", change.after.empty() ? Json(nullptr) : Json(change.after)}});
    }
    Json one = {{"section", section.name}, {"changes", std::move(changes)}};
    if (!section.problem.empty()) one["problem"] = section.problem;
    sections.push_back(std::move(one));
  }
  const Json document = {{"from", side_json(diff.a)},
                         {"to", side_json(diff.b)},
                         {"same", diff.same()},
                         {"worse", diff.worse()},
                         {"sections", std::move(sections)}};
  return document.dump(2) + "\n";
}

}  // namespace exitgate::archive
