#include "harness/archive/zip.h"

#include <fmt/core.h>
#include <zlib.h>

#include <array>
#include <chrono>

#include "harness/base/error.h"

namespace exitgate::archive {

namespace {

constexpr int kLevel = 6;
constexpr std::uint32_t kFull32 = 0xFFFFFFFF;
constexpr std::uint16_t kFull16 = 0xFFFF;
// From here on a member's sizes are Zip64: known before it is compressed, with room for what deflate adds.
constexpr std::uint64_t kLargeMember = 0xFF000000;
constexpr std::uint16_t kVersion = 20;
constexpr std::uint16_t kVersion64 = 45;
constexpr std::uint16_t kByUnix = 3 << 8;
constexpr std::uint16_t kUtf8 = 1 << 11;
constexpr std::uint16_t kDeflate = 8;
constexpr std::uint32_t kRegularFile = 0100644U << 16U;

class Fields {
 public:
  Fields& u16(std::uint64_t value) { return little(value, 2); }
  Fields& u32(std::uint64_t value) { return little(value, 4); }
  Fields& u64(std::uint64_t value) { return little(value, 8); }
  Fields& text(std::string_view value) {
    bytes_ += value;
    return *this;
  }
  std::string take() { return std::move(bytes_); }

 private:
  Fields& little(std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i)
      bytes_ += static_cast<char>((value >> (8U * static_cast<unsigned>(i))) & 0xFFU);
    return *this;
  }
  std::string bytes_;
};

bool is_large(const ZipMember& member) {
  return member.size >= kLargeMember;
}

// Extra field 1: the numbers that the header itself cannot say.
std::string zip64_extra(const std::vector<std::uint64_t>& numbers) {
  if (numbers.empty()) return "";
  Fields extra;
  extra.u16(1).u16(8 * numbers.size());
  for (const auto number : numbers) extra.u64(number);
  return extra.take();
}

// What the local header and the directory say alike.
std::string said_twice(const ZipMember& member, std::uint32_t time, std::uint16_t version,
                       const std::string& extra) {
  const bool large = is_large(member);
  return Fields()
      .u16(version)
      .u16(kUtf8)
      .u16(kDeflate)
      .u32(time)
      .u32(member.crc)
      .u32(large ? kFull32 : member.compressed)
      .u32(large ? kFull32 : member.size)
      .u16(member.name.size())
      .u16(extra.size())
      .take();
}

}  // namespace

std::uint32_t dos_time(std::int64_t seconds) {
  const auto time = std::chrono::sys_seconds(std::chrono::seconds(seconds));
  const auto midnight = std::chrono::floor<std::chrono::days>(time);
  const std::chrono::year_month_day day(midnight);
  const std::chrono::hh_mm_ss clock(time - midnight);
  const int year = static_cast<int>(day.year());
  if (year < 1980 || year > 2107) return 1U << 21U | 1U << 16U;
  const auto date = static_cast<unsigned>(year - 1980) << 9U | static_cast<unsigned>(day.month()) << 5U |
                    static_cast<unsigned>(day.day());
  const auto hours = static_cast<unsigned>(clock.hours().count());
  const auto minutes = static_cast<unsigned>(clock.minutes().count());
  const auto halves = static_cast<unsigned>(clock.seconds().count()) / 2;
  return date << 16U | hours << 11U | minutes << 5U | halves;
}

std::string zip_local_header(const ZipMember& member, std::uint32_t time) {
  const std::string extra = is_large(member) ? zip64_extra({member.size, member.compressed}) : std::string();
  return Fields()
      .u32(0x04034b50)
      .text(said_twice(member, time, is_large(member) ? kVersion64 : kVersion, extra))
      .text(member.name)
      .text(extra)
      .take();
}

