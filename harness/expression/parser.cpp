#include <fmt/core.h>

#include <algorithm>
#include <limits>

#include "harness/base/text.h"
#include "harness/expression/syntax.h"

namespace exitgate::expression {

namespace {

constexpr std::size_t kMaxDepth = 50;  // GitHub's own limits
constexpr std::size_t kMaxLength = 21000;
constexpr int kMaxGroups = 400;  // of parentheses: ours, GitHub's parser has no stack to exhaust

constexpr std::size_t kAny = std::numeric_limits<std::size_t>::max();

struct Function {
  std::string_view name;
  std::size_t least;
  std::size_t most;
  bool status;
};

constexpr Function kFunctions[] = {
    {"contains", 2, 2, false},  {"endswith", 2, 2, false},   {"format", 1, kAny, false},
    {"join", 1, 2, false},      {"startswith", 2, 2, false}, {"tojson", 1, 1, false},
    {"fromjson", 1, 1, false},  {"case", 3, kAny, false},    {"hashfiles", 1, kAny, true},
    {"success", 0, kAny, true}, {"failure", 0, kAny, true},  {"always", 0, 0, true},
    {"cancelled", 0, 0, true},
};

[[noreturn]] void fail_depth() {
  throw SyntaxError(fmt::format("Exceeded max expression depth {}", kMaxDepth));
}

class Parser {
 public:
  Parser(std::string_view text, const Syntax& syntax)
      : text_(text), syntax_(syntax), tokens_(tokenize(text)) {}

  Node read() {
    if (peek().kind == TokenKind::end) return {};
    Node root = disjunction();
    if (peek().kind != TokenKind::end) unexpected();
    if (depth(root) > kMaxDepth) fail_depth();
    return root;
  }

 private:
  const Token& peek() const { return tokens_[at_]; }
  bool is(TokenKind kind) const { return peek().kind == kind; }
  bool is_operation(std::string_view text) const { return is(TokenKind::operation) && peek().text == text; }
  const Token& next() { return tokens_[at_++]; }

  [[noreturn]] void unexpected() const {
    if (!is(TokenKind::end))
      throw SyntaxError(located("Unexpected symbol", peek().text, peek().offset, text_));
    const Token& last = tokens_[at_ - 1];
    throw SyntaxError(located("Unexpected end of expression", last.text, last.offset, text_));
  }

  void expect(TokenKind kind) {
    if (!is(kind)) unexpected();
    ++at_;
  }

  static std::size_t depth(const Node& node) {
    std::size_t deepest = 0;
    for (const Node& child : node.children) deepest = std::max(deepest, depth(child));
    return deepest + 1;
  }

  template <typename Operand>
  Node chain(NodeKind kind, std::string_view operation, Operand operand) {
    Node first = (this->*operand)();
    if (!is_operation(operation)) return first;
    Node node{kind, {}, "", {}};
    node.children.push_back(std::move(first));
    while (is_operation(operation)) {
      ++at_;
      node.children.push_back((this->*operand)());
    }
    return node;
  }

  Node disjunction() { return chain(NodeKind::disjunction, "||", &Parser::conjunction); }
  Node conjunction() { return chain(NodeKind::conjunction, "&&", &Parser::equality); }

  template <typename Operand>
  Node comparisons(std::initializer_list<std::string_view> operations, Operand operand) {
    Node left = (this->*operand)();
    for (std::size_t count = 0; is(TokenKind::operation) && std::find(operations.begin(), operations.end(),
                                                                      peek().text) != operations.end();
         ++count) {
      if (count > kMaxDepth) fail_depth();
      Node node{NodeKind::comparison, {}, next().text, {}};
      node.children.push_back(std::move(left));
      node.children.push_back((this->*operand)());
      left = std::move(node);
    }
    return left;
  }

  Node equality() { return comparisons({"==", "!="}, &Parser::relation); }
  Node relation() { return comparisons({"<", "<=", ">", ">="}, &Parser::negation); }

  Node negation() {
    std::size_t count = 0;
    while (is_operation("!")) {
      if (++count > kMaxDepth) fail_depth();
      ++at_;
    }
    Node node = postfix();
    for (; count > 0; --count) {
      Node outer{NodeKind::negation, {}, "", {}};
      outer.children.push_back(std::move(node));
      node = std::move(outer);
    }
    return node;
  }

