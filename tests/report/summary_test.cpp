#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/report/report.h"
#include "tests/report/sample_run.h"

namespace exitgate::report {
namespace {

using test::SampleRun;
using testing::HasSubstr;
using testing::Not;

std::string summary(const SampleRun& sample, SummaryOptions options = {}) {
  sample.write();
  if (!options.color) options.color = false;
  return render_summary(load_run(sample.root()), options);
}

TEST(Summary, GreenIsOneLineForEachExitGate) {
  SampleRun sample;
  sample.add(SampleRun::verdict("EG-A1.kept", verdict::Status::pass));
  sample.add(SampleRun::verdict("EG-A1.pinned", verdict::Status::pass));
  sample.add(SampleRun::verdict("EG-B2.based", verdict::Status::pass));
  EXPECT_EQ(summary(sample, {.archive = "build/archives/shop.tar.zst"}),
            "\n"
            "shop at 0123456789ab\n"
            "\n"
            "  EG-A1  Artifacts  green             2 passed\n"
            "  EG-B2  Base       green             1 passed\n"
            "\n"
            "3 gates: 3 passed\n"
            "Archive: build/archives/shop.tar.zst\n"
            "Outcome: pass\n");
}

TEST(Summary, EveryKindOfVerdictIsTold) {
  SampleRun sample;
  sample.add(SampleRun::verdict(
      "EG-A1.kept", verdict::Status::fail,
      {SampleRun::finding("ci.yml", 7, "kept for 7 days, which is less than 30",
                          "write `retention-days: 30`"),
       SampleRun::finding("ci.yml", 9, "kept for 7 days, which is less than 30",
                          "write `retention-days: 30`"),
       SampleRun::finding("b.yml", 1, "kept as long as the repository says", "write `retention-days: 30`")}));
  auto waived = SampleRun::verdict("EG-A1.pinned", verdict::Status::pass,
                                   {SampleRun::finding("ci.yml", 3, "not pinned")});
  waived.waived = true;
  waived.findings[0].waived = true;
  waived.findings[0].waiver = "known (until 2027-01-31, exitgate.yaml:4)";
  sample.add(waived);
  auto skipped = SampleRun::verdict("EG-A1.uses", verdict::Status::skip);
  skipped.stale_waivers = {"exitgate.yaml:9: the waiver of 'x' expired on 2026-11-01"};
  skipped.reason = "there is none";
  sample.add(skipped);
  for (const char* name : {"EG-B2.one", "EG-B2.two"}) {
    auto undecided = SampleRun::verdict(name, verdict::Status::error);
    undecided.reason = "schema.db is missing: the schema facts were not collected";
    sample.add(undecided);
  }
  auto own = SampleRun::verdict("EG-B2.three", verdict::Status::error,
                                {SampleRun::finding("a.py", 2, "cannot be parsed")});
  own.findings[0].undecided = true;
  own.reason = "1 subject could not be decided";
  sample.add(own);
  sample.add_missing("EG-B2.four");
  sample.add_not_run("EG-B2.five");
  EXPECT_EQ(summary(sample),
            "\n"
            "shop at 0123456789ab\n"
            "\n"
            "  EG-A1  Artifacts  red               1 failed, 1 passed, 1 of them waived, 1 skipped\n"
            "  EG-B2  Base       undecided         4 undecided, 1 not run\n"
            "\n"
            "EG-B2.four  The title of EG-B2.four\n"
            "  could not be decided: the gate was selected and left no verdict\n"
            "\n"
            "2 gates  EG-B2.one, EG-B2.two\n"
            "  could not be decided: schema.db is missing: the schema facts were not collected\n"
            "\n"
            "EG-B2.three  The title of EG-B2.three\n"
            "  could not be decided: 1 subject could not be decided\n"
            "  a.py:2  cannot be parsed\n"
            "\n"
            "EG-A1.kept  The title of EG-A1.kept\n"
            "  kept for 7 days, which is less than 30\n"
            "    ci.yml:7\n"
            "    ci.yml:9\n"
            "  b.yml:1  kept as long as the repository says\n"
            "    -> write `retention-days: 30`\n"
            "\n"
            "green only by waivers: EG-A1.pinned\n"
            "\n"
            "waivers to renew or to remove\n"
            "  exitgate.yaml:9: the waiver of 'x' expired on 2026-11-01\n"
            "\n"
            "skipped\n"
            "  EG-A1.uses  there is none\n"
            "\n"
            "8 gates: 1 failed, 4 undecided, 1 passed, 1 of them waived, 1 skipped, 1 not run\n"
            "This run evaluated a selection only; the archive names the gates that were not run.\n"
            "Nothing was sealed.\n"
            "Outcome: fail\n");
}

TEST(Summary, ManyPlacesAreCutAndSayWhereTheRestIs) {
  SampleRun sample;
  std::vector<verdict::Judged> findings;
  for (int line = 1; line <= 9; ++line) findings.push_back(SampleRun::finding("ci.yml", line, "the same"));
  sample.add(SampleRun::verdict("EG-A1.kept", verdict::Status::fail, findings));
  EXPECT_THAT(summary(sample, {.places = 2}),
              HasSubstr("  the same\n    ci.yml:1\n    ci.yml:2\n    and 7 more in report.html\n"));
}

TEST(Summary, NothingInAFindingReachesTheTerminalAsControl) {
  SampleRun sample;
  sample.add(
      SampleRun::verdict("EG-A1.kept", verdict::Status::fail,
                         {SampleRun::finding("a\x1b[2Jb.yml", 1, "red\x07 \x1b]0;title\n\r::error::x")}));
  const std::string text = summary(sample);
  EXPECT_THAT(text, Not(HasSubstr("\x1b")));
  EXPECT_THAT(text, HasSubstr("  a?[2Jb.yml:1  red? ?]0;title  ::error::x\n"));
}

TEST(Summary, ColorOnlyWhenAsked) {
  SampleRun sample;
  sample.add(SampleRun::verdict("EG-A1.kept", verdict::Status::pass));
  EXPECT_THAT(summary(sample, {.color = true}), HasSubstr("\x1b[32mgreen           \x1b[0m"));
  EXPECT_THAT(summary(sample, {.color = false}), Not(HasSubstr("\x1b")));
}

TEST(LoadRun, SaysWhatIsWrong) {
  const TemporaryDirectory folder;
  const auto message = [&] {
    try {
      load_run(folder.path());
      return std::string("no error");
    } catch (const Undecided& error) {
      return std::string(error.what());
    }
  };
  EXPECT_EQ(message(), folder.path().string() + " is not a run directory: run.json is missing");
  write_file(folder.path() / "run.json", "[]");
  EXPECT_EQ(message(), (folder.path() / "run.json").string() + ": it must be an object, not a list");
  write_file(folder.path() / "run.json", "{");
  EXPECT_THAT(message(), HasSubstr((folder.path() / "run.json").string() + ": line 1, column "));
  write_file(folder.path() / "run.json", R"({"id": "x", "repository": "x", "commit": null})");
  EXPECT_EQ(message(), (folder.path() / "run.json").string() + ": 'commit' must be a string, not null");
}

TEST(LoadRun, UnreadableVerdictAndStoreAreSaid) {
  SampleRun sample;
  sample.add_missing("EG-A1.kept");
  write_file(sample.run().verdict("EG-A1.kept"), R"({"gate": "EG-A1.kept"})");
  write_file(sample.run().facts() / "ci.db", "no database at all, but long enough to be looked at as one");
  sample.write();
  const RunView run = load_run(sample.root());
  EXPECT_EQ(run.exit_gates.at(0).gates.at(0).problem,
            "its verdict cannot be read: verdict: 'exit_gate' is missing");
  EXPECT_FALSE(run.has("ci"));
  EXPECT_TRUE(run.unreadable_stores.contains("ci"));
}

TEST(Summary, AGateShowsTwentyFindingsAndCountsTheRest) {
  SampleRun sample;
  std::vector<verdict::Judged> findings;
  for (int i = 0; i < 62; ++i) findings.push_back(SampleRun::finding("a", 1, "message " + std::to_string(i)));
  sample.add(SampleRun::verdict("EG-A1.kept", verdict::Status::fail, findings));
  sample.write();
  const std::string text = render_summary(load_run(sample.root()));
  EXPECT_THAT(text, HasSubstr("  a:1  message 19\n  and 42 more in report.html\n"));
  EXPECT_THAT(text, testing::Not(HasSubstr("message 20")));
}

TEST(Summary, ACauseIsToldOnceAndWhatFollowsIsNamedUnderIt) {
  SampleRun sample;
  sample.add(SampleRun::verdict("EG-A1.provisions", verdict::Status::fail,
                                {SampleRun::finding("a.py", 3, "no schema", "run it")}));
  for (const char* name : {"EG-A1.at-head", "EG-B2.keys"}) {
    auto undecided = SampleRun::verdict(
        name, verdict::Status::error,
        {SampleRun::finding("", 0, "no snapshot", "see EG-A1.provisions, or the log of a test")});
    undecided.findings[0].undecided = true;
    undecided.reason = "1 subject could not be decided";
    sample.add(undecided);
  }
  sample.add(SampleRun::verdict("EG-B2.part", verdict::Status::fail,
                                {SampleRun::finding("", 0, "a part", "see EG-A1.provisions, or the log"),
                                 SampleRun::finding("b", 1, "something else", "do")}));
  const std::string text = summary(sample);
  EXPECT_THAT(
      text,
      HasSubstr("\nEG-A1.provisions  The title of EG-A1.provisions\n  a.py:3  no schema\n    -> run it\n"
                "  2 gates are red because of it: EG-A1.at-head, EG-B2.keys\n"));
  EXPECT_THAT(text, Not(HasSubstr("no snapshot")));
  EXPECT_THAT(text, HasSubstr("\nEG-B2.part  ")) << "it has a finding of its own";
  EXPECT_THAT(text, HasSubstr("\n4 gates: 2 failed, 2 undecided\n"));
  EXPECT_THAT(render_html(load_run(sample.root())),
              HasSubstr("<p>Red because of it: <code>EG-A1.at-head</code>, <code>EG-B2.keys</code></p>"));
}

}  // namespace
}  // namespace exitgate::report
