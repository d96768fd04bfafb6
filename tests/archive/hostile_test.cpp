// Archives made to deceive: each is refused, with the reason, and nothing is written anywhere but under
// TMPDIR.
#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <functional>

#include "harness/archive/codec.h"
#include "harness/archive/seal.h"
#include "harness/archive/verify.h"
#include "harness/attest/sidecars.h"
#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/verification_error.h"
#include "harness/digest/digest.h"
#include "tests/archive/chance.h"
#include "tests/archive/craft.h"
#include "tests/archive/sample_run.h"

namespace exitgate::archive {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using Members = std::vector<CraftedMember>;

constexpr std::int64_t kTime = 1795428000;

class Hostile : public testing::Test {
 protected:
  Hostile() : folder_("exitgate-hostile"), archive_(folder_.path() / "sample.tar.zst") {
    const fs::path run = folder_.path() / "run";
    write_sample_run(run);
    seal({.run = run, .archive = archive_});
    fs::remove(attest::statement_path(archive_));
    members_ = members_of(archive_);
  }
  // The first failed claim.
  std::string failure() const {
    for (const auto& claim : verify(archive_).claims) {
      if (claim.status == Claim::failed) return claim.name + ": " + claim.detail;
    }
    return "accepted";
  }
  static std::size_t index(const Members& members, const std::string& path) {
    for (std::size_t i = 0; i < members.size(); ++i) {
      if (members[i].path == "sample/" + path) return i;
    }
    ADD_FAILURE() << path;
    return 0;
  }
  TemporaryDirectory folder_;
  fs::path archive_;
  Members members_;
};

// A header with one field set, and its checksum right again.
std::string header_with(const std::string& path, std::uint64_t size, std::size_t at,
                        const std::string& value) {
  std::string header = tar_header(path, size, kTime);
  header.replace(at, value.size(), value);
  header.replace(148, 8, "        ");
  unsigned sum = 0;
  for (const char c : header) sum += static_cast<unsigned char>(c);
  header.replace(148, 6, fmt::format("{:06o}", sum));
  header[154] = '\0';
  return header;
}

TEST_F(Hostile, TheCraftedArchiveIsOtherwiseGood) {
  write_archive(archive_, tar_of(members_));
  EXPECT_EQ(failure(), "accepted");
  recompute(members_);
  write_archive(archive_, tar_of(members_));
  EXPECT_EQ(failure(), "accepted");
}

TEST_F(Hostile, EveryStructuredChangeIsRejected) {
  const std::string log = "data/logs/ctest.log";
  const struct {
    std::string what;
    std::function<void(Members&)> change;
    std::string reason;
  } cases[] = {
      {"content", [&](Members& m) { m[index(m, log)].content[0] = 'X'; },
       "checksums: data/logs/ctest.log: its content is not the one that manifest-sha256.txt lists"},
      {"missing", [&](Members& m) { m.erase(m.begin() + static_cast<std::ptrdiff_t>(index(m, log))); },
       "completeness: data/logs/ctest.log: listed in manifest-sha256.txt and missing"},
      {"extra",
       [&](Members& m) {
         m.insert(m.begin() + static_cast<std::ptrdiff_t>(index(m, log)), {"sample/data/logs/aaa.log", "x"});
       },
       "framing: the archive holds more than its bag-info.txt declares (Payload-Oxum)"},
      {"extra, empty, another missing",
       [&](Members& m) { m[index(m, "data/logs/empty.log")].path = "sample/data/logs/other.log"; },
       "completeness: data/logs/other.log: not listed in manifest-sha256.txt; data/logs/empty.log: listed in "
       "manifest-sha256.txt and missing"},
      {"duplicate",
       [&](Members& m) {
         m.insert(m.begin() + static_cast<std::ptrdiff_t>(index(m, log)), m[index(m, log)]);
         recompute(m);
       },
       "framing: 'data/logs/ctest.log' is there twice"},
      {"order",
       [&](Members& m) {
         std::swap(m[index(m, log)], m[index(m, "data/logs/empty.log")]);
         recompute(m);
       },
       "framing: 'data/logs/ctest.log' is not in the order of names"},
      {"case",
       [&](Members& m) {
         m[index(m, "data/logs/empty.log")].path = "sample/data/logs/Ctest.log";
         recompute(m);
         std::swap(m[index(m, log)], m[index(m, "data/logs/Ctest.log")]);
       },
       "framing: 'data/logs/ctest.log' differs only in case from another name"},
      {"file and folder",
       [&](Members& m) {
         m[index(m, log)].path = "sample/data/junit.xml/a";
         std::swap(m[index(m, "data/junit.xml/a")], m[index(m, "data/junit.xml") + 1]);
       },
       "framing: 'data/junit.xml/a' is inside a file"},
      {"absolute", [&](Members& m) { m[index(m, log)].path = "/etc/cron.d/x"; },
       "framing: member 8 is an absolute path"},
      {"parent", [&](Members& m) { m[index(m, log)].path = "sample/data/../../x"; },
       "framing: member 8 has '..' in its path"},
      {"parent first", [&](Members& m) { m[index(m, log)].path = "../x"; },
       "framing: member 8 has '..' in its path"},
      {"dot", [&](Members& m) { m[index(m, log)].path = "sample/./data/x"; },
       "framing: member 8 has '.' in its path"},
      {"backslash", [&](Members& m) { m[index(m, log)].path = "sample/data/logs\\..\\x"; },
       "framing: member 8 has a backslash in its name"},
      {"newline", [&](Members& m) { m[index(m, log)].path = "sample/data/logs/a\nb"; },
       "framing: member 8 has a line break in its name"},
      {"terminal", [&](Members& m) { m[index(m, log)].path = "sample/data/logs/\x1b[2J"; },
       "framing: member 8 has a control character in its name"},
      {"not UTF-8", [&](Members& m) { m[index(m, log)].path = "sample/data/logs/\xff"; },
       "framing: member 8 has a name that is not UTF-8"},
      {"drive", [&](Members& m) { m[index(m, log)].path = "c:/x"; },
       "framing: member 8 has a drive letter in its name"},
      {"escape", [&](Members& m) { m[index(m, log)].path = "sample/data/logs/a%0ab"; },
       "framing: member 8 has '%0a' in its name"},
      {"space", [&](Members& m) { m[index(m, log)].path = "sample/data/logs/a "; },
       "framing: member 8 has a space at the end of a name"},
      {"empty part", [&](Members& m) { m[index(m, log)].path = "sample/data//x"; },
       "framing: member 8 has an empty part in its path"},
      {"another folder", [&](Members& m) { m[index(m, log)].path = "other/data/logs/x"; },
       "framing: 'other/data/logs/x' stands outside the bag's folder sample"},
      {"no folder", [&](Members& m) { m[index(m, log)].path = "x"; },
       "framing: 'x' stands outside the bag's folder"},
      {"tag file",
       [&](Members& m) {
         m.insert(m.begin() + 2, {"sample/fetch.txt", "http://x 1 data/x\n"});
       },
       "framing: 'fetch.txt' stands where manifest-sha256.txt should"},
      {"second manifest",
       [&](Members& m) {
         m.push_back({"sample/manifest-md5.txt", ""});
       },
       "framing: 'manifest-md5.txt' stands behind the end of the bag"},
      {"no declaration", [&](Members& m) { m.erase(m.begin()); },
       "framing: 'bag-info.txt' stands where bagit.txt should"},
      {"no manifest", [&](Members& m) { m.erase(m.end() - 2); },
       "framing: 'tagmanifest-sha256.txt' stands where manifest-sha256.txt should"},
      {"no tag manifest", [&](Members& m) { m.pop_back(); },
       "framing: the archive has no tagmanifest-sha256.txt"},
      {"nothing", [&](Members& m) { m.clear(); }, "framing: the archive has no bagit.txt"},
      {"declaration",
       [&](Members& m) { m[0].content = "BagIt-Version: 0.97\nTag-File-Character-Encoding: UTF-8\n"; },
       "framing: bagit.txt is not as seal writes it"},
      {"info", [&](Members& m) { m[1].content += "Contact: mallory\n"; },
       "checksums: bag-info.txt: its content is not the one that tagmanifest-sha256.txt lists"},
      {"info, no size", [&](Members& m) { m[1].content = "A: b\n"; },
       "framing: bag-info.txt does not declare the payload's size (Payload-Oxum)"},
      {"info, odd size", [&](Members& m) { m[1].content = "Payload-Oxum: 99999999999999999999.1\n"; },
       "framing: bag-info.txt does not declare the payload's size (Payload-Oxum)"},
      {"info, no line", [&](Members& m) { m[1].content = "junk\n"; },
       "framing: bag-info.txt: line 1 is not of the form 'label: value'"},
      {"manifest lists too much",
       [&](Members& m) {
         auto& text = m[m.size() - 2].content;
         text += fmt::format("{}  data/zzz\n", digest::sha256_hex(""));
       },
       "checksums: manifest-sha256.txt: its content is not the one that tagmanifest-sha256.txt lists"},
      {"manifest, a line twice",
       [&](Members& m) {
         auto& text = m[m.size() - 2].content;
         text = text.substr(0, text.find('\n') + 1) + text;
       },
       "framing: manifest-sha256.txt: line 2: 'data/EVIDENCE.md' is listed twice"},
      {"manifest, order",
       [&](Members& m) {
         auto& text = m[m.size() - 2].content;
         text = text.substr(text.find('\n') + 1) + text.substr(0, text.find('\n') + 1);
       },
       "framing: manifest-sha256.txt: line 16: 'data/EVIDENCE.md' is not in the order of names"},
      {"manifest, capitals",
       [&](Members& m) {
         auto& text = m[m.size() - 2].content;
         text = "A" + text.substr(1);
       },
       "framing: manifest-sha256.txt: line 1 is not of the form '<SHA-256>  <path>'"},
      {"manifest, binary mark",
       [&](Members& m) {
         auto& text = m[m.size() - 2].content;
         text[65] = '*';
       },
       "framing: manifest-sha256.txt: line 1 is not of the form '<SHA-256>  <path>'"},
      {"manifest, path",
       [&](Members& m) { m[m.size() - 2].content = fmt::format("{}  ../x\n", digest::sha256_hex("")); },
       "framing: manifest-sha256.txt: line 1 has '..' in its path"},
      {"duplicate key",
       [&](Members& m) {
         m[index(m, "data/run.json")].content.insert(1, "\"commit\": \"x\",");
         recompute(m);
       },
       "framing: run.json: the key 'commit' is there twice"},
      {"deep document",
       [&](Members& m) {
         m[index(m, "data/run.json")].content = std::string(100000, '[');
         recompute(m);
       },
       "framing: run.json: nested deeper than 64 levels"},
      {"another commit",
       [&](Members& m) {
         auto& text = m[index(m, "data/run.json")].content;
         text.replace(text.find(kCommit), 4, "0000");
         recompute(m);
       },
       "documents: run.json names commit 0000"},
      {"no record",
       [&](Members& m) {
         m[index(m, "data/run.json")].content = "{}";
         recompute(m);
       },
       "documents: run.json: 'id' is missing"},
      {"another suite digest",
       [&](Members& m) {
         auto& text = m[index(m, "data/run.json")].content;
         const std::string key = "\"suite_digest\": \"";
         text.replace(text.find(key) + key.size(), 4, "0000");
         recompute(m);
       },
       "record: run.json names the suite digest 0000"},
      {"another gate file",
       [&](Members& m) {
         m[index(m, "data/suite/EG-CG1.yaml")].content += "gates: []\n";
         recompute(m);
       },
       "record: the digest of the sealed suite is "},
      {"a verdict of no known status",
       [&](Members& m) {
         auto& text = m[index(m, "data/verdicts/EG-CG1.docs.json")].content;
         text.replace(text.find("\"fail\""), 6, "\"good\"");
         recompute(m);
       },
       "framing: verdicts/EG-CG1.docs.json: the status 'good' is not known"},
      {"no run",
       [&](Members& m) {
         m.erase(m.begin() + static_cast<std::ptrdiff_t>(index(m, "data/run.json")));
         recompute(m);
       },
       "documents: run.json is missing"},
      {"symbolic link",
       [&](Members& m) {
         auto& one = m[index(m, log)];
         one.header = header_with(one.path, one.content.size(), 156, "2");
       },
       "framing: sample/data/logs/ctest.log is a symbolic link"},
      {"hard link",
       [&](Members& m) {
         auto& one = m[index(m, log)];
         one.header = header_with(one.path, one.content.size(), 156, "1");
       },
       "framing: sample/data/logs/ctest.log is a hard link"},
      {"device",
       [&](Members& m) {
         auto& one = m[index(m, log)];
         one.header = header_with(one.path, one.content.size(), 156, "3");
       },
       "framing: sample/data/logs/ctest.log is a device"},
      {"folder",
       [&](Members& m) {
         auto& one = m[index(m, log)];
         one.header = header_with(one.path, one.content.size(), 156, "5");
       },
       "framing: sample/data/logs/ctest.log is a folder"},
      {"pipe",
       [&](Members& m) {
         auto& one = m[index(m, log)];
         one.header = header_with(one.path, one.content.size(), 156, "6");
       },
       "framing: sample/data/logs/ctest.log is a pipe"},
      {"GNU long name",
       [&](Members& m) {
         auto& one = m[index(m, log)];
         one.header = header_with(one.path, one.content.size(), 156, "L");
       },
       "framing: sample/data/logs/ctest.log is a GNU long name"},
      {"sparse",
       [&](Members& m) {
         auto& one = m[index(m, log)];
         one.header = header_with(one.path, one.content.size(), 156, "S");
       },
       "framing: sample/data/logs/ctest.log is a sparse file"},
      {"mode",
       [&](Members& m) {
         auto& one = m[index(m, log)];
         one.header = header_with(one.path, one.content.size(), 100, "0004755");
       },
       "framing: the header of sample/data/logs/ctest.log is not as seal writes it"},
      {"owner",
       [&](Members& m) {
         auto& one = m[index(m, log)];
         one.header = header_with(one.path, one.content.size(), 108, "0000001");
       },
       "framing: the header of sample/data/logs/ctest.log is not as seal writes it"},
      {"time",
       [&](Members& m) {
         auto& one = m[index(m, log)];
         one.header = header_with(one.path, one.content.size(), 136, "00000000001");
       },
       "framing: the header of sample/data/logs/ctest.log is not as seal writes it"},
      {"link name",
       [&](Members& m) {
         auto& one = m[index(m, log)];
         one.header = header_with(one.path, one.content.size(), 157, "/etc/passwd");
       },
       "framing: the header of sample/data/logs/ctest.log is not as seal writes it"},
      {"size too large",
       [&](Members& m) {
         auto& one = m[index(m, log)];
         one.header = header_with(one.path, one.content.size(), 124, "77777777777");
       },
       "framing: the archive holds more than its bag-info.txt declares (Payload-Oxum)"},
      {"size too small",
       [&](Members& m) {
         auto& one = m[index(m, log)];
         one.header = header_with(one.path, one.content.size(), 124, "00000000001");
       },
       "framing: bytes are hidden behind the end of sample/data/logs/ctest.log"},
      {"size not octal",
       [&](Members& m) {
         auto& one = m[index(m, log)];
         one.header = header_with(one.path, one.content.size(), 124, "\x80");
       },
       "framing: the header of sample/data/logs/ctest.log is damaged"},
      {"pax path where none is needed",
       [&](Members& m) {
         auto& one = m[index(m, log)];
         std::string records = "33 path=sample/data/logs/evil.log\n";
         std::string header = header_with("././@PaxHeader", records.size(), 156, "x");
         records.resize(512, '\0');
         one.header = header + records + tar_header(one.path, one.content.size(), kTime);
       },
       "framing: the header of sample/data/logs/evil.log is not as seal writes it"},
      {"global pax",
       [&](Members& m) {
         m[0].header = header_with("pax_global_header", 0, 156, "g") +
                       tar_header(m[0].path, m[0].content.size(), kTime);
       },
       "framing: pax_global_header is a global pax header"},
  };
  for (const auto& [what, change, reason] : cases) {
    SCOPED_TRACE(what);
    Members changed = members_;
    change(changed);
    write_archive(archive_, tar_of(changed));
    EXPECT_THAT(failure(), testing::StartsWith(reason));
  }
}

TEST_F(Hostile, NothingMayStandBehindOrInsteadOfTheArchive) {
  const std::string good = read_file(archive_);
  const std::string tar = tar_of(members_);
  const std::string skippable = std::string("\x50\x2a\x4d\x18\x04\x00\x00\x00", 8) + "hide";
  const struct {
    std::string what;
    std::string bytes;
    std::string reason;
  } cases[] = {
      {"empty", "", "framing: the archive is empty"},
      {"text", "hello\n", "framing: it does not begin as zstd does"},
      {"second archive", good + good, "framing: something stands behind the end of the zstd frame"},
      {"one byte", good + "x", "framing: something stands behind the end of the zstd frame"},
      {"hidden frame behind", good + skippable, "framing: something stands behind the end of the zstd frame"},
      {"hidden frame before", skippable + good, "framing: it does not begin as zstd does"},
      {"cut", good.substr(0, good.size() - 1), "framing: the archive is cut off"},
      {"tar behind tar", zstd_of(tar + tar), "framing: something stands behind the end of the archive"},
      {"zeros behind tar", zstd_of(tar + std::string(10240, '\0')),
       "framing: the archive's end is not as seal writes it"},
      {"no end mark", zstd_of(tar_of(members_, false)),
       "framing: the archive is cut off: its end mark is missing"},
      {"half a block", zstd_of(tar + "x"), "framing: the archive is cut off: its end mark is missing"},
  };
  for (const auto& [what, bytes, reason] : cases) {
    SCOPED_TRACE(what);
    write_file(archive_, bytes);
    EXPECT_THAT(failure(), testing::StartsWith(reason));
  }
}

TEST_F(Hostile, ABombIsLeftEarly) {
  // 2 GiB of zeros in some 200 kB, declared as what they are.
  constexpr std::uint64_t kBytes = 2ULL << 30;
  Members members(members_.begin(), members_.begin() + 2);
  members[1].content = fmt::format("Payload-Oxum: {}.1\n", kBytes);
  std::string compressed;
  const auto encoder = make_encoder(
      Coding::zstd, [&](std::string_view piece) { compressed += piece; }, 2);
  encoder->write(tar_of(members, false));
  encoder->write(tar_header("sample/data/zeros", kBytes, kTime));
  const std::string zeros(1 << 20, '\0');
  for (std::uint64_t written = 0; written < kBytes; written += zeros.size()) encoder->write(zeros);
  encoder->finish();
  ASSERT_LT(compressed.size(), 1U << 20);
  write_file(archive_, compressed);
  const auto started = std::chrono::steady_clock::now();
  EXPECT_EQ(failure(),
            "framing: the archive unpacks to far more than its size lets expect: a decompression bomb");
  EXPECT_LT(std::chrono::steady_clock::now() - started, std::chrono::seconds(20));
  // Declaring more than a reader takes ends at once.
  members[1].content = "Payload-Oxum: 99999999999999999.1\n";
  write_archive(archive_, tar_of(members));
  EXPECT_EQ(failure(),
            "framing: the archive declares 99999999999999999 bytes in 1 files, more than a reader takes");
}

TEST_F(Hostile, NothingIsWrittenOutside) {
  const fs::path temporary = folder_.path() / "tmp";
  fs::create_directories(temporary);
  ::setenv("TMPDIR", temporary.c_str(), 1);
  Members changed = members_;
  changed[index(changed, "data/run.json")].path = "sample/data/../../../../../../tmp/exitgate-escaped";
  write_archive(archive_, tar_of(changed));
  const auto verified = verify(archive_, {.replay = [](std::string_view) { return nullptr; }});
  ::unsetenv("TMPDIR");
  EXPECT_FALSE(verified.good());
  EXPECT_TRUE(fs::is_empty(temporary));
  EXPECT_FALSE(fs::exists("/tmp/exitgate-escaped"));
}

// With the key and the attestation, every change of either is caught: also one that decodes to the same.
class HostileSigned : public Hostile {
 protected:
  static constexpr int kMutants = 10000;

