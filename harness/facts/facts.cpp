#include "harness/facts/facts.h"

#include <fmt/core.h>
#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <utility>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/facts/schema_version.h"
#include "harness/facts/tables.h"

namespace exitgate::facts {

namespace {

void run_sql(sqlite3* database, const std::string& sql) {
  if (sqlite3_exec(database, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK) {
    throw Undecided(fmt::format("{}: {}", sql, sqlite3_errmsg(database)));
  }
}

// The first table or column that the current declarations have under `name` and an attached store of an older version
// has not: "schema.plan.down". `name` is as SQLite's message has it: "migrations.tool", "p.down", "down".
void throw_where_older(sqlite3* database, const std::string& name, bool table) {
  const auto store_has = [&](const TableInfo& info, std::string_view column) {
    const std::string sql =
        fmt::format("SELECT 1 FROM pragma_table_info('{}', '{}') WHERE '{}' IN ('', name)", info.name,
                    info.domain, column);
    sqlite3_stmt* statement = nullptr;
    const bool has = sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK &&
                     sqlite3_step(statement) == SQLITE_ROW;
    sqlite3_finalize(statement);
    return has;
  };
  const std::string column = name.substr(name.rfind('.') + 1);
  for (const TableInfo* info : table_infos()) {
    const std::string domain(info->domain);
    if (sqlite3_db_readonly(database, domain.c_str()) < 0) continue;  // it is not attached
    const int version = schema_version(database, domain);
    if (version >= kSchemaVersion) continue;
    const std::string whole = fmt::format("{}.{}", domain, info->name);
    if (table && whole == name && !store_has(*info, "")) {
      throw SchemaMismatch(version, fmt::format("which has no {}", whole));
    }
    if (table || !store_has(*info, "")) continue;
    for (std::size_t i = 0; i < info->column_count; ++i) {
      if (info->columns[i].name == column && !store_has(*info, column)) {
        throw SchemaMismatch(version, fmt::format("which has no {}.{}", whole, column));
      }
    }
  }
}

// After a statement that SQLite did not take: throws SchemaMismatch when it is right for the current declarations, and
// the store is of an older version that lacks what it names.
void throw_if_older(sqlite3* database, const std::string& message) {
  for (const std::string_view begin : {"no such table: ", "no such column: "}) {
    if (message.starts_with(begin))
      throw_where_older(database, message.substr(begin.size()), begin[8] == 't');
  }
}

// What statements of a gate file may do, and which stores they write to and read.
struct Allowed {
  std::set<std::string> written;
  std::set<std::string> read;
  std::string denied;
};

int authorize(void* context, int action, const char* first, const char* second, const char* database,
              const char* /*trigger*/) {
  auto& allowed = *static_cast<Allowed*>(context);
  switch (action) {
    case SQLITE_INSERT:
    case SQLITE_UPDATE:
    case SQLITE_DELETE:
      // A table-valued function (json_each) declares its table in the main database, which is empty.
      if (database != nullptr && std::string_view(database) != "main") allowed.written.insert(database);
      return SQLITE_OK;
    case SQLITE_READ:
      if (database != nullptr) allowed.read.insert(database);
      return SQLITE_OK;
    case SQLITE_SELECT:
    case SQLITE_RECURSIVE:
      return SQLITE_OK;
    case SQLITE_FUNCTION:
      if (second != nullptr && std::string_view(second) != "load_extension") return SQLITE_OK;
      break;
    default:
      break;
  }
  allowed.denied = first != nullptr ? first : "";
  return SQLITE_DENY;
}

void execute_statements(sqlite3* database, std::string_view statements, bool prepare_only) {
  const char* rest = statements.data();
  const char* const end = statements.data() + statements.size();
  while (rest < end) {
    sqlite3_stmt* statement = nullptr;
    const int prepared = sqlite3_prepare_v2(database, rest, static_cast<int>(end - rest), &statement, &rest);
    int result = prepared;
    if (prepared == SQLITE_OK && statement != nullptr && !prepare_only) {
      do result = sqlite3_step(statement);
      while (result == SQLITE_ROW);
      if (result == SQLITE_DONE) result = SQLITE_OK;
    }
    sqlite3_finalize(statement);
    if (result != SQLITE_OK) {
      const std::string message = sqlite3_errmsg(database);
      sqlite3_set_authorizer(database, nullptr, nullptr);  // to look at the store, which it does not allow
      throw_if_older(database, message);
      throw UsageError(fmt::format("the counterexample has a mistake: {}", message),
                       fmt::format("statement: {}", trim(statements)));
    }
  }
}

}  // namespace

namespace {

bool is_null_at(sqlite3_stmt* statement, int column) {
  return sqlite3_column_type(statement, column) == SQLITE_NULL;
}

std::string text_at(sqlite3_stmt* statement, int column) {
  const auto* bytes = sqlite3_column_text(statement, column);
  if (bytes == nullptr) return "";
  return {reinterpret_cast<const char*>(bytes),
          static_cast<std::size_t>(sqlite3_column_bytes(statement, column))};
}

std::optional<std::string> optional_text_at(sqlite3_stmt* statement, int column) {
  return is_null_at(statement, column) ? std::nullopt : std::optional(text_at(statement, column));
}

std::optional<std::int64_t> optional_integer_at(sqlite3_stmt* statement, int column) {
  return is_null_at(statement, column) ? std::nullopt
                                       : std::optional(sqlite3_column_int64(statement, column));
}

}  // namespace

std::string Row::text(std::string_view column) const {
  return text_at(statement_, query_->index(column));
}
std::int64_t Row::integer(std::string_view column) const {
  return sqlite3_column_int64(statement_, query_->index(column));
}
bool Row::is_null(std::string_view column) const {
  return is_null_at(statement_, query_->index(column));
}
std::optional<std::string> Row::optional_text(std::string_view column) const {
  return optional_text_at(statement_, query_->index(column));
}
std::optional<std::int64_t> Row::optional_integer(std::string_view column) const {
  return optional_integer_at(statement_, query_->index(column));
}
std::vector<std::optional<std::string>> Row::cells() const {
  std::vector<std::optional<std::string>> all;
  const int count = sqlite3_column_count(statement_);
  all.reserve(static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) all.push_back(optional_text_at(statement_, i));
  return all;
}

Query::Query(sqlite3* database, std::string sql, const std::vector<Value>& values) : sql_(std::move(sql)) {
  if (sqlite3_prepare_v2(database, sql_.c_str(), static_cast<int>(sql_.size()) + 1, &statement_, nullptr) !=
      SQLITE_OK) {
    const std::string message = sqlite3_errmsg(database);
    throw_if_older(database, message);
    throw Undecided(fmt::format("the query has a mistake: {}", message),
                    fmt::format("query: {}", trim(sql_)));
  }
  for (std::size_t i = 0; i < values.size(); ++i) {
    const int at = static_cast<int>(i) + 1;
    const Value& value = values[i];
    if (value.kind_ == Value::integer) {
      sqlite3_bind_int64(statement_, at, value.number_);
    } else if (value.kind_ == Value::string) {
      sqlite3_bind_text(statement_, at, value.text_.data(), static_cast<int>(value.text_.size()),
                        SQLITE_TRANSIENT);
    }
  }
}

Query::~Query() {
  sqlite3_finalize(statement_);
}

bool Query::step() {
  const int result = sqlite3_step(statement_);
  if (result == SQLITE_ROW) return true;
  if (result == SQLITE_DONE) return false;
  throw Undecided(fmt::format("the query broke off: {}", sqlite3_errmsg(sqlite3_db_handle(statement_))),
                  fmt::format("query: {}", trim(sql_)));
}

std::optional<Row> Query::next() {
  return step() ? std::optional(Row(*this, statement_)) : std::nullopt;
}

const std::vector<std::string>& Query::column_names() const {
  if (names_.empty()) {
    const int count = sqlite3_column_count(statement_);
    names_.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) names_.emplace_back(sqlite3_column_name(statement_, i));
  }
  return names_;
}

int Query::index(std::string_view column) const {
  if (names_.empty()) {
    const auto& names = column_names();
    for (std::size_t i = 1; i < names.size(); ++i) {
      if (std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i), names[i]) !=
          names.begin() + static_cast<std::ptrdiff_t>(i)) {
        fail_at(fmt::format("internal fault: the query gives the column '{}' twice", names[i]));
      }
    }
  }
  // Columns are mostly asked for in their order.
  for (std::size_t i = 0; i < names_.size(); ++i) {
    last_ = last_ + 1 < names_.size() ? last_ + 1 : 0;
    if (names_[last_] == column) return static_cast<int>(last_);
  }
  fail_at(fmt::format("internal fault: the query gives no column '{}', only {}", column, join(names_, ", ")));
}

