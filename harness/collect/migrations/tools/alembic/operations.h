// What is known of the operations of alembic.op and of the packages that revisions import.
#pragma once

#include <string_view>

namespace exitgate::collect {

// An operation of alembic.op that takes nothing away, whatever its arguments are. drop_index: an index holds no data.
bool makes_only(std::string_view operation);

// A package of which it is not known that its functions run no statements of their own.
bool is_foreign(std::string_view package);

}  // namespace exitgate::collect
