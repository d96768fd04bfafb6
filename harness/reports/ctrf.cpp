// The Common Test Report Format: https://ctrf.io
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "harness/base/text.h"
#include "harness/json/json.h"
#include "harness/reports/report.h"
#include "harness/reports/values.h"

namespace exitgate::reports {

namespace {

std::optional<std::int64_t> number(const Json& value, std::string_view key) {
  const Json* const found = value.find(key);
  if (found == nullptr || !found->is_number()) return std::nullopt;
  const double number = found->number();
  if (!std::isfinite(number) || std::abs(number) > 1e15) return std::nullopt;
  return static_cast<std::int64_t>(std::llround(number));
}

// A suite is a name, or a list of them from the outermost on.
std::string suite_of(const Json& test) {
  const Json* const suite = test.find("suite");
  if (suite == nullptr) return "";
  if (suite->is_string()) return suite->text();
  std::vector<std::string> names;
  for (const auto& name : suite->items()) {
    if (name.is_string()) names.push_back(name.text());
  }
  return join(names, " > ");
}

std::optional<Status> status_of(const std::string& word) {
  if (word == "passed") return Status::passed;
  if (word == "failed") return Status::failed;
  if (word == "skipped" || word == "pending") return Status::skipped;
  if (word == "other") return Status::unknown;
  return std::nullopt;
}

Case case_of(const Json& test, Report& report, std::size_t position) {
  Case one{.class_name = suite_of(test),
           .name = test.text_or("name"),
           .milliseconds = number(test, "duration"),
           .file = test.text_or("filePath"),
           .line = number(test, "line"),
           .message = as_message(test.text_or("message"))};
  if (one.line && *one.line <= 0) one.line = std::nullopt;
  one.tries += std::max<std::int64_t>(number(test, "retries").value_or(0), 0);
  const auto word = test.text_or("status");
  const auto status = status_of(word);
  if (!status) {
    report.problems.push_back(fmt::format("the status of its test {} is '{}', which CTRF does not know",
                                          position, printable_name(word)));
  }
  one.status = status.value_or(Status::unknown);
  if (one.status == Status::passed && test.boolean_or("flaky", false)) one.status = Status::flaky;
  return one;
}

void compare(const Json& summary, Report& report) {
  const auto said = number(summary, "tests");
  const auto held = static_cast<std::int64_t>(report.cases.size());
  if (said && *said > held) {
    report.problems.push_back(fmt::format("it says that it has {}, and holds {}",
                                          count_of(static_cast<std::size_t>(*said), "test"), held));
  }
  const auto failed = number(summary, "failed");
  const auto failing = std::count_if(report.cases.begin(), report.cases.end(),
                                     [](const Case& one) { return one.status == Status::failed; });
  if (failed && *failed > failing) {
    report.problems.push_back(fmt::format("it says that {} failed, and holds {}",
                                          count_of(static_cast<std::size_t>(*failed), "test"), failing));
  }
}

}  // namespace

Report read_ctrf(std::string_view text) {
  Report report;
  try {
    const Json document = Json::parse(text, "", {.unique_keys = true, .depth = 200});
    const Json* const results = document.find("results");
    const Json* const tests = results == nullptr ? nullptr : results->find("tests");
    if (tests == nullptr || !tests->is_array()) {
      report.foreign = true;
      report.problems.emplace_back("it is JSON and not a CTRF report: it has no list `results.tests`");
      return report;
    }
    report.format = Format::ctrf;
    report.dialect = (*results)["tool"].text_or("name");
    const Json& summary = (*results)["summary"];
    if (const auto start = number(summary, "start"))
      report.begun_at = utc_of_milliseconds(*start).value_or("");
    if (const auto commit = (*results)["environment"].text_or("commit"); is_commit(commit))
      report.revision = lower(commit);
    std::map<std::string, std::size_t> suites;
    for (const auto& test : tests->items()) {
      auto one = case_of(test, report, report.cases.size());
      if (!one.class_name.empty()) {
        const auto [known, added] = suites.emplace(one.class_name, report.suites.size());
        if (added) report.suites.push_back({.name = one.class_name});
        one.suite = known->second;
      }
      report.cases.push_back(std::move(one));
    }
    compare(summary, report);
  } catch (const JsonError& wrong) {
    report.problems.push_back(fmt::format("it is not well-formed JSON (is it truncated?): {}", wrong.what()));
  }
  return report;
}

}  // namespace exitgate::reports
