// code.db as a whole, from the commit of a real repository.
#include "harness/collect/code/collect.h"

#include <gmock/gmock.h>

#include <ostream>

#include "harness/collect/code/mentions.h"
#include "harness/facts/facts.h"
#include "tests/git/collected_facts.h"
#include "tests/git/scratch_repository.h"

namespace exitgate::collect::code {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Collected : public test::CollectedFacts {
 public:
  explicit Collected(const std::filesystem::path& path) : CollectedFacts(path, collect_code, "code") {}

  std::vector<std::string> problems() const { return rows("SELECT * FROM code.problem ORDER BY file"); }
};

TEST(CollectCode, WritesEachKindOfFactWithItsPlace) {
  const test::ScratchRepository scratch;
  scratch.write("tests/conftest.py",
                "import os\nimport pytest\n\nURL = os.environ['DATABASE_URL']\n\n\n"
                "@pytest.fixture(scope='session')\ndef engine():\n    Base.metadata.create_all(URL)\n\n\n"
                "def pytest_sessionstart(session):\n    pass\n");
  scratch.write("app/plain.py", "x = 1\n");
  scratch.write("bin/run", "#!/usr/bin/env python3\nimport os\nos.environ['X']\n");
  scratch.write("README.md", "Run `alembic upgrade head`, set DATABASE_URL.\n");
  scratch.commit();
  const Collected code(scratch.root());
  EXPECT_THAT(code.rows("SELECT * FROM code.file ORDER BY file"),
              ElementsAre("app/plain.py|python|0", "bin/run|python|1", "tests/conftest.py|python|1"));
  EXPECT_THAT(code.rows("SELECT file, line, name, scope, framework FROM code.fixture"),
              ElementsAre("tests/conftest.py|7|engine|session|pytest"));
  EXPECT_THAT(code.rows("SELECT file, line, name, framework FROM code.hook"),
              ElementsAre("tests/conftest.py|12|pytest_sessionstart|pytest"));
  EXPECT_THAT(code.rows("SELECT file, line, callee, kind FROM code.schema_call"),
              ElementsAre("tests/conftest.py|9|Base.metadata.create_all|create_all"));
  EXPECT_THAT(code.rows("SELECT file, line, variable, required FROM code.environment_read ORDER BY file"),
              ElementsAre("bin/run|3|X|1", "tests/conftest.py|4|DATABASE_URL|1"));
  EXPECT_THAT(
      code.rows("SELECT file, line, term, context, text FROM code.mention ORDER BY file, line, term"),
      ElementsAre("README.md|1|DATABASE_URL|document|Run `alembic upgrade head`, set DATABASE_URL.",
                  "README.md|1|alembic upgrade|document|Run `alembic upgrade head`, set DATABASE_URL.",
                  "tests/conftest.py|4|DATABASE_URL|string|URL = os.environ['DATABASE_URL']",
                  "tests/conftest.py|9|create_all|code|Base.metadata.create_all(URL)"));
  EXPECT_THAT(code.problems(), IsEmpty());
}

// A name that nothing imports is the file's own, and not worth parsing for.
TEST(CollectCode, ParsesForANameThatIsImported) {
  const test::ScratchRepository scratch;
  scratch.write("wsgi.py", "def app(environ, start_response):\n    return environ['PATH_INFO']\n");
  scratch.write("plain.py", "from os import environ\nenviron['A']\n");
  scratch.write("lines.py", "from os import (\n    path,\n    environ,\n)\nenviron['B']\n");
  scratch.write("star.py", "from os import *\nenviron['C']\n");
  scratch.write("dotted.py", "import os as o\no.environ['D']\n");
  scratch.write("test_a.py", "def check(fixture):\n    fixture()\n");
  scratch.write("test_b.py", "from pytest import fixture\n\n@fixture\ndef f():\n    pass\n");
  scratch.commit();
  const Collected code(scratch.root());
  EXPECT_THAT(code.rows("SELECT file FROM code.file WHERE NOT parsed ORDER BY file"),
              ElementsAre("test_a.py", "wsgi.py"));
  EXPECT_THAT(code.rows("SELECT variable FROM code.environment_read ORDER BY 1"),
              ElementsAre("A", "B", "C", "D"));
  EXPECT_THAT(code.rows("SELECT name FROM code.fixture"), ElementsAre("f"));
}

// `data_utils.create_all()` of a project's own module is not SQLAlchemy: what it does shows inside of it.
struct OwnFunction {
  std::string name;
  std::string module;   // app/data/utils.py
  std::string caller;   // manage.py
  std::string package;  // app/data/__init__.py; "-" for none
  std::vector<std::string> calls;
};

void PrintTo(const OwnFunction& one, std::ostream* out) {
  *out << one.name;
}

class OwnFunctions : public ::testing::TestWithParam<OwnFunction> {};

TEST_P(OwnFunctions, AreNoSchemaCalls) {
  const test::ScratchRepository scratch;
  scratch.write("app/data/utils.py", GetParam().module);
  scratch.write("manage.py", GetParam().caller);
  scratch.write("app/__init__.py", "");
  if (GetParam().package != "-") scratch.write("app/data/__init__.py", GetParam().package);
  scratch.commit();
  EXPECT_EQ(Collected(scratch.root()).rows("SELECT file, line, callee FROM code.schema_call ORDER BY file"),
            GetParam().calls);
}

const std::string kOwn = "def create_all():\n    run('admin/schema.sql')\n";
const std::string kCaller = "from app.data import utils as data_utils\ndata_utils.create_all()\n";
const std::vector<std::string> kCalled = {"manage.py|2|data_utils.create_all"};

const std::vector<OwnFunction> kOwnFunctions = {
    {"Aliased", kOwn, kCaller, "", {}},
    {"WithoutAPackageFile", kOwn, kCaller, "-", {}},
    {"ByItsWholeName", kOwn, "import app.data.utils\napp.data.utils.create_all()\n", "", {}},
    {"InAFunction", kOwn, "def f():\n    from app.data import utils\n    utils.create_all()\n", "", {}},
    {"CalledInItsOwnModuleToo", kOwn + "create_all()\n", kCaller, "", {}},
    {"HandedOn", kOwn, "from app.data import utils\nrun(utils.create_all)\n", "", {}},
    {"ThatCallsSqlalchemy",
     "def create_all():\n    Base.metadata.create_all(engine)\n",
     kCaller,
     "",
     {"app/data/utils.py|2|Base.metadata.create_all"}},
    {"AnotherName", "def drop_all(): ...\n", kCaller, "", kCalled},
    {"AModuleThatIsNotThere", kOwn, "from app.other import utils as data_utils\ndata_utils.create_all()\n",
     "", kCalled},
    {"AnotherPackagesModule", kOwn, "import sqlalchemy as data_utils\ndata_utils.create_all()\n", "",
     kCalled},
    {"AnObjectOfTheModule",
     kOwn,
     "from app.data.utils import db\ndb.create_all()\n",
     "",
     {"manage.py|2|db.create_all"}},
    {"AnObjectOfThePackage", kOwn, kCaller, "utils = SQLAlchemy()\n", kCalled},
    {"AMethod", "class A:\n    def create_all(self): ...\n", kCaller, "", kCalled},
    {"AnAlias",
     "create_all = metadata.create_all\n",
     kCaller,
     "",
     {"app/data/utils.py|1|metadata.create_all", kCalled[0]}},
    {"ReplacedAfterwards", kOwn + "create_all = make()\n", kCaller, "", kCalled},
    {"PerhapsReplaced", kOwn + "from models import *\n", kCaller, "", kCalled},
    {"Decorated", "@wrapped\n" + kOwn, kCaller, "", kCalled},
    {"OnlyUnderACondition", "if X:\n    def create_all(): ...\n", kCaller, "", kCalled},
    {"AssignedOver",
     kOwn,
     "from app.data import utils\nutils = SQLAlchemy()\nutils.create_all()\n",
     "",
     {"manage.py|3|utils.create_all"}},
    {"AParameter",
     kOwn,
     "from app.data import utils\ndef f(utils):\n    utils.create_all()\n",
     "",
     {"manage.py|3|utils.create_all"}},
    {"AnAttributeOfTheModule",
     kOwn,
     "from app.data import utils\nutils.db.create_all()\n",
     "",
     {"manage.py|2|utils.db.create_all"}},
};

INSTANTIATE_TEST_SUITE_P(CollectCode, OwnFunctions, ::testing::ValuesIn(kOwnFunctions),
                         [](const auto& tested) { return tested.param.name; });

TEST(CollectCode, AnOwnFunctionIsFoundRelativeToItsCaller) {
  const test::ScratchRepository scratch;
  scratch.write("backend/app/__init__.py", "");
  scratch.write("backend/app/tables.py", "def drop_all(): ...\n");
  scratch.write("backend/app/web/__init__.py", "");
  scratch.write("backend/app/web/admin.py", "from .. import tables\ntables.drop_all()\n");
  scratch.write("backend/tests/conftest.py", "from app import tables\ntables.drop_all()\n");
  scratch.write("tables.py", "db = None\n");
  scratch.write("other/conftest.py", "from app import tables\ntables.drop_all()\n");
  scratch.commit();
  EXPECT_THAT(Collected(scratch.root()).rows("SELECT file, line, callee FROM code.schema_call"),
              ElementsAre("other/conftest.py|2|tables.drop_all"));
}

TEST(CollectCode, ReadsOfImportedModulesSayWhoImportsThem) {
  const test::ScratchRepository scratch;
  const std::string settings =
      "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    database_url: str\n";
  scratch.write("app/__init__.py", "");
  scratch.write("app/settings.py", settings + "settings = S()\n");
  scratch.write("app/lazy.py", settings + "def get():\n    return S()\n");
  scratch.write("app/given.py", settings + "settings = S(database_url='x')\n");
  scratch.write("app/env.py",
                "import os\nX = os.environ['X']\ndef f():\n    return os.environ['Y']\n"
                "class C:\n    z = os.environ['Z']\n    def g(self):\n        return os.environ['W']\n");
  scratch.write("app/through.py", "from . import env\nimport os\nZ = os.getenv('Z', 'z')\n");
  scratch.write("app/unused.py", "import os\nX = os.environ['X']\n");
  scratch.write("app/typed.py", "import os\nX = os.environ['X']\n");
  scratch.write("tests/conftest.py",
                "from app.settings import settings\nfrom app import lazy, through as t\nimport app.given\n"
                "if TYPE_CHECKING:\n    import app.typed\ndef f():\n    import app.unused\n");
  scratch.commit();
  EXPECT_THAT(
      Collected(scratch.root())
          .rows("SELECT file, line, coalesce(imported_by, '-') FROM code.environment_read ORDER BY 1, 2"),
      ElementsAre("app/env.py|2|tests/conftest.py", "app/env.py|4|-", "app/env.py|6|tests/conftest.py",
                  "app/env.py|8|-", "app/given.py|3|-", "app/lazy.py|3|-",
                  "app/settings.py|3|tests/conftest.py", "app/through.py|3|tests/conftest.py",
                  "app/typed.py|2|-", "app/unused.py|2|-"));
}

TEST(CollectCode, ImportsAreFollowedThroughModulesThatHoldNothingElse) {
  const test::ScratchRepository scratch;
  scratch.write("app/__init__.py", "\"\"\"\nfrom .text import x\n\"\"\"\nfrom .main import (\n    app,\n)\n");
  scratch.write("app/main.py",
                "try:\n    from . import env\nexcept ImportError:\n    pass\nfrom . \\\n  import other\n");
  for (const std::string name : {"env", "other", "text"})
    scratch.write("app/" + name + ".py", "import os\nX = os.environ['X']\n");
  scratch.write("tests/conftest.py", "import app\n");
  scratch.commit();
  EXPECT_THAT(Collected(scratch.root())
                  .rows("SELECT file, coalesce(imported_by, '-') FROM code.environment_read ORDER BY 1"),
              ElementsAre("app/env.py|tests/conftest.py", "app/other.py|tests/conftest.py", "app/text.py|-"));
}

TEST(CollectCode, SettingsOfDjangoAreImportedByWhatNamesThem) {
  const test::ScratchRepository scratch;
  scratch.write("a/pytest.ini", "[pytest]\nDJANGO_SETTINGS_MODULE = config.settings.test\n");
  scratch.write("a/config/settings/__init__.py", "");
  scratch.write("a/config/settings/test.py", "from .base import *\n");
  scratch.write("a/config/settings/base.py", "import os\nX = os.environ['X']\n");
  scratch.write("b/pyproject.toml", "[tool.pytest.ini_options]\naddopts = '--ds=settings -q'\n");
  scratch.write("b/settings.py", "import environ\nX = environ.Env()('X', default='d')\n");
  scratch.write("c/conftest.py",
                "import os\npytest_plugins = ['plugin']\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', "
                "'settings')\n");
  scratch.write("c/settings.py",
                "import dj_database_url\nX = dj_database_url.config(dj_database_url.DEFAULT_ENV, 'd')\n");
  scratch.write("c/plugin.py", "import os\nY = os.environ['Y']\n");
  scratch.commit();
  EXPECT_THAT(Collected(scratch.root())
                  .rows("SELECT file, variable, required, imported_by FROM code.environment_read WHERE "
                        "imported_by IS NOT "
                        "NULL ORDER BY 1"),
              ElementsAre("a/config/settings/base.py|X|1|a/pytest.ini", "b/settings.py|X|0|b/pyproject.toml",
                          "c/plugin.py|Y|1|c/conftest.py", "c/settings.py|DATABASE_URL|0|c/conftest.py"));
}

TEST(CollectCode, HooksAndFixturesOfPluginsAreThoseOfTheTests) {
  const test::ScratchRepository scratch;
  const std::string hook =
      "import os\ndef pytest_configure():\n    os.environ['X'] = 'd'\ndef other():\n    os.environ['Y']\n";
  for (const std::string name : {"all", "one", "plugin", "option"})
    scratch.write("tests/" + name + ".py", hook);
  scratch.write("tests/__init__.py", "");
  scratch.write("pytest.ini", "[pytest]\naddopts = -p tests.option\n");
  scratch.write("tests/conftest.py",
                "from .all import *\nfrom .one import other\npytest_plugins = 'tests.plugin'\n");
  scratch.commit();
  EXPECT_THAT(Collected(scratch.root())
                  .rows("SELECT file, required, coalesce(imported_by, '-') FROM code.environment_read WHERE "
                        "variable = 'X' "
                        "ORDER BY 1"),
              ElementsAre("tests/all.py|0|tests/conftest.py", "tests/one.py|0|-",
                          "tests/option.py|0|pytest.ini", "tests/plugin.py|0|tests/conftest.py"));
}

TEST(CollectCode, SettingsThatAFunctionMakesAreMadeWhereItIsCalled) {
  const test::ScratchRepository scratch;
  const std::string made =
      "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    x: str\ndef get():\n    "
      "return S()\n";
  scratch.write("called.py", made + "s = get()\n");
  scratch.write("lazy.py", made);
  scratch.write("conftest.py", "import called, lazy\n");
  scratch.commit();
  EXPECT_THAT(Collected(scratch.root())
                  .rows("SELECT file, coalesce(imported_by, '-') FROM code.environment_read ORDER BY 1"),
              ElementsAre("called.py|conftest.py", "lazy.py|-"));
}

// A function makes its reads for whoever calls it when the tests are started.
TEST(CollectCode, CallsOfFunctionsMakeTheirReads) {
  const test::ScratchRepository scratch;
  scratch.write(".env", "L=1\n");
  scratch.write("app/__init__.py", "from .urls import get_url\n");
  scratch.write("app/urls.py",
                "import os\ndef get_url():\n    return inner()\ndef inner():\n    return os.environ['X']\n"
                "def unused():\n    return os.environ['U']\n");
  scratch.write("app/setup.py", "from dotenv import load_dotenv\ndef load():\n    load_dotenv()\n");
  scratch.write("app/late.py", "import os\ndef f():\n    os.environ.setdefault('Y', 'd')\n");
  scratch.write("app/settings.py",
                "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n    s: str\n"
                "def get_settings():\n    s = S()\n    return s\n");
  scratch.write(
      "tests/conftest.py",
      "import os\nimport pytest\nfrom app import get_url\nfrom app.setup import load\nurl = "
      "get_url()\nload()\n"
      "y = os.environ['Y']\n@pytest.fixture\ndef app():\n    from app.late import f\n    f()\n"
      "    import app.settings as m\n    m.get_settings()\ndef own():\n    os.environ['O'] = 'd'\nown()\n");
  scratch.commit();
  EXPECT_THAT(
      Collected(scratch.root())
          .rows("SELECT file, variable, required, coalesce(imported_by, '-') FROM code.environment_read "
                "ORDER BY 1, 2"),
      ElementsAre("app/late.py|Y|0|-", "app/settings.py|S|1|tests/conftest.py",
                  "app/setup.py|L|0|tests/conftest.py", "app/urls.py|U|1|-",
                  "app/urls.py|X|1|tests/conftest.py", "tests/conftest.py|O|0|-", "tests/conftest.py|Y|1|-"));
}

TEST(CollectCode, WhatConftestSetsItselfIsNotRequiredByAnImport) {
  const test::ScratchRepository scratch;
  scratch.write("env.py", "import os\nX = os.environ['X']\nY = os.environ['Y']\n");
  scratch.write("conftest.py", "import os\nos.environ['X'] = 'd'\nimport env\n");
  scratch.write("other/env.py", "import os\nX = os.environ['X']\n");
  scratch.write("other/conftest.py", "import os\nos.environ.update(load())\nimport env\n");
  scratch.commit();
  EXPECT_THAT(
      Collected(scratch.root())
          .rows("SELECT file, variable, coalesce(imported_by, '-') FROM code.environment_read ORDER BY 1, 2"),
      ElementsAre("conftest.py|X|-", "env.py|X|-", "env.py|Y|conftest.py", "other/conftest.py|NULL|-",
                  "other/env.py|X|-"));
}

TEST(CollectCode, ReadsTheCommitAndNotTheWorkTree) {
  const test::ScratchRepository scratch;
  scratch.write("a.py", "db.create_all()\n");
  scratch.commit();
  scratch.write("a.py", "pass\n");
  scratch.write("b.py", "db.drop_all()\n");
  EXPECT_THAT(Collected(scratch.root()).rows("SELECT file FROM code.schema_call"), ElementsAre("a.py"));
}

TEST(CollectCode, AnEmptyCommitGivesEmptyTables) {
  const test::ScratchRepository scratch;
  scratch.commit();
  const Collected code(scratch.root());
  EXPECT_THAT(code.rows("SELECT * FROM code.file"), IsEmpty());
  EXPECT_THAT(code.problems(), IsEmpty());
}

TEST(CollectCode, AMissingBlobIsAProblem) {
  const test::ScratchRepository scratch;
  scratch.write("a.py", "db.create_all()\n");
  scratch.write("b.py", "db.drop_all()\n");
  scratch.write("notes.txt", "pg_dump\n");
  scratch.commit();
  for (const std::string path : {"a.py", "notes.txt"}) {
    const std::string oid = scratch.git({"rev-parse", "HEAD:" + path});
    std::filesystem::remove(scratch.root() / ".git/objects" / oid.substr(0, 2) / oid.substr(2));
  }
  const Collected code(scratch.root());
  EXPECT_THAT(code.problems(), ElementsAre(fmt::format("a.py|python|its blob {} is missing from the clone",
                                                       scratch.git({"rev-parse", "HEAD:a.py"})),
                                           fmt::format("notes.txt|NULL|its blob {} is missing from the clone",
                                                       scratch.git({"rev-parse", "HEAD:notes.txt"}))));
  EXPECT_THAT(code.rows("SELECT file FROM code.schema_call"), ElementsAre("b.py"));
}

TEST(CollectCode, WhatIsTooLargeIsAProblemWhenItIsPython) {
  const test::ScratchRepository scratch;
  const std::string filler = "x = 1  # padding, padding, padding, padding, padding, padding\n";
  std::string large = "db.create_all()\n";
  while (large.size() <= 4U << 20U) large += filler;
  scratch.write("large.py", large);
  scratch.write("large.txt", "pg_dump\n" + large);
  scratch.write("small.py", "db.drop_all()\n");
  scratch.commit();
  const Collected code(scratch.root());
  EXPECT_THAT(
      code.problems(),
      ElementsAre(fmt::format("large.py|python|not read: {} bytes, more than the 4194304 that are parsed",
                              large.size())));
  EXPECT_THAT(code.rows("SELECT file FROM code.schema_call"), ElementsAre("small.py"));
  EXPECT_THAT(code.rows("SELECT file FROM code.mention WHERE term = 'pg_dump'"), IsEmpty());
}

// Files that nobody wrote by hand must not stop the others from being read, nor take for ever.
TEST(CollectCode, HostileFilesAreReadOrAProblem) {
  const auto times = [](const std::string& text, std::size_t count) {
    std::string all;
    for (std::size_t i = 0; i < count; ++i) all += text;
    return all;
  };
  const test::ScratchRepository scratch;
  const std::string os = "import os\n";
  scratch.write("accesses.py", os + times("os.environ['X']\n", 10000));
  scratch.write("aliases.py",
                os + times("a = b\nb = a\na = a or b\nb = b or a\n", 500) + times("a['X']\n", 500));
  scratch.write("attributes.py", "x" + times(".create_all", 5000) + "\n");
  scratch.write("conditions.py",
                os + "if " + times("x and ", 500) + "'X' in os.environ:\n    os.environ['X']\n");
  scratch.write("lambdas.py", os + times("lambda:", 500) + "os.environ['X']\n");
  scratch.write("mentions.py", times("sha256\n", 10000));
  scratch.write("nots.py", os + "if " + times("not ", 500) + "os.environ.get('X'):\n    os.environ['X']\n");
  scratch.write("parentheses.py", os + times("(", 500) + "os.environ['X']" + times(")", 500) + "\n");
  scratch.write("selves.py", "class A:\n    def f(self):\n" + times("        self.create_all()\n", 5000));
  scratch.write("walrus.py", os + times("(a := ", 500) + "os.environ['X']" + times(")", 500) + "\n");
  scratch.write("z.py", "db.drop_all()\n");
  scratch.commit();
  const Collected code(scratch.root());
  EXPECT_THAT(code.rows("SELECT file FROM code.schema_call WHERE kind = 'drop_all'"), ElementsAre("z.py"));
  EXPECT_THAT(code.rows("SELECT max(length(callee)) FROM code.schema_call"), ElementsAre("201"));
  EXPECT_THAT(code.rows("SELECT count(*) FROM code.mention WHERE file = 'mentions.py'"),
              ElementsAre("10000"));
  for (const auto& problem : code.problems()) EXPECT_THAT(problem, testing::HasSubstr("|python|"));
}

// An error in the syntax is a problem only where it could hide a fact.
TEST(CollectCode, AnErrorIsAProblemWhereItCouldHideAFact) {
  const test::ScratchRepository scratch;
  scratch.write("elsewhere.py", "x = = 1\n\n\ndef f():\n    db.create_all()\n");
  scratch.write("around.py", "def f(:\n    db.create_all(\n");
  scratch.write("newer.py", "try:\n    db.drop_all()\nexcept A, B, C:\n    pass\n");
  scratch.write("none.py", "x = = 1\n");
  scratch.commit();
  const Collected code(scratch.root());
  EXPECT_THAT(
      code.problems(),
      ElementsAre("around.py|python|line 2: does not parse as Python, and facts may be hidden in it"));
  EXPECT_THAT(code.rows("SELECT file, line FROM code.schema_call WHERE file <> 'around.py' ORDER BY file"),
              ElementsAre("elsewhere.py|5", "newer.py|2"));
}

TEST(CollectCode, SymbolicLinksAndSubmodulesAreNotFollowed) {
  const test::ScratchRepository scratch;
  scratch.write("a.py", "db.create_all()\n");
  std::filesystem::create_symlink("a.py", scratch.root() / "b.py");
  const std::string commit = scratch.commit();
  scratch.git({"update-index", "--add", "--cacheinfo", "160000," + commit + ",module.py"});
  scratch.git({"commit", "--quiet", "-m", "with a submodule"});
  EXPECT_THAT(Collected(scratch.root()).rows("SELECT file FROM code.file"), ElementsAre("a.py"));
}

TEST(CollectCode, SecretsAreMasked) {
  const test::ScratchRepository scratch;
  scratch.write("a.py", "DATABASE_URL = 'postgresql://app:s3cr3t-pass@db/x'\n");
  scratch.commit();
  EXPECT_THAT(Collected(scratch.root()).rows("SELECT text FROM code.mention"),
              ElementsAre("DATABASE_URL = 'postgresql://app:***@db/x'"));
}

TEST(CollectCode, NamesOfAnyBytesAndBrokenTextAreKept) {
  const test::ScratchRepository scratch;
  scratch.write("dir with spaces/\xC3\xA9 \"q\".py", "db.create_all()\n");
  scratch.write("latin.py", "# -*- coding: latin-1 -*-\nname = '\xE9'  # \xE8\ndb.drop_all()\n");
  scratch.write("bom.py", "\xEF\xBB\xBFimport os\nos.environ['X']\n");
  scratch.write("crlf.py", "import os\r\nos.environ['X']\r\n");
  scratch.commit();
  const Collected code(scratch.root());
  EXPECT_THAT(code.rows("SELECT file, line FROM code.schema_call ORDER BY file"),
              ElementsAre("dir with spaces/\xC3\xA9 \"q\".py|1", "latin.py|3"));
  EXPECT_THAT(code.rows("SELECT file, line, variable FROM code.environment_read ORDER BY file"),
              ElementsAre("bom.py|2|X", "crlf.py|2|X"));
  EXPECT_THAT(code.problems(), IsEmpty());
}

TEST(CollectCode, ALongLineIsCutBetweenCharacters) {
  const test::ScratchRepository scratch;
  std::string line = "pg_dump ";
  for (int i = 0; i < 300; ++i) line += "\xC3\xA9";
  scratch.write("notes.md", line + "\n");
  scratch.commit();
  const auto rows = Collected(scratch.root()).rows("SELECT text, length(text) FROM code.mention");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0], line.substr(0, 8 + 2 * 192) + "|200");
}

