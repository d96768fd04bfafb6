// What became of one ctest's run, for its own post-test command and for `exitgate run`: by then the run directory may
// belong to another run. Kept in RUN/.exitgate/notes/, by the process whose run it is, until that process has gone.
#pragma once

#include <optional>
#include <string>

#include "harness/base/error.h"
#include "harness/marks/process_id.h"
#include "harness/record/run_directory.h"

namespace exitgate::marks {

struct Note {
  int exit_code = 0;    // of the post-test command
  int run_exit = 0;     // of `exitgate run`: it tells a red gate from one that could not be decided
  std::string summary;  // what the run amounts to, as people read it; "" when nothing was evaluated
  std::string message;  // what went wrong; "" for nothing
  std::string hint;
};

void write_note(const record::RunDirectory& run, const ProcessId& process, const Note& note);
std::optional<Note> read_note(const record::RunDirectory& run, const ProcessId& process);
// That this ctest's test could not be a part of a run, unless there is a note already.
void note_for_parent(const record::RunDirectory& run, const Error& error);
void remove_note(const record::RunDirectory& run, const ProcessId& process);
void remove_notes_of_the_dead(const record::RunDirectory& run);

}  // namespace exitgate::marks
