#include "harness/collect/migrations/source.h"

#include <algorithm>
#include <limits>

#include "harness/base/text.h"
#include "harness/git/batch.h"

namespace exitgate::collect {

Source::Source(const Checkout& checkout) : repository_(checkout.repository) {
  for (const auto& entry : checkout.tree) {
    if (entry.type != "blob" || entry.mode == "120000") continue;
    paths_.push_back(entry.path);
    oids_.emplace(entry.path, entry.oid);
  }
  std::sort(paths_.begin(), paths_.end());
}

std::vector<std::string> Source::files_in(std::string_view folder, bool below) const {
  const std::string prefix = folder.empty() ? "" : std::string(folder) + "/";
  std::vector<std::string> found;
  for (auto at = std::lower_bound(paths_.begin(), paths_.end(), prefix);
       at != paths_.end() && at->compare(0, prefix.size(), prefix) == 0; ++at) {
    if (below || at->find('/', prefix.size()) == std::string::npos) found.push_back(*at);
  }
  return found;
}

std::vector<std::string> Source::named(std::string_view name) const {
  const bool ending = name.starts_with('*');
  const std::string_view end = ending ? name.substr(1) : name;
  std::vector<std::string> found;
  for (const auto& path : paths_) {
    if (path.ends_with(end) && (ending || name_of(path) == name)) found.push_back(path);
  }
  return found;
}

bool Source::has_file(std::string_view path) const {
  return oids_.find(path) != oids_.end();
}

std::string Source::oid(std::string_view path) const {
  const auto found = oids_.find(path);
  return found == oids_.end() ? "" : found->second;
}

bool Source::has_folder(std::string_view folder) const {
  if (folder.empty()) return !paths_.empty();
  const std::string prefix = std::string(folder) + "/";
  const auto at = std::lower_bound(paths_.begin(), paths_.end(), prefix);
  return at != paths_.end() && at->compare(0, prefix.size(), prefix) == 0;
}

std::optional<std::string> Source::read(std::string_view path) {
  const auto known = read_.find(path);
  if (known != read_.end()) return known->second;
  std::optional<std::string> content;
  const auto oid = oids_.find(path);
  if (oid != oids_.end()) {
    if (!objects_) objects_.emplace(repository_);
    if (auto object = objects_->read(oid->second); object && object->type == "blob")
      content = std::move(object->content);
  }
  return read_.emplace(path, std::move(content)).first->second;
}

void Source::read_ahead(const std::vector<std::string>& paths) {
  // git ends at an object that a partial clone may lack; read() knows how to ask there.
  if (repository_.is_partial()) return;
  std::vector<std::string> wanted;
  std::vector<std::string> oids;
  for (const auto& path : paths) {
    const auto oid = oids_.find(path);
    if (oid == oids_.end() || read_.contains(path)) continue;
    wanted.push_back(path);
    oids.push_back(oid->second);
  }
  git::read_blobs(
      repository_, oids, std::numeric_limits<std::size_t>::max(),
      [&](std::size_t at, git::Blob blob) { read_.emplace(wanted[at], std::move(blob.content)); });
}

std::optional<std::string> join_path(std::string_view folder, std::string_view path) {
  if (!path.empty() && path.front() == '/') return std::nullopt;
  std::vector<std::string> parts;
  for (const auto& text : {folder, path}) {
    for (auto& part : split(text, '/')) {
      if (part.empty() || part == ".") continue;
      if (part == "..") {
        if (parts.empty()) return std::nullopt;
        parts.pop_back();
      } else {
        parts.push_back(std::move(part));
      }
    }
  }
  return join(parts, "/");
}

bool ends_with(std::string_view text, std::string_view end) {
  return text.size() >= end.size() && text.substr(text.size() - end.size()) == end;
}

}  // namespace exitgate::collect
