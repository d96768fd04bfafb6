// The statements of SQL texts, by PostgreSQL's own parser.
#include <fmt/core.h>
#include <pg_query.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "harness/base/text.h"
#include "harness/collect/migrations/sql_conditions.h"
#include "harness/collect/migrations/sql_indexes.h"
#include "harness/collect/migrations/sql_routines.h"
#include "harness/collect/migrations/sql_tree.h"
#include "harness/collect/migrations/statement.h"
#include "harness/json/json.h"

namespace exitgate::collect {

namespace {

constexpr std::size_t kLongest = 1U << 20U;  // of one statement: its tree is a hundred times as large
constexpr int kDeepest = 4;                  // an EXECUTE within a DO within an EXECUTE …
constexpr Json::Limits kTreeLimits = {.unique_keys = false,
                                      .depth = 5000};  // of a syntax tree: beyond it, undecided

constexpr std::array<std::string_view, 4> kMakers = {"create ", "grant ", "revoke ", "comment "};

bool holds_any(std::string_view sql, std::initializer_list<std::string_view> words) {
  const std::string text = lower(sql);
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

// Without one of these words no statement of the table can be meant, whatever else the text may be.
bool may_take_away(std::string_view sql) {
  return holds_any(sql, {"drop", "truncate", "delete", "update", "alter", "rename", "execute",
                         "replication_role", "unlink"});
}

bool may_make(std::string_view statement) {
  const std::string word = lower(statement.substr(0, 6));
  return word == "create" || word.starts_with("alter") || word.starts_with("select");
}

std::size_t lines_before(std::string_view text, std::size_t offset) {
  return static_cast<std::size_t>(
      std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
}

// Past white space and comments.
std::size_t first_token(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    if (std::string_view(" \n\t\r\f\v").find(text[i]) != std::string_view::npos) {
      ++i;
    } else if (text.substr(i, 2) == "--") {
      i = std::min(text.find('\n', i), text.size());
    } else if (text.substr(i, 2) == "/*") {
      int depth = 1;
      for (i += 2; i < text.size() && depth > 0; ++i) {
        if (text.substr(i, 2) == "/*") {
          ++depth;
          ++i;
        } else if (text.substr(i, 2) == "*/") {
          --depth;
          ++i;
        }
      }
    } else {
      break;
    }
  }
  return i;
}

// One statement that can only make or grant, as most are: neither `ON DELETE CASCADE` nor `FOR UPDATE` takes
// anything away there, and a routine's body does not run.
bool only_makes(std::string_view text) {
  const auto end = text.find_last_not_of(" \n\t\r\f\v;");
  const std::string_view statement = text.substr(0, end == std::string_view::npos ? 0 : end + 1);
  if (statement.find_first_of(std::string_view(";\\\0", 3)) != std::string_view::npos) return false;
  if (holds_any(statement, {"with"}) && holds_any(statement, {"returning"})) return false;  // CREATE TABLE AS
  const std::string word = lower(statement.substr(first_token(statement), 8));
  // It may be called.
  if (holds_any(statement, {"function", "procedure"}) && may_take_away(statement)) return false;
  return std::any_of(kMakers.begin(), kMakers.end(),
                     [&](std::string_view maker) { return word.starts_with(maker); });
}

class Reading {
 public:
  explicit Reading(Statements& found, bool whole = false, int depth = 0)
      : found_(found), whole_(whole), depth_(depth) {}

  // What a text makes in which nothing is taken away.
  void read_all(std::string_view text) {
    all_ = true;
    read(text, 1);
  }

  void read(std::string_view sql, int first_line) {
    if (sql.find('\0') != std::string_view::npos) {
      undecided(first_line, sql, "it holds a zero byte");
      return;
    }
    const std::string text(sql);
    // The parser knows best where a statement ends; where it finds a mistake, the scanner tells them apart.
    PgQuerySplitResult parts = pg_query_split_with_parser(text.c_str());
    if (parts.error != nullptr) {
      pg_query_free_split_result(parts);
      parts = pg_query_split_with_scanner(text.c_str());
    }
    if (parts.error != nullptr) {
      const int cursor = std::max(parts.error->cursorpos - 1, 0);
      const std::size_t at = std::min(static_cast<std::size_t>(cursor), sql.size());
      if (whole_ || may_take_away(sql))
        undecided(first_line + static_cast<int>(lines_before(sql, at)), sql.substr(at), parts.error->message);
    } else {
      std::size_t end = 0;
      for (int i = 0; i < parts.n_stmts; ++i) {
        const auto start = static_cast<std::size_t>(parts.stmts[i]->stmt_location);
        read_part(sql, end, start, first_line);
        end = start + static_cast<std::size_t>(parts.stmts[i]->stmt_len);
        read_part(sql, start, end, first_line);
      }
      // What the scanner takes for no statement: one whose parentheses do not close.
      read_part(sql, end, sql.size(), first_line);
    }
    pg_query_free_split_result(parts);
  }

 private:
  void undecided(int line, std::string_view text, std::string reason) {
    Statement statement;
    statement.line = line;
    statement.kind = "undecided";
    statement.text = in_one_line(text);
    statement.reason = std::move(reason);
    found_.add(std::move(statement));
  }

  void read_part(std::string_view sql, std::size_t start, std::size_t end, int first_line) {
    while (start < end) {
      const std::size_t token = start + first_token(sql.substr(start, end - start));
      const bool separator = token < end && sql[token] == ';';
      start = token;
      if (!separator) break;
      ++start;
    }
    if (start < end)
      read_one(sql.substr(start, end - start), first_line + static_cast<int>(lines_before(sql, start)));
  }

  void read_one(std::string_view statement, int line) {
    const bool takes = whole_ || may_take_away(statement) || found_.may_call_own_routine(statement);
    if (!takes && !all_) {
      if (may_make(statement))
        found_.may_make(std::string(statement));
      else
        add_index_changes(statement);
      return;
    }
    if (!takes && !may_make(statement)) return;
    // What a DO block creates is found where it is read.
    if (!all_ && may_make(statement)) add_index_changes(statement);
    if (statement.size() > kLongest) {
      if (takes) undecided(line, statement, "it is longer than 1 MiB");
      return;
    }
    const PgQueryParseResult parsed = pg_query_parse(std::string(statement).c_str());
    const auto tree =
        parsed.error == nullptr ? Json::try_parse(parsed.parse_tree, kTreeLimits) : std::nullopt;
    if (tree) {
      judge(*tree, statement, line);
    } else if (takes) {
      undecided(line, statement,
                parsed.error != nullptr ? parsed.error->message : "its syntax tree cannot be read");
    }
    pg_query_free_parse_result(parsed);
  }

  void add_index_changes(std::string_view statement) {
    for (auto& one : index_changes(statement)) found_.add(std::move(one));
  }

  void judge(const Json& tree, std::string_view statement, int line) {
    for (auto& one : destructive_statements(tree)) {
      one.line = line;
      one.text = in_one_line(statement);
      found_.add(std::move(one));
    }
    for (auto& one : created_objects(tree)) found_.made(std::move(one.what), std::move(one.name));
    if (const auto block = do_block(tree)) read_block(*block, statement, line);
    for (const auto& name : called_routines(tree)) read_called(name, statement, line);
    if (auto routine = defined_routine(tree);
        routine && (routine->body.empty() || may_take_away(routine->body)))
      found_.defines({std::move(*routine), std::string(statement), line});
  }

  void read_called(const std::string& name, std::string_view statement, int line) {
    const auto routine = found_.own_routine(name);
    if (!routine) {
      if (name_takes_away(name))
        undecided(line, statement, fmt::format("what '{}' does is not written here", name));
    } else if (depth_ >= kDeepest || routine->routine.body.empty() ||
               (routine->routine.language != "sql" && routine->routine.language != "plpgsql")) {
      undecided(line, statement, fmt::format("the body of '{}', which it calls, is not read", name));
    } else if (routine->routine.language == "sql") {
      Reading(found_, false, depth_ + 1).read(routine->routine.body, body_line(*routine));
    } else {
      read_plpgsql(routine->statement, routine->statement, body_line(*routine));
    }
  }

  static int body_line(const OwnRoutine& own) {
    const std::size_t at = own.statement.find(own.routine.body);
    return own.line + (at == std::string::npos ? 0 : static_cast<int>(lines_before(own.statement, at)));
  }

  void read_block(const DoBlock& block, std::string_view statement, int line) {
    if (!may_take_away(block.body) && !found_.may_call_own_routine(block.body)) return;
    const std::size_t at = statement.find(block.body);
    const int body_line =
        line + (at == std::string_view::npos ? 0 : static_cast<int>(lines_before(statement, at)));
    if (depth_ >= kDeepest || block.language != "plpgsql") {
      undecided(line, statement,
                depth_ >= kDeepest ? "it stands too deep in other statements"
                                   : fmt::format("a DO block in {} is not read", block.language));
      return;
    }
    std::string tag = "$exitgate";
    while (block.body.find(tag) != std::string::npos) tag += "_";
    const std::string function =
        fmt::format("CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS {0}${1}{0}$", tag, block.body);
    read_plpgsql(function, statement, body_line);
  }

  void read_plpgsql(const std::string& function, std::string_view statement, int body_line) {
    const PgQueryPlpgsqlParseResult parsed = pg_query_parse_plpgsql(function.c_str());
    const auto tree =
        parsed.error == nullptr ? Json::try_parse(parsed.plpgsql_funcs, kTreeLimits) : std::nullopt;
    if (!tree) {
      undecided(body_line, statement,
                parsed.error != nullptr ? parsed.error->message : "its syntax tree cannot be read");
    } else {
      read_routine(*tree, body_line);
    }
    pg_query_free_plpgsql_parse_result(parsed);
  }

  void read_routine(const Json& tree, int body_line) {
    for (const auto& query : queries_of_routine(tree)) {
      const int at = body_line + std::max(query.line, 1) - 1;
      if (!query.dynamic) {
        Reading(found_, false, depth_ + 1).read(query.text, at);
      } else {
        read_dynamic(query.text, at);
      }
    }
  }

  void read_dynamic(const std::string& expression, int line) {
    const PgQueryParseResult parsed = pg_query_parse(("SELECT " + expression).c_str());
    std::optional<ExpressionText> made;
    if (parsed.error == nullptr)
      made = text_of_expression(Json::try_parse(parsed.parse_tree, kTreeLimits).value_or(Json()));
    pg_query_free_parse_result(parsed);
    Statements filled;
    if (made) Reading(filled, made->gaps, depth_ + 1).read(made->text, line);
    auto all = filled.take();
    const bool unknown =
        !made || std::any_of(all.begin(), all.end(), [](const auto& one) { return one.undecided(); });
    if (unknown) {
      undecided(line, "EXECUTE " + expression, "the statement is put together at run time");
      return;
    }
    for (auto& one : all) {
      for (auto* text : {&one.object, &one.relation, &one.text}) show_gaps(*text);
      found_.add(std::move(one));
    }
  }

  static void show_gaps(std::string& text) {
    for (std::size_t at = 0; (at = text.find(kGap, at)) != std::string::npos;)
      text.replace(at, kGap.size(), "{...}");
  }

  Statements& found_;
  bool whole_;
  int depth_;
  bool all_ = false;
};

// "orders" and "public.orders" may be one table, "orders.note" and "public.orders.note" one column; "a.orders" and
// "b.orders" are not.
bool same_name(const std::string& a, const std::string& b) {
  return a == b || a.ends_with("." + b) || b.ends_with("." + a);
}

// What a statement of the kind drops, where the same migration may make it again: "view" of "drop-view".
std::string_view made_again(std::string_view kind) {
  for (const std::string_view what : {"view", "function", "constraint", "trigger", "policy", "rule"}) {
    if (kind.starts_with("drop-") && kind.substr(5) == what) return what;
  }
  return "";
}

}  // namespace

bool holds_always(std::string_view condition) {
  if (condition.size() > kLongest || condition.find('\0') != std::string_view::npos) return false;
  const PgQueryParseResult parsed = pg_query_parse(("SELECT 1 WHERE " + std::string(condition)).c_str());
  const auto tree = parsed.error == nullptr ? Json::try_parse(parsed.parse_tree, kTreeLimits) : std::nullopt;
  pg_query_free_parse_result(parsed);
  return tree && where_holds_always(*tree);
}

std::string in_one_line(std::string_view text) {
  constexpr std::size_t kMost = 200;
  std::string line;
  bool blank = false;
  for (const char c : text.substr(0, 20 * kMost)) {
    if (std::string_view(" \n\t\r\f\v").find(c) != std::string_view::npos) {
      blank = !line.empty();
      continue;
    }
    if (blank) line += ' ';
    blank = false;
    line += c;
    if (line.size() > kMost) break;
  }
  if (line.size() <= kMost) return line;
  line.resize(kMost - 3);
  return line.substr(0, invalid_utf8(line).value_or(line.size())) + "...";
}

void Statements::add(Statement statement) {
  events_.push_back({.statement = std::move(statement)});
}

void Statements::made(std::string what, std::string name) {
  events_.push_back({.made = {std::move(what), std::move(name)}, .makes = true});
}

void Statements::defines(OwnRoutine routine) {
  const std::string name = routine.routine.name;
  routines_.insert_or_assign(name, std::move(routine));
}

bool Statements::may_call_own_routine(std::string_view statement) const {
  if (routines_.empty()) return false;
  const std::string text = lower(statement);
  return std::any_of(routines_.begin(), routines_.end(),
                     [&](const auto& one) { return text.find(lower(one.first)) != std::string::npos; });
}

std::optional<OwnRoutine> Statements::own_routine(const std::string& name) {
  const auto found = routines_.find(name);
  if (found == routines_.end()) return std::nullopt;
  OwnRoutine routine = std::move(found->second);
  routines_.erase(found);
  return routine;
}

void Statements::may_make(std::string text) {
  for (auto& one : index_changes(text)) add(std::move(one));
  events_.push_back({.makes = true, .unread = std::move(text)});
}

void Statements::sql(std::string_view text, int first_line, bool whole) {
  if (!whole && (only_makes(text) || !(may_take_away(text) || may_call_own_routine(text))) &&
      text.find('\0') == std::string_view::npos) {
    may_make(std::string(text));
  } else {
    Reading(*this, whole).read(text, first_line);
  }
}

void Statements::read_what_is_made() {
  std::vector<Event> all;
  for (auto& event : events_) {
    if (event.unread.empty()) {
      all.push_back(std::move(event));
      continue;
    }
    Statements read;
    Reading(read).read_all(event.unread);
    std::move(read.events_.begin(), read.events_.end(), std::back_inserter(all));
  }
  events_ = std::move(all);
}

// The sequence itself, or the table that it is of: "orders_id_seq" of "orders".
bool Statements::makes_sequence(std::size_t before, const std::string& name) const {
  return std::any_of(events_.begin(), events_.begin() + static_cast<std::ptrdiff_t>(before),
                     [&](const Event& event) {
                       if (!event.makes) return false;
                       if (event.made.what == "sequence") return same_name(event.made.name, name);
                       return event.made.what == "table" && name.starts_with(event.made.name + "_");
                     });
}

std::string Statements::excuse(std::size_t at) const {
  const Statement& statement = events_[at].statement;
  const auto made_in = [&](std::size_t from, std::size_t to, std::string_view what, const std::string& name) {
    return std::any_of(events_.begin() + static_cast<std::ptrdiff_t>(from),
                       events_.begin() + static_cast<std::ptrdiff_t>(to), [&](const Event& event) {
                         return event.makes && event.made.what == what && same_name(event.made.name, name);
                       });
  };
  const std::string_view kind = statement.kind;
  if (const auto what = made_again(kind);
      !what.empty() && made_in(at, events_.size(), what, statement.object))
    return "the same migration makes it again";
  if (kind == "disable-trigger" || kind == "disable-rule") {
    const std::string what = "enabled" + std::string(kind.substr(7));
    if (made_in(at, events_.size(), what, statement.object) ||
        (!statement.relation.empty() && made_in(at, events_.size(), what, statement.relation)))
      return "the same migration enables it again";
  }
  if (kind == "drop-view" || kind == "drop-function") {
    return made_in(0, at, kind.substr(5), statement.object) ? "the same migration has made it" : "";
  }
  if (kind == "restart-sequence" && makes_sequence(at, statement.object))
    return "the same migration has made it";
  if (statement.relation.empty()) return "";
  if (made_in(0, at, "table", statement.relation)) return "the same migration has made its table";
  const bool columns =
      !statement.columns.empty() &&
      std::all_of(statement.columns.begin(), statement.columns.end(), [&](const auto& column) {
        return made_in(0, at, kind == "drop-constraint" ? "constraint" : "column",
                       statement.relation + "." + column);
      });
  return columns ? "the same migration has made it" : "";
}

std::vector<Statement> Statements::take() {
  const bool asked = std::any_of(events_.begin(), events_.end(), [](const Event& event) {
    return !event.makes && !event.statement.undecided() && !is_index_change(event.statement) &&
           event.statement.kind != kDropUniqueIndex;
  });
  if (asked) read_what_is_made();
  std::vector<Statement> found;
  for (std::size_t i = 0; i < events_.size(); ++i) {
    if (events_[i].makes) continue;
    Statement statement = events_[i].statement;
    if (!statement.undecided() && !is_index_change(statement)) {
      statement.reason = excuse(i);
      statement.harmless = !statement.reason.empty();
    }
    found.push_back(std::move(statement));
  }
  events_.clear();
  return found;
}

}  // namespace exitgate::collect
