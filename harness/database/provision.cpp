#include "harness/database/provision.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <tuple>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace exitgate::database {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kTailLines = 25;
constexpr std::size_t kLongestTail = 4000;
constexpr std::size_t kKeptOutput = 1U << 16U;
constexpr std::size_t kLongestOutput = 16U << 20;

long long milliseconds_since(Clock::time_point start) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - start).count();
}

std::string tail_of(const std::string& output) {
  auto lines = split(trim(output), '\n');
  if (lines.size() > kTailLines)
    lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(kTailLines));
  std::string tail = join(lines, "\n");
  if (tail.size() > kLongestTail) tail = tail.substr(tail.size() - kLongestTail);
  return valid_utf8(tail);
}

// Keeps the end of an output, and hands whole lines on.
class Lines {
 public:
  explicit Lines(const std::function<void(std::string_view)>& sink) : sink_(sink) {}
  void take(std::string_view piece) {
    taken_ += piece.size();
    if (taken_ > kLongestOutput) {
      if (!cut_)
        sink_(
            fmt::format("\n[the rest of the output is left out: more than {} MiB]\n", kLongestOutput >> 20U));
      cut_ = true;
      return;
    }
    open_ += piece;
    const std::size_t end = open_.rfind('\n');
    if (end == std::string::npos) return;
    sink_(std::string_view(open_).substr(0, end + 1));
    open_.erase(0, end + 1);
  }
  void finish() {
    if (!open_.empty()) sink_(open_ + "\n");
    open_.clear();
  }

 private:
  const std::function<void(std::string_view)>& sink_;
  std::string open_;
  std::size_t taken_ = 0;
  bool cut_ = false;
};

// What psql says of statements that failed: it goes on behind one, and exits with 0, unless ON_ERROR_STOP is set. Who unsets it in
// the command has decided so.
class PsqlErrors {
 public:
  explicit PsqlErrors(const std::string& command)
      : by_name_(command.find("psql") != std::string::npos),
        tolerated_(command.find("ON_ERROR_STOP=0") != std::string::npos ||
                   command.find("ON_ERROR_STOP=off") != std::string::npos) {}

  // Whole lines.
  void take(std::string_view text) {
    for (const auto& line : split(text, '\n')) any_ = any_ || is_error(line);
  }
  bool any() const { return any_ && !tolerated_; }

 private:
  // "psql:db/1.sql:3: ERROR:  …" of a file; of what it reads otherwise only "ERROR:  …", which a server's log may say too.
  bool is_error(std::string_view line) const {
    if (by_name_ && line.starts_with("ERROR:  ")) return true;
    return line.starts_with("psql:") && line.find(": ERROR:  ") != std::string_view::npos;
  }
  bool by_name_;
  bool tolerated_;
  bool any_ = false;
};

// Why the sandbox ended a command, or the server under it, and what to write; "" when it did not.
std::string outcome_of_sandbox(const sandbox::Entry& entry, const Cluster& cluster,
                               const config::Limits& limits) {
  const auto sentence = [&](sandbox::Ending ending, std::string_view who) -> std::string {
    switch (ending) {
      case sandbox::Ending::memory:
        return fmt::format(
            "ended: {} took more than {} MB of memory together (`memory: {}` under `database:` allows more)",
            who, limits.memory_mb, 2 * limits.memory_mb);
      case sandbox::Ending::disk:
        return fmt::format(
            "ended: {} filled more than {} MB of disk (`disk: {}` under `database:` allows more)", who,
            limits.disk_mb, 2 * limits.disk_mb);
      case sandbox::Ending::processes:
        return fmt::format("ended: {} were more than {} at a time", who, sandbox::kMostProcesses);
      case sandbox::Ending::setup:
      case sandbox::Ending::none:
        break;
    }
    return "";
  };
  if (entry.ending() == sandbox::Ending::setup)
    return fmt::format("not run: its sandbox could not be set up: {}", entry.setup_problem());
  if (entry.ending() != sandbox::Ending::none) return sentence(entry.ending(), "its processes");
  return sentence(cluster.ending(), "the processes of the embedded server");
}

std::string role_statement(const Connection& connection, const config::Role& role, bool login) {
  return fmt::format("CREATE ROLE {} {} {} {} {} {} INHERIT NOREPLICATION", connection.identifier(role.name),
                     login ? "LOGIN" : "NOLOGIN", role.superuser ? "SUPERUSER" : "NOSUPERUSER",
                     role.createdb ? "CREATEDB" : "NOCREATEDB",
                     role.createrole ? "CREATEROLE" : "NOCREATEROLE",
                     role.bypassrls ? "BYPASSRLS" : "NOBYPASSRLS");
}

}  // namespace

