#include "harness/collect/schema/committed.h"

#include <fmt/core.h>

#include <cstdlib>
#include <optional>
#include <set>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/text.h"

namespace exitgate::collect::schema {

namespace {

namespace fs = std::filesystem;
using database::Cluster;

constexpr const char* kDatabase = "exitgate_committed";
constexpr int kRounds = 4;  // roles are made for what failed, and what comes behind it may name more

// "db.sql:12: ERROR:  42704: role "app" does not exist", as psql says it with VERBOSITY=verbose.
struct Failure {
  int line = 0;
  std::string message;  // without the code
};

std::vector<Failure> failures(const std::string& output) {
  std::vector<Failure> found;
  constexpr std::string_view kMark = ": ERROR:  ";
  for (const auto& line : split(output, '\n')) {
    const std::size_t mark = line.find(kMark);
    if (line.rfind("psql:", 0) != 0 || mark == std::string::npos) continue;
    const std::size_t colon = line.rfind(':', mark - 1);
    Failure failure;
    failure.line = std::atoi(line.c_str() + colon + 1);
    failure.message = line.substr(mark + kMark.size());
    if (failure.message.size() > 7 && failure.message.substr(5, 2) == ": ") failure.message.erase(0, 7);
    found.push_back(std::move(failure));
  }
  return found;
}

std::optional<std::string> missing_role(const std::string& message) {
  constexpr std::string_view kBefore = "role \"";
  constexpr std::string_view kBehind = "\" does not exist";
  if (!message.starts_with(kBefore) || !message.ends_with(kBehind)) return std::nullopt;
  return message.substr(kBefore.size(), message.size() - kBefore.size() - kBehind.size());
}

bool does_not_matter(const std::string& message) {
  return message.starts_with("unrecognized configuration parameter ") ||
         message == "schema \"public\" already exists" || message == "extension \"plpgsql\" already exists";
}

// psql's own commands that say where and under which key, and nothing about the schema.
std::string without_commands(const std::string& text) {
  std::string kept;
  kept.reserve(text.size());
  for (std::size_t start = 0; start < text.size();) {
    const std::size_t end = std::min(text.find('\n', start), text.size());
    const std::string_view line = std::string_view(text).substr(start, end - start);
    bool blank = false;
    for (const std::string_view command : {"\\restrict ", "\\unrestrict ", "\\connect ", "\\c "}) {
      blank = blank || line.starts_with(command);
    }
    if (!blank) kept += line;
    if (end < text.size()) kept += '\n';
    start = end + 1;
  }
  return kept;
}

void make_database(Cluster& cluster) {
  const auto server = cluster.connect("postgres", Cluster::administrator(), false);
  server->query(fmt::format("DROP DATABASE IF EXISTS {}", kDatabase));
  server->query(fmt::format("CREATE DATABASE {}", kDatabase));
}

ProcessResult restore(Cluster& cluster, const fs::path& psql, const fs::path& script,
                      std::chrono::seconds limit) {
  const char* const path = std::getenv("PATH");
  Command command;
  command.arguments = {psql.string(),
                       "--no-psqlrc",
                       "--quiet",
                       "--set=VERBOSITY=verbose",
                       "--output=/dev/null",
                       "--file=" + script.filename().string(),
                       cluster.url(kDatabase, Cluster::administrator())};
  command.directory = script.parent_path();
  command.environment = std::vector<std::string>{
      fmt::format("PATH={}", path == nullptr ? "/usr/bin:/bin" : path), "LANG=C.UTF-8", "TZ=UTC",
      fmt::format("HOME={}", cluster.folder_for("home").string()), "PGOPTIONS=-c client_min_messages=error"};
  command.limit = limit;
  command.merge_error = true;
  pid_t group = 0;
  command.on_start = [&](pid_t started) {
    group = started;
    cluster.supervisor().adopt(started);
  };
  ProcessResult finished = exitgate::run(command);
  if (group != 0) cluster.supervisor().release(group);
  return finished;
}

}  // namespace

Snapshot restore_committed(Cluster& cluster, const database::ServerPrograms& programs,
                           const std::string& file, const std::string& text, std::chrono::seconds limit) {
  const auto psql = database::find_client_program("psql", programs);
  if (!psql) throw Undecided("there is no psql to restore it with", "install postgresql-client");
  const fs::path script = cluster.folder_for("committed") / "schema.sql";
  write_file(script, without_commands(text));
  for (int round = 0; round < kRounds; ++round) {
    make_database(cluster);
    const ProcessResult finished = restore(cluster, *psql, script, limit);
    if (!finished.ok()) {
      throw Undecided(fmt::format("{}: psql cannot restore it: {}: {}", file, finished.outcome(),
                                  trim(valid_utf8(finished.output))));
    }
    std::set<std::string> roles;
    const Failure* wrong = nullptr;
    const auto all = failures(valid_utf8(finished.output));
    for (const auto& failure : all) {
      if (const auto role = missing_role(failure.message)) {
        roles.insert(*role);
      } else if (wrong == nullptr && !does_not_matter(failure.message)) {
        wrong = &failure;
      }
    }
    if (!roles.empty()) {
      const auto server = cluster.connect("postgres", Cluster::administrator(), false);
      for (const auto& role : roles) server->query("CREATE ROLE " + server->identifier(role));
      continue;
    }
    if (wrong != nullptr) {
      throw Undecided(fmt::format("{}:{}: it cannot be restored: {}", file, wrong->line, wrong->message),
                      "write it anew with `pg_dump --schema-only`, or fix that statement");
    }
    return take_snapshot(*cluster.connect(kDatabase, Cluster::administrator(), true));
  }
  throw Undecided(fmt::format("{}: it names more and more roles that do not exist", file));
}

}  // namespace exitgate::collect::schema
