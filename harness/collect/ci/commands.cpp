#include "harness/collect/ci/commands.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "harness/base/text.h"
#include "harness/collect/ci/command_values.h"
#include "harness/collect/ci/json.h"
#include "harness/collect/ci/reference.h"
#include "harness/commands/actions.h"
#include "harness/commands/resolve.h"
#include "harness/json/json.h"

namespace exitgate::collect::ci {

namespace {

using commands::Kind;
using facts::ci::CommandKind;

// The commit's files, each read once.
class CommitFiles : public commands::Files {
 public:
  CommitFiles(const Checkout& checkout, const Source& source) : checkout_(checkout), source_(source) {}

  // Where the job checks the repository out, "" for its workspace.
  void set_checkout(std::string folder) { folder_ = std::move(folder); }

  const std::string* read(const std::string& asked) override {
    const bool below =
        !folder_.empty() && asked.starts_with(folder_ + "/") && find_entry(checkout_, asked) == nullptr;
    const std::string path = below ? asked.substr(folder_.size() + 1) : asked;
    const auto [known, is_new] = read_.try_emplace(path);
    if (is_new) known->second = source_.read(path);
    return known->second ? &*known->second : nullptr;
  }

  std::string_view state() const override { return folder_; }

  const std::vector<std::string>& named(std::string_view name) override {
    const auto [found, is_new] = named_.try_emplace(std::string(name));
    if (is_new) {
      for (const git::TreeEntry& entry : checkout_.tree) {
        const auto& path = entry.path;
        if (!path.ends_with(name)) continue;
        if (path.size() > name.size() && path[path.size() - name.size() - 1] != '/') continue;
        if (path.find("node_modules/") != std::string::npos || path.find("fixtures/") != std::string::npos)
          continue;
        found->second.push_back(path);
      }
    }
    return found->second;
  }

 private:
  const Checkout& checkout_;
  const Source& source_;
  std::map<std::string, std::optional<std::string>> read_;
  std::map<std::string, std::vector<std::string>> named_;
  std::string folder_;
};

CommandKind fact_of(Kind kind) {
  switch (kind) {
    case Kind::test:
      return CommandKind::test;
    case Kind::migrate:
      return CommandKind::migrate;
    case Kind::dump:
      return CommandKind::dump;
    case Kind::other:
      return CommandKind::other;
    case Kind::unknown:
      return CommandKind::unknown;
  }
  return CommandKind::unknown;
}

std::optional<std::string> chain_json(const std::vector<commands::Link>& chain) {
  if (chain.empty()) return std::nullopt;
  std::string json = "[";
  for (const auto& link : chain) {
    json += json.size() > 1 ? ",{\"command\":" : "{\"command\":";
    append_json_string(json, link.command);
    json += ",\"file\":";
    append_json_string(json, link.file);
    json += fmt::format(",\"line\":{}}}", link.line);
  }
  return json + "]";
}

// A step or job whose commands are to be found.
struct Subject {
  facts::ci::Command row;  // what all of its rows have
  std::string script;
  std::string directory;
  commands::Dialect dialect = commands::Dialect::posix;
  bool line_known = false;
  bool tests_expected = false;  // by what the job or the step is called
  std::string checkout;         // folder that the repository is checked out into
  // Whose values fill what the script leaves open; nullptr in a composite action.
  const Workflow* workflow = nullptr;
  const Job* job = nullptr;
  const Step* step = nullptr;
  std::vector<facts::ci::Command> rows;
};

// The folder of a checkout of the repository itself.
std::string checkout_of(const Job& job) {
  for (const Step& step : job.steps) {
    if (!step.uses || !step.uses->starts_with("actions/checkout") || !step.inputs) continue;
    const auto inputs = Json::try_parse(*step.inputs);
    if (!inputs || inputs->contains("repository")) continue;
    return commands::path_from("", inputs->text_or("path"));
  }
  return "";
}

class Collector {
 public:
  Collector(const Checkout& checkout, const Source& source, const Model& model)
      : inputs_(inputs_of(model)), files_(checkout, source), resolver_(files_) {}

