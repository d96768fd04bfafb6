// The order of the database stage. What is done when stands here, how in the other files. A part (schema.work) that no gate
// of the run needs is left out, and so is what serves it alone.
#include "harness/collect/schema/collect.h"

#include <fmt/core.h>

#include <algorithm>
#include <future>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/base/thread_group.h"
#include "harness/base/time.h"
#include "harness/collect/migrations/collect.h"
#include "harness/collect/schema/answers.h"
#include "harness/collect/schema/committed.h"
#include "harness/collect/schema/findings.h"
#include "harness/collect/schema/kept_results.h"
#include "harness/collect/schema/parts.h"
#include "harness/collect/schema/provisioning.h"
#include "harness/collect/schema/replay.h"
#include "harness/collect/schema/restored.h"
#include "harness/collect/schema/reuse_key.h"
#include "harness/collect/schema/run_stairway.h"
#include "harness/collect/schema/stage_server.h"
#include "harness/collect/schema/target_runs.h"
#include "harness/collect/schema/write.h"
#include "harness/facts/amend.h"
#include "harness/record/run_directory.h"

namespace exitgate::collect {

namespace schema {

namespace {

class Stage {
 public:
  explicit Stage(const DatabaseStage& stage)
      : stage_(stage),
        run_{stage.run},
        histories_(std::async(stage.reuse ? std::launch::deferred : std::launch::async,
                              [&stage] { return read_histories(stage.checkout); })) {}

  void run() {
    database::forget_service();
    for (const auto& folder : {run_.facts(), run_.schema(), run_.migrations(), run_.logs()}) {
      make_directories(folder);
    }
    findings_.plan = plan_of(stage_.config, stage_.checkout);
    if (std::find(stage_.parts.begin(), stage_.parts.end(), "queries") != stage_.parts.end())
      queries_ = gate_queries(stage_.run);
    findings_.done = with_foundations(stage_.parts);
    declare_target_runs(stage_.config, findings_);
    auto logs = does("test-logs") ? test_logs(stage_) : std::vector<Part>{};
    auto brought = does("tests")
                       ? tests::read_brought(stage_.config, stage_.checkout, stage_.redactor, run_.root)
                       : tests::Collected{};
    const auto key = reuse_key_now(logs, brought);
    if (!key.empty() && take_over(key)) return;
    ThreadGroup live;
    if (does("live") && !stage_.database_url.empty()) live.start([this] { read_live(); });
    if (findings_.plan.database && does("migrated")) provision(*findings_.plan.database, live);
    if (!findings_.plan.database) run_tests_alone(stage_, findings_);
    live.join();
    answer_without_server();
    add(std::move(logs));
    const auto failure = first_failure();
    std::move(brought.files.begin(), brought.files.end(), std::back_inserter(findings_.reports.files));
    std::move(brought.missing.begin(), brought.missing.end(), std::back_inserter(findings_.reports.missing));
    if (does("tests"))
      tests::write_tests(findings_.reports, stage_.config, stage_.checkout, stage_.redactor, run_.facts());
    const auto files = !key.empty() && all_good() ? files_of_stage() : std::vector<std::string>{};
    write(std::move(findings_), stage_.config, stage_.redactor, run_);
    if (!files.empty())
      keep(key, fmt::format("the run of commit {} at {}", stage_.checkout.commit, utc_now()), run_.root,
           files);
    if (!failure) return;
    if (failure->exit() == Exit::usage) throw UsageError(failure->what(), failure->hint());
    throw Undecided(failure->what(), failure->hint());
  }

 private:
  // All that provisions stands on the first provisioning, and the round trip on the second.
  check::Parts with_foundations(check::Parts parts) const {
    const auto names = [&](std::string_view part) {
      return std::find(parts.begin(), parts.end(), part) != parts.end();
    };
    if (names("round-trip")) parts.emplace_back("migrated-again");
    for (const char* const part : {"migrated-again", "stairway", "committed", "documents"}) {
      if (names(part)) parts.emplace_back("migrated");
    }
    if (any_of_migrated(queries_)) parts.emplace_back("migrated");
    const auto& declared = findings_.plan.database;
    if (names("models") && declared && !declared->models.empty()) parts.emplace_back("migrated");
    if (names("tests") && !stage_.config.tests.run.empty()) parts.emplace_back("migrated");
    return check::in_order(parts);
  }

