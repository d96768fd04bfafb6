#include "harness/commands/resolve.h"

#include <algorithm>
#include <utility>

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
  std::vector<std::pair<int, std::string>> outside;  // directories to go back to behind a subshell
  std::vector<std::string> pushed;
  bool downloads = false;
  const bool top = context.chain.empty() && wrapped_ == 0;
  const shell::Script parsed = shell::parse(text, context.dialect);
  const Functions functions = functions_of(parsed);
  for (const auto& command : commands_of(parsed)) {
    const auto& subshells = command.subshells;
    while (!outside.empty() &&
           std::find(subshells.begin(), subshells.end(), outside.back().first) == subshells.end()) {
      here.directory = outside.back().second;
      outside.pop_back();
    }
    if (top) {
      line_ = first_line + command.line - 1;
      written_ = text_of(command.words);
      made_.clear();
    }
    if (context.in_file) here.chain.back().line = command.line;
    const std::string program = program_name(command.words[0]);
    if ((program == "cd" || program == "pushd" || lower(program) == "set-location") &&
        command.words.size() > 1) {
      std::size_t at = 1;
      while (at + 1 < command.words.size() && command.words[at].starts_with('-')) ++at;
      if (!subshells.empty() && (outside.empty() || outside.back().first != subshells.back()))
        outside.emplace_back(subshells.back(), here.directory);
      if (program == "pushd") pushed.push_back(here.directory);
      here.directory = context.in_container ? std::string(kUnknownDirectory)
                                            : path_from(here.directory, command.words[at]);
    } else if (program == "popd" && !pushed.empty()) {
      here.directory = pushed.back();
      pushed.pop_back();
    }
    const bool fed =
        std::exchange(downloads, one_of("curl|wget|iwr|irm|Invoke-WebRequest", program) && command.piped);
    if (command.defined && function(functions, command.words, here)) continue;
    const bool runs_what_it_is_given = command.in_function && runs_arguments(command.words);
    if (command.defined || runs_what_it_is_given || command.words[0] == "$@" || command.words[0] == "${@}" ||
        (fed && one_of("bash|sh|zsh|python|python3|sudo|iex|Invoke-Expression|perl", program))) {
      add(Kind::other, "", command.words, here);
      continue;
    }
    const std::string& first = command.words[0];
    if (context.dialect == Dialect::powershell) {
      if (first.starts_with('$') && command.words.size() > 1 && one_of("=|+=", command.words[1])) {
        // The commands of `$( )` are listed.
        if (command.words.size() > 2 && !command.quoted[2] && !command.words[2].starts_with("$("))
          this->command({command.words.begin() + 2, command.words.end()}, here);
        continue;
      }
      // Operators, members and literals of expressions.
      if (first.empty() || one_of("$*|@*|-*", first) ||
          (first[0] == '.' && !one_of("./*|.\\*|.??*/*|.??*\\*", first)))
        continue;
    }
    // What is left of a command that could not be read.
    if (first.empty() || first[0] == '-' || first == "]" || first == "|") continue;
    const bool reads_input =
        command.words.size() == 1 || (command.words.size() == 2 && command.words[1] == "-s");
    if (!command.input.empty() && reads_input && one_of("bash|sh|zsh|dash", program)) {
      ++wrapped_;
      Context within = here;
      within.in_file = false;
      script(command.input, within, 1);
      --wrapped_;
      continue;
    }
    if (top) {
      step_command(command, here);
      continue;
    }
    input_ = command.input;
    this->command(command.words, here);
    input_.clear();
  }
}

// A call of a function: its commands are listed where it stands, but it may run what it is given (`retry pytest`).
// False when it does not.
bool Run::function(const Functions& functions, std::span<const std::string> words, const Context& context) {
  const auto counts = [](const Command& one) { return one.kind != Kind::other && one.kind != Kind::unknown; };
  const auto from = found_.size();
  const auto begin = [&] { return found_.begin() + static_cast<std::ptrdiff_t>(from); };
  FunctionCall call = call_function(functions, words);
  bool unknown = false;
  for (CalledCommand& one : call.commands) {
    if (runs_arguments(one.words)) continue;  // of the function around the call
    const auto before = found_.size();
    command(std::move(one.words), context);
    unknown = unknown || (one.argument_runs && found_.size() > before && found_.back().kind == Kind::unknown);
  }
  if (call.opaque && words.size() > 1 && std::none_of(begin(), found_.end(), counts))
    command({words.begin() + 1, words.end()}, context);
  found_.erase(std::remove_if(begin(), found_.end(), [&](const Command& one) { return !counts(one); }),
               found_.end());
  if (found_.size() > from) return true;
  if (unknown) add(Kind::unknown, "", words, context);
  return unknown;
}

