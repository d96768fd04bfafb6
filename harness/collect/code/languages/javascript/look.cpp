#include <algorithm>
#include <array>

#include "harness/base/path.h"
#include "harness/collect/code/languages/javascript/tests.h"

namespace exitgate::collect::code::javascript {

namespace {

bool has(std::string_view text, std::string_view word) {
  return text.find(word) != std::string_view::npos;
}

// The line, counting from 1, that imports or requires the module; 0 for none.
int line_importing(std::string_view content, std::string_view module) {
  for (std::size_t at = content.find(module); at != std::string_view::npos;
       at = content.find(module, at + 1)) {
    const std::size_t end = at + module.size();
    if (at == 0 || end >= content.size()) continue;
    const char quote = content[at - 1];
    if ((quote != '"' && quote != '\'') || content[end] != quote) continue;
    const std::size_t begin = content.rfind('\n', at) + 1;
    const std::string_view before = content.substr(begin, at - begin);
    if (before.find("from") == std::string_view::npos && before.find("require") == std::string_view::npos &&
        before.find("import") == std::string_view::npos)
      continue;
    return 1 + static_cast<int>(
                   std::count(content.begin(), content.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
  }
  return 0;
}

// A line that begins with a call of one of the functions by which tests are written.
bool has_tests(std::string_view content) {
  for (const std::string_view word : {"describe", "it", "test", "context", "suite", "specify"}) {
    for (std::size_t at = content.find(word); at != std::string_view::npos; at = content.find(word, at + 1)) {
      std::size_t end = at + word.size();
      if (end >= content.size()) break;
      for (const std::string_view more :
           {".only", ".each", ".skip", ".concurrent", ".describe", ".serial", ".parallel"}) {
        if (content.substr(end).starts_with(more)) end += more.size();
      }
      if (end >= content.size() || (content[end] != '(' && content[end] != '`')) continue;
      const std::size_t begin = content.rfind('\n', at) + 1;
      if (content.substr(begin, at - begin).find_first_not_of(" \t;") == std::string_view::npos) return true;
    }
  }
  return false;
}

bool in_folder_of_tests(std::string_view path) {
  for (std::string_view at = folder_of(path); !at.empty(); at = folder_of(at)) {
    for (const std::string_view folder :
         {"test", "tests", "spec", "specs", "__tests__", "e2e", "integration", "cypress"}) {
      if (name_of(at) == folder) return true;
    }
  }
  return false;
}

// A test function that the project made of its framework's own: `import { test } from "../fixtures"`.
bool imports_own_test(std::string_view content) {
  for (std::size_t at = content.find("import"); at != std::string_view::npos;
       at = content.find("import", at + 1)) {
    const std::size_t end = std::min(content.find(';', at), content.find("\n\n", at));
    const std::string_view statement = content.substr(at, std::min(end, content.size()) - at);
    const std::size_t from = statement.find("from ");
    if (from == std::string_view::npos || from + 6 >= statement.size() || statement[from + 6] != '.')
      continue;
    const std::string_view bound = statement.substr(0, from);
    for (const std::string_view word : {"{ test", "{test", ", test ", ", test}", ", test,", " test "}) {
      if (has(bound, word)) return true;
    }
  }
  return false;
}

}  // namespace

void look(std::string_view path, std::string_view content, FileFacts& facts) {
  const std::string_view name = name_of(path);
  const bool named = has(name, ".test.") || has(name, ".spec.") || has(name, "-spec.") ||
                     has(name, "_test.") || has(name, "_spec.") || has(name, "-test.") ||
                     name.starts_with("test-") || has(name, ".cy.");
  if (!named && !in_folder_of_tests(path)) return;
  // A helper beside tests imports their framework as well.
  const bool tests = has_tests(content);
  if (!tests && !has(content, "node:test") && !has(content, "ava")) return;
  static const auto& known = language_of("any.js")->frameworks;
  for (const auto& framework : known) {
    for (const auto& module : framework.modules) {
      if (const int line = line_importing(content, module); line > 0) {
        add_test_file("javascript", framework.name, line, facts);
        return;
      }
    }
  }
  if (!tests || facts.test_file) return;  // by its name already: "*.cy.ts"
  add_test_file("javascript", "", 0, facts);
  facts.test_file->own_test = imports_own_test(content);
}

}  // namespace exitgate::collect::code::javascript
