// Django: one history for each application, from the `dependencies` of the Migration classes in its folder migrations.
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/collect/migrations/chain.h"
#include "harness/collect/migrations/tool.h"
#include "harness/collect/migrations/tools/django/statements.h"
#include "harness/syntax/names.h"
#include "harness/syntax/tree.h"

namespace exitgate::collect::tools {

using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Names;
using syntax::Tree;

namespace {

struct Reference {
  std::string app;
  std::string name;
};

struct Migration {
  Revision revision;
  std::vector<Reference> dependencies;
  std::vector<Reference> replaces;
  std::vector<Reference> run_before;
};

struct App {
  std::string label;
  Environment environment;
  std::vector<Migration> migrations;
  DjangoModels models;
};

// [("app", "0001_initial"), migrations.swappable_dependency(settings.AUTH_USER_MODEL)]
bool references(const Tree& tree, const Names& names, Id value, std::vector<Reference>& into) {
  value = syntax::inner(tree, value);
  if (!tree.is(value, Kind::list) && !tree.is(value, Kind::tuple)) return false;
  for (const Id item : tree.children(value)) {
    const Id entry = syntax::inner(tree, item);
    if (tree.is(entry, Kind::call) &&
        ends_with(tree.text(tree.child(entry, Field::function)), "swappable_dependency")) {
      continue;  // which application that is, the project's settings say
    }
    if (!tree.is(entry, Kind::tuple) && !tree.is(entry, Kind::list)) return false;
    const auto parts = tree.children(entry);
    if (parts.size() != 2) return false;
    const auto app = names.constant(parts[0]);
    const auto name = names.constant(parts[1]);
    if (!app || !name) return false;
    into.push_back({*app, *name});
  }
  return true;
}

// As the application's configuration names it, else its folder.
std::string label_of(Source& source, std::string_view folder) {
  const auto path = join_path(folder, "apps.py");
  std::string label(name_of(folder));
  const auto text = path ? source.read(*path) : std::nullopt;
  const auto tree = text ? Tree::parse(*text) : std::nullopt;
  if (!tree) return label;
  const Names names(*tree);
  for (const Id statement : tree->children(tree->root())) {
    if (!tree->is(statement, Kind::class_definition)) continue;
    bool unclear = false;
    if (const auto given = names.constant(django_class_value(*tree, statement, "label", unclear)))
      return *given;
    if (const auto name = names.constant(django_class_value(*tree, statement, "name", unclear))) {
      label = name->substr(name->rfind('.') + 1);
    }
  }
  return label;
}

void read_migration(const std::string& path, const std::string& text, App& app) {
  const auto tree = Tree::parse(text);
  if (!tree) {
    app.environment.complete = false;
    app.environment.problems.push_back({path, std::nullopt, "parsing it takes more than 5 s", true});
    return;
  }
  const Id definition = django_migration_class(*tree);
  if (definition == kNoNode) return;
  const Names names(*tree);
  Migration migration;
  auto& revision = migration.revision;
  revision.id = name_of(path).substr(0, name_of(path).size() - 3);
  revision.file = path;
  revision.line = tree->line(definition);
  revision.title = title_from(split_number(revision.id).rest);
  for (const auto& [name, into] :
       {std::pair{"dependencies", &migration.dependencies}, std::pair{"replaces", &migration.replaces},
        std::pair{"run_before", &migration.run_before}}) {
    bool unclear = false;
    const Id value = django_class_value(*tree, definition, name, unclear);
    if (value == kNoNode && !unclear) continue;
    if (!unclear && references(*tree, names, value, *into)) continue;
    revision.down_known = false;
    app.environment.problems.push_back(
        {path, value == kNoNode ? revision.line : tree->line(value),
         fmt::format("the value of '{}' cannot be read: it is not a plain list of pairs of strings", name)});
  }
  Statements statements;
  add_django_operations(*tree, names, definition, app.models, statements);
  revision.statements = statements.take();
  app.migrations.push_back(std::move(migration));
}

std::string sql_string(std::string_view text) {
  std::string escaped;
  for (const char c : text) escaped += c == '\'' ? std::string("''") : std::string(1, c);
  return escaped;
}

// A squashed migration stands for those that it replaces, which are left out while their files are still there.
void squash(App& app) {
  for (auto& migration : app.migrations) {
    for (const auto& old : migration.replaces) {
      if (old.app == app.label) migration.revision.stands_for.push_back(old.name);
    }
  }
  std::map<std::string, std::string, std::less<>> by;  // replaced name, and what replaces it
  for (const auto& migration : app.migrations) {
    for (const auto& old : migration.replaces) {
      if (old.app == app.label) by[old.name] = migration.revision.id;
    }
  }
  std::erase_if(app.migrations,
                [&by](const Migration& migration) { return by.count(migration.revision.id) != 0; });
  for (auto& migration : app.migrations) {
    for (auto& dependency : migration.dependencies) {
      const auto replaced = by.find(dependency.name);
      if (dependency.app == app.label && replaced != by.end()) dependency.name = replaced->second;
    }
  }
}

void link(App& app, const std::map<std::string, std::set<std::string>>& known) {
  for (auto& [revision, dependencies, replaces, run_before] : app.migrations) {
    std::set<std::string> down;
    std::set<std::string> outside;
    for (const auto& [label, name] : dependencies) {
      if (label == app.label && name != revision.id) {
        down.insert(name);
        continue;
      }
      outside.insert(fmt::format("{}.{}", label, name));
      const auto other = known.find(label);
      // Applications of other packages are not in the repository; the names in underscores mean whatever is there.
      if (other == known.end() || name.rfind("__", 0) == 0 || other->second.count(name) != 0) continue;
      app.environment.problems.push_back(
          {revision.file, revision.line,
           fmt::format("migration '{}' depends on '{}.{}', which is not there", revision.id, label, name)});
    }
    revision.down.assign(down.begin(), down.end());
    revision.outside.assign(outside.begin(), outside.end());
    app.environment.revisions.push_back(revision);
  }
}

// `run_before` of one migration is a dependency of the other.
void turn_run_before(std::map<std::string, App>& apps) {
  std::map<std::pair<std::string, std::string>, std::vector<Reference>> added;
  for (const auto& [folder, app] : apps) {
    for (const auto& migration : app.migrations) {
      for (const auto& later : migration.run_before)
        added[{later.app, later.name}].push_back({app.label, migration.revision.id});
    }
  }
  for (auto& [folder, app] : apps) {
    for (auto& migration : app.migrations) {
      const auto more = added.find({app.label, migration.revision.id});
      if (more == added.end()) continue;
      migration.dependencies.insert(migration.dependencies.end(), more->second.begin(), more->second.end());
    }
  }
}

// The folder of "shop.db_migrations", which lies somewhere below the root; "" when there is none.
std::string folder_of_module(const Source& source, std::string module) {
  std::replace(module.begin(), module.end(), '.', '/');
  const std::string end = "/" + module + "/__init__.py";
  for (const auto& path : source.named("__init__.py")) {
    if (("/" + path).ends_with(end)) return std::string(folder_of(path));
  }
  return source.has_folder(module) ? module : "";
}

// MIGRATION_MODULES of the settings: the folders of migrations that are not named so, with the label of each.
std::map<std::string, std::string> migration_modules(Source& source) {
  std::map<std::string, std::string> labels;
  for (const auto& path : source.paths()) {
    if (!ends_with(path, ".py")) continue;
    const bool settings = name_of(path).find("setting") != std::string_view::npos ||
                          name_of(path).find("conf") != std::string_view::npos ||
                          folder_of(path).find("settings") != std::string_view::npos ||
                          folder_of(path).find("config") != std::string_view::npos;
    if (!settings) continue;
    const auto text = source.read(path);
    if (!text || text->find("MIGRATION_MODULES") == std::string::npos) continue;
    const auto tree = Tree::parse(*text);
    if (!tree) continue;
    const Names names(*tree);
    for (Id id = 0; id < tree->size(); ++id) {
      if (!tree->is(id, Kind::assignment)) continue;
      const Id left = tree->child(id, Field::left);
      const Id right = tree->child(id, Field::right);
      const bool wanted = tree->is(left, Kind::identifier) && tree->text(left) == "MIGRATION_MODULES";
      if (!wanted || !tree->is(right, Kind::dictionary)) continue;
      for (const Id pair : tree->children(right)) {
        if (!tree->is(pair, Kind::pair)) continue;
        const auto label = names.constant(tree->child(pair, Field::key));
        const auto module = names.constant(tree->child(pair, Field::value));
        if (!label || !module) continue;
        if (const auto folder = folder_of_module(source, *module); !folder.empty()) labels[folder] = *label;
      }
    }
  }
  return labels;
}

void find(Source& source, std::vector<Environment>& found) {
  const auto modules = migration_modules(source);
  std::map<std::string, App> apps;  // by folder
  for (const auto& path : source.paths()) {
    const std::string_view name = name_of(path);
    const std::string folder(folder_of(path));
    const bool named = name_of(folder) == "migrations" || modules.count(folder) != 0;
    if (!ends_with(name, ".py") || !named || name.front() == '_' || name.front() == '~') continue;
    const auto text = source.read(path);
    if (!text) {
      // Whether it is one cannot be told, but its neighbours can.
      auto& app = apps[folder];
      app.environment.complete = false;
      app.environment.problems.push_back({path, std::nullopt, "its blob is missing from the clone", true});
      continue;
    }
    if (text->find("Migration") == std::string::npos || text->find("django") == std::string::npos) continue;
    read_migration(path, *text, apps[folder]);
  }
  std::erase_if(apps, [](const auto& app) { return app.second.migrations.empty(); });
  std::map<std::string, std::set<std::string>> known;  // by label, replaced ones too
  for (auto& [folder, app] : apps) {
    const auto module = modules.find(folder);
    app.label = module == modules.end() ? label_of(source, folder_of(folder)) : module->second;
    for (const auto& migration : app.migrations) known[app.label].insert(migration.revision.id);
    for (const auto& migration : app.migrations) {
      for (const auto& old : migration.replaces) known[old.app].insert(old.name);
    }
  }
  turn_run_before(apps);
  for (auto& [folder, app] : apps) {
    app.environment.id = folder;
    app.environment.tool = "django";
    app.environment.location = folder;
    app.environment.state = fmt::format("SELECT name FROM {{table}} WHERE app = '{}'", sql_string(app.label));
    const auto config = join_path(folder_of(folder), "apps.py");
    if (config && source.has_file(*config)) app.environment.config = config;
    squash(app);
    link(app, known);
    found.push_back(std::move(app.environment));
  }
}

std::vector<Statement> statements_in(std::string_view text) {
  Statements statements;
  const auto tree = Tree::parse(text);
  const auto definition = tree ? django_migration_class(*tree) : kNoNode;
  // Without the migrations before: a change of a field is undecided then, and counts as new.
  DjangoModels models;
  if (definition != kNoNode) add_django_operations(*tree, Names(*tree), definition, models, statements);
  return statements.take();
}

// "shop_order_customer_id_1a2b3c4d", "…_1a2b3c4d_like" and "…_1a2b3c_idx", of a digest of its columns; a unique one's ends
// in "_uniq".
bool is_plain_index(std::string_view name) {
  for (const std::string_view ending : {"_like", "_idx"}) {
    if (ends_with(name, ending)) name.remove_suffix(ending.size());
  }
  const std::string_view digest = name.substr(name.rfind('_') + 1);
  return (digest.size() == 6 || digest.size() == 8) && digest.size() < name.size() &&
         digest.find_first_not_of("0123456789abcdef") == std::string_view::npos &&
         digest.find_first_of("0123456789") != std::string_view::npos &&
         digest.find_first_of("abcdef") != std::string_view::npos;  // neither a word nor a date
}

}  // namespace

std::vector<Tool> django() {
  return {{
      .name = "django",
      .deep = true,
      .find = find,
      .statements = statements_in,
      .names_plain_index = is_plain_index,
      .tables = {"django_migrations"},
      // Of the history of each application, with its label.
      .state = "SELECT name FROM {table} WHERE app = 'APP'",
      .state_lists_all = true,
      .up = "python manage.py migrate",
      .down = "python manage.py migrate APP zero",
      .step = "python manage.py migrate APP PREVIOUS",
      .list = "python manage.py showmigrations",
      .models = "python manage.py makemigrations --check --dry-run",
      .commands = {"manage.py migrate"},
      .after_merge = {.changed = "Django keeps no checksum and never notices",
                      .removed = "Django never notices, but for migrations that depend on it",
                      .overtaken = "Django stops with InconsistentMigrationHistory"},
      .back = WayBack{.programs = {"manage.py", "django-admin"},
                      .migrate = "migrate",
                      .back = "migrate {application} {name}"},
      .up_part = "operations",
      .down_part = "the reverse of its operations",
      .create = "python manage.py makemigrations",
      .join = "join them: `python manage.py makemigrations --merge`",
  }};
}

}  // namespace exitgate::collect::tools
