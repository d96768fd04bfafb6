// npm, pnpm, yarn, bun and the runners over workspaces: which script of which package.json they run.
#include <algorithm>
#include <array>

#include "harness/base/text.h"
#include "harness/commands/run.h"

namespace exitgate::commands {

namespace {

constexpr std::string_view kOwn =
    "install|i|ci|add|remove|rm|uninstall|update|up|upgrade|audit|publish|pack|link|unlink|config|cache|"
    "login|logout|"
    "whoami|version|view|info|list|ls|outdated|prune|dedupe|rebuild|init|create|set|get|help|store|env|"
    "import|fetch|"
    "why|licenses|owner|dist-tag|deprecate|token|fund|explain|pkg|clean-install|approve-builds|patch|plugin|"
    "policies|"
    "constraints|node|unplug|autoclean|self-update|pm|shrinkwrap";

struct Call {
  std::string directory;
  std::vector<std::string> packages;  // workspaces by name, path or glob
  bool all = false;                   // in all workspaces
  std::vector<std::string> words;     // what is left
};

// Takes the options off that say where it runs.
Call read_call(std::span<const std::string> words, const std::string& directory) {
  Call call;
  call.directory = directory;
  bool behind = false;
  const bool npm = program_name(words[0]) == "npm";
  for (std::size_t at = 1; at < words.size(); ++at) {
    std::string word = words[at];
    if (behind || word.size() < 2 || word[0] != '-') {
      call.words.push_back(std::move(word));
      continue;
    }
    if (word == "--") {
      behind = true;
      continue;
    }
    std::string value;
    bool has_value = false;
    if (const auto equals = word.find('='); equals != std::string::npos) {
      value = word.substr(equals + 1);
      word = word.substr(0, equals);
      has_value = true;
    }
    const auto take = [&] {
      if (!has_value && at + 1 < words.size()) value = words[++at];
      return value;
    };
    if (one_of("--prefix|-C|--dir|--cwd", word)) {
      call.directory = path_from(call.directory, take());
    } else if (one_of("--filter|-F|--filter-prod|--workspace|--scope", word) || (word == "-w" && npm)) {
      call.packages.push_back(take());
    } else if (one_of("-r|--recursive|--workspaces|-ws|-A|--all", word)) {
      call.all = true;
    } else if (one_of("--loglevel|--registry|--cache|--workspace-concurrency|--reporter|--from|-j|--jobs|--"
                      "include|"
                      "--exclude|--concurrency",
                      word)) {
      take();
    }
  }
  return call;
}

// Whether a package is meant by a filter: its name, its folder, or a glob over either.
bool selected(const std::string& filter, const std::string& name, const std::string& folder) {
  std::string wanted = filter;
  if (const auto open = wanted.find('['); open != std::string::npos) wanted.resize(open);
  while (wanted.ends_with('.')) wanted.pop_back();
  while (wanted.starts_with('.') || wanted.starts_with('/') || wanted.starts_with('{')) wanted.erase(0, 1);
  while (wanted.ends_with('/') || wanted.ends_with('}')) wanted.pop_back();
  if (wanted.empty()) return true;
  if (glob_match(wanted, name) || glob_match(wanted, folder)) return true;
  // pnpm and lerna take a name without its scope.
  return name.ends_with("/" + wanted) || folder.ends_with("/" + wanted);
}

}  // namespace

const ScriptFile* Run::package_of(const std::string& directory) {
  std::string at = directory;
  if (at == kUnknownDirectory) return nullptr;
  while (true) {
    if (const auto* found = file(file_in(at, "package.json"), read_package)) return found;
    if (at.empty()) return nullptr;
    const auto slash = at.rfind('/');
    at = slash == std::string::npos ? "" : at.substr(0, slash);
  }
}

// The script `name` in the workspaces that are meant, up to the first that tests. False when none has it.
bool Run::node_task(const std::string& name, std::span<const std::string> words, const Context& context,
                    std::span<const std::string> packages, bool all) {
  constexpr std::size_t kMostPackages = 300;
  std::size_t count = 0;
  bool any = false;
  if (context.in_container) return false;
  for (const auto& path : resolver_.files_.named("package.json")) {
    if (++count > kMostPackages) break;
    const auto* package = file(path, read_package);
    if (package == nullptr || !package->scripts.contains(name)) continue;
    const auto slash = path.rfind('/');
    const std::string folder = slash == std::string::npos ? "" : path.substr(0, slash);
    if (folder.empty() && all) continue;  // the root calls them
    bool wanted = packages.empty();
    for (const auto& filter : packages) {
      if (!filter.starts_with('!')) wanted = wanted || selected(filter, package->name, folder);
    }
    if (!wanted) continue;
    const auto from = found_.size();
    if (!call(package, name, words, context)) continue;
    any = true;
    const bool tests = std::any_of(found_.begin() + static_cast<std::ptrdiff_t>(from), found_.end(),
                                   [](const Command& command) { return command.kind == Kind::test; });
    if (tests) return true;
    // One that only says what others say is left out.
    if (found_.size() - from == 1 && found_.back().kind == Kind::other && from > 0) found_.pop_back();
  }
  return any;
}

bool Run::node(std::span<const std::string> words, const Context& context) {
  const std::string program = program_name(words[0]);
  if (one_of("npm-run-all|npm-run-all2|run-s|run-p", program)) {
    bool any = false;
    for (const auto& name : arguments(words)) {
      const auto* package = package_of(context.directory);
      if (package == nullptr) break;
      for (const auto& [script, what] : package->scripts) {
        // `test:*` stands for one part, `test:**` for more.
        if (glob_match(name, script)) any = call(package, script, words, context) || any;
      }
    }
    if (!any) by_names(arguments(words), words, context);
    return true;
  }
  const bool runner = one_of("turbo|nx|lerna|wsrun|lage", program);
  if (!one_of("npm|pnpm|yarn|yarnpkg|jlpm|bun", program) && !runner) return false;
  for (std::size_t at = 1; at < words.size(); ++at) {
    if (words[at] == "--") break;
    if (one_of("--version|--help|-v", words[at]) && at == 1)
      return add(Kind::other, program, words, context), true;
  }
  Call call = read_call(words, context.directory);
  Context here = context;
  here.directory = call.directory;
  if (runner) {
    std::vector<std::string> names;
    for (std::size_t at = 1; at < words.size(); ++at) {
      if (one_of("-t|--target|--targets", words[at]) && at + 1 < words.size()) {
        for (auto& name : split(words[++at], ',')) names.push_back(std::move(name));
        while (at + 1 < words.size() && words[at + 1][0] != '-') names.push_back(words[++at]);
      } else if (words[at].starts_with("--target=") || words[at].starts_with("--targets=")) {
        for (auto& name : split(words[at].substr(words[at].find('=') + 1), ','))
          names.push_back(std::move(name));
      }
    }
    if (names.empty()) {
      auto plain = call.words;
      if (!plain.empty() && one_of("run|run-many|affected", plain[0])) plain.erase(plain.begin());
      if (program == "nx") {
        // `nx test app`, `nx run app:test`
        if (plain.size() > 1) plain.resize(1);
        for (auto& name : plain) {
          if (const auto colon = name.find(':'); colon != std::string::npos) name = name.substr(colon + 1);
        }
      }
      names = std::move(plain);
    }
    bool any = false;
    for (const auto& name : names) any = node_task(name, words, here, {}, true) || any;
    if (!any) return false;
    return true;
  }
  if (call.words.empty()) return add(Kind::other, program, words, context), true;
  std::string name = call.words[0];
  bool named = false;  // by `run`: no command of its own
  if (name == "workspace" && call.words.size() > 2) {
    call.packages.push_back(call.words[1]);
    call.words.erase(call.words.begin(), call.words.begin() + 2);
    name = call.words[0];
  } else if (name == "workspaces" && call.words.size() > 1) {
    call.all = true;
    call.words.erase(call.words.begin());
    if (call.words[0] == "foreach") call.words.erase(call.words.begin());
    if (call.words.empty()) return add(Kind::other, program, words, context), true;
    name = call.words[0];
  } else if (name == "--filter") {
    return false;
  }
  if (one_of("run|run-script|rum|urn", name)) {
    call.words.erase(call.words.begin());
    if (call.words.empty()) return add(Kind::other, program, words, context), true;
    name = call.words[0];
    named = true;
  } else if (program == "bun" && name == "test") {
    return false;  // its own test runner
  } else if (one_of("test|t|tst", name) || (program == "npm" && one_of("it|install-test|cit", name))) {
    name = "test";
    named = true;
  } else if (one_of("exec|dlx|x", name)) {
    return false;
  } else if (program == "npm" || one_of(kOwn, name)) {
    return add(Kind::other, program, words, context), true;
  }
  if (call.all || !call.packages.empty()) {
    if (node_task(name, words, here, call.packages, call.all)) return true;
  } else if (const auto* package = package_of(here.directory)) {
    // `yarn run-p` of a pattern, and what npm runs before by itself
    if (this->call(package, name, words, here)) return true;
  }
  // A program of the packages: `yarn jest`, `pnpm vitest run`
  if ((!named || program == "yarn" || program == "jlpm" || program == "bun") && name != "test") {
    const std::vector<std::string> inner(call.words.begin(), call.words.end());
    const auto known = classify(inner);
    if (known.kind != Kind::unknown ||
        one_of("npm-run-all|run-s|run-p|turbo|nx|lerna|cross-env|dotenv|nyc|c8", inner[0])) {
      command(inner, here);
      return true;
    }
  }
  const std::vector<std::string> names = {name};
  if (one_of("*build*|*lint*|*format*|*fmt*|*type*|*docs*|*deploy*|*publish*|*release*|*start*|*dev*|*clean*|"
             "*install*|*prettier*|*generate*|*codegen*|*compile*|*bundle*|*storybook*|*size*|prepare*|*"
             "preview*",
             name) &&
      name.find("test") == std::string::npos) {
    add(Kind::other, program, words, context);
  } else {
    by_names(names, words, context);
  }
  return true;
}

}  // namespace exitgate::commands
