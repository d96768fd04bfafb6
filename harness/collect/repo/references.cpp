#include "harness/collect/repo/references.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/redact/redactor.h"

namespace exitgate::collect {

namespace {

constexpr std::chrono::seconds kLimit(20);  // a large history without a commit graph is slow to walk

std::vector<Reference> references_with(const git::Repository& repository, const std::string& commit) {
  const auto finished = repository.run({"for-each-ref", fmt::format("--contains={}", commit),
                                        "--format=%(refname) %(objectname) %(*objectname)"},
                                       kLimit);
  if (!finished.ok()) {
    throw Undecided(fmt::format("git for-each-ref --contains: {}", finished.error.empty()
                                                                       ? finished.outcome()
                                                                       : std::string(trim(finished.error))));
  }
  std::vector<Reference> found;
  for (const auto& line : split(finished.output, '\n')) {
    const auto fields = split(line, ' ');
    if (fields.size() < 3) continue;
    const std::string& oid = fields[2].empty() ? fields[1] : fields[2];
    found.push_back({fields[0], oid, oid == commit});
  }
  return found;
}

struct Configured {
  std::vector<std::string> urls;
  std::vector<std::string> destinations;  // globs over the names of the references that a fetch writes
};

// `git config --get-regexp -z`: "remote.<name>.<variable>\n<value>", each ended by NUL.
std::map<std::string, Configured> configured_remotes(const git::Repository& repository) {
  const auto listed = repository.run({"config", "-z", "--get-regexp", "^remote\\..*\\.(url|fetch)$"});
  if (listed.exit_code > 1) throw Undecided(fmt::format("git config: {}", trim(listed.error)));
  constexpr std::string_view kRemote = "remote.";
  std::map<std::string, Configured> remotes;
  for (const auto& entry : split(listed.output, '\0')) {
    const std::size_t end = entry.find('\n');
    if (end == std::string::npos) continue;
    const std::string_view key = std::string_view(entry).substr(0, end);
    const std::string_view value = std::string_view(entry).substr(end + 1);
    const std::size_t dot = key.rfind('.');
    auto& remote = remotes[std::string(key.substr(kRemote.size(), dot - kRemote.size()))];
    if (key.substr(dot) == ".url") {
      remote.urls.emplace_back(value);
    } else if (const std::size_t colon = value.find(':'); colon != std::string_view::npos) {
      remote.destinations.emplace_back(value.substr(colon + 1));
    }
  }
  return remotes;
}

bool written_by(const Configured& remote, const std::string& reference) {
  return std::any_of(remote.destinations.begin(), remote.destinations.end(),
                     [&](const std::string& glob) { return glob_match(glob, reference); });
}

std::vector<std::string> all_references(const git::Repository& repository) {
  return split(repository.output({"for-each-ref", "--format=%(refname)"}), '\n');
}

}  // namespace

References read_references(const git::Repository& repository, const std::string& commit, bool shallow) {
  References result;
  bool walked = false;
  try {
    result.references = references_with(repository, commit);
    walked = true;
  } catch (const std::exception& error) {
    result.problems.push_back(
        {std::nullopt, commit,
         fmt::format("which branches hold the commit could not be told: {}", error.what())});
  }
  try {
    const auto remotes = configured_remotes(repository);
    if (remotes.empty()) return result;
    const auto known = all_references(repository);
    for (const auto& entry : remotes) {
      const Configured& remote = entry.second;
      std::optional<bool> contains;
      const bool holds =
          std::any_of(result.references.begin(), result.references.end(),
                      [&](const Reference& reference) { return written_by(remote, reference.name); });
      const bool fetched = std::any_of(known.begin(), known.end(), [&](const std::string& reference) {
        return !reference.empty() && written_by(remote, reference);
      });
      // A "no" needs something to have been looked through: branches of the remote, and their whole history.
      if (holds) {
        contains = true;
      } else if (walked && fetched && !shallow) {
        contains = false;
      }
      for (const auto& url : remote.urls)
        result.remotes.push_back({entry.first, without_credentials(url), contains});
    }
  } catch (const std::exception& error) {
    result.problems.push_back(
        {std::nullopt, std::nullopt, fmt::format("the remotes could not be read: {}", error.what())});
  }
  return result;
}

}  // namespace exitgate::collect
