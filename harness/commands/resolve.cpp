#include "harness/commands/resolve.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/commands/run.h"
#include "harness/commands/wrappers.h"

namespace exitgate::commands {

namespace {

constexpr std::size_t kLongest = 1000;  // of a command's text

std::string text_of(std::span<const std::string> words) {
  std::string text;
  for (const auto& word : words) {
    if (!text.empty()) text += ' ';
    for (const char c : word) text += c == '\n' ? ' ' : c;
    if (text.size() > kLongest) break;
  }
  if (text.size() > kLongest) text = valid_utf8(text.substr(0, kLongest)) + "...";
  return text;
}

// Of the commands that a call came to, those that say something: the rest would only repeat the files.
void keep_what_counts(std::vector<Command>& found, std::size_t from, bool named_test) {
  const auto begin = found.begin() + static_cast<std::ptrdiff_t>(from);
  if (begin == found.end()) return;
  const auto counts = [](const Command& command) {
    return command.kind != Kind::other && command.kind != Kind::unknown;
  };
  const bool any_test =
      std::any_of(begin, found.end(), [](const Command& command) { return command.kind == Kind::test; });
  auto unknown =
      std::find_if(begin, found.end(), [](const Command& command) { return command.kind == Kind::unknown; });
  if (named_test && !any_test && unknown != found.end()) unknown->kind = Kind::test;
  if (std::any_of(begin, found.end(), counts)) {
    found.erase(std::remove_if(begin, found.end(), [&](const Command& one) { return !counts(one); }),
                found.end());
    return;
  }
  const auto kept = unknown != found.end() ? unknown : found.end() - 1;
  Command one = std::move(*kept);
  found.erase(begin, found.end());
  found.push_back(std::move(one));
}

}  // namespace

void Run::script(std::string_view text, const Context& context, int first_line) {
  Context here = context;
  std::vector<std::pair<int, std::string>> outside;  // directories to go back to, by subshell
  std::vector<std::string> pushed;
  const bool top = context.chain.empty() && wrapped_ == 0;
  for (const auto& command : parse_shell(text, context.dialect)) {
    while (!outside.empty() && command.subshell < outside.back().first) {
      here.directory = outside.back().second;
      outside.pop_back();
    }
    if (top) {
      line_ = first_line + command.line - 1;
      written_ = text_of(command.words);
    }
    const std::string program = program_name(command.words[0]);
    if ((program == "cd" || program == "pushd" || lower(program) == "set-location") &&
        command.words.size() > 1) {
      std::size_t at = 1;
      while (at + 1 < command.words.size() && command.words[at].starts_with('-')) ++at;
      if (command.subshell > 0 && (outside.empty() || outside.back().first < command.subshell))
        outside.emplace_back(command.subshell, here.directory);
      if (program == "pushd") pushed.push_back(here.directory);
      here.directory = context.in_container ? std::string(kUnknownDirectory)
                                            : path_from(here.directory, command.words[at]);
    } else if (program == "popd" && !pushed.empty()) {
      here.directory = pushed.back();
      pushed.pop_back();
    }
    if (command.defined) {
      add(Kind::other, "", command.words, here);
      continue;
    }
    const bool reads_input =
        command.words.size() == 1 || (command.words.size() == 2 && command.words[1] == "-s");
    if (!command.input.empty() && reads_input && one_of("bash|sh|zsh|dash", program)) {
      ++wrapped_;
      script(command.input, here, 1);
      --wrapped_;
      continue;
    }
    this->command(command.words, here);
  }
}

void Run::command(std::vector<std::string> words, const Context& context) {
  if (++steps_ > kMost) return;
  Context here = context;
  for (int layer = 0; layer < 12; ++layer) {
    // `$RUN pytest`, `${{ matrix.run }}`: what stands there is not known, what follows may be.
    if (words.empty()) return;
    if (!here.in_container && node(words, here)) return;
    Unwrapped inner = unwrap(words);
    if (inner.what == Unwrapped::nothing) break;
    here.in_container = here.in_container || inner.in_container;
    if (!inner.directory.empty()) here.directory = path_from(here.directory, inner.directory);
    if (inner.what == Unwrapped::script) {
      ++wrapped_;
      script(inner.text, here, 1);
      --wrapped_;
      return;
    }
    if (inner.what == Unwrapped::file) {
      if (script_file(inner.text, words, here)) return;
      const std::vector<std::string> name = {inner.text};
      return by_names(name, words, here);
    }
    words = std::move(inner.words);
  }
  if (make(words, here) || composer(words, here) || task_runner(words, here)) return;
  const Classified classified = classify(words);
  if (classified.kind != Kind::unknown) return add(classified.kind, classified.tool, words, here);
  const bool is_path = words[0].find('/') != std::string::npos;
  if (is_path && script_file(words[0], words, here)) return;
  // `./run-tests`, `python tests/run.py`, `node test.js`
  std::vector<std::string> names = {words[0]};
  if (one_of("python*|node|deno|bun|tsx|ts-node|php|perl|ruby|lua*|java|pwsh|guile|racket|swipl|sbcl|emacs|"
             "nvim|vim|"
             "tclsh|osascript|julia|Rscript|elixir|escript|groovy|kotlin|scala|nim|crystal|dart",
             program_name(words[0]))) {
    const auto plain = arguments(words);
    names.clear();
    if (!plain.empty()) names.push_back(plain[0]);
  }
  by_names(names, words, here);
}

void Run::add(Kind kind, std::string tool, std::span<const std::string> words, const Context& context) {
  Command command;
  command.kind = kind;
  command.tool = std::move(tool);
  command.text = text_of(words);
  command.written = written_;
  command.line = line_;
  command.chain = context.chain;
  found_.push_back(std::move(command));
}

void Run::by_names(std::span<const std::string> names, std::span<const std::string> words,
                   const Context& context) {
  const bool tests = std::any_of(names.begin(), names.end(), [](const auto& name) {
    return name.find('$') == std::string::npos && names_tests(name);
  });
  add(tests ? Kind::test : Kind::unknown, "", words, context);
}

bool Run::call(const ScriptFile* file, const std::string& name, std::span<const std::string> words,
               const Context& context) {
  if (file == nullptr) return false;
  const auto found = file->scripts.find(name);
  if (found == file->scripts.end()) return false;
  const std::string key = file->path + "\n" + name;
  if (context.chain.size() >= kDeepest || open_.contains(key)) return true;
  open_.insert(key);
  const auto from = found_.size();
  Context inner = context;
  const auto slash = file->path.rfind('/');
  inner.directory = slash == std::string::npos ? "" : file->path.substr(0, slash);
  for (const auto& before : found->second.before) call(file, before, words, context);
  inner.chain.push_back({text_of(words), file->path, found->second.line});
  script(found->second.text, inner, 1);
  if (found_.size() == from) add(Kind::other, "", words, inner);
  keep_what_counts(found_, from, names_tests(name));
  open_.erase(key);
  return true;
}

bool Run::script_file(const std::string& path, std::span<const std::string> words, const Context& context) {
  if (context.in_container || context.chain.size() >= kDeepest) return false;
  const std::string at = path_from(context.directory, path);
  if (at == kUnknownDirectory || open_.contains(at)) return false;
  const std::string* text = resolver_.files_.read(at);
  if (text == nullptr) return false;
  const std::string_view first = std::string_view(*text).substr(0, text->find('\n'));
  const bool powershell = at.ends_with(".ps1");
  const bool shell = powershell || at.ends_with(".sh") || at.ends_with(".bash") ||
                     (first.starts_with("#!") && (first.find("sh") != std::string_view::npos));
  if (!shell) return false;
  open_.insert(at);
  const auto from = found_.size();
  Context inner = context;
  inner.dialect = powershell ? Dialect::powershell : Dialect::posix;
  inner.chain.push_back({text_of(words), at, 1});
  script(*text, inner, 1);
  if (found_.size() == from) add(Kind::other, "", words, inner);
  keep_what_counts(found_, from, names_tests(at));
  open_.erase(at);
  return true;
}

const ScriptFile* Run::file(const std::string& path, Reader read) {
  auto& files = resolver_.cache_->files;
  const auto known = files.find(path);
  if (known != files.end()) return known->second ? &*known->second : nullptr;
  const std::string* text = resolver_.files_.read(path);
  if (text == nullptr) return nullptr;  // it may be there the next time
  return &*files.emplace(path, read(path, *text)).first->second;
}

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
    if (target.find('=') == std::string::npos && !one_of("[0-9]*", target))
      targets.push_back(std::move(target));
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
  if (const auto known = classify(plain); known.kind != Kind::unknown) {
    add(known.kind, known.tool, words, context);
  } else {
    by_names(plain, words, context);
  }
  return true;
}

