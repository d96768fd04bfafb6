#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "harness/base/text.h"
#include "harness/check/catalog.h"
#include "harness/check/check.h"
#include "harness/check/provisioning.h"
#include "harness/facts/tables/schema.h"
#include "harness/schema/column_order.h"

namespace exitgate::check {
namespace {

// Objects that one snapshot has and the other has not, or has otherwise.
constexpr std::string_view kDifferences = R"sql(
SELECT a.kind AS kind, a.identity AS identity,
       CASE WHEN b.identity IS NULL THEN 'only-first' ELSE 'changed' END AS change,
       a.definition AS first, b.definition AS second, a.parent AS parent
  FROM schema.object a
  LEFT JOIN schema.object b ON b.snapshot = ?2 AND b.kind = a.kind AND b.identity = a.identity
 WHERE a.snapshot = ?1 AND (b.identity IS NULL OR b.sha256 <> a.sha256)
UNION ALL
SELECT b.kind, b.identity, 'only-second', NULL, b.definition, b.parent
  FROM schema.object b
 WHERE b.snapshot = ?2 AND NOT EXISTS (
   SELECT 1 FROM schema.object a WHERE a.snapshot = ?1 AND a.kind = b.kind AND a.identity = b.identity)
 ORDER BY 1, 2
)sql";

struct Snapshot {
  std::string name;
  std::string fingerprint;
};

std::optional<Snapshot> snapshot(const Facts& facts, const std::string& name) {
  auto fingerprint = facts.text("SELECT fingerprint FROM schema.snapshot WHERE name = ?", {name});
  if (!fingerprint) return std::nullopt;
  return Snapshot{name, *fingerprint};
}

struct Difference {
  std::string kind;
  std::string identity;
  std::string change;  // 'only-first', 'only-second', 'changed'
  std::string first;   // definitions
  std::string second;
  std::string parent;
  std::vector<std::size_t> parts = {};  // what came or went with it
  bool is_part = false;
};

// In the order of kind and identity. What came or went with something else, as a new table's columns with it,
// is a part of that.
std::vector<Difference> differences(const Facts& facts, const Snapshot& first, const Snapshot& second) {
  std::vector<Difference> found;
  std::map<std::pair<std::string, std::string>, std::size_t> whole;  // by change and "kind identity"
  for (const Row& row : facts.query(kDifferences, {first.name, second.name})) {
    Difference one{row.text("kind"),  row.text("identity"), row.text("change"),
                   row.text("first"), row.text("second"),   row.text("parent")};
    // Columns that came or went say so themselves.
    if (one.kind == schema::kColumnOrder &&
        (one.change != "changed" || schema::same_column_order(one.first, one.second)))
      continue;
    if (one.change != "changed") whole[{one.change, one.kind + " " + one.identity}] = found.size();
    found.push_back(std::move(one));
  }
  for (std::size_t at = 0; at < found.size(); ++at) {
    std::size_t top = at;
    for (int steps = 0; steps < 8; ++steps) {
      const auto above = whole.find({found[at].change, found[top].parent});
      if (above == whole.end() || above->second == top) break;
      top = above->second;
    }
    if (top == at) continue;
    found[at].is_part = true;
    found[top].parts.push_back(at);
  }
  return found;
}

// In words.
std::string described(const Difference& one, const std::string& first, const std::string& second) {
  const auto subject = fmt::format("{} {}", one.kind, one.identity);
  const auto more = one.parts.empty()
                        ? ""
                        : fmt::format(", with {} that belong to it", count_of(one.parts.size(), "object"));
  if (one.change == "only-first")
    return fmt::format("{} is in '{}' and not in '{}'{}", subject, first, second, more);
  if (one.change == "only-second")
    return fmt::format("{} is in '{}' and not in '{}'{}", subject, second, first, more);
  return fmt::format("{} differs: '{}' has `{}`, '{}' has `{}`", subject, first,
                     excerpt(one.first, one.second), second, excerpt(one.second, one.first));
}

// What the policy leaves out of the comparison. Each is reported, and so is a pattern that leaves nothing
// out: it hides the next difference that happens to match it.
class Ignored {
 public:
  explicit Ignored(const Parameters& with)
      : kinds_(with.strings("without")), globs_(with.strings("ignore")), used_(globs_.size()) {}

  bool takes(const std::string& kind, const std::string& identity) {
    if (std::find(kinds_.begin(), kinds_.end(), kind) != kinds_.end()) return true;
    const auto object = fmt::format("{} {}", kind, identity);
    bool any = false;
    for (std::size_t i = 0; i < globs_.size(); ++i) {
      if (!glob_match(globs_[i], object)) continue;
      used_[i] = any = true;
    }
    if (any) names_.push_back(object);
    return any;
  }
  bool leaves_out() const { return !kinds_.empty() || !globs_.empty(); }

