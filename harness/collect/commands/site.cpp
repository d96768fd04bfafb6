#include "harness/collect/commands/site.h"

#include <fmt/core.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>

#include "harness/base/error.h"
#include "harness/base/file.h"
#include "harness/base/process.h"
#include "harness/sandbox/entry.h"

namespace exitgate::collect::commands {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

// The temporary folder's real name: a sandbox shows a folder by it.
fs::path private_folder() {
  const char* const given = std::getenv("TMPDIR");
  std::string name =
      fmt::format("{}/exitgate-commands-XXXXXX", given != nullptr && *given == '/' ? given : "/tmp");
  if (::mkdtemp(name.data()) == nullptr)
    throw Undecided(fmt::format("cannot make a folder for the commands: {}: {}", name, std::strerror(errno)),
                    "set TMPDIR to a folder with room that can be written to");
  return fs::canonical(name);
}

std::vector<std::string> environment_in(const fs::path& home, const fs::path& temporary) {
  const char* const path = std::getenv("PATH");
  return {fmt::format("PATH={}", path == nullptr ? "/usr/local/bin:/usr/bin:/bin" : path),
          fmt::format("HOME={}", home.string()),
          fmt::format("TMPDIR={}", temporary.string()),
          "LANG=C.UTF-8",
          "TZ=UTC",
          "PYTHONDONTWRITEBYTECODE=1",
          "PYTHONUNBUFFERED=1"};
}

// Why the sandbox ended it, and what to write; "" when it did not.
std::string outcome_of_sandbox(const sandbox::Entry& entry, const GateCommand& command) {
  switch (entry.ending()) {
    case sandbox::Ending::memory:
      return fmt::format(
          "ended: its processes took more than {} MB of memory together (`memory: {}` allows more)",
          command.memory_mb, 2 * command.memory_mb);
    case sandbox::Ending::disk:
      return fmt::format("ended: its processes filled more than {} MB of disk (`disk: {}` allows more)",
                         command.disk_mb, 2 * command.disk_mb);
    case sandbox::Ending::processes:
      return fmt::format("ended: its processes were more than {} at a time", sandbox::kMostProcesses);
    case sandbox::Ending::setup:
      return fmt::format("not run: its sandbox could not be set up: {}", entry.setup_problem());
    case sandbox::Ending::none:
      break;
  }
  return "";
}

}  // namespace

Site::Site(const Checkout& checkout) : folder_(private_folder()) {
  // From here on the supervisor answers for the folder. There is no server for it to start.
  supervisor_ = std::make_unique<database::Supervisor>(
      folder_, database::Supervisor::Server{{}, {}, folder_ / "log", std::nullopt, nullptr});
  make_directories(folder_ / "commit");
  left_out_ = schema::export_commit(checkout, {folder_ / "commit"});
}

Site::~Site() = default;

fs::path Site::make_tree(bool last) {
  const fs::path own = folder_ / std::to_string(++number_);
  make_directories(own / "home");
  make_directories(own / "tmp");
  std::error_code failed;
  if (last) {
    fs::rename(folder_ / "commit", own / "tree", failed);
  } else {
    fs::copy(folder_ / "commit", own / "tree", fs::copy_options::recursive | fs::copy_options::copy_symlinks,
             failed);
  }
  if (failed)
    throw Undecided(fmt::format("cannot copy the commit's files: {}", failed.message()),
                    "is there room in the temporary folder?");
  return own / "tree";
}

Ran Site::run(const GateCommand& asked, const fs::path& tree, Output& output) {
  Ran ran;
  const auto started = Clock::now();
  const fs::path own = tree.parent_path();
  const auto end = [&] {
    ran.milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - started).count();
    std::error_code ignored;
    fs::remove_all(own, ignored);
    return ran;
  };
  const fs::path directory = (tree / asked.directory).lexically_normal();
  // A link of the commit may lead anywhere.
  std::error_code failed;
  const fs::path real = fs::canonical(directory, failed);
  const fs::path within = failed ? fs::path() : real.lexically_relative(tree);
  if (within.empty() || *within.begin() == ".." || !fs::is_directory(real, failed)) {
    ran.outcome = fmt::format("not run: the commit has no folder '{}'", asked.directory);
    return end();
  }
  Command command;
  command.arguments = {"/bin/sh", "-e", "-c", asked.run};
  command.directory = directory;
  command.environment = environment_in(own / "home", own / "tmp");
  command.limit = std::chrono::seconds(asked.timeout_seconds);
  command.on_output = [&](std::string_view piece) { output.take(Output::Stream::output, piece); };
  command.on_error = [&](std::string_view piece) { output.take(Output::Stream::error, piece); };
  pid_t group = 0;
  command.on_start = [&](pid_t begun) {
    group = begun;
    supervisor_->adopt(begun);
  };
  try {
    const auto& allowed = sandbox::containment();
    const sandbox::Namespaces namespaces(allowed, !asked.network, std::nullopt);
    sandbox::Room room;
    room.sight.folder = folder_;
    room.sight.writable = {own};
    room.measured = {own};
    room.memory_mb = asked.memory_mb;
    room.disk_mb = asked.disk_mb;
    const sandbox::Entry entry(allowed, namespaces, room);
    command.before_exec = [&] { entry.enter(); };
    const ProcessResult finished = exitgate::run(command);
    ran.outcome = finished.outcome();
    if (!finished.timed_out && finished.signal == 0) ran.exit_code = finished.exit_code;
    if (const auto ended = outcome_of_sandbox(entry, asked); !ended.empty()) {
      ran.exit_code = std::nullopt;
      ran.outcome = ended;
    }
  } catch (const Undecided& problem) {
    ran.outcome = fmt::format("not run: {}", problem.what());
  }
  if (group != 0) supervisor_->release(group);
  output.finish();
  return end();
}

}  // namespace exitgate::collect::commands
