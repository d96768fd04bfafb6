#include <fmt/core.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/json/json.h"
#include "harness/verdict/verdict.h"

namespace exitgate::verdict {

namespace {

template <typename Value>
Value value_of(const Json& json) {
  if constexpr (std::is_same_v<Value, std::string>) {
    return json.text();
  } else if constexpr (std::is_same_v<Value, bool>) {
    return json.boolean();
  } else if constexpr (std::is_integral_v<Value>) {
    return static_cast<Value>(json.integer());
  } else if constexpr (std::is_same_v<Value, Json>) {
    return json;
  } else {
    return json.strings();
  }
}

// A member of the wanted type, or Undecided naming it.
template <typename Value>
Value member(const Json& object, const char* name, std::string_view of) {
  const auto found = object.find(name);
  if (found == nullptr) throw Undecided(fmt::format("{}: '{}' is missing", of, name));
  try {
    return value_of<Value>(*found);
  } catch (const JsonError&) {
    throw Undecided(fmt::format("{}: '{}' has another type than it should", of, name));
  }
}

Json or_null(const std::string& text) {
  return text.empty() ? Json(nullptr) : Json(text);
}

std::string text_or_empty(const Json& object, const char* name, std::string_view of) {
  const auto found = object.find(name);
  if (found == nullptr || found->is_null()) return "";
  return member<std::string>(object, name, of);
}

// Of an earlier archive: an error.
Severity severity_in(const Json& object, std::string_view of) {
  const auto name = text_or_empty(object, "severity", of);
  if (name.empty()) return Severity::error;
  const auto known = severity_of(name);
  if (!known) throw Undecided(fmt::format("{}: unknown severity '{}'", of, name));
  return *known;
}

}  // namespace

std::string_view severity_name(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::note:
      return "note";
  }
  return "error";
}

std::optional<Severity> severity_of(std::string_view name) {
  for (const Severity severity : {Severity::error, Severity::warning, Severity::note}) {
    if (severity_name(severity) == name) return severity;
  }
  return std::nullopt;
}

std::string_view status_name(Status status) {
  switch (status) {
    case Status::pass:
      return "pass";
    case Status::fail:
      return "fail";
    case Status::skip:
      return "skip";
    case Status::error:
      return "error";
  }
  return "error";
}

std::optional<Status> status_of(std::string_view name) {
  for (const Status status : {Status::pass, Status::fail, Status::skip, Status::error}) {
    if (status_name(status) == name) return status;
  }
  return std::nullopt;
}

int exit_code(Status status) {
  switch (status) {
    case Status::pass:
      return 0;
    case Status::fail:
      return 1;
    case Status::skip:
      return 77;
    case Status::error:
      return 3;
  }
  return 3;
}

Json to_json(const check::Check& check) {
  Json parameters = Json::array();
  for (const auto& parameter : check.parameters) {
    parameters.push_back(
        {{"name", parameter.name},
         {"type", type_name(parameter.type)},
         {"default", parameter.default_value ? Json::parse(*parameter.default_value) : Json(nullptr)},
         {"meaning", parameter.meaning}});
  }
  return {{"name", check.name},
          {"title", check.title},
          {"why", check.why},
          {"domains", check.domains},
          {"optional_domains", check.optional_domains},
          {"parts", check.parts ? Json(*check.parts) : Json(nullptr)},
          {"parameters", std::move(parameters)}};
}

Json to_json(const Gate& gate) {
  Json waivers = Json::array();
  for (const auto& waiver : gate.waivers) {
    waivers.push_back({{"finding", waiver.finding},
                       {"reason", waiver.reason},
                       {"expires", waiver.expires},
                       {"where", waiver.where}});
  }
  return {{"gate", gate.name},
          {"exit_gate", gate.exit_gate},
          {"exit_gate_title", gate.exit_gate_title},
          {"title", gate.title},
          {"check", gate.check},
          {"with", Json::parse(gate.with)},
          {"labels", gate.labels},
          {"counterexample", gate.counterexample},
          {"example", gate.example.empty() ? Json(nullptr) : Json::parse(gate.example)},
          {"unproven", or_null(gate.unproven)},
          {"why", or_null(gate.why)},
          {"hint", or_null(gate.hint)},
          {"severity", severity_name(gate.severity)},
          {"about", or_null(gate.about)},
          {"about_domains", gate.about_domains},
          {"parts", gate.parts},
          {"core", gate.core},
          {"waivers", std::move(waivers)},
          {"where", gate.where}};
}

