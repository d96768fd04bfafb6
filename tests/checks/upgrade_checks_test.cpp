#include <fmt/core.h>
#include <gtest/gtest.h>

#include <vector>

#include "harness/check/safe_forms.h"
#include "tests/checks/table.h"
#include "tests/checks/upgrade_facts.h"

namespace exitgate::testing {
namespace {

class UpgradeChecks : public CheckTable {};
TEST_P(UpgradeChecks, SayExactly) {
  holds();
}

const std::string kApplied = upgrade("applied") + step(0, "base", "alembic upgrade head") +
                             step(1, "upgrade", "alembic upgrade b") + filled("public.orders", 3);
const std::string kHistory =
    "INSERT INTO migrations.environment (id, tool, location) VALUES ('alembic.ini', 'alembic', 'm');";
const std::string kNoPlan = "INSERT INTO schema.plan (source, reason) VALUES ('none', 'nothing says how');";

const std::vector<CheckCase> kApplies = {
    {"NoPlan", "upgrade-applies", "{}", kNoPlan,
     R"(0 examined
skip: no database was provisioned: nothing says how: write `database: {steps: [...]}` in exitgate.yaml, or `database: none` where there is none
)"},
    {"NotRehearsed", "upgrade-applies", "{}",
     "INSERT INTO schema.plan (source, reason) VALUES ('exitgate.yaml', 'declared');",
     R"(0 examined
?    the upgrade was not rehearsed
  > see the log of the test exitgate.database
)"},
    {"NothingNew", "upgrade-applies", "{}", upgrade("nothing new", "'no migration is new since main'"),
     R"(0 examined
skip: no migration is new since main
)"},
    {"NotPossible", "upgrade-applies", "{}",
     kHistory + upgrade("not possible", "'the base has another database'", "'name a base'"), R"(0 examined
?    the upgrade could not be rehearsed: the base has another database
  > name a base
)"},
    {"NoHistory", "upgrade-applies", "{}", upgrade("not possible", "'no migration history is recognised'"),
     R"(0 examined
skip: no upgrade was rehearsed: no migration history is recognised
)"},
    {"NoBase", "upgrade-applies", "{}",
     kHistory + upgrade("not possible", "'this clone has no branch'", "'write base'") +
         "UPDATE rehearsal.upgrade SET base = NULL, reference = NULL;",
     R"(0 examined
skip: no upgrade was rehearsed: this clone has no branch: write base
)"},
    {"SwitchedOff", "upgrade-applies", "{}",
     kHistory + upgrade("not possible", "'exitgate.yaml says `rehearsal: false`'"), R"(0 examined
skip: no upgrade was rehearsed: exitgate.yaml says `rehearsal: false`
)"},
    {"NoPlanIsSaidOnce", "upgrade-locks", "{}",
     "INSERT INTO schema.plan (source, reason) VALUES ('none', 'nothing says how');"
     "INSERT INTO rehearsal.upgrade (outcome, reason, revisions, seed, traffic) VALUES ('not possible', "
     "'nothing says "
     "how', 0, 'none', 0);",
     R"(0 examined
skip: no database was provisioned: nothing says how: write `database: {steps: [...]}` in exitgate.yaml, or `database: none` where there is none
)"},
    {"Applies", "upgrade-applies", "{}", kApplied, R"(1 examined
note: 1 table of the base with rows, 0 without
)"},
    {"Fails", "upgrade-applies", "{}",
     upgrade("failed", "'x'") + step(0, "base", "alembic upgrade head") +
         step(1, "upgrade", "alembic upgrade b", "exit code 1", "'column \"c\" contains null values'",
              "'m/b.py'", "9", "'b'"),
     R"(1 examined
FAIL m/b.py:9: 'b', new since origin/main, does not apply to the schema of origin/main with rows in it: `alembic upgrade b`: exit code 1: column "c" contains null values
  > an empty database does not show it: let the migration fill, move or exclude what its rows hold before it forbids it
note: 0 tables of the base with rows, 0 without
)"},
    {"FailsFromNothingAsWell", "upgrade-applies", "{}",
     upgrade("failed", "'x'") +
         step(1, "upgrade", "alembic upgrade b", "exit code 1", "'no such column'", "'m/b.py'") +
         "INSERT INTO schema.provisioning (snapshot, position, command, exit_code, outcome, duration_ms) "
         "VALUES "
         "('migrated', 0, 'alembic upgrade head', 1, 'exit code 1', 1);",
     R"(1 examined
FAIL m/b.py: a migration that is new since origin/main does not apply to the schema of origin/main with rows in it: `alembic upgrade b`: exit code 1: no such column
  > it fails on an empty database as well: see EG-CG2.provisions
note: 0 tables of the base with rows, 0 without
)"},
    {"SeedFails", "upgrade-applies", "{}",
     kHistory + upgrade("not possible", "'the seed failed'") + step(0, "seed", "make seed", "exit code 2"),
     R"(0 examined
?    the upgrade could not be rehearsed: the seed failed
)"},
};
INSTANTIATE_TEST_SUITE_P(Applies, UpgradeChecks, ::testing::ValuesIn(kApplies), case_name);

const std::string kExclusive = "AccessExclusiveLock";
const std::string kAll = "reads and writes";

const std::vector<CheckCase> kLocks = {
    {"NothingLocked", "upgrade-locks", "{}",
     kApplied + statement({0, "CREATE TABLE", "CREATE TABLE n (id int)"}),
     R"(1 examined
)"},
    {"Rewrites", "upgrade-locks", "{}",
     kApplied + statement({0, "ALTER TABLE", "ALTER TABLE orders ALTER total TYPE bigint"}) +
         lock(0, "public.orders", kExclusive, kAll) + pass(0, "public.orders", "rewrite", "'column type'"),
     R"(1 examined
FAIL m/b.py:7: `ALTER TABLE orders ALTER total TYPE bigint`: public.orders is written anew (column type) while AccessExclusiveLock is held on public.orders: readers and writers of it wait until it is done, the longer the more rows there are
  > expand and contract: add a column of the new type, write both by a trigger, fill the old rows in batches, move readers over, and drop the old one in a later release. Free are a longer varchar, varchar to text, and a wider numeric of the same scale; if the table is small, `allow: ["ALTER TABLE public.orders"]`
)"},
    {"Scans", "upgrade-locks", "{}",
     kApplied + statement({0, "ALTER TABLE", "ALTER TABLE orders ALTER note SET NOT NULL"}) +
         lock(0, "public.orders", kExclusive, kAll) + pass(0, "public.orders", "scan"),
     R"(1 examined
FAIL m/b.py:7: `ALTER TABLE orders ALTER note SET NOT NULL`: each row of public.orders is read while AccessExclusiveLock is held on public.orders: readers and writers of it wait until it is done, the longer the more rows there are
  > ADD CONSTRAINT … CHECK (column IS NOT NULL) NOT VALID, VALIDATE it in a transaction of its own, then SET NOT NULL, which reads nothing then (12 and later), and drop the check; if the table is small, `allow: ["ALTER TABLE public.orders"]`
)"},
    {"BuildsAnIndex", "upgrade-locks", "{}",
     kApplied + statement({0, "CREATE INDEX", "CREATE INDEX i ON orders (note)"}) +
         lock(0, "public.orders", "ShareLock", "writes") + pass(0, "public.orders", "build", "'public.i'"),
     R"(1 examined
FAIL m/b.py:7: `CREATE INDEX i ON orders (note)`: an index is built from each row of public.orders (public.i) while ShareLock is held on public.orders: writers of it wait until it is done, the longer the more rows there are
  > build it with CREATE INDEX CONCURRENTLY, in a migration without a transaction; a build that fails leaves an invalid index, to be dropped before the next try; if the table is small, `allow: ["CREATE INDEX public.orders"]`
)"},
    {"BuildsAnIndexConcurrently", "upgrade-locks", "{}",
     kApplied + statement({0, "CREATE INDEX", "CREATE INDEX CONCURRENTLY i ON orders (note)", 7, 0}) +
         lock(0, "public.orders", "ShareUpdateExclusiveLock", "schema changes") +
         pass(0, "public.orders", "build"),
     R"(1 examined
)"},
    {"OneFindingForAForeignKey", "upgrade-locks", "{}",
     kApplied + statement({0, "ALTER TABLE", "ALTER TABLE lines ADD FOREIGN KEY (o) REFERENCES orders"}) +
         lock(0, "public.lines", "ShareRowExclusiveLock", "writes") +
         lock(0, "public.orders", "ShareRowExclusiveLock", "writes") + pass(0, "public.lines", "scan") +
         pass(0, "public.orders", "scan"),
     R"(1 examined
FAIL m/b.py:7: `ALTER TABLE lines ADD FOREIGN KEY (o) REFERENCES orders`: each row of public.lines is read while ShareRowExclusiveLock is held on public.lines: writers of it wait until it is done, the longer the more rows there are; so are all rows of public.orders
  > ADD the foreign key NOT VALID, and VALIDATE CONSTRAINT in a later transaction, which lets both tables be written; if the table is small, `allow: ["ALTER TABLE public.lines"]`
)"},
    {"OnATableOfItsOwn", "upgrade-locks", "{}",
     kApplied + statement({0, "CREATE INDEX", "CREATE INDEX i ON n (note)"}) +
         lock(0, "public.n", "ShareLock", "writes", 0) + pass(0, "public.n", "build", "NULL", 0),
     R"(1 examined
)"},
    {"HeldFromBefore", "upgrade-locks", "{}",
     kApplied + statement({0, "ALTER TABLE", "ALTER TABLE orders ADD c int", 7}) +
         lock(0, "public.orders", kExclusive, kAll) +
         statement({1, "UPDATE", "UPDATE orders SET c = 1 WHERE id > 0", 8}) +
         pass(1, "public.orders", "scan"),
     R"(2 examined
FAIL m/b.py:8: `UPDATE orders SET c = 1 WHERE id > 0`: each row of public.orders is read while AccessExclusiveLock is held on public.orders: readers and writers of it wait until it is done, the longer the more rows there are; the lock is of `ALTER TABLE orders ADD c int` (m/b.py:7) before it in the same transaction
  > end the transaction before it; update in batches of some thousand rows, each in its transaction, and in a migration that holds no lock of a schema change; if the table is small, `allow: ["UPDATE public.orders"]`
note: 1 statement takes a short lock that keeps readers or writers waiting, without a lock_timeout: 'm/b.py:7'
)"},
    {"NotHeldAnyMore", "upgrade-locks", "{}",
     kApplied + statement({0, "ALTER TABLE", "ALTER TABLE orders ADD c int", 7, 0, "2000"}) +
         lock(0, "public.orders", kExclusive, kAll) +
         statement({1, "UPDATE", "UPDATE orders SET c = 1 WHERE id > 0", 8, 0}) +
         pass(1, "public.orders", "scan"),
     R"(2 examined
)"},
    {"SeveralRevisionsInOneTransaction", "upgrade-locks", "{}",
     kApplied + statement({0, "ALTER TABLE", "ALTER TABLE orders ADD c int", 7, 1, "2000", "a"}) +
         lock(0, "public.orders", kExclusive, kAll, 1, 5000) +
         statement({1, "ALTER TABLE", "ALTER TABLE lines VALIDATE CONSTRAINT x", 8, 1, "2000", "b"}) +
         pass(1, "public.lines", "scan"),
     R"(2 examined
FAIL m/b.py:8: `ALTER TABLE lines VALIDATE CONSTRAINT x`: each row of public.lines is read while AccessExclusiveLock is held on public.orders: readers and writers of it wait until it is done, the longer the more rows there are; the lock is of `ALTER TABLE orders ADD c int` (m/a.py:7) before it in the same transaction
  > end the transaction before it; validate in a transaction of its own: the lock that ADD CONSTRAINT took is held to the end of its transaction; if the table is small, `allow: ["ALTER TABLE public.lines"]`
)"},
    {"SeveralRevisionsEachInItsOwn", "upgrade-locks", "{}",
     kApplied + statement({0, "ALTER TABLE", "ALTER TABLE orders ADD c int", 7, 1, "2000", "a"}) +
         lock(0, "public.orders", kExclusive, kAll, 1, 150) +
         statement({1, "ALTER TABLE", "ALTER TABLE lines VALIDATE CONSTRAINT x", 8, 1, "2000", "b"}) +
         pass(1, "public.lines", "scan"),
     R"(2 examined
)"},
    {"ShortLockIsANote", "upgrade-locks", "{}",
     kApplied + statement({0, "ALTER TABLE", "ALTER TABLE orders ADD c int"}) +
         lock(0, "public.orders", kExclusive, kAll),
     R"(1 examined
note: 1 statement takes a short lock that keeps readers or writers waiting, without a lock_timeout: 'm/b.py:7'
)"},
    {"ShortLockIsAFinding", "upgrade-locks", R"({"lock-timeout": true})",
     kApplied + statement({0, "ALTER TABLE", "ALTER TABLE orders ADD c int"}) +
         lock(0, "public.orders", kExclusive, kAll),
     R"(1 examined
FAIL m/b.py:7: `ALTER TABLE orders ADD c int` takes AccessExclusiveLock on public.orders without a lock_timeout: while it waits for one long transaction, all others wait behind it
  > set a lock_timeout of a few seconds before it and try again when it runs out: whoever comes behind it waits as long as it waits; if it is meant, `allow: ["ALTER TABLE public.orders"]`
)"},
    {"Allowed", "upgrade-locks", R"({"allow": ["CREATE INDEX public.set*"]})",
     kApplied + statement({0, "CREATE INDEX", "CREATE INDEX i ON settings (note)"}) +
         lock(0, "public.settings", "ShareLock", "writes") + pass(0, "public.settings", "build"),
     R"(1 examined
)"},
    {"Excepted", "upgrade-locks", R"({"except": ["m/*"]})",
     kApplied + statement({0, "CREATE INDEX", "CREATE INDEX i ON orders (note)"}) +
         lock(0, "public.orders", "ShareLock", "writes") + pass(0, "public.orders", "build"),
     R"(0 examined
skip: the new migrations give the server no statement that changes anything
)"},
    {"FailedHalfWay", "upgrade-locks", "{}",
     upgrade("failed", "'m/b.py failed'") + statement({0, "CREATE TABLE", "CREATE TABLE n (id int)"}),
     R"(1 examined
?    the upgrade failed, so that not all statements were seen: m/b.py failed
  > see EG-CG2.upgrade-applies
)"},
    {"NotAllSeen", "upgrade-locks", "{}",
     kApplied + statement({0, "CREATE TABLE", "CREATE TABLE n (id int)"}) +
         "INSERT INTO rehearsal.problem (subject, reason) VALUES ('statements', 'the log was cut');",
     R"(1 examined
?    not all statements were seen: the log was cut
)"},
};
INSTANTIATE_TEST_SUITE_P(Locks, UpgradeChecks, ::testing::ValuesIn(kLocks), case_name);

const std::string kBack = kApplied + step(2, "way back", "alembic downgrade a");
const std::string kAlembic =
    "INSERT INTO migrations.environment (id, tool, location) VALUES ('alembic.ini', 'alembic', 'm');";

const std::vector<CheckCase> kWaysBack = {
    {"None", "way-back", "{}", kApplied, R"(0 examined
skip: no way back is known for the new migrations: write `database: {down: [...]}` in exitgate.yaml
)"},
    {"TheToolHasNone", "way-back", "{}",
     kApplied + "INSERT INTO rehearsal.problem (subject, reason) VALUES ('way back', 'Prisma has none');",
     R"(0 examined
skip: Prisma has none
)"},
    {"Restores", "way-back", "{}", kBack, R"(1 examined
)"},
    {"Fails", "way-back", "{}",
     kAlembic + kApplied +
         step(2, "way back", "alembic downgrade a", "exit code 1", "'column \"c\" does not exist'",
              "'m/b.py'", "12"),
     R"(1 examined
FAIL m/b.py:12: the way back to origin/main fails with rows in the tables: `alembic downgrade a`: exit code 1: column "c" does not exist
  > fix downgrade(); what cannot be taken back can say so, and the release notes with it
)"},
    {"LeavesSomething", "way-back", "{}",
     kAlembic + kBack +
         "INSERT INTO rehearsal.difference (change, kind, identity, before, after) VALUES ('added', 'table', "
         "'public.n', NULL, 'a table'), ('changed', 'column', 'public.orders.c', 'integer', 'bigint');",
     R"(1 examined
FAIL the way back does not restore the schema of origin/main: column public.orders.c is different (`bigint`, not `integer`), table public.n is left behind
  > let downgrade() undo all that upgrade() does, and nothing else
)"},
    {"LosesOfItsOwn", "way-back", "{}",
     kBack + statement({5, "ALTER TABLE", "ALTER TABLE orders DROP note", 20, 1, "0", "b", "way back"}) +
         loss("column", "public.orders", "'note'", "3", "3", "5", "NULL", "NULL", "way back"),
     R"(1 examined
FAIL m/b.py:20: the way back to origin/main loses what the base had: column public.orders.note is gone, with 3 of 3 values; by `ALTER TABLE orders DROP note`
  > let it take back what the way up has added, and nothing else
)"},
    {"WhatIsLostStaysLost", "way-back", "{}",
     kBack + loss("column", "public.orders", "'note'") +
         loss("values", "public.orders", "'note'", "3", "3", "NULL", "NULL", "NULL", "way back"),
     R"(1 examined
note: no way back brings what the way up has lost: 3 of 3 values of public.orders.note are others than before
)"},
    {"UpgradeFailed", "way-back", "{}", upgrade("failed", "'m/b.py failed'"), R"(0 examined
?    there is no way back from an upgrade that failed: m/b.py failed
  > see EG-CG2.upgrade-applies
)"},
};
INSTANTIATE_TEST_SUITE_P(WaysBack, UpgradeChecks, ::testing::ValuesIn(kWaysBack), case_name);

// What was read, and what running it showed.
const std::string kNew =
    "INSERT INTO migrations.environment (id, tool, location) VALUES ('alembic.ini', 'alembic', 'm');"
    "INSERT INTO migrations.comparison (reference, oid, merge_base) VALUES ('refs/remotes/origin/main', "
    "'f00d', 'f00d');"
    "INSERT INTO migrations.revision (environment, id, file, line, new) VALUES ('alembic.ini', 'b', "
    "'m/b.py', 4, 1);";

std::string read(const std::string& kind, const std::string& object, int line = 7, int harmless = 0) {
  return fmt::format(
      "INSERT INTO migrations.statement (environment, revision, file, line, kind, object, text, harmless, "
      "new, reason) "
      "VALUES ('alembic.ini', 'b', 'm/b.py', {}, '{}', {}, 'op.x(1)', {}, 1, 'why');",
      line, kind, object, harmless);
}

const std::vector<CheckCase> kDestroyed = {
    {"SeenLost", "destructive-migrations", "{}",
     kNew + kApplied + read("drop-column", "'orders.note'") +
         statement({0, "ALTER TABLE", "ALTER TABLE orders DROP COLUMN note"}) +
         loss("column", "public.orders", "'note'", "3", "3", "0"),
     R"(1 examined
FAIL m/b.py:7: 'b', new since origin/main, drops column orders.note: when it was run, column public.orders.note is gone, with 3 of 3 values, for good
  > stop using it in one release and drop it in a later one; if it is intended, `allow: ["drop-column orders.note"]`
)"},
    {"SeenLostByAnOperation", "destructive-migrations", "{}",
     kNew + kApplied + read("drop-column", "'orders.note'") + read("drop-column", "'orders.remark'", 8) +
         statement({0, "ALTER TABLE", "ALTER TABLE orders DROP COLUMN note"}) +
         statement({1, "ALTER TABLE", "ALTER TABLE orders DROP COLUMN remark"}) +
         "UPDATE rehearsal.statement SET line = NULL;" +
         loss("column", "public.orders", "'note'", "3", "3", "0") +
         loss("column", "public.orders", "'remark'", "0", "0"),
     R"(1 examined
FAIL m/b.py:7: 'b', new since origin/main, drops column orders.note: when it was run, column public.orders.note is gone, with 3 of 3 values, for good
  > stop using it in one release and drop it in a later one; if it is intended, `allow: ["drop-column orders.note"]`
FAIL m/b.py:8: 'b', new since origin/main, drops column orders.remark: when it was run, column public.orders.remark is gone, with 0 of 0 values, for good
  > stop using it in one release and drop it in a later one; if it is intended, `allow: ["drop-column orders.remark"]`
)"},
    {"OperationOnWhatWasNotThere", "destructive-migrations", "{}",
     kNew + kApplied + read("drop-table", "'tmp'") + statement({0, "DROP TABLE", "DROP TABLE tmp"}) +
         "UPDATE rehearsal.statement SET line = NULL;",
     R"(1 examined
note: m/b.py:7: `op.x(1)` was run on the schema of origin/main with rows in it, and took nothing from it
)"},
    {"ValuesWereMoved", "destructive-migrations", "{}",
     kNew + kApplied + read("drop-column", "'orders.note'") +
         statement({0, "ALTER TABLE", "ALTER TABLE orders DROP COLUMN note"}) +
         loss("column", "public.orders", "'note'", "3", "3", "0", "NULL", "'public.orders.remark'"),
     R"(1 examined
FAIL m/b.py:7: 'b', new since origin/main, drops column orders.note: when it was run, column public.orders.note is gone, with 3 of 3 values; they were found in public.orders.remark afterwards; what still runs asks for the old form
  > stop using it in one release and drop it in a later one; if it is intended, `allow: ["drop-column orders.note"]`
)"},
    {"NothingWasThere", "destructive-migrations", "{}",
     kNew + kApplied + read("drop-table", "'t'") + statement({0, "DROP TABLE", "DROP TABLE IF EXISTS t"}),
     R"(1 examined
note: m/b.py:7: `op.x(1)` was run on the schema of origin/main with rows in it, and took nothing from it
)"},
    {"NotRun", "destructive-migrations", "{}", kNew + kApplied + read("drop-table", "'t'"), R"(1 examined
FAIL m/b.py:7: 'b', new since origin/main, drops table t: its rows are gone for good
  > stop using it in one release and drop it in a later one; if it is intended, `allow: ["drop-table t"]`
)"},
    {"UpgradeFailed", "destructive-migrations", "{}",
     kNew + upgrade("failed", "'x'") + read("drop-table", "'t'") +
         statement({0, "DROP TABLE", "DROP TABLE IF EXISTS t"}),
     R"(1 examined
FAIL m/b.py:7: 'b', new since origin/main, drops table t: its rows are gone for good
  > stop using it in one release and drop it in a later one; if it is intended, `allow: ["drop-table t"]`
)"},
    {"AllRowsChangedToTheSame", "destructive-migrations", "{}",
     kNew + kApplied + read("update-all", "'orders'") + statement({0, "UPDATE", "UPDATE orders SET c = 1"}),
     R"(1 examined
note: m/b.py:7: `op.x(1)` was run on the schema of origin/main with rows in it, and took nothing from it
)"},
    {"NoRowsToSeeItBy", "destructive-migrations", "{}",
     kNew + kApplied + filled("public.empty", 0) + read("delete-all", "'empty'") +
         statement({0, "DELETE", "DELETE FROM empty"}),
     R"(1 examined
FAIL m/b.py:7: 'b', new since origin/main, deletes all rows of empty: they are gone for good
  > delete by a condition; if it is intended, `allow: ["delete-all empty"]`
)"},
    {"UndecidedAndSeen", "destructive-migrations", "{}",
     kNew + kApplied + read("undecided", "NULL") + statement({0, "CREATE TABLE", "CREATE TABLE n (id int)"}),
     R"(1 examined
note: m/b.py:7: `op.x(1)` was run on the schema of origin/main with rows in it, and took nothing from it
)"},
    {"UndecidedAndChangesRows", "destructive-migrations", "{}",
     kNew + kApplied + read("undecided", "NULL") +
         statement({0, "DELETE", "DELETE FROM orders WHERE id = 99"}),
     R"(1 examined
?    m/b.py:7: cannot tell whether 'b', new since origin/main, is destructive: why: `op.x(1)`
  > write the statement out; or look at it, and waive this finding
)"},
    {"UndecidedAndLost", "destructive-migrations", "{}",
     kNew + kApplied + read("undecided", "NULL") +
         statement({0, "DELETE", "DELETE FROM orders WHERE id < 3"}) +
         loss("rows", "public.orders", "NULL", "2", "3", "0"),
     R"(1 examined
FAIL m/b.py:7: the migrations that are new since origin/main lose something, seen when they were run: 2 of 3 rows of public.orders are gone; by `op.x(1)`
  > move them to a table of their own first, or name by a condition what is to go; if it is intended, `allow: ["lost-rows public.orders"]`
)"},
    {"LostAndNotRead", "destructive-migrations", "{}",
     kNew + kApplied + statement({0, "DO", "DO $$ … $$", 9}) +
         loss("narrowed", "public.orders", "'code'", "NULL", "NULL", "0", "'varchar(20) -> varchar(10)'"),
     R"(1 examined
FAIL m/b.py:9: the migrations that are new since origin/main lose something, seen when they were run: column public.orders.code holds less than before (varchar(20) -> varchar(10)); by `DO $$ … $$`
  > keep the type and add a CHECK (NOT VALID, then VALIDATE) that says the same: it fails where a value does not fit, and cuts none; if it is intended, `allow: ["alter-column-type public.orders.code"]`
)"},
    {"LostByNobodyKnowsWhat", "destructive-migrations", R"({"allow": ["lost-object *"]})",
     kNew + kApplied + loss("table", "public.orders", "NULL") +
         loss("object", "public.lines", "'constraint c'"),
     R"(1 examined
FAIL the migrations that are new since origin/main lose something, seen when they were run: table public.orders is gone, with 3 of 3 rows
  > stop using it in one release, keep a copy of its rows, and drop it in a later release; if it is intended, `allow: ["drop-table public.orders"]`
)"},
    {"HarmlessByReadingIsNotByRunning", "destructive-migrations", "{}",
     kNew + kApplied + read("drop-constraint", "'c'", 7, 1) +
         statement({0, "ALTER TABLE", "ALTER TABLE orders DROP CONSTRAINT c"}) +
         loss("object", "public.orders", "'constraint c'", "NULL", "NULL", "0"),
     R"(1 examined
FAIL m/b.py:7: the migrations that are new since origin/main lose something, seen when they were run: constraint c of public.orders is gone; by `ALTER TABLE orders DROP CONSTRAINT c`
  > put another in its place in the same migration, or drop it in a release after the one that stops using it; if it is intended, `allow: ["lost-object public.orders.constraint c"]`
)"},
    {"AllowedByReading", "destructive-migrations", R"({"allow": ["drop-column orders.note"]})",
     kNew + kApplied + read("drop-column", "'orders.note'") +
         statement({0, "ALTER TABLE", "ALTER TABLE orders DROP COLUMN note"}) +
         loss("column", "public.orders", "'note'", "3", "3", "0"),
     R"(1 examined
)"},
};
INSTANTIATE_TEST_SUITE_P(Destroyed, UpgradeChecks, ::testing::ValuesIn(kDestroyed), case_name);

struct FormCase {
  const char* command;
  const char* text;
  const char* pass;
  const char* reason;
  const char* word;  // of the advice
};

TEST(SafeForms, AreByWhatWasSeen) {
  const std::vector<FormCase> cases = {
      {"CREATE INDEX", "CREATE UNIQUE INDEX i ON t (c)", "build", "public.i", "CREATE INDEX CONCURRENTLY"},
      {"REINDEX", "REINDEX TABLE t", "build", "", "REINDEX … CONCURRENTLY"},
      {"DROP INDEX", "DROP INDEX i", "", "", "DROP INDEX CONCURRENTLY"},
      {"REFRESH MATERIALIZED VIEW", "REFRESH MATERIALIZED VIEW v", "rewrite", "", "CONCURRENTLY"},
      {"CLUSTER", "CLUSTER t USING i", "rewrite", "CLUSTER", "pg_repack"},
      {"ALTER TABLE", "alter table t add column c int default random()", "rewrite", "column default",
       "SET DEFAULT"},
      {"ALTER TABLE", "ALTER TABLE t ADD c int GENERATED ALWAYS AS (a + 1) STORED", "rewrite", "",
       "stored generated"},
      {"ALTER TABLE", "ALTER TABLE t ADD id bigserial", "rewrite", "", "sequence"},
      {"ALTER TABLE", "ALTER TABLE t ADD id int GENERATED BY DEFAULT AS IDENTITY", "rewrite", "", "identity"},
      {"ALTER TABLE", "ALTER TABLE t ALTER c TYPE bigint", "rewrite", "column type", "expand and contract"},
      {"ALTER TABLE", "ALTER TABLE t ALTER c TYPE varchar(5)", "scan", "", "CHECK"},
      {"ALTER TABLE", "ALTER TABLE t ALTER c SET NOT NULL", "scan", "", "IS NOT NULL) NOT VALID"},
      {"ALTER TABLE", "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u", "scan", "", "NOT VALID"},
      {"ALTER TABLE", "ALTER TABLE t ADD CHECK (a > 0)", "scan", "", "NOT VALID"},
      {"ALTER TABLE", "ALTER TABLE t ADD PRIMARY KEY (id)", "build", "", "PRIMARY KEY USING INDEX"},
      {"ALTER TABLE", "ALTER TABLE t ADD UNIQUE (a)", "build", "", "UNIQUE USING INDEX"},
      {"ALTER TABLE", "ALTER TABLE t ADD EXCLUDE USING gist (r WITH &&)", "build", "", "exclusion"},
      {"ALTER TABLE", "ALTER TABLE t ATTACH PARTITION p DEFAULT", "scan", "", "bounds"},
      {"ALTER TABLE", "ALTER TABLE t DETACH PARTITION p", "", "", "DETACH PARTITION … CONCURRENTLY"},
      {"ALTER TABLE", "ALTER TABLE t SET UNLOGGED", "rewrite", "persistence", "beside"},
      {"ALTER TABLE", "ALTER TABLE t ADD c int", "", "", "lock_timeout"},
      {"UPDATE", "UPDATE t SET c = 1", "scan", "", "batches"},
      {"SOMETHING NEW", "", "scan", "", "transaction of its own"},
  };
  for (const auto& one : cases) {
    const auto advice = check::safe_form({one.command, one.text, one.pass, one.reason});
    EXPECT_NE(advice.find(one.word), std::string_view::npos) << one.text << ": " << advice;
  }
}

}  // namespace
}  // namespace exitgate::testing
