// One function for each kind of fact in a Ruby file.
#pragma once

#include <string_view>
#include <vector>

#include "harness/collect/code/facts.h"
#include "harness/syntax/tree.h"

namespace exitgate::collect::code::ruby {

// By ENV, Figaro, Dotenv.require_keys and Anyway::Config.
void find_environment_reads(const syntax::Tree& tree, std::vector<EnvironmentRead>& found);
// Of the Ruby in a template (ERB), with its lines.
void find_template_reads(std::string_view content, FileFacts& facts);
// RSpec, Minitest, test-unit and Cucumber.
void find_hooks(std::string_view path, const syntax::Tree& tree, std::vector<Hook>& found);
// Tables made by Active Record outside its migrations and outside the schema file that it writes itself.
void find_schema_calls(std::string_view path, const syntax::Tree& tree, std::vector<SchemaCall>& found);

}  // namespace exitgate::collect::code::ruby
