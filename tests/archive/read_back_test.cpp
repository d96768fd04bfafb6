// Reading an archive back while it is written.
#include "harness/archive/read_back.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "harness/archive/seal.h"
#include "harness/base/file.h"
#include "harness/base/verification_error.h"
#include "tests/archive/sample_run.h"

namespace exitgate::archive {
namespace {

namespace fs = std::filesystem;

class ReadBackTest : public testing::Test {
 protected:
  ReadBackTest() : folder_("exitgate-read-back"), archive_(folder_.path() / "sample.tar.zst") {
    write_sample_run(folder_.path() / "run");
    seal({.run = folder_.path() / "run", .archive = archive_});
    content_ = read_file(archive_);
    file_ = ::open((folder_.path() / "growing").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  }
  ~ReadBackTest() override { ::close(file_); }
  // In pieces; `content` is what the disk makes of them.
  void write(ReadBack& read_back, const std::string& content) const {
    constexpr std::size_t kPiece = 1000;
    for (std::size_t at = 0; at < content.size(); at += kPiece) {
      const std::string piece = content.substr(at, kPiece);
      ASSERT_EQ(::write(file_, piece.data(), piece.size()), static_cast<ssize_t>(piece.size()));
      read_back.written(at + piece.size());
    }
  }
  TemporaryDirectory folder_;
  fs::path archive_;
  std::string content_;
  int file_ = -1;
};

TEST_F(ReadBackTest, ReadsWhatAReaderOfTheWholeReads) {
  ReadBack read_back(file_, Format::tar_zst);
  write(read_back, content_);
  const Bag bag = read_back.finish();
  const Bag whole = archive::read_bag(archive_);
  EXPECT_EQ(bag.sha256, whole.sha256);
  EXPECT_EQ(bag.archive_bytes, content_.size());
  EXPECT_EQ(bag.payload.size(), whole.payload.size());
  EXPECT_TRUE(bag.checksum_problems.empty() && bag.completeness_problems.empty());
}

TEST_F(ReadBackTest, ReadsTheFileAndNotWhatWasMeantToBeWritten) {
  std::string damaged = content_;
  damaged[damaged.size() / 2] = static_cast<char>(damaged[damaged.size() / 2] ^ 1);
  ReadBack read_back(file_, Format::tar_zst);
  write(read_back, damaged);
  EXPECT_THROW(
      {
        if (!read_back.finish().checksum_problems.empty()) throw VerificationError("a checksum");
      },
      VerificationError);
}

TEST_F(ReadBackTest, AnEarlyEndIsRejected) {
  ReadBack read_back(file_, Format::tar_zst);
  write(read_back, content_.substr(0, content_.size() - 10));
  EXPECT_THROW(read_back.finish(), VerificationError);
}

TEST_F(ReadBackTest, GivesUpWithItsWriter) {
  {
    ReadBack read_back(file_, Format::tar_zst);
    write(read_back, content_.substr(0, content_.size() / 2));
  }
  EXPECT_EQ(fs::file_size(folder_.path() / "growing"), content_.size() / 2);
}

}  // namespace
}  // namespace exitgate::archive