Gate gate_from_json(const Json& object) {
  constexpr std::string_view kOf = "gate";
  if (!object.is_object()) throw Undecided("gate: no JSON object");
  Gate gate;
  gate.name = member<std::string>(object, "gate", kOf);
  gate.exit_gate = member<std::string>(object, "exit_gate", kOf);
  gate.exit_gate_title = member<std::string>(object, "exit_gate_title", kOf);
  gate.title = member<std::string>(object, "title", kOf);
  gate.check = member<std::string>(object, "check", kOf);
  gate.with = member<Json>(object, "with", kOf).dump();
  gate.labels = member<std::vector<std::string>>(object, "labels", kOf);
  gate.counterexample = member<std::string>(object, "counterexample", kOf);
  gate.where = member<std::string>(object, "where", kOf);
  // Gates of earlier archives do not have these.
  if (const auto* example = object.find("example"); example != nullptr && !example->is_null())
    gate.example = example->dump();
  gate.unproven = text_or_empty(object, "unproven", kOf);
  gate.why = text_or_empty(object, "why", kOf);
  gate.hint = text_or_empty(object, "hint", kOf);
  gate.severity = severity_in(object, kOf);
  gate.about = text_or_empty(object, "about", kOf);
  if (object.contains("about_domains"))
    gate.about_domains = member<std::vector<std::string>>(object, "about_domains", kOf);
  if (object.contains("parts")) gate.parts = member<std::vector<std::string>>(object, "parts", kOf);
  if (object.contains("core")) gate.core = member<bool>(object, "core", kOf);
  for (const auto& waiver : member<Json>(object, "waivers", kOf)) {
    gate.waivers.push_back(
        {member<std::string>(waiver, "finding", "waiver"), member<std::string>(waiver, "reason", "waiver"),
         member<std::string>(waiver, "expires", "waiver"), member<std::string>(waiver, "where", "waiver")});
  }
  return gate;
}

Json to_json(const Verdict& verdict) {
  Json findings = Json::array();
  for (const auto& judged : verdict.findings) {
    Json one = {{"id", judged.id},
                {"key", judged.finding.key},
                {"file", or_null(judged.finding.file)},
                {"line", judged.finding.line > 0 ? Json(judged.finding.line) : Json(nullptr)},
                {"blob", or_null(judged.blob)},
                {"message", judged.finding.message},
                {"hint", judged.finding.hint}};
    if (judged.undecided) one["undecided"] = true;
    if (judged.waived) one["waiver"] = judged.waiver;
    findings.push_back(std::move(one));
  }
  return {{"gate", verdict.gate},
          {"exit_gate", verdict.exit_gate},
          {"title", verdict.title},
          {"check", verdict.check},
          {"labels", verdict.labels},
          {"status", status_name(verdict.status)},
          {"reason", or_null(verdict.reason)},
          {"waived", verdict.waived},
          {"not_applicable", verdict.not_applicable},
          {"examined", verdict.examined},
          {"severity", severity_name(verdict.severity)},
          {"why", or_null(verdict.why)},
          {"findings", std::move(findings)},
          {"notes", verdict.notes},
          {"stale_waivers", verdict.stale_waivers},
          {"counterexample",
           {{"statement", verdict.counterexample},
            {"turned_red", verdict.turned_red ? Json(*verdict.turned_red) : Json(nullptr)},
            {"unproven", or_null(verdict.unproven)}}},
          {"attempt", verdict.attempt},
          {"started_at", or_null(verdict.started_at)},
          {"duration_ms", verdict.duration_ms}};
}

