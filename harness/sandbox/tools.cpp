#include "harness/sandbox/tools.h"

#include <dirent.h>
#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <set>

#include "harness/base/file.h"
#include "harness/base/text.h"

namespace exitgate::sandbox {

namespace {

namespace fs = std::filesystem;

// A home that stands there (in a container, say) holds the system's programs, not the user's things.
constexpr std::array<std::string_view, 14> kSystem = {"/",    "/usr",   "/usr/local", "/bin",        "/sbin",
                                                      "/lib", "/lib64", "/etc",       "/opt",        "/var",
                                                      "/dev", "/proc",  "/usr/share", "/nonexistent"};

// What version managers, package managers and their caches are called in a home folder.
constexpr std::array<std::string_view, 46> kTools = {".nvm",
                                                     ".fnm",
                                                     ".volta",
                                                     ".n",
                                                     ".nodenv",
                                                     ".npm-global",
                                                     ".bun",
                                                     ".deno",
                                                     ".yarn",
                                                     ".pyenv",
                                                     ".virtualenvs",
                                                     ".conda",
                                                     "miniconda3",
                                                     "miniforge3",
                                                     "mambaforge",
                                                     "anaconda3",
                                                     ".rbenv",
                                                     ".rvm",
                                                     ".gem",
                                                     ".bundle",
                                                     ".phpenv",
                                                     ".composer",
                                                     ".jenv",
                                                     ".sdkman",
                                                     ".m2",
                                                     ".gradle",
                                                     ".cargo",
                                                     ".rustup",
                                                     "go",
                                                     ".goenv",
                                                     ".dotnet",
                                                     ".nuget",
                                                     ".asdf",
                                                     ".mix",
                                                     ".hex",
                                                     ".opam",
                                                     ".stack",
                                                     ".ghcup",
                                                     ".local/bin",
                                                     ".local/lib",
                                                     ".local/pipx",
                                                     ".local/share/pipx",
                                                     ".local/share/uv",
                                                     ".local/share/mise",
                                                     ".local/share/fnm",
                                                     ".local/share/virtualenvs"};

// Of a tool's folder, or of a home folder below one.
constexpr std::array<std::string_view, 22> kCredentials = {".env",
                                                           ".npmrc",
                                                           ".yarnrc",
                                                           ".yarnrc.yml",
                                                           ".pypirc",
                                                           ".netrc",
                                                           ".pgpass",
                                                           ".git-credentials",
                                                           ".ssh",
                                                           ".aws",
                                                           ".docker",
                                                           ".kube",
                                                           "settings.xml",
                                                           "settings-security.xml",
                                                           "gradle.properties",
                                                           "credentials",
                                                           "credentials.toml",
                                                           "config",
                                                           "auth.json",
                                                           "NuGet.Config",
                                                           "hex.config",
                                                           "init.gradle"};

constexpr std::array<std::string_view, 14> kOfTheSystem = {
    "/etc/shadow",    "/etc/shadow-",     "/etc/gshadow",     "/etc/gshadow-",   "/etc/sudoers",
    "/etc/sudoers.d", "/etc/krb5.keytab", "/etc/ssl/private", "/etc/kubernetes", "/etc/docker",
    "/etc/ssh",       "/var/lib/docker",  "/var/lib/kubelet", "/var/spool/cron"};

bool starts_folder(const fs::path& path, const fs::path& folder) {
  const auto [end, ignored] = std::mismatch(folder.begin(), folder.end(), path.begin(), path.end());
  return end == folder.end();
}

fs::path resolved(const fs::path& path) {
  std::error_code failed;
  const fs::path real = fs::canonical(path, failed);
  return failed ? fs::path() : real;
}

// The folder around a folder of programs, when it is an installation.
fs::path installation_of(const fs::path& programs) {
  static constexpr std::array<std::string_view, 4> kOfPrograms = {"bin", "sbin", "shims", ".bin"};
  if (std::find(kOfPrograms.begin(), kOfPrograms.end(), programs.filename().string()) == kOfPrograms.end())
    return programs;
  fs::path around = programs.parent_path();
  if (programs.filename() == ".bin") return around;
  // It holds keyrings as well; what of it tools need is known by name.
  if (around.filename() == ".local") return programs;
  std::error_code ignored;
  for (const char* const sign : {"pyvenv.cfg", "lib", "libexec", "share", "include", "conf"}) {
    if (fs::exists(around / sign, ignored)) return around;
  }
  return programs;
}

class Tools {
 public:
  Tools() {
    const char* const path = std::getenv("PATH");
    for (const auto& entry : split(path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path, ':')) {
      if (!entry.empty() && entry.front() == '/') add_programs(entry);
    }
    for (const auto& home : home_folders()) {
      for (const auto& tool : kTools) {
        std::error_code ignored;
        if (fs::is_directory(home / tool, ignored)) add(home / tool);
      }
    }
  }
  std::vector<fs::path> take() { return {folders_.begin(), folders_.end()}; }

