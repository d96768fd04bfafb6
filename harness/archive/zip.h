// The one form of ZIP that seal writes and verify accepts (PKWARE APPNOTE 6.3.9).
//
// Local headers with sizes and CRC-32, each followed by its deflated content, then the central directory,
// with nothing before, between or behind; UTF-8 names, regular files of mode 0644, one time, no data
// descriptors, no comments, Zip64 only where a number needs it. The central directory says nothing that the
// local headers do not say: reading means writing each header again and comparing, so two readers that look
// at different ones cannot see different files.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/archive/codec.h"
#include "harness/archive/tar.h"

namespace exitgate::archive {

struct ZipMember {
  std::string name;
  std::uint64_t size = 0;
  std::uint64_t compressed = 0;
  std::uint32_t crc = 0;
  std::uint64_t offset = 0;  // of the local header
};

// Seconds since 1970 as MS-DOS date (high 16 bits) and time: even seconds, from 1980 on.
std::uint32_t dos_time(std::int64_t seconds);

std::string zip_local_header(const ZipMember& member, std::uint32_t time);

// Central directory and everything behind it. `offset`: where it begins.
std::string zip_directory(const std::vector<ZipMember>& members, std::uint64_t offset, std::uint32_t time);

// Writes members one after the other. `sink` takes what comes next; `patch` puts a header in place once its
// sizes are known.
class ZipWriter {
 public:
  using Patch = std::function<void(std::uint64_t offset, std::string_view bytes)>;
  ZipWriter(Sink sink, Patch patch, std::int64_t mtime);
  ~ZipWriter();
  ZipWriter(const ZipWriter&) = delete;
  ZipWriter& operator=(const ZipWriter&) = delete;

  void begin(const std::string& name, std::uint64_t size);
  void bytes(std::string_view piece);
  void end();
  void finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Reads piece by piece, without seeking. Throws VerificationError, naming the member, at the first byte that seal would
// not have written, as far as it says what is unpacked.
class ZipReader {
 public:
  explicit ZipReader(MemberVisitor& visitor);
  ~ZipReader();
  ZipReader(const ZipReader&) = delete;
  ZipReader& operator=(const ZipReader&) = delete;

  void feed(std::string_view piece);
  void finish();                   // the archive has ended
  std::uint64_t unpacked() const;  // bytes of content so far

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace exitgate::archive