  bool does(std::string_view part) const {
    return std::find(findings_.done.begin(), findings_.done.end(), part) != findings_.done.end();
  }

  // "" where nothing may be reused.
  std::string reuse_key_now(const std::vector<Part>& logs, const tests::Collected& brought) {
    if (!stage_.reuse || !findings_.plan.database || !does("migrated")) return "";
    if (!queries_.empty()) {
      stage_.say("nothing is reused: gates query the database");
      return "";
    }
    if (!stage_.database_url.empty()) {
      stage_.say("nothing is reused: a live database is compared with");
      return "";
    }
    const auto& declared = *findings_.plan.database;
    try {
      const auto programs = server_programs(declared);
      auto inputs = reuse_inputs(stage_, declared, programs, findings_.done, logs, brought);
      inputs.emplace_back("choice", findings_.server->reason);
      return reuse_key(inputs);
    } catch (const Error&) {
      return "";  // what is wrong with the server is told where one is started
    }
  }

  bool take_over(const std::string& key) const {
    const auto taken = take_kept(key, run_.root);
    if (!taken.problem.empty())
      stage_.say(fmt::format("what was kept is damaged, and is made anew: {}", taken.problem));
    if (!taken.found) return false;
    const auto origin = shown_origin(taken, key);
    facts::amend_store(run_.facts() / "schema.db",
                       fmt::format("UPDATE work SET reused = {} WHERE not_run IS NULL", sql_literal(origin)));
    stage_.say(fmt::format("nothing was provisioned: taken from {}", origin));
    return true;
  }

  // What went wrong may have had a reason that no key tells, and is tried again.
  bool all_good() const {
    const auto ok = [](const std::vector<database::StepResult>& steps) {
      return std::all_of(steps.begin(), steps.end(), [](const auto& step) { return step.ok(); });
    };
    for (const Reading* const reading : {&findings_.migrated, &findings_.again, &findings_.committed}) {
      if (reading->problem || !ok(reading->steps)) return false;
      if (reading->snapshot && !reading->snapshot->state.problems.empty()) return false;
    }
    if (!findings_.migrated.snapshot || !findings_.problems.empty() || !findings_.left_out.empty())
      return false;
    if (const auto& trip = findings_.round_trip; trip && !(ok(trip->down) && ok(trip->up))) return false;
    return std::all_of(
               findings_.stairway.begin(), findings_.stairway.end(),
               [](const auto& stair) { return stair.outcome == "ok" || stair.outcome == "not tried"; }) &&
           std::all_of(findings_.replayed.begin(), findings_.replayed.end(),
                       [](const auto& one) { return one.outcome == "same"; }) &&
           std::all_of(findings_.model_checks.begin(), findings_.model_checks.end(),
                       [](const auto& one) { return one.result.ok(); }) &&
           std::all_of(findings_.test_runs.begin(), findings_.test_runs.end(),
                       [](const auto& one) { return one.result.ok(); }) &&
           std::all_of(findings_.parts.begin(), findings_.parts.end(),
                       [](const auto& part) { return !part.problem; });
  }

  // All that the stage writes, relative to the run directory.
  std::vector<std::string> files_of_stage() const {
    std::vector<std::string> files = {"facts/schema.db"};
    const auto add = [&](const std::string& path) {
      if (std::find(files.begin(), files.end(), path) == files.end()) files.push_back(path);
    };
    for (const auto& part : findings_.parts) {
      if (!part.path.empty()) add(part.path);
    }
    if (does("tests")) add("facts/tests.db");
    for (const auto& report : findings_.reports.files) {
      if (!report.kept.empty()) add(report.kept);
    }
    for (const char* const log : {"migration", "migration-again", "stairway", "replay"}) {
      std::error_code ignored;
      const auto path = fmt::format("logs/{}.log", log);
      if (std::filesystem::exists(run_.root / path, ignored)) add(path);
    }
    return files;
  }

