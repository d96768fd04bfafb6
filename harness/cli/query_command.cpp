// `exitgate query`: one SELECT over the facts of a commit, or of a run or an archive.

#include <fmt/core.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <iostream>
#include <iterator>

#include "harness/archive/run_source.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/output.h"
#include "harness/base/text.h"
#include "harness/check/database_parts.h"
#include "harness/check/query_validation.h"
#include "harness/cli/answer_format.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/facts/facts.h"
#include "harness/stages/author_facts.h"
#include "harness/stages/collecting.h"
#include "harness/stages/target.h"

namespace exitgate::cli {

namespace {

namespace fs = std::filesystem;
using facts::Answer;

struct Format {
  const char* name;
  void (*write)(const Answer& answer);
};

// 0 where nobody looks on: a file takes lines of any length.
std::size_t terminal_width() {
  winsize size{};
  return ::isatty(STDOUT_FILENO) == 1 && ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 ? size.ws_col : 0;
}

void write_table(const Answer& answer) {
  say(as_table(answer, terminal_width()));
}

void write_json(const Answer& answer) {
  write_document(as_json(answer));
}

void write_csv(const Answer& answer) {
  // What a repository calls its files must not steer a terminal.
  ::isatty(STDOUT_FILENO) == 1 ? say(as_csv(answer)) : write_document(as_csv(answer));
}

constexpr std::array<Format, 3> kFormats = {
    {{"table", write_table}, {"json", write_json}, {"csv", write_csv}}};

const Format& format_named(const std::string& name) {
  std::vector<std::string> known;
  for (const auto& format : kFormats) {
    if (name == format.name) return format;
    known.emplace_back(format.name);
  }
  throw UsageError(fmt::format("unknown format '{}'{}", name, did_you_mean(name, known)),
                   fmt::format("the formats are {}", join(known, ", ")));
}

std::string text_of(const std::string& query) {
  if (query != "-") return query;
  return {std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>()};
}

// What a gate has to ask for is not there without one.
bool is_of_repository(const std::string& domain) {
  const auto known = stages::repository_domains();
  return domain != "asked" && std::find(known.begin(), known.end(), domain) != known.end();
}

// The facts that only a run has.
[[noreturn]] void need_a_run(const std::string& domain, bool live) {
  const std::string hint =
      "give a run directory or an archive with --run: `exitgate run --repo … --out RUN` makes one";
  if (check::is_of_database_stage(domain)) {
    throw UsageError(
        fmt::format("the query reads {}, which is collected when a run provisions the database", domain),
        live ? "with --database a query reads the live schema alone: schema.snapshot and schema.object; for "
               "the rest " +
                   hint
             : hint + "; or the URL of a live database with --database");
  }
  throw UsageError(
      fmt::format("the query reads {}, which is collected when a gate of the suite asks for it", domain),
      hint);
}

// A live database's schema is read in a moment; whatever else the database stage makes takes a run.
bool is_of_live_schema(const std::string& query, const facts::Facts& declared) {
  const auto parts = check::parts_of_query(declared, query);
  return std::find(parts.begin(), parts.end(), "live") != parts.end();
}

Answer ask_repository(const stages::TargetOptions& options, const std::string& database,
                      const std::string& query, const facts::Facts& declared,
                      const std::vector<std::string>& domains) {
  const TemporaryDirectory folder("exitgate-query");
  std::vector<std::string> wanted;
  bool live = false;
  for (const auto& domain : domains) {
    if (is_of_repository(domain)) {
      wanted.push_back(domain);
    } else if (domain == "schema" && !database.empty() && is_of_live_schema(query, declared)) {
      live = true;
    } else {
      need_a_run(domain, !database.empty());
    }
  }
  if (live) stages::collect_live_database(database, "live", folder.path());
  if (!wanted.empty()) {
    const auto target = stages::open_target(options);
    stages::collect_for_author({target.repository, target.commit, target.config.base}, wanted, folder.path());
  }
  return facts::answer(folder.path(), domains, query);
}

Answer ask_run(const std::string& run, const std::string& query, const facts::Facts& declared,
               const std::vector<std::string>& domains) {
  const archive::RunSource source(run);
  const auto folder = source.folder() / "facts";
  for (const auto& domain : domains) {
    if (fs::exists(folder / (domain + ".db"))) continue;
    std::vector<std::string> there;
    for (const auto& known : declared.domains()) {
      if (fs::exists(folder / (known + ".db"))) there.push_back(known);
    }
    throw Undecided(
        fmt::format("{} has no facts of the domain {}: no gate of that run needed them", printable(run),
                    domain),
        there.empty() ? "it has no facts at all" : fmt::format("it has those of {}", join(there, ", ")));
  }
  {
    const facts::Facts facts(folder, domains);
    check::require_parts(facts, check::parts_of_query(declared, query));
    facts.query(query);  // names what an older archive lacks
  }
  return facts::answer(folder, domains, query);
}

}  // namespace

int run_query(int argc, char** argv) {
  stages::TargetOptions options;
  std::string query;
  std::string run;
  std::string database;
  std::string format = "table";
  Options app("Asks the facts of a commit, a run or an archive: one SELECT over the fact tables.",
              "exitgate query");
  app.add("QUERY", query, "the SELECT; '-' reads it from standard input").required();
  app.add("--repo", options.repository, "the target: a work tree, a worktree or a bare git directory")
      .environment("EXITGATE_REPO")
      .show_default();
  app.add("--commit", options.commit, "the commit to examine").environment("EXITGATE_COMMIT").show_default();
  app.add("--config", options.config, "stands for the exitgate.yaml that the commit may carry")
      .environment("EXITGATE_CONFIG");
  app.add("--run", run, "a run directory, an archive or an unpacked bag, in place of --repo");
  app.add("--database", database, "URL of a live database, for schema.snapshot and schema.object")
      .environment(stages::kDatabaseVariable);
  app.add("--format", format, "table, json or csv").show_default();
  if (const auto ended = app.parse(argc, argv)) return *ended;
  const auto& chosen = format_named(format);
  const auto text = text_of(query);
  const auto declared = facts::Facts::declared();
  if (const auto mistake = check::mistake_in_query(text)) throw UsageError(mistake->message, mistake->hint);
  const auto domains = declared.check_query(text);
  if (domains.empty()) {
    chosen.write(facts::answer("", domains, text));
  } else if (run.empty()) {
    chosen.write(ask_repository(options, database, text, declared, domains));
  } else {
    chosen.write(ask_run(run, text, declared, domains));
  }
  return 0;
}

}  // namespace exitgate::cli
