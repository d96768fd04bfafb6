#include <fmt/core.h>

#include "harness/check/check.h"
#include "harness/facts/tables/environment.h"

namespace exitgate::check {
namespace {

void run(const Facts& facts, const Parameters& with, Report& report) {
  for (const environment::Part& part : facts.rows<environment::Part>("ORDER BY name, path")) {
    report.examined();
    if (part.problem) {
      report.fail({part.name + ":" + part.path, "", 0,
                   fmt::format("{} is incomplete: {}", part.path, *part.problem),
                   "see the log of the test exitgate.collect"});
    } else if (part.bytes == 0) {
      report.fail({part.name + ":" + part.path, "", 0, fmt::format("{} is empty", part.path),
                   "see the log of the test exitgate.collect"});
    }
  }
  if (report.examined_count() == 0) {
    report.examined();
    report.fail({"missing", "", 0, "the bundle has no snapshot of the environment",
                 "see the log of the test exitgate.collect"});
  }
  for (const auto& tool : with.strings("tools")) {
    report.examined();
    const auto version =
        facts.text("SELECT version FROM environment.tool WHERE name = ? AND version IS NOT NULL", {tool});
    if (version) continue;
    report.fail({"tool:" + tool, "", 0,
                 fmt::format("the snapshot of the environment does not say which {} took part", tool),
                 fmt::format("see that `{} --version` works where the gates run", tool)});
  }
}

const Check check{.name = "environment-part",
                  .title = "The snapshot of the environment is in the bundle and not empty",
                  .why = "Whoever repeats the run needs to know on what it ran.",
                  .domains = {"environment"},
                  .parameters = {{"tools", Parameter::strings, R"(["git"])",
                                  "programs whose version the snapshot must say"}},
                  .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
