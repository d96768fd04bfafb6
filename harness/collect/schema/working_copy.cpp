#include "harness/collect/schema/working_copy.h"

#include <fmt/core.h>

#include "harness/collect/schema/findings.h"
#include "harness/database/provision.h"

namespace exitgate::collect::schema {

namespace {

using database::kDatabaseName;

void end_sessions(database::Connection& server, const char* database) {
  server.query(
      fmt::format("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{}' AND pid <> "
                  "pg_backend_pid()",
                  database));
  // They are gone a moment later; whoever needs the database for itself waits five seconds.
}

// What CREATE DATABASE does not copy.
std::string properties_of_pristine() {
  const auto id = [](const char* name) {
    return fmt::format("(SELECT oid FROM pg_database WHERE datname = '{}')", name);
  };
  const auto from = id(kPristineName);
  const auto to = id(kDatabaseName);
  return fmt::format(
      "UPDATE pg_database copy SET datdba = one.datdba, datacl = one.datacl FROM pg_database one "
      "WHERE one.datname = '{0}' AND copy.datname = '{1}'; "
      "INSERT INTO pg_db_role_setting SELECT {3}, setrole, setconfig FROM pg_db_role_setting "
      "WHERE setdatabase = {2}; "
      "INSERT INTO pg_shdescription SELECT {3}, classoid, description FROM pg_shdescription "
      "WHERE classoid = 'pg_database'::regclass AND objoid = {2}",
      kPristineName, kDatabaseName, from, to);
}

std::unique_ptr<database::Connection> administration(const database::Cluster& cluster) {
  return cluster.connect("postgres", database::Cluster::administrator(), false);
}

}  // namespace

WorkingCopy::WorkingCopy(const database::Cluster& cluster) : cluster_(cluster) {
  const auto server = administration(cluster_);
  server->query(fmt::format("ALTER DATABASE {} ALLOW_CONNECTIONS false", kDatabaseName));
  end_sessions(*server, kDatabaseName);
  server->query(fmt::format("ALTER DATABASE {} RENAME TO {}", kDatabaseName, kPristineName));
  make();
}

WorkingCopy::~WorkingCopy() {
  try {
    drop();
    const auto server = administration(cluster_);
    server->query(fmt::format("ALTER DATABASE {} RENAME TO {}", kPristineName, kDatabaseName));
    server->query(fmt::format("ALTER DATABASE {} ALLOW_CONNECTIONS true", kDatabaseName));
  } catch (const std::exception&) {
    // The server is a throwaway: who needs the database after that meets the error.
  }
}

void WorkingCopy::renew() {
  drop();
  make();
}

void WorkingCopy::drop() {
  const auto server = administration(cluster_);
  // The copy may be gone: a test can drop it.
  const auto there =
      server->query(fmt::format("SELECT 1 FROM pg_database WHERE datname = '{}'", kDatabaseName));
  if (there.rows() == 0) return;
  server->query(fmt::format("ALTER DATABASE {} ALLOW_CONNECTIONS false", kDatabaseName));
  end_sessions(*server, kDatabaseName);
  // A test that makes templates of it leaves one that cannot be dropped.
  server->query(fmt::format("ALTER DATABASE {} IS_TEMPLATE false", kDatabaseName));
  server->query(fmt::format("DROP DATABASE {}", kDatabaseName));
}

void WorkingCopy::make() {
  const auto server = administration(cluster_);
  server->query(fmt::format("CREATE DATABASE {} TEMPLATE {}", kDatabaseName, kPristineName));
  server->query(properties_of_pristine());
}

std::vector<Object> objects_now(const database::Cluster& cluster, const redact::Redactor& redactor) {
  auto snapshot = take_snapshot(*cluster.connect(kDatabaseName, database::Cluster::administrator(), true));
  mask(snapshot, redactor);
  return std::move(snapshot.objects);
}

}  // namespace exitgate::collect::schema
