#include "harness/database/connection.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "harness/base/error.h"
#include "harness/database/cluster.h"
#include "tests/database/fake_server.h"
#include "tests/database/told.h"

namespace exitgate::database {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

constexpr const char* kPassword = "geheim-4711";

std::string connecting(const std::string& url, std::chrono::milliseconds limit = std::chrono::seconds(5)) {
  return told([&] {
    Limits limits;
    limits.connect = limit;
    limits.overall = limit;
    const Connection connection(target_of(url), limits, true);
  });
}

struct Malformed {
  std::string url;
  std::string message;
};

TEST(TargetOf, RejectsWhatIsNotAUrlWithoutShowingIt) {
  const std::string form = "the form is postgresql://USER:PASSWORD@HOST:PORT/DATABASE";
  const Malformed cases[] = {
      {"mysql://app:geheim-4711@db/app", "the database URL is not one of PostgreSQL\n" + form},
      {"geheim-4711", "the database URL is not one of PostgreSQL\n" + form},
      {"postgresql+asyncpg://app:geheim-4711@db/app",
       "the database URL begins with 'postgresql+asyncpg://', which only SQLAlchemy reads\n"
       "write postgresql:// instead"},
      {"postgresql://app:geheim-4711@[db/app",
       "the database URL is malformed (it is not shown, since it may hold a password)\n" + form +
           "; write special characters of a password as %XX"},
      {"postgresql://app:geheim-4711%zz@db/app",
       "the database URL is malformed (it is not shown, since it may hold a password)\n" + form +
           "; write special characters of a password as %XX"},
      {"host=db passwort=geheim-4711",
       "the database URL is malformed (it is not shown, since it may hold a password)\n" + form +
           "; write special characters of a password as %XX"},
  };
  for (const auto& one : cases) EXPECT_EQ(told([&] { target_of(one.url); }), one.message) << one.url;
}

TEST(TargetOf, DescribesWithoutUserAndPassword) {
  EXPECT_EQ(target_of("postgresql://app:geheim-4711@db.example:5433/shop?sslmode=require").description,
            "postgresql://db.example:5433/shop");
  EXPECT_EQ(target_of("host=/run/db dbname=shop password=geheim-4711").description,
            "postgresql:///run/db/shop");
}

TEST(Connection, SaysThatItWasRefused) {
  int port = 0;
  {
    const Listener listener;
    port = listener.port();
  }
  const std::string message =
      connecting(fmt::format("postgresql://app:{}@127.0.0.1:{}/shop", kPassword, port));
  EXPECT_THAT(message, HasSubstr(fmt::format("cannot connect to postgresql://127.0.0.1:{}/shop: ", port)));
  EXPECT_THAT(message, HasSubstr("Connection refused"));
  EXPECT_THAT(message, HasSubstr("\nis the server running, and are host and port right?"));
  EXPECT_THAT(message, Not(HasSubstr(kPassword)));
}

TEST(Connection, DoesNotWaitForASilentServer) {
  const Listener silent;
  EXPECT_EQ(connecting(fmt::format("postgresql://app:{}@127.0.0.1:{}/shop", kPassword, silent.port()),
                       std::chrono::milliseconds(200)),
            fmt::format("cannot connect to postgresql://127.0.0.1:{}/shop: no answer within 0.2 s\n"
                        "check the URL given by --database",
                        silent.port()));
}

TEST(Connection, KnowsWhatIsNoPostgresql) {
  for (const char* const sslmode : {"prefer", "disable"}) {
    const Chatterer web("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    EXPECT_EQ(connecting(fmt::format("postgresql://app:{}@127.0.0.1:{}/shop?sslmode={}&gssencmode=disable",
                                     kPassword, web.port(), sslmode)),
              fmt::format("postgresql://127.0.0.1:{}/shop does not answer as a PostgreSQL server\n"
                          "check host and port of the database URL",
                          web.port()))
        << sslmode;
  }
}

class ConnectionTo : public ::testing::Test {
 protected:
  static void SetUpTestSuite() { cluster_ = new Cluster(find_server_programs()); }
  static void TearDownTestSuite() { delete cluster_; }
  static Cluster* cluster_;
};
Cluster* ConnectionTo::cluster_ = nullptr;

TEST_F(ConnectionTo, AServerThatWantsAnotherPassword) {
  const auto administrator = cluster_->connect("postgres", "postgres", false);
  administrator->query("CREATE ROLE app LOGIN PASSWORD 'right'");
  {
    std::ofstream rules(cluster_->socket_folder() / "data" / "pg_hba.conf");
    rules << "local all app scram-sha-256\nlocal all all trust\n";
  }
  administrator->query("SELECT pg_catalog.pg_reload_conf()");
  const std::string host = cluster_->socket_folder().string();
  std::string message;
  // The server rereads its rules in its own time.
  for (int attempt = 0; attempt < 100 && message.find("password") == std::string::npos; ++attempt) {
    message = connecting(fmt::format("postgresql://app:{}@/postgres?host={}", kPassword, host));
  }
  EXPECT_THAT(message, HasSubstr(fmt::format("cannot connect to postgresql://{}/postgres: ", host)));
  EXPECT_THAT(message, HasSubstr("password authentication failed for user \"app\""));
  EXPECT_THAT(message,
              HasSubstr("\ncheck the user name and password in the URL, or PGPASSWORD or ~/.pgpass"));
  EXPECT_THAT(message, Not(HasSubstr(kPassword)));
  administrator->query("DROP ROLE app");
}

TEST_F(ConnectionTo, AnUnknownDatabase) {
  EXPECT_THAT(connecting(cluster_->url("none", "postgres")),
              HasSubstr("database \"none\" does not exist\ncheck the database and role names in the URL"));
}

