// Ruby: tables made by Active Record outside its migrations and outside the schema file that it writes itself.
#include <fmt/core.h>

#include "harness/base/path.h"
#include "harness/base/text.h"
#include "harness/collect/code/other_languages.h"
#include "harness/collect/code/schema_libraries.h"
#include "harness/syntax/tree.h"

namespace exitgate::collect::code {

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

void find_ruby_schema_calls(std::string_view path, std::string_view content, FileFacts& facts) {
  const auto has = [&](std::string_view word) { return content.find(word) != std::string_view::npos; };
  if (is_written_by_migrations(path)) return;
  if (!has("ActiveRecord::Schema") && !has("connection.create_table") && !has("connection.drop_table") &&
      !has("Migration.create_table") && !has("Migration.drop_table"))
    return;
  const auto tree = Tree::parse(content, syntax::ruby());
  if (!tree) {
    facts.problems.emplace_back("not read: parsing it takes more than 5 s, or it is nested too deeply");
    return;
  }
  facts.parsed = true;
  for (Id id = 0; id < tree->size(); ++id) {
    if (!tree->is(id, Kind::call)) continue;
    const Id method = tree->child(id, Field::method);
    const Id receiver = tree->child(id, Field::receiver);
    if (method == kNoNode || receiver == kNoNode) continue;
    const std::string_view name = tree->text(method);
    const std::string_view object = tree->text(receiver);
    const bool schema =
        name == "define" && (object == "ActiveRecord::Schema" || object == "::ActiveRecord::Schema" ||
                             object.starts_with("ActiveRecord::Schema["));
    const bool table = (name == "create_table" || name == "drop_table") &&
                       (object.ends_with(".connection") || object == "connection" ||
                        object.starts_with("ActiveRecord::Migration"));
    if (!schema && !table) continue;
    const std::string_view arguments = tree->text(id);
    if (table && arguments.find("temporary: true") != std::string_view::npos) continue;
    facts.schema_calls.push_back(schema_call_of(
        kActiveRecord, tree->line(method), fmt::format("{}.{}", tree->flat_text(receiver, 80), name),
        name == "drop_table" ? SchemaCallKind::drop_all : SchemaCallKind::create_all));
  }
  for (const Id error : tree->errors()) {
    if (tree->text(tree->around(error)).find("create_table") == std::string_view::npos) continue;
    facts.problems.push_back(
        fmt::format("line {}: does not parse as Ruby, and facts may be hidden in it", tree->line(error)));
    break;
  }
}

}  // namespace exitgate::collect::code
