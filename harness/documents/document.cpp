#include "harness/documents/document.h"

#include <array>
#include <charconv>

#include "harness/base/path.h"
#include "harness/base/text.h"

namespace exitgate::documents {

namespace {

struct Ending {
  std::string_view ending;
  Format format;
};

constexpr std::array<Ending, 22> kEndings = {
    {{"json", Format::json},        {"jsonc", Format::jsonc},
     {"json5", Format::jsonc},      {"code-workspace", Format::jsonc},
     {"webmanifest", Format::json}, {"yaml", Format::yaml},
     {"yml", Format::yaml},         {"cff", Format::yaml},
     {"toml", Format::toml},        {"ini", Format::ini},
     {"cfg", Format::ini},          {"properties", Format::ini},
     {"editorconfig", Format::ini}, {"xml", Format::xml},
     {"csproj", Format::xml},       {"props", Format::xml},
     {"targets", Format::xml},      {"vbproj", Format::xml},
     {"fsproj", Format::xml},       {"config", Format::xml},
     {"nuspec", Format::xml},       {"svg", Format::xml}}};

// Files whose name says it.
constexpr std::array<Ending, 8> kNames = {{{"tsconfig.json", Format::jsonc},
                                           {"jsconfig.json", Format::jsonc},
                                           {"devcontainer.json", Format::jsonc},
                                           {".eslintrc.json", Format::jsonc},
                                           {"tslint.json", Format::jsonc},
                                           {"Pipfile", Format::toml},
                                           {"Cargo.lock", Format::toml},
                                           {"poetry.lock", Format::toml}}};

}  // namespace

std::optional<Format> format_named(std::string_view name) {
  for (const Format format :
       {Format::json, Format::jsonc, Format::yaml, Format::toml, Format::ini, Format::xml}) {
    if (lower(name_of(format)) == name) return format;
  }
  return std::nullopt;
}

std::optional<Format> format_of_file(std::string_view path) {
  const auto name = exitgate::name_of(path);
  for (const auto& known : kNames) {
    if (name == known.ending) return known.format;
  }
  if (name.starts_with("tsconfig.") && name.ends_with(".json")) return Format::jsonc;
  // What VS Code reads.
  const auto folder = exitgate::name_of(folder_of(path));
  if ((folder == ".vscode" || folder == ".devcontainer") && name.ends_with(".json")) return Format::jsonc;
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto ending = lower(name.substr(dot + 1));
  for (const auto& known : kEndings) {
    if (ending == known.ending) return known.format;
  }
  return std::nullopt;
}

std::string_view name_of(Format format) {
  switch (format) {
    case Format::json:
      return "JSON";
    case Format::jsonc:
      return "JSONC";
    case Format::yaml:
      return "YAML";
    case Format::toml:
      return "TOML";
    case Format::ini:
      return "INI";
    case Format::xml:
      return "XML";
  }
  return "";
}

std::string_view name_of(Type type) {
  switch (type) {
    case Type::object:
      return "object";
    case Type::array:
      return "array";
    case Type::string:
      return "string";
    case Type::number:
      return "number";
    case Type::boolean:
      return "boolean";
    case Type::null:
      return "null";
  }
  return "";
}

const Node* Node::find(std::string_view key) const {
  for (const auto& [name, value] : members) {
    if (name == key) return &value;
  }
  return nullptr;
}

Json to_json(const Node& node) {
  switch (node.type) {
    case Type::object: {
      auto object = Json::object();
      for (const auto& [name, value] : node.members) object[name] = to_json(value);
      return object;
    }
    case Type::array: {
      auto array = Json::array();
      for (const auto& item : node.items) array.push_back(to_json(item));
      return array;
    }
    case Type::string:
      return node.text;
    default:
      return Json::try_parse(node.text).value_or(Json(node.text));
  }
}

}  // namespace exitgate::documents
