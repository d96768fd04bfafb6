#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "harness/base/text.h"
#include "harness/check/check.h"
#include "harness/facts/tables/commands.h"
#include "harness/json/json.h"
#include "harness/patterns/output_pattern.h"

namespace exitgate::check {
namespace {

using facts::commands::Line;
using facts::commands::Problem;
using Run = facts::commands::Run;

constexpr std::int64_t kMostLines = 10'000;  // of commands.line, by gate
constexpr std::int64_t kLongestTimeout = 7200;

std::set<std::int64_t> exit_codes(const Parameters& with) {
  const Json& given = with.json("exit");
  std::set<std::int64_t> codes;
  const auto add = [&](const Json& one) {
    if (!one.is_integer() || one.integer() < 0 || one.integer() > 255)
      throw ParameterError("exit", "parameter 'exit' must be an exit code, or a list of them",
                           "exit: 0, or exit: [0, 1]; a code is a number from 0 to 255");
    codes.insert(one.integer());
  };
  if (given.is_array()) {
    for (const auto& one : given) add(one);
    if (codes.empty())
      throw ParameterError("exit", "parameter 'exit' is an empty list", "exit: 0, or exit: [0, 1]");
  } else {
    add(given);
  }
  return codes;
}

std::string in_words(const std::set<std::int64_t>& codes) {
  std::vector<std::string> words;
  for (const auto code : codes) words.push_back(std::to_string(code));
  return join(words, " or ");
}

void validate(const Parameters& with) {
  const auto refuse = [](const char* parameter, const std::string& message, const std::string& hint) {
    throw ParameterError(parameter, fmt::format("parameter '{}' {}", parameter, message), hint);
  };
  if (trim(with.string("run")).empty()) refuse("run", "is empty", "run: make lint");
  for (const auto& part : split(with.string("directory"), '/')) {
    if (part == ".." || with.string("directory").starts_with('/'))
      refuse("directory", "leads out of the repository", "give it relative to the repository's root");
  }
  const auto within = [&](const char* parameter, std::int64_t most) {
    if (with.integer(parameter) < 1 || with.integer(parameter) > most)
      refuse(parameter, fmt::format("must be from 1 to {}", most), "");
  };
  within("timeout", kLongestTimeout);
  within("memory", 1'000'000);
  within("disk", 1'000'000);
  exit_codes(with);
  for (const char* const parameter : {"forbid", "require"}) {
    for (const auto& text : with.strings(parameter)) {
      if (text.empty() || text.find('\n') != std::string::npos)
        refuse(parameter, "has a text that is empty or has more than one line", "give texts of one line");
    }
  }
  if (with.boolean("empty") && !with.strings("require").empty())
    refuse("empty", "and 'require' contradict each other", "");
  if (with.string("pattern").empty()) return;
  try {
    const patterns::OutputPattern pattern(with.string("pattern"));
  } catch (const UsageError& error) {
    refuse("pattern", fmt::format("is wrong: {}", error.what()), error.hint());
  }
}

class Judge {
 public:
  Judge(const Facts& facts, const Parameters& with, Report& report)
      : with_(with), report_(report), run_(*facts.row<Run>("WHERE gate = ?", {with.gate()})) {
    for (const Problem& problem :
         facts.rows<Problem>("WHERE gate = ? AND file IS NOT NULL ORDER BY file", {with.gate()}))
      left_out_.push_back(problem);
    for (const Line& line : facts.rows<Line>("WHERE gate = ? ORDER BY position", {with.gate()}))
      lines_.push_back(line);
  }

