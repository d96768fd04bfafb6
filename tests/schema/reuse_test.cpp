// --reuse: which results of the database stage are the same, and what is kept of them.

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <thread>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/collect/schema/kept_results.h"
#include "harness/collect/schema/reuse_key.h"

namespace exitgate::collect::schema {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

// A variable of the environment, put back afterwards.
class Variable {
 public:
  Variable(std::string name, const std::string& value) : name_(std::move(name)) {
    if (const char* const before = std::getenv(name_.c_str())) before_ = before;
    ::setenv(name_.c_str(), value.c_str(), 1);
  }
  ~Variable() {
    if (before_) {
      ::setenv(name_.c_str(), before_->c_str(), 1);
    } else {
      ::unsetenv(name_.c_str());
    }
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  std::string name_;
  std::optional<std::string> before_;
};

git::TreeEntry entry(const std::string& oid, const std::string& path) {
  git::TreeEntry one;
  one.mode = "100644";
  one.oid = oid;
  one.path = path;
  return one;
}

// Everything that a key is made of, each of which a test may change.
struct World {
  fs::path bin;       // a folder of PATH
  fs::path packages;  // of the python in it
  config::Config config = {};
  std::vector<git::TreeEntry> tree = {entry("1111", "env.py")};
  database::ServerPrograms server = {};
  check::Parts parts = {"migrated"};
  std::vector<Part> test_logs = {};
  std::vector<std::string> secrets = {"geheim-4711"};

  config::Database& database() { return *config.database; }
};

class ReuseKey : public ::testing::Test {
 protected:
  ReuseKey() : world_{folder_.path() / "bin", folder_.path() / "packages"} {
    fs::create_directories(world_.bin);
    fs::create_directories(world_.packages / "alembic-1.0.dist-info");
    program("python3", "#!/bin/sh\necho 3.11\necho " + world_.packages.string() + "\n");
    program("alembic", "#!" + (world_.bin / "python3").string() + "\nthe tool\n");
    for (const char* const name : {"initdb", "postgres"}) program(name, "server");
    world_.server = {world_.bin, "15.18", 15};
    world_.config.file = "exitgate.yaml";
    world_.config.database.emplace();
    config::Step step;
    step.run = "cd db && alembic upgrade head";
    world_.database().steps = {step};
  }
  void program(const std::string& name, const std::string& content) const {
    write_file(world_.bin / name, content);
    fs::permissions(world_.bin / name, fs::perms::owner_all);
  }
  std::string key() {
    const Variable path("PATH", world_.bin.string() + ":/usr/bin:/bin");
    const Checkout checkout{git::Repository::open(repository()), "c0ffee", world_.tree};
    redact::Redactor redactor;
    for (const auto& secret : world_.secrets) redactor.add_secret(secret);
    const DatabaseStage stage{world_.config, checkout, "", redactor, folder_.path() / "run"};
    return reuse_key(reuse_inputs(stage, world_.database(), world_.server, world_.parts, world_.test_logs));
  }
  fs::path repository() const {
    auto path = folder_.path() / "repo";
    if (!fs::exists(path)) {
      fs::create_directories(path);
      EXPECT_TRUE(exitgate::run({.arguments = {"git", "init", "-q", path.string()}}).ok());
    }
    return path;
  }

