#include "harness/asked/answer.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/facts/tables/asked.h"

namespace exitgate::asked {

namespace rows = facts::asked;

Answer read_answer(const check::Facts& facts, const check::Parameters& with, const char* table,
                   check::Report& report) {
  const auto request = facts.row<rows::Request>("WHERE gate = ? AND example = 0", {with.gate()});
  if (!request) {
    throw Undecided(fmt::format("nothing was collected for the gate '{}'", with.gate()),
                    "asked.request has no row of it");
  }
  const Answer answer{request->examined, request->found};
  const auto kept = facts.integer(
      fmt::format("SELECT count(*) FROM asked.{} WHERE gate = ? AND example = 0", table), {with.gate()});
  if (kept.value_or(0) != std::min<std::int64_t>(answer.found, kMostRows)) {
    throw Undecided(fmt::format("asked.{} holds {} of the gate '{}', and {} were found", table,
                                count_of(static_cast<std::size_t>(kept.value_or(0)), "row"), with.gate(),
                                answer.found));
  }
  for (const rows::Problem& problem :
       facts.rows<rows::Problem>("WHERE gate = ? AND example = 0 ORDER BY file, line", {with.gate()})) {
    if (!problem.file) {
      report.note(problem.reason);
    } else {
      report.undecided({.key = fmt::format("{}: {}", *problem.file, problem.reason),
                        .file = *problem.file,
                        .line = problem.line.value_or(0),
                        .message = problem.reason,
                        .hint = "where the gate is not about this file, name it in 'except'"});
    }
  }
  return answer;
}

void report_examined(std::int64_t count, const std::string& nothing, const check::Parameters& with,
                     check::Report& report) {
  report.examined(count);
  if (count > 0 || !report.findings().empty() || !report.undecided_findings().empty()) return;
  if (!with.boolean("skip-when-empty"))
    throw Undecided(nothing, "see 'files'; or write skip-when-empty: true");
  report.skip(nothing);
}

void report_left_out(const Answer& answer, check::Report& report) {
  if (answer.found <= static_cast<std::int64_t>(kMostRows)) return;
  report.note(fmt::format("{} more were found and are not listed",
                          answer.found - static_cast<std::int64_t>(kMostRows)));
}

std::vector<check::Parameter> with_common_parameters(std::vector<check::Parameter> own) {
  using check::Parameter;
  own.push_back({"files", Parameter::json, "null", "globs of the files to look at: a string or a list"});
  own.push_back({"except", Parameter::json, "null", "globs of files to leave out: a string or a list"});
  own.push_back(
      {"message", Parameter::string, "\"\"", "what a finding says; {words} stand for what was found"});
  own.push_back({"skip-when-empty", Parameter::boolean, "false",
                 "skip instead of an error when there are no such files"});
  return own;
}

}  // namespace exitgate::asked
