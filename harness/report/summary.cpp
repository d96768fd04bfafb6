// The terminal's summary: read by somebody in a hurry, so green is one line and red is complete.
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "harness/base/text.h"
#include "harness/report/findings.h"
#include "harness/report/report.h"

namespace exitgate::report {

namespace {

bool wants_color() {
  const char* const no_color = std::getenv("NO_COLOR");
  const char* const terminal = std::getenv("TERM");
  return (no_color == nullptr || *no_color == '\0') && ::isatty(STDOUT_FILENO) == 1 &&
         (terminal == nullptr || std::string_view(terminal) != "dumb");
}

class Summary {
 public:
  Summary(const RunView& run, const SummaryOptions& options)
      : run_(run),
        options_(options),
        consequences_(consequences_of(run)),
        color_(options.color.value_or(wants_color())) {}

  std::string render() {
    text_ += fmt::format("\n{} at {}\n\n", printable(run_.repository), run_.commit.substr(0, 12));
    exit_gates();
    undecided();
    failed();
    waived();
    skipped();
    closing();
    return std::move(text_);
  }

 private:
  std::string paint(std::string_view code, std::string_view text) const {
    return color_ ? fmt::format("\x1b[{}m{}\x1b[0m", code, text) : std::string(text);
  }
  std::string red(std::string_view text) const { return paint("31", text); }
  std::string green(std::string_view text) const { return paint("32", text); }
  std::string yellow(std::string_view text) const { return paint("33", text); }
  std::string bold(std::string_view text) const { return paint("1", text); }
  std::string faint(std::string_view text) const { return paint("2", text); }

  std::string tally(const Counts& counts) const {
    std::vector<std::string> parts;
    if (counts.failed > 0) parts.push_back(red(fmt::format("{} failed", counts.failed)));
    if (counts.undecided > 0) parts.push_back(red(fmt::format("{} undecided", counts.undecided)));
    if (counts.passed > 0) parts.push_back(green(fmt::format("{} passed", counts.passed)));
    if (counts.waived > 0) parts.push_back(yellow(fmt::format("{} of them waived", counts.waived)));
    if (counts.skipped > 0) parts.push_back(fmt::format("{} skipped", counts.skipped));
    if (counts.not_run > 0) parts.push_back(yellow(fmt::format("{} not run", counts.not_run)));
    return parts.empty() ? "no gates" : join(parts, ", ");
  }

  void exit_gates() {
    std::size_t names = 0;
    std::size_t titles = 0;
    for (const auto& one : run_.exit_gates) {
      names = std::max(names, one.name.size());
      titles = std::max(titles, one.title.size());
    }
    for (const auto& one : run_.exit_gates) {
      const std::string_view word = record::state_name(one.state);
      const std::string padded = fmt::format("{:<16}", word);
      text_ +=
          fmt::format("  {:<{}}  {:<{}}  {}  {}\n", printable(one.name), names, printable(one.title), titles,
                      word == "green"                        ? green(padded)
                      : word == "red" || word == "undecided" ? red(padded)
                                                             : yellow(padded),
                      tally(count_gates(one)));
    }
  }

  // One cause often keeps many gates from being decided: it is told once.
  void undecided() {
    struct Cause {
      std::string reason;
      std::vector<std::string> gates;
      const GateView* first;
    };
    std::vector<Cause> causes;
    for (const auto& exit_gate : run_.exit_gates) {
      for (const auto& gate : exit_gate.gates) {
        if (state_of(gate) != GateState::undecided || follows(gate)) continue;
        const std::string reason = reason_of(gate);
        const bool own = gate.verdict && !gate.verdict->findings.empty();
        auto same = std::find_if(causes.begin(), causes.end(), [&](const Cause& cause) {
          return !own && cause.reason == reason &&
                 (!cause.first->verdict || cause.first->verdict->findings.empty());
        });
        if (same == causes.end()) same = causes.insert(same, {reason, {}, &gate});
        same->gates.push_back(gate.name);
      }
    }
    for (const auto& cause : causes) {
      if (cause.gates.size() == 1) {
        text_ +=
            fmt::format("\n{}  {}\n", red(bold(printable(cause.gates[0]))), printable(cause.first->title));
      } else {
        text_ += fmt::format("\n{}  {}\n", red(bold(count_of(cause.gates.size(), "gate"))),
                             printable(join(cause.gates, ", ")));
      }
      text_ += fmt::format("  could not be decided: {}\n", printable(cause.reason));
      if (cause.first->verdict) findings(*cause.first->verdict);
    }
  }

  void failed() {
    for (const auto& exit_gate : run_.exit_gates) {
      for (const auto& gate : exit_gate.gates) {
        if (state_of(gate) != GateState::failed || follows(gate)) continue;
        text_ += fmt::format("\n{}  {}\n", red(bold(printable(gate.name))), printable(gate.title));
        findings(*gate.verdict);
        if (const auto found = consequences_.find(gate.name); found != consequences_.end()) {
          text_ += fmt::format(
              "  {} red because of it: {}\n",
              found->second.size() == 1 ? "1 gate is" : fmt::format("{} gates are", found->second.size()),
              printable(join(found->second, ", ")));
        }
      }
    }
  }

