#include "harness/collect/asked/context.h"

#include <tree_sitter/api.h>

#include <string_view>

namespace exitgate::collect::asked {

namespace {

bool contains(std::string_view text, std::string_view word) {
  return text.find(word) != std::string_view::npos;
}

}  // namespace

// By the names of the nodes, which all grammars choose alike: "comment", "line_comment"; "string", "template_string",
// "interpreted_string_literal", "heredoc_body"; and what is code again within one: "interpolation", "template_substitution".
std::optional<facts::asked::MatchContext> context_at(const TSTree* tree, std::size_t start, std::size_t end) {
  using Context = facts::asked::MatchContext;
  const TSNode root = ts_tree_root_node(tree);
  const auto first = static_cast<std::uint32_t>(start);
  const auto last = static_cast<std::uint32_t>(end > start ? start + 1 : start);
  TSNode node = ts_node_descendant_for_byte_range(root, first, last);
  for (; !ts_node_is_null(node); node = ts_node_parent(node)) {
    const std::string_view type = ts_node_type(node);
    if (type == "ERROR") return std::nullopt;
    if (!ts_node_is_named(node)) continue;
    if (contains(type, "interpolation") || contains(type, "substitution")) break;
    if (contains(type, "comment")) return Context::comment;
    if (contains(type, "concatenated") || contains(type, "chained")) continue;
    if (contains(type, "string") || contains(type, "heredoc_body") || contains(type, "heredoc_content") ||
        contains(type, "text_block") || type == "jsx_text" || type == "character_literal" ||
        type == "rune_literal") {
      return Context::string;
    }
  }
  // An error above spoils a comment or a string as little as a statement beside it, so only one around the place counts.
  for (; !ts_node_is_null(node); node = ts_node_parent(node)) {
    if (std::string_view(ts_node_type(node)) == "ERROR") return std::nullopt;
  }
  return Context::code;
}

}  // namespace exitgate::collect::asked
