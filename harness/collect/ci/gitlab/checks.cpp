#include "harness/collect/ci/gitlab/checks.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "harness/base/text.h"
#include "harness/collect/ci/gitlab/duration.h"
#include "harness/collect/ci/gitlab/expression_syntax.h"
#include "harness/collect/ci/gitlab/pattern.h"
#include "harness/collect/ci/gitlab/scalar.h"

namespace exitgate::collect::ci::gitlab {

namespace {

constexpr int kDeepestCommands = 10;

bool is_commands(const yaml::Node& node, int levels) {
  if (is_unknown(node)) return true;
  if (node.is_scalar()) return is_string(node);
  return node.is_sequence() && levels > 0 &&
         std::all_of(node.items.begin(), node.items.end(),
                     [&](const auto& item) { return is_commands(item, levels - 1); });
}

bool is_strings(const yaml::Node& node) {
  return node.is_sequence() && std::all_of(node.items.begin(), node.items.end(), [](const yaml::Node& item) {
           return is_unknown(item) || is_string(item);
         });
}

// "/…/i"
bool is_regex(std::string_view text, std::string& body) {
  const std::size_t end = text.rfind('/');
  if (text.empty() || text[0] != '/' || end == 0) return false;
  if (text.substr(end + 1).find_first_not_of("ismU") != std::string_view::npos) return false;
  body = text.substr(1, end - 1);
  return true;
}

}  // namespace

const yaml::Node* value_of(const yaml::Node& mapping, std::string_view key) {
  const yaml::Node* value = mapping.find(key);
  return value == nullptr || value->is_null() || is_unknown(*value) ? nullptr : value;
}

bool contains(Words words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool Checks::mapping(const yaml::Node& node, const std::string& what) {
  if (node.is_mapping()) return true;
  if (!is_unknown(node)) refuse(node, what + " is not a mapping");
  return false;
}

bool Checks::keys(const yaml::Node& mapping, Words known, const std::string& what) {
  for (const auto& entry : mapping.entries) {
    if (contains(known, entry.key.text) || is_unknown(entry.key)) continue;
    std::vector<std::string> words(known.begin(), known.end());
    refuse(entry.key, fmt::format("{} has the unknown key '{}'{}", what, entry.key.text,
                                  did_you_mean(entry.key.text, words)));
    return false;
  }
  return true;
}

void Checks::string(const yaml::Node& node, const std::string& what) {
  if (!is_unknown(node) && !is_string(node)) refuse(node, what + " is not a string");
}

void Checks::boolean(const yaml::Node& node, const std::string& what) {
  if (!is_unknown(node) && !boolean_of(node)) refuse(node, what + " is neither true nor false");
}

void Checks::one_of(const yaml::Node& node, Words words, const std::string& what) {
  if (is_unknown(node) || (node.is_scalar() && contains(words, node.text))) return;
  std::vector<std::string> all(words.begin(), words.end());
  refuse(node,
         fmt::format("{} is {}, not one of {}", what,
                     node.is_scalar() ? "'" + node.text + "'" : "a " + std::string(kind_name(node.kind)),
                     join(all, ", ")));
}

void Checks::strings(const yaml::Node& node, const std::string& what) {
  if (!is_unknown(node) && !is_strings(node)) refuse(node, what + " is not a list of strings");
}

void Checks::strings_or_string(const yaml::Node& node, const std::string& what) {
  if (is_unknown(node) || is_strings(node) || (node.is_scalar() && is_string(node))) return;
  refuse(node, what + " is neither a string nor a list of strings");
}

void Checks::integers_or_integer(const yaml::Node& node, const std::string& what) {
  const bool all = node.is_sequence() && std::all_of(node.items.begin(), node.items.end(), is_integer);
  if (!is_unknown(node) && !all && !is_integer(node))
    refuse(node, what + " is neither an integer nor a list of integers");
}

void Checks::commands(const yaml::Node& node, const std::string& what) {
  if (!is_commands(node, kDeepestCommands)) refuse(node, what + " is neither a string nor a list of strings");
}

void Checks::duration(const yaml::Node& node, const std::string& what, std::int64_t most_seconds) {
  if (is_unknown(node)) return;
  if (!node.is_scalar() || !is_string(node)) return refuse(node, what + " is not a duration, as '2 hours'");
  switch (duration_of(node.text, most_seconds)) {
    case Duration::fits:
      break;
    case Duration::none:
      refuse(node, fmt::format("{} is '{}', not a duration, as '2 hours'", what, node.text));
      break;
    case Duration::too_long:
      refuse(node, fmt::format("{} is '{}', which is longer than GitLab takes", what, node.text));
      break;
  }
}

void Checks::expression(const yaml::Node& node, const std::string& what) {
  if (is_unknown(node) || (node.is_scalar() && is_string(node) && is_expression(node.text))) return;
  refuse(node, fmt::format("{} is not an expression that GitLab can read", what));
}

void Checks::refs(const yaml::Node& node, const std::string& what) {
  if (is_unknown(node)) return;
  if (!is_strings(node)) return refuse(node, what + " is not a list of names and regular expressions");
  for (const auto& item : node.items) {
    std::string body;
    if (!is_unknown(item) && is_regex(item.text, body) && !Pattern(body).valid())
      refuse(item, fmt::format("{} has '{}', which is not a regular expression that GitLab can read", what,
                               item.text));
  }
}

}  // namespace exitgate::collect::ci::gitlab
