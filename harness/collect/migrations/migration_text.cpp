#include "harness/collect/migrations/migration_text.h"

#include <algorithm>
#include <cctype>

#include "harness/base/text.h"
#include "harness/collect/migrations/code_text.h"
#include "harness/collect/migrations/sql_file.h"
#include "harness/collect/migrations/statement.h"

namespace exitgate::collect {

namespace {

bool is_blank(char c) {
  return std::isspace(static_cast<unsigned char>(c)) != 0;
}

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Reads tokens, and puts them together as statements.
class SqlReader {
 public:
  explicit SqlReader(std::string_view text) : text_(text) {}

  std::vector<TextStatement> read() {
    while (at_ < text_.size()) step();
    close();
    return std::move(statements_);
  }

 private:
  void step() {
    const char c = text_[at_];
    const std::string_view two = text_.substr(at_, 2);
    if (is_blank(c)) {
      line_ += c == '\n' ? 1 : 0;
      ++at_;
    } else if (two == "--") {
      at_ = std::min(text_.find('\n', at_), text_.size());
    } else if (two == "/*") {
      skip_block();
    } else if (c == ';') {
      close();
      ++at_;
    } else if (c == '\'' || c == '"') {
      take(quoted(c));
    } else if (const std::string_view tag = dollar_tag(); !tag.empty()) {
      dollar_quoted(tag);
    } else if (is_word(c)) {
      std::size_t end = at_;
      while (end < text_.size() && (is_word(text_[end]) || text_[end] == '$')) ++end;
      take(end, lower(text_.substr(at_, end - at_)));
    } else {
      take(at_ + 1);
    }
  }

  void skip_block() {
    int depth = 0;
    do {
      const std::string_view two = text_.substr(at_, 2);
      if (two == "/*" || two == "*/") {
        depth += two == "/*" ? 1 : -1;
        at_ += 2;
      } else {
        line_ += text_[at_] == '\n' ? 1 : 0;
        ++at_;
      }
    } while (depth > 0 && at_ < text_.size());
  }

  // Behind what is quoted; of E'…' a backslash takes the next character with it.
  std::size_t quoted(char quote) const {
    const bool escapes =
        at_ > 0 && (text_[at_ - 1] == 'E' || text_[at_ - 1] == 'e') && (at_ < 2 || !is_word(text_[at_ - 2]));
    std::size_t end = at_ + 1;
    for (; end < text_.size(); ++end) {
      if (escapes && text_[end] == '\\') {
        ++end;
      } else if (text_[end] == quote) {
        if (end + 1 >= text_.size() || text_[end + 1] != quote) break;
        ++end;
      }
    }
    return std::min(end + 1, text_.size());
  }

  // "$body$" where one begins a quoted text.
  std::string_view dollar_tag() const {
    if (text_[at_] != '$') return "";
    std::size_t end = at_ + 1;
    while (end < text_.size() && is_word(text_[end])) ++end;
    if (end >= text_.size() || text_[end] != '$') return "";
    const std::string_view tag = text_.substr(at_, end + 1 - at_);
    return text_.find(tag, end + 1) == std::string_view::npos ? "" : tag;
  }

  // What stands in it is most often code, in which comments and blanks do not count either.
  void dollar_quoted(std::string_view tag) {
    const std::size_t begin = at_ + tag.size();
    const std::size_t end = text_.find(tag, begin);
    const auto body = text_.substr(begin, end - begin);
    std::string form = "$";
    for (const auto& one : SqlReader(body).read()) form += one.form + ";";
    take(end + tag.size(), form + "$");
  }

  void take(std::size_t end) { take(end, std::string(text_.substr(at_, end - at_))); }
  void take(std::size_t end, const std::string& form) {
    if (form_.empty()) {
      start_ = at_;
      begins_ = line_;
    }
    if (!form_.empty()) form_ += ' ';
    form_ += form;
    line_ += static_cast<int>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_),
                                         text_.begin() + static_cast<std::ptrdiff_t>(end), '\n'));
    at_ = end_ = end;
  }

  void close() {
    if (!form_.empty())
      statements_.push_back({begins_, form_, in_one_line(text_.substr(start_, end_ - start_))});
    form_.clear();
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int line_ = 1;
  std::size_t start_ = 0;  // of the statement
  std::size_t end_ = 0;
  int begins_ = 1;
  std::string form_;
  std::vector<TextStatement> statements_;
};