struct ContextCase {
  const char* path;
  const char* text;
  std::vector<std::string> rows;
};

TEST(Mentions, HaveTheContextOfTheirFile) {
  const test::ScratchRepository scratch;
  const std::vector<ContextCase> cases = {
      {"a.yml", "run: pg_dump --schema-only > x\n", {"a.yml|1|pg_dump|code", "a.yml|1|schema-only|code"}},
      {"b.yml", "  # pg_dump here\nrun: x  # pg_dump\n", {"b.yml|1|pg_dump|comment", "b.yml|2|pg_dump|code"}},
      {"c.md", "# Manifest\n", {"c.md|1|manifest|document"}},
      {"d.log", "-- alembic upgrade heads --\n", {"d.log|1|alembic upgrade|document"}},
      {"e.js", " // SHA256\nconst x = sha256(y)\n", {"e.js|1|sha256|comment", "e.js|2|sha256|code"}},
      {"f.sql", "-- checksum\nSELECT checksum;\n", {"f.sql|1|checksum|comment", "f.sql|2|checksum|code"}},
      {"g.py", "import hashlib\nhashlib.sha256(x)  # sha256\n", {"g.py|2|sha256|code"}},
      {"h.py",
       "'''\nalembic upgrade head\n'''\nf'{sha256}'\n",
       {"h.py|2|alembic upgrade|string", "h.py|4|sha256|code"}},
      {"i.py",
       "from alembic import command\ncommand.upgrade(c, 'head')\nmycommand.upgrade(c)\n",
       {"i.py|2|command.upgrade|code"}},
      {"Makefile", "# pg_dump\nx:\n\tpg_dump\n", {"Makefile|1|pg_dump|comment", "Makefile|3|pg_dump|code"}},
      {"recreate.txt", "recreate_all create_alls DATABASE_URLS database_url\n", {}},
  };
  std::vector<std::string> expected;
  for (const auto& [path, text, rows] : cases) {
    scratch.write(path, text);
    expected.insert(expected.end(), rows.begin(), rows.end());
  }
  scratch.commit();
  std::sort(expected.begin(), expected.end());
  auto found = Collected(scratch.root()).rows("SELECT file, line, term, context FROM code.mention");
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found, expected);
}

TEST(TermSearch, FindsEveryOccurrenceInAnyCaseAsAPlainSearchDoes) {
  const std::vector<std::string> words = {"manifest", "fest", "sha256", "aaaa", "command.upgrade"};
  const TermSearch search(words);
  std::string text = "aaaaaa MANIFEST manifestmanifest sHa256 sha25 command.upgrad command.upgrade";
  std::vector<std::pair<std::size_t, std::size_t>> expected;
  for (std::size_t word = 0; word < words.size(); ++word) {
    const std::string folded = lower(text);
    for (std::size_t at = folded.find(words[word]); at != std::string::npos;
         at = folded.find(words[word], at + 1)) {
      expected.emplace_back(word, at);
    }
  }
  std::vector<std::pair<std::size_t, std::size_t>> found;
  search.each(text, [&](std::size_t word, std::size_t at) { found.emplace_back(word, at); });
  std::sort(found.begin(), found.end());
  EXPECT_EQ(found, expected);
  EXPECT_EQ(found.size(), 3U + 3U + 1U + 3U + 1U);
}

}  // namespace
}  // namespace exitgate::collect::code
