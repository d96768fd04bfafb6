#include <fmt/format.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/check/check.h"

namespace {

using namespace exitgate;

bool excepted(const std::vector<std::string>& globs, const std::string& file) {
  return std::any_of(globs.begin(), globs.end(), [&](const auto& glob) { return glob_match(glob, file); });
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  const auto except = with.strings("except");
  for (const Row& row : facts.query("SELECT file FROM code.file")) {
    if (!excepted(except, row.text(0))) report.examined();
  }
  for (const Row& row :
       facts.query("SELECT file, line, callee, kind FROM code.schema_call ORDER BY file, line")) {
    if (excepted(except, row.text(0))) continue;
    report.examined();
    const bool makes = row.text(3) == "create_all";
    report.fail(
        {fmt::format("{}:{}", row.text(0), row.text(2)), row.text(0), row.integer(1),
         fmt::format(
             "`{}` {} tables past the migrations: what runs on them was not tested on the schema that "
             "is deployed",
             row.text(2), makes ? "makes" : "drops"),
         makes ? "run the migrations instead: `alembic upgrade head` against DATABASE_URL, before the tests"
               : "drop the database instead, or roll each test's work back"});
  }
  for (const Row& row :
       facts.query("SELECT file, reason FROM code.problem WHERE language = 'python' ORDER BY file")) {
    if (excepted(except, row.text(0))) continue;
    report.undecided({row.text(0), row.text(0), 0,
                      fmt::format("cannot be read ({}): whether it makes tables is unknown", row.text(1)),
                      "mend the file, or name it under `except:`"});
  }
  if (report.examined_count() == 0 && report.undecided_findings().empty())
    report.skip("no source code that could make tables");
}

const Check check{.name = "no-create-all",
                  .title = "No code makes or drops tables past the migrations",
                  .why =
                      "Tests on tables made by create_all pass on a schema that no deployment ever has: what "
                      "the migrations forgot "
                      "is there, what they added is not.",
                  .domains = {"code"},
                  .parameters = {{"except", Parameter::strings, "[]", "globs of files that may"}},
                  .run = run};
const Registered registered(check);

}  // namespace
