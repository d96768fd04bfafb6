// Environment variables read by libraries, under conditions in expressions, and after updates of os.environ.
#include <gtest/gtest.h>

#include "harness/base/text.h"
#include "harness/collect/code/extract.h"
#include "tests/code/environment_read_lines.h"

namespace exitgate::collect::code {
namespace {

std::string reads(const std::string& source) {
  const auto tree = syntax::Tree::parse(source);
  std::vector<std::string> lines;
  for (const auto& one : find_environment_reads(*tree, syntax::Names(*tree))) {
    lines.push_back(line_with_condition(one));
  }
  return join(lines, ", ");
}

struct ReadCase {
  const char* name;
  const char* source;
  const char* expected;
};

void PrintTo(const ReadCase& one, std::ostream* out) {
  *out << one.name;
}

class LibraryReads : public ::testing::TestWithParam<ReadCase> {};

TEST_P(LibraryReads, Are) {
  EXPECT_EQ(reads(GetParam().source), GetParam().expected);
}

const ReadCase kCases[] = {
    {"Decouple", "from decouple import config\nx = config('X')\n", "2 X required"},
    {"DecoupleWithCast", "from decouple import config\nx = config('X', cast=str)\n", "2 X required"},
    {"DecoupleWithDefault",
     "from decouple import config\nx = config('X', 'd')\ny = config('Y', default='d')\n",
     "2 X optional, 3 Y optional"},
    {"DecoupleWithNone", "from decouple import config\nx = config('X', default=None)\n", "2 X NULL"},
    {"DecoupleOfOnesOwn", "import decouple\nget = decouple.AutoConfig('.')\nx = get('X')\n", "3 X required"},
    {"DecoupleCaught",
     "from decouple import config, UndefinedValueError\ntry:\n    x = config('X')\n"
     "except UndefinedValueError:\n    x = 'd'\n",
     "3 X optional"},
    {"Environs", "from environs import Env\nenv = Env()\nx = env.str('X')\ny = env('Y')\n",
     "3 X required, 4 Y required"},
    {"EnvironsSingleton", "from environs import env\nx = env.str('X')\n", "2 X required"},
    {"EnvironsWithDefault", "from environs import Env\nx = Env().dj_db_url('X', default='d')\n",
     "2 X optional"},
    {"EnvironsPrefixed",
     "from environs import Env\nenv = Env()\nwith env.prefixed('APP_'):\n    x = env.str('X')\n",
     "4 APP_X required"},
    {"EnvironsDeferred", "from environs import Env\nenv = Env(eager=False)\nx = env.str('X')\n", "3 X NULL"},
    {"DjangoEnviron", "import environ\nenv = environ.Env()\nx = env('X')\ny = env('Y', str, 'd')\n",
     "3 X required, 4 Y optional"},
    {"DjangoEnvironCast", "import environ\nenv = environ.Env()\nx = env('X', str)\n", "3 X required"},
    {"DjangoEnvironDatabase",
     "import environ\nenv = environ.Env()\nx = env.db()\ny = env.db('Y', default='d')\n",
     "3 DATABASE_URL required, 4 Y optional"},
    {"DjangoEnvironScheme",
     "import environ\nenv = environ.Env(X=(str, 'd'), Y=str)\nx = env('X')\ny = env('Z')\n",
     "3 X optional, 4 Z required"},
    {"EnvironsPrefixedTwice",
     "from environs import Env\nenv = Env(prefix='A_')\nwith env.prefixed('B_'):\n    with "
     "env.prefixed('C_'):\n"
     "        x = env.str('X')\n",
     "5 A_B_C_X required"},
    {"EnvironsPrefixComputed",
     "from environs import Env\nenv = Env()\nwith env.prefixed(f()):\n    x = env.str('X')\n", "4 NULL NULL"},
    {"DjangoEnvironPrefixed",
     "import environ\nenv = environ.Env(APP_X=(str, 'd'))\nenv.prefix = 'APP_'\nx = env('X')\ny = "
     "env.str('Y')\n",
     "4 APP_X optional, 5 APP_Y required"},
    {"DjangoEnvironGetValue",
     "import environ\nenv = environ.Env()\nx = env.get_value('X')\ny = env.get_value('Y', str, 'd')\n",
     "3 X required, 4 Y optional"},
    {"DecoupleGet",
     "from decouple import Config, RepositoryEnv\nconfig = Config(RepositoryEnv('.env'))\nx = "
     "config.get('X')\n"
     "y = config.get('Y', default='d')\n",
     "3 X required, 4 Y optional"},
    {"DjDatabaseUrl",
     "import dj_database_url\na = dj_database_url.config()\nb = dj_database_url.config(default='d')\n"
     "c = dj_database_url.config('OTHER')\n",
     "2 DATABASE_URL NULL, 3 DATABASE_URL optional, 4 OTHER NULL"},
    {"DjDatabaseUrlParses", "import os, dj_database_url\na = dj_database_url.parse(os.environ['X'])\n",
     "2 X required"},
    {"Starlette", "from starlette.config import Config\nconfig = Config('.env')\nx = config('X', cast=str)\n",
     "3 X required"},
    {"StarletteGetAndPrefix",
     "from starlette.config import Config\nconfig = Config(env_prefix='APP_')\nx = config.get('X', str, "
     "'d')\n"
     "y = config('Y')\n",
     "3 APP_X optional, 4 APP_Y required"},
    {"UnderACondition", "from decouple import config\nif CI:\n    x = config('X')\n", "3 X required if CI"},
    {"ANamesake", "from app import config\nx = config('X')\nclass Env: ...\nenv = Env()\ny = env.str('X')\n",
     ""},
    {"Ternary", "import os\nx = os.environ['X'] if CI else 'd'\n", "2 X required if CI"},
    {"TernaryTurned", "import os\nx = 'd' if local else os.environ['X']\n", "2 X required if not (local)"},
    {"ShortCircuit", "import os\nx = local or os.environ['X']\ny = CI and os.environ['X']\n",
     "2 X required if not (local), 3 X required if CI"},
    {"ConditionItself", "import os\nx = 1 if os.environ['X'] else 2\n", "2 X required"},
    {"Updated", "import os\nos.environ.update(X='d')\nx = os.environ['X']\n", "2 X optional, 3 X optional"},
    {"UpdatedByADictionary", "import os\nos.environ.update({'X': 'd'})\nx = os.environ['X']\n",
     "2 X optional, 3 X optional"},
    {"UpdatedByAnOperator", "import os\nos.environ |= {'X': 'd'}\nx = os.environ['X']\n",
     "2 X optional, 3 X optional"},
    {"UpdatedBySomething", "import os\nos.environ.update(load())\nx = os.environ['X']\n",
     "2 NULL NULL, 3 X NULL"},
    {"AnotherUpdated", "import os\nos.environ.update(Y='d')\nx = os.environ['X']\n",
     "2 Y optional, 3 X required"},
    {"UpdatedAfterwards", "import os\nx = os.environ['X']\nos.environ.update(f())\n",
     "2 X required, 3 NULL NULL"},
    {"AnotherDictionaryUpdated", "import os\nsettings.update(X='d')\nx = os.environ['X']\n", "3 X required"},
};

INSTANTIATE_TEST_SUITE_P(EnvironmentReads, LibraryReads, ::testing::ValuesIn(kCases),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace exitgate::collect::code
