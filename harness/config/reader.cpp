#include "harness/config/reader.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/authored/authored.h"
#include "harness/base/text.h"

namespace exitgate::config {

namespace {

// "a list", "an integer", "null"
std::string kind_of(const yaml::Node& node) {
  if (node.is_null()) return "null";
  return fmt::format("{} {}", node.kind == yaml::Kind::integer ? "an" : "a", yaml::kind_name(node.kind));
}

}  // namespace

std::string Reader::where(const yaml::Node& node) const {
  return fmt::format("{}:{}", file_, node.line);
}

void Reader::fail(const yaml::Node& node, const std::string& message, const std::string& hint) const {
  throw UsageError(fmt::format("{}: {}", where(node), message), hint);
}

yaml::Node Reader::parse(std::string_view text) const {
  try {
    return authored::read(text);
  } catch (const yaml::Problem& problem) {
    throw UsageError(fmt::format("{}:{}: {}", file_, problem.line, problem.what()));
  }
}

void Reader::mapping(const yaml::Node& node, const Mapping& declared, std::string_view what) const {
  if (what.empty()) what = declared.what;
  if (!node.is_mapping()) {
    fail(node, fmt::format("{} must be a mapping, not {}", what, kind_of(node)));
  }
  for (const auto& [key, value] : node.entries) {
    const auto is_key = [&, &text = key.text](const Key& known) { return known.name == text; };
    if (std::any_of(declared.keys.begin(), declared.keys.end(), is_key)) continue;
    std::vector<std::string> names;
    names.reserve(declared.keys.size());
    for (const auto& known : declared.keys) names.emplace_back(known.name);
    fail(key, fmt::format("unknown key '{}' in {}{}", key.text, what, did_you_mean(key.text, names)),
         fmt::format("the known keys are {}", join(names, ", ")));
  }
}

const yaml::Node& Reader::required(const yaml::Node& mapping, std::string_view what,
                                   std::string_view key) const {
  const auto* found = mapping.find(key);
  if (found == nullptr) fail(mapping, fmt::format("missing key '{}' in {}", key, what));
  return *found;
}

std::string Reader::string(const yaml::Node& node, std::string_view what) const {
  if (!node.is_scalar()) fail(node, fmt::format("{} must be a string, not {}", what, kind_of(node)));
  if (trim(node.text).empty()) fail(node, fmt::format("{} must not be empty", what));
  return node.text;
}

std::string Reader::string_or(const yaml::Node& mapping, std::string_view key,
                              std::string default_value) const {
  const auto* found = mapping.find(key);
  return found == nullptr ? std::move(default_value) : string(*found, fmt::format("'{}'", key));
}

int Reader::integer(const yaml::Node& node, std::string_view what, int least, int most) const {
  if (node.kind != yaml::Kind::integer || node.integer < least || node.integer > most) {
    fail(node, fmt::format("{} must be an integer from {} to {}", what, least, most));
  }
  return static_cast<int>(node.integer);
}

bool Reader::boolean(const yaml::Node& node, std::string_view what) const {
  if (node.kind != yaml::Kind::boolean) fail(node, fmt::format("{} must be true or false", what));
  return node.boolean;
}

const std::vector<yaml::Node>& Reader::list(const yaml::Node& node, std::string_view what) const {
  if (!node.is_sequence()) fail(node, fmt::format("{} must be a list, not {}", what, kind_of(node)));
  return node.items;
}

std::vector<std::string> Reader::strings(const yaml::Node& node, std::string_view what) const {
  std::vector<std::string> all;
  for (const auto& item : list(node, what))
    all.push_back(string(item, fmt::format("each entry of {}", what)));
  return all;
}

}  // namespace exitgate::config