  Node postfix() {
    Node node = primary();
    // A literal is not asked for its members.
    const bool may_be_indexed = node.kind != NodeKind::literal || tokens_[at_ - 1].kind == TokenKind::close;
    for (std::size_t count = 0; may_be_indexed && (is(TokenKind::dot) || is(TokenKind::open_index));
         ++count) {
      if (count > kMaxDepth) fail_depth();
      const bool dot = next().kind == TokenKind::dot;
      Node outer{NodeKind::index, {}, "", {}};
      outer.children.push_back(std::move(node));
      if (is(TokenKind::star)) {
        ++at_;
        outer.kind = NodeKind::star;
      } else if (!dot) {
        outer.children.push_back(disjunction());
      } else if (is(TokenKind::property)) {
        outer.children.push_back(Node{NodeKind::literal, Value(next().text), "", {}});
      } else {
        unexpected();
      }
      if (!dot) expect(TokenKind::close_index);
      node = std::move(outer);
    }
    return node;
  }

  Node primary() {
    switch (peek().kind) {
      case TokenKind::literal:
        return Node{NodeKind::literal, next().value, "", {}};
      case TokenKind::name:
        return name();
      case TokenKind::function:
        return call();
      case TokenKind::open_group: {
        if (++groups_ > kMaxGroups) fail_depth();
        ++at_;
        Node node = disjunction();
        expect(TokenKind::close);
        --groups_;
        return node;
      }
      default:
        unexpected();
    }
  }

  Node name() {
    const Token& token = next();
    std::string name = lower(token.text);
    const auto& known = syntax_.names;
    if (!known.empty() && std::find(known.begin(), known.end(), name) == known.end()) {
      throw SyntaxError(located("Unrecognized named-value", token.text, token.offset, text_));
    }
    return Node{NodeKind::name, {}, std::move(name), {}};
  }

  Node call() {
    const Token token = next();
    const std::string name = lower(token.text);
    const auto* const function = std::find_if(std::begin(kFunctions), std::end(kFunctions),
                                              [&](const Function& one) { return one.name == name; });
    if (function == std::end(kFunctions) || (function->status && !syntax_.status_functions)) {
      throw SyntaxError(located("Unrecognized function", token.text, token.offset, text_));
    }
    if (++groups_ > kMaxGroups) fail_depth();
    expect(TokenKind::open_call);
    Node node{NodeKind::call, {}, name, {}};
    if (!is(TokenKind::close)) {
      node.children.push_back(disjunction());
      while (is(TokenKind::separator)) {
        ++at_;
        node.children.push_back(disjunction());
      }
    }
    expect(TokenKind::close);
    --groups_;
    const std::size_t count = node.children.size();
    const auto fail = [&](std::string_view what) {
      throw SyntaxError(located(what, token.text, token.offset, text_));
    };
    if (count < function->least) fail("Too few parameters supplied");
    if (count > function->most) fail("Too many parameters supplied");
    if (name == "case" && count % 2 == 0) {
      fail("Even number of parameters supplied, requires an odd number of parameters");
    }
    return node;
  }

  std::string_view text_;
  const Syntax& syntax_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
  int groups_ = 0;
};

}  // namespace

Node parse(std::string_view expression, const Syntax& syntax) {
  if (expression.size() > kMaxLength) {
    throw SyntaxError(fmt::format("Exceeded max expression length {}", kMaxLength));
  }
  return Parser(expression, syntax).read();
}

bool calls_status(const Node& node) {
  if (node.kind == NodeKind::call && (node.text == "success" || node.text == "failure" ||
                                      node.text == "always" || node.text == "cancelled")) {
    return true;
  }
  return std::any_of(node.children.begin(), node.children.end(), calls_status);
}

bool names_context(const Node& node, std::string_view context) {
  if (node.kind == NodeKind::name && node.text == context) return true;
  return std::any_of(node.children.begin(), node.children.end(),
                     [&](const Node& child) { return names_context(child, context); });
}

}  // namespace exitgate::expression