  void SetUp() override {
    if (!find_program("openssl")) GTEST_SKIP() << "no openssl program, which makes the keys";
    const auto made =
        exitgate::run({.arguments = {"/bin/sh", "-ec",
                                     "openssl genpkey -algorithm ed25519 -out k && openssl pkey -in "
                                     "k -pubout -out p"},
                       .directory = folder_.path()});
    ASSERT_TRUE(made.ok()) << made.error;
    seal({.run = folder_.path() / "run", .archive = archive_, .key = (folder_.path() / "k").string()});
    ASSERT_TRUE(verify(archive_, with_key()).good());
  }
  archive::VerifyOptions with_key() const { return {.key = (folder_.path() / "p").string()}; }
  std::string mutant(std::string bytes) {
    switch (random_(5)) {
      case 0:
      case 1:
        bytes[random_(bytes.size())] ^= static_cast<char>(1 << random_(8));
        break;
      case 2:
        bytes.resize(random_(bytes.size()));
        break;
      case 3:
        bytes.insert(random_(bytes.size()), 1 + random_(3), " \n\t\"},=A0"[random_(9)]);
        break;
      default:
        bytes.erase(random_(bytes.size()), 1 + random_(3));
    }
    return bytes;
  }
  void expect_no_mutant_is_accepted(const fs::path& path) {
    const std::string good = read_file(path);
    for (int round = 0; round < kMutants; ++round) {
      const std::string bytes = mutant(good);
      if (bytes == good) continue;
      fs::remove(path);  // writing over it would wait for the disk
      std::ofstream(path, std::ios::binary) << bytes;
      ASSERT_FALSE(verify(archive_, with_key()).good()) << path.filename() << ", round " << round;
    }
    write_file(path, good);
    EXPECT_TRUE(verify(archive_, with_key()).good());
  }

