#include "harness/collect/schema/write.h"

#include <algorithm>
#include <filesystem>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/collect/schema/listing.h"
#include "harness/collect/schema/tallies.h"
#include "harness/collect/schema/write_target_runs.h"
#include "harness/digest/digest.h"
#include "harness/facts/tables/schema.h"
#include "harness/sandbox/containment.h"

namespace exitgate::collect::schema {

namespace {

namespace rows = facts::schema;

std::optional<std::string> text_or_null(std::string text) {
  return text.empty() ? std::nullopt : std::optional<std::string>(std::move(text));
}

std::optional<std::int64_t> line_or_null(int line) {
  return line == 0 ? std::nullopt : std::optional<std::int64_t>(line);
}

// The value of a closed set that one of our own words names.
template <typename Value>
Value known(std::optional<Value> value, const std::string& word) {
  if (!value) throw Undecided("internal fault: the declaration of schema.db does not know '" + word + "'");
  return *value;
}

void write_roles(facts::Store& store, const std::string& snapshot, const database::Roles& roles) {
  for (const auto& role : roles.roles) {
    store.insert(rows::Role{.snapshot = snapshot,
                            .name = role.name,
                            .login = role.login,
                            .superuser = role.superuser,
                            .createdb = role.createdb,
                            .createrole = role.createrole,
                            .replication = role.replication,
                            .bypassrls = role.bypassrls,
                            .owns_database = role.owns_database});
  }
  for (const auto& one : roles.memberships) {
    store.insert(rows::Membership{.snapshot = snapshot,
                                  .role = one.role,
                                  .member = one.member,
                                  .inherits = one.inherits,
                                  .can_set = one.can_set,
                                  .admin = one.admin});
  }
}

void write_sequence(facts::Store& store, const std::string& snapshot, Sequence sequence) {
  store.insert(rows::Sequence{.snapshot = snapshot,
                              .identity = sequence.identity,
                              .type = std::move(sequence.type),
                              .start = sequence.start,
                              .increment = sequence.increment,
                              .minimum = sequence.minimum,
                              .maximum = sequence.maximum,
                              .cycles = sequence.cycles,
                              .last_value = sequence.last_value,
                              .problem = text_or_null(std::move(sequence.problem))});
  for (auto& use : sequence.uses) {
    store.insert(rows::SequenceUse{.snapshot = snapshot,
                                   .sequence = sequence.identity,
                                   .relation = std::move(use.relation),
                                   .column_name = std::move(use.column),
                                   .type = std::move(use.type),
                                   .minimum = use.minimum,
                                   .maximum = use.maximum});
  }
}

// One store, and what is masked on the way into it.
class Writer {
 public:
  Writer(facts::Store& store, const redact::Redactor& redactor) : store_(store), redactor_(redactor) {}

  void plan(const Plan& plan, const std::string& config_file) {
    const auto declared = plan.database.value_or(config::Database());
    store_.insert(rows::Plan{
        .source = plan.source,
        .reason = plan.reason,
        .schema_file = text_or_null(declared.schema_file),
        .down = !declared.down.empty(),
        .stairway = declared.stairway,
        .owner = plan.database ? text_or_null(declared.owner) : std::nullopt,
        .owner_declared = plan.database ? std::optional<bool>(declared.owner_declared) : std::nullopt,
        .no_database = text_or_null(plan.no_database)});
    for (const auto& role : declared.application) {
      store_.insert(rows::ApplicationRole{.name = role.name, .file = config_file, .line = role.line});
    }
  }

  void work(const check::Parts& done) {
    for (const auto& part : check::all_database_parts()) {
      const bool is_done = std::find(done.begin(), done.end(), part) != done.end();
      store_.insert(rows::Work{
          .part = known(rows::work_part_from(part), part),
          .not_run = is_done ? std::nullopt : std::optional<std::string>("no gate of this run needs it"),
          .reused = std::nullopt});
    }
  }

  // Where the target's commands ran.
  void containment(const config::Limits& limits) {
    const auto& allowed = exitgate::sandbox::containment();
    const bool open = limits.network;
    store_.insert(rows::Sandbox{
        .network = open              ? rows::SandboxNetwork::open
                   : allowed.network ? rows::SandboxNetwork::none
                                     : rows::SandboxNetwork::not_contained,
        .files = allowed.files ? rows::SandboxFiles::contained : rows::SandboxFiles::not_contained,
        .processes =
            allowed.processes ? rows::SandboxProcesses::contained : rows::SandboxProcesses::not_contained,
        .memory_mb = limits.memory_mb,
        .disk_mb = limits.disk_mb,
        .reason = text_or_null(allowed.reason)});
  }

