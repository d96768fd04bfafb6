// Puts the records of a log together to statements, session by session.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/json/json.h"
#include "harness/observe/events.h"
#include "harness/observe/log.h"
#include "harness/observe/names.h"
#include "harness/observe/observe.h"
#include "harness/observe/tags.h"

namespace exitgate::observe {

class Reader {
 public:
  explicit Reader(const Mark& from) : names_(from), database_(from.installed ? from.database : "") {}

  void read(const Record& record);
  // Of all records that were read.
  std::vector<Statement> take(const Options& options);

 private:
  // A statement, and what is not for the reader's caller.
  struct Work {
    Statement statement;
    Nature nature = Nature::other;
    bool has_begun = false;  // an event at its beginning was seen
    bool has_ended = false;  // one at its end
    std::int64_t event_began_us = 0;
    std::int64_t event_ended_us = 0;
    std::optional<std::int64_t> ended_us = std::nullopt;
    bool was_run = false;
    std::string carried_out = {};  // of EXECUTE: what was prepared
    std::map<Oid, int> rewritten;
  };
  struct Transaction {
    std::optional<std::int64_t> ended_us;
    std::optional<bool> committed;
    std::size_t statements = 0;
    bool in_block = false;
  };
  struct Session {
    std::vector<std::size_t> message;  // the statements of the message that is carried out
    std::size_t at = 0;                // which of them
    std::int64_t message_began_us = 0;
    std::optional<std::size_t> transaction;
    std::string virtual_transaction;
    // Where its transaction has ended, unless the next message belongs to it as well.
    std::optional<std::int64_t> may_have_ended_us;
    bool is_simple = true;  // the message
    bool in_block = false;
    bool has_failed = false;  // the transaction takes nothing but ROLLBACK
    Held held;
    std::vector<std::pair<std::string, Held>> savepoints;
    std::vector<std::size_t> since_event;  // statements that no event was seen of
  };

  void begin_message(const Record& record, Session& session, std::string_view text, bool is_simple);
  void end_message(const Record& record, Session& session, std::int64_t duration_us);
  void fail(const Record& record, Session& session);
  void add(const Record& record, Session& session, const Json& event);
  Work& begin_statement(Session& session, std::size_t index);
  // Statements of the message before `next` have ended.
  void end_until(Session& session, std::size_t next, std::int64_t now_us);
  void end_statement(Session& session, Work& work, std::int64_t now_us);
  void end_transaction(Session& session, std::int64_t now_us, bool committed);
  void roll_back_to(Session& session, const std::string& savepoint);
  void put_back_names(Session& session, std::size_t from);
  void attribute_locks(Session& session, const Json& event, Statement& begun);
  void add_documented(Session& session, Work& work);
  std::size_t add_work(const Record& record, std::string_view text);

  Names names_;
  std::string database_;  // in which each schema change must have been seen; "" for none
  std::map<std::string, Session> sessions_;
  std::deque<Work> work_;
  std::vector<Transaction> transactions_;
};

}  // namespace exitgate::observe
