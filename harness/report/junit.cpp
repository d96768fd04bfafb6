// JUnit XML in the form that Jenkins' schema (junit-10.xsd) describes and other readers share: no attribute
// and no element beyond it. What that form has no place for (examined, attempt, labels) stands in the suite's
// properties, under the gate's name.
#include <fmt/core.h>

#include "harness/base/output.h"
#include "harness/base/text.h"
#include "harness/report/findings.h"
#include "harness/report/markup.h"
#include "harness/report/report.h"

namespace exitgate::report {

namespace {

std::string attribute(std::string_view name, std::string_view value) {
  return fmt::format(" {}=\"{}\"", name, xml_escape(printable(value)));
}

std::string property(std::string_view name, std::string_view value) {
  return fmt::format("      <property{}{}/>\n", attribute("name", name), attribute("value", value));
}

std::string seconds(std::int64_t milliseconds) {
  return fmt::format("{}.{:03}", milliseconds / 1000, milliseconds % 1000);
}

// xs:dateTime without a zone, as the older schemas ask for; the times of a run are UTC.
std::string timestamp(const std::string& iso) {
  return !iso.empty() && iso.back() == 'Z' ? iso.substr(0, iso.size() - 1) : iso;
}

std::string listing(const std::vector<verdict::Judged>& findings) {
  std::string text;
  for (const auto& judged : findings) {
    const std::string place = place_of(judged.finding);
    text += fmt::format("{}{}{}{}\n", printable(place), place.empty() ? "" : ": ",
                        judged.undecided ? "undecided: " : "", printable(judged.finding.message));
    if (!judged.finding.hint.empty()) text += fmt::format("  -> {}\n", printable(judged.finding.hint));
    if (judged.waived) text += fmt::format("  waived: {}\n", printable(judged.waiver));
  }
  return without_commands(text);
}

std::string headline(const verdict::Verdict& verdict) {
  std::size_t open = 0;
  const verdict::Judged* first = nullptr;
  for (const auto& judged : verdict.findings) {
    if (judged.waived) continue;
    if (first == nullptr) first = &judged;
    ++open;
  }
  if (first == nullptr) return verdict.reason;
  const std::string place = place_of(first->finding);
  return fmt::format("{}{}{}{}", place, place.empty() ? "" : ": ", first->finding.message,
                     open > 1 ? fmt::format(" (and {} more)", open - 1) : "");
}

std::string element(std::string_view name, std::string_view type, std::string_view message,
                    std::string_view text) {
  return fmt::format("      <{0}{1}{2}>{3}</{0}>\n", name, attribute("type", type),
                     attribute("message", message), xml_escape(text));
}

std::string testcase(const GateView& gate) {
  const std::int64_t duration = gate.verdict ? gate.verdict->duration_ms : 0;
  std::string text = fmt::format("    <testcase{}{}{}>\n", attribute("classname", gate.exit_gate),
                                 attribute("name", gate.name), attribute("time", seconds(duration)));
  const std::string reason = reason_of(gate);
  switch (state_of(gate)) {
    case GateState::passed:
      break;
    case GateState::failed:
      text += element("failure", "fail", headline(*gate.verdict), listing(gate.verdict->findings));
      break;
    case GateState::undecided:
      text += element("error", "undecided", reason, gate.verdict ? listing(gate.verdict->findings) : "");
      break;
    case GateState::skipped:
    case GateState::not_run:
      text += fmt::format("      <skipped{}/>\n", attribute("message", reason));
      break;
  }
  std::string output = printable(gate.title) + "\n";
  if (gate.verdict) {
    output += fmt::format("examined {}\n", gate.verdict->examined);
    for (const auto& note : gate.verdict->notes) output += printable(note) + "\n";
    for (const auto& stale : gate.verdict->stale_waivers) output += printable(stale) + "\n";
    if (gate.verdict->waived) output += "passed by waivers only:\n" + listing(gate.verdict->findings);
  }
  return text + fmt::format("      <system-out>{}</system-out>\n    </testcase>\n",
                            xml_escape(without_commands(output)));
}

std::string testsuite(const RunView& run, const ExitGateView& exit_gate, std::size_t id) {
  const Counts counts = count_gates(exit_gate);
  std::int64_t duration = 0;
  std::string properties = property("title", exit_gate.title) + property("repository", run.repository) +
                           property("commit", run.commit) + property("tree", run.tree) +
                           property("run", run.id) + property("outcome", record::outcome_name(run.outcome)) +
                           property("state", record::state_name(exit_gate.state));
  std::string cases;
  for (const auto& gate : exit_gate.gates) {
    properties += property(gate.name + ".labels", join(gate.labels, ","));
    if (gate.verdict) {
      duration += gate.verdict->duration_ms;
      properties += property(gate.name + ".examined", std::to_string(gate.verdict->examined));
      properties += property(gate.name + ".attempt", std::to_string(gate.verdict->attempt));
      if (gate.verdict->waived) properties += property(gate.name + ".waived", "true");
    }
    cases += testcase(gate);
  }
  return fmt::format(
      "  <testsuite{}{}{}{}{}{}{}{}>\n    <properties>\n{}    </properties>\n{}  </testsuite>\n",
      attribute("name", exit_gate.name), attribute("id", std::to_string(id)),
      attribute("tests", std::to_string(exit_gate.gates.size())),
      attribute("failures", std::to_string(counts.failed)),
      attribute("errors", std::to_string(counts.undecided)),
      attribute("skipped", std::to_string(counts.skipped + counts.not_run)),
      attribute("time", seconds(duration)), attribute("timestamp", timestamp(run.started_at)), properties,
      cases);
}

bool is_accepted(const RunView& run) {
  return run.outcome == record::Outcome::partial && run.accepts_partial;
}

// The one test of the suite "exitgate", of a run that no gate turns red and that is not a pass all the same.
std::string outcome_suite(const RunView& run, std::size_t id) {
  const auto outcome = record::outcome_name(run.outcome);
  const auto reasons = reasons_beside_gates(run);
  const std::string_view headline = reasons.empty() ? outcome : std::string_view(reasons.front());
  const bool accepted = is_accepted(run);
  const std::string test = accepted ? fmt::format("      <skipped{}/>\n", attribute("message", headline))
                                    : element("error", outcome, headline, join(reasons, "\n"));
  return fmt::format(
      "  <testsuite{}{} tests=\"1\" failures=\"0\" errors=\"{}\" skipped=\"{}\" time=\"0.000\"{}>\n"
      "    <testcase{}{} time=\"0.000\">\n{}    </testcase>\n  </testsuite>\n",
      attribute("name", "exitgate"), attribute("id", std::to_string(id)), accepted ? 0 : 1, accepted ? 1 : 0,
      attribute("timestamp", timestamp(run.started_at)), attribute("classname", "exitgate"),
      attribute("name", "exitgate.outcome"), test);
}

}  // namespace

std::string render_junit(const RunView& run) {
  Counts counts = count_gates(run);
  std::int64_t duration = 0;
  std::string suites;
  std::size_t id = 0;
  for (const auto& exit_gate : run.exit_gates) {
    for (const auto& gate : exit_gate.gates) duration += gate.verdict ? gate.verdict->duration_ms : 0;
    suites += testsuite(run, exit_gate, id++);
  }
  std::size_t tests = counts.all();
  if (run.outcome != record::Outcome::pass && counts.failed + counts.undecided == 0) {
    suites += outcome_suite(run, id++);
    if (!is_accepted(run)) ++counts.undecided;
    ++tests;
  }
  return fmt::format("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites{}{}{}{}{}>\n{}</testsuites>\n",
                     attribute("name", run.repository), attribute("tests", std::to_string(tests)),
                     attribute("failures", std::to_string(counts.failed)),
                     attribute("errors", std::to_string(counts.undecided)),
                     attribute("time", seconds(duration)), suites);
}

}  // namespace exitgate::report
