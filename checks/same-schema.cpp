#include <fmt/format.h>

#include "harness/check/check.h"

namespace {

using namespace exitgate;

// Objects that one snapshot has and the other has not, or has otherwise.
constexpr std::string_view kDifferences = R"sql(
SELECT a.kind, a.identity, CASE WHEN b.identity IS NULL THEN 'only-first' ELSE 'changed' END,
       a.definition, b.definition
  FROM schema.object a
  LEFT JOIN schema.object b ON b.snapshot = ?2 AND b.kind = a.kind AND b.identity = a.identity
 WHERE a.snapshot = ?1 AND (b.identity IS NULL OR b.sha256 <> a.sha256)
UNION ALL
SELECT b.kind, b.identity, 'only-second', NULL, b.definition
  FROM schema.object b
 WHERE b.snapshot = ?2 AND NOT EXISTS (
   SELECT 1 FROM schema.object a WHERE a.snapshot = ?1 AND a.kind = b.kind AND a.identity = b.identity)
 ORDER BY 1, 2
)sql";

// Where two definitions part, with some room around it: they can be pages long.
std::string excerpt(const std::string& text, const std::string& other) {
  constexpr std::size_t kRoom = 60;
  std::size_t same = 0;
  while (same < text.size() && same < other.size() && text[same] == other[same]) ++same;
  auto begin = same > kRoom / 2 ? same - kRoom / 2 : 0;
  while (begin > 0 && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80U)
    --begin;  // not within a character
  auto end = std::min(text.size(), begin + kRoom);
  while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
  std::string part = text.substr(begin, end - begin);
  for (char& c : part) {
    if (c == '\n' || c == '\t' || c == '\r') c = ' ';
  }
  return fmt::format("{}{}{}", begin > 0 ? "..." : "", part, end < text.size() ? "..." : "");
}

struct Snapshot {
  std::string name;
  std::string fingerprint;
};

std::optional<Snapshot> snapshot(const Facts& facts, const std::string& name) {
  auto fingerprint = facts.text("SELECT fingerprint FROM schema.snapshot WHERE name = ?", {name});
  if (!fingerprint) return std::nullopt;
  return Snapshot{name, *fingerprint};
}

void compare(const Facts& facts, const Snapshot& first, const Snapshot& second, std::int64_t most,
             Report& report) {
  report.examined(
      facts.integer("SELECT count(*) FROM schema.object WHERE snapshot = ?", {first.name}).value_or(0));
  const bool live = second.name == "live";
  const std::string hint = live ? "write a migration that makes the change, or undo it in the live database"
                                : "a step depends on something outside the commit: the clock, a random "
                                  "value, the network, what ran before";
  std::int64_t differences = 0;
  for (const Row& row : facts.query(kDifferences, {first.name, second.name})) {
    if (++differences > most) continue;
    const auto what = row.text(2);
    const auto subject = fmt::format("{} {}", row.text(0), row.text(1));
    std::string message;
    if (what == "only-first") {
      message = fmt::format("{} is in '{}' and not in '{}'", subject, first.name, second.name);
    } else if (what == "only-second") {
      message = fmt::format("{} is in '{}' and not in '{}'", subject, second.name, first.name);
    } else {
      message =
          fmt::format("{} differs: '{}' has `{}`, '{}' has `{}`", subject, first.name,
                      excerpt(row.text(3), row.text(4)), second.name, excerpt(row.text(4), row.text(3)));
    }
    report.fail({fmt::format("{}:{}", row.text(0), row.text(1)), "", 0, message, hint});
  }
  if (differences > most) {
    report.fail({"more", "", 0, fmt::format("and {} more objects differ", differences - most), hint});
  } else if (differences == 0 && first.fingerprint != second.fingerprint) {
    report.fail(
        {"fingerprint", "", 0,
         fmt::format("the fingerprints of '{}' and '{}' differ ({} and {}) although their objects do not",
                     first.name, second.name, first.fingerprint, second.fingerprint),
         hint});
  }
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  const auto first_name = with.string("first");
  const auto second_name = with.string("second");
  for (const Row& row :
       facts.query("SELECT reason, coalesce(hint, ''), coalesce(snapshot, '') FROM schema.problem "
                   "WHERE snapshot IN (?, ?) OR snapshot IS NULL",
                   {first_name, second_name})) {
    report.undecided({fmt::format("{}:{}", row.text(2), row.text(0)), "", 0, row.text(0), row.text(1)});
  }
  const auto first = snapshot(facts, first_name);
  const auto second = snapshot(facts, second_name);
  if (first && second) {
    compare(facts, *first, *second, with.integer("most"), report);
    return;
  }
  if (!report.undecided_findings().empty()) return;
  if (second_name == "live" && !second) {
    report.skip("no live database was given (--database)");
  } else if (facts.text("SELECT source FROM schema.plan") == "none") {
    report.skip("the target declares no way to provision a database");
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
                    "name of a snapshot: 'migrated', 'migrated-again', 'live'"},
                   {"second", Parameter::string, std::nullopt, "name of the snapshot to compare it with"},
                   {"most", Parameter::integer, "50", "how many differing objects are shown"}},
    .run = run};
const Registered registered(check);

}  // namespace
