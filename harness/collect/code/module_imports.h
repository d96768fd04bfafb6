// Modules that a conftest.py imports: what they require when they are imported, the tests require.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/checkout.h"
#include "harness/collect/code/facts.h"
#include "harness/syntax/tree.h"

namespace exitgate::collect::code {

bool is_conftest(std::string_view path);

// Dotted names that the file's own statements import, under no condition: "app.settings", "..settings"; of
// `from a import b` both "a" and "a.b", which may be a module.
std::vector<std::string> find_imports(const syntax::Tree& tree);

// Sets `imported_by` of reads at import in modules that a conftest.py imports, by other modules as well, but
// for variables that it gives a value itself.
void mark_imported_reads(const std::vector<const git::TreeEntry*>& files, std::vector<FileFacts>& results);

}  // namespace exitgate::collect::code
