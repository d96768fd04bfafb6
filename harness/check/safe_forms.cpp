#include "harness/check/safe_forms.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "harness/base/text.h"

namespace exitgate::check {

namespace {

struct Form {
  std::string_view command;  // that the tag begins with; "" for any
  std::string_view
      words;  // that stand in the text in this order, in upper case, with '*' between them; "" for any
  std::string_view pass;    // "" for any, also for none
  std::string_view reason;  // of the pass; "" for any
  std::string_view advice;
};

// The first that fits.
constexpr std::array<Form, 38> kForms = {{
    {"CREATE INDEX", "", "build", "",
     "build it with CREATE INDEX CONCURRENTLY, in a migration without a transaction; a build that fails "
     "leaves an invalid index, "
     "to be dropped before the next try"},
    {"REINDEX", "", "", "",
     "use REINDEX … CONCURRENTLY (12 and later), in a migration without a transaction"},
    {"DROP INDEX", "", "", "", "use DROP INDEX CONCURRENTLY, in a migration without a transaction"},
    {"REFRESH MATERIALIZED VIEW", "", "", "",
     "give it a unique index and use REFRESH MATERIALIZED VIEW CONCURRENTLY, which lets readers in"},
    {"CLUSTER", "", "", "", "rewrite it beside the application with pg_repack, or leave its order alone"},
    {"VACUUM", "", "", "",
     "let autovacuum do it, or rewrite the table beside the application with pg_repack"},
    {"CREATE TRIGGER", "", "", "",
     "set a lock_timeout before it and try again when it runs out; the lock itself is short"},
    {"LOCK", "", "", "",
     "take no lock of your own for work on many rows: do the work in batches, each in its transaction"},
    {"TRUNCATE", "", "", "", "delete by a condition, in batches; or let nobody use the table before"},

    // Rewrites.
    {"ALTER TABLE", "ADD*GENERATED*STORED", "rewrite", "",
     "add a plain column, keep it up to date by a trigger, and fill the old rows in batches: a stored "
     "generated column rewrites the "
     "table"},
    {"ALTER TABLE", "ADD*GENERATED*IDENTITY", "rewrite", "",
     "add a column that may be NULL, let a sequence give new rows their number, fill the old rows in "
     "batches, and make it the identity "
     "or key afterwards"},
    {"ALTER TABLE", "ADD*SERIAL", "rewrite", "",
     "add an integer column that may be NULL, set a sequence as its default, fill the old rows in batches, "
     "and forbid NULL "
     "afterwards"},
    {"ALTER TABLE", "ADD*DEFAULT", "rewrite", "",
     "add the column without a default, SET DEFAULT for the rows to come, and fill the old ones in batches: "
     "only a default that is the "
     "same for all rows is free (11 and later)"},
    {"ALTER TABLE", "ADD", "rewrite", "column default",
     "add the column without a default, SET DEFAULT for the rows to come, and fill the old ones in batches"},
    {"ALTER TABLE", "SET LOGGED", "rewrite", "",
     "make a logged table beside it, copy in batches and swap the names; or do it while nobody uses it"},
    {"ALTER TABLE", "SET UNLOGGED", "rewrite", "",
     "make an unlogged table beside it, copy in batches and swap the names; or do it while nobody uses it"},
    {"ALTER TABLE", "SET TABLESPACE", "", "", "move it beside the application with pg_repack --tablespace"},
    {"ALTER TABLE", "SET ACCESS METHOD", "rewrite", "",
     "make a table with that access method beside it, copy in batches and swap the names"},
    {"ALTER TABLE", "TYPE", "rewrite", "",
     "expand and contract: add a column of the new type, write both by a trigger, fill the old rows in "
     "batches, move readers over, "
     "and drop the old one in a later release. Free are a longer varchar, varchar to text, and a wider "
     "numeric of the same scale"},
    {"ALTER TABLE", "TYPE", "build", "",
     "expand and contract: the index is built anew under the lock; add a column of the new type, index it "
     "CONCURRENTLY, and move over"},
    {"ALTER TABLE", "TYPE", "scan", "",
     "keep the type and add a CHECK that says the same: NOT VALID first, then VALIDATE CONSTRAINT in a "
     "transaction of its own"},
    {"", "", "rewrite", "",
     "expand and contract: make the new form beside the old one, fill it in batches, move over, and drop the "
     "old one in a later "
     "release"},

    // Scans and builds of constraints.
    {"ALTER TABLE", "SET NOT NULL", "scan", "",
     "ADD CONSTRAINT … CHECK (column IS NOT NULL) NOT VALID, VALIDATE it in a transaction of its own, then "
     "SET NOT NULL, which reads "
     "nothing then (12 and later), and drop the check"},
    {"ALTER TABLE", "ATTACH PARTITION", "scan", "",
     "give the table a valid CHECK that says the same as the partition's bounds first (NOT VALID, then "
     "VALIDATE): then it is not read"},
    {"ALTER TABLE", "VALIDATE CONSTRAINT", "scan", "",
     "validate in a transaction of its own: the lock that ADD CONSTRAINT took is held to the end of its "
     "transaction"},
    {"ALTER TABLE", "FOREIGN KEY", "scan", "",
     "ADD the foreign key NOT VALID, and VALIDATE CONSTRAINT in a later transaction, which lets both tables "
     "be written"},
    {"ALTER TABLE", "REFERENCES", "scan", "",
     "add the column without REFERENCES, ADD the foreign key NOT VALID, and VALIDATE CONSTRAINT in a later "
     "transaction"},
    {"ALTER TABLE", "CHECK", "scan", "",
     "ADD the check NOT VALID, and VALIDATE CONSTRAINT in a later transaction, which lets the table be "
     "written"},
    {"ALTER TABLE", "PRIMARY KEY", "", "",
     "CREATE UNIQUE INDEX CONCURRENTLY, forbid NULL by a validated check, then ADD CONSTRAINT … PRIMARY KEY "
     "USING INDEX"},
    {"ALTER TABLE", "UNIQUE", "build", "",
     "CREATE UNIQUE INDEX CONCURRENTLY, then ADD CONSTRAINT … UNIQUE USING INDEX"},
    {"ALTER TABLE", "EXCLUDE", "build", "",
     "an exclusion constraint cannot be built beside writers: make a new table with it, copy in batches and "
     "swap the names, or do it "
     "while nobody writes"},
    {"ALTER TABLE", "DETACH PARTITION", "", "",
     "use DETACH PARTITION … CONCURRENTLY (14 and later), outside of a transaction"},
    {"ALTER DOMAIN", "VALIDATE", "scan", "",
     "there is no form that lets writers in: validate while few write, with a lock_timeout, or check in a "
     "table's own constraint"},
    {"ALTER DOMAIN", "", "scan", "", "ADD the constraint NOT VALID, and VALIDATE it in a later transaction"},

    // Rows.
    {"UPDATE", "", "", "",
     "update in batches of some thousand rows, each in its transaction, and in a migration that holds no "
     "lock of a schema change"},
    {"DELETE", "", "", "",
     "delete in batches of some thousand rows, each in its transaction, and in a migration that holds no "
     "lock of a schema change"},
    {"", "", "build", "",
     "build the index CONCURRENTLY first, in a migration without a transaction, and attach it then"},
    {"", "", "scan", "",
     "let the work on all rows be done in a transaction of its own, without the lock: NOT VALID and VALIDATE "
     "for constraints, batches "
     "for rows"},
}};

constexpr std::string_view kShortLock =
    "set a lock_timeout of a few seconds before it and try again when it runs out: whoever comes behind it "
    "waits as long as it waits";

// "ADD*DEFAULT": the parts in this order.
bool has_words(const std::string& text, std::string_view words) {
  std::size_t at = 0;
  for (const auto& word : split(words, '*')) {
    at = text.find(word, at);
    if (at == std::string::npos) return false;
    at += word.size();
  }
  return true;
}

std::string upper(std::string_view text) {
  std::string up(text);
  std::transform(up.begin(), up.end(), up.begin(),
                 [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
  return up;
}

}  // namespace

std::string_view safe_form(const SeenStatement& seen) {
  const std::string text = upper(seen.text);
  for (const auto& form : kForms) {
    if (!seen.command.starts_with(form.command)) continue;
    if (!form.pass.empty() && form.pass != seen.pass) continue;
    if (!form.reason.empty() && form.reason != seen.reason) continue;
    if (has_words(text, form.words)) return form.advice;
  }
  return kShortLock;
}

std::string_view safe_form(rehearsal::LossKind lost) {
  switch (lost) {
    case rehearsal::LossKind::table:
      return "stop using it in one release, keep a copy of its rows, and drop it in a later release";
    case rehearsal::LossKind::column:
      return "move its values over first, stop using it in one release, and drop it in a later one";
    case rehearsal::LossKind::rows:
      return "move them to a table of their own first, or name by a condition what is to go";
    case rehearsal::LossKind::values:
      return "write the new values beside the old ones, in another column, and drop the old one in a later "
             "release";
    case rehearsal::LossKind::narrowed:
      return "keep the type and add a CHECK (NOT VALID, then VALIDATE) that says the same: it fails where a "
             "value does not fit, and "
             "cuts none";
    case rehearsal::LossKind::renamed:
      return "add the new name beside the old one (a column that a trigger keeps equal, or a view of the old "
             "name), move the code over, "
             "and drop the old one in a later release";
    case rehearsal::LossKind::object:
      return "put another in its place in the same migration, or drop it in a release after the one that "
             "stops using it";
  }
  return "";
}

}  // namespace exitgate::check
