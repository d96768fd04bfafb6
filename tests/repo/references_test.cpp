#include "harness/collect/repo/references.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "tests/git/scratch_repository.h"

namespace exitgate::collect::repo {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> names(const std::vector<Reference>& references) {
  std::vector<std::string> result;
  for (const auto& one : references)
    result.push_back(fmt::format("{} {}{}", one.name, one.oid, one.at_commit ? " here" : ""));
  return result;
}

TEST(References, OfEveryKindThatGitKnows) {
  const test::ScratchRepository scratch;
  const std::string first = scratch.commit("first");
  scratch.git({"tag", "-a", "tag", "-m", "annotated"});
  scratch.git({"tag", "-a", "of-a-tag", "-m", "annotated twice", "tag"});
  const std::string second = scratch.commit("second");
  scratch.write("file", "content\n");
  const std::string third = scratch.commit("third");
  scratch.git({"tag", "blob", "HEAD:file"});
  scratch.git({"tag", "-a", "of-a-blob", "-m", "annotated", "blob"});
  scratch.git({"tag", "tree", "HEAD^{tree}"});
  scratch.git({"symbolic-ref", "refs/heads/alias", "refs/heads/main"});
  scratch.git({"symbolic-ref", "refs/heads/dangling", "refs/heads/none"});
  scratch.git({"checkout", "-q", "--detach", second});
  // A clone that was damaged: what stands behind the reference is gone.
  write_file(scratch.root() / ".git/refs/heads/gone", std::string(39, '1') + "2\n");
  const auto repository = git::Repository::open(scratch.root());

  const auto of_first = read_references(repository, first, false);
  EXPECT_THAT(names(of_first.references),
              ElementsAre("refs/heads/alias " + third, "refs/heads/main " + third,
                          "refs/tags/of-a-tag " + first + " here", "refs/tags/tag " + first + " here"));
  EXPECT_THAT(of_first.problems, IsEmpty());
  const auto of_second = read_references(repository, second, false);
  EXPECT_THAT(names(of_second.references),
              ElementsAre("refs/heads/alias " + third, "refs/heads/main " + third));
  const std::string none = scratch.git({"commit-tree", "HEAD^{tree}", "-m", "on no branch"});
  EXPECT_THAT(read_references(repository, none, false).references, IsEmpty());
}

TEST(References, NoneAtAll) {
  const test::ScratchRepository scratch;
  const std::string commit = scratch.commit();
  scratch.git({"checkout", "-q", "--detach"});
  scratch.git({"branch", "-D", "main"});
  const auto found = read_references(git::Repository::open(scratch.root()), commit, false);
  EXPECT_THAT(found.references, IsEmpty());
  EXPECT_THAT(found.problems, IsEmpty());
}

// A history with merges and with clocks that run backwards, as `git fast-import` takes it. Every third commit
// has a branch.
std::string random_history(std::mt19937& random, int commits) {
  const auto below = [&](int end) { return std::uniform_int_distribution(0, end - 1)(random); };
  std::string stream;
  for (int i = 1; i <= commits; ++i) {
    stream += fmt::format("commit refs/heads/{}\nmark :{}\ncommitter A <a@example.org> {} +0000\ndata 1\nx\n",
                          i % 3 == 0 ? fmt::format("b{}", i) : "other", i, 1700000000 + below(1000000));
    if (i > 1) stream += fmt::format("from :{}\n", std::max(1, i - 1 - below(5)));
    for (int more = below(4); i > 1 && more > 2; --more)
      stream += fmt::format("merge :{}\n", 1 + below(i - 1));
    stream += "\n";
  }
  return stream;
}

TEST(References, AreThoseThatGitFindsOneByOne) {
  for (unsigned seed = 0; seed < 3; ++seed) {
    std::mt19937 random(seed);
    const test::ScratchRepository scratch;
    test::ScratchRepository::git_in(scratch.root(), {"fast-import", "--quiet", "--force"},
                                    random_history(random, 45));
    const auto repository = git::Repository::open(scratch.root());
    std::size_t found = 0;
    for (const auto& commit : split(scratch.git({"rev-list", "--all"}), '\n')) {
      std::vector<std::string> expected;
      for (const auto& line :
           split(scratch.git({"for-each-ref", "--format=%(refname) %(objectname)", "--contains=" + commit}),
                 '\n')) {
        expected.push_back(line.ends_with(commit) ? line + " here" : line);
      }
      if (expected == std::vector<std::string>{""}) expected.clear();
      ASSERT_EQ(names(read_references(repository, commit, false).references), expected)
          << "seed " << seed << ", commit " << commit;
      found += expected.size();
    }
    EXPECT_GT(found, 45U);
  }
}

}  // namespace
}  // namespace exitgate::collect::repo
