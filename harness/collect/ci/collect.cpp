#include "harness/collect/ci/collect.h"

#include <fmt/core.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "harness/base/thread_group.h"
#include "harness/base/work_queue.h"
#include "harness/collect/ci/call_chains.h"
#include "harness/collect/ci/commands.h"
#include "harness/collect/ci/model.h"
#include "harness/collect/ci/provider.h"
#include "harness/collect/ci/source.h"
#include "harness/collect/ci/write.h"
#include "harness/git/batch.h"

namespace exitgate::collect {

namespace {

struct Reading {
  const ci::Provider* provider = nullptr;
  ci::File* file = nullptr;
  ci::Claim claim = ci::Claim::none;
};

void read_one(const Reading& reading, const git::Blob& blob) {
  ci::File& file = *reading.file;
  if (!blob.content) {
    file.problem = blob.missing
                       ? fmt::format("blob {} is missing from the clone", file.oid)
                       : fmt::format("{} bytes: larger than the limit of {}", blob.size, ci::kMostBytes);
    return;
  }
  try {
    if (reading.claim == ci::Claim::workflow) {
      reading.provider->read(*blob.content, static_cast<ci::Workflow&>(file));
    } else {
      reading.provider->read(*blob.content, static_cast<ci::Action&>(file));
    }
  } catch (const std::exception& error) {
    file.problem = fmt::format("cannot be read: {}", error.what());
  }
}

// Threads read files while git goes on handing them out. So that a repository of thousands of files is never in
// memory as a whole, who gets a file while many wait reads it.
void read_blobs(const Checkout& checkout, const std::vector<Reading>& readings,
                const std::vector<std::string>& ids) {
  constexpr std::size_t kMostWaiting = 32;
  constexpr std::size_t kWorthAThread = 8;
  const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
  const std::size_t others = std::min({cores, ids.size() / kWorthAThread + 1, std::size_t{8}}) - 1;
  WorkQueue<std::pair<std::size_t, git::Blob>> queue(kMostWaiting);
  ThreadGroup threads;
  const auto read = [&](const std::pair<std::size_t, git::Blob>& item) {
    read_one(readings[item.first], item.second);
  };
  try {
    for (std::size_t i = 0; i < others; ++i) {
      threads.start([&] {
        while (const auto item = queue.pop()) read(*item);
      });
    }
    git::read_blobs(checkout.repository, ids, ci::kMostBytes, [&](std::size_t i, git::Blob blob) {
      std::pair<std::size_t, git::Blob> item(i, std::move(blob));
      if (others == 0 || !queue.try_push(std::move(item))) read(item);
    });
  } catch (...) {
    queue.cancel();
    throw;
  }
  queue.close();
  while (const auto item = queue.try_pop()) read(*item);
  threads.join();
}

// A file of the commit and whose it is.
struct Claimed {
  const git::TreeEntry* entry = nullptr;
  const ci::Provider* provider = nullptr;
};

struct Claims {
  std::vector<Claimed> workflows;
  std::vector<std::vector<Claimed>> actions;  // of each file, all that claim it
  std::set<const ci::Provider*> used;         // with a workflow or configuration in the commit
};

Claims claim_files(const Checkout& checkout) {
  Claims claims;
  for (const git::TreeEntry& entry : checkout.tree) {
    std::vector<Claimed> as_action;
    bool more = false;
    for (const ci::Provider* provider : ci::providers()) {
      const ci::Claim claim = provider->claim(entry.path);
      if (claim == ci::Claim::action) as_action.push_back({&entry, provider});
      if (claim == ci::Claim::configuration && ci::not_a_file(entry).empty()) claims.used.insert(provider);
      if (claim != ci::Claim::workflow || more) continue;
      more = true;
      claims.workflows.push_back({&entry, provider});
      claims.used.insert(provider);
    }
    if (!more && !as_action.empty()) claims.actions.push_back(std::move(as_action));
  }
  return claims;
}

// Of those that claim a composite action, the first with a workflow that may call it.
const Claimed& owner(const std::vector<Claimed>& claimed, const std::set<const ci::Provider*>& used) {
  for (const Claimed& one : claimed) {
    if (used.contains(one.provider)) return one;
  }
  return claimed.front();
}

void read_files(const Checkout& checkout, const Claims& claims, ci::Model& model) {
  model.workflows.resize(claims.workflows.size());
  model.actions.resize(claims.actions.size());
  std::vector<Reading> readings;
  std::vector<std::string> ids;
  const auto add = [&](const Claimed& claimed, ci::File& file, ci::Claim claim) {
    file.path = claimed.entry->path;
    file.oid = claimed.entry->oid;
    file.provider = claimed.provider->record().name;
    if (std::string reason = ci::not_a_file(*claimed.entry); !reason.empty()) {
      file.problem = std::move(reason);
      return;
    }
    readings.push_back({claimed.provider, &file, claim});
    ids.push_back(claimed.entry->oid);
  };
  for (std::size_t i = 0; i < claims.workflows.size(); ++i) {
    add(claims.workflows[i], model.workflows[i], ci::Claim::workflow);
  }
  for (std::size_t i = 0; i < claims.actions.size(); ++i) {
    add(owner(claims.actions[i], claims.used), model.actions[i], ci::Claim::action);
  }
  read_blobs(checkout, readings, ids);
}

}  // namespace

void collect_ci(const Checkout& checkout, const std::filesystem::path& out) {
  ci::Model model;
  const Claims claims = claim_files(checkout);
  read_files(checkout, claims, model);
  const ci::Source source = ci::source_of(checkout);
  ci::CallChains chains;
  for (const ci::Provider* provider : ci::providers()) {
    if (claims.used.contains(provider)) provider->complete(source, model, chains);
  }
  const auto commands = ci::commands_of(checkout, source, model);
  ci::write(std::move(model), chains, commands, out);
}

}  // namespace exitgate::collect
