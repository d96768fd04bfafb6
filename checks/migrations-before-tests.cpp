#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "harness/base/text.h"
#include "harness/check/job_steps.h"
#include "harness/check/migration_tools.h"
#include "harness/check/step_commands.h"
#include "harness/check/workflows.h"
#include "harness/facts/tables/ci.h"

namespace exitgate::check {
namespace {

// Those that the parameters name, and those of the tools that the collector of migrations knows.
CommandPatterns patterns(const Facts& facts, const Parameters& with) {
  CommandPatterns patterns{.test = with.strings("test"), .migrate = with.strings("migrate")};
  for (auto& pattern : migration_commands(facts)) patterns.migrate.push_back(std::move(pattern));
  return patterns;
}

// Whether the first of the two surely runs whenever the second does: each of its conditions is one of the
// second's too, or says nothing.
bool as_sure_as(const JobStep& first, const JobStep& second) {
  return std::all_of(first.conditions.begin(), first.conditions.end(), [&](const std::string& condition) {
    return condition.empty() || runs_always(condition) || bare_expression(condition) == "success()" ||
           std::find(second.conditions.begin(), second.conditions.end(), condition) !=
               second.conditions.end() ||
           (first.on_pull_request == ci::OnPullRequest::yes &&
            condition.find("failure()") == std::string::npos);
  });
}

std::string said(const std::vector<std::string>& conditions) {
  std::vector<std::string> some;
  std::copy_if(conditions.begin(), conditions.end(), std::back_inserter(some),
               [](const auto& one) { return !one.empty(); });
  return join(some, " && ");
}

struct Job {
  std::string file;
  std::string id;
  std::int64_t line;
};

class Order {
 public:
  Order(const Facts& facts, const Parameters& with, Report& report)
      : up_(migration_tool(facts).up), commands_(facts, patterns(facts, with)), report_(report) {}

  void look(const Job& job, const std::vector<JobStep>& steps) {
    const JobStep* migrated = nullptr;
    std::optional<StepCommand> unknown;  // the last one, which may be the test
    for (const auto& step : steps) {
      for (auto& command : commands_.of(step)) {
        if (command.kind == ci::CommandKind::migrate) {
          if (migrated == nullptr || !said(migrated->conditions).empty()) migrated = &step;
        } else if (command.kind == ci::CommandKind::test) {
          report_.examined();
          judge(job, step, migrated, command);
          return;
        } else if (command.kind == ci::CommandKind::unknown) {
          unknown = std::move(command);
        }
      }
    }
    // Whatever it does to a database that it has migrated, it does to the right one.
    if (migrated == nullptr && unknown) judge_unrecognised(job, *unknown);
  }

 private:
  void judge_unrecognised(const Job& job, const StepCommand& unknown) {
    report_.undecided(
        {fmt::format("{}:{}", job.file, job.id), unknown.file, unknown.line,
         fmt::format(
             "job '{}' starts PostgreSQL, and none of its commands is recognised as one that migrates or "
             "tests; what `{}` does is unknown, and so is whether it tests on a migrated database",
             job.id, unknown.shown),
         "name its commands in exitgate.yaml: `parameters: {EG-CG2.migrations-before-tests: {migrate: [...], "
         "test: "
         "[...]}}`"});
  }

  void judge(const Job& job, const JobStep& test, const JobStep* migrated, const StepCommand& command) {
    const auto key = fmt::format("{}:{}", job.file, job.id);
    if (migrated == nullptr) {
      report_.fail(
          {key, command.file, command.line,
           fmt::format("job '{}' starts PostgreSQL and runs `{}`, but no step before has migrated the "
                       "database: the tests run on no schema, or on one that is not the migrations'",
                       job.id, command.shown),
           up_.empty()
               ? "put a step before it that migrates the database; name its command in `migrate:`"
               : fmt::format("put a step `- run: {}` before it (another command: name it in `migrate:`)",
                             up_)});
    } else if (!as_sure_as(*migrated, test)) {
      report_.undecided({key, migrated->file, migrated->line,
                         fmt::format("job '{}' migrates only `if: {}`, and then runs `{}` all the same",
                                     job.id, said(migrated->conditions), command.shown),
                         "take the condition off the step that migrates, or give the tests the same one"});
    }
  }

  std::string up_;  // of the target's tool
  StepCommands commands_;
  Report& report_;
};

bool is_postgres(const std::vector<std::string>& images, const std::string& image) {
  const auto name = lower(image);
  return std::any_of(images.begin(), images.end(), [&](const auto& glob) { return glob_match(glob, name); });
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  const bool unreadable = report_unreadable_workflows(facts, report);
  const auto images = with.strings("images");
  const JobSteps steps(facts);
  Order order(facts, with, report);
  std::vector<Job> jobs;
  for (const Row& row :
       facts.query("SELECT j.file AS file, j.id AS id, j.line AS line, s.image AS image, s.name AS service "
                   "FROM ci.service s "
                   "JOIN ci.job j ON j.file = s.file AND j.id = s.job ORDER BY j.file, j.line")) {
    const auto image = row.text("image");
    // An image that only the run knows: its service's name is the best there is.
    const bool postgres = is_postgres(images, image) || ((row.is_null("image") || has_expression(image)) &&
                                                         is_postgres(images, row.text("service")));
    if (!postgres) continue;
    if (!jobs.empty() && jobs.back().file == row.text("file") && jobs.back().id == row.text("id")) continue;
    jobs.push_back({row.text("file"), row.text("id"), row.integer("line")});
  }
  bool unknown = unreadable;
  for (const ci::Problem& problem :
       facts.rows<ci::Problem>("WHERE reason LIKE 'services that%' ORDER BY file, line")) {
    unknown = true;
    report.undecided({fmt::format("{}:services", problem.file), problem.file, problem.line,
                      fmt::format("{}: cannot tell whether one of them is PostgreSQL", problem.reason),
                      "write the services out"});
  }
  for (const auto& job : jobs) order.look(job, steps.of(job.file, job.id));
  if (report.examined_count() > 0 || unknown || !report.undecided_findings().empty()) return;
  if (jobs.empty()) return report.skip("no job starts a PostgreSQL service");
  report.skip("no command of a job with one is recognised as a test",
              "name it in exitgate.yaml: `parameters: {EG-CG2.migrations-before-tests: {test: [...]}}`");
}

const Check check{
    .name = "migrations-before-tests",
    .title = "Jobs with a PostgreSQL service migrate the database before they test on it",
    .why = "Tests on a database that the migrations did not make say nothing about the one that is deployed.",
    .domains = {"ci", "migrations"},
    .parameters =
        {{"migrate", Parameter::strings, "[]",
          "commands that migrate, beside those that are known: words that stand in the command in this "
          "order, globs allowed"},
         {"test", Parameter::strings, "[]", "commands that test, beside those that are known"},
         {"images", Parameter::strings,
          R"(["*postgres*", "*postgis*", "*pgvector*", "*timescale*", "*paradedb*", "pg"])",
          "globs of the images that are PostgreSQL"}},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
