// An observed server with a database, and what it was seen to do with what it is given.
#pragma once

#include <fmt/core.h>

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/observe/observe.h"

namespace exitgate::observe {

class Observed {
 public:
  explicit Observed(const database::ServerPrograms& programs) : cluster_(programs, settings()) {
    connect("postgres", "postgres")->query("CREATE ROLE owner LOGIN");
    connect("postgres", "postgres")->query("CREATE DATABASE app OWNER owner");
    administrator_ = connect("app", "postgres");
    administrator_->query("GRANT ALL ON SCHEMA public TO owner");
    install(*administrator_);
    owner_ = connect("app", "owner");
    owner_->query("SET search_path = public; SET lock_timeout = 0");
  }
  std::unique_ptr<database::Connection> connect(const std::string& database, const std::string& user) const {
    return cluster_.connect(database, user, false);
  }
  database::Cluster& cluster() { return cluster_; }
  database::Connection& administrator() { return *administrator_; }
  database::Connection& owner() { return *owner_; }
  Mark now() { return mark(cluster_, *administrator_); }
  std::vector<Statement> since(const Mark& from, Options options = {}) {
    const auto own = administrator_->query("SELECT pg_catalog.pg_backend_pid()").integer(0, 0);
    options.without.insert(static_cast<int>(own));
    return read(cluster_, from, options);
  }
  // Each in a message of its own; an error is the caller's to see among the statements.
  void give(const std::vector<std::string>& statements) {
    for (const auto& statement : statements) {
      try {
        owner_->query(statement);
      } catch (const Undecided&) {
      }
    }
  }

 private:
  database::Cluster cluster_;
  std::unique_ptr<database::Connection> administrator_;
  std::unique_ptr<database::Connection> owner_;
};

// "t AccessExclusiveLock; rewrite t (column type)": locks on tables and views, then passes, each by the name without 'public.'.
inline std::string told(const Statement& statement) {
  const auto bare = [](const std::string& name) {
    return name.starts_with("public.") ? name.substr(7) : name;
  };
  std::vector<std::string> words;
  for (const auto& lock : statement.locks) {
    if (lock.kind != "index" && lock.kind != "sequence")
      words.push_back(fmt::format("{} {}", bare(lock.relation), lock.mode));
  }
  for (const auto& pass : statement.passes) {
    words.push_back(fmt::format("{} {}", pass.kind, bare(pass.relation)));
    if (!pass.reason.empty()) words.back() += fmt::format(" ({})", bare(pass.reason));
  }
  std::sort(words.begin(), words.end());
  return join(words, "; ");
}

}  // namespace exitgate::observe
