// What Exitgate reads in one language's source: one record, in one file of languages/.
//
// A file languages/NAME.cpp defines
//
//   namespace exitgate::collect::code::languages {
//   Language NAME() { return {.name = "go", .endings = {{".go", "go", syntax::go}}, .words = {…}, .find = find, …}; }
//   }
//
// and nothing else needs to know of it: CMake lists the files (CMakeLists.txt). What a language needs to be read stands in
// the same file, or in a folder languages/NAME/ of its own. Its grammar is a record of harness/syntax/languages.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/code/facts.h"
#include "harness/syntax/language.h"
#include "harness/syntax/tree.h"

namespace exitgate::collect::code {

struct ParsedFile {
  std::string_view path;
  const syntax::Tree& tree;
  const FileValues& files;  // what the commit's files give variables, where the code loads them
};

// Files of a language by the end of their names.
struct FileEnding {
  std::string ending;    // ".tsx"
  std::string language;  // code.file.language: "typescript"
  const syntax::Language& (*grammar)();
};

// A test framework, as a row of code.known_framework (harness/facts/tables/code.sql has the meaning of each), and how it is
// shown. Patterns are globs of a file's name ("jest.config.*") or, with a slash in them, of its path.
struct Framework {
  std::string name;
  std::vector<std::string> configuration = {};  // files that are its configuration, and nothing else
  std::vector<std::string> dependencies = {};   // names in manifests, for Language::read_manifest
  std::vector<std::string> modules = {};        // what its tests import, for Language::find
  // Its tests need import nothing, so that a test that does not tell its framework may be one of its: resolve_frameworks().
  bool global = false;
  // Its tests may import a test function that the project made of the framework's own.
  bool extended = false;
  // Files that are its tests by their names alone: "*.cy.ts".
  std::vector<std::string> tests = {};

  std::string session_start = {};  // "": it has none
  std::string start_hint = {};
  std::string session_end = {};
  std::string end_hint = {};
  std::string session_fixture = {};
  std::string fixture_hint = {};
  std::string place = {};
  std::string remark = {};
  std::vector<std::string> run_by = {};
};

struct Language {
  std::string name;  // code.framework.language: "javascript" is TypeScript's as well
  std::vector<FileEnding> endings;
  // A file is parsed when it holds one of these words (in any case, at least 4 characters each), or when its name fits one of
  // the patterns. All others have no facts but mentions and what `look` adds. Python's words are in collect.cpp.
  std::vector<std::string> words = {};
  std::vector<std::string> always = {};
  // Adds what is found in a parsed file: hooks with their moment, fixtures, environment reads, schema calls, framework signs
  // of evidence 'test', the test file. Called on several threads.
  void (*find)(const ParsedFile& file, FileFacts& facts) = nullptr;
  // As `find`, of a file that need not be parsed: whether it is a file of tests, by its path and a look at its text.
  void (*look)(std::string_view path, std::string_view content, FileFacts& facts) = nullptr;
  // Manifests and settings, which are no source: patterns, and what they show (frameworks; hooks that a setting names).
  std::vector<std::string> manifests = {};
  void (*read_manifest)(std::string_view path, std::string_view content, FileFacts& facts) = nullptr;
  std::vector<Framework> frameworks = {};
};

// All of them, by the names of their files.
const std::vector<Language>& all_languages();
// By the file's ending; nullptr when none reads it. `ending` is set to the one that fits.
const Language* language_of(std::string_view path, const FileEnding** ending = nullptr);
const Framework* find_framework(std::string_view name);

// Whether a pattern of a record fits.
bool fits(std::string_view pattern, std::string_view path);
bool fits_any(const std::vector<std::string>& patterns, std::string_view path);

// What the records say of a file: parses it where it is worth it, calls find(), look() and read_manifest(), and adds what
// configuration files show. Nothing for a file that no record is about.
void examine_by_records(std::string_view path, std::string_view content, FileFacts& facts);

// A sign that the file is a test of that framework, and the test file itself.
void add_test_file(std::string_view language, std::string_view framework, int line, FileFacts& facts);

}  // namespace exitgate::collect::code
