#include "harness/collect/repo/references.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "harness/base/error.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/redact/redactor.h"

namespace exitgate::collect::repo {

namespace {

constexpr std::chrono::seconds kLimit(60);  // a large history without a commit graph is slow to walk

std::string output_of(const git::Repository& repository, std::vector<std::string> arguments,
                      std::string input = "") {
  const std::string shown = join(std::vector(arguments.begin(), arguments.begin() + 2), " ");
  Command command = repository.command(std::move(arguments));
  command.input = std::move(input);
  command.limit = kLimit;
  auto finished = run(command);
  if (!finished.ok()) {
    throw Undecided(
        fmt::format("git {}: {}", shown,
                    finished.error.empty() ? finished.outcome() : std::string(trim(finished.error))));
  }
  return std::move(finished.output);
}

// Every reference that leads to a commit of the clone, through tags of tags as well.
std::vector<Reference> all_references(const git::Repository& repository) {
  std::vector<Reference> references;
  std::string questions;
  for (const auto& line :
       split(output_of(repository, {"for-each-ref", "--format=%(refname) %(objectname)"}), '\n')) {
    const std::size_t space = line.rfind(' ');
    if (space == std::string::npos) continue;
    references.push_back({line.substr(0, space), "", false});
    questions += line.substr(space + 1) + "^{commit}\n";
  }
  // One line for each: "<oid> commit <size>", or "<question> missing" where no commit stands behind it.
  const auto answers = split(output_of(repository, {"cat-file", "--batch-check"}, questions), '\n');
  if (answers.size() != references.size() + 1) {
    throw Undecided(fmt::format("git cat-file --batch-check: {} answers to {} questions", answers.size() - 1,
                                references.size()));
  }
  for (std::size_t i = 0; i < references.size(); ++i) {
    const auto fields = split(answers[i], ' ');
    if (fields.size() == 3 && fields[1] == "commit") references[i].oid = fields[0];
  }
  std::erase_if(references, [](const Reference& reference) { return reference.oid.empty(); });
  return references;
}

// One walk from all of them down to the commit. (`for-each-ref --contains` walks once for each reference.)
std::vector<Reference> those_with(const git::Repository& repository, const std::string& commit,
                                  std::vector<Reference> references) {
  std::set<std::string> tips;
  for (const auto& reference : references) tips.insert(reference.oid);
  std::string input;
  for (const auto& tip : tips) input += tip + "\n";
  // The descendants of the commit among what the tips lead to; without a tip, git would take HEAD.
  const std::string walked =
      input.empty() ? ""
                    : output_of(repository, {"rev-list", "--ancestry-path", "--stdin", "^" + commit}, input);
  std::set<std::string> containing = {commit};
  for (std::string_view rest = walked; !rest.empty();) {
    const std::size_t end = rest.find('\n');
    const auto tip = tips.find(std::string(rest.substr(0, end)));
    if (tip != tips.end()) containing.insert(*tip);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  }
  std::erase_if(references, [&](const Reference& one) { return !containing.contains(one.oid); });
  for (auto& reference : references) reference.at_commit = reference.oid == commit;
  return references;
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

// Whether a fetch from the remote writes one of them.
bool writes_any(const Configured& remote, const std::vector<Reference>& references) {
  return std::any_of(references.begin(), references.end(), [&](const Reference& reference) {
    return std::any_of(remote.destinations.begin(), remote.destinations.end(),
                       [&](const std::string& glob) { return glob_match(glob, reference.name); });
  });
}

}  // namespace

References read_references(const git::Repository& repository, const std::string& commit, bool shallow) {
  References result;
  std::vector<Reference> known;
  bool walked = false;
  try {
    known = all_references(repository);
    result.references = those_with(repository, commit, known);
    walked = true;
  } catch (const std::exception& error) {
    result.problems.push_back(
        {std::nullopt, commit,
         fmt::format("which branches hold the commit could not be told: {}", error.what())});
  }
  try {
    for (const auto& [name, remote] : configured_remotes(repository)) {
      std::optional<bool> contains;
      // A "no" needs something to have been looked through: branches of the remote, and their whole history.
      if (writes_any(remote, result.references)) {
        contains = true;
      } else if (walked && !shallow && writes_any(remote, known)) {
        contains = false;
      }
      for (const auto& url : remote.urls)
        result.remotes.push_back({name, redact::without_credentials(url), contains});
    }
  } catch (const std::exception& error) {
    result.problems.push_back(
        {std::nullopt, std::nullopt, fmt::format("the remotes could not be read: {}", error.what())});
  }
  return result;
}

}  // namespace exitgate::collect::repo
