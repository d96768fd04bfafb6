#include "harness/collect/code/own_functions.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "harness/base/path.h"

namespace exitgate::collect::code {

namespace {

std::string below(std::string_view folder, std::string_view path) {
  return folder.empty() ? std::string(path) : std::string(folder) + "/" + std::string(path);
}

bool is_word_character(char c) {
  return c == '_' || (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool holds_word(std::string_view text, std::string_view word) {
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    if ((at == 0 || !is_word_character(text[at - 1])) &&
        (end == text.size() || !is_word_character(text[end])))
      return true;
  }
  return false;
}

class Repository {
 public:
  Repository(const Checkout& checkout, const std::vector<const git::TreeEntry*>& files,
             const std::vector<FileFacts>& results)
      : checkout_(checkout), results_(results) {
    for (std::size_t i = 0; i < files.size(); ++i) files_.emplace(files[i]->path, Entry{i, files[i]->oid});
  }

  // Every file that `module` may mean, when `from` imports it, defines the function; and there is one.
  bool defines(std::string_view from, const std::string& module, const std::string& function) {
    bool any = false;
    for (const auto& root : roots(from, module)) {
      const std::string path = below(root, dotted(module));
      const auto* const plain = find(path + ".py");
      const auto* const package = find(path + "/__init__.py");
      if (plain == nullptr && package == nullptr) continue;
      const auto* const file = package != nullptr ? package : plain;
      if (plain != nullptr && package != nullptr) return false;
      const auto& own = results_[file->index].own_functions;
      if (std::find(own.begin(), own.end(), function) == own.end() || hidden(path)) return false;
      any = true;
    }
    return any;
  }

 private:
  struct Entry {
    std::size_t index;
    std::string oid;
  };

  const Entry* find(const std::string& path) const {
    const auto found = files_.find(path);
    return found == files_.end() ? nullptr : &found->second;
  }

  // "a/b" for "a.b" and "..a.b".
  static std::string dotted(const std::string& module) {
    std::string path = module.substr(std::min(module.find_first_not_of('.'), module.size()));
    std::replace(path.begin(), path.end(), '.', '/');
    return path;
  }

  // Where Python may begin to look: the package that the dots name, else each folder above the file.
  static std::vector<std::string> roots(std::string_view from, const std::string& module) {
    std::vector<std::string> all;
    std::string_view folder = folder_of(from);
    const std::size_t dots = std::min(module.find_first_not_of('.'), module.size());
    if (dots > 0) {
      for (std::size_t i = 1; i < dots; ++i) {
        if (folder.empty()) return {};
        folder = folder_of(folder);
      }
      return {std::string(folder)};
    }
    for (;; folder = folder_of(folder)) {
      all.emplace_back(folder);
      if (folder.empty()) return all;
    }
  }

  // Whether the package's own code may bind the module's name: `from app import db` is then that.
  bool hidden(const std::string& path) {
    const auto* const package = find(below(folder_of(path), "__init__.py"));
    if (package == nullptr) return false;
    if (!objects_) objects_.emplace(checkout_.repository);
    const auto object = objects_->read(package->oid);
    return !object || holds_word(object->content, name_of(path));
  }

  const Checkout& checkout_;
  const std::vector<FileFacts>& results_;
  std::map<std::string, Entry, std::less<>> files_;
  std::optional<git::Objects> objects_;
};

}  // namespace

void leave_out_own_functions(const Checkout& checkout, const std::vector<const git::TreeEntry*>& files,
                             std::vector<FileFacts>& results) {
  const bool any = std::any_of(results.begin(), results.end(),
                               [](const FileFacts& facts) { return !facts.own_functions.empty(); });
  if (!any) return;
  Repository repository(checkout, files, results);
  for (std::size_t i = 0; i < results.size(); ++i) {
    std::erase_if(results[i].schema_calls, [&](const SchemaCall& call) {
      return !call.imported.empty() &&
             std::all_of(call.imported.begin(), call.imported.end(), [&](const std::string& module) {
               return repository.defines(files[i]->path, module, std::string(to_text(call.kind)));
             });
    });
  }
}

}  // namespace exitgate::collect::code
