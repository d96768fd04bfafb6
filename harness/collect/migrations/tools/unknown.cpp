// Folders that look like migrations of no tool that is known: numbered files in a folder that is named so, in a project
// that uses a database. They are said to be there, and what they do is undecided.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>
#include <utility>

#include "harness/base/text.h"
#include "harness/collect/migrations/chain.h"
#include "harness/collect/migrations/drivers.h"
#include "harness/collect/migrations/tool.h"

namespace exitgate::collect::tools {

namespace {

bool may_migrate(std::string_view name) {
  constexpr std::array<std::string_view, 40> kEndings = {
      ".py",   ".rb",   ".js",   ".ts",    ".mjs", ".cjs",   ".mts",    ".cts", ".jsx", ".tsx",
      ".go",   ".java", ".kt",   ".cs",    ".php", ".ex",    ".exs",    ".erl", ".rs",  ".clj",
      ".cljc", ".edn",  ".pl",   ".pm",    ".sh",  ".scala", ".groovy", ".fs",  ".hs",  ".ml",
      ".lua",  ".cr",   ".dart", ".swift", ".jl",  ".json",  ".yaml",   ".yml", ".xml", ".sql"};
  if (name.ends_with(".d.ts") || name.find("test") != std::string_view::npos ||
      name.find("spec") != std::string_view::npos)
    return false;
  return std::any_of(kEndings.begin(), kEndings.end(),
                     [&](std::string_view ending) { return name.ends_with(ending); });
}

// Of a test, an example or a dependency.
bool is_of_others(std::string_view folder) {
  constexpr std::array<std::string_view, 18> kFolders = {
      "test",          "tests",   "testdata", "__tests__", "fixtures",    "spec",
      "e2e",           "example", "examples", "docs",      "vendor",      "node_modules",
      "site-packages", "testing", "sample",   "samples",   "sample_data", "seeds"};
  const auto parts = split(folder, '/');
  return std::any_of(parts.begin(), parts.end(), [&](const std::string& part) {
    return std::find(kFolders.begin(), kFolders.end(), part) != kFolders.end();
  });
}

// "v1_init.rs" and "Migration002.kt" beside others of the prefix are numbered as well.
std::string_view prefix_of(std::string_view name) {
  constexpr std::size_t kLongest = 16;
  const std::size_t digit = name.find_first_of("0123456789");
  const std::size_t end = std::min(digit, name.size());
  const bool letters = std::all_of(name.begin(), name.begin() + static_cast<std::ptrdiff_t>(end), [](char c) {
    return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-';
  });
  return digit <= kLongest && letters ? name.substr(0, digit) : "";
}

bool lies_in(std::string_view folder, std::string_view location) {
  return location.empty() || folder == location || folder.starts_with(std::string(location) + "/");
}

void find(Source& source, std::vector<Environment>& found) {
  std::map<std::pair<std::string, std::string>, std::vector<Numbered>> folders;  // and prefixes of the names
  for (const auto& path : source.paths()) {
    const std::string folder(folder_of(path));
    if (!may_migrate(name_of(path)) || !is_migration_folder(folder) || source.is_taken(path)) continue;
    const std::string_view prefix = prefix_of(name_of(path));
    const auto [number, rest] = split_number(name_of(path).substr(prefix.size()));
    if (number.empty() || is_of_others(folder)) continue;
    // What lies beside another tool's migrations is that tool's own business.
    const bool known = std::any_of(found.begin(), found.end(), [&](const Environment& one) {
      return lies_in(folder, one.location) && !one.location.empty();
    });
    if (known) continue;
    Revision revision;
    revision.id = number;
    revision.file = path;
    revision.title = title_from(rest.substr(0, rest.rfind('.')));
    folders[{folder, std::string(prefix)}].push_back({Version(number), std::move(revision)});
  }
  if (folders.empty()) return;
  const auto drivers = declared_drivers(source);
  for (auto& [place, numbered] : folders) {
    const auto& [folder, prefix] = place;
    // One alone may be anything ("sha256.go"), and so may several of one number ("v1_to_v2.go").
    std::set<std::string> numbers;
    for (const auto& one : numbered) numbers.insert(one.revision.id);
    if (!prefix.empty() && numbers.size() < 2) continue;
    const bool of_a_database = std::any_of(
        drivers.begin(), drivers.end(),
        [&folder = place.first](const DeclaredDriver& one) { return lies_in(folder, folder_of(one.file)); });
    if (!of_a_database) continue;
    Environment environment;
    environment.id = folder;
    environment.location = folder;
    environment.problems.push_back(
        {numbered.front().revision.file, std::nullopt,
         fmt::format(
             "{} looks like {} of a tool that is not known: their order and what they do are not read",
             folder, count_of(numbered.size(), "migration"))});
    add_chain(environment, std::move(numbered));
    environment.complete = false;
    found.push_back(std::move(environment));
  }
}

}  // namespace

std::vector<Tool> unknown() {
  return {{.name = "unknown", .recognized = Recognized::as_unknown, .find = find}};
}

}  // namespace exitgate::collect::tools
