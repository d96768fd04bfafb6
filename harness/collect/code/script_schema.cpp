// JavaScript and TypeScript: TypeORM's `synchronize`, Sequelize's `sync`, MikroORM's schema generator, by what the object is.
#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "harness/base/path.h"
#include "harness/base/text.h"
#include "harness/collect/code/other_languages.h"
#include "harness/collect/code/schema_libraries.h"
#include "harness/collect/code/script_names.h"

namespace exitgate::collect::code {

using facts::code::SchemaCallKind;
using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Tree;

namespace {

// Whether a setting holds.
enum class Truth { no, yes, unknown };

class Search {
 public:
  Search(const Tree& tree, std::string_view path, FileFacts& facts)
      : tree_(tree),
        names_(tree),
        facts_(facts),
        typeorm_(names_.imports("typeorm") || names_.imports("typeorm/") ||
                 names_.imports("@nestjs/typeorm") || name_of(path).starts_with("ormconfig")),
        sequelize_(names_.imports("sequelize") || names_.imports("sequelize-typescript") ||
                   names_.imports("@sequelize/") || names_.imports("@nestjs/sequelize")),
        mikro_(names_.imports("@mikro-orm/")) {}

  void run() {
    for (Id id = 0; id < tree_.size(); ++id) {
      if (tree_.is(id, Kind::pair)) setting(id, key_of(id), tree_.child(id, Field::value));
      if (tree_.is(id, Kind::shorthand_property_identifier)) setting(id, tree_.text(id), id);
      if (tree_.is(id, Kind::call_expression)) call(id);
    }
  }

 private:
  void add(const SchemaLibrary& library, Id place, Id written, SchemaCallKind kind) {
    facts_.schema_calls.push_back(
        schema_call_of(library, tree_.line(place), tree_.flat_text(written, 120), kind));
  }

  std::string_view key_of(Id pair) const {
    const Id key = tree_.child(pair, Field::key);
    if (tree_.is(key, Kind::property_identifier)) return tree_.text(key);
    return names_.literal(key);
  }

  Truth truth(Id value, int depth = 0) const {
    value = names_.inner(value);
    if (tree_.is(value, Kind::true_)) return Truth::yes;
    if (tree_.is(value, Kind::false_) || tree_.is(value, Kind::null) || tree_.is(value, Kind::undefined))
      return Truth::no;
    const bool name =
        tree_.is(value, Kind::identifier) || tree_.is(value, Kind::shorthand_property_identifier);
    if (!name || depth > 4) return Truth::unknown;
    const auto values = names_.values(tree_.text(value));
    if (values.size() != 1) return Truth::unknown;
    return truth(values[0], depth + 1);
  }

  // The settings of a connection, by who is asked for it or by what else stands there. Entities and columns have options
  // of the same name.
  const SchemaLibrary* library_of(Id object) const {
    Id around = tree_.parent(object);
    while (tree_.is(around, Kind::as_expression) || tree_.is(around, Kind::satisfies_expression) ||
           tree_.is(around, Kind::parenthesized_expression))
      around = tree_.parent(around);
    if (tree_.is(around, Kind::arguments)) {
      const Id call = tree_.parent(around);
      if (tree_.is(tree_.parent(call), Kind::decorator)) return nullptr;
      const Id made = tree_.child(call, Field::constructor);
      if (made != kNoNode && tree_.text(made) == "EntitySchema") return nullptr;
      const Id function = tree_.child(call, Field::function);
      const std::string_view asked = function == kNoNode ? "" : tree_.text(function);
      if (asked.starts_with("SequelizeModule.")) return &kSequelize;
      if (asked.starts_with("TypeOrmModule.")) return &kTypeOrm;
    }
    bool database = false;
    bool entities = false;
    for (const Id pair : tree_.children(object)) {
      const auto key = key_of(pair);
      if (key == "dialect") return sequelize_ ? &kSequelize : nullptr;
      constexpr std::array<std::string_view, 12> kTypes = {
          "postgres", "mysql",  "mariadb",         "sqlite",       "better-sqlite3", "cockroachdb",
          "mssql",    "oracle", "aurora-postgres", "aurora-mysql", "sqljs",          "mongodb"};
      if (key == "type") {
        const auto type = names_.literal(names_.inner(tree_.child(pair, Field::value)));
        database = std::find(kTypes.begin(), kTypes.end(), type) != kTypes.end();
      }
      if (key == "entities" || key == "migrations" || key == "autoLoadEntities") entities = true;
    }
    if (typeorm_ || (database && entities)) return &kTypeOrm;
    return nullptr;
  }

  void setting(Id place, std::string_view key, Id value) {
    if (key != "synchronize" && key != "dropSchema") return;
    const Id object = tree_.parent(place);
    if (!tree_.is(object, Kind::object)) return;
    const SchemaLibrary* const library = library_of(object);
    if (library == nullptr) return;
    const Truth holds = truth(value);
    if (holds == Truth::no) return;
    const auto kind = key == "dropSchema" ? SchemaCallKind::drop_all : SchemaCallKind::create_all;
    add(*library, place, place, holds == Truth::yes ? kind : SchemaCallKind::unknown);
  }

  // "sequelize" of `db.sequelize`, "ds" of `ds`.
  std::string_view last_name(Id object) const {
    if (tree_.is(object, Kind::member_expression)) {
      const Id property = tree_.child(object, Field::property);
      return property == kNoNode ? "" : tree_.text(property);
    }
    return tree_.is(object, Kind::identifier) ? tree_.text(object) : "";
  }