std::pair<std::string, int> place_of_failure(const std::string& output, const fs::path& tree,
                                             const std::string& directory) {
  std::pair<std::string, int> place{"", 0};
  const std::string frame = "File \"" + tree.string() + "/";
  for (const auto& line : split(output, '\n')) {
    if (const std::size_t at = line.find(frame); at != std::string::npos) {
      const std::size_t start = at + frame.size();
      const std::size_t end = line.find("\", line ", start);
      if (end != std::string::npos)
        place = {line.substr(start, end - start), std::atoi(line.c_str() + end + 8)};
    } else if (line.rfind("psql:", 0) == 0) {
      const std::size_t end = line.find(": ERROR:");
      const std::size_t colon = end == std::string::npos ? end : line.rfind(':', end - 1);
      if (colon == std::string::npos || colon <= 5) continue;
      const fs::path file = (tree / directory / line.substr(5, colon - 5)).lexically_normal();
      place = {file.lexically_relative(tree).string(), std::atoi(line.c_str() + colon + 1)};
    }
  }
  return place;
}

Provisioning::Provisioning(Cluster& cluster, const config::Database& declared, fs::path tree,
                           std::function<void(std::string_view)> log)
    : cluster_(cluster), declared_(declared), tree_(std::move(tree)), log_(std::move(log)) {}

std::string Provisioning::filled(std::string text) const {
  const std::vector<std::pair<std::string, std::string>> values = {
      {"{url}", cluster_.tcp_url(kDatabaseName, declared_.owner)},
      {"{socket}", cluster_.socket_folder().string()},
      {"{host}", cluster_.listens() ? "127.0.0.1" : cluster_.socket_folder().string()},
      {"{port}", std::to_string(cluster_.port())},
      {"{password}", cluster_.password()},
      {"{database}", kDatabaseName},
      {"{user}", declared_.owner}};
  for (const auto& [placeholder, value] : values) {
    for (std::size_t at = 0; (at = text.find(placeholder, at)) != std::string::npos; at += value.size()) {
      text.replace(at, placeholder.size(), value);
    }
  }
  return text;
}

// The folder has another name in every run; what is said about the commit's files should not. The password is of use to
// nobody afterwards, and would be taken for a secret.
std::string Provisioning::as_kept(std::string_view text) const {
  const std::string folder = tree_.string() + "/";
  std::string result(text);
  const auto replace = [&](const std::string& what, std::string_view with) {
    for (std::size_t at = 0; (at = result.find(what, at)) != std::string::npos; at += with.size())
      result.replace(at, what.size(), with);
  };
  replace(folder, "");
  replace(cluster_.password(), "{password}");
  return result;
}

std::vector<std::string> Provisioning::environment() const {
  const char* const path = std::getenv("PATH");
  std::vector<std::pair<std::string, std::string>> values = {
      {"PATH", path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path},
      {"HOME", cluster_.folder_for("home").string()},
      {"TMPDIR", cluster_.folder_for("tmp").string()},
      {"LANG", "C.UTF-8"},
      {"TZ", "UTC"},
      {"PYTHONDONTWRITEBYTECODE", "1"},
      {"PYTHONUNBUFFERED", "1"},
  };
  const std::vector<std::pair<std::string, std::string>> of_server = {
      {"PGHOST", cluster_.socket_folder().string()},
      {"PGPORT", std::to_string(cluster_.port())},
      {"PGPASSWORD", cluster_.password()},
      {"PGUSER", declared_.owner},
      {"PGDATABASE", kDatabaseName},
      {"DATABASE_URL", cluster_.tcp_url(kDatabaseName, declared_.owner)},
  };
  if (cluster_.has_server()) values.insert(values.end(), of_server.begin(), of_server.end());
  for (const auto& given : declared_.environment) {
    const auto same = std::find_if(values.begin(), values.end(),
                                   [&](const auto& entry) { return entry.first == given.first; });
    if (same == values.end()) {
      values.emplace_back(given.first, filled(given.second));
    } else {
      same->second = filled(given.second);
    }
  }
  std::vector<std::string> result;
  result.reserve(values.size());
  for (const auto& [name, value] : values) result.push_back(fmt::format("{}={}", name, value));
  return result;
}

std::optional<StepResult> Provisioning::prepare() {
  std::string statement;
  const auto started = Clock::now();
  try {
    const auto server = cluster_.connect("postgres", Cluster::administrator(), false);
    const auto execute = [&](Connection& connection, std::string sql) {
      statement = std::move(sql);
      connection.query(statement);
    };
    // By TCP a role gets in by its password. The statement is not kept: what fails is shown.
    const auto give_password = [&](const std::string& role) {
      statement = fmt::format("ALTER ROLE {} PASSWORD …", server->identifier(role));
      server->query(
          fmt::format("ALTER ROLE {} PASSWORD '{}'", server->identifier(role), cluster_.password()));
    };
    bool has_owner = false;
    for (const auto& role : declared_.roles) {
      const bool owner = role.name == declared_.owner;
      has_owner = has_owner || owner;
      // The owner runs the steps, so it has to get in.
      execute(*server, role_statement(*server, role, role.login || owner));
      if (role.login || owner) give_password(role.name);
    }
    if (!has_owner) {
      config::Role owner;
      owner.name = declared_.owner;
      execute(*server, role_statement(*server, owner, true));
      give_password(owner.name);
    }
    for (const auto& role : declared_.roles) {
      for (const auto& group : role.member_of) {
        execute(*server,
                fmt::format("GRANT {} TO {}", server->identifier(group), server->identifier(role.name)));
      }
    }
    execute(*server,
            fmt::format("CREATE DATABASE {} OWNER {}", kDatabaseName, server->identifier(declared_.owner)));
    if (!declared_.prepare.empty()) {
      const auto database = cluster_.connect(kDatabaseName, Cluster::administrator(), false);
      database->query("SET search_path = \"$user\", public");
      for (const auto& sql : declared_.prepare) execute(*database, filled(sql));
    }
  } catch (const Undecided& problem) {
    StepResult failed;
    failed.command = statement;
    failed.outcome = "failed";
    failed.duration_ms = milliseconds_since(started);
    failed.tail = problem.what();
    log_(fmt::format("{}\n{}\n", statement, problem.what()));
    return failed;
  }
  return std::nullopt;
}

