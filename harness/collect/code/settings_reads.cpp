// Environment reads that pydantic makes: each field of a class made of BaseSettings is a variable, by the
// class's prefix and the field's name or by the names that the field gives. A variable that is not set is looked up in the
// files of `env_file`, which pydantic-settings takes from the working directory (its sources/providers/dotenv.py).
#include <algorithm>
#include <map>
#include <set>

#include "harness/collect/code/extract.h"
#include "harness/collect/code/function_calls.h"
#include "harness/collect/code/path_expressions.h"

namespace exitgate::collect::code {

using syntax::Field;
using syntax::Id;
using syntax::inner;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Names;
using syntax::Tree;

namespace {

std::string upper(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](char c) { return static_cast<char>(c >= 'a' && c <= 'z' ? c - 'a' + 'A' : c); });
  return result;
}

// What a class says of its fields as a whole.
struct Settings {
  std::optional<std::string> prefix = "";  // nullopt: computed
  bool case_sensitive = false;
  std::vector<FileReference> files;
  bool own_sources = false;       // where values come from is said by a method
  bool optional_is_none = false;  // pydantic 1: a field that may be None is None without a value
};

class Reading {
 public:
  Reading(const Tree& tree, const Names& names, const FileValues& values, std::vector<EnvironmentRead>& found)
      : tree_(tree), names_(names), values_(values), found_(found) {
    for (Id id = 0; id < tree.size(); ++id) {
      if (tree.is(id, Kind::class_definition)) classes_[tree.text(tree.child(id, Field::name))] = id;
      if (tree.is(id, Kind::function_definition)) functions_[tree.text(tree.child(id, Field::name))] = id;
    }
  }

  void read() {
    for (Id id = 0; id < tree_.size(); ++id) {
      if (!tree_.is(id, Kind::class_definition)) continue;
      std::set<Id> seen;
      Settings settings;
      if (!is_settings(id, settings, seen)) continue;
      const std::size_t before = found_.size();
      const Id made = made_at_import(id);
      read_keywords(made, settings);
      read_fields(id, settings);
      const auto functions = made == kNoNode ? functions_that_make(id) : std::vector<std::string>();
      for (std::size_t i = before; i < found_.size(); ++i) {
        found_[i].at_import = made != kNoNode;
        found_[i].functions = functions;
        found_[i].when_called = found_[i].required;
      }
    }
  }

 private:
  // `settings = Settings()` among the module's own statements, without values that take the environment's place; or
  // `settings = get_settings()` of a function that returns it.
  Id made_at_import(Id definition) const {
    const std::string_view name = tree_.text(tree_.child(definition, Field::name));
    for (const Id statement : tree_.children(tree_.root())) {
      for (const Id expression : tree_.children(statement)) {
        const Id call =
            inner(tree_, tree_.is(expression, Kind::assignment) ? tree_.child(expression, Field::right)
                                                                : expression);
        if (!tree_.is(call, Kind::call)) continue;
        if (makes(call, name)) return call;
        const auto function = functions_.find(tree_.text(tree_.child(call, Field::function)));
        const Id made = function == functions_.end() ? kNoNode : made_by(function->second, name);
        if (made != kNoNode) return made;
      }
    }
    return kNoNode;
  }

  bool makes(Id call, std::string_view name) const {
    if (!tree_.is(call, Kind::call) || tree_.text(tree_.child(call, Field::function)) != name) return false;
    const auto given = tree_.children(tree_.child(call, Field::arguments));
    // `_env_file` and its like say how values are found, and are none themselves.
    return std::all_of(given.begin(), given.end(), [this](Id argument) {
      return tree_.is(argument, Kind::keyword_argument) &&
             tree_.text(tree_.child(argument, Field::name)).starts_with('_');
    });
  }

  // `return Settings()` among the function's own statements.
  Id made_by(Id function, std::string_view name) const {
    for (const Id statement : tree_.children(tree_.child(function, Field::body))) {
      if (!tree_.is(statement, Kind::return_statement)) continue;
      for (const Id value : tree_.children(statement)) {
        if (makes(inner(tree_, value), name)) return inner(tree_, value);
      }
    }
    return kNoNode;
  }

  std::vector<std::string> functions_that_make(Id definition) const {
    const std::string_view name = tree_.text(tree_.child(definition, Field::name));
    std::vector<std::string> functions;
    for (const auto& [function, id] : functions_) {
      for (Id call = id; call < tree_[id].after; ++call) {
        if (!makes(call, name) || function_around(tree_, call) != function) continue;
        functions.emplace_back(function);
        break;
      }
    }
    return functions;
  }

