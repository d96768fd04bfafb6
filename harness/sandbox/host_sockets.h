// The unix sockets that somebody of this machine listens on.
#pragma once

#include <filesystem>
#include <vector>

namespace exitgate::sandbox {

// Those with a path that exists, by /proc/net/unix.
std::vector<std::filesystem::path> host_sockets();

}  // namespace exitgate::sandbox
