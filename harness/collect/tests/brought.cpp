// Reports that were made elsewhere, in CI say: that they are of this commit is somebody's word.
#include <fmt/core.h>
#include <sys/stat.h>

#include <algorithm>
#include <set>

#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/base/time.h"
#include "harness/collect/tests/collect.h"
#include "harness/collect/tests/files.h"
#include "harness/reports/report.h"

namespace exitgate::collect::tests {

namespace {

namespace fs = std::filesystem;

// A path as one of the archive, whose names every program can write.
std::string safe_path(const std::string& path) {
  std::string safe;
  for (const char c : path) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("._-/@+=,").find(c) != std::string_view::npos;
    safe += plain ? c : '_';
  }
  return safe.substr(safe.find_first_not_of('/') == std::string::npos ? 0 : safe.find_first_not_of('/'));
}

class Reader {
 public:
  Reader(const config::Config& config, const Checkout& checkout, const redact::Redactor& redactor,
         fs::path run)
      : config_(config), checkout_(checkout), redactor_(redactor), run_(std::move(run)) {}

  Collected read() {
    for (const auto& declared : config_.tests.brought) take(declared, false);
    for (const auto& declared : config_.tests.base) take(declared, true);
    for (const auto& log : config_.tests.logs) take_log(log);
    return std::move(collected_);
  }

 private:
  void take(const config::BroughtReports& declared, bool of_base) {
    const auto& work_tree = checkout_.repository.work_tree();
    const bool absolute = declared.path.starts_with('/');
    const std::size_t before = collected_.files.size();
    foreign_.clear();
    if (work_tree || absolute) {
      const fs::path root = work_tree ? fs::path(*work_tree) : fs::path("/");
      for (const auto& path : files_of(root, declared.path)) {
        if (!add_file(declared, of_base, path,
                      absolute ? path.string() : path.lexically_relative(root).string()))
          break;
      }
    } else {
      for (const auto& entry : checkout_.tree) {
        if (entry.type == "blob" && entry.mode != "120000" && is_report_of(declared.path, entry.path))
          add_tracked(declared, of_base, entry.path);
      }
    }
    if (collected_.files.size() == before)
      collected_.missing.push_back({declared.path, declared.line,
                                    foreign_.empty() ? "no file fits it" : "no report fits it: " + foreign_});
  }

  // A declared log that is a test report is judged as one.
  void take_log(const std::string& log) {
    const auto& work_tree = checkout_.repository.work_tree();
    const auto normal = fs::path(log).lexically_normal();
    if (normal.empty() || normal.is_absolute() || *normal.begin() == "..") return;
    ReportFile file{.path = normal.string(), .line = config_.tests.line};
    std::error_code ignored;
    const auto committed = tracked(file.path);
    if (work_tree && fs::is_regular_file(*work_tree / normal, ignored)) {
      file.content = read_regular(*work_tree / normal, std::min(kMostBytes, room_)).text;
      file.written_at = changed_at(*work_tree / normal);
      file.tracked = committed && *committed == file.content;
    } else {
      file.content = committed.value_or("");
      file.tracked = true;
    }
    const auto format = reports::read_report(file.content).format;
    if (format == reports::Format::junit || format == reports::Format::ctrf) add(std::move(file));
  }

  bool add_file(const config::BroughtReports& declared, bool of_base, const fs::path& path,
                const std::string& name) {
    if (collected_.files.size() >= kMostFiles) {
      collected_.missing.push_back(
          {declared.path, declared.line, fmt::format("more than {} reports are not read", kMostFiles)});
      return false;
    }
    auto file = made(declared, of_base, name);
    auto content = read_regular(path, std::min(kMostBytes, room_));
    if (!content.regular) {
      foreign_ = fmt::format("{}: {}", name, content.problem);
      return true;
    }
    file.content = std::move(content.text);
    file.problem = std::move(content.problem);
    file.written_at = changed_at(path);
    const auto committed = tracked(name);
    file.tracked = committed && *committed == file.content;
    add(std::move(file));
    return true;
  }

  void add_tracked(const config::BroughtReports& declared, bool of_base, const std::string& name) {
    auto file = made(declared, of_base, name);
    file.content = tracked(name).value_or("");
    file.tracked = true;
    add(std::move(file));
  }

  // `commit: HEAD` says that they are of the commit of the run, whichever that is.
  ReportFile made(const config::BroughtReports& declared, bool of_base, const std::string& name) const {
    const bool this_one = declared.revision == "HEAD" && !of_base;
    return {.path = name,
            .of_base = of_base,
            .line = declared.line,
            .revision = this_one ? checkout_.commit : lower(declared.revision),
            .step = declared.step};
  }

  std::optional<std::string> tracked(const std::string& name) const {
    const bool there = std::any_of(checkout_.tree.begin(), checkout_.tree.end(),
                                   [&](const auto& entry) { return entry.path == name; });
    return there ? git::read_file_at(checkout_.repository, checkout_.commit, name) : std::nullopt;
  }

  void add(ReportFile file) {
    if (file.problem.empty()) {
      const auto report = reports::read_report(file.content);
      if (report.foreign) {
        foreign_ = fmt::format("{}: {}", file.path, report.problems.front());
        return;
      }
    }
    // That of a file of the commit is when it was checked out.
    if (file.tracked) file.written_at.clear();
    room_ -= std::min<std::uintmax_t>(room_, file.content.size());
    // Two globs may name one file: it is one report.
    if (!seen_.emplace(file.path, file.of_base).second) return;
    if (file.problem.empty()) keep(file);
    collected_.files.push_back(std::move(file));
  }

  void keep(ReportFile& file) {
    const std::string folder = file.of_base ? "logs/tests/brought-of-base" : "logs/tests/brought";
    file.kept = fmt::format("{}/{}", folder, safe_path(file.path));
    for (int number = 2; !kept_.insert(file.kept).second; ++number)
      file.kept = fmt::format("{}/{}-{}", folder, number, safe_path(file.path));
    make_directories((run_ / file.kept).parent_path());
    write_file(run_ / file.kept, redactor_.redact(file.content));
  }

  const config::Config& config_;
  const Checkout& checkout_;
  const redact::Redactor& redactor_;
  fs::path run_;
  Collected collected_;
  std::set<std::pair<std::string, bool>> seen_;
  std::set<std::string> kept_;
  std::string foreign_;  // a file that fits the glob and is not a report
  std::uintmax_t room_ = kMostBytesOfAll;
};

}  // namespace

std::string changed_at(const fs::path& path) {
  struct stat state {};
  if (::lstat(path.c_str(), &state) != 0) return "";
  return utc_time(state.st_mtim.tv_sec).value_or("");
}

Collected read_brought(const config::Config& config, const Checkout& checkout,
                       const redact::Redactor& redactor, const fs::path& run) {
  return Reader(config, checkout, redactor, run).read();
}

}  // namespace exitgate::collect::tests
