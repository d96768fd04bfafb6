// The database stage: provisions an empty database twice by the target's own commands, reads both and the
// live one, and writes what it saw.
#pragma once

#include <filesystem>
#include <functional>
#include <string>

#include "harness/check/database_parts.h"
#include "harness/collect/checkout.h"
#include "harness/config/config.h"
#include "harness/redact/redactor.h"

namespace exitgate::collect {

struct DatabaseStage {
  const config::Config& config;
  const Checkout& checkout;
  std::string database_url;          // a live server to compare with; "" for none
  const redact::Redactor& redactor;  // what it knows is masked in everything that is written
  std::filesystem::path run;         // the run directory (harness/record/run_directory.h)
  // What is to be done (schema.work), and with it what that stands on. Nothing is provisioned where no part needs it.
  check::Parts parts = check::all_database_parts();
  std::filesystem::path server =
      {};  // the folder of the embedded server's programs (--server); empty: it is chosen
  // Whether an unchanged result of before may be taken (reuse_key.h), and this one kept. Never beside a live database.
  bool reuse = false;
  std::function<void(const std::string& line)> say = [](const std::string&) {};  // what became of that
};

// Writes
//   RUN/facts/schema.db                             tables: harness/facts/tables/schema.sql
//   RUN/schema/migrated.sql, migrated.txt           dump by pg_dump; the snapshot to be read by people
//   RUN/schema/live.txt                             with a live server
//   RUN/migrations/current.txt, heads.txt, history.txt
//   RUN/logs/migration.log, migration-again.log     what the commands said
//   RUN/logs/replay.log                             of the history's own SQL files, where no table tells what was applied
//   RUN/logs/server.log                             when provisioning failed: what the embedded server said
//   RUN/logs/tests/…                                the test logs that the configuration names
//
// A migration that fails, hangs or is missing is a row of schema.provisioning and no exception. What could
// not be done at all (no server installed, live server unreachable) is a row of schema.problem; schema.db is
// complete all the same, and then the first such problem is thrown as Undecided, so that it can be told.
//
// The process's own death ends the embedded servers and what the migrations started, and removes their
// folders, within moments.
void collect_database(const DatabaseStage& stage);

// Reads a live server only, into OUT/schema.db, as the snapshot of that name. Throws Undecided or UsageError.
void collect_live(const std::string& url, const std::string& snapshot_name, const std::filesystem::path& out);

}  // namespace exitgate::collect
