// From the text to the tree, by indentation: YAML 1.2.2, chapters 6 to 9.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "harness/yaml/cursor.h"
#include "harness/yaml/document.h"
#include "harness/yaml/yaml.h"

namespace exitgate::yaml {

// GitHub's reader and libyaml look no further for the ':' of a key, as the specification asks.
inline constexpr std::size_t kLongestKey = 1024;

class Parser {
 public:
  Parser(std::string_view text, const Limits& limits)
      : cursor_(text, limits.lenient), document_(limits), word_anchors_(limits.word_anchors) {}

  // The stream's only document. Throws Problem.
  Node parse();

 private:
  // What a block node is the value of, which says what may begin on the same line and at the same column.
  enum class Role {
    document,  // nothing but a scalar or a flow collection behind `---` on its line
    value,     // of `key:`: like document; a list may begin at the column of the key
    entry,     // of `- `: a list or a mapping may begin on the same line
    part,      // of `? ` and `: `: both
  };
  // Where a block node begins, and what stands before it.
  struct Start {
    Properties above;       // on lines before the node's
    Properties beside;      // on the node's line
    Place place;            // of the node, behind its properties
    bool own_line = false;  // whether the node is, with its properties, the first of its line
    bool tab = false;       // whether a tab stands before the first of its line
  };
  // A node that turned out to be the first key of a mapping, or not.
  struct Key {
    Node node;
    Place place;
    std::size_t begin = 0;  // its first character
  };

  // Block collections, in block.cpp. `parent` is the column of the collection that the node is part of.
  Node block_node(int parent, Role role);
  // Up to the node's first character; false: there is no node, and start.place is where it would be.
  bool begin_block_node(int parent, Role role, Start& start);
  Node line_node(int parent, Role role, const Start& start);
  void check_collection(const Start& start, Role role, std::string_view what) const;
  Node block_sequence(const Place& place, const Properties& properties);
  Node block_mapping(std::optional<Key> first, const Place& place, const Properties& properties);
  void block_entry(Node& mapping, Keys& keys, int column, std::optional<Key> key);
  // From the end of an entry to the next one of the collection at `column`; false: it has no more.
  bool next_entry(int column);
  // The key of an entry, up to its ':'.
  Key block_key();
  // Whether a ':' follows that makes a key of what ends here.
  bool ends_key() const;
  void check_key(const Key& key) const;

  // Flow collections, in flow.cpp. `parent` as above: lines within must be indented further.
  Node flow_sequence(int parent, const Properties& properties);
  Node flow_mapping(int parent, const Properties& properties);
  Node flow_node(int parent);
  Node flow_value(int parent);  // what follows ':', maybe nothing
  void flow_pair(int parent, Node& mapping, Keys& keys, char close);
  Node single_pair(int parent, std::optional<Node> key, const Place& place);
  void flow_gap(int parent);
  // Whether a ':' stands here that ends a key; behind a quote or a bracket it needs no white space.
  bool flow_key_ends(bool adjacent) const;
  void flow_separator(char close, const Place& opened);

  // Both, in properties.cpp.
  void read_property(Properties& properties);
  std::string read_tag();
  std::string read_anchor_name(const char* what);
  Node alias(const Properties& properties);

  // The stream, in parser.cpp.
  void read_directives();
  void end_document();

  Cursor cursor_;
  Document document_;
  bool word_anchors_;                           // Limits::word_anchors
  std::map<std::string, std::string> handles_;  // of %TAG: "!e!" -> prefix
};

}  // namespace exitgate::yaml
