// Commands that make tables past the migrations, where something runs them: in CI's files, shell scripts, images, Makefiles,
// and the scripts of package.json that start, build or test. A script that only somebody may call is not one.
#include <array>
#include <string>
#include <vector>

#include "harness/base/path.h"
#include "harness/base/text.h"
#include "harness/collect/code/other_languages.h"
#include "harness/collect/code/schema_libraries.h"

namespace exitgate::collect::code {

using facts::code::SchemaCallKind;

namespace {

using Words = std::vector<std::string>;

struct Command {
  std::vector<std::string_view> words;  // in this order beside each other; the first may be the end of a path
  std::string_view option;              // that must stand somewhere behind them, or ""
  const SchemaLibrary* library;
};

const std::vector<Command>& commands() {
  static const std::vector<Command> all = {
      {{"prisma", "db", "push"}, "", &kPrisma},
      {{"drizzle-kit", "push"}, "", &kDrizzle},
      {{"drizzle-kit", "push:pg"}, "", &kDrizzle},
      {{"typeorm", "schema:sync"}, "", &kTypeOrm},
      {{"mikro-orm", "schema:create"}, "--run", &kMikroOrm},
      {{"mikro-orm", "schema:update"}, "--run", &kMikroOrm},
      {{"mikro-orm", "schema:fresh"}, "--run", &kMikroOrm},
      {{"pytest"}, "--nomigrations", &kDjango},
      {{"pytest"}, "--no-migrations", &kDjango},
      {{"py.test"}, "--nomigrations", &kDjango},
      {{"manage.py", "migrate"}, "--run-syncdb", &kDjango},
      {{"django-admin", "migrate"}, "--run-syncdb", &kDjango},
      {{"doctrine:schema:create"}, "", &kDoctrine},
      {{"doctrine:schema:update"}, "--force", &kDoctrine},
  };
  return all;
}

// The words of a line of a script, with what ends a command as words of their own.
Words words_of(std::string_view line) {
  Words words(1);
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '#' && (i == 0 || line[i - 1] == ' ')) break;
    if (std::string_view(" \t\r\"',[]()`").find(c) != std::string_view::npos) {
      if (!words.back().empty()) words.emplace_back();
    } else if (c == ';' || c == '&' || c == '|') {
      if (!words.back().empty()) words.emplace_back();
      words.back() = ";";
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

bool is_word(const std::string& word, std::string_view wanted) {
  return word == wanted || (word.size() > wanted.size() && word.ends_with(wanted) &&
                            word[word.size() - wanted.size() - 1] == '/');
}

// Whether the command that ends in word `at` is one that says or writes its words alone.
bool is_said(const Words& words, std::size_t at) {
  for (std::size_t i = at; i-- > 0;) {
    if (words[i] == ";") return false;
    if (words[i] == "echo" || words[i] == "printf" || words[i] == "grep" || words[i] == "name:") return true;
  }
  return false;
}

void search(std::string_view line, int number, FileFacts& facts) {
  const Words words = words_of(line);
  for (const auto& command : commands()) {
    for (std::size_t at = 0; at + command.words.size() <= words.size(); ++at) {
      bool same = is_word(words[at], command.words[0]);
      for (std::size_t i = 1; same && i < command.words.size(); ++i) same = words[at + i] == command.words[i];
      if (!same || is_said(words, at)) continue;
      std::size_t end = at + command.words.size();
      bool option = command.option.empty();
      for (; end < words.size() && words[end] != ";"; ++end) option = option || words[end] == command.option;
      if (!option) continue;
      std::string callee;
      for (std::size_t i = at; i < at + command.words.size(); ++i) callee += (i == at ? "" : " ") + words[i];
      if (!command.option.empty()) callee += " " + std::string(command.option);
      facts.schema_calls.push_back(
          schema_call_of(*command.library, number, std::move(callee), SchemaCallKind::create_all));
      facts.schema_calls.back().command = true;
      break;
    }
  }
}

// A script of package.json that something else than a person calls by its name.
bool is_run_by_tools(std::string_view script) {
  constexpr std::array<std::string_view, 18> kNames = {
      "test",        "pretest",  "posttest",  "start",   "prestart",     "poststart",
      "build",       "prebuild", "postbuild", "prepare", "install",      "preinstall",
      "postinstall", "ci",       "e2e",       "deploy",  "vercel-build", "release"};
  const std::string_view first = script.substr(0, script.find(':'));
  for (const auto name : kNames) {
    if (first == name) return true;
  }
  return script.starts_with("test-") || script.ends_with(":test") || script.ends_with(":ci") ||
         script.ends_with(":e2e");
}

void read_package(std::string_view content, FileFacts& facts) {
  int number = 0;
  bool scripts = false;
  for (const auto& written : split(content, '\n')) {
    ++number;
    const auto line = trim(written);
    if (line.starts_with("\"scripts\"")) scripts = true;
    if (scripts && line.starts_with("}")) scripts = false;
    if (!scripts || !line.starts_with("\"")) continue;
    const std::size_t end = line.find('"', 1);
    if (end == std::string_view::npos) continue;
    const auto name = line.substr(1, end - 1);
    if (!is_run_by_tools(name)) continue;
    search(line.substr(std::min(line.find(':', end) + 1, line.size())), number, facts);
  }
}

bool is_run(std::string_view path) {
  const std::string_view name = name_of(path);
  const bool yaml = name.ends_with(".yml") || name.ends_with(".yaml");
  if (yaml) {
    return path.find(".github/") != std::string_view::npos ||
           path.find(".gitlab") != std::string_view::npos ||
           path.find(".forgejo/") != std::string_view::npos ||
           path.find(".gitea/") != std::string_view::npos ||
           path.find(".circleci/") != std::string_view::npos || name.starts_with("docker-compose") ||
           name.starts_with("compose.") || name == ".travis.yml" || name == "azure-pipelines.yml" ||
           name == "bitbucket-pipelines.yml";
  }
  return name == "Makefile" || name == "GNUmakefile" || name == "justfile" || name == "Procfile" ||
         name.starts_with("Dockerfile") || name.ends_with(".Dockerfile") || name.ends_with(".sh") ||
         name.ends_with(".bash") || name == "Jenkinsfile" || name == "tox.ini" || name == "noxfile.py";
}

}  // namespace

void find_schema_commands(std::string_view path, std::string_view content, FileFacts& facts) {
  const bool package = name_of(path) == "package.json";
  if (!package && !is_run(path)) return;
  const auto has = [&](std::string_view word) { return content.find(word) != std::string_view::npos; };
  if (!has(" push") && !has("schema:") && !has("migrations") && !has("--run-syncdb")) return;
  if (package) {
    read_package(content, facts);
    return;
  }
  // A line that a backslash continues is one with the next.
  std::string whole;
  int number = 0;
  int first = 1;
  for (const auto& line : split(content, '\n')) {
    ++number;
    if (whole.empty()) first = number;
    whole += line;
    if (whole.ends_with("\\")) {
      whole.back() = ' ';
      continue;
    }
    search(whole, first, facts);
    whole.clear();
  }
  if (!whole.empty()) search(whole, first, facts);
}

}  // namespace exitgate::collect::code
