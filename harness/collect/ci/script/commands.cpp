#include <algorithm>
#include <charconv>

#include "harness/base/text.h"
#include "harness/collect/ci/script/jq.h"
#include "harness/collect/ci/script/machine.h"

namespace exitgate::collect::ci::script {

namespace {

using Words = std::vector<std::string>;

// What tells somebody or writes something down, whatever it is given.
constexpr std::string_view kTellers[] = {"gh",    "curl", "wget",  "git",  "tee",   "cat",  "mkdir", "date",
                                         "sleep", "rm",   "touch", "aws",  "slack", "mail", "cd",    "ls",
                                         "env",   "cp",   "mv",    "sudo", "trap",  "wait", "unset", "shopt"};

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines = split(text, '\n');
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  return lines;
}

bool any_looked(const Words& words, const State& state) {
  return is_looked(state.input) ||
         std::any_of(words.begin(), words.end(), [](const auto& word) { return is_looked(word); });
}

void finish(State state, int status, States& into) {
  state.status = status;
  into.push_back(std::move(state));
}

// Its output cannot be told.
void write_unknown(State& state, bool looked) {
  if (looked) state.output += kLooked;
  state.output += kUnknown;
}

void leave(const Words& words, State state, States& into) {
  state.left = true;
  if (words.size() < 2) {
    into.push_back(std::move(state));
    return;
  }
  const std::string text = plain(words[1]);
  int status = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), status);
  if (is_unknown(words[1]) || (error == std::errc() && end != text.data() + text.size())) {
    part(std::move(state), "the script leaves with a status known only to the run", into);
  } else {
    finish(std::move(state), error == std::errc() ? status & 255 : 2, into);
  }
}

void print(const Words& words, State state, States& into) {
  std::string text;
  if (words[0] == "printf") {
    for (std::size_t i = 1; i < words.size(); ++i) {
      std::string word = words[i];
      if (i == 1) {
        // The format: its own words, then those given.
        for (const std::string_view mark : {"%s", "%b", "%q"}) {
          for (auto at = word.find(mark); at != std::string::npos; at = word.find(mark)) word.erase(at, 2);
        }
        bool newline = false;
        for (auto at = word.find("\\n"); at != std::string::npos; at = word.find("\\n")) {
          word.replace(at, 2, "\n");
          newline = true;
        }
        if (newline && words.size() > 2 && plain(word) == "\n") {
          for (std::size_t j = 2; j < words.size(); ++j) text += words[j] + "\n";
          break;
        }
      }
      text += word;
    }
  } else {
    bool first = true;
    bool newline = true;
    for (std::size_t i = 1; i < words.size(); ++i) {
      if (i == 1 && (words[i] == "-n" || words[i] == "-e" || words[i] == "-ne")) {
        newline = words[i] == "-e";
        continue;
      }
      if (!first) text += ' ';
      first = false;
      text += words[i];
    }
    if (newline) text += '\n';
  }
  state.output += text;
  finish(std::move(state), 0, into);
}

void set_options(const Words& words, State& state) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string& word = words[i];
    const bool on = word.starts_with('-');
    if ((!on && !word.starts_with('+')) || word == "--") break;
    const bool named = word.find('o') != std::string::npos && i + 1 < words.size();
    if (word.find('e') != std::string::npos) state.stops_at_errors = on;
    if (!named) continue;
    const std::string& name = words[++i];
    if (name == "errexit") state.stops_at_errors = on;
    if (name == "pipefail") state.pipefail = on;
  }
}