// The lines of which nothing is left in the way up.
std::string way_back_of(std::string_view text, std::string_view up) {
  const auto whole = split(text, '\n');
  const auto kept = split(up, '\n');
  std::string down;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const bool gone = i < kept.size() && trim(kept[i]).empty() && !whole[i].starts_with('#');
    if (gone) down += whole[i];
    down += '\n';
  }
  return down;
}

MigrationText of_sql(std::string_view text, const Tool* tool) {
  MigrationText read;
  const std::string up = up_part(text, tool);
  read.up = sql_text_statements(up);
  read.down = sql_text_statements(way_back_of(text, up));
  return read;
}

// Without `<!-- … -->`.
std::string without_xml_comments(std::string_view text) {
  std::string kept;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t begin = std::min(text.find("<!--", at), text.size());
    kept += text.substr(at, begin - at);
    if (begin == text.size()) break;
    const std::size_t end = text.find("-->", begin);
    const std::size_t behind = end == std::string_view::npos ? text.size() : end + 3;
    for (const char c : text.substr(begin, behind - begin)) {
      if (c == '\n') kept += c;
    }
    at = behind;
  }
  return kept;
}

std::string without_blanks(std::string_view text) {
  std::string form;
  std::copy_if(text.begin(), text.end(), std::back_inserter(form), [](char c) { return !is_blank(c); });
  return form;
}

// Each element's beginning or end, with the text behind it.
MigrationText of_xml(std::string_view text) {
  MigrationText read;
  const std::string kept = without_xml_comments(text);
  int line = 1;
  bool down = false;
  for (std::size_t at = 0; at < kept.size();) {
    const std::size_t end = std::min(kept.find('<', at + 1), kept.size());
    const std::string_view part = std::string_view(kept).substr(at, end - at);
    if (part.starts_with("<rollback")) down = true;
    auto form = without_blanks(part);
    if (!form.empty())
      (down ? read.down : read.up).push_back({line, std::move(form), in_one_line(trim(part))});
    if (part.starts_with("</rollback")) down = false;
    line += static_cast<int>(std::count(part.begin(), part.end(), '\n'));
    at = end;
  }
  return read;
}

// YAML and JSON, line by line.
MigrationText of_lines(std::string_view text) {
  MigrationText read;
  int number = 0;
  for (const auto& line : split(text, '\n')) {
    ++number;
    const std::string_view part = trim(line);
    if (!part.empty() && !part.starts_with('#'))
      read.up.push_back({number, without_blanks(part), in_one_line(part)});
  }
  return read;
}

// The lines that are neither comments nor imports.
MigrationText of_unknown(std::string_view text) {
  MigrationText read;
  read.understood = false;
  const auto written = split(text, '\n');
  std::size_t at = 0;
  for (const auto& code : split(without_comments_and_imports(text), '\n')) {
    if (code.empty()) continue;
    while (at < written.size() && !trim(written[at]).ends_with(code)) ++at;
    read.up.push_back({static_cast<int>(at) + 1, without_blanks(code), in_one_line(code)});
  }
  return read;
}

}  // namespace

std::vector<TextStatement> sql_text_statements(std::string_view sql) {
  return SqlReader(sql).read();
}

MigrationText read_migration_text(std::string_view path, std::string_view text, const Tool* tool) {
  if (path.ends_with(".sql")) return of_sql(text, tool);
  if (path.ends_with(".xml")) return of_xml(text);
  if (path.ends_with(".yaml") || path.ends_with(".yml") || path.ends_with(".json")) return of_lines(text);
  auto program = read_program_text(path, text, tool);
  return program.understood ? program : of_unknown(text);
}

}  // namespace exitgate::collect
