// The one form of tar that seal writes and verify accepts.
//
// A member is a regular file with owner 0:0, mode 0644 and the archive's one time; its header is the ustar
// header that tar_header() gives, byte for byte, with a pax header before it only where ustar cannot say the
// name or the size. So a link, a device, another owner, a forged size or a hidden extension cannot be there:
// reading a member means writing its header again and comparing. GNU tar, bsdtar and Python read this form.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

namespace exitgate::archive {

inline constexpr std::size_t kTarBlock = 512;
inline constexpr std::size_t kTarRecord = 10240;  // the whole is a multiple of this, as tar writes it

// Everything that stands before the content: one or more blocks.
std::string tar_header(std::string_view name, std::uint64_t size, std::int64_t mtime);

// Bytes that fill up the last block of a content of `size`.
constexpr std::size_t tar_padding(std::uint64_t size) {
  return static_cast<std::size_t>((kTarBlock - size % kTarBlock) % kTarBlock);
}

// What tells a reader of members.
class MemberVisitor {
 public:
  virtual ~MemberVisitor() = default;
  virtual void begin(const std::string& name, std::uint64_t size) = 0;
  virtual void bytes(std::string_view piece) = 0;
  virtual void end() = 0;
};

// Reads a tar stream piece by piece. Throws VerificationError, naming the member, at the first byte that seal would not
// have written. Keeps at most one block and one name.
class TarReader {
 public:
  explicit TarReader(MemberVisitor& visitor) : visitor_(visitor) {}
  void feed(std::string_view piece);
  void finish();  // the stream has ended
  std::int64_t mtime() const { return mtime_; }

 private:
  enum class State { header, extension, content, padding, end };
  void block(std::string_view header);
  void member(std::string_view header);

  MemberVisitor& visitor_;
  State state_ = State::header;
  std::string held_;     // a block, or a pax header's content, that is not complete
  std::string pending_;  // pax header and content before the member's own header
  std::string pax_content_;
  std::uint64_t left_ = 0;  // of the content or the padding
  std::uint64_t size_ = 0;
  std::uint64_t total_ = 0;
  std::size_t zero_blocks_ = 0;
  std::int64_t mtime_ = -1;
  std::string name_;
};

}  // namespace exitgate::archive
