#include "harness/archive/consistency.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "harness/json/json.h"

namespace exitgate::archive {

namespace {

std::optional<std::string> text_of(const Json& record, const char* key) {
  const auto found = record.find(key);
  if (found == nullptr || !found->is_string()) return std::nullopt;
  return found->text();
}

std::optional<std::set<std::string>> names_of(const Json& record, const char* key) {
  const auto found = record.find(key);
  if (found == nullptr || !found->is_array()) return std::nullopt;
  std::set<std::string> names;
  for (const auto& one : *found) {
    if (one.is_string()) names.insert(one.text());
  }
  return names;
}

bool is_withheld(const Info& info, const std::string& path) {
  return std::any_of(info.begin(), info.end(), [&](const auto& line) {
    return line.first == "Exitgate-Incomplete" && line.second.find(path + ":") != std::string::npos;
  });
}

std::size_t count(const RunDocuments& documents, std::string_view status) {
  return static_cast<std::size_t>(std::count_if(documents.verdicts.begin(), documents.verdicts.end(),
                                                [&](const auto& one) { return one.second == status; }));
}

}  // namespace

std::string verdict_counts(const RunDocuments& documents) {
  const auto unevaluated =
      std::count_if(documents.gates.begin(), documents.gates.end(),
                    [&](const auto& gate) { return !documents.verdicts.contains(gate); });
  return fmt::format("{} pass, {} fail, {} skip, {} error, {} not evaluated", count(documents, "pass"),
                     count(documents, "fail"), count(documents, "skip"), count(documents, "error"),
                     unevaluated);
}

std::vector<std::string> record_problems(const Json& record, const Info& info,
                                         const RunDocuments& documents) {
  std::vector<std::string> problems;
  const std::pair<const char*, const char*> said_twice[] = {{"tree", "Exitgate-Tree"},
                                                            {"outcome", "Exitgate-Outcome"}};
  for (const auto& [key, label] : said_twice) {
    const auto named = text_of(record, key);
    const std::string told = info_value(info, label);
    const bool optional = std::string_view(key) == "outcome" && told.empty();
    if (named && *named != told && !optional)
      problems.push_back(fmt::format("run.json names {} {}, bag-info.txt {}", key, *named, told));
  }
  bool withheld = false;
  const auto missing = [&](const std::string& gate) {
    const bool there = documents.verdicts.contains(gate);
    const bool left_out = !there && is_withheld(info, fmt::format("verdicts/{}.json", gate));
    withheld = withheld || left_out;
    return !there && !left_out;
  };
  if (const auto selected = names_of(record, "selected")) {
    for (const auto& gate : *selected) {
      if (missing(gate)) problems.push_back(fmt::format("{} was evaluated and its verdict is missing", gate));
    }
    for (const auto& [gate, status] : documents.verdicts) {
      if (!selected->contains(gate))
        problems.push_back(fmt::format("{} was not evaluated and has a verdict", gate));
    }
  }
  if (const auto gates = names_of(record, "gates")) {
    for (const auto& gate : *gates) {
      if (!documents.gates.contains(gate) && !is_withheld(info, fmt::format("suite/gates/{}.json", gate)))
        problems.push_back(fmt::format("{} is a gate of the run and not in its suite", gate));
    }
    for (const auto& gate : documents.gates) {
      if (!gates->contains(gate))
        problems.push_back(fmt::format("{} is in the suite and no gate of the run", gate));
    }
  }
  const std::string counts = info_value(info, "Exitgate-Verdicts");
  if (!withheld && !counts.empty() && counts != verdict_counts(documents)) {
    problems.push_back(
        fmt::format("bag-info.txt counts {}, the verdicts are {}", counts, verdict_counts(documents)));
  }
  // More may fail a run than its gates, never less.
  const auto outcome = text_of(record, "outcome").value_or("");
  const std::size_t red = count(documents, "fail") + count(documents, "error");
  if ((outcome == "pass" || outcome == "skip") && red > 0)
    problems.push_back(fmt::format("the outcome is {}, and {} of the verdicts {} fail or error", outcome, red,
                                   red == 1 ? "is" : "are"));
  if (outcome == "pass" && count(documents, "pass") == 0)
    problems.emplace_back("the outcome is pass, and no verdict is");
  return problems;
}

}  // namespace exitgate::archive
