#include "harness/collect/schema/export.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <optional>
#include <unordered_set>

#include "harness/base/error.h"
#include "harness/base/path_text.h"
#include "harness/base/text.h"

namespace exitgate::collect::schema {

namespace {

namespace fs = std::filesystem;

// git itself makes no such paths; a commit made by hand can hold them.
bool is_safe(const std::string& path) {
  if (path.empty() || path.front() == '/' || path.find('\0') != std::string::npos) return false;
  for (const auto& part : split(path, '/')) {
    if (part.empty() || part == "." || part == ".." || lower(part) == ".git") return false;
  }
  return true;
}

[[noreturn]] void fail(const fs::path& path) {
  throw Undecided(fmt::format("cannot write {}: {}", path.string(), std::strerror(errno)),
                  errno == ENOSPC ? "the disk is full: free some room, or set TMPDIR" : "");
}

class Folder {
 public:
  explicit Folder(fs::path root) : root_(std::move(root)) {}

  void write(const std::string& path, std::string_view content, bool executable) {
    make_parents(path);
    const fs::path target = root_ / path;
    // O_EXCL does not follow a link that the commit may have put there.
    const int file =
        ::open(target.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, executable ? 0755 : 0644);
    if (file < 0) fail(target);
    while (!content.empty()) {
      const ssize_t put = ::write(file, content.data(), content.size());
      if (put < 0 && errno == EINTR) continue;
      if (put < 0) {
        ::close(file);
        fail(target);
      }
      content.remove_prefix(static_cast<std::size_t>(put));
    }
    ::close(file);
  }
  void link(const std::string& path, const std::string& to) {
    make_parents(path);
    if (::symlink(to.c_str(), (root_ / path).c_str()) != 0) fail(root_ / path);
  }
  void folder(const std::string& path) { make_parents(path + "/"); }

 private:
  void make_parents(const std::string& path) {
    for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
      const std::string parent = path.substr(0, slash);
      if (!made_.insert(parent).second) continue;
      if (::mkdir((root_ / parent).c_str(), 0755) != 0) fail(root_ / parent);
    }
  }
  fs::path root_;
  std::unordered_set<std::string> made_;
};

}  // namespace

std::vector<LeftOut> export_commit(const collect::Checkout& checkout, const std::vector<fs::path>& folders) {
  std::vector<Folder> targets;
  targets.reserve(folders.size());
  for (const auto& folder : folders) targets.emplace_back(folder);
  std::vector<LeftOut> left_out;
  git::Objects objects(checkout.repository);
  struct Link {
    std::string path;
    std::string to;
  };
  std::vector<Link> links;
  std::string previous;
  for (const auto& entry : checkout.tree) {
    const std::string path = path_bytes(entry.path);
    if (!is_safe(path)) {
      left_out.push_back({entry.path, "its path leads out of the repository"});
      continue;
    }
    if (entry.mode == "160000") {
      for (auto& target : targets) target.folder(path);
      continue;
    }
    const auto object = objects.read(entry.oid);
    if (!object || object->type != "blob") {
      left_out.push_back({entry.path, fmt::format("blob {} is missing in the clone", entry.oid), true});
      continue;
    }
    if (entry.mode == "120000") {
      links.push_back({path, object->content});
      continue;
    }
    for (auto& target : targets) target.write(path, object->content, entry.mode == "100755");
  }
  // Links come last, so that nothing is written through one. One that leads out of the export is left out.
  for (const auto& [path, to] : links) {
    const fs::path resolved = (fs::path("/root") / fs::path(path).parent_path() / to).lexically_normal();
    const bool within = !to.empty() && to.front() != '/' && to.find('\0') == std::string::npos &&
                        (resolved == "/root" || resolved.string().rfind("/root/", 0) == 0);
    if (!within) {
      left_out.push_back({path_text(path), "it is a link that leads out of the repository"});
      continue;
    }
    for (auto& target : targets) target.link(path, to);
  }
  return left_out;
}

}  // namespace exitgate::collect::schema
