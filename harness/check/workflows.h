// What several checks ask of the CI facts: which files one run of a workflow consists of, and which could not be read.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "harness/check/check.h"

namespace exitgate::check {

// Common table expressions to begin a query with; a query goes on with ", more AS (…) SELECT …" or "SELECT …".
//   call(caller, job, position, callee)   a local reusable workflow or composite action that a job or step calls;
//                                         position NULL when the job itself calls
//   run(root, file)                       every file whose steps are part of one run of the workflow `root`
//   part(root, file)                      every file that `root` includes as its own, or starts as a child pipeline, and itself
//   pull_request(file, line)              workflows that a pull request starts, with the line of the event's name
extern const std::string_view kRuns;

// An undecided finding for each workflow that could not be read, and each action file that is called: what it holds is
// unknown, so whatever is said of all workflows may be wrong. True when there is one.
bool report_unreadable_workflows(const Facts& facts, Report& report);

// Whether a step with this `if:` runs after an earlier step failed, as far as the text alone tells:
// `always()`, with or without `${{ }}`, alone or as the first part of a conjunction. `!cancelled()` is not
// enough: a job that reaches its time limit is cancelled.
bool runs_always(std::string_view condition);

// The text without `${{ }}` around it and without white space at the ends.
std::string bare_expression(std::string_view text);

// A name as an artifact action takes it: every `${{ … }}` becomes `*`, a glob over the names that it can have.
std::string name_pattern(std::string_view name);
bool has_expression(std::string_view text);

// "'a', 'b' and 2 more".
std::string shortened_list(const std::vector<std::string>& names, std::size_t most = 4);

}  // namespace exitgate::check
