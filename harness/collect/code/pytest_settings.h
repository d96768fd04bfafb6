// What pytest's own configuration files say of the database: options that leave migrations out, and variables that
// pytest-env and pytest-dotenv set before conftest.py is read.
#pragma once

#include <string_view>

#include "harness/collect/code/facts.h"

namespace exitgate::collect::code {

// By the file's name: pytest.ini, pyproject.toml, tox.ini, setup.cfg and their like.
bool is_pytest_settings(std::string_view path);
void find_pytest_settings(std::string_view path, std::string_view content, FileFacts& facts);

}  // namespace exitgate::collect::code
