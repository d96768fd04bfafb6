// A snapshot beside `pg_dump --schema-only` of the same database: whole commands, in turns, with what each
// needs of time and memory.
//
//   snapshot-benchmark [TABLES…]            1000 and 10000 by default; an embedded server is made for it
//
// Each table has 8 columns, a primary key, 2 indexes and a foreign key; each tenth one also a view, a
// function and a policy. Printed for each size: the least of five runs in turns of
//   pg_dump     pg_dump --schema-only, to a file
//   snapshot    this program again, as a process of its own: connects, takes the snapshot
//   collect     the same, and writes schema.db as `exitgate collect --database` does
#include <fcntl.h>
#include <fmt/core.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <exception>
#include <iostream>
#include <limits>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/collect/schema/collect.h"
#include "harness/collect/schema/snapshot.h"
#include "harness/database/cluster.h"

namespace exitgate {
namespace {

struct Spent {
  double seconds = std::numeric_limits<double>::max();
  double megabytes = 0;  // at most resident
};

Spent spend(const std::vector<std::string>& arguments) {
  std::vector<char*> words;
  for (const auto& argument : arguments) words.push_back(const_cast<char*>(argument.c_str()));
  words.push_back(nullptr);
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = ::fork();
  if (child == 0) {
    ::execv(words[0], words.data());
    ::_exit(127);
  }
  int status = 0;
  rusage usage{};
  ::wait4(child, &status, 0, &usage);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
    throw Undecided(fmt::format("{} failed", arguments.front()));
  }
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - start;
  return {took.count(), static_cast<double>(usage.ru_maxrss) / 1024.0};
}

void fill(database::Connection& connection, int tables) {
  connection.query(
      "CREATE SCHEMA app; CREATE ROLE reader;"
      "CREATE TABLE app.table_0 (id bigint PRIMARY KEY)");
  // In portions: each table is locked until the end of its transaction.
  for (int from = 1; from <= tables; from += 250) {
    connection.query(fmt::format(R"sql(
DO $do$
BEGIN
  FOR n IN {}..{} LOOP
    EXECUTE format($q$
      CREATE TABLE app.table_%1$s (id bigint PRIMARY KEY, parent_id bigint REFERENCES app.table_%2$s (id),
        name varchar(80) NOT NULL, note text DEFAULT 'none', amount numeric(12, 2), state text NOT NULL,
        created timestamptz DEFAULT now() NOT NULL, payload jsonb);
      CREATE INDEX table_%1$s_parent ON app.table_%1$s (parent_id);
      CREATE INDEX table_%1$s_state ON app.table_%1$s (state, created DESC)
    $q$, n, n - 1);
    IF n % 10 = 0 THEN
      EXECUTE format($q$
        CREATE VIEW app.view_%1$s AS SELECT t.id, t.name, r.id AS root FROM app.table_%1$s t
          JOIN app.table_0 r ON r.id = t.parent_id WHERE t.amount > 10;
        CREATE FUNCTION app.function_%1$s(a integer, b text) RETURNS text LANGUAGE sql AS
          $body$ SELECT a || b || '%1$s' $body$;
        CREATE INDEX table_%1$s_open ON app.table_%1$s (created) WHERE state <> 'done';
        ALTER TABLE app.table_%1$s ENABLE ROW LEVEL SECURITY;
        CREATE POLICY own ON app.table_%1$s TO reader USING (state = current_user)
      $q$, n);
    END IF;
  END LOOP;
END $do$)sql",
                                 from, std::min(tables, from + 249)));
  }
  // As autovacuum would have done by now.
  connection.query("VACUUM ANALYZE");
}

}  // namespace
}  // namespace exitgate

int main(int count, char** words) {
  using namespace exitgate;
  const std::vector<std::string> arguments(words + 1, words + count);
  try {
    if (arguments.size() >= 2 && arguments[0] == "--snapshot") {
      database::Connection connection(database::target_of(arguments[1]), {}, true);
      const auto snapshot = collect::schema::take_snapshot(connection);
      if (arguments.size() > 2) std::cout << snapshot.objects.size() << " " << snapshot.fingerprint << "\n";
      return 0;
    }
    if (arguments.size() == 3 && arguments[0] == "--collect") {
      collect::collect_live(arguments[1], "live", arguments[2]);
      return 0;
    }
    std::vector<int> sizes;
    for (const auto& argument : arguments) sizes.push_back(std::atoi(argument.c_str()));
    if (sizes.empty()) sizes = {1000, 10'000};
    const auto programs = database::find_server_programs();
    const auto pg_dump = database::find_client_program("pg_dump", programs);
    if (!pg_dump) throw Undecided("there is no pg_dump to compare with");
    const TemporaryDirectory folder;
    fmt::print("{:>7}  {:<9} {:>8} {:>7} {:>15}\n", "tables", "command", "seconds", "MB", "time/pg_dump");
    for (const int tables : sizes) {
      const database::Cluster cluster(programs);
      fill(*cluster.connect("postgres", "postgres", false), tables);
      const std::string url = cluster.url("postgres", "postgres");
      const std::string self = "/proc/self/exe";
      const std::vector<std::pair<const char*, std::vector<std::string>>> commands = {
          {"pg_dump",
           {pg_dump->string(), "--schema-only", "-d", url, "-f", (folder.path() / "dump.sql").string()}},
          {"snapshot", {self, "--snapshot", url}},
          {"collect", {self, "--collect", url, (folder.path() / "facts").string()}}};
      std::vector<Spent> least(commands.size());
      for (int round = 0; round < 5; ++round) {
        for (std::size_t at = 0; at < commands.size(); ++at) {
          const Spent spent = spend(commands[at].second);
          least[at].seconds = std::min(least[at].seconds, spent.seconds);
          least[at].megabytes = std::max(least[at].megabytes, spent.megabytes);
        }
      }
      for (std::size_t at = 0; at < commands.size(); ++at) {
        fmt::print("{:>7}  {:<9} {:>8.3f} {:>7.1f} {:>15.2f}\n", tables, commands[at].first,
                   least[at].seconds, least[at].megabytes, least[at].seconds / least[0].seconds);
      }
    }
  } catch (const std::exception& problem) {
    std::cerr << problem.what() << "\n";
    return 1;
  }
}
