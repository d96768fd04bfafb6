// What holds for a whole document: its limits, its anchors, its tags.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "harness/yaml/cursor.h"
#include "harness/yaml/yaml.h"

namespace exitgate::yaml {

// What `!!` stands for.
inline constexpr std::string_view kCorePrefix = "tag:yaml.org,2002:";

// What may stand before a node: `&anchor` and `!tag`.
struct Properties {
  std::string anchor;
  std::string tag;  // resolved ("tag:yaml.org,2002:str", "!thing"), or "!"
  Place tag_place;  // of the tag
  Place place;      // of the first of the two
  bool empty() const { return anchor.empty() && tag.empty(); }
};

// The keys of one mapping, to find the one that is given twice.
class Keys {
 public:
  explicit Keys(const Limits& limits)
      : ignore_case_(limits.ignore_key_case), allow_twice_(limits.duplicate_keys) {}
  void add(const Node& key, const Node& mapping);  // `mapping` has the keys so far. Throws Problem.

 private:
  bool ignore_case_;
  bool allow_twice_;
  std::unordered_set<std::string> seen_;  // once there are many
};

class Document {
 public:
  explicit Document(const Limits& limits) : limits_(limits) {}

  const Limits& limits() const { return limits_; }

  // An open anchor may not be referred to: its node is not read yet.
  void open_anchor(const Properties& properties);

  // A node begins at `place`; it is counted.
  Node begin(Kind kind, const Place& place);
  // A collection begins: besides, it is one level deeper until finish().
  Node begin_collection(Kind kind, const Place& place, const Properties& properties);

  // What is said of a node besides its text: the tag is applied, the anchor kept.
  Node scalar(const Place& place, std::string text, bool plain, const Properties& properties);
  Node nothing(const Place& place, const Properties& properties);
  Node finish_collection(Node node, const Properties& properties);

  Node alias(const Place& place, const std::string& name);

 private:
  struct Size {
    std::size_t nodes = 0;
    std::size_t bytes = 0;  // of scalars
  };
  struct Anchored {
    bool open = true;
    Node node = {};
    Size size = {};         // of the whole of it
    std::size_t depth = 0;  // of collections in it
  };

  void count(const Place& place, Size size);
  void keep(const Node& node, const Properties& properties);

  Limits limits_;
  Size size_;  // of the document so far, aliases expanded
  Size kept_;  // of the copies kept for aliases to come: anchors within anchors are kept more than once
  std::size_t depth_ = 0;
  std::unordered_map<std::string, Anchored> anchored_;
};

}  // namespace exitgate::yaml
