#include "harness/collect/schema/collect.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/base/thread_group.h"
#include "harness/base/time.h"
#include "harness/record/run_directory.h"
#include "harness/collect/migrations/collect.h"
#include "harness/collect/schema/committed.h"
#include "harness/collect/schema/dump.h"
#include "harness/collect/schema/export.h"
#include "harness/collect/schema/listing.h"
#include "harness/collect/schema/plan.h"
#include "harness/collect/schema/round_trip.h"
#include "harness/collect/schema/snapshot.h"
#include "harness/collect/schema/stairway.h"
#include "harness/database/cluster.h"
#include "harness/database/provision.h"
#include "harness/database/roles.h"
#include "harness/digest/digest.h"
#include "harness/facts/store.h"
#include "harness/record/run_directory.h"

namespace exitgate::collect {

namespace {

namespace fs = std::filesystem;
using database::Cluster;
using schema::Snapshot;

struct Problem {
  std::optional<std::string> snapshot;
  std::string reason;
  std::string hint;
};

struct Part {
  std::string name;
  std::string path;                    // relative to the run directory
  std::optional<std::string> content;  // nullopt: already written there
  std::optional<std::string> snapshot;
  std::optional<bool> repeated;
  std::optional<std::string> problem;
};

// What one thread has found out; written by the main thread when all are done.
struct Reading {
  std::string name;
  std::optional<Snapshot> snapshot = {};
  database::Roles roles = {};
  std::string taken_at = {};
  std::vector<database::StepResult> steps = {};
  std::optional<Problem> problem = {};
  bool usage = false;  // the problem is wrong usage
  std::string server_log = {};
};

void mask(Snapshot& snapshot, const Redactor& redactor) {
  bool changed = false;
  for (auto& object : snapshot.objects) {
    std::size_t masked = 0;
    std::string text = redactor.redact(object.definition, &masked);
    if (masked == 0) continue;
    object.definition = std::move(text);
    object.sha256 = sha256_hex(object.definition);
    changed = true;
  }
  if (!changed) return;
  snapshot.fingerprint = schema::fingerprint_of(snapshot.objects);
  snapshot.structure = schema::fingerprint_of(snapshot.objects, {"owner", "grant", "comment"});
}

// Checks that compare snapshots look objects up by these.
void index_objects(facts::Store& store) {
  store.execute("CREATE INDEX object_by_identity ON object (snapshot, kind, identity)");
}

void write_roles(facts::Store& store, const Reading& reading) {
  auto roles = store.inserter("role", {"snapshot", "name", "login", "superuser", "createdb", "createrole",
                                       "replication", "bypassrls", "owns_database"});
  for (const auto& role : reading.roles.roles) {
    roles(reading.name, role.name, role.login, role.superuser, role.createdb, role.createrole,
          role.replication, role.bypassrls, role.owns_database);
  }
  auto members = store.inserter("membership", {"snapshot", "role", "member", "inherits", "can_set", "admin"});
  for (const auto& one : reading.roles.memberships) {
    members(reading.name, one.role, one.member, one.inherits, one.can_set, one.admin);
  }
}

std::optional<std::string> text_or_null(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional<std::string>(text);
}

void write_snapshot(facts::Store& store, const Reading& reading) {
  const Snapshot& snapshot = *reading.snapshot;
  auto snapshots = store.inserter(
      "snapshot", {"name", "database", "server_version", "fingerprint", "structure", "taken_at"});
  snapshots(reading.name, snapshot.database, snapshot.server_version, snapshot.fingerprint,
            snapshot.structure, reading.taken_at);
  auto objects = store.inserter(
      "object", {"snapshot", "kind", "namespace", "name", "identity", "definition", "sha256", "parent"});
  for (const auto& object : snapshot.objects) {
    objects(reading.name, object.kind, object.namespace_name, object.name, object.identity, object.definition,
            object.sha256,
            object.parent.empty() ? std::optional<std::string>() : std::optional<std::string>(object.parent));
  }
  auto sequences = store.inserter("sequence", {"snapshot", "identity", "type", "start", "increment",
                                               "minimum", "maximum", "cycles", "last_value", "problem"});
  auto uses = store.inserter(
      "sequence_use", {"snapshot", "sequence", "relation", "column_name", "type", "minimum", "maximum"});
  for (const auto& sequence : snapshot.sequences) {
    sequences(reading.name, sequence.identity, sequence.type, sequence.start, sequence.increment,
              sequence.minimum, sequence.maximum, sequence.cycles, sequence.last_value,
              text_or_null(sequence.problem));
    for (const auto& use : sequence.uses) {
      uses(reading.name, sequence.identity, use.relation, use.column, use.type, use.minimum, use.maximum);
    }
  }
  auto states = store.inserter("migration_state", {"snapshot", "revision"});
  for (const auto& revision : snapshot.revisions) states(reading.name, revision);
  write_roles(store, reading);
  if (snapshot.state_problem) {
    auto problems = store.inserter("problem", {"snapshot", "reason", "hint"});
    problems(reading.name, *snapshot.state_problem, nullptr);
  }
}

std::optional<int> line_or_null(int line) {
  return line == 0 ? std::nullopt : std::optional<int>(line);
}

// A log that is masked before it reaches the disk.
class Log {
 public:
  Log(const fs::path& path, const Redactor& redactor) : redactor_(redactor), file_(path, std::ios::binary) {}
  void write(std::string_view lines) { file_ << redactor_.redact(lines) << std::flush; }

