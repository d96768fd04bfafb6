#include "harness/observe/events.h"

#include <algorithm>
#include <charconv>

#include "harness/base/text.h"
#include "harness/observe/modes.h"

namespace exitgate::observe {

namespace {

Oid oid_of(const Json& value) {
  return value.is_integer() ? static_cast<Oid>(value.integer()) : 0;
}

std::string string_of(const Json& value) {
  return value.is_string() ? value.text() : "";
}

// By the bits of pg_event_trigger_table_rewrite_reason(): AT_REWRITE_… in src/include/commands/event_trigger.h.
std::string reason_of(int bits) {
  std::vector<std::string> reasons;
  if ((bits & 1) != 0) reasons.emplace_back("persistence");
  if ((bits & 2) != 0) reasons.emplace_back("column default");
  if ((bits & 4) != 0) reasons.emplace_back("column type");
  if ((bits & 8) != 0) reasons.emplace_back("access method");
  return join(reasons, ", ");
}

bool is_relation(const std::string& kind) {
  return kind == "table" || kind == "index" || kind == "view" || kind == "materialized view" ||
         kind == "sequence" || kind == "foreign table";
}

bool is_concurrent(const Statement& statement) {
  return (statement.command == "CREATE INDEX" || statement.command == "REINDEX") &&
         lower(statement.text).find("concurrently") != std::string::npos;
}

void add_passes(const Json& event, Statement& statement, const Names& names,
                const std::map<Oid, int>& rewritten) {
  const auto name_of = [&](Oid oid, const std::string& otherwise) {
    const Relation* const known = names.find(statement.database, oid);
    return known != nullptr && !known->name.empty() ? known->name : otherwise;
  };
  std::map<Oid, std::int64_t> scans;
  for (const auto& [key, times] : event["scans"].members()) {
    Oid oid = 0;
    std::from_chars(key.data(), key.data() + key.size(), oid);
    // Of an index it is how often something was looked up in it.
    const Relation* const known = names.find(statement.database, oid);
    if (known != nullptr && known->kind != "index") scans[oid] = times.integer();
  }
  for (const auto& file : event["written"].items()) {
    if (string_of(file[1]) == "i") continue;
    const Oid oid = oid_of(file[0]);
    const auto told = rewritten.find(oid);
    std::string reason = told != rewritten.end() ? reason_of(told->second) : "";
    // A table that is moved is copied block by block, and no event of a rewrite comes.
    if (reason.empty()) reason = event.text_or("tag") == "ALTER TABLE" ? "tablespace" : event.text_or("tag");
    add_pass(statement, {oid, name_of(oid, string_of(file[2])), "rewrite", reason});
    // Its rows were read for that, and once more for each of its indexes.
    scans.erase(oid);
  }
  const std::int64_t reads_per_index = is_concurrent(statement) ? 2 : 1;
  for (const auto& file : event["written"].items()) {
    if (string_of(file[1]) != "i") continue;
    const Oid table = oid_of(file[3]);
    const auto read = scans.find(table);
    if (read != scans.end()) {
      add_pass(statement, {table, name_of(table, ""), "build", string_of(file[2])});
      read->second -= reads_per_index;
    } else if (names.find(statement.database, oid_of(file[0])) != nullptr &&
               statement.command == "ALTER INDEX") {
      add_pass(statement,
               {oid_of(file[0]), name_of(oid_of(file[0]), string_of(file[2])), "rewrite", "tablespace"});
    }
  }
  for (const auto& [oid, times] : scans) {
    if (times > 0) add_pass(statement, {oid, name_of(oid, ""), "scan"});
  }
}

void add_objects(const Json& event, bool inside, Statement& statement, Held& held, Names& names) {
  for (const auto& told : event["objects"].items()) {
    Object object;
    object.kind = string_of(told[0]);
    object.identity = string_of(told[1]);
    object.oid = oid_of(told[2]);
    object.temporary = told[3].is_boolean() && told[3].boolean();
    object.of_extension = told[4].is_boolean() && told[4].boolean();
    if (const std::string tag = string_of(told[5]); inside || tag != statement.command) object.tag = tag;
    if (is_relation(object.kind)) {
      const Relation* const known = names.find(statement.database, object.oid);
      // Nobody else can see it before its transaction ends.
      if (known == nullptr) held.strengths[object.oid] = strength_of("AccessExclusiveLock");
      held.renamed.push_back(names.set(statement.database, object.oid,
                                       {object.identity, known != nullptr ? known->kind : object.kind}));
    }
    statement.created.push_back(std::move(object));
  }
  for (const auto& file : event["written"].items()) {
    held.renamed.push_back(
        names.set(statement.database, oid_of(file[0]),
                  {string_of(file[2]), std::string(kind_of_relation(string_of(file[1]))), oid_of(file[3])}));
  }
}

}  // namespace

void add_lock(Statement& statement, Held& held, const Lock& lock) {
  const int strength = strength_of(lock.mode);
  int& before = held.strengths[lock.oid];
  if (lock.oid != 0) {
    if (strength <= before) return;
    before = strength;
  }
  const auto same = std::find_if(statement.locks.begin(), statement.locks.end(), [&](const Lock& one) {
    return lock.oid != 0 ? one.oid == lock.oid : one.relation == lock.relation;
  });
  if (same == statement.locks.end()) {
    statement.locks.push_back(lock);
  } else if (strength > strength_of(same->mode)) {
    // By the name that it had before the statement, which may have changed within.
    same->mode = lock.mode;
    same->blocks = lock.blocks;
    same->documented = lock.documented;
  }
}

void add_pass(Statement& statement, const Pass& pass) {
  if (pass.relation.empty()) return;
  const auto same = [&](const Pass& one) {
    return one.kind == pass.kind && one.relation == pass.relation && one.reason == pass.reason;
  };
  if (std::none_of(statement.passes.begin(), statement.passes.end(), same)) statement.passes.push_back(pass);
}

std::vector<Lock> locks_told(const Json& event, const std::string& database, const Names& names) {
  std::vector<Lock> locks;
  for (const auto& told : event["locks"].items()) {
    Lock lock;
    lock.oid = oid_of(told[0]);
    lock.mode = mode_of(static_cast<int>(told[1].integer()));
    lock.blocks = blocks_of(lock.mode);
    lock.kind = kind_of_relation(string_of(told[2]));
    lock.relation = string_of(told[3]);
    if (const Relation* const known = names.find(database, lock.oid);
        known != nullptr && !known->name.empty()) {
      lock.relation = known->name;
      lock.kind = known->kind;
    }
    // Without a name it is gone and was a table of the system's: of TOAST, or one made for a rewrite.
    if (lock.relation.empty() || lock.kind.empty() || lock.relation.starts_with("pg_") ||
        lock.relation.starts_with("information_schema."))
      continue;
    locks.push_back(std::move(lock));
  }
  return locks;
}

void add_event(const Json& event, bool inside, Statement& statement, Held& held, Names& names,
               std::map<Oid, int>& rewritten) {
  const std::string what = event.text_or("event");
  if (what == "table_rewrite") {
    rewritten[oid_of(event["oid"])] = static_cast<int>(event.integer_or("reason", 0));
    return;
  }
  if (what == "sql_drop") {
    for (const auto& told : event["dropped"].items()) {
      Object object;
      object.kind = string_of(told[0]);
      object.identity = string_of(told[1]);
      object.oid = oid_of(told[2]);
      object.temporary = told[3].is_boolean() && told[3].boolean();
      object.cascaded = told[4].is_boolean() && told[4].boolean();
      if (inside) object.tag = event.text_or("tag");
      if (is_relation(object.kind) && names.find(statement.database, object.oid) == nullptr)
        names.set(statement.database, object.oid, {object.identity, object.kind});
      statement.dropped.push_back(std::move(object));
    }
    return;
  }
  for (const auto& lock : locks_told(event, statement.database, names)) add_lock(statement, held, lock);
  add_passes(event, statement, names, rewritten);
  rewritten.clear();
  for (const auto& told : event["locks"].items()) {
    const std::string kind(kind_of_relation(string_of(told[2])));
    if (!kind.empty() && !string_of(told[3]).empty())
      held.renamed.push_back(
          names.set(statement.database, oid_of(told[0]), {string_of(told[3]), kind, oid_of(told[4])}));
  }
  add_objects(event, inside, statement, held, names);
}

std::optional<std::int64_t> milliseconds_of(std::string_view setting) {
  std::int64_t number = 0;
  const auto [end, problem] = std::from_chars(setting.data(), setting.data() + setting.size(), number);
  if (problem != std::errc()) return std::nullopt;
  const std::string_view unit = setting.substr(static_cast<std::size_t>(end - setting.data()));
  if (unit.empty() || unit == "ms") return number;
  if (unit == "s") return number * 1000;
  if (unit == "min") return number * 60'000;
  if (unit == "h") return number * 3'600'000;
  if (unit == "d") return number * 86'400'000;
  return std::nullopt;
}

}  // namespace exitgate::observe