  void read_keywords(Id call, Settings& settings) const {
    for (const Id argument : tree_.children(tree_.child(call, Field::arguments))) {
      const std::string_view name = tree_.text(tree_.child(argument, Field::name));
      if (name.starts_with('_')) take(name.substr(1), tree_.child(argument, Field::value), settings);
    }
  }

  void take(std::string_view name, Id value, Settings& settings) const {
    value = inner(tree_, value);
    if (name == "env_prefix") settings.prefix = names_.constant(value);
    if (name == "case_sensitive") settings.case_sensitive = tree_.is(value, Kind::true_);
    if (name != "env_file") return;
    settings.files.clear();
    if (tree_.is(value, Kind::none)) return;
    if (!tree_.is(value, Kind::tuple) && !tree_.is(value, Kind::list)) {
      settings.files.push_back(path_of(tree_, names_, value));
      return;
    }
    for (const Id file : tree_.children(value)) settings.files.push_back(path_of(tree_, names_, file));
  }

  // A class of pydantic's, or of this file's that is made of one; the nearest setting counts.
  bool is_settings(Id definition, Settings& settings, std::set<Id>& seen) const {
    if (!seen.insert(definition).second || seen.size() > 32) return false;
    bool is = false;
    for (const Id base : tree_.children(tree_.child(definition, Field::superclasses))) {
      if (tree_.is(base, Kind::keyword_argument)) continue;
      for (const auto& path : names_.paths(base)) {
        const bool first = path == "pydantic.BaseSettings" || path == "pydantic.v1.BaseSettings";
        settings.optional_is_none = settings.optional_is_none || first;
        is = is || first || path == "pydantic_settings.BaseSettings" ||
             path == "pydantic_settings.main.BaseSettings";
      }
      const auto own = tree_.is(base, Kind::identifier) ? classes_.find(tree_.text(base)) : classes_.end();
      if (own != classes_.end()) is = is_settings(own->second, settings, seen) || is;
    }
    if (is) read_settings(definition, settings);
    return is;
  }

  template <typename Each>
  void statements(Id definition, Each&& each) const {
    for (const Id statement : tree_.children(tree_.child(definition, Field::body))) {
      if (tree_.is(statement, Kind::expression_statement)) {
        for (const Id expression : tree_.children(statement)) each(expression);
      } else {
        each(statement);
      }
    }
  }

  // `class Config: env_prefix = "X_"`, `model_config = SettingsConfigDict(env_prefix="X_")`.
  void read_settings(Id definition, Settings& settings) const {
    statements(definition, [&](Id statement) {
      if (tree_.is(statement, Kind::decorated_definition))
        statement = tree_.child(statement, Kind::function_definition);
      if (tree_.is(statement, Kind::function_definition) &&
          (tree_.text(tree_.child(statement, Field::name)) == "settings_customise_sources" ||
           tree_.text(tree_.child(statement, Field::name)) == "customise_sources"))
        settings.own_sources = true;
      if (tree_.is(statement, Kind::class_definition) &&
          tree_.text(tree_.child(statement, Field::name)) == "Config") {
        statements(statement, [&](Id inside) {
          if (tree_.is(inside, Kind::assignment))
            take(tree_.text(tree_.child(inside, Field::left)), tree_.child(inside, Field::right), settings);
        });
      }
      if (!tree_.is(statement, Kind::assignment) ||
          tree_.text(tree_.child(statement, Field::left)) != "model_config")
        return;
      const Id value = inner(tree_, tree_.child(statement, Field::right));
      for (const Id argument : tree_.children(tree_.child(value, Field::arguments))) {
        if (tree_.is(argument, Kind::keyword_argument))
          take(tree_.text(tree_.child(argument, Field::name)), tree_.child(argument, Field::value), settings);
      }
      if (!tree_.is(value, Kind::dictionary)) return;
      for (const Id pair : tree_.children(value)) {
        const auto key =
            tree_.is(pair, Kind::pair) ? names_.constant(tree_.child(pair, Field::key)) : std::nullopt;
        if (key) take(*key, tree_.child(pair, Field::value), settings);
      }
    });
  }

  void read_fields(Id definition, const Settings& settings) {
    statements(definition, [&](Id statement) {
      if (!tree_.is(statement, Kind::assignment)) return;
      const Id left = tree_.child(statement, Field::left);
      const Id type = tree_.child(statement, Field::type);
      if (type == kNoNode || !tree_.is(left, Kind::identifier)) return;
      const std::string_view name = tree_.text(left);
      if (name == "model_config" || name.front() == '_' ||
          tree_.text(type).find("ClassVar") != std::string_view::npos)
        return;
      read_field(left, name, type, inner(tree_, tree_.child(statement, Field::right)), settings);
    });
  }

