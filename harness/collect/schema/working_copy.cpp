#include "harness/collect/schema/working_copy.h"

#include <fmt/core.h>

#include "harness/collect/schema/findings.h"
#include "harness/database/provision.h"

namespace exitgate::collect::schema {

namespace {

using database::kDatabaseName;

void end_sessions(database::Connection& server, const std::string& database) {
  server.query(
      fmt::format("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {} AND pid <> "
                  "pg_backend_pid()",
                  server.literal(database)));
  // They are gone a moment later; whoever needs the database for itself waits five seconds.
}

std::set<std::string> names_of(database::Connection& server, const char* query) {
  std::set<std::string> names;
  const auto rows = server.query(query);
  for (int row = 0; row < rows.rows(); ++row) names.emplace(rows.text(row, 0));
  return names;
}

constexpr const char* kDatabases = "SELECT datname FROM pg_database";
constexpr const char* kRoles = "SELECT rolname FROM pg_roles";

void drop_database(database::Connection& server, const std::string& name) {
  const auto quoted = server.identifier(name);
  // A test that makes databases of it as a template leaves one that cannot be dropped.
  server.query(fmt::format("ALTER DATABASE {0} ALLOW_CONNECTIONS false IS_TEMPLATE false", quoted));
  end_sessions(server, name);
  server.query(fmt::format("DROP DATABASE {}", quoted));
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
  databases_ = names_of(*server, kDatabases);
  roles_ = names_of(*server, kRoles);
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
  for (const auto& name : names_of(*server, kDatabases)) {
    if (!databases_.contains(name)) drop_database(*server, name);
  }
  for (const auto& name : names_of(*server, kRoles)) {
    if (!roles_.contains(name)) server->query(fmt::format("DROP ROLE {}", server->identifier(name)));
  }
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