void Query::fail_at(const std::string& what) const {
  throw Undecided(what, fmt::format("query: {}", trim(sql_)));
}

Facts::Facts(const std::string& directory, const std::vector<std::string>& domains)
    : directory_(directory), domains_(domains) {
  for (const auto& domain : domains_) stores_.add_file(domain, file_of(domain));
  run_sql(stores_.database(), "PRAGMA query_only = ON");
}

Facts Facts::declared() {
  Facts facts;
  for (const auto& [domain, sql] : declarations()) {
    facts.domains_.push_back(domain);
    const Stores store;
    run_sql(store.database(), sql);
    run_sql(store.database(), fmt::format("PRAGMA user_version = {}", kSchemaVersion));
    facts.stores_.add_bytes(domain, store.bytes_of("main"));
  }
  return facts;
}

Facts::~Facts() = default;
Facts::Facts(Facts&&) noexcept = default;

std::filesystem::path Facts::file_of(const std::string& domain) const {
  return std::filesystem::path(directory_) / (domain + ".db");
}

sqlite3* Facts::ready_for(std::string_view sql) const {
  stores_.make_ready(sql);
  return stores_.database();
}

Query Facts::query(std::string_view sql, const std::vector<Value>& values) const {
  return Query(ready_for(sql), std::string(sql), values);
}

