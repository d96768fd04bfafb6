#include "harness/archive/tar.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstring>
#include <optional>

#include "harness/base/text.h"
#include "harness/base/verification_error.h"

namespace exitgate::archive {

namespace {

// Offsets of the ustar header (POSIX.1-1988).
constexpr std::size_t kNameSize = 100;
constexpr std::size_t kSizeAt = 124;
constexpr std::size_t kTimeAt = 136;
constexpr std::size_t kChecksumAt = 148;
constexpr std::size_t kTypeAt = 156;
constexpr std::size_t kPrefixAt = 345;
constexpr std::size_t kPrefixSize = 155;
constexpr std::uint64_t kLargestOctal = 077777777777;
constexpr std::string_view kPaxName = "././@PaxHeader";
constexpr std::uint64_t kLongestPax = 16384;

void put(std::string& block, std::size_t at, std::string_view text) {
  block.replace(at, text.size(), text);
}

std::string plain_header(std::string_view name, std::string_view prefix, std::uint64_t size,
                         std::int64_t mtime, char type) {
  std::string block(kTarBlock, '\0');
  put(block, 0, name);
  put(block, 100, "0000644");
  put(block, 108, "0000000");
  put(block, 116, "0000000");
  put(block, kSizeAt, fmt::format("{:011o}", size));
  put(block, kTimeAt, fmt::format("{:011o}", mtime));
  put(block, kChecksumAt, "        ");
  block[kTypeAt] = type;
  put(block, 257,
      std::string_view("ustar\0"
                       "00",
                       8));
  put(block, 329, "0000000");
  put(block, 337, "0000000");
  put(block, kPrefixAt, prefix);
  unsigned sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  put(block, kChecksumAt, fmt::format("{:06o}", sum));
  block[kChecksumAt + 6] = '\0';
  return block;
}

// "27 path=data/x\n": the number counts itself.
std::string pax_record(std::string_view key, std::string_view value) {
  const std::size_t body = key.size() + value.size() + 3;
  std::size_t length = body + 1;
  while (fmt::format("{}", length).size() + body != length) ++length;
  return fmt::format("{} {}={}\n", length, key, value);
}

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

// Where the name splits into prefix and name: 0 when it fits whole, nullopt when ustar cannot say it.
std::optional<std::size_t> split_at(std::string_view name) {
  if (name.size() <= kNameSize) return 0;
  const std::size_t slash = name.find('/', name.size() - kNameSize - 1);
  if (slash == std::string_view::npos || slash == 0 || slash > kPrefixSize || slash + 1 == name.size())
    return std::nullopt;
  return slash;
}

std::string_view field(std::string_view header, std::size_t at, std::size_t size) {
  const std::string_view text = header.substr(at, size);
  return text.substr(0, std::min(text.find('\0'), size));
}

std::optional<std::uint64_t> octal(std::string_view text) {
  std::uint64_t value = 0;
  if (text.empty() || text.size() > 11) return std::nullopt;
  for (const char c : text) {
    if (c < '0' || c > '7') return std::nullopt;
    value = value * 8 + static_cast<std::uint64_t>(c - '0');
  }
  return value;
}

std::string_view type_meaning(char type) {
  switch (type) {
    case '1':
      return "a hard link";
    case '2':
      return "a symbolic link";
    case '3':
    case '4':
      return "a device";
    case '5':
      return "a folder";
    case '6':
      return "a pipe";
    case 'g':
      return "a global pax header";
    case 'K':
    case 'L':
      return "a GNU long name";
    case 'S':
      return "a sparse file";
    default:
      return "a member of an unknown type";
  }
}

// Value of one key of a pax header's content.
std::optional<std::string> pax_value(std::string_view content, std::string_view key) {
  const std::string mark = fmt::format(" {}=", key);
  const std::size_t at = content.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const std::size_t begin = at + mark.size();
  const std::size_t end = content.find('\n', begin);
  if (end == std::string_view::npos) return std::nullopt;
  return std::string(content.substr(begin, end - begin));
}

}  // namespace

std::string tar_header(std::string_view name, std::uint64_t size, std::int64_t mtime) {
  const auto split = is_ascii(name) ? split_at(name) : std::nullopt;
  if (split && size <= kLargestOctal) {
    if (*split == 0) return plain_header(name, "", size, mtime, '0');
    return plain_header(name.substr(*split + 1), name.substr(0, *split), size, mtime, '0');
  }
  std::string records = pax_record("path", name);
  if (size > kLargestOctal) records += pax_record("size", fmt::format("{}", size));
  std::string header = plain_header(kPaxName, "", records.size(), mtime, 'x');
  header += records;
  header.append(tar_padding(records.size()), '\0');
  // What a reader without pax shows: never used by ours.
  std::string substitute(name.substr(0, kNameSize));
  for (char& c : substitute) {
    if (static_cast<unsigned char>(c) >= 0x80) c = '_';
  }
  return header + plain_header(substitute, "", std::min(size, kLargestOctal), mtime, '0');
}

void TarReader::feed(std::string_view piece) {
  total_ += piece.size();
  while (!piece.empty()) {
    if (state_ == State::content || state_ == State::padding) {
      const auto take = static_cast<std::size_t>(std::min<std::uint64_t>(left_, piece.size()));
      if (state_ == State::content) {
        visitor_.bytes(piece.substr(0, take));
      } else if (piece.substr(0, take).find_first_not_of('\0') != std::string_view::npos) {
        throw VerificationError(fmt::format("bytes are hidden behind the end of {}", printable_name(name_)));
      }
      piece.remove_prefix(take);
      left_ -= take;
      if (left_ > 0) return;
      if (state_ == State::content) {
        visitor_.end();
        left_ = tar_padding(size_);
        state_ = left_ > 0 ? State::padding : State::header;
      } else {
        state_ = State::header;
      }
      continue;
    }
    const std::size_t wanted = state_ == State::extension ? static_cast<std::size_t>(left_) : kTarBlock;
    if (held_.empty() && piece.size() >= wanted) {
      block(piece.substr(0, wanted));
      piece.remove_prefix(wanted);
      continue;
    }
    const std::size_t take = std::min(wanted - held_.size(), piece.size());
    held_ += piece.substr(0, take);
    piece.remove_prefix(take);
    if (held_.size() == wanted) {
      const std::string complete = std::move(held_);
      held_.clear();
      block(complete);
    }
  }
}

void TarReader::block(std::string_view header) {
  if (state_ == State::extension) {
    pax_content_ = header.substr(0, static_cast<std::size_t>(size_));
    pending_ += header;
    state_ = State::header;
    return;
  }
  const bool zero = header.find_first_not_of('\0') == std::string_view::npos;
  if (state_ == State::end) {
    if (!zero) throw VerificationError("something stands behind the end of the archive");
    ++zero_blocks_;
    return;
  }
  if (zero) {
    if (!pending_.empty()) throw VerificationError("the archive ends behind a pax header");
    state_ = State::end;
    zero_blocks_ = 1;
    return;
  }
  if (header[kTypeAt] == 'x' && pending_.empty()) {
    const auto size = octal(field(header, kSizeAt, 12));
    if (!size || *size == 0 || *size > kLongestPax)
      throw VerificationError("a pax header has no size that could be right");
    pending_ = header;
    size_ = *size;
    left_ = *size + tar_padding(*size);
    state_ = State::extension;
    return;
  }
  member(header);
}

void TarReader::member(std::string_view header) {
  std::string name(field(header, 0, kNameSize));
  if (const auto prefix = field(header, kPrefixAt, kPrefixSize); !prefix.empty()) {
    name = fmt::format("{}/{}", prefix, name);
  }
  auto size = octal(field(header, kSizeAt, 12));
  const auto mtime = octal(field(header, kTimeAt, 12));
  if (!pending_.empty()) {
    name = pax_value(pax_content_, "path").value_or(name);
    if (const auto large = pax_value(pax_content_, "size")) {
      std::uint64_t value = 0;
      for (const char c : *large) {
        if (c < '0' || c > '9' || large->size() > 18)
          throw VerificationError(fmt::format("{} has no size", printable_name(name)));
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
      }
      size = value;
    }
  }
  if (header[kTypeAt] != '0')
    throw VerificationError(fmt::format("{} is {}", printable_name(name), type_meaning(header[kTypeAt])));
  if (!size || !mtime)
    throw VerificationError(fmt::format("the header of {} is damaged", printable_name(name)));
  if (mtime_ < 0) mtime_ = static_cast<std::int64_t>(*mtime);
  if (pending_ + std::string(header) != tar_header(name, *size, mtime_)) {
    throw VerificationError(fmt::format("the header of {} is not as seal writes it", printable_name(name)),
                            "its checksum, owner, mode or time was changed, or another program packed it");
  }
  pending_.clear();
  name_ = name;
  size_ = *size;
  left_ = size_;
  visitor_.begin(name_, size_);
  if (size_ == 0) {
    visitor_.end();
    state_ = State::header;
  } else {
    state_ = State::content;
  }
}

void TarReader::finish() {
  if (state_ != State::end || zero_blocks_ < 2 || !held_.empty()) {
    throw VerificationError("the archive is cut off: its end mark is missing");
  }
  const std::uint64_t least = total_ - zero_blocks_ * kTarBlock + 2 * kTarBlock;
  if (total_ != (least + kTarRecord - 1) / kTarRecord * kTarRecord) {
    throw VerificationError("the archive's end is not as seal writes it");
  }
}

}  // namespace exitgate::archive
