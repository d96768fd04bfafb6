// Gates of a team's own that run commands and query the database, from the gate file to the replay.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/facts/facts.h"
#include "tests/cli/program.h"

namespace exitgate::testing_program {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kSuite = R"yaml(exit-gate: EG-OWN1
title: Our own
gates:
  - id: no-print
    title: Nothing is printed
    check: command
    with:
      run: grep -rn 'print(' app || true
      pattern: '^(?P<file>[^:]+):(?P<line>\d+):(?P<message>.*)$'
    counterexample: {output: "app/x.py:3:print(1)"}
  - id: slow
    title: It ends
    check: command
    with: {run: sleep 100, timeout: 1}
  - id: blind
    title: Its example does not match
    check: command
    with: {run: "true", pattern: '^never$'}
    counterexample: {output: something else}
  - id: tables
    title: Tables are known
    check: database
    with: {query: "SELECT relname AS \"table\" FROM pg_class WHERE relname = 'alembic_version'"}
    counterexample: {table: x}
  - id: revision
    title: Names are looked up as the database's own users do
    check: database
    with: {query: "SELECT 'none' AS message FROM alembic_version WHERE version_num = ''"}
    counterexample: {message: none}
  - id: write
    title: Nothing can be written
    check: database
    with: {query: "SELECT setval(pg_get_serial_sequence('orders', 'id'), 1)"}
    counterexample: {setval: 1}
)yaml";

class OwnCommands : public testing::Test {
 protected:
  OwnCommands() {
    make_sample(repository());
    write_file(folder_.path() / "own.yaml", kSuite);
  }
  fs::path repository() const { return folder_.path() / "service"; }
  fs::path out() const { return folder_.path() / "out"; }
  ProcessResult evaluate(std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {
        "run",   "--repo",      repository().string(), "--suite", (folder_.path() / "own.yaml").string(),
        "--out", out().string()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return exitgate(arguments);
  }

  TemporaryDirectory folder_{"own-commands"};
};

TEST_F(OwnCommands, AreRunSealedAndReplayed) {
  const auto finished = evaluate();
  EXPECT_EQ(finished.exit_code, 1) << finished.output << finished.error;
  EXPECT_EQ(verdict(out(), "EG-OWN1.no-print"), "pass");
  EXPECT_EQ(verdict(out(), "EG-OWN1.slow"), "error");
  EXPECT_EQ(verdict(out(), "EG-OWN1.blind"), "error");
  EXPECT_EQ(verdict(out(), "EG-OWN1.tables"), "fail");
  EXPECT_EQ(verdict(out(), "EG-OWN1.revision"), "pass");
  EXPECT_EQ(verdict(out(), "EG-OWN1.write"), "error");
  EXPECT_THAT(finished.output, HasSubstr("in a read-only transaction"));
  EXPECT_THAT(finished.output, HasSubstr("table=alembic_version"));
  EXPECT_THAT(finished.output, HasSubstr("its counterexample leaves it at 'pass'"));
  EXPECT_THAT(read_file(out() / "logs/gates/EG-OWN1.no-print.log"), HasSubstr("[exit code 0 after "));
  const auto sealed = archives(out());
  ASSERT_EQ(sealed.size(), 1U);
  const auto verified = exitgate({"verify", sealed.front().string(), "--replay"});
  EXPECT_EQ(verified.exit_code, 0) << verified.output << verified.error;
}

// ctest selects one gate, and its command alone runs; no database is provisioned for it.
TEST_F(OwnCommands, AGateRunsItsCommandAlone) {
  evaluate();
  const auto selected =
      run({.arguments = {"ctest", "--test-dir", (out() / ".ctest").string(), "-R", "EG-OWN1.no-print$"},
           .limit = std::chrono::seconds(200)});
  EXPECT_EQ(selected.exit_code, 0) << selected.output;
  EXPECT_THAT(selected.output, Not(HasSubstr("exitgate.database")));
  const facts::Facts facts(out() / "facts", {"commands"});
  EXPECT_EQ(facts.integer("SELECT count(*) FROM commands.run"), 1);
  EXPECT_EQ(facts.text("SELECT gate FROM commands.run"), "EG-OWN1.no-print");
}

}  // namespace
}  // namespace exitgate::testing_program
