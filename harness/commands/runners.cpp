// Make, just, Task, Composer, tox and runners of tasks: which target of which file they run.
#include <algorithm>

#include "harness/base/text.h"
#include "harness/commands/run.h"

namespace exitgate::commands {

bool Run::make(std::span<const std::string> words, const Context& context) {
  const std::string program = program_name(words[0]);
  const bool make = one_of("make|gmake|gnumake|mingw32-make|bmake", program);
  const bool just = program == "just";
  const bool task = one_of("task|go-task", program);
  if (!make && !just && !task) return false;
  std::string directory = context.directory;
  std::string named;
  for (std::size_t at = 1; at < words.size(); ++at) {
    if (one_of("-n|--dry-run|--just-print|--version|-v|--list|-l|--summary|--list-all|-q", words[at]))
      return add(Kind::other, program, words, context), true;
    if (at + 1 < words.size() && one_of("-C|--directory|-d|--dir|--working-directory", words[at]))
      directory = path_from(directory, words[++at]);
    else if (words[at].starts_with("-C") && words[at].size() > 2)
      directory = path_from(directory, words[at].substr(2));
    else if (words[at].starts_with("--directory="))
      directory = path_from(directory, words[at].substr(12));
    else if (at + 1 < words.size() && one_of("-f|--file|--makefile|--justfile|-t|--taskfile", words[at]))
      named = words[++at];
  }
  std::vector<std::string> targets;
  for (auto& target : arguments(words)) {
    const bool number = target.find_first_not_of("0123456789") == std::string::npos;  // of `-j 4`
    if (target.find('=') == std::string::npos && !number) targets.push_back(std::move(target));
  }
  if (just && targets.size() > 1) targets.resize(1);  // the rest are its arguments
  static constexpr std::string_view kMake[] = {"Makefile", "GNUmakefile", "makefile"};
  static constexpr std::string_view kJust[] = {"justfile", "Justfile", ".justfile"};
  static constexpr std::string_view kTask[] = {"Taskfile.yml", "Taskfile.yaml", "taskfile.yml"};
  const ScriptFile* file = nullptr;
  const auto& reader = make ? read_makefile : just ? read_justfile : read_taskfile;
  if (!context.in_container && directory != kUnknownDirectory) {
    if (!named.empty()) {
      file = this->file(path_from(directory, named), reader);
    } else {
      for (const auto name : make ? kMake : just ? kJust : kTask) {
        if (file == nullptr) file = this->file(file_in(directory, name), reader);
      }
    }
  }
  if (targets.empty() && file != nullptr) targets.push_back(file->first);
  bool any = false;
  std::vector<std::string> open;
  for (const auto& target : targets) {
    if (call(file, target, words, context)) {
      any = true;
    } else {
      open.push_back(target);
    }
  }
  if (!open.empty()) {
    // `make check` of autotools and of generated build folders
    std::vector<std::string> names = open;
    if (make && std::find(open.begin(), open.end(), "check") != open.end()) names.emplace_back("test");
    const bool builds = std::all_of(open.begin(), open.end(), [](const auto& name) {
      return one_of("all|install|clean|build|*install|docs|html|lint|format|fmt", name);
    });
    if (builds) {
      add(Kind::other, program, words, context);
    } else {
      by_names(names, words, context);
    }
  } else if (!any) {
    // Without a target it builds.
    add(make ? Kind::other : Kind::unknown, program, words, context);
  }
  return true;
}

bool Run::composer(std::span<const std::string> words, const Context& context) {
  const std::string program = program_name(words[0]);
  if (!one_of("composer|composer.phar", program)) return false;
  auto plain = arguments(words);
  if (!plain.empty() && one_of("run|run-script|exec", plain[0])) plain.erase(plain.begin());
  const bool own = plain.empty() ||
                   one_of(
                       "install|update|require|remove|validate|dump-autoload|dumpautoload|config|"
                       "global|audit|show|self-update|create-project|outdated|diagnose|check-platform-reqs|"
                       "normalize|clear-cache|i|u|why|licenses|init|bin|require-dev|bump",
                       plain[0]);
  if (own) return add(Kind::other, program, words, context), true;
  std::string directory = context.directory;
  for (std::size_t at = 1; at + 1 < words.size(); ++at) {
    if (one_of("-d|--working-dir", words[at])) directory = path_from(directory, words[at + 1]);
  }
  for (const auto& word : words) {
    if (word.starts_with("--working-dir=")) directory = path_from(directory, word.substr(14));
  }
  if (!context.in_container && directory != kUnknownDirectory &&
      call(file(file_in(directory, "composer.json"), read_package), plain[0], words, context))
    return true;
  plain.resize(1);
  if (const auto known = classify(plain); plain[0] != "test" && known.kind != Kind::unknown) {
    add(known.kind, known.tool, words, context);
  } else {
    by_names(plain, words, context);
  }
  return true;
}

// Runners whose tasks are defined in programs, or where reading them is not worth it: the task's name decides.
bool Run::task_runner(std::span<const std::string> words, const Context& context) {
  const std::string program = program_name(words[0]);
  if (one_of("tox|nox", program)) return tox(words, context);
  if (!one_of(
          "poe|invoke|inv|grunt|gulp|mage|phing|robo|castor|doit|earthly|dagger|nx|turbo|lerna|rush|jake|fab|"
          "duty|hatch|pdm|rye|pixi|moon|deno|mask|cargo-make|makers|nps|lage|psake|Invoke-Build",
          program))
    return false;
  auto plain = arguments(words);
  while (!plain.empty() && one_of("run|task|call|run-many|affected|affected:*|run-script|exec", plain[0]))
    plain.erase(plain.begin());
  if (one_of("hatch|pdm|rye|pixi|deno|cargo-make", program)) {
    const auto known = classify(words);
    if (known.kind == Kind::test) return false;
    if (one_of("install|add|sync|lock|update|build|publish|config|init|env|version|remove|list|info|fmt|lint|"
               "check|cache|"
               "self|upgrade|shell|compile|bench|fetch|pin",
               plain.empty() ? std::string("install") : plain[0]))
      return false;
  }
  std::vector<std::string> names;
  for (const auto& word : words) {
    if (!one_of("--target=*|--targets=*", word)) continue;
    for (auto& name : split(word.substr(word.find('=') + 1), ',')) names.push_back(std::move(name));
  }
  for (auto& name : plain) {
    // `default:test` of hatch, `app:test` of nx, `+test` of earthly
    const auto colon = program == "nx" || program == "hatch" ? name.rfind(':') : std::string::npos;
    names.push_back(colon == std::string::npos ? name : name.substr(colon + 1));
  }
  if (names.empty()) return add(Kind::unknown, "", words, context), true;
  const bool builds = std::all_of(names.begin(), names.end(), [](const auto& name) {
    return one_of(
        "*build*|*lint*|*format*|*fmt*|*docs*|*type*|*deploy*|*install*|*clean*|*publish*|*release*|style",
        name);
  });
  if (builds) {
    add(Kind::other, program, words, context);
  } else {
    by_names(names, words, context);
  }
  return true;
}

// Environments and sessions by name: what tox.ini says that they run, or else what their names say.
bool Run::tox(std::span<const std::string> words, const Context& context) {
  const std::string program = program_name(words[0]);
  std::vector<std::string> names;
  for (std::size_t at = 1; at < words.size() && words[at] != "--"; ++at) {
    if (one_of("-e|-s|--session|--sessions", words[at]) && at + 1 < words.size()) {
      for (auto& name : split(words[++at], ',')) names.push_back(std::move(name));
    } else if (one_of("--session=*|--sessions=*", words[at])) {
      names.push_back(words[at].substr(words[at].find('=') + 1));
    } else if (words[at].starts_with("-e") && words[at].size() > 2) {
      names.push_back(words[at].substr(2));
    }
  }
  if (names.empty() || classify(words).kind != Kind::test) return false;
  const ScriptFile* file = nullptr;
  if (program == "tox" && !context.in_container && context.directory != kUnknownDirectory)
    file = this->file(file_in(context.directory, "tox.ini"), read_tox);
  constexpr std::string_view kNoTests =
      "*lint*|*docs*|doc|*type*|*mypy*|*flake8*|*format*|*black*|*isort*|*ruff*|*pre-commit*|*build*|*"
      "package*|"
      "*pyright*|style|*pylint*|*manifest*|*release*|*dist|*audit*|*safety*|*bandit*|*codestyle*|*linkcheck*|"
      "*spell*|*requirements*|*html*|fmt|*changelog*|*licenses*|*clean*|*readme*|*publish*|*sphinx*|pep8|"
      "*schema*|*update*|*dev";
  for (const auto& name : names) {
    const auto from = found_.size();
    const bool dynamic = name.find('$') != std::string::npos;
    const bool own = file != nullptr && file->scripts.contains(name) && !file->scripts.at(name).text.empty();
    if (own) {
      call(file, name, words, context);
    } else if (!dynamic && one_of(kNoTests, lower(name))) {
      add(Kind::other, program, words, context);
    } else if (dynamic || file == nullptr || !call(file, "testenv", words, context)) {
      add(Kind::test, program, words, context);
    }
    // The program may be a variable of the file; what tox runs by default tests.
    for (auto at = from; at < found_.size(); ++at) {
      if (found_[at].kind == Kind::unknown && !own) found_[at].kind = Kind::test;
    }
  }
  return true;
}

}  // namespace exitgate::commands
