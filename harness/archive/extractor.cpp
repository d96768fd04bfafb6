#include "harness/archive/extractor.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "harness/base/verification_error.h"
#include "harness/json/strict.h"

namespace exitgate::archive {

namespace {

constexpr std::uint64_t kLargestDocument = 8U << 20;

bool is_document(const std::string& path) {
  if (!path.ends_with(".json")) return false;
  return path == "run.json" || path == "suite/bundle.json" || path.starts_with("suite/gates/") ||
         path.starts_with("verdicts/");
}

}  // namespace

bool is_evaluated_part(const std::string& path) {
  return path == "run.json" || path.starts_with("suite/") || path.starts_with("verdicts/") ||
         path.starts_with("facts/");
}

Extractor::Extractor(Wanted wanted, std::uint64_t most_bytes)
    : wanted_(std::move(wanted)), left_(most_bytes) {}

Extractor::~Extractor() {
  if (file_ >= 0) ::close(file_);
}

const std::filesystem::path& Extractor::folder() {
  if (!folder_) folder_.emplace("exitgate-verify");
  return folder_->path();
}

void Extractor::begin(const std::string& path, std::uint64_t size) {
  path_ = path;
  is_json_ = is_document(path);
  json_.clear();
  if (is_json_ && size > kLargestDocument)
    throw VerificationError(fmt::format("{} is larger than any of its kind", path));
  if (!wanted_(path)) return;
  if (size > left_) throw VerificationError("the archive holds more facts than a reader takes");
  left_ -= size;
  const auto target = folder() / path;
  std::filesystem::create_directories(target.parent_path());
  file_ = ::open(target.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (file_ < 0) throw Undecided(fmt::format("cannot write {}: {}", target.string(), std::strerror(errno)));
}

void Extractor::bytes(std::string_view piece) {
  if (is_json_) json_ += piece;
  while (file_ >= 0 && !piece.empty()) {
    const ssize_t put = ::write(file_, piece.data(), piece.size());
    if (put < 0 && errno == EINTR) continue;
    if (put < 0) {
      throw Undecided(fmt::format("cannot unpack {}: {}", path_, std::strerror(errno)),
                      errno == ENOSPC ? "the disk is full: set TMPDIR to a folder with more room" : "");
    }
    piece.remove_prefix(static_cast<std::size_t>(put));
  }
}

void Extractor::end() {
  if (file_ >= 0) ::close(file_);
  file_ = -1;
  if (!is_json_) return;
  auto document = parse_strict(json_, path_);
  ++documents_;
  const std::string gate = std::filesystem::path(path_).stem().string();
  if (path_.starts_with("suite/gates/")) {
    run_documents_.gates.insert(gate);
    if (document.boolean_or("core", false)) run_documents_.core.insert(gate);
  }
  if (path_.starts_with("verdicts/")) {
    const std::string status = document.text_or("status");
    const auto known = verdict::status_of(status);
    if (!known) throw VerificationError(fmt::format("{}: the status '{}' is not known", path_, status));
    run_documents_.verdicts[gate] = {*known, document.boolean_or("waived", false),
                                     document.boolean_or("not_applicable", false)};
  }
  if (path_ == "run.json") run_record_ = std::move(document);
}

}  // namespace exitgate::archive
