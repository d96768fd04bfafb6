#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "harness/base/text.h"
#include "harness/documents/document.h"
#include "harness/yaml/yaml.h"

namespace exitgate::documents {

namespace {

struct Part {
  std::string_view text;
  int before = 0;  // lines before it
};

bool is_marker(std::string_view line, std::string_view marker) {
  return line.starts_with(marker) &&
         (line.size() == 3 || line[3] == ' ' || line[3] == '\t' || line[3] == '\r');
}

// At the lines `---` and `...`, which no scalar may hold at the beginning of a line.
std::vector<Part> parts_of(std::string_view text) {
  std::vector<Part> parts;
  std::size_t start = 0;
  int line = 0;
  int before = 0;
  bool content = false;  // anything but comments and directives since `start`
  const auto cut = [&](std::size_t end, std::size_t next, int lines) {
    if (content) parts.push_back({text.substr(start, end - start), before});
    start = next;
    before = lines;
    content = false;
  };
  for (std::size_t at = 0; at < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const auto one = text.substr(at, end - at);
    const std::size_t next = std::min(end + 1, text.size());
    if (is_marker(one, "---")) {
      if (content) cut(at, at, line);
      content = true;
    } else if (is_marker(one, "...")) {
      cut(at, next, line + 1);
    } else {
      const auto trimmed = trim(one);
      if (!trimmed.empty() && trimmed.front() != '#' && !one.starts_with('%')) content = true;
    }
    at = next;
  }
  cut(text.size(), text.size(), line);
  return parts;
}

// What stands behind a tag that is not YAML's own, by line and column: `!Ref` of CloudFormation, `!include` of Home Assistant.
using Tags = std::map<std::pair<int, int>, std::string>;

constexpr std::size_t kMostTags = 2000;
constexpr std::size_t kMostWork =
    64U << 20U;  // bytes that are parsed in all, for a text is parsed again behind each tag

// The offset of a place, whose column counts characters.
std::size_t offset_of(std::string_view text, int line, int column) {
  std::size_t at = 0;
  for (int i = 1; i < line && at < text.size(); ++i) at = std::min(text.find('\n', at), text.size() - 1) + 1;
  for (int i = 1; i < column && at < text.size(); ++i) {
    for (++at; at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0U) == 0x80U;) ++at;
  }
  return at;
}

// The strict reader refuses such tags, as CI providers do: they are blanked out, one after the other, and kept in `tags`.
yaml::Node parse_with_tags(std::string text, Tags& tags) {
  for (std::size_t work = 0;; work += text.size()) {
    try {
      return yaml::parse(text);
    } catch (const yaml::Problem& problem) {
      const std::size_t at = offset_of(text, problem.line, problem.column);
      const bool tag = std::string_view(problem.what()).starts_with("unknown tag '") && at < text.size() &&
                       text[at] == '!';
      if (!tag || tags.size() == kMostTags || work > kMostWork) throw;
      std::size_t end = at;
      while (end < text.size() && std::string_view(" \t\r\n,[]{}").find(text[end]) == std::string_view::npos)
        ++end;
      const std::string name = text.substr(at, end - at);
      const std::size_t value = std::min(text.find_first_not_of(' ', end), text.size());
      tags[{problem.line, problem.column + static_cast<int>(value - at)}] = name;
      text.replace(at, end - at, end - at, ' ');
    }
  }
}

class Builder {
 public:
  Builder(int before, const Tags& tags) : before_(before), tags_(tags) {}

  Node build(const yaml::Node& from) const {
    Node node;
    node.line = from.line + before_;
    switch (from.kind) {
      case yaml::Kind::mapping:
        node.type = Type::object;
        members(from, node);
        break;
      case yaml::Kind::sequence:
        node.type = Type::array;
        for (const auto& item : from.items) node.items.push_back(build(item));
        break;
      case yaml::Kind::string:
        node.type = Type::string;
        node.text = from.text;
        break;
      case yaml::Kind::boolean:
        node.type = Type::boolean;
        node.text = from.boolean ? "true" : "false";
        break;
      case yaml::Kind::integer:
      case yaml::Kind::real:
        node.type = Type::number;
        node.text = number(from);
        break;
      case yaml::Kind::null:
        node.text = "null";
        break;
    }
    // Not what is written behind it, but what the tag makes of that: "!Ref Bucket".
    if (const auto tag = tags_.find({from.line, from.column}); tag != tags_.end() && from.is_scalar()) {
      node.type = Type::string;
      node.text = fmt::format("{} {}", tag->second, from.text);
    }
    return node;
  }

 private:
  // As written where JSON has it so too: "3.10" is what a reader looks for.
  static std::string number(const yaml::Node& from) {
    const auto read = Json::try_parse(from.text);
    if (read && read->is_number()) return from.text;
    return from.kind == yaml::Kind::integer ? std::to_string(from.integer) : Json(from.real).dump();
  }

  // A key `<<` takes over what its mappings have and this one does not say itself.
  void members(const yaml::Node& from, Node& node) const {
    const yaml::Node* merged = nullptr;
    for (const auto& [key, value] : from.entries) {
      if (key.text == "<<" && !key.quoted && (value.is_mapping() || value.is_sequence())) {
        merged = &value;
        continue;
      }
      node.members.push_back({key.text, build(value)});
      node.members.back().value.line = value.is_scalar() ? value.line + before_ : key.line + before_;
    }
    if (merged == nullptr) return;
    if (merged->is_mapping()) {
      merge(*merged, node);
      return;
    }
    for (const auto& item : merged->items) merge(item, node);
  }

  void merge(const yaml::Node& from, Node& node) const {
    const Node other = build(from);
    for (const auto& member : other.members) {
      if (node.find(member.key) == nullptr) node.members.push_back(member);
    }
  }

  int before_;
  const Tags& tags_;
};

}  // namespace

std::vector<Node> read_yaml(std::string_view text) {
  std::vector<Node> documents;
  for (const auto& part : parts_of(text)) {
    try {
      Tags tags;
      const auto root = parse_with_tags(std::string(part.text), tags);
      documents.push_back(Builder(part.before, tags).build(root));
    } catch (const yaml::Problem& problem) {
      throw DocumentError(problem.what(), problem.line + part.before);
    }
  }
  return documents;
}

}  // namespace exitgate::documents
