// What a value of a document must be.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/asked/pattern.h"
#include "harness/json/json.h"

namespace exitgate::asked {

// A value as asked.value has it: its type ("string", …, "absent"), and a string as it is, else its JSON.
struct GivenValue {
  std::string_view type;
  std::string_view value;
  std::string_view key;  // the last part of its path
};

class ValueConditions {
 public:
  // The keys of `object` that are conditions: must, equals, one-of, not-one-of, matches, not-matches, key-matches, type,
  // at-least, at-most, version-at-least, optional. Throws check::ParameterError naming `parameter`, "" for the key itself.
  ValueConditions(const Json& object, std::string_view parameter);

  static const std::vector<std::string>& names();

  // Whether it says anything besides that the value must be there.
  bool any() const { return any_; }
  // "" when the value is as it must be, else what is wrong: "is 'MIT', and must be one of …".
  std::string violation(const GivenValue& value) const;

 private:
  std::string of_value(const GivenValue& value) const;
  std::string of_number(const GivenValue& value) const;

  bool any_ = false;
  bool must_be_absent_ = false;
  bool optional_ = false;
  std::optional<Json> equals_;
  std::optional<std::vector<Json>> one_of_;
  std::optional<std::vector<Json>> not_one_of_;
  std::optional<Pattern> matches_;
  std::optional<Pattern> not_matches_;
  std::optional<Pattern> key_matches_;
  std::vector<std::string> types_;
  std::optional<double> at_least_;
  std::optional<double> at_most_;
  std::string version_at_least_;
};

// Less than 0, 0 or more than 0: the numbers of "^18.2.0" and "18.10" one by one. Nullopt where one of them has none.
std::optional<int> compare_versions(std::string_view one, std::string_view other);

}  // namespace exitgate::asked