  void add(const Workflow& workflow) {
    const yaml::Node* defaults = workflow.root == nullptr ? nullptr : workflow.root->find("defaults");
    const yaml::Node* run = defaults == nullptr ? nullptr : defaults->find("run");
    const auto directory = run == nullptr ? std::nullopt : text_of(run->find("working-directory"));
    const auto shell = run == nullptr ? std::nullopt : text_of(run->find("shell"));
    for (const Job& job : workflow.jobs) {
      const std::string checkout = checkout_of(job);
      if (job.uses && !local_path(*job.uses)) {
        Subject& subject = add(workflow.path, job.id, std::nullopt, job.uses_line);
        add_row(subject, Kind::unknown, "uses: " + *job.uses, "uses: " + *job.uses);
      }
      for (const Step& step : job.steps) {
        // Without `shell:`, GitHub's Windows runners take PowerShell.
        const bool windows = workflow.provider != "gitlab" && job.runs_on != nullptr &&
                             job.runs_on->text.starts_with("windows");
        add(workflow.path, job.id, step, job.default_directory ? job.default_directory : directory,
            job.default_shell ? job.default_shell
            : shell           ? shell
            : windows         ? std::optional<std::string>("pwsh")
                              : std::nullopt);
        if (subjects_.empty()) continue;
        Subject& subject = subjects_.back();
        subject.workflow = &workflow;
        subject.job = &job;
        subject.step = &step;
        subject.checkout = checkout;
        subject.tests_expected = commands::speaks_of_tests(job.id + " " + job.name.value_or("") + " " +
                                                           step.name.value_or("") + " " + workflow.path);
      }
    }
  }

  void add(const Action& action) {
    for (const Step& step : action.steps) add(action.path, "", step, std::nullopt, std::nullopt);
  }

  std::vector<facts::ci::Command> run() {
    for (auto& subject : subjects_) {
      if (!subject.script.empty()) resolve(subject);
    }
    std::vector<facts::ci::Command> all;
    for (auto& subject : subjects_) {
      std::move(subject.rows.begin(), subject.rows.end(), std::back_inserter(all));
    }
    return all;
  }

 private:
  Subject& add(const std::string& file, const std::string& job, std::optional<std::int64_t> position,
               int line) {
    Subject& subject = subjects_.emplace_back();
    subject.row = facts::ci::Command{.file = file,
                                     .job = job,
                                     .position = position,
                                     .number = 0,
                                     .line = line,
                                     .written = {},
                                     .command = {},
                                     .kind = CommandKind::unknown,
                                     .tool = std::nullopt,
                                     .chain = std::nullopt};
    return subject;
  }

  void add(const std::string& file, const std::string& job, const Step& step,
           const std::optional<std::string>& directory, const std::optional<std::string>& shell) {
    if (step.uses) return add_action(file, job, step);
    if (!step.run) return;
    Subject& subject = add(file, job, step.position, step.run_line > 0 ? step.run_line : step.line);
    subject.line_known = step.run_line > 0;
    const auto& where = step.working_directory ? step.working_directory : directory;
    subject.directory = commands::path_from("", where.value_or(""));
    const std::string with = lower((step.shell ? step.shell : shell).value_or(""));
    if (with.starts_with("pwsh") || with.starts_with("powershell"))
      subject.dialect = commands::Dialect::powershell;
    // GitLab's runners have a shell of their own, which the configuration does not name.
    if (with.empty() &&
        (step.run->find("$env:") != std::string::npos || step.run->find("Write-Host") != std::string::npos ||
         step.run->find("$ErrorActionPreference") != std::string::npos))
      subject.dialect = commands::Dialect::powershell;
    if (with.starts_with("python") || with.starts_with("node")) {
      add_row(subject, Kind::unknown, *step.run, *step.run);  // a program, which is not read
      return;
    }
    subject.script = *step.run;
    if (job.empty()) at_action(subject.script, file);
  }

  // A composite action names its own folder by an expression or a variable.
  static void at_action(std::string& script, const std::string& file) {
    const auto slash = file.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : file.substr(0, slash);
    for (const std::string_view here : {"${{ github.action_path }}", "${{github.action_path}}",
                                        "${GITHUB_ACTION_PATH}", "$GITHUB_ACTION_PATH"}) {
      for (auto at = script.find(here); at != std::string::npos; at = script.find(here, at + folder.size()))
        script.replace(at, here.size(), folder);
    }
  }

  void add_action(const std::string& file, const std::string& job, const Step& step) {
    if (local_path(*step.uses)) return;  // its steps stand in its place
    const ActionReference reference = read_reference(*step.uses);
    const auto use = commands::classify_action(reference.action);
    Subject& subject = add(file, job, step.position, step.uses_line);
    const std::string written = "uses: " + reference.action;
    if (!use.input.empty() && step.inputs) {
      if (const auto inputs = Json::try_parse(*step.inputs)) {
        for (const auto& [name, value] : inputs->members()) {
          if (lower(name) != use.input || !value.is_string()) continue;
          subject.script =
              use.program.empty() ? value.text() : fmt::format("{} {}", use.program, value.text());
          // `command: test`, `args: --all`
          if (const Json* arguments = inputs->find("args");
              arguments != nullptr && arguments->is_string() && !use.program.empty())
            subject.script += " " + arguments->text();
          subject.row.written = written;
          return;
        }
      }
    }
    add_row(subject, use.kind, written, written);
  }

