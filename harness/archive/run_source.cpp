#include "harness/archive/run_source.h"

#include <fmt/format.h>

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
    }
    if (!std::filesystem::exists(folder_ / "run.json")) {
      throw UsageError(fmt::format("{} holds no run: it has no run.json", path.string()),
                       "give a run directory, an unpacked archive, or an archive");
    }
    return;
  }
  if (!std::filesystem::exists(path, failed))
    throw UsageError(fmt::format("{} does not exist", path.string()));
  spill_ = std::make_unique<Extractor>(std::move(wanted));
  const Bag bag = read_bag(path, spill_.get());
  if (!bag.checksum_problems.empty())
    throw VerificationError(fmt::format("{}: {}", name_, bag.checksum_problems.front()));
  if (!bag.completeness_problems.empty())
    throw VerificationError(fmt::format("{}: {}", name_, bag.completeness_problems.front()));
  folder_ = spill_->folder();
  info_ = bag.info;
}

}  // namespace exitgate::archive
