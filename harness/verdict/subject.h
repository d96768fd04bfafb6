// What a gate is about: the rows of its `about:`, which must be looked at where they exist.
//
//   about: migrations.environment
//   about: SELECT 'a migration of ' || tool AS what, config AS file FROM migrations.environment
//   about: database                  signs of a database: migrations, a service in CI, a driver among the dependencies
//   about: unprovisioned-database    the same, while none was provisioned and no live database was read
//
// One of these two words, a table, or one SELECT over the fact tables. Of its columns `what` (one of them in words), `file` (or `path`) and
// `line` are shown, as far as they are there. Where `may_skip` is 1 of each row, what there is cannot be examined at all: the
// gate may skip, and still is not one that does not apply.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "harness/facts/facts.h"

namespace exitgate::verdict {

struct Subject {
  std::int64_t count = 0;
  std::string what;       // the first, in words: "a migration of goose", "a row of ci.workflow"
  bool may_skip = false;  // each of them cannot be examined
  std::string place;      // of the first: "db/1_init.sql:3", "db/1_init.sql" or ""
};

// "ci.workflow" becomes a query for its rows, "database" one for signs of a database; a query stays as it is.
std::string query_for_subject(const std::string& about);

// Throws Undecided for a mistake in the query.
Subject find_subject(const facts::Facts& facts, const std::string& query);

// The parts of the database stage (schema.work) that a subject's query needs. `declared`: facts::Facts::declared().
std::vector<std::string> parts_of_subject(const facts::Facts& declared, const std::string& query);

// "there is a migration of goose (db/1_init.sql, and 11 more)"
std::string in_words(const Subject& subject);

}  // namespace exitgate::verdict