  void server(const database::ChosenServer& chosen) {
    using database::ServerOrigin;
    const auto& package = chosen.package;
    store_.insert(
        rows::Server{.version = chosen.programs.version,
                     .folder = masked(chosen.programs.folder.string()),
                     .origin = chosen.origin == ServerOrigin::given       ? rows::ServerOrigin::given
                               : chosen.origin == ServerOrigin::installed ? rows::ServerOrigin::installed
                                                                          : rows::ServerOrigin::npm,
                     .reason = masked(chosen.reason),
                     .package = package ? std::optional<std::string>(package->name) : std::nullopt,
                     .sha256 = package ? std::optional<std::string>(package->sha256) : std::nullopt});
  }

  void problem(const Problem& problem) {
    store_.insert(rows::Problem{
        .snapshot = problem.snapshot, .reason = masked(problem.reason), .hint = text_or_null(problem.hint)});
  }

  void left_out(const std::vector<LeftOut>& files) {
    for (const auto& file : files) store_.insert(rows::LeftOut{.path = file.path, .reason = file.reason});
  }

  void restored(const std::vector<Restored>& restored) {
    for (const auto& one : restored) {
      store_.insert(rows::Restored{
          .snapshot = one.snapshot,
          .kind = one.kind,
          .identity = one.identity,
          .definition = one.definition ? std::optional<std::string>(masked(*one.definition)) : std::nullopt,
          .problem = text_or_null(masked(one.problem))});
    }
  }

  void reading(Reading reading) {
    std::int64_t position = 0;
    for (const auto& step : reading.steps) {
      std::optional<std::string> tail;
      if (step.tail) tail = masked(*step.tail);
      store_.insert(rows::Provisioning{.snapshot = reading.name,
                                       .position = position++,
                                       .command = masked(step.command),
                                       .exit_code = step.exit_code,
                                       .outcome = step.outcome,
                                       .duration_ms = step.duration_ms,
                                       .tail = std::move(tail),
                                       .file = text_or_null(step.file),
                                       .line = line_or_null(step.line)});
    }
    if (reading.problem) problem(*reading.problem);
    if (reading.snapshot) write_snapshot(store_, std::move(reading));
  }

  void replayed(const std::vector<ReplayedHistory>& histories) {
    for (const auto& one : histories) {
      store_.insert(rows::ReplayedHistory{
          .environment = one.environment,
          .outcome = known(rows::replayed_history_outcome_from(one.outcome), one.outcome),
          .files = static_cast<std::int64_t>(one.files),
          .reason = text_or_null(one.reason)});
    }
  }
  void round_trip(const RoundTrip& trip) {
    half(rows::Direction::down, trip.down, trip.left_behind);
    half(rows::Direction::up, trip.up, trip.changed);
  }

  void stairway(const std::vector<StairResult>& results) {
    std::int64_t position = 0;
    for (const auto& one : results) {
      const bool told = !one.file.empty();
      store_.insert(rows::Stairway{.position = position++,
                                   .revision = one.stair.revision,
                                   .file = text_or_null(told ? one.file : one.stair.file),
                                   .line = line_or_null(told ? one.line : one.stair.line),
                                   .step = known(rows::stairway_step_from(one.step), one.step),
                                   .command = masked(one.command),
                                   .outcome = one.outcome,
                                   .reason = text_or_null(masked(one.reason))});
      for (const auto& found : one.differences) {
        store_.insert(
            rows::StairwayDifference{.revision = one.stair.revision,
                                     .step = known(rows::stairway_difference_step_from(one.step), one.step),
                                     .change = found.change,
                                     .kind = found.kind,
                                     .identity = found.identity,
                                     .before = text_or_null(masked(found.before)),
                                     .after = text_or_null(masked(found.after))});
      }
    }
  }

  // Into the run directory as well, unless the file is there already.
  void part(Part part, const std::filesystem::path& run) {
    const std::filesystem::path path = run / part.path;
    if (part.content) {
      write_file(path, *part.content);
    } else if (!part.path.empty()) {
      part.content = read_file(path);
    }
    if (part.problem) part.problem = masked(*part.problem);
    const std::string content = part.content.value_or("");
    store_.insert(rows::Part{.name = part.name,
                             .path = part.path,
                             .bytes = static_cast<std::int64_t>(content.size()),
                             .sha256 = digest::sha256_hex(content),
                             .snapshot = part.snapshot,
                             .repeated = part.repeated,
                             .problem = part.problem});
  }

