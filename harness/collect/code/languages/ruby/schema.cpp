// Ruby: tables made by Active Record outside its migrations and outside the schema file that it writes itself.
#include <fmt/core.h>

#include "harness/base/path.h"
#include "harness/collect/code/languages/ruby/ruby_facts.h"
#include "harness/collect/code/schema_libraries.h"

namespace exitgate::collect::code::ruby {

using facts::code::SchemaCallKind;
using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Tree;

namespace {

// Migrations, and what `rails db:migrate` writes: a schema file that is loaded is what the migrations made.
bool is_written_by_migrations(std::string_view path) {
  if (name_of(path) == "schema.rb" || name_of(path).ends_with("_schema.rb")) {
    if (name_of(folder_of(path)) == "db") return true;
  }
  for (std::string_view at = folder_of(path); !at.empty(); at = folder_of(at)) {
    const std::string_view folder = name_of(at);
    if (folder == "migrate" || folder == "post_migrate" || folder.ends_with("_migrate") ||
        folder == "migrations")
      return true;
  }
  return false;
}

}  // namespace

void find_schema_calls(std::string_view path, const Tree& tree, std::vector<SchemaCall>& found) {
  if (is_written_by_migrations(path)) return;
  for (Id id = 0; id < tree.size(); ++id) {
    if (!tree.is(id, Kind::call)) continue;
    const Id method = tree.child(id, Field::method);
    const Id receiver = tree.child(id, Field::receiver);
    if (method == kNoNode || receiver == kNoNode) continue;
    const std::string_view name = tree.text(method);
    const std::string_view object = tree.text(receiver);
    const bool schema =
        name == "define" && (object == "ActiveRecord::Schema" || object == "::ActiveRecord::Schema" ||
                             object.starts_with("ActiveRecord::Schema["));
    const bool table = (name == "create_table" || name == "drop_table") &&
                       (object.ends_with(".connection") || object == "connection" ||
                        object.starts_with("ActiveRecord::Migration"));
    if (!schema && !table) continue;
    if (table && tree.text(id).find("temporary: true") != std::string_view::npos) continue;
    found.push_back(schema_call_of(
        kActiveRecord, tree.line(method), fmt::format("{}.{}", tree.flat_text(receiver, 80), name),
        name == "drop_table" ? SchemaCallKind::drop_all : SchemaCallKind::create_all));
  }
}

}  // namespace exitgate::collect::code::ruby
