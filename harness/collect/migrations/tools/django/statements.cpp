#include "harness/collect/migrations/tools/django/statements.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <utility>

#include "harness/base/text.h"
#include "harness/collect/migrations/call_arguments.h"
#include "harness/collect/migrations/python_sql.h"
#include "harness/collect/migrations/python_statement.h"
#include "harness/collect/migrations/source.h"
#include "harness/collect/migrations/sql_indexes.h"

namespace exitgate::collect {

using syntax::Field;
using syntax::Id;
using syntax::inner;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Names;
using syntax::Tree;
using DjangoField = DjangoModels::DjangoField;

namespace {

constexpr int kDeepest = 8;  // SeparateDatabaseAndState within one another

// Operations of Django itself that take nothing away: they add, or concern indexes, comments and Python alone.
constexpr std::array<std::string_view, 22> kHarmless = {"AddIndex",
                                                        "AddIndexConcurrently",
                                                        "AlterConstraint",
                                                        "AlterIndexTogether",
                                                        "AlterModelManagers",
                                                        "AlterModelOptions",
                                                        "AlterModelTableComment",
                                                        "BloomExtension",
                                                        "BtreeGinExtension",
                                                        "BtreeGistExtension",
                                                        "CITextExtension",
                                                        "CreateCollation",
                                                        "CreateExtension",
                                                        "CryptoExtension",
                                                        "HStoreExtension",
                                                        "RemoveCollation",
                                                        "RemoveIndex",
                                                        "RemoveIndexConcurrently",
                                                        "RenameIndex",
                                                        "TrigramExtension",
                                                        "UnaccentExtension",
                                                        "ValidateConstraint"};

// Types whose columns are varchar, and what they are without max_length.
constexpr std::array<std::pair<std::string_view, int>, 8> kVarchar = {{{"CharField", 0},
                                                                       {"EmailField", 254},
                                                                       {"FileField", 100},
                                                                       {"FilePathField", 100},
                                                                       {"ImageField", 100},
                                                                       {"SlugField", 50},
                                                                       {"URLField", 200},
                                                                       {"CommaSeparatedIntegerField", 0}}};

std::string last_part(std::string_view path) {
  return std::string(path.substr(path.rfind('.') + 1));
}

// Nullopt where it is not a plain number.
std::optional<int> number(const std::string& text) {
  int value = 0;
  const auto read = std::from_chars(text.data(), text.data() + text.size(), value);
  return read.ec == std::errc() && read.ptr == text.data() + text.size() ? std::optional<int>(value)
                                                                         : std::nullopt;
}

// Of the varchar column of such a field; 0: without a limit; nullopt where it is another type or not written.
std::optional<int> varchar_length(const DjangoField& field) {
  const std::string type = last_part(field.type);
  for (const auto& [name, standard] : kVarchar) {
    if (type != name) continue;
    const auto given = field.arguments.find("max_length");
    if (given == field.arguments.end()) return standard;
    return given->second == "None" ? 0 : number(given->second);
  }
  return std::nullopt;
}

class Operations {
 public:
  Operations(const Tree& tree, const Names& names, DjangoModels& models, Statements& statements)
      : tree_(tree), names_(names), models_(models), statements_(statements) {}

  void read(Id definition) {
    bool unclear = false;
    const Id list = django_class_value(tree_, definition, "operations", unclear);
    for (const Id error : tree_.errors()) undecided(tree_.around(error), "it does not parse as Python");
    if (unclear) {
      undecided(definition, "its operations are put together at run time");
    } else if (list != kNoNode) {
      read_list(list, true, kDeepest);
    }
  }

 private:
  // `database`: they run; else they only tell Django what something else has done.
  void read_list(Id list, bool database, int depth) {
    list = inner(tree_, list);
    if (tree_.is(list, Kind::identifier)) {
      const auto values = names_.values(list);
      if (values.size() == 1) list = inner(tree_, values[0]);
    }
    if (depth <= 0 || (!tree_.is(list, Kind::list) && !tree_.is(list, Kind::tuple))) {
      undecided(list, "its operations are put together at run time");
      return;
    }
    for (const Id item : tree_.children(list)) {
      if (tree_.is(item, Kind::comment)) continue;
      const Id call = inner(tree_, item);
      database_ = database;
      if (tree_.is(call, Kind::call)) {
        operation(call, depth);
      } else {
        undecided(item, "the operation is not written here");
      }
    }
  }