std::optional<std::int64_t> Facts::integer(std::string_view sql, const std::vector<Value>& values) const {
  Query query(ready_for(sql), std::string(sql), values);
  return query.step() ? optional_integer_at(query.statement_, 0) : std::nullopt;
}

std::optional<std::string> Facts::text(std::string_view sql, const std::vector<Value>& values) const {
  Query query(ready_for(sql), std::string(sql), values);
  return query.step() ? optional_text_at(query.statement_, 0) : std::nullopt;
}

bool Facts::has(std::string_view domain) const {
  return std::find(domains_.begin(), domains_.end(), domain) != domains_.end();
}

namespace {

// Prepares every statement and says which stores they write to.
std::set<std::string> written_stores(sqlite3* database, std::string_view statements) {
  Allowed allowed;
  sqlite3_set_authorizer(database, authorize, &allowed);
  try {
    execute_statements(database, statements, true);
  } catch (...) {
    sqlite3_set_authorizer(database, nullptr, nullptr);
    throw;
  }
  sqlite3_set_authorizer(database, nullptr, nullptr);
  return allowed.written;
}

}  // namespace

std::vector<std::string> Facts::check_query(std::string_view query) const {
  sqlite3* const database = ready_for(query);
  Allowed allowed;
  sqlite3_stmt* statement = nullptr;
  const char* rest = nullptr;
  sqlite3_set_authorizer(database, authorize, &allowed);
  const int prepared =
      sqlite3_prepare_v2(database, query.data(), static_cast<int>(query.size()), &statement, &rest);
  sqlite3_set_authorizer(database, nullptr, nullptr);
  std::string problem = prepared == SQLITE_OK ? "" : sqlite3_errmsg(database);
  const auto behind =
      rest == nullptr ? std::string_view()
                      : std::string_view(rest, query.size() - static_cast<std::size_t>(rest - query.data()));
  const bool one_select = statement != nullptr && sqlite3_column_count(statement) > 0 && trim(behind).empty();
  sqlite3_finalize(statement);
  if (problem.empty() && (!one_select || !allowed.written.empty())) problem = "it must be one SELECT";
  if (!problem.empty()) throw UsageError(problem, fmt::format("query: {}", trim(query)));
  std::vector<std::string> stores;
  for (const auto& domain : domains_) {
    if (allowed.read.contains(domain)) stores.push_back(domain);
  }
  return stores;
}

