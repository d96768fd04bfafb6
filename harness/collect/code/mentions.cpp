#include "harness/collect/code/mentions.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <map>

#include "harness/base/characters.h"
#include "harness/base/path.h"
#include "harness/base/text.h"

namespace exitgate::collect::code {

namespace {

using Context = facts::code::MentionContext;

constexpr std::size_t kTextLimit = 200;  // characters of a line that are kept

std::string_view line_at(std::string_view text, std::size_t offset) {
  const std::size_t before = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
  const std::size_t start = before == std::string_view::npos ? 0 : before + 1;
  return text.substr(start, text.find('\n', offset) - start);
}

// At most kTextLimit characters, cut between characters and not within one.
std::string shown(std::string_view line) {
  const std::string whole = valid_utf8(trim(line));
  std::size_t end = 0;
  for (std::size_t characters = 0; end < whole.size(); ++end) {
    const bool begins = (static_cast<unsigned char>(whole[end]) & 0xC0U) != 0x80U;
    if (begins && characters++ == kTextLimit) break;
  }
  return whole.substr(0, end);
}

// Of two mentions of one term in one line, the one that weighs more is kept.
int weight(Context context) {
  if (context == Context::code) return 3;
  if (context == Context::string) return 2;
  return context == Context::comment ? 1 : 0;
}

// Rows by line and term, without repeating them.
class Rows {
 public:
  void add(int line, std::size_t term, Context context, std::string_view text) {
    const auto [known, added] = rows_.try_emplace({line, term});
    if (added) {
      known->second = {line, std::string(terms()[term].name), context, shown(text)};
    } else if (weight(context) > weight(known->second.context)) {
      known->second.context = context;
    }
  }
  std::vector<Mention> take() {
    std::vector<Mention> all;
    all.reserve(rows_.size());
    for (auto& [key, row] : rows_) all.push_back(std::move(row));
    return all;
  }

 private:
  std::map<std::pair<int, std::size_t>, Mention> rows_;
};

Context context_of(const syntax::Tree& tree, std::size_t offset) {
  using syntax::Kind;
  for (syntax::Id at = tree.at(static_cast<std::uint32_t>(offset)); at != syntax::kNoNode;
       at = tree.parent(at)) {
    switch (tree.kind(at)) {
      case Kind::comment:
        return Context::comment;
      case Kind::interpolation:
        return Context::code;
      case Kind::string:
        return Context::string;
      default:
        break;
    }
  }
  return Context::code;
}

std::string_view extension_of(std::string_view path) {
  const std::string_view name = name_of(path);
  const std::size_t dot = name.rfind('.');
  return dot == std::string_view::npos || dot == 0 ? std::string_view() : name.substr(dot + 1);
}

// How a whole-line comment begins, by the file's ending.
std::string_view comment_mark(std::string_view path) {
  const std::string extension = lower(extension_of(path));
  for (const std::string_view hash :
       {"yml", "yaml", "sh", "bash", "zsh", "toml", "ini", "cfg", "conf", "ps1", "rb", "pl", "tf", "env",
        "mk", "cmake", "dockerfile", "mako", "properties"}) {
    if (extension == hash) return "#";
  }
  for (const std::string_view slashes :
       {"js", "ts", "tsx", "jsx", "mjs", "cjs", "go", "rs", "java", "kt", "c", "h", "cpp", "cs", "groovy"}) {
    if (extension == slashes) return "//";
  }
  if (extension == "sql") return "--";
  const std::string_view name = name_of(path);
  if (name == "Makefile" || name == "Dockerfile" || name == "Jenkinsfile" ||
      name.rfind("Dockerfile.", 0) == 0)
    return "#";
  return "";
}

bool is_document(std::string_view path) {
  const std::string extension = lower(extension_of(path));
  static constexpr std::array<std::string_view, 12> kDocuments = {
      "md", "markdown", "rst", "txt", "adoc", "log", "html", "htm", "csv", "tex", "org", "out"};
  if (std::find(kDocuments.begin(), kDocuments.end(), extension) != kDocuments.end()) return true;
  const std::string name = lower(name_of(path));
  return name == "readme" || name == "license" || name == "changelog" || name == "contributing";
}

}  // namespace

const std::vector<Term>& terms() {
  static const std::vector<Term> all(std::begin(facts::kMentionTerms), std::end(facts::kMentionTerms));
  return all;
}

bool counts(const Term& term, std::string_view text, std::size_t offset) {
  if (!term.any_case && text.substr(offset, term.name.size()) != term.name) return false;
  if (!term.whole_word) return true;
  const std::size_t end = offset + term.name.size();
  return (offset == 0 || !is_word_char(text[offset - 1])) && (end >= text.size() || !is_word_char(text[end]));
}

std::vector<Mention> python_mentions(const syntax::Tree& tree, const std::vector<Place>& places) {
  Rows rows;
  const std::string_view text = tree.source();
  int line = 1;
  std::size_t at = 0;
  for (const auto& place : places) {
    line += static_cast<int>(std::count(text.begin() + static_cast<std::ptrdiff_t>(at),
                                        text.begin() + static_cast<std::ptrdiff_t>(place.offset), '\n'));
    at = place.offset;
    rows.add(line, place.term, context_of(tree, place.offset), line_at(text, place.offset));
  }
  return rows.take();
}

std::vector<Mention> text_mentions(std::string_view path, std::string_view text,
                                   const std::vector<Place>& places) {
  Rows rows;
  const bool document = is_document(path);
  const std::string_view mark = comment_mark(path);
  int line = 1;
  std::size_t at = 0;
  for (const auto& place : places) {
    line += static_cast<int>(std::count(text.begin() + static_cast<std::ptrdiff_t>(at),
                                        text.begin() + static_cast<std::ptrdiff_t>(place.offset), '\n'));
    at = place.offset;
    const std::string_view whole = line_at(text, place.offset);
    const bool comment = !mark.empty() && trim(whole).substr(0, mark.size()) == mark;
    rows.add(line, place.term,
             document  ? Context::document
             : comment ? Context::comment
                       : Context::code,
             whole);
  }
  return rows.take();
}

}  // namespace exitgate::collect::code
