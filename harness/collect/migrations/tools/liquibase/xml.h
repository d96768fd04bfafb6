// The tags of an XML text, in their order: as much as a change log needs.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace exitgate::collect {

struct XmlTag {
  std::string name;  // without its prefix: "changeSet"
  std::map<std::string, std::string> attributes = {};
  bool closing = false;  // "</changeSet>"
  bool empty = false;    // "<createTable/>"
  int line = 1;
  std::size_t start = 0;  // bytes of the text: [start, end)
  std::size_t end = 0;

  std::string attribute(const std::string& key) const {
    const auto found = attributes.find(key);
    return found == attributes.end() ? "" : found->second;
  }
};

// Without comments, declarations and CDATA sections. Lenient: a program that is no XML gives what looks like tags.
std::vector<XmlTag> xml_tags(std::string_view text);
// The five named entities replaced, a CDATA section's content as it is.
std::string xml_text(std::string_view text);

}  // namespace exitgate::collect
