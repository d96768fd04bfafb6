#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <set>

#include "harness/base/text.h"
#include "harness/check/catalog.h"
#include "harness/facts/tables/schema.h"

namespace exitgate::check {
namespace {

struct Use {
  std::string relation;
  std::string column;
  std::string type;
  std::optional<std::int64_t> minimum;
  std::optional<std::int64_t> maximum;
  std::string name() const { return relation + "." + column; }
};

struct Sequence {
  std::string identity;
  std::string type;
  bool down = false;       // counts down
  std::int64_t first = 0;  // the end that it counts from
  std::int64_t last = 0;   // the end that it counts to
  std::int64_t stands_at = 0;
  bool cycles = false;
  std::string problem;
  std::vector<Use> uses;
};

std::vector<Sequence> sequences(const Facts& facts, const std::string& snapshot) {
  std::vector<Sequence> found;
  for (const Row& row :
       facts.query("SELECT identity, type, increment, minimum, maximum, coalesce(last_value, start) AS "
                   "stands_at, cycles, "
                   "coalesce(problem, '') AS problem FROM schema.sequence WHERE snapshot = ? ORDER BY 1",
                   {snapshot})) {
    Sequence one;
    one.identity = row.text("identity");
    one.type = row.text("type");
    one.down = row.integer("increment") < 0;
    one.first = one.down ? row.integer("maximum") : row.integer("minimum");
    one.last = one.down ? row.integer("minimum") : row.integer("maximum");
    one.stands_at = row.integer("stands_at");
    one.cycles = row.boolean("cycles");
    one.problem = row.text("problem");
    found.push_back(std::move(one));
  }
  // Both in the order of the sequences' identities.
  std::size_t at = 0;
  for (const schema::SequenceUse& use : facts.rows<schema::SequenceUse>(
           "WHERE snapshot = ? ORDER BY sequence, relation, column_name", {snapshot})) {
    while (at < found.size() && found[at].identity < use.sequence) ++at;
    if (at == found.size() || found[at].identity != use.sequence) continue;
    found[at].uses.push_back({use.relation, use.column_name, use.type, use.minimum, use.maximum});
  }
  return found;
}

bool is_before(const Sequence& sequence, std::int64_t value, std::int64_t end) {
  return sequence.down ? value > end : value < end;
}

// Where a column ends in the direction of the sequence.
std::optional<std::int64_t> end_of(const Sequence& sequence, const Use& use) {
  return sequence.down ? use.minimum : use.maximum;
}

// The column that can hold the least of what the sequence could still give; nullptr when all can hold all.
const Use* narrowest(const Sequence& sequence) {
  const Use* least = nullptr;
  std::int64_t end = sequence.last;
  for (const auto& use : sequence.uses) {
    const auto holds = end_of(sequence, use);
    if (!holds || !is_before(sequence, *holds, end)) continue;
    end = *holds;
    least = &use;
  }
  return least;
}

// The column that the sequence was not widened with: it stops at the end of its own, smaller type.
const Use* wider(const Sequence& sequence) {
  if (sequence.type == "bigint") return nullptr;
  const bool at_its_types_end =
      sequence.last == (sequence.type == "smallint" ? (sequence.down ? -32768 : 32767)
                                                    : (sequence.down ? -2147483648LL : 2147483647LL));
  if (!at_its_types_end) return nullptr;  // somebody chose another end
  const auto found = std::find_if(sequence.uses.begin(), sequence.uses.end(), [&](const Use& use) {
    const auto holds = end_of(sequence, use);
    return holds && is_before(sequence, sequence.last, *holds);
  });
  return found == sequence.uses.end() ? nullptr : &*found;
}

// In percent of all numbers from its first one to `end`.
double used(const Sequence& sequence, std::int64_t end) {
  const auto all = static_cast<long double>(end) - static_cast<long double>(sequence.first);
  const auto gone = static_cast<long double>(sequence.stands_at) - static_cast<long double>(sequence.first);
  if (all == 0) return 100;
  return static_cast<double>(100 * gone / all);
}

std::string widen(const Sequence& sequence, const Use& use) {
  return fmt::format(
      "`ALTER TABLE {} ALTER COLUMN {} TYPE bigint; ALTER SEQUENCE {} AS bigint;` in a migration",
      use.relation, use.column, sequence.identity);
}

void judge_room(const Sequence& sequence, const Use* narrow, const std::string& snapshot, std::int64_t share,
                Report& report) {
  const std::int64_t end = narrow != nullptr ? *end_of(sequence, *narrow) : sequence.last;
  // One that starts again has no end of its own.
  if (narrow == nullptr && sequence.cycles) return;
  const double percent = used(sequence, end);
  if (percent <= static_cast<double>(share)) return;
  const auto what =
      narrow != nullptr ? fmt::format("what column {} can hold", narrow->name()) : std::string("its range");
  std::string hint;
  if (narrow != nullptr) {
    hint = widen(sequence, *narrow);
  } else if (sequence.type == "bigint") {
    hint = fmt::format("`ALTER SEQUENCE {} {} ...;`, or start it again where numbers are free",
                       sequence.identity, sequence.down ? "MINVALUE" : "MAXVALUE");
  } else if (!sequence.uses.empty()) {
    hint = widen(sequence, sequence.uses.front());
  } else {
    hint = fmt::format("`ALTER SEQUENCE {} AS bigint;` in a migration", sequence.identity);
  }
  report.fail(
      {fmt::format("{}:{}:end", snapshot, sequence.identity), "", 0,
       fmt::format("sequence {} has used {:.3g} % of {}{}: it stands at {}, and behind {} each insert "
                   "fails",
                   sequence.identity, percent, what, in_snapshot(snapshot), sequence.stands_at, end),
       hint + ", before it is there"});
}

// The columns that are a key on their own: "public.orders.id".
std::set<std::string> keys(const Facts& facts, const std::string& snapshot) {
  std::set<std::string> found;
  for (const schema::Object& object :
       facts.rows<schema::Object>("WHERE snapshot = ? AND kind = 'constraint' AND parent LIKE 'table %' AND "
                                  "(definition LIKE 'PRIMARY KEY%' OR definition LIKE 'UNIQUE%')",
                                  {snapshot})) {
    const auto columns = listed(object.definition);
    if (columns.size() == 1) found.insert(object.parent.value_or("").substr(6) + "." + columns.front());
  }
  return found;
}

void judge_definition(const Sequence& sequence, const Use* narrow, const std::set<std::string>& keys,
                      const std::string& snapshot, Report& report) {
  if (narrow != nullptr) {
    report.fail(
        {fmt::format("{}:{}:reach", snapshot, sequence.identity), "", 0,
         fmt::format("sequence {} goes to {}, and column {}, of type {}, only to {}{}: inserts fail with "
                     "the sequence far from its own end, where nobody looks",
                     sequence.identity, sequence.last, narrow->name(), narrow->type,
                     *end_of(sequence, *narrow), in_snapshot(snapshot)),
         fmt::format("`ALTER TABLE {} ALTER COLUMN {} TYPE {};`, or `ALTER SEQUENCE {} AS {};`, in a "
                     "migration",
                     narrow->relation, narrow->column, sequence.type, sequence.identity, narrow->type)});
  } else if (const Use* const wide = wider(sequence)) {
    report.fail(
        {fmt::format("{}:{}:type", snapshot, sequence.identity), "", 0,
         fmt::format("sequence {} ends at {}, though column {} is of type {}{}: the column was widened, "
                     "and its sequence was not",
                     sequence.identity, sequence.last, wide->name(), wide->type, in_snapshot(snapshot)),
         fmt::format("`ALTER SEQUENCE {} AS {};` in a migration", sequence.identity, wide->type)});
  }
  if (!sequence.cycles) return;
  const auto key = std::find_if(sequence.uses.begin(), sequence.uses.end(),
                                [&](const Use& use) { return keys.contains(use.name()); });
  if (key == sequence.uses.end()) return;
  report.fail({fmt::format("{}:{}:cycle", snapshot, sequence.identity), "", 0,
               fmt::format("sequence {} starts again at {} behind its end, and column {} is a key{}: its "
                           "numbers are taken by then",
                           sequence.identity, sequence.first, key->name(), in_snapshot(snapshot)),
               fmt::format("`ALTER SEQUENCE {} NO CYCLE;` in a migration", sequence.identity)});
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  const auto except = with.strings("except");
  const auto share = with.integer("share");
  const bool definition = with.boolean("definition");
  const auto snapshots = snapshots_to_judge(facts, report);
  for (const auto& snapshot : snapshots) {
    const auto single_keys = keys(facts, snapshot);
    std::vector<std::string> unread;
    std::string reason;
    for (const auto& sequence : sequences(facts, snapshot)) {
      if (std::any_of(except.begin(), except.end(),
                      [&](const auto& glob) { return glob_match(glob, sequence.identity); }))
        continue;
      report.examined();
      const Use* const narrow = narrowest(sequence);
      if (definition) judge_definition(sequence, narrow, single_keys, snapshot, report);
      if (sequence.problem.empty()) {
        judge_room(sequence, narrow, snapshot, share, report);
      } else {
        unread.push_back(sequence.identity);
        if (reason.empty()) reason = sequence.problem;
      }
    }
    if (unread.empty()) continue;
    const auto more = unread.size() > 1 ? fmt::format(" and {} more", unread.size() - 1) : "";
    report.undecided(
        {fmt::format("{}:unread", snapshot), "", 0,
         fmt::format("where sequence {}{} stands cannot be read{}: {}", unread.front(), more,
                     in_snapshot(snapshot), reason),
         fmt::format("`GRANT SELECT ON SEQUENCE {} TO ...;` the role of the database URL, or take another "
                     "role",
                     join(unread, ", "))});
  }
  if (report.examined_count() == 0 && !snapshots.empty() && report.undecided_findings().empty())
    report.skip("the schema has no sequence");
}

const Check check{
    .name = "sequence-end",
    .title = "No sequence is near its end",
    .why =
        "A sequence that has run out, or that runs over the type of its column, ends all inserts into its "
        "table at once; and widening the key of a large table takes longer than anybody can wait then.",
    .domains = {"schema"},
    .parts = Parts{"migrated", "live"},
    .parameters =
        {{"share", Parameter::integer, "80",
          "percent of its numbers that a sequence may have used: of its own, or of those that the "
          "smallest integer column filled from it can hold"},
         {"definition", Parameter::boolean, "true",
          "whether definitions are judged too, however much is used: a column that holds less than its "
          "sequence gives, a sequence that was not widened with its column, one that starts again under a "
          "key"},
         {"except", Parameter::strings, "[]", "globs of sequences (schema.name) that are not judged"}},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
