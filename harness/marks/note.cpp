#include "harness/marks/note.h"

#include <vector>

#include "harness/base/file.h"
#include "harness/json/json.h"

namespace exitgate::marks {

namespace {

std::filesystem::path note_file(const record::RunDirectory& run, const ProcessId& process) {
  return run.control() / "notes" / (process.name() + ".json");
}

}  // namespace

void write_note(const record::RunDirectory& run, const ProcessId& process, const Note& note) {
  write_file(note_file(run, process), Json{{"exit_code", note.exit_code},
                                           {"run_exit", note.run_exit},
                                           {"summary", note.summary},
                                           {"message", note.message},
                                           {"hint", note.hint}}
                                              .dump(2) +
                                          "\n");
}

std::optional<Note> read_note(const record::RunDirectory& run, const ProcessId& process) {
  const auto file = note_file(run, process);
  if (!std::filesystem::exists(file)) return std::nullopt;
  const auto json = Json::try_parse(read_file(file)).value_or(Json::object());
  constexpr int kUndecided = 3;  // a note that cannot be read says nothing good
  return Note{static_cast<int>(json.integer_or("exit_code", kUndecided)),
              static_cast<int>(json.integer_or("run_exit", kUndecided)), json.text_or("summary"),
              json.text_or("message"), json.text_or("hint")};
}

void note_for_parent(const record::RunDirectory& run, const Error& error) {
  const auto parent = parent_process();
  if (read_note(run, parent)) return;
  const int exit = static_cast<int>(error.exit());
  try {
    write_note(run, parent, {exit, exit, "", error.what(), error.hint()});
  } catch (const Error&) {
    // The test fails with the message by itself; the note only repeats it at the end.
  }
}

void remove_note(const record::RunDirectory& run, const ProcessId& process) {
  std::error_code ignored;
  std::filesystem::remove(note_file(run, process), ignored);
}

void remove_notes_of_the_dead(const record::RunDirectory& run) {
  std::error_code none;
  std::vector<std::filesystem::path> dead;
  for (std::filesystem::directory_iterator at(run.control() / "notes", none), end; !none && at != end;
       at.increment(none)) {
    const auto process = process_named(at->path().stem().string());
    if (process && !is_alive(*process)) dead.push_back(at->path());
  }
  for (const auto& path : dead) std::filesystem::remove(path, none);
}

}  // namespace exitgate::marks
