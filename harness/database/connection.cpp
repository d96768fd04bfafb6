#include "harness/database/connection.h"

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace exitgate::database {

namespace {

std::string one_line(std::string_view message) {
  std::string result;
  for (const char c : message) result += c == '\n' ? ' ' : c;
  return std::string(trim(result));
}

std::string seconds(std::chrono::milliseconds time) {
  return fmt::format("{:.3g} s", static_cast<double>(time.count()) / 1000.0);
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

// What to do about a refusal that libpq words as it does.
std::string connection_hint(std::string_view reason) {
  if (contains(reason, "password"))
    return "check the user name and password in the URL, or PGPASSWORD or ~/.pgpass";
  if (contains(reason, "Connection refused") || contains(reason, "No such file")) {
    return "is the server running, and are host and port right?";
  }
  if (contains(reason, "could not translate host name")) return "check the host name in the URL";
  if (contains(reason, "does not exist")) return "check the database and role names in the URL";
  if (contains(reason, "SSL") || contains(reason, "certificate"))
    return "check sslmode and the certificates of the URL";
  return "check the URL given by --database";
}

// Answers of something that is no PostgreSQL server, as libpq reports them.
bool is_no_postgresql(std::string_view reason) {
  return contains(reason, "received invalid response to SSL negotiation") ||
         contains(reason, "received invalid response to GSSAPI negotiation") ||
         contains(reason, "expected authentication request from server");
}

}  // namespace

Result::~Result() {
  PQclear(result_);
}
int Result::rows() const {
  return PQntuples(result_);
}
int Result::columns() const {
  return PQnfields(result_);
}
bool Result::is_null(int row, int column) const {
  return PQgetisnull(result_, row, column) != 0;
}
std::string_view Result::text(int row, int column) const {
  return {PQgetvalue(result_, row, column), static_cast<std::size_t>(PQgetlength(result_, row, column))};
}
long long Result::integer(int row, int column) const {
  const std::string_view value = text(row, column);
  long long number = 0;
  std::from_chars(value.data(), value.data() + value.size(), number);
  return number;
}

Target target_of(const std::string& url) {
  const std::string form = "the form is postgresql://USER:PASSWORD@HOST:PORT/DATABASE";
  const std::size_t scheme = url.find("://");
  if (scheme != std::string::npos) {
    const std::string name = url.substr(0, scheme);
    if (name != "postgresql" && name != "postgres") {
      const bool dialect = name.rfind("postgresql+", 0) == 0 || name.rfind("postgres+", 0) == 0;
      if (dialect) {
        throw UsageError(
            fmt::format("the database URL begins with '{}://', which only SQLAlchemy reads", name),
            "write postgresql:// instead");
      }
      throw UsageError("the database URL is not one of PostgreSQL", form);
    }
  } else if (url.find('=') == std::string::npos) {
    throw UsageError("the database URL is not one of PostgreSQL", form);
  }
  // libpq's own message would echo the URL, password and all, so it is not shown.
  char* message = nullptr;
  PQconninfoOption* const options = PQconninfoParse(url.c_str(), &message);
  PQfreemem(message);
  if (options == nullptr) {
    throw UsageError("the database URL is malformed (it is not shown, since it may hold a password)",
                     form + "; write special characters of a password as %XX");
  }
  Target target;
  target.conninfo = url;
  std::string host;
  std::string port;
  std::string database;
  for (const PQconninfoOption* option = options; option->keyword != nullptr; ++option) {
    if (option->val == nullptr) continue;
    const std::string_view keyword = option->keyword;
    if (keyword == "host" || (keyword == "hostaddr" && host.empty())) host = option->val;
    if (keyword == "port") port = option->val;
    if (keyword == "dbname") database = option->val;
    if (keyword == "password") target.password = option->val;
  }
  PQconninfoFree(options);
  target.description = fmt::format("postgresql://{}{}{}{}", host, port.empty() ? "" : ":", port,
                                   database.empty() ? "" : "/" + database);
  return target;
}

void forget_service() {
  for (const char* const name : {"PGSERVICE", "PGSERVICEFILE"}) {
    if (std::getenv(name) != nullptr) ::unsetenv(name);
  }
}

Connection::Connection(Target target, const Limits& limits, bool read_only)
    : target_(std::move(target)), deadline_(Clock::now() + limits.overall), overall_(limits.overall) {
  const auto connect_until = std::min(deadline_, Clock::now() + limits.connect);
  // Later keywords win over what the URL says.
  const char* const keywords[] = {"dbname", "fallback_application_name", "client_encoding", nullptr};
  const char* const values[] = {target_.conninfo.c_str(), "exitgate", "UTF8", nullptr};
  connection_ = PQconnectStartParams(keywords, values, 1);
  if (connection_ == nullptr) throw Undecided("out of memory while connecting to the database");
  try {
    PQsetNoticeProcessor(
        connection_, [](void*, const char*) {}, nullptr);
    PostgresPollingStatusType status = PGRES_POLLING_WRITING;
    if (PQstatus(connection_) == CONNECTION_BAD) refuse_connection(PQerrorMessage(connection_));
    while (status != PGRES_POLLING_OK) {
      const auto remaining =
          std::chrono::duration_cast<std::chrono::milliseconds>(connect_until - Clock::now());
      pollfd polled{PQsocket(connection_),
                    static_cast<short>(status == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
      const int ready = remaining.count() <= 0 ? 0 : ::poll(&polled, 1, static_cast<int>(remaining.count()));
      if (ready < 0 && errno == EINTR) continue;
      if (ready <= 0) refuse_connection(fmt::format("no answer within {}", seconds(limits.connect)));
      status = PQconnectPoll(connection_);
      if (status == PGRES_POLLING_FAILED) refuse_connection(PQerrorMessage(connection_));
    }
    PQsetnonblocking(connection_, 1);
    // Whatever the role, the database or the URL's options set: the catalogs must read the same everywhere.
    query(fmt::format(
        "SET statement_timeout = {}; SET lock_timeout = {}; SET default_transaction_read_only = {};"
        "SET search_path = ''; SET timezone = 'UTC'; SET datestyle = 'ISO'; SET intervalstyle = 'postgres';"
        "SET extra_float_digits = 1; SET bytea_output = 'hex'; SET quote_all_identifiers = off;"
        "SET standard_conforming_strings = on; SET xmloption = content; SET client_min_messages = warning;"
        "SET row_security = off; SET jit = off; SET work_mem = '64MB'",
        limits.statement.count(), std::min<long long>(limits.statement.count(), 10'000),
        read_only ? "on" : "off"));
  } catch (...) {
    PQfinish(connection_);
    throw;
  }
}

Connection::~Connection() {
  PQfinish(connection_);
}

std::string Connection::clean(std::string_view message) const {
  std::string text = one_line(message);
  if (target_.password.empty()) return text;
  for (std::size_t at = 0; (at = text.find(target_.password, at)) != std::string::npos; at += 3) {
    text.replace(at, target_.password.size(), "***");
  }
  return text;
}

void Connection::refuse_connection(const std::string& reason) {
  const std::string text = clean(reason);
  if (is_no_postgresql(text)) {
    throw Undecided(fmt::format("{} does not answer as a PostgreSQL server", target_.description),
                    "check host and port of the database URL");
  }
  throw Undecided(fmt::format("cannot connect to {}: {}", target_.description, text), connection_hint(text));
}

void Connection::wait(short events, Clock::time_point until, const char* doing) {
  for (;;) {
    const auto remaining = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
    pollfd polled{PQsocket(connection_), events, 0};
    const int ready = remaining.count() <= 0 ? 0 : ::poll(&polled, 1, static_cast<int>(remaining.count()));
    if (ready > 0) return;
    if (ready < 0 && errno == EINTR) continue;
    throw Undecided(fmt::format("{}: {}: no answer within {}", target_.description, doing, seconds(overall_)),
                    "the server, or something between here and there, has gone silent");
  }
}

void Connection::send(const std::string& sql) {
  const auto failed = [&] {
    throw Undecided(fmt::format("{}: {}", target_.description, clean(PQerrorMessage(connection_))));
  };
  if (PQsendQuery(connection_, sql.c_str()) == 0) failed();
  for (;;) {
    const int left = PQflush(connection_);
    if (left < 0) failed();
    if (left == 0) return;
    wait(POLLIN | POLLOUT, deadline_, "sending a query");
    if (PQconsumeInput(connection_) == 0) failed();
  }
}

pg_result* Connection::next(const char* doing) {
  while (PQisBusy(connection_) != 0) {
    wait(POLLIN, deadline_, doing);
    if (PQconsumeInput(connection_) == 0) {
      throw Undecided(
          fmt::format("{}: {}: {}", target_.description, doing, clean(PQerrorMessage(connection_))),
          "the connection was lost: is the server still running?");
    }
  }
  return PQgetResult(connection_);
}

Result Connection::query(const std::string& sql) {
  send(sql);
  Result last(nullptr);
  std::string failure;
  pg_result* kept = nullptr;
  while (pg_result* const result = next("waiting for an answer")) {
    const ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && status != PGRES_EMPTY_QUERY &&
        failure.empty()) {
      failure = clean(PQresultErrorMessage(result));
      if (failure.empty()) failure = "an answer of an unexpected kind";
    }
    PQclear(kept);
    kept = result;
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) break;
  }
  Result result(kept);
  if (!failure.empty()) throw Undecided(fmt::format("{}: {}", target_.description, failure));
  return result;
}

void Connection::query_all(const std::vector<std::pair<std::string, std::string>>& names_and_statements,
                           const std::function<void(std::size_t, const Result&)>& each) {
  std::string all;
  for (const auto& [name, statement] : names_and_statements) all += statement + ";\n";
  send(all);
  std::size_t position = 0;
  std::string failure;
  for (;;) {
    const char* const name =
        position < names_and_statements.size() ? names_and_statements[position].first.c_str() : "the end";
    pg_result* const raw = next(name);
    if (raw == nullptr) break;
    const Result result(raw);
    const ExecStatusType status = PQresultStatus(raw);
    if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK) {
      if (failure.empty() && position < names_and_statements.size()) each(position, result);
    } else if (failure.empty()) {
      failure =
          fmt::format("{}: reading {}: {}", target_.description, name, clean(PQresultErrorMessage(raw)));
    }
    ++position;
  }
  if (failure.empty() && position != names_and_statements.size()) {
    failure = fmt::format("{}: {} answers to {} queries", target_.description, position,
                          names_and_statements.size());
  }
  if (!failure.empty()) throw Undecided(failure, "the role must be able to read the system catalogs");
}

int Connection::server_version() const {
  return PQserverVersion(connection_);
}

std::string Connection::parameter(const char* name) const {
  const char* const value = PQparameterStatus(connection_, name);
  return value == nullptr ? "" : value;
}

std::string Connection::database() const {
  return PQdb(connection_);
}

std::string Connection::literal(std::string_view text) const {
  char* const quoted = PQescapeLiteral(connection_, text.data(), text.size());
  if (quoted == nullptr) throw Undecided(clean(PQerrorMessage(connection_)));
  std::string result = quoted;
  PQfreemem(quoted);
  return result;
}

std::string Connection::identifier(std::string_view name) const {
  char* const quoted = PQescapeIdentifier(connection_, name.data(), name.size());
  if (quoted == nullptr) throw Undecided(clean(PQerrorMessage(connection_)));
  std::string result = quoted;
  PQfreemem(quoted);
  return result;
}

}  // namespace exitgate::database
