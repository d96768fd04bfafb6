#include "harness/collect/code/runner_settings.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "harness/base/path.h"
#include "harness/base/text.h"
#include "harness/settings/ini.h"
#include "harness/settings/toml.h"

namespace exitgate::collect::code {

using settings::Ini;
using settings::TomlTable;
using syntax::Field;
using syntax::Id;
using syntax::inner;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Names;
using syntax::Tree;

namespace {

bool in_name(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

bool is_name(std::string_view text) {
  return !text.empty() && std::isdigit(static_cast<unsigned char>(text.front())) == 0 &&
         std::all_of(text.begin(), text.end(), in_name);
}

EnvironmentRead value_of(std::string_view variable, int line, std::optional<bool> required) {
  EnvironmentRead read;
  read.line = line;
  read.variable = std::string(variable);
  read.required = required;
  read.sets = true;
  return read;
}

class Tox {
 public:
  Tox(const FileValues& files, FileFacts& facts) : files_(files), facts_(facts) {}

  void read(const Ini& ini) {
    const auto* const common = ini.find("testenv", "commands");
    for (const auto& section : ini.sections()) {
      if (section != "testenv" && !section.starts_with("testenv:")) continue;
      const auto* commands = ini.find(section, "commands");
      if (commands == nullptr) commands = common;
      if (commands != nullptr && commands->text.find("test") == std::string::npos) continue;
      for (const std::string_view key : {"set_env", "setenv"}) {
        const auto* const value = ini.find(section, key);
        if (value == nullptr) continue;
        for (const auto& line : value->lines) read_line(line.text, line.line);
      }
    }
  }

  // `set_env = {X = "value"}`, of env_run_base and of each environment.
  void read(const TomlTable& tox) {
    const auto base = tox.tables.find("env_run_base");
    if (base != tox.tables.end()) read_environment(base->second);
    const auto environments = tox.tables.find("env");
    if (environments == tox.tables.end()) return;
    for (const auto& [name, environment] : environments->second.tables) read_environment(environment);
  }

 private:
  void read_environment(const TomlTable& environment) {
    const auto variables = environment.tables.find("set_env");
    if (variables == environment.tables.end()) return;
    for (const auto& [name, line] : variables->second.lines) {
      if (const auto value = variables->second.scalar(name)) {
        add(name, *value, line);
        continue;
      }
      // {replace = "env", name = "X", default = "…"}
      const auto replaced = variables->second.tables.find(name);
      if (replaced == variables->second.tables.end()) continue;
      if (replaced->second.scalar("name") != name) {
        facts_.environment_reads.push_back(value_of(name, line, std::nullopt));
      } else if (!replaced->second.scalar("default").value_or("").empty()) {
        facts_.environment_reads.push_back(value_of(name, line, false));
      }
    }
  }

  // "X = value", with the factors of an environment before it ("py311: X = value"), or a file.
  void read_line(std::string_view text, int line) {
    if (text.starts_with("file|")) {
      const FileReference reference{.start = FileReference::Start::source,
                                    .path = std::string(trim(text.substr(5)))};
      for (const auto& value : files_.of(reference)) {
        auto read = value_of(value.variable, line, value.certain ? std::optional(false) : std::nullopt);
        read.given_by = value.place;
        facts_.environment_reads.push_back(std::move(read));
      }
      return;
    }
    const std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) return;
    std::string_view name = trim(text.substr(0, equals));
    const std::size_t factor = name.rfind(':');
    if (factor != std::string_view::npos) name = trim(name.substr(factor + 1));
    if (is_name(name)) add(name, trim(text.substr(equals + 1)), line);
  }

  // `{env:X}` hands on what is there, `{env:X:default}` has a default.
  void add(std::string_view name, std::string_view value, int line) {
    const std::string own = "{env:" + std::string(name);
    const std::size_t at = value.find(own);
    if (at != std::string_view::npos && at + own.size() < value.size()) {
      const char next = value[at + own.size()];
      if (next == '}' || (next == ':' && value.substr(at + own.size(), 2) == ":}")) return;
      if (next == ':') {
        facts_.environment_reads.push_back(value_of(name, line, false));
        return;
      }
    }
    const bool computed =
        value.find("{env:") != std::string_view::npos && value.find("://") == std::string_view::npos;
    facts_.environment_reads.push_back(
        value_of(name, line, value.empty() || computed ? std::nullopt : std::optional(false)));
  }

  const FileValues& files_;
  FileFacts& facts_;
};

bool holds_commands(std::string_view path) {
  const std::string name = lower(name_of(path));
  constexpr std::array<std::string_view, 8> kNames = {"makefile",     "gnumakefile",  "justfile",
                                                      ".justfile",    "taskfile.yml", "taskfile.yaml",
                                                      "package.json", "pipfile"};
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end() || name.ends_with(".mk");
}

// Whether the value is the variable's own: `X=$X pytest`, `X="$(X)"`; one with a default is not.
bool hands_on(std::string_view name, std::string_view value) {
  while (!value.empty() && std::string_view("\"'\\").find(value.front()) != std::string_view::npos)
    value.remove_prefix(1);
  if (!value.starts_with('$') || value.find(":-") != std::string_view::npos) return false;
  const std::size_t at = value.find_first_not_of("${(");
  return at != std::string_view::npos && value.substr(at).starts_with(name) &&
         (at + name.size() == value.size() || !in_name(value[at + name.size()]));
}

// `X=value … pytest`, and in a Makefile that runs pytest `export X = value` too.
void read_command(std::string_view text, int line, bool exports, FileFacts& facts) {
  const std::size_t program = std::min(text.find("pytest"), text.find("py.test"));
  const bool exported = exports && trim(text).starts_with("export ");
  if (program == std::string_view::npos && !exported) return;
  const std::string_view before = exported ? text : text.substr(0, program);
  for (std::size_t equals = before.find('='); equals != std::string_view::npos;
       equals = before.find('=', equals + 1)) {
    std::size_t end = equals;
    // "?=" and ":=" of make, which has blanks around them as well.
    if (exported) {
      while (end > 0 && (before[end - 1] == '?' || before[end - 1] == ':')) --end;
      while (end > 0 && before[end - 1] == ' ') --end;
    }
    std::size_t start = end;
    while (start > 0 && in_name(before[start - 1])) --start;
    const std::string_view name = before.substr(start, end - start);
    if (!is_name(name) ||
        (start > 0 && std::string_view("-$.{").find(before[start - 1]) != std::string_view::npos))
      continue;
    const std::string_view rest = trim(text.substr(equals + 1));
    const std::string_view value = exported ? rest : rest.substr(0, rest.find(' '));
    if (value.empty() || hands_on(name, value)) continue;
    facts.environment_reads.push_back(value_of(name, line, std::nullopt));
    if (exported) return;
  }
}

void read_commands(std::string_view path, std::string_view content, FileFacts& facts) {
  if (content.find("pytest") == std::string_view::npos && content.find("py.test") == std::string_view::npos)
    return;
  const std::string name = lower(name_of(path));
  const bool make = name.ends_with("makefile") || name.ends_with(".mk") || name.ends_with("justfile");
  int line = 0;
  for (const auto& text : split(content, '\n')) {
    ++line;
    const auto bare = trim(text);
    if (!bare.empty() && bare.front() != '#') read_command(text, line, make, facts);
  }
}

}  // namespace

bool is_noxfile(std::string_view path) {
  return name_of(path) == "noxfile.py";
}

void find_runner_settings(std::string_view path, std::string_view content, const FileValues& files,
                          FileFacts& facts) {
  const std::string_view name = name_of(path);
  if (name == "tox.ini") {
    Tox(files, facts).read(Ini::parse(content));
  } else if (name == "tox.toml" || name == "pyproject.toml") {
    try {
      const bool project = name == "pyproject.toml";
      const auto table = settings::toml_table(content, project ? "tool.tox" : "");
      if (!table) return;
      Tox tox(files, facts);
      tox.read(*table);
      if (const auto legacy = table->scalar("legacy_tox_ini")) tox.read(Ini::parse(*legacy));
    } catch (const settings::TomlError&) {
      // tox cannot read it either.
    }
  } else if (holds_commands(path)) {
    read_commands(path, content, facts);
  }
}

void find_nox_settings(const Tree& tree, const Names& names, std::vector<EnvironmentRead>& found) {
  const auto is_session_environment = [&](Id expression) {
    return tree.is(expression, Kind::attribute) &&
           tree.text(tree.child(expression, Field::attribute)) == "env";
  };
  const auto add = [&](const std::optional<std::string>& variable, Id place, Id value) {
    if (!variable) return;
    // What is taken from the environment is handed on.
    if (tree.text(value).find("environ") != std::string_view::npos &&
        tree.text(value).find(*variable) != std::string_view::npos)
      return;
    const auto text = names.constant(value);
    found.push_back(
        value_of(*variable, tree.line(place), text && !text->empty() ? std::optional(false) : std::nullopt));
  };
  const auto add_all = [&](Id dictionary) {
    for (const Id pair : tree.children(dictionary)) {
      if (tree.is(pair, Kind::pair))
        add(names.constant(tree.child(pair, Field::key)), pair, tree.child(pair, Field::value));
    }
  };
  for (Id id = 0; id < tree.size(); ++id) {
    if (tree.is(id, Kind::assignment)) {
      const Id left = tree.child(id, Field::left);
      if (tree.is(left, Kind::subscript) && is_session_environment(tree.child(left, Field::value)))
        add(names.constant(tree.child(left, Field::subscript)), id, tree.child(id, Field::right));
    }
    if (!tree.is(id, Kind::call)) continue;
    const Id function = tree.child(id, Field::function);
    if (!tree.is(function, Kind::attribute)) continue;
    const std::string_view method = tree.text(tree.child(function, Field::attribute));
    const bool update = method == "update" && is_session_environment(tree.child(function, Field::object));
    const bool run = method == "run" && tree.text(id).find("test") != std::string_view::npos;
    if (!update && !run) continue;
    for (const Id argument : tree.children(tree.child(id, Field::arguments))) {
      const bool keyword = tree.is(argument, Kind::keyword_argument);
      const Id value = keyword ? tree.child(argument, Field::value) : argument;
      const std::string name = keyword ? std::string(tree.text(tree.child(argument, Field::name))) : "";
      if (update && keyword) add(name, argument, value);
      if ((update && !keyword) || (run && name == "env")) add_all(inner(tree, value));
    }
  }
}

}  // namespace exitgate::collect::code
