#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "harness/facts/tables/repo.h"
#include "harness/report/report.h"
#include "tests/report/sample_run.h"

namespace exitgate::report {
namespace {

using nlohmann::json;
using test::SampleRun;

json sarif(const SampleRun& sample) {
  sample.write();
  return json::parse(render_sarif(load_run(sample.root())));
}

void write_repo(const SampleRun& sample, const std::vector<std::string>& files) {
  auto store = sample.store("repo");
  for (const auto& path : files)
    store.insert(facts::repo::File{.path = path, .mode = "100644", .oid = "e69d", .size = 1});
  store.insert(facts::repo::Checkout{.oid = "0123456789abcdef0123456789abcdef01234567",
                                     .tree = "89ab",
                                     .branch = "main",
                                     .committed_at = "2026-01-14T02:07:55Z",
                                     .subject = "s",
                                     .shallow = false});
  store.insert(facts::repo::Remote{.name = "fork", .url = "https://example.org/fork.git"});
  store.insert(facts::repo::Remote{.name = "origin", .url = "https://example.org/shop.git"});
  store.close();
}

TEST(Sarif, WholeDocument) {
  SampleRun sample;
  write_repo(sample, {"README.md", "ci.yml"});
  sample.record().suite = {{"EG-A1", "Artifacts"}};
  auto failed = SampleRun::verdict("EG-A1.kept", verdict::Status::fail,
                                   {SampleRun::finding("ci file.yml", 7, "kept for 7 days", "write 30"),
                                    SampleRun::finding("", 0, "no bundle")});
  failed.findings[0].blob = "b10b";
  failed.findings[1].id = "0000000000000002";
  failed.findings[1].waived = true;
  failed.findings[1].waiver = "known (until 2027-01-31, exitgate.yaml:4)";
  sample.add(failed);
  const json rule = {{"id", "EG-A1.kept"},
                     {"shortDescription", {{"text", "The title of EG-A1.kept"}}},
                     {"fullDescription", {{"text", "Artifacts: The title of EG-A1.kept"}}},
                     {"defaultConfiguration", {{"level", "error"}}},
                     {"properties", {{"tags", {"EG-A1", "ci"}}, {"exitGate", "EG-A1"}}}};
  const json first = {{"ruleId", "EG-A1.kept"},
                      {"ruleIndex", 0},
                      {"level", "error"},
                      {"message", {{"text", "kept for 7 days\nwrite 30"}}},
                      {"partialFingerprints", {{"exitgate/v1", "EG-A1.kept:0000000000000001"}}},
                      {"locations",
                       {{{"physicalLocation",
                          {{"artifactLocation", {{"uri", "ci%20file.yml"}, {"uriBaseId", "%SRCROOT%"}}},
                           {"region", {{"startLine", 7}}}}}}}},
                      {"properties", {{"blob", "b10b"}}}};
  const json second = {{"ruleId", "EG-A1.kept"},
                       {"ruleIndex", 0},
                       {"level", "error"},
                       {"message", {{"text", "no bundle"}}},
                       {"partialFingerprints", {{"exitgate/v1", "EG-A1.kept:0000000000000002"}}},
                       {"locations",
                        {{{"physicalLocation",
                           {{"artifactLocation", {{"uri", "README.md"}, {"uriBaseId", "%SRCROOT%"}}},
                            {"region", {{"startLine", 1}}}}}}}},
                       {"suppressions",
                        {{{"kind", "external"},
                          {"status", "accepted"},
                          {"justification", "known (until 2027-01-31, exitgate.yaml:4)"}}}}};
  const json expected = {
      {"$schema",
       "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"},
      {"version", "2.1.0"},
      {"runs",
       {{{"tool", {{"driver", {{"name", "exitgate"}, {"version", "0.1.0"}, {"rules", {rule}}}}}},
         {"automationDetails", {{"id", "exitgate/shop-0123456789ab"}}},
         {"invocations",
          {{{"executionSuccessful", true},
            {"startTimeUtc", "2026-11-23T10:00:00Z"},
            {"endTimeUtc", "2026-11-23T10:00:02Z"}}}},
         {"columnKind", "utf16CodeUnits"},
         {"results", {first, second}},
         {"properties",
          {{"commit", "0123456789abcdef0123456789abcdef01234567"},
           {"tree", "89abcdef0123456789abcdef0123456789abcdef"},
           {"notRun", json::array()},
           {"outcome", "fail"}}},
         {"versionControlProvenance",
          {{{"repositoryUri", "https://example.org/shop.git"},
            {"revisionId", "0123456789abcdef0123456789abcdef01234567"},
            {"branch", "main"}}}}}}}};
  EXPECT_EQ(json::diff(expected, sarif(sample)), json::array());
}

TEST(Sarif, WhatWasNotDecidedIsAResultAndNoSuccess) {
  SampleRun sample;
  sample.add_missing("EG-A1.lost");
  sample.add_not_run("EG-A1.other");
  auto own = SampleRun::verdict("EG-B2.part", verdict::Status::error,
                                {SampleRun::finding("a.py", 2, "cannot be parsed")});
  own.findings[0].undecided = true;
  own.reason = "1 subject could not be decided";
  sample.add(own);
  const json run = sarif(sample).at("runs").at(0);
  EXPECT_EQ(run.at("invocations").at(0).at("executionSuccessful"), false);
  std::vector<std::string> notified;
  for (const auto& one : run.at("invocations").at(0).at("toolExecutionNotifications")) {
    notified.push_back(one.at("message").at("text"));
  }
  EXPECT_THAT(notified,
              testing::ElementsAre("could not be decided: the gate was selected and left no verdict",
                                   "could not be decided: 1 subject could not be decided"));
  std::vector<std::string> results;
  for (const auto& one : run.at("results")) results.push_back(one.at("message").at("text"));
  EXPECT_THAT(results, testing::ElementsAre("could not be decided: the gate was selected and left no verdict",
                                            "could not be decided: cannot be parsed"));
  EXPECT_EQ(run.at("properties").at("notRun"), json::array({"EG-A1.other"}));
  EXPECT_EQ(run.at("tool").at("driver").at("rules").size(), 3U);
}

TEST(Sarif, AFindingAboutTheWholeRepositoryHasAPlaceThatIsThere) {
  const std::vector<std::pair<std::vector<std::string>, std::string>> cases = {
      {{"README.md", "exitgate.yaml"}, "exitgate.yaml"},
      {{"README.md", "a"}, "README.md"},
      {{"z", "b"}, "b"}};
  for (const auto& [files, uri] : cases) {
    SampleRun sample;
    write_repo(sample, files);
    sample.add(
        SampleRun::verdict("EG-A1.kept", verdict::Status::fail, {SampleRun::finding("", 0, "no bundle")}));
    EXPECT_EQ(
        sarif(sample)["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
        uri);
  }
}

TEST(Sarif, AnyBytesGiveValidJson) {
  SampleRun sample;
  sample.add(SampleRun::verdict("EG-A1.kept", verdict::Status::fail, {SampleRun::finding("a", 1, "b")}));
  sample.write();
  RunView run = load_run(sample.root());
  auto& finding = run.exit_gates.at(0).gates.at(0).verdict->findings.at(0);
  finding.finding.file = "\xff\"\n\x01";
  finding.finding.message = "\xc3(\x80";
  run.id = "\xfe";
  const json document = json::parse(render_sarif(run));
  EXPECT_EQ(document["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            "%FF%22%0A%01");
}

}  // namespace
}  // namespace exitgate::report
