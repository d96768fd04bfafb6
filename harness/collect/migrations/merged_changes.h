// Migrations that the base branch has and that the commit has otherwise, has no more, or puts another one before.
#pragma once

#include <vector>

#include "harness/collect/checkout.h"
#include "harness/collect/migrations/environment.h"
#include "harness/collect/migrations/source.h"
#include "harness/collect/migrations/statements.h"
#include "harness/facts/tables/migrations.h"

namespace exitgate::collect {

// The histories of a commit, by what its files are.
std::vector<Environment> read_histories(Source& source);

// In the order of the base's histories. The base's own tree is read only when a file that may be a migration there is
// another one or gone, or when a new migration comes before an old one: else there is nothing to be found.
std::vector<facts::migrations::MergedChange> merged_changes(const Checkout& checkout, Source& source,
                                                            const std::vector<Environment>& histories,
                                                            BaseComparison& base);

}  // namespace exitgate::collect
