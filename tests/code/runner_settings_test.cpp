// Values that tox, nox and commands give variables before the tests are started.
#include "harness/collect/code/runner_settings.h"

#include <fmt/core.h>
#include <gtest/gtest.h>

#include <ostream>

#include "harness/base/text.h"

namespace exitgate::collect::code {
namespace {

std::string rows(const std::vector<EnvironmentRead>& reads) {
  std::vector<std::string> lines;
  for (const auto& one : reads) {
    EXPECT_TRUE(one.sets);
    lines.push_back(
        fmt::format("{} {}{}", one.line, one.variable.value_or("NULL"), one.required ? "" : " NULL"));
  }
  return join(lines, ", ");
}

struct RunnerCase {
  const char* name;
  const char* path;
  const char* content;
  const char* expected;
};

void PrintTo(const RunnerCase& one, std::ostream* out) {
  *out << one.name;
}

class Runners : public ::testing::TestWithParam<RunnerCase> {};

TEST_P(Runners, Give) {
  FileFacts facts;
  if (is_noxfile(GetParam().path)) {
    const std::string source = GetParam().content;
    const auto tree = syntax::Tree::parse(source);
    find_nox_settings(*tree, syntax::Names(*tree), facts.environment_reads);
  } else {
    find_runner_settings(GetParam().path, GetParam().content, {}, facts);
  }
  EXPECT_EQ(rows(facts.environment_reads), GetParam().expected);
}

const RunnerCase kCases[] = {
    {"Tox", "tox.ini",
     "[testenv]\nsetenv =\n    X = sqlite://\n    Y={env:Y}\n    Z = {env:Z:sqlite://}\ncommands = pytest\n",
     "3 X, 5 Z"},
    {"ToxSetEnv", "tox.ini", "[testenv:py311]\nset_env = X=1\n", "2 X"},
    {"ToxFactors", "tox.ini",
     "[testenv]\nset_env =\n    pg: X = postgresql://db\n    E =\n    O = {env:OTHER}\n",
     "3 X, 4 E NULL, 5 O NULL"},
    {"ToxOfSomethingElse", "tox.ini",
     "[testenv:lint]\nsetenv = X=1\ncommands = ruff check\n[other]\nsetenv = X=2\n", ""},
    {"ToxToml", "tox.toml",
     "[env_run_base]\nset_env = {X = \"1\", Y = {replace = \"env\", name = \"Y\"}, Z = {replace = \"env\", "
     "name = \"Z\", "
     "default = \"d\"}}\n[env.a]\nset_env.W = \"1\"\n",
     "2 X, 2 Z, 4 W"},
    {"ToxOfAProject", "pyproject.toml",
     "[tool.tox]\nlegacy_tox_ini = \"\"\"\n[testenv]\nsetenv = X=1\n\"\"\"\n", "2 X"},
    {"Nox", "noxfile.py",
     "def tests(session):\n    session.env['X'] = 'sqlite://'\n    session.env['Y'] = os.environ['Y']\n"
     "    session.env.update({'Z': f()})\n    session.run('pytest', env={'W': '1'})\n    session.run('ruff', "
     "env={'V': '1'})\n",
     "2 X, 4 Z NULL, 5 W"},
    {"Makefile", "Makefile",
     "test:\n\tX=postgresql://db Y=$$Y pytest -q\n\t# W=1 pytest\n\tV=1 ruff\n\tpytest --db=u A=1\n",
     "2 X NULL"},
    {"MakefileThatExports", "Makefile",
     "export X ?= postgresql://db\nexport Y := $(Y)\nZ ?= 1\ntest:\n\tpytest\n", "1 X NULL"},
    {"MakefileWithoutTests", "Makefile", "export X ?= 1\nrun:\n\tX=1 serve\n", ""},
    {"Justfile", "justfile", "test:\n    X=\"${X:-sqlite://}\" python -m pytest\n", "2 X NULL"},
    {"PackageScript", "package.json", "{\"scripts\": {\"test\": \"X=1 pytest\"}}\n", "1 X NULL"},
    {"Taskfile", "Taskfile.yml", "tasks:\n  test:\n    cmds:\n      - X=1 pytest\n", "4 X NULL"},
    {"AnotherFile", "README.md", "X=1 pytest\n", ""},
};

INSTANTIATE_TEST_SUITE_P(EnvironmentReads, Runners, ::testing::ValuesIn(kCases),
                         [](const auto& tested) { return std::string(tested.param.name); });

}  // namespace
}  // namespace exitgate::collect::code
