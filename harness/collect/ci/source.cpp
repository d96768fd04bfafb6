#include "harness/collect/ci/source.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "harness/base/text.h"

namespace exitgate::collect::ci {

namespace {

std::vector<Remote> remotes_of(const git::Repository& repository) {
  std::vector<Remote> remotes;
  const auto listed = repository.run({"config", "--get-regexp", "^remote\\..*\\.url$"});
  for (const std::string& line : split(listed.output, '\n')) {
    constexpr std::string_view kBefore = "remote.";
    constexpr std::string_view kBehind = ".url";
    const std::size_t space = line.find(' ');
    const std::string_view key = std::string_view(line).substr(0, space);
    if (space == std::string::npos || !key.starts_with(kBefore) || !key.ends_with(kBehind)) continue;
    remotes.push_back({std::string(key.substr(kBefore.size(), key.size() - kBefore.size() - kBehind.size())),
                       line.substr(space + 1)});
  }
  return remotes;
}

}  // namespace

std::string not_a_file(const git::TreeEntry& entry) {
  if (entry.mode == "120000") return "a symbolic link, which is not followed";
  return entry.type == "blob" ? "" : "a submodule, not a file";
}

const git::TreeEntry* find_entry(const Checkout& checkout, std::string_view path) {
  const auto at =
      std::lower_bound(checkout.tree.begin(), checkout.tree.end(), path,
                       [](const git::TreeEntry& entry, std::string_view p) { return entry.path < p; });
  return at != checkout.tree.end() && at->path == path ? &*at : nullptr;
}

Source source_of(const Checkout& checkout) {
  Source source;
  source.read = [&checkout, objects = std::shared_ptr<git::Objects>()](
                    const std::string& path) mutable -> std::optional<std::string> {
    const git::TreeEntry* entry = find_entry(checkout, path);
    if (entry == nullptr || !not_a_file(*entry).empty()) return std::nullopt;
    if (objects == nullptr) objects = std::make_shared<git::Objects>(checkout.repository);
    auto object = objects->read(entry->oid, kMostBytes);
    if (!object || object->type != "blob") return std::nullopt;
    return std::move(object->content);
  };
  source.find = [&checkout](const std::string& glob) {
    std::vector<std::string> files;
    for (const git::TreeEntry& entry : checkout.tree) {
      if (glob_match(glob, entry.path)) files.push_back(entry.path);
    }
    return files;
  };
  source.remotes = [&checkout, known = std::optional<std::vector<Remote>>()]() mutable {
    if (!known) known = remotes_of(checkout.repository);
    return *known;
  };
  return source;
}

}  // namespace exitgate::collect::ci
