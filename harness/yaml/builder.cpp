#include "harness/yaml/builder.h"

#include <fmt/format.h>
#include <yaml-cpp/mark.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "harness/yaml/scalar.h"

namespace exitgate::yaml {

namespace {

// Below this a look-up that compares every key is the faster one.
constexpr std::size_t kSmallMapping = 12;

constexpr std::string_view kCorePrefix = "tag:yaml.org,2002:";

Node node_at(const YAML::Mark& mark, Kind kind) {
  Node node;
  node.kind = kind;
  node.line = mark.line + 1;
  node.column = mark.column + 1;
  return node;
}

[[noreturn]] void refuse(const Node& at, const std::string& message) {
  throw Problem(message, at.line, at.column);
}

[[noreturn]] void refuse_tag(const Node& at, std::string_view tag) {
  if (tag.starts_with(kCorePrefix)) {
    refuse(at, fmt::format("unknown tag '!!{}'", tag.substr(kCorePrefix.size())));
  }
  refuse(at, fmt::format("unknown tag '{}'", tag));
}

// What an explicit tag of the core schema makes of a scalar.
void resolve_tagged(Node& node, std::string_view tag) {
  const std::string_view name = tag.substr(std::min(kCorePrefix.size(), tag.size()));
  if (!tag.starts_with(kCorePrefix)) refuse_tag(node, tag);
  bool fits = true;
  if (name == "str") {
    node.kind = Kind::string;
  } else if (name == "null") {
    node.kind = Kind::null;
    fits = is_null_text(node.text);
  } else if (name == "bool") {
    fits = read_boolean(node.text, node);
  } else if (name == "int") {
    fits = read_integer(node.text, node);
  } else if (name == "float") {
    fits = read_real(node.text, node);
    node.kind = Kind::real;
  } else {
    refuse_tag(node, tag);
  }
  if (!fits) refuse(node, fmt::format("'{}' is no value of the tag '!!{}'", node.text, name));
}

void check_collection_tag(const Node& node, std::string_view tag, std::string_view own) {
  if (tag.empty() || tag == "?" || tag == "!") return;
  if (tag.starts_with(kCorePrefix) && tag.substr(kCorePrefix.size()) == own) return;
  refuse_tag(node, tag);
}

std::size_t depth_of(const Node& node) {
  if (node.is_scalar()) return 0;
  std::size_t deepest = 0;
  for (const Node& item : node.items) deepest = std::max(deepest, depth_of(item));
  for (const Entry& entry : node.entries) deepest = std::max(deepest, depth_of(entry.value));
  return deepest + 1;
}

void index_keys(Node& mapping) {
  if (mapping.entries.size() <= kSmallMapping) return;
  mapping.index.resize(mapping.entries.size());
  for (std::size_t i = 0; i < mapping.index.size(); ++i) mapping.index[i] = static_cast<std::uint32_t>(i);
  std::sort(mapping.index.begin(), mapping.index.end(), [&](std::uint32_t a, std::uint32_t b) {
    return mapping.entries[a].key.text < mapping.entries[b].key.text;
  });
}

}  // namespace

void Builder::OnDocumentStart(const YAML::Mark& mark) {
  // yaml-cpp begins a new document at whatever it cannot place, the lone ',' for one, and would do so for
  // ever.
  if (began_) {
    throw Problem("unexpected content after the document: a file holds one document", mark.line + 1,
                  mark.column + 1);
  }
  began_ = true;
}

void Builder::count(const Node& at, Size size) {
  size_.nodes += size.nodes;
  size_.bytes += size.bytes;
  if (size_.nodes > limits_.nodes) refuse(at, fmt::format("more than {} nodes", limits_.nodes));
  if (size_.bytes > limits_.bytes) {
    refuse(at, fmt::format("aliases make it larger than the limit of {} bytes", limits_.bytes));
  }
}

void Builder::keep(const Node& node, YAML::anchor_t anchor, Size size) {
  kept_.nodes += size.nodes;
  kept_.bytes += size.bytes;
  if (kept_.nodes > limits_.nodes || kept_.bytes > limits_.bytes) {
    refuse(node, fmt::format("anchors hold more than {} nodes or {} bytes", limits_.nodes, limits_.bytes));
  }
  anchored_[anchor] = Anchored{node, size, depth_of(node)};
}

void Builder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  Node node = node_at(mark, Kind::null);
  count(node, Size{1, 0});
  add(std::move(node), anchor, Size{1, 0});
}

void Builder::OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       const std::string& value) {
  Node node = node_at(mark, Kind::string);
  const Size size{1, value.size()};
  count(node, size);
  node.text = value;
  if (tag == "?") {
    resolve_plain(node);
  } else if (tag == "!") {
    node.quoted = true;
  } else {
    resolve_tagged(node, tag);
  }
  add(std::move(node), anchor, size);
}

void Builder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const Node place = node_at(mark, Kind::null);
  const auto found = anchored_.find(anchor);
  if (found == anchored_.end()) refuse(place, "an alias to a node that it is itself part of");
  count(place, found->second.size);
  if (open_.size() + found->second.depth > limits_.depth) {
    refuse(place, fmt::format("nested deeper than {} levels", limits_.depth));
  }
  // The copy keeps the lines of the place where its text stands.
  add(found->second.node, 0, found->second.size);
}

void Builder::OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                              YAML::EmitterStyle::value /*style*/) {
  Node node = node_at(mark, Kind::sequence);
  if (!limits_.list_tag.empty() && tag == limits_.list_tag) {
    node.tag = tag;
  } else {
    check_collection_tag(node, tag, "seq");
  }
  open(std::move(node), anchor);
}

void Builder::OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                         YAML::EmitterStyle::value /*style*/) {
  Node node = node_at(mark, Kind::mapping);
  check_collection_tag(node, tag, "map");
  open(std::move(node), anchor);
}

void Builder::open(Node node, YAML::anchor_t anchor) {
  if (open_.size() >= limits_.depth) refuse(node, fmt::format("nested deeper than {} levels", limits_.depth));
  if (!open_.empty() && open_.back().node.is_mapping() && !open_.back().has_key) {
    refuse(node, "a list or a mapping as a key");
  }
  const Size before = size_;
  count(node, Size{1, 0});
  open_.push_back(Open{std::move(node), anchor, before});
}

void Builder::close() {
  Open done = std::move(open_.back());
  open_.pop_back();
  index_keys(done.node);
  add(std::move(done.node), done.anchor,
      Size{size_.nodes - done.before.nodes, size_.bytes - done.before.bytes});
}

void Builder::add(Node node, YAML::anchor_t anchor, Size size) {
  if (anchor != 0) keep(node, anchor, size);
  if (open_.empty()) {
    root_ = std::move(node);
    return;
  }
  Open& parent = open_.back();
  if (parent.node.is_sequence()) {
    parent.node.items.push_back(std::move(node));
  } else if (parent.has_key) {
    parent.node.entries.push_back(Entry{std::move(parent.key), std::move(node)});
    parent.has_key = false;
  } else {
    if (!node.is_scalar()) refuse(node, "a list or a mapping as a key");
    if (!parent.keys.insert(node.text).second) refuse(node, fmt::format("duplicate key '{}'", node.text));
    parent.key = std::move(node);
    parent.has_key = true;
  }
}

}  // namespace exitgate::yaml
