// What is said of test and coverage reports: EG-TS1.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "tests/checks/judge.h"

namespace exitgate::testing {
namespace {

const std::string kOid = "d1b778853611a0b1c2d3e4f5061728394a5b6c7d";
const std::string kCheckout =
    "INSERT INTO repo.checkout (oid, tree, committed_at, subject, shallow) VALUES ('" + kOid +
    "', 't', '2026-11-20T10:00:00Z', 's', 0);"
    "INSERT INTO environment.clock (read_at) VALUES ('2026-11-27T10:00:00Z');";

std::string report(int id, const std::string& more, const std::string& source = "run",
                   const std::string& of = "commit", const std::string& format = "junit") {
  return fmt::format(
      "INSERT INTO tests.report (id, path, format, source, of, file, line, tracked, sha256) VALUES ({0}, "
      "'r{0}.xml', '{1}', "
      "'{2}', '{3}', 'exitgate.yaml', 12, 0, '');{4}",
      id, format, source, of,
      more.empty() ? "" : fmt::format("UPDATE tests.report SET {} WHERE id = {};", more, id));
}

std::string test(int report, const std::string& name, const std::string& status,
                 const std::string& more = "") {
  return fmt::format(
      "INSERT INTO tests.test_case (report, position, class, name, status, tries) VALUES ({0}, 0, "
      "'CartTest', '{1}', '{2}', 1);"
      "{3}",
      report, name, status,
      more.empty() ? ""
                   : fmt::format("UPDATE tests.test_case SET {} WHERE report = {} AND name = '{}';", more,
                                 report, name));
}

std::string covered(int report, const std::string& file, int hit, int lines, int tracked = 1) {
  return fmt::format(
      "INSERT INTO tests.coverage (report, file, tracked, lines, lines_hit) VALUES ({}, '{}', {}, {}, {});",
      report, file, tracked, lines, hit);
}

const std::string kRemedy =
    ": write `tests: {run: ['pytest --junitxml=report.xml'], reports: [report.xml]}` in exitgate.yaml, or "
    "`tests: {brought: "
    "[{path: 'artifacts/*.xml', commit: HEAD}]}` for reports that CI made\n";

TEST(TestsRan, AsksForReportsWhereThereAreTests) {
  EXPECT_EQ(judge("tests-ran", "{}", ""), "0 examined\nskip: no test report is declared" + kRemedy);
  EXPECT_EQ(
      judge("tests-ran", "{}",
            "INSERT INTO code.framework (name, language, file, evidence) VALUES ('pytest', 'python', "
            "'pytest.ini', "
            "'configuration');"),
      "0 examined\nskip: no test report is declared, and the repository uses pytest (pytest.ini)" + kRemedy);
}

TEST(TestsRan, TakesNothingForARunThatIsNone) {
  EXPECT_EQ(judge("tests-ran", "{}", report(1, "") + test(1, "a", "passed") + test(1, "b", "flaky")),
            "1 examined\nnote: 2 tests in 1 report: 0 skipped, 1 flaky\n");
  EXPECT_EQ(judge("tests-ran", "{}", report(1, "") + test(1, "a", "skipped")),
            "1 examined\nFAIL exitgate.yaml:12: r1.xml: each of its 1 test was skipped: nothing ran\n"
            "  > see what the tests were skipped for\nnote: 1 test in 1 report: 1 skipped, 0 flaky\n");
  EXPECT_EQ(
      judge("tests-ran", "{}", report(1, "", "brought")),
      "1 examined\nFAIL exitgate.yaml:12: r1.xml (brought): it names no test\n"
      "  > see which tests the runner finds\nnote: 0 tests in 1 report, 1 brought: 0 skipped, 0 flaky\n");
  EXPECT_EQ(judge("tests-ran", "{}", report(1, "problem = 'it is truncated'") + test(1, "a", "passed")),
            "1 examined\n?    exitgate.yaml:12: r1.xml: it is truncated\n  > let the tests write the report "
            "anew, to the end\n"
            "note: 1 test in 1 report: 0 skipped, 0 flaky\n");
  EXPECT_EQ(judge("tests-ran", "{}",
                  "INSERT INTO tests.problem (path, file, line, reason) VALUES ('*.xml', 'exitgate.yaml', 9, "
                  "'no file fits it');"),
            "1 examined\nFAIL exitgate.yaml:9: there is no report '*.xml': no file fits it\n"
            "  > let the tests write it, or fix `tests:` in exitgate.yaml\n");
}

TEST(TestsPassed, NamesWhatFailed) {
  EXPECT_EQ(judge("tests-passed", "{}",
                  report(1, "kept = 'logs/r1.xml'") + test(1, "a", "passed") +
                      test(1, "b", "failed",
                           "message = 'one' || char(10) || 'two', file = 'cart_test.py', line = 7") +
                      test(1, "c", "error") + test(1, "d", "skipped")),
            "3 examined\nFAIL cart_test.py:7: r1.xml: CartTest > b failed: one\n  > the whole report is "
            "logs/r1.xml\n"
            "FAIL exitgate.yaml:12: r1.xml: CartTest > c could not be carried out\n  > the whole report is "
            "logs/r1.xml\n");
  EXPECT_EQ(judge("tests-passed", "{}", report(1, "") + test(1, "a", "unknown")),
            "1 examined\n?    exitgate.yaml:12: r1.xml: CartTest > a has no known result\n");
}

TEST(TestsPassed, SaysWhatContradictsItself) {
  EXPECT_EQ(judge("tests-passed", "{}",
                  report(1, "") + report(2, "", "brought") + test(1, "a", "passed") + test(2, "a", "failed")),
            "2 examined\nFAIL exitgate.yaml:12: r2.xml (brought): CartTest > a failed; r1.xml says that it "
            "passed\n");
}

TEST(TestsPassed, NotesFlakyOnesAndDoubtsWhatIsNotWhole) {
  EXPECT_EQ(judge("tests-passed", "{}", report(1, "") + test(1, "a", "flaky", "tries = 3")),
            "1 examined\nnote: flaky: CartTest a passed at try 3\n");
  EXPECT_EQ(
      judge("tests-passed", "{}",
            report(1, "problem = 'it says that it has 10 tests, and holds 9'") + test(1, "a", "passed")),
      "1 examined\n?    exitgate.yaml:12: r1.xml: it says that it has 10 tests, and holds 9, so that not all "
      "of its tests are "
      "known\n");
}

TEST(TestsRequired, MustBeThereAndPass) {
  const auto facts = report(1, "") + test(1, "smoke", "passed") + test(1, "login", "skipped");
  EXPECT_EQ(judge("tests-required", R"({"tests": ["sm*", "CartTest/smoke"]})", facts), "2 examined\n");
  EXPECT_EQ(judge("tests-required", R"({"tests": ["login", "pay"]})", facts),
            "2 examined\nFAIL of 1 test 'login' none passed\n  > a test that is gone, renamed or skipped "
            "guards nothing: bring it "
            "back, or change the gate's `tests:`\nFAIL no report names a test 'pay'\n  > a test that is "
            "gone, renamed or skipped "
            "guards nothing: bring it back, or change the gate's `tests:`\n");
}

TEST(TestsSkipped, AtMostSoMany) {
  const auto facts =
      report(1, "") + test(1, "a", "passed") + test(1, "b", "skipped") + test(1, "c", "skipped");
  const std::string hint = "  > let them run, or delete those that nobody means to run again\n";
  EXPECT_EQ(judge("tests-skipped", "{}", facts),
            "3 examined\nFAIL 2 of 3 tests skipped, at most 50 % may be: b, c\n" + hint);
  EXPECT_EQ(judge("tests-skipped", R"({"at-most": 1, "at-most-percent": 100})", facts),
            "3 examined\nFAIL 2 of 3 tests skipped, at most 1 may be: b, c\n" + hint);
  EXPECT_EQ(judge("tests-skipped", R"({"at-most-percent": 70})", facts),
            "3 examined\nnote: 2 of 3 tests skipped\n");
  // Mocha counts what it does not list.
  EXPECT_EQ(judge("tests-skipped", "{}",
                  report(1, "dialect = 'Mocha'") + test(1, "a", "passed") +
                      "INSERT INTO tests.suite (report, id, name, skipped) VALUES (1, 0, 'Mocha Tests', 2);"),
            "3 examined\nFAIL 2 of 3 tests skipped, at most 50 % may be\n" + hint);
}

TEST(TestsCoverage, AsksWhatItIsToldTo) {
  EXPECT_EQ(judge("tests-coverage", "{}", report(1, "", "run", "commit", "lcov") + covered(1, "a.c", 1, 2)),
            "0 examined\nskip: no coverage is asked for: write `parameters: {EG-TS1.coverage: {at-least: "
            "80}}`, or bring the "
            "base's report: `tests: {base: [...]}`\n");
  const auto facts = report(1, "", "run", "commit", "lcov") + covered(1, "a.c", 1, 2) +
                     covered(1, "b.c", 3, 3) + covered(1, "/usr/include/x.h", 0, 99, 0);
  EXPECT_EQ(judge("tests-coverage", R"({"at-least": 80})", facts),
            "2 examined\nnote: not of the commit, and not counted: 1 file\nnote: 80.0 % (4 of 5 "
            "lines) covered in 2 files\n");
  EXPECT_EQ(
      judge("tests-coverage", R"({"at-least": 81, "each-file-at-least": 90})", facts),
      "2 examined\nFAIL 80.0 % (4 of 5 lines) covered, 81 % are asked for\n  > write tests for what is not "
      "covered\n"
      "FAIL a.c: 50.0 % (1 of 2 lines) covered, 90 % are asked for\n  > write tests for what is not covered\n"
      "note: not of the commit, and not counted: 1 file\nnote: 80.0 % (4 of 5 lines) covered in 2 "
      "files\n");
  EXPECT_EQ(judge("tests-coverage", R"({"at-least": 80})", report(1, "") + test(1, "a", "passed")),
            "1 examined\nFAIL no coverage report is there\n  > write `tests: {coverage: [coverage.xml]}` in "
            "exitgate.yaml, and let "
            "the tests write it\n");
}

TEST(TestsCoverage, IsNotBelowTheBase) {
  const auto facts = report(1, "", "run", "commit", "lcov") + covered(1, "a.c", 79, 100) +
                     report(2, "", "brought", "base", "lcov") + covered(2, "a.c", 8, 10, 0);
  EXPECT_EQ(judge("tests-coverage", "{}", facts),
            "1 examined\nFAIL 79.0 % (79 of 100 lines) covered, of the base 80.0 % (8 of 10 lines)\n  > "
            "write tests for what is "
            "new\nnote: r2.xml (brought)\nnote: 79.0 % (79 of 100 lines) covered in 1 file\n");
  EXPECT_EQ(judge("tests-coverage", R"({"may-drop": 1})", facts),
            "1 examined\nnote: r2.xml (brought)\nnote: 79.0 % (79 of 100 lines) covered in 1 file\n");
}

// A JUnit file of 2019 is never taken for this commit's tests.
TEST(TestsCurrent, BroughtOnesMustBeOfThisCommit) {
  const auto said = [](const std::string& more) {
    return judge("tests-current", "{}", kCheckout + report(1, more, "brought"));
  };
  const std::string hint =
      "  > let CI bring the report of this very commit: its own words (a property `git.commit`), or `{path: "
      "…, commit: HEAD}`\n";
  EXPECT_EQ(said("revision = 'd1b7788', step = 'ci.yml: test', written_at = '2026-11-20T10:05:00Z'"),
            "1 examined\nnote: r1.xml (brought): of d1b7788, made by ci.yml: test\n");
  EXPECT_EQ(said("revision = '1234567'"),
            "1 examined\nFAIL exitgate.yaml:12: r1.xml (brought): it is of commit 1234567, and this is " +
                kOid + "\n" + hint);
  EXPECT_EQ(said("written_at = '2026-11-20T10:05:00Z'"),
            "1 examined\n?    exitgate.yaml:12: r1.xml (brought): neither it nor the configuration says "
            "which commit it is of\n" +
                hint);
  EXPECT_EQ(said("tracked = 1, revision = 'd1b7788'"),
            "1 examined\nFAIL exitgate.yaml:12: r1.xml (brought): it is a file of the commit: it was there "
            "before the commit was, "
            "and cannot be of it\n  > bring the report that the tests of this commit wrote\n");
  EXPECT_EQ(said("begun_at = '2019-01-01T10:00:00Z', revision = 'd1b7788'"),
            "1 examined\nFAIL exitgate.yaml:12: r1.xml (brought): its tests began at 2019-01-01T10:00:00Z, "
            "before the commit was made "
            "at 2026-11-20T10:00:00Z\n" +
                hint);
  EXPECT_EQ(judge("tests-current", "{}",
                  kCheckout + report(1, "revision = 'd1b7788'", "brought") +
                      "INSERT INTO tests.suite (report, id, name, begun_at) VALUES (1, 0, '', "
                      "'2019-01-01T10:00:00');"),
            "1 examined\nFAIL exitgate.yaml:12: r1.xml (brought): its tests began at 2019-01-01T10:00:00, "
            "before the commit was made "
            "at 2026-11-20T10:00:00Z\n" +
                hint);
}

TEST(TestsCurrent, OwnOnesMustBeOfThisRun) {
  const auto said = [](const std::string& more) {
    return judge("tests-current", "{}", kCheckout + report(1, more));
  };
  EXPECT_EQ(said("begun_at = '2026-11-27T10:00:05Z'"), "1 examined\n");
  EXPECT_EQ(
      said("begun_at = '2026-11-26T10:00:05Z'"),
      "1 examined\nFAIL exitgate.yaml:12: r1.xml: its tests began at 2026-11-26T10:00:05Z, and this run at "
      "2026-11-27T10:00:00Z\n  > let the command run the tests, and not copy an old report\n");
}

// A JUnit file with two failures is no log of tests that passed, however old it is.
TEST(TestLogs, AReportIsJudgedByWhatItSays) {
  const std::string part =
      "INSERT INTO schema.part (name, path, bytes, sha256) VALUES ('test-log', 'logs/tests/r1.xml', 10, '');";
  const auto said = [&](const std::string& more) {
    return judge("test-logs", R"({"logs": ["r1.xml"]})",
                 part + report(1, more, "brought") + test(1, "a", "passed"));
  };
  EXPECT_EQ(said(""), "1 examined\n");
  EXPECT_EQ(said("tracked = 1"),
            "1 examined\nFAIL r1.xml: the declared test log is a test report that lies in the commit: it is "
            "older than the commit\n"
            "  > see EG-TS1.current\n");
  EXPECT_EQ(
      judge("test-logs", R"({"logs": ["r1.xml"]})",
            part + report(1, "tracked = 1", "brought") + test(1, "a", "failed") + test(1, "b", "error")),
      "1 examined\nFAIL r1.xml: the declared test log is a test report, and tells of 2 tests that failed\n"
      "  > see EG-TS1.passed\n");
}

TEST(OwnTests, EachMustBeAsAsked) {
  const auto facts = report(1, "") + test(1, "fast", "passed", "milliseconds = 10") +
                     test(1, "slow", "passed", "milliseconds = 61000, file = 'a_test.py', line = 3") +
                     test(1, "odd", "passed");
  EXPECT_EQ(judge("tests", R"({"must": "milliseconds <= 60000"})", facts),
            "3 examined\nFAIL a_test.py:3: test CartTest > slow: milliseconds is 61000\n  > it must be that "
            "milliseconds <= 60000\n"
            "?    test CartTest > odd: milliseconds is unknown\n  > it must be that milliseconds <= 60000\n");
  EXPECT_EQ(
      judge("tests",
            R"({"which": "milliseconds IS NOT NULL", "must": "milliseconds <= 60000", "at-most": 1})", facts),
      "2 examined\nnote: 1 of 2 are not so, 1 may be\n");
  EXPECT_EQ(judge("tests", R"({"which": "name GLOB '*smoke*'", "must": "status = 'passed'"})", facts),
            "1 examined\nFAIL there is no test where name GLOB '*smoke*', at least 1 must be there\n  > see "
            "EG-TS1.ran for the reports "
            "that there are\n");
  EXPECT_EQ(judge("tests", R"({"which": "status = 'skipped'", "must": "message IS NOT NULL", "at-least": 0})",
                  facts),
            "3 examined\n");
}

TEST(OwnTests, AlsoOfCoverage) {
  const auto facts = report(1, "", "brought", "commit", "lcov") + covered(1, "src/payments/a.c", 89, 100) +
                     covered(1, "src/b.c", 0, 9);
  EXPECT_EQ(
      judge("tests", R"({"of": "coverage", "which": "file GLOB 'src/payments/*'", "must": "percent >= 90"})",
            facts),
      "1 examined\nFAIL src/payments/a.c: file src/payments/a.c: percent is 89.0 (r1.xml, brought)\n  > it "
      "must be that percent >= "
      "90\n");
}

TEST(OwnTests, RefuseWhatIsNoCondition) {
  EXPECT_EQ(judge("tests", R"({"must": "seconds < 60"})", ""),
            "error: 'must': no such column: seconds\n  > it is an SQL condition over the columns report, "
            "source, dialect, suite, class, "
            "name, status, milliseconds, file, line, message, tries\n");
  EXPECT_EQ(judge("tests", R"({"must": "1; DROP TABLE x"})", ""),
            "error: 'must' is not one condition\n  > it is an SQL condition over the columns report, source, "
            "dialect, suite, class, "
            "name, status, milliseconds, file, line, message, tries\n");
  EXPECT_EQ(judge("tests", "{\"must\": \"file IN (SELECT file FROM code.test_file)\"}", ""),
            "error: 'must' reads code.test_file; a condition is about one test\n  > ask other facts with "
            "`check: sql`\n");
  EXPECT_EQ(judge("tests", R"({"of": "test"})", ""),
            "error: unknown subject 'test' (did you mean 'tests'?)\n  > the subjects are tests, coverage, "
            "suites, reports\n");
  EXPECT_EQ(judge("tests", "{}", report(1, "problem = 'it is truncated'") + test(1, "a", "passed")),
            "1 examined\n?    exitgate.yaml:12: r1.xml: it is truncated\n");
  // A report that is not there may hold what the gate asks about.
  EXPECT_EQ(
      judge("tests", "{}",
            report(1, "") + test(1, "a", "passed") +
                "INSERT INTO tests.problem VALUES ('b.xml', 'exitgate.yaml', 13, 'no file fits it');"),
      "1 examined\n?    exitgate.yaml:13: b.xml: no file fits it\n  > bring the report, or leave it out of "
      "the configuration\n");
  EXPECT_EQ(
      judge("tests", "{}", ""),
      "1 examined\nFAIL there is no test, at least 1 must be there\n  > see EG-TS1.ran for the reports that "
      "there are\n");
}

// A value that no test can have says the same of every one.
TEST(OwnTests, RefuseALiteralThatNeverOccurs) {
  const auto said = judge("tests", R"({"must": "status <> 'fail'"})", report(1, "") + test(1, "a", "failed"));
  EXPECT_EQ(said.substr(0, said.find('\n')).substr(0, 16), "error: 'must': t") << said;
  EXPECT_NE(said.find("'fail'"), std::string::npos) << said;
  EXPECT_NE(said.find("failed"), std::string::npos) << said;
  EXPECT_EQ(judge("tests", R"({"must": "status <> 'failed' AND report <> 'x'"})",
                  report(1, "") + test(1, "a", "passed")),
            "1 examined\n");
}

}  // namespace
}  // namespace exitgate::testing
