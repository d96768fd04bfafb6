#include "harness/yaml/document.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "harness/base/text.h"
#include "harness/yaml/scalar.h"

namespace exitgate::yaml {

namespace {

// Below this a look-up that compares every key is the faster one.
constexpr std::size_t kSmallMapping = 12;

[[noreturn]] void fail(const Place& at, const std::string& message) {
  Cursor::fail(at, message);
}

Place place_of(const Node& node) {
  return Place{node.line, node.column};
}

[[noreturn]] void fail_tag(const Properties& properties) {
  const std::string_view tag = properties.tag;
  if (tag.starts_with(kCorePrefix)) {
    fail(properties.tag_place, fmt::format("unknown tag '!!{}'", tag.substr(kCorePrefix.size())));
  }
  fail(properties.tag_place, fmt::format("unknown tag '{}'", tag));
}

// What an explicit tag of the core schema makes of a scalar.
void resolve_tagged(Node& node, const Properties& properties) {
  const std::string_view tag = properties.tag;
  if (tag == "!") {
    node.kind = Kind::string;
    return;
  }
  if (!tag.starts_with(kCorePrefix)) fail_tag(properties);
  const std::string_view name = tag.substr(kCorePrefix.size());
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
    fits = read_real(node.text, node) || read_integer(node.text, node);
    node.kind = Kind::real;
  } else {
    fail_tag(properties);
  }
  if (!fits) {
    fail(properties.tag_place, fmt::format("'{}' is not a value of the tag '!!{}'", node.text, name));
  }
}

void check_collection_tag(Node& node, const Properties& properties, std::string_view list_tag) {
  const std::string_view tag = properties.tag;
  if (tag.empty() || tag == "!") return;
  if (node.is_sequence() && !list_tag.empty() && tag == list_tag) {
    node.tag = tag;
    return;
  }
  const std::string_view own = node.is_sequence() ? "seq" : "map";
  if (tag.starts_with(kCorePrefix) && tag.substr(kCorePrefix.size()) == own) return;
  fail_tag(properties);
}

struct Extent {
  std::size_t nodes = 0;
  std::size_t bytes = 0;
  std::size_t depth = 0;
};

Extent extent_of(const Node& node) {
  Extent extent{1, node.text.size(), 0};
  const auto take = [&](const Extent& part) {
    extent.nodes += part.nodes;
    extent.bytes += part.bytes;
    extent.depth = std::max(extent.depth, part.depth);
  };
  for (const Node& item : node.items) take(extent_of(item));
  for (const Entry& entry : node.entries) {
    take(extent_of(entry.key));
    take(extent_of(entry.value));
  }
  if (!node.is_scalar()) ++extent.depth;
  return extent;
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

void Keys::add(const Node& key, const Node& mapping) {
  if (allow_twice_) return;
  const auto form = [&](const Node& one) { return ignore_case_ ? lower(one.text) : one.text; };
  bool twice = false;
  if (mapping.entries.size() < kSmallMapping) {
    twice = std::any_of(mapping.entries.begin(), mapping.entries.end(), [&](const Entry& entry) {
      return entry.key.text.size() == key.text.size() &&
             (entry.key.text == key.text || (ignore_case_ && lower(entry.key.text) == lower(key.text)));
    });
  } else {
    if (seen_.empty()) {
      for (const Entry& entry : mapping.entries) seen_.insert(form(entry.key));
    }
    twice = !seen_.insert(form(key)).second;
  }
  if (!twice) return;
  const bool same = std::any_of(mapping.entries.begin(), mapping.entries.end(),
                                [&](const Entry& entry) { return entry.key.text == key.text; });
  fail(place_of(key), fmt::format("duplicate key '{}'{}", key.text,
                                  same ? "" : " (keys that differ by case alone are one key)"));
}

void Document::count(const Place& place, Size size) {
  size_.nodes += size.nodes;
  size_.bytes += size.bytes;
  if (size_.nodes > limits_.nodes) fail(place, fmt::format("more than {} nodes", limits_.nodes));
  if (size_.bytes > limits_.bytes) {
    fail(place, fmt::format("aliases make it larger than the limit of {} bytes", limits_.bytes));
  }
}

void Document::open_anchor(const Properties& properties) {
  if (!properties.anchor.empty()) anchored_[properties.anchor] = Anchored{};
}

void Document::keep(const Node& node, const Properties& properties) {
  if (properties.anchor.empty()) return;
  const Extent extent = extent_of(node);
  kept_.nodes += extent.nodes;
  kept_.bytes += extent.bytes;
  if (kept_.nodes > limits_.nodes || kept_.bytes > limits_.bytes) {
    fail(properties.place,
         fmt::format("anchors hold more than {} nodes or {} bytes", limits_.nodes, limits_.bytes));
  }
  anchored_[properties.anchor] = Anchored{false, node, Size{extent.nodes, extent.bytes}, extent.depth};
}

Node Document::begin(Kind kind, const Place& place) {
  count(place, Size{1, 0});
  Node node;
  node.kind = kind;
  node.line = place.line;
  node.column = place.column;
  return node;
}

Node Document::begin_collection(Kind kind, const Place& place, const Properties& properties) {
  if (depth_ >= limits_.depth) fail(place, fmt::format("nested deeper than {} levels", limits_.depth));
  ++depth_;
  Node node = begin(kind, place);
  check_collection_tag(node, properties, limits_.list_tag);
  return node;
}

Node Document::finish_collection(Node node, const Properties& properties) {
  --depth_;
  index_keys(node);
  keep(node, properties);
  return node;
}

Node Document::scalar(const Place& place, std::string text, bool plain, const Properties& properties) {
  count(place, Size{0, text.size()});
  Node node = begin(Kind::string, place);
  node.text = std::move(text);
  node.quoted = !plain;
  if (!properties.tag.empty()) {
    resolve_tagged(node, properties);
  } else if (plain) {
    resolve_plain(node);
    if (node.is_null()) node.text.clear();
  }
  keep(node, properties);
  return node;
}

Node Document::nothing(const Place& place, const Properties& properties) {
  return scalar(place, "", true, properties);
}

Node Document::alias(const Place& place, const std::string& name) {
  const auto found = anchored_.find(name);
  if (found == anchored_.end()) fail(place, fmt::format("an alias to '{}', which no anchor names", name));
  if (found->second.open) fail(place, "an alias to a node that it is itself part of");
  count(place, found->second.size);
  if (depth_ + found->second.depth > limits_.depth) {
    fail(place, fmt::format("nested deeper than {} levels", limits_.depth));
  }
  // The copy keeps the lines of the place where its text stands.
  return found->second.node;
}

}  // namespace exitgate::yaml
