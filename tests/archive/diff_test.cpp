#include "harness/archive/diff.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "harness/archive/seal.h"
#include "harness/base/file.h"
#include "harness/base/verification_error.h"
#include "harness/facts/store.h"
#include "harness/facts/tables/ci.h"
#include "harness/json/json.h"
#include "harness/verdict/verdict.h"
#include "tests/archive/craft.h"
#include "tests/archive/sample_run.h"

namespace exitgate::archive {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class DiffTest : public testing::Test {
 protected:
  DiffTest() : folder_("exitgate-diff"), a_(folder_.path() / "a"), b_(folder_.path() / "b") {
    write_sample_run(a_);
    write_sample_run(b_);
  }
  // The second run: a gate turned red with two findings, one turned green, another schema, another workflow.
  void change_b() const {
    auto verdict = verdict::verdict_from_json(Json::parse(read_file(b_ / "verdicts/EG-CG1.readable.json")));
    verdict.status = verdict::Status::fail;
    for (const int line : {3, 9}) {
      verdict::Judged one;
      one.id = fmt::format("id{}", line);
      one.finding.file = "ci.yml";
      one.finding.line = line;
      one.finding.message = "a | b";
      verdict.findings.push_back(one);
    }
    write_file(b_ / "verdicts/EG-CG1.readable.json", to_json(verdict).dump());
    verdict.findings.resize(1);
    verdict.findings[0].finding.line = 77;  // moved
    write_file(a_ / "verdicts/EG-CG1.readable.json", [&] {
      auto before = verdict;
      before.status = verdict::Status::pass;
      return to_json(before).dump();
    }());
    fs::remove(b_ / "verdicts/EG-CG2.head.json");
    fs::remove(b_ / "facts/ci.db");
    facts::Store store(b_ / "facts", "ci");
    store.insert(
        facts::ci::Workflow{.file = ".github/workflows/ci.yml", .name = "CI2", .provider = "github"});
    store.close();
    fs::remove(b_ / "facts/schema.db");
  }
  TemporaryDirectory folder_;
  fs::path a_;
  fs::path b_;
};

TEST_F(DiffTest, FindsNothingBetweenTheSame) {
  seal({.run = a_, .archive = folder_.path() / "a.tar.zst"});
  const auto same = diff(folder_.path() / "a.tar.zst", b_);
  EXPECT_TRUE(same.same());
  EXPECT_FALSE(same.worse());
  EXPECT_EQ(render_text(same),
            "from a.tar.zst, commit d1b778853611\nto   b, commit d1b778853611\n\nNothing differs.\n");
}

TEST_F(DiffTest, TellsWhatChanged) {
  change_b();
  const auto changed = diff(a_, b_);
  EXPECT_TRUE(changed.worse());
  EXPECT_EQ(
      render_text(changed),
      "from a, commit d1b778853611\nto   b, commit d1b778853611\n"
      "\nGates\n  ~ EG-CG1.readable: pass -> fail\n  ~ EG-CG2.head: skip -> not evaluated\n"
      "\nFindings\n  + EG-CG1.readable id9: ci.yml:9: a | b\n"
      "\nSchema\n  not compared: only the first run has schema facts\n"
      "\nWorkflows\n  ~ .github/workflows/ci.yml: unnamed -> CI2\n  - .github/workflows/docs.yml: unnamed\n");
  EXPECT_THAT(render_markdown(changed), HasSubstr("| EG-CG1.readable | pass | fail |\n"));
  EXPECT_THAT(render_markdown(changed), HasSubstr("| EG-CG1.readable id9 |  | ci.yml:9: a \\| b |\n"));
  const auto json = Json::parse(render_json(changed));
  EXPECT_EQ(json["worse"], true);
  EXPECT_EQ(json["sections"][0]["changes"][0]["after"], "fail");
  EXPECT_EQ(json["sections"][1]["changes"][0]["before"], nullptr);
  EXPECT_EQ(json["sections"][2]["problem"], "only the first run has schema facts");
}

TEST_F(DiffTest, ReadsArchivesAndUnpackedBagsAndRejectsOthers) {
  change_b();
  seal({.run = a_, .archive = folder_.path() / "a.tar.zst"});
  seal({.run = b_, .archive = folder_.path() / "b.tar.gz"});
  EXPECT_EQ(diff(folder_.path() / "a.tar.zst", folder_.path() / "b.tar.gz").sections.size(),
            diff(a_, b_).sections.size());
  EXPECT_EQ(render_text(diff(folder_.path() / "a.tar.zst", b_)).substr(40),
            render_text(diff(a_, b_)).substr(32));
  fs::create_directories(folder_.path() / "bag");
  fs::rename(a_, folder_.path() / "bag" / "data");
  EXPECT_TRUE(diff(folder_.path() / "bag", folder_.path() / "a.tar.zst").same());
  EXPECT_THROW(diff(folder_.path(), b_), UsageError);
  EXPECT_THROW(diff(folder_.path() / "none.tar.zst", b_), UsageError);
  auto members = members_of(folder_.path() / "a.tar.zst");
  for (auto& member : members) {
    if (member.path.ends_with("ctest.log")) member.content[0] = 'L';
  }
  write_archive(folder_.path() / "bad.tar.zst", tar_of(members));
  EXPECT_THROW(diff(folder_.path() / "bad.tar.zst", b_), VerificationError);
}

}  // namespace
}  // namespace exitgate::archive
