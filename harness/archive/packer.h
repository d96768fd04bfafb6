// Writing the members of an archive, in the form that its name asks for.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "harness/archive/atomic_file.h"
#include "harness/archive/bag.h"
#include "harness/archive/read_back.h"

namespace exitgate::archive {

// Where members go, in the archive's form.
class MemberWriter {
 public:
  virtual ~MemberWriter() = default;
  virtual void begin(const std::string& name, std::uint64_t size) = 0;
  virtual void bytes(std::string_view piece) = 0;
  virtual void end() = 0;
  virtual void finish() = 0;
};

// Packs files into the one folder of a bag.
class Packer {
 public:
  // Writes to `file`, and lets `read_back` follow where the form allows it. `mtime`: of each member, in seconds since
  // 1970. `threads` changes no byte.
  Packer(AtomicFile& file, ReadBack& read_back, Format format, int threads, std::int64_t mtime,
         std::string folder);

  digest::ManifestEntry add(const std::string& path, std::string_view content);
  // Throws Undecided when the file cannot be read or is not of this size any more.
  digest::ManifestEntry add_file(const std::string& path, const std::filesystem::path& source,
                                 std::uint64_t size);
  void finish() { writer_->finish(); }

 private:
  std::unique_ptr<MemberWriter> writer_;
  std::string folder_;
  std::string buffer_;
};

}  // namespace exitgate::archive