  void call(Id id) {
    const Id function = names_.inner(tree_.child(id, Field::function));
    if (!tree_.is(function, Kind::member_expression)) return;
    const Id property = tree_.child(function, Field::property);
    const Id object = names_.inner(tree_.child(function, Field::object));
    if (property == kNoNode || object == kNoNode) return;
    const std::string_view method = tree_.text(property);
    if (method == "synchronize") {
      const std::string name = lower(last_name(object));
      if (typeorm_ || name.ends_with("datasource") || name.ends_with("data_source"))
        add(kTypeOrm, property, function, SchemaCallKind::create_all);
    } else if (method == "sync" || method == "drop") {
      const auto kind = method == "sync" ? SchemaCallKind::create_all : SchemaCallKind::drop_all;
      if (is_sequelize(object) || is_model(object)) {
        add(kSequelize, property, function, kind);
      } else if (sequelize_ && method == "sync" && is_imported_model(object)) {
        add(kSequelize, property, function, SchemaCallKind::unknown);
      }
    } else if (is_schema_generator(object)) {
      const bool drops = method == "dropSchema" || method == "drop";
      constexpr std::array<std::string_view, 6> kMaking = {"createSchema", "updateSchema", "refreshDatabase",
                                                           "create",       "update",       "refresh"};
      if (drops || std::find(kMaking.begin(), kMaking.end(), method) != kMaking.end())
        add(kMikroOrm, property, function, drops ? SchemaCallKind::drop_all : SchemaCallKind::create_all);
    }
  }

  bool is_sequelize(Id object, int depth = 0) const {
    object = names_.inner(object);
    if (tree_.is(object, Kind::new_expression)) {
      const Id made = tree_.child(object, Field::constructor);
      return made != kNoNode && (tree_.text(made) == "Sequelize" || tree_.text(made).ends_with(".Sequelize"));
    }
    const std::string_view name = last_name(object);
    if (tree_.is(object, Kind::identifier)) {
      const auto values = names_.values(name);
      if (!values.empty()) {
        return depth < 4 && std::any_of(values.begin(), values.end(),
                                        [&](Id value) { return is_sequelize(value, depth + 1); });
      }
    }
    return lower(name) == "sequelize" && !tree_.is(object, Kind::call_expression);
  }

  bool is_model(Id object) const {
    if (!tree_.is(object, Kind::identifier)) return false;
    for (const Id value : names_.values(tree_.text(object))) {
      const Id function = tree_.child(names_.inner(value), Field::function);
      if (tree_.is(function, Kind::member_expression) &&
          tree_.text(tree_.child(function, Field::property)) == "define" &&
          is_sequelize(tree_.child(function, Field::object)))
        return true;
    }
    if (!sequelize_) return false;
    tree_.spend(tree_.size());
    for (Id id = 0; id < tree_.size(); ++id) {
      if (!tree_.is(id, Kind::class_declaration)) continue;
      const Id name = tree_.child(id, Field::name);
      const Id heritage = tree_.child(id, Kind::class_heritage);
      if (name == kNoNode || heritage == kNoNode || tree_.text(name) != tree_.text(object)) continue;
      return tree_.text(heritage).find("Model") != std::string_view::npos;
    }
    return false;
  }

  // `User.sync()` of a module of the project.
  bool is_imported_model(Id object) const {
    const std::string_view name = last_name(object);
    return !name.empty() && name[0] >= 'A' && name[0] <= 'Z' && tree_.is(object, Kind::identifier) &&
           names_.module_of(name).starts_with(".");
  }

  bool is_schema_generator(Id object, int depth = 0) const {
    object = names_.inner(object);
    const std::string name = lower(last_name(object));
    if (tree_.is(object, Kind::call_expression)) {
      const Id function = tree_.child(object, Field::function);
      return last_name(function) == "getSchemaGenerator";
    }
    if (tree_.is(object, Kind::member_expression)) {
      const std::string above = lower(last_name(names_.inner(tree_.child(object, Field::object))));
      return (name == "schema" && (mikro_ ? above.ends_with("orm") : above == "orm")) ||
             name == "schemagenerator";
    }
    if (!tree_.is(object, Kind::identifier)) return false;
    const auto values = names_.values(tree_.text(object));
    if (depth < 4 && std::any_of(values.begin(), values.end(),
                                 [&](Id value) { return is_schema_generator(value, depth + 1); }))
      return true;
    return mikro_ && values.empty() && name.ends_with("schemagenerator");
  }

  const Tree& tree_;
  const ScriptNames names_;
  FileFacts& facts_;
  bool typeorm_;
  bool sequelize_;
  bool mikro_;
};

bool may_hold_any(std::string_view content) {
  const auto has = [&](std::string_view word) { return content.find(word) != std::string_view::npos; };
  return has("synchronize") || has("dropSchema") || has("SchemaGenerator") || has("schemaGenerator") ||
         ((has("equelize")) && (has(".sync(") || has(".drop("))) || (has("@mikro-orm/") && has(".schema."));
}

}  // namespace

void find_script_schema_calls(std::string_view path, const Tree& tree, FileFacts& facts) {
  if (may_hold_any(tree.source())) Search(tree, path, facts).run();
}

void find_script_schema_calls(std::string_view path, std::string_view content, FileFacts& facts) {
  if (!may_hold_any(content)) return;
  // An object alone is a block of statements to JavaScript.
  const std::string assigned = "ormconfig = " + std::string(content);
  const auto tree = Tree::parse(assigned, syntax::javascript());
  if (!tree) {
    facts.problems.emplace_back("not read: parsing it takes more than 5 s, or it is nested too deeply");
    return;
  }
  facts.parsed = true;
  Search(*tree, path, facts).run();
  if (!tree->errors().empty()) facts.problems.emplace_back("it is not JSON, and facts may be hidden in it");
}

}  // namespace exitgate::collect::code
