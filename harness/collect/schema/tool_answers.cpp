// What the target's migration tool says of the migrated database.
#include <fmt/core.h>

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

}  // namespace

std::vector<Part> ask_the_tool(const DatabaseStage& stage, const config::Database& declared,
                               const Server& server, const Snapshot& migrated) {
  const auto command = tool_command_of(declared);
  if (!command) {
    std::string current;
    for (const auto& revision : migrated.revisions) current += revision + "\n";
    std::vector<Part> answers = {{.name = "migration-current",
                                  .path = "migrations/current.txt",
                                  .content = current,
                                  .snapshot = "migrated"}};
    if (current.empty()) {
      answers[0].problem = "the database does not say which revisions it is at (set database.state)";
    }
    for (const char* const name : {"migration-heads", "migration-history"}) {
      answers.push_back({.name = name,
                         .snapshot = "migrated",
                         .problem = "no step runs a migration tool that can be asked for it"});
    }
    return answers;
  }
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
