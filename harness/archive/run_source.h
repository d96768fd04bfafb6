// Where a run's evidence is: a run directory, an unpacked bag, or an archive, of which the evaluated parts
// are taken out into a private folder.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "harness/archive/bag.h"
#include "harness/archive/extractor.h"

namespace exitgate::archive {

class RunSource {
 public:
  // Throws UsageError when `path` is none of these, VerificationError when the archive is damaged. `wanted` says which
  // files of an archive are taken out.
  explicit RunSource(const std::filesystem::path& path, Wanted wanted = is_evaluated_part);

  const std::filesystem::path& folder() const {
    return folder_;
  }                                                  // holds run.json, suite/, verdicts/, facts/
  const std::string& name() const { return name_; }  // as it was given, without its folder
  const Info& info() const { return info_; }  // bag-info.txt of an archive or an unpacked bag, else empty

 private:
  std::unique_ptr<Extractor> extractor_;
  std::filesystem::path folder_;
  std::string name_;
  Info info_;
};

}  // namespace exitgate::archive
