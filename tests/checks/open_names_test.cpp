// Names of uploads that are only known to the run: where two may be one, the gate is undecided.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "tests/checks/judge_files.h"

namespace exitgate::testing {
namespace {

std::string job(const std::string& id, const std::string& name, const std::string& more = "") {
  return "  " + id + ":\n" + more + "    runs-on: u\n    steps:\n      - {id: s, run: make}\n" +
         "      - {uses: actions/upload-artifact@v4, with: {path: out, name: \"" + name + "\"}}\n";
}

std::string said(const std::string& jobs) {
  return judge_files("artifact-names-unique", "{}",
                     {{".github/workflows/ci.yml", "on: pull_request\njobs:\n" + jobs}});
}

std::string verdict(const std::string& jobs) {
  const std::string all = said(jobs);
  if (all.find("\nFAIL ") != std::string::npos) return "fail";
  return all.find("\n?    ") != std::string::npos ? "undecided" : "pass";
}

const std::string kOutput = "${{ steps.s.outputs.name }}";

TEST(OpenNames, OfTwoJobsMayBeOne) {
  const std::vector<std::pair<std::pair<std::string, std::string>, std::string>> cases = {
      {{"a-" + kOutput, "b-" + kOutput}, "pass"},
      {{"a-" + kOutput, "a-" + kOutput}, "undecided"},
      {{"a-" + kOutput, "a-b"}, "undecided"},
      {{kOutput, "logs"}, "undecided"},
      {{"a-" + kOutput, "logs"}, "pass"},
      // The same in the whole run, whatever it is.
      {{"a-${{ vars.X }}", "a-${{ vars.X }}"}, "fail"},
      {{"a-${{ vars.X }}", "a-${{ vars.Y }}"}, "undecided"},
      {{"a-${{ github.sha }}", "a-${{ github.sha }}"}, "fail"},
      // Two values of the run are not equal, and none is what anybody writes.
      {{"a-${{ github.sha }}", "a-${{ github.run_id }}"}, "pass"},
      {{"a-${{ github.sha }}", "a-logs"}, "pass"},
      {{"a-${{ github.sha }}", "a-${{ github.sha }}-b"}, "pass"},
      {{"a-${{ github.sha }}", "a-" + kOutput}, "undecided"},
      {{"a-${{ inputs.sha }}", "a-${{ vars.sha }}"}, "undecided"},
  };
  for (const auto& [names, wanted] : cases)
    EXPECT_EQ(verdict(job("one", names.first) + job("two", names.second)), wanted)
        << names.first << ' ' << names.second;
}

TEST(OpenNames, OfOneMatrixMayBeOne) {
  const auto in_matrix = [](const std::string& matrix, const std::string& name) {
    return verdict(job("a", name, "    strategy: {matrix: " + matrix + "}\n"));
  };
  EXPECT_EQ(in_matrix("{os: [a, b]}", "x-" + kOutput), "undecided");
  EXPECT_EQ(in_matrix("{os: [a, b]}", "x-" + kOutput + "-${{ matrix.os }}"), "pass");
  const std::string open = "{os: \"${{ fromJSON(vars.M) }}\", py: [1, 2]}";
  EXPECT_EQ(in_matrix(open, "x"), "undecided");
  EXPECT_EQ(in_matrix(open, "x-${{ matrix.py }}"), "undecided");
  EXPECT_EQ(in_matrix(open, "x-${{ matrix.os }}-${{ matrix.py }}"), "pass");
  EXPECT_EQ(in_matrix(open, "x-${{ strategy.job-index }}"), "pass");
  const std::string all = "\"${{ fromJSON(vars.M) }}\"";
  EXPECT_EQ(in_matrix(all, "x-${{ matrix.os }}"), "undecided");
  EXPECT_EQ(in_matrix(all, "x-${{ strategy.job-index }}"), "pass");
}

TEST(OpenNames, OfUploadsThatExcludeEachOtherAreNotCompared) {
  EXPECT_EQ(verdict(job("a", kOutput, "    if: github.base_ref == 'main'\n") +
                    job("b", kOutput, "    if: github.base_ref != 'main'\n")),
            "pass");
}

TEST(OpenNames, OfAFloodEndInTime) {
  std::string jobs;
  std::string values;
  for (int i = 0; i < 250; ++i) values += (i == 0 ? "" : ", ") + std::to_string(i);
  for (int i = 0; i < 6; ++i) {
    jobs +=
        job("j" + std::to_string(i), "x" + std::to_string(i) + "-${{ matrix.n }}-${{ steps.s.outputs.v }}",
            "    strategy: {matrix: {n: [" + values + "]}}\n");
  }
  const std::string all = said(jobs);
  EXPECT_NE(all.find("more uploads have one name than can be compared"), std::string::npos)
      << all.substr(0, 500);
}

TEST(OpenNames, AreNamedWithWhatTheyMayBe) {
  EXPECT_EQ(said(job("a", "logs") + job("b", "l${{ steps.s.outputs.name }}")),
            "2 examined\n"
            "?    .github/workflows/ci.yml:12: whether 'l${{ steps.s.outputs.name }}' becomes the name of "
            ".github/workflows/ci.yml:7 ('logs'), too, only the run knows\n"
            "  > let each of the names begin with a text of its own\n");
}

}  // namespace
}  // namespace exitgate::testing
