// Values that what starts the tests gives environment variables: tox (`set_env`), nox (`session.env`), and commands with
// an assignment before pytest in a Makefile, a justfile, a Taskfile or a package.json.
#pragma once

#include <string_view>

#include "harness/collect/code/facts.h"
#include "harness/syntax/names.h"
#include "harness/syntax/tree.h"

namespace exitgate::collect::code {

// Of a file that is not Python; nothing of one that is none of these. Whether the tests are started by a command cannot
// be told, so its rows are not decided.
void find_runner_settings(std::string_view path, std::string_view content, const FileValues& files,
                          FileFacts& facts);

bool is_noxfile(std::string_view path);
void find_nox_settings(const syntax::Tree& tree, const syntax::Names& names,
                       std::vector<EnvironmentRead>& found);

}  // namespace exitgate::collect::code