 private:
  // True when it is new.
  bool add(const fs::path& folder) {
    // Whoever names a home itself, or one of the system's folders, does not open all of it.
    const auto homes = home_folders();
    if (std::find(homes.begin(), homes.end(), folder) != homes.end()) return false;
    static const std::set<fs::path> whole = {"/tmp", "/var/tmp", "/dev/shm", "/run", "/dev", "/home"};
    return whole.count(folder) == 0 && folder.has_relative_path() && folders_.insert(folder).second;
  }

  void add_programs(const fs::path& folder) {
    std::error_code ignored;
    if (!fs::is_directory(folder, ignored)) return;
    const fs::path real = resolved(folder);
    if (real.empty()) return;
    // By the name that PATH has, and by its own.
    for (const fs::path& named : {folder.lexically_normal(), real}) {
      const fs::path whole = installation_of(named);
      if (add(whole)) add_foundations(whole);
      if (!followed_.insert(named).second) continue;
      follow_links(named);
    }
  }

  // The first entries of a folder of programs that are links lead elsewhere.
  void follow_links(const fs::path& folder) {
    DIR* const open = ::opendir(folder.c_str());
    if (open == nullptr) return;
    std::set<fs::path> found;
    while (const dirent* const entry = ::readdir(open)) {
      if (entry->d_type != DT_LNK) continue;
      std::error_code failed;
      const fs::path target = fs::read_symlink(folder / entry->d_name, failed);
      if (failed) continue;
      const fs::path full = (target.is_absolute() ? target : folder / target).lexically_normal();
      if (starts_folder(full, folder) || starts_folder(full, "/etc")) continue;
      found.insert(full);
    }
    ::closedir(open);
    for (const auto& one : found) {
      const fs::path real = resolved(one);
      if (real.empty() || starts_folder(real, "/usr")) continue;
      std::error_code ignored;
      const fs::path around = fs::is_directory(real, ignored) ? real : real.parent_path();
      const fs::path whole = installation_of(around);
      if (add(whole)) add_foundations(whole);
    }
  }

  // A virtual environment: the Python that it was made by, and what is installed in it by a link ("editable").
  void add_foundations(const fs::path& environment) {
    std::error_code ignored;
    if (!fs::exists(environment / "pyvenv.cfg", ignored)) return;
    std::ifstream settings(environment / "pyvenv.cfg");
    for (std::string line; std::getline(settings, line);) {
      const std::size_t equals = line.find('=');
      if (equals == std::string::npos || trim(std::string_view(line).substr(0, equals)) != "home") continue;
      const fs::path real = resolved(std::string(trim(std::string_view(line).substr(equals + 1))));
      if (!real.empty() && add(installation_of(real))) add_foundations(installation_of(real));
    }
    for (const auto& version : fs::directory_iterator(environment / "lib", ignored)) {
      for (const auto& file : fs::directory_iterator(version.path() / "site-packages", ignored)) {
        if (file.path().extension() != ".pth") continue;
        std::ifstream text(file.path());
        for (std::string line; std::getline(text, line);) {
          const std::string named(trim(line));
          if (named.empty() || named.front() != '/' || !fs::is_directory(named, ignored)) continue;
          if (const fs::path real = resolved(named); !real.empty()) add(real);
        }
      }
    }
  }

  std::set<fs::path> folders_;
  std::set<fs::path> followed_;
};

}  // namespace

std::vector<fs::path> home_folders() {
  std::set<fs::path> found;
  const auto add = [&](const fs::path& named) {
    if (!named.is_absolute()) return;
    for (const fs::path& folder : {named.lexically_normal(), resolved(named)}) {
      std::error_code ignored;
      if (folder.empty() || std::find(kSystem.begin(), kSystem.end(), folder.string()) != kSystem.end() ||
          !fs::is_directory(folder, ignored)) {
        continue;
      }
      found.insert(folder);
    }
  };
  add("/root");
  add("/home");
  if (const char* const home = std::getenv("HOME"); home != nullptr && *home != '\0') add(home);
  passwd entry{};
  passwd* known = nullptr;
  std::array<char, 1 << 14> buffer{};
  if (::getpwuid_r(::getuid(), &entry, buffer.data(), buffer.size(), &known) == 0 && known != nullptr)
    add(known->pw_dir);
  return {found.begin(), found.end()};
}

std::vector<fs::path> tool_folders() {
  return Tools().take();
}

std::vector<fs::path> credentials(const std::vector<fs::path>& shown) {
  std::vector<fs::path> found;
  std::error_code ignored;
  for (const auto& path : kOfTheSystem) {
    if (fs::exists(path, ignored)) found.emplace_back(path);
  }
  for (const auto& folder : shown) {
    if (starts_folder(folder, "/usr") || starts_folder(folder, "/opt")) continue;
    for (const auto& name : kCredentials) {
      if (fs::exists(folder / name, ignored)) found.push_back(folder / name);
    }
    // `.env.production` and the like.
    for (const auto& entry : fs::directory_iterator(folder, ignored)) {
      if (entry.path().filename().string().rfind(".env.", 0) == 0) found.push_back(entry.path());
    }
  }
  return found;
}

}  // namespace exitgate::sandbox