  void judge() {
    report_.examined();
    if (!run_.completed) {
      report_.undecided({"outcome", "", 0,
                         fmt::format("`{}` came to no end of its own: {}", shown(), run_.outcome),
                         fmt::format("see {}; `timeout:` and `memory:` allow more", run_.log)});
      return;
    }
    match();
    forbid();
    if (asked_git()) return;
    require();
    be_empty();
    compare_exit();
    const bool asks_output = !with_.string("pattern").empty() || !with_.strings("forbid").empty() ||
                             !with_.strings("require").empty();
    if (asks_output && report_.findings().empty() && is_cut())
      report_.undecided(
          {"cut", "", 0,
           fmt::format("`{}` wrote more than is kept, and what is kept decides nothing", shown()),
           "let it write less: at most 10,000 lines of 2,000 characters are looked at"});
    if (!report_.findings().empty()) return;
    if (report_.undecided_findings().empty()) expect_a_match();
    report_.note(fmt::format("`{}`: {}, {} of output ({})", shown(), run_.outcome,
                             count_of(lines_.size(), "line"), run_.log));
    for (const Problem& file : left_out_)
      report_.note(fmt::format("not in the copy of the commit: {}: {}", file.file.value_or(""), file.reason));
  }

 private:
  std::string shown() const {
    const std::string line(trim(std::string_view(run_.command).substr(0, run_.command.find('\n'))));
    return line.size() == trim(run_.command).size() ? line : line + " …";
  }

  bool is_cut() const {
    return run_.cut || static_cast<std::int64_t>(lines_.size()) >= kMostLines ||
           std::any_of(lines_.begin(), lines_.end(),
                       [](const Line& line) { return line.text.size() + 3 >= patterns::kLongestLine; });
  }

  void match() {
    for (const Line& line : lines_) {
      if (!line.captures) continue;
      const Json captures = Json::parse(*line.captures);
      const auto text = [&](const char* name) {
        const auto* found = captures.find(name);
        return found == nullptr ? std::string() : found->text();
      };
      std::string file = text("file");
      while (file.starts_with("./")) file.erase(0, 2);
      const auto message = text("message").empty() ? line.text : text("message");
      report_.fail({text("key"), std::move(file), number_of(text("line")), message, text("hint")});
    }
  }

  static std::int64_t number_of(const std::string& text) {
    constexpr std::size_t kMostDigits = 9;
    const bool digits = !text.empty() && text.size() <= kMostDigits &&
                        text.find_first_not_of("0123456789") == std::string::npos;
    return digits ? std::stoll(text) : 0;
  }

  bool has_match() const {
    return std::any_of(lines_.begin(), lines_.end(),
                       [](const Line& line) { return line.captures.has_value(); });
  }

  // A linter that finds something and one that crashes may end with the same code. Where 0 is not among the right ones,
  // the other code is how a good run ends: that of `grep`, which found nothing.
  void expect_a_match() {
    const auto code = *run_.exit_code;
    if (with_.string("pattern").empty() || code == 0 || !exit_codes(with_).contains(0) || has_match()) return;
    report_.undecided(
        {"no match", "", 0,
         fmt::format("`{}` ended with exit code {}, and no line of its output matches the pattern{}", shown(),
                     code, last_line()),
         fmt::format("see {}: did it crash, or does the pattern not fit its output? Where {} alone is how a "
                     "good run ends, write exit: {}",
                     run_.log, code, code)});
  }

  // A pipe hides the exit code of git, which cannot answer in a copy without .git.
  bool asked_git() {
    const auto line = std::find_if(lines_.begin(), lines_.end(), [](const Line& one) {
      return one.stream == facts::commands::LineStream::error &&
             (one.text.starts_with("fatal: not a git repository") ||
              one.text.starts_with("warning: Not a git repository"));
    });
    if (line == lines_.end()) return false;
    // In brackets is where git looked: another folder in every run.
    report_.undecided({"git", "", 0,
                       fmt::format("`{}` asked git, which said: {}", shown(),
                                   trim(std::string_view(line->text).substr(0, line->text.find('(')))),
                       "the copy of the commit has no .git: list files with find, not with git"});
    return true;
  }

