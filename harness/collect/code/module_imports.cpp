#include "harness/collect/code/module_imports.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "harness/base/path.h"

namespace exitgate::collect::code {

using syntax::Field;
using syntax::Id;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Tree;

namespace {

constexpr std::size_t kModules = 1000;  // that one conftest.py imports, by others as well

std::string below(std::string_view folder, std::string_view path) {
  return folder.empty() ? std::string(path) : std::string(folder) + "/" + std::string(path);
}

std::string without_spaces(std::string_view text) {
  std::string all;
  for (const char c : text) {
    if (c != ' ' && c != '\t' && c != '\n' && c != '\\') all += c;
  }
  return all;
}

class Importer {
 public:
  Importer(const std::vector<const git::TreeEntry*>& files, std::vector<FileFacts>& results)
      : files_(files), results_(results) {
    for (std::size_t i = 0; i < files.size(); ++i) index_.emplace(files[i]->path, i);
  }

  void follow(std::size_t conftest) {
    std::set<std::size_t> seen = {conftest};
    std::vector<std::size_t> open = {conftest};
    while (!open.empty() && seen.size() < kModules) {
      const std::size_t file = open.back();
      open.pop_back();
      for (const auto& module : results_[file].imports) {
        for (const std::size_t imported : resolve(files_[file]->path, module)) {
          if (seen.insert(imported).second) open.push_back(imported);
        }
      }
    }
    for (const std::size_t file : seen) {
      for (auto& read : results_[file].environment_reads) {
        if (file == conftest || !read.at_import || read.imported_by || stores(conftest, read.variable))
          continue;
        read.imported_by = files_[conftest]->path;
      }
    }
  }

 private:
  // Given a value by the conftest.py itself, perhaps before it imports the module.
  bool stores(std::size_t conftest, const std::optional<std::string>& variable) const {
    const auto& stored = results_[conftest].stored_variables;
    return std::any_of(stored.begin(), stored.end(),
                       [&](const auto& one) { return !one || !variable || one == variable; });
  }

  // The module's file and its packages', from the nearest folder that has it.
  std::vector<std::size_t> resolve(std::string_view from, const std::string& module) const {
    const std::size_t dots = std::min(module.find_first_not_of('.'), module.size());
    std::string path = module.substr(dots);
    std::replace(path.begin(), path.end(), '.', '/');
    std::string_view folder = folder_of(from);
    for (std::size_t i = 1; i < dots; ++i) {
      if (folder.empty()) return {};
      folder = folder_of(folder);
    }
    for (;; folder = folder_of(folder)) {
      auto found = files_below(folder, path);
      if (found.empty() && dots == 0) found = files_below(below(folder, "src"), path);
      if (!found.empty() || dots > 0 || folder.empty()) return found;
    }
  }

  std::vector<std::size_t> files_below(std::string_view folder, const std::string& path) const {
    std::vector<std::size_t> found;
    const auto add = [&](const std::string& file) {
      const auto known = index_.find(file);
      if (known != index_.end()) found.push_back(known->second);
      return known != index_.end();
    };
    const std::string whole = path.empty() ? std::string(folder) : below(folder, path);
    if (!add(whole + "/__init__.py") && !add(whole + ".py")) return {};
    for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1))
      add(below(folder, path.substr(0, slash)) + "/__init__.py");
    return found;
  }

  const std::vector<const git::TreeEntry*>& files_;
  std::vector<FileFacts>& results_;
  std::map<std::string, std::size_t, std::less<>> index_;
};

}  // namespace

bool is_conftest(std::string_view path) {
  return path == "conftest.py" || path.ends_with("/conftest.py");
}

std::vector<std::string> find_imports(const Tree& tree) {
  std::vector<std::string> modules;
  for (const Id statement : tree.children(tree.root())) {
    const bool from = tree.is(statement, Kind::import_from_statement);
    if (!from && !tree.is(statement, Kind::import_statement)) continue;
    std::string module;
    if (from) {
      const Id name = tree.child(statement, Field::module_name);
      if (name == kNoNode) continue;
      module = without_spaces(tree.text(name));
      modules.push_back(module);
      if (!module.empty() && module.back() != '.') module += '.';
    }
    for (Id name : tree.children(statement, Field::name)) {
      if (tree.is(name, Kind::aliased_import)) name = tree.child(name, Field::name);
      if (name != kNoNode) modules.push_back(module + without_spaces(tree.text(name)));
    }
  }
  return modules;
}

void mark_imported_reads(const std::vector<const git::TreeEntry*>& files, std::vector<FileFacts>& results) {
  Importer importer(files, results);
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (is_conftest(files[i]->path)) importer.follow(i);
  }
}

}  // namespace exitgate::collect::code
