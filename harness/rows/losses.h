// What of the contents of a database is not there any more.
#pragma once

#include <vector>

#include "harness/collect/schema/compare.h"
#include "harness/facts/tables/rehearsal.h"
#include "harness/rows/contents.h"

namespace exitgate::rows {

using facts::rehearsal::Loss;
using facts::rehearsal::LossKind;
using facts::rehearsal::Phase;

// As rehearsal.loss has it, but for the statement, and for what has no rows. Tables are the same by OID, columns by number,
// rows by their key, and where there is none by their values. `count` and `total` are of rows or of values that were not
// NULL. What is found elsewhere afterwards is listed with `kept_in`. Sorted by relation, kind and name.
std::vector<Loss> losses(const Contents& before, const Contents& after, Phase phase = Phase::upgrade);

// Those of kind 'object': what enforced, protected or offered something and does so no more. `differences` are those of the
// schema before against after. What came back under another name with the same definition is not lost. Parts of a table or
// column that is gone are not listed beside it.
std::vector<Loss> object_losses(const std::vector<collect::schema::Difference>& differences,
                                Phase phase = Phase::upgrade);

}  // namespace exitgate::rows