void Run::step_command(const ShellCommand& command, const Context& context) {
  std::string key = join(command.words, "\x1f");
  for (const std::string_view part :
       {std::string_view(context.directory), std::string_view(command.input), resolver_.files_.state(),
        std::string_view(context.dialect == Dialect::posix ? "s" : "p"),
        std::string_view(resolver_.tests_expected_ ? "t" : "-")})
    key += "\x1e" + std::string(part);
  auto& known = resolver_.cache_->commands;
  if (const auto found = known.find(key); found != known.end()) {
    for (Command one : found->second) {
      one.written = written_;
      one.line = line_;
      found_.push_back(std::move(one));
    }
    return;
  }
  const auto from = found_.size();
  input_ = command.input;
  this->command(command.words, context);
  input_.clear();
  if (steps_ < kMost)
    known.emplace(std::move(key),
                  std::vector<Command>(found_.begin() + static_cast<std::ptrdiff_t>(from), found_.end()));
}

void Run::command(std::vector<std::string> words, const Context& context) {
  if (++steps_ > kMost) {
    if (steps_ == kMost + 1) add(Kind::unknown, "", words, context);
    return;
  }
  Context here = context;
  for (int layer = 0; layer < 12; ++layer) {
    // `$RUN pytest`, `${{ matrix.run }}`: what stands there is not known, what follows may be.
    if (words.empty()) return;
    if (node(words, here)) return;
    Unwrapped inner = unwrap(words);
    if (inner.what == Unwrapped::nothing) break;
    if (inner.in_container) {
      here.in_container = true;
      here.directory = kUnknownDirectory;
    }
    if (!inner.directory.empty()) here.directory = path_from(here.directory, inner.directory);
    if (inner.what == Unwrapped::script) {
      ++wrapped_;
      here.in_file = false;
      script(inner.text, here, 1);
      --wrapped_;
      return;
    }
    if (inner.what == Unwrapped::file) {
      if (script_file(inner.text, words, here)) return;
      const std::vector<std::string> name = {inner.text};
      // `source .venv/bin/activate` sets variables.
      const bool sets = one_of("source|.", words[0]) && !names_tests(inner.text);
      return sets ? add(Kind::other, words[0], words, here) : by_names(name, words, here);
    }
    if (inner.project_script && words.size() > 1) {
      std::string name = inner.words[0];
      const auto colon = name.rfind(':');
      if (colon != std::string::npos) name = name.substr(colon + 1);
      const std::vector<std::string> program = {name};
      if (colon != std::string::npos || name == "test" || classify(program).kind == Kind::unknown) {
        const bool checks = one_of("*lint*|*fmt*|*format*|*types*|*typing*|*docs*|*build*|style", name);
        if (checks && !names_tests(name)) return add(Kind::other, program_name(words[0]), inner.words, here);
        if (names_tests(name) && name.find('/') == std::string::npos)
          return add(Kind::test, program_name(words[0]), inner.words, here);
      }
    }
    words = std::move(inner.words);
  }
  if (words[0].starts_with('$') && variable(words, here)) return;
  if (make(words, here) || composer(words, here) || task_runner(words, here)) return;
  const Classified classified = classify(words);
  if (classified.kind != Kind::unknown) return add(classified.kind, classified.tool, words, here);
  const bool is_path = words[0].find_first_of("/\\") != std::string::npos;
  if (is_path && script_file(words[0], words, here)) return;
  // `python scripts/retry.py -- pytest`
  if (const auto dashes = std::find(words.begin(), words.end(), "--");
      dashes != words.end() && dashes + 1 != words.end()) {
    const auto from = found_.size();
    command({dashes + 1, words.end()}, here);
    if (found_.size() > from && found_.back().kind != Kind::unknown && found_.back().kind != Kind::other)
      return;
    found_.resize(from);
  }
  if (harmless_program(words, here)) return;
  // `./run-tests`, `python tests/run.py`, `node test.js`
  std::vector<std::string> names;
  const auto open = open_ended();
  if (std::any_of(open.begin(), open.end(),
                  [&](const OpenEnded& one) { return one_of(one.program, program_name(words[0])); })) {
    names = arguments(words);
  } else if (is_path || words[0].find('.') != std::string::npos) {
    names.push_back(words[0]);
  }
  if (one_of("python|python2*|python3*|python$*|node|deno|bun|tsx|ts-node|php|perl|ruby|lua|luajit|java|"
             "julia|Rscript|elixir|groovy|dart",
             program_name(words[0]))) {
    const auto plain = arguments(words);
    const bool text = std::any_of(words.begin(), words.end(), [](const auto& word) {
      return one_of("-c|-e|-p|-E|--eval|--print|-", word);
    });
    names.clear();
    if (!plain.empty() && !text) names.push_back(plain[0]);
  }
  by_names(names, words, here);
}

