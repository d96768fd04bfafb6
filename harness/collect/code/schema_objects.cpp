// Tables made or dropped by an object whose method has a plain name (`create`, `create_tables`): told by what the
// object is, as its imports and assignments say.
#include <algorithm>
#include <map>
#include <set>

#include "harness/collect/code/extract.h"
#include "harness/collect/code/schema_libraries.h"

namespace exitgate::collect::code {

using facts::code::SchemaCallKind;
using syntax::Field;
using syntax::Id;
using syntax::inner;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Names;
using syntax::Tree;

namespace {

constexpr std::size_t kBases = 32;  // classes between a model and peewee's

bool is_peewee_database(std::string_view path) {
  const bool peewee = path.starts_with("peewee.") || path.starts_with("playhouse.");
  return peewee && (path.ends_with("Database") || path.ends_with("Proxy") || path.ends_with(".connect"));
}

bool is_sqlalchemy_table(std::string_view path) {
  return path == "sqlalchemy.Table" || path == "sqlalchemy.schema.Table" ||
         path == "sqlalchemy.sql.schema.Table";
}

// CreateTable makes, DropTable drops.
std::optional<SchemaCallKind> ddl_element(std::string_view path) {
  if (!path.starts_with("sqlalchemy.")) return std::nullopt;
  if (path.ends_with(".CreateTable")) return SchemaCallKind::create_all;
  if (path.ends_with(".DropTable")) return SchemaCallKind::drop_all;
  return std::nullopt;
}

class Search {
 public:
  Search(const Tree& tree, const Names& names, std::vector<SchemaCall>& found)
      : tree_(tree), names_(names), found_(found) {
    for (Id id = 0; id < tree.size(); ++id) {
      if (tree.is(id, Kind::class_definition)) classes_[tree.text(tree.child(id, Field::name))] = id;
      if (tree.is(id, Kind::import_from_statement) || tree.is(id, Kind::import_statement)) {
        const std::string_view text = tree.text(id);
        // A migration makes its tables by these as well.
        if (text.starts_with("from alembic import") && text.find("op") != std::string_view::npos)
          is_migration_ = true;
        if (text.find("peewee") != std::string_view::npos || text.find("playhouse") != std::string_view::npos)
          uses_peewee_ = true;
      }
    }
  }

  void run() {
    if (is_migration_) return;
    for (Id id = 0; id < tree_.size(); ++id) {
      if (tree_.is(id, Kind::attribute)) attribute(id);
      if (tree_.is(id, Kind::call)) call(id);
      if (tree_.is(id, Kind::assignment)) django_setting(id);
    }
  }

 private:
  void add(Id place, Id written, SchemaCallKind kind, const char* library) {
    SchemaCall call{tree_.line(place), tree_.flat_text(written), kind};
    call.library = library;
    if (call.library == kDjango.name) call.instead = kDjango.instead;
    found_.push_back(std::move(call));
  }

  // What the object was made by, or what it is the name of.
  std::vector<std::string> origins(Id object) const {
    object = inner(tree_, object);
    std::vector<Id> values = {object};
    if (tree_.is(object, Kind::identifier)) {
      for (const Id value : names_.values(object)) values.push_back(inner(tree_, value));
    }
    std::vector<std::string> all;
    for (const Id value : values) {
      const Id named = tree_.is(value, Kind::call) ? tree_.child(value, Field::function) : value;
      for (auto& path : names_.paths(named)) all.push_back(std::move(path));
    }
    return all;
  }

  template <typename Is>
  bool is_made_by(Id object, Is&& is) const {
    const auto all = origins(object);
    return std::any_of(all.begin(), all.end(), [&](const std::string& path) { return is(path); });
  }

  // A class made of peewee.Model, by classes of this file.
  bool is_peewee_model(Id object) const {
    object = inner(tree_, object);
    if (!tree_.is(object, Kind::identifier)) return false;
    std::vector<std::string_view> open = {tree_.text(object)};
    std::set<std::string_view> seen;
    while (!open.empty() && seen.size() < kBases) {
      const auto definition = classes_.find(open.back());
      open.pop_back();
      if (definition == classes_.end() || !seen.insert(definition->first).second) continue;
      for (const Id base : tree_.children(tree_.child(definition->second, Field::superclasses))) {
        if (names_.stands_for(base, "peewee.Model")) return true;
        if (tree_.is(base, Kind::identifier)) open.push_back(tree_.text(base));
      }
    }
    return false;
  }

