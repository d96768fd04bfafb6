#include "harness/database/provision.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"

namespace exitgate::database {
namespace {

using ::testing::HasSubstr;

class Provisioned : public ::testing::Test {
 protected:
  // Each line says what happened: "<command> -> <outcome>".
  std::vector<std::string> provision(const config::Database& declared) {
    log_.clear();
    cluster_ = std::make_unique<Cluster>(find_server_programs());
    Provisioning provisioning(*cluster_, declared, cluster_->folder_for("tree"),
                              [this](std::string_view text) { log_ += text; });
    results_ = provisioning.run();
    std::vector<std::string> lines;
    for (const auto& result : results_) lines.push_back(result.command + " -> " + result.outcome);
    return lines;
  }
  static config::Database steps(const std::vector<std::string>& commands) {
    config::Database declared;
    for (const auto& command : commands) {
      config::Step step;
      step.run = command;
      declared.steps.push_back(step);
    }
    return declared;
  }
  std::string ask(const std::string& sql) {
    return std::string(cluster_->connect(kDatabaseName, "postgres", true)->query(sql).text(0, 0));
  }
  std::string log_;
  std::unique_ptr<Cluster> cluster_;
  std::vector<StepResult> results_;
};

TEST_F(Provisioned, ByStepsInOrderAsTheOwner) {
  auto declared = steps({"psql -q -c 'CREATE TABLE a (id int)'", "psql -q -c 'ALTER TABLE a ADD b text'"});
  EXPECT_THAT(provision(declared), ::testing::ElementsAre("psql -q -c 'CREATE TABLE a (id int)' -> ok",
                                                          "psql -q -c 'ALTER TABLE a ADD b text' -> ok"));
  EXPECT_EQ(ask("SELECT string_agg(attname, ',' ORDER BY attnum) FROM pg_attribute WHERE attrelid = "
                "'public.a'::regclass AND attnum > 0"),
            "id,b");
  EXPECT_EQ(ask("SELECT rolname || rolsuper || rolbypassrls || rolcreaterole FROM pg_roles JOIN pg_class ON "
                "relowner = "
                "pg_roles.oid WHERE relname = 'a'"),
            "exitgatefalsefalsefalse");
}

TEST_F(Provisioned, WithRolesAndPreparation) {
  auto declared = steps({"psql -q -c 'CREATE TABLE a (id int)'"});
  config::Role readers;
  readers.name = "Read Only";
  config::Role app;
  app.name = "app";
  app.createdb = true;
  app.member_of = {"Read Only"};
  declared.roles = {readers, app};
  declared.owner = "app";
  declared.prepare = {"CREATE SCHEMA extra AUTHORIZATION {user}"};
  EXPECT_THAT(provision(declared), ::testing::ElementsAre("psql -q -c 'CREATE TABLE a (id int)' -> ok"));
  EXPECT_EQ(ask("SELECT rolcanlogin || ',' || rolcreatedb FROM pg_roles WHERE rolname = 'app'"), "true,true");
  EXPECT_EQ(ask("SELECT rolcanlogin FROM pg_roles WHERE rolname = 'Read Only'"), "f");
  EXPECT_EQ(ask("SELECT pg_has_role('app', 'Read Only', 'MEMBER')"), "t");
  EXPECT_EQ(ask("SELECT nspowner::regrole FROM pg_namespace WHERE nspname = 'extra'"), "app");
}

TEST_F(Provisioned, StopsAtTheStepThatFails) {
  EXPECT_THAT(provision(steps({"echo one; exit 3", "echo two"})),
              ::testing::ElementsAre("echo one; exit 3 -> exit code 3"));
  EXPECT_EQ(results_[0].exit_code, 3);
  EXPECT_EQ(results_[0].tail, "one");
  EXPECT_THAT(log_, HasSubstr("$ echo one; exit 3\none\n[exit code 3 after "));
}

TEST_F(Provisioned, NamesACommandThatIsNotThere) {
  EXPECT_THAT(provision(steps({"no-such-tool upgrade head"})),
              ::testing::ElementsAre("no-such-tool upgrade head -> exit code 127"));
  EXPECT_THAT(results_[0].tail.value_or(""), HasSubstr("no-such-tool: not found"));
}

// psql goes on behind a statement that failed, and exits with 0.
TEST_F(Provisioned, AStatementThatFailsIsAFailureOfItsStep) {
  const std::string make =
      "printf 'CREATE TABLE a (id int);\\nCREATE TABEL b (id int);\\nCREATE TABLE c (id int);\\n' > 1.sql";
  const auto outcomes = [&](const std::string& command) {
    provision(steps({make, command, "echo never"}));
    return fmt::format("{} of {}", results_.size(), results_.back().outcome);
  };
  const std::string went_on =
      "2 of exit code 0, but psql went on behind a statement that failed: write -v ON_ERROR_STOP=1";
  EXPECT_EQ(outcomes("psql -q -f 1.sql"), went_on);
  EXPECT_THAT(results_.back().tail.value_or(""), HasSubstr("syntax error at or near \"TABEL\""));
  EXPECT_EQ(results_.back().file, "1.sql");
  EXPECT_EQ(results_.back().line, 2);
  EXPECT_EQ(outcomes("psql -q < 1.sql"), went_on);
  EXPECT_EQ(outcomes("cat 1.sql | psql -q"), went_on);
  // Who says that it does not matter, what failed by itself, and what is no statement stay as they are.
  EXPECT_EQ(outcomes("psql -q -v ON_ERROR_STOP=0 -f 1.sql"), "3 of ok");
  EXPECT_EQ(outcomes("psql -q -v ON_ERROR_STOP=1 -f 1.sql"), "2 of exit code 3");
  EXPECT_EQ(outcomes("echo 'ERROR:  of no statement'"), "3 of ok");
}

TEST_F(Provisioned, EndsAStepThatHangs) {
  auto declared = steps({"sleep 1000", "echo never"});
  declared.timeout_seconds = 1;
  const auto lines = provision(declared);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_THAT(lines[0], ::testing::MatchesRegex("sleep 1000 -> no end within (0.99|1).*"));
  EXPECT_EQ(results_[0].exit_code, std::nullopt);
}

TEST_F(Provisioned, EndsAStepAtItsOwnLimit) {
  auto declared = steps({"sleep 1000"});
  declared.steps[0].timeout_seconds = 1;
  EXPECT_THAT(provision(declared),
              ::testing::ElementsAre(::testing::StartsWith("sleep 1000 -> no end within 1")));
}

TEST_F(Provisioned, NamesAStatementOfPreparationThatFails) {
  auto declared = steps({"echo never"});
  declared.prepare = {"GRANT ALL ON SCHEMA nowhere TO PUBLIC"};
  EXPECT_THAT(provision(declared), ::testing::ElementsAre("GRANT ALL ON SCHEMA nowhere TO PUBLIC -> failed"));
  EXPECT_EQ(results_[0].tail,
            "embedded server, database exitgate: ERROR:  schema \"nowhere\" does not exist");
}

TEST_F(Provisioned, NamesAFolderThatIsNotThere) {
  for (const char* const folder : {"backend", "../..", "/etc"}) {
    auto declared = steps({"true"});
    declared.directory = folder;
    EXPECT_THAT(provision(declared),
                ::testing::ElementsAre(
                    fmt::format("true -> cannot run it in '{}': the commit has no such folder", folder)));
  }
}

TEST_F(Provisioned, InAnEnvironmentOfItsOwn) {
  ::setenv("SECRET_OF_OURS", "geheim", 1);
  ::setenv("PGSERVICE", "elsewhere", 1);
  auto declared = steps({"env"});
  declared.environment = {
      {"APP_URL", "{url}"},
      {"DATABASE_URL", "postgresql+psycopg2://{user}@/{database}?host={socket}&port={port}"}};
  provision(declared);
  const std::string folder = cluster_->socket_folder().string();
  const int port = cluster_->port();
  auto lines = split(log_, '\n');
  std::sort(lines.begin(), lines.end());
  std::vector<std::string> variables;
  for (const auto& line : lines) {
    if (line.find('=') != std::string::npos && line.rfind("PATH=", 0) != 0) variables.push_back(line);
  }
  // What /bin/sh adds of itself is not our concern.
  std::erase_if(variables, [](const std::string& line) {
    return line.rfind("PWD=", 0) == 0 || line.rfind("_=", 0) == 0 || line.rfind("OLDPWD=", 0) == 0 ||
           line.rfind("SHLVL=", 0) == 0;
  });
  EXPECT_THAT(
      variables,
      ::testing::ElementsAre(
          fmt::format("APP_URL=postgresql://exitgate:{{password}}@127.0.0.1:{}/exitgate", port),
          fmt::format("DATABASE_URL=postgresql+psycopg2://exitgate@/exitgate?host={}&port={}", folder, port),
          fmt::format("HOME={}/home", folder), "LANG=C.UTF-8", "PGDATABASE=exitgate",
          fmt::format("PGHOST={}", folder), "PGPASSWORD={password}", fmt::format("PGPORT={}", port),
          "PGUSER=exitgate", "PYTHONDONTWRITEBYTECODE=1", "PYTHONUNBUFFERED=1",
          fmt::format("TMPDIR={}/tmp", folder), "TZ=UTC"));
}

TEST_F(Provisioned, IsReachedByTcpAndBySocket) {
  config::Role app;
  app.name = "app";
  app.login = true;
  const std::string query = " -qAt -c 'SELECT current_user, inet_server_addr()'";
  auto declared = steps({"psql \"$DATABASE_URL\"" + query, "psql" + query, "psql -h $TCP_HOST -U app" + query,
                         "psql \"$BY_SOCKET\"" + query, "echo \"the password is $WORD\""});
  declared.roles = {app};
  declared.environment = {{"TCP_HOST", "{host}"},
                          {"BY_SOCKET", "postgresql://app@/{database}?host={socket}"},
                          {"WORD", "{password}"}};
  provision(declared);
  EXPECT_THAT(log_, HasSubstr("\nexitgate|127.0.0.1\n[ok after "));
  EXPECT_THAT(log_, HasSubstr("\nexitgate|\n[ok after "));
  EXPECT_THAT(log_, HasSubstr("\napp|127.0.0.1\n[ok after "));
  EXPECT_THAT(log_, HasSubstr("\napp|\n[ok after "));
  EXPECT_THAT(log_, HasSubstr("\nthe password is {password}\n"));
  EXPECT_THAT(log_, ::testing::Not(HasSubstr(cluster_->password())));
}

// By the command line, since a process namespace has numbers of its own.
bool is_running(const std::string& command_line) {
  for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
    try {
      if (read_file(entry.path() / "cmdline").find(command_line) != std::string::npos) return true;
    } catch (const Undecided&) {
      // Not a process, or one that has just ended.
    }
  }
  return false;
}

TEST_F(Provisioned, EndsWhatAStepLeavesRunning) {
  provision(steps({"sleep 987651 & setsid sleep 987651 & echo $! > $HOME/pid"}));
  EXPECT_NE(read_file(cluster_->socket_folder() / "home" / "pid"), "");
  // Its end is asked for by then; that it is over is the system's to say.
  const auto until = Clock::now() + std::chrono::seconds(10);
  const std::string sleeping(
      "sleep\0"
      "987651",
      12);
  while (is_running(sleeping) && Clock::now() < until) ::usleep(2000);
  EXPECT_FALSE(is_running(sleeping));
}

}  // namespace
}  // namespace exitgate::database
