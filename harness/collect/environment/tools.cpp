#include "harness/collect/environment/tools.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <future>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/installation.h"
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/collect/environment/packages.h"
#include "harness/digest/digest.h"

namespace exitgate::collect::environment {

namespace {

constexpr std::chrono::seconds kLimit(3);
// Larger ones (node) took no part in a verdict and cost time.
constexpr std::uintmax_t kHashedBytes = 32U << 20;

// How a tool tells its version.
enum class Asks {
  option,    // --version
  openssl,   // openssl's own way
  python,    // python3, which also says where it looks for distributions
  metadata,  // a Python program: read from its distribution, because starting it takes a third of a second
  nothing    // it has no such option
};

struct Known {
  const char* name;
  Asks asks;
};

constexpr std::array kTools = {
    Known{"git", Asks::option},        Known{"cmake", Asks::option},    Known{"ctest", Asks::option},
    Known{"initdb", Asks::option},     Known{"postgres", Asks::option}, Known{"psql", Asks::option},
    Known{"pg_dump", Asks::option},    Known{"python3", Asks::python},  Known{"alembic", Asks::metadata},
    Known{"pytest", Asks::metadata},   Known{"node", Asks::option},     Known{"openssl", Asks::openssl},
    Known{"ssh-keygen", Asks::nothing}};

// Debian keeps PostgreSQL's programs outside PATH, and puts a Perl wrapper on it for some of them. The newest
// version's own program is the one that the wrapper would start.
std::optional<std::filesystem::path> postgresql_program(const std::string& name) {
  const std::filesystem::path root = "/usr/lib/postgresql";
  std::optional<std::filesystem::path> newest;
  int newest_version = -1;
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(root, ignored)) {
    const std::string version = entry.path().filename().string();
    if (version.empty() || version.size() > 4 ||
        version.find_first_not_of("0123456789") != std::string::npos) {
      continue;
    }
    const auto program = entry.path() / "bin" / name;
    if (std::stoi(version) > newest_version && std::filesystem::exists(program, ignored)) {
      newest_version = std::stoi(version);
      newest = program;
    }
  }
  return newest;
}

// pyenv's shims are shell scripts that take longer to find the interpreter than it takes to start. The
// version that they would choose outside any project is named in one file.
std::optional<std::filesystem::path> pyenv_program(const std::filesystem::path& shim) {
  if (shim.parent_path().filename() != "shims") return std::nullopt;
  const auto root = shim.parent_path().parent_path();
  std::error_code ignored;
  if (!std::filesystem::exists(root / "versions", ignored) || std::getenv("PYENV_VERSION") != nullptr) {
    return std::nullopt;
  }
  const std::string named =
      std::filesystem::exists(root / "version", ignored) ? read_file(root / "version") : "";
  const std::string version(trim(named));
  if (version.empty() || version.find_first_of("/\n: ") != std::string::npos) return std::nullopt;
  const auto program = root / "versions" / version / "bin" / shim.filename();
  return std::filesystem::exists(program, ignored) ? std::optional(program) : std::nullopt;
}

std::optional<std::filesystem::path> locate(const std::string& name) {
  auto found = find_program(name);
  std::error_code ignored;
  if (found) {
    if (auto real = pyenv_program(*found)) return real;
  }
  if (!found || std::filesystem::canonical(*found, ignored).filename() == "pg_wrapper") {
    if (auto real = postgresql_program(name)) return real;
  }
  return found;
}

std::optional<std::string> hash_of(const std::filesystem::path& path) {
  std::error_code failed;
  const auto size = std::filesystem::file_size(path, failed);  // of the file behind a link
  if (failed || size > kHashedBytes) return std::nullopt;
  try {
    return digest::sha256_file(path);
  } catch (const Error&) {
    return std::nullopt;
  }
}

// A version that its distribution states: in the site folder beside the program, or in Debian's.
std::optional<std::string> distribution_version(const std::filesystem::path& program,
                                                const std::string& name) {
  std::error_code failed;
  std::vector<std::filesystem::path> folders;
  const auto prefix = std::filesystem::canonical(program, failed).parent_path().parent_path() / "lib";
  for (const auto& entry : std::filesystem::directory_iterator(prefix, failed)) {
    if (entry.path().filename().string().rfind("python3", 0) != 0) continue;
    folders.push_back(entry.path() / "site-packages");
    folders.push_back(entry.path() / "dist-packages");
  }
  std::vector<std::string> versions;
  for (const auto& package : python_distributions(folders)) {
    if (lower(package.name) == name && package.version) versions.push_back(*package.version);
  }
  std::sort(versions.begin(), versions.end());
  versions.erase(std::unique(versions.begin(), versions.end()), versions.end());
  // Two distributions of one name: which one the program takes cannot be told from outside.
  if (versions.size() != 1) return std::nullopt;
  return versions[0];
}

struct Asked {
  Tool tool;
  std::vector<std::filesystem::path> python_path;
};

void ask_python(Asked& asked) {
  const auto answer = run({.arguments = {*asked.tool.path, "-c",
                                         "import sys\nprint(sys.version.split()[0])\nprint(sys.executable)\n"
                                         "print('\\n'.join(p for p in sys.path if p))"},
                           .directory = "/",
                           .limit = kLimit});
  const auto lines = split(answer.output, '\n');
  if (!answer.ok() || lines.size() < 2) return;
  asked.tool.version = version_in(lines[0]);
  // What is on PATH may be a shim; the interpreter itself is what counts.
  if (!lines[1].empty()) asked.tool.path = lines[1];
  for (std::size_t i = 2; i < lines.size(); ++i) {
    const std::filesystem::path folder = lines[i];
    const auto name = folder.filename();
    if (name == "site-packages" || name == "dist-packages") asked.python_path.push_back(folder);
  }
}

Asked ask(const Known& known) {
  Asked asked;
  asked.tool.name = known.name;
  try {
    const auto path = locate(known.name);
    if (!path) return asked;
    asked.tool.path = path->string();
    if (known.asks == Asks::python) {
      ask_python(asked);
    } else if (known.asks == Asks::metadata) {
      asked.tool.version = distribution_version(*path, known.name);
    } else if (known.asks != Asks::nothing) {
      const auto answer =
          run({.arguments = {path->string(), known.asks == Asks::openssl ? "version" : "--version"},
               .directory = "/",
               .limit = kLimit});
      if (answer.ok()) asked.tool.version = version_in(answer.output);
    }
    asked.tool.sha256 = hash_of(*asked.tool.path);
  } catch (const std::exception&) {
    // It is there and says nothing: its version stays NULL.
  }
  return asked;
}

// This program, whatever name it was started by.
Tool own_program() {
  Tool tool{"exitgate", EXITGATE_VERSION, std::nullopt, std::nullopt};
  std::error_code failed;
  const auto path = std::filesystem::read_symlink("/proc/self/exe", failed);
  if (failed) return tool;
  tool.path = path.string();
  // From /proc, since the file may have been replaced since it was started.
  tool.sha256 = digest::sha256_file("/proc/self/exe");
  return tool;
}

// The programs behind the gates: one line of the snapshot for all of them.
Tool own_checks(const Tool& program) {
  Tool tool{"exitgate-checks", std::nullopt, std::nullopt, std::nullopt};
  if (!program.path) return tool;
  const auto folder = checks_directory();
  std::vector<std::filesystem::path> files;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder, none)) {
    if (entry.is_regular_file(none)) files.push_back(entry.path());
  }
  if (files.empty()) return tool;
  std::sort(files.begin(), files.end());
  std::string listed;
  for (const auto& file : files) {
    listed += fmt::format("{}  {}\n", digest::sha256_file(file), file.filename().string());
  }
  tool.version = EXITGATE_VERSION;
  tool.path = folder.string();
  tool.sha256 = digest::sha256_hex(listed);
  return tool;
}

}  // namespace

std::optional<std::string> version_in(std::string_view text) {
  const std::string line(text.substr(0, text.find('\n')));
  for (const auto& word : split(line, ' ')) {
    std::string_view version = word;
    if (!version.empty() && version[0] == 'v') version.remove_prefix(1);
    const std::size_t end = std::min(version.find_first_of(",;()"), version.size());
    version = version.substr(0, end);
    if (version.empty() || version[0] < '0' || version[0] > '9') continue;
    if (version.find('.') == std::string_view::npos &&
        version.find_first_not_of("0123456789") != version.npos) {
      continue;
    }
    return std::string(version);
  }
  return std::nullopt;
}

Tools read_tools() {
  std::vector<std::future<Asked>> asking;
  asking.reserve(kTools.size());
  for (const auto& known : kTools) asking.push_back(std::async(std::launch::async, ask, std::cref(known)));
  Tools result;
  result.tools.push_back(own_program());
  result.tools.push_back(own_checks(result.tools.front()));
  for (auto& one : asking) {
    auto asked = one.get();
    result.tools.push_back(std::move(asked.tool));
    result.python_path.insert(result.python_path.end(), asked.python_path.begin(), asked.python_path.end());
  }
  return result;
}

}  // namespace exitgate::collect::environment
