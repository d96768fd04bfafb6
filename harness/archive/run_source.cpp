#include "harness/archive/run_source.h"

#include <fmt/core.h>

#include "harness/base/file.h"
#include "harness/base/verification_error.h"

namespace exitgate::archive {

RunSource::RunSource(const std::filesystem::path& path, Wanted wanted) {
  std::error_code failed;
  const auto absolute = std::filesystem::absolute(path).lexically_normal();
  name_ = absolute.has_filename() ? absolute.filename().string() : absolute.parent_path().filename().string();
  if (std::filesystem::is_directory(path, failed)) {
    folder_ = path;
    if (!std::filesystem::exists(folder_ / "run.json") &&
        std::filesystem::exists(folder_ / "data" / "run.json")) {
      folder_ = path / "data";
      const auto info = path / "bag-info.txt";
      if (std::filesystem::exists(info)) info_ = parse_info(read_file(info));
    }
    if (!std::filesystem::exists(folder_ / "run.json")) {
      throw UsageError(
          fmt::format("{} is not a run directory or an unpacked archive: run.json is missing", path.string()),
          "give the folder that a run wrote, an unpacked archive, or an archive");
    }
    return;
  }
  if (!std::filesystem::exists(path, failed))
    throw UsageError(fmt::format("{} does not exist", path.string()));
  extractor_ = std::make_unique<Extractor>(std::move(wanted));
  const Bag bag = read_bag(path, extractor_.get());
  if (!bag.checksum_problems.empty())
    throw VerificationError(fmt::format("{}: {}", name_, bag.checksum_problems.front()));
  if (!bag.completeness_problems.empty())
    throw VerificationError(fmt::format("{}: {}", name_, bag.completeness_problems.front()));
  folder_ = extractor_->folder();
  info_ = bag.info;
}

}  // namespace exitgate::archive
