#include "harness/git/repository.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <future>

#include "harness/base/error.h"
#include "harness/base/object_id.h"
#include "harness/base/path_text.h"
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

// Settings of the repository's own configuration (that of the clone and of the worktree) which name a program to run.
struct Hostile {
  bool promisor = false;                                      // a partial clone
  std::vector<std::string> filters;                           // names of filter drivers
  std::vector<std::pair<std::string, std::string>> settings;  // what to say instead
};

// The signature programs' standard values: an empty one would be looked up as a program of that name.
std::optional<std::string> standard_program(std::string_view key) {
  if (key == "gpg.program" || key == "gpg.openpgp.program") return "gpg";
  if (key == "gpg.ssh.program") return "ssh-keygen";
  if (key == "gpg.x509.program") return "gpgsm";
  if (key == "gpg.ssh.defaultkeycommand") return "";
  return std::nullopt;
}

// `listing`: of `git config --list --show-scope -z --name-only`: a scope and a key in turn.
Hostile hostile_settings(std::string_view listing) {
  constexpr std::string_view kFilter = "filter.";
  const auto fields = split(listing, '\0');
  Hostile found;
  for (std::size_t i = 0; i + 1 < fields.size(); i += 2) {
    const std::string& scope = fields[i];
    const std::string& key = fields[i + 1];
    if (scope != "local" && scope != "worktree") continue;
    if (key == "extensions.partialclone" || key.ends_with(".promisor")) found.promisor = true;
    if (const auto program = standard_program(key)) found.settings.emplace_back(key, *program);
    const bool runs = key.ends_with(".clean") || key.ends_with(".smudge") || key.ends_with(".process");
    if (!runs || key.rfind(kFilter, 0) != 0) continue;
    const std::string name = key.substr(kFilter.size(), key.rfind('.') - kFilter.size());
    if (std::find(found.filters.begin(), found.filters.end(), name) != found.filters.end()) continue;
    found.filters.push_back(name);
    for (const char* variable : {"clean", "smudge", "process"}) {
      found.settings.emplace_back(fmt::format("filter.{}.{}", name, variable), "");
    }
    found.settings.emplace_back(fmt::format("filter.{}.required", name), "false");
  }
  return found;
}

std::string first_line(std::string_view text) {
  return std::string(trim(text.substr(0, text.find('\n'))));
}