 private:
  const Redactor& redactor_;
  std::ofstream file_;
};

class Stage {
 public:
  explicit Stage(const DatabaseStage& stage) : stage_(stage), run_{stage.run} {}

  void run() {
    database::forget_service();
    for (const auto& folder : {run_.facts(), run_.schema(), run_.migrations(), run_.logs()}) {
      fs::create_directories(folder);
    }
    plan_ = schema::plan_of(stage_.config, stage_.checkout);
    ThreadGroup live;
    if (!stage_.database_url.empty()) live.start([this] { read_live(); });
    if (plan_.database) {
      provision_twice();
    } else {
      for (const char* const part : {"schema-dump", "catalog", "migration-current", "migration-heads",
                                     "migration-history", "migration-log"}) {
        missing(part, plan_.reason);
      }
    }
    live.join();
    add_test_logs();
    write();
  }

 private:
  void missing(const std::string& part, const std::string& reason) {
    parts_.push_back({part, "", std::nullopt, std::nullopt, std::nullopt, reason});
  }

  void read_live() {
    live_.name = "live";
    try {
      database::Connection connection(database::target_of(stage_.database_url), {}, true);
      live_.snapshot = schema::take_snapshot(connection, {state_query()});
      live_.roles = database::read_roles(connection);
      live_.taken_at = utc_now();
      mask(*live_.snapshot, stage_.redactor);
    } catch (const Error& problem) {
      live_.problem = {live_.name, problem.what(), problem.hint()};
      live_.usage = problem.exit() == Exit::usage;
    } catch (const std::exception& problem) {
      live_.problem = {live_.name, fmt::format("internal fault: {}", problem.what()), ""};
    }
  }

  std::string state_query() const { return stage_.config.database ? stage_.config.database->state : ""; }

  Snapshot snapshot_of(Cluster& cluster) const {
    const auto connection = cluster.connect(database::kDatabaseName, Cluster::administrator(), true);
    return schema::take_snapshot(*connection, {state_query()});
  }

