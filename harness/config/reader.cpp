#include "harness/config/reader.h"

#include <fmt/format.h>

#include <algorithm>

#include "harness/authored/authored.h"
#include "harness/base/text.h"

namespace exitgate::config {

std::string Reader::where(const yaml::Node& node) const {
  return fmt::format("{}:{}", file_, node.line);
}

void Reader::refuse(const yaml::Node& node, const std::string& message, const std::string& hint) const {
  throw UsageError(fmt::format("{}: {}", where(node), message), hint);
}

yaml::Node Reader::parse(std::string_view text) const {
  try {
    return authored::read(text);
  } catch (const yaml::Problem& problem) {
    throw UsageError(fmt::format("{}:{}: {}", file_, problem.line, problem.what()));
  }
}

void Reader::mapping(const yaml::Node& node, std::string_view what,
                     std::initializer_list<std::string_view> known) const {
  if (!node.is_mapping()) {
    refuse(node, fmt::format("{} must be a mapping, not {}", what, yaml::kind_name(node.kind)));
  }
  for (const auto& [key, value] : node.entries) {
    if (std::find(known.begin(), known.end(), key.text) != known.end()) continue;
    const std::vector<std::string> names(known.begin(), known.end());
    refuse(key, fmt::format("unknown key '{}' in {}{}", key.text, what, did_you_mean(key.text, names)),
           fmt::format("the known keys are {}", join(names, ", ")));
  }
}

const yaml::Node& Reader::required(const yaml::Node& mapping, std::string_view what,
                                   std::string_view key) const {
  const auto* found = mapping.find(key);
  if (found == nullptr) refuse(mapping, fmt::format("{} has no '{}'", what, key));
  return *found;
}

std::string Reader::text(const yaml::Node& node, std::string_view what) const {
  if (!node.is_scalar() || trim(node.text).empty()) refuse(node, fmt::format("{} must be a text", what));
  return node.text;
}

std::string Reader::text_or(const yaml::Node& mapping, std::string_view key, std::string standard) const {
  const auto* found = mapping.find(key);
  return found == nullptr ? std::move(standard) : text(*found, fmt::format("'{}'", key));
}

int Reader::integer(const yaml::Node& node, std::string_view what, int least, int most) const {
  if (node.kind != yaml::Kind::integer || node.integer < least || node.integer > most) {
    refuse(node, fmt::format("{} must be a whole number from {} to {}", what, least, most));
  }
  return static_cast<int>(node.integer);
}

bool Reader::boolean(const yaml::Node& node, std::string_view what) const {
  if (node.kind != yaml::Kind::boolean) refuse(node, fmt::format("{} must be true or false", what));
  return node.boolean;
}

const std::vector<yaml::Node>& Reader::list(const yaml::Node& node, std::string_view what) const {
  if (!node.is_sequence())
    refuse(node, fmt::format("{} must be a list, not {}", what, yaml::kind_name(node.kind)));
  return node.items;
}

std::vector<std::string> Reader::texts(const yaml::Node& node, std::string_view what) const {
  std::vector<std::string> all;
  for (const auto& item : list(node, what)) all.push_back(text(item, fmt::format("each entry of {}", what)));
  return all;
}

}  // namespace exitgate::config
