#include "harness/check/shell.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/base/text.h"

namespace exitgate {
namespace {

std::string commands(std::string_view script) {
  std::string text;
  for (const auto& command : check::shell_commands(script)) text += "[" + join(command, "|") + "]";
  return text;
}

struct Script {
  const char* name;
  const char* script;
  const char* expected;
};

class ShellCommands : public ::testing::TestWithParam<Script> {};

TEST_P(ShellCommands, AreRead) {
  EXPECT_EQ(commands(GetParam().script), GetParam().expected);
}

const Script kScripts[] = {
    {"Lines", "alembic upgrade head\npytest -q\n", "[alembic|upgrade|head][pytest|-q]"},
    {"Separators", "a && b || c; d | e & f", "[a][b][c][d][e][f]"},
    {"Comments", "# alembic upgrade head\npytest # alembic\nx#y", "[pytest][x#y]"},
    {"Quotes", "bash -c \"alembic upgrade head && pytest\"",
     "[bash|-c|alembic upgrade head && pytest][alembic|upgrade|head][pytest]"},
    {"Continuation", "pytest \\\n  -q \\\n  tests", "[pytest|-q|tests]"},
    {"WindowsLines", "pytest\r\ntox\r\n", "[pytest][tox]"},
    {"Redirection", "pytest > log 2>&1 &", "[pytest]"},
    {"Substitution", "x=$(pytest -q)", "[pytest|-q]"},
    {"SubstitutionInACommand", "echo $(pytest -q)", "[pytest|-q][echo|$(pytest -q)]"},
    {"HereDocument", "cat <<'EOF' > notes\nalembic upgrade head\nEOF\npytest", "[cat][pytest]"},
    {"HereDocumentForShell", "bash <<EOF\nalembic upgrade head\nEOF", "[bash][alembic|upgrade|head]"},
    {"HereDocumentIndented", "cat <<-END\n\tpytest\n\tEND\ntox", "[cat][tox]"},
    {"EmptyArgument", "run '' x", "[run||x]"},
    {"Escape", "a\\ b c", "[a b|c]"},
    {"Value", "pytest ${ARGS}", "[pytest|${ARGS}]"},
    {"Nothing", "", ""},
    {"OnlyBackslash", "\\", "[\\]"},  // bash looks for a command of that name
    {"OnlyContinuation", "\\\n", ""},
};
INSTANTIATE_TEST_SUITE_P(Scripts, ShellCommands, ::testing::ValuesIn(kScripts),
                         [](const auto& tested) { return std::string(tested.param.name); });

struct Doing {
  const char* script;
  const char* pattern;
  bool expected;
};

TEST(ShellCommands, DoWhatAPatternNames) {
  const Doing cases[] = {
      {"alembic upgrade head", "alembic upgrade", true},
      {"poetry run alembic -c backend/alembic.ini upgrade head", "alembic upgrade", true},
      {"python -m alembic upgrade head", "alembic upgrade", true},
      {"/opt/venv/bin/alembic upgrade head", "alembic upgrade", true},
      {"docker compose exec -T web alembic upgrade head", "alembic upgrade", true},
      {"alembic downgrade base", "alembic upgrade", false},
      {"alembic current", "alembic upgrade", false},
      {"echo alembic upgrade head", "alembic upgrade", false},
      {"pip install alembic upgrade", "alembic upgrade", false},
      {"pytest -q", "pytest", true},
      {"python -m pytest", "pytest", true},
      {"pip install pytest", "pytest", false},
      {"poetry add pytest", "pytest", false},
      {"pytest --version", "pytest", false},
      {"which pytest", "pytest", false},
      {"cat pytest.ini", "pytest", false},
      {"npm run test:unit", "npm run test*", true},
      {"npm install && npm test", "npm test", true},
      {"make test", "make test*", true},
      {"./scripts/run-migrations.sh", "*migrat*.sh", true},
      {"upgrade alembic", "alembic upgrade", false},
      {"anything", "", false},
  };
  for (const auto& [script, pattern, expected] : cases) {
    bool any = false;
    for (const auto& command : check::shell_commands(script)) any = any || check::matches(command, pattern);
    EXPECT_EQ(any, expected) << script << " / " << pattern;
  }
}

}  // namespace
}  // namespace exitgate