  // One of the two: from an empty database to a snapshot.
  void provision(Reading& reading, Cluster& cluster, const fs::path& tree, const fs::path& log_path,
                 std::optional<database::Provisioning>& provisioning) {
    try {
      Log log(log_path, stage_.redactor);
      provisioning.emplace(cluster, *plan_.database, tree,
                           [&log](std::string_view lines) { log.write(lines); });
      std::optional<Snapshot> empty;
      if (auto failed = provisioning->prepare()) {
        reading.steps.push_back(std::move(*failed));
      } else {
        const bool round_trip = &reading == &again_ && !plan_.database->down.empty();
        if (round_trip) empty = snapshot_of(cluster);
        reading.steps = provisioning->run_all(plan_.database->steps);
      }
      if (!reading.steps.empty() && reading.steps.back().ok()) {
        reading.snapshot = snapshot_of(cluster);
        reading.roles =
            database::read_roles(*cluster.connect(database::kDatabaseName, Cluster::administrator(), true));
        reading.taken_at = utc_now();
        if (empty) {
          round_trip_ =
              schema::make_round_trip(cluster, *provisioning, *plan_.database, *empty, *reading.snapshot);
        }
        mask(*reading.snapshot, stage_.redactor);
      } else {
        reading.server_log = cluster.log();
      }
    } catch (const Error& problem) {
      reading.problem = {reading.name, problem.what(), problem.hint()};
    } catch (const std::exception& problem) {
      reading.problem = {reading.name, fmt::format("internal fault: {}", problem.what()), ""};
    }
  }

  void provision_twice() {
    std::unique_ptr<Cluster> clusters[2];
    try {
      const auto programs = database::find_server_programs();
      // A cluster for each, since roles belong to a cluster: what the first one made must not help the
      // second.
      make_clusters(programs, clusters);
      const std::vector<fs::path> trees = {clusters[0]->folder_for("tree"), clusters[1]->folder_for("tree")};
      left_out_ = schema::export_commit(stage_.checkout, trees);
      std::optional<database::Provisioning> provisionings[2];
      ThreadGroup again;
      ThreadGroup stairs;
      again.start([&] {
        provision(again_, *clusters[1], trees[1], run_.logs() / "migration-again.log", provisionings[1]);
      });
      provision(migrated_, *clusters[0], trees[0], run_.logs() / "migration.log", provisionings[0]);
      // The longest of all, beside the round trip and the dumps.
      stairs.start([&] { walk_stairway(programs); });
      again.join();
      parts_.push_back(
          {"migration-log", "logs/migration.log", std::nullopt, "migrated", std::nullopt, std::nullopt});
      describe(programs, *clusters[0], trees[0]);
      read_committed(programs, *clusters[0]);
      stairs.join();
      if (stairway_problem_) problems_.push_back(*stairway_problem_);
    } catch (const Error& problem) {
      migrated_.problem = {std::nullopt, problem.what(), problem.hint()};
      for (const char* const part : {"schema-dump", "catalog", "migration-current", "migration-heads",
                                     "migration-history", "migration-log"}) {
        missing(part, problem.what());
      }
    }
    ThreadGroup other;
    other.start([&] { clusters[1].reset(); });
    clusters[0].reset();
    other.join();
  }

  static void make_clusters(const database::ServerPrograms& programs,
                            std::unique_ptr<Cluster> (&clusters)[2]) {
    ThreadGroup other;
    other.start([&] { clusters[1] = std::make_unique<Cluster>(programs); });
    clusters[0] = std::make_unique<Cluster>(programs);
    other.join();
  }

  // In a cluster of its own: the roles that the migrations make belong to it.
  void walk_stairway(const database::ServerPrograms& programs) {
    if (!plan_.database->stairway || !migrated_.snapshot) return;
    try {
      const auto histories = read_histories(stage_.checkout);
      const auto stairs = schema::stairs_of(schema::history_of(*plan_.database, histories));
      Cluster cluster(programs);
      const fs::path tree = cluster.folder_for("tree");
      schema::export_commit(stage_.checkout, {tree});
      Log log(run_.logs() / "stairway.log", stage_.redactor);
      database::Provisioning provisioning(cluster, *plan_.database, tree,
                                          [&log](std::string_view lines) { log.write(lines); });
      if (const auto failed = provisioning.prepare()) {
        throw Undecided(fmt::format("no stairway: `{}`: {}", failed->command, failed->outcome));
      }
      stairway_ = schema::walk_stairway(cluster, provisioning, *plan_.database, stairs);
    } catch (const Error& problem) {
      stairway_problem_ = {"stairway", problem.what(), problem.hint()};
    } catch (const std::exception& problem) {
      stairway_problem_ = {"stairway", fmt::format("internal fault: {}", problem.what()), ""};
    }
  }

