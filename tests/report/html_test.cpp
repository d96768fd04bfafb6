#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/report/report.h"
#include "tests/report/sample_run.h"

namespace exitgate::report {
namespace {

using test::SampleRun;
using testing::HasSubstr;
using testing::Not;

std::string html(const SampleRun& sample) {
  sample.write();
  return render_html(load_run(sample.root()));
}

TEST(Html, RedStandsFirstWithItsPlacesAndWhatToDo) {
  SampleRun sample;
  sample.add(SampleRun::verdict("EG-A1.kept", verdict::Status::fail,
                                {SampleRun::finding("ci.yml", 7, "kept for 7 days", "write 30"),
                                 SampleRun::finding("ci.yml", 9, "kept for 7 days", "write 30")}));
  sample.add(SampleRun::verdict("EG-B2.based", verdict::Status::pass));
  sample.add_not_run("EG-B2.other");
  const std::string text = html(sample);
  for (const char* expected : {
           "<title>shop at 0123456789ab: fail</title>",
           "<h1>shop <span class=\"pill red\">fail</span></h1>",
           "This run evaluated a selection only: 1 of 3 gates were not run.",
           "<a class=\"card\" href=\"#EG-A1\"><span class=\"pill red\">red</span><b>EG-A1</b>Artifacts<br>"
           "<span class=\"faint\">1 failed</span></a>",
           "<li><code>ci.yml:7</code>, <code>ci.yml:9</code>: kept for 7 days<br><span class=\"hint "
           "faint\">write "
           "30</span></li>",
           "<h3 id=\"EG-B2\">EG-B2: Base</h3>",
           "<details><summary>Chain-of-custody</summary>",
           "were not collected in this run.",
       }) {
    EXPECT_THAT(text, HasSubstr(expected));
  }
  EXPECT_LT(text.find("What is red"), text.find("Every gate"));
  EXPECT_LT(text.find("Every gate"), text.find("<h2>Evidence</h2>"));
}

TEST(Html, NeedsNothingFromOutsideAndRunsNothing) {
  SampleRun sample;
  sample.add(
      SampleRun::verdict("EG-A1.kept", verdict::Status::fail,
                         {SampleRun::finding("<script>alert(1)</script>", 7, "<img src=x onerror=alert(1)>",
                                             "\"><svg onload=alert(1)>")}));
  sample.record().repository = "<b>shop</b>";
  const std::string text = html(sample);
  for (const char* forbidden :
       {"<script", "<img", "<svg", "<b>shop", "src=\"", "url(", "@import", "<link", "http://"}) {
    EXPECT_THAT(text, Not(HasSubstr(forbidden)));
  }
  EXPECT_THAT(text, HasSubstr("default-src 'none'"));
}

TEST(Html, IsWellFormed) {
  if (!find_program("xmllint")) GTEST_SKIP() << "xmllint is not installed";
  SampleRun sample;
  auto waived =
      SampleRun::verdict("EG-A1.kept", verdict::Status::pass, {SampleRun::finding("a&b", 1, "x < y & z")});
  waived.waived = true;
  waived.findings[0].waiver = "known";
  sample.add(waived);
  sample.add_missing("EG-B2.lost");
  const auto checked =
      exitgate::run({.arguments = {"xmllint", "--html", "--noout", "-"}, .input = html(sample)});
  // libxml2 knows HTML 4 only: what it does not know of HTML 5 are these elements.
  std::string complaints;
  for (const auto& line : split(checked.error, '\n')) {
    if (line.find("error :") != std::string::npos && line.find("Tag main invalid") == std::string::npos &&
        line.find("Tag section invalid") == std::string::npos &&
        line.find("Tag details invalid") == std::string::npos &&
        line.find("Tag summary invalid") == std::string::npos) {
      complaints += line + "\n";
    }
  }
  EXPECT_EQ(complaints, "");
}

}  // namespace
}  // namespace exitgate::report
