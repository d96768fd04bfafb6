// Facts of one source text each: the whole list of rows is compared.
#include "harness/collect/code/extract.h"

#include <fmt/core.h>
#include <gmock/gmock.h>

#include "harness/base/text.h"
#include "tests/code/environment_read_lines.h"

namespace exitgate::collect::code {
namespace {

struct Case {
  const char* name;
  std::string source;
  std::vector<std::string> rows;
};

std::string or_null(const std::optional<std::string>& text) {
  return text.value_or("NULL");
}

template <typename Find>
void expect(const std::vector<Case>& cases, Find find) {
  for (const auto& [name, source, rows] : cases) {
    const auto tree = syntax::Tree::parse(source);
    ASSERT_TRUE(tree.has_value()) << name;
    const syntax::Names names(*tree);
    EXPECT_EQ(join(find(*tree, names), "\n"), join(rows, "\n")) << name << "\n" << source;
  }
}

std::vector<std::string> fixtures(const syntax::Tree& tree, const syntax::Names& names) {
  std::vector<std::string> rows;
  for (const auto& row : find_fixtures(tree, names)) {
    rows.push_back(fmt::format("{} {} of {}, {}, {}", row.line, or_null(row.name), or_null(row.function),
                               row.scope ? to_text(*row.scope) : "NULL", row.framework));
  }
  return rows;
}

TEST(Fixtures, EveryForm) {
  const std::string p = "import pytest\n";
  expect(
      {
          {"bare", "import pytest\n\n@pytest.fixture\ndef db(): ...\n", {"3 db of db, function, pytest"}},
          {"empty call", p + "@pytest.fixture()\ndef db(): ...\n", {"2 db of db, function, pytest"}},
          {"session",
           p + "@pytest.fixture(scope='session')\ndef db(): ...\n",
           {"2 db of db, session, pytest"}},
          {"package, async, autouse",
           p + "@pytest.fixture(autouse=True, scope=\"package\")\nasync def db(): ...\n",
           {"2 db of db, package, pytest"}},
          {"over lines",
           p + "@pytest.fixture(\n    scope=\n      'module',\n)\ndef db(): ...\n",
           {"2 db of db, module, pytest"}},
          {"other decorators around",
           p + "@one\n@pytest.fixture(scope='class')\n@two\ndef db(): ...\n",
           {"3 db of db, class, pytest"}},
          {"import as",
           "import pytest as pt\n@pt.fixture(scope='session')\ndef db(): ...\n",
           {"2 db of db, session, pytest"}},
          {"from import as",
           "from pytest import fixture as fx\n@fx(scope='session')\ndef db(): ...\n",
           {"2 db of db, session, pytest"}},
          {"star", "from pytest import *\n@fixture\ndef db(): ...\n", {"2 db of db, function, pytest"}},
          {"pytest_asyncio",
           "import pytest_asyncio\n@pytest_asyncio.fixture(scope='session', loop_scope='module')\nasync def "
           "db(): ...\n",
           {"2 db of db, session, pytest_asyncio"}},
          {"from pytest_asyncio",
           "from pytest_asyncio import fixture\n@fixture\ndef db(): ...\n",
           {"2 db of db, function, pytest_asyncio"}},
          {"yield_fixture",
           p + "@pytest.yield_fixture(scope='session')\ndef db(): ...\n",
           {"2 db of db, session, pytest"}},
          {"in a class",
           p + "class TestA:\n    @pytest.fixture(scope='class')\n    def db(self): ...\n",
           {"3 db of db, class, pytest"}},
          {"under a condition",
           p + "if True:\n    @pytest.fixture(scope='session')\n    def db(): ...\n",
           {"3 db of db, session, pytest"}},
          {"named",
           p + "@pytest.fixture(name='db', scope='session')\ndef make_db(): ...\n",
           {"2 db of make_db, session, pytest"}},
          {"computed name",
           p + "@pytest.fixture(name=NAME)\ndef make_db(): ...\n",
           {"2 NULL of make_db, function, pytest"}},
          {"computed scope",
           p + "@pytest.fixture(scope=SCOPE)\ndef db(): ...\n",
           {"2 db of db, NULL, pytest"}},
          {"chosen scope",
           p + "@pytest.fixture(scope='session' if CI else 'function')\ndef db(): ...\n",
           {"2 db of db, NULL, pytest"}},
          {"scope by function",
           p + "@pytest.fixture(scope=lambda **_: 'session')\ndef db(): ...\n",
           {"2 db of db, NULL, pytest"}},
          {"unknown scope",
           p + "@pytest.fixture(scope='sesion')\ndef db(): ...\n",
           {"2 db of db, NULL, pytest"}},
          {"scope=None",
           p + "@pytest.fixture(scope=None)\ndef db(): ...\n",
           {"2 db of db, function, pytest"}},
          {"options unpacked",
           p + "@pytest.fixture(**options)\ndef db(): ...\n",
           {"2 NULL of db, NULL, pytest"}},
          {"options beside a scope",
           p + "@pytest.fixture(scope='session', **options)\ndef db(): ...\n",
           {"2 NULL of db, session, pytest"}},
          {"positional scope of old",
           p + "@pytest.fixture('session')\ndef db(): ...\n",
           {"2 db of db, session, pytest"}},
          {"called on a function",
           p + "def make(): ...\ndb = pytest.fixture(make, scope='session')\n",
           {"3 db of make, session, pytest"}},
          {"maker called on a function",
           "from pytest import fixture\ndef make(): ...\ndb = fixture(scope='session')(make)\n",
           {"3 db of make, session, pytest"}},
          {"called on a lambda", p + "db = pytest.fixture(lambda: 1)\n", {"2 db of NULL, function, pytest"}},
          {"called by keyword",
           p + "db = pytest.fixture(fixture_function=make, scope='module')\n",
           {"2 db of make, module, pytest"}},
          {"a maker of one's own",
           p + "session_fixture = pytest.fixture(scope='session')\n\n@session_fixture\ndef db(): ...\n",
           {"4 db of db, session, pytest"}},
          {"partial",
           "import functools, pytest\nsf = functools.partial(pytest.fixture, scope='session')\n"
           "@sf()\ndef db(): ...\n@sf\ndef b(): ...\n",
           {"3 db of db, session, pytest", "5 b of b, session, pytest"}},
          {"partial overridden",
           "from functools import partial\nimport pytest\nsf = partial(pytest.fixture, scope='session')\n"
           "@sf(scope='module')\ndef db(): ...\n",
           {"4 db of db, module, pytest"}},
          {"either of two imports",
           "try:\n    from pytest_asyncio import fixture\nexcept ImportError:\n    from pytest import "
           "fixture\n"
           "@fixture(scope='session')\ndef db(): ...\n",
           {"5 db of db, session, pytest_asyncio"}},
          {"importorskip",
           p + "aio = pytest.importorskip('pytest_asyncio')\n@aio.fixture(scope='session')\ndef db(): ...\n",
           {"3 db of db, session, pytest_asyncio"}},
          {"handed on by the project",
           "from .compat import pytest\n@pytest.fixture(scope='session')\ndef db(): ...\n",
           {"2 db of db, session, pytest"}},
          {"in a comment or a string",
           p + "# @pytest.fixture(scope='session')\ns = '''\n@pytest.fixture(scope='session')\ndef db(): "
               "...\n'''\n",
           {}},
          {"another library's",
           "from fixtures import fixture\n@fixture(scope='session')\ndef db(): ...\n",
           {}},
          {"not imported", "@fixture\ndef db(): ...\n", {}},
          {"a local name hides it", p + "def f(pytest):\n    @pytest.fixture\n    def db(): ...\n", {}},
          {"mentioned, not made", p + "x = pytest.fixture\ny = pytest.fixture(scope='session')\n", {}},
          {"after syntax newer than the grammar",
           p + "try:\n    pass\nexcept A, B, C:\n    pass\n@pytest.fixture(scope='session')\ndef db(): ...\n",
           {"6 db of db, session, pytest"}},
      },
      fixtures);
}

std::vector<std::string> hooks(const syntax::Tree& tree, const syntax::Names& names) {
  std::vector<std::string> rows;
  for (const auto& row : find_hooks(tree, names)) {
    rows.push_back(fmt::format("{} {} {}", row.line, row.name, row.framework));
  }
  return rows;
}

TEST(Hooks, AtModuleLevelByTheNamesThatPytestKnows) {
  expect(
      {
          {"def", "def pytest_sessionstart(session): ...\n", {"1 pytest_sessionstart pytest"}},
          {"async", "async def pytest_sessionfinish(session): ...\n", {"1 pytest_sessionfinish pytest"}},
          {"decorated",
           "import pytest\n@pytest.hookimpl(tryfirst=True)\ndef pytest_configure(config): ...\n",
           {"3 pytest_configure pytest"}},
          {"under a condition",
           "if CI:\n    def pytest_sessionstart(session): ...\n",
           {"2 pytest_sessionstart pytest"}},
          {"in try",
           "try:\n    pass\nfinally:\n    def pytest_sessionstart(session): ...\n",
           {"4 pytest_sessionstart pytest"}},
          {"assigned", "pytest_sessionstart = start\n", {"1 pytest_sessionstart pytest"}},
          {"imported",
           "from plugin import (\n    start as pytest_sessionstart,\n    pytest_sessionfinish,\n)\n",
           {"2 pytest_sessionstart pytest", "3 pytest_sessionfinish pytest"}},
          {"by specname",
           "import pytest\n@pytest.hookimpl(specname='pytest_sessionstart')\ndef start(session): ...\n",
           {"3 pytest_sessionstart pytest"}},
          {"a method", "class Plugin:\n    def pytest_sessionstart(self): ...\n", {}},
          {"nested",
           "def f():\n    def pytest_sessionstart(session): ...\n    pytest_sessionfinish = 1\n",
           {}},
          {"not pytest's", "def pytest_session_start(session): ...\ndef pytest_(x): ...\n", {}},
          {"declared only", "pytest_sessionstart: object\n", {}},
          {"in a string", "'''\ndef pytest_sessionstart(session): ...\n'''\n", {}},
      },
      hooks);
}

std::vector<std::string> schema_calls(const syntax::Tree& tree, const syntax::Names& names) {
  std::vector<std::string> rows;
  for (const auto& row : find_schema_calls(tree, names)) {
    rows.push_back(fmt::format("{} {} {}", row.line, row.callee, to_text(row.kind)));
  }
  return rows;
}

TEST(SchemaCalls, OnlyWhatIsCode) {
  expect(
      {
          {"called", "Base.metadata.create_all(engine)\n", {"1 Base.metadata.create_all create_all"}},
          {"dropped", "db.drop_all()\n", {"1 db.drop_all drop_all"}},
          {"handed on",
           "await conn.run_sync(Base.metadata.create_all)\n",
           {"1 Base.metadata.create_all create_all"}},
          {"over lines",
           "(\n    Base\n    .metadata\n    .create_all(\n        engine)\n)\n",
           {"4 Base.metadata.create_all create_all"}},
          {"kept", "make = metadata.create_all\nmake(engine)\n", {"1 metadata.create_all create_all"}},
          {"in a lambda",
           "x = lambda c: SQLModel.metadata.drop_all(c)\n",
           {"1 SQLModel.metadata.drop_all drop_all"}},
          {"in an f-string", "f'{db.create_all()}'\n", {"1 db.create_all create_all"}},
          {"getattr",
           "getattr(Base.metadata, 'create_all')(engine)\n",
           {"1 getattr(Base.metadata, 'create_all') create_all"}},
          {"getattr by a constant",
           "NAME = 'drop_all'\ngetattr(m, NAME)(engine)\n",
           {"2 getattr(m, NAME) drop_all"}},
          {"on what a call gives",
           "get_base().metadata.create_all(bind=e)\n",
           {"1 get_base().metadata.create_all create_all"}},
          {"comment", "# Base.metadata.create_all(engine)\n", {}},
          {"string", "x = 'Base.metadata.create_all(engine)'\n\"\"\"drop_all\"\"\"\n", {}},
          {"defined", "def create_all(engine): ...\n", {}},
          {"a name alone", "create_all(engine)\n", {}},
          {"assigned to", "m.create_all = None\ndel m.drop_all\n", {}},
          {"one's own method",
           "class A:\n    def create_all(self): ...\n    def setup(self):\n        self.create_all()\n",
           {}},
          {"not one's own",
           "class A:\n    def setup(self):\n        self.create_all()\n",
           {"3 self.create_all create_all"}},
          {"another name", "m.create_all_views()\nm.recreate_all()\n", {}},
      },
      schema_calls);
}

std::vector<std::string> reads(const syntax::Tree& tree, const syntax::Names& names) {
  std::vector<std::string> rows;
  for (const auto& row : find_environment_reads(tree, names)) {
    rows.push_back(line_with_condition(row));
  }
  return rows;
}

const std::string kOs = "import os\n";

TEST(EnvironmentReads, EveryForm) {
  expect(
      {
          {"item", kOs + "x = os.environ['X']\n", {"2 X required"}},
          {"item by alias", "from os import environ as e\nx = e['X']\n", {"2 X required"}},
          {"item by a name of one's own", kOs + "env = os.environ\nx = env['X']\n", {"3 X required"}},
          {"getenv", kOs + "x = os.getenv('X')\n", {"2 X NULL"}},
          {"getenv with default", kOs + "x = os.getenv('X', 'd')\n", {"2 X optional"}},
          {"getenv with keyword", kOs + "x = os.getenv('X', default='d')\n", {"2 X optional"}},
          {"get with None", kOs + "x = os.environ.get('X', None)\n", {"2 X NULL"}},
          {"get with default",
           "from os import environ\nx = environ.get(\n    'X',\n    'd')\n",
           {"2 X optional"}},
          {"kept method", kOs + "get = os.environ.get\nx = get('X', 'd')\n", {"3 X optional"}},
          {"or", kOs + "x = os.environ.get('X') or 'd'\n", {"2 X optional"}},
          {"setdefault", kOs + "os.environ.setdefault('X', 'd')\n", {"2 X optional"}},
          {"pop", kOs + "os.environ.pop('X')\nos.environ.pop('Y', None)\n", {"2 X required", "3 Y NULL"}},
          {"stored", kOs + "os.environ['X'] = 'd'\ndel os.environ['Y']\n", {"2 X optional"}},
          {"a constant's name", kOs + "NAME = 'X'\nx = os.environ[NAME]\n", {"3 X required"}},
          {"computed",
           kOs + "x = os.environ[f()]\ny = os.getenv(f(), 'd')\n",
           {"2 NULL NULL", "3 NULL optional"}},
          {"in a function", kOs + "def f():\n    return os.environ['X']\n", {"3 X required"}},
          {"in an f-string", kOs + "f\"{os.environ['X']}\"\n", {"2 X required"}},
          {"in a comment or a string", kOs + "# os.environ['X']\ns = \"os.environ['X']\"\n", {}},
          {"another environ", "from app import environ\nx = environ['X']\n", {}},
          {"under a condition",
           kOs + "if os.getenv('CI') == 'true':\n    x = os.environ['X']\nelse:\n    "
                 "os.environ.setdefault('X', 'd')\n",
           {"2 CI NULL", "3 X required if os.getenv('CI') == 'true'",
            "5 X optional if not (os.getenv('CI') == 'true')"}},
      },
      reads);
}

TEST(EnvironmentReads, GuardsMakeThemRequired) {
  expect(
      {
          {"raises",
           kOs + "if 'X' not in os.environ:\n    raise SystemExit('X')\nx = os.environ['X']\n",
           {"2 X required", "4 X required"}},
          {"not in front", kOs + "if not 'X' in os.environ:\n    raise E\n", {"2 X required"}},
          {"exits",
           "import os, sys\nif not os.environ.get('X'):\n    print('no')\n    sys.exit(1)\n",
           {"2 X required"}},
          {"after", kOs + "x = os.environ.get('X')\nif not x:\n    raise E\n", {"2 X required"}},
          {"after, is None", kOs + "x = os.getenv('X')\nif x is None:\n    raise E\n", {"2 X required"}},
          {"assert after", kOs + "x = os.getenv('X')\nassert x, 'set X'\n", {"2 X required"}},
          {"assert in", kOs + "assert 'X' in os.environ\n", {"2 X required"}},
          {"else",
           kOs + "if 'X' in os.environ:\n    x = os.environ['X']\nelse:\n    raise E\n",
           {"2 X required", "3 X required"}},
          {"the assignment expression",
           kOs + "if not (x := os.getenv('X')):\n    raise E\n",
           {"2 X required"}},
          {"pytest.skip is not an end",
           "import os, pytest\nif 'X' not in os.environ:\n    pytest.skip('no X')\n",
           {"2 X NULL"}},
          {"another variable's",
           kOs + "if 'Y' not in os.environ:\n    raise E\nx = os.getenv('X')\n",
           {"2 Y required", "4 X NULL"}},
          {"the name is given again",
           kOs + "x = os.getenv('X')\nx = x or f()\nif not x:\n    raise E\n",
           {"2 X NULL"}},
      },
      reads);
}

TEST(EnvironmentReads, TestsAndDefaultsMakeThemOptional) {
  expect(
      {
          {"tested before",
           kOs + "if 'X' in os.environ:\n    x = os.environ['X']\n",
           {"2 X NULL", "3 X optional"}},
          {"tested by value",
           kOs + "if os.environ.get('X'):\n    x = os.environ['X']\n",
           {"2 X NULL", "3 X optional"}},
          {"tested and used in one",
           kOs + "x = 'X' in os.environ and os.environ['X']\n",
           {"2 X NULL", "2 X optional"}},
          {"either or",
           kOs + "x = os.environ['X'] if 'X' in os.environ else 'd'\n",
           {"2 X optional", "2 X NULL"}},
          {"in the other branch",
           kOs + "if 'X' not in os.environ:\n    x = 1\nelse:\n    x = os.environ['X']\n",
           {"2 X NULL", "5 X optional"}},
          {"filled before",
           kOs + "os.environ['X'] = 'd'\nx = os.environ['X']\n",
           {"2 X optional", "3 X optional"}},
          {"filled when missing",
           kOs + "if 'X' not in os.environ:\n    os.environ['X'] = 'd'\nx = os.environ['X']\n",
           {"2 X optional", "4 X optional"}},
          {"setdefault before",
           kOs + "os.environ.setdefault('X', 'd')\ndef f():\n    return os.environ['X']\n",
           {"2 X optional", "4 X NULL"}},
          {"filled elsewhere",
           kOs + "def f():\n    os.environ['X'] = 'd'\ndef g():\n    return os.environ['X']\n",
           {"3 X NULL", "5 X NULL"}},
          {"caught",
           kOs + "try:\n    x = os.environ['X']\nexcept KeyError:\n    x = 'd'\n",
           {"3 X optional"}},
          {"caught among others",
           kOs + "try:\n    x = os.environ['X']\nexcept (ValueError, KeyError):\n    x = 'd'\n",
           {"3 X optional"}},
          {"caught bare", kOs + "try:\n    x = os.environ['X']\nexcept:\n    x = 'd'\n", {"3 X optional"}},
          {"caught and raised again",
           kOs + "try:\n    x = os.environ['X']\nexcept KeyError as e:\n    raise E from e\n",
           {"3 X required"}},
          {"another error caught",
           kOs + "try:\n    x = os.environ['X']\nexcept ValueError:\n    pass\n",
           {"3 X required"}},
          {"suppressed",
           "import os\nfrom contextlib import suppress\nwith suppress(KeyError):\n    x = os.environ['X']\n",
           {"4 X optional"}},
      },
      reads);
}

}  // namespace
}  // namespace exitgate::collect::code
