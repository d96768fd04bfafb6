// Ends and seals a run: as the test exitgate.seal behind all others, and as CTest's post-test command, whichever comes
// first. What became of the run is kept as a note, which the second one prints. Everything that would let a run look
// better than it was ends here with an error, and so makes ctest fail.

#include <fmt/core.h>

#include <cstdlib>
#include <optional>

#include "harness/base/error.h"
#include "harness/base/output.h"
#include "harness/base/text.h"
#include "harness/cli/command.h"
#include "harness/cli/options.h"
#include "harness/gate/ctest.h"
#include "harness/marks/mark.h"
#include "harness/marks/note.h"
#include "harness/marks/owner.h"
#include "harness/redact/redactor.h"
#include "harness/report/report.h"
#include "harness/stages/finishing.h"
#include "harness/stages/sealing.h"
#include "harness/stages/target.h"

namespace exitgate::cli {

namespace {

// What exitgate.begin said when it failed.
std::string reason_of(const record::RunDirectory& run, const marks::Mark& begin) {
  constexpr std::string_view kPrefix = "exitgate: ";  // of every message of the program
  if (const auto fault = begin.fault_text(); !fault.empty()) return fmt::format("{} {}", gate::kBegin, fault);
  const auto output = marks::output_of(run, begin);
  const auto reason = trim(output);
  return std::string(reason.starts_with(kPrefix) ? reason.substr(kPrefix.size()) : reason);
}

marks::Note finish(const record::RunDirectory& run, const marks::Mark& begin, const std::string& archives) {
  if (!begin.ended || begin.failed) {
    return {static_cast<int>(Exit::usage), static_cast<int>(Exit::undecided), "", reason_of(run, begin),
            "nothing was evaluated and nothing is sealed"};
  }
  const char* key = std::getenv(stages::kKeyVariable);
  const auto finished = stages::finish_run(run, archives, key != nullptr ? key : "");
  auto redactor = redact::Redactor::from_environment();
  redactor.add_url(stages::database_url());
  marks::Note note;
  note.summary = redactor.redact(
      report::render_summary(report::load_run(run.root), {.archive = finished.archive.string()}));
  if (!finished.unsealed.empty()) {
    note.message = redactor.redact(fmt::format("nothing is sealed: {}", finished.unsealed));
    note.exit_code = static_cast<int>(Exit::undecided);
    note.run_exit = note.exit_code;
    return note;
  }
  if (!finished.without_verdict.empty())
    note.message =
        fmt::format("{} left no verdict", count_of(finished.without_verdict.size(), "selected gate"));
  note.run_exit = static_cast<int>(exit_of(finished.outcome, finished.accepts_partial));
  // ctest fails by itself where a gate of its own failed.
  note.exit_code = finished.is_red_to_ctest ? 0 : note.run_exit;
  return note;
}

marks::Note undecided(const std::string& message, const std::string& hint = "") {
  return {static_cast<int>(Exit::undecided), static_cast<int>(Exit::undecided), "", message, hint};
}

// Ends the owner's run and leaves the note on it. In a child process: whatever happens there, there is a note.
marks::Note end_run(const record::RunDirectory& run, const marks::Owner& owner, const marks::Mark& begin,
                    const std::string& archives) {
  const auto end_with = [&](const marks::Note& note) {
    marks::write_note(run, owner.process, note);
    marks::set_sealed(run, owner);
  };
  const auto mark = marks::run_marked(
      run, {gate::kSeal, "", gate::kSealTimeout},
      [&](const marks::Mark&) {
        try {
          end_with(finish(run, begin, archives));
        } catch (const Error& error) {
          end_with(undecided(error.what(), error.hint()));
        } catch (const std::exception& error) {
          end_with(undecided(fmt::format("internal fault: {}", error.what())));
        }
        return 0;
      },
      [](marks::Mark& ended) { ended.failed = ended.exit_code != 0; });
  if (!mark.fault.empty())
    end_with(undecided(fmt::format("nothing is sealed: {} {}", gate::kSeal, mark.fault)));
  return marks::read_note(run, owner.process)
      .value_or(undecided("nothing is sealed: the run's end left no note"));
}

// The note on the run of this ctest; nullopt when it has begun none.
std::optional<marks::Note> note_on_own_run(const record::RunDirectory& run, const std::string& archives) {
  if (auto note = marks::read_note(run, marks::parent_process())) return note;
  const auto owner = marks::owner_of(run);
  if (!owner || !marks::is_ancestor(owner->process)) return std::nullopt;
  if (auto note = marks::read_note(run, owner->process)) return note;
  if (owner->sealed) return std::nullopt;
  // Once a run: an end that was killed is not tried again.
  const auto ends = marks::read_marks(run, gate::kSeal);
  if (!ends.empty())
    return undecided(fmt::format("nothing is sealed: {} {}", gate::kSeal, ends.back().fault_text()));
  const auto marks = marks::read_marks(run, gate::kBegin);
  const auto* const begin = marks::last_attempt(marks, gate::kBegin);
  if (begin == nullptr) return std::nullopt;
  return end_run(run, *owner, *begin, archives);
}

}  // namespace

int run_finish(int argc, char** argv) {
  std::string root;
  std::string archives;
  bool as_test = false;
  Options app("Completes and seals a run.", "exitgate finish");
  app.add("--run", root, "run directory").required();
  app.add("--archives", archives, "folder for the archive").required();
  app.add_flag("--test", as_test,
               "as the test exitgate.seal: it is an error that this ctest has begun no run");
  if (const auto ended = app.parse(argc, argv)) return *ended;
  marks::end_with_parent();
  const auto note = note_on_own_run(record::RunDirectory{root}, archives);
  if (!note) {
    // `ctest -N` and an empty selection have a post-test command too, but no run.
    if (!as_test) return 0;
    throw Undecided("this ctest has begun no run: nothing is sealed",
                    "do not leave out exitgate.begin (-FS, -FA)");
  }
  say_in_color(note->summary);
  if (!note->message.empty()) say_problem(note->message, note->hint);
  return note->exit_code;
}

}  // namespace exitgate::cli
