#include "harness/collect/schema/test_reports.h"

#include <fmt/core.h>
#include <sys/stat.h>

#include <algorithm>
#include <utility>

#include "harness/collect/tests/collect.h"
#include "harness/collect/tests/files.h"
#include "harness/reports/report.h"

namespace exitgate::collect::schema {

namespace fs = std::filesystem;

TestReports::TestReports(fs::path tree, const std::vector<std::string>& globs) : tree_(std::move(tree)) {
  for (const auto& glob : globs) {
    const auto normal = fs::path(glob).lexically_normal();
    if (normal.empty() || normal.is_absolute() || *normal.begin() == "..") continue;
    globs_.push_back(normal.string());
  }
  now_ = read();
}

std::map<std::string, TestReports::State> TestReports::read() const {
  std::map<std::string, State> files;
  const auto add = [&](const fs::path& path) {
    struct stat state {};
    if (::lstat(path.c_str(), &state) != 0 || S_ISDIR(state.st_mode)) return;
    files[path.lexically_relative(tree_).string()] = {state.st_mtim.tv_sec, state.st_mtim.tv_nsec,
                                                      state.st_ino,
                                                      static_cast<std::uintmax_t>(state.st_size)};
  };
  for (const auto& glob : globs_) {
    for (const auto& path : tests::files_of(tree_, glob)) add(path);
  }
  return files;
}

namespace {

void look_into(TestReport& report) {
  const auto read = reports::read_report(report.content);
  report.is_coverage = read.is_coverage();
  report.foreign = read.foreign;
  report.counts.tests = read.cases.size();
  for (const auto& one : read.cases) {
    if (one.status == reports::Status::failed || one.status == reports::Status::error) ++report.counts.failed;
    if (one.status == reports::Status::skipped) ++report.counts.skipped;
  }
  if (!read.problems.empty()) {
    report.problem = read.problems.front();
  } else if (!report.is_coverage && read.cases.empty()) {
    report.problem = "it names no test";
  }
}

}  // namespace

std::vector<TestReport> TestReports::written() {
  const auto before = std::exchange(now_, read());
  std::vector<TestReport> reports;
  std::uintmax_t room = tests::kMostBytesOfAll;
  for (const auto& [path, state] : now_) {
    const auto found = before.find(path);
    if (found != before.end() && found->second == state) continue;
    TestReport report{.path = path, .content = ""};
    if (reports.size() >= tests::kMostFiles) {
      report.problem = report.problem_of_file =
          fmt::format("more than {} reports are not kept", tests::kMostFiles);
      reports.push_back(std::move(report));
      break;
    }
    auto content = tests::read_regular(tree_ / path, std::min(tests::kMostBytes, room));
    report.content = std::move(content.text);
    report.problem_of_file = content.problem;
    report.foreign = !content.regular;
    report.problem = report.problem_of_file;
    room -= std::min<std::uintmax_t>(room, report.content.size());
    report.written_at = tests::changed_at(tree_ / path);
    if (report.problem.empty()) look_into(report);
    reports.push_back(std::move(report));
  }
  return reports;
}

}  // namespace exitgate::collect::schema