  bool is_table(Id object) const {
    object = inner(tree_, object);
    // `User.__table__`, which a mapped class has, and `metadata.tables["users"]`.
    if (tree_.is(object, Kind::attribute))
      return tree_.text(tree_.child(object, Field::attribute)) == "__table__";
    if (tree_.is(object, Kind::subscript)) {
      const Id tables = inner(tree_, tree_.child(object, Field::value));
      if (!tree_.is(tables, Kind::attribute) || tree_.text(tree_.child(tables, Field::attribute)) != "tables")
        return false;
      const Id metadata = inner(tree_, tree_.child(tables, Field::object));
      return (tree_.is(metadata, Kind::attribute) &&
              tree_.text(tree_.child(metadata, Field::attribute)) == "metadata") ||
             is_made_by(metadata, [](std::string_view path) { return path == "sqlalchemy.MetaData"; });
    }
    if (!tree_.is(object, Kind::identifier)) return false;
    const auto values = names_.values(object);
    return std::any_of(values.begin(), values.end(), [&](Id value) {
      value = inner(tree_, value);
      if (tree_.is(value, Kind::attribute)) return is_table(value);
      if (!tree_.is(value, Kind::call)) return false;
      const auto paths = names_.paths(tree_.child(value, Field::function));
      return std::any_of(paths.begin(), paths.end(), is_sqlalchemy_table);
    });
  }

  void attribute(Id id) {
    const Id word = tree_.child(id, Field::attribute);
    if (word == kNoNode) return;
    const std::string_view name = tree_.text(word);
    const Id object = tree_.child(id, Field::object);
    const auto kind = name.starts_with("drop") ? SchemaCallKind::drop_all : SchemaCallKind::create_all;
    // Assigned to, as a test replaces it.
    if (tree_.is(tree_.parent(id), Kind::assignment) && tree_[id].field == Field::left) return;
    bool is = false;
    const char* library = "SQLAlchemy";
    if (name == "generate_schemas") {
      library = "Tortoise";
      is = is_made_by(object, [](std::string_view path) { return path.starts_with("tortoise."); });
    } else if (name == "create_tables" || name == "drop_tables") {
      library = "Peewee";
      is = is_made_by(object, is_peewee_database);
      if (!is && uses_peewee_ && !names_.imported(object).empty()) {
        add(word, id, SchemaCallKind::unknown, "Peewee");
        return;
      }
    } else if (name == "create_table" || name == "drop_table") {
      library = "Peewee";
      is = is_peewee_model(object);
    } else if (name == "create" || name == "drop") {
      is = is_table(object);
    }
    if (is) add(word, id, kind, library);
  }

  void call(Id id) {
    const Id function = inner(tree_, tree_.child(id, Field::function));
    if (tree_.is(function, Kind::attribute) &&
        executes(tree_.text(tree_.child(function, Field::attribute)))) {
      executed(tree_.child(id, Field::arguments));
      return;
    }
    if (!tree_.is(function, Kind::identifier) && !tree_.is(function, Kind::attribute)) return;
    for (const auto& path : names_.paths(function)) {
      if (path == "django.core.management.call_command" && runs_syncdb(id)) {
        add(id, id, SchemaCallKind::create_all, "Django");
      } else if (path.starts_with("tortoise.")) {
        const bool makes = path == "tortoise.contrib.test.initializer" ||
                           path.ends_with(".generate_schema_for_client") ||
                           ((path.ends_with(".register_tortoise") || path.ends_with(".RegisterTortoise")) &&
                            keyword(id, "generate_schemas"));
        if (makes) add(id, function, SchemaCallKind::create_all, "Tortoise");
      }
    }
  }

  static bool executes(std::string_view method) {
    return method == "execute" || method == "scalar" || method == "scalars" || method == "exec";
  }

