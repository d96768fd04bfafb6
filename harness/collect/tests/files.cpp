#include "harness/collect/tests/files.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "harness/base/text.h"

namespace exitgate::collect::tests {

namespace fs = std::filesystem;

namespace {

// The part of a glob before its first wildcard's folder: where the search begins.
fs::path literal_folder(const std::string& glob) {
  return fs::path(glob.substr(0, glob.find_first_of("*?"))).parent_path();
}

bool is_file(const fs::path& path) {
  struct stat state {};
  return ::lstat(path.c_str(), &state) == 0 && !S_ISDIR(state.st_mode);
}

}  // namespace

bool is_report_of(const std::string& glob, const std::string& path) {
  if (glob_match(glob, path)) return true;
  const std::size_t any = glob.find("**/");
  return any != std::string::npos && glob_match(std::string(glob).erase(any, 3), path);
}

std::vector<fs::path> files_of(const fs::path& root, const std::string& written) {
  const auto normal = fs::path(written).lexically_normal();
  if (normal.empty() || *normal.begin() == "..") return {};
  const fs::path base = normal.is_absolute() ? fs::path("/") : root;
  const std::string glob = normal.is_absolute() ? normal.string().substr(1) : normal.string();
  const auto folder = base / literal_folder(glob);
  std::error_code failed;
  const auto top = fs::canonical(base, failed);
  // A folder that is a link could lead out of the tree.
  const auto real = fs::canonical(folder, failed);
  if (failed || std::mismatch(top.begin(), top.end(), real.begin(), real.end()).first != top.end()) return {};
  std::vector<fs::path> files;
  if (glob.find_first_of("*?") == std::string::npos) {
    if (is_file(base / glob)) files.push_back(base / glob);
    return files;
  }
  fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, failed);
  for (const fs::recursive_directory_iterator end; !failed && at != end; at.increment(failed)) {
    if (is_report_of(glob, at->path().lexically_relative(base).string()) && is_file(at->path()))
      files.push_back(at->path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

FileContent read_regular(const fs::path& path, std::uintmax_t most) {
  FileContent content;
  const int file = ::open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
  if (file < 0) {
    content.regular = errno != ELOOP;
    content.problem = errno == ELOOP ? "it is a link" : std::strerror(errno);
    return content;
  }
  struct stat state {};
  if (::fstat(file, &state) != 0 || !S_ISREG(state.st_mode)) {
    content.regular = false;
    content.problem = "it is not a regular file";
  } else if (static_cast<std::uintmax_t>(state.st_size) > most) {
    content.problem = fmt::format("it has {} bytes, and at most {} are kept", state.st_size, most);
  } else {
    content.text.resize(static_cast<std::size_t>(state.st_size));
    std::size_t done = 0;
    while (done < content.text.size()) {
      const ssize_t got = ::read(file, content.text.data() + done, content.text.size() - done);
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) break;
      done += static_cast<std::size_t>(got);
    }
    if (done < content.text.size()) content.problem = "it could not be read whole";
    content.text.resize(done);
  }
  ::close(file);
  return content;
}

}  // namespace exitgate::collect::tests