  // What it said last, for the end of a message.
  std::string last_line() const {
    const auto last = std::find_if(lines_.rbegin(), lines_.rend(),
                                   [](const Line& line) { return !trim(line.text).empty(); });
    return last == lines_.rend() ? "" : ": " + last->text;
  }

  void forbid() {
    for (const auto& text : with_.strings("forbid")) {
      for (const Line& line : lines_) {
        if (line.text.find(text) != std::string::npos)
          report_.fail({"", "", 0, fmt::format("the output has '{}': {}", text, line.text), see_log()});
      }
    }
  }

  void require() {
    for (const auto& text : with_.strings("require")) {
      const bool there = std::any_of(lines_.begin(), lines_.end(), [&](const Line& line) {
        return line.text.find(text) != std::string::npos;
      });
      if (there) continue;
      if (is_cut()) continue;  // undecided below
      report_.fail(
          {"require " + text, "", 0, fmt::format("the output of `{}` lacks '{}'", shown(), text), see_log()});
    }
  }

  void be_empty() {
    if (!with_.boolean("empty") || (lines_.empty() && run_.bytes == 0)) return;
    report_.fail(
        {"empty", "", 0,
         fmt::format("`{}` wrote {}, and should write nothing{}", shown(), count_of(lines_.size(), "line"),
                     lines_.empty() ? "" : ": " + lines_.front().text),
         see_log()});
  }

  // A program that tells what it found by its exit code as well is red once.
  void compare_exit() {
    const auto codes = exit_codes(with_);
    if (codes.contains(*run_.exit_code) || has_match()) return;
    report_.fail({"exit", "", 0,
                  fmt::format("`{}` ended with exit code {}, not {}{}", shown(), *run_.exit_code,
                              in_words(codes), last_line()),
                  see_log()});
  }

  std::string see_log() const { return fmt::format("its whole output is in {}", run_.log); }