  bool follows(const GateView& gate) const {
    return std::any_of(consequences_.begin(), consequences_.end(), [&](const auto& one) {
      return std::find(one.second.begin(), one.second.end(), gate.name) != one.second.end();
    });
  }

  void findings(const verdict::Verdict& verdict) {
    auto groups = group_findings(verdict.findings);
    std::erase_if(groups, [](const FindingGroup& group) { return !group.waiver.empty(); });
    std::size_t left = 0;  // findings that are not shown
    for (std::size_t at = options_.findings; at < groups.size(); ++at)
      left += std::max<std::size_t>(groups[at].places.size(), 1);
    groups.resize(std::min(groups.size(), options_.findings));
    for (std::size_t at = 0; at < groups.size(); ++at) {
      const auto& group = groups[at];
      const std::size_t shown = std::min(group.places.size(), options_.places);
      if (group.places.size() == 1) {
        text_ += fmt::format("  {}  {}\n", bold(printable(group.places[0])), printable(group.message));
      } else {
        text_ += fmt::format("  {}\n", printable(group.message));
        for (std::size_t i = 0; i < shown; ++i)
          text_ += fmt::format("    {}\n", bold(printable(group.places[i])));
        if (shown < group.places.size()) {
          text_ += fmt::format("    and {} more in report.html\n", group.places.size() - shown);
        }
      }
      if (says_hint(groups, at)) text_ += fmt::format("    {} {}\n", faint("->"), printable(group.hint));
    }
    if (left > 0) text_ += fmt::format("  and {} more in report.html\n", left);
  }

  void waived() {
    std::vector<std::string> names;
    for (const auto& exit_gate : run_.exit_gates) {
      for (const auto& gate : exit_gate.gates) {
        if (gate.verdict && gate.verdict->waived) names.push_back(gate.name);
      }
    }
    if (!names.empty()) {
      text_ += fmt::format("\n{}: {}\n", yellow("green only by waivers"), printable(join(names, ", ")));
    }
    const auto stale = stale_waivers(run_);
    if (!stale.empty()) text_ += fmt::format("\n{}\n", yellow("waivers to renew or to remove"));
    for (const auto& line : stale) text_ += fmt::format("  {}\n", printable(line));
  }

  // What was not asked, and what would have it asked: else a green exit gate hides it.
  void skipped() {
    std::size_t widest = 0;
    std::vector<const GateView*> gates;
    for (const auto& exit_gate : run_.exit_gates) {
      for (const auto& gate : exit_gate.gates) {
        if (state_of(gate) != GateState::skipped) continue;
        gates.push_back(&gate);
        widest = std::max(widest, gate.name.size());
      }
    }
    if (gates.empty()) return;
    text_ += "\nskipped\n";
    for (const GateView* const gate : gates) {
      text_ +=
          fmt::format("  {:<{}}  {}\n", printable(gate->name), widest, faint(printable(reason_of(*gate))));
    }
  }

  void closing() {
    const Counts counts = count_gates(run_);
    text_ += fmt::format("\n{}: {}\n", bold(count_of(counts.all(), "gate")), tally(counts));
    if (counts.not_run > 0) {
      text_ += "This run evaluated a selection only; the archive names the gates that were not run.\n";
    }
    if (!run_.left_out.empty()) {
      text_ += fmt::format("{} of the suite {} not asked{}; EVIDENCE.md lists {}.\n",
                           count_of(run_.left_out.size(), "gate"), run_.left_out.size() == 1 ? "was" : "were",
                           run_.profile.empty() ? "" : fmt::format(" (profile {})", printable(run_.profile)),
                           run_.left_out.size() == 1 ? "it" : "them");
    }
    if (const auto origin = reused_from(run_); !origin.empty()) {
      text_ += fmt::format("The database was not provisioned: its facts are of {} (--reuse).\n",
                           printable(origin));
    }
    if (options_.archive.empty()) {
      text_ += "Nothing was sealed.\n";
    } else {
      text_ += fmt::format("Archive: {}\n", printable(options_.archive));
    }
    const auto outcome = record::outcome_name(run_.outcome);
    text_ +=
        fmt::format("Outcome: {}\n", run_.outcome == record::Outcome::pass ? green(outcome) : red(outcome));
    reasons();
  }

  // Last, because it is what a reader must not miss: why the run is no pass although its gates may be green.
  void reasons() {
    const auto all = reasons_beside_gates(run_);
    const auto is_missing = [&](const std::string& reason) {
      return std::find(run_.incomplete.begin(), run_.incomplete.end(), reason) != run_.incomplete.end();
    };
    if (std::any_of(all.begin(), all.end(), is_missing)) text_ += red("The evidence is incomplete:") + "\n";
    for (const auto& reason : all) {
      if (is_missing(reason)) text_ += red("  " + printable(reason)) + "\n";
    }
    for (const auto& reason : all) {
      if (!is_missing(reason)) text_ += red(printable(reason)) + "\n";
    }
  }

  const RunView& run_;
  const SummaryOptions& options_;
  std::map<std::string, std::vector<std::string>> consequences_;
  bool color_;
  std::string text_;
};

}  // namespace

std::string render_summary(const RunView& run, const SummaryOptions& options) {
  return Summary(run, options).render();
}

}  // namespace exitgate::report
