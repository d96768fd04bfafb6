// Modules that a conftest.py imports: what they require when they are imported, the tests require.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/checkout.h"
#include "harness/collect/code/facts.h"
#include "harness/syntax/names.h"
#include "harness/syntax/tree.h"

namespace exitgate::collect::code {

bool is_conftest(std::string_view path);

// Dotted names that the file's own statements import, under no condition but that of a `try`: "app.settings", "..settings"; of
// `from a import b` both "a" and "a.b", which may be a module. Also what `pytest_plugins` names, and the settings module
// that Django is told of.
std::vector<Import> find_imports(const syntax::Tree& tree, const syntax::Names& names);

// The same of a file that nothing else is read of, by its lines: `import` and `from` at their beginning, and in a `try`.
std::vector<Import> scan_imports(std::string_view source);

// Sets `imported_by` of reads at import in modules that a conftest.py, or pytest's own configuration, imports, by other
// modules as well, but for variables that it gives a value itself before.
void mark_imported_reads(const std::vector<const git::TreeEntry*>& files, std::vector<FileFacts>& results);

}  // namespace exitgate::collect::code
