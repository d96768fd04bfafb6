// A connection to PostgreSQL that never waits longer than it was told to, and never shows a password.
//
// libpq is driven without blocking: statement_timeout ends a slow statement on the server, but only a
// deadline on our side ends the wait for a server, a proxy or a network that has gone silent.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct pg_conn;
struct pg_result;

namespace exitgate::database {

using Clock = std::chrono::steady_clock;

// An answer of the server, in text format.
class Result {
 public:
  explicit Result(pg_result* result) : result_(result) {}
  ~Result();
  Result(Result&& other) noexcept : result_(std::exchange(other.result_, nullptr)) {}
  Result& operator=(Result&&) = delete;
  Result(const Result&) = delete;
  Result& operator=(const Result&) = delete;

  int rows() const;
  int columns() const;
  bool is_null(int row, int column) const;
  std::string_view text(int row, int column) const;  // "" when NULL; valid as long as the result
  bool boolean(int row, int column) const { return text(row, column) == "t"; }
  long long integer(int row, int column) const;  // 0 when NULL

 private:
  pg_result* result_;
};

// One row of a query whose answer is streamed, in text format. Valid only while it is handed over.
class StreamedRow {
 public:
  // Takes a line of COPY's text format apart, in place: fields between tabs, \N for NULL, backslashes undone.
  void take_apart(char* line, std::size_t size);

  int columns() const { return static_cast<int>(fields_.size()); }
  bool is_null(int column) const { return field(column).data() == nullptr; }
  std::string_view text(int column) const { return field(column); }  // "" when NULL
  bool boolean(int column) const { return field(column) == "t"; }
  long long integer(int column) const;  // 0 when NULL

 private:
  const std::string_view& field(int column) const { return fields_[static_cast<std::size_t>(column)]; }
  std::vector<std::string_view> fields_;
};

// Where to connect, in the two forms that there are.
struct Target {
  std::string conninfo;     // libpq URL or key=value string
  std::string description;  // for messages: "postgresql://host:5432/app", no user, no password
  std::string password;     // masked in every message; "" when none is in the URL
};

// A URL or key=value string given by a user. Throws UsageError, never echoing it, when libpq cannot read it.
Target target_of(const std::string& url);

// Removes PGSERVICE and PGSERVICEFILE from our environment: the one PG* variable whose values no connection
// string can override. Call it before threads are started.
void forget_service();

struct Limits {
  std::chrono::milliseconds connect{10'000};    // until the server has let us in
  std::chrono::milliseconds statement{60'000};  // statement_timeout on the server
  std::chrono::milliseconds overall{120'000};   // for everything on this connection, on our side
};

class Connection {
 public:
  // Throws Undecided: connection refused, no answer, wrong password, not PostgreSQL, no such database.
  // `read_only`: every transaction is read only, whatever the role may do.
  Connection(Target target, const Limits& limits, bool read_only);
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // One statement or several; the last one's rows. Throws Undecided with the server's message.
  Result query(const std::string& sql);
  // One statement that is not ours: by the extended protocol, which takes no second one behind a semicolon.
  Result query_single(const std::string& sql);
  // Several queries sent at once, to pay one round trip for all, and carried out as COPY … TO STDOUT: rows
  // are given as they come, so that no answer is ever held as a whole. `each` gets the position of the query
  // and one of its rows. A message says by name which one failed ("reading pg_policy: permission denied for
  // table pg_policy").
  void stream_all(const std::vector<std::pair<std::string, std::string>>& names_and_queries,
                  const std::function<void(std::size_t, const StreamedRow&)>& each);

  int server_version() const;                     // 150018
  std::string parameter(const char* name) const;  // as the server reported it: "server_version"
  std::string database() const;
  const std::string& description() const { return target_.description; }
  std::string literal(std::string_view text) const;     // quoted for SQL
  std::string identifier(std::string_view name) const;  // quoted for SQL

 private:
  void wait(short events, Clock::time_point until, const char* doing);
  void send(const std::string& sql);
  void flush(bool sent);
  Result answer();
  pg_result* next(const char* doing);
  // The next line of a COPY, nullptr behind the last one. To be freed by PQfreemem.
  char* next_line(const char* doing, std::size_t& size);
  void consume(const char* doing);
  [[noreturn]] void fail_connection(const std::string& reason);
  std::string clean(std::string_view message) const;

  Target target_;
  pg_conn* connection_ = nullptr;
  Clock::time_point deadline_;
  std::chrono::milliseconds overall_;
};

}  // namespace exitgate::database
