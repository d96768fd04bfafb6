// What a provider may read of the commit and its clone, beside the files that it has claimed.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/checkout.h"

namespace exitgate::collect::ci {

constexpr std::size_t kMostBytes = 1U << 20;  // of a file; no provider takes a larger one

struct Remote {
  std::string name;  // "origin"
  std::string url;
};

struct Source {
  // The text of a file of the commit; nullopt when there is none, or it is too large, or not in the clone.
  std::function<std::optional<std::string>(const std::string& path)> read;
  // Files of the commit whose paths match a glob.
  std::function<std::vector<std::string>(const std::string& glob)> find;
  // The clone's remotes.
  std::function<std::vector<Remote>()> remotes;
};

// Why an entry of the tree is not read at all, or "".
std::string not_a_file(const git::TreeEntry& entry);

// The entry of the commit's tree at a path, or nullptr.
const git::TreeEntry* find_entry(const Checkout& checkout, std::string_view path);

// Must not outlive the checkout. Reads through one git that stays alive, for one thread: a process for each file
// would take longer to start than what it reads takes to be understood.
Source source_of(const Checkout& checkout);

}  // namespace exitgate::collect::ci
