// JSON with the line of every value, which no parser at hand gives, and with comments where they are allowed.
#include <fmt/core.h>

#include <set>

#include "harness/documents/document.h"

namespace exitgate::documents {

namespace {

constexpr int kDepth = 200;

class Reader {
 public:
  Reader(std::string_view text, bool with_comments) : text_(text), comments_(with_comments) {}

  Node document() {
    skip();
    Node node = value(0);
    skip();
    if (at_ < text_.size()) fail("more text behind the value");
    return node;
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { throw DocumentError(what, line_); }

  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }

  void skip() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\n') ++line_;
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        ++at_;
      } else if (comments_ && c == '/') {
        comment();
      } else {
        return;
      }
    }
  }

  void comment() {
    if (text_.substr(at_, 2) == "//") {
      at_ = std::min(text_.find('\n', at_), text_.size());
      return;
    }
    if (text_.substr(at_, 2) != "/*") fail("'/' is not JSON");
    const std::size_t end = text_.find("*/", at_ + 2);
    if (end == std::string_view::npos) fail("a comment that is not closed");
    for (; at_ < end + 2; ++at_) line_ += text_[at_] == '\n' ? 1 : 0;
  }

  Node value(int depth) {
    if (depth > kDepth) fail(fmt::format("nested more than {} deep", kDepth));
    Node node;
    node.line = line_;
    switch (peek()) {
      case '{':
        object(node, depth);
        return node;
      case '[':
        array(node, depth);
        return node;
      case '"':
        node.type = Type::string;
        node.text = string();
        return node;
      default:
        scalar(node);
        return node;
    }
  }

  void object(Node& node, int depth) {
    node.type = Type::object;
    ++at_;
    std::set<std::string> keys;
    for (skip(); peek() != '}'; skip()) {
      if (peek() != '"') fail("a key in quotes was expected");
      auto key = string();
      if (!keys.insert(key).second) fail(fmt::format("the key '{}' is there twice", key));
      skip();
      if (peek() != ':') fail("':' was expected");
      ++at_;
      skip();
      auto member = value(depth + 1);
      node.members.push_back({std::move(key), std::move(member)});
      skip();
      if (!comma('}')) break;
    }
    ++at_;
  }

  void array(Node& node, int depth) {
    node.type = Type::array;
    ++at_;
    for (skip(); peek() != ']'; skip()) {
      node.items.push_back(value(depth + 1));
      skip();
      if (!comma(']')) break;
    }
    ++at_;
  }

  // True behind a comma, false at the end.
  bool comma(char end) {
    if (peek() == end) return false;
    if (peek() != ',') fail(fmt::format("',' or '{}' was expected", end));
    ++at_;
    skip();
    if (peek() == end && !comments_) fail("a comma behind the last item");
    return true;
  }

  std::string string() {
    const std::size_t start = at_++;
    while (true) {
      if (at_ >= text_.size() || text_[at_] == '\n') fail("a string that is not closed");
      if (text_[at_] == '"') break;
      at_ += text_[at_] == '\\' ? 2 : 1;
    }
    ++at_;
    const auto read = Json::try_parse(text_.substr(start, at_ - start));
    if (!read) fail("a string with an escape or a character that JSON does not have");
    return read->text();
  }

  void scalar(Node& node) {
    const std::size_t start = at_;
    while (at_ < text_.size() &&
           std::string_view(" \t\r\n,]}:{[\"/").find(text_[at_]) == std::string_view::npos)
      ++at_;
    const auto word = text_.substr(start, at_ - start);
    const auto read = Json::try_parse(word);
    if (word.empty() || !read || read->is_structured() || read->is_string())
      fail(word.empty() ? "a value was expected"
                        : fmt::format("'{}' is not a JSON value", word.substr(0, 40)));
    node.text = word;
    node.type = read->is_null() ? Type::null : read->is_boolean() ? Type::boolean : Type::number;
  }

  std::string_view text_;
  bool comments_;
  std::size_t at_ = 0;
  int line_ = 1;
};

}  // namespace

Node read_json(std::string_view text, bool with_comments) {
  return Reader(text, with_comments).document();
}

}  // namespace exitgate::documents
