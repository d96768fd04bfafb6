#include "harness/commands/shell_tree.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace exitgate::commands {

namespace {

using Node = std::unique_ptr<ShellNode>;

class TreeParser {
 public:
  explicit TreeParser(const std::vector<ShellToken>& tokens) {
    for (const auto& token : tokens) {
      if (!token.substituted) tokens_.push_back(&token);
    }
  }

  Node run() {
    Node root = list({});
    // What closes nothing is passed over.
    while (at_ < tokens_.size()) {
      ++at_;
      for (Node rest = list({}); auto& child : rest->children) {
        root->separators.push_back(Separator::end);
        add(*root, std::move(child));
      }
    }
    return root;
  }

 private:
  static constexpr int kDeepest = 200;

  static void add(ShellNode& parent, Node child) {
    child->parent = &parent;
    parent.children.push_back(std::move(child));
  }
  static Node make(ShellNode::Kind kind) {
    Node node = std::make_unique<ShellNode>();
    node->kind = kind;
    return node;
  }

  bool is(ShellToken::Kind kind) const { return at_ < tokens_.size() && tokens_[at_]->kind == kind; }
  bool is_keyword(std::string_view text) const {
    return is(ShellToken::keyword) && tokens_[at_]->text == text;
  }
  bool is_separator(Separator separator) const {
    return is(ShellToken::boundary) && tokens_[at_]->separator == separator;
  }
  bool take_keyword(std::string_view text) {
    if (!is_keyword(text)) return false;
    ++at_;
    return true;
  }
  void skip_ends() {
    while (is_separator(Separator::end)) ++at_;
  }
  // What ends a list, whichever list it is.
  bool at_end() const {
    if (at_ >= tokens_.size() || is(ShellToken::close) || is(ShellToken::pattern)) return true;
    for (const std::string_view word : {"then", "elif", "else", "fi", "do", "done", "}", "esac"}) {
      if (is_keyword(word)) return true;
    }
    return false;
  }

  Node list(std::initializer_list<std::string_view> opening) {
    for (const auto word : opening) take_keyword(word);
    Node node = make(ShellNode::list);
    ++depth_;
    while (true) {
      while (is(ShellToken::boundary)) ++at_;
      if (at_end() || depth_ > kDeepest) break;
      add(*node, and_or());
      node->separators.push_back(is_separator(Separator::background) ? Separator::background
                                                                     : Separator::end);
    }
    --depth_;
    return node;
  }

  Node and_or() {
    Node node = make(ShellNode::and_or);
    add(*node, pipeline());
    while (is_separator(Separator::and_then) || is_separator(Separator::or_else)) {
      node->separators.push_back(tokens_[at_++]->separator);
      skip_ends();
      if (at_end()) break;
      add(*node, pipeline());
    }
    return node;
  }

  Node pipeline() {
    Node node = make(ShellNode::pipeline);
    while (is_keyword("!") || is_keyword("time") || is_keyword("coproc")) {
      node->negated = node->negated || is_keyword("!");
      ++at_;
    }
    add(*node, one());
    while (is_separator(Separator::pipe)) {
      ++at_;
      skip_ends();
      if (at_end()) break;
      add(*node, one());
    }
    return node;
  }

  Node one() {
    if (is(ShellToken::open)) return enclosed(ShellNode::subshell);
    if (is_keyword("{")) return enclosed(ShellNode::group);
    if (is_keyword("if")) return branches();
    if (is_keyword("while") || is_keyword("until") || is_keyword("for") || is_keyword("select"))
      return loop();
    if (is_keyword("case")) return cases();
    if (is(ShellToken::function)) {
      ++at_;
      skip_ends();
      Node node = make(ShellNode::function);
      if (!at_end()) add(*node, one());
      return node;
    }
    Node node = make(ShellNode::assignment);
    while (is(ShellToken::assignment)) node->text += tokens_[at_++]->text + " ";
    if (is(ShellToken::command)) {
      node->kind = ShellNode::command;
      node->index = tokens_[at_++]->index;
    } else if (node->text.empty() && at_ < tokens_.size() && !is(ShellToken::boundary)) {
      ++at_;  // nothing that can stand here
    }
    return node;
  }

  Node enclosed(ShellNode::Kind kind) {
    ++at_;
    Node node = make(kind);
    add(*node, list({}));
    if (is(ShellToken::close) || is_keyword("}")) ++at_;
    return node;
  }

  Node branches() {
    Node node = make(ShellNode::branches);
    while (is_keyword("if") || is_keyword("elif")) {
      ++at_;
      add(*node, list({}));
      add(*node, list({"then"}));
    }
    if (take_keyword("else")) add(*node, list({}));
    take_keyword("fi");
    return node;
  }

  Node loop() {
    Node node = make(ShellNode::loop);
    const bool asks = is_keyword("while") || is_keyword("until");
    ++at_;
    if (asks) {
      add(*node, list({}));
    } else {
      skip_ends();
    }
    add(*node, list({"do"}));
    take_keyword("done");
    return node;
  }

  Node cases() {
    ++at_;
    Node node = make(ShellNode::group);
    while (true) {
      while (is(ShellToken::boundary)) ++at_;
      if (!is(ShellToken::pattern)) break;
      ++at_;
      add(*node, list({}));
    }
    take_keyword("esac");
    return node;
  }

  std::vector<const ShellToken*> tokens_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

}  // namespace

std::size_t ShellNode::place() const {
  const auto& all = parent->children;
  return static_cast<std::size_t>(
      std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.get() == this; }) - all.begin());
}

std::unique_ptr<ShellNode> shell_tree(const std::vector<ShellToken>& tokens) {
  return TreeParser(tokens).run();
}

}  // namespace exitgate::commands