bool Run::harmless_program(std::span<const std::string> words, const Context& context) {
  const bool interpreter = one_of(
      "python|python2*|python3*|python$*|node|tsx|ts-node|deno|bun|ruby|perl|php|lua|Rscript|julia|pwsh",
      program_name(words[0]));
  std::string file = words[0];
  if (interpreter) {
    file.clear();
    for (std::size_t at = 1; at < words.size(); ++at) {
      if (one_of("-c|-e|--eval|-p|-E", words[at]) && at + 1 < words.size()) {
        // `numpy.test()`
        const bool tests = words[at + 1].find(".test(") != std::string::npos;
        if (!tests && speaks_of_tests(words[at + 1])) return false;
        add(tests ? Kind::test : Kind::other, "", words, context);
        return true;
      }
      if (words[at] == "-" && !input_.empty()) {
        if (speaks_of_tests(input_)) return false;
        add(Kind::other, "", words, context);
        return true;
      }
      if (!words[at].starts_with('-')) {
        file = words[at];
        break;
      }
    }
    if (file.empty() && words.size() == 1 && !input_.empty() && !speaks_of_tests(input_)) {
      add(Kind::other, "", words, context);
      return true;
    }
  }
  if (file.empty() || context.in_container || resolver_.tests_expected_ || names_tests(file)) return false;
  const std::string at = path_from(context.directory, file);
  if (at == kUnknownDirectory) return false;
  const std::string* text = resolver_.files_.read(at);
  if (text == nullptr || speaks_of_tests(*text)) return false;
  add(Kind::other, "", words, context);
  return true;
}

// `$PYTHON -m pytest`, `${{ matrix.sudo }} make test`: a variable is named after its program, or stands for something
// before one.
bool Run::variable(std::vector<std::string> words, const Context& context) {
  std::string name = lower(words[0]);
  std::erase_if(name, [](char c) { return c == '$' || c == '{' || c == '}' || c == ' '; });
  if (const auto dot = name.rfind('.'); dot != std::string::npos) name = name.substr(dot + 1);
  if (name.empty()) return false;
  if (one_of("command|test|tests|run|script|cmd|args|time|exec|install|build|setup|start", name)) name = "$";
  std::vector<std::string> inner = words;
  const bool interpreter = one_of("python*|*_python|*_py|py", name);
  inner[0] = interpreter ? "python" : name;
  if (interpreter || name == "make" || classify(inner).kind != Kind::unknown) {
    command(std::move(inner), context);
    return true;
  }
  inner.erase(inner.begin());
  if (inner.empty() || inner[0].starts_with('-')) return false;
  const auto from = found_.size();
  command(inner, context);
  const bool known = found_.size() > from && found_.back().kind != Kind::unknown;
  if (!known) found_.resize(from);
  return known;
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
  if (open_.contains(key)) return true;
  if (context.chain.size() >= kDeepest || open_.size() > kMostOpen || ++steps_ > kMost) {
    if (steps_ <= kMost + 1) add(Kind::unknown, "", words, context);  // further than is read
    return true;
  }
  open_.insert(key);
  const auto from = found_.size();
  Context inner = context;
  const auto slash = file->path.rfind('/');
  inner.directory = slash == std::string::npos ? "" : file->path.substr(0, slash);
  // What a target needs is made once.
  for (const auto& before : found->second.before) {
    if (made_.insert(file->path + "\n" + before).second) call(file, before, words, context);
  }
  inner.chain.push_back({text_of(words), file->path, found->second.line});
  inner.in_file = false;
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
  const auto from = found_.size();
  const std::string key = at + "\x1e" + context.directory + "\x1e" + (resolver_.tests_expected_ ? "t" : "-") +
                          "\x1e" + std::string(resolver_.files_.state());
  auto& known = resolver_.cache_->scripts;
  if (const auto found = known.find(key); found != known.end()) {
    for (Command one : found->second) {
      one.chain[0].command = text_of(words);
      one.chain.insert(one.chain.begin(), context.chain.begin(), context.chain.end());
      one.written = written_;
      one.line = line_;
      found_.push_back(std::move(one));
    }
    return true;
  }
  open_.insert(at);
  Context inner = context;
  inner.dialect = powershell ? Dialect::powershell : Dialect::posix;
  inner.chain.push_back({text_of(words), at, 1});
  inner.in_file = true;
  script(*text, inner, 1);
  if (found_.size() == from) add(Kind::other, "", words, inner);
  keep_what_counts(found_, from, names_tests(at));
  open_.erase(at);
  // What was cut short by the calls around it is not all of it.
  if (open_.empty() && steps_ < kMost) {
    auto& kept = known[key];
    for (auto one = found_.begin() + static_cast<std::ptrdiff_t>(from); one != found_.end(); ++one) {
      kept.push_back(*one);
      auto& chain = kept.back().chain;
      chain.erase(chain.begin(), chain.begin() + static_cast<std::ptrdiff_t>(context.chain.size()));
    }
  }
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

Resolver::Resolver(Files& files) : files_(files), cache_(std::make_unique<Cache>()) {}
Resolver::~Resolver() = default;

std::vector<Command> Resolver::resolve(std::string_view script, std::string_view directory, Dialect dialect,
                                       bool tests_expected) {
  std::vector<Command> found;
  tests_expected_ = tests_expected;
  Context context;
  context.directory = std::string(directory);
  context.dialect = dialect;
  Run(*this, found).script(script, context, 1);
  return found;
}

}  // namespace exitgate::commands
