// Python files, by lines and quotes: no grammar.
#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "harness/base/characters.h"
#include "harness/base/text.h"
#include "harness/collect/census/hits.h"

namespace exitgate::collect::census {

const char* const kPythonPattern =
    "@(pytest|pytest_asyncio)\\.fixture|^(async )?def pytest_|\\.(create|drop)_all|DATABASE_URL|^revision"
    "|^class Migration\\(migrations\\.Migration";

namespace {

constexpr std::array<std::string_view, 11> kHooks = {
    "sessionstart",       "sessionfinish",          "configure",       "unconfigure",
    "addoption",          "collection_modifyitems", "runtest_setup",   "runtest_teardown",
    "runtest_makereport", "generate_tests",         "terminal_summary"};

// Of each line, whether it begins inside a text in three quotes.
std::vector<bool> lines_in_strings(std::string_view text) {
  std::vector<bool> inside = {false, false};  // lines count from 1
  std::string_view open;                      // the quotes that end the text that we are in
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (c == '\n') {
      if (open.size() == 1) open = {};  // a text in one quote ends with its line, if not before
      inside.push_back(!open.empty());
    } else if (c == '\\' && !open.empty()) {
      if (at + 1 < text.size() && text[at + 1] != '\n') ++at;
    } else if (!open.empty()) {
      if (text.substr(at, open.size()) == open) {
        at += open.size() - 1;
        open = {};
      }
    } else if (c == '#') {
      while (at + 1 < text.size() && text[at + 1] != '\n') ++at;
    } else if (c == '"' || c == '\'') {
      const bool three = at + 2 < text.size() && text[at + 1] == c && text[at + 2] == c;
      open = text.substr(at, three ? 3 : 1);
      if (three) at += 2;
    }
  }
  return inside;
}

// What the place in a line stands in: "comment", "string" or "" for code.
std::string_view context_of(std::string_view line, std::size_t place) {
  char open = '\0';
  for (std::size_t at = 0; at < place; ++at) {
    const char c = line[at];
    if (open != '\0') {
      if (c == '\\') ++at;
      if (c == open) open = '\0';
    } else if (c == '#') {
      return "comment";
    } else if (c == '"' || c == '\'') {
      open = c;
    }
  }
  return open != '\0' ? "string" : "";
}

// `revision = "…"`, `revision: str = '…'`.
bool assigns_revision(std::string_view line) {
  if (!line.starts_with("revision")) return false;
  const auto equals = line.find('=');
  if (equals == std::string_view::npos) return false;
  const auto name = trim(line.substr(0, equals));
  if (name != "revision" && !name.starts_with("revision:") && !name.starts_with("revision :")) return false;
  const auto value = trim(line.substr(equals + 1));
  return !value.empty() && (value.front() == '"' || value.front() == '\'');
}

// Whether a value that begins with a bracket has its end in the text.
bool is_closed(std::string_view value) {
  const auto begin = trim(value);
  if (begin.empty() || (begin.front() != '(' && begin.front() != '[')) return true;
  return begin.find(begin.front() == '(' ? ')' : ']') != std::string_view::npos;
}

// The texts in quotes that a value consists of, with brackets and commas around them; none of `None`, and none of an empty
// text. nullopt where it is anything else.
std::optional<std::vector<std::string>> texts_in(std::string_view value) {
  std::vector<std::string> texts;
  for (std::size_t at = 0; at < value.size(); ++at) {
    const char c = value[at];
    if (c == '#') {
      at = std::min(value.find('\n', at), value.size());
    } else if (c == '"' || c == '\'') {
      const auto end = value.find(c, at + 1);
      if (end == std::string_view::npos) return std::nullopt;
      if (end > at + 1) texts.emplace_back(value.substr(at + 1, end - at - 1));
      at = end;
    } else if (value.substr(at).starts_with("None")) {
      at += 3;
    } else if (std::string_view(" \t\r\n()[],").find(c) == std::string_view::npos) {
      return std::nullopt;
    }
  }
  return texts;
}

class Scan {
 public:
  Scan(const std::string& file, std::string_view text, Found& found)
      : file_(file), text_(text), lines_(text), inside_(lines_in_strings(text)), found_(found) {}

  void run() {
    const bool alembic = text_.find("down_revision") != std::string_view::npos;
    const bool django = file_.find("/migrations/") != std::string::npos || file_.starts_with("migrations/");
    for (line_ = 1; line_ <= lines_.count(); ++line_) {
      const auto line = lines_.at(line_);
      const auto trimmed = lines_.trimmed(line_);
      fixture(trimmed);
      hook(line);
      schema_call(line);
      environment_read(line);
      if (alembic && assigns_revision(line)) revision(line);
      if (django && line.starts_with("class Migration(migrations.Migration")) add_file();
      if (django && trimmed.starts_with("replaces = ["))
        found_.squashed.emplace_back(file_.substr(0, file_.rfind('/')), std::string(text_));
    }
  }

