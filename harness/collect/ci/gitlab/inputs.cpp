#include "harness/collect/ci/gitlab/inputs.h"

#include <fmt/core.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "harness/base/text.h"
#include "harness/collect/ci/gitlab/input_functions.h"
#include "harness/collect/ci/gitlab/pattern.h"
#include "harness/collect/ci/gitlab/scalar.h"
#include "harness/collect/ci/model.h"

namespace exitgate::collect::ci::gitlab {

namespace {

constexpr std::string_view kTypes[] = {"array", "boolean", "number", "string"};
constexpr std::string_view kInputKeys[] = {"default", "description", "options", "regex", "type", "rules"};
constexpr std::size_t kMostFunctions = 3;
constexpr std::size_t kMostOptions = 50;
constexpr std::size_t kMostBytes = 1U << 20;  // of one string, after everything is put in

yaml::Node text_node(std::string text) {
  yaml::Node node;
  node.kind = yaml::Kind::string;
  node.quoted = true;
  node.text = std::move(text);
  return node;
}

yaml::Node unknown_node(std::string_view text) {
  yaml::Node node = text_node(std::string(text));
  node.tag = kUnknown;
  return node;
}

void set_line(yaml::Node& node, int line) {
  node.line = line;
  for (auto& item : node.items) set_line(item, line);
  for (auto& entry : node.entries) {
    entry.key.line = line;
    set_line(entry.value, line);
  }
}

// As Ruby's `to_s` writes it.
std::string text_in_string(const yaml::Node& node) {
  if (node.is_scalar()) return node.is_null() ? "" : node.text;
  std::string text = node.is_sequence() ? "[" : "{";
  const auto quoted = [](const yaml::Node& value) {
    return value.is_scalar() && is_string(value) ? '"' + value.text + '"' : text_in_string(value);
  };
  const auto separate = [&] {
    if (text.size() > 1) text += ", ";
  };
  for (const auto& item : node.items) {
    separate();
    text += quoted(item);
  }
  for (const auto& entry : node.entries) {
    separate();
    text += ':' + entry.key.text + "=>" + quoted(entry.value);
  }
  return text + (node.is_sequence() ? "]" : "}");
}

// A value as JSON reads its text, as GitLab does for all types but 'string'.
yaml::Node coerced(const yaml::Node& value) {
  if (!value.is_scalar() || !is_string(value)) return value;
  const std::string_view text = trim(value.text);
  if (text.empty() || (text[0] != '[' && text != "true" && text != "false" && text[0] != '-' &&
                       (text[0] < '0' || text[0] > '9')))
    return value;
  try {
    yaml::Node parsed = yaml::parse(text);
    set_line(parsed, value.line);
    return parsed;
  } catch (const yaml::Problem&) {
    return value;
  }
}

}  // namespace

Inputs::Inputs(const yaml::Node& header, const yaml::Node* given) {
  const yaml::Node* spec = header.find("spec");
  for (const auto& entry : header.entries) {
    if (entry.key.text != "spec")
      refuse(entry.key.line, fmt::format("the header has the unknown key '{}'", entry.key.text));
  }
  if (given != nullptr && !given->is_mapping() && !given->is_null() && !is_unknown(*given)) {
    refuse(0, "the given inputs are not a mapping");
    return;
  }
  const yaml::Node* inputs = nullptr;
  if (spec != nullptr && spec->is_mapping()) {
    for (const auto& entry : spec->entries) {
      static constexpr std::string_view kKeys[] = {"inputs", "include", "component", "description"};
      if (std::find(std::begin(kKeys), std::end(kKeys), entry.key.text) == std::end(kKeys))
        refuse(entry.key.line, fmt::format("'spec' has the unknown key '{}'", entry.key.text));
    }
    inputs = spec->find("inputs");
    open_ = spec->find("include") != nullptr;
  } else if (spec != nullptr && !spec->is_null()) {
    refuse(spec->line, "'spec' is not a mapping");
  }
  if (inputs != nullptr && !inputs->is_mapping() && !inputs->is_null())
    refuse(inputs->line, "'spec:inputs' is not a mapping");
  if (inputs != nullptr) {
    for (const auto& entry : inputs->entries)
      declare(entry, given == nullptr ? nullptr : given->find(entry.key.text));
  }
  if (given == nullptr || open_) return;
  for (const auto& entry : given->entries) {
    if (!values_.contains(entry.key.text))
      refuse(0, fmt::format("the input '{}' is not defined in the 'spec' of the file", entry.key.text));
  }
}

void Inputs::declare(const yaml::Entry& input, const yaml::Node* given) {
  const std::string& name = input.key.text;
  const yaml::Node& spec = input.value;
  yaml::Node& value = values_[name];
  value = unknown_node("");
  if (!spec.is_mapping() && !spec.is_null())
    return refuse(spec.line, fmt::format("the input '{}' is not a mapping", name));
  for (const auto& entry : spec.entries) {
    if (std::find(std::begin(kInputKeys), std::end(kInputKeys), entry.key.text) == std::end(kInputKeys))
      return refuse(entry.key.line,
                    fmt::format("the input '{}' has the unknown key '{}'", name, entry.key.text));
  }
  const std::string type = text_of(spec.find("type")).value_or("string");
  if (std::find(std::begin(kTypes), std::end(kTypes), type) == std::end(kTypes))
    return refuse(spec.line, fmt::format("the input '{}' is of the unknown type '{}'", name, type));
  const yaml::Node* options = spec.find("options");
  if (options != nullptr && !options->is_sequence() && !options->is_null())
    return refuse(options->line, fmt::format("the options of the input '{}' are not a list", name));
  if (options != nullptr && options->items.size() > kMostOptions)
    return refuse(options->line, fmt::format("the input '{}' has more than {} options", name, kMostOptions));
  const yaml::Node* rules = spec.find("rules");
  const yaml::Node* standard = spec.find("default");
  if (rules != nullptr && (options != nullptr || standard != nullptr)) {
    return refuse(rules->line, fmt::format("the input '{}' has 'rules' beside '{}'", name,
                                           options != nullptr ? "options" : "default"));
  }
  if (given != nullptr && given->is_null()) given = nullptr;
  // Which default the rules choose depends on the other inputs.
  if (rules != nullptr && given == nullptr) return;
  if (given == nullptr && standard == nullptr)
    return refuse(0, fmt::format("the required input '{}' is not given", name));
  if (standard != nullptr && !standard->is_null()) value = checked(input, type, *standard, true);
  if (standard != nullptr && standard->is_null()) value = *standard;
  if (given != nullptr) value = checked(input, type, *given, false);
}

yaml::Node Inputs::checked(const yaml::Entry& input, const std::string& type, const yaml::Node& value,
                           bool is_default) {
  const std::string& name = input.key.text;
  const int line = is_default ? value.line : 0;
  const std::string whose =
      fmt::format("the {} value of the input '{}'", is_default ? "default" : "given", name);
  if (is_unknown(value)) return unknown_node(value.text);
  yaml::Node result = type == "string" ? text_node(text_in_string(value)) : coerced(value);
  result.line = value.line;
  if (type == "array" && !result.is_sequence()) refuse(line, whose + " is not an array");
  if (type == "boolean") {
    const auto truth = boolean_of(result);
    if (!truth) refuse(line, whose + " is not a boolean");
    result.kind = yaml::Kind::boolean;
    result.boolean = truth.value_or(false);
    result.text = result.boolean ? "true" : "false";
  }
  if (type == "number" && !is_number(result) && result.kind != yaml::Kind::real)
    refuse(line, whose + " is not a number");
  const yaml::Node* options = input.value.find("options");
  if (options != nullptr && !options->is_null()) {
    if (type == "array" || type == "boolean") {
      refuse(options->line,
             fmt::format("the input '{}' has options, which only strings and numbers can have", name));
    } else if (std::none_of(options->items.begin(), options->items.end(),
                            [&](const yaml::Node& option) { return option.text == result.text; })) {
      refuse(line, fmt::format("{} is '{}', which is not one of its options", whose, result.text));
    }
  }
  if (const yaml::Node* regex = input.value.find("regex"); regex != nullptr && !regex->is_null()) {
    if (type != "string") {
      refuse(regex->line, fmt::format("the input '{}' has a 'regex', which only strings can have", name));
    } else if (Pattern(regex->text).matches(result.text) == expression::Truth::no) {
      refuse(line, fmt::format("{} is '{}', which its 'regex' does not fit", whose, result.text));
    }
  }
  return result;
}

yaml::Node Inputs::access(std::string_view path, int line) {
  constexpr std::string_view kInputs = "inputs.";
  if (!path.starts_with(kInputs)) {
    if (path.starts_with("component.")) return unknown_node(path);
    refuse(line, fmt::format("'$[[ {} ]]' does not name an input", path));
    return unknown_node(path);
  }
  const yaml::Node* at = nullptr;
  bool first = true;
  for (const std::string& segment : split(path.substr(kInputs.size()), '.')) {
    const std::string_view key = std::string_view(segment).substr(0, segment.find('['));
    const yaml::Node* found = nullptr;
    if (first) {
      const auto value = values_.find(key);
      if (value != values_.end()) found = &value->second;
    } else {
      found = at->find(key);
    }
    first = false;
    if (found != nullptr && is_unknown(*found)) return *found;
    std::string_view rest = std::string_view(segment).substr(key.size());
    while (found != nullptr && rest.starts_with('[')) {
      const std::size_t close = rest.find(']');
      const std::string_view digits = rest.substr(1, close == std::string_view::npos ? close : close - 1);
      const bool number =
          !digits.empty() && digits.size() < 7 &&
          std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
      const std::size_t index = number ? static_cast<std::size_t>(std::stoi(std::string(digits))) : 0;
      found = number && index < found->items.size() ? &found->items[index] : nullptr;
      rest = close == std::string_view::npos ? std::string_view() : rest.substr(close + 1);
    }
    if (found == nullptr) {
      if (!open_) refuse(line, fmt::format("'$[[ {} ]]' names an input that is not there", path));
      return unknown_node(path);
    }
    at = found;
  }
  return at == nullptr ? unknown_node(path) : *at;
}

yaml::Node Inputs::evaluate(std::string_view block, int line) {
  std::vector<std::string> parts = split(block, '|');
  yaml::Node value = access(trim(parts.front()), line);
  if (parts.size() > kMostFunctions + 1) {
    refuse(line, fmt::format("'$[[ {} ]]' has more than {} functions", block, kMostFunctions));
    return unknown_node(block);
  }
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::string_view call = trim(parts[i]);
    if (!is_input_function(call)) {
      refuse(line, fmt::format("'$[[ {} ]]' calls '{}', which is not a function of GitLab's", block, call));
      return unknown_node(block);
    }
    if (is_unknown(value)) continue;
    if (!is_string(value)) {
      refuse(line, fmt::format("'$[[ {} ]]' calls '{}', which takes only a string", block, call));
      return unknown_node(block);
    }
    auto result = call_input_function(call, value.text);
    value = result ? text_node(std::move(*result)) : unknown_node(value.text);
  }
  return value;
}

