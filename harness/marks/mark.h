// Marks: what each stage and each check of a run leaves when it begins and when it ends. Begin, selection, end and the
// log of a run are decided from them, and from nothing that CTest keeps for itself.
//
//   RUN/.exitgate/marks/EG-CG1.retention.1.json    test, attempt, process, begin, time limit, and at its end: end, exit code
//   RUN/.exitgate/marks/EG-CG1.retention.1.out     what it printed, standard output and error as they came
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/record/run_directory.h"

namespace exitgate::marks {

struct Mark {
  std::string test;           // "exitgate.collect", "EG-CG1.retention"
  std::string run;            // the run's id; "" of exitgate.begin, which decides it
  int attempt = 1;            // counts from 1: `ctest --repeat`
  int timeout_seconds = 0;    // 0: none
  std::string began_at;       // ISO 8601 UTC
  std::int64_t began_ns = 0;  // since 1970, for the order of running
  bool ended = false;         // false: it goes on, or was killed together with what watched over it
  std::int64_t duration_ms = 0;
  int exit_code = 0;    // that CTest saw
  bool failed = false;  // a stage that did not reach its end, a check that left no verdict of its own
  // "was killed by signal 11 (Segmentation fault)", "timed out after 120 s"; "" when it ended by itself.
  std::string fault;

  // The fault, also of one that did not end; "" for none.
  std::string fault_text() const;
};

struct Task {
  std::string test;
  std::string run;
  int timeout_seconds = 0;  // when it has passed, the work is killed
};

// Does `work` in a child process under a mark, passing on what it prints, and gives the ended mark. `at_end` may set
// `exit_code` and `failed` before the mark is written; it is given an exit code of 3 where the work was killed.
Mark run_marked(const record::RunDirectory& run, const Task& task,
                const std::function<int(const Mark&)>& work, const std::function<void(Mark&)>& at_end);

// From now on this process, and with it the work, is killed when the process that started it goes: what a killed ctest
// leaves behind must not write into the next run. To be called before require_own_run().
void end_with_parent();

// Every mark, in the order of running. One that cannot be read has begun and not ended.
std::vector<Mark> read_marks(const record::RunDirectory& run);
std::vector<Mark> read_marks(const record::RunDirectory& run, const std::string& test);  // of one test

// The last attempt of a test; nullptr when it did not begin.
const Mark* last_attempt(const std::vector<Mark>& marks, const std::string& test);

// The tests that the owner's ctest was told to run, where that is known beforehand: under `exitgate run`. Kept for this
// owner alone, until another one claims the directory.
void expect_tests(const record::RunDirectory& run, const std::vector<std::string>& tests);
std::vector<std::string> expected_tests(const record::RunDirectory& run);

// What a test printed; "" for nothing.
std::string output_of(const record::RunDirectory& run, const Mark& mark);

// The first line of a message of ours in an output, with the hint below it: "exitgate: no PostgreSQL server is installed"
// and "  > apt-get install postgresql" become "no PostgreSQL server is installed (apt-get install postgresql)".
std::string message_in(std::string_view output);

// Why a stage that others need cannot be relied on: "exitgate.collect failed: …", "exitgate.collect did not run …"; ""
// when it succeeded.
std::string problem_of_stage(const record::RunDirectory& run, const std::vector<Mark>& marks,
                             const std::string& stage);
// The same of the first of several stages that cannot be relied on, from the marks that are there now.
std::string problem_of_stages(const record::RunDirectory& run, const std::vector<std::string>& stages);

}  // namespace exitgate::marks
