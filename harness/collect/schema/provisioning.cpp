#include "harness/collect/schema/provisioning.h"

#include <fmt/core.h>

#include "harness/base/error.h"
#include "harness/base/thread_group.h"
#include "harness/base/time.h"
#include "harness/collect/schema/masked_log.h"

namespace exitgate::collect::schema {

namespace {

using database::Cluster;

std::unique_ptr<database::Connection> read_only(const Cluster& cluster) {
  return cluster.connect(database::kDatabaseName, Cluster::administrator(), true);
}

Snapshot snapshot_of(const Cluster& cluster, const SnapshotOptions& options) {
  return take_snapshot(*read_only(cluster), options);
}

}  // namespace

Servers::Servers(const database::ServerPrograms& programs, const config::Limits& limits,
                 const Checkout& checkout, bool both, Findings& findings) {
  ThreadGroup other;
  if (both) other.start([&] { second_.cluster = std::make_unique<Cluster>(programs, limits); });
  first_.cluster = std::make_unique<Cluster>(programs, limits);
  other.join();
  std::vector<std::filesystem::path> trees;
  for (Server* const server : {&first_, &second_}) {
    if (server->cluster) trees.push_back(server->tree = server->cluster->folder_for("tree"));
  }
  findings.left_out = export_commit(checkout, trees);
}

Servers::~Servers() {
  try {
    ThreadGroup other;
    other.start([&] { second_.cluster.reset(); });
    first_.cluster.reset();
  } catch (const std::exception&) {
    // No thread for it: the members end one after the other.
  }
}

void provision(const DatabaseStage& stage, const config::Database& declared, const SnapshotOptions& options,
               const Server& server, const std::filesystem::path& log, Reading& reading,
               std::optional<RoundTrip>* round_trip) {
  try {
    MaskedLog masked(log, stage.redactor);
    database::Provisioning provisioning(*server.cluster, declared, server.tree, masked.sink());
    std::optional<Snapshot> empty;
    if (auto failed = provisioning.prepare()) {
      reading.steps.push_back(std::move(*failed));
    } else {
      if (round_trip != nullptr && !declared.down.empty()) empty = snapshot_of(*server.cluster, options);
      reading.steps = provisioning.run_all(declared.steps);
    }
    masked.check();
    if (reading.steps.empty() || !reading.steps.back().ok()) {
      reading.server_log = server.cluster->log();
      return;
    }
    reading.snapshot = snapshot_of(*server.cluster, options);
    reading.roles = database::read_roles(*read_only(*server.cluster));
    reading.taken_at = utc_now();
    if (empty) {
      *round_trip = make_round_trip(*server.cluster, provisioning, declared, *empty, *reading.snapshot);
    }
    mask(*reading.snapshot, stage.redactor);
  } catch (...) {
    reading.problem = current_problem(reading.name);
  }
}

}  // namespace exitgate::collect::schema
