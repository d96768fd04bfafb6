// The stairway in two halves on two servers gives what one walk on one server gives.
#include "harness/collect/schema/run_stairway.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/collect/schema/stair_walk.h"

namespace exitgate::collect::schema {
namespace {

namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr int kRevisions = 6;

// Goes to a revision as Alembic does, by files of SQL: `alembic upgrade 3`, `alembic downgrade 3-1`.
constexpr const char* kTool = R"sh(#!/bin/sh -e
export PGOPTIONS='-c client_min_messages=error'
psql -q -c 'CREATE TABLE IF NOT EXISTS alembic_version (n int)'
at=$(psql -qAt -c 'SELECT coalesce(max(n), 0) FROM alembic_version')
run() { psql -q -v ON_ERROR_STOP=1 -o /dev/null -f "$1"; psql -q -c "DELETE FROM alembic_version; INSERT INTO alembic_version SELECT $2 WHERE $2 > 0"; }
case $1 in
upgrade) while [ "$at" -lt "$2" ]; do at=$((at + 1)); run "$at.up.sql" "$at"; done ;;
downgrade) to=0; [ "$2" = base ] || to=$((${2%-1} - 1)); while [ "$at" -gt "$to" ]; do run "$at.down.sql" $((at - 1)); at=$((at - 1)); done ;;
esac
)sh";

Environment line_of_revisions() {
  Environment history;
  history.id = "alembic";
  history.tool = "alembic";
  for (int number = 1; number <= kRevisions; ++number) {
    Revision one;
    one.id = std::to_string(number);
    one.file = one.id + ".py";
    if (number > 1) one.down = {std::to_string(number - 1)};
    history.revisions.push_back(one);
  }
  return history;
}

class StairwayInHalves : public ::testing::Test {
 protected:
  StairwayInHalves() {
    for (int number = 1; number <= kRevisions; ++number) {
      files_[fmt::format("{}.up.sql", number)] =
          fmt::format("CREATE TABLE t{} (id int PRIMARY KEY);", number);
      files_[fmt::format("{}.down.sql", number)] = fmt::format("DROP TABLE t{};", number);
    }
    config::Step step;
    step.run = "./alembic upgrade head";
    config_.file = "exitgate.yaml";
    config_.database.emplace();
    config_.database->steps = {step};
    config_.database->stairway = true;
  }

  static std::vector<std::string> lines(const std::vector<StairResult>& results) {
    std::vector<std::string> lines;
    for (const auto& one : results) {
      lines.push_back(fmt::format("{} {} {}", one.stair.revision, one.step, one.outcome));
      for (const auto& found : one.differences)
        lines.back() += fmt::format(", {} {} {}", to_text(found.change), found.kind, found.identity);
    }
    return lines;
  }

  void commit() const {
    fs::create_directories(repo());
    write_file(repo() / "alembic", kTool);
    fs::permissions(repo() / "alembic", fs::perms::owner_all);
    for (const auto& [name, content] : files_) write_file(repo() / name, content);
    const auto done = exitgate::run(
        {.arguments =
             {"sh", "-ec",
              "git init -q -b main && git add -A && git -c user.name=a -c user.email=a@b.c commit -qm all"},
         .directory = repo()});
    ASSERT_TRUE(done.ok()) << done.error;
  }

  std::vector<std::string> in_halves() {
    commit();
    const auto repository = git::Repository::open(repo());
    const std::string at = repository.resolve_commit("HEAD");
    const Checkout checkout{repository, at, repository.tree(at)};
    const redact::Redactor redactor;
    const DatabaseStage stage{config_, checkout, "", redactor, folder_.path() / "run"};
    std::vector<StairResult> results;
    std::size_t revisions = 0;
    std::optional<Problem> problem;
    run_stairway(stage, database::find_server_programs(), *config_.database, {line_of_revisions()}, log(),
                 results, revisions, problem);
    EXPECT_FALSE(problem) << problem->reason;
    EXPECT_EQ(revisions, static_cast<std::size_t>(kRevisions));
    return lines(results);
  }

