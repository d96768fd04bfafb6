#include "harness/authored/tree_builder.h"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "harness/yaml/document.h"

namespace exitgate::authored {

namespace {

using yaml::Kind;
using yaml::Node;
using yaml::Place;
using yaml::Properties;

Place place_of(const YAML::Mark& mark) {
  return {mark.line + 1, mark.column + 1};
}

// What yaml-cpp says of scalars and collections without a tag of their own.
constexpr std::string_view kPlain = "?";
constexpr std::string_view kQuoted = "!";

class TreeBuilder : public YAML::EventHandler {
 public:
  explicit TreeBuilder(const yaml::Limits& limits) : document_(limits) {}

  Node take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (started_) throw yaml::Problem("a second document", place_of(mark).line, place_of(mark).column);
    started_ = true;
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(document_.nothing(place_of(mark), properties(mark, "", anchor)));
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    add(document_.alias(place_of(mark), std::to_string(anchor)));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    const bool plain = tag == kPlain;
    const bool quoted = tag == kQuoted;
    add(document_.scalar(place_of(mark), value, !quoted,
                         properties(mark, plain || quoted ? "" : tag, anchor)));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    begin(Kind::sequence, mark, tag, anchor);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    begin(Kind::mapping, mark, tag, anchor);
  }
  void OnMapEnd() override { end(); }

 private:
  struct Open {
    Node node;
    Properties properties;
    yaml::Keys keys;
    std::optional<Node> key = std::nullopt;  // of a mapping: the key whose value comes next
  };

  // An anchor's name is not needed: yaml-cpp has said by number which one an alias means.
  static Properties properties(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    return {anchor == 0 ? "" : std::to_string(anchor), tag, place_of(mark), place_of(mark)};
  }

  void begin(Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    const auto said = properties(mark, tag == kPlain ? "" : tag, anchor);
    document_.open_anchor(said);
    open_.push_back(
        {document_.begin_collection(kind, place_of(mark), said), said, yaml::Keys(document_.limits())});
  }

  void end() {
    Open ended = std::move(open_.back());
    open_.pop_back();
    add(document_.finish_collection(std::move(ended.node), ended.properties));
  }

  void add(Node node) {
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.is_sequence()) {
      parent.node.items.push_back(std::move(node));
    } else if (parent.key) {
      parent.node.entries.push_back({std::move(*parent.key), std::move(node)});
      parent.key.reset();
    } else {
      if (!node.is_scalar()) throw yaml::Problem("a list or a mapping as a key", node.line, node.column);
      parent.keys.add(node, parent.node);
      parent.key = std::move(node);
    }
  }

  yaml::Document document_;
  std::vector<Open> open_;
  bool started_ = false;
  Node root_;
};

}  // namespace

Node read_with_yaml_cpp(std::string_view text, const yaml::Limits& limits) {
  std::istringstream in{std::string(text)};
  TreeBuilder builder(limits);
  try {
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YAML::Exception& error) {
    const Place place = error.mark.is_null() ? Place{} : place_of(error.mark);
    throw yaml::Problem(error.msg, place.line, place.column);
  }
  return builder.take();
}

}  // namespace exitgate::authored
