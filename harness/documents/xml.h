// XML by XPath 1.0.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/documents/document.h"

namespace exitgate::documents {

struct XmlFound {
  std::string path;  // "/project/dependencies/dependency[2]/version", "/project/@name"
  int line = 0;
  Type type = Type::string;  // Type::object of an element with elements in it
  std::string value;         // the text of an element or attribute, trimmed
};

// "" or what is wrong with the expression. One that gives a number, a text or a boolean is wrong: it has no place.
std::string xpath_problem(const std::string& xpath);

// Throws DocumentError. Namespaces are as written: `m:name`, or the plain name where the document gives a default one.
std::vector<XmlFound> select_xml(std::string_view text, const std::string& xpath);

}  // namespace exitgate::documents
