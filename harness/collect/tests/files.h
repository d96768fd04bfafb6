// The files that a glob of reports names.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace exitgate::collect::tests {

inline constexpr std::size_t kMostFiles = 500;                 // of one search
inline constexpr std::uintmax_t kMostBytes = 16U << 20U;       // of one report
inline constexpr std::uintmax_t kMostBytesOfAll = 64U << 20U;  // of one search

// Whether a path fits a glob: `*` also crosses '/', and "**/" may be nothing.
bool is_report_of(const std::string& glob, const std::string& path);

// The files below `root` whose paths, relative to it, fit the glob, sorted; not through links, and none where the glob
// leads out of it. A glob that begins with '/' is of the machine's root.
std::vector<std::filesystem::path> files_of(const std::filesystem::path& root, const std::string& glob);

struct FileContent {
  std::string text = {};
  std::string problem = {};  // why it could not be read whole; "" when it could
  bool regular = true;       // false for a link and all else that is not a regular file
};

// Of `most` bytes at most. Links are not followed.
FileContent read_regular(const std::filesystem::path& path, std::uintmax_t most);

}  // namespace exitgate::collect::tests
