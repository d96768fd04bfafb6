#include "harness/archive/packer.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>

#include "harness/archive/codec.h"
#include "harness/archive/tar.h"
#include "harness/archive/zip.h"
#include "harness/base/error.h"
#include "harness/digest/digest.h"

namespace exitgate::archive {

namespace {

namespace fs = std::filesystem;

class TarMembers : public MemberWriter {
 public:
  TarMembers(Sink put, Coding coding, int threads, std::int64_t mtime)
      : encoder_(make_encoder(coding, std::move(put), threads)), mtime_(mtime) {}
  void begin(const std::string& name, std::uint64_t size) override {
    size_ = size;
    bytes(tar_header(name, size, mtime_));
  }
  void bytes(std::string_view piece) override {
    total_ += piece.size();
    encoder_->write(piece);
  }
  void end() override { bytes(std::string(tar_padding(size_), '\0')); }
  void finish() override {
    std::uint64_t end = total_ + 2 * kTarBlock;
    end = (end + kTarRecord - 1) / kTarRecord * kTarRecord;
    bytes(std::string(static_cast<std::size_t>(end - total_), '\0'));
    encoder_->finish();
  }

 private:
  std::unique_ptr<Encoder> encoder_;
  std::int64_t mtime_;
  std::uint64_t size_ = 0;
  std::uint64_t total_ = 0;
};

class ZipMembers : public MemberWriter {
 public:
  ZipMembers(Sink put, ZipWriter::Patch patch, std::int64_t mtime)
      : zip_(std::move(put), std::move(patch), mtime) {}
  void begin(const std::string& name, std::uint64_t size) override { zip_.begin(name, size); }
  void bytes(std::string_view piece) override { zip_.bytes(piece); }
  void end() override { zip_.end(); }
  void finish() override { zip_.finish(); }

 private:
  ZipWriter zip_;
};

std::unique_ptr<MemberWriter> make_writer(AtomicFile& file, ReadBack& read_back, Format format, int threads,
                                          std::int64_t mtime) {
  if (format == Format::zip) {
    // Its local headers are completed later: there is nothing to read before the end.
    return std::make_unique<ZipMembers>(
        [&file](std::string_view piece) { file.write(piece); },
        [&file](std::uint64_t offset, std::string_view piece) { file.patch(offset, piece); }, mtime);
  }
  return std::make_unique<TarMembers>(
      [&](std::string_view piece) {
        file.write(piece);
        read_back.written(file.size());
      },
      format == Format::tar_zst ? Coding::zstd : Coding::gzip, threads, mtime);
}

}  // namespace

Packer::Packer(AtomicFile& file, ReadBack& read_back, Format format, int threads, std::int64_t mtime,
               std::string folder)
    : writer_(make_writer(file, read_back, format, threads, mtime)),
      folder_(std::move(folder)),
      buffer_(1 << 18, '\0') {}

digest::ManifestEntry Packer::add(const std::string& path, std::string_view content) {
  writer_->begin(folder_ + "/" + path, content.size());
  writer_->bytes(content);
  writer_->end();
  return {path, content.size(), digest::sha256_hex(content)};
}

digest::ManifestEntry Packer::add_file(const std::string& path, const fs::path& source, std::uint64_t size) {
  const int file = ::open(source.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  if (file < 0) throw_system_error("open", source);
  struct Closing {
    int fd;
    ~Closing() { ::close(fd); }
  } const closing{file};
  writer_->begin(folder_ + "/" + path, size);
  digest::Sha256 digest;
  std::uint64_t read = 0;
  for (;;) {
    const ssize_t got = ::read(file, buffer_.data(), buffer_.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) throw_system_error("read", source);
    if (got == 0) break;
    const std::string_view piece(buffer_.data(), static_cast<std::size_t>(got));
    read += piece.size();
    if (read > size) break;
    digest.update(piece);
    writer_->bytes(piece);
  }
  if (read != size) {
    throw Undecided(fmt::format("{} changed while it was sealed", source.string()),
                    "wait until nothing writes to it, then seal again");
  }
  writer_->end();
  return {path, size, digest.hex()};
}

}  // namespace exitgate::archive