 private:
  std::string masked(std::string_view text) const { return redactor_.redact(text); }

  void half(rows::Direction direction, const std::vector<database::StepResult>& steps,
            const std::vector<Difference>& differences) {
    std::int64_t position = 0;
    for (const auto& step : steps) {
      const std::string output = masked(step.output);
      store_.insert(rows::RoundTrip{.direction = direction,
                                    .position = position++,
                                    .command = masked(step.command),
                                    .exit_code = step.exit_code,
                                    .outcome = step.outcome,
                                    .duration_ms = step.duration_ms,
                                    .revision = text_or_null(failing_revision(output)),
                                    .file = text_or_null(step.file),
                                    .line = line_or_null(step.line),
                                    .reason = text_or_null(error_line(output))});
    }
    for (const auto& one : differences) {
      store_.insert(rows::RoundTripDifference{.direction = direction,
                                              .change = one.change,
                                              .kind = one.kind,
                                              .identity = one.identity,
                                              .before = text_or_null(masked(one.before)),
                                              .after = text_or_null(masked(one.after))});
    }
  }

  facts::Store& store_;
  const redact::Redactor& redactor_;
};

}  // namespace

void write_snapshot(facts::Store& store, Reading reading) {
  Snapshot& snapshot = *reading.snapshot;
  store.insert(rows::Snapshot{.name = reading.name,
                              .database = snapshot.database,
                              .server_version = snapshot.server_version,
                              .fingerprint = snapshot.fingerprint,
                              .structure = snapshot.structure,
                              .taken_at = reading.taken_at});
  // Thousands of them: nothing of an object is copied.
  for (auto& object : snapshot.objects) {
    store.insert(rows::Object{.snapshot = reading.name,
                              .kind = std::move(object.kind),
                              .namespace_ = std::move(object.namespace_name),
                              .name = std::move(object.name),
                              .identity = std::move(object.identity),
                              .definition = std::move(object.definition),
                              .sha256 = std::move(object.sha256),
                              .parent = text_or_null(std::move(object.parent))});
  }
  for (auto& one : snapshot.server_objects) {
    store.insert(rows::ServerObject{.snapshot = reading.name,
                                    .kind = std::move(one.kind),
                                    .identity = std::move(one.identity),
                                    .definition = std::move(one.definition)});
  }
  for (auto& one : snapshot.hidden) {
    store.insert(rows::Hidden{.snapshot = reading.name,
                              .kind = std::move(one.kind),
                              .identity = std::move(one.identity),
                              .reason = std::move(one.reason)});
  }
  for (auto& sequence : snapshot.sequences) write_sequence(store, reading.name, std::move(sequence));
  for (auto& applied : snapshot.state.revisions) {
    store.insert(rows::MigrationState{.snapshot = reading.name,
                                      .revision = std::move(applied.revision),
                                      .environment = std::move(applied.environment)});
  }
  write_roles(store, reading.name, reading.roles);
  for (auto& problem : snapshot.state.problems) {
    store.insert(rows::Problem{.snapshot = reading.name, .reason = std::move(problem)});
  }
}

void index_objects(facts::Store& store) {
  store.execute("CREATE INDEX object_by_identity ON object (snapshot, kind, identity)");
}

void write(Findings findings, const config::Config& config, const redact::Redactor& redactor,
           const record::RunDirectory& run) {
  if (findings.live.snapshot) {
    findings.parts.push_back({.name = "catalog-live",
                              .path = "schema/live.txt",
                              .content = listing_of(*findings.live.snapshot, "live"),
                              .snapshot = "live"});
  }
  facts::Store store(run.facts(), "schema");
  index_objects(store);
  Writer writer(store, redactor);
  writer.plan(findings.plan, config.file);
  writer.work(findings.done);
  if (findings.server) writer.server(*findings.server);
  if (findings.server && findings.plan.database) writer.containment(findings.plan.database->limits);
  for (const auto& problem : findings.problems) writer.problem(problem);
  writer.left_out(findings.left_out);
  writer.restored(findings.restored);
  write_tallies(store, findings);
  for (Reading* const reading : {&findings.migrated, &findings.again, &findings.live, &findings.committed}) {
    writer.reading(std::move(*reading));
  }
  writer.replayed(findings.replayed);
  if (findings.round_trip) writer.round_trip(*findings.round_trip);
  writer.stairway(findings.stairway);
  write_target_runs(store, findings, config.file, redactor);
  for (auto& part : findings.parts) writer.part(std::move(part), run.root);
  store.close();
}

}  // namespace exitgate::collect::schema