 private:
  Chance random_;
};

TEST_F(HostileSigned, NoMutantOfTheArchiveIsAccepted) {
  expect_no_mutant_is_accepted(archive_);
}

TEST_F(HostileSigned, NoMutantOfTheAttestationIsAccepted) {
  expect_no_mutant_is_accepted(attest::envelope_path(archive_));
}

// Without a key to catch every flip: no mutant is accepted that unpacks to another byte or name.
TEST_F(Hostile, NoMutantIsAcceptedThatUnpacksToAnythingElse) {
  const std::string good = read_file(archive_);
  const std::string expected = unpacked(good, Format::tar_zst);
  const std::string tar = tar_of(members_);
  Chance random;
  std::size_t accepted = 0;
  constexpr int kMutants = 20000;
  for (int round = 0; round < kMutants; ++round) {
    // Half of them inside the compression, where its own checksum does not help.
    const bool inside = round % 2 == 1;
    std::string bytes = inside ? tar : good;
    switch (random(6)) {
      case 0:
      case 1:
        bytes[random(bytes.size())] ^= static_cast<char>(1 << random(8));
        break;
      case 2:
        bytes.resize(random(bytes.size()));
        break;
      case 3:
        bytes.insert(random(bytes.size()), 1 + random(600), static_cast<char>(random(256)));
        break;
      case 4:
        bytes.erase(random(bytes.size()), 1 + random(600));
        break;
      default: {  // a block for another
        const std::size_t blocks = bytes.size() / 512;
        if (blocks > 1) bytes.replace(random(blocks) * 512, 512, bytes.substr(random(blocks) * 512, 512));
      }
    }
    if (bytes == (inside ? tar : good)) continue;
    try {
      ASSERT_EQ(unpacked(inside ? zstd_of(bytes) : bytes, Format::tar_zst), expected) << "round " << round;
      ++accepted;
    } catch (const VerificationError&) {
    }
  }
  // Bits of the framing that decode to the same bytes: only the archive's own digest catches them.
  EXPECT_LT(accepted, kMutants / 100U);
}

}  // namespace
}  // namespace exitgate::archive