  void operation(Id call, int depth) {
    const std::string path(tree_.text(inner(tree_, tree_.child(call, Field::function))));
    const std::string name = last_part(path);
    const Arguments with(tree_, names_, call);
    if (name == "AddIndex" || name == "AddIndexConcurrently" || name == "AddConstraint" ||
        name == "CreateModel")
      indexes(call);
    if (name == "RenameIndex")
      statements_.add(renamed_index(with.text(SIZE_MAX, "old_name"), with.text(SIZE_MAX, "new_name")));
    if (name == "SeparateDatabaseAndState") {
      const Id run = with.at(0, "database_operations");
      const Id told = with.at(1, "state_operations");
      if (run != kNoNode) read_list(run, true, depth - 1);
      if (told != kNoNode) read_list(told, false, depth - 1);
    } else if (name == "RunSQL") {
      run_sql(call, with.at(0, "sql"));
    } else if (name == "RunPython") {
      const Id code = with.at(0, "code");
      if (code == kNoNode || !tree_.text(inner(tree_, code)).ends_with("noop"))
        undecided(call, "what its Python does to the data is not read");
    } else if (!on_model(call, name, with) && !on_field(call, name, with) &&
               std::find(kHarmless.begin(), kHarmless.end(), name) == kHarmless.end()) {
      undecided(call, "the operation is not one of Django's that is known here");
    }
  }

  bool on_model(Id call, const std::string& name, const Arguments& with) {
    const std::string model = with.text(0, name == "RenameModel" ? "old_name" : "name");
    auto& known = models_.models;
    if (name == "CreateModel") {
      create(with, model);
    } else if (name == "DeleteModel") {
      known.erase(lower(model));
      add(call, "drop-table", model, model);
    } else if (name == "RenameModel") {
      auto moved = known.extract(lower(model));
      if (!moved.empty()) {
        moved.key() = lower(with.text(1, "new_name"));
        known.insert(std::move(moved));
      }
      add(call, "rename", model, model);
    } else if (name == "AlterModelTable") {
      add(call, "rename", model, model);
    } else if (name == "AlterUniqueTogether") {
      unique_together(call, model, with.at(1, "unique_together"));
    } else if (name == "AlterOrderWithRespectTo") {
      if (tree_.is(inner(tree_, with.at(1, "order_with_respect_to")), Kind::none))
        add(call, "drop-column", model + "._order", model, {"_order"});
    } else if (name == "AddConstraint" || name == "AddConstraintNotValid") {
      const Id constraint = inner(tree_, with.at(1, "constraint"));
      if (tree_.is(constraint, Kind::call))
        made("constraint", with.text(0, "model_name"),
             Arguments(tree_, names_, constraint).text(SIZE_MAX, "name"));
    } else if (name == "RemoveConstraint") {
      const std::string of = with.text(0, "model_name");
      const std::string constraint = with.text(1, "name");
      add(call, "drop-constraint", of + "." + constraint, of, {constraint});
    } else {
      return false;
    }
    return true;
  }

  void create(const Arguments& with, const std::string& model) {
    made("table", model, "");
    auto& known = models_.models[lower(model)];
    known = {};
    const Id fields = inner(tree_, with.at(1, "fields"));
    for (const Id item : tree_.children(fields)) {
      const auto pair = tree_.children(inner(tree_, item));
      const auto field = pair.size() == 2 ? names_.constant(pair[0]) : std::nullopt;
      if (field) known.fields[*field] = field_of(pair[1]);
    }
    const Id options = with.at(2, "options");
    known.unique_together =
        options != kNoNode && tree_.text(options).find("unique_together") != std::string_view::npos;
  }

  bool on_field(Id call, const std::string& name, const Arguments& with) {
    if (name != "AddField" && name != "RemoveField" && name != "AlterField" && name != "RenameField")
      return false;
    const std::string model = with.text(0, "model_name");
    const std::string field = with.text(1, name == "RenameField" ? "old_name" : "name");
    auto& fields = models_.models[lower(model)].fields;
    if (name == "AddField") {
      made("column", model, field);
      fields[field] = field_of(with.at(2, "field"));
    } else if (name == "RemoveField") {
      fields.erase(field);
      add(call, "drop-column", model + "." + field, model, {field});
    } else if (name == "RenameField") {
      auto moved = fields.extract(field);
      if (!moved.empty()) {
        moved.key() = with.text(2, "new_name");
        fields.insert(std::move(moved));
      }
      add(call, "rename", model + "." + field, model, {field});
    } else {
      const auto before = fields.find(field);
      const DjangoField after = field_of(with.at(2, "field"));
      if (before == fields.end()) {
        undecided(call, "what the field was before is in no migration here");
      } else {
        alter(call, model, field, before->second, after);
      }
      fields[field] = after;
    }
    return true;
  }