  void add(std::vector<Part> parts) {
    for (auto& part : parts) findings_.parts.push_back(std::move(part));
  }

  void read_live() {
    Reading& live = findings_.live;
    try {
      database::Connection connection(database::target_of(stage_.database_url), {}, true);
      const auto& declared = stage_.config.database;
      live.snapshot =
          take_snapshot(connection, {declared ? declared->state : "", state_sources(histories_.get())});
      live.roles = database::read_roles(connection);
      live.taken_at = utc_now();
      mask(*live.snapshot, stage_.redactor);
    } catch (const UsageError& problem) {
      live.problem = {live.name, problem.what(), problem.hint()};
      live.wrong_usage = true;
    } catch (...) {
      live.problem = current_problem(live.name);
    }
  }

  database::ServerPrograms server_programs(const config::Database& declared) {
    findings_.server = server_for(stage_, declared);
    return findings_.server->programs;
  }

  void provision(const config::Database& declared, ThreadGroup& live) {
    try {
      const auto programs = server_programs(declared);
      const Servers servers(programs, declared.limits, stage_.checkout, does("migrated-again"), findings_);
      std::optional<Problem> stairway_problem;
      const SnapshotOptions options{declared.state, state_sources(histories_.get())};
      ThreadGroup again;
      ThreadGroup stairway;
      if (does("migrated-again")) {
        again.start([&] {
          schema::provision(stage_, declared, options, servers.second(), run_.logs() / "migration-again.log",
                            findings_.again, does("round-trip") ? &findings_.round_trip : nullptr);
        });
      }
      schema::provision(stage_, declared, options, servers.first(), run_.logs() / "migration.log",
                        findings_.migrated, nullptr);
      if (findings_.migrated.snapshot) replay_silent(programs, declared);
      // The longest of all, beside the round trip and the dumps.
      if (findings_.migrated.snapshot && does("stairway")) {
        stairway.start([&] {
          run_stairway(stage_, programs, declared, histories_.get(), run_.logs() / "stairway.log",
                       findings_.stairway, findings_.revisions, stairway_problem);
        });
      }
      again.join();
      add({migration_log()});
      if (does("documents")) describe(programs, servers.first());
      if (!findings_.migrated.snapshot) keep_server_log();
      if (does("committed")) read_committed(programs, declared, *servers.first().cluster);
      live.join();
      restore_what_differs(*servers.first().cluster);
      answer_from(servers.first(), declared);
      run_target_commands(stage_, programs, declared, servers.first(), histories_.get(), findings_);
      stairway.join();
      if (stairway_problem) findings_.problems.push_back(*stairway_problem);
    } catch (...) {
      findings_.migrated.problem = current_problem(std::nullopt);
      if (does("documents")) add(missing_parts(findings_.migrated.problem->reason, true));
    }
  }

  // Before commands of the target may change the database.
  void answer_from(const Server& server, const config::Database& declared) {
    if (!does("queries") || !findings_.migrated.snapshot) return;
    answer(stage_, queries_, {server.cluster.get(), declared.owner, true, ""});
    answered_ = true;
  }
  // Those of the live database, and why the others have no answer.
  void answer_without_server() const {
    if (!does("queries") || answered_) return;
    const auto& problem = findings_.migrated.problem;
    answer(stage_, queries_,
           {nullptr, "", findings_.plan.database.has_value(),
            problem ? "the database was not provisioned: " + problem->reason : std::string()});
  }

  // Where no table of the database tells what was applied.
  void replay_silent(const database::ServerPrograms& programs, const config::Database& declared) {
    // What the configuration's own query says counts, also when it says nothing.
    if (!declared.state.empty()) return;
    const auto silent = silent_histories(*findings_.migrated.snapshot, histories_.get());
    if (silent.empty()) return;
    try {
      findings_.replayed = replay(stage_, programs, declared, silent, *findings_.migrated.snapshot,
                                  run_.logs() / "replay.log");
    } catch (const Undecided& problem) {
      for (const auto* const history : silent)
        findings_.replayed.push_back(
            {history->id, "failed", 0,
             "its files could not be run: " + stage_.redactor.redact(problem.what())});
    }
  }

