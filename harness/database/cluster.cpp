#include "harness/database/cluster.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <pwd.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <mutex>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/percent.h"
#include "harness/base/text.h"
#include "harness/database/tcp_access.h"
#include "harness/database/template_store.h"

namespace exitgate::database {

namespace {

namespace fs = std::filesystem;

// A socket's path may have 107 bytes.
constexpr std::size_t kLongestSocketFolder = 107 - std::string_view("/.s.PGSQL.65535.lock").size();

// PostgreSQL does not run as root.
std::optional<Command::Identity> unprivileged() {
  if (::geteuid() != 0) return std::nullopt;
  for (const char* const name : {"postgres", "nobody"}) {
    passwd entry{};
    passwd* found = nullptr;
    std::string buffer(1 << 14, '\0');
    if (::getpwnam_r(name, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr &&
        entry.pw_uid != 0) {
      return Command::Identity{entry.pw_uid, entry.pw_gid};
    }
  }
  throw Undecided("PostgreSQL does not run as root, and there is no user 'postgres' or 'nobody' to run it as",
                  "run as an ordinary user, or give a server with --database URL");
}

// A file system in memory is ten times as fast at the thousand small files of a cluster. It is taken when it
// is large and programs may be run from it (an export of the target's commit will lie there).
bool is_roomy_memory(const char* folder) {
  struct statfs kind {};
  struct statvfs state {};
  constexpr long kTmpfs = 0x01021994;
  return ::statfs(folder, &kind) == 0 && kind.f_type == kTmpfs && ::statvfs(folder, &state) == 0 &&
         (state.f_flag & (ST_NOEXEC | ST_RDONLY)) == 0 &&
         static_cast<unsigned long long>(state.f_bavail) * state.f_frsize >= (4ULL << 30U);
}

fs::path private_folder(const std::optional<Command::Identity>& owner) {
  std::vector<std::string> places;
  if (const char* const given = std::getenv("TMPDIR"); given != nullptr && *given == '/') {
    places.emplace_back(given);
  } else if (is_roomy_memory("/dev/shm")) {
    places.emplace_back("/dev/shm");
  }
  places.emplace_back("/tmp");
  std::string reason;
  for (const auto& place : places) {
    std::string name = place + "/exitgate-pg-XXXXXX";
    if (name.size() > kLongestSocketFolder) {
      reason = fmt::format("{} is too long for a socket's path", place);
      continue;
    }
    if (::mkdtemp(name.data()) == nullptr) {
      reason = fmt::format("{}: {}", place, std::strerror(errno));
      continue;
    }
    if (owner && ::chown(name.c_str(), owner->user, owner->group) != 0) {
      reason = fmt::format("{}: {}", name, std::strerror(errno));
      ::rmdir(name.c_str());
      continue;
    }
    return name;
  }
  throw Undecided(fmt::format("cannot make a folder for the database: {}", reason),
                  "set TMPDIR to a folder with room that can be written to");
}

std::vector<std::string> initdb_arguments(const ServerPrograms& programs, const fs::path& data) {
  std::vector<std::string> arguments = {(programs.folder / "initdb").string(),
                                        "-D",
                                        data.string(),
                                        "-U",
                                        Cluster::administrator(),
                                        "--auth-local=trust",
                                        "--auth-host=scram-sha-256",
                                        "--no-sync",
                                        "--encoding=UTF8",
                                        "--locale=C.UTF-8",
                                        "--wal-segsize=1"};
  if (programs.major >= 14) arguments.emplace_back("--no-instructions");
  return arguments;
}

std::vector<std::string> server_arguments(const ServerPrograms& programs, const fs::path& folder, int port,
                                          bool listens, bool tls, const std::vector<std::string>& settings) {
  std::vector<std::string> arguments = {(programs.folder / "postgres").string(), "-D",
                                        (folder / "data").string()};
  for (const char* const setting :
       {"password_encryption=scram-sha-256", "fsync=off", "synchronous_commit=off", "full_page_writes=off",
        "shared_buffers=32MB", "max_connections=40", "superuser_reserved_connections=3", "wal_level=logical",
        "max_wal_size=256MB", "checkpoint_timeout=1h", "autovacuum=off", "logging_collector=off",
        "log_destination=stderr", "log_timezone=UTC", "timezone=UTC", "lc_messages=C", "jit=off",
        "max_locks_per_transaction=1024",
        // Its folder is private; in a sandbox, where root has no privileges, it is to be reached as well.
        "unix_socket_permissions=0777"}) {
    arguments.insert(arguments.end(), {"-c", setting});
  }
  arguments.insert(arguments.end(), {"-c", fmt::format("unix_socket_directories={}", folder.string()), "-c",
                                     fmt::format("port={}", port), "-c",
                                     fmt::format("listen_addresses={}", listens ? "127.0.0.1" : "")});
  if (tls) {
    arguments.insert(arguments.end(),
                     {"-c", "ssl=on", "-c", fmt::format("ssl_key_file={}", (folder / "server.key").string()),
                      "-c", fmt::format("ssl_cert_file={}", (folder / "server.crt").string())});
  }
  for (const auto& setting : settings) arguments.insert(arguments.end(), {"-c", setting});
  return arguments;
}

const std::vector<std::string>& server_environment() {
  static const std::vector<std::string> environment = {"PATH=/usr/bin:/bin", "LC_ALL=C.UTF-8", "TZ=UTC"};
  return environment;
}

std::string last_lines(std::string_view text, std::size_t count) {
  auto lines = split(trim(text), '\n');
  if (lines.size() > count) lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(count));
  return join(lines, "\n");
}

}  // namespace

Cluster::Cluster(const ServerPrograms& programs, std::vector<std::string> settings,
                 const config::Limits& limits)
    : password_(random_password()), settings_(std::move(settings)), limits_(limits) {
  forget_service();
  const auto run_as = unprivileged();
  namespaces_ = std::make_unique<sandbox::Namespaces>(sandbox::containment(), !limits.network, run_as);
  bool tls = true;
  // Another program can take the port between the question and the start.
  constexpr int kTries = 5;
  for (int tried = 0; tried < kTries; ++tried) {
    const auto port = free_port();
    listens_ = port.has_value();
    if (port) port_ = *port;
    const Start came = start(programs, run_as, tls && listens_);
    if (came == Start::ready) return;
    if (came == Start::no_tls) tls = false;
    supervisor_.reset();
  }
  throw Undecided(fmt::format("the embedded PostgreSQL server found no free port in {} tries", kTries),
                  "run it again, or give a server with --database URL");
}

Cluster::Cluster(WithoutServer /*without*/, const config::Limits& limits)
    : has_server_(false), password_(random_password()), limits_(limits) {
  const auto run_as = unprivileged();
  namespaces_ = std::make_unique<sandbox::Namespaces>(sandbox::containment(), !limits.network, run_as);
  folder_ = private_folder(run_as);
  supervisor_ =
      std::make_unique<Supervisor>(folder_, Supervisor::Server{{}, {}, folder_ / "log", run_as, nullptr});
}

Cluster::Start Cluster::start(const ServerPrograms& programs, const std::optional<Command::Identity>& run_as,
                              bool tls) {
  folder_ = private_folder(run_as);
  // From here on the supervisor answers for the folder, so that nothing is left wherever this stops.
  if (sandbox::containment().files) {
    sandbox::Room room;
    room.sight.folder = folder_;
    room.sight.writable = {folder_};
    room.sight.programs = {programs.folder.filename() == "bin" ? programs.folder.parent_path()
                                                               : programs.folder};
    room.measured = {folder_};
    room.memory_mb = limits_.memory_mb;
    room.disk_mb = limits_.disk_mb;
    room.server = true;
    room.run_as = run_as;
    server_entry_ = std::make_unique<sandbox::Entry>(sandbox::containment(), *namespaces_, room);
  }
  supervisor_ = std::make_unique<Supervisor>(
      folder_, Supervisor::Server{server_arguments(programs, folder_, port_, listens_, tls, settings_),
                                  server_environment(), folder_ / "log", run_as, server_entry_.get()});
  if (tls) write_certificate(folder_, run_as);
  // Who names the socket's folder and no port means PostgreSQL's own.
  std::error_code problem;
  fs::create_symlink(socket().filename(), folder_ / ".s.PGSQL.5432", problem);
  make_data(programs, run_as);
  supervisor_->start();
  return wait_until_ready();
}

Cluster::~Cluster() = default;

void Cluster::make_data(const ServerPrograms& programs, const std::optional<Command::Identity>& run_as) {
  const fs::path data = folder_ / "data";
  const std::string key =
      fmt::format("{}-{}", programs.version, short_hash(join(initdb_arguments(programs, ""), " ")));
  // One at a time: the second of two clusters takes the template that the first one made.
  static std::mutex making;
  {
    const std::lock_guard lock(making);
    if (take_template(key, data, run_as)) return;
    Command command;
    command.arguments = initdb_arguments(programs, data);
    command.directory = folder_;
    command.environment = server_environment();
    command.limit = std::chrono::seconds(60);
    command.merge_error = true;
    command.run_as = run_as;
    pid_t group = 0;
    command.on_start = [&](pid_t started) {
      group = started;
      supervisor_->adopt(started);
    };
    const ProcessResult made = run(command);
    supervisor_->release(group);
    if (!made.ok()) {
      throw Undecided(fmt::format("initdb failed ({}): {}", made.outcome(), last_lines(made.output, 3)),
                      "is there room in the temporary folder? Else give a server with --database URL");
    }
    keep_template(key, data);
  }
}

Cluster::Start Cluster::wait_until_ready() {
  // The server writes its state into the last line of this file.
  const fs::path state = folder_ / "data" / "postmaster.pid";
  const auto until = Clock::now() + std::chrono::seconds(30);
  while (Clock::now() < until) {
    std::error_code ignored;
    if (fs::exists(state, ignored)) {
      try {
        if (read_file(state).find("\nready") != std::string::npos) return Start::ready;
      } catch (const Undecided&) {
        // Gone again between the two calls: the server has ended, which is seen below.
      }
    }
    if (supervisor_->server_has_ended()) {
      if (ending() == sandbox::Ending::setup)
        throw Undecided(fmt::format("cannot make the sandbox of the embedded PostgreSQL server: {}",
                                    server_entry_->setup_problem()));
      if (log().find("could not create any TCP/IP sockets") != std::string::npos) return Start::port_taken;
      if (log().find("SSL is not supported by this build") != std::string::npos) return Start::no_tls;
      throw Undecided(fmt::format("the embedded PostgreSQL server did not start: {}", last_lines(log(), 3)),
                      "give a server with --database URL, or fix what its message says");
    }
    ::usleep(2000);
  }
  throw Undecided("the embedded PostgreSQL server was not ready within 30 s",
                  "give a server with --database URL");
}

std::unique_ptr<sandbox::Entry> Cluster::entry(const fs::path& tree, const config::Limits& limits) const {
  sandbox::Room room;
  room.sight.folder = folder_;
  if (has_server_) {
    room.sight.sockets = {socket()};
    room.sight.links = {{folder_ / ".s.PGSQL.5432", socket().filename().string()}};
  }
  std::error_code failed;
  for (const auto& found : fs::directory_iterator(folder_, failed)) {
    if (found.is_directory() && found.path().filename() != "data")
      room.sight.writable.push_back(found.path());
  }
  if (tree.lexically_relative(folder_).native().rfind("..", 0) == 0) room.sight.writable.push_back(tree);
  room.measured = room.sight.writable;
  room.memory_mb = limits.memory_mb;
  room.disk_mb = limits.disk_mb;
  return std::make_unique<sandbox::Entry>(sandbox::containment(), *namespaces_, room);
}

sandbox::Ending Cluster::ending() const {
  return server_entry_ ? server_entry_->ending() : sandbox::Ending::none;
}

Target Cluster::target(const std::string& database, const std::string& user) const {
  // Every word that an inherited PG* variable could fill in is said here. A word in a connection string
  // counts even when it is empty, which it would not as a parameter.
  const auto quoted = [](const std::string& value) {
    std::string result = "'";
    for (const char c : value) {
      if (c == '\'' || c == '\\') result += '\\';
      result += c;
    }
    return result + "'";
  };
  Target target;
  target.conninfo = fmt::format(
      "host={} hostaddr='' port={} dbname={} user={} password='' passfile='' options='' sslmode=disable "
      "gssencmode=disable requirepeer='' channel_binding=prefer target_session_attrs=any "
      "application_name=exitgate "
      "replication='' connect_timeout=10",
      quoted(folder_.string()), port(), quoted(database), quoted(user));
  target.description = fmt::format("embedded server, database {}", database);
  return target;
}

std::string Cluster::url(const std::string& database, const std::string& user) const {
  return fmt::format("postgresql://{}@/{}?host={}&port={}", percent_encoded(user), database, folder_.string(),
                     port_);
}

std::string Cluster::tcp_url(const std::string& database, const std::string& user) const {
  if (!listens_) return url(database, user);
  return fmt::format("postgresql://{}:{}@127.0.0.1:{}/{}", percent_encoded(user), password_, port_, database);
}

fs::path Cluster::socket() const {
  return folder_ / fmt::format(".s.PGSQL.{}", port_);
}

std::unique_ptr<Connection> Cluster::connect(const std::string& database, const std::string& user,
                                             bool read_only, const Limits& limits) const {
  return std::make_unique<Connection>(target(database, user), limits, read_only);
}

std::string Cluster::log() const {
  std::error_code ignored;
  return fs::exists(folder_ / "log", ignored) ? read_file(folder_ / "log") : "";
}

fs::path Cluster::folder_for(const std::string& name) const {
  fs::path folder = folder_ / name;
  make_directories(folder);
  return folder;
}

}  // namespace exitgate::database
