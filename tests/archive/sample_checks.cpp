// Checks for the sample run's gates.
#include "harness/check/check.h"

namespace exitgate {
namespace {

check::Finding finding(const std::string& key, const std::string& file, const std::string& message) {
  check::Finding one;
  one.key = key;
  one.file = file;
  one.message = message;
  return one;
}

void readable(const facts::Facts& facts, const check::Parameters&, check::Report& report) {
  for (const auto& row : facts.query("SELECT file, problem FROM ci.workflow")) {
    report.examined();
    if (!row.is_null("problem")) report.fail(finding(row.text("file"), row.text("file"), "unreadable"));
  }
  if (report.examined_count() == 0) report.fail(finding("none", "", "no workflow"));
}

void no_docs(const facts::Facts& facts, const check::Parameters&, check::Report& report) {
  for (const auto& row : facts.query("SELECT file FROM ci.workflow")) {
    report.examined();
    if (row.text("file").find("docs") != std::string::npos) {
      report.fail(finding(row.text("file"), row.text("file"), "docs"));
    }
  }
  if (report.examined_count() == 0) report.fail(finding("none", "", "no workflow"));
}

void skip(const facts::Facts& facts, const check::Parameters&, check::Report& report) {
  if (facts.integer("SELECT count(*) FROM ci.workflow") == 0) {
    report.examined();
    report.fail(finding("none", "", "no workflow"));
  } else {
    report.skip("does not apply");
  }
}

void endless(const facts::Facts& facts, const check::Parameters&, check::Report& report) {
  report.examined(
      facts.integer("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n")
          .value_or(0));
}

const check::Check kReadable{.name = "workflows-readable",
                             .title = "t",
                             .why = "w",
                             .domains = {"ci"},
                             .parameters = {},
                             .run = readable};
const check::Check kDocs{
    .name = "sample-docs", .title = "t", .why = "w", .domains = {"ci"}, .parameters = {}, .run = no_docs};
const check::Check kSkip{
    .name = "sample-skip", .title = "t", .why = "w", .domains = {"ci"}, .parameters = {}, .run = skip};
const check::Check kEndless{
    .name = "sample-endless", .title = "t", .why = "w", .domains = {"ci"}, .parameters = {}, .run = endless};
const check::Registered kRegistered[] = {check::Registered(kReadable), check::Registered(kDocs),
                                         check::Registered(kSkip), check::Registered(kEndless)};

}  // namespace
}  // namespace exitgate
