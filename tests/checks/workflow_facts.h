// SQL for CI facts, so that a test reads as the workflow that it is about.
#pragma once

#include <fmt/core.h>

#include <string>

namespace exitgate::testing {

inline std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? "''" : std::string(1, c);
  return result + "'";
}
inline std::string or_null(const std::string& text) {
  return text == "NULL" ? text : quoted(text);
}

inline std::string workflow(const std::string& file, const std::string& name, const std::string& event,
                            int line = 3) {
  return fmt::format(
      "INSERT INTO ci.workflow (file, name, provider) VALUES ({0}, {1}, 'github');"
      "INSERT INTO ci.trigger (file, line, event, filters) VALUES ({0}, {2}, {3}, '{{}}');",
      quoted(file), quoted(name), line, quoted(event));
}

inline std::string unreadable(const std::string& file, const std::string& problem) {
  return fmt::format("INSERT INTO ci.workflow (file, provider, problem) VALUES ({}, 'github', {});",
                     quoted(file), quoted(problem));
}

inline std::string job(const std::string& file, const std::string& id,
                       const std::string& on_pull_request = "yes", int line = 6) {
  return fmt::format("INSERT INTO ci.job (file, id, line, on_pull_request) VALUES ({}, {}, {}, {});",
                     quoted(file), quoted(id), line, quoted(on_pull_request));
}

struct Step {
  std::string file;
  std::string job;
  int position = 0;
  std::string run = "NULL";
  std::string uses = "NULL";
  std::string condition = "NULL";
  std::string on_pull_request = "yes";
};

inline std::string step(const Step& it) {
  return fmt::format(
      "INSERT INTO ci.step (file, job, position, line, uses, run, condition, on_pull_request) "
      "VALUES ({}, {}, {}, {}, {}, {}, {}, {});",
      quoted(it.file), quoted(it.job), it.position, 10 + it.position, or_null(it.uses), or_null(it.run),
      or_null(it.condition), quoted(it.on_pull_request));
}

// A row of ci.command; a step without one is read by its text.
struct Command {
  std::string file;
  std::string job;
  int position = 0;
  std::string written;
  std::string command;
  std::string kind;
  std::string chain = "NULL";
};

inline std::string command(const Command& it) {
  return fmt::format(
      "INSERT INTO ci.command (file, job, position, number, line, written, command, kind, chain) "
      "VALUES ({}, {}, {}, 0, {}, {}, {}, {}, {});",
      quoted(it.file), quoted(it.job), it.position, 10 + it.position, quoted(it.written), quoted(it.command),
      quoted(it.kind), or_null(it.chain));
}

// A step or job (position "NULL") that calls a file of the repository.
inline std::string local_call(const std::string& file, const std::string& job, const std::string& position,
                              const std::string& action) {
  return fmt::format(
      "INSERT INTO ci.action_use (file, line, job, position, action, pin) VALUES ({}, 11, {}, {}, {}, "
      "'local');",
      quoted(file), quoted(job), position, quoted(action));
}

inline std::string action_file(const std::string& file) {
  return fmt::format("INSERT INTO ci.action_file (file, kind, provider) VALUES ({}, 'composite', 'github');",
                     quoted(file));
}

struct Artifact {
  std::string file;
  std::string name = "NULL";
  std::string direction = "upload";
  std::string retention = "90";
  std::string if_no_files_found = "error";
  std::string condition = "always()";
  std::string on_pull_request = "yes";
  std::string ref = "v4";
  std::string pin = "ref";
  std::string job = "test";
  int line = 20;
  int other_run = 0;
  std::string path = "build/evidence/";
  std::string uploads = "0";
  int hidden_files = 0;
};

inline std::string artifact(const Artifact& it) {
  const bool number = it.retention.find_first_not_of("0123456789") == std::string::npos;
  return fmt::format(
      "INSERT INTO ci.artifact (file, line, job, position, direction, action, ref, pin, name, name_pattern, "
      "path, "
      "retention, retention_days, if_no_files_found, condition, on_pull_request, other_run, uploads, "
      "hidden_files, second_upload) "
      "VALUES ({}, {}, {}, 4, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {}, {});",
      quoted(it.file), it.line, quoted(it.job), quoted(it.direction),
      quoted("actions/" + it.direction + "-artifact"), or_null(it.ref), quoted(it.pin), or_null(it.name),
      or_null(it.name), or_null(it.path), or_null(it.retention), number ? it.retention : "NULL",
      or_null(it.if_no_files_found), or_null(it.condition), quoted(it.on_pull_request), it.other_run,
      it.uploads, it.hidden_files, it.direction == "upload" ? "'fails'" : "NULL");
}

// The expanded run of artifacts that are there: each job once, each step at its line.
inline std::string expanded() {
  return "INSERT INTO ci.job_instance (id, root, event, file, job, line, complete, runs, failure_ignored) "
         "SELECT row_number() OVER (), file, 'pull_request', file, job, 1, 1, 'yes', 'no' "
         "FROM (SELECT DISTINCT file, job FROM ci.artifact);"
         "INSERT INTO ci.step_instance (id, instance, position, file, job, step, line, runs, "
         "failure_ignored) "
         "SELECT rowid, (SELECT id FROM ci.job_instance j WHERE j.file = a.file AND j.job = a.job), line, "
         "file, job, "
         "  position, line, 'yes', 'no' FROM ci.artifact a;"
         "INSERT INTO ci.artifact_instance (step, instance, direction, file, line, name, name_key, "
         "name_pattern, "
         "  overwrite, second_upload) "
         "SELECT a.rowid, s.instance, a.direction, a.file, a.line, coalesce(a.name, 'artifact'), "
         "  coalesce(a.name, 'artifact'), coalesce(a.name, 'artifact'), 'no', a.second_upload "
         "FROM ci.artifact a JOIN ci.step_instance s ON s.id = a.rowid;";
}

}  // namespace exitgate::testing
