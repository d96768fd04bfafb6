// What is broken, foreign or made to deceive has a problem, and never fewer cases in silence.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/reports/report.h"
#include "harness/reports/values.h"

namespace exitgate::reports {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::StartsWith;

std::string problem(std::string_view text) {
  const auto report = read_report(text);
  return report.problems.empty() ? "" : report.problems.front();
}

TEST(Hostile, NotWellFormed) {
  const auto report = read_report("<testsuite>\n<testcase name='a'><failure/></testcase>\n<testcase na");
  EXPECT_THAT(report.problems,
              ElementsAre(StartsWith("it is not well-formed XML (is it truncated?): line 3: error parsing")));
  ASSERT_THAT(report.cases, SizeIs(2));  // what was read before is there
  EXPECT_EQ(report.cases[0].status, Status::failed);
  EXPECT_EQ(report.cases[1].status, Status::unknown);
  EXPECT_THAT(problem("<testsuite><testcase name='a'/>"), HasSubstr("not well-formed"));
  EXPECT_THAT(problem("<testsuite><testcase name='a'></testsuite></testcase>"), HasSubstr("not well-formed"));
  EXPECT_THAT(problem("<testsuite/><testsuite><testcase name='a'/></testsuite>"),
              "it has more than one root element: <testsuite> after <testsuite>");
  EXPECT_EQ(problem("<testsuite/>and more"), "it has text outside of its root element");
}

TEST(Hostile, Counts) {
  const auto counts = [](const char* text) {
    const auto report = read_report(text);
    if (report.format != Format::junit) return std::string("none");
    int failed = 0;
    int skipped = 0;
    for (const auto& one : report.cases) {
      if (one.status == Status::failed || one.status == Status::error) ++failed;
      if (one.status == Status::skipped) ++skipped;
    }
    return std::to_string(report.cases.size()) + " " + std::to_string(failed) + " " + std::to_string(skipped);
  };
  EXPECT_EQ(counts(""), "none");
  EXPECT_EQ(counts("<coverage/>"), "none");
  EXPECT_EQ(counts("<testsuites/>"), "0 0 0");
  EXPECT_EQ(
      counts("<?xml version='1.0'?><testsuite><testcase a='>'/><testcase><error/></testcase></testsuite>"),
      "2 1 0");
  EXPECT_EQ(
      counts("<testsuite><testcase><failure/><error/></testcase><testcase><skipped/></testcase></testsuite>"),
      "2 1 1");
  EXPECT_EQ(counts("<testsuite><![CDATA[<testcase>]]><testcase><rerunFailure/></testcase></testsuite>"),
            "1 0 0");
  EXPECT_EQ(counts("<testsuite><testcase"), "1 0 0");
}

// The parser takes a NUL for the end, and says that all is well.
TEST(Hostile, NulHidesNothing) {
  const std::string text("<testsuite><testcase name='a'/></testsuite>\0<testsuite/>", 54);
  EXPECT_EQ(problem(text), "it is not an XML document: it holds a NUL byte");
}

TEST(Hostile, Entities) {
  EXPECT_THAT(problem("<!DOCTYPE t [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]><testsuite name='&b;'/>"),
              "its DOCTYPE declares entities of its own, which are not read");
  EXPECT_EQ(problem("<!DOCTYPE testsuite SYSTEM 'junit.dtd'><testsuite><testcase name='a'/></testsuite>"),
            "");
}

TEST(Hostile, Depth) {
  std::string text;
  for (int i = 0; i < 200000; ++i) text += "<testsuite>";
  for (int i = 0; i < 200000; ++i) text += "</testsuite>";
  EXPECT_EQ(problem(text), "its suites are nested more than 200 deep");
  std::string lists = "{\"results\":{\"tests\":";
  for (int i = 0; i < 200000; ++i) lists += "[";
  EXPECT_THAT(problem(lists), StartsWith("it is not well-formed JSON"));
}

TEST(Hostile, CountsThatTheCasesDoNotMatch) {
  EXPECT_EQ(problem("<testsuite name='s' tests='10'><testcase name='a'/><testcase name='b'/></testsuite>"),
            "'s' says that it has 10 tests, and holds 2");
  EXPECT_EQ(
      problem("<testsuites tests='3'><testsuite name='s' tests='2'><testcase name='a'/><testcase name='b'/>"
              "</testsuite></testsuites>"),
      "it says that it has 3 tests, and holds 2");
  EXPECT_EQ(problem("<testsuite name='s' tests='1' failures='1' errors='1'><testcase "
                    "name='a'><failure/></testcase></testsuite>"),
            "'s' says that 2 tests failed, and holds 1");
  EXPECT_EQ(problem("{\"results\":{\"summary\":{\"tests\":2,\"failed\":1},\"tests\":[{\"name\":\"a\","
                    "\"status\":\"passed\"}]}}"),
            "it says that it has 2 tests, and holds 1");
}

TEST(Hostile, ForeignAndEmpty) {
  EXPECT_EQ(problem(""), "it is empty");
  EXPECT_EQ(problem(" \n"), "it is empty");
  EXPECT_THAT(problem("mode: set\na.go:1.1,2.2 1 1\n"), StartsWith("it is a coverage profile of Go"));
  EXPECT_THAT(problem("<coverage generated='1'><project/></coverage>"), StartsWith("it is a Clover report"));
  EXPECT_THAT(problem("<assemblies/>"), StartsWith("it is an xUnit.net report"));
  EXPECT_THAT(problem("<html><body/></html>"), StartsWith("its root element <html> is of no known format"));
  EXPECT_THAT(problem("{\"a\": 1}"), "it is JSON and not a CTRF report: it has no list `results.tests`");
  EXPECT_THAT(problem("{\"results\":{\"tests\":[],\"tests\":[{}]}}"), HasSubstr("not well-formed JSON"));
  EXPECT_THAT(problem("ok 1 - passes\n"), StartsWith("its format cannot be told"));
  EXPECT_THAT(problem("<coverage><packages/></coverage>"), "it names no file");
}

TEST(Hostile, Lcov) {
  EXPECT_EQ(problem("SF:a.c\nDA:1,1\n"), "its last record has no `end_of_record`: it is truncated");
  EXPECT_EQ(problem("SF:a.c\nDA:1,\nend_of_record\n"),
            "line 2 is not a line of an LCOV tracefile (is it truncated?)");
  EXPECT_EQ(problem("TN:\nDA:1,1\n"), "line 2 is not a line of an LCOV tracefile (is it truncated?)");
}

TEST(Hostile, MoreThanOneCommit) {
  EXPECT_THAT(problem("<testsuites><testsuite><properties><property name='commit' "
                      "value='1234567'/></properties></testsuite>"
                      "<testsuite><properties><property name='commit' "
                      "value='7654321'/></properties></testsuite></testsuites>"),
              "it says of itself that it is of more than one commit: 1234567 and 7654321");
}

TEST(Hostile, OtherEncodings) {
  std::string text = "\xFF\xFE";
  for (const char c : std::string_view("<testsuite><testcase name='a'/></testsuite>")) text += {c, '\0'};
  const auto report = read_report(text);
  EXPECT_THAT(report.problems, IsEmpty());
  EXPECT_THAT(report.cases, SizeIs(1));
  EXPECT_THAT(read_report("\xEF\xBB\xBF<testsuite><testcase name='a'/></testsuite>").cases, SizeIs(1));
}

TEST(Values, Durations) {
  EXPECT_EQ(milliseconds_of("1.25"), 1250);
  EXPECT_EQ(milliseconds_of("1e-05"), 0);
  EXPECT_EQ(milliseconds_of("1,234.5"), 1234500);
  EXPECT_EQ(milliseconds_of("1,234"), 1234000);
  EXPECT_EQ(milliseconds_of("0,012"), 12);
  EXPECT_EQ(milliseconds_of("1,5"), 1500);
  EXPECT_EQ(milliseconds_of("00:01:02.5"), 62500);
  EXPECT_EQ(milliseconds_of("12ms"), 12);
  EXPECT_EQ(milliseconds_of("3s"), 3000);
  EXPECT_EQ(milliseconds_of(""), std::nullopt);
  EXPECT_EQ(milliseconds_of("-1"), std::nullopt);
  EXPECT_EQ(milliseconds_of("nan"), std::nullopt);
}

TEST(Values, Times) {
  EXPECT_EQ(utc_of("2026-05-19T23:08:50.565-04:00"), "2026-05-20T03:08:50Z");
  EXPECT_EQ(utc_of("2026-05-19 23:08:50+0200"), "2026-05-19T21:08:50Z");
  EXPECT_EQ(utc_of("2026-05-19T23:08:50Z"), "2026-05-19T23:08:50Z");
  EXPECT_EQ(utc_of("2026-05-19T23:08:50"), std::nullopt);
  EXPECT_EQ(utc_of("2026-13-19T23:08:50Z"), std::nullopt);
  EXPECT_EQ(utc_of("yesterday"), std::nullopt);
}

}  // namespace
}  // namespace exitgate::reports
