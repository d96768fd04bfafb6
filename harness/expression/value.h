// Values of the GitHub Actions expression language, and how it turns one kind into another.
//
// Source: GitHub's documentation "Evaluate expressions in workflows and actions", and the behaviour that its
// own test data shows (strings compare without regard to case; whatever is compared with another kind becomes
// a number).
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace exitgate::expression {

class Value;

struct Array {
  std::vector<Value> items;
  bool filtered = false;  // made by `.*`: what is asked of it is asked of each item
};

struct Object {
  std::vector<std::pair<std::string, Value>> members;  // in their order
  // Keys ignore case.
  const Value* find(std::string_view key) const;
};

enum class ValueKind { null, boolean, number, string, array, object };

class Value {
 public:
  Value() = default;
  explicit Value(bool boolean) : data_(boolean) {}
  explicit Value(double number) : data_(number) {}
  explicit Value(std::string text) : data_(std::move(text)) {}
  explicit Value(const char* text) : data_(std::string(text)) {}
  explicit Value(Array array) : data_(std::make_shared<const Array>(std::move(array))) {}
  explicit Value(Object object) : data_(std::make_shared<const Object>(std::move(object))) {}

  ValueKind kind() const { return static_cast<ValueKind>(data_.index()); }
  bool is_null() const { return kind() == ValueKind::null; }
  bool boolean() const { return std::get<bool>(data_); }
  double number() const { return std::get<double>(data_); }
  const std::string& text() const { return std::get<std::string>(data_); }
  const Array& array() const { return *std::get<std::shared_ptr<const Array>>(data_); }
  const Object& object() const { return *std::get<std::shared_ptr<const Object>>(data_); }
  bool is_primitive() const { return kind() != ValueKind::array && kind() != ValueKind::object; }

  bool truthy() const;          // false, 0, NaN, '' and null are not
  double as_number() const;     // NaN for what is not a number
  std::string as_text() const;  // "Array" and "Object" for these

  // The very same value: kind and content, arrays and objects by identity.
  bool same(const Value& other) const { return data_ == other.data_; }

 private:
  std::variant<std::monostate, bool, double, std::string, std::shared_ptr<const Array>,
               std::shared_ptr<const Object>>
      data_;
};

// As the language's own number literals and coercions read it: NaN when it is none; "" is 0.
double parse_number(std::string_view text);
std::string number_text(double number);

bool equals(const Value& left, const Value& right);
bool greater(const Value& left, const Value& right);
bool less(const Value& left, const Value& right);

// Letters in upper case, one by one, as .NET's ordinal comparison without case does.
std::string upper(std::string_view text);

std::string to_json(const Value& value);                // indented by two, as toJSON()
std::optional<Value> from_json(std::string_view text);  // nullopt when it is not JSON

// value[index]; null when there is nothing.
Value index(const Value& value, const Value& at);
// value.*
Value all_of(const Value& value);

}  // namespace exitgate::expression
