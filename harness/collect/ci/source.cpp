#include "harness/collect/ci/source.h"

#include <algorithm>

#include "harness/base/text.h"
#include "harness/git/batch.h"

namespace exitgate::collect::ci {

std::string not_a_file(const git::TreeEntry& entry) {
  if (entry.mode == "120000") return "a symbolic link, which is not followed";
  return entry.type == "blob" ? "" : "a submodule, not a file";
}

Source source_of(const Checkout& checkout) {
  Source source;
  source.read = [&checkout](const std::string& path) -> std::optional<std::string> {
    const auto entry = std::find_if(checkout.tree.begin(), checkout.tree.end(),
                                    [&](const git::TreeEntry& one) { return one.path == path; });
    if (entry == checkout.tree.end() || !not_a_file(*entry).empty()) return std::nullopt;
    std::optional<std::string> content;
    git::read_blobs(checkout.repository, {entry->oid}, kMostBytes,
                    [&](std::size_t, git::Blob blob) { content = std::move(blob.content); });
    return content;
  };
  source.find = [&checkout](const std::string& glob) {
    std::vector<std::string> files;
    for (const git::TreeEntry& entry : checkout.tree) {
      if (glob_match(glob, entry.path)) files.push_back(entry.path);
    }
    return files;
  };
  source.remotes = [&checkout] {
    std::vector<Remote> remotes;
    const auto listed = checkout.repository.run({"config", "--get-regexp", "^remote\\..*\\.url$"});
    for (const std::string& line : split(listed.output, '\n')) {
      constexpr std::string_view kBefore = "remote.";
      constexpr std::string_view kBehind = ".url";
      const std::size_t space = line.find(' ');
      const std::string_view key = std::string_view(line).substr(0, space);
      if (space == std::string::npos || !key.starts_with(kBefore) || !key.ends_with(kBehind)) continue;
      remotes.push_back(
          {std::string(key.substr(kBefore.size(), key.size() - kBefore.size() - kBehind.size())),
           line.substr(space + 1)});
    }
    return remotes;
  };
  return source;
}

}  // namespace exitgate::collect::ci
