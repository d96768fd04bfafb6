// Reports that real tools wrote (samples/), and others in the form of their writers' sources, read without loss.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/file.h"
#include "harness/reports/report.h"

namespace exitgate::reports {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::string word(Status status) {
  switch (status) {
    case Status::passed:
      return "passed";
    case Status::failed:
      return "failed";
    case Status::error:
      return "error";
    case Status::skipped:
      return "skipped";
    case Status::flaky:
      return "flaky";
    case Status::unknown:
      return "unknown";
  }
  return "";
}

std::string number(const std::optional<std::int64_t>& value) {
  return value ? std::to_string(*value) : "-";
}

// "class|name|status|file:line"
std::vector<std::string> cases(const Report& report) {
  std::vector<std::string> lines;
  for (const auto& one : report.cases) {
    lines.push_back(fmt::format("{}|{}|{}|{}:{}", one.class_name, one.name, word(one.status), one.file,
                                number(one.line)));
  }
  return lines;
}

// "a.js or /x/a.js lines 2/3 branches 0/4 functions 1/2"
std::vector<std::string> coverage(const Report& report) {
  std::vector<std::string> lines;
  for (const auto& one : report.coverage) {
    std::string paths;
    for (const auto& path : one.paths) paths += (paths.empty() ? "" : " or ") + path;
    lines.push_back(fmt::format("{} lines {}/{} branches {}/{} functions {}/{}", paths, one.lines_hit,
                                one.lines, number(one.branches_hit), number(one.branches),
                                number(one.functions_hit), number(one.functions)));
  }
  return lines;
}

Report sample(const std::string& name) {
  return read_report(read_file(std::string(REPORT_SAMPLES) + "/" + name));
}

TEST(Samples, Pytest) {
  const auto report = sample("pytest-xunit1.xml");
  EXPECT_EQ(report.dialect, "pytest");
  EXPECT_THAT(report.problems, IsEmpty());
  EXPECT_THAT(cases(report), ElementsAre("t.test_calc|test_passes|passed|t/test_calc.py:2",
                                         "t.test_calc|test_fails|failed|t/test_calc.py:3",
                                         "t.test_calc|test_skipped|skipped|t/test_calc.py:4",
                                         "t.test_calc|test_xfail|skipped|t/test_calc.py:6",
                                         "t.test_calc|test_xpass|passed|t/test_calc.py:8",
                                         "t.test_calc|test_xpass_strict|failed|t/test_calc.py:10",
                                         "t.test_calc|test_error|error|t/test_calc.py:14",
                                         "t.test_calc|test_teardown|error|t/test_calc.py:19",
                                         "t.test_calc.TestClass|test_param[1]|passed|t/test_calc.py:21",
                                         "t.test_calc.TestClass|test_param[2]|passed|t/test_calc.py:21"));
  EXPECT_EQ(report.cases[1].message, "AssertionError: one <&> \"two\"\nassert 1 == 2");
  EXPECT_EQ(report.cases[2].message, "not yet");
  EXPECT_EQ(report.begun_at, "");  // local time, by no zone
  EXPECT_THAT(sample("pytest.xml").problems, IsEmpty());
  EXPECT_EQ(sample("pytest.xml").cases.size(), 10U);
}

TEST(Samples, Jest) {
  const auto report = sample("jest-errors.xml");
  EXPECT_EQ(report.dialect, "Jest");
  EXPECT_THAT(report.problems, IsEmpty());
  EXPECT_THAT(cases(report),
              ElementsAre("calc adds|calc adds|passed|jt/calc.test.js:-",
                          "calc fails <&> \"x\"|calc fails <&> \"x\"|failed|jt/calc.test.js:-",
                          "calc later|calc later|skipped|jt/calc.test.js:-",
                          "calc some day|calc some day|passed|jt/calc.test.js:-",
                          "calc deep inner|calc deep inner|passed|jt/calc.test.js:-",
                          "Test suite failed to run|jt/broken.test.js|error|jt/broken.test.js:-",
                          "Test suite failed to run|jt/broken.test.js|failed|jt/broken.test.js:-"));
  EXPECT_EQ(sample("jest.xml").cases.size(), 5U);
}

TEST(Samples, Vitest) {
  const auto report = sample("vitest.xml");
  EXPECT_EQ(report.dialect, "Vitest");
  EXPECT_THAT(report.problems, IsEmpty());
  EXPECT_EQ(report.begun_at, "2026-11-27T19:58:17Z");
  EXPECT_THAT(
      cases(report),
      ElementsAre("v2/calc.test.mjs|calc > adds|passed|:-", "v2/calc.test.mjs|calc > fails|failed|:-",
                  "v2/calc.test.mjs|calc > later|skipped|:-", "v2/calc.test.mjs|calc > some day|skipped|:-",
                  "v2/calc.test.mjs|calc > deep > inner|passed|:-",
                  "v2/calc.test.mjs|calc > retries|passed|:-"));
}

// Its pending tests are counted and not written.
TEST(Samples, Mocha) {
  const auto report = sample("mocha.xml");
  EXPECT_EQ(report.dialect, "Mocha");
  EXPECT_THAT(report.problems, IsEmpty());
  const std::string file = "/home/runner/work/service/service/mt/calc.js:-";
  EXPECT_THAT(
      cases(report),
      ElementsAre("adds|calc adds|passed|" + file, "fails|calc fails|failed|" + file,
                  "inner|calc deep inner|passed|" + file,
                  "\"before all\" hook for \"never\"|hook \"before all\" hook for \"never\"|failed|" + file));
  EXPECT_EQ(report.suites.front().skipped, 2);
}

// A test that is known to fail (`todo`) fails nothing.
TEST(Samples, Node) {
  const auto report = sample("node.xml");
  EXPECT_EQ(report.dialect, "node");
  EXPECT_THAT(report.problems, IsEmpty());
  EXPECT_THAT(cases(report), ElementsAre("test|top|passed|:-", "test|fails|failed|:-",
                                         "test|skipped|skipped|:-", "test|todo|skipped|:-",
                                         "test|a|passed|:-", "test|b|failed|:-", "test|c|passed|:-"));
  EXPECT_EQ(report.cases[0].suite, std::nullopt);
  EXPECT_EQ(report.suites.at(*report.cases[6].suite).parent, report.cases[5].suite);
}

// What it could not start it writes as skipped: here it is an error.
TEST(Samples, CTest) {
  const auto report = sample("ctest.xml");
  EXPECT_EQ(report.dialect, "CTest");
  EXPECT_THAT(report.problems, IsEmpty());
  EXPECT_THAT(cases(report),
              ElementsAre("passes|passes|passed|:-", "fails|fails|failed|:-", "missing|missing|error|:-",
                          "skips|skips|skipped|:-", "off|off|skipped|:-", "setup|setup|failed|:-",
                          "dependent|dependent|error|:-", "slow|slow|failed|:-", "files|files|error|:-"));
  EXPECT_EQ(report.cases[7].milliseconds, 1005);
}

TEST(Samples, RSpec) {
  const auto report = sample("rspec.xml");
  EXPECT_EQ(report.dialect, "RSpec");
  EXPECT_THAT(report.problems, IsEmpty());
  EXPECT_EQ(report.begun_at, "2026-11-27T20:01:08Z");
  EXPECT_THAT(cases(report), ElementsAre("spec.calc_spec|calc adds|passed|./spec/calc_spec.rb:-",
                                         "spec.calc_spec|calc fails <&>|failed|./spec/calc_spec.rb:-",
                                         "spec.calc_spec|calc errs|failed|./spec/calc_spec.rb:-",
                                         "spec.calc_spec|calc later|skipped|./spec/calc_spec.rb:-",
                                         "spec.calc_spec|calc pending|skipped|./spec/calc_spec.rb:-"));
}

TEST(Samples, GoogleTest) {
  const auto report = sample("gtest.xml");
  EXPECT_EQ(report.dialect, "GoogleTest");
  EXPECT_THAT(report.problems, IsEmpty());
  EXPECT_THAT(cases(report), ElementsAre("Calc|Passes|passed|g.cpp:2", "Calc|Fails|failed|g.cpp:3",
                                         "Calc|Skips|skipped|g.cpp:4", "Calc|DISABLED_Off|skipped|g.cpp:5",
                                         "X/P|All/0|passed|g.cpp:6", "X/P|All/1|passed|g.cpp:6"));
}

TEST(Samples, Surefire) {
  const auto report = read_report(R"(<?xml version="1.0" encoding="UTF-8"?>
<testsuite xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="https://maven.apache.org/surefire/maven-surefire-plugin/xsd/surefire-test-report-3.0.2.xsd" version="3.0.2" name="org.example.CalcTest" time="1,024.25" tests="5" errors="1" skipped="1" failures="1">
  <properties><property name="user.dir" value="/w"/><property name="git.commit" value="D1B778853611"/></properties>
  <testcase name="adds" classname="org.example.CalcTest" time="0,012"/>
  <testcase name="flaky" classname="org.example.CalcTest" time="0.1"><flakyFailure message="first" type="E"><stackTrace><![CDATA[at]]></stackTrace></flakyFailure><flakyError message="second" type="E"/></testcase>
  <testcase name="fails" classname="org.example.CalcTest" time="0.1"><failure message="one" type="E">x</failure><rerunFailure message="two" type="E"><stackTrace>y</stackTrace></rerunFailure></testcase>
  <testcase name="errs" classname="org.example.CalcTest" time="0.1"><error type="java.lang.IllegalStateException"><![CDATA[java.lang.IllegalStateException: boom]]></error></testcase>
  <testcase name="later" classname="org.example.CalcTest" time="0"><skipped message="not yet"/></testcase>
</testsuite>)");
  EXPECT_EQ(report.dialect, "Surefire");
  EXPECT_THAT(report.problems, IsEmpty());
  EXPECT_EQ(report.revision, "d1b778853611");
  EXPECT_EQ(report.suites[0].milliseconds, 1024250);
  EXPECT_EQ(report.cases[0].milliseconds, 12);
  EXPECT_EQ(report.cases[1].tries, 3);
  EXPECT_EQ(report.cases[2].tries, 2);
  EXPECT_EQ(report.cases[3].message, "java.lang.IllegalStateException: boom");
  EXPECT_THAT(cases(report),
              ElementsAre("org.example.CalcTest|adds|passed|:-", "org.example.CalcTest|flaky|flaky|:-",
                          "org.example.CalcTest|fails|failed|:-", "org.example.CalcTest|errs|error|:-",
                          "org.example.CalcTest|later|skipped|:-"));
}

TEST(Samples, OfOtherWriters) {
  const auto dialect = [](const char* text) {
    const auto report = read_report(text);
    EXPECT_THAT(report.problems, IsEmpty()) << text;
    return report.dialect + " " + (report.cases.empty() ? "" : word(report.cases.front().status));
  };
  EXPECT_EQ(
      dialect(
          R"(<testsuites name="nextest-run" tests="1" failures="0" errors="0" uuid="u" timestamp="2026-05-19T23:08:50.565-04:00" time="0.08"><testsuite name="core" tests="1" disabled="0" errors="0" failures="0"><testcase name="a" classname="core" time="0.01"><flakyFailure timestamp="2026-05-19T23:08:50.565-04:00" time="0.1" message="m" type="test failure">x</flakyFailure></testcase></testsuite></testsuites>)"),
      "nextest flaky");
  EXPECT_EQ(
      dialect(
          R"(<testsuites tests="1" failures="1" errors="0" time="0.1"><testsuite tests="1" failures="1" time="0.1" name="example.com/shop" timestamp="2026-06-24T08:58:51+10:00"><properties><property name="go.version" value="go1.25"></property></properties><testcase classname="example.com/shop" name="TestCart" time="0.1"><failure message="Failed" type="">cart_test.go:9: no</failure></testcase></testsuite></testsuites>)"),
      "Go failed");
  EXPECT_EQ(
      dialect(
          R"(<testsuites id="" name="" tests="1" failures="0" skipped="1" errors="0" time="1.5"><testsuite name="cart.spec.ts" timestamp="2026-01-01T10:00:00.000Z" hostname="chromium" tests="1" failures="0" skipped="1" time="0" errors="0"><testcase name="cart › adds" classname="cart.spec.ts" time="0"><properties><property name="skip" value=""/></properties><skipped></skipped></testcase></testsuite></testsuites>)"),
      "Playwright skipped");
  EXPECT_EQ(
      dialect(
          R"(<testsuites><testsuite name="default" tests="2" assertions="2" errors="0" failures="1" skipped="0" time="0.1"><testsuite name="CalcTest" file="/app/tests/CalcTest.php" tests="2" assertions="2" errors="0" failures="1" skipped="0" time="0.1"><testcase name="testAdd" file="/app/tests/CalcTest.php" line="12" class="CalcTest" classname="CalcTest" assertions="1" time="0.1"/><testcase name="testSub" file="/app/tests/CalcTest.php" line="20" class="CalcTest" classname="CalcTest" assertions="1" time="0.1"><failure type="E">no</failure></testcase></testsuite></testsuite></testsuites>)"),
      "PHPUnit passed");
  EXPECT_EQ(
      dialect(
          R"(<testsuite name="org.example.CalcTest" tests="1" skipped="0" failures="0" errors="0" timestamp="2026-01-01T10:00:00" hostname="h" time="0.012"><properties/><testcase name="adds" classname="org.example.CalcTest" time="0.003"/><system-out><![CDATA[]]></system-out><system-err><![CDATA[]]></system-err></testsuite>)"),
      "Gradle passed");
  // Both count assertions where others count tests.
  EXPECT_EQ(
      dialect(
          R"(<testsuites><testsuite name="t" errors="0" failures="0" skipped="0" tests="9" hostname="tbd" time="0.1" timestamp="2026-01-01T10:00:00Z"><testcase classname="t.global" name="a" time="0.1" status="run"/></testsuite></testsuites>)"),
      "Catch2 passed");
  EXPECT_EQ(
      dialect(
          R"(<testsuites><testsuite name="t" errors="0" failures="0" tests="3"><testcase classname="calc.cpp" name="a" time="0.0" status="run"/></testsuite></testsuites>)"),
      "doctest passed");
  // Bazel's own, of a test that writes none.
  EXPECT_EQ(
      dialect(
          R"(<testsuites><testsuite name="pkg/t" tests="1" failures="0" errors="1"><testcase name="pkg/t" status="run" duration="1" time="1"><error message="exited with error code 3"></error></testcase><system-out></system-out></testsuite></testsuites>)"),
      "Bazel error");
  // Converted from NUnit or xUnit.net: the result is an attribute.
  EXPECT_EQ(
      dialect(
          R"(<testsuites><testsuite name="t" tests="1"><testcase name="a" classname="b" result="Inconclusive"/></testsuite></testsuites>)"),
      " unknown");
  EXPECT_EQ(
      dialect(
          R"(<j:testsuites xmlns:j="urn:x"><j:testsuite name="t" tests="1"><j:testcase name="a" status="Failed"/></j:testsuite></j:testsuites>)"),
      " failed");
}

TEST(Samples, Ctrf) {
  const auto report = sample("ctrf.json");
  EXPECT_EQ(report.dialect, "jest");
  EXPECT_THAT(report.problems, IsEmpty());
  EXPECT_EQ(report.begun_at, "2026-11-27T19:57:41Z");
  const std::string file = "/home/runner/work/service/service/jt/calc.test.js:-";
  EXPECT_THAT(cases(report), ElementsAre("calc.test.js > calc|calc adds|passed|" + file,
                                         "calc.test.js > calc|calc fails <&> \"x\"|failed|" + file,
                                         "calc.test.js > calc|calc later|skipped|" + file,
                                         "calc.test.js > calc|calc some day|unknown|" + file,
                                         "calc.test.js > calc > deep|calc deep inner|passed|" + file));
}

TEST(Samples, Coverage) {
  EXPECT_THAT(coverage(sample("istanbul-cobertura.xml")),
              ElementsAre("/home/runner/work/service/service/src/calc.js or src/calc.js lines 2/3 branches "
                          "0/4 functions 1/2"));
  EXPECT_THAT(
      coverage(sample("coverage-py.xml")),
      ElementsAre(
          "/home/runner/work/service/service/backend/pkg/__init__.py or pkg/__init__.py lines 0/0 branches "
          "-/- functions -/-",
          "/home/runner/work/service/service/backend/pkg/calc.py or pkg/calc.py lines 3/4 branches 1/2 "
          "functions -/-"));
  EXPECT_THAT(coverage(sample("nyc.info")), ElementsAre("src/calc.js lines 2/3 branches 0/4 functions 1/2"));
  EXPECT_THAT(coverage(sample("c8.info")), ElementsAre("src/calc.js lines 2/3 branches 2/2 functions 1/2"));
  const auto jacoco = read_report(
      R"(<?xml version="1.0" encoding="UTF-8" standalone="yes"?><!DOCTYPE report PUBLIC "-//JACOCO//DTD Report 1.1//EN" "report.dtd">
<report name="shop"><sessioninfo id="x" start="1767261600000" dump="1767261605000"/><group name="core"><package name="org/example">
<class name="org/example/Calc" sourcefilename="Calc.java"><counter type="LINE" missed="9" covered="9"/></class>
<sourcefile name="Calc.java"><line nr="3" mi="0" ci="4" mb="0" cb="0"/><counter type="LINE" missed="1" covered="3"/><counter type="BRANCH" missed="2" covered="2"/><counter type="METHOD" missed="0" covered="2"/></sourcefile>
<sourcefile name="Plain.kt"><line nr="3" mi="0" ci="4" mb="0" cb="0"/><line nr="4" mi="2" ci="0" mb="0" cb="0"/></sourcefile></package></group></report>)");
  EXPECT_EQ(jacoco.begun_at, "2026-01-01T10:00:00Z");
  EXPECT_THAT(
      coverage(jacoco),
      ElementsAre("core/org/example/Calc.java or org/example/Calc.java lines 3/4 branches 2/4 functions 2/2",
                  "core/org/example/Plain.kt or org/example/Plain.kt lines 1/2 branches -/- functions -/-"));
}

// The classes of one file are one file, and a line counts once.
TEST(Samples, CoberturaMergesClasses) {
  const auto report = read_report(R"(<coverage><packages><package><classes>
<class name="A" filename="A.java"><methods><method name="m" signature="()V"><lines><line number="2" hits="0"/></lines></method></methods><lines><line number="1" hits="1"/><line number="2" hits="0"/></lines></class>
<class name="A$1" filename="A.java"><lines><line number="2" hits="3"/></lines></class>
<class name="M" filename="M.java"><methods><method name="m"><lines><line number="7" hits="99999999999999999999"/></lines></method></methods><lines/></class>
</classes></package></packages></coverage>)");
  EXPECT_THAT(coverage(report), ElementsAre("A.java lines 2/2 branches -/- functions 0/1",
                                            "M.java lines 1/1 branches -/- functions 1/1"));
}

}  // namespace
}  // namespace exitgate::reports
