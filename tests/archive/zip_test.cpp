// The ZIP form: read by others, the same bytes every time, and nothing but what seal would have written.
#include "harness/archive/zip.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include <functional>

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
using testing::StartsWith;

std::string deflated(const std::string& content) {
  z_stream stream{};
  EXPECT_EQ(deflateInit2(&stream, 6, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
  std::string out(deflateBound(&stream, content.size()) + 16, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  EXPECT_EQ(deflate(&stream, Z_FINISH), Z_STREAM_END);
  out.resize(out.size() - stream.avail_out);
  deflateEnd(&stream);
  return out;
}

// An archive in its parts, each of which can be made to lie.
struct Parts {
  std::vector<ZipMember> local;
  std::vector<std::string> headers;  // as bytes, of `local` when empty
  std::vector<std::string> data;     // deflated
  std::vector<ZipMember> central;
  std::string between;  // the last member and the directory
  std::string directory;

  std::string bytes(std::uint32_t time) const {
    std::string all;
    for (std::size_t i = 0; i < local.size(); ++i) {
      all += headers[i].empty() ? zip_local_header(local[i], time) : headers[i];
      all += data[i];
    }
    all += between;
    return all + (directory.empty() ? zip_directory(central, all.size(), time) : directory);
  }
};

constexpr std::int64_t kTime = 1795428000;

class Zip : public testing::Test {
 protected:
  Zip() : folder_("exitgate-zip"), run_(folder_.path() / "run"), archive_(folder_.path() / "sample.zip") {
    write_sample_run(run_);
    seal({.run = run_, .archive = archive_});
    fs::remove(attest::statement_path(archive_));
    const fs::path tar = folder_.path() / "tar" / "sample.tar.zst";
    seal({.run = run_, .archive = tar});
    members_ = members_of(tar);
  }
  static Parts parts_of(const std::vector<CraftedMember>& members) {
    Parts parts;
    std::uint64_t offset = 0;
    for (const auto& member : members) {
      const std::string data = deflated(member.content);
      const auto crc = static_cast<std::uint32_t>(
          crc32_z(0, reinterpret_cast<const Bytef*>(member.content.data()), member.content.size()));
      parts.local.push_back({member.path, member.content.size(), data.size(), crc, offset});
      parts.headers.emplace_back();
      parts.data.push_back(data);
      offset += zip_local_header(parts.local.back(), 0).size() + data.size();
    }
    parts.central = parts.local;
    return parts;
  }
  std::string failure() const {
    for (const auto& claim : verify(archive_).claims) {
      if (claim.status == Claim::failed) return claim.name + ": " + claim.detail;
    }
    return "accepted";
  }
  std::string shell(const std::string& script) const {
    const auto done = exitgate::run(
        {.arguments = {"/bin/sh", "-ec", script}, .directory = folder_.path(), .merge_error = true});
    return fmt::format("{}{}", done.output, done.ok() ? "" : done.outcome());
  }
  TemporaryDirectory folder_;
  fs::path run_;
  fs::path archive_;
  std::vector<CraftedMember> members_;
};

TEST_F(Zip, HasOneForm) {
  EXPECT_EQ(failure(), "accepted");
  // Made by hand from the same members, it is the same to the last byte.
  EXPECT_TRUE(parts_of(members_).bytes(dos_time(1795428000)) == read_file(archive_));
  EXPECT_EQ(dos_time(1795428000), (46U << 9U | 11U << 5U | 23U) << 16U | 10U << 11U);
  EXPECT_EQ(dos_time(315532800), 1U << 21U | 1U << 16U);
  EXPECT_EQ(dos_time(1709208059), (44U << 9U | 2U << 5U | 29U) << 16U | 12U << 11U | 29U);
}

TEST_F(Zip, IsReadByOthers) {
  const struct {
    const char* tool;
    const char* script;
  } readers[] = {
      {"unzip", "unzip -tq ../../sample.zip && unzip -q ../../sample.zip"},
      {"bsdtar", "bsdtar -xf ../../sample.zip"},
      {"python3",
       "python3 -c 'import zipfile; z = zipfile.ZipFile(\"../../sample.zip\"); assert z.testzip() is None; "
       "z.extractall()'"},
  };
  for (const auto& [tool, script] : readers) {
    if (!find_program(tool)) continue;
    SCOPED_TRACE(tool);
    const std::string said = shell(fmt::format(
        "mkdir -p out/{0} && cd out/{0} && {{ {1}; }} && cd sample && sha256sum --quiet --strict -c "
        "manifest-sha256.txt tagmanifest-sha256.txt && cmp data/run.json {2}/run.json && stat -c %a "
        "data/run.json",
        tool, script, run_.string()));
    EXPECT_THAT(said, testing::EndsWith("644\n"));
  }
}

TEST_F(Zip, ManyMembersAndLargeOnesAreSaidInZip64) {
  std::string bytes;
  ZipWriter writer([&](std::string_view piece) { bytes += piece; },
                   [&](std::uint64_t at, std::string_view piece) { bytes.replace(at, piece.size(), piece); },
                   kTime);
  constexpr int kMany = 70'000;
  for (int i = 0; i < kMany; ++i) {
    writer.begin(fmt::format("f/{}", i), 1);
    writer.bytes("x");
    writer.end();
  }
  writer.finish();
  class Count : public MemberVisitor {
   public:
    void begin(const std::string&, std::uint64_t) override { ++members; }
    void bytes(std::string_view) override {}
    void end() override {}
    int members = 0;
  } count;
  ZipReader reader(count);
  // In pieces of every size.
  for (std::size_t at = 0, size = 1; at < bytes.size(); at += size, size = size % 997 + 1)
    reader.feed(std::string_view(bytes).substr(at, size));
  reader.finish();
  EXPECT_EQ(count.members, kMany);
  write_file(folder_.path() / "many.zip", bytes);
  if (find_program("python3")) {
    EXPECT_EQ(shell("python3 -c 'import zipfile; print(len(zipfile.ZipFile(\"many.zip\").namelist()))'"),
              "70000\n");
  }
  // Numbers of more than 32 bits: the header keeps its length when they become known.
  const ZipMember large{"a", 5'000'000'000, 0, 0, 0};
  ZipMember known = large;
  known.compressed = 4'999'999'999;
  EXPECT_EQ(zip_local_header(large, 0).size(), 30U + 1 + 20);
  EXPECT_EQ(zip_local_header(known, 0).size(), 30U + 1 + 20);
  EXPECT_EQ(zip_directory({known}, 5'000'000'100, 0).size(), 46U + 1 + 20 + 56 + 20 + 22);
  known.offset = 6'000'000'000;
  EXPECT_EQ(zip_directory({known}, 5'000'000'100, 0).size(), 46U + 1 + 28 + 56 + 20 + 22);
}

TEST_F(Zip, WhateverTwoReadersCouldSeeDifferentlyIsRejected) {
  const std::uint32_t time = dos_time(1795428000);
  const std::string good = read_file(archive_);
  const Parts whole = parts_of(members_);
  const std::size_t log = 7;  // data/logs/ctest.log
  ASSERT_EQ(whole.local[log].name, "sample/data/logs/ctest.log");
  const auto header = [&](std::size_t at, const std::string& value) {
    return [=](Parts& parts) {
      parts.headers[log] = zip_local_header(parts.local[log], time).replace(at, value.size(), value);
    };
  };
  const auto member = [&](const auto& change) {
    return [=](Parts& parts) {
      change(parts.local[log]);
      change(parts.central[log]);
    };
  };
  const auto central = [&](const auto& change) { return [=](Parts& parts) { change(parts.central); }; };
  const std::string directory = "framing: the central directory does not say what the local headers say";
  const std::string no_seal =
      "framing: sample/data/logs/ctest.log has a local header that is not as seal writes it";
  const std::string is = "framing: sample/data/logs/ctest.log ";
  const struct {
    std::string what;
    std::function<void(Parts&)> change;
    std::string reason;
  } cases[] = {
      {"nothing", [](Parts&) {}, "accepted"},
      {"central name", central([](auto& all) { all[7].name = "sample/data/logs/ctest.evil"; }), directory},
      {"central name leads out", central([](auto& all) { all[7].name = "../../../../etc/cron.d/x"; }),
       directory},
      {"central size", central([](auto& all) { all[7].size -= 1; }), directory},
      {"central compressed size", central([](auto& all) { all[7].compressed += 1; }), directory},
      {"central CRC", central([](auto& all) { all[7].crc ^= 1; }), directory},
      {"central offset: two entries over one member",
       central([](auto& all) { all[7].offset = all[6].offset; }), directory},
      {"central order", central([](auto& all) { std::swap(all[6], all[7]); }), directory},
      {"central entry missing", central([](auto& all) { all.erase(all.begin() + 7); }), directory},
      {"central entry twice", central([](auto& all) { all.insert(all.begin() + 7, all[7]); }), directory},
      {"central entry of a member that is not there", central([](auto& all) {
         all.push_back({"sample/data/zzz", 1, 3, 0, 0});
       }),
       directory},
      {"central: a symbolic link",
       [&](Parts& parts) {
         parts.directory =
             zip_directory(parts.central, good.size() - zip_directory(parts.central, 0, 0).size(), time);
         parts.directory[41] = '\xA1';
       },
       directory},
      {"central: a comment",
       [&](Parts& parts) {
         parts.directory =
             zip_directory(parts.central, good.size() - zip_directory(parts.central, 0, 0).size(), time);
         parts.directory[parts.directory.size() - 2] = 4;
         parts.directory += "hide";
       },
       directory},
      {"central: elsewhere", [&](Parts& parts) { parts.directory = zip_directory(parts.central, 0, time); },
       directory},
      {"bytes between", [](Parts& parts) { parts.between = "hidden"; },
       "framing: something that is not a member stands behind sample/tagmanifest-sha256.txt"},
      {"a directory between", [&](Parts& parts) { parts.between = zip_directory({}, 0, time); },
       "framing: something that is not a member stands behind sample/tagmanifest-sha256.txt"},
      {"encrypted", header(6, std::string("\x01\x08", 2)), is + "is encrypted"},
      {"data descriptor", header(6, std::string("\x08\x08", 2)),
       is + "leaves its sizes to a data descriptor: readers disagree on where it ends"},
      {"name not UTF-8 marked", header(6, std::string("\x00\x00", 2)), no_seal},
      {"stored", header(8, std::string("\x00\x00", 2)), is + "is not deflated"},
      {"deflate64", header(8, std::string("\x09\x00", 2)), is + "is not deflated"},
      {"version", header(4, "\x2d"), no_seal},
      {"time", header(10, "\x02"), no_seal},
      {"local size larger", member([](auto& one) { one.size += 1; }), is + "holds less than it declares"},
      {"local size smaller", member([](auto& one) { one.size -= 1; }), is + "holds more than it declares"},
      {"local size huge", member([](auto& one) { one.size = 4'000'000'000; }),
       is + "declares more than its content can hold"},
      {"size of Zip64 that is none", member([](auto& one) { one.size = 0xFFFFFFFFFFULL; }),
       is + "declares more than its content can hold"},
      {"compressed size smaller", member([](auto& one) { one.compressed -= 1; }), is + "is cut off"},
      {"compressed size larger", member([](auto& one) { one.compressed += 1; }),
       is + "has bytes hidden behind the end of its content"},
      {"no content", member([](auto& one) { one.compressed = 0; }), is + "has no deflated content"},
      {"CRC", member([](auto& one) { one.crc ^= 0x80; }), is + "is damaged: its CRC-32 is another"},
      {"bytes behind the deflated end",
       [&](Parts& parts) {
         parts.data[log] += "hide";
         parts.local[log].compressed += 4;
         parts.central = parts.local;
         for (std::size_t i = log + 1; i < parts.central.size(); ++i) parts.central[i].offset += 4;
       },
       is + "has bytes hidden behind the end of its content"},
      {"content that is not deflate", [&](Parts& parts) { parts.data[log][0] = '\xFF'; },
       is + "is damaged: its deflated content is unreadable"},
      {"an extra field",
       [&](Parts& parts) {
         std::string changed = zip_local_header(parts.local[log], time);
         changed[28] = 8;
         parts.headers[log] = changed + std::string("\x75\x70\x04\x00name", 8);
       },
       "framing: a local header of the ZIP archive is not as seal writes it"},
      {"Zip64 where none is needed",
       [&](Parts& parts) {
         std::string changed = zip_local_header(parts.local[log], time);
         changed[28] = 20;
         parts.headers[log] = changed + std::string("\x01\x00\x10\x00", 4) + std::string(16, '\0');
       },
       no_seal},
  };
  for (const auto& [what, change, reason] : cases) {
    SCOPED_TRACE(what);
    Parts parts = whole;
    change(parts);
    write_file(archive_, parts.bytes(time));
    EXPECT_THAT(failure(), StartsWith(reason));
  }
  const struct {
    std::string what;
    std::string bytes;
    std::string reason;
  } around[] = {
      {"before", "#!/bin/sh\n" + good, "framing: it does not begin as a ZIP archive does"},
      {"behind", good + "x", "framing: something stands behind the end of the archive"},
      {"second archive", good + good, "framing: something stands behind the end of the archive"},
      {"cut", good.substr(0, good.size() - 1), "framing: the archive is cut off"},
      {"half", good.substr(0, good.size() / 2), "framing: "},
      {"no directory", good.substr(0, good.size() - zip_directory(whole.central, 0, 0).size()),
       "framing: the archive is cut off: its central directory has no end"},
      {"empty", "", "framing: the archive is empty"},
      {"an empty archive", zip_directory({}, 0, time), "framing: it does not begin as a ZIP archive does"},
  };
  for (const auto& [what, bytes, reason] : around) {
    SCOPED_TRACE(what);
    write_file(archive_, bytes);
    EXPECT_THAT(failure(), StartsWith(reason));
  }
}

// What a bag must be is asked of each form by the same reader: here that it is asked at all.
TEST_F(Zip, HostileNamesAreRejected) {
  const struct {
    std::string path;
    std::string reason;
  } cases[] = {
      {"/etc/cron.d/x", "framing: member 8 is an absolute path"},
      {"sample/data/../../x", "framing: member 8 has '..' in its path"},
      {"sample/data/logs\\..\\x", "framing: member 8 has a backslash in its name"},
      {"c:/x", "framing: member 8 has a drive letter in its name"},
      {"sample/data/logs/\xff", "framing: member 8 has a name that is not UTF-8"},
      {"sample/data/logs/\x1b[2J", "framing: member 8 has a control character in its name"},
      {"sample/data/junit.xml", "framing: 'data/junit.xml' is there twice"},
      {"sample/data/JUNIT.xml", "framing: 'data/JUNIT.xml' differs only in case from another name"},
      {"sample/data/logs/", "framing: member 8 has an empty part in its path"},
  };
  for (const auto& [path, reason] : cases) {
    SCOPED_TRACE(path);
    auto members = members_;
    members[7].path = path;
    write_file(archive_, parts_of(members).bytes(dos_time(kTime)));
    EXPECT_EQ(failure(), reason);
  }
}

TEST_F(Zip, ABombIsLeftEarly) {
  // 400 MB of zeros, as tight as deflate gets, declared as what they are.
  constexpr std::uint64_t kBytes = 400ULL << 20;
  auto members = std::vector<CraftedMember>(members_.begin(), members_.begin() + 2);
  members[1].content = fmt::format("Payload-Oxum: {}.1\n", kBytes);
  std::string bytes;
  ZipWriter writer([&](std::string_view piece) { bytes += piece; },
                   [&](std::uint64_t at, std::string_view piece) { bytes.replace(at, piece.size(), piece); },
                   kTime);
  for (const auto& member : members) {
    writer.begin(member.path, member.content.size());
    writer.bytes(member.content);
    writer.end();
  }
  writer.begin("sample/data/zeros", kBytes);
  const std::string zeros(1 << 20, '\0');
  for (std::uint64_t written = 0; written < kBytes; written += zeros.size()) writer.bytes(zeros);
  writer.end();
  writer.finish();
  write_file(archive_, bytes);
  Limits tight;
  tight.free_bytes = 32U << 20;
  tight.ratio = 500;
  try {
    archive::read_bag(archive_, nullptr, tight);
    FAIL() << "it was read to its end";
  } catch (const VerificationError& refused) {
    EXPECT_STREQ(refused.what(),
                 "the archive unpacks to far more than its size lets expect: a decompression bomb");
  }
}

TEST_F(Zip, NoMutantIsAcceptedThatUnpacksToAnythingElse) {
  const std::string good = read_file(archive_);
  const std::string expected = unpacked(good, Format::zip);
  const Parts whole = parts_of(members_);
  const std::uint32_t time = dos_time(kTime);
  Chance random;
  // Where the framing is: most mutants of a byte at random would only hit deflated content.
  const std::size_t directory = good.size() - zip_directory(whole.central, 0, time).size();
  const auto place = [&](std::uint64_t size) -> std::uint64_t {
    switch (random(3)) {
      case 0:
        return std::min<std::uint64_t>(whole.local[random(whole.local.size())].offset + random(60), size - 1);
      case 1:
        return std::min<std::uint64_t>(directory + random(good.size() - directory), size - 1);
      default:
        return random(size);
    }
  };
  std::size_t accepted = 0;
  constexpr int kMutants = 20000;
  for (int round = 0; round < kMutants; ++round) {
    std::string bytes = good;
    switch (random(7)) {
      case 0:
      case 1:
        bytes[place(bytes.size())] ^= static_cast<char>(1 << random(8));
        break;
      case 2:
        bytes.resize(random(bytes.size()));
        break;
      case 3:
        bytes.insert(place(bytes.size()), 1 + random(64), static_cast<char>(random(256)));
        break;
      case 4:
        bytes.erase(place(bytes.size()), 1 + random(64));
        break;
      case 5: {  // some bytes for some others
        const std::uint64_t from = place(bytes.size());
        bytes.replace(place(bytes.size()), 16, bytes.substr(from, 16));
        break;
      }
      default: {  // a whole archive of its own with one member otherwise, manifests as they were
        auto members = members_;
        auto& one = members[random(members.size())];
        if (one.content.empty() || random(4) == 0) {
          one.path[random(one.path.size())] ^= static_cast<char>(1 << random(8));
        } else {
          one.content[random(one.content.size())] ^= static_cast<char>(1 << random(8));
        }
        bytes = parts_of(members).bytes(time);
      }
    }
    if (bytes == good) continue;
    try {
      ASSERT_EQ(unpacked(bytes, Format::zip), expected) << "round " << round;
      ++accepted;
    } catch (const VerificationError&) {
    }
  }
  EXPECT_LT(accepted, kMutants / 100U);
}

}  // namespace
}  // namespace exitgate::archive
