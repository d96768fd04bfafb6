#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "harness/base/error.h"
#include "harness/check/base_branch.h"
#include "harness/check/check.h"
#include "harness/check/safe_forms.h"
#include "harness/check/upgrade_losses.h"
#include "harness/facts/tables/migrations.h"

namespace exitgate::check {
namespace {
using migrations::StatementKind;

constexpr std::string_view kLater =
    "stop using it in one release and drop it in a later one; if it is intended,";
constexpr std::string_view kBeside =
    "put the new one beside the old, move over, and drop the old one in a later release; if it is "
    "intended,";
constexpr std::string_view kReplace = "create another in its place under the same name; if it is intended,";

struct Kind {
  StatementKind kind;
  std::string_view does;
  std::string_view costs;
  std::string_view remedy;
};

constexpr std::array<Kind, 28> kKinds = {{
    {StatementKind::drop_table, "drops table", "its rows are gone for good", kLater},
    {StatementKind::drop_column, "drops column", "its values are gone for good", kLater},
    {StatementKind::drop_schema, "drops schema", "all that is in it is gone for good", kLater},
    {StatementKind::drop_database, "drops database", "all that is in it is gone for good", kLater},
    {StatementKind::drop_type, "drops type", "what is of that type cannot stay", kLater},
    {StatementKind::drop_sequence, "drops sequence", "where it had got to is forgotten", kLater},
    {StatementKind::drop_extension, "drops extension", "what is of its types cannot stay", kLater},
    {StatementKind::drop_view, "drops view", "what still asks for it fails", kLater},
    {StatementKind::drop_function, "drops function", "what still calls it fails", kLater},
    {StatementKind::drop_constraint, "drops constraint", "what it kept out can come in",
     "put another constraint in its place; if it is intended,"},
    {StatementKind::drop_owned, "drops all that belongs to", "it is gone for good, whatever it is",
     "name what is to be dropped; if it is intended,"},
    {StatementKind::detach_partition, "detaches partition", "queries no longer find its rows", kLater},
    {StatementKind::truncate, "empties table", "its rows are gone for good",
     "delete by a condition; if it is intended,"},
    {StatementKind::delete_all, "deletes all rows of", "they are gone for good",
     "delete by a condition; if it is intended,"},
    {StatementKind::update_all, "changes all rows of",
     "what they held is gone, and all of them are locked meanwhile",
     "update by a condition, in batches; if it is intended,"},
    {StatementKind::alter_column_type, "changes the type of column",
     "the table is rewritten while nobody can read it, and what does not fit is lost", kBeside},
    {StatementKind::set_not_null, "forbids NULL in column",
     "it fails on rows that have it, and nobody can write while all are looked at",
     "fill the rows, add `CHECK (... IS NOT NULL) NOT VALID`, validate it, then set NOT NULL; if it is "
     "intended,"},
    {StatementKind::rename, "renames", "what still runs asks for the old name", kBeside},
    {StatementKind::disable_row_security, "switches row-level security off for", "its policies bind nobody",
     "change the policies instead; if it is intended,"},
    {StatementKind::drop_trigger, "drops trigger", "what it checked or kept up to date no longer is",
     kReplace},
    {StatementKind::drop_policy, "drops policy",
     "rows may be seen or changed that it protected, or no longer be",
     "change it with ALTER POLICY, or create it again in the same migration; if it is intended,"},
    {StatementKind::drop_rule, "drops rule", "queries are no longer rewritten by it", kReplace},
    {StatementKind::drop_cascade, "drops, with all that depends on it,",
     "columns, tables, constraints and views that use it go with it",
     "drop it without CASCADE; if it is intended,"},
    {StatementKind::disable_trigger,
     "disables triggers:", "what they checked can come in, foreign keys included",
     "enable them again in the same migration; if it is intended,"},
    {StatementKind::disable_rule, "disables rule", "queries are no longer rewritten by it",
     "enable it again in the same migration; if it is intended,"},
    {StatementKind::drop_unique_index, "drops unique index", "rows that it kept out can come in",
     "create another unique index in its place; if it is intended,"},
    {StatementKind::set_unlogged, "makes unlogged table",
     "its rows are gone after a crash, and no replica has them", "leave it logged; if it is intended,"},
    {StatementKind::restart_sequence, "restarts sequence", "numbers that it has given may come again",
     "let it go on; if it is intended,"},
}};

// The kind of statement that loses such a thing, for `allow`.
std::string_view kind_of(const rehearsal::Loss& loss) {
  switch (loss.kind) {
    case rehearsal::LossKind::table:
      return "drop-table";
    case rehearsal::LossKind::column:
      return "drop-column";
    case rehearsal::LossKind::rows:
      return "lost-rows";
    case rehearsal::LossKind::values:
      return "lost-values";
    case rehearsal::LossKind::narrowed:
      return "alter-column-type";
    case rehearsal::LossKind::renamed:
      return "rename";
    case rehearsal::LossKind::object:
      return "lost-object";
  }
  return "";
}

bool is_kept(const rehearsal::Loss& loss) {
  return loss.kept_in.has_value() || loss.kind == rehearsal::LossKind::renamed;
}

class Judge {
 public:
  Judge(const Parameters& with, std::string base, UpgradeLosses& losses, Report& report)
      : allow_(with.strings("allow")), base_(std::move(base)), losses_(losses), report_(report) {}