  // What the commands said; there is none where it could not even be begun.
  Part migration_log() const {
    std::error_code ignored;
    if (std::filesystem::is_regular_file(run_.logs() / "migration.log", ignored)) {
      return {.name = "migration-log", .path = "logs/migration.log", .snapshot = "migrated"};
    }
    const auto& problem = findings_.migrated.problem;
    return {.name = "migration-log", .problem = problem ? problem->reason : "there is no logs/migration.log"};
  }

  // The evidence about the migrated database.
  void describe(const database::ServerPrograms& programs, const Server& server) {
    if (findings_.migrated.snapshot) {
      describe_migrated(stage_, programs, server, histories_.get(), findings_);
      return;
    }
    add(missing_parts("the database was not provisioned", false));
  }

  void keep_server_log() const {
    if (!findings_.migrated.server_log.empty()) {
      write_file(run_.logs() / "server.log", stage_.redactor.redact(findings_.migrated.server_log));
    }
  }

  // Last, because it makes roles that the schema file names.
  void read_committed(const database::ServerPrograms& programs, const config::Database& declared,
                      database::Cluster& cluster) {
    const std::string& file = declared.schema_file;
    if (file.empty() || !findings_.migrated.snapshot) return;
    Reading& committed = findings_.committed;
    try {
      const auto text = git::read_file_at(stage_.checkout.repository, stage_.checkout.commit, file);
      if (!text) {
        throw Undecided(fmt::format("the commit has no {}, which is declared as its schema", file),
                        "commit it, or fix `schema-file:`");
      }
      committed.snapshot =
          restore_committed(cluster, programs, file, *text, std::chrono::seconds(declared.timeout_seconds));
      committed.taken_at = utc_now();
      mask(*committed.snapshot, stage_.redactor);
    } catch (...) {
      committed.problem = current_problem(committed.name);
    }
  }

  // Definitions that read otherwise may be the same after one dump and restore.
  void restore_what_differs(const database::Cluster& cluster) {
    if (!findings_.migrated.snapshot) return;
    const NamedSnapshot migrated{findings_.migrated.name, *findings_.migrated.snapshot};
    for (const Reading* const other : {&findings_.again, &findings_.live, &findings_.committed}) {
      if (!other->snapshot) continue;
      try {
        for (auto& one : restore_differences(cluster, migrated, {other->name, *other->snapshot})) {
          findings_.restored.push_back(std::move(one));
        }
      } catch (...) {
        findings_.problems.push_back(current_problem(other->name));
      }
    }
  }

  // What the stage ends with when something could not be done at all.
  std::optional<Error> first_failure() const {
    for (const Reading* const reading : {&findings_.migrated, &findings_.again, &findings_.live}) {
      if (!reading->problem) continue;
      return Error(reading->wrong_usage ? Exit::usage : Exit::undecided,
                   stage_.redactor.redact(reading->problem->reason), reading->problem->hint);
    }
    return std::nullopt;
  }

  const DatabaseStage& stage_;
  record::RunDirectory run_;
  std::shared_future<std::vector<Environment>> histories_;  // of the commit
  Findings findings_;
  std::vector<GateQuery> queries_;
  bool answered_ = false;
};

}  // namespace
}  // namespace schema

void collect_database(const DatabaseStage& stage) {
  schema::Stage(stage).run();
}

void collect_live(const std::string& url, const std::string& snapshot_name,
                  const std::filesystem::path& out) {
  redact::Redactor redactor = redact::Redactor::from_environment();
  redactor.add_url(url);
  schema::Reading reading{.name = snapshot_name};
  database::Connection connection(database::target_of(url), {}, true);
  reading.snapshot = schema::take_snapshot(connection);
  reading.roles = database::read_roles(connection);
  reading.taken_at = utc_now();
  schema::mask(*reading.snapshot, redactor);
  facts::Store store(out, "schema");
  store.insert(facts::schema::Plan{.source = "none", .reason = "a live server was read on its own"});
  schema::write_snapshot(store, std::move(reading));
  schema::index_objects(store);
  store.close();
}

}  // namespace exitgate::collect
