#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/base/error.h"
#include "harness/collect/repo/collect.h"
#include "harness/collect/repo/signature.h"
#include "harness/facts/facts.h"
#include "tests/git/collected_facts.h"
#include "tests/git/scratch_repository.h"

namespace exitgate::collect::repo {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

// The facts of one collection, with each row as one text.
class Collected : public test::CollectedFacts {
 public:
  explicit Collected(const std::filesystem::path& path, const std::string& revision = "HEAD")
      : CollectedFacts(path, collect_repo, "repo", ' ', revision) {}

  std::string one(const std::string& sql) const {
    const auto all = rows(sql);
    return all.size() == 1 ? all[0] : fmt::format("{} rows", all.size());
  }
  std::vector<std::string> changes() const {
    return rows("SELECT status, path FROM repo.change ORDER BY path, status");
  }
  std::string dirty() const { return one("SELECT dirty FROM repo.checkout"); }
  std::vector<std::string> problems() const {
    return rows("SELECT path, reason FROM repo.problem ORDER BY 1, 2");
  }
};

class Repo : public testing::TestWithParam<std::string> {};

TEST_P(Repo, CleanWorkTreeOfEveryObjectFormat) {
  test::ScratchRepository scratch({"--object-format=" + GetParam()});
  scratch.write("a.txt", "hello\n");
  scratch.write("dir/b with space.sh", "#!/bin/sh\n");
  std::filesystem::create_symlink("a.txt", scratch.root() / "link");
  scratch.git({"add", "--all"});
  scratch.git({"update-index", "--chmod=+x", "dir/b with space.sh"});
  std::filesystem::permissions(scratch.root() / "dir/b with space.sh", std::filesystem::perms::owner_exec,
                               std::filesystem::perm_options::add);
  const std::string commit = scratch.commit("The subject\n\nThe body");

  const Collected facts(scratch.root());
  EXPECT_EQ(
      facts.one("SELECT oid, tree, branch, committed_at, subject, dirty, shallow, head FROM repo.checkout"),
      fmt::format("{} {} main 2026-01-14T15:51:24Z The subject 0 0 {}", commit,
                  scratch.git({"rev-parse", "HEAD^{tree}"}), commit));
  EXPECT_THAT(facts.rows("SELECT path, mode, size FROM repo.file ORDER BY path"),
              ElementsAre("a.txt 100644 6", "dir/b with space.sh 100755 10", "link 120000 5"));
  EXPECT_EQ(facts.one("SELECT oid FROM repo.file WHERE path = 'a.txt'"),
            scratch.git({"rev-parse", "HEAD:a.txt"}));
  EXPECT_THAT(facts.changes(), IsEmpty());
  EXPECT_THAT(facts.problems(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(ObjectFormats, Repo, testing::Values("sha1", "sha256"),
                         [](const auto& one) { return one.param; });

TEST(RepoChanges, EachKindAsGitWritesIt) {
  test::ScratchRepository scratch;
  for (const char* name : {"modified", "deleted", "staged", "both", "moved", "mode"})
    scratch.write(name, name);
  scratch.commit();
  scratch.write("modified", "other");
  std::filesystem::remove(scratch.root() / "deleted");
  scratch.write("staged", "staged, then");
  scratch.write("both", "one");
  scratch.git({"add", "staged", "both"});
  scratch.write("both", "two");
  scratch.git({"mv", "moved", "moved away"});
  std::filesystem::permissions(scratch.root() / "mode", std::filesystem::perms::owner_exec,
                               std::filesystem::perm_options::add);
  scratch.write("new\nline", "untracked");
  scratch.write("folder/x", "untracked");

  const Collected facts(scratch.root());
  EXPECT_THAT(facts.changes(),
              UnorderedElementsAre("MM both", "D deleted", "?? folder/", "M mode", "M modified", "D moved",
                                   "A moved away", "?? new\nline", "M staged"));
  EXPECT_EQ(facts.dirty(), "1");
}

TEST(RepoChanges, UnmergedPath) {
  test::ScratchRepository scratch;
  scratch.write("a", "base\n");
  scratch.commit();
  scratch.git({"switch", "-qc", "side"});
  scratch.write("a", "side\n");
  scratch.commit();
  scratch.git({"switch", "-q", "main"});
  scratch.write("a", "main\n");
  scratch.commit();
  Command merge{.arguments = {"git", "-C", scratch.root().string(), "merge", "side"}};
  run(merge);  // conflicts
  EXPECT_THAT(Collected(scratch.root()).changes(), ElementsAre("UU a"));
}

TEST(RepoChanges, OnlyTimesChanged) {
  test::ScratchRepository scratch;
  scratch.write("a", "same\n");
  scratch.commit();
  scratch.write("a", "same\n");
  const Collected facts(scratch.root());
  EXPECT_THAT(facts.changes(), IsEmpty());
  EXPECT_EQ(facts.dirty(), "0");
}

TEST(RepoChanges, AnotherCommitThanHeadIsComparedWithTheWorkTree) {
  test::ScratchRepository scratch;
  scratch.write("a", "one\n");
  scratch.write("b", "one\n");
  const std::string first = scratch.commit("first");
  scratch.write("a", "two\n");
  scratch.write("c", "new\n");
  const std::string second = scratch.commit("second");
  scratch.write("d", "untracked\n");

  const Collected facts(scratch.root(), first);
  EXPECT_THAT(facts.changes(), ElementsAre("M a", "A c", "?? d"));
  EXPECT_EQ(facts.one("SELECT oid, branch, dirty, head FROM repo.checkout"),
            fmt::format("{} NULL 1 {}", first, second));
}

TEST(RepoChanges, AnotherCommitWithTheSameTreeIsClean) {
  test::ScratchRepository scratch;
  scratch.write("a", "one\n");
  const std::string first = scratch.commit("first");
  scratch.commit("second, empty");
  EXPECT_EQ(Collected(scratch.root(), first).dirty(), "0");
}

TEST(RepoChanges, DirtySubmodule) {
  test::ScratchRepository inner;
  inner.write("x", "x\n");
  inner.commit();
  test::ScratchRepository scratch;
  scratch.git({"submodule", "--quiet", "add", inner.root().string(), "lib"});
  scratch.commit();
  EXPECT_EQ(Collected(scratch.root()).dirty(), "0");
  write_file(scratch.root() / "lib" / "y", "untracked in the submodule");
  const Collected facts(scratch.root());
  EXPECT_THAT(facts.changes(), ElementsAre("m lib"));
  EXPECT_EQ(facts.one("SELECT mode, size FROM repo.file WHERE path = 'lib'"), "160000 NULL");
}

struct Hidden {
  std::string name;
  std::string flag;     // option of git update-index
  std::string content;  // of the file afterwards; "-" removes it, "=" leaves it
  std::string differs;
  std::string dirty;
  friend void PrintTo(const Hidden& hidden, std::ostream* out) { *out << hidden.name; }
};

class RepoFlags : public testing::TestWithParam<Hidden> {};

TEST_P(RepoFlags, AreComparedByContent) {
  test::ScratchRepository scratch;
  scratch.write("a", "committed\n");
  scratch.commit();
  scratch.git({"update-index", "--" + GetParam().flag, "a"});
  if (GetParam().content == "-") {
    std::filesystem::remove(scratch.root() / "a");
  } else if (GetParam().content != "=") {
    scratch.write("a", GetParam().content);
  }
  EXPECT_EQ(scratch.git({"status", "--porcelain"}), "") << "git status is to say nothing here";

  const Collected facts(scratch.root());
  EXPECT_EQ(facts.one("SELECT path, flag, differs FROM repo.index_flag"),
            fmt::format("a {} {}", GetParam().flag, GetParam().differs));
  EXPECT_EQ(facts.dirty(), GetParam().dirty);
  if (GetParam().dirty == "1") {
    EXPECT_THAT(facts.changes(), ElementsAre(GetParam().flag + " a"));
  } else {
    EXPECT_THAT(facts.changes(), IsEmpty());
  }
}

INSTANTIATE_TEST_SUITE_P(Cases, RepoFlags,
                         testing::Values(Hidden{"assume_same", "assume-unchanged", "=", "0", "0"},
                                         Hidden{"assume_other", "assume-unchanged", "other\n", "1", "1"},
                                         Hidden{"assume_gone", "assume-unchanged", "-", "1", "1"},
                                         Hidden{"skip_same", "skip-worktree", "=", "0", "0"},
                                         Hidden{"skip_other", "skip-worktree", "other\n", "1", "1"},
                                         Hidden{"skip_gone", "skip-worktree", "-", "1", "1"}),
                         [](const auto& one) { return one.param.name; });

// Snapshots of parametrised tests are called so; the values look like passwords.
TEST(RepoFiles, ThatAreMaskedAlikeKeepARowEach) {
  test::ScratchRepository scratch;
  for (const char* name :
       {"use_Password=False_kv=a.json", "use_Password=False_kv=b.json", "use_Password=True_kv=a.json"}) {
    scratch.write(name, "one content");
  }
  scratch.commit();
  EXPECT_THAT(
      Collected(scratch.root()).rows("SELECT path FROM repo.file WHERE path LIKE 'use%' ORDER BY path"),
      ElementsAre("use_Password=***", "use_Password=*** (2)", "use_Password=*** (3)"));
}

TEST(RepoFlags, ManyWithOddNames) {
  test::ScratchRepository scratch;
  std::vector<std::string> names = {"new\nline", " space ", "-dash", "\"quote\"", "dir/\xc3\xa4"};
  for (int i = 0; i < 200; ++i) names.push_back(fmt::format("many/{}", i));
  for (const auto& name : names) scratch.write(name, name);
  std::filesystem::create_symlink("many/1", scratch.root() / "link");
  scratch.commit();
  std::vector<std::string> update = {"update-index", "--assume-unchanged", "--", "link"};
  update.insert(update.end(), names.begin(), names.end());
  scratch.git(update);
  EXPECT_EQ(Collected(scratch.root()).one("SELECT count(*), sum(differs) FROM repo.index_flag"), "206 0");
  for (const char* name : {"new\nline", "-dash", "many/7"}) scratch.write(name, "other");
  std::filesystem::remove(scratch.root() / "link");
  std::filesystem::create_symlink("many/2", scratch.root() / "link");
  EXPECT_THAT(Collected(scratch.root()).rows("SELECT path FROM repo.index_flag WHERE differs ORDER BY path"),
              ElementsAre("-dash", "link", "many/7", "new\nline"));
}

TEST(RepoFlags, LineEndsThatGitItselfConvertsAreNoDifference) {
  test::ScratchRepository scratch;
  scratch.write(".gitattributes", "*.txt text eol=crlf\n");
  scratch.write("a.txt", "one\r\ntwo\r\n");
  scratch.commit();
  scratch.git({"update-index", "--assume-unchanged", "a.txt"});
  const Collected facts(scratch.root());
  EXPECT_EQ(facts.one("SELECT size FROM repo.file WHERE path = 'a.txt'"), "8");
  EXPECT_EQ(facts.one("SELECT differs FROM repo.index_flag"), "0");
}

TEST(RepoFlags, SparseCheckoutIsNoDifference) {
  test::ScratchRepository scratch;
  scratch.write("in/a", "a\n");
  scratch.write("out/b", "b\n");
  scratch.commit();
  scratch.git({"sparse-checkout", "set", "in"});
  ASSERT_FALSE(std::filesystem::exists(scratch.root() / "out/b"));
  const Collected facts(scratch.root());
  EXPECT_EQ(facts.one("SELECT path, flag, differs FROM repo.index_flag"), "out/b skip-worktree 0");
  EXPECT_EQ(facts.dirty(), "0");
}

TEST(RepoExcluded, OnlyWhatThisCloneAloneHides) {
  test::ScratchRepository scratch;
  scratch.write(".gitignore", "*.o\n");
  scratch.write("src/tracked", "x");
  scratch.commit();
  scratch.write("a.o", "ignored for everybody");
  scratch.write("secret.txt", "hidden");
  scratch.write("src/hidden.tmp", "hidden");
  scratch.write("mixed/hidden.tmp", "hidden");
  scratch.write("mixed/seen", "seen");
  scratch.write(".git/info/exclude", "secret.txt\n*.tmp\n");
  const Collected facts(scratch.root());
  EXPECT_THAT(facts.rows("SELECT path, source FROM repo.excluded ORDER BY path"),
              ElementsAre("secret.txt info/exclude", "src/hidden.tmp info/exclude"));
  EXPECT_THAT(facts.changes(), ElementsAre("?? mixed/"));
}

TEST(RepoCheckout, DetachedHeadHasNoBranch) {
  test::ScratchRepository scratch;
  const std::string commit = scratch.commit();
  scratch.git({"checkout", "-q", "--detach"});
  EXPECT_EQ(Collected(scratch.root()).one("SELECT branch, head FROM repo.checkout"), "NULL " + commit);
}

TEST(RepoCheckout, BareRepositoryIsNeitherCleanNorDirty) {
  test::ScratchRepository scratch;
  scratch.write("a", "a\n");
  const std::string commit = scratch.commit();
  scratch.git({"clone", "-q", "--bare", ".", scratch.beside("bare.git").string()});
  const Collected facts(scratch.beside("bare.git"));
  EXPECT_EQ(facts.one("SELECT branch, dirty, shallow, head FROM repo.checkout"), "main NULL 0 " + commit);
  EXPECT_THAT(facts.problems(), IsEmpty());
}

TEST(RepoCheckout, WorktreeHasItsOwnHeadAndChanges) {
  test::ScratchRepository scratch;
  scratch.write("a", "a\n");
  scratch.commit();
  scratch.git({"worktree", "add", "-q", "-b", "side", scratch.beside("side").string()});
  scratch.write("a", "changed in the first work tree");
  const Collected facts(scratch.beside("side"));
  EXPECT_EQ(facts.one("SELECT branch, dirty FROM repo.checkout"), "side 0");
}

TEST(RepoRemotes, WithoutCredentialsAndWithTheCommit) {
  test::ScratchRepository scratch;
  scratch.commit("pushed");
  const auto clone = scratch.beside("clone");
  scratch.git({"clone", "-q", ".", clone.string()});
  using test::ScratchRepository;
  ScratchRepository::git_in(clone,
                            {"remote", "set-url", "origin", "https://me:ghp_secret@example.org/a/b.git"});
  ScratchRepository::git_in(clone, {"remote", "add", "never-fetched", "ssh://git@example.org/a.git"});
  const std::string sql = "SELECT name, contains_commit FROM repo.remote ORDER BY name";
  EXPECT_THAT(Collected(clone).rows(sql), ElementsAre("never-fetched NULL", "origin 1"));
  const std::string url = Collected(clone).one("SELECT url FROM repo.remote WHERE name = 'origin'");
  EXPECT_EQ(url, "https://example.org/a/b.git");

  ScratchRepository::git_in(clone, {"commit", "-q", "--allow-empty", "-m", "not pushed"});
  EXPECT_THAT(Collected(clone).rows(sql), ElementsAre("never-fetched NULL", "origin 0"));
}

TEST(RepoRemotes, ShallowCloneCannotSayNo) {
  test::ScratchRepository scratch;
  const std::string first = scratch.commit("first");
  scratch.commit("second");
  const auto clone = scratch.beside("clone");
  scratch.git({"clone", "-q", "--depth=1", "file://" + scratch.root().string(), clone.string()});
  test::ScratchRepository::git_in(clone, {"checkout", "-q", "--orphan", "other"});
  test::ScratchRepository::git_in(clone, {"commit", "-q", "--allow-empty", "-m", "unrelated"});
  const Collected facts(clone);
  EXPECT_EQ(facts.one("SELECT shallow FROM repo.checkout"), "1");
  EXPECT_EQ(facts.one("SELECT contains_commit FROM repo.remote"), "NULL");
}

TEST(RepoReferences, BranchesAndTagsThatHoldTheCommit) {
  test::ScratchRepository scratch;
  const std::string first = scratch.commit("first");
  scratch.git({"tag", "-a", "v1", "-m", "annotated"});
  scratch.git({"branch", "before"});
  const std::string second = scratch.commit("second");
  EXPECT_THAT(
      Collected(scratch.root(), first).rows("SELECT name, oid, at_commit FROM repo.reference ORDER BY name"),
      ElementsAre("refs/heads/before " + first + " 1", "refs/heads/main " + second + " 0",
                  "refs/tags/v1 " + first + " 1"));
  EXPECT_THAT(Collected(scratch.root()).rows("SELECT name FROM repo.reference"),
              ElementsAre("refs/heads/main"));
}

TEST(RepoMissing, BlobThatTheCloneLacks) {
  test::ScratchRepository scratch;
  scratch.write("kept", "kept\n");
  scratch.write("lost", "lost\n");
  scratch.commit();
  const std::string oid = scratch.git({"rev-parse", "HEAD:lost"});
  std::filesystem::remove(scratch.root() / ".git/objects" / oid.substr(0, 2) / oid.substr(2));
  const Collected facts(scratch.root());
  EXPECT_THAT(facts.changes(), ElementsAre("missing lost"));
  EXPECT_THAT(facts.problems(), ElementsAre("lost the blob is missing from the clone"));
  EXPECT_EQ(facts.one("SELECT size FROM repo.file WHERE path = 'lost'"), "NULL");
}

TEST(RepoMissing, PartialCloneIsNotFetchedFrom) {
  test::ScratchRepository scratch;
  scratch.write("a", "a\n");
  scratch.commit();
  scratch.git({"config", "uploadpack.allowFilter", "true"});
  const auto clone = scratch.beside("clone");
  scratch.git(
      {"clone", "-q", "--bare", "--filter=blob:none", "file://" + scratch.root().string(), clone.string()});
  const Collected facts(clone);
  EXPECT_THAT(facts.changes(), ElementsAre("missing a"));
}

TEST(RepoSignature, NoneForAnUnsignedCommit) {
  test::ScratchRepository scratch;
  scratch.commit();
  EXPECT_THAT(Collected(scratch.root()).rows("SELECT * FROM repo.signature"), IsEmpty());
}

TEST(RepoSignature, SshKeyAgainstTheAllowedSigners) {
  if (!find_program("ssh-keygen")) GTEST_SKIP() << "ssh-keygen is not installed";
  test::ScratchRepository scratch;
  const auto key = scratch.beside("key").string();
  ASSERT_TRUE(run({.arguments = {"ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key}}).ok());
  const auto signers = scratch.beside("signers");
  scratch.git({"config", "gpg.format", "ssh"});
  scratch.git({"config", "user.signingkey", key + ".pub"});
  scratch.git({"config", "commit.gpgsign", "true"});
  const std::string commit = scratch.commit("signed");
  const auto status = [&](const std::string& revision) {
    return Collected(scratch.root(), revision)
        .one("SELECT kind, status, signer, key IS NULL FROM repo.signature");
  };
  EXPECT_EQ(status(commit), "ssh undecided NULL 1");
  scratch.git({"config", "gpg.ssh.allowedSignersFile", signers.string()});
  write_file(signers, "a@example.org " + read_file(key + ".pub"));
  EXPECT_EQ(status(commit), "ssh good a@example.org 0");
  write_file(signers, "");
  EXPECT_EQ(status(commit), "ssh unknown-key NULL 0");

  // The same signature over another message.
  write_file(signers, "a@example.org " + read_file(key + ".pub"));
  std::string object = scratch.git({"cat-file", "commit", commit});
  object.replace(object.rfind("signed"), 6, "forged");
  const std::string forged = test::ScratchRepository::git_in(
      scratch.root(), {"hash-object", "-t", "commit", "-w", "--stdin"}, object + "\n");
  EXPECT_EQ(status(forged), "ssh bad NULL 1");
}

TEST(RepoSignature, WhatGnuPgSays) {
  struct Case {
    std::string said;
    bool succeeded;
    std::string status;
    std::string signer;
    std::string key;
  };
  const std::vector<Case> cases = {
      {"[GNUPG:] NEWSIG\n[GNUPG:] GOODSIG AABB A B <a@example.org>\n[GNUPG:] VALIDSIG CCDD 2026-01-14\n",
       true, "good", "A B <a@example.org>", "CCDD"},
      {"[GNUPG:] GOODSIG AABB A\n", false, "undecided", "A", "AABB"},
      {"[GNUPG:] BADSIG AABB A\n", false, "bad", "A", "AABB"},
      {"[GNUPG:] ERRSIG AABB 1 8 00\n[GNUPG:] NO_PUBKEY AABB\n", false, "unknown-key", "", "AABB"},
      {"[GNUPG:] EXPKEYSIG AABB A\n", true, "undecided", "A", "AABB"},
      {"[GNUPG:] EXPKEYSIG AABB A\n", false, "expired", "A", "AABB"},
      {"[GNUPG:] REVKEYSIG AABB A\n", false, "revoked", "A", "AABB"},
      {"error: cannot run gpg: No such file or directory\n", false, "undecided", "", ""},
      {"", true, "undecided", "", ""},
  };
  for (const auto& one : cases) {
    const auto signature = parse_verification(facts::repo::SignatureKind::openpgp, one.said, one.succeeded);
    EXPECT_EQ(to_text(signature.status), one.status) << one.said;
    EXPECT_EQ(signature.signer.value_or(""), one.signer) << one.said;
    EXPECT_EQ(signature.key.value_or(""), one.key) << one.said;
  }
}

TEST(RepoHostile, ConfigurationOfTheCloneRunsNothing) {
  test::ScratchRepository scratch;
  scratch.write(".gitattributes", "*.x filter=evil\n*.y filter=e=vil\n");
  scratch.write("a.x", "a\n");
  scratch.write("b.y", "b\n");
  scratch.commit();
  const std::string trap = (scratch.beside("trapped")).string();
  const std::string touch = "touch '" + trap + "'; cat";
  scratch.git({"config", "filter.evil.clean", touch});
  scratch.git({"config", "filter.evil.required", "true"});
  scratch.git({"config", "filter.e=vil.process", touch});
  scratch.git({"config", "core.fsmonitor", touch});
  scratch.git({"config", "diff.external", touch});
  scratch.write("a.x", "changed, a\n");
  scratch.write("b.y", "changed, b\n");
  const Collected facts(scratch.root());
  EXPECT_FALSE(std::filesystem::exists(trap));
  EXPECT_EQ(facts.dirty(), "NULL");
  EXPECT_THAT(facts.changes(), IsEmpty());
  EXPECT_THAT(
      facts.problems(),
      ElementsAre("a.x cannot be compared with the commit: its filter 'evil' is declared in the clone's own "
                  "configuration, which is not run",
                  "b.y cannot be compared with the commit: its filter 'e=vil' is declared in the clone's own "
                  "configuration, which is not run"));
}

TEST(RepoHostile, BrokenIndexIsAProblemAndNotAClean) {
  test::ScratchRepository scratch;
  scratch.write("a", "a\n");
  scratch.commit();
  scratch.write(".git/index", "no index");
  const Collected facts(scratch.root());
  EXPECT_EQ(facts.dirty(), "NULL");
  EXPECT_FALSE(facts.problems().empty());
}

}  // namespace
}  // namespace exitgate::collect::repo
