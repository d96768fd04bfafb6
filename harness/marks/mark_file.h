// Writing a mark, for run_marked() alone.
#pragma once

#include "harness/marks/mark.h"

namespace exitgate::marks {

// Each throws Undecided when it cannot be written.
Mark begin_mark(const record::RunDirectory& run, const Task& task);  // the next attempt
void end_mark(const record::RunDirectory& run, const Mark& mark);
int open_output(const record::RunDirectory& run, const Mark& mark);  // a file descriptor to write to

}  // namespace exitgate::marks
