#include "harness/check/step_commands.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/check/shell.h"
#include "harness/commands/resolve.h"
#include "harness/json/json.h"

namespace exitgate::check {

namespace {

ci::CommandKind kind_of(commands::Kind kind) {
  switch (kind) {
    case commands::Kind::test:
      return ci::CommandKind::test;
    case commands::Kind::migrate:
      return ci::CommandKind::migrate;
    case commands::Kind::dump:
      return ci::CommandKind::dump;
    case commands::Kind::other:
      return ci::CommandKind::other;
    case commands::Kind::unknown:
      return ci::CommandKind::unknown;
  }
  return ci::CommandKind::unknown;
}

std::string shortened(const std::string& text) {
  constexpr std::size_t kLongest = 60;
  return text.size() > kLongest ? valid_utf8(text.substr(0, kLongest - 3)) + "..." : text;
}

// "npm test → package.json:12 → vitest run"
std::string shown(const StepCommand& command, const std::string& chain) {
  std::string text = shortened(command.written);
  const auto links = chain.empty() ? std::nullopt : Json::try_parse(chain);
  if (links) {
    bool first = true;
    for (const auto& link : links->items()) {
      const std::string called = shortened(link.text_or("command"));
      if (!first) text += " → " + called;
      first = false;
      text += fmt::format(" → {}:{}", link.text_or("file"), link.integer_or("line", 0));
    }
    text += " → " + shortened(command.command);
  }
  return text;
}

bool any_matches(const std::vector<std::string>& patterns, const StepCommand& command) {
  if (patterns.empty()) return false;
  const auto written = split(command.written, ' ');
  const auto resolved = split(command.command, ' ');
  return std::any_of(patterns.begin(), patterns.end(), [&](const auto& pattern) {
    return matches(written, pattern) || matches(resolved, pattern);
  });
}

// Without a commit: a script of package.json is known by its name alone.
class NoFiles : public commands::Files {
 public:
  const std::string* read(const std::string& /*path*/) override { return nullptr; }
  const std::vector<std::string>& named(std::string_view /*name*/) override { return none_; }

 private:
  std::vector<std::string> none_;
};

std::vector<StepCommand> read_text(const JobStep& step) {
  NoFiles files;
  std::vector<StepCommand> all;
  for (const auto& found : commands::Resolver(files).resolve(step.run, commands::kUnknownDirectory)) {
    all.push_back({kind_of(found.kind), step.file, step.line, found.written, found.text, false,
                   shortened(found.written)});
  }
  return all;
}

}  // namespace

StepCommands::StepCommands(const Facts& facts, CommandPatterns patterns) : patterns_(std::move(patterns)) {
  for (const ci::Command& row : facts.rows<ci::Command>("ORDER BY file, job, position, number")) {
    StepCommand command{row.kind, row.file, row.line, row.written, row.command, row.chain.has_value(), ""};
    command.shown = shown(command, row.chain.value_or(""));
    commands_[{row.file, {row.job, row.position.value_or(-1)}}].push_back(std::move(command));
  }
}

StepCommand StepCommands::judged(StepCommand command) const {
  if (any_matches(patterns_.migrate, command)) {
    command.kind = ci::CommandKind::migrate;
  } else if (any_matches(patterns_.test, command)) {
    command.kind = ci::CommandKind::test;
  }
  const auto taken_out = [&](const std::vector<std::string>& patterns) {
    std::vector<std::string> without;
    for (const auto& pattern : patterns) {
      if (pattern.starts_with('!')) without.push_back(pattern.substr(1));
    }
    return any_matches(without, command);
  };
  if ((command.kind == ci::CommandKind::test && taken_out(patterns_.test)) ||
      (command.kind == ci::CommandKind::migrate && taken_out(patterns_.migrate)))
    command.kind = ci::CommandKind::other;
  return command;
}

std::vector<StepCommand> StepCommands::of(const JobStep& step) const {
  const auto found = commands_.find({step.file, {step.job, step.position}});
  auto all = found != commands_.end() ? found->second : read_text(step);
  for (auto& command : all) command = judged(std::move(command));
  return all;
}

std::optional<StepCommand> StepCommands::test_in(const JobStep& step) const {
  for (auto& command : of(step)) {
    if (command.kind == ci::CommandKind::test) return std::move(command);
  }
  return std::nullopt;
}

std::optional<StepCommand> StepCommands::unknown_in(const std::vector<JobStep>& steps) const {
  std::optional<StepCommand> unknown;
  for (const auto& step : steps) {
    for (auto& command : of(step)) {
      if (command.kind == ci::CommandKind::test) return std::nullopt;
      if (command.kind == ci::CommandKind::unknown && !unknown) unknown = std::move(command);
    }
  }
  return unknown;
}

}  // namespace exitgate::check