[[noreturn]] void cannot_open(const std::filesystem::path& path, const std::string& reason) {
  if (reason.find("dubious ownership") != std::string::npos) {
    throw UsageError(
        fmt::format("{}: git does not read this repository, because another user owns it", path.string()),
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
  // Asked beside the first question: each git takes longer to start than to answer.
  auto settings = std::async(std::launch::async, [&path] {
    return exitgate::run(
        git_command(path, {"config", "--list", "--includes", "--show-scope", "--name-only", "-z"}));
  });
  const auto answer = exitgate::run(asked);
  if (!answer.ok()) cannot_open(path, answer.error);
  // Read from the end: a folder's name may hold a newline.
  auto lines = split(answer.output, '\n');
  if (lines.size() < 4) throw Undecided(fmt::format("{}: git rev-parse gave no answer", path.string()));
  const bool inside_work_tree = lines[lines.size() - 2] == "true";
  lines.resize(lines.size() - 3);
  Repository repository;
  repository.git_directory_ = join(lines, "\n");
  if (inside_work_tree) {
    const auto top = exitgate::run(git_command(path, {"rev-parse", "--show-toplevel"}));
    if (!top.ok()) cannot_open(path, top.error);
    std::string root = top.output;
    if (!root.empty() && root.back() == '\n') root.pop_back();
    repository.work_tree_ = root;
  }
  const auto listed = settings.get();
  if (!listed.ok()) {
    throw Undecided(fmt::format("{}: git config --list: {}", path.string(),
                                listed.error.empty() ? listed.outcome() : first_line(listed.error)));
  }
  repository.switch_off(listed.output);
  return repository;
}

void Repository::switch_off(std::string_view settings) {
  Hostile hostile = hostile_settings(settings);
  filters_ = std::move(hostile.filters);
  partial_ = hostile.promisor;
  if (hostile.settings.empty()) return;
  // By the environment, because `-c` cannot name a driver with a '=' in it.
  overrides_.push_back(fmt::format("GIT_CONFIG_COUNT={}", hostile.settings.size()));
  for (std::size_t i = 0; i < hostile.settings.size(); ++i) {
    overrides_.push_back(fmt::format("GIT_CONFIG_KEY_{}={}", i, hostile.settings[i].first));
    overrides_.push_back(fmt::format("GIT_CONFIG_VALUE_{}={}", i, hostile.settings[i].second));
  }
}

Command Repository::command(std::vector<std::string> arguments) const {
  Command command = git_command(work_tree_ ? *work_tree_ : git_directory_, std::move(arguments));
  command.environment->insert(command.environment->end(), overrides_.begin(), overrides_.end());
  return command;
}

ProcessResult Repository::run(std::vector<std::string> arguments, std::chrono::milliseconds limit) const {
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
    entries.push_back({fields[0], fields[1], fields[2], path_text(line.substr(tab + 1))});
  }
  // As git gives them they are sorted, but for names that are written in another way here.
  const auto before = [](const TreeEntry& a, const TreeEntry& b) { return a.path < b.path; };
  if (!std::is_sorted(entries.begin(), entries.end(), before))
    std::sort(entries.begin(), entries.end(), before);
  return entries;
}

std::unordered_map<std::string, std::int64_t> local_blobs(const Repository& repository) {
  const std::string listing = repository.output({"cat-file", "--batch-all-objects", "--unordered",
                                                 "--batch-check=%(objectname) %(objecttype) %(objectsize)"});
  std::unordered_map<std::string, std::int64_t> blobs;
  for (const auto& line : split(listing, '\n')) {
    const auto fields = split(line, ' ');
    if (fields.size() == 3 && fields[1] == "blob") blobs.emplace(fields[0], std::stoll(fields[2]));
  }
  return blobs;
}

Objects::Objects(const Repository& repository)
    : command_(repository.command({"cat-file", "--batch"})), process_(std::make_unique<Process>(command_)) {
  if (repository.is_partial()) local_ = local_blobs(repository);
}

std::optional<Objects::Object> Objects::read(std::string_view name, std::size_t limit) {
  // The protocol is one name per line: a path with a newline in it has no name here.
  if (name.find('\n') != std::string_view::npos) return std::nullopt;
  if (!local_) return ask(name, limit);
  if (local_->contains(std::string(name))) return ask(name, limit);
  // In a partial clone git ends at an object that it may not fetch. So it may at a path; with ids it is not asked.
  if (is_object_id(name)) {
    auto kind = command_;
    kind.arguments.back() = "-t";
    kind.arguments.emplace_back(name);
    const auto told = exitgate::run(kind);
    return told.ok() ? ask(name, limit) : std::nullopt;
  }
  try {
    return ask(name, limit);
  } catch (const Undecided&) {
    process_ = std::make_unique<Process>(command_);
    return std::nullopt;
  }
}

std::optional<Objects::Object> Objects::ask(std::string_view name, std::size_t limit) {
  process_->write(fmt::format("{}\n", name));
  const std::string header = process_->read_line();
  const auto fields = split(header, ' ');
  // "<oid> <type> <size>", "<name> missing", "<name> ambiguous"
  if (fields.size() < 3 || fields.back() == "missing" || fields.back() == "ambiguous") return std::nullopt;
  const std::string& size = fields.back();
  if (size.empty() || !std::all_of(size.begin(), size.end(), [](char c) { return c >= '0' && c <= '9'; })) {
    return std::nullopt;
  }
  Object object;
  object.type = fields[fields.size() - 2];
  std::size_t left = std::stoull(size);
  const bool kept = left <= limit;
  if (kept) {
    object.content = process_->read_exactly(left);
    left = 0;
  }
  constexpr std::size_t kPiece = 1U << 16;
  for (; left > kPiece; left -= kPiece) process_->read_exactly(kPiece);
  process_->read_exactly(left + 1);  // and the newline behind each object
  return kept ? std::optional(std::move(object)) : std::nullopt;
}

std::optional<std::string> read_file_at(const Repository& repository, std::string_view commit,
                                        std::string_view path) {
  const auto listed = repository.output(
      {"--literal-pathspecs", "ls-tree", "-z", "--full-tree", std::string(commit), "--", std::string(path)});
  if (listed.empty()) return std::nullopt;
  auto object = Objects(repository).read(fmt::format("{}:{}", commit, path));
  if (!object) throw Undecided(fmt::format("{} at {}: its blob is missing from the clone", path, commit));
  if (object->type != "blob") return std::nullopt;
  return std::move(object->content);
}

}  // namespace exitgate::git
