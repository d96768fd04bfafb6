// What a PostgreSQL server is seen to do with each statement that somebody's program gives it: a migration tool, a test, any
// session. Nothing is sampled: the server logs every statement, and event triggers of ours log what each schema change locked,
// rewrote, scanned, dropped and created, into the same log and so in the order of happening.
//
//   database::Cluster cluster(programs, observe::settings());
//   observe::install(*connection);                       // in the database, as superuser
//   const auto before = observe::mark(cluster, *connection);
//   … the migration runs …
//   for (const auto& statement : observe::read(cluster, before)) …
//   observe::uninstall(*connection);                     // before the schema is compared or dumped
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/database/cluster.h"
#include "harness/database/connection.h"

namespace exitgate::observe {

using Oid = std::uint32_t;

// The settings of a server that can be observed, "name=value".
std::vector<std::string> settings();

// Puts the event triggers into the connection's database, and so into each that is copied from it (template1). They lie in
// the schema pg_exitgate, which PostgreSQL and its tools take for one of the system's. The connection is a superuser's.
// Installed twice is installed once. Throws Undecided.
void install(database::Connection& connection);
void uninstall(database::Connection& connection);

// A table, view or index.
struct Relation {
  std::string name;  // 'public.orders', quoted where SQL needs it
  std::string kind;  // as facts rehearsal.lock.kind: 'table', 'index', 'sequence', …
  Oid table = 0;     // of an index, the table that it is on; else 0
};

// A moment of the server, and the relations that the database had then.
struct Mark {
  std::uintmax_t offset = 0;  // in the server's log
  std::string database;
  bool installed = false;  // the event triggers, in the database
  std::map<Oid, Relation> relations;
  std::multimap<Oid, Oid> references;  // from a table to those with a foreign key to it
};

// Now. All that clients were told to have ended before is before the mark.
Mark mark(const database::Cluster& cluster, database::Connection& connection);

// Whom a lock keeps waiting, by PostgreSQL's table of conflicts: "reads and writes", "writes" or "schema changes" (that is
// all that a reader's or writer's own lock blocks); "nothing" for what is not one of the eight modes.
std::string_view blocks_of(std::string_view mode);

// A lock on a relation that the statement took and that its transaction did not hold so strongly before. The strongest one,
// where it took several. Not among them: locks on what the statement itself created, which nobody else can see.
struct Lock {
  Oid oid = 0;
  std::string relation;  // by its name before the statement
  std::string kind;
  std::string mode;    // 'AccessExclusiveLock'
  std::string blocks;  // blocks_of(mode)
  // From the beginning of the statement to the end of its transaction; nullopt when that was not seen.
  std::optional<std::int64_t> held_us = std::nullopt;
  // The lock was gone, or no event of ours came, before it could be seen: it is what PostgreSQL's documentation says.
  bool documented = false;
};

// Something done to all rows of a table.
struct Pass {
  Oid oid = 0;
  std::string relation;  // by its name before the statement
  std::string kind;      // 'rewrite', 'scan' or 'build'
  // Of a rewrite, as the server says it ('column type', 'column default', 'persistence', 'access method') or the command
  // ('CLUSTER'); of a build, the index. "" when it is not known.
  std::string reason = {};
  bool documented = false;
};

struct Object {
  std::string kind;      // 'table', 'table column', 'index': as PostgreSQL's event triggers have it
  std::string identity;  // 'public.orders'
  Oid oid = 0;
  bool temporary = false;     // of one session
  bool of_extension = false;  // made by CREATE EXTENSION, as a part of it
  std::string tag = {};       // of the command inside that did it, when it is not the statement's own
  bool cascaded = false;      // of a dropped object: it went with another one
};

// One statement. Of a message that holds several, each is one.
struct Statement {
  std::string session;  // unique among all sessions of the server
  int process = 0;      // of the backend
  std::string user;
  std::string database;
  std::string application;                             // application_name
  std::size_t transaction = 0;                         // statements of one transaction have the same number
  std::string command;                                 // PostgreSQL's tag: 'ALTER TABLE'
  std::string text;                                    // as given, valid UTF-8
  std::vector<std::optional<std::string>> parameters;  // $1 … as text; nullopt for NULL
  std::int64_t began_us = 0;                // since 1970, in microseconds; as exact as the log: 1 ms
  std::optional<std::int64_t> duration_us;  // nullopt when it did not end or is not known
  std::string outcome = "ok";               // or the server's error, in one line; "did not end"
  std::string sqlstate = {};                // of the error
  bool transactional =
      false;  // in a transaction block, or one of several in a message: its locks stay until the end
  std::optional<bool> committed =
      std::nullopt;                 // whether its transaction was; nullopt when the end was not seen
  bool writes = false;              // INSERT, UPDATE, DELETE, MERGE, COPY FROM, TRUNCATE
  bool observed = false;            // an event trigger saw it (or a command inside of it)
  std::string problem = {};         // why something that it did could not be seen; "" when all was
  std::vector<std::string> inside;  // tags of commands in a DO block or function that it ran, in their order
  std::vector<Lock> locks;
  std::vector<Pass> passes;
  std::vector<Object> created;  // and altered
  std::vector<Object> dropped;
  std::optional<std::int64_t>
      lock_timeout_ms;  // that applied to it; 0 for none, nullopt when it was not seen
  std::optional<std::int64_t> statement_timeout_ms;

  bool ok() const { return outcome == "ok"; }
};

struct Options {
  bool reads = false;          // also those that only read, and SET, BEGIN, COMMIT and their like
  std::set<int> without = {};  // processes of connections of our own
};

// What was given to the server since the mark, in the order of beginning, by all sessions in all databases. What began
// before the mark is not among it. Throws Undecided when the log cannot be read.
std::vector<Statement> read(const database::Cluster& cluster, const Mark& from, const Options& options = {});

}  // namespace exitgate::observe
