// report.html: one file, no script, nothing fetched. Red first; everything else folded away.
#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/report/evidence.h"
#include "harness/report/findings.h"
#include "harness/report/markup.h"
#include "harness/report/report.h"

namespace exitgate::report {

namespace {

std::string shown(std::string_view text) {
  return xml_escape(printable(text));
}

constexpr std::string_view kStyle = R"css(
:root { color-scheme: light dark; --ink: #1c2128; --faint: #57606a; --line: #d0d7de; --back: #ffffff; --panel: #f6f8fa;
  --red: #b3261e; --red-back: #fdecea; --green: #116329; --green-back: #e6f4ea; --amber: #7a4d00; --amber-back: #fff4d6; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6edf3; --faint: #9198a1; --line: #3d444d; --back: #0d1117;
  --panel: #161b22; --red: #ff938a; --red-back: #3d1512; --green: #7ee2a0; --green-back: #12301c; --amber: #f0c36d;
  --amber-back: #33270c; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--ink); font: 15px/1.5 system-ui, "Segoe UI", Roboto, sans-serif; }
main { max-width: 72rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.6rem; margin: 0 0 .25rem; } h2 { font-size: 1.25rem; margin: 2rem 0 .75rem; }
h3 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
code, pre { font: 13px/1.45 ui-monospace, "SFMono-Regular", Menlo, Consolas, monospace; }
code { background: var(--panel); border-radius: 4px; padding: .1em .3em; overflow-wrap: anywhere; }
pre { background: var(--panel); border: 1px solid var(--line); border-radius: 6px; padding: .6rem .8rem; overflow-x: auto; }
.faint { color: var(--faint); }
.pill { display: inline-block; border-radius: 1rem; padding: .05rem .65rem; font-weight: 600; white-space: nowrap; }
.red, .undecided { color: var(--red); background: var(--red-back); }
.green { color: var(--green); background: var(--green-back); }
.amber { color: var(--amber); background: var(--amber-back); }
.grey { color: var(--faint); background: var(--panel); }
.facts { display: grid; grid-template-columns: max-content 1fr; gap: .1rem 1rem; margin: 1rem 0; }
.facts dt { color: var(--faint); } .facts dd { margin: 0; min-width: 0; }
.cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(15rem, 1fr)); gap: .75rem; }
.card { border: 1px solid var(--line); border-radius: 8px; padding: .75rem .9rem; color: inherit; text-decoration: none; }
.card b { display: block; } .card .pill { float: right; }
.gate { border: 1px solid var(--line); border-left: 4px solid var(--red); border-radius: 6px; padding: .6rem .9rem;
  margin: .75rem 0; }
.gate.amber-edge { border-left-color: var(--amber); }
.gate ul { margin: .4rem 0; padding-left: 1.2rem; } .gate li { margin: .35rem 0; }
.hint::before { content: "→ "; }
.wide { overflow-x: auto; } .wide:focus-visible, pre:focus-visible { outline: 2px solid var(--faint); outline-offset: 2px; }
@media (max-width: 40rem) { main { padding-top: 1rem; } h1 { font-size: 1.3rem; } h2 { margin-top: 1.25rem; } }
table { border-collapse: collapse; margin: .5rem 0; font-size: .92em; }
th, td { border: 1px solid var(--line); padding: .25rem .55rem; text-align: left; vertical-align: top; }
th { background: var(--panel); } td:first-child code { white-space: nowrap; }
details { border-top: 1px solid var(--line); padding: .4rem 0; }
details > summary { cursor: pointer; font-weight: 600; padding: .3rem 0; }
@media print { details:not([open]) > *:not(summary) { display: block; } }
)css";

std::string_view pill_class(std::string_view word) {
  if (word == "red" || word == "fail" || word == "undecided" || word == "error" || word == "unfinished")
    return "red";
  if (word == "green" || word == "pass") return "green";
  if (word == "not run" || word == "not evaluated" || word == "partly evaluated" || word == "partial")
    return "amber";
  return "grey";
}

std::string pill(std::string_view word) {
  return fmt::format("<span class=\"pill {}\">{}</span>", pill_class(word), shown(word));
}

