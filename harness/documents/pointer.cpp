#include "harness/documents/pointer.h"

#include <fmt/core.h>

#include <stdexcept>

#include "harness/base/text.h"

namespace exitgate::documents {

namespace {

std::string unescaped(std::string_view token) {
  std::string key;
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] != '~') {
      key += token[i];
      continue;
    }
    const char next = ++i < token.size() ? token[i] : '\0';
    if (next < '0' || next > '2')
      throw std::invalid_argument("'~' must be written ~0, '/' in a key ~1, and '*' as a key ~2");
    key += next == '0' ? '~' : next == '1' ? '/' : '*';
  }
  return key;
}

class Selection {
 public:
  explicit Selection(const Pointer& pointer) : pointer_(pointer) {}

  void walk(const Node& node, std::size_t index, const Found& so_far) {
    if (index == pointer_.tokens().size()) {
      Found found = so_far;
      found.node = &node;
      found.line = node.line;
      all_.push_back(std::move(found));
      return;
    }
    const auto& token = pointer_.tokens()[index];
    if (token.any) {
      if (node.type != Type::object && node.type != Type::array) return absent(index, so_far, node);
      for (const auto& [key, value] : node.members) walk(value, index + 1, next(so_far, key, value));
      for (std::size_t i = 0; i < node.items.size(); ++i)
        walk(node.items[i], index + 1, next(so_far, std::to_string(i), node.items[i]));
      return;
    }
    if (const Node* value = child(node, token.key)) {
      walk(*value, index + 1, next(so_far, token.key, *value));
    } else {
      absent(index, so_far, node);
    }
  }

  std::vector<Found> take() { return std::move(all_); }

 private:
  static const Node* child(const Node& node, const std::string& key) {
    if (node.type == Type::object) return node.find(key);
    if (node.type != Type::array || key.empty() || key.size() > 9) return nullptr;
    if (key.find_first_not_of("0123456789") != std::string::npos || (key.size() > 1 && key[0] == '0'))
      return nullptr;
    const auto number = std::stoul(key);
    return number < node.items.size() ? &node.items[number] : nullptr;
  }

  static Found next(const Found& so_far, const std::string& key, const Node& value) {
    Found found = so_far;
    found.path += "/" + escaped(key);
    found.keys.push_back(key);
    found.line = value.line;
    return found;
  }

  void absent(std::size_t index, const Found& so_far, const Node& in) {
    Found found = so_far;
    for (; index < pointer_.tokens().size(); ++index) {
      const auto& token = pointer_.tokens()[index];
      found.path += "/" + (token.any ? std::string("*") : escaped(token.key));
      found.keys.push_back(token.any ? "*" : token.key);
    }
    found.line = in.line;
    all_.push_back(std::move(found));
  }

  const Pointer& pointer_;
  std::vector<Found> all_;
};

}  // namespace

std::string escaped(std::string_view key) {
  if (key == "*") return "~2";
  std::string text;
  for (const char c : key) text += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
  return text;
}

Pointer::Pointer(std::string_view text) : text_(text) {
  if (text.empty()) return;
  if (text.front() != '/') throw std::invalid_argument("a JSON Pointer begins with '/'");
  for (const auto& token : split(text.substr(1), '/')) {
    if (token == "*") {
      tokens_.push_back({"", true});
    } else {
      tokens_.push_back({unescaped(token), false});
    }
  }
}

std::vector<Found> select(const Node& root, const Pointer& pointer) {
  Selection selection(pointer);
  Found start;
  start.line = root.line;
  selection.walk(root, 0, start);
  return selection.take();
}

Pointer bound_to(const Pointer& pointer, const Pointer& other, const Found& found) {
  std::string text;
  bool same = true;
  for (std::size_t i = 0; i < pointer.tokens().size(); ++i) {
    const auto& token = pointer.tokens()[i];
    const bool has = i < other.tokens().size() && i < found.keys.size();
    same = same && has && token.any == other.tokens()[i].any && token.key == other.tokens()[i].key;
    text += "/" + (!token.any                     ? escaped(token.key)
                   : same && found.keys[i] != "*" ? escaped(found.keys[i])
                                                  : "*");
  }
  return Pointer(text);
}

}  // namespace exitgate::documents
