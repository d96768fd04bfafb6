// package.json, composer.json, deno.json, Makefiles, justfiles and Taskfiles: the scripts that they define.
#include <algorithm>
#include <array>

#include "harness/base/text.h"
#include "harness/commands/resolve.h"
#include "harness/json/json.h"

namespace exitgate::commands {

namespace {

constexpr std::size_t kLargest = 1U << 20U;

// Line of `"name":` behind the one of `"scripts":`; that one where it is not found.
int line_of_key(std::string_view text, std::string_view section, std::string_view name) {
  const auto begin = text.find("\"" + std::string(section) + "\"");
  if (begin == std::string_view::npos) return 1;
  const std::string key = "\"" + std::string(name) + "\"";
  auto at = text.find(key, begin + section.size() + 2);
  while (at != std::string_view::npos) {
    const auto next = text.find_first_not_of(" \t\r\n", at + key.size());
    if (next != std::string_view::npos && text[next] == ':') break;
    at = text.find(key, at + 1);
  }
  if (at == std::string_view::npos) at = begin;
  return 1 + static_cast<int>(std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
}

Script read_script(const Json& value) {
  Script script;
  const auto add = [&](std::string line) {
    if (line.starts_with("@php ")) line = line.substr(1);
    if (line.starts_with("@composer ")) line = line.substr(1);
    if (line.starts_with("@putenv ")) return;
    if (line.starts_with('@')) {
      script.before.push_back(line.substr(1, line.find(' ') - 1));
    } else if (line.find("::") == std::string::npos) {  // a method of PHP
      script.text += line + "\n";
    }
  };
  if (value.is_string()) add(value.text());
  for (const auto& item : value.items()) {
    if (item.is_string()) add(item.text());
  }
  if (const Json* command = value.find("command"); command != nullptr && command->is_string())
    add(command->text());
  return script;
}

std::string_view without_comment(std::string_view line) {
  const auto at = line.find('#');
  return at == std::string_view::npos || (at > 0 && line[at - 1] == '\\') ? line : line.substr(0, at);
}

using Variables = std::map<std::string, std::string>;

// Where the parenthesis or brace at `open` is closed.
std::size_t closing(std::string_view text, std::size_t open) {
  const char closes = text[open] == '(' ? ')' : '}';
  int depth = 0;
  for (std::size_t at = open; at < text.size(); ++at) {
    if (text[at] == text[open]) ++depth;
    if (text[at] == closes && --depth == 0) return at;
  }
  return std::string_view::npos;
}

// `$(X)` and `${X}` of a Makefile; what is not defined there is one of the environment, and a
// function is not evaluated.
std::string expand(std::string_view text, const Variables& variables, int depth = 0) {
  std::string result;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '$' || at + 1 >= text.size()) {
      result += text[at];
      continue;
    }
    const char open = text[at + 1];
    if (open == '$') {
      result += '$';
      ++at;
      continue;
    }
    if (open != '(' && open != '{') {
      result += '$';
      continue;
    }
    const auto end = closing(text, at + 1);
    const auto name = end == std::string_view::npos ? std::string_view() : text.substr(at + 2, end - at - 2);
    const auto found = variables.find(std::string(name));
    constexpr std::size_t kLongest = 4000;
    if (name == "MAKE") {
      result += "make";
    } else if (found != variables.end() && depth < 8 && result.size() < kLongest) {
      result += expand(found->second, variables, depth + 1);
    } else if (name.find(' ') == std::string_view::npos && !name.empty()) {
      // From the environment, mostly empty: a word of it would stand in the way.
      if (open == '{' || result.empty() || result.back() != ' ') result += "$" + std::string(name);
    } else if (!name.empty()) {
      result += "${" + std::string(name.substr(0, name.find(' '))) + "}";  // a function
    }
    if (end == std::string_view::npos) break;
    at = end;
  }
  return result;
}

// `NAME ?= value`; false when the line is none.
bool read_variable(std::string_view line, Variables& variables) {
  line = trim(line);
  for (const std::string_view before : {"export ", "override "}) {
    if (line.starts_with(before)) line = trim(line.substr(before.size()));
  }
  const auto equals = line.find('=');
  if (equals == std::string_view::npos || equals == 0) return false;
  auto name = line.substr(0, equals);
  const bool adds = name.ends_with('+');
  while (!name.empty() && std::string_view("?:+! \t").find(name.back()) != std::string_view::npos)
    name.remove_suffix(1);
  if (name.empty() || name.find_first_of(" \t:#") != std::string_view::npos) return false;
  const auto value = trim(without_comment(line.substr(equals + 1)));
  auto& variable = variables[std::string(name)];
  if (adds && !variable.empty()) {
    variable += " " + std::string(value);
  } else if (variable.empty()) {
    variable = std::string(value);
  }
  return true;
}

// Lines of a text, those that end in a backslash joined, each with its number.
std::vector<std::pair<int, std::string>> joined_lines(std::string_view text) {
  std::vector<std::pair<int, std::string>> lines;
  int number = 0;
  bool open = false;
  for (auto& line : split(text, '\n')) {
    ++number;
    if (line.ends_with('\r')) line.pop_back();
    const bool goes_on = line.ends_with('\\');
    if (goes_on) line.pop_back();
    if (open) {
      lines.back().second += " " + std::string(trim(line));
    } else {
      lines.emplace_back(number, std::move(line));
    }
    open = goes_on;
  }
  return lines;
}

// `@-pytest`: the marks of a recipe line are no part of the command.
std::string_view without_marks(std::string_view line) {
  line = trim(line);
  while (!line.empty() && (line[0] == '@' || line[0] == '-' || line[0] == '+')) line = trim(line.substr(1));
  return line;
}

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string tabs(text);
  std::replace(tabs.begin(), tabs.end(), '\t', ' ');
  for (auto& word : split(tabs, ' ')) {
    if (!word.empty()) words.push_back(std::move(word));
  }
  return words;
}

}  // namespace

