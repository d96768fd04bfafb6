// INI files, setup.cfg, .editorconfig and .properties: keys as written, under their section or, before the first, at the top.
#include <fmt/core.h>

#include "harness/base/text.h"
#include "harness/documents/document.h"

namespace exitgate::documents {

namespace {

Node* member(Node& of, std::string_view name) {
  for (auto& [key, value] : of.members) {
    if (key == name) return &value;
  }
  return nullptr;
}

Node text_node(std::string_view text, int line) {
  Node node;
  node.type = Type::string;
  node.text = text;
  node.line = line;
  return node;
}

}  // namespace

Node read_ini(std::string_view text) {
  Node root;
  root.type = Type::object;
  root.line = 1;
  std::string section;
  std::string last;  // key that a continuation line goes on with
  int number = 0;
  for (const auto& whole : split(text, '\n')) {
    ++number;
    const auto line = trim(whole);
    const bool indented = !whole.empty() && (whole.front() == ' ' || whole.front() == '\t');
    Node* table = section.empty() ? &root : member(root, section);
    if (line.empty() || line.front() == '#' || line.front() == ';') continue;
    if (indented && !last.empty()) {
      if (Node* value = member(*table, last))
        value->text += (value->text.empty() ? "" : "\n") + std::string(line);
      continue;
    }
    if (line.front() == '[') {
      const std::size_t end = line.rfind(']');
      if (end == std::string_view::npos) throw DocumentError("a section whose name is not closed", number);
      section = trim(line.substr(1, end - 1));
      last.clear();
      if (section.empty()) throw DocumentError("a section without a name", number);
      if (member(root, section) == nullptr) {
        Node made;
        made.type = Type::object;
        made.line = number;
        root.members.push_back({section, std::move(made)});
      } else if (member(root, section)->type != Type::object) {
        throw DocumentError(fmt::format("'{}' is a key and a section", section), number);
      }
      continue;
    }
    const std::size_t sign = line.find_first_of("=:");
    last = trim(line.substr(0, sign));
    const auto value = sign == std::string_view::npos ? std::string_view() : trim(line.substr(sign + 1));
    if (last.empty()) throw DocumentError("a value without a key", number);
    if (member(*table, last) != nullptr)
      throw DocumentError(fmt::format("the key '{}' is there twice", last), number);
    table->members.push_back({last, text_node(value, number)});
  }
  return root;
}

}  // namespace exitgate::documents
