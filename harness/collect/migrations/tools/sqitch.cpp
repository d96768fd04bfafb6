// Sqitch: the changes of sqitch.plan in its order, each with what it requires.
#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "harness/base/text.h"
#include "harness/collect/migrations/tool.h"

namespace exitgate::collect::tools {

namespace {

struct Change {
  std::string name;
  int line = 0;
  std::string note;
  std::vector<std::string> dependencies;
  std::string tag;  // the first one after it
};

// "name [requires !conflicts] 2024-01-01T00:00:00Z Person <address> # note"
Change parse_change(std::string_view text, int line) {
  Change change;
  change.line = line;
  const std::size_t note = text.find(" #");
  if (note != std::string_view::npos) {
    change.note = std::string(trim(text.substr(note + 2)));
    text = text.substr(0, note);
  }
  if (!text.empty() && text.front() == '+') text = trim(text.substr(1));
  change.name = std::string(text.substr(0, text.find_first_of(" \t")));
  const std::string_view rest = trim(text.substr(change.name.size()));
  if (!rest.empty() && rest.front() == '[') {
    for (const auto& word : split(rest.substr(1, rest.find(']') - 1), ' ')) {
      if (!trim(word).empty()) change.dependencies.emplace_back(trim(word));
    }
  }
  return change;
}

// A value of sqitch.conf, which is written as git's configuration is: [core] and then key = value.
std::string setting(std::string_view conf, std::string_view section, std::string_view key,
                    std::string_view otherwise) {
  bool inside = false;
  for (const auto& line : split(conf, '\n')) {
    const std::string_view bare = trim(line);
    if (bare.empty() || bare.front() == '#' || bare.front() == ';') continue;
    if (bare.front() == '[') {
      inside = bare == fmt::format("[{}]", section);
    } else if (inside) {
      const std::size_t equals = bare.find('=');
      if (equals != std::string_view::npos && trim(bare.substr(0, equals)) == key) {
        return std::string(trim(bare.substr(equals + 1)));
      }
    }
  }
  return std::string(otherwise);
}

class Plan {
 public:
  Plan(Source& source, const std::string& path, Environment& environment)
      : source_(source), path_(path), environment_(environment) {}

  // `deploy`: the folder of the scripts; `reworked`: of those that were changed later.
  void read(std::string_view text, std::string_view extension, std::string deploy, std::string reworked) {
    deploy_ = std::move(deploy);
    reworked_ = std::move(reworked);
    parse(text);
    // A change that is reworked has its name twice; the earlier one is known by the tag behind it.
    std::map<std::string, std::size_t> last;
    for (std::size_t i = 0; i < changes_.size(); ++i) last[changes_[i].name] = i;
    environment_.state = fmt::format(
        "SELECT change || CASE number WHEN 1 THEN '' ELSE ' #' || number END FROM (SELECT change, "
        "row_number() OVER "
        "(PARTITION BY change ORDER BY committed_at) AS number FROM {{table}}{}) AS changes",
        project_.empty() ? "" : fmt::format(" WHERE project = '{}'", project_));
    std::map<std::string, int> times;
    std::string before;
    std::map<std::string, std::string> by_name;
    for (std::size_t i = 0; i < changes_.size(); ++i) {
      const Change& change = changes_[i];
      Revision revision;
      revision.id = last[change.name] == i || change.tag.empty() ? change.name : change.name + change.tag;
      const std::string script = script_of(i, last[change.name], extension);
      const std::optional<std::string> file = script;
      const int time = ++times[change.name];
      revision.version = time == 1 ? change.name : fmt::format("{} #{}", change.name, time);
      revision.file = path_;
      revision.line = change.line;
      if (!change.note.empty()) revision.title = change.note;
      if (!file || !source_.has_file(*file))
        problem(change.line, fmt::format("change '{}' has no {}", revision.id, script));
      else
        revision.script = *file;
      if (!before.empty()) revision.down = {before};
      for (const auto& dependency : change.dependencies) depend(revision, change, dependency, by_name);
      by_name[change.name] = revision.id;
      if (!change.tag.empty()) by_name[change.name + change.tag] = revision.id;
      before = revision.id;
      environment_.revisions.push_back(std::move(revision));
    }
  }

 private:
  // Of a change that is reworked later, `last` being its last form: the file has the name of the first tag
  // between the two that there is a file for.
  std::string script_of(std::size_t at, std::size_t last, std::string_view extension) const {
    const std::string& name = changes_[at].name;
    const auto script = [&](const std::string& tag) {
      return fmt::format("{}/{}{}.{}", tag.empty() ? deploy_ : reworked_, name, tag, extension);
    };
    if (at == last || changes_[at].tag.empty()) return script("");
    for (std::size_t i = at; i < changes_.size() && (i == at || changes_[i].name != name); ++i) {
      if (source_.has_file(script(changes_[i].tag))) return script(changes_[i].tag);
    }
    return script(changes_[at].tag);
  }

