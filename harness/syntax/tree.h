// Parse trees of source code, by tree-sitter with the grammar of its language.
//
// A Tree is one array of nodes in source order, with parent and sibling links, so that looking up and down
// costs nothing and no walk over hostile nesting needs the stack. Punctuation is left out; what has a field
// of the grammar (operators among them) and the token `async` is kept.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/syntax/kinds.h"
#include "harness/syntax/language.h"

namespace exitgate::syntax {

using Id = std::uint32_t;
inline constexpr Id kNoNode = UINT32_MAX;

struct Node {
  Kind kind = Kind::other;
  Field field = Field::none;
  std::uint32_t start = 0;  // byte offsets into the source: [start, end)
  std::uint32_t end = 0;
  std::uint32_t line = 0;  // of the start, counts from 1
  Id parent = kNoNode;
  Id next = kNoNode;   // sibling
  Id first = kNoNode;  // child
  Id after = 0;        // one past the last node below this one: [id, after) is the subtree
};

class Tree {
 public:
  // Parses; `source` must outlive the tree. Nullopt when it takes longer than the limit, or is nested more deeply than
  // tree-sitter can stand (hostile input).
  static std::optional<Tree> parse(std::string_view source, const Language& language = python(),
                                   std::uint64_t limit_microseconds = 5'000'000);

  Id root() const { return 0; }
  std::size_t size() const { return nodes_.size(); }
  const Node& operator[](Id id) const { return nodes_[id]; }
  Kind kind(Id id) const { return id == kNoNode ? Kind::other : nodes_[id].kind; }
  bool is(Id id, Kind kind) const { return id != kNoNode && nodes_[id].kind == kind; }
  Id parent(Id id) const { return id == kNoNode ? kNoNode : nodes_[id].parent; }
  int line(Id id) const { return static_cast<int>(nodes_[id].line); }
  std::string_view source() const { return source_; }
  std::string_view text(Id id) const {
    return source_.substr(nodes_[id].start, nodes_[id].end - nodes_[id].start);
  }
  // The text of a few lines as one: every run of white space, line continuations and comments as one space at
  // most. What is longer than `limit` bytes is cut and ends in "…".
  std::string flat_text(Id id, std::size_t limit = 200) const;

  // The child under a field, or kNoNode (also for kNoNode itself).
  Id child(Id id, Field field) const;
  Id child(Id id, Kind kind) const;
  // All children but comments, in order.
  std::vector<Id> children(Id id) const;
  std::vector<Id> children(Id id, Field field) const;

  // Nodes where the text is not as the grammar knows the language: `error` and `missing`, outermost only.
  const std::vector<Id>& errors() const { return errors_; }
  // What an error may have spoiled: the simple statement, decorator or condition that it stands in.
  Id around(Id error) const;
  // The innermost node that spans the byte.
  Id at(std::uint32_t byte) const;
  // The nearest node of that kind at or above `id`, or kNoNode.
  Id enclosing(Id id, Kind kind) const;
  // Counts steps of work on this tree; throws Undecided when they are more than any file that a person wrote
  // needs, so that hostile nesting cannot make a walk that looks upwards take hours.
  void spend(std::size_t steps) const;

 private:
  const Language* language_ = nullptr;
  std::string_view source_;
  std::vector<Node> nodes_;
  std::vector<Id> errors_;
  mutable std::size_t spent_ = 0;
};

}  // namespace exitgate::syntax