  static void add_row(Subject& subject, Kind kind, const std::string& written, const std::string& command) {
    constexpr std::size_t kLongest = 1000;
    facts::ci::Command row = subject.row;
    row.number = static_cast<std::int64_t>(subject.rows.size());
    row.kind = fact_of(kind);
    row.written = valid_utf8(std::string_view(written).substr(0, kLongest));
    row.command = valid_utf8(std::string_view(command).substr(0, kLongest));
    std::replace(row.written.begin(), row.written.end(), '\n', ' ');
    std::replace(row.command.begin(), row.command.end(), '\n', ' ');
    subject.rows.push_back(std::move(row));
  }

  std::vector<commands::Command> resolve(const Subject& subject, const std::string& script,
                                         const std::string& directory) {
    return resolver_.resolve(script, directory, subject.dialect, subject.tests_expected);
  }

  // The calls of its file times the rows of its matrix.
  std::vector<Values> values_for(const Subject& subject) const {
    constexpr std::size_t kMost = 200;
    std::vector<Values> rows = {{}};
    if (subject.job != nullptr) rows = values_of(*subject.workflow, *subject.job, *subject.step);
    const auto calls = inputs_.find(subject.row.file);
    if (calls == inputs_.end()) return rows;
    std::vector<Values> all;
    for (const Values& given : calls->second) {
      for (const Values& row : rows) {
        if (all.size() >= kMost) return all;
        Values& values = all.emplace_back(given);
        for (const auto& [name, value] : row) values[name] = filled(value, given);
      }
    }
    return all;
  }

  // Puts what the script runs with the values of the files in the place of what is unknown without them.
  void fill(const Subject& subject, std::vector<commands::Command>& found) {
    constexpr std::size_t kMost = 12;
    if (subject.script.find('$') == std::string::npos) return;
    const auto is_unknown = [](const commands::Command& one) { return one.kind == Kind::unknown; };
    if (std::none_of(found.begin(), found.end(), is_unknown)) return;
    std::set<std::string> scripts = {subject.script};
    std::map<int, std::vector<commands::Command>> by_line;
    for (const Values& values : values_for(subject)) {
      const std::string script = filled(subject.script, values);
      if (scripts.size() > kMost || !scripts.insert(script).second) continue;
      for (auto& one : resolve(subject, script, subject.directory))
        by_line[one.line].push_back(std::move(one));
    }
    std::vector<commands::Command> all;
    for (auto& one : found) {
      const auto filled_in = by_line.find(one.line);
      if (!is_unknown(one) || filled_in == by_line.end()) {
        all.push_back(std::move(one));
        continue;
      }
      const auto before = all.size();
      for (auto& other : filled_in->second) {
        const bool counts = other.kind != Kind::other && other.kind != Kind::unknown;
        const bool known = std::any_of(all.begin(), all.end(), [&](const commands::Command& there) {
          return there.line == other.line && there.text == other.text;
        });
        if (!counts || known) continue;
        other.written = one.written;
        all.push_back(other);
      }
      if (all.size() > before) continue;
      const bool none = std::none_of(filled_in->second.begin(), filled_in->second.end(), is_unknown);
      if (none) one.kind = Kind::other;
      all.push_back(std::move(one));
    }
    found = std::move(all);
  }

  void resolve(Subject& subject) {
    files_.set_checkout(subject.checkout);
    auto all = resolve(subject, subject.script, subject.directory);
    fill(subject, all);
    for (auto& found : all) {
      // Most of a script is of the shell itself, and says nothing.
      constexpr std::string_view kShell =
          "echo|printf|cd|pushd|popd|set|shopt|export|unset|local|declare|[|[[|test|exit|return|true|:|mkdir|"
          "rm|cp|mv|"
          "ls|cat|sleep|read|trap|chmod";
      if (found.kind == Kind::other && found.chain.empty() && commands::one_of(kShell, found.tool)) continue;
      add_row(subject, found.kind, subject.row.written.empty() ? found.written : subject.row.written,
              found.text);
      facts::ci::Command& row = subject.rows.back();
      if (subject.line_known) row.line += found.line - 1;
      if (!found.tool.empty()) row.tool = std::move(found.tool);
      row.chain = chain_json(found.chain);
    }
  }

  std::map<std::string, std::vector<Values>> inputs_;
  CommitFiles files_;
  commands::Resolver resolver_;
  std::vector<Subject> subjects_;
};

}  // namespace

std::vector<facts::ci::Command> commands_of(const Checkout& checkout, const Source& source,
                                            const Model& model) {
  Collector collector(checkout, source, model);
  for (const Workflow& workflow : model.workflows) collector.add(workflow);
  for (const Action& action : model.actions) collector.add(action);
  return collector.run();
}

}  // namespace exitgate::collect::ci
