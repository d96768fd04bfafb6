#include "harness/git/repository.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "harness/base/error.h"
#include "harness/base/text.h"

namespace exitgate::git {

namespace {

// Our own environment without the variables that would point git elsewhere, and with everything off that
// could write, fetch, ask or run a program of the repository's choosing.
std::vector<std::string> safe_environment() {
  std::vector<std::string> result;
  for (char** entry = ::environ; *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    if (text.rfind("GIT_", 0) == 0 && text.rfind("GIT_CONFIG_GLOBAL=", 0) != 0 &&
        text.rfind("GIT_CONFIG_SYSTEM=", 0) != 0) {
      continue;
    }
    if (text.rfind("LC_ALL=", 0) == 0 || text.rfind("LANGUAGE=", 0) == 0) continue;
    result.emplace_back(text);
  }
  result.insert(result.end(), {"GIT_OPTIONAL_LOCKS=0", "GIT_NO_LAZY_FETCH=1", "GIT_TERMINAL_PROMPT=0",
                               "GIT_NO_REPLACE_OBJECTS=1", "GIT_PAGER=cat", "LC_ALL=C.UTF-8"});
  return result;
}

const std::vector<std::string>& safe_settings() {
  static const std::vector<std::string> settings = {"--no-pager",
                                                    "-c",
                                                    "core.fsmonitor=false",
                                                    "-c",
                                                    "core.hooksPath=/dev/null",
                                                    "-c",
                                                    "core.quotePath=false",
                                                    "-c",
                                                    "core.untrackedCache=false",
                                                    "-c",
                                                    "core.sshCommand=false",
                                                    "-c",
                                                    "protocol.allow=never",
                                                    "-c",
                                                    "diff.external=",
                                                    "-c",
                                                    "core.attributesFile=/dev/null"};
  return settings;
}

Command git_command(const std::filesystem::path& directory, std::vector<std::string> arguments) {
  Command command;
  command.arguments = {"git", "-C", directory.string()};
  command.arguments.insert(command.arguments.end(), safe_settings().begin(), safe_settings().end());
  command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
  command.environment = safe_environment();
  return command;
}

std::string first_line(std::string_view text) {
  return std::string(trim(text.substr(0, text.find('\n'))));
}

[[noreturn]] void refuse(const std::filesystem::path& path, const std::string& reason) {
  if (reason.find("dubious ownership") != std::string::npos) {
    throw UsageError(
        fmt::format("{}: git refuses this repository, because another user owns it", path.string()),
        fmt::format("git config --global --add safe.directory {}",
                    std::filesystem::absolute(path).lexically_normal().string()));
  }
  throw UsageError(fmt::format("{} is not a git repository: {}", path.string(), first_line(reason)),
                   "give --repo a work tree, a worktree or a bare git directory");
}

}  // namespace

Repository Repository::open(const std::filesystem::path& path) {
  if (!std::filesystem::exists(path)) {
    throw UsageError(fmt::format("{}: no such folder", path.string()),
                     "give --repo a work tree, a worktree or a bare git directory");
  }
  if (!std::filesystem::is_directory(path)) {
    throw UsageError(fmt::format("{} is not a folder", path.string()),
                     "give --repo a work tree, a worktree or a bare git directory");
  }
  auto asked =
      git_command(path, {"rev-parse", "--absolute-git-dir", "--is-bare-repository", "--is-inside-work-tree"});
  asked.limit = std::chrono::seconds(30);
  const auto answer = exitgate::run(asked);
  if (!answer.ok()) refuse(path, answer.error);
  const auto lines = split(answer.output, '\n');
  if (lines.size() < 3) throw Undecided(fmt::format("{}: git rev-parse gave no answer", path.string()));
  Repository repository;
  repository.git_directory_ = lines[0];
  if (lines[2] == "true") {
    const auto top = exitgate::run(git_command(path, {"rev-parse", "--show-toplevel"}));
    if (!top.ok()) refuse(path, top.error);
    repository.work_tree_ = std::string(trim(top.output));
  }
  return repository;
}

Command Repository::command(std::vector<std::string> arguments) const {
  return git_command(work_tree_ ? *work_tree_ : git_directory_, std::move(arguments));
}

Finished Repository::run(std::vector<std::string> arguments, std::chrono::milliseconds limit) const {
  auto wanted = command(std::move(arguments));
  wanted.limit = limit;
  return exitgate::run(wanted);
}

std::string Repository::output(std::vector<std::string> arguments) const {
  const std::string shown = fmt::format("git {}", join(arguments, " "));
  auto finished = run(std::move(arguments));
  if (!finished.ok()) {
    throw Undecided(fmt::format("{}: {}: {}", git_directory_.string(), shown,
                                finished.error.empty() ? finished.outcome() : first_line(finished.error)));
  }
  return std::move(finished.output);
}

std::string Repository::resolve_commit(std::string_view revision) const {
  const auto found =
      run({"rev-parse", "--verify", "--quiet", "--end-of-options", fmt::format("{}^{{commit}}", revision)});
  if (found.ok()) return std::string(trim(found.output));
  const std::string where = (work_tree_ ? *work_tree_ : git_directory_).string();
  if (!run({"rev-parse", "--verify", "--quiet", "HEAD"}).ok() && revision == "HEAD") {
    throw UsageError(fmt::format("{}: the repository has no commit yet", where), "commit something first");
  }
  const bool shallow = trim(run({"rev-parse", "--is-shallow-repository"}).output) == "true";
  throw UsageError(fmt::format("{}: unknown commit '{}'", where, revision),
                   shallow ? "the clone is shallow: git fetch --unshallow, or fetch that commit"
                           : "give a commit id, branch or tag that `git rev-parse` knows");
}

std::vector<TreeEntry> Repository::tree(std::string_view commit) const {
  const std::string listing = output({"ls-tree", "-r", "-z", "--full-tree", std::string(commit)});
  std::vector<TreeEntry> entries;
  std::string_view rest = listing;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\0');
    const std::string_view line = rest.substr(0, end);
    rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
    const std::size_t tab = line.find('\t');
    const auto fields = split(line.substr(0, tab), ' ');
    if (tab == std::string_view::npos || fields.size() != 3) {
      throw Undecided(fmt::format("git ls-tree gave an entry of another form: '{}'", valid_utf8(line)));
    }
    entries.push_back({fields[0], fields[1], fields[2], std::string(line.substr(tab + 1))});
  }
  std::sort(entries.begin(), entries.end(),
            [](const TreeEntry& a, const TreeEntry& b) { return a.path < b.path; });
  return entries;
}

