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

// Dotted names that the file's own statements import, under no condition: "app.settings", "..settings"; of
// `from a import b` both "a" and "a.b", which may be a module. Also what `pytest_plugins` names, and the settings module
// that Django is told of.
std::vector<Import> find_imports(const syntax::Tree& tree, const syntax::Names& names);

// Sets `imported_by` of reads at import in modules that a conftest.py, or pytest's own configuration, imports, by other
// modules as well, but for variables that it gives a value itself before.
void mark_imported_reads(const std::vector<const git::TreeEntry*>& files, std::vector<FileFacts>& results);

}  // namespace exitgate::collect::code
