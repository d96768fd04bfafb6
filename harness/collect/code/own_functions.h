// Calls of `data_utils.create_all()` that are the project's own function, not SQLAlchemy's method.
#pragma once

#include <vector>

#include "harness/collect/checkout.h"
#include "harness/collect/code/facts.h"

namespace exitgate::collect::code {

// Takes those schema calls out whose module is imported from the repository itself and defines the name as a
// plain function: whatever makes tables in there shows at its own line. What cannot be found out stays.
void leave_out_own_functions(const Checkout& checkout, const std::vector<const git::TreeEntry*>& files,
                             std::vector<FileFacts>& results);

}  // namespace exitgate::collect::code
