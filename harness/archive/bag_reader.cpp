// The streaming reader: decompression, framing, names, digests and completeness in one pass.
#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <optional>

#include "harness/archive/bag.h"
#include "harness/archive/codec.h"
#include "harness/archive/pipeline.h"
#include "harness/archive/zip.h"
#include "harness/base/text.h"
#include "harness/base/verification_error.h"
#include "harness/digest/digest.h"
#include "harness/record/names.h"

namespace exitgate::archive {

namespace {

constexpr std::size_t kMostProblems = 20;
constexpr std::string_view kPayload = "data/";
constexpr std::string_view kManifest = "manifest-sha256.txt";
constexpr std::string_view kTagManifest = "tagmanifest-sha256.txt";

void note(std::vector<std::string>& problems, std::string line) {
  if (problems.size() < kMostProblems) problems.push_back(std::move(line));
}

bool is_digest(std::string_view text) {
  return text.size() == 64 && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
         });
}

// Lines of a manifest as path → digest.
std::map<std::string, std::string> parse_manifest(std::string_view text, std::string_view name) {
  std::map<std::string, std::string> digests;
  std::size_t number = 0;
  std::string previous;
  while (!text.empty()) {
    ++number;
    const std::size_t end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    if (end == std::string_view::npos || line.size() < 67 || !is_digest(line.substr(0, 64)) ||
        line.substr(64, 2) != "  ") {
      throw VerificationError(
          fmt::format("{}: line {} is not of the form '<SHA-256>  <path>'", name, number));
    }
    text.remove_prefix(end + 1);
    const std::string path(line.substr(66));
    if (const auto problem = record::name_problem(path); !problem.empty()) {
      throw VerificationError(fmt::format("{}: line {} {}", name, number, problem));
    }
    if (!previous.empty() && path <= previous) {
      throw VerificationError(fmt::format("{}: line {}: '{}' is {}", name, number, path,
                                          path == previous ? "listed twice" : "not in the order of names"));
    }
    previous = path;
    digests.emplace(path, line.substr(0, 64));
  }
  return digests;
}

class BagReader : public MemberVisitor {
 public:
  BagReader(PayloadVisitor* visitor, const Limits& limits) : visitor_(visitor), limits_(limits) {}

  void begin(const std::string& name, std::uint64_t size) override {
    if (const auto problem = record::name_problem(name); !problem.empty()) {
      throw VerificationError(fmt::format("member {} {}", ++members_, problem));
    }
    ++members_;
    const std::size_t slash = name.find('/');
    const std::string folder = name.substr(0, slash);
    if (slash == std::string::npos)
      throw VerificationError(fmt::format("'{}' stands outside the bag's folder", name));
    if (bag_.folder.empty()) bag_.folder = folder;
    if (folder != bag_.folder)
      throw VerificationError(fmt::format("'{}' stands outside the bag's folder {}", name, bag_.folder));
    path_ = name.substr(slash + 1);
    size_ = size;
    names_ += path_.size();
    if (members_ > limits_.files || names_ > limits_.name_bytes)
      throw VerificationError("the archive has more files than a reader takes");
    if (const auto problem = seen_.add(path_); !problem.empty())
      throw VerificationError(fmt::format("'{}' {}", path_, problem));
    payload_ = path_.starts_with(kPayload);
    expect_order();
    digest_.emplace();
    kept_.clear();
    if (payload_) {
      bag_.payload_bytes += size;
      ++files_;
      if (bag_.payload_bytes > declared_bytes_ || files_ > declared_files_) {
        throw VerificationError("the archive holds more than its bag-info.txt declares (Payload-Oxum)");
      }
      if (visitor_ != nullptr) visitor_->begin(path_.substr(kPayload.size()), size);
    } else if (size > limits_.tag_file_bytes) {
      throw VerificationError(fmt::format("'{}' is larger than a reader takes", path_));
    }
  }

  void bytes(std::string_view piece) override {
    digest_->update(piece);
    if (!payload_) {
      kept_ += piece;
    } else if (visitor_ != nullptr) {
      visitor_->bytes(piece);
    }
  }

  void end() override {
    digest::ManifestEntry file{path_, size_, digest_->hex()};
    if (payload_) {
      if (visitor_ != nullptr) visitor_->end();
      bag_.payload.push_back(std::move(file));
      return;
    }
    if (path_ == "bagit.txt" && kept_ != kBagDeclaration)
      throw VerificationError("bagit.txt is not as seal writes it");
    if (path_ == "bag-info.txt") read_info();
    if (path_ == kManifest) manifest_ = kept_;
    if (path_ == kTagManifest) {
      tag_manifest_ = kept_;
    } else {
      tags_.push_back(std::move(file));
    }
  }

