#include "harness/stages/author_facts.h"

#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <optional>

#include "harness/base/build_id.h"
#include "harness/base/cache_folder.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/digest/digest.h"
#include "harness/stages/collecting.h"
#include "harness/stages/target.h"

namespace exitgate::stages {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostEntries = 16;
constexpr std::chrono::hours kInUse(1);  // what was used since then is not removed

// What says the same of one commit whenever it is collected.
constexpr std::array<std::string_view, 4> kKept = {"ci", "code", "migrations", "census"};

bool is_kept(const std::string& domain) {
  return std::find(kKept.begin(), kKept.end(), domain) != kKept.end();
}

// The commit that a change is compared with is found by these.
std::string variables_of_ci() {
  std::vector<std::string> found;
  for (char** entry = ::environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    for (const std::string_view begin : {"CI", "GITHUB_", "GITLAB_", "GITEA_", "FORGEJO_", "CHANGE_"}) {
      if (text.starts_with(begin)) found.emplace_back(text);
    }
  }
  std::sort(found.begin(), found.end());
  return join(found, "\n");
}

// nullopt where nothing may be kept.
std::optional<std::string> key_of(const AuthorCheckout& checkout) {
  const auto& repository = checkout.repository;
  if (repository.is_partial() || build_id().empty()) return std::nullopt;
  if (trim(repository.output({"rev-parse", "--is-shallow-repository"})) == "true") return std::nullopt;
  const auto head = repository.run({"symbolic-ref", "--quiet", "HEAD"});
  const std::vector<std::string> parts = {build_id(),
                                          repository.git_directory().string(),
                                          checkout.commit,
                                          checkout.base,
                                          head.output,
                                          repository.output({"for-each-ref"}),
                                          repository.run({"config", "--list", "-z"}).output,
                                          variables_of_ci()};
  digest::Sha256 digest;
  for (const auto& part : parts) digest.update(fmt::format("{} {}\n", part.size(), part));
  return digest.hex();
}

std::optional<fs::path> folder_of_cache() {
  const auto cache = fact_cache();
  if (cache.empty()) return std::nullopt;
  auto folder = cache / "commits";
  std::error_code failed;
  fs::create_directories(folder, failed);
  fs::permissions(folder, fs::perms::owner_all, failed);  // facts of a private repository
  if (failed || !is_ours(cache) || !is_ours(folder)) return std::nullopt;
  return folder;
}

// The oldest make room. Whatever goes wrong here takes disk space and nothing else.
void remove_oldest(const fs::path& cache) {
  std::error_code ignored;
  std::vector<std::pair<fs::file_time_type, fs::path>> entries;
  for (const auto& entry : fs::directory_iterator(cache, ignored))
    entries.emplace_back(entry.last_write_time(ignored), entry.path());
  std::sort(entries.begin(), entries.end());
  const auto recent = fs::file_time_type::clock::now() - kInUse;
  for (std::size_t i = 0; i + kMostEntries < entries.size() && entries[i].first < recent; ++i)
    fs::remove_all(entries[i].second, ignored);
}

void collect_into(const AuthorCheckout& checkout, const std::vector<std::string>& domains,
                  const fs::path& folder, const fs::path& run_root) {
  if (domains.empty()) return;
  collect_repository({checkout.repository, checkout.commit, checkout.repository.tree(checkout.commit),
                      checkout.base, fact_cache()},
                     domains, folder, run_root, checkout.asked);
}

}  // namespace

void collect_for_author(const AuthorCheckout& checkout, const std::vector<std::string>& domains,
                        const fs::path& folder, const fs::path& run_root) {
  const bool any_kept = std::any_of(domains.begin(), domains.end(), is_kept);
  const auto key = any_kept ? key_of(checkout) : std::nullopt;
  const auto cache = key ? folder_of_cache() : std::nullopt;
  if (!cache) return collect_into(checkout, domains, folder, run_root);
  const auto entry = *cache / *key;
  std::vector<std::string> missing;
  for (const auto& domain : domains) {
    if (!is_kept(domain) || !fs::exists(entry / (domain + ".db"))) missing.push_back(domain);
  }
  collect_into(checkout, missing, folder, run_root);
  make_directories(entry);
  for (const auto& domain : domains) {
    if (!is_kept(domain)) continue;
    const auto file = domain + ".db";
    if (fs::exists(folder / file)) {
      // Under a name of its own first, so that nobody takes half of it.
      const auto copied = entry / fmt::format("{}.{}", file, ::getpid());
      std::error_code failed;
      fs::copy_file(folder / file, copied, failed);
      if (!failed) fs::rename(copied, entry / file, failed);
    } else {
      fs::create_symlink(entry / file, folder / file);
    }
  }
  std::error_code ignored;
  fs::last_write_time(entry, fs::file_time_type::clock::now(), ignored);
  remove_oldest(*cache);
}

}  // namespace exitgate::stages
