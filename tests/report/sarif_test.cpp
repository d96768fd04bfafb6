#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "harness/base/file.h"
#include "harness/base/process.h"
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
  const json rule = {
      {"id", "EG-A1.kept"},
      {"shortDescription", {{"text", "The title of EG-A1.kept"}}},
      {"fullDescription", {{"text", "Artifacts: The title of EG-A1.kept"}}},
      {"help",
       {{"text",
         "The title of EG-A1.kept.\nFor example: write 30\n`exitgate explain EG-A1.kept` says more. Exit "
         "gate EG-A1: Artifacts."}}},
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
                      {"properties", {{"blob", "b10b"}}},
                      {"suppressions", json::array()}};
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

std::string first_uri(const json& document) {
  return document["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
}

TEST(Sarif, APlaceOutsideTheRepositoryIsNamedInTheMessageAlone) {
  for (const std::string path : {"config/exitgate.yaml", "/etc/exitgate.yaml", "../exitgate.yaml"}) {
    SampleRun sample;
    write_repo(sample, {"README.md"});
    sample.add(
        SampleRun::verdict("EG-A1.kept", verdict::Status::fail, {SampleRun::finding(path, 3, "no bundle")}));
    const json document = sarif(sample);
    EXPECT_EQ(first_uri(document), "README.md");
    EXPECT_EQ(document["runs"][0]["results"][0]["message"]["text"], path + ":3: no bundle");
  }
}

// As of a run of EG-DB1 alone, or one whose collection failed.
TEST(Sarif, WithoutFactsOfTheRepositoryTheRunKnowsAPlaceInIt) {
  SampleRun sample;
  sample.record().config = "elsewhere.yaml";
  sample.record().shown_at = "alembic.ini";
  sample.add(
      SampleRun::verdict("EG-DB1.key", verdict::Status::fail, {SampleRun::finding("", 0, "no primary key")}));
  sample.add_missing("EG-DB1.lost");
  const json document = sarif(sample);
  for (const auto& result : document["runs"][0]["results"])
    EXPECT_EQ(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "alembic.ini");
  SampleRun older;
  older.record().config = "elsewhere.yaml";
  older.add(
      SampleRun::verdict("EG-DB1.key", verdict::Status::fail, {SampleRun::finding("", 0, "no primary key")}));
  EXPECT_EQ(sarif(older)["runs"][0]["results"][0]["locations"],
            json::array({{{"logicalLocations", json::array({{{"name", "shop"}}})}}}));
}

TEST(Sarif, AFileNameThatIsNotTextIsTheUriOfTheRealFile) {
  SampleRun sample;
  write_repo(sample, {"d/a\\350.txt", "d/a\\351.txt"});
  sample.add(SampleRun::verdict(
      "EG-A1.kept", verdict::Status::fail,
      {SampleRun::finding("d/a\\351.txt", 1, "x"), SampleRun::finding("d/a\\350.txt", 1, "x")}));
  const json results = sarif(sample)["runs"][0]["results"];
  EXPECT_EQ(results[0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "d/a%E9.txt");
  EXPECT_EQ(results[1]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "d/a%E8.txt");
}

TEST(Sarif, HoldsAsManyAsGitHubTakesAndSaysHowManyMore) {
  SampleRun sample;
  write_repo(sample, {"README.md"});
  std::vector<verdict::Judged> many;
  for (int i = 0; i < 26'000; ++i) {
    auto one = SampleRun::finding("README.md", i + 1, "x");
    one.waived = i < 100;
    if (one.waived) one.waiver = "known";
    many.push_back(one);
  }
  sample.add(SampleRun::verdict("EG-A1.kept", verdict::Status::fail, many));
  const json results = sarif(sample)["runs"][0]["results"];
  ASSERT_EQ(results.size(), 25'000U);
  EXPECT_EQ(results[0]["locations"][0]["physicalLocation"]["region"]["startLine"], 101)
      << "what is waived comes last";
  EXPECT_EQ(results.back()["message"]["text"],
            "and 1001 more findings, which the verdicts of the run and its report.html list");
  for (const auto& result : results) ASSERT_TRUE(result.contains("suppressions"));
}

// With EXITGATE_SARIF_SCHEMA, the path of the OASIS schema, and Python's jsonschema: what other programs check.
TEST(Sarif, IsValidByItsSchema) {
  const char* schema = std::getenv("EXITGATE_SARIF_SCHEMA");
  if (schema == nullptr) GTEST_SKIP() << "EXITGATE_SARIF_SCHEMA names no schema";
  SampleRun sample;
  write_repo(sample, {"README.md"});
  auto waived = SampleRun::finding("README.md", 7, "x");
  waived.waived = true;
  waived.waiver = "known";
  sample.add(SampleRun::verdict("EG-A1.kept", verdict::Status::fail,
                                {SampleRun::finding("", 0, "b", "do"), waived}));
  sample.add_missing("EG-A1.lost");
  const auto file = sample.root() / "results.sarif";
  write_file(file, sarif(sample).dump());
  const auto checked =
      run({.arguments = {"python3", "-c",
                         "import json, jsonschema, sys; "
                         "jsonschema.validate(json.load(open(sys.argv[1])), json.load(open(sys.argv[2])))",
                         file.string(), schema},
           .merge_error = true});
  EXPECT_TRUE(checked.ok()) << checked.output;
}

TEST(Sarif, AnyBytesGiveValidJson) {
  SampleRun sample;
  sample.add(SampleRun::verdict("EG-A1.kept", verdict::Status::fail, {SampleRun::finding("a", 1, "b")}));
  sample.write();
  RunView run = load_run(sample.root());
  auto& finding = run.exit_gates.at(0).gates.at(0).verdict->findings.at(0);
  finding.finding.file = "\xff\"\n\x01";
  finding.finding.message = "\xc3(\x80";
  finding.blob = "b10b";
  run.id = "\xfe";
  const json document = json::parse(render_sarif(run));
  EXPECT_EQ(document["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
            "%FF%22%0A%01");
}

}  // namespace
}  // namespace exitgate::report
