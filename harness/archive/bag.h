// A BagIt 1.0 bag (RFC 8493) in one archive: its files, and the one streaming reader that everything else stands on.
//
// Members in this order: bagit.txt, bag-info.txt, the payload (data/…, sorted by bytes), manifest-sha256.txt,
// tagmanifest-sha256.txt; all in one folder, named as the archive. What is declared (number of files and
// bytes) comes first and bounds the reading; what proves it comes last, so that sealing is one pass.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "harness/archive/tar.h"
#include "harness/digest/manifest.h"

namespace exitgate::archive {

enum class Format { tar_zst, tar_gz, zip };

// By the file's name. Throws UsageError for another ending.
Format format_of(const std::filesystem::path& archive);
// "run.tar.zst" → "run": the folder inside.
std::string folder_of(const std::filesystem::path& archive);

inline constexpr std::string_view kBagDeclaration =
    "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n";

using Info = std::vector<std::pair<std::string, std::string>>;

std::string render_info(const Info& info);
Info parse_info(std::string_view text);  // throws VerificationError
// The first value of a label, or "".
std::string info_value(const Info& info, std::string_view label);

// Bounds on what an archive may make a reader do.
struct Limits {
  std::uint64_t files = 200'000;
  std::uint64_t name_bytes = 32U << 20;      // of all names together
  std::uint64_t tag_file_bytes = 64U << 20;  // of a manifest or bag-info.txt
  std::uint64_t unpacked_bytes = 1ULL << 40;
  std::uint64_t free_bytes = 256U << 20;  // that any archive may unpack to, and beyond these
  std::uint64_t ratio = 2000;             // times the compressed bytes read so far
};

// What the reader saw. Framing errors are thrown; these two lists say what else is wrong, at most 20 lines each.
struct Bag {
  std::string folder;
  Info info;
  std::vector<digest::ManifestEntry> payload;      // sorted by path
  std::vector<std::string> checksum_problems;      // "data/x: the content is not the manifest's"
  std::vector<std::string> completeness_problems;  // "data/x: listed in the manifest and missing"
  std::string sha256;                              // of the archive itself
  std::uint64_t archive_bytes = 0;
  std::uint64_t payload_bytes = 0;
};

// Called for the content of payload files, in the order of the archive; the path has no "data/".
class PayloadVisitor {
 public:
  virtual ~PayloadVisitor() = default;
  virtual void begin(const std::string& path, std::uint64_t size) = 0;
  virtual void bytes(std::string_view piece) = 0;
  virtual void end() = 0;
};

// Whether a file that is still written goes on behind that offset; waits until that is known.
using Growth = std::function<bool(std::uint64_t offset)>;

// Reads the whole archive once, without writing anything. Throws VerificationError when its framing is not as seal
// writes it or a limit is passed, Undecided when it cannot be read.
Bag read_bag(const std::filesystem::path& archive, PayloadVisitor* visitor = nullptr,
             const Limits& limits = {});
Bag read_bag(int file, Format format, PayloadVisitor* visitor = nullptr, const Limits& limits = {},
             const Growth& grows = nullptr);

}  // namespace exitgate::archive
