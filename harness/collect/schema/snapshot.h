// What a database is, read from its catalogs in one read-only, repeatable-read transaction, and the fingerprint of it.
//
// One row per object that a user made, with an identity that stays when other objects come and go and a
// definition in words that do not depend on OIDs, on the order of creation, on dropped columns, or on
// settings. Owners, grants and comments are objects of their own (kinds 'owner', 'grant', 'comment'), so that
// a policy may leave them out. Members of extensions are left out: the extension stands for them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/schema/sequences.h"
#include "harness/collect/schema/state.h"
#include "harness/database/connection.h"

namespace exitgate::collect::schema {

struct Object {
  std::string kind;  // "table", "column", "constraint", …
  std::optional<std::string> namespace_name;
  std::string name;
  std::string identity;    // unique among its kind: "public.orders.id"; names quoted where SQL needs it
  std::string definition;  // all that makes it what it is
  std::string sha256;      // of the definition
  // What it is part of or says something about: "table public.orders"; "" for nothing.
  std::string parent = {};
};

// What belongs to the whole server, or what the server decides about a database and no migration: versions of
// extensions, encoding and locale, settings of roles, tablespaces. No part of a snapshot's objects and fingerprint.
struct ServerObject {
  std::string kind;  // "extension version", "locale", "role setting", …
  std::string identity;
  std::string definition;
};

// An object of which the role of the connection may not see all, so that its definition is not known.
struct Hidden {
  std::string kind;
  std::string identity;
  std::string reason;
};

// How many rows a catalog says that there are of a kind of object; kind "": of sequences.
struct Count {
  std::string kind;
  std::size_t rows = 0;
  std::string catalog;  // that says so: "pg_class"
};

struct Snapshot {
  std::string database;
  std::string server_version;                // "15.18 (Debian 15.18-0+deb12u1)"
  std::vector<Object> objects;               // sorted by kind and identity
  std::string fingerprint;                   // of all objects
  std::string structure;                     // of all but owners, grants and comments
  MigrationState state;                      // which revisions the database says it is at
  std::vector<Sequence> sequences;           // where they stand: take_snapshot() only
  std::vector<Count> counts;                 // take_snapshot() only
  std::vector<ServerObject> server_objects;  // sorted
  std::vector<Hidden> hidden;
};

struct SnapshotOptions {
  std::string state_query =
      {};  // how the database says which revisions it is at, by the configuration; "": by `sources`
  std::vector<StateSource> sources =
      {};  // of the commit's histories; none: of the tools that are asked in any case
};

// In a transaction of its own. Throws Undecided naming the catalog that could not be read.
Snapshot take_snapshot(database::Connection& connection, const SnapshotOptions& options = {});

// The same in the transaction that the caller has begun.
Snapshot read_snapshot(database::Connection& connection, const SnapshotOptions& options = {});

// In a transaction of the caller's.
std::vector<Count> read_counts(database::Connection& connection);

// SHA-256 of the lines "kind TAB identity TAB sha256 NEWLINE" in the order of the bytes of kind and identity.
// The facts allow to repeat it:
//   sqlite3 -separator $'\t' schema.db "SELECT kind, identity, sha256 FROM object WHERE snapshot = 'migrated'
//     ORDER BY kind, identity" | sha256sum
// `leave_out`: kinds that do not count.
std::string fingerprint_of(const std::vector<Object>& sorted,
                           const std::vector<std::string_view>& leave_out = {});

}  // namespace exitgate::collect::schema
