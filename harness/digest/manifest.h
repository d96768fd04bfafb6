// The list of files and their digests that `sha256sum -c` reads.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace exitgate::digest {

struct ManifestEntry {
  std::string path;  // "data/run.json"
  std::uint64_t size = 0;
  std::string sha256;
};

// "<digest>  <path>\n" for each, sorted by the bytes of the path.
std::string render_manifest(std::vector<ManifestEntry> files);

}  // namespace exitgate::digest