Verdict verdict_from_json(const Json& object) {
  constexpr std::string_view kOf = "verdict";
  if (!object.is_object()) throw Undecided("verdict: no JSON object");
  Verdict verdict;
  verdict.gate = member<std::string>(object, "gate", kOf);
  verdict.exit_gate = member<std::string>(object, "exit_gate", kOf);
  verdict.title = member<std::string>(object, "title", kOf);
  verdict.check = member<std::string>(object, "check", kOf);
  verdict.labels = member<std::vector<std::string>>(object, "labels", kOf);
  const auto status = member<std::string>(object, "status", kOf);
  const auto known = status_of(status);
  if (!known) throw Undecided(fmt::format("verdict: unknown status '{}'", status));
  verdict.status = *known;
  verdict.reason = text_or_empty(object, "reason", kOf);
  verdict.waived = member<bool>(object, "waived", kOf);
  verdict.examined = member<std::int64_t>(object, "examined", kOf);
  verdict.notes = member<std::vector<std::string>>(object, "notes", kOf);
  if (object.contains("stale_waivers")) {  // archives of old have them among the notes
    verdict.stale_waivers = member<std::vector<std::string>>(object, "stale_waivers", kOf);
  }
  for (const auto& one : member<Json>(object, "findings", kOf)) {
    Judged judged;
    judged.id = member<std::string>(one, "id", "finding");
    judged.finding.key = text_or_empty(one, "key", "finding");
    judged.finding.file = text_or_empty(one, "file", "finding");
    judged.finding.line = one.integer_or("line", 0);
    judged.finding.message = member<std::string>(one, "message", "finding");
    judged.finding.hint = text_or_empty(one, "hint", "finding");
    judged.blob = text_or_empty(one, "blob", "finding");
    judged.undecided = one.contains("undecided");
    judged.waiver = text_or_empty(one, "waiver", "finding");
    judged.waived = !judged.waiver.empty();
    verdict.findings.push_back(std::move(judged));
  }
  const auto counterexample = member<Json>(object, "counterexample", kOf);
  verdict.counterexample = member<std::string>(counterexample, "statement", "counterexample");
  if (counterexample.contains("turned_red") && !counterexample["turned_red"].is_null()) {
    verdict.turned_red = member<bool>(counterexample, "turned_red", "counterexample");
  }
  verdict.unproven = text_or_empty(counterexample, "unproven", "counterexample");
  verdict.why = text_or_empty(object, "why", kOf);
  verdict.severity = severity_in(object, kOf);
  if (object.contains("not_applicable")) verdict.not_applicable = member<bool>(object, "not_applicable", kOf);
  verdict.attempt = member<int>(object, "attempt", kOf);
  verdict.started_at = text_or_empty(object, "started_at", kOf);
  verdict.duration_ms = member<std::int64_t>(object, "duration_ms", kOf);
  return verdict;
}

std::string render(const Verdict& verdict) {
  constexpr std::size_t kMostFindings = 100;
  std::string text = fmt::format("{} {}: {}\n", printable(verdict.gate), status_name(verdict.status),
                                 printable(verdict.title));
  if (!verdict.reason.empty()) text += fmt::format("  {}\n", printable(verdict.reason));
  if (!verdict.unproven.empty())
    text += fmt::format("  it is not proven that the gate can fail: {}\n", printable(verdict.unproven));
  const std::size_t shown = std::min(verdict.findings.size(), kMostFindings);
  for (std::size_t i = 0; i < shown; ++i) {
    const auto& judged = verdict.findings[i];
    const auto& finding = judged.finding;
    std::string place = printable(finding.file);
    if (finding.line > 0) place += fmt::format(":{}", finding.line);
    if (!place.empty()) place += ": ";
    text +=
        fmt::format("  {}{}{}\n", place, judged.undecided ? "undecided: " : "", printable(finding.message));
    if (judged.waived) {
      text += fmt::format("    waived: {}\n", printable(judged.waiver));
    } else if (!finding.hint.empty()) {
      for (const auto& line : split(finding.hint, '\n')) text += fmt::format("    > {}\n", printable(line));
    }
  }
  if (shown < verdict.findings.size()) {
    text += fmt::format("  and {} more in verdicts/{}.json\n", verdict.findings.size() - shown,
                        printable(verdict.gate));
  }
  for (const auto& note : verdict.notes) text += fmt::format("  {}\n", printable(note));
  for (const auto& stale : verdict.stale_waivers) text += fmt::format("  {}\n", printable(stale));
  text += fmt::format("  {} examined, {}{}\n", verdict.examined, count_of(verdict.findings.size(), "finding"),
                      verdict.turned_red == true ? "; the counterexample turns it red" : "");
  return text;
}

}  // namespace exitgate::verdict