  TemporaryDirectory folder_{"reuse-key"};
  World world_;
};

TEST_F(ReuseKey, IsTheSameWhileNothingChanges) {
  const auto first = key();
  EXPECT_EQ(first.size(), 64U);
  EXPECT_EQ(key(), first);
}

TEST_F(ReuseKey, ChangesWithEachOfItsInputs) {
  struct Change {
    const char* name;
    std::function<void()> make;
  };
  config::Step other;
  other.run = "alembic upgrade heads";
  const std::vector<Change> changes = {
      {"a file of the commit", [&] { world_.tree[0].oid = "2222"; }},
      {"the mode of a file", [&] { world_.tree[0].mode = "100755"; }},
      {"another file", [&] { world_.tree.push_back(entry("3333", "versions/a.py")); }},
      {"a step", [&] { world_.database().steps.push_back(other); }},
      {"the way down", [&] { world_.database().down = {other}; }},
      {"a role", [&] { world_.database().roles.emplace_back().name = "app"; }},
      {"a right of a role", [&] { world_.database().roles.back().createdb = true; }},
      {"the owner", [&] { world_.database().owner = "app"; }},
      {"a prepared statement", [&] { world_.database().prepare = {"CREATE EXTENSION citext"}; }},
      {"a variable of the steps",
       [&] {
         world_.database().environment = {{"MODE", "test"}};
       }},
      {"the schema file", [&] { world_.database().schema_file = "db/schema.sql"; }},
      {"the query for the state", [&] { world_.database().state = "SELECT 1"; }},
      {"a stairway", [&] { world_.database().stairway = true; }},
      {"the time limit", [&] { world_.database().timeout_seconds = 7; }},
      {"the name of the configuration", [&] { world_.config.file = "other.yaml"; }},
      {"whether the owner is declared", [&] { world_.database().owner_declared = true; }},
      {"the folder of the server", [&] { world_.database().server = "/opt/postgresql"; }},
      {"the folder of the steps", [&] { world_.database().directory = "db"; }},
      {"the parts", [&] { world_.parts.emplace_back("stairway"); }},
      {"the version of the server", [&] { world_.server.version = "15.19"; }},
      {"the server itself", [&] { program("postgres", "another server"); }},
      {"the migration tool",
       [&] { program("alembic", "#!" + (world_.bin / "python3").string() + "\nnewer\n"); }},
      {"the interpreter",
       [&] { program("python3", "#!/bin/sh\necho 3.12\necho " + world_.packages.string() + "\n"); }},
      {"a package",
       [&] {
         fs::rename(world_.packages / "alembic-1.0.dist-info", world_.packages / "alembic-1.1.dist-info");
       }},
      {"a program that may be called by others", [&] { program("pg_restore", "x"); }},
      {"what is secret", [&] { world_.secrets.emplace_back("noch-geheimer"); }},
      {"a test log",
       [&] { world_.test_logs.push_back({.name = "test-log", .path = "logs/tests/a", .content = "1"}); }},
      {"what is in a test log", [&] { world_.test_logs.back().content = "2"; }},
  };
  std::vector<std::string> seen = {key()};
  for (const auto& change : changes) {
    change.make();
    const auto now = key();
    EXPECT_EQ(std::find(seen.begin(), seen.end(), now), seen.end()) << change.name;
    EXPECT_EQ(key(), now) << change.name;
    seen.push_back(now);
  }
}

class KeptResults : public ::testing::Test {
 protected:
  KeptResults() : cache_("EXITGATE_CACHE", (folder_.path() / "cache").string()) {
    for (const auto& path : kFiles) {
      fs::create_directories((run() / path).parent_path());
      write_file(run() / path, "content of " + path);
    }
  }
  fs::path run() const { return folder_.path() / "run"; }
  fs::path into() const { return folder_.path() / "into"; }
  fs::path reuse() const { return folder_.path() / "cache" / "reuse"; }
  fs::path entry() const { return reuse() / kKey; }
  void keep_all() const { keep(kKey, "the run of c0ffee", run(), kFiles); }
  // Refused, removed, and nothing of it is left where it was to go.
  void expect_refused(const std::string& problem) const {
    const auto taken = take_kept(kKey, into());
    EXPECT_FALSE(taken.found);
    EXPECT_THAT(taken.problem, HasSubstr(problem));
    EXPECT_FALSE(fs::exists(fs::symlink_status(entry())));
    EXPECT_FALSE(fs::exists(into()));
    fs::remove_all(into());
  }

