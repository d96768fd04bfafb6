// Which revisions a database says it is at: by the tables of the migration tools that the commit uses.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/collect/migrations/environment.h"
#include "harness/database/connection.h"

namespace exitgate::collect::schema {

struct Object;

// A revision that the database says it is at.
struct AppliedRevision {
  std::string revision;  // in the normal form of its tool: "5" for golang-migrate's "000005"
  std::optional<std::string> environment;  // migrations.environment.id; nullopt when it may be of any history
  // clang-tidy takes the 0 that an order is compared with for a pointer.
  auto operator<=>(const AppliedRevision&) const = default;  // NOLINT(modernize-use-nullptr)
};

// A table that the tool of a history keeps in the database about itself.
struct StateSource {
  std::string environment;
  std::string tool;
  std::string table;  // as the catalog has the name; may be qualified by its schema
  std::string query;  // with {table} in it
  std::string (*normal)(std::string_view version) = nullptr;
  std::vector<std::pair<std::string, std::vector<std::string>>> stands_for =
      {};  // Revision::stands_for, by its id
};

// Of the histories whose tools keep a table that can be asked.
std::vector<StateSource> state_sources(const std::vector<collect::Environment>& histories);
// Of the tools whose table is read although no history is known, as of a live server read on its own.
std::vector<StateSource> implicit_state_sources();

struct MigrationState {
  std::vector<AppliedRevision> revisions;  // sorted
  std::vector<std::string> problems;       // why a state could not be read
  std::vector<std::string> asked;  // histories of which a table was there to be asked; also when it is empty
};

// `query`: the configuration's own, which then alone is asked; "" for none. In a transaction of the caller's, which only
// reads.
MigrationState read_state(database::Connection& connection, const std::string& query,
                          const std::vector<StateSource>& sources, const std::vector<Object>& objects);

}  // namespace exitgate::collect::schema