  // A DDL element among what a connection is given, at once or by a name.
  void executed(Id arguments) {
    for (Id below = arguments + 1; arguments != kNoNode && below < tree_[arguments].after; ++below) {
      std::vector<Id> values;
      if (tree_.is(below, Kind::call)) values = {below};
      if (tree_.is(below, Kind::identifier) && tree_[below].field != Field::function)
        values = names_.values(below);
      for (const Id value : values) {
        if (!tree_.is(inner(tree_, value), Kind::call)) continue;
        for (const auto& path : names_.paths(tree_.child(inner(tree_, value), Field::function))) {
          const auto kind = ddl_element(path);
          if (!kind) continue;
          add(below, below, *kind, "SQLAlchemy");
          return;
        }
      }
    }
  }

  bool keyword(Id call, std::string_view name) const {
    for (const Id argument : tree_.children(tree_.child(call, Field::arguments))) {
      if (tree_.is(argument, Kind::keyword_argument) &&
          tree_.text(tree_.child(argument, Field::name)) == name)
        return !tree_.is(inner(tree_, tree_.child(argument, Field::value)), Kind::false_);
    }
    return false;
  }

  bool runs_syncdb(Id call) const {
    const auto arguments = tree_.children(tree_.child(call, Field::arguments));
    if (arguments.empty() || names_.constant(arguments[0]) != "migrate") return false;
    return keyword(call, "run_syncdb") || std::any_of(arguments.begin(), arguments.end(), [&](Id argument) {
             return names_.constant(argument) == "--run-syncdb";
           });
  }

  // Django's MIGRATION_MODULES that says None for an app, and DATABASES with TEST: {MIGRATE: False}.
  void django_setting(Id id) {
    const Id left = tree_.child(id, Field::left);
    const Id value = inner(tree_, tree_.child(id, Field::right));
    if (value == kNoNode) return;
    const bool at_top = tree_.is(left, Kind::identifier) && enclosing_definition(tree_, id) == kNoNode &&
                        is_settings_module();
    const bool of_settings = tree_.is(left, Kind::attribute) &&
                             names_.stands_for(tree_.child(left, Field::object), "django.conf.settings");
    if (!at_top && !of_settings) return;
    const std::string_view name = at_top ? tree_.text(left) : tree_.text(tree_.child(left, Field::attribute));
    if (name == "MIGRATION_MODULES" && (has_none(value) || is_of_own_class(value)))
      add(id, left, SchemaCallKind::create_all, "Django");
    if (name != "DATABASES") return;
    for (Id below = value + 1; below < tree_[value].after; ++below) {
      if (tree_.is(below, Kind::pair) && names_.constant(tree_.child(below, Field::key)) == "MIGRATE" &&
          tree_.is(inner(tree_, tree_.child(below, Field::value)), Kind::false_))
        add(below, below, SchemaCallKind::create_all, "Django");
    }
  }

  bool is_settings_module() const {
    for (const Id statement : tree_.children(tree_.root())) {
      if (tree_.is(statement, Kind::import_from_statement) &&
          tree_.child(statement, Kind::wildcard_import) != kNoNode)
        return true;
      for (const Id assignment : tree_.children(statement)) {
        if (!tree_.is(assignment, Kind::assignment)) continue;
        const std::string_view name = tree_.text(tree_.child(assignment, Field::left));
        if (name == "INSTALLED_APPS" || name == "DATABASES") return true;
      }
    }
    return false;
  }

  bool has_none(Id value) const {
    if (tree_.is(value, Kind::call)) return false;
    for (Id below = value + 1; below < tree_[value].after; ++below) {
      if (tree_.is(below, Kind::none) && tree_.is(tree_.parent(below), Kind::pair) &&
          tree_[below].field == Field::value)
        return true;
    }
    return false;
  }

  // `DisableMigrations()`: an object that answers for every app.
  bool is_of_own_class(Id value) const {
    const Id made = tree_.child(value, Field::function);
    if (!tree_.is(value, Kind::call) || !tree_.is(made, Kind::identifier)) return false;
    const auto definition = classes_.find(tree_.text(made));
    return definition != classes_.end() &&
           tree_.text(definition->second).find("__getitem__") != std::string_view::npos;
  }

  const Tree& tree_;
  const Names& names_;
  std::vector<SchemaCall>& found_;
  std::map<std::string_view, Id> classes_;
  bool is_migration_ = false;
  bool uses_peewee_ = false;
};

}  // namespace

void find_schema_objects(const Tree& tree, const Names& names, std::vector<SchemaCall>& found) {
  Search(tree, names, found).run();
}

}  // namespace exitgate::collect::code
