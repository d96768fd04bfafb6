#include "harness/record/outcome.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/record/run_record.h"

namespace exitgate::record {

namespace {

constexpr std::string_view kWithheld = "withheld, looks like a secret: ";
constexpr std::pair<Outcome, std::string_view> kNames[] = {{Outcome::pass, "pass"},
                                                           {Outcome::fail, "fail"},
                                                           {Outcome::error, "error"},
                                                           {Outcome::skip, "skip"},
                                                           {Outcome::unfinished, "unfinished"}};

}  // namespace

std::string_view outcome_name(Outcome outcome) {
  for (const auto& [one, name] : kNames) {
    if (one == outcome) return name;
  }
  return "error";
}

std::optional<Outcome> outcome_named(std::string_view name) {
  for (const auto& [one, known] : kNames) {
    if (known == name) return one;
  }
  return std::nullopt;
}

Exit exit_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::pass:
      return Exit::good;
    case Outcome::fail:
      return Exit::failed;
    case Outcome::error:
    case Outcome::skip:
    case Outcome::unfinished:
      return Exit::undecided;
  }
  return Exit::undecided;
}

Outcome outcome_of(const RunRecord& run, const Verdicts& verdicts,
                   const std::vector<std::string>& incomplete) {
  if (!run.result) return Outcome::unfinished;
  bool passed = false;
  bool failed = false;
  bool undecided = false;
  bool unseen = false;
  for (const auto& gate : run.result->selected) {
    const auto found = verdicts.find(gate);
    if (found == verdicts.end()) {
      const bool left_out = is_withheld(incomplete, fmt::format("verdicts/{}.json", gate));
      (left_out ? unseen : undecided) = true;
      continue;
    }
    const verdict::Status status = found->second.status;
    passed = passed || status == verdict::Status::pass;
    failed = failed || status == verdict::Status::fail;
    undecided = undecided || status == verdict::Status::error;
  }
  if (failed) return Outcome::fail;
  if (undecided) return Outcome::error;
  if (unseen && run.result->outcome == Outcome::error) return Outcome::error;
  if (!incomplete.empty()) return Outcome::fail;
  return passed ? Outcome::pass : Outcome::skip;
}

std::string withheld(std::string_view what) {
  return fmt::format("{}{}", kWithheld, what);
}

bool is_withheld(const std::vector<std::string>& incomplete, std::string_view path) {
  const std::string begin = fmt::format("{}{}:", kWithheld, path);
  return std::any_of(incomplete.begin(), incomplete.end(),
                     [&](const std::string& line) { return line.starts_with(begin); });
}

}  // namespace exitgate::record
