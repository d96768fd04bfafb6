#include "harness/collect/rehearsal/traffic.h"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <thread>
#include <utility>

#include "harness/base/error.h"
#include "harness/database/provision.h"

namespace exitgate::collect::rehearsal {

namespace {

using database::Clock;

// So that two cores are not kept busy by transactions alone.
constexpr auto kPause = std::chrono::milliseconds(1);

// Gone or renamed, or its schema is: nothing that the upgrade's own facts would not say.
bool is_gone(const std::string& error) {
  return error.find("does not exist") != std::string::npos;
}

class Session {
 public:
  Session(const database::Cluster& cluster, bool writer, const std::vector<std::string>& relations)
      : writer_(writer) {
    connection_ = cluster.connect(database::kDatabaseName, database::Cluster::administrator(), false,
                                  {.statement = std::chrono::hours(1), .overall = std::chrono::hours(1)});
    // What it says is not the upgrade's.
    connection_->query(
        "SET log_statement = 'none'; SET log_min_duration_statement = -1; SET log_duration = off");
    process_ = static_cast<int>(connection_->query("SELECT pg_backend_pid()").integer(0, 0));
    for (const auto& relation : relations) waited_.push_back({.writer = writer, .relation = relation});
  }

  void run(const std::atomic<bool>& ended) {
    std::vector<bool> gone(waited_.size(), false);
    while (!ended) {
      bool any = false;
      for (std::size_t at = 0; at < waited_.size() && !ended; ++at) {
        if (gone[at]) continue;
        any = true;
        gone[at] = !once(waited_[at]);
        std::this_thread::sleep_for(kPause);
      }
      if (!any) return;
    }
  }

  std::vector<Waited> take() { return std::move(waited_); }
  int process() const { return process_; }

 private:
  // False when the relation is of no more use.
  bool once(Waited& one) {
    const auto began = Clock::now();
    try {
      connection_->query(fmt::format("BEGIN; LOCK TABLE {} IN {} MODE; COMMIT", one.relation,
                                     writer_ ? "ROW EXCLUSIVE" : "ACCESS SHARE"));
    } catch (const Undecided& problem) {
      const std::string error = problem.what();
      if (!is_gone(error) && one.problem.empty()) one.problem = error;
      try {
        connection_->query("ROLLBACK");
      } catch (const Undecided&) {
        return false;
      }
      return !is_gone(error);
    }
    const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began).count();
    one.longest_us = std::max<long long>(one.longest_us, took);
    ++one.transactions;
    return true;
  }

  bool writer_;
  int process_ = 0;
  std::unique_ptr<database::Connection> connection_;
  std::vector<Waited> waited_;
};

}  // namespace

struct Traffic::Sessions {
  Sessions(const database::Cluster& cluster, const std::vector<std::string>& relations)
      : reader(cluster, false, relations), writer(cluster, true, relations) {}
  Session reader;
  Session writer;
  std::atomic<bool> ended{false};
  std::vector<std::jthread> threads = {};  // last: joined before all else goes
};

Traffic::Traffic(const database::Cluster& cluster, const std::vector<std::string>& relations)
    : sessions_(std::make_unique<Sessions>(cluster, relations)) {
  for (Session* const session : {&sessions_->reader, &sessions_->writer})
    sessions_->threads.emplace_back([this, session] { session->run(sessions_->ended); });
}

Traffic::~Traffic() {
  sessions_->ended = true;
}

std::set<int> Traffic::processes() const {
  return {sessions_->reader.process(), sessions_->writer.process()};
}

std::vector<Waited> Traffic::end() {
  sessions_->ended = true;
  sessions_->threads.clear();
  auto all = sessions_->reader.take();
  for (auto& one : sessions_->writer.take()) all.push_back(std::move(one));
  return all;
}

}  // namespace exitgate::collect::rehearsal
