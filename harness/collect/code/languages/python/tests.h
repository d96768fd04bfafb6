// Which of Python's test frameworks a file shows.
#pragma once

#include <string_view>

#include "harness/collect/code/language.h"

namespace exitgate::collect::code::python {

// By the file's name and the lines that import a framework: it is not parsed for this.
void look(std::string_view path, std::string_view content, FileFacts& facts);

// pytest's sections of settings files, and what manifests depend on.
void read_manifest(std::string_view path, std::string_view content, FileFacts& facts);

// Hooks of unittest, nose2, Django's test runner and behave.
void find_runner_hooks(const ParsedFile& file, FileFacts& facts);

}  // namespace exitgate::collect::code::python
