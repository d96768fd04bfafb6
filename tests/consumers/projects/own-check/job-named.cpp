#include <fmt/core.h>

#include "harness/check/check.h"
#include "harness/facts/tables/ci.h"

namespace {

using namespace exitgate::check;

void run(const Facts& facts, const Parameters& with, Report& report) {
  for (const auto& job : facts.rows<exitgate::facts::ci::Job>("ORDER BY file, line")) {
    report.examined();
    if (job.name || job.runs_on || job.uses || !with.boolean("needed")) continue;
    report.fail({.key = job.file + ":" + job.id,
                 .file = job.file,
                 .line = job.line,
                 .message = fmt::format("job '{}' has no name and runs nothing", job.id),
                 .hint = "write `name:`"});
  }
}

const Check check{
    .name = "job-named",
    .title = "Every job has a name",
    .why = "A name is what a reviewer sees.",
    .domains = {"ci"},
    .parameters = {{"needed", Parameter::boolean, "true", "whether a job without one is a finding"}},
    .run = run};
const Registered registered(check);

}  // namespace
