#include "harness/collect/commands/collect.h"

#include <fmt/core.h>

#include <algorithm>
#include <optional>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/collect/commands/output.h"
#include "harness/collect/commands/site.h"
#include "harness/facts/store.h"
#include "harness/facts/tables/commands.h"
#include "harness/patterns/output_pattern.h"
#include "harness/sandbox/containment.h"

namespace exitgate::collect {

namespace {

namespace rows = facts::commands;

// A clone without blobs lacks all of them.
constexpr std::size_t kMostNamed = 20;

void write_lines(facts::Store& store, const GateCommand& command, const commands::Output& output) {
  std::optional<patterns::OutputPattern> pattern;
  if (!command.pattern.empty()) pattern.emplace(command.pattern);
  std::int64_t position = 0;
  for (const auto& line : output.lines()) {
    auto text = patterns::plain_line(line.text);
    auto captures = pattern ? pattern->captures(text) : std::nullopt;
    store.insert(rows::Line{.gate = command.gate,
                            .position = ++position,
                            .stream = line.stream,
                            .text = std::move(text),
                            .captures = std::move(captures)});
  }
}

void write_containment(facts::Store& store, const GateCommand& command) {
  const auto& allowed = sandbox::containment();
  const auto add = [&](const char* what, bool contained, const std::string& how, const std::string& why_not) {
    store.insert(rows::Sandbox{.gate = command.gate,
                               .contained = what,
                               .how = contained ? std::optional(how) : std::nullopt,
                               .reason = contained ? std::nullopt : std::optional(why_not)});
  };
  add("network", allowed.network && !command.network, "a network of its own, with a loopback alone",
      command.network ? "the gate asks for the network" : allowed.reason);
  add("files", allowed.files,
      "a read-only view without what the user keeps for himself, and a copy of the commit to write to",
      allowed.reason);
  add("processes", allowed.processes, "it sees its own processes alone, and all end with it", allowed.reason);
  add("memory", true, fmt::format("{} MB", command.memory_mb), "");
  add("disk", true, fmt::format("{} MB", command.disk_mb), "");
}

void run_one(const GateCommand& command, commands::Site& site, bool last, const redact::Redactor& redactor,
             const std::filesystem::path& run, facts::Store& store) {
  const auto tree = site.make_tree(last);
  const std::string log = fmt::format("logs/gates/{}.log", command.gate);
  commands::Output output(run / log, redactor, tree);
  output.note(fmt::format("$ {}", command.run));
  for (const auto& file : site.left_out())
    output.note(fmt::format("[not in the copy of the commit: {}: {}]", file.path, file.reason));
  const auto ran = site.run(command, tree, output);
  output.note(fmt::format("[{} after {} ms]", ran.outcome, ran.milliseconds));
  output.check();
  store.insert(rows::Run{.gate = command.gate,
                         .file = command.file,
                         .line = command.line,
                         .command = redactor.redact(command.run),
                         .directory = command.directory,
                         .network = command.network,
                         .exit_code = ran.exit_code,
                         .outcome = redactor.redact(ran.outcome),
                         .completed = ran.exit_code.has_value(),
                         .milliseconds = ran.milliseconds,
                         .log = log,
                         .bytes = output.bytes(),
                         .cut = output.cut()});
  write_lines(store, command, output);
  write_containment(store, command);
  for (const auto& file : site.left_out())
    store.insert(rows::Problem{.gate = command.gate, .file = file.path, .reason = file.reason});
}

// Over a part of the commit, a command says nothing of the commit. Returns whether the clone has all of it.
bool has_all(const std::vector<schema::LeftOut>& files, facts::Store& store,
             const std::function<void(std::string_view line)>& say) {
  std::size_t missing = 0;
  for (const auto& file : files) {
    if (!file.is_missing || ++missing > kMostNamed) continue;
    say(fmt::format("not in the export: {}: {}", file.path, file.reason));
    store.insert(rows::Problem{.file = file.path, .reason = file.reason});
  }
  if (missing > kMostNamed) {
    const auto more = fmt::format("{} blobs of the commit are missing in the clone", missing);
    say(fmt::format("not in the export: {}", more));
    store.insert(rows::Problem{.reason = more});
  }
  return missing == 0;
}

}  // namespace

void collect_commands(const Checkout& checkout, const std::vector<GateCommand>& commands,
                      const redact::Redactor& redactor, const std::filesystem::path& run,
                      const std::function<void(std::string_view line)>& say) {
  facts::Store store(run / "facts", "commands");
  std::optional<Undecided> failure;
  const auto problem = [&](const std::string& gate, const Undecided& error) {
    store.insert(rows::Problem{.gate = gate.empty() ? std::nullopt : std::optional(gate),
                               .reason = redactor.redact(error.what())});
    if (!failure) failure = error;
  };
  try {
    make_directories(run / "logs" / "gates");
    std::optional<commands::Site> site;
    if (!commands.empty()) site.emplace(checkout);
    const bool runs = site && has_all(site->left_out(), store, say);
    for (std::size_t i = 0; runs && i < commands.size(); ++i) {
      say(fmt::format("{}: {}", commands[i].gate, redactor.redact(commands[i].run)));
      try {
        run_one(commands[i], *site, i + 1 == commands.size(), redactor, run, store);
      } catch (const Undecided& error) {
        problem(commands[i].gate, error);
      }
    }
  } catch (const Undecided& error) {
    problem("", error);
  }
  store.close();
  if (failure) throw Undecided(failure->what(), failure->hint());
}

}  // namespace exitgate::collect
