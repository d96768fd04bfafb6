#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/process.h"
#include "harness/json/json.h"
#include "harness/report/markup.h"
#include "harness/report/report.h"
#include "tests/report/sample_run.h"

namespace exitgate::report {
namespace {

using test::SampleRun;
using testing::HasSubstr;

std::string junit(const SampleRun& sample) {
  sample.write();
  return render_junit(load_run(sample.root()));
}

TEST(JUnit, WholeDocument) {
  SampleRun sample;
  sample.record().suite = {{"EG-A1", "Artifacts & more"}};
  auto passed = SampleRun::verdict("EG-A1.kept", verdict::Status::pass);
  passed.attempt = 2;
  passed.notes = {"a note"};
  sample.add(passed);
  sample.add(SampleRun::verdict(
      "EG-A1.pinned", verdict::Status::fail,
      {SampleRun::finding("ci.yml", 7, "not <pinned>", "pin it"), SampleRun::finding("", 0, "nowhere")}));
  EXPECT_EQ(junit(sample), R"~(<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="shop" tests="2" failures="1" errors="0" time="0.008">
  <testsuite name="EG-A1" id="0" tests="2" failures="1" errors="0" skipped="0" time="0.008" timestamp="2026-11-23T10:00:00">
    <properties>
      <property name="title" value="Artifacts &amp; more"/>
      <property name="repository" value="shop"/>
      <property name="commit" value="0123456789abcdef0123456789abcdef01234567"/>
      <property name="tree" value="89abcdef0123456789abcdef0123456789abcdef"/>
      <property name="run" value="shop-0123456789ab"/>
      <property name="outcome" value="fail"/>
      <property name="state" value="red"/>
      <property name="EG-A1.kept.labels" value="EG-A1,ci"/>
      <property name="EG-A1.kept.examined" value="3"/>
      <property name="EG-A1.kept.attempt" value="2"/>
      <property name="EG-A1.pinned.labels" value="EG-A1,ci"/>
      <property name="EG-A1.pinned.examined" value="3"/>
      <property name="EG-A1.pinned.attempt" value="1"/>
    </properties>
    <testcase classname="EG-A1" name="EG-A1.kept" time="0.004">
      <system-out>The title of EG-A1.kept&#10;examined 3&#10;a note&#10;</system-out>
    </testcase>
    <testcase classname="EG-A1" name="EG-A1.pinned" time="0.004">
      <failure type="fail" message="ci.yml:7: not &lt;pinned&gt; (and 1 more)">ci.yml:7: not &lt;pinned&gt;&#10;  -&gt; pin it&#10;nowhere&#10;</failure>
      <system-out>The title of EG-A1.pinned&#10;examined 3&#10;</system-out>
    </testcase>
  </testsuite>
</testsuites>
)~");
}

TEST(JUnit, WhatWasNotDecidedIsNotAPass) {
  SampleRun sample;
  sample.record().suite.clear();
  sample.add_missing("EG-A1.lost");
  sample.add_not_run("EG-A1.other");
  auto skipped = SampleRun::verdict("EG-A1.skipped", verdict::Status::skip);
  skipped.reason = "no workflow uploads anything";
  sample.add(skipped);
  auto undecided = SampleRun::verdict("EG-A1.undecided", verdict::Status::error);
  undecided.reason = "the gate examined nothing, so this is not a pass";
  sample.add(undecided);
  const std::string text = junit(sample);
  EXPECT_THAT(text, HasSubstr("tests=\"4\" failures=\"0\" errors=\"2\" skipped=\"2\""));
  EXPECT_THAT(text,
              HasSubstr("<error type=\"undecided\" message=\"the gate was selected and left no verdict\">"));
  EXPECT_THAT(text, HasSubstr("<skipped message=\"not selected in this run\"/>"));
  EXPECT_THAT(text, HasSubstr("<skipped message=\"no workflow uploads anything\"/>"));
  EXPECT_THAT(
      text,
      HasSubstr("<error type=\"undecided\" message=\"the gate examined nothing, so this is not a pass\">"));
}

TEST(JUnit, HostileTextStaysWellFormed) {
  if (!find_program("xmllint")) GTEST_SKIP() << "xmllint is not installed";
  SampleRun sample;
  std::string every;
  for (int byte = 0; byte < 256; ++byte) every += static_cast<char>(byte);
  auto verdict = SampleRun::verdict(
      "EG-A1.kept", verdict::Status::fail,
      {SampleRun::finding("]]>", 1, "\xEF\xBF\xBE \xEF\xBF\xBF <![CDATA[ --> &amp; \x01\x1b", "\"'<>&")});
  sample.add(verdict);
  sample.write();
  RunView run = load_run(sample.root());
  run.repository = every;
  const auto checked = exitgate::run({.arguments = {"xmllint", "--noout", "-"}, .input = render_junit(run)});
  EXPECT_TRUE(checked.ok()) << checked.error;
}

TEST(XmlEscape, Cases) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"plain \xc3\xa4", "plain \xc3\xa4"},
      {"<a b=\"c\">&", "&lt;a b=&quot;c&quot;&gt;&amp;"},
      {"a\nb\tc\rd", "a&#10;b&#9;c&#13;d"},
      {std::string("\0\x1b", 2), "\xEF\xBF\xBD\xEF\xBF\xBD"},
      {"\xff", "\xEF\xBF\xBD"},
      {"\xEF\xBF\xBE", "\xEF\xBF\xBD"},
      {"\xEF\xBF\xBD", "\xEF\xBF\xBD"},
  };
  for (const auto& [text, escaped] : cases) EXPECT_EQ(xml_escape(text), escaped);
}

}  // namespace
}  // namespace exitgate::report
