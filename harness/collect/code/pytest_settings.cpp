#include "harness/collect/code/pytest_settings.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "harness/base/path.h"
#include "harness/base/text.h"
#include "harness/collect/code/schema_libraries.h"
#include "harness/settings/ini.h"
#include "harness/settings/toml.h"

namespace exitgate::collect::code {

using settings::Ini;
using settings::TomlTable;

namespace {

bool is_variable(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(),
                                      [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; });
}

class Reader {
 public:
  Reader(std::string_view path, const FileValues& files, FileFacts& facts)
      : name_(name_of(path)), files_(files), facts_(facts) {}

  void read(std::string_view content) {
    if (name_.ends_with(".toml")) {
      try {
        read_toml(content);
      } catch (const settings::TomlError&) {
        // pytest cannot read it either, and says so.
      }
    } else {
      read_ini(Ini::parse(content), name_ == "setup.cfg" ? "tool:pytest" : "pytest");
    }
    if (call_) facts_.schema_calls.push_back(std::move(*call_));
    // The default of pytest-dotenv, where it is installed; which file says that it is, is not asked.
    if (!names_files_) add_installed(content);
  }

  // Of a list of packages: pytest-dotenv loads .env by itself.
  void add_installed(std::string_view content) {
    const std::size_t at = content.find("pytest-dotenv");
    if (at == std::string_view::npos) return;
    load(".env", static_cast<int>(
                     std::count(content.begin(), content.begin() + static_cast<std::ptrdiff_t>(at), '\n')) +
                     1);
  }

 private:
  void read_ini(const Ini& ini, std::string_view section) {
    for (const std::string_view key : kKeys) {
      const auto* const value = ini.find(section, lower(key));
      if (value == nullptr) continue;
      for (const auto& line : value->lines) take(key, line.text, line.line);
    }
  }

  void read_toml(std::string_view content) {
    const bool project = name_ == "pyproject.toml";
    for (const std::string_view table :
         project ? std::array<std::string_view, 2>{"tool.pytest.ini_options", "tool.pytest"}
                 : std::array<std::string_view, 2>{"pytest", "pytest"}) {
      if (const auto options = settings::toml_table(content, table)) {
        read_options(*options);
        break;
      }
    }
    if (const auto variables = settings::toml_table(content, project ? "tool.pytest_env" : "pytest_env"))
      read_variables(*variables);
  }

  void read_options(const TomlTable& options) {
    for (const std::string_view key : kKeys) {
      if (const auto text = options.scalar(key)) {
        for (const auto& line : split(*text, '\n')) take(key, line, options.lines.find(key)->second);
      }
      const auto list = options.lists.find(key);
      if (list == options.lists.end()) continue;
      for (const auto& item : list->second) take(key, item.text, item.line);
    }
  }

  // The table of pytest-env: each key is a variable, whose value may be a table that says more.
  void read_variables(const TomlTable& variables) {
    const auto files = variables.lists.find("env_files");
    if (files != variables.lists.end()) {
      for (const auto& file : files->second) take("env_files", file.text, file.line);
    }
    for (const auto& [name, line] : variables.lines) {
      const auto table = variables.tables.find(name);
      if (table != variables.tables.end()) {
        const auto unset = table->second.booleans.find("unset");
        if (unset != table->second.booleans.end() && unset->second) continue;
      } else if (!variables.scalar(name)) {
        continue;
      }
      add_variable(name, line);
    }
  }

  void take(std::string_view key, std::string_view text, int line) {
    if (key == "addopts") add_options(text, line);
    if (key == "env") add_entry(text, line);
    if (key == "DJANGO_SETTINGS_MODULE") facts_.imports.push_back({std::string(trim(text)), line});
    if (key != "env_files") return;
    names_files_ = true;
    load(std::string(trim(text)), line);
  }

  // One line of pytest-env: `NAME=value` with flags before it, of which U takes the variable away.
  void add_entry(std::string_view entry, int line) {
    const std::size_t equals = entry.find('=');
    if (equals == std::string_view::npos) return;
    const auto parts = split(entry.substr(0, equals), ':');
    const bool unset = std::any_of(parts.begin(), parts.end() - 1,
                                   [](const std::string& flag) { return lower(trim(flag)) == "u"; });
    if (!unset) add_variable(trim(parts.back()), line);
  }

  void add_variable(std::string_view name, int line) {
    if (!is_variable(name)) return;
    EnvironmentRead read;
    read.line = line;
    read.variable = std::string(name);
    read.required = false;
    read.sets = true;
    facts_.environment_reads.push_back(std::move(read));
  }

  // pytest-env takes the file from the folder of the configuration, pytest-dotenv also from those above.
  void load(std::string file, int line) {
    const FileReference reference{
        .start = FileReference::Start::source, .path = std::move(file), .upwards = true};
    for (const auto& value : files_.of(reference)) {
      EnvironmentRead read;
      read.line = line;
      read.variable = value.variable;
      if (value.certain) read.required = false;
      read.given_by = value.place;
      read.sets = true;
      facts_.environment_reads.push_back(std::move(read));
    }
  }

  // The last of the two options counts.
  void add_options(std::string_view text, int line) {
    std::string words(text);
    std::replace(words.begin(), words.end(), '\t', ' ');
    std::string before;
    for (const auto& word : split(words, ' ')) {
      if (word.empty()) continue;
      // The settings of pytest-django, and plugins that are imported.
      if (word.starts_with("--ds=")) facts_.imports.push_back({word.substr(5), line});
      if (before == "--ds" || before == "-p") facts_.imports.push_back({word, line, before == "-p"});
      if (word.starts_with("--envfile=")) take("env_files", word.substr(10), line);
      if (before == "--envfile") take("env_files", word, line);
      before = word;
      if (word == "--nomigrations" || word == "--no-migrations")
        call_ = schema_call_of(kDjango, line, word, facts::code::SchemaCallKind::create_all);
      if (word == "--migrations") call_.reset();
    }
  }

  static constexpr std::array<std::string_view, 4> kKeys = {"addopts", "env", "env_files",
                                                            "DJANGO_SETTINGS_MODULE"};

  const std::string_view name_;
  const FileValues& files_;
  FileFacts& facts_;
  bool names_files_ = false;
  std::optional<SchemaCall> call_;
};

}  // namespace

bool is_pytest_settings(std::string_view path) {
  constexpr std::array<std::string_view, 7> kNames = {
      "pytest.ini", ".pytest.ini", "pytest.toml", ".pytest.toml", "tox.ini", "pyproject.toml", "setup.cfg"};
  return std::find(kNames.begin(), kNames.end(), name_of(path)) != kNames.end();
}

void find_pytest_settings(std::string_view path, std::string_view content, const FileValues& files,
                          FileFacts& facts) {
  Reader reader(path, files, facts);
  const std::string_view name = name_of(path);
  if (is_pytest_settings(path)) {
    reader.read(content);
  } else if (name == "Pipfile" || (name.find("requirements") != std::string_view::npos &&
                                   (name.ends_with(".txt") || name.ends_with(".in")))) {
    reader.add_installed(content);
  }
}

}  // namespace exitgate::collect::code
