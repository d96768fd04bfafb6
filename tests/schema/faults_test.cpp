// What can go wrong while a database is read: each time an error that names it, in time, and never a snapshot
// of half of it. And what must not happen to a live database whatever goes right.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <optional>
#include <thread>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/collect/schema/collect.h"
#include "harness/collect/schema/compare.h"
#include "harness/collect/schema/snapshot.h"
#include "harness/database/cluster.h"
#include "harness/facts/facts.h"
#include "tests/database/fake_server.h"
#include "tests/database/told.h"
#include "tests/schema/base_schema.h"

namespace exitgate::collect::schema {
namespace {

using database::Connection;
using database::Limits;
using database::Proxy;
using database::told;
using ::testing::HasSubstr;
using ::testing::MatchesRegex;

class Faults : public ::testing::Test {
 protected:
  Faults() : cluster_(database::find_server_programs()), administrator_(connect(false)) {}

  std::unique_ptr<Connection> connect(bool read_only, const Limits& limits = {},
                                      const char* user = "postgres") const {
    return cluster_.connect("postgres", user, read_only, limits);
  }
  std::unique_ptr<Connection> connect_through(const Proxy& proxy, const Limits& limits = {}) const {
    return std::make_unique<Connection>(
        database::target_of(fmt::format(
            "postgresql://postgres@127.0.0.1:{}/postgres?sslmode=disable&gssencmode=disable", proxy.port())),
        limits, true);
  }
  std::filesystem::path socket() const { return cluster_.socket(); }
  // Lets every reader of policies wait, until the end of the transaction.
  void lock_policies() const {
    administrator_->query("BEGIN; LOCK TABLE pg_catalog.pg_policy IN ACCESS EXCLUSIVE MODE");
  }
  // The server's process that waits for the lock.
  int waiting_process() const {
    for (int attempt = 0; attempt < 2000; ++attempt) {
      const auto row = administrator_->query(
          "SELECT pg_stat_clear_snapshot(), (SELECT pid FROM pg_stat_activity WHERE wait_event_type = "
          "'Lock')");
      if (!row.is_null(0, 1)) return static_cast<int>(row.integer(0, 1));
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return 0;
  }
  // What is told when `fault` strikes a snapshot that waits for the policies.
  template <typename Fault>
  std::string told_when(const Fault& fault) const {
    lock_policies();
    const auto connection = connect(true);
    std::string message;
    std::thread reading([&] { message = told([&] { take_snapshot(*connection); }); });
    const int process = waiting_process();
    EXPECT_NE(process, 0);
    fault(process);
    reading.join();
    return message;
  }

  database::Cluster cluster_;
  std::unique_ptr<Connection> administrator_;
};

TEST_F(Faults, AnAdministratorEndsTheSession) {
  EXPECT_EQ(
      told_when([&](int process) {
        administrator_->query(fmt::format("SELECT pg_terminate_backend({})", process));
      }),
      "embedded server, database postgres: reading pg_policy: terminating connection due to administrator "
      "command\nthe connection was lost: is the server still running?");
}

TEST_F(Faults, AnAdministratorCancelsTheQuery) {
  EXPECT_EQ(told_when([&](int process) {
              administrator_->query(fmt::format("SELECT pg_cancel_backend({})", process));
            }),
            "embedded server, database postgres: reading pg_policy: canceling statement due to user request\n"
            "the server is busy, or what it has to read is locked: try again, or elsewhere");
}

TEST_F(Faults, TheServerDies) {
  // What it had not sent yet is lost with it, so that the reading had not come as far as the lock.
  EXPECT_THAT(
      told_when([&](int process) {
        // By a process of the server's: their numbers are not ours, where it has a namespace of its own.
        told([&] { administrator_->query(fmt::format("COPY (SELECT 1) TO PROGRAM 'kill -9 {}'", process)); });
      }),
      MatchesRegex("embedded server, database postgres: reading [a-z_ ]+: server closed the connection "
                   "unexpectedly\nthe connection was lost: is the server still running\\?"));
}

TEST_F(Faults, AStatementTakesTooLong) {
  lock_policies();
  Limits limits;
  limits.statement = std::chrono::milliseconds(100);
  const auto connection = connect(true, limits);
  EXPECT_EQ(
      told([&] { take_snapshot(*connection); }),
      "embedded server, database postgres: reading pg_policy: canceling statement due to statement timeout\n"
      "the server is busy, or what it has to read is locked: try again, or elsewhere");
}

TEST_F(Faults, ALockIsNotGiven) {
  lock_policies();
  const auto connection = connect(true);
  connection->query("SET lock_timeout = 50");
  EXPECT_EQ(told([&] { take_snapshot(*connection); }),
            "embedded server, database postgres: reading pg_policy: canceling statement due to lock timeout\n"
            "another session holds a lock on it: try again when it is done");
}

TEST_F(Faults, TheServerIsSilentForLongerThanAllowed) {
  lock_policies();
  Limits limits;
  limits.overall = std::chrono::milliseconds(300);
  const auto connection = connect(true, limits);
  EXPECT_THAT(told([&] { take_snapshot(*connection); }),
              MatchesRegex("embedded server, database postgres: reading [a-z_ ]+: no answer within 0.3 s\n"
                           "the server, or something between here and there, has gone silent"));
}

TEST_F(Faults, AProxyStopsForwardingInTheMiddleOfAnAnswer) {
  administrator_->query("CREATE TABLE public.stalls_here (id int)");
  const Proxy proxy(socket(), Proxy::until("stalls_here"));
  Limits limits;
  limits.overall = std::chrono::milliseconds(1000);
  const auto connection = connect_through(proxy, limits);
  EXPECT_THAT(told([&] { take_snapshot(*connection); }),
              MatchesRegex("postgresql://127.0.0.1:[0-9]+/postgres: reading [a-z_ ]+: no answer within 1 s\n"
                           "the server, or something between here and there, has gone silent"));
}

struct Version {
  const char* major;
  std::string told;
};

TEST_F(Faults, AServerOfAVersionThatIsNotKnown) {
  const std::string own = administrator_->parameter("server_version");
  const std::string rest = own.substr(2);
  for (const auto& [major, expected] :
       {Version{"09", "is too old: 12 is the oldest that is read\nupgrade the server"},
        Version{"11", "is too old: 12 is the oldest that is read\nupgrade the server"},
        Version{"99",
                "is newer than what is known: 18 is the newest that is read\n"
                "take a newer Exitgate: this one would overlook what that version brought"}}) {
    const std::string name("server_version\0", 15);
    const Proxy proxy(socket(), Proxy::rewriting(name + own, name + major + rest));
    const auto connection = connect_through(proxy);
    EXPECT_EQ(told([&] { take_snapshot(*connection); }),
              fmt::format("postgresql://127.0.0.1:{}/postgres: PostgreSQL {}{} {}", proxy.port(), major, rest,
                          expected));
  }
}

TEST_F(Faults, ACatalogThatMayNotBeRead) {
  administrator_->query("CREATE ROLE app LOGIN; REVOKE SELECT ON pg_catalog.pg_policy FROM PUBLIC");
  const auto connection = connect(true, {}, "app");
  EXPECT_EQ(told([&] { take_snapshot(*connection); }),
            "embedded server, database postgres: reading pg_policy: permission denied for table pg_policy\n"
            "grant the role of the URL what the message names, or take another role");
}

// A role that owns nothing and may use nothing sees the same schema as its superuser, but for what the server
// keeps from it, which is said.
TEST_F(Faults, AnOrdinaryRoleSeesTheSame) {
  administrator_->query(kBaseRoles);
  administrator_->query(kBaseSchema);
  administrator_->query("CREATE ROLE app LOGIN");
  const auto by_administrator = take_snapshot(*connect(true));
  const auto by_app = take_snapshot(*connect(true, {}, "app"));
  std::vector<std::string> found;
  for (const auto& one : compare(by_administrator.objects, by_app.objects).differences) {
    found.push_back(fmt::format("{} {}: {} -> {}", one.kind, one.identity, one.before, one.after));
  }
  EXPECT_THAT(
      found,
      ::testing::ElementsAre(
          "user mapping app_reader on warehouse: OPTIONS (password=***, user=reader) -> OPTIONS that are "
          "not shown to the role of this connection"));
  // Not a difference but something that cannot be told.
  EXPECT_TRUE(by_administrator.hidden.empty());
  ASSERT_EQ(by_app.hidden.size(), 1U);
  EXPECT_EQ(by_app.hidden[0].kind, "user mapping");
  EXPECT_EQ(by_app.hidden[0].identity, "app_reader on warehouse");
}

struct State {
  const char* query;
  std::string told;  // in the snapshot's problem
};

TEST_F(Faults, ALiveDatabaseStaysAsItIs) {
  administrator_->query(kBaseRoles);
  administrator_->query(kBaseSchema);
  administrator_->query(
      "CREATE TABLE public.revision (number text); INSERT INTO public.revision VALUES ('7');"
      "CREATE FUNCTION public.writes() RETURNS text LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.revision "
      "VALUES ('8'); RETURN 'written'; END $$; CREATE SEQUENCE public.counter");
  administrator_->query("CHECKPOINT");
  // A transaction that writes anything takes a number.
  const auto transactions = [&] {
    return std::string(administrator_->query("SELECT pg_snapshot_xmax(pg_current_snapshot())").text(0, 0));
  };
  const std::string before = transactions();
  const TemporaryDirectory out;
  collect::collect_live(cluster_.url("postgres", "postgres"), "live", out.path());
  const std::string reads_only = "in a read-only transaction";
  const State cases[] = {
      {"SELECT number FROM revision", ""},
      {" SELECT number FROM revision -- as it is\n ; ", ""},
      {"SELECT public.writes()", "cannot execute INSERT in a read-only transaction"},
      {"SELECT nextval('public.counter')", "cannot execute nextval() in a read-only transaction"},
      {"DELETE FROM revision RETURNING number", "syntax error"},
      {"WITH gone AS (DELETE FROM revision RETURNING number) SELECT * FROM gone",
       "WITH clause containing a data-modifying statement must be at the top level"},
      {"COPY revision TO PROGRAM 'touch /tmp/exitgate-was-here'", "syntax error"},
      {"SELECT 1) AS a; COMMIT; DELETE FROM revision; SELECT * FROM (SELECT 1",
       "cannot insert multiple commands into a prepared statement"},
      {"SET TRANSACTION READ WRITE", "syntax error"},
      {"SELECT set_config('transaction_read_only', 'off', false)",
       "cannot set transaction read-write mode inside a read-only transaction"},
      {"", ""},
  };
  for (const auto& [query, expected] : cases) {
    const auto connection = connect(true);
    const auto snapshot = take_snapshot(*connection, {query});
    if (expected.empty()) {
      EXPECT_THAT(snapshot.state.problems, ::testing::IsEmpty()) << query;
      EXPECT_EQ(snapshot.state.revisions,
                std::vector<AppliedRevision>(*query == '\0' ? 0 : 1, {"7", std::nullopt}))
          << query;
    } else {
      EXPECT_THAT(snapshot.state.problems, ::testing::ElementsAre(HasSubstr(expected))) << query;
      EXPECT_THAT(snapshot.state.revisions, ::testing::IsEmpty()) << query;
    }
  }
  EXPECT_EQ(transactions(), before);
  EXPECT_EQ(administrator_->query("SELECT string_agg(number, ',') FROM public.revision").text(0, 0), "7");
  EXPECT_EQ(administrator_->query("SELECT is_called FROM public.counter").text(0, 0), "f");
}

}  // namespace
}  // namespace exitgate::collect::schema
