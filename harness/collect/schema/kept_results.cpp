#include "harness/collect/schema/kept_results.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>

#include "harness/base/cache_folder.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/text.h"
#include "harness/digest/digest.h"

namespace exitgate::collect::schema {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kForm = "exitgate-kept-1";
constexpr std::size_t kDigest = 64;

// The folder of all entries; nullopt when there is none to be trusted.
std::optional<fs::path> folder_of_entries() {
  const auto cache = cache_folder();
  if (!cache || !is_ours(*cache)) return std::nullopt;
  const auto folder = *cache / "reuse";
  if (!is_ours(folder)) return std::nullopt;
  return folder;
}

// Files of the stage, and nothing that leads elsewhere.
bool may_be_kept(const std::string& path) {
  const auto parts = split(path, '/');
  const bool plain = std::all_of(parts.begin(), parts.end(), [](const std::string& part) {
    return !part.empty() && part != "." && part != "..";
  });
  const bool of_stage = path == "facts/schema.db" || path == "facts/rehearsal.db" ||
                        path.starts_with("schema/") || path.starts_with("migrations/") ||
                        path.starts_with("logs/");
  return plain && of_stage && path.find('\n') == std::string::npos;
}

// A regular file of ours that nobody else may write to, whole. Throws Undecided with what is wrong with it.
std::string read_own(const fs::path& path, std::uintmax_t most) {
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
  if (file < 0) throw Undecided(fmt::format("{} cannot be read", path.filename().string()));
  struct stat state {};
  const bool own = ::fstat(file, &state) == 0 && S_ISREG(state.st_mode) && state.st_uid == ::geteuid() &&
                   (state.st_mode & (S_IWGRP | S_IWOTH)) == 0 &&
                   static_cast<std::uintmax_t>(state.st_size) <= most;
  std::string content(own ? static_cast<std::size_t>(state.st_size) : 0, '\0');
  std::size_t got = 0;
  while (own && got < content.size()) {
    const ssize_t size = ::read(file, content.data() + got, content.size() - got);
    if (size < 0 && errno == EINTR) continue;
    if (size <= 0) break;
    got += static_cast<std::size_t>(size);
  }
  ::close(file);
  if (!own || got != content.size())
    throw Undecided(fmt::format("{} is not a file that we wrote", path.filename().string()));
  return content;
}

struct KeptFile {
  std::string path;
  std::string content;
};

// All files of an entry, each as its manifest says. Throws Undecided.
std::vector<KeptFile> read_entry(const fs::path& entry, const std::string& key, std::string& origin) {
  const auto lines = split(read_own(entry / "manifest", 1U << 20U), '\n');
  if (lines.size() < 5 || lines[0] != kForm || lines[1] != key || lines[lines.size() - 2] != "end" ||
      !lines.back().empty())
    throw Undecided("its manifest is not complete");
  origin = lines[2];
  std::vector<KeptFile> files;
  std::uintmax_t left = kLargestKept;
  for (std::size_t at = 3; at + 2 < lines.size(); ++at) {
    const std::string& line = lines[at];
    if (line.size() < kDigest + 3 || line.substr(kDigest, 2) != "  ")
      throw Undecided("its manifest has a line that is none of sha256sum");
    const std::string path = line.substr(kDigest + 2);
    if (!may_be_kept(path)) throw Undecided(fmt::format("it holds {}", printable(path)));
    auto content = read_own(entry / "files" / path, left);
    left -= content.size();
    if (digest::sha256_hex(content) != line.substr(0, kDigest))
      throw Undecided(fmt::format("{} is not what was kept", printable(path)));
    files.push_back({path, std::move(content)});
  }
  return files;
}

void remove_oldest(const fs::path& folder) {
  std::error_code ignored;
  std::vector<std::pair<fs::file_time_type, fs::path>> entries;
  const auto now = fs::file_time_type::clock::now();
  for (fs::directory_iterator at(folder, ignored), end; !ignored && at != end; at.increment(ignored)) {
    const auto when = at->last_write_time(ignored);
    // What a run that was killed left half done, an hour ago or more.
    if (at->path().filename().string().starts_with('.')) {
      if (now - when > std::chrono::hours(1)) fs::remove_all(at->path(), ignored);
      continue;
    }
    entries.emplace_back(when, at->path());
  }
  std::sort(entries.begin(), entries.end());
  for (std::size_t at = 0; at + kMostKept < entries.size(); ++at) fs::remove_all(entries[at].second, ignored);
}

bool make_private(const fs::path& folder) {
  return ::mkdir(folder.c_str(), 0700) == 0 || (errno == EEXIST && is_ours(folder));
}

void write_own(const fs::path& path, std::string_view content) {
  write_file(path, content);
  fs::permissions(path, fs::perms::owner_read | fs::perms::owner_write);
}

}  // namespace

std::string shown_origin(const Taken& taken, const std::string& key) {
  return fmt::format("{} (key {})", printable(taken.origin), key.substr(0, 16));
}

std::string sql_literal(const std::string& text) {
  std::string literal = "'";
  for (const char c : text) literal += c == '\'' ? "''" : std::string(1, c);
  return literal + "'";
}

Taken take_kept(const std::string& key, const fs::path& run) {
  Taken taken;
  const auto folder = folder_of_entries();
  std::error_code ignored;
  if (!folder || !fs::exists(fs::symlink_status(*folder / key, ignored))) return taken;
  const auto entry = *folder / key;
  try {
    if (!is_ours(entry) || !is_ours(entry / "files")) throw Undecided("others may write to it");
    for (const auto& file : read_entry(entry, key, taken.origin)) {
      make_directories((run / file.path).parent_path());
      write_file(run / file.path, file.content);
    }
    taken.found = true;
    // It was of use: others go first.
    fs::last_write_time(entry, fs::file_time_type::clock::now(), ignored);
  } catch (const std::exception& problem) {
    taken.problem = problem.what();
    fs::remove_all(entry, ignored);
  }
  return taken;
}

void keep(const std::string& key, const std::string& origin, const fs::path& run,
          const std::vector<std::string>& files) {
  const auto cache = cache_folder();
  std::error_code ignored;
  if (!cache) return;
  fs::create_directories(cache->parent_path(), ignored);
  const auto folder = *cache / "reuse";
  if (!make_private(*cache) || !make_private(folder)) return;
  std::string name = (folder / ".making-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) return;
  const fs::path making = name;
  try {
    std::string manifest = fmt::format("{}\n{}\n{}\n", kForm, key, origin);
    std::uintmax_t total = 0;
    for (const auto& path : files) {
      const auto content = read_file(run / path);
      total += content.size();
      if (!may_be_kept(path) || total > kLargestKept) throw Undecided("it is not to be kept");
      make_directories((making / "files" / path).parent_path());
      write_own(making / "files" / path, content);
      manifest += fmt::format("{}  {}\n", digest::sha256_hex(content), path);
    }
    fs::permissions(making / "files", fs::perms::owner_all);
    write_own(making / "manifest", manifest + "end\n");
    // Of two runs at once, the first one's stays: a folder that is not empty is not replaced.
    fs::rename(making, folder / key);
    remove_oldest(folder);
  } catch (const std::exception&) {
    // It only ever saves time.
  }
  fs::remove_all(making, ignored);
}

}  // namespace exitgate::collect::schema
