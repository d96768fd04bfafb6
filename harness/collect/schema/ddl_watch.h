// Which schema changes a server was told to make, by whatever program and library: event triggers in the database and in
// the templates of new ones write each into the server's log, where no rollback removes it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/database/cluster.h"

namespace exitgate::collect::schema {

// One object that a statement created, altered or dropped.
struct DdlEvent {
  std::string database;
  std::string command;   // PostgreSQL's tag: "CREATE TABLE"
  std::string kind;      // "table"; "" when the server does not say it
  std::string identity;  // "public.orders"
  bool temporary = false;
  bool committed = false;   // its transaction; a part of it may have been rolled back to a savepoint
  std::string text;         // of the statement that was sent, which may hold several
  std::string transaction;  // the server's number for it
};

class DdlWatch {
 public:
  // Begins in `database` and in the templates of new ones. Throws Undecided.
  DdlWatch(const database::Cluster& cluster, std::string database);
  ~DdlWatch();
  DdlWatch(const DdlWatch&) = delete;
  DdlWatch& operator=(const DdlWatch&) = delete;

  // Ends: removes itself from `database`, and tells what was seen, in order. Throws Undecided.
  std::vector<DdlEvent> end();
  // Whether any session but Exitgate's own was opened in the meantime, in whatever database. Behind end().
  bool was_used() const { return used_; }

 private:
  void remove_from(const std::string& database);
  const database::Cluster& cluster_;
  std::string database_;
  std::size_t log_began_ = 0;
  bool ended_ = false;
  bool used_ = false;
};

// Whether the text of a server's log tells of a session that is not Exitgate's.
bool has_session_in(std::string_view log);

// The events in the text of a server's log; `committed` is left false.
std::vector<DdlEvent> ddl_events_in(std::string_view log);

}  // namespace exitgate::collect::schema
