#include "harness/archive/atomic_file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "harness/base/error.h"

namespace exitgate::archive {

namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kFlushed = 8U << 20;

}  // namespace

void throw_system_error(std::string_view action, const fs::path& path) {
  const int why = errno;
  throw Undecided(fmt::format("cannot {} {}: {}", action, path.string(), std::strerror(why)),
                  why == ENOSPC || why == EDQUOT ? "the disk is full: free some room, then seal again" : "");
}

AtomicFile::AtomicFile(const fs::path& path)
    : final_(path), folder_(path.has_parent_path() ? path.parent_path() : fs::path(".")) {
  std::error_code made;
  fs::create_directories(folder_, made);
  const std::string prefix = fmt::format(".{}.sealing-", path.filename().string());
  remove_abandoned(prefix);
  name_ = (folder_ / (prefix + "XXXXXX")).string();
  fd_ = ::mkostemp(name_.data(), O_CLOEXEC);
  // Held as long as we live: whoever finds the file without its lock may remove it.
  if (fd_ < 0 || ::flock(fd_, LOCK_EX | LOCK_NB) != 0) throw_system_error("write", path);
}

AtomicFile::~AtomicFile() {
  if (fd_ >= 0) ::close(fd_);
  if (!name_.empty()) ::unlink(name_.c_str());
}

void AtomicFile::write(std::string_view bytes) {
  digest_.update(bytes);
  size_ += bytes.size();
  while (!bytes.empty()) {
    const ssize_t put = ::write(fd_, bytes.data(), bytes.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) throw_system_error("write", final_);
    bytes.remove_prefix(static_cast<std::size_t>(put));
  }
  if (size_ - begun_ >= kFlushed) {
    // So that little is left for fsync.
    ::sync_file_range(fd_, static_cast<off_t>(begun_), static_cast<off_t>(size_ - begun_),
                      SYNC_FILE_RANGE_WRITE);
    begun_ = size_;
  }
}

void AtomicFile::patch(std::uint64_t offset, std::string_view bytes) {
  if (::pwrite(fd_, bytes.data(), bytes.size(), static_cast<off_t>(offset)) !=
      static_cast<ssize_t>(bytes.size())) {
    throw_system_error("write", final_);
  }
  patched_ = true;
}

void AtomicFile::sync() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  if (::fchmod(fd_, 0666 & ~mask) != 0 || ::fsync(fd_) != 0) throw_system_error("write", final_);
}

void AtomicFile::publish() {
  if (::rename(name_.c_str(), final_.c_str()) != 0) throw_system_error("write", final_);
  name_.clear();
  const int folder = ::open(folder_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    ::fsync(folder);
    ::close(folder);
  }
}

void AtomicFile::remove_abandoned(const std::string& prefix) const {
  std::error_code failed;
  for (fs::directory_iterator at(folder_, failed), end; !failed && at != end; at.increment(failed)) {
    if (!at->path().filename().string().starts_with(prefix)) continue;
    const int file = ::open(at->path().c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (file < 0) continue;
    if (::flock(file, LOCK_EX | LOCK_NB) == 0) ::unlink(at->path().c_str());
    ::close(file);
  }
}

void write_atomically(const fs::path& path, std::string_view content) {
  AtomicFile file(path);
  file.write(content);
  file.sync();
  file.publish();
}

}  // namespace exitgate::archive