  Bag finish() {
    if (stage_ != Stage::complete)
      throw VerificationError(fmt::format("the archive has no {}", missing_member()));
    check_tags();
    check_payload();
    return std::move(bag_);
  }

 private:
  enum class Stage { declaration, info, payload, tag_manifest, complete };

  std::string_view missing_member() const {
    switch (stage_) {
      case Stage::declaration:
        return "bagit.txt";
      case Stage::info:
        return "bag-info.txt";
      case Stage::payload:
        return kManifest;
      default:
        return kTagManifest;
    }
  }

  void expect_order() {
    const auto reject = [&](std::string_view expected) {
      throw VerificationError(fmt::format("'{}' stands where {} should", path_, expected));
    };
    switch (stage_) {
      case Stage::declaration:
        if (path_ != "bagit.txt") reject("bagit.txt");
        stage_ = Stage::info;
        return;
      case Stage::info:
        if (path_ != "bag-info.txt") reject("bag-info.txt");
        stage_ = Stage::payload;
        return;
      case Stage::payload:
        if (payload_) {
          if (path_ <= last_)
            throw VerificationError(fmt::format("'{}' is not in the order of names", path_));
          last_ = path_;
        } else if (path_ == kManifest) {
          stage_ = Stage::tag_manifest;
        } else {
          reject(kManifest);
        }
        return;
      case Stage::tag_manifest:
        if (path_ != kTagManifest) reject(kTagManifest);
        stage_ = Stage::complete;
        return;
      case Stage::complete:
        throw VerificationError(fmt::format("'{}' stands behind the end of the bag", path_));
    }
  }

  void read_info() {
    bag_.info = parse_info(kept_);
    const std::string oxum = info_value(bag_.info, "Payload-Oxum");
    const std::size_t dot = oxum.find('.');
    const auto number = [](std::string_view text) -> std::optional<std::uint64_t> {
      if (text.empty() || text.size() > 18) return std::nullopt;
      std::uint64_t value = 0;
      for (const char c : text) {
        if (c < '0' || c > '9') return std::nullopt;
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
      }
      return value;
    };
    const auto bytes =
        dot == std::string::npos ? std::nullopt : number(std::string_view(oxum).substr(0, dot));
    const auto files =
        dot == std::string::npos ? std::nullopt : number(std::string_view(oxum).substr(dot + 1));
    if (!bytes || !files)
      throw VerificationError("bag-info.txt does not declare the payload's size (Payload-Oxum)");
    declared_bytes_ = *bytes;
    declared_files_ = *files;
    if (declared_bytes_ > limits_.unpacked_bytes || declared_files_ > limits_.files) {
      throw VerificationError(
          fmt::format("the archive declares {} bytes in {} files, more than a reader takes", *bytes, *files));
    }
  }

  void check_tags() {
    const auto digests = parse_manifest(tag_manifest_, kTagManifest);
    for (const auto& tag : tags_) {
      const auto listed = digests.find(tag.path);
      if (listed == digests.end()) {
        note(bag_.completeness_problems, fmt::format("{}: not listed in {}", tag.path, kTagManifest));
      } else if (listed->second != tag.sha256) {
        note(bag_.checksum_problems,
             fmt::format("{}: its content is not the one that {} lists", tag.path, kTagManifest));
      }
    }
    for (const auto& listed : digests) {
      const bool there = std::any_of(tags_.begin(), tags_.end(), [&](const digest::ManifestEntry& tag) {
        return tag.path == listed.first;
      });
      if (!there)
        note(bag_.completeness_problems,
             fmt::format("{}: listed in {} and missing", listed.first, kTagManifest));
    }
  }

  void check_payload() {
    const auto digests = parse_manifest(manifest_, kManifest);
    std::size_t found = 0;
    for (const auto& file : bag_.payload) {
      const auto listed = digests.find(file.path);
      if (listed == digests.end()) {
        note(bag_.completeness_problems, fmt::format("{}: not listed in {}", file.path, kManifest));
        continue;
      }
      ++found;
      if (listed->second != file.sha256) {
        note(bag_.checksum_problems,
             fmt::format("{}: its content is not the one that {} lists", file.path, kManifest));
      }
    }
    if (found != digests.size()) {
      for (const auto& [path, digest] : digests) {
        const auto at = std::lower_bound(
            bag_.payload.begin(), bag_.payload.end(), path,
            [](const digest::ManifestEntry& file, const std::string& name) { return file.path < name; });
        if (at == bag_.payload.end() || at->path != path) {
          note(bag_.completeness_problems, fmt::format("{}: listed in {} and missing", path, kManifest));
        }
      }
    }
    if (bag_.payload_bytes != declared_bytes_ || files_ != declared_files_) {
      note(bag_.completeness_problems,
           fmt::format("bag-info.txt declares {} bytes in {} files, the archive holds {} in {}",
                       declared_bytes_, declared_files_, bag_.payload_bytes, files_));
    }
  }

