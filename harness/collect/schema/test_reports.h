// The JUnit reports that a command of the target writes into its tree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace exitgate::collect::schema {

// How the tests of one report ended.
struct TestCounts {
  std::size_t tests = 0;
  std::size_t failed = 0;  // with a failure or an error
  std::size_t skipped = 0;
};

// nullopt when the text is not a JUnit report: it has no <testsuite>.
std::optional<TestCounts> counts_of_junit(std::string_view text);

// Whether the path of a file in the tree fits a declared glob: `*` also crosses '/', and "**/" may be nothing.
bool is_report_of(const std::string& glob, const std::string& path);

struct TestReport {
  std::string path;     // in the tree
  std::string content;  // as it was written
  TestCounts counts = {};
  std::string problem = {};  // why it does not count, and is not kept; else ""
};

// Of one tree. A file that the commit has, and that no command wrote, is not a report of a run.
class TestReports {
 public:
  static constexpr std::size_t kMostFiles = 500;                 // of one call
  static constexpr std::uintmax_t kMostBytes = 16U << 20U;       // of one report
  static constexpr std::uintmax_t kMostBytesOfAll = 64U << 20U;  // of one call

  // `globs`: of the tree's root; `*` also crosses '/'. Those that lead out of the tree match nothing.
  TestReports(std::filesystem::path tree, const std::vector<std::string>& globs);

  // What was written or changed since the last call, sorted by path. Links are not followed.
  std::vector<TestReport> written();

 private:
  struct State {
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0;
    std::uint64_t inode = 0;
    std::uintmax_t size = 0;
    bool operator==(const State&) const = default;
  };
  std::map<std::string, State> read() const;

  std::filesystem::path tree_;
  std::vector<std::string> globs_;
  std::map<std::string, State> now_;
};

}  // namespace exitgate::collect::schema
