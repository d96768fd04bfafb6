// Files and folders: whole reads, atomic writes, temporary folders.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace exitgate {

// The whole file. Throws Undecided naming the file and the system's reason.
std::string read_file(const std::filesystem::path& path);

// Writes under a temporary name beside `path` and renames, so that a reader sees the old content or the new
// one, never a half. With `durable`, syncs the file and its folder. Throws Undecided.
void write_file(const std::filesystem::path& path, std::string_view content, bool durable = false);

// Makes a folder and those above it, unless they are there. Throws Undecided naming it and the system's reason.
void make_directories(const std::filesystem::path& path);

// A private folder (mode 0700) that is removed with all it holds when the object goes.
class TemporaryDirectory {
 public:
  // Made in $TMPDIR, else /tmp; `label` is part of its name.
  explicit TemporaryDirectory(std::string_view label = "exitgate");
  ~TemporaryDirectory();
  TemporaryDirectory(const TemporaryDirectory&) = delete;
  TemporaryDirectory& operator=(const TemporaryDirectory&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

}  // namespace exitgate
