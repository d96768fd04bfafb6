// What pytest's own configuration files say of the database: options that leave migrations out, and variables that
// pytest-env and pytest-dotenv set before conftest.py is read.
#pragma once

#include <string_view>

#include "harness/collect/code/facts.h"

namespace exitgate::collect::code {

// By the file's name: pytest.ini, pyproject.toml, tox.ini, setup.cfg and their like.
bool is_pytest_settings(std::string_view path);
// Of such a file, and of a list of packages; of any other nothing. The modules that it names are imports of the file.
void find_pytest_settings(std::string_view path, std::string_view content, const FileValues& files,
                          FileFacts& facts);

}  // namespace exitgate::collect::code