// Runners whose tasks are defined in programs, or where reading them is not worth it: the task's name decides.
bool Run::task_runner(std::span<const std::string> words, const Context& context) {
  const std::string program = program_name(words[0]);
  if (one_of("tox|nox", program)) {
    std::vector<std::string> names;
    for (std::size_t at = 1; at < words.size(); ++at) {
      if (one_of("-e|-s|--session|--sessions|-f", words[at]) && at + 1 < words.size()) {
        for (auto& name : split(words[++at], ',')) names.push_back(std::move(name));
      } else if (one_of("--session=*|--sessions=*", words[at])) {
        names.push_back(words[at].substr(words[at].find('=') + 1));
      } else if (words[at].starts_with("-e") && words[at].size() > 2) {
        names.push_back(words[at].substr(2));
      }
    }
    const bool no_test = !names.empty() && std::all_of(names.begin(), names.end(), [](const auto& name) {
      return one_of(
          "*lint*|*docs*|doc|*type*|*mypy*|*flake8*|*format*|*black*|*isort*|*ruff*|*pre-commit*|*build*|"
          "*package*|*pyright*|style|*pylint*|check-*|*manifest*|*release*|*dist|*audit*|*safety*|*bandit*|"
          "*vulture*|*codestyle*|*linkcheck*|*spell*|*coverage-report*|*requirements*|*html*|qa|bump*|fmt|"
          "*changelog*|*licenses*|*clean*|*readme*|*static*|*publish*|*sphinx*|*quality*|pep8|*codespell*|"
          "*interrogate*|*pydocstyle*|*pyroma*|*pycodestyle*|*docstyle*|*docstrings*|*dev",
          lower(name));
    });
    if (no_test) return add(Kind::other, program, words, context), true;
    return false;
  }
  if (!one_of(
          "poe|invoke|inv|grunt|gulp|mage|phing|robo|castor|doit|earthly|dagger|nx|turbo|lerna|rush|jake|fab|"
          "duty|hatch|pdm|rye|pixi|moon|wireit|deno|mask|cargo-make|makers|xtask|nps|taskipy|task.py|dev.py|"
          "pants-task|heft|ultra|wsrun|bolt|lage|tusk|run|do|x|x.py|dodo|cake|nuke|build.sh-none|psake|"
          "Invoke-Build",
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

Resolver::Resolver(Files& files) : files_(files), cache_(std::make_unique<Cache>()) {}
Resolver::~Resolver() = default;

std::vector<Command> Resolver::resolve(std::string_view script, std::string_view directory, Dialect dialect) {
  std::vector<Command> found;
  Context context;
  context.directory = std::string(directory);
  context.dialect = dialect;
  Run(*this, found).script(script, context, 1);
  return found;
}

}  // namespace exitgate::commands
