// A file that gets its name when it is complete: the name holds the whole new file, or what it held before.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "harness/digest/digest.h"

namespace exitgate::archive {

// Written under a temporary name beside the final one, locked while it is written, and removed with the object unless
// publish() was called. What a killed writer left under such a name is removed by the next one. Every member throws
// Undecided when the disk is full or cannot be written.
class AtomicFile {
 public:
  explicit AtomicFile(const std::filesystem::path& path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  int fd() const { return fd_; }
  void write(std::string_view bytes);
  // Overwrites what was written before: then digest() is that of no file any more.
  void patch(std::uint64_t offset, std::string_view bytes);
  std::uint64_t size() const { return size_; }
  // SHA-256 of what was written, in hex; "" once something was patched.
  std::string digest() { return patched_ ? "" : digest_.hex(); }

  void sync();
  void publish();

 private:
  void remove_abandoned(const std::string& prefix) const;

  std::filesystem::path final_;
  std::filesystem::path folder_;
  std::string name_;  // "" once it was published
  int fd_ = -1;
  digest::Sha256 digest_;
  std::uint64_t size_ = 0;
  std::uint64_t begun_ = 0;  // bytes that the kernel was told to write
  bool patched_ = false;
};

// The whole file at once, synced.
void write_atomically(const std::filesystem::path& path, std::string_view content);

// Throws Undecided "cannot <action> <path>: <the system's reason>", after a system call that failed.
[[noreturn]] void throw_system_error(std::string_view action, const std::filesystem::path& path);

}  // namespace exitgate::archive
