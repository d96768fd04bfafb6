#include "harness/check/upload_patterns.h"

#include <algorithm>
#include <cctype>

#include "harness/base/text.h"
#include "harness/check/workflows.h"

namespace exitgate::check {

namespace {

// A path cut at its slashes, but not within `${{ }}`.
std::vector<std::string> parts_of(std::string_view path) {
  std::vector<std::string> parts(1);
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (path.substr(i).starts_with("${{")) {
      const auto end = std::min(path.find("}}", i), path.size() - 2) + 2;
      parts.back() += path.substr(i, end - i);
      i = end - 1;
    } else if (path[i] == '/') {
      parts.emplace_back();
    } else {
      parts.back() += path[i];
    }
  }
  return parts;
}

bool is_glob(std::string_view part) {
  return !has_expression(part) && part.find_first_of("*?[") != std::string_view::npos;
}

bool is_hidden(std::string_view part) {
  return part.starts_with('.') && !has_expression(part);
}

// "$HOME", "${OUT}": nothing else of a name that has a dollar in it ("Outer$Inner.class").
bool is_variable(std::string_view part) {
  if (has_expression(part) || !part.starts_with('$')) return false;
  part.remove_prefix(1);
  if (part.starts_with('{') && part.ends_with('}')) part = part.substr(1, part.size() - 2);
  return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) {
    return c == '_' || (std::isalnum(static_cast<unsigned char>(c)) != 0);
  });
}

// An expression of several lines would be several patterns.
bool may_be_lines(std::string_view path) {
  return path.find("steps.") != std::string_view::npos || path.find("needs.") != std::string_view::npos;
}

// A line while it is looked at: its parts behind where it begins.
struct Line {
  UploadPattern pattern;
  std::string anchor;  // "" for the workspace, "~", "/", or an expression
  std::vector<std::string> parts;
  std::size_t root = 0;  // so many parts are the folder or file that the search begins at
  bool certain = true;   // the root is known
};

std::string without_workspace(std::string_view text, const std::vector<std::string>& workspace) {
  for (const std::string& name : workspace) {
    if (text == name) return "./";
    if (text.starts_with(name) && text[name.size()] == '/')
      return "." + std::string(text.substr(name.size()));
  }
  return std::string(text);
}

Line read_line(std::string_view written, const std::vector<std::string>& workspace) {
  Line line;
  while (written.starts_with('!')) {
    line.pattern.excludes = !line.pattern.excludes;
    written = trim(written.substr(1));
  }
  line.pattern.written = std::string(written);

  for (const auto& part : parts_of(written)) {
    if (is_variable(part) && line.pattern.variable.empty()) line.pattern.variable = part;
  }

  std::string text = without_workspace(written, workspace);
  while (text.size() > 1 && text.ends_with('/')) text.pop_back();
  const auto parts = parts_of(text);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (parts[i] == ".." || (parts[i] == "." && i > 0)) line.pattern.relative = true;
  }
  auto first = parts.begin();
  if (parts.front().empty()) {
    line.anchor = "/";
    ++first;
  } else if (parts.front() == ".") {
    ++first;
  } else if (parts.front() == "~" || parts.front().starts_with("${{")) {
    line.anchor = parts.front();
    ++first;
  }
  for (; first != parts.end(); ++first) {
    if (!first->empty()) line.parts.push_back(*first);
  }
  line.root = static_cast<std::size_t>(std::find_if(line.parts.begin(), line.parts.end(), is_glob) -
                                       line.parts.begin());
  // An expression may hold signs of a glob: then the search begins before it.
  line.certain =
      !has_expression(line.anchor) && std::none_of(line.parts.begin(), line.parts.end(), has_expression);

  while (text.starts_with("./")) text.erase(0, 2);
  line.pattern.path = text.empty() ? "." : text;
  return line;
}

bool is_under(const Line& line, const Line& other) {
  return line.anchor == other.anchor && other.root <= line.root &&
         std::equal(other.parts.begin(), other.parts.begin() + static_cast<std::ptrdiff_t>(other.root),
                    line.parts.begin());
}

}  // namespace

std::vector<UploadPattern> upload_patterns(std::string_view path, const std::vector<std::string>& workspace) {
  std::vector<Line> lines;
  for (const auto& text : split(path, '\n')) {
    const auto written = trim(text);
    if (!written.empty() && !written.starts_with('#')) lines.push_back(read_line(written, workspace));
  }
  std::vector<UploadPattern> patterns;
  for (Line& line : lines) {
    // Of two folders of which one is in the other, only the outer one is a place where a search begins.
    std::size_t begin = line.root;
    for (const Line& other : lines) {
      if (!other.pattern.excludes && other.certain && is_under(line, other))
        begin = std::min(begin, other.root);
    }
    // The name of where the search begins is looked at, and each below it.
    for (std::size_t i = begin == 0 ? 0 : begin - 1; i < line.parts.size(); ++i) {
      if (is_hidden(line.parts[i]) && !may_be_lines(path) && line.pattern.hidden.empty())
        line.pattern.hidden = line.parts[i];
    }
    patterns.push_back(std::move(line.pattern));
  }
  return patterns;
}

}  // namespace exitgate::check
