#include "harness/gate/labels.h"

#include <algorithm>

namespace exitgate::gate {

namespace {

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' ||
         c == '.';
}

}  // namespace

bool is_name(std::string_view text) {
  return !text.empty() && text.front() != '.' && text.front() != '-' &&
         std::all_of(text.begin(), text.end(), is_name_character);
}

Labels possible_labels(std::string_view text) {
  Labels labels;
  while (!text.empty()) {
    const auto begin = std::find_if(text.begin(), text.end(), is_name_character);
    const auto end = std::find_if_not(begin, text.end(), is_name_character);
    const std::string word(begin, end);
    if (is_name(word)) labels.insert(word);
    text.remove_prefix(static_cast<std::size_t>(end - text.begin()));
  }
  return labels;
}

Labels possible_labels(const yaml::Node& node) {
  Labels labels;
  if (node.kind == yaml::Kind::string && is_name(node.text)) labels.insert(node.text);
  for (const auto& item : node.items) labels.merge(possible_labels(item));
  for (const auto& [key, value] : node.entries) labels.merge(possible_labels(value));
  return labels;
}

}  // namespace exitgate::gate
