#include "harness/asked/occurrences.h"

#include <fmt/core.h>

#include "harness/asked/answer.h"
#include "harness/asked/example.h"
#include "harness/asked/file_set.h"
#include "harness/asked/message.h"
#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/facts/tables/asked.h"
#include "harness/json/json.h"

namespace exitgate::asked {

namespace rows = facts::asked;
using check::ParameterError;

namespace {

constexpr std::string_view kOfGate = "WHERE gate = ? AND example = 0 ";

std::string message_of(const check::Parameters& with, const rows::Match& match, std::string_view otherwise) {
  if (with.string("message").empty()) return std::string(otherwise);
  Words words = {{"match", match.text}, {"file", match.file}, {"line", std::to_string(match.line)}};
  const auto captures = Json::parse(match.captures);
  for (const auto& [name, value] : captures.members()) {
    if (value.is_string()) words.emplace_back(name, value.text());
  }
  return filled_message(with, words);
}

check::Finding finding_of(const check::Parameters& with, const rows::Match& match,
                          std::string_view otherwise) {
  return {.key = fmt::format("{}: {}", match.file, match.text),
          .file = match.file,
          .line = match.line,
          .message = message_of(with, match, otherwise),
          .hint = ""};
}

std::string times(std::int64_t count) {
  return count == 1 ? "once" : count == 2 ? "twice" : fmt::format("{} times", count);
}

// A finding of a file, or of all of them together ("" in `counted`), in which it occurs too seldom. The key of all of them does not
// name the file, so that it is the same when there are more.
void too_seldom(const check::Parameters& with, const std::string& counted, const std::string& file,
                const std::string& message, check::Report& report) {
  const auto& own = with.string("message");
  report.fail(
      {.key = counted + ": too seldom",
       .file = file,
       .message = own.empty() ? message : filled_message(with, {{"match", ""}, {"file", file}, {"line", ""}}),
       .hint = ""});
}

class Judge {
 public:
  Judge(const check::Facts& facts, const check::Parameters& with, std::string_view what,
        check::Report& report)
      : facts_(facts), with_(with), what_(what), limits_(with), report_(report) {}

  void judge() {
    const Answer answer = read_answer(facts_, with_, "match", report_);
    limits_.per_file ? judge_files(answer) : judge_all(answer);
    report_examined(answer.examined, "no tracked file is among those that the gate looks at", with_, report_);
    report_left_out(answer, report_);
  }

 private:
  void judge_all(const Answer& answer) {
    if (answer.examined > 0 && limits_.at_least && answer.found < *limits_.at_least) {
      const auto file = only_file(answer);
      const auto where =
          file.empty() ? count_of(static_cast<std::size_t>(answer.examined), "file") : "this file";
      too_seldom(with_, "", file,
                 answer.found == 0 ? fmt::format("{} does not occur in {}", what_, where)
                                   : fmt::format("{} occurs {} in {}, and at least {} are required", what_,
                                                 times(answer.found), where, *limits_.at_least),
                 report_);
    }
    if (limits_.at_most && answer.found > *limits_.at_most) over(answer.found, "", *limits_.at_most);
  }

  // The file that was examined when it is only one; else "".
  std::string only_file(const Answer& answer) const {
    if (answer.examined != 1) return "";
    const auto file = facts_.row<rows::Path>(std::string(kOfGate), {with_.gate()});
    return file ? file->file : "";
  }

  // Each occurrence where none may be, else the first that is too many.
  void over(std::int64_t found, const std::string& file, std::int64_t most) {
    std::vector<facts::Value> values = {with_.gate()};
    std::string tail(kOfGate);
    if (!file.empty()) {
      tail += "AND file = ? ";
      values.emplace_back(file);
    }
    tail += "ORDER BY file, line, position ";
    if (most > 0) tail += fmt::format("LIMIT 1 OFFSET {}", most);
    for (const rows::Match& match : facts_.rows<rows::Match>(tail, values)) {
      report_.fail(finding_of(
          with_, match,
          most == 0 ? fmt::format("'{}' must not occur{}", match.text, in(match))
                    : fmt::format("{} occurs {}, and at most {} are allowed", what_, times(found), most)));
    }
  }

  static std::string in(const rows::Match& match) {
    if (!match.context) return "";
    switch (*match.context) {
      case rows::MatchContext::code:
        return " in code";
      case rows::MatchContext::comment:
        return " in a comment";
      case rows::MatchContext::string:
        return " in a string";
    }
    return "";
  }

