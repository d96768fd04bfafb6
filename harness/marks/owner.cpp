#include "harness/marks/owner.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "harness/base/file.h"
#include "harness/base/time.h"
#include "harness/json/json.h"
#include "harness/marks/note.h"

namespace exitgate::marks {

namespace {

// Held while the owner is looked up and changed, never longer.
class Lock {
 public:
  explicit Lock(const record::RunDirectory& run) {
    make_directories(run.control());
    const auto path = run.control() / "lock";
    file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
    int locked = -1;
    while (file_ >= 0 && (locked = ::flock(file_, LOCK_EX)) != 0 && errno == EINTR) {
    }
    if (file_ < 0 || locked != 0)
      throw Undecided(fmt::format("cannot lock {}: {}", path.string(), std::strerror(errno)));
  }
  Lock(const Lock&) = delete;
  Lock& operator=(const Lock&) = delete;
  ~Lock() { ::close(file_); }

 private:
  int file_ = -1;
};

std::filesystem::path owner_file(const record::RunDirectory& run) {
  return run.control() / "owner.json";
}

void write_owner(const record::RunDirectory& run, const Owner& owner) {
  write_file(owner_file(run), Json{{"process", owner.process.name()},
                                   {"program", owner.program},
                                   {"since", owner.since},
                                   {"sealed", owner.sealed}}
                                      .dump(2) +
                                  "\n");
}

}  // namespace

std::optional<Owner> owner_of(const record::RunDirectory& run) {
  if (!std::filesystem::exists(owner_file(run))) return std::nullopt;
  const auto json = Json::try_parse(read_file(owner_file(run))).value_or(Json::object());
  const auto process = process_named(json.text_or("process"));
  if (!process) return std::nullopt;  // not written by us: nobody's
  return Owner{*process, json.text_or("program"), json.text_or("since"), json.boolean_or("sealed", false)};
}

Owner claim(const record::RunDirectory& run, const ProcessId& process) {
  const Lock lock(run);
  Owner owner{process, program_of(process), utc_now(), false};
  if (const auto before = owner_of(run)) {
    if (is_ancestor(before->process)) {
      owner.process = before->process;
      owner.program = before->program;
    } else if (!before->sealed && before->process != process && is_alive(before->process)) {
      throw Occupied(fmt::format("another {} (pid {}, since {}) runs in this folder, {}", before->program,
                                 before->process.pid, before->since, run.root.string()),
                     "wait for it, or use another build folder (for `exitgate run`, another --out)");
    }
  }
  std::error_code failed;
  std::filesystem::remove_all(run.marks(), failed);
  if (failed) throw Undecided(fmt::format("cannot remove {}: {}", run.marks().string(), failed.message()));
  remove_notes_of_the_dead(run);
  remove_note(run, owner.process);
  write_owner(run, owner);
  return owner;
}

Owner require_own_run(const record::RunDirectory& run) {
  constexpr const char* kHint =
      "start it with ctest or `exitgate run`, without -FS and -FA; `exitgate verify --replay` evaluates a "
      "sealed "
      "run again";
  const auto owner = owner_of(run);
  if (!owner)
    throw Undecided(fmt::format("no run has begun in {}: nothing is evaluated", run.root.string()), kHint);
  if (!is_ancestor(owner->process)) {
    throw Undecided(
        fmt::format("the run in {} was begun by another {} (pid {}, {}), and not by the one that started "
                    "this: nothing is evaluated",
                    run.root.string(), owner->program, owner->process.pid, owner->since),
        kHint);
  }
  if (owner->sealed) {
    throw Undecided(fmt::format("the run in {} has ended and no other has begun: nothing is evaluated",
                                run.root.string()),
                    kHint);
  }
  return *owner;
}

void set_sealed(const record::RunDirectory& run, Owner owner) {
  const Lock lock(run);
  owner.sealed = true;
  write_owner(run, owner);
}

}  // namespace exitgate::marks
