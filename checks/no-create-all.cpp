#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/check/check.h"
#include "harness/facts/tables/code.h"

namespace exitgate::check {
namespace {

bool excepted(const std::vector<std::string>& globs, const std::string& file) {
  return std::any_of(globs.begin(), globs.end(), [&](const auto& glob) { return glob_match(glob, file); });
}

// "`ds.synchronize` (TypeORM, in the tests)"
std::string named(const code::SchemaCall& call) {
  std::string about = call.library.value_or("");
  if (call.library && call.in_tests) about += *call.in_tests ? ", in the tests" : ", in the application";
  return about.empty() ? fmt::format("`{}`", call.callee) : fmt::format("`{}` ({})", call.callee, about);
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  const auto except = with.strings("except");
  for (const code::File& file : facts.rows<code::File>()) {
    if (!excepted(except, file.file)) report.examined();
  }
  for (const code::SchemaCall& call : facts.rows<code::SchemaCall>("ORDER BY file, line")) {
    if (excepted(except, call.file)) continue;
    report.examined();
    if (call.kind == code::SchemaCallKind::unknown) {
      const std::string otherwise = call.instead ? *call.instead : "import the object from where it is made";
      report.undecided(
          {fmt::format("{}:{}", call.file, call.callee), call.file, call.line,
           fmt::format("{} may make or drop tables: {}", named(call),
                       call.instead ? "its value, or the object that it is called on, cannot be told"
                                    : "what it is called on cannot be told"),
           fmt::format("{}, or name the file under `except:`", otherwise)});
      continue;
    }
    const bool makes = call.kind == code::SchemaCallKind::create_all;
    report.fail(
        {fmt::format("{}:{}", call.file, call.callee), call.file, call.line,
         fmt::format("{} {} tables past the migrations: what runs on them was not tested on the schema that "
                     "is deployed",
                     named(call), makes ? "makes" : "drops"),
         call.instead ? *call.instead
         : makes ? "run the migrations instead: `alembic upgrade head` against DATABASE_URL, before the tests"
                 : "drop the database instead, or roll each test's work back"});
  }
  for (const code::Problem& problem : facts.rows<code::Problem>("WHERE language IS NOT NULL ORDER BY file")) {
    if (excepted(except, problem.file)) continue;
    report.undecided({problem.file, problem.file, 0,
                      fmt::format("cannot be read ({}): whether it makes tables is unknown", problem.reason),
                      "fix the file, or name it under `except:`"});
  }
  if (report.examined_count() == 0 && report.undecided_findings().empty())
    report.skip("no source code of a language in which such calls are looked for");
}

const Check check{.name = "no-create-all",
                  .title = "No code creates or drops tables outside the migrations",
                  .why =
                      "Tests on tables made by create_all pass on a schema that no deployment ever has: what "
                      "the migrations forgot is there, what they added is not.",
                  .domains = {"code"},
                  .parameters = {{"except", Parameter::strings, "[]", "globs of files that may"}},
                  .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
