#include "harness/commands/tools.h"

#include <algorithm>
#include <array>
#include <unordered_map>

#include "harness/base/text.h"

namespace exitgate::commands {

namespace {

// Calls `take` for each alternative; true as soon as one call is.
template <typename Take>
bool any_alternative(std::string_view list, const Take& take) {
  while (!list.empty()) {
    const auto bar = list.find('|');
    if (take(list.substr(0, bar))) return true;
    if (bar == std::string_view::npos) break;
    list.remove_prefix(bar + 1);
  }
  return false;
}

bool is_glob(std::string_view text) {
  return text.find_first_of("*?") != std::string_view::npos;
}

// The entries that may fit a program, by its name; those with wildcards beside them.
struct Index {
  std::unordered_map<std::string_view, std::vector<const Tool*>> named;
  std::vector<std::pair<std::string_view, const Tool*>> globs;
  std::unordered_map<std::string_view, bool> other;
  std::vector<std::string_view> other_globs;
  std::unordered_map<std::string_view, std::string_view> options;
};

const Index& index() {
  static const Index made = [] {
    Index index;
    for (const Tool& tool : tools()) {
      any_alternative(tool.program, [&](std::string_view name) {
        if (is_glob(name)) {
          index.globs.emplace_back(name, &tool);
        } else {
          index.named[name].push_back(&tool);
        }
        return false;
      });
    }
    for (const auto list : other_programs()) {
      any_alternative(list, [&](std::string_view name) {
        if (is_glob(name)) {
          index.other_globs.push_back(name);
        } else {
          index.other[name] = true;
        }
        return false;
      });
    }
    for (const Options& entry : options()) {
      any_alternative(entry.program, [&](std::string_view name) {
        index.options[name] = entry.with_value;
        return false;
      });
    }
    return index;
  }();
  return made;
}

// Whether words[at…] begin with the words of `wanted` ("nextest run").
bool begins(std::span<const std::string> words, std::size_t at, std::string_view wanted) {
  while (!wanted.empty()) {
    const auto space = wanted.find(' ');
    if (at >= words.size() || !glob_match(wanted.substr(0, space), words[at])) return false;
    ++at;
    if (space == std::string_view::npos) return true;
    wanted.remove_prefix(space + 1);
  }
  return true;
}

bool anywhere(std::span<const std::string> words, std::size_t from, std::string_view list) {
  return any_alternative(list, [&](std::string_view wanted) {
    for (std::size_t at = from; at < words.size(); ++at) {
      if (words[at] == "--") return false;
      if (begins(words, at, wanted)) return true;
    }
    return false;
  });
}

bool asks_about_itself(std::span<const std::string> words) {
  constexpr std::array<std::string_view, 5> kAsks = {"--version", "--help", "-version", "-h", "-V"};
  for (std::size_t at = 1; at < words.size(); ++at) {
    if (words[at] == "--") return false;
    const auto found = std::find(kAsks.begin(), kAsks.end(), words[at]);
    if (found == kAsks.end()) continue;
    // `-h` and `-V` mean a host, or anything, further back.
    if (words[at].starts_with("--") || words.size() == 2) return true;
  }
  return false;
}

bool fits(const Tool& tool, std::span<const std::string> words, std::span<const std::string> plain) {
  if (anywhere(words, 1, tool.unless)) return false;
  switch (tool.where) {
    case Words::none:
      return true;
    case Words::first:
      return any_alternative(tool.words, [&](std::string_view wanted) { return begins(plain, 0, wanted); });
    case Words::any:
      return any_alternative(tool.words, [&](std::string_view wanted) {
        const auto in = wanted.starts_with('-') ? words.subspan(1) : plain;
        for (std::size_t at = 0; at < in.size(); ++at) {
          if (begins(in, at, wanted)) return true;
        }
        return false;
      });
  }
  return false;
}

}  // namespace

std::string_view kind_name(Kind kind) {
  switch (kind) {
    case Kind::test:
      return "test";
    case Kind::migrate:
      return "migrate";
    case Kind::dump:
      return "dump";
    case Kind::other:
      return "other";
    case Kind::unknown:
      return "unknown";
  }
  return "unknown";
}

bool one_of(std::string_view list, std::string_view text) {
  // Most lists are plain names: such a one is searched as one text, which takes a third of the time.
  if (!text.empty() && list.find('*') == list.npos && list.find('?') == list.npos &&
      text.find('|') == text.npos) {
    for (auto at = list.find(text); at != list.npos; at = list.find(text, at + 1)) {
      const auto end = at + text.size();
      if ((at == 0 || list[at - 1] == '|') && (end == list.size() || list[end] == '|')) return true;
    }
    return false;
  }
  return any_alternative(list, [&](std::string_view name) { return glob_match(name, text); });
}

std::string program_name(std::string_view word) {
  if (const auto slash = word.find_last_of("/\\"); slash != std::string_view::npos)
    word.remove_prefix(slash + 1);
  if (word.size() <= 4 || word[word.size() - 4] != '.') return std::string(word);
  for (const std::string_view ending : {".exe", ".cmd", ".bat"}) {
    if (word.size() > ending.size() && lower(word).ends_with(ending)) word.remove_suffix(ending.size());
  }
  return std::string(word);
}

std::vector<std::string> arguments(std::span<const std::string> words, std::size_t from) {
  std::vector<std::string> found;
  if (words.empty()) return found;
  const auto known = index().options.find(program_name(words[0]));
  const std::string_view with_value = known == index().options.end() ? std::string_view() : known->second;
  for (std::size_t at = from; at < words.size(); ++at) {
    const std::string& word = words[at];
    if (word == "--") {
      found.insert(found.end(), words.begin() + static_cast<std::ptrdiff_t>(at) + 1, words.end());
      break;
    }
    if (word.size() > 1 && word[0] == '-') {
      if (any_alternative(with_value, [&](std::string_view option) { return option == word; })) ++at;
    } else if (!(word.size() > 1 && word[0] == '+' && at == 1 &&
                 one_of("cargo|cross|rustc", words[0]))) {  // `cargo +nightly`
      found.push_back(word);
    }
  }
  return found;
}

Classified classify(std::span<const std::string> words) {
  if (words.empty()) return {Kind::other, ""};
  const std::string program = program_name(words[0]);
  if (asks_about_itself(words)) return {Kind::other, program};
  const auto plain = arguments(words);
  const Index& known = index();
  bool in_table = false;
  const auto named = known.named.find(program);
  if (named != known.named.end()) {
    in_table = true;
    for (const Tool* tool : named->second) {
      if (fits(*tool, words, plain)) return {tool->kind, program};
    }
  }
  for (const auto& [name, tool] : known.globs) {
    if (!glob_match(name, program) || !fits(*tool, words, plain)) continue;
    return {tool->kind, program};
  }
  // PowerShell's own and its modules' commands are a verb and a noun; only those of Pester test.
  const auto dash = program.find('-');
  const bool verb = dash != std::string::npos && program[0] >= 'A' && program[0] <= 'Z' &&
                    dash + 1 < program.size() && program[dash + 1] >= 'A' && program[dash + 1] <= 'Z';
  if (verb && lower(program) == "invoke-pester") return {Kind::test, program};
  for (const OpenEnded& open : open_ended()) {
    if (!one_of(open.program, program)) continue;
    // Of several tasks each has to be known; what follows a subcommand is its own.
    const bool tasks =
        one_of("gradle|gradlew|rake|rails|sbt|sbtn|sbtx|mill|millw|ninja*|samu|ant|lein", program);
    const auto end = tasks || plain.empty() ? plain.end() : plain.begin() + 1;
    const bool all_known = std::all_of(plain.begin(), end, [&](const auto& word) {
      return one_of(open.other_words, word) || word.find('=') != std::string::npos;
    });
    const bool by_default = plain.empty() && one_of("rake|ant|zig", program);
    if (!all_known || by_default) return {Kind::unknown, ""};
  }
  // What these run is a program.
  constexpr std::string_view kInterpreters =
      "node|tsx|ts-node|deno|bun|julia|R|Rscript|emacs|setup.py|console|cli.js|bb";
  if (in_table && one_of(kInterpreters, program) && !plain.empty() &&
      !(one_of("deno|bun", program) &&
        one_of("lint|fmt|check|cache|install|add|build|compile|info|doc|publish|upgrade|"
               "outdated|audit|link|remove|pm|init|create",
               plain[0])))
    return {Kind::unknown, ""};
  if (in_table || verb || known.other.contains(program) || known.other.contains(lower(program)) ||
      std::any_of(known.other_globs.begin(), known.other_globs.end(),
                  [&](std::string_view glob) { return glob_match(glob, program); })) {
    return {Kind::other, program};
  }
  return {Kind::unknown, ""};
}

bool speaks_of_tests(std::string_view text) {
  const std::string low = lower(text);
  for (const std::string_view word : {"test", "spec"}) {
    for (auto at = low.find(word); at != std::string::npos; at = low.find(word, at + 1)) {
      const bool part = at > 1 && (low.compare(at - 2, 2, "la") == 0 || low.compare(at - 2, 2, "at") == 0 ||
                                   low.compare(at - 2, 2, "es") == 0 || low.compare(at - 2, 2, "as") == 0);
      const bool other = low.compare(at, 6, "specif") == 0 || low.compare(at, 6, "specia") == 0;
      if (!part && !other) return true;
    }
  }
  return false;
}

bool names_tests(std::string_view name) {
  // `tests/run.py`: the folder says it.
  if (const auto slash = name.rfind('/'); slash != std::string_view::npos) {
    const auto folder = name.substr(0, slash);
    const auto last = folder.substr(folder.find_last_of('/') + 1);
    const auto file = name.substr(slash + 1);
    if (one_of("test|tests", last) && one_of("index|run|all|main|runner", file.substr(0, file.find('.'))))
      return true;
  }
  // Words of the name, without its ending: "run_unit-tests.sh" gives run, unit, tests.
  std::vector<std::string> words(1);
  if (const auto slash = name.find_last_of("/\\"); slash != std::string_view::npos)
    name.remove_prefix(slash + 1);
  if (const auto dot = name.rfind('.'); dot != std::string_view::npos && dot > 0) name = name.substr(0, dot);
  for (const char c : lower(name)) {
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
      words.back() += c;
    } else if (!words.back().empty()) {
      words.emplace_back();
    }
  }
  if (words.back().empty()) words.pop_back();
  if (words.empty()) return false;
  constexpr std::string_view kSays = "test|tests|testing|unittest|unittests|e2e|runtests|runtest|testsuite";
  constexpr std::string_view kNot =
      "setup|install|build|compile|prepare|create|start|stop|wait|generate|gen|clean|cleanup|data|db|"
      "database|"
      "server|deps|lint|format|fmt|docs|doc|env|up|down|config|configure|report|reports|upload|download|"
      "images|"
      "image|init|typecheck|types|pull|push|fixtures|results|result|logs|requirements|seed|reset|update|"
      "publish|"
      "deploy|release|watch|dev|open|matrix|list|changed|affected|select|shard|merge|summary|user|users|"
      "cluster|"
      "container|containers|cert|certs|key|keys|package|packages|sync|count|detect|find|check";
  // "test-ui", "ci-test", "run-tests-fast"; a word in the middle says what something is about.
  const bool says = one_of(kSays, words.front()) || one_of(kSays, words.back()) ||
                    (words.size() > 1 && one_of("run|ci|make", words.front()) && one_of(kSays, words[1])) ||
                    (words.size() == 1 && one_of("spec|specs", words[0])) || name.starts_with("spec:");
  if (!says) return false;
  return std::none_of(words.begin(), words.end(), [&](const auto& word) { return one_of(kNot, word); });
}

}  // namespace exitgate::commands
