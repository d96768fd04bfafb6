// What the target's migration tool says of the migrated database.
#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/base/thread_group.h"
#include "harness/collect/schema/parts.h"

namespace exitgate::collect::schema {

namespace {

constexpr std::chrono::seconds kLimit(60);  // for one answer

// `question`: "current", "heads", "history"; `subcommand`: how this tool is asked it.
Part ask(const DatabaseStage& stage, const config::Database& declared, const Server& server,
         config::Step step, const std::string& question, const std::string& subcommand) {
  Part part{.name = "migration-" + question, .snapshot = "migrated"};
  try {
    const database::Provisioning provisioning(*server.cluster, declared, server.tree,
                                              [](std::string_view) {});
    step.run += " " + subcommand;
    const auto answer = provisioning.ask(step, kLimit);
    part.path = fmt::format("migrations/{}.txt", question);
    part.content = stage.redactor.redact(fmt::format("$ {}\n{}", step.run, answer.output));
    if (!answer.step.ok()) part.problem = fmt::format("'{}': {}", step.run, answer.step.outcome);
  } catch (const std::exception& problem) {
    part.problem = problem.what();
  }
  return part;
}

constexpr const char* kReadBy = "# as exitgate reads the commit's migrations\n";

std::string name_of(const Environment& history) {
  return fmt::format("{} ({}, {})", history.id, history.tool, count_of(history.revisions.size(), "revision"));
}

// Why the graph is not wholly known, of the first history where it is not.
std::optional<std::string> problem_of(const Environment& history, const collect::Graph& graph) {
  for (const auto* const list : {&history.problems, &graph.problems}) {
    if (list->empty()) continue;
    return fmt::format("the history {} is not wholly known: {}", history.id, list->front().reason);
  }
  return std::nullopt;
}

// Of a database whose tables do not tell: the heads of the histories whose own files make its schema.
std::string heads_by_replay(const std::vector<Environment>& histories,
                            const std::vector<ReplayedHistory>& replayed) {
  std::string text;
  for (const auto& history : histories) {
    const bool same = std::any_of(replayed.begin(), replayed.end(), [&](const ReplayedHistory& one) {
      return one.environment == history.id && one.outcome == "same";
    });
    if (!same) continue;
    for (const auto& head : collect::analyze_graph(history).heads)
      text += fmt::format("{}  {}\n", head, history.id);
  }
  if (text.empty()) return text;
  return "# no table tells it; the history's own files, run in their order, make this schema\n" + text;
}

Part current_of(const Snapshot& migrated, const std::vector<Environment>& histories,
                const std::vector<ReplayedHistory>& replayed) {
  Part part{.name = "migration-current", .path = "migrations/current.txt", .snapshot = "migrated"};
  part.content = "";
  for (const auto& applied : migrated.state.revisions) {
    *part.content += applied.revision;
    if (applied.environment) *part.content += fmt::format("  {}", *applied.environment);
    *part.content += '\n';
  }
  *part.content += heads_by_replay(histories, replayed);
  if (part.content->empty()) {
    part.problem =
        "no table of a migration tool says which revisions the database is at (set database.state)";
  }
  return part;
}

Part missing(const char* name) {
  return {.name = name, .snapshot = "migrated", .problem = "the commit has no migrations that are known"};
}

Part heads_of(const std::vector<Environment>& histories) {
  if (histories.empty()) return missing("migration-heads");
  Part part{
      .name = "migration-heads", .path = "migrations/heads.txt", .content = kReadBy, .snapshot = "migrated"};
  for (const auto& history : histories) {
    const auto graph = collect::analyze_graph(history);
    if (!part.problem) part.problem = problem_of(history, graph);
    *part.content += fmt::format("{}\n", name_of(history));
    for (const auto& head : graph.heads) *part.content += fmt::format("  {} (head)\n", head);
  }
  return part;
}

// Each history in the order of its revisions, with what each follows.
Part history_of_files(const std::vector<Environment>& histories) {
  if (histories.empty()) return missing("migration-history");
  Part part{.name = "migration-history",
            .path = "migrations/history.txt",
            .content = kReadBy,
            .snapshot = "migrated"};
  for (const auto& history : histories) {
    if (!part.problem) part.problem = problem_of(history, collect::analyze_graph(history));
    *part.content += fmt::format("{}\n", name_of(history));
    for (const auto& revision : history.revisions) {
      const auto& file = revision.script.empty() ? revision.file : revision.script;
      const std::string follows = !revision.down.empty() ? join(revision.down, ", ")
                                  : revision.repeatable  ? "<whenever it changes>"
                                  : revision.down_known  ? "<base>"
                                                         : "<not known>";
      *part.content += fmt::format("  {} -> {}, {}{}\n", follows, revision.id, file,
                                   revision.title ? ": " + *revision.title : "");
    }
  }
  return part;
}

}  // namespace

std::vector<Part> ask_the_tool(const DatabaseStage& stage, const config::Database& declared,
                               const Server& server, const Snapshot& migrated,
                               const std::vector<Environment>& histories,
                               const std::vector<ReplayedHistory>& replayed) {
  const auto command = tool_command_of(declared);
  if (!command)
    return {current_of(migrated, histories, replayed), heads_of(histories), history_of_files(histories)};
  const auto& driver = *command->tool->driver;
  const std::vector<std::pair<std::string, std::string>> questions = {
      {"current", driver.current}, {"heads", driver.heads}, {"history", driver.history}};
  std::vector<Part> answers(questions.size());
  ThreadGroup threads;
  for (std::size_t at = 0; at < questions.size(); ++at) {
    threads.start([&, at] {
      const auto& [question, subcommand] = questions[at];
      answers[at] = ask(stage, declared, server, command->step, question, subcommand);
    });
  }
  threads.join();
  return answers;
}

}  // namespace exitgate::collect::schema
