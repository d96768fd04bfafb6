#include "harness/record/suite_digest.h"

#include "harness/digest/digest.h"

namespace exitgate::record {

namespace fs = std::filesystem;

std::string suite_digest(const std::vector<digest::ManifestEntry>& files, const std::string& root) {
  std::vector<digest::ManifestEntry> suite;
  for (const auto& file : files) {
    if (!file.path.starts_with(root + "suite/")) continue;
    suite.push_back({file.path.substr(root.size()), file.size, file.sha256});
  }
  return suite.empty() ? "" : digest::sha256_hex(digest::render_manifest(std::move(suite)));
}

std::string suite_digest(const fs::path& run) {
  std::vector<digest::ManifestEntry> files;
  std::error_code none;
  for (fs::recursive_directory_iterator at(run / "suite", none), end; !none && at != end;
       at.increment(none)) {
    if (!at->is_regular_file(none)) continue;
    files.push_back({fs::relative(at->path(), run).generic_string(), 0, digest::sha256_file(at->path())});
  }
  return suite_digest(files);
}

}  // namespace exitgate::record
