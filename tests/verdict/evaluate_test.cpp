#include <gmock/gmock.h>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/facts/store.h"
#include "harness/facts/tables/ci.h"
#include "harness/facts/tables/repo.h"
#include "harness/json/json.h"
#include "harness/verdict/verdict.h"

namespace exitgate {
namespace {

using testing::HasSubstr;

// A check in small: every job must have a name.
void named_jobs(const facts::Facts& facts, const check::Parameters& with, check::Report& report) {
  const auto most = with.integer("at-most");
  std::int64_t unnamed = 0;
  for (const ci::Job& job : facts.rows<ci::Job>("ORDER BY file, line")) {
    report.examined();
    if (!job.name && ++unnamed > most) {
      report.fail(
          {job.file + ":" + job.id, job.file, job.line, "job '" + job.id + "' has no name", "name: …"});
    }
  }
}

const check::Check kNamedJobs{
    .name = "named-jobs",
    .title = "Every job has a name",
    .why = "A job without one is hard to find.",
    .domains = {"ci"},
    .parameters = {{"at-most", check::Parameter::integer, "0", "jobs that may do without"}},
    .run = named_jobs};

class EvaluateTest : public testing::Test {
 protected:
  void jobs(const std::vector<std::pair<std::string, std::optional<std::string>>>& all) {
    facts::Store store(folder_.path(), "ci");
    int line = 10;
    for (const auto& [id, name] : all) {
      store.insert(facts::ci::Job{.file = "ci.yml",
                                  .id = id,
                                  .line = line++,
                                  .name = name,
                                  .on_pull_request = facts::ci::OnPullRequest::yes});
    }
    store.close();
  }
  verdict::Verdict judge() { return evaluate(gate_, kNamedJobs, {folder_.path(), "2026-11-23"}); }

