// Passwords that a command line gives to a program: curl -u user:password, docker login -p password.
#include <algorithm>
#include <array>
#include <string>
#include <utility>

#include "harness/base/text.h"
#include "harness/redact/scan.h"

namespace exitgate::redact {

namespace {

enum class Way {
  user_password,  // -u user:password
  password,       // -p password
  attached,       // -ppassword, and -p alone asks for it
  both,           // -p password, -ppassword
};

struct Command {
  std::string_view start;
  std::string_view option;
  Way way;
};

constexpr Command kCommands[] = {
    {"curl ", "u", Way::user_password},
    {"docker login ", "p", Way::password},
    {"podman login ", "p", Way::password},
    {"skopeo login ", "p", Way::password},
    {"registry login ", "p", Way::password},
    {"twine upload ", "p", Way::password},
    {"sshpass ", "p", Way::both},
    {"mysql ", "p", Way::attached},
    {"mysqldump ", "p", Way::attached},
    {"mysqladmin ", "p", Way::attached},
    {"mariadb ", "p", Way::attached},
    {"redis-cli ", "a", Way::password},
};

bool ends_word(char c) {
  return is_space(c) || c == '"' || c == '\'' || c == '`' || c == ';' || c == '|' || c == ')' || c == '<' ||
         c == '>' || c == '\0' || c == '\\';
}

// How documents write what a reader is to put in.
bool is_example(std::string_view value) {
  static constexpr std::array<std::string_view, 8> kWords = {"password", "pass",  "passwd", "pw",
                                                             "secret",   "token", "your",   "my"};
  if (is_placeholder(value)) return true;
  const std::string word = lower(value);
  return std::find(kWords.begin(), kWords.end(), word) != kWords.end() || word.starts_with("your") ||
         word.starts_with("my_");
}

void take(Scan& scan, std::size_t begin, std::size_t end, Way way) {
  std::string_view value = scan.text.substr(begin, end - begin);
  if (way == Way::user_password) {
    const std::size_t colon = value.find(':');
    if (colon == std::string_view::npos || value.substr(colon, 3) == "://") return;
    begin += colon + 1;
    value.remove_prefix(colon + 1);
  }
  if (!is_example(value) && value.front() != '-') scan.add(begin, end, "password of a command line");
}

void match_command(Scan& scan, std::size_t at, const Command& command) {
  constexpr std::size_t kLongest = 2048;
  if (at > 0 && (is_alnum(scan.at(at - 1)) || scan.at(at - 1) == '_' || scan.at(at - 1) == '-')) return;
  const std::size_t limit = std::min(scan.text.size(), at + kLongest);
  bool wanted = false;
  for (std::size_t i = at + command.start.size(); i < limit;) {
    const char c = scan.text[i];
    if (c == '|' || c == ';' || (c == '\n' && scan.text[i - 1] != '\\')) return;
    if (ends_word(c)) {
      ++i;
      continue;
    }
    const std::size_t end = scan.run(i, [](char byte) { return !ends_word(byte); });
    const std::string_view word = scan.text.substr(i, end - i);
    if (wanted) {
      take(scan, i, end, command.way);
      wanted = false;
    } else if (word.starts_with("--")) {
      wanted = command.way == Way::user_password && (word == "--user" || word == "--proxy-user");
    } else if (word.size() > 1 && word[0] == '-') {
      // -u x, and -fsSu x; -ux
      if (command.way != Way::attached && word.ends_with(command.option)) {
        wanted = true;
      } else if (command.way != Way::password && word.substr(1).starts_with(command.option)) {
        take(scan, i + 1 + command.option.size(), end, command.way);
      }
    }
    i = end;
  }
}

template <std::size_t Number>
void match(Scan& scan, std::size_t at) {
  match_command(scan, at, kCommands[Number]);
}

// openssl … -passin pass:x
void match_pass(Scan& scan, std::size_t at) {
  const std::string_view before = scan.text.substr(at > 12 ? at - 12 : 0, at > 12 ? 12 : at);
  if (before.find("-pass") == std::string_view::npos) return;
  const std::size_t begin = at + std::string_view("pass:").size();
  const std::size_t end = scan.run(begin, [](char c) { return !ends_word(c); });
  if (!is_example(scan.text.substr(begin, end - begin))) scan.add(begin, end, "password of a command line");
}

template <std::size_t... Numbers>
std::vector<Anchor> anchors_of(std::index_sequence<Numbers...> /*numbers*/) {
  return {{kCommands[Numbers].start, match<Numbers>}..., {"pass:", match_pass}};
}

}  // namespace

const std::vector<Anchor>& command_anchors() {
  static const std::vector<Anchor> anchors = anchors_of(std::make_index_sequence<std::size(kCommands)>());
  return anchors;
}

}  // namespace exitgate::redact
