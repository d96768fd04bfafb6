// What a test or coverage report says, whoever wrote it, in one shape.
//
// Nothing of a report is lost in silence: a file that is truncated, not well-formed, of an unknown format, or that holds fewer
// tests than it says itself, has a problem. What could be read of it is there all the same.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace exitgate::reports {

enum class Format { junit, ctrf, cobertura, lcov, jacoco };

// "junit", as tests.report.format has it
std::string_view format_name(Format format);

struct Suite {
  std::optional<std::size_t> parent = {};  // in Report::suites
  std::string name = {};
  // By the report's own count.
  std::optional<std::int64_t> tests = {};
  std::optional<std::int64_t> failures = {};
  std::optional<std::int64_t> errors = {};
  std::optional<std::int64_t> skipped = {};
  std::optional<std::int64_t> milliseconds = {};
  std::string begun_at = {};  // UTC where the report names a zone, else as written; "" when it does not say
  std::string host = {};
  std::string file = {};  // as written
  std::vector<std::pair<std::string, std::string>> properties = {};
};

enum class Status { passed, failed, error, skipped, flaky, unknown };

struct Case {
  std::optional<std::size_t> suite = {};  // in Report::suites
  std::string class_name = {};
  std::string name = {};
  Status status = Status::passed;
  std::optional<std::int64_t> milliseconds = {};
  std::string file = {};                  // as written; "" when the report does not say
  std::optional<std::int64_t> line = {};  // counts from 1
  std::string message = {};  // of its failure, or why it was skipped; at most kLongestMessage bytes
  std::int64_t tries = 1;
};

inline constexpr std::size_t kLongestMessage = 1000;

// Of one file. Counts of what a report does not tell are nullopt.
struct FileCoverage {
  std::vector<std::string> paths = {};  // that the report may mean, the likeliest first; never empty
  std::int64_t lines = 0;
  std::int64_t lines_hit = 0;
  std::optional<std::int64_t> branches = {};
  std::optional<std::int64_t> branches_hit = {};
  std::optional<std::int64_t> functions = {};
  std::optional<std::int64_t> functions_hit = {};
};

struct Report {
  std::optional<Format> format = {};  // nullopt when that cannot be told
  std::string dialect = {};           // who wrote it: "pytest"; "" when that cannot be told
  std::string begun_at = {};          // UTC; "" when it does not say, or says no zone
  std::string revision = {};          // the commit that it is of, by its own words; "" when it does not say
  std::vector<Suite> suites = {};
  std::vector<Case> cases = {};
  std::vector<FileCoverage> coverage = {};
  std::vector<std::string> problems = {};  // why it could not be read, or not whole

  bool foreign = false;  // it is whole, as far as can be told, and of a format that is not read

  bool is_coverage() const { return format && *format != Format::junit && *format != Format::ctrf; }
};

// Reads a report of any of the formats. Throws nothing but for want of memory.
Report read_report(std::string_view text);

// The readers of one format each; `text` is known to be of it.
Report read_ctrf(std::string_view text);
Report read_lcov(std::string_view text);

}  // namespace exitgate::reports