ScriptFile read_package(const std::string& path, const std::string& text) {
  ScriptFile file;
  file.path = path;
  if (text.size() > kLargest) return file;
  const auto json = Json::try_parse(text);
  if (!json) return file;
  file.name = json->text_or("name");
  const bool composer = path.ends_with("composer.json");
  for (const std::string_view section : {"scripts", "tasks"}) {
    const Json* scripts = json->find(section);
    if (scripts == nullptr) continue;
    for (const auto& [name, value] : scripts->members()) {
      Script script = read_script(value);
      script.line = line_of_key(text, section, name);
      if (!composer && scripts->contains("pre" + name)) script.before.push_back("pre" + name);
      file.scripts.emplace(name, std::move(script));
    }
  }
  return file;
}

ScriptFile read_makefile(const std::string& path, const std::string& text) {
  ScriptFile file;
  file.path = path;
  if (text.size() > kLargest) return file;
  Variables variables;
  const auto lines = joined_lines(text);
  for (const auto& [number, line] : lines) {
    if (!line.starts_with('\t')) read_variable(line, variables);
  }
  std::vector<std::string> targets;
  for (const auto& [number, line] : lines) {
    if (line.starts_with('\t')) {
      for (const auto& target : targets)
        file.scripts[target].text += expand(without_marks(line), variables) + "\n";
      continue;
    }
    const auto code = trim(without_comment(line));
    if (code.empty()) continue;
    const auto colon = code.find(':');
    const auto equals = code.find('=');
    if (colon == std::string_view::npos || equals < colon || code.substr(colon).starts_with(":=") ||
        code.substr(colon).starts_with("::=")) {
      if (!one_of("ifeq*|ifneq*|ifdef*|ifndef*|else*|endif*", code)) targets.clear();
      continue;
    }
    auto behind = code.substr(colon + 1);
    if (behind.starts_with(':')) behind.remove_prefix(1);
    std::string recipe;
    if (const auto semicolon = behind.find(';'); semicolon != std::string_view::npos) {
      recipe = expand(without_marks(behind.substr(semicolon + 1)), variables) + "\n";
      behind = behind.substr(0, semicolon);
    }
    targets = words_of(expand(code.substr(0, colon), variables));
    if (behind.find('=') != std::string_view::npos) {  // a variable of the target
      targets.clear();
      continue;
    }
    for (const auto& target : targets) {
      if (target.starts_with('.') && target.find('/') == std::string::npos) continue;
      Script& script = file.scripts[target];
      if (script.line == 0) script.line = number;
      for (auto& before : words_of(expand(behind, variables))) {
        if (before != "|") script.before.push_back(std::move(before));
      }
      script.text += recipe;
      if (file.first.empty()) file.first = target;
    }
  }
  return file;
}

ScriptFile read_justfile(const std::string& path, const std::string& text) {
  ScriptFile file;
  file.path = path;
  if (text.size() > kLargest) return file;
  std::string recipe;
  for (const auto& [number, line] : joined_lines(text)) {
    if (trim(line).empty()) continue;
    if (line[0] == ' ' || line[0] == '\t') {
      if (!recipe.empty()) file.scripts[recipe].text += std::string(without_marks(line)) + "\n";
      continue;
    }
    recipe.clear();
    const auto colon = line.find(':');
    if (line[0] == '#' || line[0] == '[' || colon == std::string::npos ||
        line.substr(colon).starts_with(":="))
      continue;
    auto head = words_of(line.substr(0, colon));
    if (head.empty() || one_of("set|alias|export|import|mod", head[0])) continue;
    recipe = head[0];
    if (recipe.starts_with('@')) recipe.erase(0, 1);
    Script& script = file.scripts[recipe];
    script.line = number;
    for (auto& before : words_of(without_comment(std::string_view(line).substr(colon + 1)))) {
      while (before.starts_with('(')) before.erase(0, 1);
      while (before.ends_with(')')) before.pop_back();
      if (before != "&&") script.before.push_back(std::move(before));
    }
    if (file.first.empty()) file.first = recipe;
  }
  return file;
}

