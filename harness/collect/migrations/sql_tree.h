// What PostgreSQL's parser says of a statement, out of the JSON that libpg_query writes.
#pragma once

#include <vector>

#include "harness/collect/migrations/statement.h"
#include "harness/json/json.h"

namespace exitgate::collect {

// Kind, object, relation and columns of each; the rest is for the caller to fill in.
std::vector<Statement> destructive_statements(const Json& tree);
std::vector<CreatedObject> created_objects(const Json& tree);

}  // namespace exitgate::collect
