// Rows of the rehearsal's tables, for tests of checks.
#pragma once

#include <fmt/core.h>

#include <string>

namespace exitgate::testing {

inline std::string upgrade(const std::string& outcome, const std::string& reason = "NULL",
                           const std::string& hint = "NULL") {
  return fmt::format(
      "INSERT INTO schema.plan (source, reason) VALUES ('exitgate.yaml', 'declared');"
      "INSERT INTO rehearsal.upgrade (outcome, reason, hint, base, reference, revisions, seed, traffic) "
      "VALUES "
      "('{}', {}, {}, 'f00d', 'refs/remotes/origin/main', 1, 'generated', 0);",
      outcome, reason, hint);
}

inline std::string step(int position, const std::string& phase, const std::string& command,
                        const std::string& outcome = "ok", const std::string& reason = "NULL",
                        const std::string& file = "NULL", const std::string& line = "NULL",
                        const std::string& revision = "NULL") {
  return fmt::format(
      "INSERT INTO rehearsal.step (position, phase, command, revision, exit_code, outcome, duration_ms, "
      "reason, file, "
      "line) VALUES ({}, '{}', '{}', {}, 0, '{}', 1, {}, {}, {});",
      position, phase, command, revision, outcome, reason, file, line);
}

struct TestStatement {
  int position;
  std::string command;
  std::string text;
  int line = 7;
  int transactional = 1;
  std::string lock_timeout = "0";
  std::string revision = "b";
  std::string phase = "upgrade";
  int duration_us = 100;
};

inline std::string statement(const TestStatement& one) {
  return fmt::format(
      "INSERT INTO rehearsal.statement (position, phase, revision, file, line, command, text, transactional, "
      "duration_us, outcome, lock_timeout_ms) VALUES ({}, '{}', '{}', 'm/{}.py', {}, '{}', '{}', {}, {}, "
      "'ok', {});",
      one.position, one.phase, one.revision, one.revision, one.line, one.command, one.text, one.transactional,
      one.duration_us, one.lock_timeout);
}

inline std::string lock(int of, const std::string& relation, const std::string& mode,
                        const std::string& blocks, int of_base = 1, int held_us = 1000) {
  return fmt::format(
      "INSERT INTO rehearsal.lock (statement, relation, kind, mode, blocks, of_base, held_us) VALUES ({}, "
      "'{}', "
      "'table', '{}', '{}', {}, {});",
      of, relation, mode, blocks, of_base, held_us);
}

inline std::string pass(int of, const std::string& relation, const std::string& kind,
                        const std::string& reason = "NULL", int of_base = 1) {
  return fmt::format(
      "INSERT INTO rehearsal.pass (statement, relation, kind, reason, of_base) VALUES ({}, '{}', '{}', {}, "
      "{});",
      of, relation, kind, reason, of_base);
}

inline std::string loss(const std::string& kind, const std::string& relation, const std::string& name,
                        const std::string& count = "3", const std::string& total = "3",
                        const std::string& of = "NULL", const std::string& detail = "NULL",
                        const std::string& kept_in = "NULL", const std::string& phase = "upgrade") {
  return fmt::format(
      "INSERT INTO rehearsal.loss (phase, kind, relation, name, count, total, detail, kept_in, statement) "
      "VALUES "
      "('{}', '{}', '{}', {}, {}, {}, {}, {}, {});",
      phase, kind, relation, name, count, total, detail, kept_in, of);
}

inline std::string filled(const std::string& relation, int rows) {
  return fmt::format("INSERT INTO rehearsal.filled (relation, rows) VALUES ('{}', {});", relation, rows);
}

}  // namespace exitgate::testing
