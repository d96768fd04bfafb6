// What an Alembic revision's upgrade() takes away, and which migrations are new since the base branch.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "harness/base/text.h"
#include "tests/migrations/collected.h"

namespace exitgate::collect {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr const char* kIni = "[alembic]\nscript_location = migrations\n";

// A revision whose upgrade() begins on line 7.
std::string revision(const std::string& id, const std::string& parent, const std::string& upgrade,
                     const std::string& more = "") {
  std::string body;
  for (const auto& line : split(upgrade, '\n')) body += "    " + line + "\n";
  return fmt::format(
      "import sqlalchemy as sa\nfrom alembic import op\nfrom sqlalchemy import text, delete\n"
      "revision = '{}'\ndown_revision = {}\ndef upgrade():\n{}\n{}\ndef downgrade():\n"
      "    op.drop_table('of_downgrade')\n    op.execute(f'DROP TABLE {{x}}')\n",
      id, parent.empty() ? "None" : "'" + parent + "'", body, more);
}

struct PythonCase {
  const char* name;
  const char* upgrade;
  const char* expected;
  const char* more = "";
};

void PrintTo(const PythonCase& one, std::ostream* out) {
  *out << one.name;
}

class Upgrades : public ::testing::TestWithParam<PythonCase> {};

TEST_P(Upgrades, TakeAway) {
  const test::ScratchRepository scratch;
  scratch.write("alembic.ini", kIni);
  scratch.write("migrations/versions/a.py", revision("a", "", GetParam().upgrade, GetParam().more));
  scratch.commit();
  const CollectedMigrations found(scratch.root());
  EXPECT_EQ(found.statements(), GetParam().expected);
}

const PythonCase kUpgrades[] = {
    {"Nothing", "pass", ""},
    {"Operations",
     "op.drop_table('a', schema='s')\nop.drop_column('t', 'c')\nop.drop_column(table_name='t', "
     "column_name='d')\nop.drop_constraint(op.f('ck_x'), 't', type_='check')\nop.rename_table('old', 'new')\n"
     "op.drop_index('i', 't')\nop.alter_column('t', 'c', type_=sa.Text(), existing_type=sa.String())\n"
     "op.alter_column('t', 'c', nullable=False, new_column_name='d')\n"
     "op.alter_column('t', 'c', nullable=True, server_default=None)",
     "7 drop-table s.a\n8 drop-column t.c\n9 drop-column t.d\n10 drop-constraint t.ck_x\n11 rename old\n"
     "12 undecided op.drop_index('i', 't') (no migration creates the index, so whether it is unique is not "
     "known)\n13 alter-column-type t.c\n14 rename t.c\n14 set-not-null t.c"},
    {"Batches",
     "with op.batch_alter_table('t', schema='s') as batch:\n    batch.drop_column('c')\n"
     "    batch.alter_column('d', nullable=False)\n    batch.drop_constraint('k', type_='unique')\n"
     "other.drop_column('x')",
     "8 drop-column s.t.c\n9 set-not-null s.t.d\n10 drop-constraint s.t.k\n"
     "11 undecided other.drop_column('x') (what it is called on is not known)"},
    {"Sql",
     "op.execute('DROP TABLE a')\nop.execute(\n    \"\"\"\n    UPDATE t SET a = 1;\n    DELETE FROM t WHERE "
     "id = "
     ":id\n    \"\"\"\n)\nconn = op.get_bind()\nconn.execute(text('TRUNCATE ' 'b'))\n"
     "conn.exec_driver_sql('DELETE FROM c WHERE x = %s', [1])\nconn.execute(sa.text('DROP VIEW "
     "v').bindparams())",
     "7 drop-table a\n10 update-all t\n15 truncate b\n17 drop-view v"},
    {"NamesAndLoops",
     "op.execute(SQL)\nfor table in ('a', 'b'):\n    op.execute(f'DROP TABLE {table}')\n"
     "for statement in ['DROP TYPE x', 'DROP TYPE y']:\n    op.execute(statement)",
     "18 drop-table kept\n9 drop-table {table}\n10 drop-type x\n10 drop-type y",
     "\n\n\n\n\nSQL = 'DROP TABLE kept'"},
    {"FilledIn",
     "op.execute(f'ALTER TABLE {t} DROP COLUMN {c}')\nop.execute('DROP TABLE %s' % t)\n"
     "op.execute('DELETE FROM {}'.format(t))\nop.execute('TRUNCATE ' + t)\n"
     "op.execute(f'CREATE INDEX i ON {t} (a)')\nop.execute(f'{statement}')\nop.execute(f'ALTER TABLE t "
     "{what}')\n"
     "op.execute(statement)\nop.execute(open('x.sql').read())",
     "7 drop-column {t}.{c}\n8 drop-table {%s}\n9 delete-all {}\n10 truncate {t}\n"
     "12 undecided op.execute(f'{statement}') (the statement is put together at run time)\n"
     "13 undecided op.execute(f'ALTER TABLE t {what}') (the statement is put together at run time)\n"
     "14 undecided op.execute(statement) (the statement is put together at run time)\n"
     "15 undecided op.execute(open('x.sql').read()) (the statement is put together at run time)"},
    {"Expressions",
     "t = sa.table('t', sa.column('a'))\nop.execute(t.update().values(a=1))\n"
     "op.execute(t.update().where(t.c.a == "
     "1).values(a=2))\nop.execute(t.delete())\nop.execute(sa.delete(t))\n"
     "op.execute(delete(t).where(t.c.a == 1))\nconn.execute(sa.select([t]))\n"
     "session.query(User).filter_by(id=1).delete()\nsession.query(User).delete()\n"
     "{}.update(a=1)\nop.execute(t.insert().values(a=1))",
     "8 update-all {t}\n10 delete-all {t}\n11 delete-all {t}\n15 delete-all {session.query(User)}"},
    {"WhatIsNoPlainCall",
     "Steps().run()\nOther(op)\ngetattr(op, 'drop_table')('c')\no = op\no.drop_table('d')\nconn = "
     "op.get_bind()\n"
     "tables['e'].drop(conn)\nop.get_context().impl.drop_table(t)\nframe.drop(['a'])",
     "19 drop-table a\n8 undecided Other(op) (what is done with `op` there is not written here)\n"
     "22 undecided o.drop_table('b') (what it is called on is not known)\n9 undecided getattr(op, "
     "'drop_table') (what is done with `op` there is not written here)\n"
     "11 drop-table d\n13 undecided tables['e'].drop(conn) (what it drops is not written here)\n"
     "14 undecided op.get_context().impl.drop_table(t) (what the dialect does there is not written here)",
     "class Steps:\n  def run(self):\n    op.drop_table('a')\nclass Other:\n  def __init__(self, o):\n"
     "    o.drop_table('b')\n"},
    {"HiddenEffects",
     "session.delete(row)\nimport os, subprocess, importlib\nsubprocess.run(['psql'])\nos.system('psql')\n"
     "importlib.import_module('x').run()\ngetattr(batch, name)('c')\nop.drop_table(**given)\n"
     "batch = op.batch_alter_table('t')\nbatch.drop_column('c')\nfrom app.x import clean\n"
     "gone = clean(op.get_bind())\nconn.run('DROP TABLE t')\nframe.to_sql('t', conn, if_exists='replace')\n"
     "cursor.executescript(script)\nprint('DROP TABLE t')\nlog.info('DROP TABLE t')\nnames.update(a=1)\n"
     "rows.delete().where(rows.c.a == 1)\nos.path.join('a')\nop.create_table('t', *columns)",
     "7 undecided session.delete(row) (what it deletes is not written here)\n"
     "9 undecided subprocess.run(['psql']) (what it does is not written in this file)\n"
     "10 undecided os.system('psql') (the command that it starts is not read)\n"
     "11 undecided importlib.import_module('x') (the code is put together at run time)\n"
     "12 undecided getattr(batch, name)('c') (the code is put together at run time)\n"
     "13 undecided op.drop_table(**given) (its arguments are not all written here)\n"
     "15 undecided batch.drop_column('c') (what it is called on is not known)\n"
     "17 undecided clean(op.get_bind()) (what it does is not written in this file)\n"
     "18 undecided conn.run('DROP TABLE t') (what is done with the statement there is not known)\n"
     "19 undecided frame.to_sql('t', conn, if_exists='replace') (it may replace the table)\n"
     "20 undecided cursor.executescript(script) (what it is called on is not known)"},
    {"ConditionsThatSelectNothing",
     "t = sa.table('t', sa.column('a'))\nop.execute(t.delete().where(sa.true()))\n"
     "op.execute(sa.delete(t).where(sa.text('1 = 1')))\nop.execute(t.update().where(True).values(a=1))\n"
     "op.execute(t.delete().where())\nop.execute(t.delete().where(sa.true()).where(t.c.a == 1))\n"
     "op.execute(t.delete().where(sa.text('a = 1')))\nop.execute(t.delete().where(sa.false()))",
     "8 delete-all {t}\n9 delete-all {t}\n10 update-all {t}\n11 delete-all {t}"},
    {"Types",
     "mood = sa.Enum('a', name='mood')\nmood.drop(op.get_bind())\nsa.Enum(name='b').drop(op.get_bind(), "
     "checkfirst=True)\nthing.drop(op.get_bind())\nBase.metadata.drop_all(op.get_bind())\nframe.drop('x')",
     "8 drop-type mood\n9 drop-type b\n10 undecided thing.drop(op.get_bind()) (what it drops is not written "
     "here)\n11 drop-table {Base.metadata}"},
    {"OwnWork",
     "op.create_table('tmp', sa.Column('a', sa.Integer))\nop.drop_table('tmp')\n"
     "op.add_column('t', sa.Column('n', sa.Integer))\nop.execute('UPDATE t SET n = 0')\n"
     "op.alter_column('t', 'n', nullable=False)\nop.drop_constraint('k', 't')\n"
     "op.create_check_constraint('k', 't', 'a > 0')",
     "8 drop-table tmp (the same migration has made its table)\n"
     "10 update-all t (the same migration has made it)\n11 set-not-null t.n (the same migration has made "
     "it)\n"
     "12 drop-constraint t.k (the same migration makes it again)"},
    {"Helpers", "helper()\nhelper()", "11 drop-table h",
     "def helper():\n    op.drop_table('h')\n    helper()\ndef unused():\n    op.drop_table('u')"},
    {"NotReadable", "op.alter_column('t', 'c', nullable=flag)\nop.invoke(thing)\nx = = 1",
     "9 undecided x = = 1 (it does not parse as Python)\n"
     "7 undecided op.alter_column('t', 'c', nullable=flag) (whether it sets NOT NULL is not written here)\n"
     "8 undecided op.invoke(thing) (what it does is not written here)"},
};

INSTANTIATE_TEST_SUITE_P(Alembic, Upgrades, ::testing::ValuesIn(kUpgrades),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(AlembicUpgrade, ThatIsNoFunction) {
  const test::ScratchRepository scratch;
  scratch.write("alembic.ini", kIni);
  scratch.write("migrations/versions/a.py",
                "from helpers import steps\nrevision = 'a'\ndown_revision = None\nupgrade = steps('a')\n");
  scratch.commit();
  EXPECT_THAT(
      CollectedMigrations(scratch.root()).rows("SELECT line, kind, text, reason FROM migrations.statement"),
      ElementsAre("4|undecided|upgrade|upgrade() is not a function of this file"));
}

class SinceBase : public ::testing::Test {
 protected:
  void SetUp() override {
    // A CI that runs these tests says what its own change is for.
    for (const char* const name : {"GITHUB_BASE_REF", "CI_MERGE_REQUEST_DIFF_BASE_SHA",
                                   "CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "CHANGE_TARGET"}) {
      ::unsetenv(name);
    }
    scratch_.write("migrations/0001_a.sql", "DROP TABLE a;\n");
    scratch_.write("migrations/0002_b.sql", "DROP TABLE b;\n");
    base_ = scratch_.commit("base");
    scratch_.git({"checkout", "-q", "-b", "topic"});
  }
  // Each statement as "file object new".
  std::vector<std::string> statements() const {
    return CollectedMigrations(scratch_.root())
        .rows("SELECT file, object, new FROM migrations.statement ORDER BY file, object");
  }
  std::vector<std::string> comparison() const {
    return CollectedMigrations(scratch_.root())
        .rows("SELECT reference, oid, merge_base, problem FROM migrations.comparison");
  }
  test::ScratchRepository scratch_;
  std::string base_;
};

TEST_F(SinceBase, NewChangedAndMovedMigrations) {
  scratch_.git({"mv", "migrations/0001_a.sql", "migrations/0001_moved.sql"});
  scratch_.write("migrations/0002_b.sql", "-- now with a comment\nDROP TABLE b;\nDROP TABLE b2;\n");
  scratch_.write("migrations/0003_c.sql", "DROP TABLE c;\n");
  scratch_.write("migrations/0004_d.sql", "CREATE TABLE d (a int);\n");
  scratch_.commit();
  EXPECT_THAT(comparison(), ElementsAre(fmt::format("refs/heads/main|{0}|{0}|NULL", base_)));
  EXPECT_THAT(statements(), ElementsAre("migrations/0001_moved.sql|a|0", "migrations/0002_b.sql|b|0",
                                        "migrations/0002_b.sql|b2|1", "migrations/0003_c.sql|c|1"));
  EXPECT_THAT(CollectedMigrations(scratch_.root()).rows("SELECT id, new FROM migrations.revision ORDER BY 1"),
              ElementsAre("0001|0", "0002|1", "0003|1", "0004|1"));
}

TEST_F(SinceBase, AFileOfAnotherVersionIsRunAgain) {
  scratch_.git({"mv", "migrations/0001_a.sql", "migrations/0007_a.sql"});
  scratch_.write("migrations/0002_b.sql", "-- a comment\nDROP TABLE b;\n");
  scratch_.commit();
  EXPECT_THAT(CollectedMigrations(scratch_.root()).rows("SELECT id, new FROM migrations.revision ORDER BY 1"),
              ElementsAre("0002|0", "0007|1"));
  EXPECT_THAT(statements(), ElementsAre("migrations/0002_b.sql|b|0", "migrations/0007_a.sql|a|1"));
}

TEST_F(SinceBase, AnEditedCommentOrImportOfAnOldMigrationIsNotNew) {
  // Of a tool whose migrations are not read: whatever is new there is undecided.
  const std::string migration =
      "import { MigrationInterface, QueryRunner } from 'typeorm';\nexport class A1700000000001 implements "
      "MigrationInterface {\n  public async up(q: QueryRunner) { await q.dropTable('a'); }\n"
      "  public async down(q: QueryRunner) {}\n}\n";
  scratch_.git({"checkout", "-q", "main"});
  scratch_.write("package.json", R"({"dependencies": {"typeorm": "^0.3.0"}})");
  scratch_.write("src/migrations/1700000000001-A.ts", migration);
  scratch_.commit("base");
  scratch_.git({"checkout", "-q", "-b", "edit"});
  const auto undecided = [&] {
    return CollectedMigrations(scratch_.root())
        .rows("SELECT file, kind FROM migrations.statement WHERE new AND file LIKE '%.ts'");
  };
  scratch_.write("src/migrations/1700000000001-A.ts",
                 "// why\n/* and\n   how */\nimport x from 'x';\n" + migration);
  scratch_.commit();
  EXPECT_THAT(undecided(), ElementsAre());
  scratch_.write("src/migrations/1700000000001-A.ts", "/*\n" + migration + "*/\n");
  scratch_.commit();
  EXPECT_THAT(undecided(), ElementsAre("src/migrations/1700000000001-A.ts|undecided"));
}

TEST_F(SinceBase, TheBaseMayHaveGoneOn) {
  scratch_.write("migrations/0003_c.sql", "DROP TABLE c;\n");
  scratch_.commit();
  scratch_.git({"checkout", "-q", "main"});
  scratch_.write("migrations/0003_other.sql", "DROP TABLE other;\n");
  const auto tip = scratch_.commit();
  scratch_.git({"checkout", "-q", "topic"});
  EXPECT_THAT(comparison(), ElementsAre(fmt::format("refs/heads/main|{}|{}|NULL", tip, base_)));
  EXPECT_THAT(statements(), ElementsAre("migrations/0001_a.sql|a|0", "migrations/0002_b.sql|b|0",
                                        "migrations/0003_c.sql|c|1"));
}

TEST_F(SinceBase, TheBranchThatCiNames) {
  scratch_.git({"branch", "release"});
  ::setenv("GITHUB_BASE_REF", "release", 1);
  EXPECT_THAT(comparison(), ElementsAre(fmt::format("refs/heads/release|{0}|{0}|NULL", base_)));
  ::setenv("GITHUB_BASE_REF", "gone", 1);
  EXPECT_THAT(comparison(),
              ElementsAre("refs/remotes/origin/gone|NULL|NULL|'refs/remotes/origin/gone', which "
                          "the change is for, is not in this clone"));
  EXPECT_THAT(statements(), ElementsAre("migrations/0001_a.sql|a|NULL", "migrations/0002_b.sql|b|NULL"));
}

TEST_F(SinceBase, NoBaseAtAll) {
  scratch_.git({"branch", "-q", "-D", "main"});
  EXPECT_THAT(comparison(),
              ElementsAre("NULL|NULL|NULL|this clone has no branch 'main' or 'master' and no base is named"));
}

TEST_F(SinceBase, NoCommonHistory) {
  scratch_.git({"checkout", "-q", "--orphan", "other"});
  scratch_.commit();
  EXPECT_THAT(CollectedMigrations(scratch_.root()).rows("SELECT problem FROM migrations.comparison"),
              ElementsAre("'refs/heads/main' and the commit have no common history"));
}

TEST_F(SinceBase, ToolsWhoseMigrationsAreNotRead) {
  scratch_.write("artisan", "");
  scratch_.write("database/migrations/2024_01_01_000000_drop_orders.php",
                 "use Illuminate\\Database\\Migrations\\Migration;\n");
  scratch_.commit();
  EXPECT_THAT(CollectedMigrations(scratch_.root())
                  .rows("SELECT kind, text, reason, new FROM migrations.statement WHERE environment = "
                        "'database/migrations'"),
              ElementsAre("undecided|01 01 000000 drop orders|migrations of laravel are not read|1"));
}

TEST_F(SinceBase, ASqitchChangeIsItsDeployScript) {
  scratch_.write("sqitch.conf", "[core]\n\tengine = pg\n");
  scratch_.write("sqitch.plan",
                 "%syntax-version=1.0.0\n%project=x\n\nusers 2024-01-01T00:00:00Z A <a@b.c>\n");
  scratch_.write("deploy/users.sql", "BEGIN;\nDROP TABLE old_users;\nCOMMIT;\n");
  scratch_.write("revert/users.sql", "DROP TABLE users;\n");
  scratch_.commit();
  EXPECT_THAT(
      CollectedMigrations(scratch_.root())
          .rows("SELECT revision, file, line, object, new FROM migrations.statement WHERE environment = "
                "'sqitch.plan'"),
      ElementsAre("users|deploy/users.sql|2|old_users|1"));
}

}  // namespace
}  // namespace exitgate::collect
