#include "harness/collect/ci/actions/matrix.h"

#include <algorithm>
#include <utility>

#include "harness/collect/ci/json.h"
#include "harness/expression/condition.h"

namespace exitgate::collect::ci::actions {

namespace {

using expression::Value;

constexpr std::size_t kMostCombinations = 256;  // GitHub's own limit

// A YAML value as a value; nullopt when it has expressions that are not decided by what is known.
std::optional<Value> literal(const yaml::Node& node, const PartialContexts& contexts) {
  switch (node.kind) {
    case yaml::Kind::null:
      return Value();
    case yaml::Kind::boolean:
      return Value(node.boolean);
    case yaml::Kind::integer:
    case yaml::Kind::real:
      return Value(node.real);
    case yaml::Kind::string:
      if (expression::has_expression(node.text)) {
        const Possible possible = evaluate_node(node, contexts);
        return possible.known() == nullptr ? std::nullopt : std::optional(*possible.known());
      }
      return Value(node.text);
    case yaml::Kind::sequence: {
      expression::Array array;
      for (const auto& item : node.items) {
        auto value = literal(item, contexts);
        if (!value) return std::nullopt;
        array.items.push_back(std::move(*value));
      }
      return Value(std::move(array));
    }
    case yaml::Kind::mapping: {
      expression::Object object;
      for (const auto& entry : node.entries) {
        auto value = literal(entry.value, contexts);
        if (!value) return std::nullopt;
        object.members.emplace_back(entry.key.text, std::move(*value));
      }
      return Value(std::move(object));
    }
  }
  return std::nullopt;
}

using Combination = std::vector<std::pair<std::string, Value>>;

Value* find(Combination& combination, std::string_view key) {
  const std::string wanted = expression::upper(key);
  for (auto& [name, value] : combination) {
    if (expression::upper(name) == wanted) return &value;
  }
  return nullptr;
}

bool equal_values(const Value& one, const Value& other) {
  if (one.is_primitive() || other.is_primitive()) return expression::equals(one, other);
  return expression::to_json(one) == expression::to_json(other);
}

// Whether every key of `filter` has the same value in the combination.
bool matches(Combination& combination, const Value& filter) {
  if (filter.kind() != expression::ValueKind::object) return false;
  const auto& members = filter.object().members;
  return std::all_of(members.begin(), members.end(), [&](const auto& member) {
    const Value* value = find(combination, member.first);
    return value != nullptr && equal_values(*value, member.second);
  });
}

// An entry of `include` is added to each combination whose own values it does not change; to none, then it is
// a combination by itself.
void include(std::vector<Combination>& all, std::size_t originals, const std::vector<std::string>& own,
             const Value& entry) {
  const auto& members = entry.object().members;
  bool added = false;
  for (std::size_t i = 0; i < originals; ++i) {
    const bool fits = std::all_of(members.begin(), members.end(), [&](const auto& member) {
      const std::string key = expression::upper(member.first);
      if (std::find(own.begin(), own.end(), key) == own.end()) return true;
      const Value* value = find(all[i], member.first);
      return value != nullptr && equal_values(*value, member.second);
    });
    if (!fits) continue;
    added = true;
    for (const auto& [name, value] : members) {
      if (Value* known = find(all[i], name)) {
        *known = value;
      } else {
        all[i].emplace_back(name, value);
      }
    }
  }
  if (!added) all.emplace_back(members.begin(), members.end());
}

Matrix unknown_matrix(const yaml::Node* node, const PartialContexts& contexts) {
  Matrix matrix;
  matrix.given = true;
  matrix.known = false;
  PartialObject object;
  // What a vector holds is known where nothing else can add to it.
  if (node != nullptr && node->is_mapping() && node->find("include") == nullptr) {
    object.others = Possible();
    for (const auto& entry : node->entries) {
      if (entry.key.text == "exclude") continue;
      const auto values = literal(entry.value, contexts);
      Possible any = Possible::anything();
      if (values && values->kind() == expression::ValueKind::array && !values->array().items.empty()) {
        any = Possible::one_of(values->array().items);
      }
      set(object, entry.key.text, any);
    }
  }
  matrix.combinations.push_back(std::move(object));
  return matrix;
}

Matrix too_large(const yaml::Node* node, const PartialContexts& contexts) {
  Matrix matrix = unknown_matrix(node, contexts);
  matrix.too_many = true;
  return matrix;
}

void append_json(std::string& json, const Value& value) {
  switch (value.kind()) {
    case expression::ValueKind::string:
      append_json_string(json, value.text());
      break;
    case expression::ValueKind::array: {
      json += '[';
      bool first = true;
      for (const Value& item : value.array().items) {
        if (!std::exchange(first, false)) json += ',';
        append_json(json, item);
      }
      json += ']';
      break;
    }
    case expression::ValueKind::object: {
      json += '{';
      bool first = true;
      for (const auto& [name, member] : value.object().members) {
        if (!std::exchange(first, false)) json += ',';
        append_json_string(json, name);
        json += ':';
        append_json(json, member);
      }
      json += '}';
      break;
    }
    case expression::ValueKind::null:
      json += "null";
      break;
    default:
      json += expression::to_json(value);
  }
}

std::string json_of(const Combination& combination) {
  std::string json = "{";
  for (const auto& [name, value] : combination) {
    if (json.size() > 1) json += ',';
    append_json_string(json, name);
    json += ':';
    append_json(json, value);
  }
  return json + '}';
}

}  // namespace

Matrix read_matrix(const yaml::Node& job, const PartialContexts& contexts) {
  const yaml::Node* strategy = job.find("strategy");
  const yaml::Node* node = strategy == nullptr ? nullptr : strategy->find("matrix");
  if (node == nullptr || node->is_null())
    return {.given = false, .combinations = {PartialObject{{}, Possible()}}, .texts = {}, .known = true};
  const std::optional<Value> value = literal(*node, contexts);
  if (!value || value->kind() != expression::ValueKind::object) return unknown_matrix(node, contexts);

  std::vector<Combination> all;
  std::vector<std::string> own;
  bool any_vector = false;
  for (const auto& [name, values] : value->object().members) {
    const std::string key = expression::upper(name);
    if (key == "INCLUDE" || key == "EXCLUDE") continue;
    if (values.kind() != expression::ValueKind::array) return unknown_matrix(node, contexts);
    own.push_back(key);
    std::vector<Combination> next;
    if (!any_vector) all.emplace_back();
    any_vector = true;
    for (const Combination& combination : all) {
      for (const Value& one : values.array().items) {
        next.push_back(combination);
        next.back().emplace_back(name, one);
        if (next.size() > kMostCombinations) return too_large(node, contexts);
      }
    }
    all = std::move(next);
  }
  const expression::Object& object = value->object();
  if (const Value* list = object.find("exclude");
      list != nullptr && list->kind() == expression::ValueKind::array) {
    for (const Value& filter : list->array().items) {
      std::erase_if(all, [&](Combination& combination) { return matches(combination, filter); });
    }
  }
  if (const Value* list = object.find("include");
      list != nullptr && list->kind() == expression::ValueKind::array) {
    const std::size_t originals = all.size();
    for (const Value& entry : list->array().items) {
      if (entry.kind() == expression::ValueKind::object) include(all, originals, own, entry);
      if (all.size() > 2 * kMostCombinations) return too_large(node, contexts);
    }
  }
  if (all.size() > kMostCombinations) return too_large(node, contexts);
  Matrix matrix;
  matrix.given = true;
  matrix.combinations.reserve(all.size());
  for (const Combination& combination : all) {
    matrix.texts.push_back(json_of(combination));
    PartialObject context;
    context.others = Possible();
    for (const auto& [name, one] : combination) set(context, name, one);
    matrix.combinations.push_back(std::move(context));
  }
  return matrix;
}

}  // namespace exitgate::collect::ci::actions
