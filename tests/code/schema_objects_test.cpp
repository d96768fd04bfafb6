// Tables made by objects whose methods have plain names, and by pytest's configuration.
#include <fmt/core.h>
#include <gtest/gtest.h>

#include "harness/base/text.h"
#include "harness/collect/code/extract.h"
#include "harness/collect/code/pytest_settings.h"

namespace exitgate::collect::code {
namespace {

std::string rows(const std::vector<SchemaCall>& calls) {
  std::vector<std::string> lines;
  for (const auto& one : calls)
    lines.push_back(fmt::format("{} {} {}", one.line, one.callee, to_text(one.kind)));
  return join(lines, ", ");
}

std::string calls(const std::string& source) {
  const auto tree = syntax::Tree::parse(source);
  std::vector<SchemaCall> found;
  find_schema_objects(*tree, syntax::Names(*tree), found);
  return rows(found);
}

std::string plain_calls(const std::string& source) {
  const auto tree = syntax::Tree::parse(source);
  return rows(find_schema_calls(*tree, syntax::Names(*tree)));
}

TEST(SchemaCallsOfMocks, MakeNoTables) {
  EXPECT_EQ(
      plain_calls("from unittest.mock import MagicMock, patch\n"
                  "MagicMock().metadata.create_all(engine)\n"
                  "base = MagicMock(spec=Base)\nbase.metadata.create_all(engine)\n"
                  "with patch('app.db.Base') as mocked:\n    mocked.metadata.create_all()\n"
                  "anything.metadata.create_all.assert_called_once_with(engine)\n"
                  "anything.drop_all.side_effect = ValueError\n"
                  "@patch('app.db.Base')\ndef test_a(mocked_base):\n    mocked_base.metadata.create_all()\n"
                  "def test_b(mocker):\n    base = mocker.patch('app.Base')\n    base.metadata.drop_all()\n"),
      "");
}

TEST(SchemaCallsOfMocks, AreToldFromRealOnes) {
  EXPECT_EQ(plain_calls("from unittest.mock import MagicMock, patch\nfrom app import Base\n"
                        "Base.metadata.create_all(MagicMock())\n"
                        "class MagicMocked: ...\nMagicMocked().metadata.create_all()\n"
                        "base = Base if real else MagicMock()\nbase.metadata.create_all()\n"
                        "@patch('app.other')\ndef test_a(other):\n    Base.metadata.drop_all()\n"
                        "def test_b(mocked_base):\n    mocked_base.metadata.create_all()\n"),
            "3 Base.metadata.create_all create_all, 5 MagicMocked().metadata.create_all create_all, "
            "7 base.metadata.create_all create_all, 10 Base.metadata.drop_all drop_all, "
            "12 mocked_base.metadata.create_all create_all");
}

struct ObjectCase {
  const char* name;
  const char* source;
  const char* expected;
};

void PrintTo(const ObjectCase& one, std::ostream* out) {
  *out << one.name;
}

class SchemaObjects : public ::testing::TestWithParam<ObjectCase> {};

TEST_P(SchemaObjects, Are) {
  EXPECT_EQ(calls(GetParam().source), GetParam().expected);
}

const ObjectCase kObjects[] = {
    {"Tortoise", "from tortoise import Tortoise\nawait Tortoise.generate_schemas()\n",
     "2 Tortoise.generate_schemas create_all"},
    {"TortoiseRegistered",
     "from tortoise.contrib.fastapi import register_tortoise\nregister_tortoise(app, generate_schemas=True)\n"
     "register_tortoise(app, generate_schemas=False)\nregister_tortoise(app)\n",
     "2 register_tortoise create_all"},
    {"TortoiseOfAnother", "from zoo import Tortoise\nTortoise.generate_schemas()\n", ""},
    {"Peewee", "import peewee\ndb = peewee.SqliteDatabase('x')\ndb.create_tables([M])\ndb.drop_tables([M])\n",
     "3 db.create_tables create_all, 4 db.drop_tables drop_all"},
    {"PeeweePool",
     "from playhouse.pool import PooledPostgresqlDatabase as P\ndb = P('x')\ndb.create_tables([M])\n",
     "3 db.create_tables create_all"},
    {"PeeweeModel",
     "from peewee import Model\nclass Base(Model): ...\nclass User(Base): ...\nUser.create_table()\n",
     "4 User.create_table create_all"},
    {"PeeweeImportedDatabase", "from peewee import Model\nfrom app.db import db\ndb.create_tables([Model])\n",
     "3 db.create_tables unknown"},
    {"AnotherDatabase", "from app import dynamo\ndynamo.create_tables()\n", ""},
    {"OnesOwnLoader",
     "import peewee\nclass Loader:\n    def create_tables(self): ...\nl = Loader()\nl.create_tables()\n", ""},
    {"MappedTable", "User.__table__.create(engine)\nUser.__table__.drop(engine)\n",
     "1 User.__table__.create create_all, 2 User.__table__.drop drop_all"},
    {"MappedTableHandedOn", "conn.run_sync(User.__table__.create)\n", "1 User.__table__.create create_all"},
    {"Table", "import sqlalchemy as sa\nusers = sa.Table('users', m)\nusers.create(engine)\n",
     "3 users.create create_all"},
    {"TableOfMetadata", "Base.metadata.tables['users'].create(engine)\n",
     "1 Base.metadata.tables['users'].create create_all"},
    {"AnotherTable", "from rich.table import Table\nt = Table()\nt.create()\nUser.objects.create(a=1)\n", ""},
    {"Element",
     "from sqlalchemy.schema import CreateTable, DropTable\nc.execute(CreateTable(t))\ns = DropTable(t)\n"
     "c.execute(s)\n",
     "2 CreateTable(t) create_all, 4 s drop_all"},
    {"ElementPrinted", "from sqlalchemy.schema import CreateTable\nprint(CreateTable(t).compile())\n", ""},
    {"InAMigration", "from alembic import op\nUser.__table__.create(op.get_bind())\n", ""},
    {"Syncdb",
     "from django.core.management import call_command\ncall_command('migrate', run_syncdb=True)\n"
     "call_command('migrate')\n",
     "2 call_command('migrate', run_syncdb=True) create_all"},
    {"MigrationModules",
     "from .base import *\nclass No:\n    def __contains__(self, item): return True\n"
     "    def __getitem__(self, item): return None\nMIGRATION_MODULES = No()\n",
     "5 MIGRATION_MODULES create_all"},
    {"MigrationModulesOfNone", "INSTALLED_APPS = []\nMIGRATION_MODULES = {'shop': None}\n",
     "2 MIGRATION_MODULES create_all"},
    {"MigrationModulesElsewhere", "INSTALLED_APPS = []\nMIGRATION_MODULES = {'shop': 'db.shop'}\n", ""},
    {"NotASetting", "MIGRATION_MODULES = {'shop': None}\n", ""},
    {"SettingOfATest", "from django.conf import settings\nsettings.MIGRATION_MODULES = {'shop': None}\n",
     "2 settings.MIGRATION_MODULES create_all"},
    {"TestWithoutMigrate", "DATABASES = {'default': {'TEST': {'MIGRATE': False}}}\n",
     "1 'MIGRATE': False create_all"},
};

INSTANTIATE_TEST_SUITE_P(SchemaCalls, SchemaObjects, ::testing::ValuesIn(kObjects),
                         [](const auto& tested) { return std::string(tested.param.name); });

struct SettingsFile {
  const char* name;
  const char* path;
  const char* content;
  const char* calls;
  const char* variables;
};

void PrintTo(const SettingsFile& one, std::ostream* out) {
  *out << one.name;
}

class PytestSettings : public ::testing::TestWithParam<SettingsFile> {};

TEST_P(PytestSettings, Are) {
  ASSERT_TRUE(is_pytest_settings(GetParam().path));
  FileFacts facts;
  find_pytest_settings(GetParam().path, GetParam().content, {}, facts);
  EXPECT_EQ(rows(facts.schema_calls), GetParam().calls);
  std::vector<std::string> variables;
  for (const auto& read : facts.environment_reads) {
    EXPECT_EQ(read.required, false);
    variables.push_back(fmt::format("{} {}", read.line, read.variable.value_or("NULL")));
  }
  EXPECT_EQ(join(variables, ", "), GetParam().variables);
}

const SettingsFile kFiles[] = {
    {"Options", "pytest.ini", "[pytest]\naddopts = -q --nomigrations\n", "2 --nomigrations create_all", ""},
    {"OptionsOverLines", "a/tox.ini",
     "[testenv]\ncommands = x\n[pytest]\naddopts =\n    -q\n    --no-migrations\n",
     "6 --no-migrations create_all", ""},
    {"TakenBack", "setup.cfg", "[tool:pytest]\naddopts = --nomigrations --migrations\n", "", ""},
    {"OptionsInToml", "pyproject.toml",
     "[tool.pytest.ini_options]\naddopts = [\n  \"-q\",\n  \"--nomigrations\",\n]\n",
     "4 --nomigrations create_all", ""},
    {"AnotherSection", "pyproject.toml", "[tool.other]\naddopts = \"--nomigrations\"\nenv = [\"X=1\"]\n", "",
     ""},
    {"Comment", "pytest.ini", "[pytest]\n# addopts = --nomigrations\n", "", ""},
    {"Variables", "pytest.ini", "[pytest]\nenv =\n    D:X=sqlite://\n    R:D:Y={a}\n    Z=1\nlog = A=1\n", "",
     "3 X, 4 Y, 5 Z"},
    {"VariablesInToml", "pyproject.toml",
     "[tool.pytest.ini_options]\nenv = [\"X=1\", 'D:Y=2']\nminversion = \"8\"\n", "", "2 X, 2 Y"},
    {"VariablesOverLinesInToml", "pyproject.toml",
     "[tool.pytest.ini_options]\nenv = [\n  \"X=1\",\n]\n[tool.ruff]\nenv = [\"Y=1\"]\n", "", "3 X"},
    {"OwnTable", "pyproject.toml",
     "[tool.pytest_env]\nX = 'a'\nY = { value = \"b\", skip_if_set = true }\n"
     "Z = { unset = true }\n",
     "", "2 X, 3 Y"},
    {"OwnTableOfAFileOfPytests", "pytest.toml", "[pytest]\naddopts = ['-q']\n[pytest_env]\nX = 1\n", "",
     "4 X"},
    {"Unset", "pytest.ini", "[pytest]\nenv =\n  U:X=\n  Y=1\n", "", "4 Y"},
    {"NotToml", "pyproject.toml", "[tool.pytest.ini_options\nenv = ['X=1']\n", "", ""},
};

INSTANTIATE_TEST_SUITE_P(SchemaCalls, PytestSettings, ::testing::ValuesIn(kFiles),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace exitgate::collect::code
