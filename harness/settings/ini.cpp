#include "harness/settings/ini.h"

#include <algorithm>

#include "harness/base/text.h"

namespace exitgate::settings {

namespace {

constexpr int kDepth = 10;  // of interpolations in interpolations, as configparser has it

std::size_t indent_of(std::string_view line) {
  const std::size_t at = line.find_first_not_of(" \t");
  return at == std::string_view::npos ? line.size() : at;
}

}  // namespace

Ini Ini::parse(std::string_view text) {
  Ini ini;
  Section* current = nullptr;
  Value* value = nullptr;  // that an indented line continues
  std::size_t indent = 0;  // of that value's key
  int number = 0;
  if (text.substr(0, 3) == "\xEF\xBB\xBF") text.remove_prefix(3);
  for (const auto& line : split(text, '\n')) {
    ++number;
    const std::string_view bare = trim(line);
    if (!bare.empty() && (bare.front() == '#' || bare.front() == ';')) continue;
    if (bare.empty()) {
      if (value != nullptr) value->text += '\n';
      continue;
    }
    if (value != nullptr && indent_of(line) > indent) {
      value->text += value->text.empty() ? "" : "\n";
      value->text += bare;
      value->lines.push_back({std::string(bare), number});
      continue;
    }
    value = nullptr;
    if (bare.front() == '[' && bare.find(']') != std::string_view::npos) {
      const std::string name(bare.substr(1, bare.rfind(']') - 1));
      const auto known = std::find_if(ini.sections_.begin(), ini.sections_.end(),
                                      [&name](const Section& section) { return section.name == name; });
      if (known == ini.sections_.end()) {
        ini.sections_.push_back({name, number, {}});
        current = &ini.sections_.back();
      } else {
        current = &*known;
      }
      continue;
    }
    const std::size_t mark = bare.find_first_of("=:");
    if (current == nullptr || mark == std::string_view::npos || mark == 0) {
      ini.mistakes_.push_back(number);
      continue;
    }
    auto& entry = current->values[lower(trim(bare.substr(0, mark)))];
    const std::string_view written = trim(bare.substr(mark + 1));
    entry = {std::string(written), number};
    if (!written.empty()) entry.lines.push_back({std::string(written), number});
    value = &entry;
    indent = indent_of(line);
  }
  for (auto& section : ini.sections_) {
    for (auto& [key, entry] : section.values) entry.text = std::string(trim(entry.text));
  }
  return ini;
}

const Ini::Section* Ini::section(std::string_view name) const {
  for (const auto& section : sections_) {
    if (section.name == name) return &section;
  }
  return nullptr;
}

std::vector<std::string> Ini::sections() const {
  std::vector<std::string> names;
  for (const auto& section : sections_) {
    if (section.name != "DEFAULT") names.push_back(section.name);
  }
  return names;
}

std::vector<std::string> Ini::keys(std::string_view name) const {
  std::vector<std::string> all;
  if (const Section* found = section(name)) {
    for (const auto& [key, value] : found->values) all.push_back(key);
  }
  return all;
}

bool Ini::has(std::string_view name) const {
  return section(name) != nullptr;
}

int Ini::line_of(std::string_view name) const {
  const Section* found = section(name);
  return found == nullptr ? 0 : found->line;
}

const Ini::Value* Ini::find(std::string_view name, std::string_view key) const {
  for (const Section* from : {section(name), section("DEFAULT")}) {
    if (from == nullptr) continue;
    const auto found = from->values.find(key);
    if (found != from->values.end()) return &found->second;
  }
  return nullptr;
}

bool Ini::expand(std::string_view name, std::string_view text,
                 const std::map<std::string, std::string>& extra, int depth, std::string& out,
                 std::string& failed) const {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] != '%') {
      out += text[at];
      continue;
    }
    if (at + 1 < text.size() && text[at + 1] == '%') {
      out += '%';
      ++at;
      continue;
    }
    const std::size_t end = text.find(")s", at);
    if (at + 1 >= text.size() || text[at + 1] != '(' || end == std::string_view::npos || depth == 0) {
      failed = std::string(text.substr(at));
      return false;
    }
    const std::string key = lower(text.substr(at + 2, end - at - 2));
    const auto given = extra.find(key);
    if (given != extra.end()) {
      out += given->second;
    } else if (const Value* value = find(name, key)) {
      if (!expand(name, value->text, extra, depth - 1, out, failed)) return false;
    } else {
      failed = "%(" + key + ")s";
      return false;
    }
    at = end + 1;
  }
  return true;
}

std::optional<std::string> Ini::get(std::string_view name, std::string_view key,
                                    const std::map<std::string, std::string>& extra,
                                    std::string& failed) const {
  failed.clear();
  const Value* value = find(name, key);
  if (value == nullptr) return std::nullopt;
  std::string out;
  if (!expand(name, value->text, extra, kDepth, out, failed)) return std::nullopt;
  return out;
}

}  // namespace exitgate::settings
