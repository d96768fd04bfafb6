#include "harness/collect/schema/dump.h"

#include <fmt/core.h>

#include <utility>

#include "harness/base/error.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/base/thread_group.h"

namespace exitgate::collect::schema {

namespace {

constexpr std::chrono::seconds kLimit{120};

// Replaces the literal that starts at `quote` by '***'; returns the position behind it.
std::size_t mask_literal(std::string& text, std::size_t quote) {
  std::size_t end = quote + 1;
  while (end < text.size() && (text[end] != '\'' || (end + 1 < text.size() && text[end + 1] == '\''))) {
    end += text[end] == '\'' ? 2 : 1;
  }
  text.replace(quote, std::min(end + 1, text.size()) - quote, "'***'");
  return quote + 5;
}

struct Attempt {
  std::string text;
  std::string failure;  // "" when there is a text
};

Attempt attempt(const Command& command) {
  try {
    ProcessResult finished = run(command);
    if (finished.ok()) return {std::move(finished.output), ""};
    return {"", fmt::format("pg_dump failed ({}): {}", finished.outcome(), trim(finished.error))};
  } catch (const Error& problem) {
    return {"", problem.what()};
  }
}

}  // namespace

std::string without_secrets(std::string_view dump) {
  std::string text(dump);
  for (std::size_t at = 0; (at = text.find("CREATE SUBSCRIPTION ", at)) != std::string::npos;) {
    const std::size_t connection = text.find(" CONNECTION '", at);
    const std::size_t end = text.find(";\n", at);
    if (connection == std::string::npos || connection > end) {
      ++at;
      continue;
    }
    at = mask_literal(text, connection + 12);
  }
  // Inside OPTIONS ( … ) of servers, wrappers and mappings each option stands on a line of its own: "    name
  // 'value'".
  for (const std::string_view head :
       {"CREATE USER MAPPING ", "CREATE SERVER ", "CREATE FOREIGN DATA WRAPPER "}) {
    for (std::size_t at = 0; (at = text.find(head, at)) != std::string::npos; at += head.size()) {
      for (std::size_t line = text.find("\n    ", at); line != std::string::npos;
           line = text.find("\n    ", line + 1)) {
        const std::size_t statement_end = text.find(";\n", at);
        if (line > statement_end) break;
        const std::size_t quote = text.find('\'', line);
        if (quote == std::string::npos || quote > statement_end) break;
        const std::string name = lower(text.substr(line, quote - line));
        for (const std::string_view secret : {"pass", "secret", "token", "key", "credential"}) {
          if (name.find(secret) != std::string::npos) {
            mask_literal(text, quote);
            break;
          }
        }
      }
    }
  }
  return text;
}

Dump dump_schema(const database::Cluster& cluster, const database::ServerPrograms& programs,
                 const std::string& database) {
  Dump dump;
  std::filesystem::path program;
  try {
    program = database::find_dump_program(programs).path;
  } catch (const Undecided& problem) {
    dump.problem = problem.what();
    dump.hint = problem.hint();
    return dump;
  }
  const ProcessResult help =
      run({.arguments = {program.string(), "--help"}, .limit = std::chrono::seconds(10)});
  Command command;
  command.arguments = {program.string(),
                       "--schema-only",
                       "--no-password",
                       "--host",
                       cluster.socket_folder().string(),
                       "--port",
                       std::to_string(cluster.port()),
                       "--username",
                       database::Cluster::administrator(),
                       "--dbname",
                       database};
  // Otherwise each dump carries a random key of its own.
  if (help.output.find("--restrict-key") != std::string::npos)
    command.arguments.emplace_back("--restrict-key=exitgate");
  command.environment =
      std::vector<std::string>{"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC", "PGSSLMODE=disable"};
  command.limit = kLimit;
  // Two at a time, and nothing shared between them.
  Attempt first;
  Attempt second;
  {
    ThreadGroup other;
    other.start([&] { second = attempt(command); });
    first = attempt(command);
    other.join();
  }
  const std::string& failure = first.failure.empty() ? second.failure : first.failure;
  if (!failure.empty()) {
    dump.problem = failure;
    if (failure.find("server version mismatch") != std::string::npos) {
      dump.hint = fmt::format("install pg_dump of version {} or newer", programs.major);
    }
    return dump;
  }
  dump.repeated = first.text == second.text;
  dump.text = without_secrets(first.text);
  return dump;
}

}  // namespace exitgate::collect::schema
