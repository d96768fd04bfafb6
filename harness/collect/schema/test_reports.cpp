#include "harness/collect/schema/test_reports.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "harness/base/text.h"

namespace exitgate::collect::schema {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kBlanks = " \t\r\n";

// The tags of an XML text, one after the other. Comments, CDATA and declarations are passed over.
class Tags {
 public:
  explicit Tags(std::string_view text) : rest_(text) {}

  // "testcase", "/testcase", "testcase/" for one without content; "" at the end.
  std::string next() {
    for (;;) {
      const std::size_t open = rest_.find('<');
      if (open == std::string_view::npos) return "";
      rest_.remove_prefix(open + 1);
      if (skip("!--", "-->") || skip("![CDATA[", "]]>") || skip("?", "?>") || skip("!", ">")) continue;
      const std::size_t end = end_of_tag();
      const auto tag = rest_.substr(0, end);
      rest_.remove_prefix(std::min(end + 1, rest_.size()));
      auto name = std::string(tag.substr(0, tag.find_first_of(kBlanks)));
      if (tag.ends_with('/') && !name.ends_with('/')) name += '/';
      if (!name.empty()) return name;
    }
  }

 private:
  bool skip(std::string_view begin, std::string_view end) {
    if (!rest_.starts_with(begin)) return false;
    const std::size_t at = rest_.find(end, begin.size());
    rest_.remove_prefix(at == std::string_view::npos ? rest_.size() : at + end.size());
    return true;
  }
  // A '>' in an attribute's value ends nothing.
  std::size_t end_of_tag() const {
    char quote = 0;
    for (std::size_t at = 0; at < rest_.size(); ++at) {
      const char c = rest_[at];
      if (quote != 0) {
        if (c == quote) quote = 0;
      } else if (c == '"' || c == '\'') {
        quote = c;
      } else if (c == '>') {
        return at;
      }
    }
    return rest_.size();
  }

  std::string_view rest_;
};

// The part of a glob before its first wildcard's folder: where the search begins.
fs::path literal_folder(const std::string& glob) {
  const std::string literal = glob.substr(0, glob.find_first_of("*?"));
  return fs::path(literal).parent_path();
}

// "" and the problem's words when it cannot be read whole.
std::string read_regular(const fs::path& path, std::uintmax_t most, std::string& problem) {
  const int file = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (file < 0) {
    problem = errno == ELOOP ? "it is a link" : std::strerror(errno);
    return "";
  }
  std::string content;
  struct stat state {};
  if (::fstat(file, &state) != 0 || !S_ISREG(state.st_mode)) {
    problem = "it is not a regular file";
  } else if (static_cast<std::uintmax_t>(state.st_size) > most) {
    problem = fmt::format("it has {} bytes, and at most {} are kept", state.st_size, most);
  } else {
    content.resize(static_cast<std::size_t>(state.st_size));
    std::size_t done = 0;
    while (done < content.size()) {
      const ssize_t got = ::read(file, content.data() + done, content.size() - done);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) break;
      done += static_cast<std::size_t>(got);
    }
    content.resize(done);
  }
  ::close(file);
  return content;
}

}  // namespace

std::optional<TestCounts> counts_of_junit(std::string_view text) {
  TestCounts counts;
  bool suite = false;
  bool failed = false;
  bool skipped = false;
  bool in_case = false;
  const auto close = [&] {
    if (in_case && failed) ++counts.failed;
    if (in_case && skipped && !failed) ++counts.skipped;
    in_case = failed = skipped = false;
  };
  Tags tags(text);
  for (auto tag = tags.next(); !tag.empty(); tag = tags.next()) {
    const bool empty = tag.ends_with('/');
    if (empty) tag.pop_back();
    if (tag == "testsuite" || tag == "testsuites") suite = true;
    if (tag == "testcase") {
      close();
      ++counts.tests;
      in_case = !empty;
    } else if (tag == "/testcase" || tag == "/testsuite") {
      close();
    } else if (tag == "failure" || tag == "error") {
      failed = true;
    } else if (tag == "skipped") {
      skipped = true;
    }
  }
  close();
  return suite ? std::optional(counts) : std::nullopt;
}

bool is_report_of(const std::string& glob, const std::string& path) {
  if (glob_match(glob, path)) return true;
  const std::size_t any = glob.find("**/");
  return any != std::string::npos && glob_match(std::string(glob).erase(any, 3), path);
}

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
  std::error_code failed;
  const auto root = fs::canonical(tree_, failed);
  for (const auto& glob : globs_) {
    const auto folder = tree_ / literal_folder(glob);
    // A folder that is a link could lead out of the tree.
    const auto real = fs::canonical(folder, failed);
    if (failed || std::mismatch(root.begin(), root.end(), real.begin(), real.end()).first != root.end())
      continue;
    if (glob.find_first_of("*?") == std::string::npos) {
      add(tree_ / glob);
      continue;
    }
    fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, failed);
    for (const fs::recursive_directory_iterator end; !failed && at != end; at.increment(failed)) {
      if (is_report_of(glob, at->path().lexically_relative(tree_).string())) add(at->path());
    }
  }
  return files;
}

std::vector<TestReport> TestReports::written() {
  const auto before = std::exchange(now_, read());
  std::vector<TestReport> reports;
  std::uintmax_t room = kMostBytesOfAll;
  for (const auto& [path, state] : now_) {
    const auto found = before.find(path);
    if (found != before.end() && found->second == state) continue;
    TestReport report{.path = path, .content = ""};
    if (reports.size() >= kMostFiles) {
      report.problem = fmt::format("more than {} reports are not kept", kMostFiles);
      reports.push_back(std::move(report));
      break;
    }
    report.content = read_regular(tree_ / path, std::min(kMostBytes, room), report.problem);
    room -= std::min<std::uintmax_t>(room, report.content.size());
    if (report.problem.empty()) {
      const auto counts = counts_of_junit(report.content);
      if (counts) report.counts = *counts;
      if (report.content.empty()) {
        report.problem = "it is empty";
      } else if (!counts) {
        report.problem = "it is not a JUnit report";
      } else if (counts->tests == 0) {
        report.problem = "it names no test";
      }
    }
    if (!report.problem.empty()) report.content.clear();
    reports.push_back(std::move(report));
  }
  return reports;
}

}  // namespace exitgate::collect::schema
