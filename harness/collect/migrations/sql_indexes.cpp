#include "harness/collect/migrations/sql_indexes.h"

#include <algorithm>
#include <cctype>
#include <initializer_list>

#include "harness/base/text.h"

namespace exitgate::collect {

namespace {

struct Token {
  std::string text;      // folded to lower case unless it was quoted
  bool is_name = false;  // a word, or a name in double quotes
  bool quoted = false;
};

bool begins_word(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' ||
         (static_cast<unsigned char>(c) & 0x80U) != 0;
}

bool in_word(char c) {
  return begins_word(c) || std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '$';
}

// Past white space and comments.
std::size_t skip_blank(std::string_view text, std::size_t at) {
  while (at < text.size()) {
    if (std::isspace(static_cast<unsigned char>(text[at])) != 0) {
      ++at;
    } else if (text.substr(at, 2) == "--") {
      at = std::min(text.find('\n', at), text.size());
    } else if (text.substr(at, 2) == "/*") {
      const std::size_t end = text.find("*/", at + 2);
      at = end == std::string_view::npos ? text.size() : end + 2;
    } else {
      break;
    }
  }
  return at;
}

std::vector<Token> tokens_of(std::string_view text) {
  std::vector<Token> tokens;
  for (std::size_t at = skip_blank(text, 0); at < text.size(); at = skip_blank(text, at)) {
    std::size_t end = at + 1;
    if (begins_word(text[at])) {
      while (end < text.size() && in_word(text[end])) ++end;
      tokens.push_back({lower(text.substr(at, end - at)), true});
    } else if (text[at] == '"' && text.find('"', end) != std::string_view::npos) {
      end = text.find('"', end);
      tokens.push_back({std::string(text.substr(at + 1, end - at - 1)), true, true});
      ++end;
    } else {
      if (std::isdigit(static_cast<unsigned char>(text[at])) != 0)
        while (end < text.size() && in_word(text[end])) ++end;
      tokens.push_back({std::string(text.substr(at, end - at))});
    }
    at = end;
  }
  return tokens;
}

class Scanner {
 public:
  explicit Scanner(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  std::vector<Statement> read() {
    std::vector<Statement> found;
    while (at_ < tokens_.size()) {
      const std::size_t start = at_;
      if (take({"create"})) {
        create(found);
      } else if (take({"alter", "index"})) {
        rename(found);
      } else if (take({"alter", "table"})) {
        add_unique(found);
      }
      at_ = std::max(at_, start + 1);
    }
    return found;
  }

 private:
  bool is(std::size_t at, std::string_view word) const {
    return at < tokens_.size() && !tokens_[at].quoted && tokens_[at].text == word;
  }
  // These words, if they stand here.
  bool take(std::initializer_list<std::string_view> words) {
    std::size_t at = at_;
    for (const auto word : words) {
      if (!is(at++, word)) return false;
    }
    at_ = at;
    return true;
  }
  // A name, without the schema before it; "" where there is none.
  std::string name() {
    std::string last;
    while (at_ < tokens_.size() && tokens_[at_].is_name) {
      last = tokens_[at_++].text;
      if (!take({"."})) break;
    }
    return last;
  }

  void create(std::vector<Statement>& found) {
    const bool unique = take({"unique"});
    if (!take({"index"})) return;
    take({"concurrently"});
    take({"if", "not", "exists"});
    std::string index = is(at_, "on") ? "" : name();
    if (!take({"on"})) return;
    take({"only"});
    const std::string table = name();
    if (take({"using"})) name();
    if (table.empty() || !is(at_, "(")) return;
    if (index.empty()) index = default_name(table);
    std::string definition = table;
    for (; at_ < tokens_.size() && !is(at_, ";"); ++at_) definition += ' ' + tokens_[at_].text;
    found.push_back(created_index(std::move(index), unique, std::move(definition)));
  }

  void rename(std::vector<Statement>& found) {
    take({"if", "exists"});
    std::string from = name();
    if (!take({"rename", "to"})) return;
    std::string to = name();
    if (!from.empty() && !to.empty()) found.push_back(renamed_index(std::move(from), std::move(to)));
  }

  // ALTER TABLE … ADD CONSTRAINT … UNIQUE (…)
  void add_unique(std::vector<Statement>& found) {
    take({"if", "exists"});
    take({"only"});
    const std::string table = name();
    for (; at_ < tokens_.size() && !is(at_, ";"); ++at_) {
      if (!take({"add"})) continue;
      std::string constraint = take({"constraint"}) ? name() : "";
      if (!take({"unique"}) || !is(at_, "(")) continue;
      std::string definition = table;
      for (; at_ < tokens_.size(); ++at_) {
        definition += ' ' + tokens_[at_].text;
        if (is(at_, ")")) break;
      }
      found.push_back(created_index(std::move(constraint), true, std::move(definition)));
    }
  }

  // "orders_note_idx"; an expression is named by its function, or "expr".
  std::string default_name(const std::string& table) const {
    std::string made = table;
    int depth = 0;
    bool begins = false;
    for (std::size_t at = at_; at < tokens_.size() && !is(at, ";"); ++at) {
      if (is(at, "(")) {
        if (begins) made += "_expr";
        begins = ++depth == 1;
        continue;
      }
      if (is(at, ")") && --depth == 0) break;
      if (begins) made += '_' + tokens_[at].text;
      begins = depth == 1 && is(at, ",");
    }
    return made + "_idx";
  }

  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

}  // namespace

std::vector<Statement> index_changes(std::string_view sql) {
  const std::string text = lower(sql);
  if (text.find("index") == std::string::npos && text.find("unique") == std::string::npos) return {};
  return Scanner(tokens_of(sql)).read();
}

Statement created_index(std::string name, bool unique, std::string definition) {
  Statement statement;
  statement.kind = unique ? kCreateUniqueIndex : kCreateIndex;
  statement.object = std::move(name);
  statement.text = std::move(definition);
  return statement;
}

Statement renamed_index(std::string from, std::string to) {
  Statement statement;
  statement.kind = kRenameIndex;
  statement.object = std::move(to);
  statement.columns = {std::move(from)};
  return statement;
}

Statement dropped_index(std::string name) {
  Statement statement;
  statement.kind = kDropUniqueIndex;
  statement.object = std::move(name);
  return statement;
}

}  // namespace exitgate::collect
