#include "harness/collect/ci/script/jq_filters.h"

#include <algorithm>
#include <utility>

#include "harness/collect/ci/script/text.h"

namespace exitgate::collect::ci::script::jq_filters {

using expression::Array;
using expression::Object;
using expression::Value;
using expression::ValueKind;

[[noreturn]] void give_up() {
  throw NotDecided("the script asks jq what is not followed here");
}

// jq's own: false and null are not, all else is.
bool truthy(const Value& value) {
  return !(value.is_null() || (value.kind() == ValueKind::boolean && !value.boolean()));
}

Value member(const Value& value, const std::string& key) {
  if (value.is_null()) return {};
  if (value.kind() != ValueKind::object) give_up();
  for (const auto& [name, one] : value.object().members) {
    if (name == key) return one;
  }
  return {};
}

Values items(const Value& value) {
  if (value.kind() == ValueKind::array) return value.array().items;
  if (value.kind() != ValueKind::object) give_up();
  Values all;
  for (const auto& [name, one] : value.object().members) all.push_back(one);
  return all;
}

bool same(const Value& one, const Value& other) {
  return one.kind() == other.kind() && expression::to_json(one) == expression::to_json(other);
}

Value array_of(Values values) {
  return Value(Array{std::move(values), false});
}

namespace {

bool holds(const Value& in, const Value& what) {
  if (in.kind() == ValueKind::string && what.kind() == ValueKind::string) {
    return in.text().find(what.text()) != std::string::npos;
  }
  if (in.kind() != ValueKind::array || what.kind() != ValueKind::array) give_up();
  return std::all_of(what.array().items.begin(), what.array().items.end(), [&](const Value& wanted) {
    return std::any_of(in.array().items.begin(), in.array().items.end(), [&](const Value& one) {
      return one.kind() == ValueKind::string && wanted.kind() == ValueKind::string ? holds(one, wanted)
                                                                                   : same(one, wanted);
    });
  });
}

Filter quantified(bool all, Filter test) {
  return [all, test = std::move(test)](const Value& value) {
    for (const Value& one : items(value)) {
      for (const Value& answer : test(one)) {
        if (truthy(answer) != all) return Values{Value(!all)};
      }
    }
    return Values{Value(all)};
  };
}

Filter without_arguments(const std::string& called) {
  if (called == "empty") return [](const Value&) { return Values{}; };
  if (called == "not") return [](const Value& value) { return Values{Value(!truthy(value))}; };
  if (called == "all" || called == "any")
    return quantified(called == "all", [](const Value& value) { return Values{value}; });
  if (called == "length") {
    return [](const Value& value) {
      if (value.kind() == ValueKind::string) return Values{Value(static_cast<double>(value.text().size()))};
      return Values{Value(static_cast<double>(items(value).size()))};
    };
  }
  if (called == "keys" || called == "to_entries") {
    const bool entries = called == "to_entries";
    return [entries](const Value& value) {
      if (value.kind() != ValueKind::object) give_up();
      Values out;
      for (const auto& [key, one] : value.object().members) {
        out.push_back(entries ? Value(Object{{{"key", Value(key)}, {"value", one}}}) : Value(key));
      }
      return Values{array_of(std::move(out))};
    };
  }
  if (called == "unique" || called == "sort") {
    const bool unique = called == "unique";
    return [unique](const Value& value) {
      Values all = items(value);
      for (const Value& one : all) {
        if (one.kind() != ValueKind::string) give_up();
      }
      std::sort(all.begin(), all.end(),
                [](const Value& one, const Value& other) { return one.text() < other.text(); });
      if (unique) all.erase(std::unique(all.begin(), all.end(), same), all.end());
      return Values{array_of(std::move(all))};
    };
  }
  give_up();
}

Filter with_arguments(const std::string& called, const std::vector<Filter>& arguments) {
  const Filter& first = arguments[0];
  if ((called == "all" || called == "any") && arguments.size() == 1)
    return quantified(called == "all", first);
  if ((called == "all" || called == "any") && arguments.size() == 2) {
    const Filter quantifier = quantified(called == "all", arguments[1]);
    return [first, quantifier](const Value& value) { return quantifier(array_of(first(value))); };
  }
  if (arguments.size() != 1) give_up();
  if (called == "select") {
    return [first](const Value& value) {
      Values out;
      for (const Value& answer : first(value)) {
        if (truthy(answer)) out.push_back(value);
      }
      return out;
    };
  }
  if (called == "map" || called == "map_values") {
    if (called == "map_values") give_up();
    return [first](const Value& value) {
      Values out;
      for (const Value& one : items(value)) {
        for (Value& each : first(one)) out.push_back(std::move(each));
      }
      return Values{array_of(std::move(out))};
    };
  }
  if (called == "join") {
    return [first](const Value& value) {
      const Values separator = first(value);
      if (separator.size() != 1 || separator[0].kind() != ValueKind::string) give_up();
      std::string text;
      bool any = false;
      for (const Value& one : items(value)) {
        if (any) text += separator[0].text();
        any = true;
        text += one.as_text();
      }
      return Values{Value(text)};
    };
  }
  if (called == "contains" || called == "inside" || called == "index" || called == "has") {
    if (called == "has" || called == "index") give_up();
    const bool inside = called == "inside";
    return [first, inside](const Value& value) {
      Values out;
      for (const Value& one : first(value)) out.emplace_back(inside ? holds(one, value) : holds(value, one));
      return out;
    };
  }
  if (called == "IN") {
    return [first](const Value& value) {
      const Values all = first(value);
      return Values{
          Value(std::any_of(all.begin(), all.end(), [&](const Value& one) { return same(one, value); }))};
    };
  }
  if (called == "test" || called == "startswith") {
    const bool whole = called == "startswith";
    return [first, whole](const Value& value) {
      const Values wanted = first(value);
      if (wanted.size() != 1 || wanted[0].kind() != ValueKind::string || value.kind() != ValueKind::string)
        give_up();
      const std::string& text = wanted[0].text();
      if (text.find_first_of(".*+?()[]{}|^$\\") != std::string::npos) give_up();
      return Values{
          Value(whole ? value.text().starts_with(text) : value.text().find(text) != std::string::npos)};
    };
  }
  give_up();
}

}  // namespace

Filter constant(Value value) {
  return [value = std::move(value)](const Value&) { return Values{value}; };
}

Filter binary(Filter left, Filter right, std::function<Value(const Value&, const Value&)> apply) {
  return [left = std::move(left), right = std::move(right), apply = std::move(apply)](const Value& value) {
    Values out;
    for (const Value& other : right(value)) {
      for (const Value& one : left(value)) out.push_back(apply(one, other));
      if (out.size() > kMostValues) give_up();
    }
    return out;
  };
}

Filter function(const std::string& name, const std::vector<Filter>& arguments) {
  if (name == "true" || name == "false") return constant(Value(name == "true"));
  if (name == "null") return constant(Value());
  return arguments.empty() ? without_arguments(name) : with_arguments(name, arguments);
}

}  // namespace exitgate::collect::ci::script::jq_filters
