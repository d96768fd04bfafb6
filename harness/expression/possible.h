// What a value can be when not every context is known.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/expression/value.h"

namespace exitgate::expression {

enum class Truth { no, yes, unknown };

Truth truth_of(bool value);
Truth negate(Truth truth);

struct PartialObject;

// A set of values that holds the true one, or more than that, never less.
class Possible {
 public:
  enum class Kind {
    values,  // one of values()
    text,    // a string that begins with prefix() and ends with suffix(), the two apart
    object,  // an object whose members are partly known
    items,   // a filtered array of so many parts()
    truthy,  // anything that counts as true
    anything,
  };

  Possible() : values_{Value()} {}                      // null
  Possible(Value value) : values_{std::move(value)} {}  // NOLINT: a known value is a possible one
  static Possible anything() { return Possible(Kind::anything); }
  static Possible truthy() { return Possible(Kind::truthy); }
  static Possible text(std::string prefix, std::string suffix = "");
  static Possible object(PartialObject object);
  static Possible items(std::vector<Possible> parts);
  static Possible boolean(Truth truth);
  static Possible one_of(std::vector<Value> values);  // anything when they are too many

  Kind kind() const { return kind_; }
  const std::vector<Value>& values() const { return values_; }
  const std::string& prefix() const { return prefix_; }
  const std::string& suffix() const { return suffix_; }
  const std::vector<Possible>& parts() const { return *parts_; }
  const PartialObject& members() const { return *object_; }
  const Value* known() const {
    return kind_ == Kind::values && values_.size() == 1 ? values_.data() : nullptr;
  }

  Truth truth() const;
  // What is left of it when it counts as true, or as false; nullopt when it cannot.
  std::optional<Possible> when(bool truthy) const;

 private:
  explicit Possible(Kind kind) : kind_(kind) {}

  Kind kind_ = Kind::values;
  std::vector<Value> values_;
  std::string prefix_;
  std::string suffix_;
  std::shared_ptr<const std::vector<Possible>> parts_;
  std::shared_ptr<const PartialObject> object_;
};

struct PartialObject {
  std::map<std::string, Possible> members;  // by key in upper case
  Possible others = Possible::anything();   // what any other key holds; null when there is none

  const Possible& find(std::string_view key) const;
  // Whether it has no members but those named.
  bool complete() const;
};

// Holds whatever either holds.
Possible join(const Possible& one, const Possible& other);

}  // namespace exitgate::expression
