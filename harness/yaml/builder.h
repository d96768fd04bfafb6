// From yaml-cpp's events to our tree.
#pragma once

#include <yaml-cpp/eventhandler.h>

#include <cstddef>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "harness/yaml/yaml.h"

namespace exitgate::yaml {

// Takes the events of one document and throws Problem at the first thing that is refused.
class Builder : public YAML::EventHandler {
 public:
  explicit Builder(const Limits& limits) : limits_(limits) {}

  Node take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override { close(); }

 private:
  struct Size {
    std::size_t nodes = 0;
    std::size_t bytes = 0;  // of scalars
  };
  // A collection that is being read.
  struct Open {
    Node node;
    YAML::anchor_t anchor = 0;
    Size before = {};  // read before it began
    Node key = {};     // of the entry whose value comes next
    bool has_key = false;
    std::unordered_set<std::string> keys = {};  // of a mapping
  };
  struct Anchored {
    Node node;
    Size size = {};         // of the whole of it
    std::size_t depth = 0;  // of collections in it
  };

  void count(const Node& at, Size size);
  void keep(const Node& node, YAML::anchor_t anchor, Size size);
  void open(Node node, YAML::anchor_t anchor);
  void close();
  void add(Node node, YAML::anchor_t anchor, Size size);

  Limits limits_;
  bool began_ = false;
  Node root_;
  Size size_;  // of the document so far, aliases expanded
  Size kept_;  // of the copies kept for aliases to come: anchors within anchors are kept more than once
  std::vector<Open> open_;
  std::unordered_map<YAML::anchor_t, Anchored> anchored_;
};

}  // namespace exitgate::yaml