void grep(const Words& words, State state, States& into) {
  bool quiet = false;
  bool inverted = false;
  bool ignore_case = false;
  bool extended = words[0] == "egrep";
  bool fixed = words[0] == "fgrep";
  bool counts = false;
  bool whole = false;
  bool apart = false;
  std::vector<std::string> rest;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string word = plain(words[i]);
    if (rest.empty() && word.starts_with("--")) {
      if (word == "--quiet" || word == "--silent") quiet = true;
      if (word == "--extended-regexp") extended = true;
      if (word == "--invert-match") inverted = true;
    } else if (rest.empty() && word.starts_with('-') && word.size() > 1) {
      for (const char c : word.substr(1)) {
        if (c == 'q') quiet = true;
        if (c == 'v') inverted = true;
        if (c == 'i') ignore_case = true;
        if (c == 'E' || c == 'P') extended = true;
        if (c == 'F') fixed = true;
        if (c == 'c') counts = true;
        if (c == 'x') whole = true;
        if (c == 'o') apart = true;
      }
    } else {
      rest.push_back(words[i]);
    }
  }
  if (rest.size() != 1 || is_unknown(state.input)) {
    const bool looked = any_looked(words, state);
    if (!quiet) write_unknown(state, looked);
    part(std::move(state),
         looked ? std::string(1, kLooked) + "grep looks into what only the run knows"
                : "grep looks into what only the run knows",
         into);
    return;
  }
  const bool looked = is_looked(state.input);
  state.looked = state.looked || looked;
  int found = 0;
  std::string output;
  for (const std::string& line : lines_of(state.input)) {
    std::optional<bool> fits;
    if (fixed) {
      const std::string bare = plain(line);
      fits = whole ? bare == plain(rest[0]) : bare.find(plain(rest[0])) != std::string::npos;
    } else {
      fits = finds(line, whole ? "^" + rest[0] + "$" : rest[0], ignore_case, extended);
    }
    if (!fits) {
      if (!quiet) write_unknown(state, looked);
      part(std::move(state), "grep looks for an expression that is not followed here", into);
      return;
    }
    if (*fits == inverted) continue;
    ++found;
    // Of `-o` each place is a line: that it is one is all that is asked.
    output += (apart ? (looked ? std::string(1, kLooked) : "") + plain(rest[0]) : line) + "\n";
  }
  if (counts) {
    state.output += (looked ? std::string(1, kLooked) : "") + std::to_string(found) + "\n";
  } else if (!quiet) {
    state.output += output;
  }
  finish(std::move(state), found > 0 ? 0 : 1, into);
}

void run_jq(const Words& words, State state, States& into) {
  bool by_status = false;
  bool raw = false;
  std::string filter;
  bool found = false;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::string word = plain(words[i]);
    if (word == "--exit-status") {
      by_status = true;
    } else if (word == "--raw-output" || word == "--compact-output" || word == "--join-output") {
      raw = raw || word == "--raw-output";
    } else if (word.starts_with("--") || (found && word != "-")) {
      throw NotDecided("the script asks jq what is not followed here");
    } else if (word.starts_with('-') && word.size() > 1) {
      by_status = by_status || word.find('e') != std::string::npos;
      raw = raw || word.find('r') != std::string::npos;
      if (word.find('n') != std::string::npos)
        throw NotDecided("the script asks jq what is not followed here");
    } else if (!found) {
      filter = word;
      found = true;
    }
  }
  const auto value = expression::from_json(plain(state.input));
  if (is_unknown(state.input) || !value) {
    const bool looked = any_looked(words, state);
    write_unknown(state, looked);
    if (looked) throw NotDecided("jq is given what only the run knows");
    return part(std::move(state), "jq is given what only the run knows", into);
  }
  const bool looked = is_looked(state.input);
  const auto results = jq(filter, *value);
  for (const auto& one : results) {
    if (looked) state.output += kLooked;
    state.output +=
        raw && one.kind() == expression::ValueKind::string ? one.text() : expression::to_json(one);
    state.output += '\n';
  }
  int status = 0;
  if (by_status) {
    const bool good = !results.empty() && !results.back().is_null() &&
                      !(results.back().kind() == expression::ValueKind::boolean && !results.back().boolean());
    status = results.empty() ? 4 : good ? 0 : 1;
  }
  finish(std::move(state), status, into);
}

void read_line(const Words& words, State state, States& into) {
  std::string name = "REPLY";
  std::string separator = " ";
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i].starts_with('-')) {
      if (words[i].find('a') != std::string::npos) throw NotDecided("the script reads into an array");
      continue;
    }
    if (name != "REPLY") throw NotDecided("the script reads several values from a line");
    name = words[i];
  }
  if (is_unknown(state.input)) throw NotDecided("the script reads what only the run knows");
  if (state.input.empty()) return finish(std::move(state), 1, into);
  const auto end = std::min(state.input.find('\n'), state.input.size());
  state.variables[name] = state.input.substr(0, end);
  state.input.erase(0, end + 1);
  finish(std::move(state), 0, into);
}

void declare(const Words& words, State state, States& into) {
  for (std::size_t i = 1; i < words.size(); ++i) {
    const auto equals = words[i].find('=');
    if (words[i].starts_with('-')) {
      if (words[i].find('A') != std::string::npos)
        throw NotDecided("the script keeps the results in an array");
      continue;
    }
    if (equals == std::string::npos) {
      if (words[0] == "local") state.variables[words[i]] = "";
      continue;
    }
    state.variables[words[i].substr(0, equals)] = words[i].substr(equals + 1);
  }
  finish(std::move(state), 0, into);
}

