#include "harness/collect/code/module_imports.h"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "harness/base/path.h"

namespace exitgate::collect::code {

using syntax::Field;
using syntax::Id;
using syntax::inner;
using syntax::Kind;
using syntax::kNoNode;
using syntax::Names;
using syntax::Tree;

namespace {

constexpr std::string_view kDjangoSettings = "DJANGO_SETTINGS_MODULE";
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

// `pytest_plugins = ["tests.plugin"]`, and `os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"` or setdefault.
std::vector<std::string> named_modules(const Tree& tree, const Names& names, Id expression) {
  std::vector<std::string> modules;
  const auto add = [&](Id value) {
    if (const auto module = names.constant(value)) modules.push_back(*module);
  };
  if (tree.is(expression, Kind::assignment)) {
    const Id left = tree.child(expression, Field::left);
    const Id right = inner(tree, tree.child(expression, Field::right));
    if (tree.text(left) == "pytest_plugins") {
      add(right);
      if (tree.is(right, Kind::list) || tree.is(right, Kind::tuple)) {
        for (const Id item : tree.children(right)) add(item);
      }
    } else if (tree.is(left, Kind::subscript) &&
               names.constant(tree.child(left, Field::subscript)) == kDjangoSettings) {
      add(right);
    }
  } else if (tree.is(expression, Kind::call)) {
    const auto arguments = tree.children(tree.child(expression, Field::arguments));
    if (arguments.size() == 2 && names.constant(arguments[0]) == kDjangoSettings) add(arguments[1]);
  }
  return modules;
}

class Importer {
 public:
  Importer(const std::vector<const git::TreeEntry*>& files, std::vector<FileFacts>& results)
      : files_(files), results_(results) {
    for (std::size_t i = 0; i < files.size(); ++i) index_.emplace(files[i]->path, i);
  }

  void follow(std::size_t root) {
    // Each file with the line of the root's import that leads to it first; 0: before the root itself.
    std::map<std::size_t, int> seen = {{root, 0}};
    std::vector<std::size_t> open;
    const auto add = [&](std::size_t file, int line) {
      if (seen.size() < kModules && seen.emplace(file, line).second) open.push_back(file);
    };
    // The packages that a conftest.py is in are imported before it.
    if (is_conftest(files_[root]->path)) {
      for (const std::size_t package : packages_of(files_[root]->path)) add(package, 0);
    }
    const auto follow_open = [&] {
      while (!open.empty()) {
        const std::size_t file = open.back();
        open.pop_back();
        const int line = seen.at(file);
        for (const auto& import : results_[file].imports) {
          for (const std::size_t imported : resolve(files_[file]->path, import.module)) add(imported, line);
        }
      }
    };
    follow_open();
    for (const auto& import : results_[root].imports) {
      for (const std::size_t imported : resolve(files_[root]->path, import.module))
        add(imported, import.line);
      follow_open();
    }
    for (const auto& [file, line] : seen) {
      if (file == root) continue;
      for (auto& read : results_[file].environment_reads) {
        if (!read.at_import || read.imported_by) continue;
        if (read.sets ? is_demanded_before(root, read, line) : stores(root, read.variable, line)) continue;
        read.imported_by = files_[root]->path;
      }
    }
  }

 private:
  // Given a value by the conftest.py itself, before it imports the module.
  bool stores(std::size_t conftest, const std::optional<std::string>& variable, int line) const {
    const auto& stored = results_[conftest].stored_variables;
    return std::any_of(stored.begin(), stored.end(), [&](const StoredVariable& one) {
      return one.line <= line && (!one.variable || !variable || one.variable == variable);
    });
  }

  // Whether the conftest.py cannot get as far as the import without the variable, so that it keeps the value it has.
  bool is_demanded_before(std::size_t conftest, const EnvironmentRead& set, int line) const {
    if (set.overrides) return false;
    const auto& reads = results_[conftest].environment_reads;
    return std::any_of(reads.begin(), reads.end(), [&](const EnvironmentRead& read) {
      return read.required == true && !read.condition && read.at_import && !read.sets &&
             read.variable == set.variable && read.line < line;
    });
  }

  std::vector<std::size_t> packages_of(std::string_view path) const {
    std::vector<std::size_t> found;
    for (std::string_view folder = folder_of(path);; folder = folder_of(folder)) {
      const auto package = index_.find(below(folder, "__init__.py"));
      if (package == index_.end()) return found;
      found.push_back(package->second);
      if (folder.empty()) return found;
    }
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

std::vector<Import> find_imports(const Tree& tree, const Names& names) {
  std::vector<Import> modules;
  const auto add = [&](std::string module, Id at) { modules.push_back({std::move(module), tree.line(at)}); };
  for (const Id statement : tree.children(tree.root())) {
    if (tree.is(statement, Kind::expression_statement)) {
      for (const Id expression : tree.children(statement)) {
        for (auto& module : named_modules(tree, names, expression)) add(std::move(module), statement);
      }
      continue;
    }
    const bool from = tree.is(statement, Kind::import_from_statement);
    if (!from && !tree.is(statement, Kind::import_statement)) continue;
    std::string module;
    if (from) {
      const Id name = tree.child(statement, Field::module_name);
      if (name == kNoNode) continue;
      module = without_spaces(tree.text(name));
      add(module, statement);
      if (!module.empty() && module.back() != '.') module += '.';
    }
    for (Id name : tree.children(statement, Field::name)) {
      if (tree.is(name, Kind::aliased_import)) name = tree.child(name, Field::name);
      if (name != kNoNode) add(module + without_spaces(tree.text(name)), statement);
    }
  }
  return modules;
}

void mark_imported_reads(const std::vector<const git::TreeEntry*>& files, std::vector<FileFacts>& results) {
  Importer importer(files, results);
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (is_conftest(files[i]->path)) importer.follow(i);
  }
  // Django's settings, which pytest's configuration names.
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (results[i].language.empty() && !results[i].imports.empty()) importer.follow(i);
  }
}

}  // namespace exitgate::collect::code
