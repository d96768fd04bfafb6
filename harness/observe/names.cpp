#include "harness/observe/names.h"

#include <algorithm>

namespace exitgate::observe {

namespace {

// The parts of 'public."Order"' as the catalog has them: schema and name.
std::pair<std::string, std::string> unquoted(std::string_view identity) {
  std::pair<std::string, std::string> parts;
  std::string* part = &parts.first;
  bool quoted = false;
  for (std::size_t at = 0; at < identity.size(); ++at) {
    const char c = identity[at];
    if (c == '"') {
      if (quoted && at + 1 < identity.size() && identity[at + 1] == '"') {
        *part += c;
        ++at;
      } else {
        quoted = !quoted;
      }
    } else if (c == '.' && !quoted) {
      part = &parts.second;
    } else {
      *part += c;
    }
  }
  return parts;
}

}  // namespace

std::string_view kind_of_relation(std::string_view relkind) {
  if (relkind == "r") return "table";
  if (relkind == "p") return "partitioned table";
  if (relkind == "i" || relkind == "I") return "index";
  if (relkind == "v") return "view";
  if (relkind == "m") return "materialized view";
  if (relkind == "S") return "sequence";
  if (relkind == "f") return "foreign table";
  return "";
}

Names::Names(const Mark& mark) : marked_(mark.database), references_(mark.references) {
  for (const auto& [oid, relation] : mark.relations) known_[{mark.database, oid}] = relation;
}

const Relation* Names::find(const std::string& database, Oid oid) const {
  const auto found = known_.find({database, oid});
  return found == known_.end() ? nullptr : &found->second;
}

Names::Before Names::set(const std::string& database, Oid oid, Relation relation) {
  Relation& known = known_[{database, oid}];
  Before before{database, oid, known};
  if (relation.kind.empty()) relation.kind = known.kind;
  if (relation.table == 0) relation.table = known.table;
  known = std::move(relation);
  return before;
}

void Names::put_back(const Before& before) {
  if (before.relation.name.empty()) {
    known_.erase({before.database, before.oid});
  } else {
    known_[{before.database, before.oid}] = before.relation;
  }
}

Oid Names::find(const std::string& database, std::string_view schema, std::string_view name) const {
  Oid found = 0;
  bool several = false;
  for (auto at = known_.lower_bound({database, 0}); at != known_.end() && at->first.first == database; ++at) {
    const auto [its_schema, its_name] = unquoted(at->second.name);
    if (its_name != name || (!schema.empty() && its_schema != schema)) continue;
    // What has its name now is the later one.
    if (!schema.empty() || its_schema == "public") return at->first.second;
    several = found != 0;
    found = at->first.second;
  }
  return several ? 0 : found;
}

std::vector<Oid> Names::indexes_of(const std::string& database, Oid table) const {
  std::vector<Oid> found;
  for (auto at = known_.lower_bound({database, 0}); at != known_.end() && at->first.first == database; ++at) {
    if (at->second.table == table) found.push_back(at->first.second);
  }
  return found;
}

std::vector<Oid> Names::referencing(const std::string& database, Oid table) const {
  std::vector<Oid> found = {table};
  if (database != marked_) return found;
  for (std::size_t at = 0; at < found.size(); ++at) {
    const auto [first, last] = references_.equal_range(found[at]);
    for (auto one = first; one != last; ++one) {
      if (std::find(found.begin(), found.end(), one->second) == found.end()) found.push_back(one->second);
    }
  }
  return found;
}

}  // namespace exitgate::observe
