// XML as the readers need it. Only their own .cpp files include this header.
#pragma once

#include <pugixml.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "harness/reports/report.h"

namespace exitgate::reports {

// The first element of a document, null when there is none. What is wrong with the document is added to `problems`: it is
// not well-formed (then the part before that place is there), declares entities of its own, or holds more than one root.
pugi::xml_node load_xml(std::string_view text, pugi::xml_document& document,
                        std::vector<std::string>& problems);

// The name without its namespace's prefix.
std::string_view local_name(const pugi::xml_node& node);

// The element's name where it is one, "" for text and all else.
inline std::string_view element(const pugi::xml_node& node) {
  return node.type() == pugi::node_element ? local_name(node) : std::string_view();
}

// Readers of a root element.
void read_junit(const pugi::xml_node& root, Report& report);
void read_cobertura(const pugi::xml_node& root, Report& report);
void read_jacoco(const pugi::xml_node& root, Report& report);

}  // namespace exitgate::reports