  void judge_files(const Answer& answer) {
    std::int64_t files = 0;
    for (const auto& row : facts_.query(
             "SELECT p.file AS file, (SELECT count(*) FROM asked.match m WHERE m.gate = p.gate AND m.example "
             "= 0 AND "
             "m.file = p.file) AS found FROM asked.path p WHERE p.gate = ? AND p.example = 0 ORDER BY p.file",
             {with_.gate()})) {
      ++files;
      const auto found = row.integer("found");
      const auto file = row.text("file");
      if (limits_.at_least && found < *limits_.at_least) {
        too_seldom(with_, file, file,
                   found == 0 ? fmt::format("{} does not occur in this file", what_)
                              : fmt::format("{} occurs {} in this file, and at least {} are required", what_,
                                            times(found), *limits_.at_least),
                   report_);
      }
      if (limits_.at_most && found > *limits_.at_most) over(found, file, *limits_.at_most);
    }
    const auto most = static_cast<std::int64_t>(kMostRows);
    if (files != std::min(answer.examined, most)) {
      throw Undecided(fmt::format("asked.path holds {} of the gate '{}', and {} were examined",
                                  count_of(static_cast<std::size_t>(files), "file"), with_.gate(),
                                  answer.examined));
    }
    // Then nothing is known of the files and occurrences that are not kept.
    if ((answer.examined > most || answer.found > most) && report_.findings().empty()) {
      throw Undecided(fmt::format("more than {} files or occurrences: they are not all kept", most),
                      "ask about fewer files with 'files' and 'except'");
    }
  }

  const check::Facts& facts_;
  const check::Parameters& with_;
  std::string_view what_;
  OccurrenceLimits limits_;
  check::Report& report_;
};

std::optional<std::int64_t> limit_of(const check::Parameters& with, const char* name) {
  const Json& value = with.json(name);
  if (value.is_null()) return std::nullopt;
  if (!value.is_integer() || value.integer() < 0)
    throw ParameterError(name, fmt::format("parameter '{}' must be a whole number, 0 or more", name));
  return value.integer();
}

}  // namespace

OccurrenceLimits::OccurrenceLimits(const check::Parameters& with)
    : at_least(limit_of(with, "at-least")), at_most(limit_of(with, "at-most")) {
  const auto must = with.string("must");
  if (must != "occur" && must != "not-occur" && !must.empty()) {
    throw ParameterError("must",
                         fmt::format("parameter 'must' is '{}'{}", must,
                                     did_you_mean(must, std::vector<std::string>{"occur", "not-occur"})),
                         "write occur or not-occur, or at-least and at-most");
  }
  const auto per = with.string("per");
  if (per != "file" && per != "repository")
    throw ParameterError("per", fmt::format("parameter 'per' is '{}'", per), "write file or repository");
  per_file = per == "file";
  if (!must.empty() && (at_least || at_most)) {
    throw ParameterError("must", "parameter 'must' says the same as 'at-least' and 'at-most'",
                         "occur is at-least: 1, and not-occur is at-most: 0");
  }
  if (at_least && at_most && *at_least > *at_most)
    throw ParameterError("at-least", "parameter 'at-least' is more than 'at-most'");
  if (at_least == 0 && !at_most)
    throw ParameterError("at-least", "parameter 'at-least' must be more than 0",
                         "at-least: 0 is always true");
  if (must == "occur") at_least = 1;
  if (must == "not-occur" || (must.empty() && !at_least && !at_most)) at_most = 0;
}

std::vector<check::Parameter> with_occurrence_parameters(std::vector<check::Parameter> own) {
  using check::Parameter;
  own.push_back({"must", Parameter::string, "\"\"", "not-occur (the default), or occur"});
  own.push_back({"at-least", Parameter::json, "null", "how often it must occur"});
  own.push_back({"at-most", Parameter::json, "null", "how often it may occur"});
  own.push_back({"per", Parameter::string, "\"repository\"",
                 "file: in each file; repository: in all of them together"});
  return with_common_parameters(std::move(own));
}

void judge_occurrences(const check::Facts& facts, const check::Parameters& with, std::string_view what,
                       check::Report& report) {
  Judge(facts, with, what, report).judge();
}

std::string occurrence_counterexample(const check::Parameters& with, const Json& example,
                                      const std::vector<std::string>& otherwise) {
  if (!example.is_null()) return exchange(with.gate(), example, FileSet(with, otherwise));
  return OccurrenceLimits(with).at_least ? nothing_found(with.gate()) : "";
}

}  // namespace exitgate::asked
