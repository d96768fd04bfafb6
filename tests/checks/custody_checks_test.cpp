#include <fmt/core.h>
#include <gtest/gtest.h>

#include <vector>

#include "tests/checks/table.h"

namespace exitgate::testing {
namespace {

class CustodyChecks : public CheckTable {};
TEST_P(CustodyChecks, SayExactly) {
  holds();
}

std::string checkout(const std::string& branch, const std::string& dirty = "0", int shallow = 0) {
  return fmt::format(
      "INSERT INTO repo.checkout (oid, tree, branch, committed_at, subject, dirty, shallow) VALUES ('{}', "
      "'{}', {}, "
      "'2026-06-15T09:30:00Z', 'Take orders', {}, {});",
      std::string(40, '1'), std::string(40, '2'), branch, dirty, shallow);
}
const std::string kClean = checkout("'main'");

std::string change(const std::string& status, const std::string& path) {
  return fmt::format("INSERT INTO repo.change (status, path) VALUES ('{}', '{}');", status, path);
}

const std::vector<CheckCase> kCommit = {
    {"One", "commit-resolved", "{}", kClean, R"(1 examined
note: 1111111111111111111111111111111111111111 of 2026-06-15T09:30:00Z: Take orders
)"},
    {"None", "commit-resolved", "{}", "", R"(0 examined
FAIL the evidence is about 0 commits, it must be about one
  > collect the facts again
)"},
    {"Two", "commit-resolved", "{}", kClean + kClean, R"(2 examined
FAIL the evidence is about 2 commits, it must be about one
  > collect the facts again
note: 1111111111111111111111111111111111111111 of 2026-06-15T09:30:00Z: Take orders
note: 1111111111111111111111111111111111111111 of 2026-06-15T09:30:00Z: Take orders
)"},
    {"NoId", "commit-resolved", "{}", kClean + "UPDATE repo.checkout SET oid = 'HEAD';", R"(1 examined
FAIL the commit is not resolved: 'HEAD' with tree '2222222222222222222222222222222222222222' are not object ids
  > name a commit that `git rev-parse --verify REV^{commit}` knows
)"},
};
INSTANTIATE_TEST_SUITE_P(CommitResolved, CustodyChecks, ::testing::ValuesIn(kCommit), case_name);

const std::string kChanges = change("??", "new.py") + change("M", "app/db.py") + change("D", "gone.py") +
                             change("assume-unchanged", "a.py") + change("skip-worktree", "s.py") +
                             change("missing", "logo.png");

const std::vector<CheckCase> kTree = {
    {"Clean", "tree-clean", "{}", kClean, R"(1 examined
)"},
    {"Changes", "tree-clean", "{}", checkout("'main'", "1") + kChanges, R"(1 examined
FAIL a.py: differs from the commit behind an assume-unchanged bit: `git status` calls it clean
  > `git update-index --no-assume-unchanged` it, then commit or restore it
FAIL app/db.py: differs from the commit (git status: M)
  > commit it, or `git restore` it
FAIL gone.py: is in the commit and not in the work tree
  > `git restore` it, or commit its removal
FAIL logo.png: the clone lacks this file's content: what the commit holds here cannot be looked at
  > `git fetch --refetch` from a complete remote (a partial clone leaves blobs out)
FAIL new.py: is not tracked: tests may have used it, but no commit has it
  > commit it, delete it, or ignore it
FAIL s.py: differs from the commit behind a skip-worktree bit: `git status` calls it clean
  > `git update-index --no-skip-worktree` it, then commit or restore it
)"},
    {"Excepted", "tree-clean", R"({"except": ["*.py"]})", checkout("'main'", "1") + kChanges, R"(1 examined
FAIL logo.png: the clone lacks this file's content: what the commit holds here cannot be looked at
  > `git fetch --refetch` from a complete remote (a partial clone leaves blobs out)
)"},
    {"DirtyWithoutAReason", "tree-clean", "{}", checkout("'main'", "1"), R"(1 examined
FAIL the work tree differs from the commit
  > `git status` shows where
)"},
    {"Bare", "tree-clean", "{}", checkout("'main'", "NULL"), R"(1 examined
note: no work tree: only the commit's own objects were looked at
)"},
    {"FlagThatHidesNothing", "tree-clean", "{}",
     kClean + "INSERT INTO repo.index_flag (path, flag, differs) VALUES ('a.py', 'skip-worktree', 0);",
     R"(1 examined
)"},
    {"FlagThatCannotBeCompared", "tree-clean", "{}",
     kClean + "INSERT INTO repo.index_flag (path, flag, differs) VALUES ('a.py', 'assume-unchanged', NULL);",
     R"(1 examined
?    a.py: git was told not to look (assume-unchanged), and whether it differs could not be told
  > `git update-index --no-assume-unchanged` it
)"},
    {"AnotherCommitIsCheckedOut", "tree-clean", "{}",
     checkout("'main'", "1") + "UPDATE repo.checkout SET head = 'feed';", R"(1 examined
FAIL the work tree is at feed, not at this commit: nothing in it says anything of this one
  > `git switch --detach 1111111111111111111111111111111111111111`, or give the `.git` folder as the repository to leave the work tree out
)"},
    {"Excluded", "tree-clean", "{}",
     kClean + "INSERT INTO repo.excluded (path, source) VALUES ('local/', 'info/exclude'), ('.idea/', "
              "'core.excludesFile');",
     R"(1 examined
FAIL local/: is not tracked, and .git/info/exclude keeps `git status` silent about it: no other clone has that line
  > commit it, delete it, or ignore it in .gitignore, where others see it
note: .idea/: not tracked, and ignored by this user's core.excludesFile
)"},
    {"Submodule", "tree-clean", "{}", checkout("'main'", "1") + change("m", "vendor/lib"), R"(1 examined
FAIL vendor/lib: is a submodule with changes of its own
  > commit them there, then the new commit here
)"},
    {"Problem", "tree-clean", "{}",
     kClean + change("missing", "logo.png") +
         "INSERT INTO repo.problem (path, oid, reason) VALUES ('logo.png', 'b372', 'blob b372 is missing'), "
         "(NULL, NULL, 'git status did not end within 60 s');",
     R"(1 examined
FAIL logo.png: the clone lacks this file's content: what the commit holds here cannot be looked at
  > `git fetch --refetch` from a complete remote (a partial clone leaves blobs out)
?    git status did not end within 60 s
)"},
};
INSTANTIATE_TEST_SUITE_P(TreeClean, CustodyChecks, ::testing::ValuesIn(kTree), case_name);

const std::string kReference =
    "INSERT INTO repo.reference (name, oid, at_commit) VALUES ('refs/tags/v1', '3', 0), ('refs/heads/main', "
    "'1', 1);";

const std::vector<CheckCase> kBranch = {
    {"OnABranch", "branch-named", "{}", kClean, R"(1 examined
note: on branch main
)"},
    {"DetachedInABranch", "branch-named", "{}", checkout("NULL") + kReference, R"(1 examined
note: detached; the commit is in 'refs/heads/main' and 'refs/tags/v1'
)"},
    {"Lost", "branch-named", "{}", checkout("NULL"), R"(1 examined
FAIL no branch and no tag holds the commit: nobody can find it by a name, and git will delete it in time
  > `git switch --create NAME`, and push it
)"},
    {"LostInAShallowClone", "branch-named", "{}", checkout("NULL", "0", 1), R"(1 examined
FAIL no branch and no tag holds the commit: nobody can find it by a name, and git will delete it in time
  > fetch the branch that it is on (`git fetch origin BRANCH`): in a shallow clone it may be cut off
)"},
};
INSTANTIATE_TEST_SUITE_P(BranchNamed, CustodyChecks, ::testing::ValuesIn(kBranch), case_name);

std::string remote(const std::string& name, const std::string& contains) {
  return fmt::format(
      "INSERT INTO repo.remote (name, url, contains_commit) VALUES ('{}', 'https://example.org/', {});", name,
      contains);
}
const std::vector<CheckCase> kPushed = {
    {"OnARemote", "commit-pushed", "{}", kClean + remote("origin", "1") + remote("fork", "0"), R"(1 examined
note: on 'origin'
)"},
    {"Tracked", "commit-pushed", "{}",
     kClean + remote("origin", "0") +
         "INSERT INTO repo.reference (name, oid, at_commit) VALUES ('refs/remotes/pull/19/merge', '1', 1);",
     R"(1 examined
note: in 'refs/remotes/pull/19/merge'
)"},
    {"OnNone", "commit-pushed", "{}", kClean + remote("origin", "0"), R"(1 examined
FAIL no branch of 'origin' has the commit: who reviews it cannot fetch what the evidence is about
  > `git push`; when it is pushed already, `git fetch`
)"},
    {"Unknown", "commit-pushed", "{}", kClean + remote("origin", "NULL"), R"(1 examined
?    whether 'origin' has the commit could not be told
  > `git fetch` the branch that it is on
)"},
    {"NoRemote", "commit-pushed", "{}", kClean, R"(0 examined
skip: the clone has no remote
)"},
};
INSTANTIATE_TEST_SUITE_P(CommitPushed, CustodyChecks, ::testing::ValuesIn(kPushed), case_name);

std::string signature(const std::string& status, const std::string& reason = "NULL") {
  return fmt::format(
      "INSERT INTO repo.signature (kind, status, signer, key, reason) VALUES ('openpgp', '{}', 'Ada', "
      "'ABCD', {});",
      status, reason);
}
const std::string kRequired = R"({"required": true})";
const std::vector<CheckCase> kSignatures = {
    {"Good", "commit-signature", "{}", signature("good"), R"(1 examined
note: a good openpgp signature of Ada (key ABCD)
)"},
    {"Bad", "commit-signature", "{}", signature("bad", "'BAD signature from Ada'"), R"(1 examined
FAIL the commit's signature of Ada (key ABCD) is not that of these bytes: BAD signature from Ada
  > let the author sign it again: `git commit --amend --no-edit --gpg-sign`
)"},
    {"Expired", "commit-signature", "{}", signature("expired"), R"(1 examined
FAIL the commit's signature of Ada (key ABCD) is expired
  > let the author sign it again: `git commit --amend --no-edit --gpg-sign`
)"},
    {"UnknownKey", "commit-signature", "{}", signature("unknown-key"), R"(0 examined
skip: the signature of Ada (key ABCD) is by a key that is not known here
)"},
    {"UnknownKeyWhereRequired", "commit-signature", kRequired, signature("unknown-key", "'No public key'"),
     R"(1 examined
?    the commit's signature of Ada (key ABCD) cannot be verified here: No public key
  > import the signer's key, or name it in gpg.ssh.allowedSignersFile
)"},
    {"Undecided", "commit-signature", "{}", signature("undecided", "'gpg is not installed'"), R"(1 examined
?    the commit's signature of Ada (key ABCD) cannot be verified here: gpg is not installed
  > import the signer's key, or name it in gpg.ssh.allowedSignersFile
)"},
    {"None", "commit-signature", "{}", "", R"(0 examined
skip: the commit is not signed, and needs not be (`required: false`)
)"},
    {"NoneWhereRequired", "commit-signature", kRequired, "", R"(1 examined
FAIL the commit is not signed: whoever could push could have made it in another's name
  > `git commit --amend --no-edit --gpg-sign`
)"},
};
INSTANTIATE_TEST_SUITE_P(CommitSignature, CustodyChecks, ::testing::ValuesIn(kSignatures), case_name);

const std::string kDocument = R"({"documents": ["docs/evidence.md"]})";
std::string tracked(const std::string& path, const std::string& size) {
  return fmt::format("INSERT INTO repo.file (path, mode, oid, size) VALUES ('{}', '100644', 'abc', {});",
                     path, size);
}
const std::vector<CheckCase> kDocuments = {
    {"Tracked", "evidence-documents", kDocument, tracked("docs/evidence.md", "80"), R"(1 examined
)"},
    {"Misspelt", "evidence-documents", kDocument, tracked("docs/evidense.md", "80"), R"(1 examined
FAIL docs/evidence.md: the evidence document is not tracked at the commit
  > commit it, or fix `evidence: {documents: [...]}` in exitgate.yaml (did you mean 'docs/evidense.md'?)
)"},
    {"NotTracked", "evidence-documents", kDocument, "", R"(1 examined
FAIL docs/evidence.md: the evidence document is not tracked at the commit
  > commit it, or fix `evidence: {documents: [...]}` in exitgate.yaml
)"},
    {"OnlyInTheWorkTree", "evidence-documents", kDocument, change("??", "docs/evidence.md"), R"(1 examined
FAIL docs/evidence.md: the evidence document is in the work tree only (git status: ??)
  > `git add docs/evidence.md` and commit it
)"},
    {"OnlyInTheWorkTreeInANewFolder", "evidence-documents", kDocument, change("??", "docs/"), R"(1 examined
FAIL docs/evidence.md: the evidence document is in the work tree only (git status: ??)
  > `git add docs/evidence.md` and commit it
)"},
    {"Changed", "evidence-documents", kDocument,
     tracked("docs/evidence.md", "80") + change("M", "docs/evidence.md"),
     R"(1 examined
FAIL docs/evidence.md: the evidence document is not the commit's (git status: M)
  > commit it, or restore it
)"},
    {"Empty", "evidence-documents", kDocument, tracked("docs/evidence.md", "0"), R"(1 examined
FAIL docs/evidence.md: the evidence document is empty
  > write it, or take it out of exitgate.yaml
)"},
    {"NoneDeclared", "evidence-documents", "{}", "", R"(0 examined
skip: no evidence documents are declared: write `evidence: {documents: [...]}` in exitgate.yaml
)"},
};
INSTANTIATE_TEST_SUITE_P(EvidenceDocuments, CustodyChecks, ::testing::ValuesIn(kDocuments), case_name);

std::string ci(const std::string& commit, const std::string& head, const std::string& repository,
               const std::string& known) {
  const auto text = [](const std::string& value) { return value.empty() ? "NULL" : "'" + value + "'"; };
  return fmt::format(
      "INSERT INTO environment.ci_run (service, commit_oid, head_oid, repository, commit_known) VALUES "
      "('github', {}, {}, {}, {});",
      text(commit), text(head), text(repository), known);
}
const std::string kExamined(40, '1');
const std::string kOther(40, '3');
const std::string kHeadOnly = R"({"accepts": ["head"]})";
const std::string kMergeOnly = R"({"accepts": ["merge"]})";

const std::vector<CheckCase> kCiCommit = {
    {"NoCi", "ci-commit", "{}", kClean, R"(0 examined
skip: the run was not started by a CI service
)"},
    {"Same", "ci-commit", "{}", kClean + ci(kExamined, "", "a/b", "1"), R"(1 examined
note: the commit that github runs for
)"},
    {"Merge", "ci-commit", "{}", kClean + ci(kExamined, kOther, "a/b", "1"), R"(1 examined
note: the service's temporary merge of the pull request
)"},
    {"MergeWhereTheHeadIsWanted", "ci-commit", kHeadOnly, kClean + ci(kExamined, kOther, "a/b", "1"),
     R"(1 examined
FAIL the evidence is about 1111111111111111111111111111111111111111, which the service made to try the merge and no branch will ever hold
  > check out the pull request's head, 3333333333333333333333333333333333333333: with `actions/checkout`, `ref: ${{ github.event.pull_request.head.sha }}`
note: the service's temporary merge of the pull request
)"},
    {"Head", "ci-commit", kHeadOnly, kClean + ci(kOther, kExamined, "a/b", "1"), R"(1 examined
note: the head of the pull request's branch
)"},
    {"HeadWhereTheMergeIsWanted", "ci-commit", kMergeOnly, kClean + ci(kOther, kExamined, "a/b", "1"),
     R"(1 examined
FAIL the evidence is about the head of the pull request, not about what it becomes when merged
  > check out the commit of the run (`actions/checkout` without `ref`), or accept `head`
note: the head of the pull request's branch
)"},
    {"HeadThatIsTheRunsCommit", "ci-commit", kHeadOnly, kClean + ci(kExamined, kExamined, "a/b", "1"),
     R"(1 examined
note: the head of the pull request's branch
)"},
    {"Other", "ci-commit", "{}", kClean + ci(kOther, std::string(40, '4'), "a/b", "1"), R"(1 examined
FAIL the evidence is about 1111111111111111111111111111111111111111, but github runs for 3333333333333333333333333333333333333333 and the pull request's head is 4444444444444444444444444444444444444444
  > examine the commit that the run is for, or state the run that belongs to this commit
)"},
    {"OtherByItsRemote", "ci-commit", "{}",
     kClean + ci(kOther, "", "a/b", "0") +
         "INSERT INTO repo.remote (name, url) VALUES ('origin', 'https://example.org/a/b.git');",
     R"(1 examined
FAIL the evidence is about 1111111111111111111111111111111111111111, but github runs for 3333333333333333333333333333333333333333
  > examine the commit that the run is for, or state the run that belongs to this commit
)"},
    {"AnotherRepository", "ci-commit", "{}", kClean + ci(kOther, "", "x/y", "0") + remote("origin", "1"),
     R"(0 examined
skip: the CI run is one of 'x/y', another repository than the one that is examined
)"},
    {"NoRemote", "ci-commit", "{}", kClean + ci(kOther, "", "x/y", "0"), R"(0 examined
skip: the clone has no remote that says whether the CI run is one of its own
)"},
    {"CommitNotSaid", "ci-commit", "{}", kClean + ci("", "", "", "NULL"), R"(0 examined
skip: the CI service 'github' does not say which commit it runs for
)"},
    {"NoCommit", "ci-commit", "{}", ci(kOther, "", "", "1"), R"(0 examined
?    the facts hold no commit
  > collect the facts again
)"},
};
INSTANTIATE_TEST_SUITE_P(CiCommit, CustodyChecks, ::testing::ValuesIn(kCiCommit), case_name);

std::string tool(const std::string& name, const std::string& version, const std::string& path,
                 const std::string& digest) {
  return fmt::format("INSERT INTO environment.tool (name, version, path, sha256) VALUES ('{}', {}, {}, {});",
                     name, version, path, digest);
}
const std::string kGitOnly = R"({"programs": ["git"]})";

const std::vector<CheckCase> kPrograms = {
    {"Recorded", "programs-recorded", kGitOnly, tool("git", "'2.39.5'", "'/usr/bin/git'", "'ab'"),
     R"(1 examined
note: git 2.39.5, SHA-256 ab
)"},
    {"OneThatIsNotInstalled", "programs-recorded", kGitOnly,
     tool("git", "'2.39.5'", "'/usr/bin/git'", "'ab'") + tool("initdb", "NULL", "NULL", "NULL"),
     R"(1 examined
note: git 2.39.5, SHA-256 ab
)"},
    {"OneThatIsInstalled", "programs-recorded", kGitOnly,
     tool("git", "'2.39.5'", "'/usr/bin/git'", "'ab'") + tool("initdb", "'15.1'", "'/bin/initdb'", "NULL"),
     R"(2 examined
FAIL the bytes of initdb are not recorded: /bin/initdb could not be read
  > see that `sha256sum /bin/initdb` works where the gates run
note: git 2.39.5, SHA-256 ab
)"},
    {"NotFound", "programs-recorded", kGitOnly, tool("git", "NULL", "NULL", "NULL"), R"(1 examined
FAIL git took part and was not found when the facts were collected
  > put the folder of git on PATH where the gates run
)"},
    {"NoDigest", "programs-recorded", kGitOnly, tool("git", "'2'", "'/usr/bin/git'", "NULL"), R"(1 examined
FAIL the bytes of git are not recorded: /usr/bin/git could not be read
  > see that `sha256sum /usr/bin/git` works where the gates run
)"},
    {"NoVersion", "programs-recorded", kGitOnly, tool("git", "NULL", "'/usr/bin/git'", "'ab'"), R"(1 examined
FAIL /usr/bin/git does not say its version
  > see that `/usr/bin/git --version` works where the gates run
)"},
};
INSTANTIATE_TEST_SUITE_P(ProgramsRecorded, CustodyChecks, ::testing::ValuesIn(kPrograms), case_name);

std::string clock(const std::string& read_at, const std::string& synchronized) {
  return fmt::format("INSERT INTO environment.clock (read_at, synchronized) VALUES ('{}', {});", read_at,
                     synchronized);
}
const std::string kKept = R"({"synchronized": true})";

const std::vector<CheckCase> kClock = {
    {"After", "clock", "{}", kClean + clock("2026-06-15T09:30:01Z", "NULL"), R"(1 examined
note: 2026-06-15T09:30:01Z
)"},
    {"WithinTheTolerance", "clock", "{}", kClean + clock("2026-06-15T09:25:00Z", "0"), R"(1 examined
note: 2026-06-15T09:25:00Z, not known to be kept to a time server's
)"},
    {"BeforeTheCommit", "clock", "{}", kClean + clock("2026-06-15T09:24:59Z", "1"), R"(1 examined
FAIL the commit is of 2026-06-15T09:30:00Z, 301 s after the evidence about it, of 2026-06-15T09:24:59Z
  > one clock is wrong, this machine's or the author's: set it, and run again
)"},
    {"NotKept", "clock", kKept, kClean + clock("2026-06-16T00:00:00Z", "0"), R"(2 examined
FAIL the machine's clock is not kept to a time server's
  > run a time service on it (chrony, systemd-timesyncd)
note: 2026-06-16T00:00:00Z, not known to be kept to a time server's
)"},
    {"KeptNotSaid", "clock", kKept, kClean + clock("2026-06-16T00:00:00Z", "NULL"), R"(2 examined
?    the kernel does not say whether its clock is kept
note: 2026-06-16T00:00:00Z
)"},
    {"NoTime", "clock", "{}", kClean + clock("now-ish", "1"), R"(1 examined
?    'now-ish' and '2026-06-15T09:30:00Z' are not both times
  > collect the facts again
)"},
};
INSTANTIATE_TEST_SUITE_P(Clock, CustodyChecks, ::testing::ValuesIn(kClock), case_name);

}  // namespace
}  // namespace exitgate::testing