  // Last, because it makes roles that the schema file names.
  void read_committed(const database::ServerPrograms& programs, Cluster& cluster) {
    const std::string& file = plan_.database->schema_file;
    if (file.empty() || !migrated_.snapshot) return;
    try {
      const auto text = git::read_file_at(stage_.checkout.repository, stage_.checkout.commit, file);
      if (!text) {
        throw Undecided(fmt::format("the commit has no {}, which is declared as its schema", file),
                        "commit it, or mend `schema-file:`");
      }
      committed_.snapshot = schema::restore_committed(cluster, programs, file, *text,
                                                      std::chrono::seconds(plan_.database->timeout_seconds));
      committed_.taken_at = utc_now();
      mask(*committed_.snapshot, stage_.redactor);
    } catch (const Error& problem) {
      committed_.problem = {committed_.name, problem.what(), problem.hint()};
    }
  }

  // The evidence about the migrated database.
  void describe(const database::ServerPrograms& programs, Cluster& cluster, const fs::path& tree) {
    if (!migrated_.snapshot) {
      const std::string reason = "the database was not provisioned";
      for (const char* const part :
           {"schema-dump", "catalog", "migration-current", "migration-heads", "migration-history"}) {
        missing(part, reason);
      }
      if (!migrated_.server_log.empty()) {
        write_file(run_.logs() / "server.log", stage_.redactor.redact(migrated_.server_log));
      }
      return;
    }
    ThreadGroup asking;
    asking.start([&] { ask_the_tool(cluster, tree); });
    schema::Dump dump = schema::dump_schema(cluster, programs, database::kDatabaseName);
    asking.join();
    Part part{"schema-dump", "schema/migrated.sql", stage_.redactor.redact(dump.text),
              "migrated",    dump.repeated,         dump.problem};
    if (dump.problem) {
      problems_.push_back({"migrated", *dump.problem, dump.hint});
      part.repeated = std::nullopt;
    }
    parts_.push_back(std::move(part));
    parts_.push_back({"catalog", "schema/migrated.txt", schema::listing_of(*migrated_.snapshot, "migrated"),
                      "migrated", std::nullopt, std::nullopt});
  }

  // What the target's own tool says about where the database is and what there is.
  void ask_the_tool(Cluster& cluster, const fs::path& tree) {
    const auto command = schema::tool_command_of(*plan_.database);
    const std::vector<std::string> subcommands = {"current", "heads", "history"};
    std::vector<Part> answers(subcommands.size());
    for (std::size_t at = 0; at < subcommands.size(); ++at) {
      answers[at].name = "migration-" + subcommands[at];
      answers[at].snapshot = "migrated";
    }
    if (!command) {
      std::string current;
      for (const auto& revision : migrated_.snapshot->revisions) current += revision + "\n";
      answers[0].path = "migrations/current.txt";
      answers[0].content = current;
      if (current.empty())
        answers[0].problem = "the database does not say which revisions it is at (set database.state)";
      for (std::size_t at = 1; at < answers.size(); ++at) {
        answers[at].problem = "no step runs a migration tool that can be asked for it";
      }
    } else {
      ThreadGroup threads;
      for (std::size_t at = 0; at < subcommands.size(); ++at) {
        threads.start([&, at] { ask(*command, subcommands[at], cluster, tree, answers[at]); });
      }
      threads.join();
    }
    for (auto& answer : answers) parts_.push_back(std::move(answer));
  }

  void ask(const schema::ToolCommand& command, const std::string& subcommand, Cluster& cluster,
           const fs::path& tree, Part& part) {
    try {
      const database::Provisioning provisioning(cluster, *plan_.database, tree, [](std::string_view) {});
      config::Step step = command.step;
      const auto& driver = *command.tool->driver;
      step.run += " " + (subcommand == "current" ? driver.current : subcommand == "heads" ? driver.heads : driver.history);
      const auto answer = provisioning.ask(step, std::chrono::seconds(60));
      part.path = fmt::format("migrations/{}.txt", subcommand);
      part.content = stage_.redactor.redact(fmt::format("$ {}\n{}", step.run, answer.output));
      if (!answer.step.ok()) part.problem = fmt::format("'{}': {}", step.run, answer.step.outcome);
    } catch (const std::exception& problem) {
      part.problem = problem.what();
    }
  }

