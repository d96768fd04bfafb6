// ctest as `exitgate run` runs it: its progress is shown line by line, its closing words are not, because the summary of the
// run says the same and more.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace exitgate::cli {

// What of ctest's output is shown.
class CTestOutput {
 public:
  // The lines that `piece` completes and that are shown, each with its line break.
  std::string add(std::string_view piece);
  // The rest, of a last line without a break.
  std::string finish();
  // What came behind the last test and is not shown: the counts, the lists of tests, and what the post-test command said.
  const std::string& closing() const { return closing_; }

 private:
  bool shows(std::string_view line);

  std::string pending_;
  std::string closing_;
  bool closed_ = false;
};

// How ctest ended: its exit code, or the signal that killed it.
struct CTestEnd {
  int exit_code = 0;
  int signal = 0;
  std::string closing;  // CTestOutput::closing()
};

// Runs ctest in our own process group, so that Ctrl-C on a terminal reaches it and its tests as it would without us; and
// it goes when we are killed. Its output goes through the one writer (harness/base/output.h).
CTestEnd run_ctest(const std::vector<std::string>& arguments);

}  // namespace exitgate::cli
