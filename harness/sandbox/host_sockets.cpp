#include "harness/sandbox/host_sockets.h"

#include <fstream>
#include <string>

namespace exitgate::sandbox {

namespace fs = std::filesystem;

std::vector<fs::path> host_sockets() {
  std::vector<fs::path> found;
  std::ifstream table("/proc/net/unix");
  for (std::string line; std::getline(table, line);) {
    // "Num RefCount Protocol Flags Type St Inode Path"; an abstract name begins with '@'.
    const std::size_t slash = line.find(" /");
    if (slash == std::string::npos) continue;
    const fs::path path = line.substr(slash + 1);
    std::error_code ignored;
    if (fs::is_socket(path, ignored)) found.push_back(path);
  }
  return found;
}

}  // namespace exitgate::sandbox
