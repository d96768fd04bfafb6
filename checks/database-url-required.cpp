#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "harness/base/text.h"
#include "harness/check/check.h"
#include "harness/facts/tables/code.h"

namespace exitgate::check {
namespace {

bool matches(const std::vector<std::string>& globs, const std::string& file) {
  return std::any_of(globs.begin(), globs.end(), [&](const auto& glob) { return glob_match(glob, file); });
}

// Only Python's tests are asked: their reads have no `reader`.
// Configuration of pytest, tox or nox: what it sets is a default for all tests. Of files that are not Python nothing
// else is read.
bool configures_tests(const std::string& file) {
  return !file.ends_with(".py") || file == "noxfile.py" || file.ends_with("/noxfile.py");
}

std::string file_of(const std::string& place) {
  return place.substr(0, place.rfind(':'));
}

struct Reads {
  bool required = false;
  std::set<std::string> requiring;  // files
  bool unclear = false;
  std::string conditional;  // the first condition under which it is required
};

void report_default(const code::EnvironmentRead& read, const std::string& variable, Report& report) {
  const std::string without =
      "without it the tests quietly run on another database than the one that was provisioned";
  const std::string message = read.given_by ? fmt::format("{} has a value in {}, which is loaded here: {}",
                                                          variable, *read.given_by, without)
                              : read.sets && read.file.ends_with(".py")
                                  ? fmt::format("{} is given a value here: {}", variable, without)
                                  : fmt::format("{} has a default here: {}", variable, without);
  const std::string hint =
      read.given_by ? fmt::format("leave {} out of {}", variable, file_of(*read.given_by))
      : configures_tests(read.file)
          ? fmt::format("leave {} out of this file", variable)
          : fmt::format("write `os.environ[\"{}\"]`, which fails when it is not set", variable);
  report.fail({fmt::format("{}:{}:default", read.file, variable), read.file, read.line, message, hint});
}

void report_unknown_value(const code::EnvironmentRead& read, const std::string& variable, Report& report) {
  std::string message;
  std::string hint;
  if (read.given_by) {
    message = fmt::format("{} has a value in {}, and whether that is loaded here cannot be told", variable,
                          *read.given_by);
    hint = fmt::format("leave {} out of {}", variable, file_of(*read.given_by));
  } else if (configures_tests(read.file)) {
    message = fmt::format(
        "{} is given a value here: whether the tests are started by it, and so run on another database than "
        "the one that "
        "was provisioned, cannot be told",
        variable);
    hint = fmt::format("hand on the {} that is set", variable);
  } else {
    message = fmt::format(
        "{} is given a value here that cannot be told: the tests may run on another database than the one "
        "that was "
        "provisioned",
        variable);
    hint = fmt::format("take the value from `os.environ[\"{}\"]`", variable);
  }
  report.undecided({fmt::format("{}:{}:value", read.file, variable), read.file, read.line, message, hint});
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  const auto variable = with.string("variable");
  const auto globs = with.strings("files");
  std::string configuration;  // the one nearest to the root: where the missing line belongs
  for (const code::File& file : facts.rows<code::File>("ORDER BY length(file), file")) {
    if (!matches(globs, file.file)) continue;
    report.examined();
    if (configuration.empty()) configuration = file.file;
  }
  for (const code::Problem& problem : facts.rows<code::Problem>("ORDER BY file")) {
    if (!matches(globs, problem.file)) continue;
    report.undecided(
        {problem.file, problem.file, 0,
         fmt::format("cannot be read ({}): whether it requires {} is unknown", problem.reason, variable),
         "fix the file"});
  }
  Reads reads;
  std::set<std::string> reported;  // files, of which one line is enough
  for (const code::EnvironmentRead& read : facts.rows<code::EnvironmentRead>(
           "WHERE variable = ? AND reader IS NULL ORDER BY file, line", {variable})) {
    const bool own = matches(globs, read.file) || configures_tests(read.file);
    const bool imported = !own && read.imported_by &&
                          (matches(globs, *read.imported_by) || configures_tests(*read.imported_by));
    if (!own && !imported) continue;
    if (configuration.empty()) {
      configuration = imported ? *read.imported_by : read.file;
      report.examined();
    }
    // A default of the application's alone is no fault of the tests, which may require the variable themselves. What it
    // puts into the environment is one, since that is what they then find.
    if (imported && read.required && !*read.required && !read.sets) {
      report.note(fmt::format("{}:{}: goes on without {}, and {} imports it", read.file, read.line, variable,
                              *read.imported_by));
      continue;
    }
    if (!read.required && read.sets) {
      if (reported.insert(read.file).second) report_unknown_value(read, variable, report);
    } else if (!read.required) {
      reads.unclear = true;
      report.note(fmt::format("{}:{}: reads {} in a way that does not tell whether it is required", read.file,
                              read.line, variable));
    } else if (*read.required && read.condition) {
      reads.conditional = reads.conditional.empty() ? *read.condition : reads.conditional;
      report.note(fmt::format("{}:{}: requires {} under a condition: {}", read.file, read.line, variable,
                              *read.condition));
    } else if (*read.required) {
      reads.required = true;
      reads.requiring.insert(read.file);
      if (imported)
        report.note(fmt::format("{}:{}: requires {}, and {} imports it", read.file, read.line, variable,
                                *read.imported_by));
    } else if (reported.insert(read.file).second) {
      report_default(read, variable, report);
    }
  }
  // Of the file itself it is known whether the variable is demanded before.
  for (const code::EnvironmentRead& set : facts.rows<code::EnvironmentRead>(
           "WHERE variable IS NULL AND sets = 1 AND reader IS NULL ORDER BY file, line")) {
    const bool counts = matches(globs, set.file) || (set.imported_by && matches(globs, *set.imported_by));
    if (!counts || !reads.required || reads.requiring.contains(set.file) || !reported.insert(set.file).second)
      continue;
    report.undecided(
        {fmt::format("{}:{}:value", set.file, variable), set.file, set.line,
         fmt::format("variables are given values here, and which ones cannot be told: {} may be one of them",
                     variable),
         "name the variables"});
  }
  if (reads.required || !report.findings().empty()) return;
  if (configuration.empty()) {
    if (report.undecided_findings().empty())
      report.skip("no configuration of pytest (conftest.py), which is what is read");
    return;
  }
  if (!reads.conditional.empty()) {
    report.fail(
        {variable + ":condition", configuration, 0,
         fmt::format(
             "{} is required only under a condition ({}): elsewhere the tests may run on any database",
             variable, reads.conditional),
         fmt::format("require it always: `{0} = os.environ[\"{0}\"]` at the top", variable)});
    return;
  }
  if (reads.unclear) {
    report.undecided(
        {variable, configuration, 0,
         fmt::format("reads {}, but whether the tests go on without it cannot be told", variable),
         fmt::format("write `os.environ[\"{}\"]`", variable)});
    return;
  }
  report.fail({variable, configuration, 0,
               fmt::format("no test configuration requires {}: the tests may run on any database, or on none",
                           variable),
               fmt::format("write `{0} = os.environ[\"{0}\"]` at the top", variable)});
}

const Check check{.name = "database-url-required",
                  .title = "The test configuration requires DATABASE_URL, without a default",
                  .why =
                      "A default hides that nobody provisioned the database: the tests pass on SQLite, or on "
                      "a developer's own server, and the evidence is about another schema.",
                  .domains = {"code"},
                  .parameters = {{"variable", Parameter::string, "\"DATABASE_URL\"",
                                  "the variable that names the database"},
                                 {"files", Parameter::strings, "[\"conftest.py\", \"*/conftest.py\"]",
                                  "globs of the files that configure the tests"}},
                  .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
