#include "harness/collect/migrations/tools/rails/ruby_lines.h"

#include <algorithm>
#include <cctype>

#include "harness/base/text.h"

namespace exitgate::collect {

namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

struct Mark {
  std::string word;
  bool squeezed = false;  // may be indented: <<~ and <<-
};

// A line cut at its comment and its semicolons; marks of heredocs are added.
std::vector<std::string> parts_of(std::string_view line, std::vector<Mark>& marks) {
  std::vector<std::string> parts(1);
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (quote != 0) {
      parts.back() += c;
      if (c == '\\' && i + 1 < line.size())
        parts.back() += line[++i];
      else if (c == quote)
        quote = 0;
      continue;
    }
    if (c == '#') break;
    if (c == '"' || c == '\'' || c == '`') quote = c;
    if (c == ';') {
      parts.emplace_back();
      continue;
    }
    if (c == '<' && line.compare(i, 2, "<<") == 0) {
      std::size_t at = i + 2;
      Mark mark;
      if (at < line.size() && (line[at] == '~' || line[at] == '-')) {
        mark.squeezed = true;
        ++at;
      }
      const bool quoted = at < line.size() && (line[at] == '"' || line[at] == '\'');
      if (quoted) ++at;
      while (at < line.size() && is_word(line[at])) mark.word += line[at++];
      if (!mark.word.empty() && std::isupper(static_cast<unsigned char>(mark.word.front())) != 0)
        marks.push_back(mark);
    }
    parts.back() += c;
  }
  return parts;
}

bool goes_on(std::string_view text) {
  if (text.empty()) return false;
  const char last = text.back();
  if (last == '|') {
    // `do |t|` begins a block.
    return text.find("do |") == std::string_view::npos && text.find("{ |") == std::string_view::npos;
  }
  return last == ',' || last == '\\' || last == '(' || last == '[' || last == '+' || last == '=' ||
         last == '&' || last == '.';
}

}  // namespace

std::vector<RubyLine> ruby_lines(std::string_view text) {
  std::vector<RubyLine> found;
  const auto lines = split(text, '\n');
  bool open = false;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].starts_with("=begin")) {
      while (i < lines.size() && !lines[i].starts_with("=end")) ++i;
      continue;
    }
    if (lines[i] == "__END__") break;
    const int number = static_cast<int>(i) + 1;
    std::vector<Mark> marks;
    const auto parts = parts_of(lines[i], marks);
    for (std::size_t part = 0; part < parts.size(); ++part) {
      const std::string_view bare = trim(parts[part]);
      const bool chained = bare.starts_with(".") && !found.empty();
      if (bare.empty()) continue;
      if ((part == 0 && open && !found.empty()) || chained) {
        auto& before = found.back().text;
        if (before.ends_with("\\")) before.pop_back();
        before += " " + std::string(bare);
      } else {
        found.push_back({.text = std::string(bare), .line = number});
      }
      open = goes_on(bare);
    }
    for (const auto& mark : marks) {
      std::string body;
      const int first = static_cast<int>(i) + 2;
      while (++i < lines.size() && trim(lines[i]) != mark.word) body += lines[i] + "\n";
      if (found.empty()) continue;
      if (found.back().heredocs.empty()) found.back().heredoc_line = first;
      found.back().heredocs.push_back(std::move(body));
    }
  }
  return found;
}

std::vector<std::string> ruby_arguments(std::string_view text) {
  std::vector<std::string> arguments;
  std::string open;
  int depth = 0;
  char quote = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quote != 0) {
      if (c == '\\' && i + 1 < text.size())
        open += text[i++];
      else if (c == quote)
        quote = 0;
    } else if (c == '"' || c == '\'') {
      quote = c;
    } else if (c == '(' || c == '[' || c == '{') {
      ++depth;
    } else if (c == ')' || c == ']' || c == '}') {
      if (--depth < 0) break;
    } else if (c == ',' && depth == 0) {
      arguments.emplace_back(trim(open));
      open.clear();
      continue;
    }
    open += text[i];
  }
  if (!trim(open).empty()) arguments.emplace_back(trim(open));
  return arguments;
}

std::string ruby_name(std::string_view argument) {
  argument = trim(argument);
  if (argument.empty()) return "";
  if (argument.front() == ':' && argument.size() > 1 && argument[1] == '"') argument.remove_prefix(1);
  if (argument.front() == ':') {
    std::size_t end = 1;
    while (end < argument.size() && is_word(argument[end])) ++end;
    if (end > 1) return std::string(argument.substr(1, end - 1));
  }
  if (argument.front() == '"' || argument.front() == '\'') {
    const std::size_t end = argument.find(argument.front(), 1);
    const auto text = argument.substr(1, end == std::string_view::npos ? end : end - 1);
    if (text.find("#{") == std::string_view::npos) return std::string(text);
  }
  return "{" + std::string(argument.substr(0, 60)) + "}";
}

}  // namespace exitgate::collect