std::string tally(const Counts& counts) {
  std::vector<std::string> parts;
  const auto add = [&](std::size_t count, std::string_view what) {
    if (count > 0) parts.push_back(fmt::format("{} {}", count, what));
  };
  add(counts.failed, "failed");
  add(counts.undecided, "undecided");
  add(counts.passed, "passed");
  add(counts.waived, "of them waived");
  add(counts.skipped, "skipped");
  add(counts.not_run, "not run");
  return parts.empty() ? "no gates" : join(parts, ", ");
}

std::string fact(std::string_view name, const std::string& html) {
  return fmt::format("<dt>{}</dt><dd>{}</dd>\n", name, html);
}

std::string header(const RunView& run, const Counts& counts) {
  std::string text =
      fmt::format("<h1>{} {}</h1>\n<p class=\"faint\">{}: {}</p>\n", shown(run.repository),
                  pill(record::outcome_name(run.outcome)), count_of(counts.all(), "gate"), tally(counts));
  const auto reasons = reasons_beside_gates(run);
  if (!reasons.empty()) text += "<ul>\n";
  constexpr std::size_t kReasons = 3;  // what is red is to be on the first screen, on a telephone too
  for (std::size_t i = 0; i < reasons.size(); ++i) {
    if (i == kReasons) {
      text +=
          fmt::format("</ul>\n<details><summary>and {} more</summary>\n<ul>\n", reasons.size() - kReasons);
    }
    text += fmt::format("<li>{}</li>\n", inline_html(plain(reasons[i])));
  }
  if (!reasons.empty()) text += reasons.size() > kReasons ? "</ul>\n</details>\n" : "</ul>\n";
  if (counts.not_run > 0) {
    text += fmt::format("<p>{} This run evaluated a selection only: {} of {} gates were not run.</p>\n",
                        pill("not run"), counts.not_run, counts.all());
  }
  return text;
}

std::string facts_of(const RunView& run) {
  std::string text = "<dl class=\"facts\">\n";
  text += fact("commit", inline_html(code(run.commit)));
  if (run.has("repo")) {
    const auto branch = run.facts->text("SELECT branch FROM repo.checkout");
    const auto subject = run.facts->text("SELECT subject FROM repo.checkout");
    if (branch) text += fact("branch", inline_html(code(*branch)));
    if (subject) text += fact("subject", inline_html(plain(*subject)));
  }
  text += fact("tree", inline_html(code(run.tree)));
  text += fact("run", inline_html(code(run.id)));
  text += fact("started", inline_html(plain(run.started_at)));
  if (!run.finished_at.empty()) text += fact("finished", inline_html(plain(run.finished_at)));
  if (!run.database.empty()) text += fact("database", inline_html(plain(run.database)));
  return text + "</dl>\n";
}

std::string cards(const RunView& run) {
  std::string text = "<div class=\"cards\">\n";
  for (const auto& exit_gate : run.exit_gates) {
    const Counts counts = count_gates(exit_gate);
    text += fmt::format(
        "<a class=\"card\" href=\"#{0}\">{1}<b>{0}</b>{2}<br><span class=\"faint\">{3}</span></a>\n",
        shown(exit_gate.name), pill(record::state_name(exit_gate.state)), shown(exit_gate.title),
        tally(counts));
  }
  return text + "</div>\n";
}

std::string finding_list(const verdict::Verdict& verdict) {
  if (verdict.findings.empty()) return "";
  std::string text = "<ul>\n";
  const auto groups = group_findings(verdict.findings);
  for (std::size_t at = 0; at < groups.size(); ++at) {
    const auto& group = groups[at];
    std::string places;
    for (const auto& place : group.places) places += (places.empty() ? "" : ", ") + inline_html(code(place));
    text += fmt::format("<li>{}{}{}{}", places, places.empty() ? "" : ": ",
                        group.undecided ? "undecided: " : "", inline_html(prose(group.message)));
    if (says_hint(groups, at)) {
      text += fmt::format("<br><span class=\"hint faint\">{}</span>", inline_html(prose(group.hint)));
    }
    if (!group.waiver.empty()) {
      text +=
          fmt::format("<br><span class=\"pill amber\">waived</span> {}", inline_html(plain(group.waiver)));
    }
    text += "</li>\n";
  }
  return text + "</ul>\n";
}

