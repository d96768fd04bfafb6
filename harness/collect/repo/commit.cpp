#include "harness/collect/repo/commit.h"

#include <fmt/core.h>

#include <charconv>
#include <cstdint>
#include <optional>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/base/time.h"

namespace exitgate::collect::repo {

namespace {

// "Name <address> 1768405884 -0600": the seconds stand last but one.
std::string committer_time(std::string_view line, std::string_view oid) {
  const auto fields = split(line, ' ');
  std::int64_t seconds = 0;
  bool read = false;
  if (fields.size() >= 2) {
    const std::string& text = fields[fields.size() - 2];
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), seconds);
    read = parsed.ec == std::errc() && parsed.ptr == text.data() + text.size();
  }
  const auto time = read ? utc_time(seconds) : std::nullopt;
  if (!time) {
    throw Undecided(fmt::format("commit {}: its committer line has no time: '{}'", oid, valid_utf8(line)));
  }
  return *time;
}

}  // namespace

Commit parse_commit(std::string_view content, std::string_view oid) {
  constexpr std::string_view kTree = "tree ";
  constexpr std::string_view kCommitter = "committer ";
  constexpr std::string_view kSignature = "gpgsig";  // also gpgsig-sha256
  Commit commit;
  while (!content.empty()) {
    const std::size_t end = content.find('\n');
    const std::string_view line = content.substr(0, end);
    content.remove_prefix(end == std::string_view::npos ? content.size() : end + 1);
    if (line.empty()) break;
    // Only the first of each counts: what follows could be anybody's extra header.
    if (line.rfind(kTree, 0) == 0 && commit.tree.empty()) {
      commit.tree = line.substr(kTree.size());
    } else if (line.rfind(kCommitter, 0) == 0 && commit.committed_at.empty()) {
      commit.committed_at = committer_time(line.substr(kCommitter.size()), oid);
    } else if (line.rfind(kSignature, 0) == 0 && line.find(' ') != std::string_view::npos) {
      commit.signature = line.substr(line.find(' ') + 1);
    }
  }
  if (commit.tree.empty() || commit.committed_at.empty()) {
    throw Undecided(fmt::format("commit {}: not in the form of a commit object", oid));
  }
  // git skips blank lines before the message.
  const std::size_t start = content.find_first_not_of('\n');
  if (start != std::string_view::npos) {
    content.remove_prefix(start);
    commit.subject = trim(content.substr(0, content.find('\n')));
  }
  return commit;
}

}  // namespace exitgate::collect::repo
