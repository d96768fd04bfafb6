#include "harness/git/repository.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "tests/git/scratch_repository.h"

namespace exitgate::git {
namespace {

using test::ScratchRepository;
using testing::ElementsAre;
using testing::HasSubstr;

template <typename Call>
std::string message_of(Call call) {
  try {
    call();
  } catch (const UsageError& error) {
    return fmt::format("usage: {} | {}", error.what(), error.hint());
  } catch (const Error& error) {
    return fmt::format("undecided: {} | {}", error.what(), error.hint());
  }
  return "no error";
}

TEST(RepositoryOpen, FindsTheRootFromAnyFolder) {
  ScratchRepository scratch;
  scratch.write("deep/er/a", "a");
  scratch.commit();
  const auto root = std::filesystem::canonical(scratch.root());
  for (const auto& folder : {scratch.root(), scratch.root() / "deep/er"}) {
    const auto repository = Repository::open(folder);
    EXPECT_EQ(repository.work_tree(), root);
    EXPECT_EQ(repository.git_directory(), root / ".git");
  }
}

TEST(RepositoryOpen, BareAndWorktree) {
  ScratchRepository scratch;
  const std::string commit = scratch.commit();
  scratch.git({"clone", "-q", "--bare", ".", scratch.beside("bare").string()});
  scratch.git({"worktree", "add", "-q", scratch.beside("tree").string()});
  EXPECT_EQ(Repository::open(scratch.beside("bare")).work_tree(), std::nullopt);
  const auto worktree = Repository::open(scratch.beside("tree"));
  EXPECT_EQ(worktree.work_tree(), std::filesystem::canonical(scratch.beside("tree")));
  EXPECT_EQ(worktree.resolve_commit("HEAD"), commit);
}

TEST(RepositoryOpen, FolderNamesWithSpacesAndNewlines) {
  ScratchRepository scratch;
  const auto odd = scratch.beside("with space\nand newline ");
  scratch.git({"clone", "-q", "--bare", ".", odd.string() + ".git"});
  scratch.git({"clone", "-q", ".", odd.string()});
  EXPECT_EQ(Repository::open(odd).work_tree(), std::filesystem::canonical(odd));
  EXPECT_EQ(Repository::open(odd.string() + ".git").git_directory(),
            std::filesystem::canonical(odd.string() + ".git"));
}

TEST(RepositoryOpen, RejectsWithTheFix) {
  const TemporaryDirectory folder;
  const std::string path = folder.path().string();
  write_file(folder.path() / "file", "");
  const std::string give = "give --repo a work tree, a worktree or a bare git directory";
  EXPECT_EQ(
      message_of([&] { Repository::open(path); }),
      fmt::format("usage: {} is not a git repository: fatal: not a git repository (or any of the parent "
                  "directories): .git | {}",
                  path, give));
  EXPECT_EQ(message_of([&] { Repository::open(path + "/none"); }),
            fmt::format("usage: {}/none: no such folder | {}", path, give));
  EXPECT_EQ(message_of([&] { Repository::open(path + "/file"); }),
            fmt::format("usage: {}/file is not a folder | {}", path, give));
}

TEST(RepositoryOpen, AnotherUsersRepositoryNamesTheFix) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can give a folder to another user";
  ScratchRepository scratch;
  ASSERT_EQ(::chown(scratch.root().c_str(), 12345, 12345), 0);
  ASSERT_EQ(::chown((scratch.root() / ".git").c_str(), 12345, 12345), 0);
  EXPECT_EQ(
      message_of([&] { Repository::open(scratch.root()); }),
      fmt::format(
          "usage: {0}: git does not read this repository, because another user owns it | git config --global "
          "--add safe.directory {0}",
          scratch.root().string()));
}

TEST(RepositoryResolve, NamesWhatIsWrong) {
  ScratchRepository scratch;
  const std::string root = std::filesystem::canonical(scratch.root()).string();
  EXPECT_EQ(message_of([&] { Repository::open(scratch.root()).resolve_commit("HEAD"); }),
            fmt::format("usage: {}: the repository has no commit yet | commit something first", root));
  scratch.write("a", "a");
  const std::string commit = scratch.commit();
  const auto repository = Repository::open(scratch.root());
  EXPECT_EQ(repository.resolve_commit("main"), commit);
  EXPECT_EQ(repository.resolve_commit(commit.substr(0, 8)), commit);
  for (const std::string wrong : {"nonesuch", "HEAD:a", "--all", "-h", "", "HEAD^{tree}", "a b\nc"}) {
    EXPECT_EQ(
        message_of([&] { repository.resolve_commit(wrong); }),
        fmt::format(
            "usage: {}: unknown commit '{}' | give a commit id, branch or tag that `git rev-parse` knows",
            root, wrong));
  }
}

TEST(RepositoryResolve, ShallowCloneNamesTheFix) {
  ScratchRepository scratch;
  const std::string first = scratch.commit("first");
  scratch.commit("second");
  scratch.git(
      {"clone", "-q", "--depth=1", "file://" + scratch.root().string(), scratch.beside("clone").string()});
  EXPECT_THAT(message_of([&] { Repository::open(scratch.beside("clone")).resolve_commit(first); }),
              HasSubstr("| the clone is shallow: git fetch --unshallow, or fetch that commit"));
}

TEST(RepositoryTree, EveryKindOfEntryAndName) {
  ScratchRepository scratch;
  scratch.write("a b", "1");
  scratch.write("new\nline", "2");
  scratch.write("quote\"tab\t", "3");
  scratch.write("\xff\xfe", "4");
  scratch.write("z/\xc3\xa4", "5");
  std::filesystem::create_symlink("a b", scratch.root() / "link");
  scratch.git({"add", "--all"});
  scratch.git(
      {"update-index", "--add", "--cacheinfo", "160000,0123456789012345678901234567890123456789,module"});
  scratch.git({"commit", "-q", "-m", "all"});
  const auto repository = Repository::open(scratch.root());
  std::vector<std::string> shown;
  for (const auto& entry : repository.tree(repository.resolve_commit("HEAD"))) {
    shown.push_back(fmt::format("{} {} {}", entry.mode, entry.type, entry.path));
  }
  EXPECT_THAT(shown, ElementsAre("100644 blob \\377\\376", "100644 blob a b", "120000 blob link",
                                 "160000 commit module", "100644 blob new\nline", "100644 blob quote\"tab\t",
                                 "100644 blob z/\xc3\xa4"));
}

TEST(Objects, ReadsByIdAndByPath) {
  ScratchRepository scratch;
  const std::string large(300000, 'x');
  scratch.write("large", large);
  scratch.write("empty", "");
  scratch.write("with space", std::string("nul\0and\nline", 12));
  const std::string commit = scratch.commit();
  const auto repository = Repository::open(scratch.root());
  Objects objects(repository);
  EXPECT_EQ(objects.read(commit + ":large")->content, large);
  EXPECT_EQ(objects.read(commit + ":empty")->content, "");
  EXPECT_EQ(objects.read(commit + ":with space")->content, std::string("nul\0and\nline", 12));
  EXPECT_EQ(objects.read(commit)->type, "commit");
  EXPECT_FALSE(objects.read(commit + ":none").has_value());
  EXPECT_FALSE(objects.read("0123456789012345678901234567890123456789").has_value());
  EXPECT_FALSE(objects.read("two\nlines").has_value());
  EXPECT_FALSE(objects.read("").has_value());
  EXPECT_FALSE(objects.read(commit + ":large", 299999).has_value());
  EXPECT_EQ(objects.read(commit + ":large", 300000)->content, large);
  EXPECT_FALSE(objects.read(commit + ":large", 3).has_value());
  EXPECT_EQ(objects.read(commit + ":large")->content.size(), 300000U) << "still in step after the misses";
}

TEST(Objects, MissingBlobOfAFile) {
  ScratchRepository scratch;
  scratch.write("lost", "lost\n");
  const std::string commit = scratch.commit();
  const std::string oid = scratch.git({"rev-parse", "HEAD:lost"});
  std::filesystem::remove(scratch.root() / ".git/objects" / oid.substr(0, 2) / oid.substr(2));
  const auto repository = Repository::open(scratch.root());
  EXPECT_EQ(read_file_at(repository, commit, "none"), std::nullopt);
  EXPECT_EQ(message_of([&] { read_file_at(repository, commit, "lost"); }),
            fmt::format("undecided: lost at {}: its blob is missing from the clone | ", commit));
}

TEST(Objects, PartialCloneHasWhatItHasAndFetchesNothing) {
  ScratchRepository scratch;
  scratch.write("a", "a\n");
  scratch.write("b", "b\n");
  const std::string commit = scratch.commit();
  scratch.git({"config", "uploadpack.allowFilter", "true"});
  const auto clone = scratch.beside("clone");
  scratch.git(
      {"clone", "-q", "--bare", "--filter=blob:none", "file://" + scratch.root().string(), clone.string()});
  ScratchRepository::git_in(clone, {"hash-object", "-w", "--stdin"}, "b\n");
  const auto repository = Repository::open(clone);
  EXPECT_TRUE(repository.is_partial());
  Objects objects(repository);
  for (int round = 0; round < 2; ++round) {
    EXPECT_FALSE(objects.read(commit + ":a").has_value());
    EXPECT_FALSE(objects.read(scratch.git({"rev-parse", "HEAD:a"})).has_value());
    EXPECT_EQ(objects.read(scratch.git({"rev-parse", "HEAD:b"}))->content, "b\n");
    EXPECT_EQ(objects.read(commit + ":b")->content, "b\n");
    EXPECT_EQ(objects.read(commit)->type, "commit");
  }
}

TEST(Objects, PathThatLooksLikeAPatternIsTakenAsItIs) {
  ScratchRepository scratch;
  scratch.write("a[b]*", "odd");
  scratch.write("ab", "even");
  const std::string commit = scratch.commit();
  const auto repository = Repository::open(scratch.root());
  EXPECT_EQ(read_file_at(repository, commit, "a[b]*"), "odd");
  EXPECT_EQ(read_file_at(repository, commit, "a*"), std::nullopt);
  EXPECT_EQ(read_file_at(repository, commit, ":(top)ab"), std::nullopt);
}

TEST(Hostile, TheClonesProgramsAreSwitchedOffAndTheUsersAreNot) {
  ScratchRepository scratch;
  scratch.git({"config", "filter.one.clean", "false"});
  scratch.git({"config", "filter.one.smudge", "false"});
  scratch.git({"config", "filter.t=wo.process", "false"});
  scratch.git({"config", "filter.three.required", "true"});
  scratch.git({"config", "gpg.program", "false"});
  const auto repository = Repository::open(scratch.root());
  EXPECT_THAT(repository.switched_off_filters(), ElementsAre("one", "t=wo"));
  EXPECT_EQ(repository.output({"config", "--get", "filter.one.clean"}), "\n");
  EXPECT_EQ(repository.output({"config", "--get", "filter.t=wo.process"}), "\n");
  EXPECT_EQ(repository.output({"config", "--get", "gpg.program"}), "gpg\n");
  EXPECT_EQ(repository.output({"config", "--type=bool", "--get", "core.fsmonitor"}), "false\n");
}

TEST(Hostile, TheEnvironmentPointsGitNowhereElse) {
  ScratchRepository scratch;
  scratch.write("a", "a");
  const std::string commit = scratch.commit();
  const ScratchRepository other;
  ASSERT_EQ(::setenv("GIT_DIR", (other.root() / ".git").c_str(), 1), 0);
  ASSERT_EQ(::setenv("GIT_INDEX_FILE", "/nonexistent/index", 1), 0);
  const auto repository = Repository::open(scratch.root());
  EXPECT_EQ(repository.resolve_commit("HEAD"), commit);
  EXPECT_EQ(repository.output({"ls-files"}), "a\n");
  ::unsetenv("GIT_DIR");
  ::unsetenv("GIT_INDEX_FILE");
}

TEST(Hostile, ReplacedObjectsAreNotBelieved) {
  ScratchRepository scratch;
  scratch.write("a", "true\n");
  const std::string commit = scratch.commit();
  const std::string blob = scratch.git({"rev-parse", "HEAD:a"});
  scratch.write("b", "false\n");
  scratch.git({"replace", blob, scratch.git({"hash-object", "-w", "b"})});
  EXPECT_EQ(read_file_at(Repository::open(scratch.root()), commit, "a"), "true\n");
}

}  // namespace
}  // namespace exitgate::git