// Filters of text of which the plain ones are followed.
bool filter_text(const Words& words, State& state) {
  const bool looked = is_looked(state.input);
  if (words[0] == "wc" && words.size() == 2 && words[1] == "-l" && !is_unknown(state.input)) {
    const auto lines = std::count(state.input.begin(), state.input.end(), '\n');
    state.output += (looked ? std::string(1, kLooked) : "") + std::to_string(lines) + "\n";
    return true;
  }
  if (words[0] == "cat" && words.size() == 1) {
    state.output += state.input;
    return true;
  }
  if ((words[0] == "sort" || words[0] == "uniq") && !is_unknown(state.input)) {
    if (words.size() > 2 || (words.size() == 2 && words[1] != "-u")) return false;
    std::vector<std::string> lines = lines_of(state.input);
    if (words[0] == "sort") std::sort(lines.begin(), lines.end());
    if (words[0] == "uniq" || words.size() == 2)
      lines.erase(std::unique(lines.begin(), lines.end()), lines.end());
    for (const auto& line : lines) state.output += line + "\n";
    return true;
  }
  if (words[0] == "tr" && words.size() >= 3 && !is_unknown(state.input)) {
    const auto letters = [](const std::string& text) {
      return text == "\\n"                          ? std::string("\n")
             : text == "[:upper:]" || text == "A-Z" ? std::string("A-Z")
                                                    : text;
    };
    const std::string from = letters(plain(words[words[1] == "-d" ? 2 : 1]));
    if (words[1] == "-d") {
      for (const char c : state.input) {
        if (from.find(c) == std::string::npos) state.output += c;
      }
      return true;
    }
    const std::string to = letters(plain(words[2]));
    if (from == "A-Z") {
      state.output += lower(state.input);
      return true;
    }
    if (from.size() != 1 || to.size() != 1) return false;
    for (const char c : state.input) state.output += c == from[0] ? to[0] : c;
    return true;
  }
  return false;
}

}  // namespace

void part(State state, const std::string& why, States& into) {
  if (state.why.empty()) state.why = why;
  State other = state;
  state.status = 0;
  other.status = 1;
  into.push_back(std::move(state));
  into.push_back(std::move(other));
}

void run_command(const Words& given, State state, States& into) {
  Words words = given;
  words[0] = plain(words[0]);
  if (is_unknown(given[0])) {
    return part(std::move(state), "the script runs a command known only to the run", into);
  }
  const std::string& name = words[0];
  if (name == "builtin" || name == "command" || name == "time" || name == "exec") {
    if (words.size() > 1 && !words[1].starts_with('-')) {
      words.erase(words.begin());
      return run_command(words, std::move(state), into);
    }
  }
  if (name == "exit" || name == "return") {
    if (name == "exit") return leave(words, std::move(state), into);
    States ended;
    leave(words, std::move(state), ended);
    for (State& one : ended) {
      one.left = false;
      one.returned = true;
      into.push_back(std::move(one));
    }
    return;
  }
  if (name == "true" || name == ":") return finish(std::move(state), 0, into);
  if (name == "false") return finish(std::move(state), 1, into);
  if (name == "continue") {
    state.next_round = true;
    return finish(std::move(state), 0, into);
  }
  if (name == "break") {
    state.leaving_loop = true;
    return finish(std::move(state), 0, into);
  }
  if (name == "echo" || name == "printf") return print(words, std::move(state), into);
  if (name == "set") {
    set_options(words, state);
    return finish(std::move(state), 0, into);
  }
  if (name == "export" || name == "local" || name == "declare" || name == "readonly" || name == "typeset") {
    return declare(words, std::move(state), into);
  }
  if (name == "[" || name == "test") {
    Words rest(given.begin() + 1, given.end());
    if (name == "[") {
      if (rest.empty() || plain(rest.back()) != "]") return finish(std::move(state), 2, into);
      rest.pop_back();
    }
    state.looked = state.looked || any_looked(rest, State{});
    std::string why;
    const auto answer = run_test(rest, false, why);
    if (!answer) return part(std::move(state), why, into);
    return finish(std::move(state), *answer ? 0 : 1, into);
  }
  if (name == "let") {
    const auto value = calculate(words.size() > 1 ? words[1] : "", state);
    if (!value) return part(std::move(state), "the script counts what only the run knows", into);
    return finish(std::move(state), *value != 0 ? 0 : 1, into);
  }
  if (name == "grep" || name == "egrep" || name == "fgrep") return grep(words, std::move(state), into);
  if (name == "jq") return run_jq(words, std::move(state), into);
  if (name == "read") return read_line(words, std::move(state), into);
  if (filter_text(words, state)) return finish(std::move(state), 0, into);

  const bool looked = any_looked(given, state);
  const bool teller = std::find(std::begin(kTellers), std::end(kTellers), name) != std::end(kTellers);
  if ((looked || state.branch > 0) && !teller) {
    write_unknown(state, looked);
    return part(std::move(state), kLooked + ("what '" + name + "' does with the results is not known"), into);
  }
  write_unknown(state, looked);
  finish(std::move(state), 0, into);
}

}  // namespace exitgate::collect::ci::script
