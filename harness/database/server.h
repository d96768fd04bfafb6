// The PostgreSQL server programs of this machine.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace exitgate::database {

struct ServerPrograms {
  std::filesystem::path folder;  // holds initdb and postgres
  std::string version;           // as `postgres --version` says it: "15.18"
  int major = 0;
};

struct ClientProgram {
  std::filesystem::path path;
  std::string version;  // as its --version says it
  int major = 0;
};

// All that there are, the newest first: of the folders that EXITGATE_POSTGRES names (separated by `:`, each with initdb and
// postgres in it or in its bin/), /usr/lib/postgresql/*/bin, /usr/pgsql-*/bin, `pg_config --bindir` and PATH. Of two of the
// same major version, the earlier of these comes first.
std::vector<ServerPrograms> installed_servers();

// The newest, or the one of this major version. Throws Undecided naming the packages when there is none.
ServerPrograms find_server_programs(int major = 0);

// A client program (pg_dump): beside the server programs, else on PATH. nullopt when there is none.
std::optional<std::filesystem::path> find_client_program(const std::string& name,
                                                         const std::optional<ServerPrograms>& server);

// The server programs in this folder or its bin/; nullopt when there are none that can be run.
std::optional<ServerPrograms> server_programs_in(const std::filesystem::path& folder);

// Each program of that name beside server programs or on PATH, the newest first.
std::vector<ClientProgram> installed_clients(const std::string& name);

// The pg_dump for a server: its own, else the newest one that is not older than the server. Throws Undecided, naming
// those that there are.
ClientProgram find_dump_program(const ServerPrograms& server);

// Major version that "pg_dump (PostgreSQL) 15.18 (Debian …)" or "postgres (PostgreSQL) 17beta1" names; 0 for none.
int major_version(const std::string& version_line);

}  // namespace exitgate::database
