#include "harness/collect/migrations/dropped_indexes.h"

#include <algorithm>
#include <deque>

#include "harness/base/text.h"
#include "harness/collect/migrations/sql_indexes.h"
#include "harness/collect/migrations/tool.h"

namespace exitgate::collect {

namespace {

constexpr int kMostRenames = 16;

// Two schemas may have an index of one name; which of them a statement means is seldom written.
std::string unqualified(const std::string& name) {
  return name.substr(name.rfind('.') + 1);
}

bool is_pending(const Statement& statement) {
  return statement.kind == kDropUniqueIndex && !statement.harmless;
}

// How many steps back a revision is, for what comes before another.
std::map<const Revision*, std::size_t> distances(const Environment& environment, const Revision& from) {
  std::map<std::string_view, const Revision*> by_id;
  for (const auto& revision : environment.revisions) by_id.emplace(revision.id, &revision);
  std::map<const Revision*, std::size_t> found;
  std::deque<std::pair<const Revision*, std::size_t>> open = {{&from, 0}};
  while (!open.empty()) {
    const auto [revision, distance] = open.front();
    open.pop_front();
    for (const auto* list : {&revision->down, &revision->depends}) {
      for (const auto& id : *list) {
        const auto parent = by_id.find(id);
        if (parent != by_id.end() && found.emplace(parent->second, distance + 1).second)
          open.emplace_back(parent->second, distance + 1);
      }
    }
  }
  return found;
}

// The last change of an index of the name among the first `count` statements.
const Statement* last_change(const std::vector<Statement>& statements, std::size_t count,
                             const std::string& name) {
  for (std::size_t i = count; i > 0; --i) {
    const Statement& one = statements[i - 1];
    if (is_index_change(one) && unqualified(one.object) == name) return &one;
  }
  return nullptr;
}

// Whether what comes after `at` makes a unique index of the name, or one of the same definition, whatever it is called.
bool makes_again(const std::vector<Statement>& statements, std::size_t at, const std::string& name,
                 const Statement* dropped) {
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const Statement& one = statements[i];
    const bool unique = one.kind == kCreateUniqueIndex;
    const bool same = dropped != nullptr && !one.text.empty() && one.text == dropped->text;
    if (unique && (same || (i > at && unqualified(one.object) == name))) return true;
    if (i <= at || one.kind != kRenameIndex || unqualified(one.object) != name) continue;
    const Statement* const renamed = last_change(statements, i, unqualified(one.columns.front()));
    if (renamed != nullptr && renamed->kind == kCreateUniqueIndex) return true;
  }
  return false;
}

// `DROP INDEX IF EXISTS i` before `CREATE INDEX i`, where no other migration creates it: it is to make the migration
// repeatable.
bool is_guard(const std::vector<Statement>& statements, std::size_t at, const std::string& name) {
  const std::string text = lower(statements[at].text);
  return (text.find("if exists") != std::string::npos || text.find("if_exists") != std::string::npos) &&
         std::any_of(statements.begin() + static_cast<std::ptrdiff_t>(at), statements.end(),
                     [&](const Statement& one) {
                       return one.kind == kCreateIndex && unqualified(one.object) == name;
                     });
}

// The tool made the index beside a column, and its name tells of which kind it is.
bool is_plain_by_name(const Environment& environment, const std::string& name) {
  const Tool* const tool = find_tool(environment.tool);
  return tool != nullptr && tool->names_plain_index != nullptr && tool->names_plain_index(name);
}

}  // namespace

IndexHistory::IndexHistory(const std::vector<Environment>& environments) {
  for (const auto& environment : environments) {
    for (const auto& revision : environment.revisions) {
      for (std::size_t i = 0; i < revision.statements.size(); ++i) {
        if (is_index_change(revision.statements[i]))
          by_name_[unqualified(revision.statements[i].object)].push_back({&environment, &revision, i});
      }
    }
  }
}

// The nearest one that comes before the revision; else any of its history's; else any other history's, of which one that is
// unique counts.
const Statement* IndexHistory::created_before(const Environment& environment, const Revision& revision,
                                              const std::string& name) const {
  const auto known = by_name_.find(name);
  if (known == by_name_.end()) return nullptr;
  const auto before = distances(environment, revision);
  const Statement* best = nullptr;
  std::size_t best_rank = 0;
  for (const auto& one : known->second) {
    if (one.revision == &revision) continue;
    const auto distance = before.find(one.revision);
    const std::size_t rank = distance != before.end()          ? distance->second
                             : one.environment == &environment ? SIZE_MAX - 1
                                                               : SIZE_MAX;
    const Statement& found = one.revision->statements[one.at];
    // Of one migration the last, of those whose order is not known a unique one.
    const bool wins = best == nullptr || rank < best_rank ||
                      (rank == best_rank && (rank < SIZE_MAX - 1 || found.kind == kCreateUniqueIndex));
    if (!wins) continue;
    best = &found;
    best_rank = rank;
  }
  return best;
}

// Of an index that was given another name, what created it.
const Statement* IndexHistory::creation(const Statement* change, const Environment& environment,
                                        const Revision& revision, int depth) const {
  if (change == nullptr || change->kind != kRenameIndex) return change;
  if (depth <= 0) return nullptr;
  const std::string old = unqualified(change->columns.front());
  const Statement* before = created_before(environment, revision, old);
  if (before == nullptr) before = last_change(revision.statements, revision.statements.size(), old);
  return before == change ? nullptr : creation(before, environment, revision, depth - 1);
}

std::vector<Statement> IndexHistory::decided(const Environment& environment, const Revision& revision,
                                             std::vector<Statement> statements) const {
  std::vector<Statement> found;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    Statement one = statements[i];
    if (is_index_change(one)) continue;
    if (is_pending(one)) {
      const std::string name = unqualified(one.object);
      if (last_change(statements, i, name) != nullptr) continue;
      const Statement* const created =
          creation(created_before(environment, revision, name), environment, revision, kMostRenames);
      if (created != nullptr && created->kind == kCreateIndex) continue;
      if (created == nullptr && (is_guard(statements, i, name) || is_plain_by_name(environment, name)))
        continue;
      if (makes_again(statements, i, name, created)) {
        one.harmless = true;
        one.reason = "the same migration makes it again";
      } else if (created == nullptr) {
        one.kind = "undecided";
        one.object.clear();
        one.reason = "no migration creates the index, so whether it is unique is not known";
      }
    }
    found.push_back(std::move(one));
  }
  return found;
}

}  // namespace exitgate::collect
