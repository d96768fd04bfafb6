// JSON as a value: what is read from a document and what is written to one. nlohmann/json parses and writes; it stands
// behind this header in json.cpp alone, because each file that includes it costs 3 to 7 seconds of compiling.
//
//   const Json record = Json::parse(read_file(path), "run.json");
//   record.at("commit").text();
//   Json{{"gate", name}, {"line", line > 0 ? Json(line) : Json()}}.dump(2);
//
// Objects keep the order in which their members were written; two are equal whatever the order.
#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace exitgate {

// Text that is not JSON, or a document that has another shape than was asked of it.
class JsonError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

class Json {
 public:
  enum class Kind { null, boolean, integer, number, string, array, object };
  using Members = std::vector<std::pair<std::string, Json>>;
  using value_type = Json;
  using const_iterator = const Json*;

  Json() = default;
  Json(std::nullptr_t) {}
  Json(std::same_as<bool> auto value) : kind_(Kind::boolean), integer_(value ? 1 : 0) {}
  template <std::integral Integer>
  requires(!std::same_as<Integer, bool>) Json(Integer value)
      : kind_(Kind::integer), integer_(static_cast<std::int64_t>(value)) {}
  Json(double value) : kind_(Kind::number), number_(value) {}
  Json(std::string value);
  Json(std::string_view value) : Json(std::string(value)) {}
  Json(const char* value) : Json(std::string(value)) {}
  Json(const std::vector<std::string>& strings);
  Json(std::vector<Json> items);
  template <typename Value>
  Json(const std::optional<Value>& value) : Json(value ? Json(*value) : Json()) {}
  // An object where every element is a list of a string and a value, else an array.
  Json(std::initializer_list<Json> elements);

  Json(const Json&);
  Json(Json&&) noexcept;
  Json& operator=(const Json&);
  Json& operator=(Json&&) noexcept;
  ~Json();

  static Json array(std::initializer_list<Json> items = {});
  static Json object();

  struct Limits {
    bool unique_keys = false;  // a key that is there twice is an error; else the last one counts
    int depth = 1000;          // of arrays and objects in each other
  };
  // Throws JsonError with line and column: "run.json: line 3, column 7: …", `name` being what the document is called.
  static Json parse(std::string_view text, std::string_view name = {});
  static Json parse(std::string_view text, std::string_view name, const Limits& limits);
  static std::optional<Json> try_parse(std::string_view text);
  static std::optional<Json> try_parse(std::string_view text, const Limits& limits);

  // Compact when `indent` is negative. Bytes that are not UTF-8 become U+FFFD.
  std::string dump(int indent = -1) const;

  Kind kind() const { return kind_; }
  bool is_null() const { return kind_ == Kind::null; }
  bool is_boolean() const { return kind_ == Kind::boolean; }
  bool is_integer() const { return kind_ == Kind::integer; }
  bool is_number() const { return kind_ == Kind::integer || kind_ == Kind::number; }
  bool is_string() const { return kind_ == Kind::string; }
  bool is_array() const { return kind_ == Kind::array; }
  bool is_object() const { return kind_ == Kind::object; }
  bool is_structured() const { return is_array() || is_object(); }

  // The value as what it is. Throw JsonError where it is something else: "a string was expected, not a number".
  const std::string& text() const;
  bool boolean() const;
  std::int64_t integer() const;
  double number() const;  // of an integer as well
  std::vector<std::string> strings() const;

  // Of an object. at() throws JsonError: "'commit' is missing"; find() returns nullptr, also for what is not an object.
  const Json& at(std::string_view key) const;
  const Json* find(std::string_view key) const;
  bool contains(std::string_view key) const { return find(key) != nullptr; }
  // The member as a string, `otherwise` where it is missing or something else.
  std::string text_or(std::string_view key, std::string_view otherwise = {}) const;
  bool boolean_or(std::string_view key, bool otherwise) const;
  std::int64_t integer_or(std::string_view key, std::int64_t otherwise) const;
  const Json& operator[](std::string_view key) const;  // null where it is missing
  const Members& members() const;                      // empty for what is not an object
  Json& operator[](std::string_view key);              // made when it is not there; of null makes an object
  void update(const Json& other);                      // takes over every member of `other`
  void erase(std::string_view key);

  // Of an array. items() is empty for what is not an array.
  const std::vector<Json>& items() const;
  const Json* begin() const { return items().data(); }
  const Json* end() const { return items().data() + items().size(); }
  // Throws JsonError: "item 3 is missing". Also takes the literal 0, which would be a null pointer to the others.
  template <std::integral Integer>
  const Json& operator[](Integer index) const {
    return item(static_cast<std::size_t>(index));
  }
  template <std::integral Integer>
  Json& operator[](Integer index) {
    return const_cast<Json&>(item(static_cast<std::size_t>(index)));
  }
  Json& back();               // of a list that is not empty
  void push_back(Json item);  // of null makes a list

  std::size_t size() const;  // of an array or object; of null 0, else 1
  bool empty() const { return size() == 0; }

  bool operator==(const Json& other) const;

 private:
  friend class JsonBuilder;
  struct Nested;  // a string's characters, an array's items, an object's members
  struct Destroy {
    void operator()(Nested* nested) const;
  };
  const Json& item(std::size_t index) const;
  [[noreturn]] void expected(std::string_view what) const;

  Kind kind_ = Kind::null;
  union {
    std::int64_t integer_ = 0;
    double number_;
  };
  std::unique_ptr<Nested, Destroy> nested_;
};

std::string_view kind_name(Json::Kind kind);  // "an object", "a string", "null"

}  // namespace exitgate
