// The rows that one file gives, before they are written.
//
// FileFacts of a file depend on its path and its content alone (and on what the commit's files give its variables, where
// `references` is not empty): so they can be kept by path and blob id. What needs other files is a later pass over all of
// them: leave_out_own_functions, mark_imported_reads, resolve_frameworks, called by collect.cpp.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "harness/collect/code/file_values.h"
#include "harness/facts/tables/code.h"

namespace exitgate::collect::code {

struct Fixture {
  int line = 0;
  std::optional<std::string> name;                 // nullopt: computed
  std::optional<std::string> function;             // that the fixture is made of; nullopt: an expression
  std::optional<facts::code::FixtureScope> scope;  // nullopt: computed
  std::string framework;
};

struct Hook {
  int line = 0;
  std::string name;
  std::string
      framework;  // "" when the file itself does not tell, as of TestFile  // "" when the file itself does not tell, as of TestFile
  facts::code::HookMoment moment = facts::code::HookMoment::other;
};

// A place that shows a framework: facts::code::Framework, but for the file.
struct FrameworkSign {
  std::string framework;
  std::string language;  // as in code.framework
  int line = 0;          // 0: the file as a whole
  facts::code::FrameworkEvidence evidence{};
};

struct TestFile {
  std::string language;  // as in code.test_file
  std::string
      framework;  // "" when the file itself does not tell: resolve_frameworks() looks at the files around it
  bool own_test = false;  // it imports a test function that the project made of its framework's own
};

// A setting that names a file whose exports the framework calls: `globalSetup: "./test/setup.ts"`.
struct SetupReference {
  std::string framework;
  std::string path;  // as written: relative to the file's folder, without the ending perhaps
  int line = 0;      // of the setting
};

struct SchemaCall {
  int line = 0;
  std::string callee;
  facts::code::SchemaCallKind kind;
  // Dotted paths of what it is read from, when that is imported and nothing else: "app.data.utils", "..utils".
  std::vector<std::string> imported = {};
  std::optional<std::string> library = {};
  std::optional<std::string> instead = {};
  bool command = false;  // of a script or a workflow, which is of neither the application nor its tests
};

struct EnvironmentRead {
  int line = 0;
  std::optional<std::string> variable;  // nullopt: computed
  std::optional<bool> required;
  std::optional<std::string> condition;
  bool at_import = false;                       // when its module is imported, not when something is called
  std::optional<std::string> imported_by = {};  // the conftest.py that imports its module
  std::optional<std::string> given_by = {};     // the commit's file that has a value for it, and its line
  bool sets = false;                            // changes the environment itself
  bool overrides = false;                       // also when the variable is set already
  // Functions at module level whose call makes this read; none when importing the module does.
  std::vector<std::string> functions = {};
  std::optional<bool> when_called = {};    // `required`, once it is known that the function is called
  std::optional<std::string> reader = {};  // "process.env"; nullopt in Python
};

struct Import {
  std::string module;  // "app.settings", "..settings"
  int line = 0;
  bool plugin = false;  // pytest_plugins, `-p`, or all names of it: its hooks and fixtures are the importer's
};

struct FunctionCall {
  std::string within;  // the function at module level that it stands in; "" for none
  std::string module;  // "" for this file
  std::string function;
  int line = 0;
};

struct StoredVariable {
  std::optional<std::string> variable;  // nullopt: which ones cannot be told
  int line = 0;
};

struct Mention {
  int line = 0;
  std::string term;
  facts::code::MentionContext context{};
  std::string text;
};

struct FileFacts {
  std::string language;
  bool parsed = false;
  std::vector<Fixture> fixtures;
  std::vector<Hook> hooks;
  std::vector<FrameworkSign> frameworks;         // shown by this file
  std::optional<TestFile> test_file;             // when this is one
  std::vector<SetupReference> setup_references;  // to files that a framework loads
  std::vector<Hook> setup_exports;               // hooks of this file where such a reference names it
  std::vector<SchemaCall> schema_calls;
  std::vector<std::string> own_functions;  // of those names, defined here as plain functions
  std::vector<EnvironmentRead> environment_reads;
  std::vector<Mention> mentions;
  std::vector<StoredVariable> stored_variables;  // by os.environ, outside of functions
  std::vector<Import> imports;                   // by its own statements
  std::vector<FunctionCall> calls;
  std::vector<FileReference> references;  // to files whose variables it loads
  std::vector<std::string> problems;
};

}  // namespace exitgate::collect::code
