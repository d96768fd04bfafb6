#include "harness/settings/toml.h"

#define TOML_ENABLE_FORMATTERS 0
#include <fmt/core.h>
#include <toml++/toml.h>

#include <algorithm>

#include "harness/base/text.h"

namespace exitgate::settings {

namespace {

// toml++ limits how deep values nest, to 256, but not how many parts a dotted key has, and it destroys nested
// tables by recursion: version 3.3 crashes on a key of 100,000 parts.
constexpr int kMostKeyParts = 20;

// From an opening quote to behind the string; a string that is not closed ends with its line, or the text.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  const char quote = text[at];
  const std::string three(3, quote);
  const bool multiline = text.substr(at, 3) == three;
  at += multiline ? 3 : 1;
  for (; at < text.size(); ++at) {
    if (quote == '"' && text[at] == '\\') {
      ++at;
    } else if (multiline && text.substr(at, 3) == three) {
      at += 3;
      // One or two more quotes are the string's last characters.
      for (int i = 0; i < 2 && at < text.size() && text[at] == quote; ++i) ++at;
      return at;
    } else if (!multiline && text[at] == quote) {
      return at + 1;
    } else if (!multiline && text[at] == '\n') {
      return at;
    }
  }
  return text.size();
}

// Throws TomlError for a key with more parts than toml++ should be given.
void check_keys(std::string_view text) {
  int parts = 1;
  int line = 1;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if (c == '"' || c == '\'') {
      const std::size_t end = end_of_string(text, at);
      line += static_cast<int>(std::count(text.data() + at, text.data() + end, '\n'));
      at = end;
      continue;
    }
    if (c == '#') {
      at = std::min(text.find('\n', at), text.size());
      continue;
    }
    if (c == '.' && ++parts > kMostKeyParts)
      throw TomlError(fmt::format("a key of more than {} parts", kMostKeyParts), line);
    if (std::string_view("=,{}[]\n").find(c) != std::string_view::npos) parts = 1;
    if (c == '\n') ++line;
    ++at;
  }
}

toml::table parse(std::string_view text) {
  check_keys(text);
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw TomlError(std::string(error.description()), static_cast<int>(error.source().begin.line));
  }
}

int line_of(const toml::node& node) {
  return static_cast<int>(node.source().begin.line);
}

// toml++ limits how deep tables nest.
TomlTable read(const toml::table& table) {
  TomlTable found;
  found.line = line_of(table);
  for (const auto& [key, value] : table) {
    const std::string known(key.str());
    found.lines[known] = line_of(value);
    if (const auto* string = value.as_string()) found.strings[known] = string->get();
    if (const auto* integer = value.as_integer()) found.numbers[known] = std::to_string(integer->get());
    if (const auto* number = value.as_floating_point())
      found.numbers[known] = fmt::format("{}", number->get());
    if (const auto* boolean = value.as_boolean()) found.booleans[known] = boolean->get();
    if (const auto* inner = value.as_table()) found.tables.emplace(known, read(*inner));
    if (const auto* list = value.as_array()) {
      auto& items = found.lists[known];
      for (const auto& item : *list) {
        if (const auto* string = item.as_string()) items.push_back({string->get(), line_of(item)});
      }
    }
  }
  return found;
}

}  // namespace

std::optional<std::string> TomlTable::scalar(std::string_view key) const {
  if (const auto string = strings.find(key); string != strings.end()) return string->second;
  if (const auto number = numbers.find(key); number != numbers.end()) return number->second;
  if (const auto boolean = booleans.find(key); boolean != booleans.end())
    return boolean->second ? "true" : "false";
  return std::nullopt;
}

std::optional<TomlTable> toml_table(std::string_view text, std::string_view name) {
  const toml::table root = parse(text);
  const toml::table* table = &root;
  for (const auto& part : name.empty() ? std::vector<std::string>() : split(name, '.')) {
    table = (*table)[part].as_table();
    if (table == nullptr) return std::nullopt;
  }
  return read(*table);
}

}  // namespace exitgate::settings
