// Runs a fuzz target on the files of a folder, and on the beginnings of each: what is cut off anywhere must be read
// or refused as well.
#include <fmt/core.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <vector>

#include "harness/base/file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

// More beginnings than this of one file are too many for a test: then they are taken at even steps.
constexpr std::size_t kBeginnings = 2000;

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    fmt::print(stderr, "usage: {} FOLDER\n", argv[0]);
    return 2;
  }
  std::vector<std::filesystem::path> files;
  for (const auto& file : std::filesystem::directory_iterator(argv[1])) files.push_back(file.path());
  std::sort(files.begin(), files.end());
  for (const auto& file : files) {
    // Before it is run, so that the last line names the input of a crash.
    fmt::print("{}\n", file.filename().string());
    std::fflush(stdout);
    const std::string content = exitgate::read_file(file);
    const std::size_t step = content.size() / kBeginnings + 1;
    for (std::size_t size = 0; size < content.size(); size += step) {
      // A copy of that size, so that a sanitizer sees a byte read behind it.
      const std::vector<std::uint8_t> input(content.begin(),
                                            content.begin() + static_cast<std::ptrdiff_t>(size));
      LLVMFuzzerTestOneInput(input.data(), input.size());
    }
    LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(content.data()), content.size());
  }
  if (files.empty()) {
    fmt::print(stderr, "{} has no inputs: nothing was tried, so this is not a pass\n", argv[1]);
    return 1;
  }
  return 0;
}
