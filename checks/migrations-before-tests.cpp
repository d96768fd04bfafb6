#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/base/text.h"
#include "harness/check/shell.h"
#include "harness/check/workflows.h"

namespace {

using namespace exitgate;

struct Step {
  std::string file;
  std::int64_t line;
  std::string label;
  std::string run;
  std::string condition;
  std::string on_pull_request;
  std::int64_t position;
};

// Every step of the commit by (file, job), and what a step that calls a composite action leads to.
class Steps {
 public:
  explicit Steps(const Facts& facts) {
    for (const Row& row :
         facts.query("SELECT file, job, line, coalesce(name, id, uses, ''), coalesce(run, ''), "
                     "coalesce(condition, ''), on_pull_request, position FROM ci.step "
                     "ORDER BY file, job, position")) {
      steps_[{row.text(0), row.text(1)}].push_back(
          {row.text(0), row.integer(2), row.text(3), row.text(4), row.text(5), row.text(6), row.integer(7)});
    }
    for (const Row& row : facts.query(std::string(kRuns) + "SELECT caller, job, position, callee FROM call "
                                                           "WHERE position IS NOT NULL")) {
      calls_[{row.text(0), row.text(1) + ":" + std::to_string(row.integer(2))}] = row.text(3);
    }
  }

  // The steps of a job in the order of running, those of the composite actions that it calls in their place.
  std::vector<Step> of_job(const std::string& file, const std::string& job) const {
    std::vector<Step> all;
    append(file, job, 0, all);
    return all;
  }

 private:
  void append(const std::string& file, const std::string& job, int depth, std::vector<Step>& all) const {
    const auto found = steps_.find({file, job});
    if (found == steps_.end() || depth > 10) return;  // GitHub nests composite actions ten deep at most
    for (const auto& step : found->second) {
      const auto called = calls_.find({file, job + ":" + std::to_string(step.position)});
      if (called == calls_.end()) {
        all.push_back(step);
      } else {
        append(called->second, "", depth + 1, all);
      }
    }
  }

  using Key = std::pair<std::string, std::string>;
  std::map<Key, std::vector<Step>> steps_;
  std::map<Key, std::string> calls_;
};

bool any_does(const std::vector<std::string>& command, const std::vector<std::string>& patterns) {
  return std::any_of(patterns.begin(), patterns.end(),
                     [&](const auto& pattern) { return does(command, pattern); });
}

// Whether the first of the two surely runs whenever the second does.
bool as_sure_as(const Step& first, const Step& second) {
  return first.condition.empty() || first.condition == second.condition || runs_always(first.condition) ||
         bare_expression(first.condition) == "success()" ||
         (first.on_pull_request == "yes" && first.condition.find("failure()") == std::string::npos);
}

struct Job {
  std::string file;
  std::string id;
  std::int64_t line;
};

class Order {
 public:
  Order(const Parameters& with, Report& report)
      : migrate_(with.strings("migrate")), test_(with.strings("test")), report_(report) {}

  void look(const Job& job, const std::vector<Step>& steps) {
    const Step* migrated = nullptr;
    for (const auto& step : steps) {
      for (const auto& command : shell_commands(step.run)) {
        if (any_does(command, migrate_)) {
          if (migrated == nullptr || !migrated->condition.empty()) migrated = &step;
        } else if (any_does(command, test_)) {
          report_.examined();
          judge(job, step, migrated, join(command, " "));
          return;
        }
      }
    }
  }

 private:
  void judge(const Job& job, const Step& test, const Step* migrated, const std::string& command) {
    const auto key = fmt::format("{}:{}", job.file, job.id);
    const auto shown = command.size() > 60 ? valid_utf8(command.substr(0, 57)) + "..." : command;
    if (migrated == nullptr) {
      report_.fail(
          {key, test.file, test.line,
           fmt::format("job '{}' starts PostgreSQL and runs `{}`, but no step before has migrated the "
                       "database: the tests run on no schema, or on one that is not the migrations'",
                       job.id, shown),
           "put a step `- run: alembic upgrade head` before it (other tools: name their command in "
           "`migrate:`)"});
    } else if (!as_sure_as(*migrated, test)) {
      report_.undecided({key, migrated->file, migrated->line,
                         fmt::format("job '{}' migrates only `if: {}`, and then runs `{}` all the same",
                                     job.id, migrated->condition, shown),
                         "take the condition off the step that migrates, or give the tests the same one"});
    }
  }

  std::vector<std::string> migrate_;
  std::vector<std::string> test_;
  Report& report_;
};

bool is_postgres(const std::vector<std::string>& images, const std::string& image) {
  const auto name = lower(image);
  return std::any_of(images.begin(), images.end(), [&](const auto& glob) { return glob_match(glob, name); });
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  const bool unreadable = report_unreadable_workflows(facts, report);
  const auto images = with.strings("images");
  const Steps steps(facts);
  Order order(with, report);
  std::vector<Job> jobs;
  for (const Row& row :
       facts.query("SELECT j.file, j.id, j.line, s.image, s.name FROM ci.service s "
                   "JOIN ci.job j ON j.file = s.file AND j.id = s.job ORDER BY j.file, j.line")) {
    const auto image = row.text(3);
    // An image that only the run knows: its service's name is the best there is.
    const bool postgres = is_postgres(images, image) ||
                          ((row.is_null(3) || has_expression(image)) && is_postgres(images, row.text(4)));
    if (!postgres) continue;
    if (!jobs.empty() && jobs.back().file == row.text(0) && jobs.back().id == row.text(1)) continue;
    jobs.push_back({row.text(0), row.text(1), row.integer(2)});
  }
  for (const auto& job : jobs) order.look(job, steps.of_job(job.file, job.id));
  if (report.examined_count() > 0 || unreadable) return;
  report.skip(jobs.empty() ? "no job starts a PostgreSQL service"
                           : "no job with a PostgreSQL service runs tests by a command that `test:` names");
}

const Check check{
    .name = "migrations-before-tests",
    .title = "Jobs with a PostgreSQL service migrate the database before they test on it",
    .why = "Tests on a database that the migrations did not make say nothing about the one that is deployed.",
    .domains = {"ci"},
    .parameters =
        {{"migrate", Parameter::strings,
          R"(["alembic upgrade", "flask db upgrade", "manage.py migrate", "flyway* migrate", "migrate up", "dbmate up",
              "dbmate migrate", "sqitch deploy", "prisma migrate deploy", "rails db:*", "rake db:*", "knex migrate:latest",
              "goose up", "atlas migrate apply", "*migrat*.sh", "make *migrat*"])",
          "commands that migrate: words that stand in the command in this order, globs allowed"},
         {"test", Parameter::strings,
          R"(["pytest", "py.test", "tox", "nox", "unittest", "manage.py test", "go test", "gotestsum", "cargo test",
              "npm test", "npm run test*", "yarn test*", "pnpm test*", "jest", "vitest", "rspec", "rails test",
              "mvn test", "mvn verify", "gradle* test", "phpunit", "make test*"])",
          "commands that test"},
         {"images", Parameter::strings,
          R"(["*postgres*", "*postgis*", "*pgvector*", "*timescale*", "*paradedb*", "pg"])",
          "globs of the images that are PostgreSQL"}},
    .run = run};
const Registered registered(check);

}  // namespace
