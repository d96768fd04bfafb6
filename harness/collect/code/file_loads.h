// Calls that put the variables of a file into the environment: load_dotenv(), Env.read_env() and their like.
#pragma once

#include <optional>

#include "harness/collect/code/file_values.h"
#include "harness/syntax/names.h"
#include "harness/syntax/tree.h"

namespace exitgate::collect::code {

struct FileLoad {
  FileReference file;
  bool overrides = false;  // also variables that are set already
};

// Nullopt for any other call.
std::optional<FileLoad> file_load(const syntax::Tree& tree, const syntax::Names& names, syntax::Id call);

}  // namespace exitgate::collect::code
