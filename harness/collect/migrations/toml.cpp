#include "harness/collect/migrations/toml.h"

#include "harness/base/text.h"

namespace exitgate::collect {

namespace {

class Reader {
 public:
  Reader(std::string_view text, std::string_view wanted) : text_(text), wanted_(wanted) {}

  std::optional<TomlTable> read() {
    bool inside = false;
    while (skip_blank()) {
      if (text_[at_] == '[') {
        const bool many = text_.substr(at_, 2) == "[[";
        const std::string_view header = line();
        inside = !many && name_of(header) == wanted_;
        if (inside && !found_) {
          found_.emplace();
          found_->line = line_;
        }
        skip_line();
        continue;
      }
      const std::size_t equals = line().find('=');
      if (equals == std::string_view::npos) {
        skip_line();
        continue;
      }
      std::string key(trim(line().substr(0, equals)));
      if (key.size() >= 2 && (key.front() == '"' || key.front() == '\'')) key = key.substr(1, key.size() - 2);
      at_ += equals + 1;
      value(inside ? &key : nullptr);
    }
    return std::move(found_);
  }

 private:
  std::string_view line() const { return text_.substr(at_, text_.find('\n', at_) - at_); }
  void step() {
    if (text_[at_] == '\n') ++line_;
    ++at_;
  }
  void skip_line() {
    while (at_ < text_.size() && text_[at_] != '\n') ++at_;
  }
  // Past white space, newlines and comments; false at the end.
  bool skip_blank() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '#') {
        skip_line();
      } else if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        step();
      } else {
        return true;
      }
    }
    return false;
  }

  // "[ tool . alembic ]  # why" → "tool.alembic"
  static std::string name_of(std::string_view header) {
    const std::size_t end = header.find(']');
    std::string name;
    for (const char c : header.substr(1, end == std::string_view::npos ? end : end - 1)) {
      if (c != ' ' && c != '\t' && c != '"' && c != '\'') name += c;
    }
    return name;
  }

  // A string of any of the four forms; nullopt when it has escapes that are more than a quote or a backslash.
  std::optional<std::string> string() {
    const char quote = text_[at_];
    const std::string_view three = quote == '"' ? "\"\"\"" : "'''";
    const bool multiline = text_.substr(at_, 3) == three;
    at_ += multiline ? 3 : 1;
    std::string content;
    bool plain = true;
    while (at_ < text_.size()) {
      if (multiline ? text_.substr(at_, 3) == three : text_[at_] == quote) {
        at_ += multiline ? 3 : 1;
        return plain ? std::optional(content) : std::nullopt;
      }
      if (!multiline && text_[at_] == '\n') break;
      if (quote == '"' && text_[at_] == '\\' && at_ + 1 < text_.size()) {
        step();
        plain = plain && (text_[at_] == '\\' || text_[at_] == '"');
      }
      content += text_[at_];
      step();
    }
    return std::nullopt;
  }

  void value(const std::string* key) {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
    if (at_ >= text_.size()) return;
    const char c = text_[at_];
    if (c == '"' || c == '\'') {
      const auto text = string();
      if (key != nullptr && text) found_->strings[*key] = *text;
    } else if (c == '[' || c == '{') {
      std::vector<std::string> items;
      int depth = 0;
      do {
        if (!skip_blank()) return;
        const char next = text_[at_];
        if (next == '"' || next == '\'') {
          const auto text = string();
          if (text && depth == 1) items.push_back(*text);
          continue;
        }
        if (next == '[' || next == '{') ++depth;
        if (next == ']' || next == '}') --depth;
        step();
      } while (depth > 0);
      if (key != nullptr && c == '[') found_->lists[*key] = std::move(items);
    } else if (key != nullptr) {
      const std::string_view word = trim(line().substr(0, line().find('#')));
      if (word == "true" || word == "false") found_->booleans[*key] = word == "true";
    }
    skip_line();
  }

  std::string_view text_;
  std::string_view wanted_;
  std::size_t at_ = 0;
  int line_ = 1;
  std::optional<TomlTable> found_;
};

}  // namespace

std::optional<TomlTable> toml_table(std::string_view text, std::string_view name) {
  return Reader(text, name).read();
}

}  // namespace exitgate::collect
