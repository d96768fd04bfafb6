#include "harness/observe/reader.h"

#include <algorithm>
#include <charconv>

#include "harness/base/text.h"
#include "harness/observe/modes.h"
#include "harness/observe/parameters.h"
#include "harness/observe/targets.h"

namespace exitgate::observe {

namespace {

constexpr std::string_view kOurs = "PL/pgSQL function pg_exitgate.observe()";

std::string in_one_line(std::string_view text) {
  std::string line(trim(text));
  std::replace(line.begin(), line.end(), '\n', ' ');
  return valid_utf8(line);
}

// "duration: 0.123 ms"
std::optional<std::int64_t> duration_of(std::string_view message) {
  if (!message.starts_with("duration: ")) return std::nullopt;
  message.remove_prefix(std::string_view("duration: ").size());
  std::int64_t whole = 0;
  const auto [end, problem] = std::from_chars(message.data(), message.data() + message.size(), whole);
  std::int64_t result = whole * 1000;
  std::int64_t unit = 100;
  for (const char* at = end + 1; at < message.data() + message.size() && *at >= '0' && *at <= '9' && unit > 0;
       ++at, unit /= 10)
    result += (*at - '0') * unit;
  return result;
}

// The text of "execute NAME: TEXT"; a portal that is read on is no statement of its own.
std::optional<std::string_view> executed(std::string_view message) {
  if (!message.starts_with("execute ") || message.starts_with("execute fetch from ")) return std::nullopt;
  const std::size_t colon = message.find(": ");
  return colon == std::string_view::npos ? std::nullopt : std::optional(message.substr(colon + 2));
}

// The server has more tags than the first words of a statement tell apart.
bool is_same_tag(std::string_view by_words, std::string_view by_server) {
  return by_words == by_server || (by_words == "CREATE TABLE" && by_server == "CREATE TABLE AS") ||
         (by_words == "SELECT" && (by_server == "SELECT INTO" || by_server == "INSERT" ||
                                   by_server == "UPDATE" || by_server == "DELETE" || by_server == "MERGE")) ||
         (by_words == "GRANT" && by_server == "GRANT ROLE") ||
         (by_words == "REVOKE" && by_server == "REVOKE ROLE");
}

// COMMIT and ROLLBACK, but not ROLLBACK TO a savepoint.
bool ends_transaction(const Statement& statement) {
  if (statement.command == "COMMIT" || statement.command == "PREPARE TRANSACTION") return true;
  return statement.command == "ROLLBACK" && savepoint_of(statement.text).empty();
}

}  // namespace

void Reader::read(const Record& record) {
  if (record.session.empty()) return;
  Session& session = sessions_[record.session];
  if (record.level == "LOG") {
    if (record.message.starts_with("exitgate {") && record.context.starts_with(kOurs)) {
      const auto event = Json::try_parse(record.message.substr(std::string_view("exitgate ").size()));
      add(record, session, event ? *event : Json{{"problem", "an event's record cannot be read"}});
    } else if (record.message.starts_with("statement: ")) {
      begin_message(record, session, std::string_view(record.message).substr(11), true);
    } else if (const auto text = executed(record.message)) {
      begin_message(record, session, *text, false);
    } else if (const auto duration = duration_of(record.message)) {
      if (record.tag != "PARSE" && record.tag != "BIND") end_message(record, session, *duration);
    } else if (record.message.starts_with("disconnection: ")) {
      end_transaction(session, record.at_us, false);
      sessions_.erase(record.session);
    }
  } else if (record.level == "ERROR" || record.level == "FATAL" || record.level == "PANIC") {
    fail(record, session);
  }
}

std::size_t Reader::add_work(const Record& record, std::string_view text) {
  Work work;
  Statement& statement = work.statement;
  statement.session = record.session;
  statement.process = record.process;
  statement.user = valid_utf8(record.user);
  statement.database = valid_utf8(record.database);
  statement.application = record.application;
  statement.command = tag_by_words(text);
  statement.text = valid_utf8(text);
  statement.began_us = record.at_us;
  statement.outcome = "did not end";
  work_.push_back(std::move(work));
  return work_.size() - 1;
}

void Reader::begin_message(const Record& record, Session& session, std::string_view text, bool is_simple) {
  end_until(session, session.message.size(), record.at_us);
  // What the session was in before, as the server says it.
  if (is_simple) session.in_block = record.tag.starts_with("idle in transaction");
  // A transaction that has failed has none any more: "3/0".
  if (session.virtual_transaction != record.virtual_transaction &&
      !record.virtual_transaction.ends_with("/0")) {
    end_transaction(session, record.at_us, !session.has_failed);
    session.virtual_transaction = record.virtual_transaction;
  }
  session.may_have_ended_us.reset();
  session.is_simple = is_simple;
  session.message.clear();
  session.at = 0;
  session.message_began_us = record.at_us;
  const auto parts = is_simple ? split_statements(text) : std::vector<std::string_view>{text};
  for (const auto& part : parts) session.message.push_back(add_work(record, part));
  for (const auto index : session.message) {
    Statement& statement = work_[index].statement;
    statement.transactional = parts.size() > 1 || session.in_block;
    statement.parameters = parameters_of(record.detail);
    work_[index].carried_out = prepared_of(record.detail);
  }
  begin_statement(session, 0);
}

Reader::Work& Reader::begin_statement(Session& session, std::size_t index) {
  session.at = index;
  Work& work = work_[session.message[index]];
  if (!session.transaction) {
    session.transaction = transactions_.size();
    transactions_.push_back({});
  }
  Transaction& transaction = transactions_[*session.transaction];
  ++transaction.statements;
  if (work.statement.command == "BEGIN" || work.statement.command == "START TRANSACTION")
    session.in_block = true;
  transaction.in_block = transaction.in_block || session.in_block || session.message.size() > 1;
  work.statement.transaction = *session.transaction;
  work.was_run = true;
  return work;
}

void Reader::end_until(Session& session, std::size_t next, std::int64_t now_us) {
  while (session.at < session.message.size() && session.at < next) {
    end_statement(session, work_[session.message[session.at]], now_us);
    ++session.at;
    if (session.at < session.message.size()) begin_statement(session, session.at);
  }
}

void Reader::end_statement(Session& session, Work& work, std::int64_t now_us) {
  Statement& statement = work.statement;
  work.nature = work.carried_out.empty() ? nature_of(statement.command, statement.text)
                                         : nature_of(tag_by_words(work.carried_out), work.carried_out);
  statement.writes = work.nature == Nature::writes;
  if (statement.outcome == "did not end") statement.outcome = "ok";
  if (work.has_begun && work.has_ended) {
    statement.duration_us = std::max<std::int64_t>(work.event_ended_us - work.event_began_us, 0);
    work.ended_us = work.event_ended_us;
  }
  if (statement.ok()) add_documented(session, work);
  if (statement.ok() && !statement.observed && !database_.empty() && statement.database == database_ &&
      fires_event_triggers(statement.command))
    statement.problem = "no event trigger saw it: they were switched off or dropped";
  if (!statement.observed && work.nature != Nature::control)
    session.since_event.push_back(session.message[session.at]);
  if (ends_transaction(statement)) {
    const bool committed = statement.ok() && statement.command != "ROLLBACK" && !session.has_failed;
    session.in_block = false;
    end_transaction(session, work.ended_us.value_or(now_us), committed);
  } else if (statement.command == "SAVEPOINT" && statement.ok()) {
    session.savepoints.emplace_back(savepoint_of(statement.text), session.held);
  } else if (statement.command == "ROLLBACK" && statement.ok()) {
    roll_back_to(session, savepoint_of(statement.text));
  }
}

// Locks that were taken since the savepoint are let go, and what was renamed has its old name again.
void Reader::roll_back_to(Session& session, const std::string& savepoint) {
  session.has_failed = false;
  const auto found = std::find_if(session.savepoints.rbegin(), session.savepoints.rend(),
                                  [&](const auto& one) { return one.first == savepoint; });
  if (found == session.savepoints.rend()) return;
  put_back_names(session, found->second.renamed.size());
  session.held = found->second;
  session.savepoints.erase(found.base(), session.savepoints.end());
}

void Reader::put_back_names(Session& session, std::size_t from) {
  auto& renamed = session.held.renamed;
  while (renamed.size() > from) {
    names_.put_back(renamed.back());
    renamed.pop_back();
  }
}

void Reader::end_message(const Record& record, Session& session, std::int64_t duration_us) {
  if (session.message.empty()) return;
  // The server takes the time of a message of several statements as a whole.
  const std::size_t last = session.message.size() - 1;
  if (last == 0) {
    Work& work = work_[session.message[0]];
    if (!work.has_begun && !record.tag.starts_with("idle") && !record.tag.empty())
      work.statement.command = record.tag;
    work.ended_us = session.message_began_us + duration_us;
    work.statement.duration_us = duration_us;
  }
  const std::int64_t ended_us = std::max(record.at_us, session.message_began_us + duration_us);
  end_until(session, session.message.size(), ended_us);
  session.message.clear();
  if (session.in_block) return;
  // Of the extended protocol, more may come before the Sync that commits.
  if (session.is_simple) {
    end_transaction(session, ended_us, true);
  } else if (session.transaction) {
    session.may_have_ended_us = ended_us;
    transactions_[*session.transaction].ended_us = ended_us;
    transactions_[*session.transaction].committed = true;
  }
}

void Reader::fail(const Record& record, Session& session) {
  if (session.message.empty()) {
    // It could not be read, or its parameters could not: it was never begun.
    if (record.statement.empty()) return;
    begin_message(record, session, record.statement, false);
    session.in_block = session.in_block || record.tag.starts_with("idle in transaction");
  }
  std::size_t failed = session.at;
  for (std::size_t next = session.at; next < session.message.size(); ++next) {
    if (is_same_tag(work_[session.message[next]].statement.command, record.tag)) {
      failed = next;
      break;
    }
  }
  end_until(session, failed, record.at_us);
  Work& work = work_[session.message[session.at]];
  work.statement.outcome = in_one_line(record.message);
  work.statement.sqlstate = record.sqlstate;
  if (session.message.size() == 1 && work.statement.command.empty()) work.statement.command = record.tag;
  const std::int64_t lasted_us = record.at_us - (session.at == 0 ? session.message_began_us : record.at_us);
  if (session.at == 0) work.statement.duration_us = lasted_us;
  work.ended_us = record.at_us;
  const bool ends = ends_transaction(work.statement);
  end_statement(session, work, record.at_us);
  session.message.clear();
  session.at = 0;
  session.has_failed = session.in_block && !ends;
  if (!session.in_block) end_transaction(session, record.at_us, false);
  if (record.level != "ERROR") end_transaction(session, record.at_us, false);
}

void Reader::end_transaction(Session& session, std::int64_t now_us, bool committed) {
  if (session.may_have_ended_us) {
    now_us = *session.may_have_ended_us;
    committed = true;
  }
  session.may_have_ended_us.reset();
  if (session.transaction) {
    transactions_[*session.transaction].ended_us = now_us;
    transactions_[*session.transaction].committed = committed;
    if (!committed) put_back_names(session, 0);
  }
  session.transaction.reset();
  session.held = {};
  session.savepoints.clear();
  session.since_event.clear();
  session.has_failed = false;
}

void Reader::add(const Record& record, Session& session, const Json& event) {
  if (session.message.empty()) return;
  const bool inside = record.context.find('\n') != std::string::npos;
  const std::string what = event.text_or("event");
  const bool begins = what == "ddl_command_start";
  // Which statement of the message it fired in.
  std::size_t index = session.at;
  const auto is_meant = [&](std::size_t one) {
    const Work& work = work_[session.message[one]];
    return session.message.size() == 1 ||
           (is_same_tag(work.statement.command, record.tag) && !(begins && !inside && work.has_begun));
  };
  for (std::size_t next = session.at; next < session.message.size(); ++next) {
    if (!is_meant(next)) continue;
    index = next;
    break;
  }
  const std::int64_t at_us = event.integer_or("at", record.at_us);
  end_until(session, index, at_us);
  Work& work = work_[session.message[session.at]];
  Statement& statement = work.statement;
  statement.command = inside ? record.tag : event.text_or("tag", record.tag);
  if (!statement.observed) attribute_locks(session, event, statement);
  statement.observed = true;
  session.since_event.clear();
  if (const Json* const problem = event.find("problem"))
    statement.problem = problem->is_string() ? problem->text() : "";
  if (begins) {
    if (inside) {
      statement.inside.push_back(event.text_or("tag"));
    } else {
      work.has_begun = true;
      work.event_began_us = at_us;
      if (session.message.size() > 1) statement.began_us = at_us;
    }
    statement.lock_timeout_ms = milliseconds_of(event.text_or("lock_timeout"));
    statement.statement_timeout_ms = milliseconds_of(event.text_or("statement_timeout"));
    return;
  }
  add_event(event, inside, statement, session.held, names_, work.rewritten);
  if (what == "ddl_command_end" && !inside) {
    work.has_ended = true;
    work.event_ended_us = at_us;
  }
}

void Reader::attribute_locks(Session& session, const Json& event, Statement& begun) {
  if (event.text_or("event") != "ddl_command_start") return;
  for (const auto& lock : locks_told(event, begun.database, names_)) {
    if (session.held.strengths[lock.oid] >= strength_of(lock.mode)) continue;
    // Which of several it was cannot be told; what only reads takes no lock that anybody waits for.
    std::vector<std::size_t> may;
    for (const auto index : session.since_event) {
      if (strength_of(lock.mode) > 2 && work_[index].nature == Nature::reads) continue;
      may.push_back(index);
    }
    // CREATE TABLE … AS and its like lock what they read before our event comes.
    if (session.since_event.empty())
      add_lock(begun, session.held, lock);
    else if (may.size() == 1 || (!may.empty() && strength_of(lock.mode) > 3))
      add_lock(work_[may.back()].statement, session.held, lock);
    session.held.strengths[lock.oid] = strength_of(lock.mode);
  }
}

void Reader::add_documented(Session& session, Work& work) {
  Statement& statement = work.statement;
  const bool concurrently =
      statement.text.size() < (1U << 20U) && lower(statement.text).find("concurrently") != std::string::npos;
  if (statement.observed && !concurrently) return;
  const auto is_one_of = [&](std::initializer_list<std::string_view> tags) {
    return std::find(tags.begin(), tags.end(), statement.command) != tags.end();
  };
  if (!statement.writes && !concurrently &&
      !is_one_of({"LOCK TABLE", "VACUUM", "ANALYZE", "CLUSTER", "REINDEX"}))
    return;
  for (const auto& target : targets_of(work.carried_out.empty() ? statement.text : work.carried_out)) {
    if (target.name.empty()) continue;
    const Oid named = names_.find(statement.database, target.schema, target.name);
    std::vector<Oid> oids = {named};
    const Relation* const relation = names_.find(statement.database, named);
    if (target.table_of_index) {
      if (relation == nullptr || relation->table == 0) continue;
      oids = {relation->table};
    } else if (target.all_indexes) {
      oids = names_.indexes_of(statement.database, named);
    } else if (target.cascades) {
      oids = names_.referencing(statement.database, named);
    }
    for (const auto oid : oids) {
      const Relation* const known = names_.find(statement.database, oid);
      const std::string name = known != nullptr        ? known->name
                               : target.schema.empty() ? target.name
                                                       : target.schema + "." + target.name;
      if (!target.mode.empty()) {
        add_lock(statement, session.held,
                 {oid, name, known != nullptr ? known->kind : "table", target.mode,
                  std::string(blocks_of(target.mode)), std::nullopt, true});
      }
      if (target.pass.empty() || statement.observed) continue;
      if (target.all_indexes) {
        const Relation* const table = names_.find(statement.database, named);
        if (table != nullptr) add_pass(statement, {named, table->name, target.pass, name, true});
      } else {
        add_pass(statement, {oid, name, target.pass, target.reason, true});
      }
    }
  }
}

std::vector<Statement> Reader::take(const Options& options) {
  std::vector<Statement> statements;
  for (auto& work : work_) {
    Statement& statement = work.statement;
    if (!work.was_run || options.without.contains(statement.process)) continue;
    if (!options.reads && !statement.observed &&
        (work.nature == Nature::control || work.nature == Nature::reads))
      continue;
    const Transaction& transaction = transactions_[statement.transaction];
    statement.transactional = statement.transactional || transaction.in_block || transaction.statements > 1;
    statement.committed = transaction.committed;
    for (auto& lock : statement.locks) {
      if (!transaction.ended_us) continue;
      lock.held_us =
          std::max(*transaction.ended_us - (work.has_begun ? work.event_began_us : statement.began_us),
                   statement.duration_us.value_or(0));
      if (!statement.transactional && statement.duration_us) lock.held_us = statement.duration_us;
    }
    statements.push_back(std::move(statement));
  }
  return statements;
}

}  // namespace exitgate::observe
