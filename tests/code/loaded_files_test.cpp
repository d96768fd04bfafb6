// Variables that files of the commit give a value, and the code that loads them.
#include <gmock/gmock.h>

#include <ostream>

#include "harness/collect/code/collect.h"
#include "harness/facts/facts.h"
#include "tests/git/collected_facts.h"
#include "tests/git/scratch_repository.h"

namespace exitgate::collect::code {
namespace {

struct LoadCase {
  const char* name;
  std::vector<std::pair<const char*, const char*>> files;
  // "file|line|variable|required|given_by|sets" of X.
  std::vector<std::string> rows;
};

void PrintTo(const LoadCase& one, std::ostream* out) {
  *out << one.name;
}

class LoadedFiles : public ::testing::TestWithParam<LoadCase> {};

TEST_P(LoadedFiles, Give) {
  const test::ScratchRepository scratch;
  for (const auto& [path, content] : GetParam().files) scratch.write(path, content);
  scratch.commit();
  const test::CollectedFacts code(scratch.root(), collect_code, "code");
  EXPECT_EQ(
      code.rows("SELECT file, line, required, given_by, sets FROM code.environment_read WHERE variable = 'X' "
                "AND (imported_by IS NOT NULL OR file NOT LIKE 'app%') ORDER BY file, line, sets DESC"),
      GetParam().rows);
}

const char* const kEnv = "A=1\nX=postgresql://db\n";
const char* const kLoad = "import os\nfrom dotenv import load_dotenv\nload_dotenv()\nx = os.environ['X']\n";

const LoadCase kLoads[] = {
    {"LoadDotenv",
     {{".env", kEnv}, {"tests/conftest.py", kLoad}},
     {"tests/conftest.py|3|0|.env:2|1", "tests/conftest.py|4|0|NULL|0"}},
    {"NotInTheCommit", {{"tests/conftest.py", kLoad}}, {"tests/conftest.py|4|1|NULL|0"}},
    {"AnotherVariable",
     {{".env", "Y=1\nX\n"}, {"tests/conftest.py", kLoad}},
     {"tests/conftest.py|4|1|NULL|0"}},
    {"ATemplate", {{".env.example", kEnv}, {"tests/conftest.py", kLoad}}, {"tests/conftest.py|4|1|NULL|0"}},
    {"AnEmptyValue",
     {{".env", "X=\n"}, {"conftest.py", kLoad}},
     {"conftest.py|3|NULL|.env:1|1", "conftest.py|4|NULL|NULL|0"}},
    {"AnotherVariablesValue",
     {{".env", "X=${Y}\n"}, {"conftest.py", kLoad}},
     {"conftest.py|3|NULL|.env:1|1", "conftest.py|4|NULL|NULL|0"}},
    {"TheNearest",
     {{".env", kEnv}, {"tests/.env", "Y=1\n"}, {"tests/conftest.py", kLoad}},
     {"tests/conftest.py|4|1|NULL|0"}},
    {"Beside",
     {{"tests/.env", kEnv},
      {"tests/conftest.py",
       "from dotenv import load_dotenv\nfrom pathlib import Path\n"
       "HERE = Path(__file__).resolve().parent\nload_dotenv(HERE / '.env')\n"}},
     {"tests/conftest.py|4|0|tests/.env:2|1"}},
    {"Above",
     {{"conf/test.env", kEnv},
      {"tests/conftest.py",
       "import os, dotenv\n"
       "ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))\n"
       "dotenv.load_dotenv(dotenv_path=os.path.join(ROOT, 'conf', 'test.env'), override=True)\n"}},
     {"tests/conftest.py|3|0|conf/test.env:2|1"}},
    {"OfParents",
     {{".env", kEnv},
      {"a/tests/conftest.py",
       "from dotenv import load_dotenv\nimport pathlib\n"
       "load_dotenv(pathlib.Path(__file__).parents[2].joinpath('.env'))\n"}},
     {"a/tests/conftest.py|3|0|.env:2|1"}},
    {"InAnFString",
     {{".env", kEnv},
      {"tests/conftest.py",
       "from dotenv import load_dotenv\nfrom pathlib import Path\n"
       "load_dotenv(f'{Path(__file__).parent.parent}/.env')\n"}},
     {"tests/conftest.py|3|0|.env:2|1"}},
    {"WhereTestsAreStarted",
     {{"backend/.env", kEnv},
      {"backend/pyproject.toml", ""},
      {"backend/tests/conftest.py",
       "from dotenv import load_dotenv\n"
       "load_dotenv('.env')\n"}},
     {"backend/tests/conftest.py|2|0|backend/.env:2|1"}},
    {"PerhapsWhereTestsAreStarted",
     {{".env", kEnv},
      {"backend/pyproject.toml", ""},
      {"backend/tests/conftest.py",
       "from dotenv import load_dotenv\n"
       "load_dotenv('.env')\n"}},
     {"backend/tests/conftest.py|2|NULL|.env:2|1"}},
    {"AComputedName",
     {{".env.test", kEnv}, {"conftest.py", "from dotenv import load_dotenv\nload_dotenv(f'.env.{name}')\n"}},
     {"conftest.py|2|NULL|.env.test:2|1"}},
    {"AFolderOfAnotherModule",
     {{".env", kEnv},
      {"conftest.py", "from dotenv import load_dotenv\nfrom lib import BASE\nload_dotenv(BASE / '.env')\n"}},
     {"conftest.py|3|NULL|.env:2|1"}},
    {"ADefaultName",
     {{".env", kEnv},
      {"conftest.py", "import os\nfrom dotenv import load_dotenv\nload_dotenv(os.getenv('FILE', '.env'))\n"}},
     {"conftest.py|3|0|.env:2|1"}},
    {"AStream",
     {{".env", kEnv}, {"conftest.py", "from dotenv import load_dotenv\nload_dotenv(stream=s)\n"}},
     {}},
    {"ANamesake", {{".env", kEnv}, {"conftest.py", "from app import load_dotenv\nload_dotenv()\n"}}, {}},
    {"DemandedBefore",
     {{".env", kEnv},
      {"conftest.py", "import os\nfrom dotenv import load_dotenv\nx = os.environ['X']\nload_dotenv()\n"}},
     {"conftest.py|3|1|NULL|0"}},
    {"DemandedBeforeAndReplaced",
     {{".env", kEnv},
      {"conftest.py",
       "import os\nfrom dotenv import load_dotenv\nx = os.environ['X']\nload_dotenv(override=True)\n"}},
     {"conftest.py|3|1|NULL|0", "conftest.py|4|0|.env:2|1"}},
    {"InAHook",
     {{".env", kEnv},
      {"conftest.py", "from dotenv import load_dotenv\ndef pytest_configure(config):\n    load_dotenv()\n"}},
     {"conftest.py|3|0|.env:2|1"}},
    {"InAFixtureOfSomeTests",
     {{".env", kEnv},
      {"conftest.py",
       "import pytest\nfrom dotenv import load_dotenv\n@pytest.fixture\ndef f():\n    load_dotenv()\n"}},
     {}},
    {"Values",
     {{".env", kEnv},
      {"conftest.py",
       "import os, dotenv\nos.environ.update(dotenv.dotenv_values('.env'))\n"
       "x = os.environ['X']\n"}},
     {"conftest.py|2|0|.env:2|1", "conftest.py|3|0|NULL|0"}},
    {"ValuesForSomethingElse",
     {{".env", kEnv}, {"conftest.py", "import dotenv\nd = dotenv.dotenv_values('.env')\n"}},
     {}},
    {"EnvironsReadEnv",
     {{".env", kEnv},
      {"tests/conftest.py", "from environs import Env\nenv = Env()\nenv.read_env()\nx = env.str('X')\n"}},
     {"tests/conftest.py|3|0|.env:2|1", "tests/conftest.py|4|0|NULL|0"}},
    {"EnvironsNotAbove",
     {{".env", kEnv},
      {"tests/conftest.py",
       "from environs import Env\nenv = Env()\nenv.read_env(recurse=False)\nx = env('X')\n"}},
     {"tests/conftest.py|4|1|NULL|0"}},
    {"DjangoEnvironReadEnv",
     {{"conf/.env", kEnv},
      {"conftest.py",
       "import environ\nROOT = environ.Path(__file__) - 1\nenv = environ.Env()\n"
       "environ.Env.read_env(str(ROOT.path('conf/.env')))\nx = env.db('X')\n"}},
     {"conftest.py|4|0|conf/.env:2|1", "conftest.py|5|0|NULL|0"}},
    {"DjangoEnvironBeside",
     {{".env", kEnv},
      {"tests/conftest.py", "import environ\nenviron.Env.read_env()\nx = environ.Env()('X')\n"}},
     {"tests/conftest.py|3|1|NULL|0"}},
    {"Dynaconf",
     {{".env", kEnv},
      {"tests/conftest.py",
       "from dynaconf import Dynaconf\ns = Dynaconf(load_dotenv=True)\nt = Dynaconf()\n"}},
     {"tests/conftest.py|2|0|.env:2|1"}},
    {"Decouple",
     {{".env", kEnv}, {"tests/conftest.py", "from decouple import config\nx = config('X')\n"}},
     {"tests/conftest.py|2|0|.env:2|0"}},
    {"DecoupleTakesTheFirstFile",
     {{".env", kEnv},
      {"settings.ini", "[settings]\ny = 1\n"},
      {"conftest.py", "from decouple import config\nx = config('X')\n"}},
     {"conftest.py|2|1|NULL|0"}},
    {"DecoupleIni",
     {{"settings.ini", "[settings]\nx = 1\n"},
      {"tests/conftest.py",
       "from decouple import AutoConfig\nconfig = AutoConfig()\n"
       "x = config('X')\n"}},
     {"tests/conftest.py|3|0|settings.ini:2|0"}},
    {"DecoupleOfAFile",
     {{"test.env", kEnv},
      {"conftest.py",
       "from decouple import Config, RepositoryEnv\nconfig = Config(RepositoryEnv('test.env'))\n"
       "x = config('X')\n"}},
     {"conftest.py|3|0|test.env:2|0"}},
    {"DecoupleOfNothing",
     {{".env", kEnv},
      {"conftest.py",
       "from decouple import Config, RepositoryEmpty\nconfig = Config(RepositoryEmpty())\n"
       "x = config('X')\n"}},
     {"conftest.py|3|1|NULL|0"}},
    {"DecoupleOfSeveral",
     {{".env", kEnv},
      {"conftest.py", "from decouple import Config\nconfig = Config(ChainMap(a, b))\nx = config('X')\n"}},
     {"conftest.py|3|NULL|.env:2|0"}},
    {"Starlette",
     {{".env", kEnv},
      {"conftest.py",
       "from starlette.config import Config\nconfig = Config('.env')\nx = config('X')\n"
       "y = Config()('X')\n"}},
     {"conftest.py|3|0|.env:2|0", "conftest.py|4|1|NULL|0"}},
    {"Pydantic",
     {{".env", "x=1\n"},
      {"conftest.py",
       "from pydantic_settings import BaseSettings, SettingsConfigDict\nclass S(BaseSettings):\n"
       "    x: str\n    model_config = SettingsConfigDict(env_file=('.env.local', '.env'))\n"}},
     {"conftest.py|3|0|.env:1|0"}},
    {"PydanticByItsCase",
     {{".env", "x=1\n"},
      {"conftest.py",
       "from pydantic_settings import BaseSettings\nclass S(BaseSettings):\n"
       "    X: str\n    model_config = {'env_file': '.env', 'case_sensitive': True}\n"}},
     {"conftest.py|3|1|NULL|0"}},
    {"PydanticWhereItIsMade",
     {{".env", kEnv},
      {"conftest.py",
       "from pydantic import BaseSettings\nclass S(BaseSettings):\n    x: str\ns = S(_env_file='.env')\n"}},
     {"conftest.py|3|0|.env:2|0"}},
    {"InAnImportedModule",
     {{".env", kEnv},
      {"app/__init__.py", ""},
      {"app/env.py", "from dotenv import load_dotenv\nload_dotenv()\n"},
      {"tests/conftest.py", "import os\nfrom app import env\nx = os.environ['X']\n"}},
     {"app/env.py|2|0|.env:2|1", "tests/conftest.py|3|1|NULL|0"}},
    {"InAModuleImportedAfterTheDemand",
     {{".env", kEnv},
      {"app/__init__.py", ""},
      {"app/env.py", "from dotenv import load_dotenv\nload_dotenv()\n"},
      {"tests/conftest.py", "import os\nx = os.environ['X']\nfrom app import env\n"}},
     {"tests/conftest.py|2|1|NULL|0"}},
    {"PytestDotenv",
     {{"test.env", kEnv}, {"pytest.ini", "[pytest]\nenv_files =\n    test.env\n"}},
     {"pytest.ini|3|0|test.env:2|1"}},
    {"PytestDotenvByItsOption",
     {{"test.env", kEnv}, {"pytest.ini", "[pytest]\naddopts = --envfile test.env -q\n"}},
     {"pytest.ini|2|0|test.env:2|1"}},
    {"PytestDotenvByItsDefault",
     {{".env", kEnv}, {"requirements-dev.txt", "pytest\npytest-dotenv\n"}},
     {"requirements-dev.txt|2|0|.env:2|1"}},
    {"PytestEnvFiles",
     {{"test.env", kEnv}, {"pyproject.toml", "[tool.pytest_env]\nenv_files = ['test.env']\n"}},
     {"pyproject.toml|2|0|test.env:2|1"}},
    {"ALinkIsNotFollowed", {{".env.real", kEnv}, {"conftest.py", kLoad}}, {"conftest.py|4|1|NULL|0"}},
};

INSTANTIATE_TEST_SUITE_P(CollectCode, LoadedFiles, ::testing::ValuesIn(kLoads),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace exitgate::collect::code
