// Hibernate's `ddl-auto` and its other spellings, in properties, YAML and XML files, and in the strings of Java and Kotlin.
#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "harness/base/path.h"
#include "harness/base/text.h"
#include "harness/collect/code/other_languages.h"
#include "harness/collect/code/schema_libraries.h"

namespace exitgate::collect::code {

using facts::code::SchemaCallKind;

namespace {

// As Spring binds names: case, "-" and "_" do not count.
std::string relaxed(std::string_view key) {
  std::string plain;
  for (const char c : lower(key)) {
    if (c != '-' && c != '_' && c != '"' && c != '\'') plain += c;
  }
  return plain;
}

bool is_key(std::string_view key) {
  std::string plain = relaxed(key);
  if (plain.starts_with("%"))
    plain = plain.substr(std::min(plain.find('.') + 1, plain.size()));  // Quarkus' profile
  constexpr std::array<std::string_view, 6> kEnds = {"hibernate.ddlauto",
                                                     "hibernate.hbm2ddl.auto",
                                                     "persistence.schemageneration.database.action",
                                                     "hibernateorm.database.generation",
                                                     "hibernateorm.schemamanagement.strategy",
                                                     "jpa.generateddl"};
  return plain == "hbm2ddl.auto" ||
         std::any_of(kEnds.begin(), kEnds.end(), [&](auto end) { return plain.ends_with(end); });
}

std::string_view unquoted(std::string_view value) {
  value = trim(value);
  if (value.size() >= 2 && (value.front() == '"' || value.front() == '\'') && value.back() == value.front())
    value = value.substr(1, value.size() - 2);
  return value;
}

// What a value makes of the tables; nullopt when it makes and drops nothing.
std::optional<SchemaCallKind> kind_of(std::string_view value) {
  const std::string plain = relaxed(value);
  if (plain.find("${") != std::string::npos || plain.find("#{") != std::string::npos)
    return SchemaCallKind::unknown;
  constexpr std::array<std::string_view, 8> kMaking = {"create",        "createdrop", "createonly", "update",
                                                       "dropandcreate", "dropcreate", "true",       "always"};
  if (std::find(kMaking.begin(), kMaking.end(), plain) != kMaking.end()) return SchemaCallKind::create_all;
  if (plain == "drop") return SchemaCallKind::drop_all;
  return std::nullopt;
}

void add(std::string_view key, std::string_view value, int line, FileFacts& facts) {
  if (!is_key(key)) return;
  const auto kind = kind_of(unquoted(value));
  if (!kind) return;
  facts.schema_calls.push_back(
      schema_call_of(kHibernate, line, std::string(trim(key)) + "=" + std::string(unquoted(value)), *kind));
}

struct Line {
  int number;
  std::string_view text;
};

std::vector<Line> lines_of(std::string_view content) {
  std::vector<Line> lines;
  int number = 0;
  for (std::size_t at = 0; at < content.size();) {
    const std::size_t end = std::min(content.find('\n', at), content.size());
    lines.push_back({++number, content.substr(at, end - at)});
    at = end + 1;
  }
  return lines;
}

void read_properties(std::string_view content, FileFacts& facts) {
  for (const auto& [number, text] : lines_of(content)) {
    const auto line = trim(text);
    if (line.empty() || line.front() == '#' || line.front() == '!') continue;
    const std::size_t sign = line.find_first_of("=: \t");
    if (sign == std::string_view::npos) continue;
    auto value = trim(line.substr(sign));
    while (!value.empty() && (value.front() == '=' || value.front() == ':')) value = trim(value.substr(1));
    add(line.substr(0, sign), value, number, facts);
  }
}

// Keys below each other by their indentation; dotted keys are taken as they are.
void read_yaml(std::string_view content, FileFacts& facts) {
  struct Open {
    std::size_t indent;
    std::string key;
  };
  std::vector<Open> open;
  for (const auto& [number, text] : lines_of(content)) {
    const auto line = trim(text);
    if (line.empty() || line.front() == '#') continue;
    if (text.starts_with("---")) {
      open.clear();
      continue;
    }
    const std::size_t indent = text.find_first_not_of(" -");
    const std::size_t colon = line.find(':');
    if (colon == std::string_view::npos || indent == std::string_view::npos) continue;
    while (!open.empty() && open.back().indent >= indent) open.pop_back();
    auto key = line.substr(0, colon);
    while (key.starts_with("- ")) key = trim(key.substr(2));
    std::string whole;
    for (const auto& one : open) whole += one.key + ".";
    whole += std::string(unquoted(key));
    auto value = trim(line.substr(colon + 1));
    if (const std::size_t comment = value.find(" #"); comment != std::string_view::npos)
      value = trim(value.substr(0, comment));
    if (value.empty() || value.front() == '#') {
      open.push_back({indent, std::string(unquoted(key))});
    } else {
      add(whole, value, number, facts);
    }
  }
}

// <property name="hibernate.hbm2ddl.auto" value="update"/> or <property name="…">update</property>
void read_xml(std::string_view content, FileFacts& facts) {
  int line = 1;
  std::size_t counted = 0;
  for (std::size_t at = 0; (at = content.find('<', at)) != std::string_view::npos; ++at) {
    if (content.substr(at).starts_with("<!--")) {
      at = std::min(content.find("-->", at), content.size() - 1);
      continue;
    }
    const std::size_t end = std::min(content.find('>', at), content.size());
    const auto tag = content.substr(at, end - at);
    const auto attribute = [&](std::string_view name) -> std::string_view {
      for (const char quote : {'"', '\''}) {
        const std::string written = " " + std::string(name) + "=" + quote;
        const std::size_t begin = tag.find(written);
        if (begin == std::string_view::npos) continue;
        const std::size_t from = begin + written.size();
        return tag.substr(from, std::min(tag.find(quote, from), tag.size()) - from);
      }
      return "";
    };
    auto key = attribute("name");
    if (key.empty()) key = attribute("key");
    if (!is_key(key)) continue;
    auto value = attribute("value");
    if (value.empty() && end < content.size() && !tag.ends_with("/"))
      value = trim(content.substr(end + 1, std::min(content.find('<', end), content.size()) - end - 1));
    line += static_cast<int>(std::count(content.begin() + static_cast<std::ptrdiff_t>(counted),
                                        content.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    counted = at;
    add(key, value, line, facts);
  }
}

// "spring.jpa.hibernate.ddl-auto=create" and put("hibernate.hbm2ddl.auto", "create")
void read_program(std::string_view content, FileFacts& facts) {
  if (content.find("ddl") == std::string_view::npos &&
      content.find("schema-generation") == std::string_view::npos)
    return;
  for (const auto& [number, text] : lines_of(content)) {
    const auto line = trim(text);
    if (line.starts_with("//") || line.starts_with("*") || line.starts_with("/*")) continue;
    for (std::size_t at = 0; (at = line.find('"', at)) != std::string_view::npos;) {
      const std::size_t end = line.find('"', at + 1);
      if (end == std::string_view::npos) break;
      const auto written = line.substr(at + 1, end - at - 1);
      at = end + 1;
      const std::size_t sign = written.find_first_of("=:");
      if (sign != std::string_view::npos) {
        add(written.substr(0, sign), written.substr(sign + 1), number, facts);
        continue;
      }
      if (!is_key(written)) continue;
      const std::size_t begin = line.find('"', at);
      const bool beside = begin != std::string_view::npos &&
                          line.substr(at, begin - at).find_first_not_of(" ,)]=to") == std::string_view::npos;
      if (!beside) continue;
      const std::size_t close = std::min(line.find('"', begin + 1), line.size());
      add(written, line.substr(begin + 1, close - begin - 1), number, facts);
      at = close + 1;
    }
  }
}

}  // namespace

void find_hibernate_settings(std::string_view path, std::string_view content, FileFacts& facts) {
  const std::string_view name = name_of(path);
  const bool yaml = name.ends_with(".yml") || name.ends_with(".yaml");
  if (name.ends_with(".java") || name.ends_with(".kt") || name.ends_with(".groovy")) {
    read_program(content, facts);
  } else if (name.ends_with(".properties")) {
    read_properties(content, facts);
  } else if (yaml && (name.starts_with("application") || name.starts_with("bootstrap"))) {
    read_yaml(content, facts);
  } else if (name.ends_with(".xml") && (content.find("hbm2ddl") != std::string_view::npos ||
                                        content.find("schema-generation") != std::string_view::npos)) {
    read_xml(content, facts);
  }
}

}  // namespace exitgate::collect::code
