#include "harness/base/output.h"

#include <algorithm>
#include <cstdio>

#include "harness/base/text.h"

namespace exitgate {

namespace {

// Length of the SGR sequence at the start ("\x1b[1m"), 0 when there is none.
std::size_t color_length(std::string_view text) {
  if (!text.starts_with("\x1b[")) return 0;
  const std::size_t end = text.find_first_not_of("0123456789;", 2);
  return end != std::string_view::npos && text[end] == 'm' ? end + 1 : 0;
}

// Length of the white space at the start, in the sense of .NET's TrimStart, by which GitHub's runner finds its commands.
std::size_t space_length(std::string_view text) {
  if (text.empty()) return 0;
  if (text[0] == ' ' || text[0] == '\t') return 1;
  for (const std::string_view space :
       {"\u00a0", "\u1680", "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007",
        "\u2008", "\u2009", "\u200a", "\u202f", "\u205f", "\u3000"}) {
    if (text.starts_with(space)) return space.size();
  }
  return 0;
}

// Where the first character stands that a runner sees.
std::size_t first_seen(std::string_view line) {
  std::size_t at = 0;
  for (std::size_t step = 1; step != 0; at += step) {
    step = color_length(line.substr(at));
    if (step == 0) step = space_length(line.substr(at));
  }
  return at;
}

std::string without_controls(std::string_view line, bool colors) {
  if (!colors) return printable(line);
  std::string result;
  while (!line.empty()) {
    const std::size_t escape = line.find('\x1b');
    result += printable(line.substr(0, escape));
    if (escape == std::string_view::npos) break;
    line.remove_prefix(escape);
    const std::size_t length = color_length(line);
    if (length == 0) {
      result += '?';
      line.remove_prefix(1);
    } else {
      result += line.substr(0, length);
      line.remove_prefix(length);
    }
  }
  return result;
}

void write(std::FILE* to, std::string_view text) {
  std::fflush(to == stdout ? stderr : stdout);
  std::fwrite(text.data(), 1, text.size(), to);
  std::fflush(to);
}

}  // namespace

std::string without_commands(std::string_view text, bool colors) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::string line = without_controls(text.substr(0, end), colors);
    const std::size_t at = first_seen(line);
    if (std::string_view(line).substr(at).starts_with("::")) {
      result += line.substr(0, at) + '\\' + line.substr(at);
    } else {
      result += line;
    }
    if (end == std::string_view::npos) break;
    result += '\n';
    text.remove_prefix(end + 1);
  }
  return result;
}

void say(std::string_view text) {
  write(stdout, without_commands(text));
}

void say_in_color(std::string_view text) {
  write(stdout, without_commands(text, true));
}

void say_problem(std::string_view message, std::string_view hint) {
  std::string text = "exitgate: " + std::string(message) + "\n";
  if (!hint.empty()) {
    for (const auto& line : split(hint, '\n')) text += "  > " + line + "\n";
  }
  say_error(text);
}

void say_error(std::string_view text) {
  write(stderr, without_commands(text));
}

void write_document(std::string_view text) {
  write(stdout, text);
}

}  // namespace exitgate
