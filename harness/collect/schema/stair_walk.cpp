#include "harness/collect/schema/stair_walk.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/collect/schema/round_trip.h"
#include "harness/collect/schema/stair_commands.h"
#include "harness/database/roles.h"

namespace exitgate::collect::schema {

namespace {

using database::Cluster;

std::unique_ptr<database::Connection> read_only(const Cluster& cluster) {
  return cluster.connect(database::kDatabaseName, Cluster::administrator(), true);
}

Snapshot snapshot_of(const Cluster& cluster) {
  return take_snapshot(*read_only(cluster));
}

bool differs(StairResult& result) {
  if (result.differences.empty()) return false;
  result.outcome = "different";
  return true;
}

// "public.orders 3", a line for each table.
std::string row_counts(database::Connection& connection) {
  const auto tables = connection.query(
      "SELECT c.oid::regclass::text FROM pg_catalog.pg_class c WHERE c.relkind = 'r' AND c.relnamespace NOT "
      "IN "
      "('pg_catalog'::regnamespace, 'information_schema'::regnamespace, 'pg_toast'::regnamespace) ORDER BY "
      "1");
  std::string text;
  for (int row = 0; row < tables.rows(); ++row) {
    const std::string table(tables.text(row, 0));
    const auto count = connection.query("SELECT count(*) FROM ONLY " + table);
    text.append(table).append(" ").append(count.text(0, 0)).append("\n");
  }
  return text;
}

std::string text_of(const database::Roles& roles) {
  std::string text;
  for (const auto& role : roles.roles) {
    text += fmt::format("{} {} {} {} {} {} {} {}\n", role.name, role.login, role.superuser, role.createdb,
                        role.createrole, role.replication, role.bypassrls, role.owns_database);
  }
  for (const auto& one : roles.memberships)
    text += fmt::format("{} {} {} {} {}\n", one.role, one.member, one.inherits, one.can_set, one.admin);
  return text;
}

}  // namespace

StairWalk::StairWalk(Cluster& cluster, const database::Provisioning& provisioning,
                     const config::Database& declared)
    : cluster_(cluster), provisioning_(provisioning), declared_(declared) {
  commands_ = commands_of(declared, step_);
}

void StairWalk::prepare() {
  const auto before = provisioning_.run_all(steps_before(declared_));
  if (!before.empty() && !before.back().ok()) {
    throw Undecided(fmt::format("no stairway: `{}`: {}", before.back().command, before.back().outcome));
  }
  before_ = snapshot_of(cluster_);
}

bool StairWalk::go_straight_to(const Stair& stair) {
  StairResult result;
  result.stair = stair;
  if (!go(result, "up", commands_.up)) return false;
  before_ = snapshot_of(cluster_);
  return true;
}

bool StairWalk::walk(const std::vector<Stair>& stairs, std::size_t first, std::size_t end,
                     std::vector<StairResult>& results) {
  for (std::size_t at = first; at < end; ++at) {
    results.push_back(one(stairs[at]));
    if (!stands(results.back())) return false;
  }
  return true;
}

std::string StairWalk::state() const {
  const auto connection = read_only(cluster_);
  const Snapshot snapshot = take_snapshot(*connection);
  std::string text = snapshot.fingerprint + "\n";
  for (const auto& one : snapshot.server_objects)
    text += fmt::format("{} {} {}\n", one.kind, one.identity, one.definition);
  for (const auto& sequence : snapshot.sequences) {
    text += fmt::format("{} {}\n", sequence.identity,
                        sequence.last_value ? std::to_string(*sequence.last_value) : sequence.problem);
  }
  text += text_of(database::read_roles(*connection));
  return text + row_counts(*connection);
}

StairResult StairWalk::one(const Stair& stair) {
  StairResult result;
  result.stair = stair;
  if (!go(result, "up", commands_.up)) return result;
  Snapshot up = snapshot_of(cluster_);
  if (!stair.not_tried.empty()) {
    result.outcome = "not tried";
    result.reason = stair.not_tried;
  } else {
    if (!go(result, "down", stair.parent.empty() ? commands_.base : commands_.down)) return result;
    result.differences = compare(before_.objects, snapshot_of(cluster_).objects).differences;
    leave_out_version_tables(result.differences);
    if (differs(result)) return result;
    if (!go(result, "up again", commands_.up)) return result;
    result.differences = compare(up.objects, snapshot_of(cluster_).objects).differences;
    if (differs(result)) return result;
  }
  before_ = std::move(up);
  return result;
}

// Whether the database is at the stair's revision, or comes there once more, so that the next can be tried.
bool StairWalk::stands(const StairResult& result) {
  if (result.outcome == "ok" || result.outcome == "not tried") return true;
  StairResult again;
  again.stair = result.stair;
  const bool there = result.outcome == "different" && result.step == "up again";
  if (!there && (result.step != "down" || !go(again, "up again", commands_.up))) return false;
  before_ = snapshot_of(cluster_);
  return true;
}

bool StairWalk::go(StairResult& result, const char* step, const std::string& command) {
  step_.run = filled(command, result.stair);
  const auto answer = provisioning_.ask(step_, std::chrono::seconds(declared_.timeout_seconds));
  result.step = step;
  result.command = step_.run;
  result.outcome = answer.step.outcome;
  if (answer.step.ok()) return true;
  result.reason = error_line(answer.step.output);
  result.file = answer.step.file;
  result.line = answer.step.line;
  return false;
}

}  // namespace exitgate::collect::schema
