#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "harness/base/text.h"
#include "harness/collect/tests/collect.h"
#include "harness/collect/tests/commit_paths.h"
#include "harness/digest/digest.h"
#include "harness/facts/store.h"
#include "harness/facts/tables/tests.h"
#include "harness/json/json.h"
#include "harness/reports/report.h"

namespace exitgate::collect::tests {

namespace {

namespace rows = facts::tests;

std::optional<std::string> text_or_null(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional(text);
}

rows::ReportFormat format_of(reports::Format format) {
  switch (format) {
    case reports::Format::junit:
      return rows::ReportFormat::junit;
    case reports::Format::ctrf:
      return rows::ReportFormat::ctrf;
    case reports::Format::cobertura:
      return rows::ReportFormat::cobertura;
    case reports::Format::lcov:
      return rows::ReportFormat::lcov;
    case reports::Format::jacoco:
      return rows::ReportFormat::jacoco;
  }
  return rows::ReportFormat::junit;
}

rows::TestCaseStatus status_of(reports::Status status) {
  switch (status) {
    case reports::Status::passed:
      return rows::TestCaseStatus::passed;
    case reports::Status::failed:
      return rows::TestCaseStatus::failed;
    case reports::Status::error:
      return rows::TestCaseStatus::error;
    case reports::Status::skipped:
      return rows::TestCaseStatus::skipped;
    case reports::Status::flaky:
      return rows::TestCaseStatus::flaky;
    case reports::Status::unknown:
      return rows::TestCaseStatus::unknown;
  }
  return rows::TestCaseStatus::unknown;
}

// Files that a class may be in: "tests.test_cart.TestCart" of pytest, "org.example.CartTest$Inner" of the JVM, and what
// other runners write there.
std::vector<std::string> files_of_class(const reports::Report& report, const reports::Case& one) {
  std::vector<std::string> files = {one.class_name};
  if (report.dialect == "pytest") {
    std::string path = one.class_name;
    std::replace(path.begin(), path.end(), '.', '/');
    for (;;) {
      files.push_back(path + ".py");
      const std::size_t slash = path.rfind('/');
      if (slash == std::string::npos) break;
      path.erase(slash);
    }
  } else if (report.dialect == "Surefire" || report.dialect == "Gradle") {
    std::string path = one.class_name.substr(0, one.class_name.find('$'));
    std::replace(path.begin(), path.end(), '.', '/');
    for (const char* const ending : {".java", ".kt", ".groovy", ".scala"}) files.push_back(path + ending);
  }
  if (one.suite && !report.suites[*one.suite].name.empty()) files.push_back(report.suites[*one.suite].name);
  return files;
}

class Writer {
 public:
  Writer(facts::Store& store, const config::Config& config, const Checkout& checkout,
         const redact::Redactor& redactor)
      : store_(store), config_(config), paths_(checkout.tree), redactor_(redactor) {}

  void report(const ReportFile& file) {
    const std::int64_t id = next_++;
    auto report = file.problem.empty() ? reports::read_report(file.content) : reports::Report{};
    auto problems = report.problems;
    if (!file.problem.empty()) problems.insert(problems.begin(), file.problem);
    if (problems.size() > 3) problems.resize(3);
    const auto own = report.revision.empty() ? file.revision : report.revision;
    if (!file.revision.empty() && !report.revision.empty() && !report.revision.starts_with(file.revision) &&
        !file.revision.starts_with(report.revision)) {
      problems.push_back(
          fmt::format("it says that it is of commit {}, and the configuration that it is of {}",
                      report.revision, file.revision));
    }
    store_.insert(
        rows::Report{.id = id,
                     .path = masked(file.path),
                     .format = report.format ? std::optional(format_of(*report.format)) : std::nullopt,
                     .dialect = text_or_null(masked(report.dialect)),
                     .source = file.command ? rows::ReportSource::run : rows::ReportSource::brought,
                     .of = file.of_base ? rows::ReportOf::base : rows::ReportOf::commit,
                     .command = file.command,
                     .file = config_.file,
                     .line = file.line,
                     .written_at = text_or_null(file.written_at),
                     .begun_at = text_or_null(report.begun_at),
                     .revision = text_or_null(own),
                     .step = text_or_null(masked(file.step)),
                     .tracked = file.tracked,
                     .sha256 = digest::sha256_hex(file.content),
                     .kept = text_or_null(file.kept),
                     .problem = text_or_null(masked(join(problems, "; ")))});
    suites(id, report);
    cases(id, file, report);
    coverage(id, file, report);
  }

