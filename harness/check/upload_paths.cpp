#include "harness/check/upload_paths.h"

namespace exitgate::check {

UploadPaths::UploadPaths(const Facts& facts) {
  for (const Row& row :
       facts.query("SELECT DISTINCT file, line, path FROM ci.artifact_instance "
                   "WHERE direction = 'upload' AND path IS NOT NULL ORDER BY file, line, path")) {
    paths_[{row.text("file"), row.integer("line")}].push_back(row.text("path"));
  }
}

std::vector<std::string> UploadPaths::of(const ci::Artifact& artifact) const {
  if (!artifact.path) return {};
  const auto found = paths_.find({artifact.file, artifact.line});
  return found == paths_.end() ? std::vector{*artifact.path} : found->second;
}

}  // namespace exitgate::check