  const Parameters& with_;
  Report& report_;
  Run run_;
  std::vector<Line> lines_;
  std::vector<Problem> left_out_;
};

// Whether the clone lacks files of the commit, so that nothing was run.
bool report_missing_files(const Facts& facts, Report& report) {
  if (facts.integer("SELECT count(*) FROM commands.problem WHERE gate IS NULL AND file IS NOT NULL") == 0)
    return false;
  report.examined();
  for (const Problem& problem : facts.rows<Problem>("WHERE gate IS NULL ORDER BY file IS NULL, file"))
    report.undecided({problem.file.value_or("more"), problem.file.value_or(""), 0,
                      fmt::format("its command was not run: {}", problem.reason),
                      "a partial clone: `git fetch --refetch --no-filter origin` fetches what is missing; a "
                      "damaged one: clone again"});
  return true;
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  if (facts.integer("SELECT count(*) FROM commands.run WHERE gate = ?", {with.gate()}) == 0) {
    if (report_missing_files(facts, report)) return;
    const auto reason = facts.text(
        "SELECT reason FROM commands.problem WHERE gate = ?1 OR gate IS NULL ORDER BY gate IS NULL",
        {with.gate()});
    throw Undecided(reason ? "its command was not run: " + *reason : "its command was not run",
                    reason ? "" : "run the gate through ctest or `exitgate run`, without -FS and -FA");
  }
  Judge(facts, with, report).judge();
}

std::string text_literal(std::string_view text) {
  std::string sql = "'";
  for (const char byte : text) sql += byte == '\'' ? std::string("''") : std::string(1, byte);
  return sql + "'";
}

// The run as if it had ended so and written that.
std::string as_if(const Parameters& with, std::int64_t exit_code, const std::optional<std::string>& output) {
  const auto gate = text_literal(with.gate());
  std::string sql = fmt::format(
      "INSERT OR REPLACE INTO commands.run VALUES ({}, '', 0, {}, '', 0, {}, 'exit code {}', 1, 0, "
      "'logs/gates/{}.log', {}, 0);\n",
      gate, text_literal(with.string("run")), exit_code, exit_code, with.gate(), output ? output->size() : 0);
  sql += fmt::format("DELETE FROM commands.line WHERE gate = {}", gate);
  if (!output) return sql;
  std::optional<patterns::OutputPattern> pattern;
  if (!with.string("pattern").empty()) pattern.emplace(with.string("pattern"));
  auto lines = split(*output, '\n');
  if (lines.back().empty()) lines.pop_back();
  std::int64_t position = 0;
  for (const auto& line : lines) {
    const auto text = patterns::plain_line(line);
    const auto captures = pattern ? pattern->captures(text) : std::nullopt;
    sql += fmt::format(";\nINSERT INTO commands.line VALUES ({}, {}, 'output', {}, {})", gate, ++position,
                       text_literal(text), captures ? text_literal(*captures) : "NULL");
  }
  return sql;
}

// What all other conditions are content with, so that the one that is shown is the one that turns red.
std::string good_output(const Parameters& with) {
  return join(with.strings("require"), "\n");
}

std::int64_t wrong_code(const std::set<std::int64_t>& codes) {
  std::int64_t code = 1;
  while (codes.contains(code)) ++code;
  return code;
}

std::string counterexample(const Parameters& with, const Json& example) {
  const auto codes = exit_codes(with);
  if (!example.is_null()) {
    if (!example.is_object()) throw UsageError("it must be {exit: CODE} or {output: TEXT}");
    std::optional<std::int64_t> code;
    std::optional<std::string> output;
    for (const auto& [name, value] : example.members()) {
      if (name == "exit" && value.is_integer()) {
        code = value.integer();
      } else if (name == "output" && value.is_string()) {
        output = value.text();
      } else {
        throw UsageError(fmt::format("'{}' cannot be a part of it", name),
                         "write {exit: 1} or {output: \"what a bad run writes\"}");
      }
    }
    if (!output && !with.strings("require").empty()) output = good_output(with);
    return as_if(with, code.value_or(*codes.begin()), output);
  }
  // Only the words of the author say what the pattern is to find.
  if (!with.string("pattern").empty()) return "";
  if (!with.strings("forbid").empty()) return as_if(with, *codes.begin(), with.strings("forbid").front());
  if (!with.strings("require").empty()) return as_if(with, *codes.begin(), std::nullopt);
  if (with.boolean("empty")) return as_if(with, *codes.begin(), "something");
  return as_if(with, wrong_code(codes), std::nullopt);
}

const Check check{
    .name = "command",
    .title = "A command ends as it should and writes what it should",
    .why = "Any program can be a gate: a linter, a licence check, a script of the repository.",
    .domains = {"commands"},
    .parameters = {{"run", Parameter::string, std::nullopt,
                    "a command for /bin/sh -e, in the commit's files"},
                   {"directory", Parameter::string, "\"\"",
                    "where it runs, relative to the repository's root"},
                   {"timeout", Parameter::integer, "60",
                    "seconds; a command that takes longer leaves the gate undecided"},
                   {"network", Parameter::boolean, "false", "whether it may use the network"},
                   {"memory", Parameter::integer, "4096", "MB that its processes may take together"},
                   {"disk", Parameter::integer, "8192", "MB that they may fill"},
                   {"exit", Parameter::json, "0", "the exit code that is right, or a list of them"},
                   {"pattern", Parameter::string, "\"\"",
                    "a regular expression (RE2): each line of output that it matches is a finding, with the "
                    "named groups file, line, "
                    "message, hint and key"},
                   {"forbid", Parameter::strings, "[]", "texts that no line of output may have"},
                   {"require", Parameter::strings, "[]", "texts that a line of output must have"},
                   {"empty", Parameter::boolean, "false", "whether it must write nothing"}},
    .run = run,
    .validate = validate,
    .counterexample = counterexample};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
