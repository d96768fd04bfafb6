#include "harness/facts/generate/declaration.h"

#include <algorithm>
#include <utility>

namespace exitgate::facts::generate {

namespace {

std::string upper(std::string text) {
  for (char& c : text) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return text;
}

bool is_name(const std::string& text) {
  return !text.empty() && text[0] >= 'a' && text[0] <= 'z' &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

bool is_number(const std::string& text) {
  const std::size_t from = text.starts_with('-') ? 1 : 0;
  return text.size() > from && std::all_of(text.begin() + static_cast<std::ptrdiff_t>(from), text.end(),
                                           [](char c) { return c >= '0' && c <= '9'; });
}

std::string quoted(const std::string& text) {
  return "'" + text + "'";
}

void append(std::string& to, const std::string& line) {
  if (!to.empty() && !line.empty()) to += ' ';
  to += line;
}

bool same_values(const Column& a, const Column& b) {
  return std::equal(a.values.begin(), a.values.end(), b.values.begin(), b.values.end(),
                    [](const Value& x, const Value& y) { return x.text == y.text; });
}

class Parser {
 public:
  Parser(std::string file, std::string_view sql) : file_(std::move(file)), tokens_(tokens(file_, sql)) {}

  std::vector<Table> tables() {
    std::vector<Table> all;
    while (peek().kind != Token::end) {
      std::string meaning;
      int last = 0;
      while (peek().kind == Token::comment) {
        const Token comment = next();
        if (comment.line != last + 1) meaning.clear();
        append(meaning, comment.text);
        last = comment.line;
      }
      if (peek().kind == Token::end) break;
      if (last + 1 != peek().line) meaning.clear();
      all.push_back(table(std::move(meaning)));
      for (const Table& other : all) {
        if (&other != &all.back() && other.name == all.back().name) {
          fail(all.back().line, "the table " + quoted(other.name) + " is declared twice");
        }
      }
    }
    if (all.empty()) fail(1, "no table is declared");
    explain_repeated_sets(all);
    return all;
  }

 private:
  [[noreturn]] void fail(int line, const std::string& what) const { throw Mistake(file_, line, what); }

  const Token& peek() const { return tokens_[at_]; }
  Token next() { return tokens_[peek().kind == Token::end ? at_ : at_++]; }

  bool is_mark(char mark) const { return peek().kind == Token::mark && peek().text[0] == mark; }
  bool is_keyword(const char* keyword) const {
    return peek().kind == Token::word && !peek().quoted && upper(peek().text) == keyword;
  }
  std::string shown() const {
    return peek().kind == Token::end ? "the end of the file" : quoted(peek().text);
  }
  void expect_mark(char mark) {
    if (!is_mark(mark)) fail(peek().line, std::string("expected '") + mark + "' before " + shown());
    next();
  }
  void expect(const char* keyword) {
    if (!is_keyword(keyword)) fail(peek().line, std::string("expected ") + keyword + " before " + shown());
    next();
  }
  bool accept(const char* keyword) {
    if (!is_keyword(keyword)) return false;
    next();
    return true;
  }
  std::string name(const char* of) {
    const Token token = next();
    if (token.kind != Token::word || !is_name(token.text)) {
      fail(token.line,
           quoted(token.text) + " is not a name of a " + of + ": small letters, digits and '_' only");
    }
    return token.text;
  }

  Table table(std::string meaning) {
    Table table;
    expect("CREATE");
    expect("TABLE");
    table.line = peek().line;
    table.name = name("table");
    table.meaning = std::move(meaning);
    if (table.meaning.empty()) {
      fail(table.line,
           "the table " + quoted(table.name) + " has no comment above it that says what a row is");
    }
    expect_mark('(');
    while (!is_mark(')')) {
      if (peek().kind == Token::comment)
        fail(peek().line, "a comment belongs behind a column, not before it");
      column(table);
    }
    next();
    bool strict = false;
    do {
      if (accept("STRICT")) {
        strict = true;
      } else if (accept("WITHOUT")) {
        expect("ROWID");
      } else {
        fail(peek().line, strict ? "expected STRICT, WITHOUT ROWID or ';' before " + shown()
                                 : "the table " + quoted(table.name) + " is not STRICT");
      }
      if (!is_mark(',')) break;
      next();
    } while (true);
    if (!strict) fail(table.line, "the table " + quoted(table.name) + " is not STRICT");
    expect_mark(';');
    return table;
  }

  void column(Table& table) {
    Column column;
    column.line = peek().line;
    for (const char* constraint : {"CONSTRAINT", "PRIMARY", "UNIQUE", "CHECK", "FOREIGN"}) {
      if (is_keyword(constraint)) {
        fail(column.line, std::string(constraint) + " of a whole table is not supported, only of a column");
      }
    }
    column.name = name("column");
    for (const Column& other : table.columns) {
      if (other.name == column.name)
        fail(column.line, "the column " + quoted(column.name) + " is declared twice");
    }
    if (accept("TEXT")) {
      column.type = Type::text;
    } else if (accept("INTEGER")) {
      column.type = Type::integer;
    } else {
      fail(peek().line,
           "the type of the column " + quoted(column.name) + " must be TEXT or INTEGER, not " + shown());
    }
    column.declared = column.type == Type::text ? "TEXT" : "INTEGER";
    std::vector<Token> comments;
    bool primary = false;
    for (;;) {
      if (peek().kind == Token::comment) {
        comments.push_back(next());
      } else if (is_mark(')')) {
        break;
      } else if (is_mark(',')) {
        next();
        break;
      } else if (accept("NOT")) {
        expect("NULL");
        column.nullable = false;
      } else if (accept("PRIMARY")) {
        expect("KEY");
        primary = true;
      } else if (accept("DEFAULT")) {
        read_default(column);
      } else if (accept("CHECK")) {
        check(column);
      } else {
        fail(peek().line, "expected NOT NULL, PRIMARY KEY, DEFAULT, CHECK or the end of the column " +
                              quoted(column.name) + " before " + shown());
      }
    }
    if (is_mark(')') && tokens_[at_ - 1].kind == Token::mark && tokens_[at_ - 1].text == ",") {
      fail(peek().line, "a comma without a column behind it");
    }
    while (peek().kind == Token::comment) comments.push_back(next());
    explain(column, comments);
    finish(column, primary);
    table.columns.push_back(std::move(column));
  }

  void read_default(Column& column) {
    const Token token = next();
    const bool fits = column.type == Type::text ? token.kind == Token::string
                                                : token.kind == Token::word && is_number(token.text);
    if (!fits) fail(token.line, "the DEFAULT of the column " + quoted(column.name) + " is not of its type");
    column.default_value = token.text;
  }

  // CHECK (name IN (value, …))
  void check(Column& column) {
    const int line = peek().line;
    if (!column.values.empty() || column.type == Type::boolean) {
      fail(line, "the column " + quoted(column.name) + " has a second CHECK");
    }
    expect_mark('(');
    const Token of = next();
    if (of.kind != Token::word || of.text != column.name) {
      fail(of.line, "the CHECK of the column " + quoted(column.name) + " must begin with its name: CHECK (" +
                        column.name + " IN (…))");
    }
    expect("IN");
    expect_mark('(');
    std::vector<std::string> numbers;
    do {
      if (is_mark(',')) next();
      const Token token = next();
      if (token.kind == Token::string && column.type == Type::text) {
        for (const Value& other : column.values) {
          if (other.text == token.text)
            fail(token.line, "the value " + quoted(token.text) + " is listed twice");
        }
        column.values.push_back({token.text, ""});
      } else if (token.kind == Token::word && column.type != Type::text) {
        numbers.push_back(token.text);
      } else {
        fail(token.line, "the CHECK of the column " + quoted(column.name) + " lists " + quoted(token.text) +
                             ", which is not of the column's type");
      }
    } while (is_mark(','));
    expect_mark(')');
    expect_mark(')');
    if (column.type == Type::text) return;
    if (numbers != std::vector<std::string>{"0", "1"}) {
      fail(line, "the CHECK of the INTEGER column " + quoted(column.name) +
                     " must list 0 and 1, which make it true or false");
    }
    column.type = Type::boolean;
  }

  // Lines "'value': meaning" explain a value of the column, and lines below such a line go on with it.
  void explain(Column& column, const std::vector<Token>& comments) const {
    std::string* about = &column.meaning;
    for (const Token& comment : comments) {
      const std::size_t close = comment.text.starts_with('\'') ? comment.text.find("':") : std::string::npos;
      if (close == std::string::npos || column.values.empty()) {
        append(*about, comment.text);
        continue;
      }
      const std::string text = comment.text.substr(1, close - 1);
      const auto value = std::find_if(column.values.begin(), column.values.end(),
                                      [&](const Value& one) { return one.text == text; });
      if (value == column.values.end()) {
        fail(comment.line, "the value " + quoted(text) + " is explained, but the CHECK of the column " +
                               quoted(column.name) + " does not list it");
      }
      if (!value->meaning.empty()) fail(comment.line, "the value " + quoted(text) + " is explained twice");
      about = &value->meaning;
      const std::size_t from = comment.text.find_first_not_of(" \t", close + 2);
      if (from == std::string::npos) fail(comment.line, "the value " + quoted(text) + " has no meaning");
      append(*about, comment.text.substr(from));
    }
  }

  void finish(Column& column, bool primary) const {
    if (primary && column.nullable) {
      fail(column.line, "the PRIMARY KEY " + quoted(column.name) + " must be NOT NULL as well");
    }
    if (column.default_value && column.nullable) {
      fail(column.line, "the column " + quoted(column.name) +
                            " has a DEFAULT, so it must be NOT NULL: what is not known is NULL");
    }
    if (column.default_value && column.type == Type::boolean && *column.default_value != "0" &&
        *column.default_value != "1") {
      fail(column.line, "the DEFAULT of the column " + quoted(column.name) + " must be 0 or 1");
    }
    if (column.default_value && !column.values.empty() &&
        std::none_of(column.values.begin(), column.values.end(),
                     [&](const Value& one) { return one.text == *column.default_value; })) {
      fail(column.line, "the DEFAULT of the column " + quoted(column.name) + " is not one of its values");
    }
    if (!column.nullable) column.declared += " NOT NULL";
    if (primary) column.declared += " PRIMARY KEY";
    if (column.default_value) {
      column.declared +=
          " DEFAULT " + (column.type == Type::text ? quoted(*column.default_value) : *column.default_value);
    }
  }

  // A set that was explained once need not be again; every set is explained somewhere.
  void explain_repeated_sets(std::vector<Table>& all) const {
    std::vector<const Column*> explained;
    for (Table& table : all) {
      for (Column& column : table.columns) {
        if (column.values.empty()) continue;
        const auto said = std::count_if(column.values.begin(), column.values.end(),
                                        [](const Value& one) { return !one.meaning.empty(); });
        if (said == 0) {
          const auto same = std::find_if(explained.begin(), explained.end(), [&](const Column* other) {
            return other->name == column.name && same_values(*other, column);
          });
          if (same != explained.end()) {
            column.values = (*same)->values;
            if (column.meaning.empty()) column.meaning = (*same)->meaning;
            continue;
          }
        }
        for (const Value& value : column.values) {
          if (value.meaning.empty()) {
            fail(column.line, "no comment \"" + quoted(value.text) +
                                  ": …\" says what this value of the column " + quoted(column.name) +
                                  " means");
          }
        }
        explained.push_back(&column);
      }
    }
  }

  std::string file_;
  std::vector<Token> tokens_;
  std::size_t at_ = 0;
};

}  // namespace

Domain parse(std::string name, std::string file, std::string sql) {
  if (!is_name(name)) throw Mistake(file, 1, "the file's name is not a name of a domain");
  std::vector<Table> tables = Parser(file, sql).tables();
  return {std::move(name), std::move(file), std::move(sql), std::move(tables)};
}

}  // namespace exitgate::facts::generate
