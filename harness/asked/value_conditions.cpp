#include "harness/asked/value_conditions.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "harness/base/text.h"
#include "harness/check/check.h"

namespace exitgate::asked {

namespace {

Json json_of(const GivenValue& value) {
  if (value.type == "string") return Json(value.value);
  return Json::try_parse(value.value).value_or(Json(nullptr));
}

bool same(const Json& wanted, const Json& given) {
  if (wanted.is_number() && given.is_number()) return wanted.number() == given.number();
  return wanted == given;
}

std::string shown(std::string_view type, std::string_view value) {
  if (type == "object" || type == "array") return fmt::format("an {}", type);
  std::string text(value.substr(0, value.find('\n')));
  if (text.size() > 100) text = valid_utf8(text.substr(0, 100)) + "…";
  return type == "string" ? fmt::format("'{}'", text) : text;
}

std::string shown(const Json& value) {
  return value.is_string() ? fmt::format("'{}'", value.text()) : value.dump();
}

std::string list(const std::vector<Json>& values) {
  std::vector<std::string> all;
  all.reserve(values.size());
  for (const auto& value : values) all.push_back(shown(value));
  return join(all, ", ");
}

std::vector<std::string> numbers_of(std::string_view version) {
  std::vector<std::string> numbers;
  const std::size_t first = version.find_first_of("0123456789");
  if (first == std::string_view::npos) return numbers;
  version.remove_prefix(first);
  const std::size_t end = version.find_first_not_of("0123456789.");
  for (auto& part : split(version.substr(0, end), '.')) {
    part.erase(0, std::min(part.find_first_not_of('0'), part.size()));
    numbers.push_back(std::move(part));
  }
  return numbers;
}

}  // namespace

std::optional<int> compare_versions(std::string_view one, std::string_view other) {
  auto a = numbers_of(one);
  auto b = numbers_of(other);
  if (a.empty() || b.empty()) return std::nullopt;
  a.resize(std::max(a.size(), b.size()));
  b.resize(a.size());
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (a[i].size() != b[i].size()) return a[i].size() < b[i].size() ? -1 : 1;
    if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
  }
  return 0;
}

const std::vector<std::string>& ValueConditions::names() {
  static const std::vector<std::string> all = {"must",     "equals",      "one-of",           "not-one-of",
                                               "matches",  "not-matches", "key-matches",      "type",
                                               "at-least", "at-most",     "version-at-least", "optional"};
  return all;
}

ValueConditions::ValueConditions(const Json& object, std::string_view parameter) {
  const auto fail = [&](std::string_view name, const std::string& why, const std::string& hint = "") {
    throw check::ParameterError(std::string(parameter.empty() ? name : parameter),
                                fmt::format("'{}' {}", name, why), hint);
  };
  const auto given = [&](std::string_view name) -> const Json* {
    const Json* value = object.find(name);
    return value == nullptr || value->is_null() ? nullptr : value;
  };
  const auto pattern = [&](std::string_view name, std::optional<Pattern>& into) {
    const Json* value = given(name);
    if (value == nullptr) return;
    if (!value->is_string()) fail(name, "must be a regular expression");
    into.emplace(parameter.empty() ? name : parameter, value->text());
  };
  const auto number = [&](std::string_view name, std::optional<double>& into) {
    const Json* value = given(name);
    if (value == nullptr) return;
    if (!value->is_number()) fail(name, "must be a number", "of versions, write version-at-least");
    into = value->number();
  };
  const auto values = [&](std::string_view name, std::optional<std::vector<Json>>& into) {
    const Json* value = given(name);
    if (value == nullptr) return;
    if (!value->is_array() || value->empty()) fail(name, "must be a list of values");
    into.emplace(value->begin(), value->end());
  };
  if (const Json* value = given("must"); value != nullptr && *value != Json("")) {
    if (*value != Json("exist") && *value != Json("not-exist")) fail("must", "must be exist or not-exist");
    must_be_absent_ = *value == Json("not-exist");
  }
  if (const Json* value = given("optional")) {
    if (!value->is_boolean()) fail("optional", "must be true or false");
    optional_ = value->boolean();
  }
  if (const Json* value = given("equals")) equals_ = *value;
  values("one-of", one_of_);
  values("not-one-of", not_one_of_);
  pattern("matches", matches_);
  pattern("not-matches", not_matches_);
  pattern("key-matches", key_matches_);
  number("at-least", at_least_);
  number("at-most", at_most_);
  if (const Json* value = given("version-at-least")) {
    version_at_least_ = value->is_string() ? value->text() : value->dump();
    if (numbers_of(version_at_least_).empty()) fail("version-at-least", "must be a version");
  }
  if (const Json* value = given("type")) {
    if (value->is_string()) types_ = {value->text()};
    if (value->is_array()) types_ = value->strings();
    const std::vector<std::string> known = {"object", "array", "string", "number", "boolean", "null"};
    for (const auto& type : types_) {
      if (std::find(known.begin(), known.end(), type) == known.end())
        fail("type", fmt::format("names '{}'{}", type, did_you_mean(type, known)),
             "the types are " + join(known, ", "));
    }
    if (types_.empty()) fail("type", "must be a type or a list of types");
  }
  any_ = equals_ || one_of_ || not_one_of_ || matches_ || not_matches_ || key_matches_ || at_least_ ||
         at_most_ || !version_at_least_.empty() || !types_.empty();
  if (must_be_absent_ && (any_ || optional_))
    fail("must", "is not-exist, and so nothing else can be asked of the value");
}

