#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

#include "harness/base/error.h"
#include "harness/check/check.h"
#include "harness/json/json.h"
#include "tests/checks/judge.h"
#include "tests/checks/table.h"

namespace exitgate::testing {
namespace {

using ::testing::HasSubstr;

class CommandCheck : public CheckTable {};
TEST_P(CommandCheck, SaysExactly) {
  holds();
}

std::string ran(const std::string& exit_code, const std::string& more = "") {
  const bool completed = exit_code != "NULL";
  return "INSERT INTO commands.run VALUES ('', 'e.yaml', 1, 'make lint', '', 0, " + exit_code + ", '" +
         (completed ? "exit code " + exit_code : "no end within 60 s") + "', " + (completed ? "1" : "0") +
         ", 1, 'logs/gates/x.log', 9, 0);" + more;
}
std::string line(const std::string& text, const std::string& captures = "NULL") {
  return "INSERT INTO commands.line VALUES ('', (SELECT count(*) + 1 FROM commands.line), 'output', '" +
         text + "', " + captures + ");";
}

std::string error_line(const std::string& text) {
  return line(text) + "UPDATE commands.line SET stream = 'error' WHERE text = '" + text + "';";
}

const std::vector<CheckCase> kCommands = {
    {"Good", "command", R"({"run": "x"})", ran("0", line("fine")), R"(1 examined
note: `make lint`: exit code 0, 1 line of output (logs/gates/x.log)
)"},
    {"ExitCode", "command", R"({"run": "x"})", ran("2", line("no rule") + line("")), R"(1 examined
FAIL `make lint` ended with exit code 2, not 0: no rule
  > its whole output is in logs/gates/x.log
)"},
    {"OtherCodes", "command", R"({"run": "x", "exit": [1, 3]})", ran("0"), R"(1 examined
FAIL `make lint` ended with exit code 0, not 1 or 3
  > its whole output is in logs/gates/x.log
)"},
    {"NoEnd", "command", R"({"run": "x"})", ran("NULL"), R"(1 examined
?    `make lint` came to no end of its own: no end within 60 s
  > see logs/gates/x.log; `timeout:` and `memory:` allow more
)"},
    {"Pattern", "command", R"({"run": "x", "pattern": "x"})",
     ran("1", line("./a.c:3: bad", R"('{"file":"./a.c","line":"3","message":"bad","hint":"fix"}')") +
                  line("b.c: worse", R"('{"file":"b.c"}')") + line("other")),
     R"(1 examined
FAIL a.c:3: bad
  > fix
FAIL b.c: b.c: worse
)"},
    {"Forbid", "command", R"({"run": "x", "forbid": ["WARN", "ERR"]})",
     ran("0", line("a WARN b") + line("ok")),
     R"(1 examined
FAIL the output has 'WARN': a WARN b
  > its whole output is in logs/gates/x.log
)"},
    {"Require", "command", R"({"run": "x", "require": ["ok", "sealed"]})", ran("0", line("ok")), R"(1 examined
FAIL the output of `make lint` lacks 'sealed'
  > its whole output is in logs/gates/x.log
)"},
    {"Empty", "command", R"({"run": "x", "empty": true})", ran("0", line("noise")), R"(1 examined
FAIL `make lint` wrote 1 line, and should write nothing: noise
  > its whole output is in logs/gates/x.log
)"},
    {"CutDecidesNothing", "command", R"({"run": "x", "forbid": ["z"]})",
     ran("0", line("a") + "UPDATE commands.run SET cut = 1;"), R"(1 examined
?    `make lint` wrote more than is kept, and what is kept decides nothing
  > let it write less: at most 10,000 lines of 2,000 characters are looked at
note: `make lint`: exit code 0, 1 line of output (logs/gates/x.log)
)"},
    {"NotRun", "command", R"({"run": "x"})", "INSERT INTO commands.problem VALUES (NULL, NULL, 'no room');",
     R"(error: its command was not run: no room
)"},
    {"NotRunOverAPartOfTheCommit", "command", R"({"run": "x"})",
     "INSERT INTO commands.problem VALUES (NULL, NULL, '27 blobs of the commit are missing in the clone'), "
     "(NULL, 'a.sh', 'blob 1 is missing in the clone');",
     R"(1 examined
?    a.sh: its command was not run: blob 1 is missing in the clone
  > a partial clone: `git fetch --refetch --no-filter origin` fetches what is missing; a damaged one: clone again
?    its command was not run: 27 blobs of the commit are missing in the clone
  > a partial clone: `git fetch --refetch --no-filter origin` fetches what is missing; a damaged one: clone again
)"},
    {"ALinkThatLeadsOut", "command", R"({"run": "x"})",
     ran("0") +
         "INSERT INTO commands.problem VALUES ('', 'up', 'it is a link that leads out of the repository');",
     R"(1 examined
note: `make lint`: exit code 0, 0 lines of output (logs/gates/x.log)
note: not in the copy of the commit: up: it is a link that leads out of the repository
)"},
    {"NotRunBesideALinkThatLeadsOut", "command", R"({"run": "x"})",
     "INSERT INTO commands.problem VALUES ('other', 'up', 'it is a link that leads out of the repository'), "
     "('', NULL, 'no room');",
     R"(error: its command was not run: no room
)"},
    {"ACrashWithTheExitCodeOfFindings", "command", R"({"run": "x", "exit": [0, 1], "pattern": "x"})",
     ran("1", line("Traceback") + line("KeyError")), R"(1 examined
?    `make lint` ended with exit code 1, and no line of its output matches the pattern: KeyError
  > see logs/gates/x.log: did it crash, or does the pattern not fit its output? Where 1 alone is how a good run ends, write exit: 1
note: `make lint`: exit code 1, 2 lines of output (logs/gates/x.log)
)"},
    {"FindingsWithTheirExitCode", "command", R"({"run": "x", "exit": [0, 1], "pattern": "x"})",
     ran("1", line("a.c: bad", R"('{"file":"a.c"}')") + line("1 problem")), R"(1 examined
FAIL a.c: a.c: bad
)"},
    {"NoFindings", "command", R"({"run": "x", "exit": [0, 1], "pattern": "x"})", ran("0", line("fine")),
     R"(1 examined
note: `make lint`: exit code 0, 1 line of output (logs/gates/x.log)
)"},
    {"AnotherExitCodeWithoutAMatch", "command", R"({"run": "x", "exit": [0, 1], "pattern": "x"})", ran("2"),
     R"(1 examined
FAIL `make lint` ended with exit code 2, not 0 or 1
  > its whole output is in logs/gates/x.log
)"},
    {"GrepThatFoundNothing", "command", R"({"run": "x", "exit": 1, "pattern": "x"})", ran("1"), R"(1 examined
note: `make lint`: exit code 1, 0 lines of output (logs/gates/x.log)
)"},
    {"GitBehindAPipe", "command", R"({"run": "x"})",
     ran("0", error_line("fatal: not a git repository (or any of the parent directories): .git")),
     R"(1 examined
?    `make lint` asked git, which said: fatal: not a git repository
  > the copy of the commit has no .git: list files with find, not with git
)"},
    {"GitDiffBehindAPipe", "command", R"({"run": "x", "require": ["ok"]})",
     ran("0", error_line("warning: Not a git repository. Use --no-index")), R"(1 examined
?    `make lint` asked git, which said: warning: Not a git repository. Use --no-index
  > the copy of the commit has no .git: list files with find, not with git
)"},
    {"WordsAboutGit", "command", R"({"run": "x"})",
     ran("0", line("fatal: not a git repository") + error_line("it said: fatal: not a git repository")),
     R"(1 examined
note: `make lint`: exit code 0, 2 lines of output (logs/gates/x.log)
)"},
};
INSTANTIATE_TEST_SUITE_P(Command, CommandCheck, ::testing::ValuesIn(kCommands), case_name);

const check::Check& command() {
  return *check::find_check("command");
}

std::string proof(const std::string& with, const Json& example) {
  try {
    return command().counterexample(check::Parameters(command().parameters, Json::parse(with), ""), example);
  } catch (const Error& error) {
    return std::string("error: ") + error.what();
  }
}

// Its proof is about a run, whatever became of that of the commit.
TEST(CommandCounterexample, TurnsRedWhateverTheRunSaid) {
  const std::string with = R"({"run": "x"})";
  const std::string missing =
      "INSERT INTO commands.problem VALUES (NULL, 'a', 'blob 1 is missing in the clone');";
  const std::string asked_git = ran("0", error_line("fatal: not a git repository"));
  for (const auto& facts : {missing, asked_git}) {
    EXPECT_THAT(judge("command", with, facts + proof(with, nullptr)),
                HasSubstr("FAIL `x` ended with exit code 1, not 0\n"));
  }
}

// Each of them turns the gate red, and by what it is about.
TEST(CommandCounterexample, TurnsRed) {
  struct Case {
    std::string with;
    Json example;
    std::string said;
  };
  const std::vector<Case> cases = {
      {R"({"run": "x"})", nullptr, "FAIL `x` ended with exit code 1, not 0\n"},
      {R"({"run": "x", "exit": [0, 1]})", nullptr, "exit code 2, not 0 or 1\n"},
      {R"({"run": "x", "forbid": ["it's"]})", nullptr, "FAIL the output has 'it's': it's\n"},
      {R"({"run": "x", "require": ["ok"]})", nullptr, "FAIL the output of `x` lacks 'ok'\n"},
      {R"({"run": "x", "empty": true})", nullptr, "should write nothing: something\n"},
      {R"({"run": "x", "require": ["ok"]})", Json{{"exit", 4}}, "exit code 4, not 0: ok\n"},
      {R"sql({"run": "x", "pattern": "^(?P<file>[^:]+):(?P<line>[0-9]+): (?P<message>.*)"})sql",
       Json{{"output", "src/a.c:3: bad\nsrc/b.c:4: 'worse'\n"}},
       "FAIL src/a.c:3: bad\nFAIL src/b.c:4: 'worse'\n"},
  };
  for (const auto& one : cases) {
    EXPECT_THAT(judge("command", one.with, ran("0", line("ok")) + proof(one.with, one.example)),
                HasSubstr(one.said))
        << one.with;
  }
  EXPECT_EQ(proof(R"({"run": "x", "pattern": "bad"})", nullptr), "");
  EXPECT_EQ(proof(R"({"run": "x"})", Json{{"outptu", "x"}}), "error: 'outptu' cannot be a part of it");
}

TEST(CommandParameters, AreValidated) {
  const auto mistake = [](const std::string& with) -> std::string {
    try {
      command().validate(check::Parameters(command().parameters, Json::parse(with), ""));
      return "";
    } catch (const Error& error) {
      return error.what();
    }
  };
  EXPECT_EQ(mistake(R"sql({"run": "x", "exit": [0, 1], "pattern": "(?P<file>x)"})sql"), "");
  EXPECT_EQ(mistake(R"({"run": " "})"), "parameter 'run' is empty");
  EXPECT_EQ(mistake(R"({"run": "x", "exit": "0"})"),
            "parameter 'exit' must be an exit code, or a list of them");
  EXPECT_EQ(mistake(R"({"run": "x", "directory": "a/../.."})"),
            "parameter 'directory' leads out of the repository");
  EXPECT_EQ(mistake(R"({"run": "x", "timeout": 0})"), "parameter 'timeout' must be from 1 to 7200");
  EXPECT_EQ(mistake(R"sql({"run": "x", "pattern": "(?P<fil>x)"})sql"),
            "parameter 'pattern' is wrong: it has a group 'fil' (did you mean 'file'?)");
  EXPECT_EQ(mistake(R"({"run": "x", "empty": true, "require": ["a"]})"),
            "parameter 'empty' and 'require' contradict each other");
}

}  // namespace
}  // namespace exitgate::testing