  TemporaryDirectory folder_{"evaluate-test"};
  verdict::Gate gate_{.name = "EG-T1.named",
                      .exit_gate = "EG-T1",
                      .exit_gate_title = "Jobs",
                      .title = "Every job has a name",
                      .check = "named-jobs",
                      .with = "{}",
                      .labels = {"EG-T1"},
                      .counterexample = "UPDATE ci.job SET name = NULL",
                      .waivers = {},
                      .where = "gates/EG-T1.yaml:4"};
};

TEST_F(EvaluateTest, PassesWhenItsCounterexampleTurnsItRed) {
  jobs({{"build", "Build"}, {"test", "Test"}});
  const auto verdict = judge();
  EXPECT_EQ(verdict.status, verdict::Status::pass) << verdict.reason;
  EXPECT_EQ(verdict.examined, 2);
  EXPECT_EQ(verdict.turned_red, true);
}

TEST_F(EvaluateTest, RendersAFailureWithPlaceReasonAndRemedy) {
  jobs({{"build", "Build"}, {"test", std::nullopt}});
  EXPECT_EQ(render(judge()),
            "EG-T1.named fail: Every job has a name\n"
            "  ci.yml:11: job 'test' has no name\n"
            "    > name: …\n"
            "  2 examined, 1 finding; the counterexample turns it red\n");
}

TEST_F(EvaluateTest, NothingExaminedIsNotAPass) {
  jobs({});
  const auto verdict = judge();
  EXPECT_EQ(verdict.status, verdict::Status::error);
  EXPECT_EQ(verdict.reason, "the gate examined nothing, so this is not a pass");
}

TEST_F(EvaluateTest, AGateThatStaysGreenUnderItsCounterexampleIsBroken) {
  jobs({{"build", "Build"}});
  gate_.counterexample = "UPDATE ci.job SET name = 'Other'";
  const auto verdict = judge();
  EXPECT_EQ(verdict.status, verdict::Status::error);
  EXPECT_EQ(verdict.reason, "the gate is broken: its counterexample leaves it at 'pass'");
  EXPECT_EQ(verdict.turned_red, false);
}

TEST_F(EvaluateTest, ACounterexampleThatChangesNothingProvesNothing) {
  jobs({{"build", "Build"}});
  gate_.counterexample = "UPDATE ci.job SET name = NULL WHERE id = 'absent'";
  EXPECT_EQ(judge().reason, "the gate is not proven to work: its counterexample changes no row");
}

TEST_F(EvaluateTest, AGateWithoutACounterexampleIsAnError) {
  jobs({{"build", "Build"}});
  gate_.counterexample = "";
  const auto verdict = judge();
  EXPECT_EQ(verdict.status, verdict::Status::error);
  EXPECT_EQ(verdict.reason, "the gate has no counterexample: nothing proves that it can fail");
}

TEST_F(EvaluateTest, AGateMaySayWhyItHasNoCounterexample) {
  jobs({{"build", "Build"}});
  gate_.counterexample = "";
  gate_.unproven = "nothing can be broken here";
  gate_.severity = verdict::Severity::note;
  gate_.why = "It is hard to find.";
  const auto verdict = judge();
  EXPECT_EQ(verdict.status, verdict::Status::pass) << verdict.reason;
  EXPECT_EQ(verdict.turned_red, std::nullopt);
  EXPECT_THAT(render(verdict),
              HasSubstr("  it is not proven that the gate can fail: nothing can be broken here\n"));
  const auto again = verdict::verdict_from_json(to_json(verdict));
  EXPECT_EQ(again.unproven, "nothing can be broken here");
  EXPECT_EQ(again.severity, verdict::Severity::note);
  EXPECT_EQ(again.why, "It is hard to find.");
}

TEST_F(EvaluateTest, TheGatesHintIsOfFindingsWithoutOne) {
  jobs({{"build", std::nullopt}});
  gate_.hint = "Give it one.";
  EXPECT_EQ(judge().findings.at(0).finding.hint, "name: …");
}

TEST_F(EvaluateTest, AMistakeInTheCounterexampleIsAnError) {
  jobs({{"build", "Build"}});
  gate_.counterexample = "UPDATE ci.jobs SET name = NULL";
  const auto verdict = judge();
  EXPECT_EQ(verdict.status, verdict::Status::error);
  EXPECT_EQ(
      verdict.reason,
      "the counterexample has a mistake: no such table: ci.jobs (statement: UPDATE ci.jobs SET name = NULL)");
}

TEST_F(EvaluateTest, MissingFactsAreAnError) {
  const auto verdict = judge();
  EXPECT_EQ(verdict.status, verdict::Status::error);
  EXPECT_THAT(verdict.reason, HasSubstr("ci.db is missing: the ci facts were not collected"));
}

TEST_F(EvaluateTest, UnknownParametersAreAnError) {
  jobs({{"build", "Build"}});
  gate_.with = R"({"at-mots": 1})";
  EXPECT_EQ(judge().reason, "unknown parameter 'at-mots' (did you mean 'at-most'?)");
  gate_.with = R"({"at-most": "many"})";
  EXPECT_EQ(judge().reason, "parameter 'at-most' must be an integer");
}

TEST_F(EvaluateTest, AWaiverAcceptsAFindingUntilItExpires) {
  jobs({{"build", "Build"}, {"test", std::nullopt}});
  gate_.waivers = {{"ci.yml:test", "agreed with QA", "2026-11-23", "exitgate.yaml:3"}};
  auto verdict = judge();
  EXPECT_EQ(verdict.status, verdict::Status::pass) << verdict.reason;
  EXPECT_TRUE(verdict.waived);
  ASSERT_EQ(verdict.findings.size(), 1U);
  EXPECT_EQ(verdict.findings[0].waiver, "agreed with QA (until 2026-11-23, exitgate.yaml:3)");

  gate_.waivers[0].expires = "2026-11-22";
  verdict = judge();
  EXPECT_EQ(verdict.status, verdict::Status::fail);
  EXPECT_FALSE(verdict.waived);
  EXPECT_THAT(verdict.stale_waivers,
              testing::ElementsAre("exitgate.yaml:3: the waiver of 'ci.yml:test' expired on 2026-11-22"));

  gate_.waivers[0].finding = "ci.yml:gone";
  EXPECT_THAT(judge().stale_waivers,
              testing::ElementsAre("exitgate.yaml:3: the waiver of 'ci.yml:gone' matches no finding"));
}

TEST_F(EvaluateTest, AFindingsIdOutlivesMovedLines) {
  jobs({{"build", std::nullopt}});
  const auto before = judge().findings.at(0);
  jobs({{"new", "New"}, {"build", std::nullopt}});
  const auto after = judge().findings.at(0);
  EXPECT_EQ(before.id, after.id);
  EXPECT_NE(before.finding.line, after.finding.line);
}

TEST_F(EvaluateTest, CitesTheBlob) {
  jobs({{"build", std::nullopt}});
  facts::Store store(folder_.path(), "repo");
  store.insert(facts::repo::File{.path = "ci.yml", .mode = "100644", .oid = "0123abcd", .size = 7});
  store.close();
  EXPECT_EQ(judge().findings.at(0).blob, "0123abcd");
}

TEST_F(EvaluateTest, WritesAndReadsTheSameVerdict) {
  jobs({{"build", "Build"}, {"test", std::nullopt}});
  auto verdict = judge();
  verdict.started_at = "2026-11-23T13:00:00Z";
  const auto json = to_json(verdict);
  for (const char* member : {"gate", "title", "labels", "status", "waived", "examined", "findings",
                             "counterexample", "attempt", "started_at", "duration_ms"}) {
    EXPECT_TRUE(json.contains(member)) << member;
  }
  EXPECT_EQ(to_json(verdict::verdict_from_json(json)), json);
  EXPECT_EQ(to_json(verdict::gate_from_json(to_json(gate_))), to_json(gate_));
}

TEST(VerdictJson, NamesWhatIsMissing) {
  try {
    verdict::verdict_from_json(Json{{"gate", "EG-T1.named"}});
    FAIL() << "nothing was thrown";
  } catch (const Undecided& error) {
    EXPECT_STREQ(error.what(), "verdict: 'exit_gate' is missing");
  }
}

TEST(Status, HasTheExitCodesOfTheContract) {
  EXPECT_EQ(exit_code(verdict::Status::pass), 0);
  EXPECT_EQ(exit_code(verdict::Status::fail), 1);
  EXPECT_EQ(exit_code(verdict::Status::skip), 77);
  EXPECT_EQ(exit_code(verdict::Status::error), 3);
}

// Skips unless there is a job called 'test'.
void tested(const facts::Facts& facts, const check::Parameters& /*with*/, check::Report& report) {
  for (const ci::Job& job : facts.rows<ci::Job>("WHERE id = 'test'")) {
    report.examined();
    if (!job.name) report.fail({job.id, job.file, job.line, "has no name", ""});
  }
  if (report.examined_count() == 0) report.skip("no job is called 'test'", "name one so");
}
const check::Check kTested{
    .name = "tested", .title = "", .why = "", .domains = {"ci"}, .parameters = {}, .run = tested};

class AboutTest : public EvaluateTest {
 protected:
  verdict::Verdict judge_about(const std::string& about) {
    gate_.counterexample =
        "INSERT INTO ci.job (file, id, line, on_pull_request) VALUES ('x.yml', 'test', 1, 'yes')";
    gate_.about = about;
    gate_.about_domains = {"ci"};
    return evaluate(gate_, kTested, {folder_.path(), "2026-11-23"});
  }
};

TEST_F(AboutTest, ASkipIsUndecidedWhileTheSubjectExists) {
  jobs({{"build", "Build"}, {"lint", "Lint"}});
  auto verdict = judge_about("SELECT 'the job ' || id AS what, file, line FROM ci.job ORDER BY line");
  EXPECT_EQ(verdict.status, verdict::Status::error);
  EXPECT_FALSE(verdict.not_applicable);
  EXPECT_EQ(verdict.reason,
            "there is the job build (ci.yml:10, and 1 more), but no job is called 'test': name one so");
  verdict = judge_about("SELECT 'a row of ci.job' AS what, * FROM ci.job WHERE id = 'lint'");
  EXPECT_EQ(verdict.reason, "there is a row of ci.job (ci.yml:11), but no job is called 'test': name one so");
  verdict = judge_about("SELECT id FROM ci.job");
  EXPECT_EQ(verdict.reason,
            "there is what this gate is about (and 1 more), but no job is called 'test': name one so");
}

TEST_F(AboutTest, WithoutASubjectTheGateDoesNotApply) {
  jobs({{"build", "Build"}});
  const auto verdict = judge_about("SELECT file FROM ci.job WHERE id GLOB '*test*'");
  EXPECT_EQ(verdict.status, verdict::Status::skip);
  EXPECT_TRUE(verdict.not_applicable);
  EXPECT_EQ(verdict.reason, "no job is called 'test'") << "there is nothing to be done about it";
  EXPECT_EQ(verdict.turned_red, true);
  const auto read = verdict::verdict_from_json(to_json(verdict));
  EXPECT_TRUE(read.not_applicable);
}

TEST_F(AboutTest, ASubjectThatCannotBeExaminedMayBeSkipped) {
  jobs({{"build", "Build"}, {"lint", "Lint"}});
  const std::string about = "SELECT id AS what, id = 'lint' AS may_skip FROM ci.job";
  auto verdict = judge_about(about + " WHERE id = 'lint'");
  EXPECT_EQ(verdict.status, verdict::Status::skip);
  EXPECT_FALSE(verdict.not_applicable);
  EXPECT_EQ(verdict.reason, "no job is called 'test': name one so");
  EXPECT_EQ(judge_about(about).status, verdict::Status::error) << "one of them can be examined";
  EXPECT_TRUE(judge_about(about + " WHERE FALSE").not_applicable);
}

TEST_F(AboutTest, AGateThatDoesNotSaySkipsAsEver) {
  jobs({{"build", "Build"}});
  const auto verdict = judge_about("");
  EXPECT_EQ(verdict.status, verdict::Status::skip);
  EXPECT_FALSE(verdict.not_applicable);
  EXPECT_EQ(verdict.reason, "no job is called 'test': name one so");
}

TEST_F(AboutTest, WhatWasExaminedNeedsNoSubject) {
  jobs({{"test", "Test"}});
  EXPECT_EQ(judge_about("SELECT file FROM ci.job WHERE FALSE").status, verdict::Status::pass);
}

TEST_F(AboutTest, FactsThatAreMissingAreAnError) {
  jobs({{"build", "Build"}});
  gate_.about_domains = {"repo"};
  gate_.about = "SELECT path FROM repo.file";
  const auto verdict = evaluate(gate_, kTested, {folder_.path(), "2026-11-23"});
  EXPECT_EQ(verdict.status, verdict::Status::error);
  EXPECT_THAT(verdict.reason, HasSubstr("repo.db is missing"));
}

TEST_F(AboutTest, IsReadBackFromAGate) {
  gate_.about = "SELECT path FROM repo.file";
  gate_.about_domains = {"repo"};
  gate_.core = true;
  auto json = to_json(gate_);
  const auto gate = verdict::gate_from_json(json);
  EXPECT_EQ(gate.about, gate_.about);
  EXPECT_EQ(gate.about_domains, gate_.about_domains);
  EXPECT_TRUE(gate.core);
  EXPECT_THAT(domains_of(gate, kTested), testing::ElementsAre("ci", "repo"));
  // As gates of older archives are.
  for (const char* key : {"about", "about_domains", "core"}) json.erase(key);
  EXPECT_EQ(verdict::gate_from_json(json).about, "");
  EXPECT_FALSE(verdict::gate_from_json(json).core);
}

}  // namespace
}  // namespace exitgate