  const std::string kKey = std::string(64, 'a');
  const std::vector<std::string> kFiles = {"facts/schema.db", "schema/migrated.sql", "logs/tests/a.log"};
  TemporaryDirectory folder_{"kept"};
  Variable cache_;
};

TEST_F(KeptResults, AreTakenAsTheyWereKept) {
  EXPECT_FALSE(take_kept(kKey, into()).found);
  keep_all();
  const auto taken = take_kept(kKey, into());
  EXPECT_TRUE(taken.found);
  EXPECT_EQ(taken.problem, "");
  EXPECT_EQ(taken.origin, "the run of c0ffee");
  for (const auto& path : kFiles) EXPECT_EQ(read_file(into() / path), "content of " + path);
  EXPECT_FALSE(take_kept(std::string(64, 'b'), into()).found);
  struct stat state {};
  ASSERT_EQ(::stat(entry().c_str(), &state), 0);
  EXPECT_EQ(state.st_mode & 0777U, 0700U);
  ASSERT_EQ(::stat((entry() / "files" / kFiles[0]).c_str(), &state), 0);
  EXPECT_EQ(state.st_mode & 0777U, 0600U);
}

TEST_F(KeptResults, ADamagedEntryIsRefused) {
  keep_all();
  write_file(entry() / "files" / kFiles[1], "content of schema/migrated.SQL");
  expect_refused("schema/migrated.sql is not what was kept");
  keep_all();
  fs::remove(entry() / "files" / kFiles[2]);
  expect_refused("a.log cannot be read");
  keep_all();
  const auto manifest = read_file(entry() / "manifest");
  write_file(entry() / "manifest", manifest.substr(0, manifest.size() - 10));
  expect_refused("its manifest is not complete");
  keep_all();
  fs::remove(entry() / "manifest");
  expect_refused("manifest cannot be read");
  // Of another key, under this name.
  keep_all();
  auto renamed = read_file(entry() / "manifest");
  renamed.replace(renamed.find(kKey), 1, "b");
  write_file(entry() / "manifest", renamed);
  expect_refused("its manifest is not complete");
}

TEST_F(KeptResults, AHostileEntryIsRefused) {
  const auto replace_in_manifest = [&](const std::string& from, const std::string& to) {
    auto manifest = read_file(entry() / "manifest");
    manifest.replace(manifest.find(from), from.size(), to);
    write_file(entry() / "manifest", manifest);
  };
  keep_all();
  replace_in_manifest("logs/tests/a.log", "../../../escaped");
  expect_refused("it holds ../../../escaped");
  keep_all();
  replace_in_manifest("logs/tests/a.log", "logs/../run.json");
  expect_refused("it holds logs/../run.json");
  keep_all();
  replace_in_manifest("logs/tests/a.log", "verdicts/EG-CG1.json");
  expect_refused("it holds verdicts/EG-CG1.json");
  // A link to a file of the same content.
  keep_all();
  fs::remove(entry() / "files" / kFiles[0]);
  fs::create_symlink(run() / kFiles[0], entry() / "files" / kFiles[0]);
  expect_refused("schema.db cannot be read");
  // What others could have written to.
  keep_all();
  fs::permissions(entry() / "files" / kFiles[0], fs::perms::owner_read | fs::perms::others_write);
  expect_refused("schema.db is not a file that we wrote");
  keep_all();
  fs::permissions(entry(), fs::perms::all);
  expect_refused("others may write to it");
  // The whole folder: nothing is taken from it, and nothing is put there.
  keep_all();
  fs::permissions(reuse(), fs::perms::all);
  EXPECT_FALSE(take_kept(kKey, into()).found);
  keep(std::string(64, 'b'), "", run(), kFiles);
  EXPECT_FALSE(fs::exists(reuse() / std::string(64, 'b')));
}

TEST_F(KeptResults, TwoRunsAtOnceLeaveOneWholeEntry) {
  std::vector<std::thread> runs;
  for (int i = 0; i < 8; ++i) {
    runs.emplace_back([&, i] {
      for (int n = 0; n < 10; ++n) {
        keep_all();
        const auto to = folder_.path() / fmt::format("into-{}", i);
        const auto taken = take_kept(kKey, to);
        EXPECT_TRUE(taken.found) << taken.problem;
        EXPECT_EQ(read_file(to / kFiles[0]), "content of " + kFiles[0]);
      }
    });
  }
  for (auto& one : runs) one.join();
  std::vector<std::string> left;
  for (const auto& at : fs::directory_iterator(reuse())) left.push_back(at.path().filename());
  EXPECT_EQ(left, std::vector<std::string>{kKey});
}

TEST_F(KeptResults, AreBounded) {
  for (std::size_t i = 0; i < kMostKept + 3; ++i) {
    const std::string key(64, static_cast<char>('a' + i));
    keep(key, "", run(), kFiles);
    fs::last_write_time(reuse() / key, fs::file_time_type::clock::now() - std::chrono::hours(100 - i));
  }
  keep(std::string(64, 'z'), "", run(), kFiles);
  std::size_t left = 0;
  for (const auto& at : fs::directory_iterator(reuse())) left += at.exists() ? 1 : 0;
  EXPECT_EQ(left, kMostKept);
  EXPECT_TRUE(fs::exists(reuse() / std::string(64, 'z')));
  EXPECT_FALSE(fs::exists(reuse() / std::string(64, 'a')));
  // Larger than it may be.
  write_file(run() / kFiles[0], std::string(kLargestKept + 1, 'x'));
  keep(std::string(64, 'y'), "", run(), kFiles);
  EXPECT_FALSE(fs::exists(reuse() / std::string(64, 'y')));
}

}  // namespace
}  // namespace exitgate::collect::schema
