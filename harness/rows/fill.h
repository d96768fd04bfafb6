// A few rows in every table of a schema, made from what the catalogs say of each column, so that an upgrade has something to
// lose. Deterministic: the same schema gets the same rows, save what its own triggers write into them.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "harness/database/connection.h"

namespace exitgate::rows {

struct Options {
  int rows_per_table = 3;
  // Of an identity as the snapshot has it ('public.alembic_version'): tables that are neither filled nor listed, as those
  // that migration tools keep (check::ToolTables).
  std::function<bool(const std::string&)> leave_alone = {};
  // Called with the number of tables that are done, and of all.
  std::function<void(std::size_t, std::size_t)> progress = {};
  // Inserts that are tried for one row before the table is given up.
  int attempts = 24;
};

// An ordinary or partitioned table, and the rows that it has now. A partition is listed by itself as well.
struct Filled {
  std::string relation;     // 'public.orders', quoted where SQL needs it
  std::int64_t rows = 0;    // of a table with children that inherit: its own alone
  bool found = false;       // they were there before: the migrations themselves put them in
  std::string reason = {};  // why there are none: the server's last words; "" when there are some
  std::string note = {};    // what should be known of the rows: "without its triggers: …"; "" for nothing
};

// As the administrator of a server that is thrown away: triggers may be passed over by session_replication_role. Tables that
// have rows keep them and get no others. Sorted by relation. Throws Undecided when the catalogs cannot be read or the server
// goes away; that a table takes no row is told by its reason.
//
// The connection must not be in a transaction; each table's rows are committed by themselves.
std::vector<Filled> fill(database::Connection& connection, const Options& options = {});

}  // namespace exitgate::rows
