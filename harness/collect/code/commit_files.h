// What the commit's files give variables, looked up by reference.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/collect/checkout.h"
#include "harness/collect/code/file_values.h"

namespace exitgate::collect::code {

class CommitFiles {
 public:
  CommitFiles(const Checkout& checkout, const std::vector<const git::TreeEntry*>& files);

  // Of the file or files that the reference, made by the file `source`, may mean.
  std::vector<FileValue> values(const FileReference& reference, std::string_view source);
  // Nullopt when it is missing from the clone, or larger than any file that a person writes.
  std::optional<std::string> read(std::string_view path);

 private:
  struct Candidate {
    std::string path;
    bool certain = true;
  };
  std::vector<Candidate> candidates(const FileReference& reference, std::string_view source) const;
  std::vector<Candidate> anywhere(const std::string& path) const;
  std::optional<std::string> in_folder(const FileReference& reference, std::string_view folder,
                                       std::string_view path) const;
  std::string project_of(std::string_view source) const;
  bool has(const std::string& path) const { return oids_.contains(path); }
  const std::vector<FileValue>& entries(const std::string& path, bool ini);

  const Checkout& checkout_;
  std::map<std::string, std::string, std::less<>> oids_;
  std::map<std::string, std::vector<FileValue>> entries_;
  std::optional<git::Objects> objects_;
};

}  // namespace exitgate::collect::code