std::string gate_panel(const GateView& gate, const std::vector<std::string>& consequences = {}) {
  const GateState state = state_of(gate);
  const std::string reason = reason_of(gate);
  std::string follows;
  for (const auto& name : consequences) follows += (follows.empty() ? "" : ", ") + inline_html(code(name));
  if (!follows.empty()) follows = fmt::format("<p>Red because of it: {}</p>\n", follows);
  return fmt::format("<section class=\"gate{}\">\n<b>{}</b> {} {}\n{}{}{}</section>\n",
                     state == GateState::passed ? " amber-edge" : "", shown(gate.name),
                     pill(state_name(state)), shown(gate.title),
                     reason.empty() ? "" : fmt::format("<p>{}</p>\n", inline_html(prose(reason))),
                     gate.verdict ? finding_list(*gate.verdict) : "", follows);
}

std::string open_gates(const RunView& run) {
  const auto consequences = consequences_of(run);
  const auto follows = [&](const GateView& gate) {
    return std::any_of(consequences.begin(), consequences.end(), [&](const auto& one) {
      return std::find(one.second.begin(), one.second.end(), gate.name) != one.second.end();
    });
  };
  std::string failed;
  std::string waived;
  for (const auto& exit_gate : run.exit_gates) {
    for (const auto& gate : exit_gate.gates) {
      const GateState state = state_of(gate);
      if ((state == GateState::failed || state == GateState::undecided) && !follows(gate)) {
        const auto own = consequences.find(gate.name);
        failed += gate_panel(gate, own == consequences.end() ? std::vector<std::string>{} : own->second);
      }
      if (state == GateState::passed && gate.verdict->waived) waived += gate_panel(gate);
    }
  }
  std::string text;
  if (!failed.empty()) text += "<h2>What is red, and what to do</h2>\n" + failed;
  if (!waived.empty()) text += "<h2>Green only by waivers</h2>\n" + waived;
  const auto stale = stale_waivers(run);
  if (!stale.empty()) text += "<h2>Waivers to renew or to remove</h2>\n<ul>\n";
  for (const auto& line : stale) text += fmt::format("<li>{}</li>\n", inline_html(plain(line)));
  if (!stale.empty()) text += "</ul>\n";
  return text;
}

std::string gate_tables(const RunView& run) {
  std::string text = "<h2>Every gate</h2>\n";
  for (const auto& exit_gate : run.exit_gates) {
    text += fmt::format(
        "<h3 id=\"{0}\">{0}: {1}</h3>\n<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Gates "
        "of "
        "{0}\"><table>\n<tr><th>gate</th><th>verdict</th>"
        "<th>title</th><th>examined</th><th>findings</th><th>counterexample</th><th>attempt</th></tr>\n",
        shown(exit_gate.name), shown(exit_gate.title));
    for (const auto& gate : exit_gate.gates) {
      const bool judged = gate.verdict.has_value();
      std::string title = shown(gate.title);
      const std::string reason = reason_of(gate);
      if (!reason.empty())
        title += fmt::format("<br><span class=\"faint\">{}</span>", inline_html(prose(reason)));
      text += fmt::format(
          "<tr><td><code>{}</code></td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td>"
          "<td>{}</td></tr>\n",
          shown(gate.name), pill(state_name(state_of(gate))), title,
          judged ? std::to_string(gate.verdict->examined) : "",
          judged ? std::to_string(gate.verdict->findings.size()) : "", proof_of(gate),
          judged ? std::to_string(gate.verdict->attempt) : "");
    }
    text += "</table></div>\n";
  }
  return text;
}

// The evidence, but for the gap summary, which the gates above are.
std::string evidence(const RunView& run) {
  std::string text = "<h2>Evidence</h2>\n";
  for (const auto& section : sections(run)) {
    if (section.write == write_gaps) continue;
    Page page;
    write_section(page, section, run);
    text += fmt::format("<details><summary>{}</summary>\n{}</details>\n", shown(section.title), page.html());
  }
  return text;
}

}  // namespace

std::string render_html(const RunView& run) {
  const Counts counts = count_gates(run);
  return fmt::format(
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
      "'unsafe-inline'\">\n"
      "<title>{} at {}: "
      "{}</title>\n<style>{}</style>\n</head>\n<body>\n<main>\n{}{}{}{}{}{}</main>\n</body>\n</html>\n",
      shown(run.repository), shown(run.commit.substr(0, 12)), record::outcome_name(run.outcome), kStyle,
      header(run, counts), open_gates(run), cards(run), facts_of(run), gate_tables(run), evidence(run));
}

}  // namespace exitgate::report
