// Tables made past the migrations by GORM, ent, Bun, xorm and go-pg. What stands in a migration (of gormigrate, goose or Bun)
// is one.
#include <algorithm>

#include "harness/collect/code/languages/go/go_facts.h"
#include "harness/collect/code/schema_libraries.h"

namespace exitgate::collect::code::go {

using facts::code::SchemaCallKind;
using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;

namespace {

bool is_one_of(std::string_view name, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

class Finder {
 public:
  explicit Finder(const GoNames& names)
      : names_(names),
        tree_(names.tree()),
        gorm_(names.imports("gorm.io/gorm") || names.imports("github.com/jinzhu/gorm")),
        bun_(names.imports("github.com/uptrace/bun")),
        xorm_(names.imports("xorm.io/xorm") || names.imports("github.com/go-xorm/xorm")),
        pg_(names.imports("github.com/go-pg/pg")),
        ent_(names.imports("entgo.io/ent/") ||
             names.tree().source().find("/ent\"") != std::string_view::npos) {}

  void find(std::vector<SchemaCall>& found) {
    if (registers_migrations()) return;
    for (Id id = 0; id < tree_.size(); ++id) {
      if (!tree_.is(id, Kind::call_expression)) continue;
      const Id function = tree_.child(id, Field::function);
      if (tree_.is(function, Kind::selector_expression)) call(id, function, found);
    }
  }

 private:
  void call(Id id, Id function, std::vector<SchemaCall>& found) const {
    const Id field = tree_.child(function, Field::field);
    const Id operand = tree_.child(function, Field::operand);
    if (field == kNoNode || operand == kNoNode) return;
    const std::string_view method = tree_.text(field);
    const auto given = arguments(tree_, id);
    const auto add = [&](const SchemaLibrary& library, SchemaCallKind kind) {
      if (!is_in_migration(id))
        found.push_back(schema_call_of(library, tree_.line(field), tree_.flat_text(function, 120), kind));
    };
    const bool drops = method.starts_with("Drop") || method == "NewDropTable";
    const auto kind = drops ? SchemaCallKind::drop_all : SchemaCallKind::create_all;
    if (method == "AutoMigrate") {
      // Without a model nothing is made.
      if (given.empty()) return;
      if (gorm_) {
        add(kGorm, kind);
      } else if (!defines(method) &&
                 std::all_of(given.begin(), given.end(), [&](Id one) { return is_model(one); })) {
        add(kGorm, SchemaCallKind::unknown);
      }
    } else if (is_one_of(method, {"CreateTable", "DropTable", "DropTableIfExists"})) {
      const std::string_view object = last_call(operand);
      if (gorm_ && (object == "Migrator" || (names_.imports("github.com/jinzhu/gorm") && object.empty()))) {
        add(kGorm, kind);
      } else if (pg_) {
        add(kGoPg, kind);
      }
    } else if (bun_ && (method == "NewCreateTable" || method == "NewDropTable")) {
      add(kBun, kind);
    } else if (xorm_ && is_one_of(method, {"Sync", "Sync2", "CreateTables", "DropTables"}) &&
               !given.empty()) {
      add(kXorm, kind);
    } else if (ent_ && method == "Create" && !given.empty() && tree_.is(operand, Kind::selector_expression) &&
               last_name(tree_, operand) == "Schema") {
      add(kEnt, kind);
    }
  }

  // "Migrator" of `db.Migrator()`; "" for what is no call.
  std::string_view last_call(Id operand) const {
    operand = inner(tree_, operand);
    if (!tree_.is(operand, Kind::call_expression)) {
      // m := db.Migrator()
      if (!tree_.is(operand, Kind::identifier)) return "";
      const auto& known = names_.bindings(operand);
      if (known.size() != 1 || !tree_.is(known[0].value, Kind::call_expression)) return "";
      return last_name(tree_, tree_.child(known[0].value, Field::function));
    }
    return last_name(tree_, tree_.child(operand, Field::function));
  }

  // `&User{}`, `new(User)`, `User{}`
  bool is_model(Id argument) const {
    argument = inner(tree_, argument);
    if (tree_.is(argument, Kind::unary_expression)) argument = tree_.child(argument, Field::operand);
    if (tree_.is(argument, Kind::composite_literal)) return true;
    return tree_.is(argument, Kind::call_expression) &&
           last_name(tree_, tree_.child(argument, Field::function)) == "new";
  }

  // Whether the file has a method of that name itself.
  bool defines(std::string_view method) const {
    for (Id id = 0; id < tree_.size(); ++id) {
      if (!tree_.is(id, Kind::method_declaration)) continue;
      const Id name = tree_.child(id, Field::name);
      if (name != kNoNode && tree_.text(name) == method) return true;
    }
    return false;
  }

  // goose.AddMigrationContext(up, down): the functions of the file are a migration.
  bool registers_migrations() const {
    if (!names_.imports("github.com/pressly/goose")) return false;
    for (Id id = 0; id < tree_.size(); ++id) {
      if (!tree_.is(id, Kind::call_expression)) continue;
      const auto name = names_.member(tree_.child(id, Field::function), "github.com/pressly/goose", "goose");
      if (name.starts_with("AddMigration") || name.starts_with("AddNamedMigration")) return true;
    }
    return false;
  }

  // In a function that is handed to Migrations.Register, or that is the Migrate, Rollback or InitSchema of gormigrate.
  bool is_in_migration(Id node) const {
    for (Id at = tree_.parent(node); at != kNoNode; at = tree_.parent(at)) {
      tree_.spend(1);
      if (tree_.is(at, Kind::call_expression)) {
        const auto name = last_name(tree_, tree_.child(at, Field::function));
        if (is_one_of(name, {"MustRegister", "Register", "InitSchema"}) && at != node &&
            (bun_ || names_.imports("github.com/go-gormigrate/gormigrate")))
          return true;
      }
      if (tree_.is(at, Kind::keyed_element) && names_.imports("github.com/go-gormigrate/gormigrate")) {
        const auto parts = tree_.children(at);
        if (!parts.empty() && is_one_of(tree_.text(parts[0]), {"Migrate", "Rollback"})) return true;
      }
    }
    return false;
  }

  const GoNames& names_;
  const syntax::Tree& tree_;
  const bool gorm_;
  const bool bun_;
  const bool xorm_;
  const bool pg_;
  const bool ent_;
};

}  // namespace

void find_schema_calls(const GoNames& names, std::vector<SchemaCall>& found) {
  Finder(names).find(found);
}

}  // namespace exitgate::collect::code::go
