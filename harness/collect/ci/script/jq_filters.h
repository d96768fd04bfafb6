// The filters of jq that a script's questions are made of, and its functions.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/expression/value.h"

namespace exitgate::collect::ci::script::jq_filters {

using Values = std::vector<expression::Value>;
using Filter = std::function<Values(const expression::Value&)>;

constexpr std::size_t kMostValues = 2000;  // of one filter

[[noreturn]] void give_up();

bool truthy(const expression::Value& value);
bool same(const expression::Value& one, const expression::Value& other);
expression::Value member(const expression::Value& value, const std::string& key);
Values items(const expression::Value& value);
expression::Value array_of(Values values);

Filter constant(expression::Value value);
// For each result of `right` and each of `left`.
Filter binary(Filter left, Filter right,
              std::function<expression::Value(const expression::Value&, const expression::Value&)> apply);
// A function by its name; throws NotDecided for one that is not known here.
Filter function(const std::string& name, const std::vector<Filter>& arguments);

}  // namespace exitgate::collect::ci::script::jq_filters