  PayloadVisitor* visitor_;
  Limits limits_;
  Bag bag_;
  Stage stage_ = Stage::declaration;
  record::NameSet seen_;
  std::string path_;
  std::string last_;
  std::uint64_t size_ = 0;
  std::uint64_t members_ = 0;
  std::uint64_t names_ = 0;
  std::uint64_t files_ = 0;
  std::uint64_t declared_bytes_ = 0;
  std::uint64_t declared_files_ = 0;
  bool payload_ = false;
  std::optional<digest::Sha256> digest_;
  std::string kept_;
  std::string manifest_;
  std::string tag_manifest_;
  std::vector<digest::ManifestEntry> tags_;
};

// The archive's file, read once from its beginning to its end.
class Source {
 public:
  Source(int file, const Growth& grows) : file_(file), grows_(grows) {}
  void read(const Pipeline::Piece& take) {
    std::string buffer(1 << 17, '\0');
    while (!grows_ || grows_(bytes_)) {
      const ssize_t got = ::pread(file_, buffer.data(), buffer.size(), static_cast<off_t>(bytes_));
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) throw Undecided(fmt::format("cannot read the archive: {}", std::strerror(errno)));
      if (got == 0) break;
      const std::string_view piece(buffer.data(), static_cast<std::size_t>(got));
      bytes_ += piece.size();
      digest_.update(piece);
      take(piece);
    }
    if (bytes_ == 0) throw VerificationError("the archive is empty");
  }
  std::uint64_t bytes() const { return bytes_; }
  std::string digest() { return digest_.hex(); }

 private:
  int file_;
  const Growth& grows_;
  std::uint64_t bytes_ = 0;
  digest::Sha256 digest_;
};

// Bytes that were unpacked so far, against those that were read.
void check_expansion(std::uint64_t unpacked, std::uint64_t compressed, const Limits& limits) {
  if (unpacked > limits.free_bytes + limits.ratio * compressed)
    throw VerificationError(
        "the archive unpacks to far more than its size lets expect: a decompression bomb");
}

// Reading and decoding in a thread of their own, what comes out in this one.
void read_tar(Source& source, Coding coding, MemberVisitor& visitor, const Limits& limits) {
  TarReader tar(visitor);
  Pipeline::run(
      [&](const Pipeline::Piece& hand_on) {
        std::uint64_t unpacked = 0;
        const auto decoder = make_decoder(coding, [&](std::string_view piece) {
          unpacked += piece.size();
          check_expansion(unpacked, source.bytes(), limits);
          hand_on(piece);
        });
        source.read([&](std::string_view piece) { decoder->feed(piece); });
        decoder->finish();
      },
      [&](std::string_view piece) { tar.feed(piece); });
  tar.finish();
}

void read_zip(Source& source, MemberVisitor& visitor, const Limits& limits) {
  ZipReader zip(visitor);
  source.read([&](std::string_view piece) {
    zip.feed(piece);
    check_expansion(zip.unpacked(), source.bytes(), limits);
  });
  zip.finish();
}

}  // namespace

Bag read_bag(int file, Format format, PayloadVisitor* visitor, const Limits& limits, const Growth& grows) {
  BagReader reader(visitor, limits);
  Source source(file, grows);
  if (format == Format::zip) {
    read_zip(source, reader, limits);
  } else {
    read_tar(source, format == Format::tar_zst ? Coding::zstd : Coding::gzip, reader, limits);
  }
  Bag bag = reader.finish();
  bag.sha256 = source.digest();
  bag.archive_bytes = source.bytes();
  return bag;
}

Bag read_bag(const std::filesystem::path& archive, PayloadVisitor* visitor, const Limits& limits) {
  const Format format = format_of(archive);
  const int file = ::open(archive.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) throw Undecided(fmt::format("cannot open {}: {}", archive.string(), std::strerror(errno)));
  struct Closing {
    int fd;
    ~Closing() { ::close(fd); }
  } const closing{file};
  return read_bag(file, format, visitor, limits);
}

}  // namespace exitgate::archive