StepResult Provisioning::run_step(const config::Step& step, std::chrono::milliseconds limit,
                                  bool changes_schema, std::string* output) const {
  StepResult result;
  result.command = step.run;
  const std::string folder = step.directory.empty() ? declared_.directory : step.directory;
  const fs::path directory = (tree_ / folder).lexically_normal();
  std::error_code ignored;
  const fs::path within = directory.lexically_relative(tree_);
  if (within.empty() || *within.begin() == ".." || !fs::is_directory(directory, ignored)) {
    result.outcome = fmt::format("cannot run it in '{}': the commit has no such folder", folder);
    return result;
  }
  Command command;
  command.arguments = {"/bin/sh", "-e", "-c", step.run};
  command.directory = directory;
  command.environment = environment();
  command.limit = limit;
  command.merge_error = true;
  std::string end;
  PsqlErrors errors(step.run);
  const std::function<void(std::string_view)> sink = [&](std::string_view text) {
    errors.take(text);
    log_(as_kept(text));
  };
  Lines lines(sink);
  command.on_output = [&](std::string_view piece) {
    lines.take(piece);
    end += piece;
    const std::size_t most = output == nullptr ? kKeptOutput : kLongestOutput;
    if (end.size() > 2 * most) end.erase(0, end.size() - most);
  };
  std::unique_ptr<sandbox::Entry> entry;
  pid_t group = 0;
  command.on_start = [&](pid_t started) {
    group = started;
    cluster_.supervisor().adopt(started);
  };
  log_(fmt::format("$ {}\n", step.run));
  const auto started = Clock::now();
  try {
    entry = cluster_.entry(tree_, declared_.limits);
    command.before_exec = [&] { entry->enter(); };
    const ProcessResult finished = exitgate::run(command);
    if (!finished.timed_out && finished.signal == 0) result.exit_code = finished.exit_code;
    result.outcome = finished.ok() ? "ok" : finished.outcome();
    if (const auto ended = outcome_of_sandbox(*entry, cluster_, declared_.limits); !ended.empty()) {
      result.exit_code = std::nullopt;
      result.outcome = ended;
    }
  } catch (const Undecided& problem) {
    result.outcome = problem.what();
  }
  if (group != 0) cluster_.supervisor().release(group);
  result.duration_ms = milliseconds_since(started);
  lines.finish();
  if (changes_schema && result.ok() && errors.any())
    result.outcome = "exit code 0, but psql went on behind a statement that failed: write -v ON_ERROR_STOP=1";
  log_(fmt::format("[{} after {} ms]\n", result.outcome, result.duration_ms));
  if (!result.ok()) {
    if (end.size() > kKeptOutput) end.erase(0, end.size() - kKeptOutput);
    std::tie(result.file, result.line) = place_of_failure(end, tree_, folder);
    result.output = as_kept(end);
    result.tail = tail_of(result.output);
  }
  if (output != nullptr) *output = as_kept(end);
  return result;
}

std::vector<StepResult> Provisioning::run() {
  if (auto failed = prepare()) return {std::move(*failed)};
  return run_all(declared_.steps);
}

std::vector<StepResult> Provisioning::run_all(const std::vector<config::Step>& steps) const {
  std::vector<StepResult> results;
  const auto until = Clock::now() + std::chrono::seconds(declared_.timeout_seconds);
  for (const auto& step : steps) {
    auto limit = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
    if (step.timeout_seconds > 0) {
      limit = std::min<std::chrono::milliseconds>(limit, std::chrono::seconds(step.timeout_seconds));
    }
    if (limit.count() <= 0) {
      StepResult late;
      late.command = step.run;
      late.outcome =
          fmt::format("not begun: the limit of {} s for all steps was used up", declared_.timeout_seconds);
      results.push_back(std::move(late));
      return results;
    }
    results.push_back(run_step(step, limit, true, nullptr));
    if (!results.back().ok()) break;
  }
  return results;
}

Provisioning::Answer Provisioning::ask(const config::Step& step, std::chrono::milliseconds limit) const {
  Answer answer;
  answer.step = run_step(step, limit, false, &answer.output);
  return answer;
}

}  // namespace exitgate::database
