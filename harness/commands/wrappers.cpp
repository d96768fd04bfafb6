#include "harness/commands/wrappers.h"

#include <algorithm>
#include <string_view>
#include <unordered_map>

#include "harness/base/text.h"
#include "harness/commands/tools.h"

namespace exitgate::commands {

namespace {

// `PROGRAM [WORDS] [options] [so many words] COMMAND`
struct Wrapper {
  std::string_view program;
  std::string_view words;       // "exec|run": one of them comes first; "" for none
  std::string_view with_value;  // options that take the next word
  int skip = 0;                 // words before the command
  bool in_container = false;
  bool after_dashes = false;  // only what is behind `--` is a command
};

constexpr std::string_view kDocker =
    "-f|--file|-p|--project-name|--profile|--env-file|--project-directory|-e|--env|-v|--volume|-w|--workdir|"
    "-u|--user|--name|--network|--net|--entrypoint|--platform|--mount|-m|--memory|--cpus|--shm-size|--"
    "publish|"
    "-h|--hostname|--add-host|--cap-add|--cap-drop|--security-opt|--label|-l|--link|--ulimit|--device|--gpus|"
    "--tmpfs|--pull|--ipc|--pid|--log-driver|--volumes-from|--index|--dns|--cidfile|--group-add|--userns";
constexpr std::string_view kPython =
    "-p|--python|--with|--extra|--group|--only-group|--with-requirements|--env-file|--index-url|--index|"
    "--project|--directory|--package|--no-group|--resolution|--config-file|--with-editable|--no-extra|"
    "--cache-dir|--color|--from|-P|-C|-e|--environment|--manifest-path|-n|--name|--prefix|--cwd|--spec|-i";

constexpr Wrapper kWrappers[] = {
    {"sudo|doas", "", "-u|-g|-h|-p|-C|-r|-t|-U|-T|-D|--user|--group|--chdir|--prompt|--host"},
    {"call", "", ""},
    {"xcrun", "", "--sdk|--toolchain"},
    {"nice|ionice|stdbuf|setsid|nohup|exec|builtin|unbuffer|chronic|time|setarch|linux32|linux64|arch|"
     "caffeinate|eatmydata|fakeroot|dbus-run-session|catchsegv|numactl|prlimit|systemd-run|bwrap|firejail",
     "", "-n|-c|-p|-i|-o|-e|-f|-a|-u|--adjustment|--unit|--property|--bind|--ro-bind|--chdir|--setenv"},
    {"xvfb-run|xvfb-maybe|xwfb-run|winpty|wine|wine64|cage|qemu-*", "",
     "-n|-e|-f|-s|-p|-w|-L|--server-args|--server-num|--error-file|--auth-file|--xauth-protocol|--wait"},
    {"strace|ltrace|perf|valgrind|heaptrack|rr|kcov|gdb|lldb|sde|sde64", "record|stat|",
     "-o|-e|-p|-ex|-F|--include-pattern|--exclude-pattern|--include-path|--exclude-path"},
    {"nyc|c8|istanbul|cross-env|cross-env-shell|env-cmd|dotenv|dotenvx|ddtrace-run|opentelemetry-instrument|"
     "pg_virtualenv|pifpaf|mpirun|mpiexec|srun|xargs|parallel|with-contenv|envchain|godotenv",
     "run|",
     "-r|-x|-e|-f|-n|-np|-c|-p|-P|-I|-L|--reporter|--report-dir|--reports-dir|--exclude|--include|--src|"
     "--temp-directory"},
    {"timeout|gtimeout", "", "-s|-k|--signal|--kill-after", 1},
    {"flock|faketime|gosu|su-exec|setuidgid", "", "-w|-E|-f", 1},
    {"retry|retry.sh|retry_command|retry_cmd|with_retry|travis_retry|travis_wait|run_with_retry|"
     "run-with-retry|repeat",
     "", "-t|-d|-m|-n|-s|-b|-w|--times|--tries|--delay|--max|--attempts|--max-attempts|--sleep|--backoff"},
    {"direnv", "exec", "", 1},
    {"nix|nix-shell|guix|devenv", "develop|shell|run", "", 0, false, true},
    {"bundle|bundler", "exec", "--gemfile"},
    {"appraisal", "", "", 1},
    {"rbenv|pyenv|asdf|nodenv|goenv|jenv|phpenv", "exec", ""},
    {"mise|rtx|proto|volta|devbox|flox|fnm|pkgx", "exec|x|run", "-C|-c|--cd|--using|-E"},
    {"poetry|pdm|uv|pipenv|rye|hatch|conda|mamba|micromamba|pixi|pipx", "run", kPython},
    {"uv", "tool run", kPython},
    {"uvx", "", kPython},
    {"op|doppler|infisical|chamber|aws-vault", "run|exec", "--env-file", 0, false, true},
    {"npx|pnpx|bunx", "", "-p|--package|-c|--call|-w|--workspace|--prefix"},
    {"pnpm|yarn|npm|bun", "exec|dlx|x",
     "-w|--workspace|--filter|-F|-C|--dir|--cwd|--prefix|-p|--package|-c|--call"},
    {"coverage|coverage3|slipcover|kernprof|memray", "run",
     "--rcfile|--source|--omit|--include|--data-file|--context|--concurrency|-o"},
    {"docker|podman|nerdctl", "run|container run|exec|container exec|compose run|compose exec", kDocker, 1,
     true},
    {"docker-compose|podman-compose", "run|exec", kDocker, 1, true},
    {"kubectl|oc", "exec|run", "", 0, true, true},
    {"lerna|wsrun", "exec", "", 0, false, true},
    {"ddev|lando|sail|warden", "exec|ssh -c|", "-s|-d", 0, true},
    {"wait-for-it|wait-for-it.sh|wait-for|wait-for.sh|dockerize|with-server|percy|start-server", "exec|",
     "-t|--timeout|-p|--port|-h|--host|-wait|-timeout", 0, false, true},
    {"meteor", "npx|npm", ""},
    {"emmake|emconfigure", "", ""},
};

// By name: most programs wrap nothing.
const std::vector<const Wrapper*>& wrappers_of(const std::string& program) {
  static const auto by_name = [] {
    std::unordered_map<std::string_view, std::vector<const Wrapper*>> map;
    for (const Wrapper& wrapper : kWrappers) {
      for (std::string_view list = wrapper.program; !list.empty();) {
        const auto bar = list.find('|');
        map[list.substr(0, bar)].push_back(&wrapper);
        list.remove_prefix(bar == std::string_view::npos ? list.size() : bar + 1);
      }
    }
    return map;
  }();
  static const std::vector<const Wrapper*> none;
  const auto found = by_name.find(program.starts_with("qemu-") ? "qemu-*" : std::string_view(program));
  return found == by_name.end() ? none : found->second;
}

bool is_assignment(std::string_view word) {
  const auto equals = word.find('=');
  return equals != std::string_view::npos && equals > 0 &&
         word.substr(0, equals).find_first_not_of(
             "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_") == std::string_view::npos;
}

bool is_number(std::string_view word) {
  return !word.empty() && word.find_first_not_of("0123456789") == std::string_view::npos;
}

bool is_option(std::string_view word) {
  return word.size() > 1 && word[0] == '-';
}

std::vector<std::string> from(std::span<const std::string> words, std::size_t at) {
  if (at >= words.size()) return {};
  return {words.begin() + static_cast<std::ptrdiff_t>(at), words.end()};
}

// Where the words of `wanted` ("compose run") end in `words`, options between them skipped; 0 when they are not
// the first.
std::size_t past_words(std::span<const std::string> words, std::string_view wanted,
                       std::string_view with_value) {
  std::size_t at = 1;
  while (!wanted.empty()) {
    const auto space = wanted.find(' ');
    while (at < words.size() && is_option(words[at])) at += one_of(with_value, words[at]) ? 2 : 1;
    if (at >= words.size() || words[at] != wanted.substr(0, space)) return 0;
    ++at;
    if (space == std::string_view::npos) break;
    wanted.remove_prefix(space + 1);
  }
  return at;
}

Unwrapped apply(const Wrapper& wrapper, std::span<const std::string> words, std::size_t at) {
  Unwrapped inner;
  inner.in_container = wrapper.in_container;
  inner.node_program = one_of("npx|pnpx|bunx|pnpm|npm|bun|yarn", program_name(words[0]));
  if (wrapper.after_dashes) {
    const auto dashes = std::find(words.begin() + static_cast<std::ptrdiff_t>(at), words.end(), "--");
    if (dashes == words.end()) return {};
    inner.words = {dashes + 1, words.end()};
  } else {
    int skip = wrapper.skip;
    for (; at < words.size(); ++at) {
      const std::string& word = words[at];
      if (word == "--") {
        ++at;
        break;
      }
      if (is_option(word)) {
        // `npx -c 'jest --ci'`
        if (inner.node_program && (word == "-c" || word == "--call") && at + 1 < words.size()) {
          inner.what = Unwrapped::script;
          inner.text = words[at + 1];
          return inner;
        }
        if (one_of("-C|--directory|--cwd|--dir|--prefix|--project", word) && at + 1 < words.size() &&
            !wrapper.in_container && one_of("uv|poetry|pdm|pnpm|yarn|npm|npx", program_name(words[0])))
          inner.directory = words[at + 1];
        // `uv run -m pytest`
        if (word == "-m" && one_of("uv|coverage|coverage3|pipx|slipcover|kernprof", program_name(words[0]))) {
          inner.words = from(words, at + 1);
          inner.what = inner.words.empty() ? Unwrapped::nothing : Unwrapped::command;
          return inner;
        }
        if (one_of(wrapper.with_value, word)) ++at;
      } else if (is_assignment(word) && skip == 0 && !wrapper.in_container) {
        continue;
      } else if (skip > 0) {
        --skip;
      } else {
        break;
      }
    }
    inner.words = from(words, at);
  }
  while (!inner.words.empty() && is_assignment(inner.words[0])) inner.words.erase(inner.words.begin());
  // `npx jest@29`
  if (inner.node_program && !inner.words.empty()) {
    auto& name = inner.words[0];
    if (const auto version = name.rfind('@'); version != std::string::npos && version > 0)
      name.resize(version);
  }
  inner.project_script = one_of("hatch|pdm|rye|pixi|pipenv|poetry", program_name(words[0]));
  inner.what = inner.words.empty() ? Unwrapped::nothing : Unwrapped::command;
  return inner;
}

Unwrapped as_command(std::vector<std::string> words) {
  Unwrapped inner;
  inner.words = std::move(words);
  inner.what = inner.words.empty() ? Unwrapped::nothing : Unwrapped::command;
  return inner;
}

Unwrapped as_script(std::string text) {
  Unwrapped inner;
  inner.what = Unwrapped::script;
  inner.text = std::move(text);
  return inner;
}

// `bash -euo pipefail -c '…'`, `bash ci/test.sh`
Unwrapped shell(std::span<const std::string> words) {
  for (std::size_t at = 1; at < words.size(); ++at) {
    const std::string& word = words[at];
    if (is_option(word) || word[0] == '+') {
      if (!word.starts_with("--") && word.find('c') != std::string::npos && at + 1 < words.size()) {
        std::size_t next = at + 1;
        while (next < words.size() && is_option(words[next])) ++next;
        return next < words.size() ? as_script(words[next]) : Unwrapped{};
      }
      if (word.ends_with('o') || word == "--rcfile" || word == "--init-file" || word == "-O") ++at;
      continue;
    }
    Unwrapped inner;
    inner.what = Unwrapped::file;
    inner.text = word;
    return inner;
  }
  return {};
}

Unwrapped powershell(std::span<const std::string> words) {
  for (std::size_t at = 1; at < words.size(); ++at) {
    const std::string option = lower(words[at]);
    if (option == "-command" || option == "-c") return as_script(join(from(words, at + 1), " "));
    if (option == "-file" || option == "-f") {
      Unwrapped inner;
      inner.what = at + 1 < words.size() ? Unwrapped::file : Unwrapped::nothing;
      if (at + 1 < words.size()) inner.text = words[at + 1];
      return inner;
    }
  }
  return {};
}

// `nix develop .#ci -c pytest`, `nix-shell --run 'make test'`
Unwrapped nix(std::span<const std::string> words) {
  for (std::size_t at = 1; at < words.size(); ++at) {
    if (words[at] == "-c" || words[at] == "--command") {
      auto inner = from(words, at + 1);
      if (inner.size() == 1) return as_script(inner[0]);
      return as_command(std::move(inner));
    }
    if ((words[at] == "--run") && at + 1 < words.size()) return as_script(words[at + 1]);
  }
  return {};
}

Unwrapped python(std::span<const std::string> words) {
  for (std::size_t at = 1; at < words.size(); ++at) {
    const std::string& word = words[at];
    if (word == "-m") return as_command(from(words, at + 1));
    if (word == "-") return {};
    if (is_option(word)) {
      if (word == "-W" || word == "-X") ++at;
      if (word == "-c") return {};
      // `-mpytest`, `-Im pytest`
      if (word.starts_with("-m")) {
        auto inner = from(words, at);
        inner[0] = inner[0].substr(2);
        return as_command(std::move(inner));
      }
      if (!word.starts_with("--") && word.ends_with('m')) return as_command(from(words, at + 1));
      continue;
    }
    // `python manage.py test`, `python setup.py test`, `python /usr/bin/pytest`
    return one_of("*.py", word) && !one_of("manage.py|setup.py|runtests.py", program_name(word))
               ? Unwrapped{}
               : as_command(from(words, at));
  }
  return {};
}

Unwrapped env(std::span<const std::string> words) {
  std::size_t at = 1;
  for (; at < words.size(); ++at) {
    if (words[at] == "-S" || words[at] == "--split-string") return as_script(join(from(words, at + 1), " "));
    if (is_option(words[at])) {
      if (one_of("-u|-C|--unset|--chdir", words[at])) ++at;
    } else if (!is_assignment(words[at])) {
      break;
    }
  }
  return as_command(from(words, at));
}

// `go run gotest.tools/gotestsum@latest ./...`, `go tool gotestsum`
Unwrapped go(std::span<const std::string> words) {
  std::size_t at = 2;
  while (at < words.size() && is_option(words[at]))
    at += one_of("-tags|-ldflags|-mod|-C|-modfile", words[at]) ? 2 : 1;
  auto inner = from(words, at);
  if (inner.empty()) return {};
  if (const auto version = inner[0].find('@'); version != std::string::npos) inner[0].resize(version);
  // A module's last part may be its version: `ginkgo/v2/ginkgo` is not one, `gotestsum/v2` is.
  if (const auto slash = inner[0].rfind("/v");
      slash != std::string::npos && is_number(inner[0].substr(slash + 2)))
    inner[0].resize(slash);
  return as_command(std::move(inner));
}

// Programs whose last words are command lines: `start-server-and-test start 3000 'cypress run'`,
// `concurrently 'npm start' 'npm test'`.
Unwrapped command_lines(std::span<const std::string> words, bool last_only) {
  std::vector<std::string> lines;
  for (std::size_t at = 1; at < words.size(); ++at) {
    if (is_option(words[at])) {
      if (one_of("-n|--names|-c|--prefix-colors|--prefix|--only|--project|-P|--import|--config|--ui|--export-"
                 "on-exit|-k-none|--debug",
                 words[at]))
        ++at;
      continue;
    }
    lines.push_back(words[at]);
  }
  if (lines.empty()) return {};
  if (last_only) lines = {lines.back()};
  return as_script(join(lines, "\n"));
}

}  // namespace

Unwrapped unwrap(std::span<const std::string> words) {
  if (words.empty()) return {};
  const std::string program = program_name(words[0]);
  if (program == "env") return env(words);
  // `node --experimental-vm-modules node_modules/jest/bin/jest.js`
  if (program == "node" || program == "nodejs") {
    const auto file = std::find_if(words.begin() + 1, words.end(), [](const auto& word) {
      return !word.starts_with('-') && word.find("node_modules/") != std::string::npos;
    });
    if (file != words.end()) {
      std::vector<std::string> inner(file, words.end());
      inner[0] = program_name(inner[0]);
      if (const auto dot = inner[0].find('.'); dot != std::string::npos && dot > 0) inner[0].resize(dot);
      return as_command(std::move(inner));
    }
  }
  if (program == "go" && words.size() > 2 && one_of("run|tool", words[1])) return go(words);
  if (program == "command") {
    if (words.size() > 1 && is_option(words[1])) return {};
    return as_command(from(words, 1));
  }
  if (one_of("bash|sh|zsh|dash|ash|ksh", program)) return shell(words);
  if (one_of("pwsh|powershell", lower(program))) return powershell(words);
  if (program == "cmd" && words.size() > 2 && (lower(words[1]) == "/c" || lower(words[1]) == "/s"))
    return as_script(join(from(words, 2), " "));
  if (program == "eval") return as_script(join(from(words, 1), " "));
  if ((program == "source" || program == ".") && words.size() > 1) {
    Unwrapped inner;
    inner.what = Unwrapped::file;
    inner.text = words[1];
    return inner;
  }
  if (one_of("su|runuser|script", program)) {
    const auto option = std::find_if(words.begin(), words.end(),
                                     [](const auto& word) { return word == "-c" || word == "--command"; });
    if (option != words.end() && option + 1 != words.end()) return as_script(*(option + 1));
  }
  if (one_of("python|python2*|python3*|python$*|py|pypy*", program)) return python(words);
  if (one_of("php|perl|ruby|jruby|lua|luajit|php?.*", program)) {
    std::size_t at = 1;
    while (at < words.size() && is_option(words[at])) at += one_of("-d|-c|-I|-r|-e|-M*", words[at]) ? 2 : 1;
    const auto inner = from(words, at);
    if (!inner.empty() && !one_of("*.php|*.pl|*.lua|*.t", inner[0]) &&
        inner[0].find('.') == std::string::npos)
      return as_command(inner);
    if (!inner.empty() && one_of("*.phar|codecept.php", program_name(inner[0]))) return as_command(inner);
    return {};
  }
  if (one_of("nix|nix-shell|guix|devenv", program)) {
    auto inner = nix(words);
    if (inner.what != Unwrapped::nothing) return inner;
  }
  if (one_of("start-server-and-test|server-test|start-test", program)) return command_lines(words, true);
  if (one_of("concurrently|conc", program)) return command_lines(words, false);
  if (program == "firebase" && words.size() > 2 && one_of("emulators:exec*", words[1]))
    return as_script(words.back());
  for (const Wrapper* found : wrappers_of(program)) {
    const Wrapper& wrapper = *found;
    std::string_view list = wrapper.words;
    if (list.empty()) {
      auto inner = apply(wrapper, words, 1);
      while (one_of("retry*|repeat|travis_*|*_retry|run-with-retry", program) && !inner.words.empty() &&
             (is_number(inner.words[0]) || one_of("?s|??s|?m|??m", inner.words[0]))) {
        inner.words.erase(inner.words.begin());
        if (inner.words.empty()) inner.what = Unwrapped::nothing;
      }
      // `retry 'pytest -x'`
      if (inner.words.size() == 1 && inner.words[0].find(' ') != std::string::npos)
        return as_script(inner.words[0]);
      return inner;
    }
    while (true) {
      const auto bar = list.find('|');
      const auto wanted = list.substr(0, bar);
      if (const auto at = past_words(words, wanted, wrapper.with_value); at > 0) {
        auto inner = apply(wrapper, words, at);
        if (inner.what != Unwrapped::nothing) return inner;
      }
      if (bar == std::string_view::npos) break;
      list.remove_prefix(bar + 1);
    }
  }
  return {};
}

}  // namespace exitgate::commands