  void add_test_logs() {
    for (const auto& log : stage_.config.test_logs) {
      Part part{"test-log",  fmt::format("logs/tests/{}", log), std::nullopt, std::nullopt, std::nullopt,
                std::nullopt};
      const fs::path relative = fs::path(log).lexically_normal();
      try {
        std::error_code ignored;
        const auto& work_tree = stage_.checkout.repository.work_tree();
        if (relative.empty() || relative.is_absolute() || *relative.begin() == "..") {
          part.problem = fmt::format("{} leads out of the repository", log);
        } else if (work_tree && fs::is_regular_file(*work_tree / relative, ignored)) {
          part.content = stage_.redactor.redact(read_file(*work_tree / relative));
        } else if (auto tracked =
                       git::read_file_at(stage_.checkout.repository, stage_.checkout.commit, log)) {
          part.content = stage_.redactor.redact(*tracked);
        } else {
          part.problem = fmt::format("{} is neither in the work tree nor at the commit", log);
        }
      } catch (const Error& problem) {
        part.problem = problem.what();
      }
      if (part.problem) part.path.clear();
      parts_.push_back(std::move(part));
    }
  }

  void write_parts(facts::Store& store) {
    auto rows =
        store.inserter("part", {"name", "path", "bytes", "sha256", "snapshot", "repeated", "problem"});
    for (auto& part : parts_) {
      const fs::path path = run_.root / part.path;
      if (part.content) {
        fs::create_directories(path.parent_path());
        write_file(path, *part.content);
      } else if (!part.path.empty()) {
        part.content = read_file(path);
      }
      if (part.problem) part.problem = stage_.redactor.redact(*part.problem);
      const std::string content = part.content.value_or("");
      rows(part.name, part.path, content.size(), sha256_hex(content), part.snapshot, part.repeated,
           part.problem);
    }
  }

  void write_stairway(facts::Store& store) {
    auto results = store.inserter(
        "stairway", {"position", "revision", "file", "line", "step", "command", "outcome", "reason"});
    auto differences = store.inserter("stairway_difference",
                                      {"revision", "step", "change", "kind", "identity", "before", "after"});
    int position = 0;
    for (const auto& one : stairway_) {
      const bool told = !one.file.empty();
      results(position++, one.stair.revision, text_or_null(told ? one.file : one.stair.file),
              line_or_null(told ? one.line : one.stair.line), one.step, stage_.redactor.redact(one.command),
              one.outcome, text_or_null(stage_.redactor.redact(one.reason)));
      for (const auto& found : one.differences) {
        differences(one.stair.revision, one.step, schema::change_name(found.change), found.kind,
                    found.identity, text_or_null(stage_.redactor.redact(found.before)),
                    text_or_null(stage_.redactor.redact(found.after)));
      }
    }
  }

  void write_application_roles(facts::Store& store) const {
    auto roles = store.inserter("application_role", {"name", "file", "line"});
    if (!plan_.database) return;
    for (const auto& role : plan_.database->application) roles(role.name, stage_.config.file, role.line);
  }

  void write_round_trip(facts::Store& store) {
    auto steps = store.inserter("round_trip", {"direction", "position", "command", "exit_code", "outcome",
                                               "duration_ms", "revision", "file", "line", "reason"});
    auto differences = store.inserter("round_trip_difference",
                                      {"direction", "change", "kind", "identity", "before", "after"});
    const auto tell = [&](const char* direction, const std::vector<database::StepResult>& results,
                          const std::vector<schema::Difference>& found) {
      int position = 0;
      for (const auto& step : results) {
        const std::string output = stage_.redactor.redact(step.output);
        steps(direction, position++, stage_.redactor.redact(step.command), step.exit_code, step.outcome,
              step.duration_ms, text_or_null(schema::failing_revision(output)), text_or_null(step.file),
              line_or_null(step.line), text_or_null(schema::error_line(output)));
      }
      for (const auto& one : found) {
        differences(direction, schema::change_name(one.change), one.kind, one.identity,
                    text_or_null(stage_.redactor.redact(one.before)),
                    text_or_null(stage_.redactor.redact(one.after)));
      }
    };
    tell("down", round_trip_->down, round_trip_->left_behind);
    tell("up", round_trip_->up, round_trip_->changed);
  }