 private:
  void revision(std::string_view line) {
    add(Search::alembic_revisions, "");
    const auto texts = texts_in(line.substr(line.find('=') + 1));
    if (!texts || texts->size() != 1) return;
    Revision revision{.hit = found_.hits.size() - 1, .id = texts->front(), .line = 0, .parents = {}};
    for (int at = 1; at <= lines_.count(); ++at) {
      const auto other = lines_.at(at);
      const auto equals = other.find('=');
      if (!other.starts_with("down_revision") || equals == std::string_view::npos) continue;
      if (revision.line != 0) return;  // which of them counts is not told by lines
      revision.line = at;
      std::string value(other.substr(equals + 1));
      for (int more = at + 1; !is_closed(value) && more <= lines_.count(); ++more) {
        value += '\n';
        value += lines_.at(more);
      }
      revision.parents = texts_in(value);
    }
    found_.revisions.push_back(std::move(revision));
  }

  void fixture(std::string_view trimmed) {
    const bool comment = trimmed.starts_with('#');
    const auto at = trimmed.find("@pytest");
    if (at == std::string_view::npos || (at > 0 && !comment)) return;
    auto rest = trimmed.substr(at + 7);
    if (rest.starts_with("_asyncio")) rest.remove_prefix(8);
    if (!rest.starts_with(".fixture") || (rest.size() > 8 && is_word_char(rest[8]))) return;
    add(Search::fixtures, comment ? "comment" : "");
  }

  void hook(std::string_view line) {
    if (line.starts_with("async ")) line.remove_prefix(6);
    if (!line.starts_with("def pytest_")) return;
    const auto name = line.substr(11, line.find('(') == std::string_view::npos ? 0 : line.find('(') - 11);
    for (const auto known : kHooks) {
      if (trim(name) == known) add(Search::hooks, "");
    }
  }

  void schema_call(std::string_view line) {
    for (const std::string_view call : {".create_all", ".drop_all"}) {
      const auto at = line.find(call);
      if (at == std::string_view::npos) continue;
      const auto end = at + call.size();
      if (end < line.size() && is_word_char(line[end])) continue;
      std::size_t begin = at;
      while (begin > 0 && is_word_char(line[begin - 1])) --begin;
      const auto owner = line.substr(begin, at - begin);
      const bool known =
          owner.ends_with("metadata") || owner == "Base" || owner == "db" || owner == "SQLModel";
      const auto context = context_of(line, at);
      std::string explained(context);
      if (explained.empty() && !known) explained = "of another object";
      if (explained.empty() && is_of_mock(line, at, end)) explained = "of a mock";
      add(Search::schema_calls, std::move(explained));
    }
  }

  // `MagicMock().metadata.create_all`, `x.create_all.assert_called()`, and a name that some line makes a mock.
  bool is_of_mock(std::string_view line, std::size_t at, std::size_t end) const {
    const auto has = [](std::string_view text, std::string_view word) {
      return text.find(word) != std::string_view::npos;
    };
    const auto after = line.substr(end);
    for (const std::string_view read : {".assert_", ".called", ".call_", ".return_value", ".side_effect"}) {
      if (after.starts_with(read)) return true;
    }
    std::size_t begin = at;
    while (begin > 0 && (is_word_char(line[begin - 1]) ||
                         std::string_view(".()").find(line[begin - 1]) != std::string_view::npos))
      --begin;
    const auto chain = line.substr(begin, at - begin);
    if (has(chain, "Mock(")) return true;
    const std::string root(chain.substr(0, chain.find('.')));
    if (root.empty() || !(has(text_, "Mock(") || has(text_, "patch") || has(text_, "mocker."))) return false;
    for (int other = 1; other <= lines_.count(); ++other) {
      const auto text = lines_.trimmed(other);
      const bool mock =
          has(text, "Mock(") || has(text, "mocker.") || has(text, "patch") || has(text, "autospec(");
      if (mock && (text.starts_with(root + " =") || has(text, "as " + root))) return true;
      if (has(text, "def ") && has(text, root) && other > 1 && has(lines_.trimmed(other - 1), "patch"))
        return true;
    }
    return false;
  }

  void environment_read(std::string_view line) {
    for (const std::string_view quote : {"\"", "'"}) {
      for (const std::string_view reader : {"environ[", "environ.get(", "getenv("}) {
        const std::string read =
            std::string(reader) + std::string(quote) + "DATABASE_URL" + std::string(quote);
        const auto at = line.find(read);
        if (at == std::string_view::npos) continue;
        const auto after = trim(line.substr(at + read.size()));
        std::string explained(context_of(line, at));
        if (explained.empty() && reader == "environ[" && after.starts_with("]")) {
          const auto then = trim(after.substr(1));
          if (then.starts_with('=') && !then.starts_with("==")) explained = "assignment";
          if (trim(line).starts_with("del ")) explained = "deletion";
        }
        add(Search::environment_reads, std::move(explained));
      }
    }
  }

  void add(Search search, std::string explained) {
    if (explained.empty() && inside_[static_cast<std::size_t>(line_)]) explained = "string";
    found_.hits.push_back({.search = search,
                           .file = file_,
                           .line = line_,
                           .first = line_,
                           .last = line_,
                           .text = std::string(lines_.trimmed(line_).substr(0, 200)),
                           .explained = std::move(explained)});
  }

  void add_file() {
    add(Search::django_migrations, "");
    found_.hits.back().first = found_.hits.back().last = 0;
  }

  const std::string& file_;
  std::string_view text_;
  const Lines lines_;
  const std::vector<bool> inside_;
  Found& found_;
  int line_ = 0;
};

}  // namespace

void search_python(const std::string& file, std::string_view text, Found& found) {
  Scan(file, text, found).run();
}

}  // namespace exitgate::collect::census