  void missing(const MissingReport& one) {
    store_.insert(rows::Problem{
        .path = masked(one.path), .file = config_.file, .line = one.line, .reason = masked(one.reason)});
  }

 private:
  std::string masked(const std::string& text) const { return redactor_.redact(valid_utf8(text)); }

  void suites(std::int64_t id, const reports::Report& report) {
    std::int64_t number = 0;
    for (const auto& suite : report.suites) {
      Json properties = Json::object();
      for (const auto& [name, value] : suite.properties) properties[name] = masked(value);
      store_.insert(rows::Suite{
          .report = id,
          .id = number++,
          .parent = suite.parent ? std::optional(static_cast<std::int64_t>(*suite.parent)) : std::nullopt,
          .name = masked(suite.name),
          .tests = suite.tests,
          .failures = suite.failures,
          .errors = suite.errors,
          .skipped = suite.skipped,
          .milliseconds = suite.milliseconds,
          .begun_at = text_or_null(suite.begun_at),
          .host = text_or_null(masked(suite.host)),
          .file = text_or_null(masked(suite.file)),
          .properties = suite.properties.empty() ? std::nullopt : std::optional(properties.dump())});
    }
  }

  void cases(std::int64_t id, const ReportFile& file, const reports::Report& report) {
    std::vector<std::vector<std::string>> said;
    for (const auto& one : report.cases)
      said.push_back(one.file.empty() ? files_of_class(report, one) : std::vector{one.file});
    const auto meant = paths_.resolve(said, file.root);
    for (std::size_t at = 0; at < report.cases.size(); ++at) {
      const auto& one = report.cases[at];
      auto place = meant[at] ? *meant[at] : one.file;
      if (!meant[at] && !file.root.empty() && place.starts_with(file.root + "/"))
        place.erase(0, file.root.size() + 1);
      store_.insert(rows::TestCase{
          .report = id,
          .suite = one.suite ? std::optional(static_cast<std::int64_t>(*one.suite)) : std::nullopt,
          .position = static_cast<std::int64_t>(at),
          .class_ = masked(one.class_name),
          .name = masked(one.name),
          .status = status_of(one.status),
          .milliseconds = one.milliseconds,
          .file = text_or_null(masked(place)),
          .line = one.line,
          .message = text_or_null(masked(one.message)),
          .tries = one.tries});
    }
  }

  void coverage(std::int64_t id, const ReportFile& file, const reports::Report& report) {
    std::vector<std::vector<std::string>> said;
    for (const auto& one : report.coverage) said.push_back(one.paths);
    const auto meant = paths_.resolve(said, file.root);
    for (std::size_t at = 0; at < report.coverage.size(); ++at) {
      const auto& one = report.coverage[at];
      store_.insert(rows::Coverage{.report = id,
                                   .file = masked(meant[at] ? *meant[at] : one.paths.back()),
                                   .tracked = meant[at].has_value(),
                                   .lines = one.lines,
                                   .lines_hit = one.lines_hit,
                                   .branches = one.branches,
                                   .branches_hit = one.branches_hit,
                                   .functions = one.functions,
                                   .functions_hit = one.functions_hit});
    }
  }

  facts::Store& store_;
  const config::Config& config_;
  CommitPaths paths_;
  const redact::Redactor& redactor_;
  std::int64_t next_ = 1;
};

}  // namespace

void write_tests(const Collected& collected, const config::Config& config, const Checkout& checkout,
                 const redact::Redactor& redactor, const std::filesystem::path& facts) {
  facts::Store store(facts, "tests");
  Writer writer(store, config, checkout, redactor);
  for (const auto& file : collected.files) writer.report(file);
  for (const auto& one : collected.missing) writer.missing(one);
  store.execute("CREATE INDEX test_case_by_status ON test_case (status)");
  store.close();
}

}  // namespace exitgate::collect::tests
