#include "harness/documents/xml.h"

#include <fmt/core.h>

#include <algorithm>
#include <pugixml.hpp>
#include <sstream>

#include "harness/base/text.h"

namespace exitgate::documents {

namespace {

std::string path_of(const pugi::xml_node& node) {
  std::string path;
  for (pugi::xml_node at = node; at && at.type() == pugi::node_element; at = at.parent()) {
    int before = 0;
    for (auto one = at.previous_sibling(at.name()); one; one = one.previous_sibling(at.name())) ++before;
    const bool several = before > 0 || at.next_sibling(at.name());
    path = fmt::format("/{}{}{}", at.name(), several ? fmt::format("[{}]", before + 1) : "", path);
  }
  return path;
}

int line_at(std::string_view text, std::ptrdiff_t offset) {
  if (offset < 0) return 0;
  const auto end = text.begin() + std::min<std::ptrdiff_t>(offset, static_cast<std::ptrdiff_t>(text.size()));
  return static_cast<int>(std::count(text.begin(), end, '\n')) + 1;
}

std::string text_of(const pugi::xml_node& node) {
  std::string text;
  for (const auto& child : node.children()) {
    if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) text += child.value();
  }
  return std::string(trim(text));
}

bool has_elements(const pugi::xml_node& node) {
  const auto children = node.children();
  return std::any_of(children.begin(), children.end(),
                     [](const pugi::xml_node& child) { return child.type() == pugi::node_element; });
}

}  // namespace

std::string xpath_problem(const std::string& xpath) {
  try {
    const pugi::xpath_query query(xpath.c_str());
    if (query.return_type() != pugi::xpath_type_node_set) return "it gives a value without a place";
  } catch (const pugi::xpath_exception& error) {
    return fmt::format("{} at its character {}", error.what(), error.result().offset + 1);
  }
  return "";
}

std::vector<XmlFound> select_xml(std::string_view text, const std::string& xpath) {
  pugi::xml_document document;
  const auto parsed =
      document.load_buffer(text.data(), text.size(), pugi::parse_default, pugi::encoding_utf8);
  if (!parsed) throw DocumentError(parsed.description(), line_at(text, parsed.offset));
  std::vector<XmlFound> all;
  auto nodes = document.select_nodes(xpath.c_str());
  nodes.sort();
  for (const auto& one : nodes) {
    const auto element = one.attribute() ? one.parent() : one.node();
    XmlFound found;
    found.path = path_of(element.type() == pugi::node_element ? element : element.parent());
    found.line = line_at(text, element.offset_debug());
    if (one.attribute()) {
      found.path += fmt::format("/@{}", one.attribute().name());
      found.value = one.attribute().value();
    } else if (element.type() == pugi::node_element) {
      found.type = has_elements(element) ? Type::object : Type::string;
      found.value = text_of(element);
    } else {
      found.path += "/text()";
      found.value = trim(element.value());
    }
    all.push_back(std::move(found));
  }
  return all;
}

}  // namespace exitgate::documents
