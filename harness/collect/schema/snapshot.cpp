#include "harness/collect/schema/snapshot.h"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/base/thread_group.h"
#include "harness/collect/schema/catalog.h"
#include "harness/digest/digest.h"

namespace exitgate::collect::schema {

namespace {

constexpr int kOldestMajor = 12;
constexpr int kNewestMajor = 18;

// A database without an encoding may hold any bytes. What is not UTF-8 is written as \xff, so that names stay
// different from one another, and facts and reports are text.
void make_text(std::string& text) {
  if (!invalid_utf8(text)) return;
  std::string readable;
  std::string_view rest = text;
  while (const auto invalid = invalid_utf8(rest)) {
    readable += rest.substr(0, *invalid);
    readable += fmt::format("\\x{:02x}", static_cast<unsigned char>(rest[*invalid]));
    rest.remove_prefix(*invalid + 1);
  }
  text = readable.append(rest);
}

bool has_no_encoding(const database::Connection& connection) {
  return connection.parameter("server_encoding") == "SQL_ASCII";
}

void make_text(std::vector<Sequence>& sequences) {
  for (auto& sequence : sequences) {
    make_text(sequence.identity);
    for (auto& use : sequence.uses) {
      make_text(use.relation);
      make_text(use.column);
    }
  }
}

void make_text(std::vector<Object>& objects) {
  for (auto& object : objects) {
    for (std::string* const text : {&object.name, &object.identity, &object.definition, &object.parent}) {
      make_text(*text);
    }
    object.sha256.clear();
    if (object.namespace_name) make_text(*object.namespace_name);
  }
}

// An object is large: their places are sorted, and then each is moved once.
void sort_objects(std::vector<Object>& objects) {
  std::vector<std::size_t> order(objects.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    const Object& left = objects[a];
    const Object& right = objects[b];
    return std::tie(left.kind, left.identity, left.sha256) <
           std::tie(right.kind, right.identity, right.sha256);
  });
  for (std::size_t start = 0; start < order.size(); ++start) {
    if (order[start] == start) continue;
    Object first = std::move(objects[start]);
    std::size_t at = start;
    for (std::size_t from = order[at]; from != start; from = order[at]) {
      objects[at] = std::move(objects[from]);
      order[at] = at;
      at = from;
    }
    objects[at] = std::move(first);
    order[at] = at;
  }
}

// Before PostgreSQL 14 a role that is no superuser sees but some columns of pg_subscription.
void find_unreadable(database::Connection& connection, Reader& reader) {
  const auto columns = connection.query(
      "SELECT attname FROM pg_catalog.pg_attribute WHERE attrelid = 'pg_catalog.pg_subscription'::regclass "
      "AND attnum > 0 AND NOT pg_catalog.has_column_privilege(attrelid, attnum, 'SELECT')");
  for (int row = 0; row < columns.rows(); ++row) reader.set_unreadable(std::string(columns.text(row, 0)));
}

// All that the transaction has to say; the objects as they came.
Snapshot read_catalogs(database::Connection& connection, const SnapshotOptions& options) {
  if (connection.server_version() < kOldestMajor * 10'000) {
    throw Undecided(
        fmt::format("{}: PostgreSQL {} is too old: {} is the oldest that is read", connection.description(),
                    connection.parameter("server_version"), kOldestMajor),
        "upgrade the server");
  }
  if (connection.server_version() >= (kNewestMajor + 1) * 10'000) {
    throw Undecided(
        fmt::format("{}: PostgreSQL {} is newer than what is known: {} is the newest that is read",
                    connection.description(), connection.parameter("server_version"), kNewestMajor),
        "take a newer Exitgate: this one would overlook what that version brought");
  }
  Snapshot snapshot;
  snapshot.database = connection.database();
  snapshot.server_version = connection.parameter("server_version");
  Reader reader(connection.server_version());
  find_unreadable(connection, reader);
  ask_for_names(reader);
  ask_for_relations(reader);
  ask_for_table_parts(reader);
  ask_for_types(reader);
  ask_for_routines(reader);
  ask_for_search(reader);
  ask_for_database_wide(reader);
  ask_for_replication(reader);
  ask_for_settings(reader);
  ask_for_initial_privileges(reader);
  ask_for_sequence_uses(reader);
  ask_for_comments(reader);
  ask_for_server(reader);
  reader.run(connection);
  snapshot.objects = std::move(reader.objects);
  snapshot.server_objects = std::move(reader.server_objects);
  snapshot.hidden = std::move(reader.hidden);
  snapshot.sequences = std::move(reader.sequences);
  std::sort(snapshot.server_objects.begin(), snapshot.server_objects.end(),
            [](const ServerObject& left, const ServerObject& right) {
              return std::tie(left.kind, left.identity, left.definition) <
                     std::tie(right.kind, right.identity, right.definition);
            });
  // Everything else is converted by the server, and is an error of its when it cannot be.
  if (has_no_encoding(connection)) make_text(snapshot.objects);
  snapshot.state =
      read_state(connection, options.state_query,
                 options.sources.empty() ? implicit_state_sources() : options.sources, snapshot.objects);
  return snapshot;
}

// Their order, and what is computed of them.
void finish(Snapshot& snapshot) {
  for (auto& object : snapshot.objects) {
    if (object.sha256.empty()) object.sha256 = digest::sha256_hex(object.definition);
  }
  sort_objects(snapshot.objects);
  snapshot.fingerprint = fingerprint_of(snapshot.objects);
  snapshot.structure = fingerprint_of(snapshot.objects, {"owner", "grant", "comment"});
}

}  // namespace

std::string fingerprint_of(const std::vector<Object>& sorted,
                           const std::vector<std::string_view>& leave_out) {
  digest::Sha256 digest;
  std::string line;
  for (const auto& object : sorted) {
    if (std::find(leave_out.begin(), leave_out.end(), object.kind) != leave_out.end()) continue;
    line.assign(object.kind)
        .append("\t")
        .append(object.identity)
        .append("\t")
        .append(object.sha256)
        .append("\n");
    digest.update(line);
  }
  return digest.hex();
}

Snapshot take_snapshot(database::Connection& connection, const SnapshotOptions& options) {
  connection.query("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
  Snapshot snapshot = read_catalogs(connection, options);
  // Sorting and digests need no server, and the rest needs no objects.
  ThreadGroup finishing;
  finishing.start([&snapshot] { finish(snapshot); });
  snapshot.counts = read_counts(connection);
  connection.query("COMMIT");
  read_positions(connection, snapshot.sequences);
  if (has_no_encoding(connection)) make_text(snapshot.sequences);
  finishing.join();
  return snapshot;
}

Snapshot read_snapshot(database::Connection& connection, const SnapshotOptions& options) {
  Snapshot snapshot = read_catalogs(connection, options);
  finish(snapshot);
  return snapshot;
}

}  // namespace exitgate::collect::schema
