// Values that a test configuration gives environment variables itself.
#include <gtest/gtest.h>

#include <ostream>

#include "harness/base/text.h"
#include "harness/collect/code/extract.h"
#include "tests/code/environment_read_lines.h"

namespace exitgate::collect::code {
namespace {

std::string rows(const std::string& source) {
  const auto tree = syntax::Tree::parse(source);
  std::vector<std::string> lines;
  for (const auto& one : find_environment_reads(*tree, syntax::Names(*tree))) {
    lines.push_back(line_of(one) + (one.overrides ? " replaced" : one.sets ? " set" : ""));
  }
  return join(lines, ", ");
}

struct StoreCase {
  const char* name;
  std::string source;
  const char* expected;
};

void PrintTo(const StoreCase& one, std::ostream* out) {
  *out << one.name;
}

class Stores : public ::testing::TestWithParam<StoreCase> {};

TEST_P(Stores, Are) {
  EXPECT_EQ(rows("import os, pytest\nfrom unittest.mock import patch\n" + GetParam().source),
            GetParam().expected);
}

const StoreCase kCases[] = {
    {"Assigned", "os.environ['X'] = 'sqlite://'\n", "3 X optional replaced"},
    {"AssignedByAName", "URL = 'sqlite://'\nos.environ['X'] = URL\n", "4 X optional replaced"},
    {"AssignedAnFString", "os.environ['X'] = f'sqlite:///{path}'\n", "3 X optional replaced"},
    {"AssignedSomethingUnknown", "os.environ['X'] = container.url()\n", "3 X NULL replaced"},
    {"AssignedNothing", "os.environ['X'] = ''\n", "3 X NULL replaced"},
    {"MadeOfItself", "os.environ['X'] = os.environ['X'].replace('a', 'b')\nx = os.environ['X']\n",
     "3 X required, 4 X required"},
    {"MadeOfItselfByNames", "url = os.environ['X']\ntest = make_url(url)\nos.environ['X'] = str(test)\n",
     "3 X required"},
    {"MadeOfAnother", "os.environ['X'] = os.environ['Y']\n", "3 X NULL replaced, 3 Y required"},
    {"SetDefault", "os.environ.setdefault('X', 'd')\n", "3 X optional set"},
    {"SetDefaultAfterTheDemand", "x = os.environ['X']\nos.environ.setdefault('X', 'd')\n", "3 X required"},
    {"SetDefaultAfterAConditionalDemand",
     "if CI:\n    x = os.environ['X']\nos.environ.setdefault('X', 'd')\n", "4 X required, 5 X optional set"},
    {"WhenMissing", "if not os.environ.get('X'):\n    os.environ['X'] = 'd'\n",
     "3 X NULL, 4 X optional replaced"},
    {"InAHook", "def pytest_configure(config):\n    os.environ['X'] = 'd'\n", "4 X optional replaced"},
    {"InAHookAfterTheModule", "x = os.environ['X']\ndef pytest_sessionstart():\n    os.environ['X'] = 'd'\n",
     "3 X required, 5 X optional replaced"},
    {"InAFixtureOfTheSession",
     "@pytest.fixture(scope='session')\ndef f():\n    os.environ['X'] = 'd'\n    yield\n",
     "5 X optional replaced"},
    {"InAFixtureOfEveryTest",
     "@pytest.fixture(autouse=True)\ndef f(monkeypatch):\n    monkeypatch.setenv('X', 'd')\n",
     "5 X optional replaced"},
    {"InAFixtureOfSomeTests",
     "x = os.environ['X']\n@pytest.fixture\ndef f(monkeypatch):\n    monkeypatch.setenv('X', 'd')\n"
     "@pytest.fixture()\ndef g():\n    os.environ['X'] = 'd'\n",
     "3 X required"},
    {"InSomeFunction", "def f():\n    os.environ['X'] = 'd'\n", "4 X NULL replaced"},
    {"InAFunctionOfAHook",
     "def pytest_configure():\n    def set(v):\n        os.environ['X'] = 'd'\n    set(1)\n",
     "5 X optional replaced"},
    {"MonkeyPatch", "mp = pytest.MonkeyPatch()\nmp.setenv('X', 'd', prepend=None)\n",
     "4 X optional replaced"},
    {"MonkeyPatchItem",
     "mp = pytest.MonkeyPatch()\nmp.setitem(os.environ, 'X', 'd')\nmp.setitem(d, 'Y', 'd')\n",
     "4 X optional replaced"},
    {"PatchDict", "with patch.dict(os.environ, {'X': 'd', **more}):\n    import app\n",
     "3 X optional replaced, 3 NULL NULL replaced"},
    {"PatchDictByName", "patch.dict('os.environ', X='d', clear=True).start()\n", "3 X optional replaced"},
    {"PatchDictByKeyword", "patch.dict(os.environ, values={'X': 'd'}).start()\n", "3 X optional replaced"},
    {"PatchDictOfAMocker",
     "@pytest.fixture(scope='session', autouse=True)\ndef f(session_mocker):\n"
     "    session_mocker.patch.dict(os.environ, {'X': 'd'})\n",
     "5 X optional replaced"},
    {"PatchDictOfAnotherDictionary", "patch.dict(settings, {'X': 'd'}).start()\n", ""},
    {"PatchDictThatKeepsTheRest", "patch.dict(os.environ, {**os.environ, 'Y': '1'})\nx = os.environ['X']\n",
     "3 Y optional replaced, 4 X required"},
    {"PatchDictAsADecorator", "@patch.dict(os.environ, {'X': 'd'})\ndef helper():\n    pass\n",
     "3 X NULL replaced"},
    {"AnyVariable", "for k, v in read().items():\n    os.environ[k] = v\nx = os.environ['X']\n",
     "4 NULL NULL replaced, 5 X NULL"},
    {"DefaultsOfAnyVariable",
     "for k, v in read().items():\n    os.environ.setdefault(k, v)\nx = os.environ['X']\n",
     "4 NULL optional set, 5 X NULL"},
    {"AnyVariableForSomeTests",
     "x = os.environ['X']\n@pytest.fixture\ndef f():\n    for k in y:\n        os.environ[k] = '1'\n",
     "3 X required"},
    {"SetItem", "os.environ.__setitem__('X', 'd')\n", "3 X optional replaced"},
    {"Removed", "del os.environ['X']\n", ""},
};

INSTANTIATE_TEST_SUITE_P(EnvironmentReads, Stores, ::testing::ValuesIn(kCases),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace exitgate::collect::code
