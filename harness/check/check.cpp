#include "harness/check/check.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/json/json.h"

namespace exitgate::check {

namespace {

std::vector<const Check*>& registry() {
  static std::vector<const Check*> all;
  return all;
}

bool has_type(const Json& value, Parameter::Type type) {
  switch (type) {
    case Parameter::integer:
      return value.is_integer();
    case Parameter::boolean:
      return value.is_boolean();
    case Parameter::string:
      return value.is_string();
    case Parameter::strings:
      return value.is_array() &&
             std::all_of(value.begin(), value.end(), [](const Json& item) { return item.is_string(); });
    case Parameter::json:
      return true;
  }
  return false;
}

}  // namespace

std::string_view type_name(Parameter::Type type) {
  switch (type) {
    case Parameter::integer:
      return "an integer";
    case Parameter::boolean:
      return "true or false";
    case Parameter::string:
      return "a string";
    case Parameter::strings:
      return "a list of strings";
    case Parameter::json:
      return "a value";
  }
  return "";
}

struct Parameters::Values {
  Json object = Json::object();
};

Parameters::Parameters(const std::vector<Parameter>& declared, const Json& given, std::string gate)
    : gate_(std::move(gate)), values_(std::make_unique<Values>()) {
  std::vector<std::string> known;
  known.reserve(declared.size());
  for (const auto& parameter : declared) known.push_back(parameter.name);
  for (const auto& [name, value] : given.members()) {
    const auto found = std::find_if(declared.begin(), declared.end(),
                                    [&, &wanted = name](const Parameter& one) { return one.name == wanted; });
    if (found == declared.end()) {
      throw ParameterError(name, fmt::format("unknown parameter '{}'{}", name, did_you_mean(name, known)));
    }
    if (!has_type(value, found->type)) {
      throw ParameterError(name, fmt::format("parameter '{}' must be {}", name, type_name(found->type)));
    }
    values_->object[name] = value;
  }
  for (const auto& parameter : declared) {
    if (values_->object.contains(parameter.name)) continue;
    if (!parameter.default_value) {
      throw ParameterError(parameter.name, fmt::format("parameter '{}' must be given", parameter.name));
    }
    values_->object[parameter.name] = Json::parse(*parameter.default_value);
  }
}

Parameters::~Parameters() = default;

const Json& Parameters::at(std::string_view name) const {
  const auto found = values_->object.find(name);
  if (found == nullptr) {
    throw Undecided(
        fmt::format("internal fault: the check asks for a parameter '{}' that it does not declare", name));
  }
  return *found;
}

std::int64_t Parameters::integer(std::string_view name) const {
  return at(name).integer();
}
bool Parameters::boolean(std::string_view name) const {
  return at(name).boolean();
}
std::string Parameters::string(std::string_view name) const {
  return at(name).text();
}
std::vector<std::string> Parameters::strings(std::string_view name) const {
  return at(name).strings();
}
const Json& Parameters::json(std::string_view name) const {
  return at(name);
}

Registered::Registered(const Check& check) {
  registry().push_back(&check);
}

std::vector<const Check*> registered_checks() {
  auto all = registry();
  std::sort(all.begin(), all.end(), [](const Check* a, const Check* b) { return a->name < b->name; });
  return all;
}

const Check* find_check(std::string_view name) {
  for (const auto* check : registry()) {
    if (check->name == name) return check;
  }
  return nullptr;
}

}  // namespace exitgate::check
