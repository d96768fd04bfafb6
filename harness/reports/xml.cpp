#include "harness/reports/xml.h"

#include <fmt/core.h>

#include <algorithm>

#include "harness/base/text.h"

namespace exitgate::reports {

namespace {

// pugixml takes a NUL for the end of the text, and then says that all is well.
bool has_nul(std::string_view text) {
  const bool utf16 = text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF") ||
                     (text.size() > 1 && (text[0] == '\0' || text[1] == '\0'));
  if (!utf16) return text.find('\0') != std::string_view::npos;
  for (std::size_t at = 0; at + 1 < text.size(); at += 2) {
    if (text[at] == '\0' && text[at + 1] == '\0') return true;
  }
  return text.size() % 2 != 0;
}

std::size_t line_at(std::string_view text, std::ptrdiff_t offset) {
  const auto end =
      std::min<std::size_t>(static_cast<std::size_t>(std::max<std::ptrdiff_t>(offset, 0)), text.size());
  return 1 + static_cast<std::size_t>(
                 std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
}

}  // namespace

std::string_view local_name(const pugi::xml_node& node) {
  std::string_view name = node.name();
  const std::size_t colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

pugi::xml_node load_xml(std::string_view text, pugi::xml_document& document,
                        std::vector<std::string>& problems) {
  if (has_nul(text)) {
    problems.emplace_back("it is not an XML document: it holds a NUL byte");
    return {};
  }
  const auto result = document.load_buffer(text.data(), text.size(),
                                           pugi::parse_default | pugi::parse_doctype | pugi::parse_fragment);
  if (!result) {
    problems.push_back(fmt::format("it is not well-formed XML (is it truncated?): line {}: {}",
                                   line_at(text, result.offset), lower(result.description())));
  }
  pugi::xml_node root;
  for (const auto& node : document.children()) {
    if (node.type() == pugi::node_doctype &&
        std::string_view(node.value()).find_first_of("[%") != std::string_view::npos) {
      problems.emplace_back("its DOCTYPE declares entities of its own, which are not read");
    } else if (node.type() == pugi::node_element && root) {
      problems.push_back(fmt::format("it has more than one root element: <{}> after <{}>", local_name(node),
                                     local_name(root)));
    } else if (node.type() == pugi::node_element) {
      root = node;
    } else if ((node.type() == pugi::node_pcdata || node.type() == pugi::node_cdata) && result &&
               !trim(node.value()).empty()) {
      problems.emplace_back("it has text outside of its root element");
    }
  }
  return root;
}

}  // namespace exitgate::reports
