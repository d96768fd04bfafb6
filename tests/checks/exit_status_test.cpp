// What becomes of a script when one of its commands fails.

#include "harness/commands/exit_status.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "harness/commands/shell.h"

namespace exitgate::commands {
namespace {

struct StatusCase {
  const char* name;
  const char* script;
  const char* expected;  // of the command `pytest`
  ShellOptions options = {};
};
void PrintTo(const StatusCase& one, std::ostream* out) {
  *out << one.name;
}

std::string words(const Failure& failure) {
  constexpr std::string_view kKinds[] = {"counts",   "unknown",    "pipe",     "fallback",
                                         "and_list", "no_errexit", "condition"};
  return std::string(kKinds[failure.kind]) + (failure.by.empty() ? "" : ": " + failure.by);
}

class ExitStatus : public ::testing::TestWithParam<StatusCase> {};
TEST_P(ExitStatus, OfAScript) {
  const auto& one = GetParam();
  const auto commands = parse_shell(one.script);
  const auto all = failures(one.script, one.options);
  ASSERT_EQ(all.size(), commands.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (commands[i].words[0] != "pytest") continue;
    EXPECT_EQ(words(all[i]), one.expected);
    return;
  }
  FAIL() << "no pytest in it";
}

constexpr ShellOptions kPlain{.errexit = false, .pipefail = false};
constexpr ShellOptions kBash{.errexit = true, .pipefail = true};

const StatusCase kCases[] = {
    {"Alone", "pytest", "counts"},
    {"AmongOthers", "echo a\npytest -q\necho b", "counts"},
    {"ThenExit0", "pytest; exit 0", "counts"},
    {"ThenExit0WithoutErrexit", "pytest; exit 0", "no_errexit: exit 0", kPlain},
    {"Pipe", "pytest 2>&1 | tee test.log", "pipe: tee test.log"},
    {"PipeOfSeveral", "pytest |& ts | tee test.log", "pipe: tee test.log"},
    {"PipeOverTwoLines", "pytest |\n  tee fail.log", "pipe: tee fail.log"},
    {"LastOfAPipe", "cat list | pytest", "counts"},
    {"PipeUnderBash", "pytest | tee test.log", "counts", kBash},
    {"PipeWithPipefail", "set -euo pipefail\npytest | tee test.log", "counts"},
    {"PipeWithPipefailAlone", "set -o pipefail; pytest | tee test.log", "counts"},
    {"PipeWithPipefailTakenBack", "set +o pipefail\npytest | tee test.log", "pipe: tee test.log", kBash},
    {"PipeWithPipefailTooLate", "pytest | tee test.log\nset -o pipefail", "pipe: tee test.log"},
    {"PipeStatus", "pytest | tee test.log\nexit ${PIPESTATUS[0]}", "unknown"},
    {"LogThatIsReadLater", "pytest | tee test.log\n! grep FAILED test.log", "unknown"},
    {"GroupInAPipe", "{ pytest; } | tee test.log", "pipe: tee test.log"},
    {"SubshellInAPipe", "(cd a && pytest) | tee test.log", "pipe: tee test.log"},
    {"Subshell", "(cd a; pytest)", "counts"},
    {"OrTrue", "pytest || true", "fallback: || true"},
    {"OrColon", "pytest -q || :\necho done", "fallback: || :"},
    {"OrEcho", "pytest || echo 'some failed'", "fallback: || echo some failed"},
    {"OrExit0", "pytest || exit 0", "fallback: || exit 0"},
    {"OrExit1", "pytest || exit 1", "counts"},
    {"OrExitWithItsStatus", "pytest || exit", "counts"},
    {"OrGroupThatExits", "pytest || { echo failed; exit 1; }", "counts"},
    {"OrSubshellThatExits", "pytest || (echo failed; exit 1)", "counts"},
    {"OrGroupThatDoesNot", "pytest || { echo failed; true; }", "fallback: || echo failed"},
    {"OrStatus", "pytest || status=$?\nexit $status", "unknown"},
    {"OrFile", "pytest || echo 1 > failed.txt", "unknown"},
    {"OrOther", "pytest || ./again.sh", "unknown"},
    {"OrFurther", "pytest || echo failed && ./x", "unknown"},
    {"BothSides", "pytest && echo ok || echo failed", "fallback: || echo failed"},
    {"Last", "./up || pytest", "counts"},
    {"AndAtTheEnd", "pytest && echo ok", "counts"},
    {"AndInTheMiddle", "pytest && echo ok\necho done", "and_list: echo done"},
    {"AfterAnd", "cd a && pytest\necho done", "counts"},
    {"ErrexitOff", "set +e\npytest\necho done", "no_errexit: echo done"},
    {"ErrexitOffAndLast", "set +e\npytest", "counts"},
    {"ErrexitOffAndStatus", "set +e\npytest\nstatus=$?\nset -e\nexit $status", "unknown"},
    {"ErrexitOffAndAsked", "set +e\npytest\nif [ $? -ne 0 ]; then exit 1; fi", "unknown"},
    {"ErrexitOnAgain", "set +e\n./x\nset -e\npytest\necho done", "counts"},
    {"Condition", "if pytest; then echo ok; else echo failed; fi", "condition"},
    {"ConditionThatExits", "if pytest; then echo ok; else exit 1; fi", "unknown"},
    {"NegatedCondition", "if ! pytest; then exit 1; fi", "unknown"},
    {"Negated", "! pytest", "unknown"},
    {"BodyOfIf", "if [ -d a ]; then\n  pytest\nfi\necho done", "counts"},
    {"BodyOfFor", "for a in b c; do pytest $a; done\necho done", "counts"},
    {"BodyOfForWithPipe", "for a in b c\ndo\n  pytest $a | tee -a log\ndone", "pipe: tee -a log"},
    {"BodyOfCase", "case $a in\n  b) pytest ;;\n  *) echo none ;;\nesac\necho done", "counts"},
    {"WhileCondition", "while ! pytest; do sleep 1; done", "unknown"},
    {"Function", "run() { pytest; echo x; }\nrun || true", "unknown"},
    {"Background", "pytest & \nwait", "unknown"},
    {"Substitution", "echo \"$(pytest)\"", "unknown"},
    {"WithinAnOrList", "(pytest; echo x) || true", "no_errexit: echo x"},
    {"LastWithinAnOrList", "(echo x; pytest) || true", "fallback: || true"},
    {"Assignments", "A=1 B=2 pytest || true", "fallback: || true"},
    {"Quoted", "echo 'pytest || true'\npytest", "counts"},
    {"HereDocument", "cat <<'E' > x\npytest | tee\nE\npytest", "counts"},
    {"NotClosed", "if pytest; then\n  (echo", "condition"},
};
std::string name_of(const ::testing::TestParamInfo<StatusCase>& one) {
  return one.param.name;
}
INSTANTIATE_TEST_SUITE_P(All, ExitStatus, ::testing::ValuesIn(kCases), name_of);

}  // namespace
}  // namespace exitgate::commands
