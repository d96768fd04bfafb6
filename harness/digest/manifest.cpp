#include "harness/digest/manifest.h"

#include <fmt/core.h>

#include <algorithm>

namespace exitgate::digest {

std::string render_manifest(std::vector<ManifestEntry> files) {
  std::sort(files.begin(), files.end(),
            [](const ManifestEntry& a, const ManifestEntry& b) { return a.path < b.path; });
  std::string text;
  for (const auto& file : files) text += fmt::format("{}  {}\n", file.sha256, file.path);
  return text;
}

}  // namespace exitgate::digest
