#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/base/text.h"
#include "harness/check/check.h"

namespace {

using namespace exitgate;

constexpr std::string_view kLater =
    "stop using it in one release and take it away in a later one; when it is meant,";
constexpr std::string_view kBeside =
    "put the new one beside the old, move over, and take the old one away in a later release; when it is "
    "meant,";

struct Kind {
  std::string_view name;
  std::string_view does;
  std::string_view costs;
  std::string_view remedy;
};

constexpr std::array<Kind, 19> kKinds = {{
    {"drop-table", "drops table", "its rows are gone for good", kLater},
    {"drop-column", "drops column", "its values are gone for good", kLater},
    {"drop-schema", "drops schema", "all that is in it is gone for good", kLater},
    {"drop-database", "drops database", "all that is in it is gone for good", kLater},
    {"drop-type", "drops type", "what is of that type cannot stay", kLater},
    {"drop-sequence", "drops sequence", "where it had got to is forgotten", kLater},
    {"drop-extension", "drops extension", "what is of its types cannot stay", kLater},
    {"drop-view", "drops view", "what still asks for it fails", kLater},
    {"drop-function", "drops function", "what still calls it fails", kLater},
    {"drop-constraint", "drops constraint", "what it kept out can come in",
     "put another constraint in its place; when it is meant,"},
    {"drop-owned", "drops all that belongs to", "it is gone for good, whatever it is",
     "name what is to be dropped; when it is meant,"},
    {"detach-partition", "detaches partition", "queries no longer find its rows", kLater},
    {"truncate", "empties table", "its rows are gone for good", "delete by a condition; when it is meant,"},
    {"delete-all", "deletes all rows of", "they are gone for good",
     "delete by a condition; when it is meant,"},
    {"update-all", "changes all rows of", "what they held is gone, and all of them are locked meanwhile",
     "update by a condition, in batches; when it is meant,"},
    {"alter-column-type", "changes the type of column",
     "the table is rewritten while nobody can read it, and what does not fit is lost", kBeside},
    {"set-not-null", "forbids NULL in column",
     "it fails on rows that have it, and nobody can write while all are looked at",
     "fill the rows, add `CHECK (... IS NOT NULL) NOT VALID`, validate it, then set NOT NULL; when it is "
     "meant,"},
    {"rename", "renames", "what still runs asks for the old name", kBeside},
    {"disable-row-security", "switches row-level security off for", "its policies bind nobody",
     "change the policies instead; when it is meant,"},
}};

bool any_matches(const std::vector<std::string>& globs, const std::string& text) {
  return std::any_of(globs.begin(), globs.end(), [&](const auto& glob) { return glob_match(glob, text); });
}

class Judge {
 public:
  Judge(const Parameters& with, std::string base, Report& report)
      : allow_(with.strings("allow")), base_(std::move(base)), report_(report) {}

  void judge(const Row& row) {
    const auto file = row.text(0);
    const auto revision = row.text(2);
    const auto kind = row.text(3);
    const auto object = row.text(4);
    const std::string key = fmt::format("{}:{}:{}", file, kind, object.empty() ? row.text(5) : object);
    if (kind == "undecided") {
      report_.undecided(
          {key, file, row.integer(1),
           fmt::format("whether '{}', new since {}, takes anything away cannot be told: {}: `{}`", revision,
                       base_, row.text(6), row.text(5)),
           "write the statement out; or look at it, and waive this finding"});
      return;
    }
    const std::string what = object.empty() ? kind : fmt::format("{} {}", kind, object);
    if (any_matches(allow_, kind) || any_matches(allow_, what)) return;
    const auto* const known =
        std::find_if(kKinds.begin(), kKinds.end(), [&](const Kind& one) { return one.name == kind; });
    if (known == kKinds.end()) {
      report_.undecided({key, file, row.integer(1),
                         fmt::format("'{}' is no kind of statement known here", kind),
                         "these facts are of another version of exitgate"});
      return;
    }
    report_.fail(
        {key, file, row.integer(1),
         fmt::format("'{}', new since {}, {} {}: {}", revision, base_, known->does, object, known->costs),
         fmt::format("{} `allow: [\"{}\"]`", known->remedy, what)});
  }

 private:
  std::vector<std::string> allow_;
  std::string base_;
  Report& report_;
};

// "main" for "refs/remotes/origin/main".
std::string short_name(const std::string& reference) {
  for (const std::string_view prefix : {"refs/remotes/", "refs/heads/"}) {
    if (reference.starts_with(prefix)) return reference.substr(prefix.size());
  }
  return reference;
}

void report_unread(const Facts& facts, const std::vector<std::string>& except, Report& report) {
  for (const Row& row : facts.query(
           "SELECT file, coalesce(line, 0), reason FROM migrations.problem WHERE file IS NOT NULL AND unread "
           "ORDER BY 1, 2")) {
    if (any_matches(except, row.text(0))) continue;
    report.undecided({row.text(0), row.text(0), row.integer(1),
                      fmt::format("whether it takes anything away cannot be told: {}", row.text(2)),
                      "fix the file, or name it under `except:`"});
  }
}

void run(const Facts& facts, const Parameters& with, Report& report) {
  const auto except = with.strings("except");
  if (facts.integer("SELECT count(*) FROM migrations.environment").value_or(0) == 0) {
    report.skip("no migrations");
    return;
  }
  const auto problem = facts.text("SELECT problem FROM migrations.comparison");
  const auto base = short_name(facts.text("SELECT reference FROM migrations.comparison").value_or(""));
  Judge judge(with, base, report);
  bool unknown = false;
  for (const Row& row : facts.query("SELECT file, new FROM migrations.revision")) {
    if (!any_matches(except, row.text(0)) && (row.is_null(1) || row.boolean(1))) report.examined();
  }
  for (const Row& row :
       facts.query("SELECT file, line, revision, kind, coalesce(object, ''), text, coalesce(reason, ''), new "
                   "FROM migrations.statement WHERE NOT harmless AND (new IS NULL OR new) "
                   "ORDER BY file, line, kind, object")) {
    if (any_matches(except, row.text(0))) continue;
    if (row.is_null(7)) {
      unknown = true;
    } else {
      judge.judge(row);
    }
  }
  if (unknown) {
    report.undecided(
        {"base", "", 0,
         fmt::format("which migrations are new cannot be told: {}",
                     problem.value_or("the base branch was not looked for")),
         "write `base: origin/main` in exitgate.yaml, and let the clone have it (fetch-depth: 0)"});
  }
  report_unread(facts, except, report);
  if (report.examined_count() == 0 && report.findings().empty() && report.undecided_findings().empty())
    report.skip(fmt::format("no migration is new since {}", base));
}

const Check check{
    .name = "destructive-migrations",
    .title = "No new migration takes anything away",
    .why =
        "A deployment can be taken back, dropped data cannot; and while it goes on, what still runs is the "
        "code from before.",
    .domains = {"migrations"},
    .parameters = {{"allow", Parameter::strings, "[]",
                    "globs of what is meant, a kind or a kind and an object: 'drop-view', 'drop-table "
                    "tmp_*'; the kinds are those of migrations.statement"},
                   {"except", Parameter::strings, "[]", "globs of files that are not looked at"}},
    .run = run};
const Registered registered(check);

}  // namespace
