#include "harness/database/cluster.h"

#include <fmt/core.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <fstream>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/config/config.h"
#include "harness/database/provision.h"
#include "tests/database/told.h"

namespace exitgate::database {
namespace {

namespace fs = std::filesystem;

// Processes whose environment or command line names the folder.
std::vector<std::string> processes_of(const fs::path& folder) {
  std::vector<std::string> found;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string pid = entry.path().filename();
    if (pid.find_first_not_of("0123456789") != std::string::npos || pid == std::to_string(::getpid()))
      continue;
    for (const char* const file : {"cmdline", "environ"}) {
      std::ifstream in(entry.path() / file);
      const std::string content((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
      if (content.find(folder.string()) != std::string::npos) found.push_back(pid + " " + file);
    }
  }
  return found;
}

// Waits for what has to become true within moments, and says whether it did.
template <typename Condition>
bool soon(const Condition& condition) {
  const auto until = Clock::now() + std::chrono::seconds(15);
  while (Clock::now() < until) {
    if (condition()) return true;
    ::usleep(5000);
  }
  return false;
}

TEST(Cluster, AnswersAndLeavesNothing) {
  fs::path folder;
  {
    const Cluster cluster(find_server_programs());
    folder = cluster.socket_folder();
    const auto connection = cluster.connect("postgres", "postgres", false);
    EXPECT_EQ(connection->query("SHOW listen_addresses").text(0, 0), "127.0.0.1");
    EXPECT_EQ(connection->query("SHOW fsync").text(0, 0), "off");
    struct stat state {};
    ASSERT_EQ(::stat(folder.c_str(), &state), 0);
    EXPECT_EQ(state.st_mode & 0777U, 0700U);
    EXPECT_THAT(processes_of(folder), ::testing::Not(::testing::IsEmpty()));
  }
  EXPECT_FALSE(fs::exists(folder));
  EXPECT_THAT(processes_of(folder), ::testing::IsEmpty());
}

// The first column of the first row, or why there is none.
std::string answer(const std::string& url, const std::string& query) {
  try {
    Connection connection(target_of(url), {}, true);
    return std::string(connection.query(query).text(0, 0));
  } catch (const Undecided& problem) {
    return problem.what();
  }
}

TEST(Cluster, LetsInByTcpWhoHasItsPassword) {
  // From outside, it is reached where the network is not its own.
  const config::Limits open{.network = true};
  const Cluster cluster(find_server_programs(), open);
  ASSERT_TRUE(cluster.listens());
  const auto administrator = cluster.connect("postgres", "postgres", false);
  administrator->query(fmt::format("CREATE ROLE \"app user\" LOGIN PASSWORD '{}'; CREATE ROLE other LOGIN",
                                   cluster.password()));
  const std::string url = cluster.tcp_url("postgres", "app user");
  EXPECT_EQ(url, fmt::format("postgresql://app%20user:{}@127.0.0.1:{}/postgres", cluster.password(),
                             cluster.port()));
  const std::string encrypted =
      "SELECT ssl FROM pg_catalog.pg_stat_ssl WHERE pid = pg_catalog.pg_backend_pid()";
  EXPECT_EQ(answer(url + "?sslmode=require", encrypted), "t");
  EXPECT_EQ(answer(url + "?sslmode=disable", encrypted), "f");
  // Who was given none, the administrator among them, and another password than that of this cluster.
  for (const std::string role : {"other", "postgres"}) {
    EXPECT_THAT(answer(cluster.tcp_url("postgres", role), "SELECT 1"),
                ::testing::HasSubstr("password authentication failed"));
  }
  const Cluster second(find_server_programs(), open);
  EXPECT_NE(second.password(), cluster.password());
  EXPECT_NE(second.port(), cluster.port());
  EXPECT_THAT(answer(fmt::format("postgresql://app%20user:{}@127.0.0.1:{}/postgres", second.password(),
                                 cluster.port()),
                     "SELECT 1"),
              ::testing::HasSubstr("password authentication failed"));
  // By the socket, whose folder is private, with and without the port.
  EXPECT_EQ(answer(cluster.url("postgres", "other"), "SELECT 1"), "1");
  EXPECT_EQ(answer(fmt::format("postgresql://other@/postgres?host={}", cluster.socket_folder().string()),
                   "SELECT 1"),
            "1");
}

TEST(Cluster, ServesAsAnUnprivilegedUser) {
  const Cluster cluster(find_server_programs());
  const auto connection = cluster.connect("postgres", "postgres", false);
  connection->query("CREATE TEMPORARY TABLE who (name text); COPY who FROM PROGRAM 'id -u'");
  EXPECT_NE(connection->query("SELECT name FROM who").text(0, 0), "0");
}

// A child that is killed at the latest where the test ends: what fails must not leave it, its server and our standard
// output open behind it.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() { kill(pid_); }

  // `target` is the child itself, or its negative where its process group is meant.
  void kill(pid_t target) {
    if (pid_ <= 0) return;
    ::kill(target, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    pid_ = 0;
  }
  void kill() { kill(pid_); }

 private:
  pid_t pid_;
};

// A process of ours that has a cluster and a migration running, and is killed with SIGKILL.
TEST(Cluster, NothingOutlivesAKill) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  const pid_t pid = ::fork();
  ASSERT_GE(pid, 0);
  if (pid == 0) {
    ::close(pipe[0]);
    Cluster cluster(find_server_programs());
    config::Database declared;
    config::Step step;
    // One that stays in its group, one that hides in a session of its own, and one that waits in the foreground.
    step.run = "sleep 1000 & setsid sleep 1001 & echo ready; psql -c 'SELECT pg_sleep(1000)'; sleep 1002";
    declared.steps = {step};
    Provisioning provisioning(cluster, declared, cluster.folder_for("tree"), [&](std::string_view text) {
      if (text.find("ready") == std::string_view::npos || text.front() == '$') return;
      const std::string name = cluster.socket_folder().string() + "\n";
      [[maybe_unused]] const ssize_t put = ::write(pipe[1], name.data(), name.size());
    });
    provisioning.run();
    ::_exit(0);
  }
  Child child(pid);
  ::close(pipe[1]);
  std::string folder;
  for (char byte = 0; ::read(pipe[0], &byte, 1) == 1 && byte != '\n';) folder += byte;
  ::close(pipe[0]);
  ASSERT_TRUE(fs::exists(folder));
  // The shell says that it is ready before all of its children have become what they will be.
  ASSERT_TRUE(soon([&] { return processes_of(folder).size() >= 4U; })) << processes_of(folder).size();
  child.kill();
  EXPECT_TRUE(soon([&] { return !fs::exists(folder) && processes_of(folder).empty(); }));
}

// The supervisor must not be found by one who kills our process group or our session.
TEST(Cluster, NothingOutlivesAKilledGroup) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  const pid_t pid = ::fork();
  ASSERT_GE(pid, 0);
  if (pid == 0) {
    ::close(pipe[0]);
    ::setsid();
    const Cluster cluster(find_server_programs());
    const std::string name = cluster.socket_folder().string() + "\n";
    [[maybe_unused]] const ssize_t put = ::write(pipe[1], name.data(), name.size());
    ::pause();
    ::_exit(0);
  }
  Child child(pid);
  ::close(pipe[1]);
  std::string folder;
  for (char byte = 0; ::read(pipe[0], &byte, 1) == 1 && byte != '\n';) folder += byte;
  // Whoever waits for the end of our output is not kept waiting by the server or its supervisor.
  child.kill(-pid);
  pollfd polled{pipe[0], POLLIN, 0};
  char byte = 0;
  EXPECT_EQ(::poll(&polled, 1, 5000), 1);
  EXPECT_EQ(::read(pipe[0], &byte, 1), 0);
  ::close(pipe[0]);
  EXPECT_TRUE(soon([&] { return !fs::exists(folder) && processes_of(folder).empty(); }));
}

// As when ctest is killed, and not the test that it runs.
TEST(Cluster, NothingOutlivesAKilledParent) {
  std::array<int, 2> pipe{};
  ASSERT_EQ(::pipe(pipe.data()), 0);
  const pid_t parent = ::fork();
  ASSERT_GE(parent, 0);
  if (parent == 0) {
    if (::fork() == 0) {
      end_with_parent();
      const Cluster cluster(find_server_programs());
      const std::string name = cluster.socket_folder().string() + "\n";
      [[maybe_unused]] const ssize_t put = ::write(pipe[1], name.data(), name.size());
      ::pause();
      ::_exit(0);
    }
    ::pause();
    ::_exit(0);
  }
  Child child(parent);
  ::close(pipe[1]);
  std::string folder;
  for (char byte = 0; ::read(pipe[0], &byte, 1) == 1 && byte != '\n';) folder += byte;
  ::close(pipe[0]);
  ASSERT_TRUE(fs::exists(folder));
  child.kill();
  EXPECT_TRUE(soon([&] { return !fs::exists(folder) && processes_of(folder).empty(); }));
}

// Programs that stand in for a server's.
ServerPrograms fake_programs(const fs::path& folder, const std::string& initdb, const std::string& postgres) {
  fs::permissions(folder, fs::perms(0755));
  for (const auto& [name, body] : {std::pair{"initdb", initdb}, std::pair{"postgres", postgres}}) {
    write_file(folder / name, "#!/bin/sh\n" + body + "\n");
    fs::permissions(folder / name, fs::perms(0755));
  }
  return {folder, "0.0-test", 15};
}

TEST(Cluster, SaysWhyInitdbFailed) {
  const TemporaryDirectory folder;
  try {
    const Cluster cluster(
        fake_programs(folder.path(), "echo creating; echo 'No space left on device' >&2; exit 1", ""));
    FAIL() << "no error";
  } catch (const Undecided& error) {
    EXPECT_STREQ(error.what(), "initdb failed (exit code 1): creating\nNo space left on device");
    EXPECT_EQ(error.hint(), "is there room in the temporary folder? Else give a server with --database URL");
  }
}

TEST(Cluster, SaysWhyAFolderCannotBeMade) {
  const Cluster cluster(find_server_programs());
  const auto path = cluster.folder_for("tree");
  EXPECT_TRUE(std::filesystem::is_directory(path));
  EXPECT_EQ(cluster.folder_for("tree"), path) << "it may be there already";
  write_file(path / "file", "in the way");
  EXPECT_EQ(
      told([&] { cluster.folder_for("tree/file"); }),
      fmt::format("cannot make the folder {}: Not a directory\nis there room, and may it be written to?",
                  (path / "file").string()));
}

TEST(Cluster, SaysWhyTheServerDidNotStart) {
  const TemporaryDirectory folder;
  const TemporaryDirectory cache;
  ::setenv("EXITGATE_CACHE", (cache.path() / "none").c_str(), 1);
  try {
    const Cluster cluster(fake_programs(folder.path(), "mkdir \"$2\"; echo 15 > \"$2/PG_VERSION\"",
                                        "echo 'FATAL:  no shared memory' >&2; exit 1"));
    FAIL() << "no error";
  } catch (const Undecided& error) {
    EXPECT_STREQ(error.what(), "the embedded PostgreSQL server did not start: FATAL:  no shared memory");
  }
  ::unsetenv("EXITGATE_CACHE");
}

TEST(Cluster, TakesNoTemplateThatOthersCanWrite) {
  const TemporaryDirectory cache;
  ::setenv("EXITGATE_CACHE", cache.path().c_str(), 1);
  { const Cluster first(find_server_programs()); }
  fs::path kept;
  for (const auto& entry : fs::directory_iterator(cache.path())) kept = entry.path();
  ASSERT_TRUE(fs::exists(kept / "PG_VERSION"));
  // A mark in the template is seen in the next cluster, and not when the template could be anybody's.
  write_file(kept / "mark", "");
  {
    const Cluster second(find_server_programs());
    EXPECT_TRUE(fs::exists(second.socket_folder() / "data" / "mark"));
  }
  fs::permissions(kept, fs::perms(0777));
  {
    const Cluster third(find_server_programs());
    EXPECT_FALSE(fs::exists(third.socket_folder() / "data" / "mark"));
  }
  fs::permissions(kept, fs::perms(0700));
  fs::remove(kept / "PG_VERSION");
  {
    const Cluster fourth(find_server_programs());
    EXPECT_FALSE(fs::exists(fourth.socket_folder() / "data" / "mark"));
  }
  ::unsetenv("EXITGATE_CACHE");
}

TEST(FindServerPrograms, ReadsVersions) {
  EXPECT_EQ(major_version("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)\n"), 15);
  EXPECT_EQ(major_version("pg_dump (PostgreSQL) 17beta1\n"), 17);
  EXPECT_EQ(major_version("9.6.24"), 9);
  EXPECT_EQ(major_version("no version"), 0);
  EXPECT_GE(find_server_programs().major, 12);
}

// Servers of which only the version is asked.
TEST(FindServerPrograms, ByVersionAndFolder) {
  const TemporaryDirectory folder;
  for (const char* const version : {"31.2", "32.0"}) {
    const auto bin = folder.path() / version / "bin";
    fs::create_directories(bin);
    for (const char* const program : {"initdb", "postgres"}) {
      write_file(bin / program, fmt::format("#!/bin/sh\necho 'postgres (PostgreSQL) {}'\n", version));
      fs::permissions(bin / program, fs::perms(0755));
    }
  }
  const auto one = (folder.path() / "31.2").string();
  const auto other = (folder.path() / "32.0" / "bin").string();
  ::setenv("EXITGATE_POSTGRES", (one + ":" + other).c_str(), 1);
  EXPECT_EQ(find_server_programs().version, "32.0");
  EXPECT_EQ(find_server_programs().folder, folder.path() / "32.0" / "bin");
  EXPECT_EQ(find_server_programs(31).version, "31.2");
  EXPECT_GE(installed_servers().size(), 3U);
  std::string told;
  try {
    find_server_programs(33);
  } catch (const Undecided& problem) {
    told = problem.what() + problem.hint();
  }
  EXPECT_THAT(told,
              ::testing::HasSubstr("no server of PostgreSQL 33 is installed here: there is 32.0, 31.2, "));
  EXPECT_THAT(told, ::testing::HasSubstr("apt-get install postgresql-33"));
  ::unsetenv("EXITGATE_POSTGRES");
}

}  // namespace
}  // namespace exitgate::database
