// What a reader on a telephone sees first, and what one without a mouse can reach.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/report/report.h"
#include "tests/report/sample_run.h"

namespace exitgate::report {
namespace {

using test::SampleRun;
using testing::HasSubstr;

TEST(HtmlFirstScreen, WhatIsRedComesBeforeEverythingElse) {
  SampleRun sample;
  sample.add(SampleRun::verdict("EG-A1.kept", verdict::Status::fail, {SampleRun::finding("a", 1, "red")}));
  for (int i = 0; i < 9; ++i)
    sample.record().result->incomplete.push_back("part " + std::to_string(i) + " is missing");
  sample.write();
  const std::string html = render_html(load_run(sample.root()));
  const std::size_t red = html.find("What is red, and what to do");
  ASSERT_NE(red, std::string::npos);
  EXPECT_LT(red, html.find("<div class=\"cards\">"));
  EXPECT_LT(red, html.find("<dl class=\"facts\">"));
  EXPECT_THAT(html,
              HasSubstr("<li>part 2 is missing</li>\n</ul>\n<details><summary>and 6 more</summary>\n<ul>\n"
                        "<li>part 3 is missing</li>\n"));
}

TEST(HtmlFirstScreen, WideTablesAreReachedByTheKeyboard) {
  SampleRun sample;
  sample.add(SampleRun::verdict("EG-A1.kept", verdict::Status::pass));
  sample.write();
  const std::string html = render_html(load_run(sample.root()));
  EXPECT_THAT(html,
              HasSubstr("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"Gates of EG-A1\">"));
  for (std::size_t at = html.find("class=\"wide\""); at != std::string::npos;
       at = html.find("class=\"wide\"", at + 1))
    EXPECT_EQ(html.compare(at, 27, "class=\"wide\" tabindex=\"0\" r"), 0);
}

}  // namespace
}  // namespace exitgate::report