void Facts::check_statements(std::string_view statements) const {
  written_stores(ready_for(statements), statements);
}

Facts Facts::changed_by(std::string_view statements, std::int64_t& changed) const {
  const auto written = written_stores(ready_for(statements), statements);
  Facts copy;
  copy.directory_ = directory_;
  copy.domains_ = domains_;
  for (const auto& domain : domains_) {
    if (!written.contains(domain) && !directory_.empty()) {
      copy.stores_.add_file(domain, file_of(domain));
    } else {
      copy.stores_.add_bytes(domain,
                             directory_.empty() ? stores_.bytes_of(domain) : read_file(file_of(domain)));
    }
  }
  changed = copy.carry_out(statements);
  run_sql(copy.stores_.database(), "PRAGMA query_only = ON");
  return copy;
}

// Returns how many rows changed.
std::int64_t Facts::carry_out(std::string_view statements) const {
  sqlite3* const database = ready_for(statements);
  const auto before = sqlite3_total_changes64(database);
  execute_statements(database, statements, false);
  return sqlite3_total_changes64(database) - before;
}

namespace {

int record_read(void* context, int action, const char* first, const char* second, const char* database,
                const char* /*trigger*/) {
  if (action != SQLITE_READ || first == nullptr || database == nullptr) return SQLITE_OK;
  static_cast<Reads*>(context)->insert({database, first, second != nullptr ? second : ""});
  return SQLITE_OK;
}

}  // namespace

void Facts::record_reads(Reads* into) const {
  sqlite3_set_authorizer(stores_.database(), into != nullptr ? record_read : nullptr, into);
}

Facts Facts::copy() const {
  Facts copied;
  copied.domains_ = domains_;
  for (const auto& domain : domains_) copied.stores_.add_bytes(domain, stores_.bytes_of(domain));
  run_sql(copied.stores_.database(), "PRAGMA query_only = ON");
  return copied;
}

std::int64_t Facts::change(std::string_view statements) const {
  sqlite3* const database = ready_for(statements);
  const auto written = written_stores(database, statements);
  // A store cannot make room for another while a change to it can be taken back: then its bytes are kept instead.
  if (!stores_.all_attached()) {
    before_.clear();
    for (const auto& domain : written) before_.emplace_back(domain, stores_.bytes_of(domain));
  }
  run_sql(database,
          stores_.all_attached() ? "PRAGMA query_only = OFF; SAVEPOINT change" : "PRAGMA query_only = OFF");
  try {
    const auto changed = carry_out(statements);
    run_sql(database, "PRAGMA query_only = ON");
    return changed;
  } catch (...) {
    undo();
    throw;
  }
}

void Facts::undo() const {
  if (stores_.all_attached()) {
    run_sql(stores_.database(),
            "PRAGMA query_only = OFF; ROLLBACK TO change; RELEASE change; PRAGMA query_only = ON");
    return;
  }
  for (auto& [domain, bytes] : before_) stores_.replace(domain, std::move(bytes));
  before_.clear();
  run_sql(stores_.database(), "PRAGMA query_only = ON");
}

}  // namespace exitgate::facts
