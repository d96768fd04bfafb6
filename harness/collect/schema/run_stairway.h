// The stairway, when the configuration asks for it: on one server, or in two halves on two.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "harness/collect/schema/collect.h"
#include "harness/collect/schema/findings.h"

namespace exitgate::collect::schema {

// Whether one command leads from the empty database to each stair by way of all before it: then a second server can begin
// in the middle. The history is a line without branches, and the commands are those of a tool that we know.
bool can_begin_in_the_middle(const config::Database& declared, const Environment& history,
                             const std::vector<Stair>& stairs);

// Each revision up, down and up again, in servers of its own. The upper half is walked beside the lower one, and counts
// only when the lower half has left the very state that it began with; else it is walked again behind that one, so that
// the result is that of one walk. Fills in `stairway` and the number of `revisions` that there are to walk, or `problem`.
// Throws nothing.
void run_stairway(const DatabaseStage& stage, const database::ServerPrograms& programs,
                  const config::Database& declared, const std::vector<Environment>& histories,
                  const std::filesystem::path& log, std::vector<StairResult>& stairway,
                  std::size_t& revisions, std::optional<Problem>& problem);

}  // namespace exitgate::collect::schema
