// Which format a text is in.
#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/reports/report.h"
#include "harness/reports/xml.h"

namespace exitgate::reports {

namespace {

constexpr std::string_view kRead = "JUnit XML, CTRF, Cobertura, LCOV and JaCoCo are read";

std::string_view without_mark(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return text;
}

// "" for what is read; else what the root element is known to be of.
std::string_view foreign_root(std::string_view name, const pugi::xml_node& root) {
  if (name == "coverage" && root.child("project")) return "a Clover report";
  if (name == "coverage" && root.child("file")) return "SonarQube's generic coverage";
  if (name == "test-run" || name == "test-results") return "an NUnit report";
  if (name == "assemblies" || name == "assembly") return "an xUnit.net report";
  if (name == "TestRun") return "a Visual Studio test result (TRX)";
  if (name == "CoverageSession") return "an OpenCover report";
  return "";
}

Report read_xml(std::string_view text) {
  Report report;
  pugi::xml_document document;
  const auto root = load_xml(text, document, report.problems);
  if (!root) {
    if (report.problems.empty()) report.problems.emplace_back("it has no root element");
    return report;
  }
  const auto name = element(root);
  report.foreign = report.problems.empty();
  if (const auto foreign = foreign_root(name, root); !foreign.empty()) {
    report.problems.push_back(fmt::format("it is {}, which is not read: {}", foreign, kRead));
  } else if (name == "testsuites" || name == "testsuite") {
    report.format = Format::junit;
    report.foreign = false;
    const bool whole = report.problems.empty();
    read_junit(root, report);
    // The text may end within the last case: that nothing was said of it is no pass.
    if (!whole && !report.cases.empty() && report.cases.back().status == Status::passed)
      report.cases.back().status = Status::unknown;
  } else if (name == "coverage") {
    report.format = Format::cobertura;
    report.foreign = false;
    read_cobertura(root, report);
  } else if (name == "report") {
    report.format = Format::jacoco;
    report.foreign = false;
    read_jacoco(root, report);
  } else {
    report.problems.push_back(
        fmt::format("its root element <{}> is of no known format: {}", printable_name(name), kRead));
  }
  return report;
}

bool is_lcov(std::string_view text) {
  // Comments may stand before the first record.
  for (const auto& line : split(text.substr(0, 4096), '\n')) {
    const auto word = trim(line);
    if (word.empty() || word.starts_with('#')) continue;
    return word.starts_with("TN:") || word.starts_with("SF:") || word.starts_with("VER:");
  }
  return false;
}

}  // namespace

std::string_view format_name(Format format) {
  switch (format) {
    case Format::junit:
      return "junit";
    case Format::ctrf:
      return "ctrf";
    case Format::cobertura:
      return "cobertura";
    case Format::lcov:
      return "lcov";
    case Format::jacoco:
      return "jacoco";
  }
  return "";
}

Report read_report(std::string_view text) {
  const auto content = without_mark(text);
  const auto begin = trim(content.substr(0, 4096));
  Report report;
  if (begin.empty()) {
    report.problems.emplace_back(trim(content).empty() ? "it is empty" : "it begins with nothing but blanks");
  } else if (begin[0] == '<' || begin.find('\0') != std::string_view::npos ||
             static_cast<unsigned char>(begin[0]) >= 0xFE) {
    return read_xml(text);
  } else if (begin[0] == '{') {
    return read_ctrf(content);
  } else if (is_lcov(content)) {
    return read_lcov(content);
  } else if (begin.starts_with("mode: ")) {
    report.foreign = true;
    report.problems.push_back(fmt::format(
        "it is a coverage profile of Go, which is not read: {}; gocover-cobertura converts it", kRead));
  } else {
    report.foreign = true;
    report.problems.push_back(fmt::format("its format cannot be told: {}", kRead));
  }
  return report;
}

}  // namespace exitgate::reports
