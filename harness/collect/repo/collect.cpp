#include "harness/collect/repo/collect.h"

#include <fmt/core.h>

#include <future>
#include <map>
#include <string>
#include <unordered_map>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/collect/repo/changes.h"
#include "harness/collect/repo/commit.h"
#include "harness/collect/repo/index_flags.h"
#include "harness/collect/repo/references.h"
#include "harness/collect/repo/signature.h"
#include "harness/facts/secrets.h"
#include "harness/facts/store.h"
#include "harness/redact/redactor.h"

namespace exitgate::collect::repo {

namespace {

struct Sizes {
  std::unordered_map<std::string, std::optional<std::int64_t>> by_oid;  // nullopt: missing from the clone
  std::vector<RepoProblem> problems;
};

// Asks for each blob once. A blob that got no answer at all is in neither form: its size is unknown, not missing.
Sizes blob_sizes(const Checkout& checkout) {
  Sizes sizes;
  auto command =
      checkout.repository.command({"cat-file", "--batch-check=%(objectname) %(objecttype) %(objectsize)"});
  for (const auto& entry : checkout.tree) {
    if (entry.type == "blob" && sizes.by_oid.try_emplace(entry.oid).second) command.input += entry.oid + '\n';
  }
  if (command.input.empty()) return sizes;
  try {
    if (checkout.repository.is_partial()) {
      const auto local = git::local_blobs(checkout.repository);
      for (auto& [oid, size] : sizes.by_oid) {
        if (const auto found = local.find(oid); found != local.end()) size = found->second;
      }
      return sizes;
    }
    sizes.by_oid.clear();
    const auto finished = exitgate::run(command);
    for (const auto& line : split(finished.output, '\n')) {
      const auto fields = split(line, ' ');
      if (fields.size() == 2 && fields[1] == "missing") {
        sizes.by_oid[fields[0]] = std::nullopt;
      } else if (fields.size() == 3 && fields[1] == "blob") {
        sizes.by_oid[fields[0]] = std::stoll(fields[2]);
      }
    }
    if (!finished.ok()) {
      sizes.problems.push_back(
          {std::nullopt, std::nullopt,
           fmt::format("git cat-file --batch-check: {}: {}", finished.outcome(), trim(finished.error))});
    }
  } catch (const std::exception& error) {
    sizes.by_oid.clear();
    sizes.problems.push_back({std::nullopt, std::nullopt, error.what()});
  }
  return sizes;
}

struct Head {
  std::optional<std::string> commit;
  std::optional<std::string> branch;
};

Head read_head(const git::Repository& repository) {
  constexpr std::string_view kBranches = "refs/heads/";
  Head head;
  const auto at = repository.run({"rev-parse", "--verify", "--quiet", "HEAD^{commit}"});
  if (at.ok()) head.commit = std::string(trim(at.output));
  const auto on = repository.run({"symbolic-ref", "--quiet", "HEAD"});
  const std::string_view name = trim(on.output);
  if (on.ok() && name.rfind(kBranches, 0) == 0) head.branch = std::string(name.substr(kBranches.size()));
  return head;
}

Commit read_commit(const Checkout& checkout) {
  return parse_commit(checkout.repository.output({"cat-file", "commit", checkout.commit}), checkout.commit);
}

void write_file(facts::Store& store, const git::TreeEntry& entry, const std::string& path,
                const Sizes& sizes) {
  std::optional<std::int64_t> size;
  if (entry.type == "blob") {
    const auto found = sizes.by_oid.find(entry.oid);
    if (found == sizes.by_oid.end()) {
      store.insert(RepoProblem{entry.path, entry.oid, "the clone did not say whether it has this blob"});
    } else if (!found->second) {
      store.insert(Change{"missing", entry.path});
      store.insert(RepoProblem{entry.path, entry.oid, "the blob is missing from the clone"});
    } else {
      size = found->second;
    }
  }
  store.insert(facts::repo::File{.path = path, .mode = entry.mode, .oid = entry.oid, .size = size});
}

// The paths as the store has them. Names that look as if they held a secret are masked, and may then be one: the second
// of them is written with " (2)" behind it, so that each file keeps a row.
class StoredPaths {
 public:
  std::string of(const std::string& path) {
    auto masked = facts::secrets().redacted(path);
    if (!masked) return path;
    const int count = ++seen_[*masked];
    return count == 1 ? *masked : fmt::format("{} ({})", *masked, count);
  }

 private:
  std::map<std::string, int> seen_;
};

// A difference anywhere is a yes; a no needs everything to have been compared.
std::optional<bool> is_dirty(const git::Repository& repository, const Changes& changes,
                             const IndexFlags& flags) {
  if (!repository.work_tree()) return std::nullopt;
  bool complete = changes.complete && flags.complete;
  for (const auto& flag : flags.flags) {
    if (flag.differs.value_or(false)) return true;
    if (!flag.differs) complete = false;
  }
  if (!changes.rows.empty()) return true;
  return complete ? std::optional(false) : std::nullopt;
}

void collect_all(const Checkout& checkout, const std::filesystem::path& out) {
  const auto& repository = checkout.repository;
  std::vector<std::string> submodules;
  for (const auto& entry : checkout.tree) {
    if (entry.type == "commit") submodules.push_back(entry.path);
  }
  // `git status` takes longest: everything else is asked while it runs.
  const Head head = read_head(repository);
  auto changing = std::async(std::launch::async, [&] {
    return read_changes(repository, checkout.commit, head.commit.value_or(""), submodules);
  });
  auto flagging = std::async(std::launch::async, [&] { return read_index_flags(repository, checkout.tree); });
  const bool shallow = trim(repository.output({"rev-parse", "--is-shallow-repository"})) == "true";
  const Commit commit = read_commit(checkout);
  const Sizes sizes = blob_sizes(checkout);
  const References references = read_references(repository, checkout.commit, shallow);
  std::optional<Signature> signature;
  if (!commit.signature.empty()) {
    signature = read_signature(repository, checkout.commit, signature_kind(commit.signature));
  }
  const Changes changes = changing.get();
  const IndexFlags flags = flagging.get();

  facts::Store store(out, "repo");
  const bool on_branch = head.commit == checkout.commit;
  store.insert(facts::repo::Checkout{.oid = checkout.commit,
                                     .tree = commit.tree,
                                     .branch = on_branch ? head.branch : std::nullopt,
                                     .committed_at = commit.committed_at,
                                     .subject = commit.subject,
                                     .dirty = is_dirty(repository, changes, flags),
                                     .shallow = shallow,
                                     .head = head.commit});
  if (signature) store.insert(*signature);
  StoredPaths paths;
  for (const auto& entry : checkout.tree) write_file(store, entry, paths.of(entry.path), sizes);
  for (const auto& change : changes.rows) store.insert(change);
  for (const auto& flag : flags.flags) {
    store.insert(flag);
    if (flag.differs.value_or(false)) store.insert(Change{std::string(to_text(flag.flag)), flag.path});
  }
  for (const auto& hidden : flags.excluded) store.insert(hidden);
  for (const auto& remote : references.remotes) store.insert(remote);
  for (const auto& reference : references.references) store.insert(reference);
  for (const auto* problems : {&sizes.problems, &changes.problems, &flags.problems, &references.problems}) {
    for (const auto& problem : *problems) store.insert(problem);
  }
  store.close();
}

}  // namespace
}  // namespace exitgate::collect::repo

namespace exitgate::collect {

void collect_repo(const Checkout& checkout, const std::filesystem::path& out) {
  repo::collect_all(checkout, out);
}

}  // namespace exitgate::collect