std::string ValueConditions::violation(const GivenValue& value) const {
  const bool absent = value.type == "absent";
  if (must_be_absent_)
    return absent ? "" : fmt::format("is {}, and must not be there", shown(value.type, value.value));
  if (absent) return optional_ ? "" : "is missing";
  return of_value(value);
}

std::string ValueConditions::of_value(const GivenValue& value) const {
  const auto is = [&](const std::string& must) {
    return fmt::format("is {}, and must {}", shown(value.type, value.value), must);
  };
  if (!types_.empty() && std::find(types_.begin(), types_.end(), value.type) == types_.end()) {
    return fmt::format("is {} {} ({}), and must be {}",
                       value.type == "object" || value.type == "array" ? "an" : "a", value.type,
                       shown(value.type, value.value), join(types_, " or "));
  }
  const Json given = json_of(value);
  const auto among = [&](const std::vector<Json>& values) {
    return std::any_of(values.begin(), values.end(), [&](const Json& one) { return same(one, given); });
  };
  if (equals_ && !same(*equals_, given)) return is("be " + shown(*equals_));
  if (one_of_ && !among(*one_of_)) return is("be one of " + list(*one_of_));
  if (not_one_of_ && among(*not_one_of_)) return is("not be so");
  const bool structured = value.type == "object" || value.type == "array";
  if ((matches_ || not_matches_) && structured) return is("be text, to be matched");
  if (matches_ && !matches_->occurs_in(value.value)) return is("match " + matches_->text());
  if (not_matches_ && not_matches_->occurs_in(value.value)) return is("not match " + not_matches_->text());
  if (key_matches_ && !key_matches_->occurs_in(value.key))
    return fmt::format("has the key '{}', which must match {}", value.key, key_matches_->text());
  return of_number(value);
}

std::string ValueConditions::of_number(const GivenValue& value) const {
  if (at_least_ || at_most_) {
    // Of INI and XML, where all is text.
    const auto number = Json::try_parse(value.value);
    if (!number || !number->is_number())
      return fmt::format("is {}, and must be a number", shown(value.type, value.value));
    if (at_least_ && number->number() < *at_least_)
      return fmt::format("is {}, and must be at least {}", value.value, *at_least_);
    if (at_most_ && number->number() > *at_most_)
      return fmt::format("is {}, and must be at most {}", value.value, *at_most_);
  }
  if (!version_at_least_.empty()) {
    const auto order = compare_versions(value.value, version_at_least_);
    if (!order || value.type == "object" || value.type == "array")
      return fmt::format("is {}, and must be a version", shown(value.type, value.value));
    if (*order < 0)
      return fmt::format("is {}, and must be at least {}", shown(value.type, value.value), version_at_least_);
  }
  return "";
}

}  // namespace exitgate::asked