void Inputs::put_into(yaml::Node& node) {
  std::vector<yaml::Node> items;
  for (auto& item : node.items) {
    const bool was_text = item.is_scalar();
    put_into(item);
    if (was_text && item.is_sequence()) {
      std::move(item.items.begin(), item.items.end(), std::back_inserter(items));
    } else {
      items.push_back(std::move(item));
    }
  }
  node.items = std::move(items);
  for (auto& entry : node.entries) {
    if (entry.key.text.find("$[[") != std::string::npos) {
      node.index.clear();
      put_into(entry.key);
    }
    put_into(entry.value);
  }
  if (!node.is_scalar() || node.text.find("$[[") == std::string::npos) return;
  const std::string text = std::move(node.text);
  const std::string_view rest = text;
  std::string all;
  bool unknown = false;
  std::size_t begin = 0;
  while (begin < rest.size() && all.size() < kMostBytes) {
    const std::size_t open = rest.find("$[[", begin);
    const std::size_t close = open == std::string_view::npos ? open : rest.find("]]", open);
    if (close == std::string_view::npos) break;
    const std::string_view block = trim(rest.substr(open + 3, close - open - 3));
    all += rest.substr(begin, open - begin);
    if (block.size() < 2 || block.starts_with("matrix.") || block.find('\n') != std::string_view::npos) {
      all += rest.substr(open, close + 2 - open);
      unknown = true;
    } else {
      yaml::Node value = evaluate(block, node.line);
      // What is not known stays as it is written.
      if (is_unknown(value)) value = unknown_node(rest.substr(open, close + 2 - open));
      if (open == 0 && close + 2 == rest.size()) {
        set_line(value, node.line);
        value.column = node.column;
        value.source = node.source;
        node = std::move(value);
        return;
      }
      unknown = unknown || is_unknown(value);
      all += text_in_string(value);
    }
    begin = close + 2;
  }
  all += rest.substr(std::min(begin, rest.size()));
  node.kind = yaml::Kind::string;
  node.quoted = true;
  node.text = std::move(all);
  if (unknown) node.tag = kUnknown;
}

void Inputs::refuse(int line, std::string reason) {
  problems_.push_back({line, std::move(reason)});
}

}  // namespace exitgate::collect::ci::gitlab
