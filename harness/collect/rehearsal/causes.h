// Which statement lost what.
#pragma once

#include <vector>

#include "harness/collect/rehearsal/findings.h"

namespace exitgate::collect::rehearsal {

// Fills in `statement` of each loss, as far as the statements of its phase tell: the one that dropped the object, that
// altered the column, or the only one that writes to the table.
void name_causes(std::vector<facts::rehearsal::Loss>& losses, const std::vector<Statement>& statements);

}  // namespace exitgate::collect::rehearsal