TEST_F(ConnectionTo, AProxyThatStopsForwardingEndsAtTheDeadline) {
  const Proxy proxy(cluster_->socket(), Proxy::until("pg_class"));
  Limits limits;
  limits.overall = std::chrono::milliseconds(1000);
  Connection connection(
      target_of(fmt::format("postgresql://postgres@127.0.0.1:{}/postgres?sslmode=disable&gssencmode=disable",
                            proxy.port())),
      limits, true);
  EXPECT_EQ(told([&] { connection.query("SELECT count(*) FROM pg_class"); }),
            fmt::format("postgresql://127.0.0.1:{}/postgres: waiting for an answer: no answer within 1 s\n"
                        "the server, or something between here and there, has gone silent",
                        proxy.port()));
}

TEST_F(ConnectionTo, AServerThatEndsItInTheMiddle) {
  const auto connection = cluster_->connect("postgres", "postgres", true);
  EXPECT_THAT(told([&] { connection->query("SELECT pg_terminate_backend(pg_backend_pid())"); }),
              HasSubstr("embedded server, database postgres: "));
}

TEST_F(ConnectionTo, AStatementThatTakesTooLong) {
  Limits limits;
  limits.statement = std::chrono::milliseconds(50);
  const auto connection = cluster_->connect("postgres", "postgres", true, limits);
  EXPECT_THAT(told([&] { connection->query("SELECT pg_sleep(30)"); }),
              HasSubstr("canceling statement due to statement timeout"));
}

TEST_F(ConnectionTo, AServerForReadingCannotWrite) {
  const auto connection = cluster_->connect("postgres", "postgres", true);
  EXPECT_THAT(told([&] { connection->query("CREATE TABLE public.t (a int)"); }),
              HasSubstr("cannot execute CREATE TABLE in a read-only transaction"));
}

TEST_F(ConnectionTo, TheEmbeddedServerIgnoresInheritedVariables) {
  for (const auto& [name, value] :
       std::vector<std::pair<const char*, const char*>>{{"PGHOST", "nowhere.invalid"},
                                                        {"PGHOSTADDR", "192.0.2.1"},
                                                        {"PGPORT", "1"},
                                                        {"PGDATABASE", "none"},
                                                        {"PGUSER", "nobody"},
                                                        {"PGOPTIONS", "-c search_path=nowhere -c nonsense=1"},
                                                        {"PGSSLMODE", "verify-full"},
                                                        {"PGREQUIREPEER", "somebody"},
                                                        {"PGCHANNELBINDING", "require"},
                                                        {"PGTARGETSESSIONATTRS", "standby"},
                                                        {"PGCLIENTENCODING", "LATIN1"},
                                                        {"PGTZ", "Asia/Tokyo"},
                                                        {"PGDATESTYLE", "German"}}) {
    ::setenv(name, value, 1);
  }
  const auto connection = cluster_->connect("postgres", "postgres", true);
  const auto row = connection->query(
      "SELECT current_user, current_setting('timezone'), current_setting('client_encoding'), "
      "current_setting('search_path'), date '2026-11-23'");
  EXPECT_EQ(row.text(0, 0), "postgres");
  EXPECT_EQ(row.text(0, 1), "UTC");
  EXPECT_EQ(row.text(0, 2), "UTF8");
  EXPECT_EQ(row.text(0, 3), "\"\"");
  EXPECT_EQ(row.text(0, 4), "2026-11-23");
}

TEST_F(ConnectionTo, SeveralQueriesNameTheOneThatFails) {
  const auto connection = cluster_->connect("postgres", "postgres", true);
  std::vector<std::string> answers;
  EXPECT_EQ(told([&] {
              connection->stream_all(
                  {{"one", "SELECT 1"}, {"pg_none", "SELECT * FROM pg_none"}, {"two", "SELECT 2"}},
                  [&](std::size_t, const StreamedRow& row) { answers.emplace_back(row.text(0)); });
            }),
            "embedded server, database postgres: reading pg_none: relation \"pg_none\" does not exist\n"
            "the server's catalogs are not those of a PostgreSQL that is known");
  EXPECT_EQ(answers, std::vector<std::string>{"1"});
}

TEST_F(ConnectionTo, StreamedRowsAreTheValuesThemselves) {
  const auto connection = cluster_->connect("postgres", "postgres", true);
  std::vector<std::string> answers;
  connection->stream_all(
      {{"texts",
        "SELECT E'tab\\tback\\\\slash\\nline\\rreturn\\b\\f\\x0b', NULL, '', E'\\\\N', '\\.', true, -7, 'ü'"},
       {"nothing", "SELECT 1 WHERE false"},
       {"many", "SELECT n, repeat('x', 1000) FROM generate_series(1, 5000) n"}},
      [&](std::size_t position, const StreamedRow& row) {
        if (position == 2) {
          if (row.integer(0) == 5000) answers.push_back(fmt::format("{} {}", position, row.text(1).size()));
          return;
        }
        for (int column = 0; column < row.columns(); ++column) {
          answers.emplace_back(row.is_null(column) ? "NULL" : row.text(column));
        }
        EXPECT_TRUE(row.boolean(5));
        EXPECT_EQ(row.integer(6), -7);
        EXPECT_EQ(row.integer(1), 0);
      });
  EXPECT_EQ(answers, (std::vector<std::string>{"tab\tback\\slash\nline\rreturn\b\f\v", "NULL", "", "\\N",
                                               "\\.", "t", "-7", "ü", "2 1000"}));
}

}  // namespace
}  // namespace exitgate::database
