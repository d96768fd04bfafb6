// Variables that struct tags name.
//
//   caarlos0/env            `env:"X,required" envDefault:"v"`, `envPrefix:"P_"` on a field that is a struct
//   sethvargo/go-envconfig  `env:"X,default=v"`, `env:",prefix=P_"`
//   ilyakaznacheev/cleanenv `env:"X" env-default:"v" env-required:"true"`, `env-prefix:"P_"`
//   kelseyhightower/envconfig `envconfig:"X" default:"v" required:"true"`, read as PREFIX_X and then as X
//
// A field of a struct type of the file is read with the prefixes under which that type stands in other structs of the file.
#include <map>
#include <set>

#include "harness/base/text.h"
#include "harness/collect/code/languages/go/go_facts.h"

namespace exitgate::collect::code::go {

using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;

namespace {

// The value of one key of a tag, as reflect.StructTag has it: key:"value" key:"value".
std::optional<std::string> tag_value(std::string_view tag, std::string_view key) {
  while (!tag.empty()) {
    tag = trim(tag);
    const std::size_t colon = tag.find(":\"");
    if (colon == std::string_view::npos) return std::nullopt;
    std::string value;
    std::size_t at = colon + 2;
    for (; at < tag.size() && tag[at] != '"'; ++at) {
      if (tag[at] == '\\' && at + 1 < tag.size()) ++at;
      value += tag[at];
    }
    if (tag.substr(0, colon) == key) return value;
    tag = tag.substr(std::min(at + 1, tag.size()));
  }
  return std::nullopt;
}

struct Tag {
  std::string variable;
  std::optional<bool> required;
  std::string reader;
};

// "X,required" and "X, default=v"; what stands behind "default=" is the default up to the end.
std::optional<Tag> tag_of(std::string_view text) {
  if (const auto env = tag_value(text, "env")) {
    Tag tag;
    tag.reader = "env:\"\"";
    const auto parts = split(*env, ',');
    tag.variable = std::string(trim(parts[0]));
    if (tag.variable.empty() || tag.variable == "-") return std::nullopt;
    for (std::size_t i = 1; i < parts.size(); ++i) {
      const auto option = trim(parts[i]);
      if (option == "required" || option == "notEmpty") tag.required = true;
      if (option.starts_with("default=")) {
        tag.required = false;
        break;
      }
    }
    if (tag_value(text, "env-required") == "true") tag.required = true;
    if (tag_value(text, "envDefault") || tag_value(text, "env-default")) tag.required = false;
    return tag;
  }
  if (const auto name = tag_value(text, "envconfig")) {
    if (name->empty() || *name == "-") return std::nullopt;
    Tag tag{*name, std::nullopt, "envconfig:\"\""};
    for (char& c : tag.variable) {
      if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    if (tag_value(text, "required") == "true") tag.required = true;
    if (const auto value = tag_value(text, "default"); value && !value->empty()) tag.required = false;
    return tag;
  }
  return std::nullopt;
}

std::optional<std::string> prefix_of(std::string_view text) {
  if (auto prefix = tag_value(text, "envPrefix")) return prefix;
  if (auto prefix = tag_value(text, "env-prefix")) return prefix;
  if (const auto env = tag_value(text, "env")) {
    for (const auto& part : split(*env, ',')) {
      const auto option = trim(part);
      if (option.starts_with("prefix=")) return std::string(option.substr(7));
    }
  }
  return std::nullopt;
}

class Finder {
 public:
  explicit Finder(const GoNames& names) : names_(names), tree_(names.tree()) {}

  void find(std::vector<EnvironmentRead>& found) {
    for (Id id = 0; id < tree_.size(); ++id) {
      if (tree_.is(id, Kind::field_declaration)) fields_.push_back(id);
    }
    const std::string whole = prefix_of_all();
    for (const Id field : fields_) {
      const auto tag = tag_of(text_of(field));
      if (!tag) continue;
      for (const auto& prefix : prefixes_of(field)) {
        EnvironmentRead read;
        read.line = tree_.line(field);
        read.variable = whole + prefix + tag->variable;
        read.required = tag->required;
        read.reader = tag->reader;
        found.push_back(std::move(read));
      }
    }
  }

 private:
  std::string text_of(Id field) const { return literal(tree_, tree_.child(field, Field::tag)).value_or(""); }

  // env.Options{Prefix: "APP_"} of the file; envconfig.Process("app", …) is tried first, but the name without it as well.
  std::string prefix_of_all() const {
    for (Id id = 0; id < tree_.size(); ++id) {
      if (!tree_.is(id, Kind::keyed_element)) continue;
      const auto parts = tree_.children(id);
      if (parts.size() != 2 || tree_.text(parts[0]) != "Prefix") continue;
      const Id type = tree_.child(tree_.parent(tree_.parent(id)), Field::type);
      if (type == kNoNode || !tree_.text(type).ends_with("env.Options")) continue;
      const Id value = tree_[parts[1]].first;
      return names_.constant(value == kNoNode ? parts[1] : value).value_or("");
    }
    return "";
  }

  std::string_view type_name(Id type) const {
    while (tree_.is(type, Kind::pointer_type)) type = tree_[type].first;
    return tree_.is(type, Kind::type_identifier) ? tree_.text(type) : "";
  }

  // All prefixes that the fields of the struct around it get; "" when none does.
  std::set<std::string> prefixes_of(Id field, int depth = 6) const {
    tree_.spend(1);
    const Id outer = tree_.parent(tree_.parent(tree_.parent(field)));  // of the list of fields, of the struct
    std::set<std::string> all;
    if (depth == 0) return {""};
    if (tree_.is(outer, Kind::field_declaration)) {
      const auto own = prefix_of(text_of(outer)).value_or("");
      for (const auto& prefix : prefixes_of(outer, depth - 1)) all.insert(prefix + own);
      return all;
    }
    const Id name = tree_.child(outer, Field::name);
    if (!tree_.is(outer, Kind::type_spec) || name == kNoNode) return {""};
    for (const Id other : fields_) {
      tree_.spend(1);
      const Id type = tree_.child(other, Field::type);
      if (type == kNoNode || type_name(type) != tree_.text(name)) continue;
      const auto own = prefix_of(text_of(other)).value_or("");
      for (const auto& prefix : prefixes_of(other, depth - 1)) all.insert(prefix + own);
    }
    if (all.empty()) all.insert("");
    return all;
  }

  const GoNames& names_;
  const syntax::Tree& tree_;
  std::vector<Id> fields_;
};

}  // namespace

void find_tag_reads(const GoNames& names, std::vector<EnvironmentRead>& found) {
  const auto has = [&](std::string_view word) {
    return names.tree().source().find(word) != std::string_view::npos;
  };
  if (has("env:\"") || has("envconfig:\"")) Finder(names).find(found);
}

}  // namespace exitgate::collect::code::go
