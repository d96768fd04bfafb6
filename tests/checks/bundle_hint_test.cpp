// Whoever follows the hint of the standard bundle, in however many jobs, gets no two artifacts of one name.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "tests/checks/judge_files.h"

namespace exitgate::testing {
namespace {

using Files = std::map<std::string, std::string>;

const std::string kMatrix = "    strategy: {matrix: {os: [a, b]}}\n";

// A job that tests and uploads under this name.
std::string job(const std::string& id, const std::string& more, const std::string& name,
                const std::string& action = "actions/upload-artifact@v4") {
  return "  " + id + ":\n" + more +
         "    runs-on: u\n    steps:\n      - run: pytest\n      - uses: " + action +
         "\n        with: {name: '" + name + "', path: out/}\n";
}

std::string hint(const Files& files, const std::string& with = "{}") {
  const std::string said = judge_files("standard-bundle", with, files);
  const auto at = said.find("  > ");
  return at == std::string::npos ? "" : said.substr(at + 4, said.find('\n', at) - at - 4);
}

// The name that the hint suggests.
std::string suggested(const Files& files, const std::string& with = "{}") {
  const std::string words = hint(files, with);
  const std::string before = "`name: ";
  const auto at = words.find(before);
  return at == std::string::npos
             ? ""
             : words.substr(at + before.size(), words.find('`', at + 1) - at - before.size());
}

Files github(const std::string& first, const std::string& second, const std::string& more = "") {
  return {{".github/workflows/ci.yml",
           "on: pull_request\njobs:\n" + job("unit", more, first) + job("integration", more, second)}};
}

TEST(BundleHint, FollowedInTwoJobsGivesTwoNames) {
  const std::string name = suggested(github("a", "b"));
  EXPECT_EQ(name, "evidence-bundle-${{ github.run_id }}-${{ github.job }}");
  EXPECT_EQ(judge_files("artifact-names-unique", "{}", github(name, name)), "2 examined\n");
}

TEST(BundleHint, FollowedInTwoMatricesGivesANameToEachJob) {
  const std::string name = suggested(github("a-${{ matrix.os }}", "b-${{ matrix.os }}", kMatrix));
  EXPECT_EQ(name, "evidence-bundle-${{ github.run_id }}-${{ github.job }}-${{ strategy.job-index }}");
  EXPECT_EQ(judge_files("artifact-names-unique", "{}", github(name, name, kMatrix)), "2 examined\n");
}

TEST(BundleHint, OfAMatrixThatOnlyTheRunKnowsHasTheIndex) {
  EXPECT_NE(suggested(github("a", "b", "    strategy: {matrix: {os: \"${{ fromJSON(vars.M) }}\"}}\n"))
                .find("strategy.job-index"),
            std::string::npos);
}

TEST(BundleHint, OfAWorkflowThatIsCalledTwiceAsksForAnInput) {
  const auto files = [](const std::string& name) {
    const std::string call = "\n    uses: ./.github/workflows/test.yml\n    with: {part: ";
    return Files{
        {".github/workflows/ci.yml", "on: pull_request\njobs:\n  a:" + call + "x}\n  b:" + call + "y}\n"},
        {".github/workflows/test.yml",
         "on: {workflow_call: {inputs: {part: {type: string}}}}\njobs:\n" + job("t", "", name)}};
  };
  EXPECT_NE(hint(files("a"))
                .find("; give the workflow that is called several times an input that differs from "
                      "call to call, and put it into the name, too"),
            std::string::npos);
  const std::string name = suggested(files("a")) + "-${{ inputs.part }}";
  EXPECT_EQ(judge_files("artifact-names-unique", "{}", files(name)), "1 examined\n");
}

TEST(BundleHint, OfANameWithoutAStarSaysThatARunTakesItOnce) {
  const std::string once =
      "; a run takes one name only once: let each job upload its part under another name, ";
  EXPECT_NE(hint(github("a", "b"), R"({"name": "proof"})").find(once), std::string::npos);
  const Files one = {{".github/workflows/ci.yml", "on: pull_request\njobs:\n" + job("t", "", "a")}};
  EXPECT_EQ(hint(one, R"({"name": "proof"})").find(once), std::string::npos);
  EXPECT_EQ(suggested(one, R"({"name": "*-proof"})"), "${{ github.run_id }}-${{ github.job }}-proof");
}

// act's `strategy` context has neither `job-index` nor `job-total`.
TEST(BundleHint, OfForgejoAsksForTheAxesOfTheMatrix) {
  const auto files = [](const std::string& name) {
    const std::string action = "https://data.forgejo.org/forgejo/upload-artifact@v4";
    return Files{{".forgejo/workflows/ci.yml", "on: pull_request\njobs:\n" +
                                                   job("unit", kMatrix, name, action) +
                                                   job("integration", kMatrix, name, action)}};
  };
  EXPECT_NE(hint(files("a")).find("; put each axis of the matrix into the name, too"), std::string::npos);
  const std::string name = suggested(files("a"));
  EXPECT_EQ(name, "evidence-bundle-${{ forgejo.run_id }}-${{ forgejo.job }}");
  EXPECT_EQ(judge_files("artifact-names-unique", "{}", files(name + "-${{ matrix.os }}")), "2 examined\n");
  EXPECT_NE(judge_files("artifact-names-unique", "{}", files(name + "-${{ strategy.job-index }}")),
            "2 examined\n");
}

}  // namespace
}  // namespace exitgate::testing
