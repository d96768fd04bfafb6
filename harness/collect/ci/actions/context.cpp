#include "harness/collect/ci/actions/context.h"

#include "harness/expression/condition.h"

namespace exitgate::collect::ci::actions {

using expression::Value;

std::set<std::string> activity_types(const Trigger& trigger) {
  std::set<std::string> types;
  if (trigger.filters != nullptr) {
    if (const yaml::Node* list = trigger.filters->find("types")) {
      if (const auto one = text_of(list)) types.insert(*one);
      for (const auto& item : list->items) {
        if (const auto type = text_of(&item)) types.insert(*type);
      }
    }
  }
  if (types.empty()) types = {"opened", "synchronize", "reopened"};
  return types;
}

void set(PartialObject& object, std::string_view key, Possible value) {
  object.members[expression::upper(key)] = std::move(value);
}

Possible evaluate_node(const yaml::Node& node, const PartialContexts& contexts) {
  switch (node.kind) {
    case yaml::Kind::null:
      return {};
    case yaml::Kind::boolean:
      return Value(node.boolean);
    case yaml::Kind::integer:
    case yaml::Kind::real:
      return Value(node.real);
    case yaml::Kind::string:
      break;
    default:
      return Possible::truthy();
  }
  if (!expression::has_expression(node.text)) return Value(node.text);
  try {
    return expression::abstract(expression::read_template(node.text), contexts);
  } catch (const expression::SyntaxError&) {
    return Possible::anything();
  }
}

Possible as_text(const Possible& possible) {
  switch (possible.kind()) {
    case Possible::Kind::values: {
      std::vector<Value> texts;
      for (const Value& value : possible.values()) texts.emplace_back(value.as_text());
      return Possible::one_of(std::move(texts));
    }
    case Possible::Kind::text:
      return possible;
    case Possible::Kind::object:
      return Value("Object");
    case Possible::Kind::items:
      return Value("Array");
    case Possible::Kind::truthy:
      return Possible::truthy();  // none of these has an empty text
    case Possible::Kind::anything:
      break;
  }
  return Possible::text("");
}

namespace {

void append_text(std::string& into, std::string_view text) {
  into += std::to_string(text.size()) + ':';
  into += text;
}

void append_signature(std::string& into, const Possible& possible) {
  into += static_cast<char>('a' + static_cast<int>(possible.kind()));
  switch (possible.kind()) {
    case Possible::Kind::values:
      for (const Value& value : possible.values()) append_text(into, expression::to_json(value));
      break;
    case Possible::Kind::text:
      append_text(into, possible.prefix());
      append_text(into, possible.suffix());
      break;
    case Possible::Kind::object:
      for (const auto& [name, member] : possible.members().members) {
        append_text(into, name);
        append_signature(into, member);
      }
      into += '|';
      append_signature(into, possible.members().others);
      break;
    case Possible::Kind::items:
      for (const Possible& part : possible.parts()) append_signature(into, part);
      break;
    case Possible::Kind::truthy:
    case Possible::Kind::anything:
      break;
  }
  into += ';';
}

}  // namespace

std::string signature(const Possible& possible) {
  std::string text;
  append_signature(text, possible);
  return text;
}

}  // namespace exitgate::collect::ci::actions
