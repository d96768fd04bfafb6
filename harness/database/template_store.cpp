#include "harness/database/template_store.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/base/cache_folder.h"

namespace exitgate::database {

namespace {

namespace fs = std::filesystem;

bool copy_file(const fs::path& from, const fs::path& to, mode_t mode,
               const std::optional<Command::Identity>& owner) {
  const int in = ::open(from.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (in < 0) return false;
  const int out = ::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  bool good = out >= 0;
  struct stat state {};
  good = good && ::fstat(in, &state) == 0;
  for (off_t left = good ? state.st_size : 0; good && left > 0;) {
    const ssize_t sent = ::sendfile(out, in, nullptr, static_cast<std::size_t>(left));
    good = sent > 0;
    left -= sent;
  }
  if (good && owner) good = ::fchown(out, owner->user, owner->group) == 0;
  ::close(in);
  if (out >= 0) good = ::close(out) == 0 && good;
  return good;
}

// Folders and regular files only: initdb makes nothing else.
bool copy_tree(const fs::path& from, const fs::path& to, const std::optional<Command::Identity>& owner) {
  if (::mkdir(to.c_str(), 0700) != 0) return false;
  if (owner && ::lchown(to.c_str(), owner->user, owner->group) != 0) return false;
  std::error_code failed;
  for (const auto& entry : fs::directory_iterator(from, failed)) {
    const fs::path target = to / entry.path().filename();
    if (entry.is_symlink()) return false;
    if (entry.is_directory()) {
      if (!copy_tree(entry.path(), target, owner)) return false;
    } else if (!entry.is_regular_file() || !copy_file(entry.path(), target, 0600, owner)) {
      return false;
    }
  }
  return !failed;
}

}  // namespace

bool take_template(const std::string& key, const fs::path& data,
                   const std::optional<Command::Identity>& owner) {
  const auto cache = cache_folder();
  if (!cache) return false;
  const fs::path kept = *cache / fmt::format("cluster-{}", key);
  if (!is_ours(*cache) || !is_ours(kept)) return false;
  std::error_code ignored;
  if (copy_tree(kept, data, owner) && fs::exists(data / "PG_VERSION", ignored)) return true;
  fs::remove_all(data, ignored);
  return false;
}

void keep_template(const std::string& key, const fs::path& data) {
  const auto cache = cache_folder();
  if (!cache) return;
  std::error_code failed;
  fs::create_directories(*cache, failed);
  if (!is_ours(*cache)) return;
  const fs::path kept = *cache / fmt::format("cluster-{}", key);
  const fs::path making = *cache / fmt::format(".cluster-{}.{}", key, ::getpid());
  fs::remove_all(making, failed);
  if (copy_tree(data, making, std::nullopt)) fs::rename(making, kept, failed);
  fs::remove_all(making, failed);
}

}  // namespace exitgate::database
