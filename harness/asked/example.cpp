#include "harness/asked/example.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "harness/asked/file_set.h"
#include "harness/base/error.h"
#include "harness/base/text.h"

namespace exitgate::asked {

namespace {

constexpr std::string_view kForm =
    "write {file: src/a.py, content: \"print(1)\"}, or {files: {src/a.py: \"print(1)\", src/b.py: \"\"}}";

constexpr std::array<const char*, 5> kTables = {"request", "match", "path", "value", "problem"};

std::string text_at(const Json& object, std::string_view key) {
  const Json& value = object.at(key);
  if (!value.is_string()) {
    throw UsageError(fmt::format("'{}' of an example must be a string", key),
                     "put it in quotes; of several lines, write |");
  }
  return value.text();
}

ExampleFile file_of(const Json& object) {
  const std::vector<std::string> known = {"file", "content", "mode", "size"};
  for (const auto& [key, value] : object.members()) {
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      throw UsageError(fmt::format("unknown key '{}' of an example{}", key, did_you_mean(key, known)),
                       std::string(kForm));
    }
  }
  if (!object.contains("file")) throw UsageError("an example needs the key 'file'", std::string(kForm));
  ExampleFile file{text_at(object, "file"), object.contains("content") ? text_at(object, "content") : "",
                   "100644", std::nullopt};
  if (file.path.empty()) throw UsageError("'file' of an example must not be empty", std::string(kForm));
  if (object.contains("mode")) {
    const auto mode = text_at(object, "mode");
    if (mode == "executable") {
      file.mode = "100755";
    } else if (mode == "symlink") {
      file.mode = "120000";
    } else if (mode == "submodule") {
      file.mode = "160000";
    } else if (mode != "regular") {
      throw UsageError(fmt::format("unknown mode '{}' of an example", mode),
                       "write regular, executable, symlink or submodule");
    }
  }
  if (const Json* size = object.find("size")) {
    if (!size->is_integer() || size->integer() < 0)
      throw UsageError("'size' of an example must be a number of bytes");
    file.size = size->integer();
  }
  return file;
}

[[noreturn]] void fail_unmatched(const std::vector<ExampleFile>& all, const FileSet& files) {
  for (const auto& glob : files.globs()) {
    const std::string folder = glob.text() + "/";
    for (const auto& file : all) {
      if (file.path.starts_with(folder)) {
        throw UsageError(fmt::format("as a glob, '{}' does not match the example's file '{}': it is a folder",
                                     glob.text(), file.path),
                         fmt::format("write files: {} for all that is below it", folder));
      }
    }
  }
  std::vector<std::string> paths;
  for (const auto& file : all) paths.push_back("'" + file.path + "'");
  throw UsageError(
      all.size() == 1
          ? fmt::format("the example's file {} is not among the files that the gate looks at", paths.front())
          : fmt::format("none of the example's files {} is among the files that the gate looks at",
                        join(paths, ", ")),
      "see the parameters 'files' and 'except'");
}

std::string quoted(const std::string& gate) {
  std::string text = "'";
  for (const char c : gate) text += c == '\'' ? std::string("''") : std::string(1, c);
  return text + "'";
}

}  // namespace

std::vector<ExampleFile> example_files(const Json& example) {
  if (!example.is_object()) throw UsageError("an example must be a mapping", std::string(kForm));
  const Json* files = example.find("files");
  if (files == nullptr) return {file_of(example)};
  if (example.size() != 1) throw UsageError("an example has either 'files' or 'file'", std::string(kForm));
  std::vector<ExampleFile> all;
  if (files->is_object()) {
    for (const auto& [path, content] : files->members()) {
      if (!content.is_string())
        throw UsageError(fmt::format("the content of the example's file '{}' must be a string", path),
                         "put it in quotes");
      all.push_back({path, content.text(), "100644", std::nullopt});
    }
  } else {
    for (const auto& one : files->items()) all.push_back(file_of(one));
  }
  if (all.empty()) throw UsageError("an example needs at least one file", std::string(kForm));
  std::sort(all.begin(), all.end(),
            [](const ExampleFile& a, const ExampleFile& b) { return a.path < b.path; });
  return all;
}

std::string exchange(const std::string& gate, const Json& example, const FileSet& files) {
  const auto all = example_files(example);
  if (std::none_of(all.begin(), all.end(),
                   [&](const ExampleFile& file) { return files.contains(file.path); })) {
    fail_unmatched(all, files);
  }
  std::string statements;
  for (const auto* table : kTables)
    statements += fmt::format("DELETE FROM asked.{} WHERE gate = {} AND example = 0;\n", table, quoted(gate));
  for (const auto* table : kTables)
    statements += fmt::format("UPDATE asked.{} SET example = 0 WHERE gate = {};\n", table, quoted(gate));
  statements.pop_back();
  return statements;
}

// Files that were examined stay, and what occurs in them goes. Where there is none, one is made up: a repository without such files
// does not leave the gate unproven.
std::string nothing_found(const std::string& gate) {
  const auto of_gate = fmt::format("WHERE gate = {} AND example = 0", quoted(gate));
  return fmt::format(
      "DELETE FROM asked.match {0};\n"
      "INSERT INTO asked.path (gate, example, file, mode) SELECT gate, 0, 'an example', '100644' FROM "
      "asked.request {0} AND examined = 0;\n"
      "UPDATE asked.path SET matches = 0 {0};\n"
      "UPDATE asked.request SET found = 0, examined = max(examined, 1) {0}",
      of_gate);
}

std::string no_file_found(const std::string& gate) {
  const auto of_gate = fmt::format("WHERE gate = {} AND example = 0", quoted(gate));
  return fmt::format("DELETE FROM asked.path {0};\nUPDATE asked.request SET found = 0 {0}", of_gate);
}

}  // namespace exitgate::asked
