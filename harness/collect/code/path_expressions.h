// Paths of files as Python code writes them: `BASE_DIR / ".env"`, `os.path.join(os.path.dirname(__file__), ".env")`.
#pragma once

#include "harness/collect/code/file_values.h"
#include "harness/syntax/names.h"
#include "harness/syntax/tree.h"

namespace exitgate::collect::code {

// What cannot be told of a path is `*`, or `anywhere`; it has always a value, at worst that of any file.
FileReference path_of(const syntax::Tree& tree, const syntax::Names& names, syntax::Id expression);

}  // namespace exitgate::collect::code