  // `Annotated[str, Field(…)]` says of a field without a value what `= Field(…)` says.
  Id annotated_field(Id type) const {
    for (Id id = type; id < tree_[type].after; ++id) {
      if (is_field(id)) return id;
    }
    return kNoNode;
  }

  bool may_be_none(Id type) const {
    const std::string_view text = tree_.text(type);
    return text.find("Optional[") != std::string_view::npos || text.find("None") != std::string_view::npos;
  }

  void read_field(Id left, std::string_view name, Id type, Id value, const Settings& settings) {
    EnvironmentRead read;
    read.line = tree_.line(left);
    read.required = value == kNoNode || tree_.text(value) == "...";
    if (value == kNoNode) value = annotated_field(type);
    bool is_none = tree_.is(value, Kind::none);
    if (settings.prefix) read.variable = *settings.prefix + std::string(name);
    if (read.variable && !settings.case_sensitive) read.variable = upper(*read.variable);
    std::vector<std::string> named;
    if (is_field(value)) {
      bool first = true;
      bool has_default = false;
      for (const Id argument : tree_.children(tree_.child(value, Field::arguments))) {
        const bool keyword = tree_.is(argument, Kind::keyword_argument);
        const std::string_view word = keyword ? tree_.text(tree_.child(argument, Field::name))
                                      : first ? "default"
                                              : "";
        const Id given = inner(tree_, keyword ? tree_.child(argument, Field::value) : argument);
        first = false;
        if (word == "default") {
          has_default = tree_.text(given) != "...";
          is_none = tree_.is(given, Kind::none);
        }
        if (word == "default_factory") has_default = true;
        if (word == "env" || word == "validation_alias" || word == "alias") add_names(given, named);
      }
      read.required = !has_default;
    }
    // As with os.getenv, None goes somewhere; and what another source gives is not known.
    if (is_none ||
        (read.required == true &&
         (settings.own_sources || (settings.optional_is_none && value == kNoNode && may_be_none(type)))))
      read.required = std::nullopt;
    if (named.empty()) {
      look_up(read, settings);
      found_.push_back(std::move(read));
      return;
    }
    // Any of several names will do, so none of them is required on its own.
    if (named.size() > 1 && read.required.value_or(false)) read.required = std::nullopt;
    for (auto& one : named) {
      read.variable = settings.case_sensitive ? one : upper(one);
      auto with_file = read;
      look_up(with_file, settings);
      found_.push_back(std::move(with_file));
    }
  }

  // In the files of the settings; the last one that has it counts.
  void look_up(EnvironmentRead& read, const Settings& settings) const {
    if (!read.variable) return;
    for (const auto& file : settings.files) {
      const auto value = values_.find(file, *read.variable, !settings.case_sensitive);
      if (!value) continue;
      read.given_by = value->place;
      if (value->certain) {
        read.required = false;
      } else if (read.required == true) {
        read.required = std::nullopt;
      }
    }
  }

  bool is_field(Id value) const {
    if (!tree_.is(value, Kind::call)) return false;
    const auto paths = names_.paths(tree_.child(value, Field::function));
    return std::any_of(paths.begin(), paths.end(), [](const std::string& path) {
      return path == "pydantic.Field" || path == "pydantic.v1.Field" || path == "pydantic.fields.Field";
    });
  }

  // "NAME", ["A", "B"], AliasChoices("A", "B").
  void add_names(Id value, std::vector<std::string>& named) const {
    if (const auto constant = names_.constant(value)) {
      named.push_back(*constant);
      return;
    }
    Id list = value;
    if (tree_.is(value, Kind::call)) list = tree_.child(value, Field::arguments);
    for (const Id item : tree_.children(list)) {
      if (const auto constant = names_.constant(item)) named.push_back(*constant);
    }
  }

  const Tree& tree_;
  const Names& names_;
  const FileValues& values_;
  std::vector<EnvironmentRead>& found_;
  std::map<std::string_view, Id> classes_;
  std::map<std::string_view, Id> functions_;
};

}  // namespace

void find_settings_reads(const Tree& tree, const Names& names, const FileValues& files,
                         std::vector<EnvironmentRead>& found) {
  Reading(tree, names, files, found).read();
}

}  // namespace exitgate::collect::code
