#include "harness/expression/possible.h"

#include <algorithm>
#include <cmath>

#include "harness/base/text.h"

namespace exitgate::expression {

namespace {

constexpr std::size_t kMostValues = 24;

std::string common_prefix(const std::string& one, const std::string& other) {
  const auto [end, ignored] = std::mismatch(one.begin(), one.end(), other.begin(), other.end());
  std::string common(one.begin(), end);
  // Not through the middle of a letter: its bytes would not be those of its upper case.
  if (const auto cut = invalid_utf8(common)) common.erase(*cut);
  return common;
}

// The prefix of all values when each is a string.
std::optional<std::string> prefix_of(const Possible& possible) {
  if (possible.kind() == Possible::Kind::text) return possible.prefix();
  if (possible.kind() != Possible::Kind::values) return std::nullopt;
  std::optional<std::string> prefix;
  for (const Value& value : possible.values()) {
    if (value.kind() != ValueKind::string) return std::nullopt;
    prefix = prefix ? common_prefix(*prefix, value.text()) : value.text();
  }
  return prefix;
}

}  // namespace

Truth truth_of(bool value) {
  return value ? Truth::yes : Truth::no;
}

Truth negate(Truth truth) {
  if (truth == Truth::unknown) return truth;
  return truth == Truth::yes ? Truth::no : Truth::yes;
}

Possible::Possible() : kind_(Kind::values) {
  static const auto null = std::make_shared<const Values>(1);
  data_ = null;
}

Possible::Possible(Value value) : kind_(Kind::values) {
  Values values;
  values.push_back(std::move(value));
  data_ = std::make_shared<const Values>(std::move(values));
}

Possible Possible::text(std::string prefix, std::string suffix) {
  return {Kind::text, std::make_shared<const Text>(Text{std::move(prefix), std::move(suffix)})};
}

Possible Possible::object(PartialObject object) {
  return {Kind::object, std::make_shared<const PartialObject>(std::move(object))};
}

Possible Possible::shared_object(std::shared_ptr<const PartialObject> object) {
  return {Kind::object, std::move(object)};
}

Possible Possible::items(std::vector<Possible> parts) {
  Array array{{}, true};
  for (const Possible& part : parts) {
    if (const Value* known = part.known()) array.items.push_back(*known);
  }
  if (array.items.size() == parts.size()) return Value(std::move(array));
  return {Kind::items, std::make_shared<const std::vector<Possible>>(std::move(parts))};
}

Possible Possible::boolean(Truth truth) {
  static const Possible yes = Value(true);
  static const Possible no = Value(false);
  static const Possible unknown = one_of({Value(false), Value(true)});
  return truth == Truth::unknown ? unknown : truth == Truth::yes ? yes : no;
}

Possible Possible::one_of(std::vector<Value> values) {
  Values kept;
  for (Value& value : values) {
    if (std::any_of(kept.begin(), kept.end(), [&](const Value& one) { return one.same(value); })) continue;
    if (kept.size() == kMostValues) return anything();
    kept.push_back(std::move(value));
  }
  return {Kind::values, std::make_shared<const Values>(std::move(kept))};
}

const std::vector<Value>& Possible::values() const {
  static const Values none;
  const auto* values = std::get_if<std::shared_ptr<const Values>>(&data_);
  return values == nullptr ? none : **values;
}

const std::string& Possible::prefix() const {
  static const std::string none;
  const auto* text = std::get_if<std::shared_ptr<const Text>>(&data_);
  return text == nullptr ? none : (*text)->prefix;
}

const std::string& Possible::suffix() const {
  static const std::string none;
  const auto* text = std::get_if<std::shared_ptr<const Text>>(&data_);
  return text == nullptr ? none : (*text)->suffix;
}

const std::vector<Possible>& Possible::parts() const {
  return *std::get<std::shared_ptr<const std::vector<Possible>>>(data_);
}

const Value* Possible::known() const {
  const Values& all = values();
  return all.size() == 1 ? all.data() : nullptr;
}

Truth Possible::truth() const {
  switch (kind_) {
    case Kind::values: {
      const auto count =
          std::count_if(values().begin(), values().end(), [](const Value& one) { return one.truthy(); });
      if (count == 0) return Truth::no;
      return static_cast<std::size_t>(count) == values().size() ? Truth::yes : Truth::unknown;
    }
    case Kind::text:
      return prefix().empty() && suffix().empty() ? Truth::unknown : Truth::yes;
    case Kind::object:
    case Kind::items:
    case Kind::truthy:
      return Truth::yes;
    case Kind::anything:
      return Truth::unknown;
  }
  return Truth::unknown;
}

std::optional<Possible> Possible::when(bool truthy) const {
  const Truth now = truth();
  if (now == truth_of(truthy)) return *this;
  if (now != Truth::unknown) return std::nullopt;
  if (kind_ == Kind::values) {
    std::vector<Value> left;
    for (const Value& value : values()) {
      if (value.truthy() == truthy) left.push_back(value);
    }
    return one_of(std::move(left));
  }
  if (kind_ == Kind::text) return truthy ? *this : Possible(Value(""));
  if (truthy) return Possible::truthy();
  // The language has no other values that count as false.
  return one_of({Value(), Value(false), Value(0.0), Value(std::nan("")), Value("")});
}

const Possible& PartialObject::find(std::string_view key) const {
  const auto found = members.find(upper(key));
  return found == members.end() ? others : found->second;
}

bool PartialObject::complete() const {
  return others.known() != nullptr && others.known()->is_null();
}

Possible join(const Possible& one, const Possible& other) {
  using Kind = Possible::Kind;
  if (one.kind() == Kind::values && other.kind() == Kind::values) {
    std::vector<Value> values = one.values();
    values.insert(values.end(), other.values().begin(), other.values().end());
    Possible both = Possible::one_of(std::move(values));
    if (both.kind() == Kind::values) return both;
  }
  if (one.kind() == Kind::object && other.kind() == Kind::object && &one.members() == &other.members())
    return one;
  const auto prefix = prefix_of(one);
  const auto other_prefix = prefix_of(other);
  if (prefix && other_prefix) {
    std::string common = common_prefix(*prefix, *other_prefix);
    if (!common.empty()) return Possible::text(std::move(common));
  }
  if (one.truth() == Truth::yes && other.truth() == Truth::yes) return Possible::truthy();
  if (prefix && other_prefix) return Possible::text("");
  return Possible::anything();
}

}  // namespace exitgate::expression
