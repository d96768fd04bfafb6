#include "harness/collect/code/pytest_settings.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "harness/base/text.h"

namespace exitgate::collect::code {

namespace {

std::string_view name_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? path : path.substr(slash + 1);
}

bool is_section_of_pytest(std::string_view section) {
  constexpr std::array<std::string_view, 5> kSections = {"[pytest]", "[tool:pytest]", "[tool.pytest]",
                                                         "[tool.pytest.ini_options]", "[tool.pytest_env]"};
  return std::find(kSections.begin(), kSections.end(), section) != kSections.end();
}

bool is_name(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
}

// One line of pytest-env: `D:NAME=value`, `R:NAME=value`, in quotes in TOML.
void add_variable(std::string_view entry, int line, FileFacts& facts) {
  while (!entry.empty() && std::string_view("\"', [").find(entry.front()) != std::string_view::npos)
    entry.remove_prefix(1);
  while (entry.size() > 2 && entry[1] == ':' &&
         std::string_view("DRdr").find(entry[0]) != std::string_view::npos)
    entry.remove_prefix(2);
  const std::size_t equals = entry.find('=');
  if (equals == std::string_view::npos) return;
  const auto name = trim(entry.substr(0, equals));
  if (!is_name(name)) return;
  EnvironmentRead read;
  read.line = line;
  read.variable = std::string(name);
  read.required = false;
  facts.environment_reads.push_back(std::move(read));
}

// The last of the two options counts.
void add_options(std::string_view text, int line, std::optional<SchemaCall>& call) {
  std::string word;
  const auto end = [&] {
    if (word == "--nomigrations" || word == "--no-migrations")
      call = SchemaCall{line, word, facts::code::SchemaCallKind::create_all};
    if (word == "--migrations") call.reset();
    word.clear();
  };
  for (const char c : text) {
    if (std::string_view(" \t\"',[]=").find(c) != std::string_view::npos) {
      end();
    } else {
      word += c;
    }
  }
  end();
}

}  // namespace

bool is_pytest_settings(std::string_view path) {
  constexpr std::array<std::string_view, 7> kNames = {
      "pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml", "tox.ini", "pyproject.toml", "setup.cfg"};
  return std::find(kNames.begin(), kNames.end(), name_of(path)) != kNames.end();
}

void find_pytest_settings(std::string_view path, std::string_view content, FileFacts& facts) {
  const std::string_view name = name_of(path);
  const bool toml = name.ends_with(".toml");
  std::string section;
  std::string key;  // whose value goes on in the lines below
  std::optional<SchemaCall> call;
  int line = 0;
  for (std::size_t at = 0; at < content.size();) {
    ++line;
    const std::size_t end = std::min(content.find('\n', at), content.size());
    const std::string_view whole = content.substr(at, end - at);
    at = end + 1;
    const auto text = trim(whole);
    if (text.empty() || text.front() == '#' || text.front() == ';') continue;
    const bool indented = whole.front() == ' ' || whole.front() == '\t';
    if (!indented && text.front() == '[' && text.back() == ']' && text.find('"') == std::string_view::npos) {
      section = std::string(text);
      key.clear();
      continue;
    }
    if (!is_section_of_pytest(section) && section != "[pytest_env]") continue;
    if (section == "[tool.pytest_env]") {
      // Each line is a variable; a table may say that it is unset.
      if (text.find("unset") == std::string_view::npos) add_variable(text, line, facts);
      continue;
    }
    std::string_view value = text;
    const std::size_t equals = text.find('=');
    const bool begins =
        toml ? key.empty() || (equals != std::string_view::npos && is_name(trim(text.substr(0, equals))))
             : !indented;
    if (begins) {
      if (equals == std::string_view::npos) continue;
      key = std::string(trim(text.substr(0, equals)));
      value = trim(text.substr(equals + 1));
    }
    if (key == "env") {
      // A list on one line of TOML.
      for (std::size_t from = 0; from <= value.size();) {
        const std::size_t comma = toml ? std::min(value.find(',', from), value.size()) : value.size();
        add_variable(value.substr(from, comma - from), line, facts);
        from = comma + 1;
      }
    }
    if (key == "addopts") add_options(value, line, call);
  }
  if (call) facts.schema_calls.push_back(std::move(*call));
}

}  // namespace exitgate::collect::code