  std::vector<std::string> on_one_server() const {
    database::Cluster cluster(database::find_server_programs());
    const auto tree = cluster.folder_for("tree");
    fs::copy(repo(), tree, fs::copy_options::recursive);
    const database::Provisioning provisioning(cluster, *config_.database, tree, [](std::string_view) {});
    EXPECT_FALSE(database::Provisioning(cluster, *config_.database, tree, [](std::string_view) {}).prepare());
    StairWalk walk(cluster, provisioning, *config_.database);
    walk.prepare();
    std::vector<StairResult> results;
    walk.walk(stairs_of(line_of_revisions()), 0, kRevisions, results);
    return lines(results);
  }

  fs::path repo() const { return folder_.path() / "repo"; }
  fs::path log() const { return folder_.path() / "stairway.log"; }

  std::map<std::string, std::string> files_;
  config::Config config_;
  TemporaryDirectory folder_{"stairway-halves"};
};

TEST_F(StairwayInHalves, ThatHolds) {
  const auto found = in_halves();
  EXPECT_THAT(found, ElementsAre("1 up again ok", "2 up again ok", "3 up again ok", "4 up again ok",
                                 "5 up again ok", "6 up again ok"));
  EXPECT_EQ(found, on_one_server());
  // The lower half first, whatever ended first.
  const auto text = read_file(log());
  EXPECT_LT(text.find("$ ./alembic downgrade 3-1"), text.find("$ ./alembic downgrade 4-1"));
}

TEST_F(StairwayInHalves, TheLowerHalfEndsIt) {
  files_["2.down.sql"] = "DROP TABLE nothing;";
  files_["2.up.sql"] = "CREATE TABLE t2 (id int PRIMARY KEY); CREATE TABLE only_once ();";
  files_["1.down.sql"] = "DROP TABLE t1;";
  const auto found = in_halves();
  EXPECT_EQ(found.at(1), "2 down exit code 3");
  EXPECT_EQ(found, on_one_server());
}

TEST_F(StairwayInHalves, TheUpperHalfEndsIt) {
  files_["5.down.sql"] = "SELECT 1;";
  const auto found = in_halves();
  EXPECT_EQ(found.back(), "5 down different, added table public.t5");
  EXPECT_EQ(found, on_one_server());
}

// What the lower half leaves behind, and no snapshot of the schema shows, decides on the upper half.
TEST_F(StairwayInHalves, ASettingOfARoleIsCarriedOn) {
  files_["2.down.sql"] = "DROP TABLE t2; ALTER ROLE CURRENT_USER SET work_mem = '5MB';";
  files_["5.up.sql"] =
      "DO $$ BEGIN IF current_setting('work_mem') = '5MB' THEN CREATE TABLE t5 (id bigint); ELSE CREATE "
      "TABLE "
      "t5 (id int); END IF; END $$; ALTER ROLE CURRENT_USER SET work_mem = '6MB';";
  const auto found = in_halves();
  EXPECT_EQ(found.at(4), "5 up again different, changed column public.t5.id");
  EXPECT_EQ(found, on_one_server());
}

TEST_F(StairwayInHalves, RowsAreCarriedOn) {
  files_["2.up.sql"] =
      "CREATE TABLE t2 (id int PRIMARY KEY); INSERT INTO t1 SELECT coalesce(max(id), 0) + 1 FROM t1;";
  files_["5.up.sql"] =
      "DO $$ BEGIN IF (SELECT count(*) FROM t1) > 1 THEN RAISE 'rows'; END IF; END $$; CREATE TABLE t5 ();";
  const auto found = in_halves();
  EXPECT_EQ(found.back(), "5 up exit code 3");
  EXPECT_EQ(found, on_one_server());
}

TEST(StairwayHalves, NeedALineAndATool) {
  config::Database declared;
  const auto history = line_of_revisions();
  const auto stairs = stairs_of(history);
  EXPECT_TRUE(can_begin_in_the_middle(declared, history, stairs));
  auto branched = history;
  branched.revisions[3].down = {"2"};
  EXPECT_FALSE(can_begin_in_the_middle(declared, branched, stairs_of(branched)));
  auto depends = history;
  depends.revisions[3].depends = {"1"};
  EXPECT_FALSE(can_begin_in_the_middle(declared, depends, stairs_of(depends)));
  auto two = history;
  two.revisions.resize(2);
  EXPECT_FALSE(can_begin_in_the_middle(declared, two, stairs_of(two)));
  // One's own commands may go one revision at a time.
  declared.stairs = {"up {revision}", "down", "down"};
  EXPECT_FALSE(can_begin_in_the_middle(declared, history, stairs));
}

}  // namespace
}  // namespace exitgate::collect::schema
