// JaCoCo's XML: a file is known by its package and its name, not by its path.
#include <fmt/core.h>

#include "harness/base/text.h"
#include "harness/reports/report.h"
#include "harness/reports/values.h"
#include "harness/reports/xml.h"

namespace exitgate::reports {

namespace {

struct Counter {
  std::int64_t missed = 0;
  std::int64_t covered = 0;
};

std::optional<Counter> counter(const pugi::xml_node& node, std::string_view type) {
  for (const auto& child : node.children("counter")) {
    if (type != child.attribute("type").value()) continue;
    const auto missed = whole_number(child.attribute("missed").value());
    const auto covered = whole_number(child.attribute("covered").value());
    if (missed && covered) return Counter{*missed, *covered};
  }
  return std::nullopt;
}

void read_file(const pugi::xml_node& node, const std::string& package, const std::string& group,
               Report& report) {
  const auto name = (package.empty() ? "" : package + "/") + valid_utf8(node.attribute("name").value());
  FileCoverage one;
  if (!group.empty()) one.paths.push_back(group + "/" + name);
  one.paths.push_back(name);
  if (const auto lines = counter(node, "LINE")) {
    one.lines = lines->missed + lines->covered;
    one.lines_hit = lines->covered;
  } else {
    for (const auto& line : node.children("line")) {
      ++one.lines;
      if (whole_number(line.attribute("ci").value()).value_or(0) > 0) ++one.lines_hit;
    }
  }
  if (const auto branches = counter(node, "BRANCH")) {
    one.branches = branches->missed + branches->covered;
    one.branches_hit = branches->covered;
  }
  if (const auto methods = counter(node, "METHOD")) {
    one.functions = methods->missed + methods->covered;
    one.functions_hit = methods->covered;
  }
  report.coverage.push_back(std::move(one));
}

void descend(const pugi::xml_node& node, const std::string& group, Report& report, int depth) {
  if (depth > 20) return;
  for (const auto& child : node.children()) {
    const auto name = element(child);
    if (name == "group") {
      descend(child, valid_utf8(child.attribute("name").value()), report, depth + 1);
    } else if (name == "package") {
      const auto package = valid_utf8(child.attribute("name").value());
      for (const auto& file : child.children("sourcefile")) read_file(file, package, group, report);
    }
  }
}

}  // namespace

void read_jacoco(const pugi::xml_node& root, Report& report) {
  report.dialect = "JaCoCo";
  std::optional<std::int64_t> begun;
  for (const auto& session : root.children("sessioninfo")) {
    const auto start = whole_number(session.attribute("start").value());
    if (start && (!begun || *start < *begun)) begun = start;
  }
  if (begun) report.begun_at = utc_of_milliseconds(*begun).value_or("");
  descend(root, "", report, 0);
  if (report.coverage.empty() && report.problems.empty())
    report.problems.emplace_back(
        "it names no source file: the classes were compiled without debug information");
}

}  // namespace exitgate::reports