  void write() {
    facts::Store store(run_.facts(), "schema");
    index_objects(store);
    {
      auto plans = store.inserter("plan", {"source", "reason", "schema_file", "down", "stairway"});
      const config::Database declared = plan_.database.value_or(config::Database());
      plans(plan_.source, plan_.reason, text_or_null(declared.schema_file), !declared.down.empty(),
            declared.stairway);
      write_application_roles(store);
      auto steps = store.inserter("provisioning", {"snapshot", "position", "command", "exit_code", "outcome",
                                                   "duration_ms", "tail", "file", "line"});
      auto problems = store.inserter("problem", {"snapshot", "reason", "hint"});
      const auto say = [&](const Problem& problem) {
        problems(
            problem.snapshot, stage_.redactor.redact(problem.reason),
            problem.hint.empty() ? std::optional<std::string>() : std::optional<std::string>(problem.hint));
      };
      for (const auto& problem : problems_) say(problem);
      auto left_out = store.inserter("left_out", {"path", "reason"});
      for (const auto& file : left_out_) left_out(file.path, file.reason);
      for (Reading* const reading : {&migrated_, &again_, &live_, &committed_}) {
        int position = 0;
        for (const auto& step : reading->steps) {
          std::optional<std::string> tail;
          if (step.tail) tail = stage_.redactor.redact(*step.tail);
          steps(reading->name, position++, stage_.redactor.redact(step.command), step.exit_code, step.outcome,
                step.duration_ms, tail, text_or_null(step.file), line_or_null(step.line));
        }
        if (reading->problem) say(*reading->problem);
        if (reading->snapshot) write_snapshot(store, *reading);
      }
      if (live_.snapshot) {
        parts_.push_back({"catalog-live", "schema/live.txt", schema::listing_of(*live_.snapshot, "live"),
                          "live", std::nullopt, std::nullopt});
      }
      if (round_trip_) write_round_trip(store);
      write_stairway(store);
      write_parts(store);
    }
    store.close();
    for (const Reading* const reading : {&migrated_, &again_, &live_}) {
      if (!reading->problem) continue;
      const std::string reason = stage_.redactor.redact(reading->problem->reason);
      if (reading->usage) throw UsageError(reason, reading->problem->hint);
      throw Undecided(reason, reading->problem->hint);
    }
  }

  const DatabaseStage& stage_;
  record::RunDirectory run_;
  schema::Plan plan_;
  Reading migrated_{.name = "migrated"};
  Reading again_{.name = "migrated-again"};
  Reading live_{.name = "live"};
  Reading committed_{.name = "committed"};  // its problem is the gate's to tell
  std::vector<Part> parts_;
  std::vector<schema::LeftOut> left_out_;
  std::optional<schema::RoundTrip> round_trip_;
  std::vector<schema::StairResult> stairway_;
  std::optional<Problem> stairway_problem_;
  std::vector<Problem> problems_;
};

}  // namespace

void collect_database(const DatabaseStage& stage) {
  Stage(stage).run();
}

void collect_live(const std::string& url, const std::string& snapshot_name, const fs::path& out) {
  Redactor redactor = Redactor::from_environment();
  redactor.add_url(url);
  Reading reading;
  reading.name = snapshot_name;
  database::Connection connection(database::target_of(url), {}, true);
  reading.snapshot = schema::take_snapshot(connection);
  reading.roles = database::read_roles(connection);
  reading.taken_at = utc_now();
  mask(*reading.snapshot, redactor);
  facts::Store store(out, "schema");
  {
    auto plans = store.inserter("plan", {"source", "reason"});
    plans("none", "a live server was read on its own");
    write_snapshot(store, reading);
  }
  index_objects(store);
  store.close();
}

}  // namespace exitgate::collect