  void problem(int line, std::string reason) {
    environment_.problems.push_back({path_, line, std::move(reason)});
  }

  void parse(std::string_view text) {
    int number = 0;
    std::size_t tagged = 0;  // changes that have the tag behind them already
    for (const auto& line : split(text, '\n')) {
      ++number;
      const std::string_view bare = trim(line);
      if (bare.starts_with("%project=")) {
        const std::string_view name = trim(bare.substr(9));
        if (name.find('\'') == std::string_view::npos) project_ = name;
      }
      if (bare.empty() || bare.front() == '#' || bare.front() == '%') continue;
      if (bare.front() == '@') {
        const std::string tag(bare.substr(0, bare.find_first_of(" \t")));
        for (; tagged < changes_.size(); ++tagged) changes_[tagged].tag = tag;
        tags_.emplace(tag, changes_.empty() ? "" : changes_.back().name);
        continue;
      }
      if (bare.front() == '-') {
        problem(number, "a change that reverts another is not read: Sqitch itself has no use for it yet");
        continue;
      }
      changes_.push_back(parse_change(bare, number));
    }
  }

  void depend(Revision& revision, const Change& change, std::string named,
              const std::map<std::string, std::string>& by_name) {
    if (named.front() == '!') return;  // a conflict: it must not be there
    const std::size_t colon = named.find(':');
    if (colon != std::string::npos && colon > 0) return;  // of another project
    if (colon == 0) named.erase(0, 1);
    if (named.front() == '@') {
      const auto tag = tags_.find(named);
      if (tag != tags_.end()) named = tag->second + named;
    }
    auto known = by_name.find(named);
    const std::size_t at = named.find('@');
    if (known == by_name.end() && at != std::string::npos) known = by_name.find(named.substr(0, at));
    if (known == by_name.end()) {
      problem(change.line,
              fmt::format("change '{}' requires '{}', which does not come before it", revision.id, named));
    } else {
      revision.depends.push_back(known->second);
    }
  }

  Source& source_;
  const std::string& path_;
  Environment& environment_;
  std::string project_;
  std::string deploy_;
  std::string reworked_;
  std::vector<Change> changes_;
  std::map<std::string, std::string> tags_;  // and the change before each
};

void find(Source& source, std::vector<Environment>& found) {
  std::vector<std::pair<std::string, std::string>> plans;  // with the configuration
  for (const auto& path : source.paths()) {
    if (name_of(path) != "sqitch.conf") continue;
    const std::string conf = source.read(path).value_or("");
    const std::string top = setting(conf, "core", "top_dir", ".");
    const auto folder = join_path(folder_of(path), top);
    const auto plan = join_path(
        folder_of(path), setting(conf, "core", "plan_file", join_path(top, "sqitch.plan").value_or("")));
    if (!folder || !plan || !source.has_file(*plan)) continue;
    Environment environment;
    environment.id = *plan;
    environment.config = path;
    environment.location = *folder;
    if (const auto text = source.read(*plan)) {
      // From the root of the project, as the other settings.
      const auto place = [&](std::string_view key, const std::string& otherwise) {
        const std::string named = setting(conf, "core", key, "");
        return named.empty() ? otherwise : join_path(folder_of(path), named).value_or(otherwise);
      };
      const std::string deploy = place("deploy_dir", join_path(*folder, "deploy").value_or("deploy"));
      Plan(source, *plan, environment)
          .read(*text, setting(conf, "core", "extension", "sql"), deploy,
                place("reworked_deploy_dir",
                      place("reworked_dir", "").empty() ? deploy : place("reworked_dir", "") + "/deploy"));
    } else {
      environment.complete = false;
      environment.problems.push_back({*plan, std::nullopt, "its blob is missing from the clone"});
    }
    found.push_back(std::move(environment));
  }
}

}  // namespace

std::vector<Tool> sqitch() {
  return {{
      .name = "sqitch",
      .deep = true,
      .find = find,
      .schemas = {"sqitch"},
      .state_table = "sqitch.changes",
      .state = "SELECT change FROM {table}",
      .state_lists_all = true,
      .up = "sqitch deploy",
      .down = "sqitch revert -y",
      .step = "sqitch revert -y --to @HEAD^",
      .list = "sqitch status",
      .commands = {"sqitch deploy"},
      .after_merge = {.changed = "Sqitch deploys a change once; another text of it is for `sqitch rework`",
                      .removed = "Sqitch does not find in the plan what the database has",
                      .overtaken = "the ids of all changes after it become others, and Sqitch does not find "
                                   "them in the database"},
      .back = WayBack{.programs = {"sqitch"}, .migrate = "deploy", .back = "revert -y --to @HEAD^{count}"},
      .up_part = "its deploy script",
      .down_part = "its revert script",
      .create = "sqitch add NAME",
  }};
}

}  // namespace exitgate::collect::tools