std::string zip_directory(const std::vector<ZipMember>& members, std::uint64_t offset, std::uint32_t time) {
  std::string directory;
  bool any64 = false;
  for (const auto& member : members) {
    const bool large = is_large(member);
    const bool far = member.offset >= kFull32;
    std::vector<std::uint64_t> numbers;
    if (large) numbers = {member.size, member.compressed};
    if (far) numbers.push_back(member.offset);
    const std::string extra = zip64_extra(numbers);
    const std::uint16_t version = numbers.empty() ? kVersion : kVersion64;
    any64 = any64 || !numbers.empty();
    directory += Fields()
                     .u32(0x02014b50)
                     .u16(kByUnix | version)
                     .text(said_twice(member, time, version, extra))
                     .u16(0)  // comment
                     .u16(0)  // disk
                     .u16(0)  // internal attributes
                     .u32(kRegularFile)
                     .u32(far ? kFull32 : member.offset)
                     .text(member.name)
                     .text(extra)
                     .take();
  }
  const std::uint64_t size = directory.size();
  const std::uint64_t count = members.size();
  if (any64 || count >= kFull16 || size >= kFull32 || offset >= kFull32) {
    directory += Fields()
                     .u32(0x06064b50)
                     .u64(44)  // of what follows in this record
                     .u16(kByUnix | kVersion64)
                     .u16(kVersion64)
                     .u32(0)
                     .u32(0)
                     .u64(count)
                     .u64(count)
                     .u64(size)
                     .u64(offset)
                     .u32(0x07064b50)  // where that record is
                     .u32(0)
                     .u64(offset + size)
                     .u32(1)
                     .take();
  }
  const auto count16 = std::min<std::uint64_t>(count, kFull16);
  return directory + Fields()
                         .u32(0x06054b50)
                         .u16(0)
                         .u16(0)
                         .u16(count16)
                         .u16(count16)
                         .u32(std::min<std::uint64_t>(size, kFull32))
                         .u32(std::min<std::uint64_t>(offset, kFull32))
                         .u16(0)
                         .take();
}

struct ZipWriter::State {
  Sink sink;
  Patch patch;
  std::uint32_t time;
  std::uint64_t at = 0;
  std::vector<ZipMember> members = {};
  z_stream stream{};
  std::array<char, 1 << 16> buffer{};

  void put(std::string_view bytes) {
    at += bytes.size();
    sink(bytes);
  }
  int step(int flush) {
    stream.next_out = reinterpret_cast<Bytef*>(buffer.data());
    stream.avail_out = static_cast<uInt>(buffer.size());
    const int result = deflate(&stream, flush);
    if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) throw Undecided("zlib broke off");
    put({buffer.data(), buffer.size() - stream.avail_out});
    return result;
  }
};

ZipWriter::ZipWriter(Sink sink, Patch patch, std::int64_t mtime)
    : state_(new State{std::move(sink), std::move(patch), dos_time(mtime)}) {
  if (deflateInit2(&state_->stream, kLevel, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY) != Z_OK)
    throw Undecided("zlib does not start");
}

ZipWriter::~ZipWriter() {
  deflateEnd(&state_->stream);
}

void ZipWriter::begin(const std::string& name, std::uint64_t size) {
  state_->members.push_back({.name = name, .size = size, .offset = state_->at});
  state_->put(zip_local_header(state_->members.back(), state_->time));
  deflateReset(&state_->stream);
}

void ZipWriter::bytes(std::string_view piece) {
  auto& member = state_->members.back();
  auto& stream = state_->stream;
  member.crc = static_cast<std::uint32_t>(
      crc32_z(member.crc, reinterpret_cast<const Bytef*>(piece.data()), piece.size()));
  while (!piece.empty()) {
    const std::size_t take = std::min<std::size_t>(piece.size(), 1U << 30U);
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(piece.data()));
    stream.avail_in = static_cast<uInt>(take);
    while (stream.avail_in > 0) state_->step(Z_NO_FLUSH);
    piece.remove_prefix(take);
  }
}

void ZipWriter::end() {
  auto& member = state_->members.back();
  while (state_->step(Z_FINISH) != Z_STREAM_END) {
  }
  const std::size_t header = zip_local_header(member, state_->time).size();
  member.compressed = state_->at - member.offset - header;
  state_->patch(member.offset, zip_local_header(member, state_->time));
}

void ZipWriter::finish() {
  state_->put(zip_directory(state_->members, state_->at, state_->time));
}

}  // namespace exitgate::archive