  DjangoField field_of(Id expression) const {
    expression = inner(tree_, expression);
    DjangoField field;
    if (!tree_.is(expression, Kind::call)) {
      field.type = expression == kNoNode ? "" : tree_.flat_text(expression);
      return field;
    }
    field.type = tree_.text(tree_.child(expression, Field::function));
    std::size_t position = 0;
    for (const Id argument : tree_.children(tree_.child(expression, Field::arguments))) {
      if (tree_.is(argument, Kind::comment)) continue;
      if (tree_.is(argument, Kind::keyword_argument)) {
        field.arguments[std::string(tree_.text(tree_.child(argument, Field::name)))] =
            tree_.flat_text(tree_.child(argument, Field::value));
      } else {
        field.arguments[fmt::format("{}", position++)] = tree_.flat_text(argument);
      }
    }
    return field;
  }

  static std::string argument(const DjangoField& field, const std::string& name) {
    const auto found = field.arguments.find(name);
    return found == field.arguments.end() ? "" : found->second;
  }

  void alter(Id call, const std::string& model, const std::string& field, const DjangoField& before,
             const DjangoField& after) {
    const std::string object = model + "." + field;
    const auto change = type_change(before, after);
    if (change == Change::narrower) add(call, "alter-column-type", object, model, {field});
    if (change == Change::unknown)
      undecided(call, "whether the column's type becomes narrower is not written here");
    const std::string was = argument(before, "null");
    const std::string is = argument(after, "null");
    const bool plain =
        (is.empty() || is == "True" || is == "False") && (was.empty() || was == "True" || was == "False");
    if (was == "True" && is != "True") add(call, "set-not-null", object, model, {field});
    if (!plain && was != is) undecided(call, "whether it sets NOT NULL is not written here");
    if (argument(before, "unique") == "True" && argument(after, "unique") != "True" &&
        argument(after, "primary_key") != "True")
      add(call, "drop-constraint", object, model, {field});
    if (argument(before, "db_column") != argument(after, "db_column"))
      add(call, "rename", object, model, {field});
  }

  enum class Change { none, narrower, unknown };
  static Change type_change(const DjangoField& before, const DjangoField& after) {
    const std::string was = last_part(before.type);
    const std::string is = last_part(after.type);
    const auto one_of = [](const std::string& type, std::initializer_list<std::string_view> types) {
      return std::find(types.begin(), types.end(), type) != types.end();
    };
    const auto long_before = varchar_length(before);
    const auto long_after = varchar_length(after);
    if (long_before && long_after)
      return *long_after == 0 || (*long_before != 0 && *long_after >= *long_before) ? Change::none
                                                                                    : Change::narrower;
    if (was != is) {
      if (one_of(is, {"TextField"}) && long_before) return Change::none;
      if (one_of(was, {"ForeignKey", "OneToOneField"}) && one_of(is, {"ForeignKey", "OneToOneField"}))
        return target(before) == target(after) ? Change::none : Change::unknown;
      // A type of the project's own may be any column.
      return before.type.starts_with("models.") && after.type.starts_with("models.") ? Change::narrower
                                                                                     : Change::unknown;
    }
    if (one_of(is, {"ForeignKey", "OneToOneField", "ManyToManyField"}))
      return target(before) == target(after) ? Change::none : Change::unknown;
    if (is == "DecimalField") {
      const auto digits = [](const DjangoField& field, const char* name) {
        return number(argument(field, name));
      };
      const auto places = digits(before, "decimal_places");
      const auto most = digits(before, "max_digits");
      if (before.arguments == after.arguments) return Change::none;
      if (!places || !most || !digits(after, "decimal_places") || !digits(after, "max_digits"))
        return Change::unknown;
      return digits(after, "decimal_places") == places && *digits(after, "max_digits") >= *most
                 ? Change::none
                 : Change::narrower;
    }
    for (const char* const name : {"max_length", "base_field", "size", "srid", "dim", "db_type", "0"}) {
      if (argument(before, name) != argument(after, name))
        return is == "TextField" ? Change::none : Change::unknown;
    }
    return Change::none;
  }

  static std::string target(const DjangoField& field) {
    std::string to = argument(field, "to");
    return lower(to.empty() ? argument(field, "0") : to);
  }

