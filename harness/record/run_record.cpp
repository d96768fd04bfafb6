#include "harness/record/run_record.h"

#include <fmt/core.h>

#include <filesystem>

#include "harness/base/file.h"
#include "harness/base/verification_error.h"
#include "harness/json/strict.h"

namespace exitgate::record {

namespace {

constexpr const char* kName = "run.json";

[[noreturn]] void invalid(std::string_view problem) {
  throw VerificationError(fmt::format("{}: {}", kName, problem));
}

[[noreturn]] void invalid_kind(std::string_view key, std::string_view expected, const Json& value) {
  invalid(fmt::format("'{}' must be {}, not {}", key, expected, kind_name(value.kind())));
}

const Json& member(const Json& object, std::string_view key) {
  const Json* const found = object.find(key);
  if (found == nullptr) invalid(fmt::format("'{}' is missing", key));
  return *found;
}

std::string text(const Json& object, std::string_view key) {
  const Json& value = member(object, key);
  if (!value.is_string()) invalid_kind(key, "a string", value);
  return value.text();
}

const Json& array(const Json& object, std::string_view key) {
  const Json& value = member(object, key);
  if (!value.is_array()) invalid_kind(key, "a list", value);
  return value;
}

std::vector<std::string> strings(const Json& object, std::string_view key) {
  const Json& value = member(object, key);
  if (!value.is_array()) invalid_kind(key, "a list of strings", value);
  std::vector<std::string> all;
  for (const auto& one : value) {
    if (!one.is_string())
      invalid(fmt::format("'{}' must hold strings only, not {}", key, kind_name(one.kind())));
    all.push_back(one.text());
  }
  return all;
}

// "2026-11-23T15:03:44Z"
std::string time(const Json& object, std::string_view key) {
  constexpr std::string_view kForm = "0000-00-00T00:00:00Z";
  const std::string value = text(object, key);
  bool fits = value.size() == kForm.size();
  for (std::size_t i = 0; fits && i < kForm.size(); ++i) {
    fits = kForm[i] == '0' ? value[i] >= '0' && value[i] <= '9' : value[i] == kForm[i];
  }
  if (!fits) invalid(fmt::format("'{}' must be a time such as 2026-11-23T15:03:44Z, not '{}'", key, value));
  return value;
}

int version_of_record(const Json& json) {
  const Json* const found = json.find("record_version");
  if (found == nullptr) return 1;
  if (!found->is_integer()) invalid_kind("record_version", "a number", *found);
  const auto version = found->integer();
  if (version < 1 || version > kRecordVersion) {
    invalid(
        fmt::format("it is of version {}, and this build reads versions up to {}", version, kRecordVersion));
  }
  return static_cast<int>(version);
}

BundleRecord bundle_from(const Json& json) {
  if (!json.is_object()) invalid_kind("bundle", "an object", json);
  BundleRecord bundle;
  const Json& asked = member(json, "asked");
  if (!asked.is_integer()) invalid_kind("asked", "a number", asked);
  bundle.asked = static_cast<std::size_t>(asked.integer());
  bundle.not_asked = strings(json, "not_asked");
  bundle.missing = strings(json, "missing");
  return bundle;
}

// A run writes all of these at its end, and none before it.
std::optional<RunResult> result_from(const Json& json, int version) {
  bool finished = false;
  for (const char* key : {"finished_at", "selected", "not_run", "outcome"})
    finished = finished || json.contains(key);
  if (!finished) return std::nullopt;
  RunResult result;
  result.finished_at = time(json, "finished_at");
  result.selected = strings(json, "selected");
  result.not_run = strings(json, "not_run");
  const std::string outcome = text(json, "outcome");
  const auto named = outcome_named(outcome);
  if (!named) invalid(fmt::format("'outcome' is '{}', which is not known", outcome));
  result.outcome = *named;
  if (const Json* const bundle = json.find("bundle")) result.bundle = bundle_from(*bundle);
  if (version >= 2) {
    result.incomplete = strings(json, "incomplete");
  } else if (result.bundle) {
    result.incomplete = result.bundle->missing;
  }
  return result;
}

}  // namespace

std::string RunRecord::version_of(std::string_view program) const {
  for (const auto& [name, number] : versions) {
    if (name == program) return number;
  }
  return "";
}

RunRecord record_from_json(const Json& json) {
  if (!json.is_object()) invalid(fmt::format("it must be an object, not {}", kind_name(json.kind())));
  RunRecord run;
  run.version = version_of_record(json);
  run.id = text(json, "id");
  run.repository = text(json, "repository");
  run.commit = text(json, "commit");
  run.tree = text(json, "tree");
  if (const Json& config = member(json, "config"); !config.is_null()) run.config = text(json, "config");
  if (const Json* const shown_at = json.find("shown_at"); shown_at != nullptr && !shown_at->is_null())
    run.shown_at = text(json, "shown_at");
  run.database = text(json, "database");
  run.started_at = time(json, "started_at");
  for (const auto& one : array(json, "suite")) {
    if (!one.is_object())
      invalid(fmt::format("'suite' must hold objects only, not {}", kind_name(one.kind())));
    run.suite.push_back({text(one, "exit-gate"), text(one, "title")});
  }
  run.suite_digest = text(json, "suite_digest");
  run.gates = strings(json, "gates");
  if (run.version >= 3) {
    run.core = strings(json, "core");
    const Json& accepts = member(json, "accept_partial");
    if (!accepts.is_boolean()) invalid_kind("accept_partial", "true or false", accepts);
    run.accepts_partial = accepts.boolean();
  }
  const Json& versions = member(json, "versions");
  if (!versions.is_object()) invalid_kind("versions", "an object", versions);
  for (const auto& one : versions.members()) run.versions.emplace_back(one.first, text(versions, one.first));
  run.result = result_from(json, run.version);
  return run;
}

RunRecord parse_record(std::string_view text) {
  return record_from_json(parse_strict(text, kName));
}

Json to_json(const RunRecord& run) {
  Json suite = Json::array();
  for (const auto& one : run.suite) suite.push_back({{"exit-gate", one.name}, {"title", one.title}});
  Json versions = Json::object();
  for (const auto& one : run.versions) versions[one.first] = one.second;
  Json json = {{"record_version", run.version},
               {"id", run.id},
               {"repository", run.repository},
               {"commit", run.commit},
               {"tree", run.tree},
               {"config", run.config},
               {"database", run.database},
               {"started_at", run.started_at},
               {"suite", std::move(suite)},
               {"suite_digest", run.suite_digest},
               {"gates", run.gates},
               {"versions", std::move(versions)}};
  if (run.version >= 3) {
    json["core"] = run.core;
    json["accept_partial"] = run.accepts_partial;
  }
  if (run.shown_at) json["shown_at"] = *run.shown_at;
  if (!run.result) return json;
  json["finished_at"] = run.result->finished_at;
  json["selected"] = run.result->selected;
  json["not_run"] = run.result->not_run;
  json["partial"] = run.result->partial();
  json["outcome"] = outcome_name(run.result->outcome);
  if (const auto& bundle = run.result->bundle) {
    json["bundle"] = {
        {"asked", bundle->asked}, {"not_asked", bundle->not_asked}, {"missing", bundle->missing}};
  }
  json["incomplete"] = run.result->incomplete;
  return json;
}

RunRecord read_record(const RunDirectory& run) {
  if (!std::filesystem::exists(run.run())) {
    throw Undecided(fmt::format("{} is not a run directory: run.json is missing", run.root.string()),
                    "give the folder that a run wrote, or an unpacked archive's data/");
  }
  try {
    return parse_record(read_file(run.run()));
  } catch (const VerificationError& error) {
    // What it says begins with the file's name.
    throw Undecided((run.root / error.what()).string());
  }
}

void write_record(const RunDirectory& run, const RunRecord& record) {
  write_file(run.run(), to_json(record).dump(2) + "\n");
}

}  // namespace exitgate::record
