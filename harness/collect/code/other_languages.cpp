#include "harness/collect/code/other_languages.h"

#include <array>
#include <utility>

#include "harness/base/path.h"
#include "harness/base/text.h"
#include "harness/collect/code/schema_libraries.h"

namespace exitgate::collect::code {

namespace {

std::string_view language_by_ending(std::string_view path) {
  using Ending = std::pair<std::string_view, std::string_view>;
  constexpr std::array<Ending, 14> kEndings = {{{".js", "javascript"},
                                                {".mjs", "javascript"},
                                                {".cjs", "javascript"},
                                                {".jsx", "javascript"},
                                                {".ts", "typescript"},
                                                {".mts", "typescript"},
                                                {".cts", "typescript"},
                                                {".tsx", "typescript"},
                                                {".rb", "ruby"},
                                                {".java", "java"},
                                                {".kt", "kotlin"},
                                                {".groovy", "groovy"},
                                                {".go", "go"},
                                                {".cs", "c#"}}};
  for (const auto& [ending, language] : kEndings) {
    if (path.ends_with(ending)) return language;
  }
  return "";
}

}  // namespace

bool is_foreign(std::string_view path) {
  return path.find("node_modules/") != std::string_view::npos || path.starts_with("vendor/") ||
         path.find("/vendor/") != std::string_view::npos || path.ends_with(".min.js") ||
         path.ends_with(".d.ts");
}

std::string_view other_language_of(std::string_view path) {
  return is_foreign(path) ? std::string_view() : language_by_ending(path);
}

bool is_of_tests(std::string_view path) {
  const std::string name = lower(name_of(path));
  for (std::string_view at = folder_of(path); !at.empty(); at = folder_of(at)) {
    const std::string folder = lower(name_of(at));
    for (const std::string_view word :
         {"test", "tests", "spec", "specs", "__tests__", "e2e", "testing", "testdata", "cypress"}) {
      if (folder == word || folder.ends_with("." + std::string(word)) ||
          folder.ends_with("-" + std::string(word)) || folder.ends_with("_" + std::string(word)))
        return true;
    }
  }
  if (name == "conftest.py" || name == "pytest.ini" || name == "tox.ini" || name.starts_with("test_"))
    return true;
  const std::string_view base = std::string_view(name).substr(0, name.rfind('.'));
  return base.ends_with("_test") || base.ends_with("_spec") || base.ends_with(".test") ||
         base.ends_with(".spec") || base.ends_with(".e2e-spec") || name.ends_with("test.java") ||
         name.ends_with("tests.java") || name.ends_with("tests.cs") || name.ends_with("test.cs") ||
         name.ends_with("test.kt");
}

void examine_other_language(std::string_view path, std::string_view content, FileFacts& facts) {
  if (is_foreign(path)) return;
  const std::string_view language = language_by_ending(path);
  if (facts.language.empty()) facts.language = language;
  if (name_of(path) == "ormconfig.json") find_script_schema_calls(path, content, facts);
  if (language == "c#") find_schema_calls_in_text(path, content, facts);
  find_hibernate_settings(path, content, facts);
  find_schema_commands(path, content, facts);
}

}  // namespace exitgate::collect::code
