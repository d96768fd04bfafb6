// Which uploads a download's `pattern:` finds: what the action itself would match.
#include <gtest/gtest.h>

#include <string>

#include "tests/checks/judge_files.h"

namespace exitgate::testing {
namespace {

// "pass", "fail" or "undecided" of a job that downloads by a pattern what the job before uploads under this name.
std::string verdict(const std::string& name, const std::string& pattern, const std::string& version = "v5") {
  const std::string said =
      judge_files("download-has-upload", "{}",
                  {{".github/workflows/ci.yml",
                    "on: pull_request\njobs:\n  a:\n    runs-on: u\n    strategy: {matrix: {os: [linux, "
                    "mac]}}\n    steps:\n"
                    "      - {uses: actions/upload-artifact@v4, with: {path: out, name: \"" +
                        name +
                        "\"}}\n  b:\n    needs: a\n    runs-on: u\n    steps:\n      - {uses: "
                        "actions/download-artifact@" +
                        version + ", with: {path: in, pattern: \"" + pattern + "\"}}\n"}});
  if (said.find("\nFAIL ") != std::string::npos) return "fail";
  return said.find("\n?    ") != std::string::npos ? "undecided" : "pass";
}

TEST(DownloadPatterns, AreMatchedAsTheActionDoes) {
  EXPECT_EQ(verdict("logs-${{ matrix.os }}", "logs-{linux,windows}"), "pass");
  EXPECT_EQ(verdict("logs-${{ matrix.os }}", "logs-{windows,bsd}"), "fail");
  EXPECT_EQ(verdict("logs-${{ matrix.os }}", "logs-?????"), "pass");
  EXPECT_EQ(verdict("logs-${{ matrix.os }}", "logs-??"), "fail");
  EXPECT_EQ(verdict("logs-${{ matrix.os }}", "logs-[a-m]*"), "pass");
  EXPECT_EQ(verdict("logs-${{ matrix.os }}", "logs-[n-z]*"), "fail");
  EXPECT_EQ(verdict("logs-${{ matrix.os }}", "+(log|out)s-*"), "pass");
  EXPECT_EQ(verdict("logs-${{ matrix.os }}", "+(log|out)-*"), "fail");
  EXPECT_EQ(verdict("logs-${{ matrix.os }}", "!logs-*"), "fail");
  EXPECT_EQ(verdict("logs-${{ matrix.os }}", "Logs-*"), "fail");
  EXPECT_EQ(verdict(".coverage-${{ matrix.os }}", "*"), "fail");
  EXPECT_EQ(verdict(".coverage-${{ matrix.os }}", ".*"), "pass");
}

TEST(DownloadPatterns, WithWhatOnlyTheRunKnowsMayMatch) {
  EXPECT_EQ(verdict("logs-${{ matrix.os }}", "{${{ vars.KIND }},x}-linux"), "pass");
  EXPECT_EQ(verdict("logs-${{ matrix.os }}", "{${{ vars.KIND }},x}-bsd"), "fail");
  EXPECT_EQ(verdict("${{ vars.KIND }}-a", "logs-?"), "pass");
}

TEST(DownloadPatterns, AreNotReadBeforeVersionFour) {
  EXPECT_EQ(verdict("logs-${{ matrix.os }}", "nothing-*", "v3"), "pass");
}

TEST(DownloadPatterns, AreNamedAsTheyAreWritten) {
  const std::string said = judge_files("download-has-upload", "{}",
                                       {{".github/workflows/ci.yml",
                                         "on: pull_request\njobs:\n  b:\n    runs-on: u\n    steps:\n      - "
                                         "{uses: actions/download-artifact@v5, "
                                         "with: {path: in, pattern: \"logs-{a,b}\"}}\n"}});
  EXPECT_NE(said.find("downloads what fits 'logs-{a,b}', which no step of a run"), std::string::npos) << said;
}

}  // namespace
}  // namespace exitgate::testing