  void judge(const migrations::Statement& statement) {
    const std::string_view kind = to_text(statement.kind);
    const auto object = statement.object.value_or("");
    const auto seen = losses_.of(statement);
    if (losses_.shows_harmless(statement, seen)) {
      report_.note(
          fmt::format("{}:{}: `{}` was run on the schema of {} with rows in it, and took nothing from it",
                      statement.file, statement.line, statement.text, base_));
      return;
    }
    const std::string key =
        fmt::format("{}:{}:{}", statement.file, kind, object.empty() ? statement.text : object);
    if (statement.kind == StatementKind::undecided) {
      for (const auto& loss : seen.lost) judge_loss(loss, statement.file, statement.line, statement.text);
      if (!seen.lost.empty()) return;
      report_.undecided(
          {key, statement.file, statement.line,
           fmt::format("cannot tell whether '{}', new since {}, is destructive: {}: `{}`", statement.revision,
                       base_, statement.reason.value_or(""), statement.text),
           "write the statement out; or look at it, and waive this finding"});
      return;
    }
    const std::string what = object.empty() ? std::string(kind) : fmt::format("{} {}", kind, object);
    if (any_glob_matches(allow_, std::string(kind)) || any_glob_matches(allow_, what)) return;
    const auto* const known = std::find_if(kKinds.begin(), kKinds.end(),
                                           [&](const Kind& one) { return one.kind == statement.kind; });
    if (known == kKinds.end()) {
      throw Undecided(fmt::format("internal fault: nothing is known of statements of the kind '{}'", kind));
    }
    report_.fail({key, statement.file, statement.line,
                  fmt::format("'{}', new since {}, {} {}: {}", statement.revision, base_, known->does, object,
                              costs(*known, seen)),
                  fmt::format("{} `allow: [\"{}\"]`", known->remedy, what)});
  }

  // What the rehearsal saw lost and reading did not.
  void judge_unread(const std::vector<std::string>& except) {
    for (const auto& [loss, statement] : losses_.unread()) {
      const auto file = statement ? statement->file.value_or("") : "";
      if (!file.empty() && any_glob_matches(except, file)) continue;
      judge_loss(loss, file, statement ? statement->line.value_or(0) : 0, statement ? statement->text : "");
    }
  }

