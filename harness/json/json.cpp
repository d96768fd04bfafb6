#include "harness/json/json.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <unordered_map>

namespace exitgate {

struct Json::Nested {
  std::string text;
  std::vector<Json> items;
  Members members;
};

// Builds the value while nlohmann reads, without its own tree in between.
class JsonBuilder : public nlohmann::json_sax<nlohmann::json> {
 public:
  JsonBuilder(std::string_view text, const Json::Limits& limits) : text_(text), limits_(limits) {}

  bool null() override { return add(Json()); }
  bool boolean(bool value) override { return add(Json(value)); }
  bool number_integer(std::int64_t value) override { return add(Json(value)); }
  bool number_unsigned(std::uint64_t value) override {
    if (value > static_cast<std::uint64_t>(INT64_MAX)) return add(Json(static_cast<double>(value)));
    return add(Json(static_cast<std::int64_t>(value)));
  }
  bool number_float(double value, const std::string& /*written*/) override { return add(Json(value)); }
  bool string(std::string& value) override { return add(Json(std::move(value))); }
  bool binary(binary_t& /*value*/) override { return fail("binary values are not JSON"); }
  bool start_object(std::size_t /*elements*/) override { return open(Json::object()); }
  bool start_array(std::size_t /*elements*/) override { return open(Json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(std::string& name) override {
    // Found by hashing: an object of a hostile document may have any number of members.
    Open& object = open_.back();
    auto& members = object.value.nested_->members;
    const auto [at, is_new] = object.positions.try_emplace(name, members.size());
    if (!is_new && limits_.unique_keys) return fail("the key '" + name + "' is there twice");
    if (is_new) members.emplace_back(std::move(name), Json());
    object.member = at->second;
    return true;
  }
  bool parse_error(std::size_t position, const std::string& /*token*/,
                   const nlohmann::detail::exception& error) override {
    // "[json.exception.parse_error.101] parse error at line 1, column 2: syntax error while …"
    const std::string_view what = error.what();
    const auto colon = what.find(": ");
    const auto until = std::min(position == 0 ? 0 : position - 1, text_.size());
    const auto before = text_.substr(0, until);
    const auto line = 1 + std::count(before.begin(), before.end(), '\n');
    const auto start = before.rfind('\n');
    const auto column = until - (start == std::string_view::npos ? 0 : start + 1) + 1;
    // "syntax error while … - invalid literal; last read: 'TOKEN'; expected …": the token is anybody's, and of any length.
    std::string what_is_wrong(colon == std::string_view::npos ? what : what.substr(colon + 2));
    if (const auto read = what_is_wrong.find("; last read: '"); read != std::string::npos) {
      const auto end = what_is_wrong.rfind("'; expected ");
      what_is_wrong.erase(read, end == std::string::npos || end < read ? std::string::npos : end + 1 - read);
    }
    return fail("line " + std::to_string(line) + ", column " + std::to_string(column) + ": " + what_is_wrong);
  }

  const std::string& problem() const { return problem_; }
  Json take() { return std::move(root_); }

 private:
  struct Open {
    Json value;
    std::unordered_map<std::string, std::size_t> positions;  // of an object's members
    std::size_t member = 0;                                  // the one that is being read
  };

  bool fail(std::string problem) {
    problem_ = std::move(problem);
    return false;
  }
  bool open(Json value) {
    if (static_cast<int>(open_.size()) >= limits_.depth) {
      return fail("nested deeper than " + std::to_string(limits_.depth) + " levels");
    }
    open_.push_back({std::move(value), {}, 0});
    return true;
  }
  bool close() {
    Json value = std::move(open_.back().value);
    open_.pop_back();
    return add(std::move(value));
  }
  bool add(Json value) {
    if (open_.empty()) {
      root_ = std::move(value);
    } else if (Open& outer = open_.back(); outer.value.is_array()) {
      outer.value.push_back(std::move(value));
    } else {
      outer.value.nested_->members[outer.member].second = std::move(value);
    }
    return true;
  }

  std::string_view text_;
  Json::Limits limits_;
  Json root_;
  std::vector<Open> open_;
  std::string problem_;
};

namespace {

using Library = nlohmann::ordered_json;

const Json kNull = nullptr;
const std::vector<Json> kNoItems;
const Json::Members kNoMembers;

Library to_library(const Json& json) {
  switch (json.kind()) {
    case Json::Kind::null:
      return nullptr;
    case Json::Kind::boolean:
      return json.boolean();
    case Json::Kind::integer:
      return json.integer();
    case Json::Kind::number:
      return json.number();
    case Json::Kind::string:
      return json.text();
    case Json::Kind::array: {
      auto array = Library::array();
      for (const auto& item : json.items()) array.push_back(to_library(item));
      return array;
    }
    case Json::Kind::object: {
      auto object = Library::object();
      // Not operator[], which looks for the key among all that are there.
      for (const auto& [key, value] : json.members())
        object.get_ref<Library::object_t&>().Library::object_t::Container::emplace_back(key,
                                                                                        to_library(value));
      return object;
    }
  }
  return nullptr;
}

bool is_member(const Json& json) {
  return json.is_array() && json.size() == 2 && json.items().front().is_string();
}

}  // namespace

Json::Json(std::string value) : kind_(Kind::string), nested_(new Nested) {
  nested_->text = std::move(value);
}

Json::Json(const std::vector<std::string>& strings) : kind_(Kind::array), nested_(new Nested) {
  nested_->items.assign(strings.begin(), strings.end());
}

Json::Json(std::vector<Json> items) : kind_(Kind::array), nested_(new Nested) {
  nested_->items = std::move(items);
}

Json::Json(std::initializer_list<Json> elements) : nested_(new Nested) {
  if (std::all_of(elements.begin(), elements.end(), is_member)) {
    kind_ = Kind::object;
    for (const auto& element : elements) (*this)[element.items()[0].text()] = element.items()[1];
  } else {
    kind_ = Kind::array;
    nested_->items = elements;
  }
}

Json::Json(const Json& other) : kind_(other.kind_), integer_(other.integer_) {
  if (other.kind_ == Kind::number) number_ = other.number_;
  if (other.nested_) nested_.reset(new Nested(*other.nested_));
}

Json::Json(Json&& other) noexcept = default;
Json& Json::operator=(Json&& other) noexcept = default;
Json::~Json() = default;

void Json::Destroy::operator()(Nested* nested) const {
  delete nested;
}

Json& Json::operator=(const Json& other) {
  if (this != &other) *this = Json(other);
  return *this;
}

Json Json::array(std::initializer_list<Json> items) {
  return Json(std::vector<Json>(items));
}

Json Json::object() {
  Json json;
  json.kind_ = Kind::object;
  json.nested_.reset(new Nested);
  return json;
}

Json Json::parse(std::string_view text, std::string_view name) {
  return parse(text, name, Limits());
}

Json Json::parse(std::string_view text, std::string_view name, const Limits& limits) {
  JsonBuilder builder(text, limits);
  if (!nlohmann::json::sax_parse(text, &builder)) {
    throw JsonError((name.empty() ? std::string() : std::string(name) + ": ") + builder.problem());
  }
  return builder.take();
}

std::optional<Json> Json::try_parse(std::string_view text) {
  return try_parse(text, Limits());
}

std::optional<Json> Json::try_parse(std::string_view text, const Limits& limits) {
  JsonBuilder builder(text, limits);
  if (!nlohmann::json::sax_parse(text, &builder)) return std::nullopt;
  return builder.take();
}

std::string Json::dump(int indent) const {
  return to_library(*this).dump(indent, ' ', false, Library::error_handler_t::replace);
}

void Json::expected(std::string_view what) const {
  throw JsonError(std::string(what) + " was expected, not " + std::string(kind_name(kind_)));
}

const std::string& Json::text() const {
  if (kind_ != Kind::string) expected("a string");
  return nested_->text;
}

bool Json::boolean() const {
  if (kind_ != Kind::boolean) expected("true or false");
  return integer_ != 0;
}

std::int64_t Json::integer() const {
  if (kind_ != Kind::integer) expected("a whole number");
  return integer_;
}

double Json::number() const {
  if (!is_number()) expected("a number");
  return kind_ == Kind::integer ? static_cast<double>(integer_) : number_;
}

std::vector<std::string> Json::strings() const {
  if (kind_ != Kind::array) expected("a list of strings");
  std::vector<std::string> all;
  all.reserve(size());
  for (const auto& item : nested_->items) all.push_back(item.text());
  return all;
}

const Json& Json::at(std::string_view key) const {
  if (kind_ != Kind::object) expected("an object");
  const Json* found = find(key);
  if (found == nullptr) throw JsonError("'" + std::string(key) + "' is missing");
  return *found;
}

const Json* Json::find(std::string_view key) const {
  if (kind_ != Kind::object) return nullptr;
  for (const auto& [name, value] : nested_->members) {
    if (name == key) return &value;
  }
  return nullptr;
}

const Json& Json::operator[](std::string_view key) const {
  const Json* found = find(key);
  return found != nullptr ? *found : kNull;
}

std::string Json::text_or(std::string_view key, std::string_view otherwise) const {
  const Json* found = find(key);
  return found != nullptr && found->is_string() ? found->text() : std::string(otherwise);
}

bool Json::boolean_or(std::string_view key, bool otherwise) const {
  const Json* found = find(key);
  return found != nullptr && found->is_boolean() ? found->boolean() : otherwise;
}

std::int64_t Json::integer_or(std::string_view key, std::int64_t otherwise) const {
  const Json* found = find(key);
  return found != nullptr && found->is_integer() ? found->integer() : otherwise;
}

const Json::Members& Json::members() const {
  return kind_ == Kind::object ? nested_->members : kNoMembers;
}

Json& Json::operator[](std::string_view key) {
  if (kind_ == Kind::null) *this = object();
  if (kind_ != Kind::object) expected("an object");
  for (auto& [name, value] : nested_->members) {
    if (name == key) return value;
  }
  return nested_->members.emplace_back(std::string(key), Json()).second;
}

void Json::update(const Json& other) {
  if (other.kind_ != Kind::object) other.expected("an object");
  for (const auto& [key, value] : other.nested_->members) (*this)[key] = value;
}

void Json::erase(std::string_view key) {
  if (kind_ != Kind::object) return;
  std::erase_if(nested_->members, [&](const auto& member) { return member.first == key; });
}

const std::vector<Json>& Json::items() const {
  return kind_ == Kind::array ? nested_->items : kNoItems;
}

const Json& Json::item(std::size_t index) const {
  if (kind_ != Kind::array) expected("a list");
  if (index >= nested_->items.size()) throw JsonError("item " + std::to_string(index) + " is missing");
  return nested_->items[index];
}

Json& Json::back() {
  if (kind_ != Kind::array || nested_->items.empty()) expected("a list that is not empty");
  return nested_->items.back();
}

void Json::push_back(Json item) {
  if (kind_ == Kind::null) *this = array();
  if (kind_ != Kind::array) expected("a list");
  nested_->items.push_back(std::move(item));
}

std::size_t Json::size() const {
  switch (kind_) {
    case Kind::null:
      return 0;
    case Kind::array:
      return nested_->items.size();
    case Kind::object:
      return nested_->members.size();
    default:
      return 1;
  }
}

bool Json::operator==(const Json& other) const {
  if (kind_ != other.kind_) return is_number() && other.is_number() && number() == other.number();
  switch (kind_) {
    case Kind::null:
      return true;
    case Kind::boolean:
    case Kind::integer:
      return integer_ == other.integer_;
    case Kind::number:
      return number_ == other.number_;
    case Kind::string:
      return nested_->text == other.nested_->text;
    case Kind::array:
      return nested_->items == other.nested_->items;
    case Kind::object:
      return size() == other.size() &&
             std::all_of(nested_->members.begin(), nested_->members.end(), [&](const auto& member) {
               const Json* same = other.find(member.first);
               return same != nullptr && *same == member.second;
             });
  }
  return false;
}

std::string_view kind_name(Json::Kind kind) {
  switch (kind) {
    case Json::Kind::null:
      return "null";
    case Json::Kind::boolean:
      return "true or false";
    case Json::Kind::integer:
    case Json::Kind::number:
      return "a number";
    case Json::Kind::string:
      return "a string";
    case Json::Kind::array:
      return "a list";
    case Json::Kind::object:
      return "an object";
  }
  return "nothing";
}

}  // namespace exitgate
