// Cobertura's coverage XML, as coverage.py, gcovr, Istanbul, coverlet and others write it.
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/text.h"
#include "harness/reports/line_hits.h"
#include "harness/reports/report.h"
#include "harness/reports/values.h"
#include "harness/reports/xml.h"

namespace exitgate::reports {

namespace {

struct File {
  LineHits lines;
  std::map<std::int64_t, std::pair<std::int64_t, std::int64_t>> branches;  // by line: hit, of so many
  std::map<std::string, bool> methods;                                     // whether a line of it ran
};

// "50% (1/2)"
std::optional<std::pair<std::int64_t, std::int64_t>> condition(std::string_view text) {
  const std::size_t open = text.find('(');
  const std::size_t slash = text.find('/', open == std::string_view::npos ? 0 : open);
  const std::size_t close = text.find(')', slash == std::string_view::npos ? 0 : slash);
  if (open == std::string_view::npos || slash == std::string_view::npos || close == std::string_view::npos)
    return std::nullopt;
  const auto hit = whole_number(text.substr(open + 1, slash - open - 1));
  const auto all = whole_number(text.substr(slash + 1, close - slash - 1));
  if (!hit || !all) return std::nullopt;
  return std::pair(*hit, *all);
}

class Reader {
 public:
  explicit Reader(Report& report) : report_(report) {}

  void read(const pugi::xml_node& root) {
    for (const auto& source : root.child("sources").children("source")) {
      const auto folder = std::string(trim(source.child_value()));
      if (!folder.empty()) sources_.push_back(folder);
    }
    if (const auto time = whole_number(root.attribute("timestamp").value()))
      report_.begun_at = utc_of_milliseconds(*time < 100000000000 ? *time * 1000 : *time).value_or("");
    descend(root, 0);
    for (const auto& [name, file] : files_) report_.coverage.push_back(covered(name, file));
    if (report_.coverage.empty() && report_.problems.empty())
      report_.problems.emplace_back("it names no file");
  }

 private:
  void descend(const pugi::xml_node& node, int depth) {
    if (depth > 20) return;
    for (const auto& child : node.children()) {
      const auto name = element(child);
      if (name == "class") {
        read_class(child);
      } else if (!name.empty()) {
        descend(child, depth + 1);
      }
    }
  }

  void read_class(const pugi::xml_node& node) {
    const auto name = valid_utf8(node.attribute("filename").value());
    if (name.empty()) {
      report_.problems.push_back(
          fmt::format("its class '{}' names no file", printable_name(node.attribute("name").value())));
      return;
    }
    auto& file = files_[name];
    const bool own_lines = node.child("lines").child("line") != pugi::xml_node();
    for (const auto& method : node.child("methods").children("method")) {
      bool ran = false;
      for (const auto& line : method.child("lines").children("line")) {
        ran = ran || hits_of(line) > 0;
        if (!own_lines) add(line, file);
      }
      auto& known =
          file.methods[fmt::format("{} {}{}", node.attribute("name").value(),
                                   method.attribute("name").value(), method.attribute("signature").value())];
      known = known || ran;
    }
    for (const auto& line : node.child("lines").children("line")) add(line, file);
  }

  static std::int64_t hits_of(const pugi::xml_node& line) {
    const std::string_view text = line.attribute("hits").value();
    // Beyond 64 bits it is many.
    return whole_number(text).value_or(
        text.size() > 18 && text.find_first_not_of("0123456789") == std::string_view::npos ? INT64_MAX : 0);
  }

  static void add(const pugi::xml_node& line, File& file) {
    const auto number = whole_number(line.attribute("number").value());
    if (!number) return;
    file.lines.add(*number, hits_of(line));
    const auto branches = condition(line.attribute("condition-coverage").value());
    if (!branches) return;
    auto& known = file.branches[*number];
    known.first = std::max(known.first, branches->first);
    known.second = std::max(known.second, branches->second);
  }

  FileCoverage covered(const std::string& name, const File& file) const {
    FileCoverage one;
    for (const auto& folder : sources_) {
      if (folder == ".") continue;
      one.paths.push_back(folder + (folder.ends_with('/') || folder.ends_with('\\') ? "" : "/") + name);
    }
    one.paths.push_back(name);
    file.lines.count(one);
    if (!file.branches.empty()) {
      one.branches = one.branches_hit = 0;
      for (const auto& [line, counts] : file.branches) {
        *one.branches_hit += counts.first;
        *one.branches += counts.second;
      }
    }
    if (!file.methods.empty()) {
      one.functions = static_cast<std::int64_t>(file.methods.size());
      one.functions_hit =
          std::count_if(file.methods.begin(), file.methods.end(), [](const auto& m) { return m.second; });
    }
    return one;
  }

  Report& report_;
  std::vector<std::string> sources_;
  std::map<std::string, File> files_;
};

}  // namespace

void read_cobertura(const pugi::xml_node& root, Report& report) {
  Reader(report).read(root);
}

}  // namespace exitgate::reports
