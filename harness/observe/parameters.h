// Small parts of what the server logs of a statement.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace exitgate::observe {

// Of "parameters: $1 = 'it''s', $2 = NULL" ("Parameters:" since PostgreSQL 16).
std::vector<std::optional<std::string>> parameters_of(std::string_view detail);

// Of "prepare: PREPARE p (int) AS SELECT 1": the statement that was prepared; "" for another detail.
std::string prepared_of(std::string_view detail);

// Of "SAVEPOINT name" and "ROLLBACK TO SAVEPOINT name": the name as it is written; "" for a plain ROLLBACK.
std::string savepoint_of(std::string_view statement);

}  // namespace exitgate::observe
