#include "harness/collect/tests/commit_paths.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "harness/base/path.h"

namespace exitgate::collect::tests {

namespace {

// A way from a path of the report to one of the commit: the prefix that it loses, or the folder that it gains.
struct Offer {
  std::string change;  // "-/home/runner/work/" or "+frontend/"
  std::string path;    // of the commit
};

bool is_absolute(std::string_view path) {
  return path.starts_with('/') || (path.size() > 2 && path[1] == ':' && path[2] == '/');
}

// With '/' between its parts, and without what says nothing.
std::string plain(std::string path, const std::string& root) {
  std::replace(path.begin(), path.end(), '\\', '/');
  if (path.starts_with("file://")) path.erase(0, 7);
  path = std::filesystem::path(path).lexically_normal().string();
  if (!root.empty() && path.starts_with(root + "/")) path.erase(0, root.size() + 1);
  return path;
}

}  // namespace

CommitPaths::CommitPaths(const std::vector<git::TreeEntry>& tree) {
  paths_.reserve(tree.size());
  for (const auto& entry : tree) paths_.push_back(entry.path);
  std::sort(paths_.begin(), paths_.end());
  for (const auto& path : paths_) by_name_.emplace(name_of(path), path);
}

bool CommitPaths::has(std::string_view path) const {
  return std::binary_search(paths_.begin(), paths_.end(), path, std::less<>());
}

std::vector<std::optional<std::string>> CommitPaths::resolve(
    const std::vector<std::vector<std::string>>& files, const std::string& root) const {
  std::vector<std::optional<std::string>> meant(files.size());
  std::vector<std::vector<Offer>> offers(files.size());
  std::map<std::string, std::size_t> votes;
  for (std::size_t at = 0; at < files.size(); ++at) {
    for (const auto& written : files[at]) {
      const auto path = plain(written, root);
      if (path.empty() || path.starts_with("../")) continue;
      if (!meant[at] && has(path)) meant[at] = path;
      if (is_absolute(path)) {
        for (std::size_t slash = path.find('/'); slash != std::string::npos;
             slash = path.find('/', slash + 1)) {
          const auto rest = path.substr(slash + 1);
          if (has(rest)) offers[at].push_back({"-" + path.substr(0, slash + 1), rest});
        }
      } else {
        const auto [first, last] = by_name_.equal_range(name_of(path));
        for (auto found = first; found != last; ++found) {
          const auto tracked = found->second;
          if (tracked.size() > path.size() && tracked.ends_with(path) &&
              tracked[tracked.size() - path.size() - 1] == '/')
            offers[at].push_back(
                {"+" + std::string(tracked.substr(0, tracked.size() - path.size())), std::string(tracked)});
        }
      }
    }
    std::set<std::string> changes;
    for (const auto& offer : offers[at]) changes.insert(offer.change);
    for (const auto& change : changes) ++votes[change];
  }
  // The prefix that most absolute paths have lost; of two, the shorter.
  std::string lost;
  for (const auto& [change, count] : votes) {
    if (change[0] != '-') continue;
    if (lost.empty() || count > votes[lost] || (count == votes[lost] && change.size() < lost.size()))
      lost = change;
  }
  for (std::size_t at = 0; at < files.size(); ++at) {
    if (meant[at]) continue;
    std::size_t most = 0;
    bool certain = false;
    for (const auto& offer : offers[at]) {
      if (offer.change == lost) {
        meant[at] = offer.path;
        certain = true;
        break;
      }
      if (offer.change[0] == '-') continue;
      const std::size_t count = votes[offer.change];
      if (count > most) {
        most = count;
        meant[at] = offer.path;
        certain = true;
      } else if (count == most && meant[at] != offer.path) {
        certain = false;
      }
    }
    if (!certain) meant[at] = std::nullopt;
  }
  return meant;
}

}  // namespace exitgate::collect::tests
