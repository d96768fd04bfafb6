// LCOV's tracefile (geninfo(1)).
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/text.h"
#include "harness/reports/line_hits.h"
#include "harness/reports/report.h"
#include "harness/reports/values.h"

namespace exitgate::reports {

namespace {

struct File {
  LineHits lines;
  std::map<std::string, bool> branches;                // "line,block,branch": whether it was taken
  std::map<std::string, bool> functions;               // by name or index
  std::optional<std::int64_t> lines_found, lines_hit;  // by the file's own counts, where it lists no line
};

class Reader {
 public:
  explicit Reader(Report& report) : report_(report) {}

  void read(std::string_view text) {
    std::size_t number = 0;
    for (const auto& raw : split(text, '\n')) {
      ++number;
      const auto line = trim(raw);
      if (line.empty() || line.starts_with('#')) continue;
      if (line == "end_of_record") {
        file_ = nullptr;
        continue;
      }
      const std::size_t colon = line.find(':');
      if (colon == std::string_view::npos || !record(line.substr(0, colon), line.substr(colon + 1))) {
        report_.problems.push_back(
            fmt::format("line {} is not a line of an LCOV tracefile (is it truncated?)", number));
        break;
      }
    }
    if (file_ != nullptr)
      report_.problems.emplace_back("its last record has no `end_of_record`: it is truncated");
    for (const auto& [name, file] : files_) report_.coverage.push_back(covered(name, file));
    if (report_.coverage.empty() && report_.problems.empty())
      report_.problems.emplace_back("it names no file");
  }

 private:
  bool record(std::string_view key, std::string_view value) {
    if (key == "TN" || key == "VER") return true;
    if (key == "SF") {
      file_ = &files_[valid_utf8(value)];
      return !value.empty();
    }
    if (file_ == nullptr) return false;
    const auto fields = split(value, ',');
    if (key == "DA") {
      const auto line = whole_number(fields[0]);
      const auto hits = fields.size() > 1 ? count(fields[1]) : std::nullopt;
      if (!line || !hits) return false;
      file_->lines.add(*line, *hits);
    } else if (key == "BRDA") {
      if (fields.size() < 4) return false;
      auto& taken = file_->branches[fields[0] + "," + fields[1] + "," + fields[2]];
      taken = taken || (fields.back() != "-" && count(fields.back()).value_or(0) > 0);
    } else if (key == "FN" || key == "FNDA") {
      // The name may hold commas. FN:LINE[,END],NAME and FNDA:COUNT,NAME.
      std::size_t comma = value.find(',');
      if (comma == std::string_view::npos) return false;
      auto name = value.substr(comma + 1);
      if (key == "FN") {
        comma = name.find(',');
        if (comma != std::string_view::npos && whole_number(name.substr(0, comma)))
          name.remove_prefix(comma + 1);
      }
      auto& ran = file_->functions[std::string(name)];
      ran = ran || (key == "FNDA" && count(fields[0]).value_or(0) > 0);
    } else if (key == "FNL" || key == "FNA") {  // LCOV 2.2: FNL:INDEX,LINE,END and FNA:INDEX,COUNT,NAME
      auto& ran = file_->functions[fields[0]];
      ran = ran || (key == "FNA" && fields.size() > 1 && count(fields[1]).value_or(0) > 0);
    } else if (key == "LF") {
      file_->lines_found = whole_number(value);
    } else if (key == "LH") {
      file_->lines_hit = whole_number(value);
    }
    return true;
  }

  // "3", "1e+06"; negative ones, which broken counters give, are 0.
  static std::optional<std::int64_t> count(std::string_view text) {
    if (const auto number = whole_number(text)) return std::max<std::int64_t>(*number, 0);
    const auto number = milliseconds_of(text);
    return number ? std::optional<std::int64_t>(*number > 0 ? 1 : 0) : std::nullopt;
  }

  static FileCoverage covered(const std::string& name, const File& file) {
    FileCoverage one{.paths = {name}};
    file.lines.count(one);
    if (file.lines.empty()) {
      one.lines = file.lines_found.value_or(0);
      one.lines_hit = file.lines_hit.value_or(0);
    }
    const auto hit = [](const std::map<std::string, bool>& all) {
      return std::count_if(all.begin(), all.end(), [](const auto& item) { return item.second; });
    };
    if (!file.branches.empty()) {
      one.branches = static_cast<std::int64_t>(file.branches.size());
      one.branches_hit = hit(file.branches);
    }
    if (!file.functions.empty()) {
      one.functions = static_cast<std::int64_t>(file.functions.size());
      one.functions_hit = hit(file.functions);
    }
    return one;
  }

  Report& report_;
  std::map<std::string, File> files_;
  File* file_ = nullptr;  // of the record that is being read
};

}  // namespace

Report read_lcov(std::string_view text) {
  Report report;
  report.format = Format::lcov;
  Reader(report).read(text);
  return report;
}

}  // namespace exitgate::reports
