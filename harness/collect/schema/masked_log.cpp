#include "harness/collect/schema/masked_log.h"

#include <fmt/core.h>

#include "harness/base/error.h"

namespace exitgate::collect::schema {

namespace {

[[noreturn]] void cannot_write(const std::filesystem::path& path) {
  throw Undecided(fmt::format("cannot write {}", path.string()),
                  "is there room on the disk, and may the run directory be written to?");
}

}  // namespace

MaskedLog::MaskedLog(const std::filesystem::path& path, const redact::Redactor& redactor)
    : path_(path), redactor_(redactor), file_(path, std::ios::binary) {
  if (!file_) cannot_write(path_);
}

void MaskedLog::write(std::string_view lines) {
  file_ << redactor_.redact(lines) << std::flush;
}

void MaskedLog::check() const {
  if (!file_) cannot_write(path_);
}

}  // namespace exitgate::collect::schema