  void report(Report& report) const {
    for (const auto& name : names_) report.note(fmt::format("ignored: {} differs", name));
    for (std::size_t i = 0; i < globs_.size(); ++i) {
      if (used_[i]) continue;
      report.fail({"ignore:" + globs_[i], "", 0, fmt::format("`ignore: {}` matches no difference", globs_[i]),
                   "take it out: it would hide the next difference that it happens to match"});
    }
  }

 private:
  std::vector<std::string> kinds_;
  std::vector<std::string> globs_;
  std::vector<bool> used_;
  std::vector<std::string> names_;
};

// The file that the second snapshot was restored from.
std::string file_of(const Facts& facts, const Snapshot& second) {
  if (second.name != "committed") return "";
  return facts.text("SELECT schema_file FROM schema.plan").value_or("");
}

std::string hint_for(const Snapshot& second) {
  if (second.name == "live")
    return "write a migration that makes the change, or undo it in the live database";
  if (second.name == "committed")
    return "write the file anew from the migrated database, or write the migration that it is ahead of";
  return "a step depends on something outside the commit: the clock, a random value, the network, what ran "
         "before";
}

void compare(const Facts& facts, const Snapshot& first, const Snapshot& second, const Parameters& with,
             Report& report) {
  report.examined(
      facts.integer("SELECT count(*) FROM schema.object WHERE snapshot = ?", {first.name}).value_or(0));
  const auto most = with.integer("most");
  const auto file = file_of(facts, second);
  const auto hint = hint_for(second);
  Ignored ignored(with);
  std::int64_t count = 0;
  auto found = differences(facts, first, second);
  for (auto& one : found) {
    if (one.is_part) continue;
    // A part of what is not ignored as a whole may be ignored on its own.
    std::erase_if(one.parts,
                  [&](std::size_t part) { return ignored.takes(found[part].kind, found[part].identity); });
    if (ignored.takes(one.kind, one.identity) || ++count > most) continue;
    report.fail({fmt::format("{}:{}", one.kind, one.identity), file, 0,
                 described(one, first.name, second.name), hint});
  }
  if (count > most) {
    report.fail({"more", file, 0, fmt::format("and {} more objects differ", count - most), hint});
  } else if (count == 0 && !ignored.leaves_out() && first.fingerprint != second.fingerprint) {
    report.fail(
        {"fingerprint", "", 0,
         fmt::format("the fingerprints of '{}' and '{}' differ ({} and {}) although their objects do not",
                     first.name, second.name, first.fingerprint, second.fingerprint),
         hint});
  }
  ignored.report(report);
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  const auto first_name = with.string("first");
  const auto second_name = with.string("second");
  for (const schema::Problem& problem : facts.rows<schema::Problem>(
           "WHERE snapshot IN (?, ?) OR snapshot IS NULL", {first_name, second_name})) {
    report.undecided({fmt::format("{}:{}", problem.snapshot.value_or(""), problem.reason), "", 0,
                      problem.reason, problem.hint.value_or("")});
  }
  const auto first = snapshot(facts, first_name);
  const auto second = snapshot(facts, second_name);
  if (first && second) {
    compare(facts, *first, *second, with, report);
    return;
  }
  if (!report.undecided_findings().empty()) return;
  if (has_no_plan(facts)) {
    skip_without_plan(facts, report);
  } else if (second_name == "live" && !second) {
    report.skip("no live database was given (--database)");
  } else if (second_name == "committed" &&
             facts.integer("SELECT count(*) FROM schema.plan WHERE schema_file IS NULL").value_or(0) > 0) {
    report.skip("no schema file is declared",
                "write `database: {schema-file: db/structure.sql}` in exitgate.yaml");
  } else {
    report.undecided({"snapshot", "", 0,
                      fmt::format("there is no snapshot of '{}'", first ? second_name : first_name),
                      "see EG-CG2.provisions, or the log of the test exitgate.database"});
  }
}

const Check check{
    .name = "same-schema",
    .title = "Two snapshots of the database have the same schema",
    .why =
        "Two provisionings that differ cannot both be the schema of the commit; a live database that differs "
        "from the "
        "migrated one is not the database that was tested.",
    .domains = {"schema"},
    .parameters = {{"first", Parameter::string, "\"migrated\"",
                    "name of a snapshot: 'migrated', 'migrated-again', 'live', 'committed'"},
                   {"second", Parameter::string, std::nullopt, "name of the snapshot to compare it with"},
                   {"most", Parameter::integer, "50", "how many differing objects are shown"},
                   {"without", Parameter::strings, "[]",
                    "kinds of objects to leave out: 'owner', 'grant', 'comment'"},
                   {"ignore", Parameter::strings, "[]",
                    "globs of objects that may differ: 'table public.tmp_*'; one that matches no difference "
                    "is a finding"}},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
