#include "harness/collect/kept/kept_facts.h"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>

#include "harness/base/file.h"

namespace exitgate::collect {
namespace {

using testing::ElementsAre;
using testing::Eq;
using testing::Optional;

constexpr const char* kBuild = "0123456789abcdef0123456789abcdef01234567";

class Kept : public testing::Test {
 protected:
  KeptFacts open(const std::string& build = kBuild) const { return {cache_.path(), "code", build}; }
  std::optional<std::string> find(const std::string& oid, const std::string& path,
                                  const std::string& build = kBuild) const {
    return KeptFacts(cache_.path(), "code", build).find({{oid, path}}).at(0);
  }
  void keep(const std::string& oid, const std::string& path, const std::string& found,
            const std::string& build = kBuild) const {
    KeptFacts kept(cache_.path(), "code", build);
    kept.keep(oid, path, found);
    kept.save();
  }
  std::filesystem::path file(const std::string& build = kBuild) const {
    return cache_.path() / "facts" / ("code-" + build.substr(0, 16) + ".db");
  }

  TemporaryDirectory cache_{"kept-test"};
};

TEST_F(Kept, IsFoundByTheSameBuildUnderTheSamePath) {
  keep("a1", "src/a.py", std::string("\0x\n", 3));
  keep("a1", "tests/a.py", "");
  EXPECT_THAT(find("a1", "src/a.py"), Optional(std::string("\0x\n", 3)));
  EXPECT_THAT(find("a1", "tests/a.py"), Optional(std::string()));
  EXPECT_THAT(find("a1", "a.py"), Eq(std::nullopt));
  EXPECT_THAT(find("a2", "src/a.py"), Eq(std::nullopt));
  EXPECT_THAT(find("a1", "src/a.py", "f" + std::string(kBuild)), Eq(std::nullopt));
  keep("a1", "src/a.py", "y");
  EXPECT_THAT(open().find({{"a2", "x"}, {"a1", "src/a.py"}}),
              ElementsAre(Eq(std::nullopt), Optional(std::string("y"))));
}

TEST_F(Kept, IsForThisUserAlone) {
  keep("a1", "a.py", "x");
  struct stat state {};
  ASSERT_EQ(::stat(file().c_str(), &state), 0);
  EXPECT_EQ(state.st_mode & 0777U, 0600U);
  ASSERT_EQ(::stat(file().parent_path().c_str(), &state), 0);
  EXPECT_EQ(state.st_mode & 0777U, 0700U);
}

TEST_F(Kept, IsNothingWithoutAFolderOrABuild) {
  EXPECT_FALSE(KeptFacts("", "code", kBuild).keeps());
  EXPECT_FALSE(open("").keeps());
  write_file(cache_.path() / "file", "x");
  KeptFacts in_a_file(cache_.path() / "file", "code", kBuild);
  EXPECT_FALSE(in_a_file.keeps());
  in_a_file.keep("a1", "a.py", "x");
  in_a_file.save();
  EXPECT_THAT(in_a_file.find({{"a1", "a.py"}}), ElementsAre(Eq(std::nullopt)));
}

// Damage is as if nothing were kept, and the next run mends it.
TEST_F(Kept, IsNotTakenWhenItIsDamaged) {
  keep("a1", "a.py", "what was found");
  auto bytes = read_file(file());
  bytes.replace(bytes.find("what was found"), 4, "that");
  write_file(file(), bytes);
  EXPECT_THAT(find("a1", "a.py"), Eq(std::nullopt));
  keep("a1", "a.py", "what was found");
  EXPECT_THAT(find("a1", "a.py"), Optional(std::string("what was found")));
  write_file(file(), "not a database, and longer than the header of one would be: " + std::string(200, 'x'));
  EXPECT_THAT(find("a1", "a.py"), Eq(std::nullopt));
  keep("a1", "a.py", "what was found");  // which begins the file anew
  keep("a1", "a.py", "what was found");
  EXPECT_THAT(find("a1", "a.py"), Optional(std::string("what was found")));
}

TEST_F(Kept, HoldsNoSecret) {
  ::setenv("KEPT_TEST_PASSWORD", "hunter2-hunter2", 1);
  KeptFacts kept = open();
  ::unsetenv("KEPT_TEST_PASSWORD");
  kept.keep("a1", "a.py", "URL = 'postgres://u:hunter2-hunter2@h/d'");
  kept.keep("a2", "b.py", "URL = os.environ['X']");
  kept.save();
  EXPECT_THAT(find("a1", "a.py"), Eq(std::nullopt));
  EXPECT_TRUE(find("a2", "b.py").has_value());
  EXPECT_EQ(read_file(file()).find("hunter2"), std::string::npos);
}

TEST_F(Kept, OfOldBuildsIsRemoved) {
  const auto build = [](char digit) { return std::string(16, digit); };
  for (const char digit : {'1', '2', '3', '4', '5', '6'}) {
    keep("a1", "a.py", "x", build(digit));
    const std::filesystem::file_time_type at{std::chrono::hours(24 * 365 * 50) + std::chrono::hours(digit)};
    std::filesystem::last_write_time(file(build(digit)), at);
  }
  for (const char digit : {'1', '2'}) EXPECT_FALSE(std::filesystem::exists(file(build(digit)))) << digit;
  for (const char digit : {'3', '4', '5', '6'})
    EXPECT_TRUE(std::filesystem::exists(file(build(digit)))) << digit;
}

}  // namespace
}  // namespace exitgate::collect
