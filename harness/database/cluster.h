// A throwaway PostgreSQL server of our own: in a private folder, gone when the object goes or the process dies, however it
// dies. Who may enter the folder is let in by its unix socket; on a port of 127.0.0.1, with TLS if asked for, only roles
// that were given the password of the cluster. Where the kernel allows it, the server and the target's commands are in a network
// of their own: from outside, only the socket leads to it.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "harness/config/config.h"
#include "harness/database/connection.h"
#include "harness/database/server.h"
#include "harness/database/supervisor.h"
#include "harness/sandbox/entry.h"
#include "harness/sandbox/namespaces.h"

namespace exitgate::database {

class Cluster {
 public:
  // Ready for connections when made. As root, the server runs as `postgres`, else `nobody`. Throws Undecided
  // when initdb or the server fail, with the last lines of what they said. `settings`: "name=value", besides our own.
  // `limits`: of the server; with `network`, it is reached by TCP from outside of the sandbox as well.
  explicit Cluster(const ServerPrograms& programs, std::vector<std::string> settings = {},
                   const config::Limits& limits = {});
  Cluster(const ServerPrograms& programs, const config::Limits& limits) : Cluster(programs, {}, limits) {}
  // The folder and the sandbox alone, for commands that need no server: then nothing may be asked of one.
  struct WithoutServer {};
  Cluster(WithoutServer without, const config::Limits& limits);
  ~Cluster();
  Cluster(const Cluster&) = delete;
  Cluster& operator=(const Cluster&) = delete;

  bool has_server() const { return has_server_; }
  const std::filesystem::path& socket_folder() const { return folder_; }
  std::filesystem::path socket() const;
  // Of the socket's name, and on 127.0.0.1.
  int port() const { return port_; }
  // False where there is no loopback: then there is the socket alone.
  bool listens() const { return listens_; }
  // For roles that are to log in by TCP; another one in each cluster.
  const std::string& password() const { return password_; }
  static const char* administrator() { return "postgres"; }

  // As this user to this database, untouched by PG* variables of our environment.
  Target target(const std::string& database, const std::string& user) const;
  // By the socket, for programs that use libpq: "postgresql://user@/database?host=/socket/folder&port=5432".
  std::string url(const std::string& database, const std::string& user) const;
  // For any program, as a role that was given password(): "postgresql://user:password@127.0.0.1:port/database"; as url()
  // where the server does not listen.
  std::string tcp_url(const std::string& database, const std::string& user) const;
  std::unique_ptr<Connection> connect(const std::string& database, const std::string& user, bool read_only,
                                      const Limits& limits = {}) const;

  // What it logs, as far as it has come.
  std::string log() const;
  std::filesystem::path log_path() const { return folder_ / "log"; }
  Supervisor& supervisor() { return *supervisor_; }
  // For a command of the target, which may write to `tree` and to the folders of the cluster but its data.
  std::unique_ptr<sandbox::Entry> entry(const std::filesystem::path& tree,
                                        const config::Limits& limits) const;
  // Why the sandbox has ended the server; none when it has not.
  sandbox::Ending ending() const;
  // A folder that goes with the cluster.
  std::filesystem::path folder_for(const std::string& name) const;

 private:
  // How far a start came.
  enum class Start { ready, port_taken, no_tls };
  Start start(const ServerPrograms& programs, const std::optional<Command::Identity>& run_as, bool tls);
  void make_data(const ServerPrograms& programs, const std::optional<Command::Identity>& run_as);
  Start wait_until_ready();

  bool has_server_ = true;
  int port_ = 5432;
  bool listens_ = false;
  std::string password_;
  std::vector<std::string> settings_;
  std::filesystem::path folder_;
  config::Limits limits_;
  std::unique_ptr<sandbox::Namespaces> namespaces_;
  std::unique_ptr<sandbox::Entry> server_entry_;
  std::unique_ptr<Supervisor> supervisor_;
};

}  // namespace exitgate::database
