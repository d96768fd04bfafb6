// What a JavaScript or TypeScript migration takes away on its way up: of Knex, TypeORM, Sequelize, MikroORM, Kysely and
// node-pg-migrate.
//
// The function `up` is parsed, not run. SQL that stands in it as a literal is read as SQL, and the calls of these tools' builders
// are decided by their names; every other call is undecided, never harmless.
#pragma once

#include <string_view>
#include <vector>

#include "harness/collect/migrations/statement.h"

namespace exitgate::collect {

std::vector<Statement> script_statements(std::string_view text);

}  // namespace exitgate::collect
