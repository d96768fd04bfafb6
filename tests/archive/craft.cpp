#include "tests/archive/craft.h"

#include <fmt/core.h>
#include <sys/mman.h>
#include <unistd.h>
#include <zstd.h>

#include "harness/archive/bag.h"
#include "harness/archive/codec.h"
#include "harness/archive/tar.h"
#include "harness/base/file.h"
#include "harness/base/verification_error.h"
#include "harness/digest/digest.h"

namespace exitgate::archive {

namespace {

constexpr std::int64_t kTime = 1795428000;

class Collect : public MemberVisitor {
 public:
  explicit Collect(std::vector<CraftedMember>& members) : members_(members) {}
  void begin(const std::string& name, std::uint64_t) override { members_.push_back({name, ""}); }
  void bytes(std::string_view piece) override { members_.back().content += piece; }
  void end() override {}

 private:
  std::vector<CraftedMember>& members_;
};

}  // namespace

std::vector<CraftedMember> members_of(const std::filesystem::path& archive) {
  std::vector<CraftedMember> members;
  Collect collect(members);
  TarReader reader(collect);
  const auto decoder = make_decoder(Coding::zstd, [&](std::string_view piece) { reader.feed(piece); });
  decoder->feed(read_file(archive));
  decoder->finish();
  reader.finish();
  return members;
}

void recompute(std::vector<CraftedMember>& members) {
  std::vector<digest::ManifestEntry> payload;
  std::uint64_t bytes = 0;
  const auto inside = [](const CraftedMember& member) {
    return member.path.substr(member.path.find('/') + 1);
  };
  for (const auto& member : members) {
    if (!inside(member).starts_with("data/")) continue;
    payload.push_back({inside(member), member.content.size(), digest::sha256_hex(member.content)});
    bytes += member.content.size();
  }
  std::vector<digest::ManifestEntry> tags;
  for (auto& member : members) {
    const std::string path = inside(member);
    if (path == "bag-info.txt") {
      Info info = parse_info(member.content);
      for (auto& [label, value] : info) {
        if (label == "Payload-Oxum") value = fmt::format("{}.{}", bytes, payload.size());
      }
      member.content = render_info(info);
    }
    if (path == "manifest-sha256.txt") member.content = digest::render_manifest(payload);
    if (path == "tagmanifest-sha256.txt") {
      member.content = digest::render_manifest(tags);
    } else if (!path.starts_with("data/")) {
      tags.push_back({path, member.content.size(), digest::sha256_hex(member.content)});
    }
  }
}

std::string tar_of(const std::vector<CraftedMember>& members, bool end) {
  std::string tar;
  for (const auto& member : members) {
    tar += member.header.empty() ? tar_header(member.path, member.content.size(), kTime) : member.header;
    tar += member.content;
    tar.append(tar_padding(member.content.size()), '\0');
  }
  if (end) {
    tar.append(2 * kTarBlock, '\0');
    tar.append((kTarRecord - tar.size() % kTarRecord) % kTarRecord, '\0');
  }
  return tar;
}

std::string unpacked(const std::string& bytes, Format format) {
  class Digest : public archive::PayloadVisitor {
   public:
    void begin(const std::string& path, std::uint64_t size) override {
      digest.update(fmt::format("{} {}\n", path, size));
    }
    void bytes(std::string_view piece) override { digest.update(piece); }
    void end() override {}
    digest::Sha256 digest;
  } visitor;
  const int file = ::memfd_create("mutant", MFD_CLOEXEC);
  const struct Closing {
    int fd;
    ~Closing() { ::close(fd); }
  } closing{file};
  if (::write(file, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()))
    throw Undecided("no memory");
  const Bag bag = archive::read_bag(file, format, &visitor);
  if (!bag.checksum_problems.empty() || !bag.completeness_problems.empty())
    throw VerificationError("not as its manifests say");
  for (const auto& [label, value] : bag.info) visitor.digest.update(label + value);
  visitor.digest.update(bag.folder);
  return visitor.digest.hex();
}

std::string zstd_of(const std::string& bytes) {
  std::string compressed(ZSTD_compressBound(bytes.size()), '\0');
  compressed.resize(ZSTD_compress(compressed.data(), compressed.size(), bytes.data(), bytes.size(), 1));
  return compressed;
}

void write_archive(const std::filesystem::path& archive, const std::string& tar) {
  write_file(archive, zstd_of(tar));
}

}  // namespace exitgate::archive
