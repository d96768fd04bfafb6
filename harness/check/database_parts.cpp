#include "harness/check/database_parts.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/facts/tables/schema.h"

namespace exitgate::check {

namespace {

// "{first}" and "tables of {query}": the parameter, "" for a word without one.
std::string parameter_in(std::string_view word) {
  const std::size_t open = word.find('{');
  if (open == std::string_view::npos || !word.ends_with('}')) return "";
  return std::string(word.substr(open + 1, word.size() - open - 2));
}

// The domains that a check reads, with those that a parameter names.
std::set<std::string> domains_of(const Check& check, const Parameters& with) {
  std::set<std::string> domains(check.domains.begin(), check.domains.end());
  const bool chosen = std::any_of(check.parameters.begin(), check.parameters.end(),
                                  [](const Parameter& one) { return one.name == "domains"; });
  if (chosen) {
    for (auto& domain : with.strings("domains")) domains.insert(std::move(domain));
  }
  return domains;
}

// All that may fill a table of these domains.
Parts all_of(const std::set<std::string>& domains) {
  Parts parts;
  for (const auto& part : all_database_parts()) {
    const bool filled = part == "rehearsal" ? domains.contains("rehearsal")
                        : part == "queries" ? domains.contains("answers")
                        : part == "tests"   ? domains.contains("schema") || domains.contains("tests")
                                            : domains.contains("schema");
    if (filled) parts.push_back(part);
  }
  return parts;
}

// Why parts were not run, by part. Empty for facts of before schema.work.
std::map<std::string, std::string> parts_not_run(const Facts& facts) {
  std::map<std::string, std::string> reasons;
  if (!facts.has("schema")) return reasons;
  if (facts.integer("SELECT count(*) FROM schema.sqlite_schema WHERE name = 'work'").value_or(0) == 0)
    return reasons;
  for (const Row& row : facts.query("SELECT part, not_run FROM schema.work WHERE not_run IS NOT NULL"))
    reasons.emplace(row.text("part"), row.text("not_run"));
  return reasons;
}

}  // namespace

const Parts& all_database_parts() {
  static const Parts all = {"migrated",  "migrated-again", "round-trip", "stairway", "live",  "committed",
                            "documents", "test-logs",      "rehearsal",  "models",   "tests", "queries"};
  return all;
}

bool is_of_database_stage(std::string_view domain) {
  return domain == "schema" || domain == "rehearsal" || domain == "tests" || domain == "answers";
}

Parts parts_of_table(std::string_view domain, std::string_view table) {
  if (domain == "rehearsal") return {"rehearsal"};
  if (domain == "tests") return {"tests"};
  if (domain == "answers") return {"queries"};
  if (domain != "schema") return {};
  if (table.starts_with("round_trip")) return {"round-trip"};
  if (table.starts_with("stairway")) return {"stairway"};
  if (table == "model_check") return {"models"};
  if (table.starts_with("test_")) return {"tests"};
  if (table == "replayed_history" || table == "left_out" || table == "server") return {"migrated"};
  if (table == "part") return {"migrated", "documents", "test-logs", "models", "tests"};
  if (table == "provisioning") return {"migrated", "migrated-again"};
  // What each run writes down, whatever it does.
  for (const std::string_view each : {"plan", "application_role", "problem", "tally", "work", "sandbox"}) {
    if (table == each) return {};
  }
  return {"migrated", "migrated-again", "live", "committed"};
}

Parts parts_of_query(const Facts& declared, const std::string& query) {
  facts::Reads reads;
  try {
    declared.record_reads(&reads);
    const facts::Query prepared = declared.query(query);
    declared.record_reads(nullptr);
  } catch (const Undecided&) {
    declared.record_reads(nullptr);
    return all_database_parts();
  }
  Parts parts;
  for (const auto& read : reads) {
    for (auto& part : parts_of_table(read.domain, read.table)) parts.push_back(std::move(part));
  }
  return in_order(parts);
}

Parts parts_of(const Check& check, const Parameters& with, const Facts& declared) {
  const auto domains = domains_of(check, with);
  if (std::none_of(domains.begin(), domains.end(), is_of_database_stage)) return {};
  if (!check.parts) return all_of(domains);
  Parts parts;
  for (const auto& word : *check.parts) {
    const auto parameter = parameter_in(word);
    if (word.starts_with("tables of ")) {
      for (auto& part : parts_of_query(declared, with.string(parameter))) parts.push_back(std::move(part));
    } else {
      parts.push_back(parameter.empty() ? word : with.string(parameter));
    }
  }
  return in_order(parts);
}

Parts in_order(const Parts& parts) {
  const std::set<std::string> given(parts.begin(), parts.end());
  Parts ordered;
  std::copy_if(all_database_parts().begin(), all_database_parts().end(), std::back_inserter(ordered),
               [&](const std::string& part) { return given.contains(part); });
  return ordered;
}

void require_parts(const Facts& facts, const Parts& parts) {
  if (parts.empty()) return;
  const auto not_run = parts_not_run(facts);
  for (const auto& part : parts) {
    const auto found = not_run.find(part);
    if (found == not_run.end()) continue;
    throw Undecided(fmt::format("the part '{}' of the database stage, which this gate needs, was not run: {}",
                                part, found->second),
                    "run the gate through ctest or `exitgate run`, without -FS and -FA");
  }
}

void require_tables(const Facts& facts, const facts::Reads& reads) {
  const bool any =
      std::any_of(reads.begin(), reads.end(), [](const auto& read) { return read.domain == "schema"; });
  if (!any) return;
  const auto not_run = parts_not_run(facts);
  if (not_run.empty()) return;
  for (const auto& read : reads) {
    if (read.domain != "schema") continue;  // where nothing was rehearsed there is no store to be read
    const auto parts = parts_of_table(read.domain, read.table);
    const bool none = std::all_of(parts.begin(), parts.end(),
                                  [&](const std::string& part) { return not_run.contains(part); });
    if (parts.empty() || !none) continue;
    throw Undecided(
        fmt::format("the check reads schema.{}, and the part '{}' of the database stage was not run: {}",
                    read.table, parts.front(), not_run.at(parts.front())),
        fmt::format("name '{}' among the parts that the check declares", parts.front()));
  }
}

}  // namespace exitgate::check
