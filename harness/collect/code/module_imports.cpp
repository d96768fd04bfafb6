#include "harness/collect/code/module_imports.h"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <unordered_map>

#include "harness/base/path.h"
#include "harness/base/text.h"

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

bool is_plugins(const Tree& tree, Id expression) {
  return tree.is(expression, Kind::assignment) &&
         tree.text(tree.child(expression, Field::left)) == "pytest_plugins";
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
    std::set<std::size_t> plugins = {root};
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
        for (const auto& import : imports_of(file)) {
          if (import.plugin && plugins.contains(file)) plugins.insert(import.file);
          add(import.file, line);
        }
      }
    };
    follow_open();
    for (const auto& import : imports_of(root)) {
      if (import.plugin) plugins.insert(import.file);
      add(import.file, import.line);
      follow_open();
    }
    for (const auto& [file, line] : seen) {
      for (auto& read : results_[file].environment_reads) {
        if (read.at_import || plugins.contains(file)) mark(root, file, read, line);
      }
    }
    follow_calls(root, seen, plugins);
  }

 private:
  struct Imported {
    std::size_t file;
    int line;
    bool plugin;
  };

  // That the tests make the read, or set the variable.
  void mark(std::size_t root, std::size_t file, EnvironmentRead& read, int line) {
    if (file == root || read.imported_by) return;
    if (read.sets ? is_demanded_before(root, read, line) : stores(root, read.variable, line)) return;
    read.imported_by = files_[root]->path;
  }

  // A function of one file that is called: by the tests' own configuration anywhere, by others when they are imported.
  struct Called {
    std::size_t file;
    std::string function;
    int line;  // of the root by which it comes to that
    bool operator<(const Called& other) const {
      return std::tie(file, function) < std::tie(other.file, other.function);
    }
  };

  void follow_calls(std::size_t root, const std::map<std::size_t, int>& seen,
                    const std::set<std::size_t>& plugins) {
    std::set<Called> called;
    std::vector<Called> open;
    const auto add = [&](std::size_t file, const FunctionCall& call, int line) {
      for (const auto& [defining, function] : definitions_of(file, call.module, call.function)) {
        Called one{defining, function, line};
        if (called.size() < kModules && called.insert(one).second) open.push_back(std::move(one));
      }
    };
    for (const auto& [file, line] : seen) {
      for (const auto& call : results_[file].calls) {
        // What a conftest.py or plugin calls in a function comes after the module itself.
        if (call.within.empty()) {
          add(file, call, file == root ? call.line : line);
        } else if (plugins.contains(file)) {
          add(file, call, std::numeric_limits<int>::max());
        }
      }
    }
    while (!open.empty()) {
      const Called one = std::move(open.back());
      open.pop_back();
      for (auto& read : results_[one.file].environment_reads) {
        if (std::find(read.functions.begin(), read.functions.end(), one.function) == read.functions.end())
          continue;
        read.required = read.when_called;
        mark(root, one.file, read, one.line);
      }
      for (const auto& call : results_[one.file].calls) {
        if (call.within == one.function) add(one.file, call, one.line);
      }
    }
  }

  struct Definition {
    std::size_t file;
    std::string function;
  };

  // The file that a function of a module is in, also through modules that import it themselves.
  std::vector<Definition> definitions_of(std::size_t from, const std::string& module,
                                         const std::string& function, int depth = 4) const {
    if (module.empty()) return {{from, function}};
    if (depth == 0) return {};
    const auto files = resolve(files_[from]->path, module);
    if (files.empty()) return {};
    std::vector<Definition> found = {{files[0], function}};
    for (const auto& import : results_[files[0]].imports) {
      if (!import.module.ends_with(function) || import.module.size() <= function.size()) continue;
      const std::size_t dot = import.module.size() - function.size() - 1;
      if (import.module[dot] != '.') continue;
      const bool dots = import.module.find_first_not_of('.') > dot;
      for (auto& one :
           definitions_of(files[0], import.module.substr(0, dots ? dot + 1 : dot), function, depth - 1))
        found.push_back(std::move(one));
    }
    return found;
  }

  // In the order of the imports; looked up once, however many conftest.py lead to the file.
  const std::vector<Imported>& imports_of(std::size_t file) {
    auto& known = imported_[file];
    if (known) return *known;
    known.emplace();
    for (const auto& import : results_[file].imports) {
      // The module first, then the packages that it is in.
      bool plugin = import.plugin;
      for (const std::size_t imported : resolve(files_[file]->path, import.module)) {
        known->push_back({imported, import.line, plugin});
        plugin = false;
      }
    }
    return *known;
  }

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
  std::unordered_map<std::string_view, std::size_t> index_;
  std::map<std::size_t, std::optional<std::vector<Imported>>> imported_;
};

