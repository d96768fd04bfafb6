// What the checks on evidence say of GitLab's pipelines: whether it is uploaded when tests fail, and under what name.
#include <gtest/gtest.h>

#include <map>
#include <string>

#include "tests/checks/judge_files.h"

namespace exitgate::testing {
namespace {

const std::string kHead = "workflow: {rules: [{if: $CI_MERGE_REQUEST_IID}]}\n";

std::string said(const std::string& check, const std::string& config) {
  return judge_files(check, "{}", {{".gitlab-ci.yml", kHead + config}});
}

TEST(GitlabRunChecks, TestsWhoseFailureIsAllowed) {
  const auto tests = [](const std::string& config) { return said("tests-fail-the-job", config); };
  EXPECT_EQ(
      tests("t: {script: pytest, allow_failure: true}\n"),
      "1 examined\n"
      "FAIL .gitlab-ci.yml:2: job 't' tests, and has `allow_failure: true`: the run is green although a "
      "test fails\n"
      "  > take `allow_failure` off; a job that may fail is named in `allow:`\n");
  EXPECT_EQ(tests("t: {script: pytest}\n"), "1 examined\n");
  EXPECT_EQ(tests("t: {script: pytest, when: manual}\n"), "1 examined\n") << "it may be left alone";
  EXPECT_EQ(tests("t: {script: pytest, when: manual, allow_failure: true}\n"), "1 examined\n");
  EXPECT_NE(
      tests("t: {script: pytest, rules: [{if: $CI_MERGE_REQUEST_IID, allow_failure: true}]}\n").find("FAIL"),
      std::string::npos);
  EXPECT_EQ(tests("t: {script: pytest, rules: [{changes: [a], allow_failure: true}, {when: on_success}]}\n"),
            "1 examined\n")
      << "only the run knows which rule decides";
  EXPECT_EQ(
      tests("t: {script: x, after_script: [pytest]}\n"),
      "1 examined\n"
      "FAIL .gitlab-ci.yml:2: a failure of `pytest` leaves job 't' green: it stands in `after_script:`, "
      "whose failures do not count\n"
      "  > test in `script:`\n");
}

TEST(GitlabRunChecks, TestEvidenceWhenTestsFail) {
  const auto survives = [](const std::string& artifacts) {
    const std::string all = said("evidence-survives-failure",
                                 "t: {script: pytest, artifacts: {paths: [test.log], " + artifacts + "}}\n");
    return all.find("FAIL") != std::string::npos  ? "lost"
           : all.find("\n?") != std::string::npos ? "?"
                                                  : "kept";
  };
  EXPECT_STREQ(survives("expire_in: never"), "lost");
  EXPECT_STREQ(survives("when: on_success"), "lost");
  EXPECT_STREQ(survives("when: on_failure"), "kept");
  EXPECT_STREQ(survives("when: always"), "kept");
  EXPECT_STREQ(survives("when: always, reports: {junit: test.xml}"), "kept");
}

TEST(GitlabRunChecks, TheBundleByItsNameInTheRunAndItsJob) {
  const auto bundle = [](const std::string& config) { return said("standard-bundle", config); };
  const std::string keep = ", expire_in: 30 days, paths: [x]}";
  EXPECT_EQ(bundle("variables: {NAME: evidence-bundle}\nt: {script: pytest, artifacts: {when: always, name: "
                   "$NAME-$CI_PIPELINE_ID" +
                   keep + "}\n"),
            "1 examined\n");
  EXPECT_NE(bundle("t: {script: pytest, artifacts: {name: evidence-bundle" + keep + "}\n")
                .find("has no `when:`: when a test fails, nothing is uploaded"),
            std::string::npos);
  // A job that makes it of what others have tested.
  const std::string test = "t: {script: pytest}\n";
  const std::string collects =
      "b: {stage: deploy, script: make, artifacts: {when: always, name: evidence-bundle" + keep;
  EXPECT_EQ(bundle(test + collects + ", when: always}\n"), "1 examined\n");
  EXPECT_NE(bundle(test + collects + "}\n")
                .find("is not uploaded when a test of job 't' fails: job 'b' has no `when: always`, and is "
                      "then skipped"),
            std::string::npos);
  EXPECT_EQ(bundle("t: {script: pytest, allow_failure: true}\n" + collects + "}\n"), "1 examined\n")
      << "who allows the failure goes on";
  EXPECT_NE(judge_files("standard-bundle", "{}",
                        {{".gitlab-ci.yml", kHead + "include: t.yml\n" + collects + "}\n"}, {"t.yml", test}})
                .find("a test of job 't' fails"),
            std::string::npos)
      << "in another file of the pipeline";
}

}  // namespace
}  // namespace exitgate::testing