 private:
  // What reading says that it costs, or what running it was seen to cost.
  static std::string costs(const Kind& known, const UpgradeLosses::Seen& seen) {
    if (seen.lost.empty()) return std::string(known.costs);
    std::string all;
    for (const auto& loss : seen.lost) all += (all.empty() ? "" : ", ") + in_words(loss);
    const bool kept = std::all_of(seen.lost.begin(), seen.lost.end(), is_kept);
    return fmt::format("when it was run, {}{}", all,
                       kept ? "; what still runs asks for the old form" : std::string(", for good"));
  }

  void judge_loss(const rehearsal::Loss& loss, const std::string& file, std::int64_t line,
                  const std::string& text) {
    const std::string_view kind = kind_of(loss);
    const std::string object = loss.name ? fmt::format("{}.{}", loss.relation, *loss.name) : loss.relation;
    const std::string what = fmt::format("{} {}", kind, object);
    if (any_glob_matches(allow_, std::string(kind)) || any_glob_matches(allow_, what)) return;
    report_.fail(
        {fmt::format("{}:{}:{}", file, kind, object), file, line,
         fmt::format("the migrations that are new since {} lose something, seen when they were run: {}{}",
                     base_, in_words(loss), text.empty() ? "" : fmt::format("; by `{}`", text)),
         fmt::format("{}; if it is intended, `allow: [\"{}\"]`", safe_form(loss.kind), what)});
  }

  std::vector<std::string> allow_;
  std::string base_;
  UpgradeLosses& losses_;
  Report& report_;
};

void report_unread(const Facts& facts, const std::vector<std::string>& except, Report& report) {
  for (const migrations::Problem& problem :
       facts.rows<migrations::Problem>("WHERE file IS NOT NULL AND unread ORDER BY file, line")) {
    if (any_glob_matches(except, *problem.file)) continue;
    report.undecided({*problem.file, *problem.file, problem.line.value_or(0),
                      fmt::format("cannot tell whether it is destructive: {}", problem.reason),
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
  const auto base = short_reference(facts.text("SELECT reference FROM migrations.comparison").value_or(""));
  UpgradeLosses losses(facts);
  Judge judge(with, base, losses, report);
  bool unknown = false;
  for (const migrations::Revision& revision : facts.rows<migrations::Revision>()) {
    if (!any_glob_matches(except, revision.file) && revision.new_.value_or(true)) report.examined();
  }
  for (const migrations::Statement& statement : facts.rows<migrations::Statement>(
           "WHERE NOT harmless AND (new IS NULL OR new) ORDER BY file, line, kind, object")) {
    if (any_glob_matches(except, statement.file)) continue;
    if (!statement.new_) {
      unknown = true;
    } else {
      judge.judge(statement);
    }
  }
  judge.judge_unread(except);
  if (unknown) {
    report.undecided(
        {"base", "", 0,
         fmt::format("cannot tell which migrations are new: {}",
                     problem.value_or("the base branch was not looked for")),
         "write `base: origin/main` in exitgate.yaml, and let the clone have it (fetch-depth: 0)"});
  }
  report_unread(facts, except, report);
  if (report.examined_count() == 0 && report.findings().empty() && report.undecided_findings().empty())
    report.skip(fmt::format("no migration is new since {}", base));
}

const Check check{
    .name = "destructive-migrations",
    .title = "No new migration is destructive",
    .why =
        "A deployment can be taken back, dropped data cannot; and while it goes on, what still runs is the "
        "code from before.",
    .domains = {"migrations"},
    .optional_domains = {"rehearsal"},
    .parameters =
        {{"allow", Parameter::strings, "[]",
          "globs of what is meant, a kind or a kind and an object: 'drop-view', 'drop-table "
          "tmp_*'; the kinds are those of migrations.statement, and lost-rows, lost-values, lost-object"},
         {"except", Parameter::strings, "[]", "globs of files that are not looked at"}},
    .run = run};
const Registered registered(check);

}  // namespace
}  // namespace exitgate::check
