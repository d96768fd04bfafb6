// The example that a gate file gives as its counterexample: files that must turn the gate red.
//
//   counterexample: {file: src/a.py, content: "print(1)"}
//   counterexample: {files: {src/a.py: "print(1)", src/b.py: ""}}
//   counterexample: {file: bin/tool, content: "#!/bin/sh", mode: executable, size: 2000000}
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/json/json.h"

namespace exitgate::asked {

class FileSet;

struct ExampleFile {
  std::string path;
  std::string content;
  std::string mode = "100644";
  std::optional<std::int64_t> size;  // that it is said to have; nullopt: that of its content
};

// Throws UsageError for what cannot be an example.
std::vector<ExampleFile> example_files(const Json& example);

// The statements by which the gate's example takes the place of what was collected for it. Throws UsageError when none of
// its files is among those that the gate asks about.
std::string exchange(const std::string& gate, const Json& example, const FileSet& files);

// The statements by which nothing was found for the gate, in whatever files were examined.
std::string nothing_found(const std::string& gate);

// The statements by which no file was found for the gate.
std::string no_file_found(const std::string& gate);

}  // namespace exitgate::asked
