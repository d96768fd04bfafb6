// What a value can be when not every context is known.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
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

  Possible();             // null
  Possible(Value value);  // NOLINT: a known value is a possible one
  static Possible anything() { return Possible(Kind::anything); }
  static Possible truthy() { return Possible(Kind::truthy); }
  static Possible text(std::string prefix, std::string suffix = "");
  static Possible object(PartialObject object);
  static Possible shared_object(std::shared_ptr<const PartialObject> object);  // which is not nullptr
  static Possible items(std::vector<Possible> parts);
  static Possible boolean(Truth truth);
  static Possible one_of(std::vector<Value> values);  // anything when they are too many

  Kind kind() const { return kind_; }
  // values(), prefix() and suffix() are empty where kind() is another; parts() and members() must not be asked for there.
  const std::vector<Value>& values() const;
  const std::string& prefix() const;
  const std::string& suffix() const;
  const std::vector<Possible>& parts() const;
  const PartialObject& members() const { return *std::get<std::shared_ptr<const PartialObject>>(data_); }
  const Value* known() const;

  Truth truth() const;
  // What is left of it when it counts as true, or as false; nullopt when it cannot.
  std::optional<Possible> when(bool truthy) const;

 private:
  using Values = std::vector<Value>;
  struct Text {
    std::string prefix;
    std::string suffix;
  };

  explicit Possible(Kind kind) : kind_(kind) {}
  template <typename Data>
  Possible(Kind kind, std::shared_ptr<const Data> data) : kind_(kind), data_(std::move(data)) {}

  Kind kind_;
  // Shared, since contexts are copied far more often than values are made. With PartialContexts::outer it takes the
  // collection of Electron's runs from 2.7 thousand million instructions to 1.1.
  std::variant<std::monostate, std::shared_ptr<const Values>, std::shared_ptr<const Text>,
               std::shared_ptr<const std::vector<Possible>>, std::shared_ptr<const PartialObject>>
      data_;
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
