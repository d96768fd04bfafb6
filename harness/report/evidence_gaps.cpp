// What the bundle holds, and what each exit gate says of it.
#include <fmt/core.h>

#include <map>

#include "harness/base/text.h"
#include "harness/report/evidence.h"
#include "harness/report/findings.h"

namespace exitgate::report {

namespace {

using facts::Row;

std::vector<std::string> part_cells(const Row& row) {
  return {plain(row.text("name")), row.text("path").empty() ? "missing" : code(row.text("path")),
          std::to_string(row.integer("bytes")), code(row.text("sha256")), plain(row.text("problem"))};
}

std::string verdict_word(const GateView& gate) {
  std::string word(state_name(state_of(gate)));
  if (gate.verdict && gate.verdict->waived) word += " (by waivers only)";
  return word;
}

// "1 of 6 gates failed: retention (12 findings)."
std::string gap_sentence(const ExitGateView& exit_gate) {
  switch (exit_gate.state) {
    case record::ExitGateState::green:
      return "No gap: every gate that applies passed.";
    case record::ExitGateState::partial:
      return "Partly evaluated: what passed has no gap, but a core gate was skipped.";
    case record::ExitGateState::not_applicable:
      return "Not applicable: nothing that it is about exists in this commit.";
    case record::ExitGateState::not_evaluated:
    case record::ExitGateState::not_run:
      return "Not evaluated in this run.";
    case record::ExitGateState::red:
    case record::ExitGateState::undecided:
      break;
  }
  std::vector<std::string> open;
  for (const auto& gate : exit_gate.gates) {
    const GateState state = state_of(gate);
    if (state == GateState::failed) {
      open.push_back(
          fmt::format("{} ({})", code(gate.name), count_of(gate.verdict->findings.size(), "finding")));
    } else if (state == GateState::undecided) {
      open.push_back(fmt::format("{} (undecided)", code(gate.name)));
    }
  }
  return fmt::format("Gap: {}.", join(open, ", "));
}

void write_gate_findings(Page& page, const GateView& gate) {
  const std::string reason = reason_of(gate);
  if (reason.empty() && (!gate.verdict || gate.verdict->findings.empty())) return;
  page.paragraph(fmt::format("{}: {}{}", strong(gate.name), plain(gate.title),
                             reason.empty() ? "" : fmt::format(" ({})", prose(reason))));
  if (!gate.verdict) return;
  std::vector<std::string> items;
  const auto groups = group_findings(gate.verdict->findings);
  for (std::size_t at = 0; at < groups.size(); ++at) {
    const auto& group = groups[at];
    std::string item;
    for (const auto& place : group.places) item += (item.empty() ? "" : ", ") + code(place);
    if (!item.empty()) item += ": ";
    if (group.undecided) item += "undecided: ";
    item += prose(group.message);
    if (says_hint(groups, at)) item += fmt::format(" — {}", prose(group.hint));
    if (!group.waiver.empty()) item += fmt::format(" — waived: {}", plain(group.waiver));
    items.push_back(std::move(item));
  }
  if (!items.empty()) page.list(items);
}

void write_exit_gate(Page& page, const ExitGateView& exit_gate) {
  page.heading(3, plain(fmt::format("{} ({}): {}", exit_gate.name, exit_gate.title,
                                    record::state_name(exit_gate.state))));
  page.paragraph(gap_sentence(exit_gate));
  std::vector<std::vector<std::string>> rows;
  for (const auto& gate : exit_gate.gates) {
    const auto number = [&](std::int64_t value) {
      return gate.verdict ? std::to_string(value) : std::string();
    };
    rows.push_back({code(gate.name), plain(gate.title), verdict_word(gate),
                    number(gate.verdict ? gate.verdict->examined : 0),
                    number(gate.verdict ? static_cast<std::int64_t>(gate.verdict->findings.size()) : 0),
                    proof_of(gate), number(gate.verdict ? gate.verdict->attempt : 0)});
  }
  if (!rows.empty()) {
    page.table({"gate", "title", "verdict", "examined", "findings", "counterexample", "attempt"}, rows);
  }
  for (const auto& gate : exit_gate.gates) write_gate_findings(page, gate);
}

// Gates that nobody asked for are no gap; a reader must see all the same that they were not asked.
void write_left_out(Page& page, const RunView& run) {
  std::map<std::string, std::vector<std::string>> by;
  for (const auto& one : run.left_out)
    by[one.by].push_back(fmt::format("{}: {}", code(one.gate), plain(one.title)));
  for (const auto& [who, gates] : by) {
    page.paragraph(plain(fmt::format("Not asked by {}:", who)));
    page.list(gates);
  }
}

}  // namespace

void write_bundle(Page& page, const RunView& run) {
  std::vector<std::vector<std::string>> parts;
  for (const char* domain : {"schema", "environment"}) {
    if (!collected(page, run, domain)) continue;
    auto more = rows_of(
        run,
        fmt::format("SELECT name, path, bytes, sha256, problem FROM {}.part ORDER BY name, path", domain),
        part_cells);
    parts.insert(parts.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  if (!run.incomplete.empty()) {
    page.paragraph("The evidence of this run is incomplete:");
    std::vector<std::vector<std::string>> problems;
    for (const auto& line : run.incomplete) problems.push_back({plain(line)});
    page.table({"problem"}, problems);
  }
  if (!parts.empty()) {
    page.paragraph("Parts of this run's bundle:");
    page.table({"part", "file", "bytes", "SHA-256", "problem"}, parts);
    page.commands({"sha256sum schema/* migrations/* environment/* logs/*"});
  }
  if (!run.has("environment")) return;
  const auto tools = rows_of(
      run, "SELECT name, version, path, sha256 FROM environment.tool ORDER BY rowid", [](const Row& row) {
        if (row.is_null("path"))
          return std::vector<std::string>{code(row.text("name")), "not installed", "", ""};
        return std::vector{code(row.text("name")),
                           row.is_null("version") ? "unknown" : plain(row.text("version")),
                           code(row.text("path")), code(row.text("sha256"))};
      });
  page.paragraph("Programs of the machine that the run was on:");
  page.table({"program", "version", "path", "SHA-256"}, tools);
}

void write_gaps(Page& page, const RunView& run) {
  if (run.exit_gates.empty()) page.paragraph("The run has no exit gates.");
  for (const auto& exit_gate : run.exit_gates) write_exit_gate(page, exit_gate);
  write_left_out(page, run);
  std::vector<std::string> stale;
  for (const auto& line : stale_waivers(run)) stale.push_back(plain(line));
  if (stale.empty()) return;
  page.paragraph("Waivers to renew or to remove:");
  page.list(stale);
}

}  // namespace exitgate::report
