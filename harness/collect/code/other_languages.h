// Tables made past the migrations in other languages than Python, in settings files and in commands.
#pragma once

#include <string_view>

#include "harness/collect/code/facts.h"
#include "harness/syntax/tree.h"

namespace exitgate::collect::code {

// Of others, committed or generated: what is in it is nobody's own.
bool is_foreign(std::string_view path);

// "typescript" for "src/a.ts"; "" for what is not source code, and for that of others (node_modules, vendor).
std::string_view other_language_of(std::string_view path);

// Looks at a file by its path's ending; adds its language where it is source code, its calls, and why it could not be read.
void examine_other_language(std::string_view path, std::string_view content, FileFacts& facts);

// Of one kind of file each. `content` may be anything.
void find_script_schema_calls(std::string_view path, const syntax::Tree& tree, FileFacts& facts);
// Of ormconfig.json.
void find_script_schema_calls(std::string_view path, std::string_view content, FileFacts& facts);
void find_hibernate_settings(std::string_view path, std::string_view content, FileFacts& facts);
void find_schema_commands(std::string_view path, std::string_view content, FileFacts& facts);
void find_schema_calls_in_text(std::string_view path, std::string_view content, FileFacts& facts);

}  // namespace exitgate::collect::code
