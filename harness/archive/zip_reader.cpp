#include <fmt/core.h>
#include <zlib.h>

#include <algorithm>
#include <array>

#include "harness/archive/zip.h"
#include "harness/base/text.h"
#include "harness/base/verification_error.h"

namespace exitgate::archive {

namespace {

constexpr std::size_t kLocalHeader = 30;
constexpr std::size_t kLongestName = 4096 + 256;
constexpr std::size_t kZip64Extra = 20;
constexpr std::string_view kLocal("PK\x03\x04", 4);
constexpr std::string_view kCentral("PK\x01\x02", 4);

std::uint64_t little(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t value = 0;
  for (std::size_t i = size; i > 0; --i) value = value << 8U | static_cast<unsigned char>(bytes[at + i - 1]);
  return value;
}

}  // namespace

struct ZipReader::State {
  explicit State(MemberVisitor& to) : visitor(to) {
    if (inflateInit2(&stream, -15) != Z_OK) throw Undecided("zlib does not start");
  }
  ~State() { inflateEnd(&stream); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  enum class Stage { header, name, content, directory };

  MemberVisitor& visitor;
  Stage stage = Stage::header;
  std::string held;  // a header that is not complete
  std::size_t wanted = kLocalHeader;
  std::uint64_t at = 0;  // bytes taken so far
  std::vector<ZipMember> members;
  std::uint32_t time = 0;
  std::uint32_t crc = 0;
  std::uint64_t left = 0;  // of the compressed content
  std::uint64_t made = 0;  // of the content
  std::uint64_t total = 0;
  bool ended = false;  // the deflated content
  z_stream stream{};
  std::array<char, 1 << 17> buffer{};
  std::string directory;  // as it must be
  std::size_t matched = 0;

  [[noreturn]] void reject(std::string_view what, const std::string& hint = "") const {
    throw VerificationError(fmt::format("{} {}", printable_name(members.back().name), what), hint);
  }

  void feed(std::string_view piece) {
    while (!piece.empty()) {
      if (stage == Stage::content) {
        const auto take = static_cast<std::size_t>(std::min<std::uint64_t>(left, piece.size()));
        inflate_some(piece.substr(0, take));
        advance(piece, take);
        left -= take;
        if (left == 0) end_member();
      } else if (stage == Stage::directory) {
        compare(piece);
        advance(piece, piece.size());
      } else {
        const std::size_t take = std::min(wanted - held.size(), piece.size());
        held += piece.substr(0, take);
        advance(piece, take);
        // Known by its first bytes, so that a short directory is not taken for half a header.
        if (stage == Stage::header && held.size() >= 4 && !held.starts_with(kLocal)) begin_directory();
        if (stage != Stage::directory && held.size() == wanted) header();
      }
    }
  }

  void advance(std::string_view& piece, std::size_t bytes) {
    piece.remove_prefix(bytes);
    at += bytes;
  }

  void header() {
    if (stage == Stage::header) {
      const std::uint64_t name = little(held, 26, 2);
      const std::uint64_t extra = little(held, 28, 2);
      if (name == 0 || name > kLongestName || (extra != 0 && extra != kZip64Extra))
        throw VerificationError("a local header of the ZIP archive is not as seal writes it");
      wanted = kLocalHeader + name + extra;
      stage = Stage::name;
      return;
    }
    const std::size_t name = little(held, 26, 2);
    ZipMember member{.name = held.substr(kLocalHeader, name),
                     .size = little(held, 22, 4),
                     .compressed = little(held, 18, 4),
                     .crc = static_cast<std::uint32_t>(little(held, 14, 4)),
                     .offset = at - held.size()};
    if (held.size() > kLocalHeader + name) {
      member.size = little(held, kLocalHeader + name + 4, 8);
      member.compressed = little(held, kLocalHeader + name + 12, 8);
    }
    if (members.empty()) time = static_cast<std::uint32_t>(little(held, 10, 4));
    members.push_back(member);
    const std::uint64_t flags = little(held, 6, 2);
    if ((flags & 1U) != 0) reject("is encrypted");
    if ((flags & 8U) != 0) reject("leaves its sizes to a data descriptor: readers disagree on where it ends");
    if (little(held, 8, 2) != 8) reject("is not deflated");
    if (held != zip_local_header(member, time)) {
      reject("has a local header that is not as seal writes it",
             "its sizes, time or flags were changed, or another program packed it");
    }
    held.clear();
    if (member.compressed == 0) reject("has no deflated content");
    // Deflate makes at most 1,032 bytes of one.
    if (member.size > member.compressed * 1032) reject("declares more than its content can hold");
    visitor.begin(member.name, member.size);
    crc = 0;
    made = 0;
    left = member.compressed;
    ended = false;
    inflateReset(&stream);
    stage = Stage::content;
  }

  void inflate_some(std::string_view piece) {
    const auto& member = members.back();
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
    stream.avail_in = static_cast<uInt>(piece.size());
    bool full = false;
    while (stream.avail_in > 0 || full) {
      if (ended) reject("has bytes hidden behind the end of its content");
      stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
      stream.avail_out = static_cast<uInt>(buffer.size());
      const int result = inflate(&stream, Z_NO_FLUSH);
      const std::size_t some = buffer.size() - stream.avail_out;
      if (result == Z_STREAM_END) {
        ended = true;
      } else if (result == Z_BUF_ERROR && some == 0) {
        if (stream.avail_in == 0) break;
        reject("is damaged: its deflated content is unreadable");
      } else if (result != Z_OK && result != Z_BUF_ERROR) {
        reject("is damaged: its deflated content is unreadable");
      }
      full = stream.avail_out == 0 && !ended;
      made += some;
      total += some;
      if (made > member.size) reject("holds more than it declares");
      const std::string_view content(buffer.data(), some);
      crc = static_cast<std::uint32_t>(crc32_z(crc, reinterpret_cast<const Bytef*>(content.data()), some));
      if (some > 0) visitor.bytes(content);
    }
  }

  void end_member() {
    const auto& member = members.back();
    if (!ended) reject("is cut off: its deflated content has no end");
    if (made != member.size) reject("holds less than it declares");
    if (crc != member.crc) reject("is damaged: its CRC-32 is another");
    visitor.end();
    stage = Stage::header;
    wanted = kLocalHeader;
  }

  void begin_directory() {
    if (members.empty()) throw VerificationError("it does not begin as a ZIP archive does");
    if (!held.starts_with(kCentral))
      throw VerificationError(fmt::format("something that is not a member stands behind {}",
                                          printable_name(members.back().name)));
    stage = Stage::directory;
    directory = zip_directory(members, at - held.size(), time);
    const std::string begun = std::move(held);
    held.clear();
    compare(begun);
  }

  void compare(std::string_view piece) {
    const std::string_view rest = std::string_view(directory).substr(matched);
    const std::size_t common = std::min(rest.size(), piece.size());
    if (rest.substr(0, common) != piece.substr(0, common)) {
      throw VerificationError("the central directory does not say what the local headers say",
                              "two readers would see two different archives");
    }
    if (common < piece.size()) {
      throw VerificationError("something stands behind the end of the archive",
                              "a second archive was put behind the first");
    }
    matched += piece.size();
  }
};

ZipReader::ZipReader(MemberVisitor& visitor) : state_(std::make_unique<State>(visitor)) {}
ZipReader::~ZipReader() = default;

void ZipReader::feed(std::string_view piece) {
  state_->feed(piece);
}

void ZipReader::finish() {
  if (state_->stage != State::Stage::directory || state_->matched != state_->directory.size())
    throw VerificationError("the archive is cut off: its central directory has no end");
}

std::uint64_t ZipReader::unpacked() const {
  return state_->total;
}

}  // namespace exitgate::archive
