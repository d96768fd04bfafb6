// The test and coverage reports that a command of the target writes into its tree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace exitgate::collect::schema {

// How the tests of one report ended.
struct TestCounts {
  std::size_t tests = 0;
  std::size_t failed = 0;  // with a failure or an error
  std::size_t skipped = 0;
};

struct TestReport {
  std::string path;             // in the tree
  std::string content;          // as it was written
  std::string written_at = {};  // UTC
  TestCounts counts = {};
  bool is_coverage = false;
  bool foreign = false;              // it is not a report of a format that is read
  std::string problem_of_file = {};  // why it could not be read at all, else ""
  std::string problem = {};          // why it does not count, also for what it says; else ""
};

// Of one tree. A file that the commit has, and that no command wrote, is not a report of a run.
class TestReports {
 public:
  // `globs`: of the tree's root; `*` also crosses '/'. Those that lead out of the tree, or are absolute, match nothing.
  TestReports(std::filesystem::path tree, const std::vector<std::string>& globs);

  // What was written or changed since the last call, sorted by path. Links are not followed; of one call no more than
  // harness/collect/tests/files.h allows.
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
