// A throwaway PostgreSQL server of our own: in a private folder, on a unix socket only, gone when the object
// goes or the process dies, however it dies.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>

#include "harness/database/connection.h"
#include "harness/database/server.h"
#include "harness/database/supervisor.h"

namespace exitgate::database {

class Cluster {
 public:
  // Ready for connections when made. As root, the server runs as `postgres`, else `nobody`. Throws Undecided
  // when initdb or the server fail, with the last lines of what they said.
  explicit Cluster(const ServerPrograms& programs);
  ~Cluster();
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  const std::filesystem::path& socket_folder() const { return folder_; }
  static constexpr int port() { return 5432; }
  static const char* administrator() { return "postgres"; }

  // As this user to this database, untouched by PG* variables of our environment.
  Target target(const std::string& database, const std::string& user) const;
  // For programs: "postgresql://user@/database?host=/socket/folder".
  std::string url(const std::string& database, const std::string& user) const;
  std::unique_ptr<Connection> connect(const std::string& database, const std::string& user, bool read_only,
                                      const Limits& limits = {}) const;

  // What it logs, as far as it has come.
  std::string log() const;
  Supervisor& supervisor() { return *supervisor_; }
  // A folder that goes with the cluster.
  std::filesystem::path folder_for(const std::string& name) const;

 private:
  void make_data(const ServerPrograms& programs, const std::optional<Command::Identity>& run_as);
  void wait_until_ready();

  std::filesystem::path folder_;
  std::unique_ptr<Supervisor> supervisor_;
};

}  // namespace exitgate::database