// By indentation: names under `tasks:`, the list under `cmds:`, `cmd:` and `deps:`.
ScriptFile read_taskfile(const std::string& path, const std::string& text) {
  ScriptFile file;
  file.path = path;
  if (text.size() > kLargest) return file;
  bool tasks = false;
  std::size_t name_column = 0;
  std::string name;
  std::string key;
  int number = 0;
  for (const auto& line : split(text, '\n')) {
    ++number;
    const auto column = line.find_first_not_of(' ');
    if (column == std::string::npos || line[column] == '#') continue;
    std::string_view code = trim(std::string_view(line).substr(column));
    if (column == 0) {
      tasks = code == "tasks:";
      name.clear();
      name_column = 0;
      continue;
    }
    if (!tasks) continue;
    if (name_column == 0) name_column = column;
    const auto colon = code.rfind(':');
    if (column == name_column && colon != std::string_view::npos) {
      name = std::string(code.substr(0, code.find(": ")));
      if (name.ends_with(':')) name.pop_back();
      std::erase_if(name, [](char c) { return c == '"' || c == '\''; });
      file.scripts[name].line = number;
      if (file.first.empty()) file.first = name;
      key.clear();
      continue;
    }
    if (name.empty()) continue;
    const bool item = code.starts_with("- ");
    if (item) code = trim(code.substr(2));
    if (!item && colon != std::string_view::npos && code.find(' ') > code.find(':')) {
      key = std::string(code.substr(0, code.find(':')));
      code = trim(code.substr(code.find(':') + 1));
      if (code.empty() || code[0] == '|') continue;
    }
    if (key == "deps" || code.starts_with("task: ")) {
      if (code.starts_with("task: ")) code.remove_prefix(6);
      std::string list(code);
      std::erase_if(list, [](char c) { return c == '[' || c == ']' || c == '"' || c == '\''; });
      std::replace(list.begin(), list.end(), ',', ' ');
      for (auto& before : words_of(list)) file.scripts[name].before.push_back(std::move(before));
    } else if (key == "cmds" || key == "cmd") {
      if (code.starts_with("cmd: ")) code.remove_prefix(5);
      if (code.size() > 1 && (code[0] == '"' || code[0] == '\'') && code.back() == code[0])
        code = code.substr(1, code.size() - 2);
      file.scripts[name].text += std::string(code) + "\n";
    }
  }
  return file;
}

// Sections `[testenv:lint]`, also with several names (`{py39,py310}-django`, `lint,docs`): their `commands =`.
ScriptFile read_tox(const std::string& path, const std::string& text) {
  ScriptFile file;
  file.path = path;
  if (text.size() > kLargest) return file;
  std::vector<std::string> names;
  bool commands = false;
  int number = 0;
  for (const auto& line : split(text, '\n')) {
    ++number;
    const auto code = trim(line);
    if (code.empty() || code[0] == '#' || code[0] == ';') continue;
    if (line[0] == '[') {
      names.clear();
      commands = false;
      const auto section = code.substr(1, code.find(']') - 1);
      if (section == "testenv") names.emplace_back("testenv");
      if (section.starts_with("testenv:") && section.find('{') == std::string_view::npos)
        names = split(section.substr(8), ',');
      for (auto& name : names) {
        name = std::string(trim(name));
        file.scripts[name].line = number;
      }
      continue;
    }
    if (line[0] != ' ' && line[0] != '\t') {
      const auto equals = code.find('=');
      const auto key = trim(code.substr(0, equals));
      commands = equals != std::string_view::npos && key == "commands";
      if (!commands) continue;
      for (const auto& name : names)
        file.scripts[name].text += std::string(without_marks(code.substr(equals + 1))) + "\n";
    } else if (commands) {
      // `py39: pytest`: for some of the environments.
      auto command = without_marks(code);
      const auto colon = command.find(": ");
      if (colon != std::string_view::npos && command.find(' ') > colon)
        command = trim(command.substr(colon + 1));
      for (const auto& name : names) file.scripts[name].text += std::string(command) + "\n";
    }
  }
  return file;
}

}  // namespace exitgate::commands
