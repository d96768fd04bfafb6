// The sealed facts against a clone.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace exitgate::archive {

// What of the sealed commit the clone contradicts: the commit, its tree, the files that repo.file lists.
// `folder` holds the archive's facts/. Throws UsageError when `repo` is not a repository.
std::vector<std::string> repository_problems(const std::filesystem::path& folder,
                                             const std::filesystem::path& repo, const std::string& commit,
                                             const std::string& tree);

}  // namespace exitgate::archive
