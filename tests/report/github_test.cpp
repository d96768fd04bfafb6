#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/report/report.h"
#include "tests/report/sample_run.h"

namespace exitgate::report {
namespace {

using test::SampleRun;

std::string github(const SampleRun& sample) {
  sample.write();
  return render_github(load_run(sample.root()));
}

TEST(GitHub, OneAnnotationForWhatIsTheSame) {
  SampleRun sample;
  sample.add(
      SampleRun::verdict("EG-A1.kept", verdict::Status::fail,
                         {SampleRun::finding("ci.yml", 7, "kept for 7 days, 100% too short", "write 30"),
                          SampleRun::finding("ci.yml", 9, "kept for 7 days, 100% too short", "write 30"),
                          SampleRun::finding("b.yml", 3, "kept for 7 days, 100% too short", "write 30"),
                          SampleRun::finding("dir", 0, "no bundle"), SampleRun::finding("", 0, "nothing")}));
  auto undecided = SampleRun::verdict("EG-B2.one", verdict::Status::error);
  undecided.reason = "schema.db is missing";
  sample.add(undecided);
  auto own = SampleRun::verdict("EG-B2.two", verdict::Status::error,
                                {SampleRun::finding("a.py", 2, "cannot be parsed")});
  own.findings[0].undecided = true;
  sample.add(own);
  sample.add_not_run("EG-B2.three");
  EXPECT_EQ(
      github(sample),
      "::error file=ci.yml,line=7,title=EG-A1.kept::kept for 7 days, 100%25 too short%0A-> write 30%0Aalso "
      "ci.yml:9, b.yml:3\n"
      "::error file=dir,title=EG-A1.kept::no bundle\n"
      "::error title=EG-A1.kept::nothing\n"
      "::error title=EG-B2.one::The title of EG-B2.one: schema.db is missing\n"
      "::error file=a.py,line=2,title=EG-B2.two::could not be decided: cannot be parsed\n"
      "::warning title=exitgate::1 of 4 gates were not run: this run evaluated a selection only\n");
}

TEST(GitHub, ManyPlacesAreCounted) {
  SampleRun sample;
  std::vector<verdict::Judged> findings;
  for (int line = 1; line <= 5000; ++line) findings.push_back(SampleRun::finding("a", line, "the same"));
  sample.add(SampleRun::verdict("EG-A1.kept", verdict::Status::fail, findings));
  EXPECT_EQ(
      github(sample),
      "::error file=a,line=1,title=EG-A1.kept::the same%0Aalso a:2, a:3, a:4, a:5, a:6, a:7, a:8, a:9, a:10, "
      "a:11, a:12, a:13, a:14, a:15, a:16, a:17, a:18, a:19, a:20 and 4980 more\n");
}

TEST(GitHub, GreenSaysNothingAndWaiversAreNoticed) {
  SampleRun sample;
  sample.add(SampleRun::verdict("EG-A1.kept", verdict::Status::pass));
  EXPECT_EQ(github(sample), "");
  auto waived = SampleRun::verdict("EG-B2.kept", verdict::Status::pass, {SampleRun::finding("a", 1, "b")});
  waived.waived = true;
  waived.findings[0].waiver = "known";
  waived.stale_waivers = {"exitgate.yaml:9: the waiver of 'x' matches no finding"};
  sample.add(waived);
  EXPECT_EQ(github(sample),
            "::notice title=exitgate::1 gate is green only by waivers\n"
            "::warning title=exitgate::exitgate.yaml:9: the waiver of 'x' matches no finding\n");
}

TEST(GitHub, NoFindingCanWriteACommandOfItsOwn) {
  SampleRun sample;
  sample.add(
      SampleRun::verdict("EG-A1.kept", verdict::Status::fail,
                         {SampleRun::finding("a,line=1::b:c.yml", 7,
                                             "x\n::set-output name=a::b\r\n::error::y", "%0A::warning::z")}));
  EXPECT_EQ(github(sample),
            "::error file=a%2Cline=1%3A%3Ab%3Ac.yml,line=7,title=EG-A1.kept::x ::set-output "
            "name=a::b  ::error::y%0A-> %250A::warning::z\n");
}

TEST(GitHub, AGateHasTenAnnotationsAndOneThatCountsTheRest) {
  SampleRun sample;
  std::vector<verdict::Judged> findings;
  for (int i = 0; i < 52; ++i) findings.push_back(SampleRun::finding("a", 1, "message " + std::to_string(i)));
  sample.add(SampleRun::verdict("EG-A1.kept", verdict::Status::fail, findings));
  const std::string text = github(sample);
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 11);
  EXPECT_THAT(text, testing::EndsWith("\n::error title=EG-A1.kept::and 42 more in report.html\n"));
}

}  // namespace
}  // namespace exitgate::report
