// What an event trigger told, added to the statement that it fired in.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/json/json.h"
#include "harness/observe/names.h"
#include "harness/observe/observe.h"

namespace exitgate::observe {

// What is known of a session's transaction.
struct Held {
  std::map<Oid, int> strengths;        // the strongest lock on each relation
  std::vector<Names::Before> renamed;  // to be put back
};

// Adds a lock, unless the transaction holds one as strong.
void add_lock(Statement& statement, Held& held, const Lock& lock);
void add_pass(Statement& statement, const Pass& pass);

// The locks that the event 'ddl_command_start' names, which statements before it took.
std::vector<Lock> locks_told(const Json& event, const std::string& database, const Names& names);

// The event 'table_rewrite', 'sql_drop' or 'ddl_command_end'. `rewritten`: reasons by table, from the first of these until
// the last.
void add_event(const Json& event, bool inside, Statement& statement, Held& held, Names& names,
               std::map<Oid, int>& rewritten);

// '5s', '250ms', '1min', '0' as the server writes a duration.
std::optional<std::int64_t> milliseconds_of(std::string_view setting);

}  // namespace exitgate::observe
