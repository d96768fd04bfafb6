#include "harness/database/connection.h"

#include <fmt/core.h>
#include <poll.h>

#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <optional>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/database/libpq.h"

namespace exitgate::database {

namespace {

struct ClearResult {
  void operator()(pg_result* result) const { PQclear(result); }
};
struct FreeMemory {
  void operator()(char* memory) const { PQfreemem(memory); }
};

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

long long number_of(std::string_view text) {
  long long number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

// Undoes the backslashes of COPY's text format in place; returns the new length.
std::size_t without_escapes(char* text, std::size_t size) {
  std::size_t length = 0;
  for (std::size_t at = 0; at < size; ++at) {
    char c = text[at];
    if (c == '\\' && at + 1 < size) {
      c = text[++at];
      switch (c) {
        case 'b':
          c = '\b';
          break;
        case 'f':
          c = '\f';
          break;
        case 'n':
          c = '\n';
          break;
        case 'r':
          c = '\r';
          break;
        case 't':
          c = '\t';
          break;
        case 'v':
          c = '\v';
          break;
        default:
          break;
      }
    }
    text[length++] = c;
  }
  return length;
}

// The message itself of "FATAL:  terminating connection … LINE 1: … server closed the connection": what libpq
// says when the end of the connection came before the end of the message.
std::string_view first_line(std::string_view message) {
  for (const std::string_view severity : {"FATAL:  ", "ERROR:  ", "PANIC:  "}) {
    if (message.substr(0, severity.size()) == severity) message.remove_prefix(severity.size());
  }
  return message.substr(0, message.find('\n'));
}

// What to do about a query that failed, by its SQLSTATE; "" when nothing is known.
std::string failure_hint(std::string_view state) {
  if (state == "42501") return "grant the role of the URL what the message names, or take another role";
  if (state == "57014")
    return "the server is busy, or what it has to read is locked: try again, or elsewhere";
  if (state == "55P03") return "another session holds a lock on it: try again when it is done";
  if (state.empty() || state.substr(0, 2) == "57" || state.substr(0, 2) == "08") {
    return "the connection was lost: is the server still running?";
  }
  if (state.substr(0, 2) == "42") return "the server's catalogs are not those of a PostgreSQL that is known";
  return "";
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

// Answers of something that is not a PostgreSQL server, as libpq reports them.
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
  return number_of(text(row, column));
}

void StreamedRow::take_apart(char* line, std::size_t size) {
  fields_.clear();
  if (size > 0 && line[size - 1] == '\n') --size;
  char* const end = line + size;
  const bool escapes = std::memchr(line, '\\', size) != nullptr;
  for (char* from = line;;) {
    auto* const tab = static_cast<char*>(std::memchr(from, '\t', static_cast<std::size_t>(end - from)));
    char* const to = tab == nullptr ? end : tab;
    const std::string_view raw(from, static_cast<std::size_t>(to - from));
    if (!escapes || raw.find('\\') == std::string_view::npos) {
      fields_.push_back(raw);
    } else if (raw == "\\N") {
      fields_.emplace_back();
    } else {
      fields_.emplace_back(from, without_escapes(from, raw.size()));
    }
    if (tab == nullptr) return;
    from = tab + 1;
  }
}

long long StreamedRow::integer(int column) const {
  return number_of(text(column));
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
    if (PQstatus(connection_) == CONNECTION_BAD) fail_connection(PQerrorMessage(connection_));
    while (status != PGRES_POLLING_OK) {
      const auto remaining =
          std::chrono::duration_cast<std::chrono::milliseconds>(connect_until - Clock::now());
      pollfd polled{PQsocket(connection_),
                    static_cast<short>(status == PGRES_POLLING_READING ? POLLIN : POLLOUT), 0};
      const int ready = remaining.count() <= 0 ? 0 : ::poll(&polled, 1, static_cast<int>(remaining.count()));
      if (ready < 0 && errno == EINTR) continue;
      if (ready <= 0) fail_connection(fmt::format("no answer within {}", seconds(limits.connect)));
      status = PQconnectPoll(connection_);
      if (status == PGRES_POLLING_FAILED) fail_connection(PQerrorMessage(connection_));
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
    // A database without an encoding may hold what is not UTF-8: its bytes come as they are.
    if (parameter("server_encoding") == "SQL_ASCII") query("SET client_encoding = 'SQL_ASCII'");
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
  // libpq's guess at the reason, which is none.
  if (const auto guess = text.find("This probably means the server"); guess != std::string::npos) {
    text = std::string(trim(std::string_view(text).substr(0, guess)));
  }
  if (target_.password.empty()) return text;
  for (std::size_t at = 0; (at = text.find(target_.password, at)) != std::string::npos; at += 3) {
    text.replace(at, target_.password.size(), "***");
  }
  return text;
}

void Connection::fail_connection(const std::string& reason) {
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
  flush(PQsendQuery(connection_, sql.c_str()) != 0);
}

void Connection::flush(bool sent) {
  const auto failed = [&] {
    throw Undecided(fmt::format("{}: {}", target_.description, clean(PQerrorMessage(connection_))));
  };
  if (!sent) failed();
  for (;;) {
    const int left = PQflush(connection_);
    if (left < 0) failed();
    if (left == 0) return;
    wait(POLLIN | POLLOUT, deadline_, "sending a query");
    if (PQconsumeInput(connection_) == 0) failed();
  }
}

void Connection::consume(const char* doing) {
  wait(POLLIN, deadline_, doing);
  if (PQconsumeInput(connection_) == 0) {
    throw Undecided(
        fmt::format("{}: {}: {}", target_.description, doing, clean(first_line(PQerrorMessage(connection_)))),
        "the connection was lost: is the server still running?");
  }
}

pg_result* Connection::next(const char* doing) {
  while (PQisBusy(connection_) != 0) consume(doing);
  return PQgetResult(connection_);
}

char* Connection::next_line(const char* doing, std::size_t& size) {
  for (;;) {
    char* line = nullptr;
    const int got = PQgetCopyData(connection_, &line, 1);
    size = got > 0 ? static_cast<std::size_t>(got) : 0;
    // At the end, and after a failure, the result that comes next says which it was.
    if (got != 0) return line;
    consume(doing);
  }
}

Result Connection::query(const std::string& sql) {
  send(sql);
  return answer();
}

Result Connection::query_single(const std::string& sql) {
  flush(PQsendQueryParams(connection_, sql.c_str(), 0, nullptr, nullptr, nullptr, nullptr, 0) != 0);
  return answer();
}

Result Connection::answer() {
  std::string failure;
  std::unique_ptr<pg_result, ClearResult> kept;  // the next one may not come
  while (pg_result* const result = next("waiting for an answer")) {
    const ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK && status != PGRES_EMPTY_QUERY &&
        failure.empty()) {
      failure = clean(PQresultErrorMessage(result));
      if (failure.empty()) failure = "an answer of an unexpected kind";
    }
    kept.reset(result);
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) break;
  }
  Result result(kept.release());
  if (!failure.empty()) throw Undecided(fmt::format("{}: {}", target_.description, failure));
  return result;
}

void Connection::stream_all(const std::vector<std::pair<std::string, std::string>>& names_and_queries,
                            const std::function<void(std::size_t, const StreamedRow&)>& each) {
  if (names_and_queries.empty()) return;
  std::string all;
  for (const auto& [name, query] : names_and_queries) all += fmt::format("COPY ({}) TO STDOUT;\n", query);
  send(all);
  std::size_t position = 0;
  std::optional<Undecided> failure;
  StreamedRow row;
  for (;;) {
    const bool known = position < names_and_queries.size();
    const std::string doing =
        fmt::format("reading {}", known ? names_and_queries[position].first : "behind the last answer");
    pg_result* const raw = next(doing.c_str());
    if (raw == nullptr) break;
    const Result result(raw);
    const ExecStatusType status = PQresultStatus(raw);
    if (status == PGRES_COPY_OUT) {
      std::size_t size = 0;
      while (char* const line = next_line(doing.c_str(), size)) {
        const std::unique_ptr<char, FreeMemory> kept(line);
        if (failure || !known) continue;
        row.take_apart(line, size);
        each(position, row);
      }
    } else if (status == PGRES_COMMAND_OK) {
      ++position;
    } else if (!failure) {
      const char* const state = PQresultErrorField(raw, PG_DIAG_SQLSTATE);
      const char* const primary = PQresultErrorField(raw, PG_DIAG_MESSAGE_PRIMARY);
      failure.emplace(
          fmt::format("{}: {}: {}", target_.description, doing,
                      clean(primary == nullptr ? first_line(PQresultErrorMessage(raw)) : primary)),
          failure_hint(state == nullptr ? "" : state));
    }
  }
  if (failure) throw *failure;
  if (position != names_and_queries.size()) {
    throw Undecided(
        fmt::format("{}: {} answers to {} queries", target_.description, position, names_and_queries.size()));
  }
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
