// Annotations on a GitHub pull request: workflow commands, which the runner reads from the step's output.
#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/report/findings.h"
#include "harness/report/report.h"

namespace exitgate::report {

namespace {

constexpr std::size_t kPlaces = 20;    // told in one annotation
constexpr std::size_t kFindings = 10;  // annotations of one gate; a runner shows no more of a step

// As the runner decodes it: in the message `%`, CR and LF are written as escapes, in a property `:` and `,` too.
std::string escape(std::string_view text, bool property) {
  std::string result;
  // What is printable has no line break: those of a message are its own.
  std::string clean;
  for (const auto& line : split(text, '\n')) clean += (clean.empty() ? "" : "\n") + printable(line);
  for (const char c : clean) {
    switch (c) {
      case '%':
        result += "%25";
        break;
      case '\r':
        result += "%0D";
        break;
      case '\n':
        result += "%0A";
        break;
      case ':':
        result += property ? "%3A" : ":";
        break;
      case ',':
        result += property ? "%2C" : ",";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string annotation(std::string_view level, const std::string& place, std::string_view title,
                       std::string_view message) {
  std::string properties;
  if (!place.empty()) {
    const std::size_t colon = place.rfind(':');
    const bool has_line = colon != std::string::npos && colon + 1 < place.size() &&
                          place.find_first_not_of("0123456789", colon + 1) == std::string::npos;
    properties += fmt::format("file={},", escape(has_line ? place.substr(0, colon) : place, true));
    if (has_line) properties += fmt::format("line={},", place.substr(colon + 1));
  }
  return fmt::format("::{} {}title={}::{}\n", level, properties, escape(title, true), escape(message, false));
}

// A runner shows ten annotations of a kind for a step, so what is the same in many places is one, with its places.
std::string gate_annotations(const GateView& gate) {
  std::string text;
  if (!gate.verdict || gate.verdict->findings.empty()) {
    return annotation("error", "", gate.name, fmt::format("{}: {}", gate.title, reason_of(gate)));
  }
  std::size_t told = 0;
  std::size_t left = 0;
  for (const auto& group : group_findings(gate.verdict->findings)) {
    if (!group.waiver.empty()) continue;
    if (told == kFindings) {
      left += std::max<std::size_t>(group.places.size(), 1);
      continue;
    }
    ++told;
    std::string message = (group.undecided ? "could not be decided: " : "") + printable(group.message);
    if (!group.hint.empty()) message += "\n-> " + printable(group.hint);
    for (std::size_t i = 1; i < std::min(group.places.size(), kPlaces); ++i) {
      message += (i == 1 ? "\nalso " : ", ") + printable(group.places[i]);
    }
    if (group.places.size() > kPlaces) message += fmt::format(" and {} more", group.places.size() - kPlaces);
    text += annotation("error", group.places.empty() ? "" : group.places[0], gate.name, message);
  }
  if (left > 0) text += annotation("error", "", gate.name, fmt::format("and {} more in report.html", left));
  return text;
}

}  // namespace

std::string render_github(const RunView& run) {
  std::string text;
  for (const auto& exit_gate : run.exit_gates) {
    for (const auto& gate : exit_gate.gates) {
      const GateState state = state_of(gate);
      if (state == GateState::failed || state == GateState::undecided) text += gate_annotations(gate);
    }
  }
  const Counts counts = count_gates(run);
  if (counts.not_run > 0) {
    text += annotation("warning", "", "exitgate",
                       fmt::format("{} of {} were not run: this run evaluated a selection only",
                                   counts.not_run, count_of(counts.all(), "gate")));
  }
  if (counts.waived > 0) {
    text += annotation(
        "notice", "", "exitgate",
        fmt::format("{} green only by waivers",
                    counts.waived == 1 ? "1 gate is" : fmt::format("{} gates are", counts.waived)));
  }
  for (const auto& reason : reasons_beside_gates(run)) text += annotation("error", "", "exitgate", reason);
  for (const auto& line : stale_waivers(run)) text += annotation("warning", "", "exitgate", line);
  return text;
}

}  // namespace exitgate::report
