#include "harness/base/cache_folder.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

namespace exitgate {

namespace fs = std::filesystem;

std::optional<fs::path> cache_folder() {
  if (const char* const own = std::getenv("EXITGATE_CACHE"); own != nullptr && *own != '\0') return own;
  if (const char* const xdg = std::getenv("XDG_CACHE_HOME"); xdg != nullptr && *xdg == '/') {
    return fs::path(xdg) / "exitgate";
  }
  if (const char* const home = std::getenv("HOME"); home != nullptr && *home == '/') {
    return fs::path(home) / ".cache" / "exitgate";
  }
  return std::nullopt;
}

bool is_ours(const fs::path& folder) {
  struct stat state {};
  return ::lstat(folder.c_str(), &state) == 0 && S_ISDIR(state.st_mode) && state.st_uid == ::geteuid() &&
         (state.st_mode & (S_IWGRP | S_IWOTH)) == 0;
}

bool is_open_to_all(fs::path folder) {
  for (; folder.has_relative_path(); folder = folder.parent_path()) {
    struct stat state {};
    if (::stat(folder.c_str(), &state) == 0 && (state.st_mode & S_IXOTH) == 0) return false;
  }
  return true;
}

}  // namespace exitgate