// Words of an import statement: names, dots among them, and commas; no comments, parentheses and line ends.
std::vector<std::string> import_words(std::string_view statement) {
  std::vector<std::string> words(1);
  const auto end_word = [&words] {
    if (!words.back().empty()) words.emplace_back();
  };
  for (std::size_t i = 0; i < statement.size(); ++i) {
    const char c = statement[i];
    if (c == '#') {
      i = std::min(statement.find('\n', i), statement.size());
      end_word();
    } else if (std::string_view(" \t\r\n\\()").find(c) != std::string_view::npos) {
      end_word();
    } else if (c == ',' || c == ';') {
      end_word();
      words.back() = c;
      words.emplace_back();
    } else {
      words.back() += c;
    }
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

void add_written_imports(std::string_view statement, int line, std::vector<Import>& modules) {
  const auto words = import_words(statement);
  std::size_t at = 1;
  std::string module;
  if (words[0] == "from") {
    if (words.size() < 4) return;
    module = words[1];
    modules.push_back({module, line});
    if (module.back() != '.') module += '.';
    at = 3;
  }
  for (bool name = true; at < words.size() && words[at] != ";"; ++at) {
    if (name) modules.push_back({module + words[at], line});
    name = words[at] == ",";
  }
}

void add_imports(const Tree& tree, Id statement, std::vector<Import>& modules) {
  const bool from = tree.is(statement, Kind::import_from_statement);
  if (!from && !tree.is(statement, Kind::import_statement)) return;
  const auto add = [&](std::string module) { modules.push_back({std::move(module), tree.line(statement)}); };
  std::string module;
  if (from) {
    const Id name = tree.child(statement, Field::module_name);
    if (name == kNoNode) return;
    module = without_spaces(tree.text(name));
    add(module);
    modules.back().plugin = tree.child(statement, Kind::wildcard_import) != kNoNode;
    if (!module.empty() && module.back() != '.') module += '.';
  }
  for (Id name : tree.children(statement, Field::name)) {
    if (tree.is(name, Kind::aliased_import)) name = tree.child(name, Field::name);
    if (name != kNoNode) add(module + without_spaces(tree.text(name)));
  }
}

}  // namespace

bool is_conftest(std::string_view path) {
  return path == "conftest.py" || path.ends_with("/conftest.py");
}

std::vector<Import> find_imports(const Tree& tree, const Names& names) {
  std::vector<Import> modules;
  std::vector<Id> statements = tree.children(tree.root());
  for (std::size_t i = 0; i < statements.size(); ++i) {
    const Id statement = statements[i];
    if (tree.is(statement, Kind::try_statement)) {
      // What is imported there is imported when it exists.
      const auto body = tree.children(tree.child(statement, Field::body));
      statements.insert(statements.begin() + static_cast<std::ptrdiff_t>(i) + 1, body.begin(), body.end());
      continue;
    }
    if (tree.is(statement, Kind::expression_statement)) {
      for (const Id expression : tree.children(statement)) {
        for (auto& module : named_modules(tree, names, expression))
          modules.push_back({std::move(module), tree.line(statement), is_plugins(tree, expression)});
      }
      continue;
    }
    add_imports(tree, statement, modules);
  }
  return modules;
}

std::vector<Import> scan_imports(std::string_view source) {
  std::vector<Import> modules;
  bool in_try = false;
  bool in_text = false;
  int number = 0;
  for (std::size_t at = 0; at < source.size();) {
    ++number;
    const std::size_t start = at;
    const std::size_t end = std::min(source.find('\n', at), source.size());
    const std::string_view whole = source.substr(at, end - at);
    at = end + 1;
    for (const std::string_view quote : {R"(""")", "'''"}) {
      for (std::size_t mark = whole.find(quote); mark != std::string_view::npos;
           mark = whole.find(quote, mark + 3))
        in_text = !in_text;
    }
    if (in_text || whole.empty()) continue;
    const bool outermost = whole.front() != ' ' && whole.front() != '\t';
    if (outermost) in_try = whole.starts_with("try:");
    if (!outermost && !in_try) continue;
    const std::string_view line = trim(whole);
    if (!line.starts_with("from ") && !line.starts_with("import ")) continue;
    // With the lines that parentheses or a backslash continue it on.
    std::size_t last = end;
    if (line.find('(') != std::string_view::npos) last = std::min(source.find(')', start), source.size());
    while (last < source.size() && source[last] == '\n' && source[last - 1] == '\\')
      last = std::min(source.find('\n', last + 1), source.size());
    add_written_imports(source.substr(start, last - start), number, modules);
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