Objects::Objects(const Repository& repository) : process_(repository.command({"cat-file", "--batch"})) {}

std::optional<Objects::Object> Objects::read(std::string_view name) {
  // The protocol is one name per line: a path with a newline in it has no name here.
  if (name.find('\n') != std::string_view::npos) return std::nullopt;
  process_.write(fmt::format("{}\n", name));
  const std::string header = process_.read_line();
  const auto fields = split(header, ' ');
  // "<oid> <type> <size>", "<name> missing", "<name> ambiguous"
  if (fields.size() < 3 || fields.back() == "missing" || fields.back() == "ambiguous") return std::nullopt;
  const std::string& size = fields.back();
  if (size.empty() || !std::all_of(size.begin(), size.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  Object object;
  object.type = fields[fields.size() - 2];
  object.content = process_.read_exactly(std::stoull(size));
  process_.read_exactly(1);
  return object;
}

std::optional<std::string> read_file_at(const Repository& repository, std::string_view commit,
                                        std::string_view path) {
  const auto listed =
      repository.output({"ls-tree", "-z", "--full-tree", std::string(commit), "--", std::string(path)});
  if (listed.empty()) return std::nullopt;
  auto object = Objects(repository).read(fmt::format("{}:{}", commit, path));
  if (!object) throw Undecided(fmt::format("{} at {}: its blob is missing from the clone", path, commit));
  if (object->type != "blob") return std::nullopt;
  return std::move(object->content);
}

}  // namespace exitgate::git