  void unique_together(Id call, const std::string& model, Id value) {
    value = inner(tree_, value);
    const auto known = models_.models.find(lower(model));
    const bool had = known == models_.models.end() || known->second.unique_together;
    const bool empty = value == kNoNode || tree_.is(value, Kind::none) || tree_.text(value) == "set()" ||
                       (tree_.children(value).empty() && !tree_.is(value, Kind::identifier));
    if (empty && had) {
      add(call, "drop-constraint", model + ".unique_together", model, {"unique_together"});
    } else if (had) {
      undecided(call, "which of the model's unique constraints it drops is not read");
    }
    models_.models[lower(model)].unique_together = !empty;
  }

  // `models.Index(…, name="…")` and `models.UniqueConstraint(…, name="…")`: what RunSQL may drop.
  void indexes(Id call) {
    for (Id id = call + 1; id < tree_[call].after; ++id) {
      if (!tree_.is(id, Kind::call)) continue;
      const std::string name = last_part(tree_.text(inner(tree_, tree_.child(id, Field::function))));
      const bool unique = name == "UniqueConstraint";
      if (unique || name.ends_with("Index"))
        statements_.add(created_index(Arguments(tree_, names_, id).text(SIZE_MAX, "name"), unique));
    }
  }

  // A string, or a list of strings and of pairs of a string and its parameters.
  void run_sql(Id call, Id given) {
    given = inner(tree_, given);
    if (given == kNoNode || tree_.text(given).ends_with("noop")) return;
    std::vector<Id> parts = {given};
    if (tree_.is(given, Kind::list) || tree_.is(given, Kind::tuple)) parts = tree_.children(given);
    for (Id part : parts) {
      part = inner(tree_, part);
      if (tree_.is(part, Kind::comment)) continue;
      if (tree_.is(part, Kind::tuple) || tree_.is(part, Kind::list)) {
        const auto pair = tree_.children(part);
        if (!pair.empty()) part = pair[0];
      }
      const auto texts = sql_texts(tree_, names_, part);
      if (!texts) {
        undecided(call, "the statement is put together at run time");
        continue;
      }
      for (const auto& text : *texts) {
        if (!text.gaps.empty()) {
          undecided(call, "the statement is put together at run time");
        } else if (database_) {
          statements_.sql(without_variables(text.text, Variables::python), text.line);
        }
      }
    }
  }

  // Models are not tables: the names are kept apart from those in SQL.
  static std::string relation_of(const std::string& model) { return "model " + lower(model); }

  void made(const char* what, const std::string& model, const std::string& part) {
    if (!database_) return;
    statements_.made(what, part.empty() ? relation_of(model) : relation_of(model) + "." + part);
  }

  void add(Id id, std::string kind, std::string object, const std::string& model,
           std::vector<std::string> columns = {}) {
    if (!database_) return;
    statements_.add(
        statement_at(tree_, id, std::move(kind), std::move(object), relation_of(model), std::move(columns)));
  }

  void undecided(Id id, const char* reason) {
    if (!database_) return;
    statements_.add(undecided_at(tree_, id, reason));
  }

  const Tree& tree_;
  const Names& names_;
  DjangoModels& models_;
  Statements& statements_;
  bool database_ = true;
};

}  // namespace

Id django_migration_class(const Tree& tree) {
  for (const Id statement : tree.children(tree.root())) {
    if (!tree.is(statement, Kind::class_definition) ||
        tree.text(tree.child(statement, Field::name)) != "Migration")
      continue;
    for (const Id base : tree.children(tree.child(statement, Field::superclasses))) {
      if (ends_with(tree.text(base), "Migration")) return statement;
    }
  }
  return kNoNode;
}

Id django_class_value(const Tree& tree, Id definition, std::string_view name, bool& unclear) {
  Id found = kNoNode;
  const Id body = tree.child(definition, Field::body);
  for (const Id statement : tree.children(body)) {
    if (!tree.is(statement, Kind::expression_statement)) continue;
    for (const Id part : tree.children(statement)) {
      const bool augmented = tree.is(part, Kind::augmented_assignment);
      if (!augmented && !tree.is(part, Kind::assignment)) continue;
      if (tree.text(tree.child(part, Field::left)) != name) continue;
      unclear = unclear || augmented;
      if (tree.child(part, Field::right) != kNoNode) found = tree.child(part, Field::right);
    }
  }
  return found;
}

void add_django_operations(const Tree& tree, const Names& names, Id definition, DjangoModels& models,
                           Statements& statements) {
  Operations(tree, names, models, statements).read(definition);
}

}  // namespace exitgate::collect
