#include "harness/base/file.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "harness/base/error.h"

namespace exitgate {

namespace {

[[noreturn]] void fail(std::string_view what, const std::filesystem::path& path) {
  const int reason = errno;
  throw Undecided(fmt::format("{} {}: {}", what, path.string(), std::strerror(reason)),
                  reason == ENOSPC ? "the disk is full: free some room, then run again" : "");
}

struct Descriptor {
  int fd = -1;
  explicit Descriptor(int opened) : fd(opened) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd >= 0) ::close(fd);
  }
};

}  // namespace

std::string read_file(const std::filesystem::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.fd < 0) fail("cannot open", path);
  struct stat status {};
  if (::fstat(file.fd, &status) != 0) fail("cannot read", path);
  std::string content;
  content.reserve(static_cast<std::size_t>(status.st_size) + 1);
  char buffer[1 << 16];
  for (;;) {
    const ssize_t got = ::read(file.fd, buffer, sizeof buffer);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail("cannot read", path);
    if (got == 0) return content;
    content.append(buffer, static_cast<std::size_t>(got));
  }
}

void write_file(const std::filesystem::path& path, std::string_view content, bool durable) {
  const auto folder = path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
  std::error_code made;
  std::filesystem::create_directories(folder, made);
  std::string temporary = (folder / ("." + path.filename().string() + ".XXXXXX")).string();
  const Descriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (file.fd < 0) fail("cannot write", path);
  const auto give_up = [&] {
    const int reason = errno;
    ::unlink(temporary.c_str());
    errno = reason;
    fail("cannot write", path);
  };
  while (!content.empty()) {
    const ssize_t put = ::write(file.fd, content.data(), content.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) give_up();
    content.remove_prefix(static_cast<std::size_t>(put));
  }
  // mkostemp makes 0600: give the mode that the user's umask gives any new file.
  const mode_t mask = ::umask(0);
  ::umask(mask);
  if (::fchmod(file.fd, 0666 & ~mask) != 0) give_up();
  if (durable && ::fsync(file.fd) != 0) give_up();
  if (::rename(temporary.c_str(), path.c_str()) != 0) give_up();
  if (durable) {
    const Descriptor parent(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (parent.fd >= 0) ::fsync(parent.fd);
  }
}

void make_directories(const std::filesystem::path& path) {
  std::error_code failed;
  std::filesystem::create_directories(path, failed);
  if (!failed && std::filesystem::is_directory(path, failed)) return;
  throw Undecided(fmt::format("cannot make the folder {}: {}", path.string(),
                              failed ? failed.message() : std::strerror(ENOTDIR)),
                  "is there room, and may it be written to?");
}

TemporaryDirectory::TemporaryDirectory(std::string_view label) {
  const char* base = std::getenv("TMPDIR");
  std::string name = fmt::format("{}/{}-XXXXXX", base != nullptr && *base != '\0' ? base : "/tmp", label);
  if (::mkdtemp(name.data()) == nullptr) fail("cannot make a folder", name);
  path_ = name;
}

TemporaryDirectory::~TemporaryDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace exitgate
