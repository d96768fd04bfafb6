// A team's own question about tests, coverage, suites or reports: an SQL condition that each of them must satisfy.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>

#include "harness/base/text.h"
#include "harness/check/check.h"
#include "harness/check/declared_tables.h"
#include "harness/check/query_literals.h"
#include "harness/json/json.h"

namespace exitgate::check {
namespace {

// What may be asked about: its columns, and where they come from. `name` is how a finding calls it, `file` and `line` its place.
struct Subject {
  std::string_view of;
  std::string_view noun;
  std::string_view table;
  std::vector<std::string> columns;
  std::string_view from;
};

const std::array<Subject, 4>& subjects() {
  static const std::array<Subject, 4> all = {{
      {"tests",
       "test",
       "tests.test_case",
       {"report", "source", "dialect", "suite", "class", "name", "status", "milliseconds", "file", "line",
        "message", "tries"},
       "SELECT r.path AS report, r.source AS source, r.dialect AS dialect, s.name AS suite, c.class AS "
       "class, c.name AS name, "
       "c.status AS status, c.milliseconds AS milliseconds, c.file AS file, c.line AS line, c.message AS "
       "message, c.tries AS tries "
       "FROM tests.test_case c JOIN tests.report r ON r.id = c.report LEFT JOIN tests.suite s ON s.report = "
       "c.report AND s.id = "
       "c.suite WHERE r.of = 'commit'"},
      {"coverage",
       "file",
       "tests.coverage",
       {"report", "source", "file", "tracked", "lines", "lines_hit", "percent", "branches", "branches_hit",
        "functions", "functions_hit"},
       "SELECT r.path AS report, r.source AS source, c.file AS file, c.tracked AS tracked, c.lines AS lines, "
       "c.lines_hit AS "
       "lines_hit, CASE WHEN c.lines > 0 THEN c.lines_hit * 100.0 / c.lines END AS percent, c.branches AS "
       "branches, c.branches_hit "
       "AS branches_hit, c.functions AS functions, c.functions_hit AS functions_hit FROM tests.coverage c "
       "JOIN tests.report r ON "
       "r.id = c.report WHERE r.of = 'commit'"},
      {"suites",
       "suite",
       "tests.suite",
       {"report", "source", "dialect", "name", "tests", "failures", "errors", "skipped", "milliseconds",
        "begun_at", "host", "file", "properties"},
       "SELECT r.path AS report, r.source AS source, r.dialect AS dialect, s.name AS name, s.tests AS tests, "
       "s.failures AS failures, "
       "s.errors AS errors, s.skipped AS skipped, s.milliseconds AS milliseconds, s.begun_at AS begun_at, "
       "s.host AS host, s.file AS "
       "file, s.properties AS properties FROM tests.suite s JOIN tests.report r ON r.id = s.report WHERE "
       "r.of = 'commit'"},
      {"reports",
       "report",
       "tests.report",
       {"report", "source", "format", "dialect", "written_at", "begun_at", "revision", "step", "tracked"},
       "SELECT r.path AS report, r.source AS source, r.format AS format, r.dialect AS dialect, r.written_at "
       "AS written_at, "
       "r.begun_at AS begun_at, r.revision AS revision, r.step AS step, r.tracked AS tracked FROM "
       "tests.report r WHERE r.of = "
       "'commit'"},
  }};
  return all;
}

const Subject& subject_of(const Parameters& with) {
  const auto of = with.string("of");
  std::vector<std::string> names;
  for (const auto& subject : subjects()) {
    if (of == subject.of) return subject;
    names.emplace_back(subject.of);
  }
  throw ParameterError("of", fmt::format("unknown subject '{}'{}", of, did_you_mean(of, names)),
                       "the subjects are " + join(names, ", "));
}

// Each subject that fits `which`, with whether it is as it must be: NULL where that cannot be said. On lines of their own, so
// that a comment ends where it was written.
std::string query_of(const Subject& subject, const std::string& which, const std::string& must) {
  return fmt::format("SELECT *, (\n{}\n) AS holds FROM ({}) WHERE (\n{}\n)", must, subject.from, which);
}

void require_condition(const Subject& subject, const std::string& parameter, const std::string& condition) {
  const auto hint = fmt::format("it is an SQL condition over the columns {}", join(subject.columns, ", "));
  if (trim(condition).empty() || condition.find(';') != std::string::npos)
    throw ParameterError(parameter, fmt::format("'{}' is not one condition", parameter), hint);
  const auto declared = Facts::declared();
  facts::Reads reads;
  try {
    declared.record_reads(&reads);
    const facts::Query prepared = declared.query(query_of(subject, condition, "1"));
    declared.record_reads(nullptr);
  } catch (const Undecided& problem) {
    declared.record_reads(nullptr);
    std::string what = problem.what();
    constexpr std::string_view kPrefix = "the query has a mistake: ";
    if (what.starts_with(kPrefix)) what.erase(0, kPrefix.size());
    throw ParameterError(parameter, fmt::format("'{}': {}", parameter, what.substr(0, what.find('\n'))),
                         hint);
  }
  // Where the condition is about columns of one table alone, SQLite tells which one a literal is compared with.
  const auto alone = fmt::format("SELECT 1 FROM {} WHERE (\n{}\n)", subject.table, condition);
  if (const auto tried = try_on_declared(alone); tried.mistake.empty()) {
    if (const auto mistake = impossible_literal(alone, tried))
      throw ParameterError(parameter, fmt::format("'{}': {}", parameter, mistake->message), mistake->hint);
  }
  for (const auto& read : reads) {
    if (read.domain != "tests")
      throw ParameterError(parameter,
                           fmt::format("'{}' reads {}.{}; a condition is about one {}", parameter,
                                       read.domain, read.table, subject.noun),
                           "ask other facts with `check: sql`");
  }
}

void validate(const Parameters& with) {
  const auto& subject = subject_of(with);
  require_condition(subject, "which", with.string("which"));
  require_condition(subject, "must", with.string("must"));
  if (with.integer("at-least") < 0 || with.integer("at-most") < 0)
    throw ParameterError(with.integer("at-least") < 0 ? "at-least" : "at-most", "it must not be negative",
                         "");
}

std::string name_of(const Subject& subject, const Row& row) {
  if (subject.of == "coverage") return row.text("file");
  if (subject.of == "reports") return row.text("report");
  auto name = row.text("name");
  if (subject.of == "tests" && !row.is_null("class") && !row.text("class").empty() &&
      row.text("class") != name)
    name = row.text("class") + " > " + name;
  return name;
}

// The columns that the condition names, with their values: "status is failed, milliseconds is 61000".
std::string values_of(const Subject& subject, const std::string& must, const Row& row) {
  std::string values;
  for (const auto& column : subject.columns) {
    const std::size_t at = must.find(column);
    const auto part_of_word = [&](std::size_t index) {
      return index < must.size() &&
             (std::isalnum(static_cast<unsigned char>(must[index])) != 0 || must[index] == '_');
    };
    if (at == std::string::npos || (at > 0 && part_of_word(at - 1)) || part_of_word(at + column.size()))
      continue;
    auto value = row.is_null(column) ? std::string("unknown") : row.text(column);
    if (value.size() > 100) value = valid_utf8(value.substr(0, 100)) + "…";
    values += fmt::format("{}{} is {}", values.empty() ? "" : ", ", column, value);
  }
  return values;
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  validate(with);
  const auto& subject = subject_of(with);
  const auto must = with.string("must");
  const auto hint = "it must be that " + std::string(trim(must));
  for (const Row& row : facts.query(
           "SELECT path, file, line, problem FROM tests.report WHERE of = 'commit' AND problem IS NOT NULL"))
    report.undecided({row.text("path"), row.text("file"), row.integer("line"),
                      fmt::format("{}: {}", row.text("path"), row.text("problem")), ""});
  for (const Row& row : facts.query("SELECT path, file, line, reason FROM tests.problem"))
    report.undecided({row.text("path"), row.text("file"), row.integer("line"),
                      fmt::format("{}: {}", row.text("path"), row.text("reason")),
                      "bring the report, or leave it out of the configuration"});
  std::vector<Finding> broken;
  std::int64_t fitting = 0;
  for (const Row& row : facts.query(query_of(subject, with.string("which"), must))) {
    ++fitting;
    report.examined();
    if (!row.is_null("holds") && row.boolean("holds")) continue;
    const auto name = name_of(subject, row);
    const auto values = values_of(subject, must, row);
    const bool brought = row.text("source") == "brought";
    Finding finding{
        .key = name,
        .file = subject.of == "tests" || subject.of == "coverage" ? row.text("file") : "",
        .line = subject.of == "tests" ? row.integer("line") : 0,
        .message = fmt::format("{} {}{}{}{}", subject.noun, name, values.empty() ? "" : ": ", values,
                               brought ? fmt::format(" ({}, brought)", row.text("report")) : ""),
        .hint = hint};
    if (row.is_null("holds")) {
      report.undecided(std::move(finding));
    } else {
      broken.push_back(std::move(finding));
    }
  }
  const auto least = with.integer("at-least");
  const std::string which(trim(with.string("which")));
  if (fitting < least) {
    report.examined();
    report.fail(
        {"at-least", "", 0,
         fmt::format("{}{}, at least {} must be there",
                     fitting == 0 ? fmt::format("there is no {}", subject.noun)
                                  : fmt::format("there are {}",
                                                count_of(static_cast<std::size_t>(fitting), subject.noun)),
                     which == "1" ? "" : fmt::format(" where {}", which), least),
         "see EG-TS1.ran for the reports that there are"});
  }
  if (static_cast<std::int64_t>(broken.size()) <= with.integer("at-most")) {
    if (!broken.empty())
      report.note(
          fmt::format("{} of {} are not so, {} may be", broken.size(), fitting, with.integer("at-most")));
  } else {
    for (auto& finding : broken) report.fail(std::move(finding));
  }
  // Nothing fits, and nothing need: that there were any to look at is still asked.
  if (fitting == 0 && least == 0)
    report.examined(facts.integer(fmt::format("SELECT count(*) FROM ({})", subject.from)).value_or(0));
}

std::string quoted(const std::string& text) {
  std::string sql = "'";
  for (const char c : text) sql += c == '\'' ? std::string("''") : std::string(1, c);
  return sql + "'";
}

std::string literal(const Json& value) {
  if (value.is_null()) return "NULL";
  if (value.is_string()) return quoted(value.text());
  return value.is_boolean() ? (value.boolean() ? "1" : "0") : value.dump();
}

// A report with one more test, file, suite or report that is like the example.
std::string counterexample(const Parameters& with, const Json& example) {
  const auto& subject = subject_of(with);
  if (example.is_null()) return "";
  std::map<std::string, std::string> of_report;
  std::map<std::string, std::string> own;
  for (const auto& [name, value] : example.members()) {
    if (std::find(subject.columns.begin(), subject.columns.end(), name) == subject.columns.end() ||
        name == "percent" || (subject.of == "tests" && name == "suite"))
      throw UsageError(fmt::format("the example has '{}'{}", name, did_you_mean(name, subject.columns)),
                       fmt::format("a {} has {}", subject.noun, join(subject.columns, ", ")));
    if (value.is_structured())
      throw UsageError(fmt::format("'{}' of the example must be a plain value", name),
                       "write a string or a number");
    const bool outer = name == "report" || name == "source" || name == "dialect" || subject.of == "reports";
    (outer ? of_report : own)[name == "report" ? "path" : name] = literal(value);
  }
  of_report.emplace("path", "'counterexample.xml'");
  of_report.emplace("format", subject.of == "coverage" ? "'lcov'" : "'junit'");
  of_report.emplace("source", "'run'");
  of_report.emplace("tracked", "0");
  for (const auto& [name, value] : std::initializer_list<std::pair<const char*, const char*>>{
           {"id", "-1"}, {"of", "'commit'"}, {"file", "'exitgate.yaml'"}, {"line", "1"}, {"sha256", "''"}})
    of_report[name] = value;
  const auto insert = [](const std::string& table, const std::map<std::string, std::string>& row) {
    std::vector<std::string> names;
    std::vector<std::string> values;
    for (const auto& [name, value] : row) {
      names.push_back("\"" + name + "\"");
      values.push_back(value);
    }
    return fmt::format("INSERT INTO tests.{} ({}) VALUES ({});\n", table, join(names, ", "),
                       join(values, ", "));
  };
  auto sql = insert("report", of_report);
  if (subject.of == "reports") return sql;
  own["report"] = "-1";
  if (subject.of == "tests") {
    for (const auto& [name, value] :
         std::initializer_list<std::pair<const char*, const char*>>{{"position", "0"},
                                                                    {"class", "''"},
                                                                    {"name", "'counterexample'"},
                                                                    {"status", "'passed'"},
                                                                    {"tries", "1"}})
      own.emplace(name, value);
    return sql + insert("test_case", own);
  }
  if (subject.of == "suites") {
    own.emplace("id", "0");
    own.emplace("name", "'counterexample'");
    return sql + insert("suite", own);
  }
  for (const auto& [name, value] : std::initializer_list<std::pair<const char*, const char*>>{
           {"file", "'counterexample'"}, {"tracked", "1"}, {"lines", "100"}, {"lines_hit", "0"}})
    own.emplace(name, value);
  return sql + insert("coverage", own);
}

const Check check{
    .name = "tests",
    .title = "Tests, coverage, suites or reports satisfy a condition",
    .why =
        "What a team asks of its tests is its own: how long one may take, which must be there, what must be "
        "covered.",
    .domains = {"tests"},
    .parts = Parts{"tests"},
    .parameters = {{"of", Parameter::string, "\"tests\"",
                    "what it is about: tests, coverage (files), suites or reports"},
                   {"which", Parameter::string, "\"1\"",
                    "an SQL condition: those that it is about; all of them when it is not given"},
                   {"must", Parameter::string, "\"1\"", "an SQL condition that each of them must satisfy"},
                   {"at-least", Parameter::integer, "1", "how many of them there must be"},
                   {"at-most", Parameter::integer, "0", "how many of them may be otherwise"}},
    .run = run,
    .validate = validate,
    .counterexample = counterexample};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
